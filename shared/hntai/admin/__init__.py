"""Administration from a terminal: python -m hntai."""
