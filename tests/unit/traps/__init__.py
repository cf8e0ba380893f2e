"""Trap records: invented patients with planted facts, two for each danger a physician would name."""
