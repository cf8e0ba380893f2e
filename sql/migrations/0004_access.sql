-- API keys (never the key, only its keyed hash) and remembered answers of idempotent calls.

CREATE TABLE api_keys (
    key_id     text        PRIMARY KEY,
    key_hash   bytea       NOT NULL,
    tenant     text        NOT NULL,
    subject    text        NOT NULL,
    scopes     text[]      NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);

CREATE TABLE idempotency_records (
    record_key    bytea       PRIMARY KEY,
    body_digest   bytea       NOT NULL,
    sealed_answer bytea,
    locked_until  timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL
);
CREATE INDEX idempotency_records_expires_at ON idempotency_records (expires_at);

GRANT SELECT ON api_keys TO hntai_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_records TO hntai_app;
