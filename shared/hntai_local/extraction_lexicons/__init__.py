"""Writes the lexicons that extraction reads, out of packages that only this needs (`make lexicons`)."""
