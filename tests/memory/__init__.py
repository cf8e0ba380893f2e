"""Every port over plain memory: for unit tests, and held to the same contract suites as the real ones."""
