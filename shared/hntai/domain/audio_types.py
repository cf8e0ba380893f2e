"""What kind of recording bytes are. Their first bytes say; names and declared types do not."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

HEAD_BYTES: Final = 4096
"""Enough of a recording to tell its type, an ordinary ID3 tag before it included."""


class AudioType(StrEnum):
    """The types that are read, each by the name of FFmpeg's demuxer for it."""

    WAV = "wav"
    MP3 = "mp3"
    M4A = "mov"
    AAC = "aac"
    FLAC = "flac"
    OGG = "ogg"
    WEBM = "matroska"


SHOWN: Final = ("WAV", "MP3", "M4A", "AAC", "FLAC", "OGG", "WebM")
"""Their names for people."""


def sniffed(head: bytes) -> AudioType | None:
    """The type of a recording that begins with head; None for anything else.

    head: the first HEAD_BYTES, or all where there are fewer.
    """
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        return AudioType.WAV
    magics = {b"fLaC": AudioType.FLAC, b"OggS": AudioType.OGG, b"\x1aE\xdf\xa3": AudioType.WEBM}
    if head[:4] in magics:
        return magics[head[:4]]
    if head[4:8] == b"ftyp":
        return AudioType.M4A
    if head[:3] == b"ID3":
        return _behind_tag(head)
    return _frame_type(head)


def _behind_tag(head: bytes) -> AudioType | None:
    """ID3 stands before MP3, and now and then before AAC. Source: id3.org, ID3v2.4.0, section 3.1."""
    if len(head) < 10 or any(byte & 0x80 for byte in head[6:10]):
        return None
    size = _syncsafe(head[6:10])
    rest = head[10 + size : 10 + size + 4]
    return _frame_type(rest) if len(rest) == 4 else AudioType.MP3


def _syncsafe(digits: bytes) -> int:
    """Four bytes of seven bits each."""
    value = 0
    for digit in digits:
        value = value << 7 | digit
    return value


def _frame_type(frame: bytes) -> AudioType | None:
    """An ADTS header (ISO/IEC 13818-7, 6.2) or one of MPEG audio, layer III (ISO/IEC 11172-3, 2.4.1.3)."""
    if len(frame) < 4 or frame[0] != 0xFF or frame[1] & 0xE0 != 0xE0:
        return None
    if frame[1] & 0xF6 == 0xF0:
        return AudioType.AAC
    is_layer_iii = frame[1] & 0x06 == 0x02 and frame[1] & 0x18 != 0x08
    is_possible = frame[2] & 0xF0 != 0xF0 and frame[2] & 0x0C != 0x0C
    return AudioType.MP3 if is_layer_iii and is_possible else None
