"""Recordings in every form, good and bad: what is heard, and what is refused."""

from __future__ import annotations

import io
import time

import numpy as np
import numpy.typing as npt
import pytest

from hntai.adapters.audio_decoder import ChildAudioDecoder
from hntai.domain.errors import (
    AudioTooLongError,
    AudioTypeUnknownError,
    AudioUnreadableError,
)
from hntai.domain.speech import BYTES_PER_S
from tests.recordings import KINDS, Samples, recording, silence, tone, wav

DECODER = ChildAudioDecoder()
LIMIT_S = 4 * 3600.0
RATES = [8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000]


def decoded(content: bytes, *, limit_s: float = LIMIT_S, decoder: ChildAudioDecoder = DECODER) -> bytes:
    return b"".join(decoder.decode([content], limit_s=limit_s, deadline_s=60))


def heard(content: bytes) -> npt.NDArray[np.int16]:
    return np.frombuffer(decoded(content), "<i2")


def cause_of(content: bytes) -> str:
    with pytest.raises(AudioUnreadableError) as raised:
        decoded(content)
    return str(raised.value.details["cause"])


def loudness(samples: npt.NDArray[np.int16]) -> float:
    return float(np.sqrt(np.mean((samples / 32768.0) ** 2)))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_heard_as_16_khz_mono(kind: str) -> None:
    samples = heard(recording(kind, tone(3)))
    assert len(samples) / 16_000 == pytest.approx(3, abs=0.05)
    assert loudness(samples) == pytest.approx(0.3 / np.sqrt(2), rel=0.05)
    spectrum = np.abs(np.fft.rfft(samples[:16_000]))
    assert abs(int(spectrum.argmax()) - 440) <= 2


@pytest.mark.parametrize("rate_hz", RATES)
def test_every_rate_is_heard_in_its_own_time(rate_hz: int) -> None:
    samples = heard(recording("wav", tone(2, rate_hz=rate_hz), rate_hz=rate_hz))
    assert len(samples) / 16_000 == pytest.approx(2, abs=0.02)


def test_a_dead_channel_halves_nothing() -> None:
    one, both = tone(2), np.concatenate([tone(2), silence(2)])
    assert loudness(heard(recording("wav", both))) == pytest.approx(
        loudness(heard(recording("wav", one))), rel=0.02
    )


def test_channels_in_opposite_phase_do_not_cancel() -> None:
    assert loudness(heard(recording("wav", np.concatenate([tone(2), -tone(2)])))) > 0.15


def test_a_voice_that_joins_on_the_other_channel_is_heard() -> None:
    left = np.concatenate([tone(2), silence(2)], axis=1)
    right = np.concatenate([silence(2), tone(2)], axis=1)
    samples = heard(recording("wav", np.concatenate([left, right])))
    assert loudness(samples[: 2 * 16_000]) > 0.15
    assert loudness(samples[2 * 16_000 :]) > 0.1


def _wild() -> Samples:
    samples = np.tile(tone(2, rate_hz=192_000), (8, 1))
    samples[3, ::1000], samples[4, ::1000], samples[5] = np.nan, np.inf, 1e30
    return samples


def test_eight_float_channels_at_192_khz_are_heard_whatever_stands_in_them() -> None:
    content = _wild().T.astype("<f4").tobytes()
    samples = heard(wav(content, rate_hz=192_000, channels=8, bits=32, form=3))
    assert len(samples) / 16_000 == pytest.approx(2, abs=0.01)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"RIFF",
        b"This is a text, whatever its name says.\n" * 50,
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n",
        b"ffconcat version 1.0\nfile '/etc/hostname'\n",
        b"\xff\xfeT\x00e\x00x\x00t\x00",
        b"%PDF-1.7\n",
        b"PK\x03\x04" + bytes(100),
        bytes(5000),
    ],
)
def test_what_is_no_recording_is_refused_with_the_types_there_are(content: bytes) -> None:
    with pytest.raises(AudioTypeUnknownError) as raised:
        decoded(content)
    assert "WAV" in raised.value.details["types"]  # type: ignore[operator]


@pytest.mark.parametrize("kind", KINDS)
def test_a_recording_that_broke_off_is_refused(kind: str) -> None:
    content = recording(kind, tone(20))
    assert cause_of(content[: len(content) // 2]) in ("truncated", "damaged")
    assert cause_of(content[:60]) in ("truncated", "damaged", "empty")


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (wav(b""), "empty"),
        (wav(bytes(32_000), claimed=115_200_000), "truncated"),
        (wav(bytes(32_000), channels=300), "channels"),
        (wav(bytes(32_000), channels=0), "damaged"),
        (wav(bytes(32_000), rate_hz=0), "damaged"),
        (wav(bytes(32_000), rate_hz=10_000_000), "sample_rate"),
    ],
)
def test_a_header_that_lies_is_refused(content: bytes, cause: str) -> None:
    assert cause_of(content) == cause


@pytest.mark.parametrize(("kind", "cause"), [("flac", "damaged"), ("ogg-opus", "truncated")])
def test_bytes_that_changed_on_the_way_are_not_taken_for_speech(kind: str, cause: str) -> None:
    content = bytearray(recording(kind, tone(20)))
    content[4_000::997] = bytes(byte ^ 0x5A for byte in content[4_000::997])
    assert cause_of(bytes(content)) == cause


@pytest.mark.parametrize("claimed", [0, 0x7FFFFFFF, 0xFFFFFFF0, 0xFFFFFFFF])
def test_a_wav_of_a_recorder_that_could_not_go_back_is_heard(claimed: int) -> None:
    assert len(decoded(wav(bytes(32_000), claimed=claimed))) == 32_000


def test_a_film_is_heard_and_its_pictures_are_not_decoded() -> None:
    import av

    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        pictures = container.add_stream("mpeg4", rate=10)
        pictures.width = pictures.height = 64
        sound = container.add_stream("aac", rate=48_000, layout="mono")
        for _ in range(10):
            container.mux(pictures.encode(av.VideoFrame(64, 64, "yuv420p")))
        frame = av.AudioFrame.from_ndarray(tone(1), format="fltp", layout="mono")
        frame.sample_rate = 48_000
        container.mux(sound.encode(frame))
        container.mux(pictures.encode(None))
        container.mux(sound.encode(None))
    assert len(decoded(file.getvalue())) / BYTES_PER_S == pytest.approx(1, abs=0.05)


def test_a_day_of_silence_is_given_up_at_the_limit_in_bounded_memory() -> None:
    """The decoder is asked for five minutes of it, as the door asks, and holds a few seconds at a time."""
    content = recording("flac", silence(3600, rate_hz=8_000), rate_hz=8_000)
    taken, started = 0, time.monotonic()
    pieces = DECODER.decode([content], limit_s=300.0, deadline_s=30)
    with pytest.raises(AudioTooLongError) as raised:  # noqa: PT012
        for piece in pieces:
            taken += len(piece)
    assert raised.value.details["limit_s"] == 300.0
    assert taken <= 300 * BYTES_PER_S
    assert time.monotonic() - started < 10


def test_a_recording_longer_than_the_limit_by_little_is_too_long_and_one_as_long_is_not() -> None:
    assert len(decoded(wav(bytes(5 * BYTES_PER_S)), limit_s=5.0)) == 5 * BYTES_PER_S
    with pytest.raises(AudioTooLongError):
        decoded(wav(bytes(5 * BYTES_PER_S + 3200)), limit_s=5.0)
