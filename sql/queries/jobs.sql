-- name: create_job
-- A new run, queued.
INSERT INTO jobs (job_id, kind, tenant, subject, request_id, state, created_at, sealed_request)
VALUES (
    %(job_id)s, %(kind)s, %(tenant)s, %(subject)s, %(request_id)s, 'queued', %(created_at)s, %(sealed_request)s
);

-- name: get_job
-- One run, without anything sealed.
SELECT job_id, tenant, subject, request_id, state, created_at, fetch_started_at, is_phi_touched, ended_at,
    kind
FROM jobs WHERE job_id = %(job_id)s;

-- name: start_fetch
-- The run goes; a repeated fetch keeps the first start, so that retries share one budget.
UPDATE jobs
SET state = 'running', fetch_started_at = coalesce(fetch_started_at, %(at)s)
WHERE job_id = %(job_id)s AND state IN ('queued', 'running')
RETURNING job_id, tenant, subject, request_id, state, created_at, fetch_started_at, is_phi_touched,
    ended_at, kind;

-- name: get_sealed_request
-- What was asked for, sealed.
SELECT sealed_request FROM jobs WHERE job_id = %(job_id)s;

-- name: replace_sealed_request
-- Puts the request without its secrets in the place of the one with them.
UPDATE jobs SET sealed_request = %(sealed_request)s WHERE job_id = %(job_id)s;

-- name: mark_phi_touched
-- From here on the run owes an audit row.
UPDATE jobs SET is_phi_touched = true WHERE job_id = %(job_id)s;

-- name: finish_job
-- Ends the run, once; a second end changes nothing.
UPDATE jobs
SET state = %(state)s, sealed_result = %(sealed_result)s, error = %(error)s, ended_at = %(at)s
WHERE job_id = %(job_id)s AND state IN ('queued', 'running')
RETURNING job_id;

-- name: overdue_jobs
-- Jobs of a kind that ought to have ended long ago and never said so, oldest first.
SELECT job_id FROM jobs
WHERE kind = %(kind)s AND state IN ('queued', 'running') AND created_at < %(before)s
ORDER BY created_at
LIMIT %(limit)s;

-- name: get_job_result
-- How the run ended.
SELECT state, sealed_result, error FROM jobs WHERE job_id = %(job_id)s;

-- name: put_run_document
-- Keeps what one step hands to the next; a repeated step overwrites its own.
INSERT INTO run_documents (job_id, kind, sealed) VALUES (%(job_id)s, %(kind)s, %(sealed)s)
ON CONFLICT (job_id, kind) DO UPDATE SET sealed = excluded.sealed;

-- name: get_run_document
-- What an earlier step kept.
SELECT sealed FROM run_documents WHERE job_id = %(job_id)s AND kind = %(kind)s;

-- name: count_run_documents
-- How many documents of one sort the steps have kept so far.
SELECT count(*) AS documents FROM run_documents WHERE job_id = %(job_id)s AND starts_with(kind, %(prefix)s);

-- name: discard_run_documents
-- The run has ended; its working text goes.
DELETE FROM run_documents WHERE job_id = %(job_id)s;

-- name: put_stored_record
-- The newest record of a patient replaces the one before; an older one never does.
INSERT INTO stored_records (patient_key, sealed, retrieved_at)
VALUES (%(patient_key)s, %(sealed)s, %(retrieved_at)s)
ON CONFLICT (patient_key) DO UPDATE SET sealed = excluded.sealed, retrieved_at = excluded.retrieved_at
WHERE stored_records.retrieved_at <= excluded.retrieved_at;

-- name: get_stored_record
-- The last record kept of a patient.
SELECT sealed, retrieved_at FROM stored_records WHERE patient_key = %(patient_key)s;
