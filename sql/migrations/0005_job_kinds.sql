-- Jobs are of several kinds: each has its own time limit and its own way of being ended.
ALTER TABLE jobs ADD COLUMN kind text NOT NULL DEFAULT 'patient_summary'
    CHECK (kind IN ('patient_summary', 'transcription', 'audio_extraction'));

DROP INDEX jobs_unfinished;
CREATE INDEX jobs_unfinished ON jobs (kind, created_at) WHERE state IN ('queued', 'running');
