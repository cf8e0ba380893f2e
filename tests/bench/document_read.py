"""One document read in a process that holds nothing else: JSON on stdout.

    python -m tests.bench.document_read FILE

Answers `pages`, `recognised` (pages read off pictures), `seconds`, and peaks of resident memory in MB:
`child_mb` of the reader's own process, `own_mb` of this one, which has the file and the text. Linux counts in
a child's peak what the process that started it held, so that this one imports no more than the reader.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from hntai.adapters.document_reader import ChildDocumentReader

_DEADLINE_S = 600


def main(file: str) -> None:
    content = Path(file).read_bytes()
    reader = ChildDocumentReader(max_chars=5_000_000)
    began = time.perf_counter()
    found = reader.read(content, deadline_s=_DEADLINE_S)
    seconds = time.perf_counter() - began
    answer = {
        "pages": len(found.pages),
        "recognised": sum(page.source.value == "ocr" for page in found.pages),
        "seconds": seconds,
        "child_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
        "own_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1])
