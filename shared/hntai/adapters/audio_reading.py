"""Decoding with FFmpeg's libraries, by PyAV, frame by frame: 16 kHz mono out of whatever was recorded.

Runs in audio_child alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from os import SEEK_END
from typing import IO, Any, Final

import av
import numpy as np
from av.error import FFmpegError

from hntai.adapters.audio_mixing import ChannelMix, Samples, to_pcm
from hntai.domain.audio_ends import is_ogg_cut, wav_declared_s
from hntai.domain.audio_types import HEAD_BYTES
from hntai.domain.errors import AudioTooLongError, AudioUnreadableError
from hntai.domain.speech import SAMPLE_RATE_HZ

MAX_RATE_HZ: Final = 192_000
MAX_CHANNELS: Final = 8
DECODERS: Final = (
    *("pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le", "pcm_alaw", "pcm_mulaw"),
    *("adpcm_ms", "adpcm_ima_wav", "mp3float", "mp3", "aac", "alac", "flac", "opus", "libopus", "vorbis"),
)
"""Codecs of the types we read, and of dictation machines; what else FFmpeg can do is never set to work."""
EXACT: Final = frozenset({"mov", "flac", "matroska", "ogg"})
"""Demuxers that tell a duration the file itself declares; the others guess it from the bytes there are."""
MISSING_S: Final = 1.0
MISSING_PART: Final = 0.01
"""So much less than declared, by time and by part, is a recording that broke off."""
MAX_BAD_PACKETS: Final = 5
MAX_BAD_PART: Final = 0.02
"""So many packets may be broken, by number or by part."""
GAP_S: Final = 0.5
"""Silence a recorder did not write is put back from here on, so that times hold (Opus with DTX)."""
_HOLDS_TO_CHECKSUMS: Final = {"err_detect": "crccheck+explode"}
"""Without, FFmpeg logs a frame whose checksum is wrong, and plays it."""
_CHUNK: Final = SAMPLE_RATE_HZ
_OGG_TAIL: Final = 1 << 17
"""Twice the longest page."""


class AudioReading:
    """The PCM of a recording; to be iterated once."""

    def __init__(self, recording: IO[bytes], demuxer: str, limit_s: float) -> None:
        self._recording, self._demuxer = recording, demuxer
        self._limit_s, self._most = limit_s, int(limit_s * SAMPLE_RATE_HZ)
        self._mix, self._made, self._first_s = ChannelMix(), 0, 0.0
        self._packets, self._bad, self._is_last_bad = 0, 0, False
        self._resampler: Any = None
        self._form: tuple[object, ...] = ()

    @property
    def duration_s(self) -> float:
        """Decoded so far."""
        return self._made / SAMPLE_RATE_HZ

    def __iter__(self) -> Iterator[bytes]:
        """PCM as hntai.domain.speech has it.

        Raises:
            AudioTooLongError: the limit was decoded, and there is more.
            AudioUnreadableError: cause says why.
        """
        options = {"codec_whitelist": ",".join(DECODERS), "protocol_whitelist": "none"}
        try:
            container: Any = av.open(
                self._recording,
                format=self._demuxer,
                options=options,
                metadata_errors="ignore",
            )
        except (FFmpegError, ValueError, OverflowError) as error:
            raise AudioUnreadableError(cause="damaged") from error
        with container:
            yield from self._read(container)

    def _read(self, container: Any) -> Iterator[bytes]:
        if not container.streams.audio:
            raise AudioUnreadableError(cause="no_audio")
        stream = container.streams.audio[0]
        _checked(stream.codec_context)
        if stream.codec_context.name == "flac":
            stream.codec_context.options = _HOLDS_TO_CHECKSUMS
        for packet in container.demux(stream):
            self._packets += 1
            try:
                frames = packet.decode()
            except FFmpegError:
                self._bad += 1
                self._is_last_bad = True
                continue
            self._is_last_bad = self._is_last_bad and not packet.size
            for frame in frames:
                yield from self._heard(frame)
        yield from self._rest()
        self._judge(self._declared_s(container, stream))

    def _heard(self, frame: Any) -> Iterator[bytes]:
        yield from self._gap(frame)
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        if form != self._form:
            yield from self._rest()
            _within_limits(frame.sample_rate, frame.layout.nb_channels)
            self._form = form
            self._resampler = av.AudioResampler(format="flt", layout=frame.layout, rate=SAMPLE_RATE_HZ)
        frame.pts = None
        for resampled in self._resampler.resample(frame):
            yield self._counted(self._mix(_planes(resampled)))

    def _rest(self) -> Iterator[bytes]:
        """What the resampler still holds."""
        resampler, self._resampler, self._form = self._resampler, None, ()
        for resampled in resampler.resample(None) if resampler else ():
            yield self._counted(self._mix(_planes(resampled)))

    def _gap(self, frame: Any) -> Iterator[bytes]:
        """Silence up to the frame's own time, where the recorder left some out."""
        if frame.time is None:
            return
        if not self._form and not self._made:
            self._first_s = frame.time
        missing = int((frame.time - self._first_s) * SAMPLE_RATE_HZ) - self._made
        while missing > GAP_S * SAMPLE_RATE_HZ:
            silence: Samples = np.zeros(min(missing, _CHUNK), np.float32)
            missing -= len(silence)
            yield self._counted(silence)

    def _counted(self, samples: Samples) -> bytes:
        self._made += len(samples)
        if self._made > self._most:
            raise AudioTooLongError(limit_s=self._limit_s)
        return to_pcm(samples)

    def _judge(self, declared_s: float) -> None:
        """Whether what was decoded is the recording, or only what is left of it."""
        bad = self._bad - self._is_last_bad
        if bad > max(MAX_BAD_PACKETS, MAX_BAD_PART * self._packets) or (self._bad and not self._made):
            raise AudioUnreadableError(cause="damaged", packets=self._packets, unreadable=self._bad)
        if not self._made and not declared_s:
            raise AudioUnreadableError(cause="empty")
        missing_s, decoded_s = declared_s - self.duration_s, round(self.duration_s, 1)
        if missing_s > max(MISSING_S, MISSING_PART * declared_s):
            raise AudioUnreadableError(
                cause="truncated", declared_s=round(declared_s, 1), decoded_s=decoded_s
            )
        if self._is_last_bad or self._is_cut():
            raise AudioUnreadableError(cause="truncated", decoded_s=decoded_s)

    def _declared_s(self, container: Any, stream: Any) -> float:
        """What the file says of itself; 0 where it says nothing."""
        if self._demuxer == "wav":
            self._recording.seek(0)
            return wav_declared_s(self._recording.read(HEAD_BYTES))
        if self._demuxer not in EXACT and not (self._demuxer == "mp3" and self._has_counted_frames()):
            return 0.0
        if stream.duration is not None and stream.time_base is not None:
            return float(stream.duration * stream.time_base)
        return float(container.duration / av.time_base) if container.duration is not None else 0.0

    def _has_counted_frames(self) -> bool:
        """Whether an MP3 opens with the frame in which encoders note how many follow."""
        self._recording.seek(0)
        head = self._recording.read(HEAD_BYTES)
        return b"Xing" in head or b"Info" in head

    def _is_cut(self) -> bool:
        if self._demuxer != "ogg":
            return False
        self._recording.seek(max(0, self._recording.seek(0, SEEK_END) - _OGG_TAIL))
        return is_ogg_cut(self._recording.read(_OGG_TAIL))


def _planes(frame: Any) -> Samples:
    """(channels, samples). Asked for interleaved: PyAV reads past the end of eight planes."""
    planes: Samples = frame.to_ndarray().reshape(-1, frame.layout.nb_channels).T
    return planes


def _checked(codec: Any) -> None:
    if codec.name not in DECODERS:
        raise AudioUnreadableError(cause="codec")
    _within_limits(codec.sample_rate, codec.channels)
    codec.thread_count = 1


def _within_limits(rate_hz: int, channels: int) -> None:
    if rate_hz <= 0 or channels <= 0:
        raise AudioUnreadableError(cause="damaged")
    if rate_hz > MAX_RATE_HZ:
        raise AudioUnreadableError(cause="sample_rate", limit_hz=MAX_RATE_HZ)
    if channels > MAX_CHANNELS:
        raise AudioUnreadableError(cause="channels", limit=MAX_CHANNELS)
