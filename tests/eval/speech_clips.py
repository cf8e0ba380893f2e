"""Human speech with its words: Debian's pocketsphinx-testdata, fetched once into a cache, never committed.

Licence, as the package's copyright file has it: "Files: *" is BSD-2 of Carnegie Mellon University; it
names the recordings nowhere by themselves. The five sentences are of LibriVox, Sense and Sensibility.
"""

from __future__ import annotations

import os
import re
import subprocess
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float32]

_PACKAGE: Final = "pocketsphinx-testdata"
_DATA: Final = "usr/share/pocketsphinx/test/data"
_LINE: Final = re.compile(r"<s>\s*(.*?)\s*</s>\s*\((.*)\)")
_SLIP: Final = ("a more a amiable", "a more amiable")
"""A word too many in the package's transcription."""
_SHORT: Final = {
    "cards/001.wav": "ten of clubs",
    "cards/002.wav": "four queen of clubs",
    "cards/003.wav": "seven of clubs",
    "cards/004.wav": "five five",
    "cards/005.wav": "eight of spades four of clubs seven of hearts",
    "goforward.raw": "go forward ten meters",
}
"""Heard by us where the package gives a grammar alone."""


@dataclass(frozen=True, slots=True)
class Clip:
    name: str
    samples: FloatArray
    """16 kHz, from -1 to 1."""
    words: str
    is_sentence: bool
    """Read prose; else a few words of a command."""


def clips() -> tuple[Clip, ...]:
    """() where the package cannot be had here."""
    folder = _unpacked()
    if folder is None:
        return ()
    found = []
    for line in (folder / "librivox/transcription").read_text("utf-8").splitlines():
        if match := _LINE.match(line.strip()):
            name = f"librivox/{match[2]}.wav"
            found.append(Clip(name, _samples(folder / name), match[1].replace(*_SLIP), is_sentence=True))
    found += [Clip(name, _samples(folder / name), words, is_sentence=False) for name, words in _SHORT.items()]
    return tuple(found)


def joined(parts: tuple[Clip, ...], seconds: float, pause_s: float = 0.4) -> Clip:
    """The sentences again and again, with pauses between them."""
    sentences = [clip for clip in parts if clip.is_sentence]
    samples: list[FloatArray] = []
    words: list[str] = []
    length = 0
    while length < seconds * 16_000:
        clip = sentences[len(words) % len(sentences)]
        samples += [clip.samples, np.zeros(int(pause_s * 16_000), np.float32)]
        words.append(clip.words)
        length += len(samples[-1]) + len(samples[-2])
    return Clip(f"joined {seconds:.0f} s", np.concatenate(samples), " ".join(words), is_sentence=True)


def pcm(samples: FloatArray) -> bytes:
    """As hntai.domain.speech has it."""
    return bytes((np.clip(samples, -1.0, 1.0) * 32767).astype("<i2").tobytes())


def _unpacked() -> Path | None:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hntai" / "speech"
    if not (cache / _DATA).is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        try:
            subprocess.run(["apt-get", "download", _PACKAGE], cwd=cache, check=True, capture_output=True)
            (package,) = cache.glob(f"{_PACKAGE}_*.deb")
            subprocess.run(["dpkg-deb", "-x", package, cache], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError, ValueError):
            return None
    return cache / _DATA


def _samples(file: Path) -> FloatArray:
    if file.suffix == ".raw":
        raw = file.read_bytes()
    else:
        with wave.open(str(file)) as opened:
            assert (opened.getframerate(), opened.getnchannels()) == (16_000, 1)
            raw = opened.readframes(opened.getnframes())
    return np.frombuffer(raw, "<i2").astype(np.float32) / np.float32(32768.0)
