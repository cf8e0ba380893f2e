"""python -m tests.bench.speech_speed [PEERS_PYTHON] [--hour]: speech to text, beside faster-whisper.

Both in processes of their own, alternated, with the same weights, threads and recordings: short clips, and
joined speech of 120 s. --hour: a cold start, and one hour of joined speech by ours, with its memory. Goal:
1.4 times as fast at no more word errors. Nothing is asserted; what is missing is said.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from hntai.adapters.cpu_quota import thread_count
from hntai.adapters.speech_shelf import SpeechShelf
from tests.bench.bench_models import ROUNDS, median, models_dir
from tests.eval.speech_words import spoken, word_errors

_GOAL: Final = 1.4


class Talker:
    """A process that answers a line for a line."""

    def __init__(self, command: Sequence[str]) -> None:
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.load_s = float(self._answer()["load_s"])

    def __call__(self, pcm: Path) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"pcm": str(pcm)}) + "\n")
        self._process.stdin.flush()
        return {**self._answer(), "since_start_s": time.monotonic() - self._started}

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        return dict(json.loads(self._process.stdout.readline()))


def main(asked: Sequence[str]) -> int:
    """A few lines a model; 0."""
    missing = [library for library in ("numpy", "onnxruntime", "tokenizers") if find_spec(library) is None]
    names = SpeechShelf(models_dir(), 1).names()
    if missing or not names:
        what = f"{', '.join(missing)} not installed" if missing else "no recogniser is baked"
        print(f"speed of speech: not measured, {what} (make models)")
        return 0
    from tests.eval.speech_clips import clips, joined, pcm

    human = clips()
    if not human:
        print("speed of speech: not measured, no human speech to be had (Debian's pocketsphinx-testdata)")
        return 0
    peers = next((word for word in asked if word != "--hour" and Path(word).exists()), None)
    threads = thread_count()
    print(f"speech, {threads} threads; load before {os.getloadavg()[0]:.1f} (idle is 0)")
    with tempfile.TemporaryDirectory() as scratch:
        for clip in (*human, joined(human, 120.0)):
            Path(scratch, clip.name.replace("/", "-")).write_bytes(pcm(clip.samples))
        spoken_words = {clip.name.replace("/", "-"): clip.words for clip in (*human, joined(human, 120.0))}
        for name in names:
            _compare(name, peers, threads, Path(scratch), spoken_words)
        if "--hour" in asked:
            _hour(names[0], threads, Path(scratch), pcm(joined(human, 900.0).samples))
    return 0


def _ours(name: str, threads: int) -> Talker:
    return Talker([sys.executable, "-m", "tests.bench.speech_ours", str(models_dir()), name, str(threads)])


def _compare(name: str, peers: str | None, threads: int, scratch: Path, words: dict[str, str]) -> None:
    talkers = {"ours": _ours(name, threads)}
    weights = models_dir() / f"{name}-ct2"
    if peers and weights.is_dir():
        peer = Path(__file__).with_name("speech_peer.py")
        talkers["faster-whisper"] = Talker([peers, str(peer), str(weights), str(threads)])
    else:
        print("  faster-whisper not measured: its environment or the weights are not there")
    short = [file for file in words if not file.startswith("joined")]
    for label, files in (("short clips", short), ("joined 120 s", [f for f in words if f not in short])):
        seconds = sum((scratch / file).stat().st_size for file in files) / 32_000
        _part(name, label, talkers, [scratch / file for file in files], words, seconds)
    for talker in talkers.values():
        talker.close()


def _part(
    name: str,
    label: str,
    talkers: dict[str, Talker],
    files: Sequence[Path],
    words: dict[str, str],
    seconds: float,
) -> None:
    walls: dict[str, list[float]] = {who: [] for who in talkers}
    cpus: dict[str, list[float]] = {who: [] for who in talkers}
    for _ in range(ROUNDS):
        for who, talker in talkers.items():
            answers = [talker(file) for file in files]
            walls[who].append(sum(answer["s"] for answer in answers))
            cpus[who].append(sum(answer["cpu_s"] for answer in answers))
            errors = sum(
                word_errors(spoken(words[file.name]), spoken(answer["text"]))
                for file, answer in zip(files, answers, strict=True)
            )
            if len(walls[who]) == ROUNDS:
                print(
                    f"  {name}, {label}, {who}: {median(walls[who]):.2f} s of {seconds:.0f} s, RTF"
                    f" {median(walls[who]) / seconds:.3f}, processor {median(cpus[who]):.2f} s, {errors} word"
                    f" errors, loaded in {talker.load_s:.1f} s, resident {answers[-1]['rss_mb']} MB"
                )
    if len(talkers) > 1:
        wall, cpu = (median(taken["faster-whisper"]) / median(taken["ours"]) for taken in (walls, cpus))
        print(f"  {name}, {label}: {wall:.2f} times as fast, {cpu:.2f} by processor time (goal {_GOAL})")


def _hour(name: str, threads: int, scratch: Path, quarter: bytes) -> None:
    cold = _ours(name, threads)
    file = scratch / "hour"
    short = next(each for each in scratch.iterdir() if each.name.startswith("librivox"))
    first = cold(short)
    print(f"  {name}: first transcript {first['since_start_s']:.1f} s after the process began")
    for quarters in (1, 2, 4):
        file.write_bytes(quarter * quarters)
        told = cold(file)
        print(f"  {name}: {15 * quarters} minutes in {told['s']:.0f} s, resident {told['rss_mb']} MB at most")
    cold.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
