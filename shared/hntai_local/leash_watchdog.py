"""The small process that ends a stack whose own process was killed.

It reads one JSON object per line on its standard input, {"hold": {...}} or {"release": pid}, from the
one process that has the other end. When that end closes, for whatever reason, it ends every family it
still holds, then everything that carries its holder's mark.
"""

from __future__ import annotations

import json
import signal
import sys
from typing import TextIO

from hntai_local import process_tree
from hntai_local.process_tree import Held

GRACE_S = 2.0
"""Between the polite signal and SIGKILL, when nobody is left to wait for."""


def watch(lines: TextIO, mark: str) -> None:
    """Returns once the pipe is closed and nothing held is left."""
    held: dict[int, Held] = {}
    for line in lines:
        message = json.loads(line)
        if "hold" in message:
            one = Held(**message["hold"])
            held[one.pid] = one
        else:
            held.pop(message["release"], None)
    process_tree.stop(held.values(), grace_s=GRACE_S)
    process_tree.kill(process_tree.marked(mark))


def main() -> None:
    """Deaf to the signals that end the stack: only the pipe counts."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    watch(sys.stdin, sys.argv[1])


if __name__ == "__main__":
    main()
