"""The type of a recording by its first bytes, and what its end says."""

from __future__ import annotations

import struct

import pytest

from hntai.domain.audio_ends import is_ogg_cut, wav_declared_s
from hntai.domain.audio_types import AudioType, sniffed

ID3 = b"ID3\x04\x00\x00\x00\x00\x00\x05" + b"tags!"
MP3, ADTS = b"\xff\xfb\x90\x64", b"\xff\xf1\x4c\x80"
HEADS = [
    (b"RIFF\x24\x00\x00\x00WAVEfmt ", AudioType.WAV),
    (b"RF64\xff\xff\xff\xffWAVEds64", AudioType.WAV),
    (b"fLaC\x00\x00\x00\x22", AudioType.FLAC),
    (b"OggS\x00\x02", AudioType.OGG),
    (b"\x1aE\xdf\xa3\x9f", AudioType.WEBM),
    (b"\x00\x00\x00\x1cftypM4A ", AudioType.M4A),
    (MP3, AudioType.MP3),
    (b"\xff\xf3\x84\xc4", AudioType.MP3),
    (ADTS, AudioType.AAC),
    (ID3 + MP3, AudioType.MP3),
    (ID3 + ADTS, AudioType.AAC),
    (ID3 + b"text", None),
    (b"ID3\x04\x00\x00\x00\x7f\x00\x00", AudioType.MP3),
    (b"ID3\x04\x00\x00\xff\xff\xff\xff" + MP3, None),
    (b"RIFF\x24\x00\x00\x00AVI LIST", None),
    (b"#EXTM3U", None),
    (b"ffconcat version 1.0", None),
    (b"\xff\xfeP\x00", None),
    (b"\xff\xff\xff\xff", None),
    (b"\xff", None),
    (b"", None),
]


@pytest.mark.parametrize(("head", "audio_type"), HEADS)
def test_the_first_bytes_say_the_type(head: bytes, audio_type: AudioType | None) -> None:
    assert sniffed(head) is audio_type


def _wav_head(size: int, *, before: bytes = b"") -> bytes:
    fmt = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 16_000, 32_000, 2, 16)
    return b"RIFF\x00\x00\x00\x00WAVE" + fmt + before + b"data" + struct.pack("<I", size)


def test_a_wav_says_its_length_behind_whatever_chunks_come_first() -> None:
    odd = b"LIST" + struct.pack("<I", 3) + b"abc\x00"
    assert wav_declared_s(_wav_head(64_000)) == 2.0
    assert wav_declared_s(_wav_head(64_000, before=odd)) == 2.0


@pytest.mark.parametrize("head", [b"", b"RIFF", _wav_head(0xFFFFFFFF), _wav_head(0x7FFFFFFF), _wav_head(0)])
def test_a_wav_that_does_not_say_it_declares_nothing(head: bytes) -> None:
    assert wav_declared_s(head) == 0.0


def test_an_ogg_ends_with_a_whole_page() -> None:
    page = b"OggS" + bytes(22) + bytes([2, 200, 100]) + bytes(300)
    assert not is_ogg_cut(page + page)
    assert all(is_ogg_cut(page + page[:length]) for length in (4, 26, 27, 28, 100, 328))
    assert is_ogg_cut(b"no page at all")
