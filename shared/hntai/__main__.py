"""python -m hntai: administration, of a deployed stack or of the local one."""

from __future__ import annotations

import sys

from hntai.admin.commands import main

if __name__ == "__main__":
    sys.exit(main())
