"""Every door of HNTAI in one process, for a plain container."""
