"""HNTAI: clinical text in the customer's own account."""

import os

__version__ = "0.1.0"

# The tagger multiplies small matrices. With two BLAS threads on two busy cores it read notes five to ten
# times slower than with one (2026-11). numpy asks once, when first imported; a value set before is obeyed.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
