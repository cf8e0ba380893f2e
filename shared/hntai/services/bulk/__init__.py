"""Bulk patient summaries."""
