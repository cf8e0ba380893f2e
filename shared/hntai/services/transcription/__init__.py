"""From a recording to its transcript, at once or as a job."""
