"""The states of a transcription that runs as a job."""
