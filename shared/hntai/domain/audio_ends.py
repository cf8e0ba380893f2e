"""What recordings say of their own length where a decoder would not notice that their end is missing."""

from __future__ import annotations

import struct
from typing import Final

_UNKNOWN: Final = 0x7FFFF000
"""From here on a WAV's size is what a recorder writes that cannot go back: nothing."""


def wav_declared_s(head: bytes) -> float:
    """How long a WAV says it is; 0.0 where it does not. head: its first bytes, up to its data chunk.

    Source: Multimedia Programming Interface and Data Specifications 1.0, RIFF WAVE.
    """
    place, bytes_per_s = 12, 0
    while place + 8 <= len(head):
        name, size = struct.unpack_from("<4sI", head, place)
        if name == b"fmt " and place + 20 <= len(head):
            (bytes_per_s,) = struct.unpack_from("<I", head, place + 16)
        if name == b"data":
            return size / bytes_per_s if bytes_per_s and size < _UNKNOWN else 0.0
        place += 8 + size + size % 2
    return 0.0


def is_ogg_cut(tail: bytes) -> bool:
    """Whether the last page of an Ogg file is not all there. tail: its last 64 kB and more.

    Source: RFC 3533, section 6.
    """
    place = tail.rfind(b"OggS")
    if place < 0:
        return True
    if place + 27 > len(tail):
        return True
    lacing = tail[place + 27 : place + 27 + tail[place + 26]]
    whole = len(lacing) == tail[place + 26]
    return not whole or place + 27 + len(lacing) + sum(lacing) > len(tail)
