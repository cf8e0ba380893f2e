"""Documents at rest."""
