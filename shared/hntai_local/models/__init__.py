"""Baking models: fetched or made, checked against the manifest, laid down whole. Never part of an image."""
