-- name: get_api_key
-- A key by its public part; whether it still holds is judged by the caller's clock.
SELECT key_hash, tenant, subject, scopes, expires_at, revoked_at FROM api_keys WHERE key_id = %(key_id)s;

-- name: create_api_key
-- A new key, by its keyed hash.
INSERT INTO api_keys (key_id, key_hash, tenant, subject, scopes, expires_at)
VALUES (%(key_id)s, %(key_hash)s, %(tenant)s, %(subject)s, %(scopes)s, %(expires_at)s);

-- name: list_api_keys
-- Every key, newest first, without its hash.
SELECT key_id, tenant, subject, scopes, created_at, expires_at, revoked_at FROM api_keys
ORDER BY created_at DESC, key_id;

-- name: revoke_api_key
-- Ends a key, once.
UPDATE api_keys SET revoked_at = %(at)s WHERE key_id = %(key_id)s AND revoked_at IS NULL RETURNING key_id;

-- name: begin_idempotent_call
-- Takes the key if it is free, expired, or held by a call that died (its lock ran out, no answer kept).
INSERT INTO idempotency_records (record_key, body_digest, locked_until, expires_at)
VALUES (%(record_key)s, %(body_digest)s, %(locked_until)s, %(expires_at)s)
ON CONFLICT (record_key) DO UPDATE
SET body_digest = excluded.body_digest, sealed_answer = NULL,
    locked_until = excluded.locked_until, expires_at = excluded.expires_at
WHERE idempotency_records.expires_at <= %(now)s
   OR (idempotency_records.sealed_answer IS NULL AND idempotency_records.locked_until <= %(now)s
       AND idempotency_records.body_digest = excluded.body_digest)
RETURNING record_key;

-- name: get_idempotency_record
-- What the first call left.
SELECT body_digest, sealed_answer, locked_until FROM idempotency_records WHERE record_key = %(record_key)s;

-- name: finish_idempotent_call
-- Keeps the first answer.
UPDATE idempotency_records SET sealed_answer = %(sealed_answer)s WHERE record_key = %(record_key)s;

-- name: release_idempotent_call
-- A refused or failed call is not remembered.
DELETE FROM idempotency_records WHERE record_key = %(record_key)s AND sealed_answer IS NULL;

-- name: delete_expired_idempotency_records
-- Forgets what is older than a day.
DELETE FROM idempotency_records WHERE expires_at <= %(now)s;
