"""HNTAI: clinical text in the customer's own account."""

__version__ = "0.1.0"
