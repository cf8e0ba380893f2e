-- Recognising the scanned pages of a long document is a job of its own.
ALTER TABLE jobs DROP CONSTRAINT jobs_kind_check;
ALTER TABLE jobs ADD CONSTRAINT jobs_kind_check
    CHECK (kind IN ('patient_summary', 'transcription', 'audio_extraction', 'document'));
