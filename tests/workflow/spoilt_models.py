"""Ways a baked model can be spoilt on disk, each with the causes a run may name for it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
Spoil = Callable[[Path], None]


def truncated(model: Path) -> None:
    os.truncate(model / FILE, 60_000_000)


def truncated_and_recorded_so(model: Path) -> None:
    truncated(model)
    record = json.loads((model / "baked.json").read_text())
    record["files"][0]["bytes"] = 60_000_000
    (model / "baked.json").write_text(json.dumps(record))


def flipped(model: Path, *places: int) -> None:
    with (model / FILE).open("r+b") as file:
        for place in places:
            file.seek(place)
            before = file.read(1)
            file.seek(place)
            file.write(bytes([before[0] ^ 0xFF]))


def no_longer_a_gguf(model: Path) -> None:
    flipped(model, 0, 1)


def wrong_counts_in_the_header(model: Path) -> None:
    flipped(model, 8, 9, 16, 17)


def wrong_names_in_the_header(model: Path) -> None:
    flipped(model, *range(24, 4_000, 7))


def another_checksum(model: Path) -> None:
    text = (model / "baked.json").read_text()
    record = json.loads(text)
    record["files"][0]["sha256"] = "0" * 64
    (model / "baked.json").write_text(json.dumps(record))


def record_of(content: str) -> Spoil:
    def spoil(model: Path) -> None:
        (model / "baked.json").write_text(content)

    return spoil


def without_its_record(model: Path) -> None:
    (model / "baked.json").unlink()


def without_its_file(model: Path) -> None:
    (model / FILE).unlink()


SPOILT = [
    (without_its_record, {"missing"}),
    (without_its_file, {"missing"}),
    (truncated, {"checksum"}),
    (another_checksum, {"checksum"}),
    (record_of("{not json"), {"checksum"}),
    (record_of("[]"), {"checksum"}),
    (record_of('{"revision": "x"}'), {"checksum"}),
    (truncated_and_recorded_so, {"cannot_load"}),
    (no_longer_a_gguf, {"cannot_load"}),
    (wrong_counts_in_the_header, {"cannot_load", "crashed", "out_of_memory"}),
    (wrong_names_in_the_header, {"cannot_load", "crashed", "out_of_memory"}),
]
