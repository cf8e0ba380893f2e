"""python -m tests.bench.speech_hour: an hour of joined speech through the running stack, as callers send it.

A form, a large upload, a job, its states side by side. Told: how long it took, and the resident memory of
the processes that hear, every few seconds, by quarter of the run: flat where the last is no higher than the
first.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
import wave
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import httpx

from hntai.adapters.speech_shelf import SpeechShelf
from tests.bench.bench_models import models_dir
from tests.local_stack import LocalStack

_SECONDS: Final = 3600.0
_EVERY_S: Final = 3.0
_HEARS: Final = b"functions.transcribe"
_GIVEN_UP_AFTER_S: Final = 2400.0


def main() -> int:
    """A few lines; 0."""
    if any(find_spec(library) is None for library in ("numpy", "onnxruntime", "tokenizers")):
        print("an hour of speech: not measured, what runs models is not installed (make models)")
        return 0
    from tests.eval.speech_clips import clips, joined, pcm

    human = clips()
    if not human or not SpeechShelf(models_dir(), 1).names():
        print("an hour of speech: not measured, no recogniser is baked or no human speech to be had")
        return 0
    recording = _wav(pcm(joined(human, _SECONDS).samples))
    with tempfile.TemporaryDirectory(prefix="hntai-bench-") as folder, LocalStack(Path(folder)) as stack:
        _measure(stack, recording)
    return 0


def _measure(stack: LocalStack, recording: bytes) -> None:
    headers = {"Authorization": f"Bearer {stack.token()}"}
    with httpx.Client(base_url=stack.facts["api_url"], headers=headers, timeout=120) as api:
        before = max(_resident(), default=0)
        started = time.monotonic()
        wanted = {"filename": "visit.wav", "content_type": "audio/wav", "size": len(recording)}
        form = api.post("/uploads", json=wanted).raise_for_status().json()
        file = {"file": ("visit.wav", recording)}
        httpx.post(form["url"], data=form["fields"], files=file, timeout=300).raise_for_status()
        job = api.post("/transcribe", json={"s3_key": form["s3_key"]}).raise_for_status().json()["job_id"]
        peaks: list[tuple[float, int, int]] = []
        while time.monotonic() - started < _GIVEN_UP_AFTER_S:
            state = api.get(f"/jobs/{job}").json()
            now = _resident()
            peaks.append((time.monotonic() - started, max(now, default=0), sum(now)))
            if state["state"] not in ("queued", "running"):
                break
            time.sleep(_EVERY_S)
    took = peaks[-1][0]
    words = len(state.get("result", {}).get("text", "").split())
    print(
        f"one hour of speech through the stack: {state['state']} in {took:.0f} s, RTF {took / _SECONDS:.3f}"
    )
    print(f"  {words} words, {len(recording) / 1e6:.0f} MB sent; process before the job {before} MB")
    for quarter in range(4):
        part = [one for one in peaks if quarter * took / 4 <= one[0] <= (quarter + 1) * took / 4]
        largest, together = (max(one[at] for one in part) for at in (1, 2))
        print(f"  quarter {quarter + 1}: largest process {largest} MB, all that hear {together} MB")


def _resident() -> list[int]:
    """MB of each process whose command names the transcription's functions, its children counted to it."""
    parents, sizes, hearing = {}, {}, set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "status").read_text("ascii")
            command = (folder / "cmdline").read_bytes()
        except (OSError, UnicodeDecodeError):
            continue
        fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
        pid = int(folder.name)
        parents[pid] = int(fields["PPid"])
        sizes[pid] = int(fields.get("VmRSS", "0 kB").split()[0]) // 1024
        if _HEARS in command:
            hearing.add(pid)
    totals = dict.fromkeys(hearing, 0)
    for pid, size in sizes.items():
        at: int | None = pid
        while at is not None and at not in hearing:
            at = parents.get(at)
        if at is not None:
            totals[at] += size
    return [size for size in totals.values() if size]


def _wav(pcm: bytes) -> bytes:
    """16-bit mono at 16 kHz."""
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(pcm)
    return target.getvalue()


if __name__ == "__main__":
    sys.exit(main())
