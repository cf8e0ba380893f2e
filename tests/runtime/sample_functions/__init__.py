"""Small functions the runtime tests run for real."""
