-- The audit of every operation on protected text: append-only, and chained by hash in 16 shards.
-- docs/adr/0005 says why it is sharded and how a cut tail shows.

CREATE TABLE phi_audit_log (
    id            uuid        PRIMARY KEY,
    shard         smallint    NOT NULL,
    position      bigint      NOT NULL,
    occurred_at   timestamptz NOT NULL,
    recorded_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    tenant        text        NOT NULL,
    actor         text        NOT NULL,
    operation     text        NOT NULL,
    outcome       text        NOT NULL,
    entity_counts jsonb       NOT NULL,
    input_hmac    bytea       NOT NULL,
    duration_ms   integer     NOT NULL CHECK (duration_ms >= 0),
    model         text        NOT NULL,
    request_id    text        NOT NULL,
    previous_hash bytea       NOT NULL,
    row_hash      bytea       NOT NULL,
    CONSTRAINT phi_audit_log_chain UNIQUE (shard, position)
);

CREATE TABLE phi_audit_head (
    shard     smallint PRIMARY KEY,
    row_count bigint   NOT NULL,
    row_hash  bytea    NOT NULL
);

INSERT INTO phi_audit_head (shard, row_count, row_hash)
SELECT shard, 0, decode(repeat('00', 32), 'hex')
FROM generate_series(0, 15) AS shard;

-- What is hashed: each value as text behind its length in bytes, so that no two rows share a form.
-- hntai.domain.audit.chain_hash computes the same, independently.
CREATE FUNCTION phi_audit_canonical(VARIADIC parts text[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT string_agg(octet_length(convert_to(part, 'UTF8')) || ':' || part, '' ORDER BY place)
    FROM unnest(parts) WITH ORDINALITY AS listed (part, place);
$$;

CREATE FUNCTION phi_audit_instant(at timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
$$;

-- Makes the link inside the insert. The shard's head row is the lock: writers of one shard follow each
-- other, writers of different shards do not meet. A row that is there already is passed over here,
-- before the head moves; ON CONFLICT alone would move the head and leave a gap.
CREATE FUNCTION phi_audit_link() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    head phi_audit_head%ROWTYPE;
BEGIN
    NEW.shard := get_byte(uuid_send(NEW.id), 15) % 16;
    SELECT * INTO STRICT head FROM phi_audit_head WHERE shard = NEW.shard FOR UPDATE;
    IF EXISTS (SELECT FROM phi_audit_log WHERE id = NEW.id) THEN
        RETURN NULL;
    END IF;
    NEW.position := head.row_count + 1;
    NEW.previous_hash := head.row_hash;
    NEW.recorded_at := clock_timestamp();
    NEW.row_hash := sha256(convert_to(phi_audit_canonical(
        NEW.shard::text, NEW.position::text, NEW.id::text,
        phi_audit_instant(NEW.occurred_at), phi_audit_instant(NEW.recorded_at),
        NEW.tenant, NEW.actor, NEW.operation, NEW.outcome, NEW.entity_counts::text,
        encode(NEW.input_hmac, 'hex'), NEW.duration_ms::text, NEW.model, NEW.request_id,
        encode(NEW.previous_hash, 'hex')), 'UTF8'));
    UPDATE phi_audit_head SET row_count = NEW.position, row_hash = NEW.row_hash WHERE shard = NEW.shard;
    RETURN NEW;
END $$;

CREATE TRIGGER phi_audit_log_link BEFORE INSERT ON phi_audit_log
    FOR EACH ROW EXECUTE FUNCTION phi_audit_link();

-- Append-only for everyone, the owner included, as long as the triggers stand.
CREATE FUNCTION phi_audit_refuse() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'phi_audit_log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER phi_audit_log_no_change BEFORE UPDATE OR DELETE ON phi_audit_log
    FOR EACH ROW EXECUTE FUNCTION phi_audit_refuse();
CREATE TRIGGER phi_audit_log_no_truncate BEFORE TRUNCATE ON phi_audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION phi_audit_refuse();

REVOKE ALL ON FUNCTION phi_audit_link() FROM PUBLIC;
GRANT INSERT (id, occurred_at, tenant, actor, operation, outcome, entity_counts, input_hmac,
              duration_ms, model, request_id) ON phi_audit_log TO hntai_app;
GRANT SELECT ON phi_audit_head TO hntai_app;
GRANT SELECT ON phi_audit_log, phi_audit_head TO hntai_auditor;
