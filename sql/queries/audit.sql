-- name: append_audit_row
-- Adds one row; the trigger makes the link, and a row that is there already stays as it is.
INSERT INTO phi_audit_log (id, occurred_at, tenant, actor, operation, outcome, entity_counts,
                           input_hmac, duration_ms, model, request_id)
VALUES (%(id)s, %(occurred_at)s, %(tenant)s, %(actor)s, %(operation)s, %(outcome)s,
        %(entity_counts)s::jsonb, %(input_hmac)s, %(duration_ms)s, %(model)s, %(request_id)s)
ON CONFLICT DO NOTHING;

-- name: audit_heads
-- Where each shard ends.
SELECT shard, row_count, row_hash FROM phi_audit_head ORDER BY shard;

-- name: audit_rows_of_shard
-- A page of one shard in chain order, values in the text form that was hashed.
SELECT shard, position,
       ARRAY[id::text, phi_audit_instant(occurred_at), phi_audit_instant(recorded_at), tenant, actor,
             operation, outcome, entity_counts::text, encode(input_hmac, 'hex'), duration_ms::text,
             model, request_id] AS values,
       previous_hash, row_hash
FROM phi_audit_log
WHERE shard = %(shard)s AND position > %(after_position)s
ORDER BY position
LIMIT %(limit)s;

-- name: recent_audit_rows
-- The newest rows, for a person to read.
SELECT occurred_at, actor, operation, outcome, entity_counts::text AS entity_counts, duration_ms, model,
       shard, position, request_id
FROM phi_audit_log
ORDER BY recorded_at DESC
LIMIT %(limit)s;
