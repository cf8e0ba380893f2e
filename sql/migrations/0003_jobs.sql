-- Runs of the patient summary. Whatever holds text is sealed before it gets here.

CREATE TABLE jobs (
    job_id           uuid        PRIMARY KEY,
    tenant           text        NOT NULL,
    subject          text        NOT NULL,
    request_id       text        NOT NULL,
    state            text        NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed')),
    created_at       timestamptz NOT NULL,
    fetch_started_at timestamptz,
    ended_at         timestamptz,
    is_phi_touched   boolean     NOT NULL DEFAULT false,
    sealed_request   bytea       NOT NULL,
    sealed_result    bytea,
    error            text
);
CREATE INDEX jobs_unfinished ON jobs (created_at) WHERE state IN ('queued', 'running');

-- Text that passes between the steps of a run; gone when the run ends.
CREATE TABLE run_documents (
    job_id     uuid        NOT NULL REFERENCES jobs (job_id) ON DELETE CASCADE,
    kind       text        NOT NULL,
    sealed     bytea       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (job_id, kind)
);

-- The last record of each patient, for when the EHR is down. The key is a keyed digest.
CREATE TABLE stored_records (
    patient_key  bytea       PRIMARY KEY,
    sealed       bytea       NOT NULL,
    retrieved_at timestamptz NOT NULL
);

GRANT SELECT, INSERT, UPDATE, DELETE ON jobs, run_documents, stored_records TO hntai_app;
