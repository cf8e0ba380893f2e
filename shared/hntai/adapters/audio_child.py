"""The child a recording is decoded in: `python -m hntai.adapters.audio_child DEMUXER LIMIT_S BYTES CPU_S`.

Standard input is the recording, a seekable file; standard output takes the PCM; standard error one line of
JSON that says how it ended. It opens no other file: its demuxer is given, protocols and playlists are not
asked for, and once its libraries are loaded the kernel lets it open nothing more and write no file.
"""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Final

from hntai.adapters.confinement import confine, moved_streams, report
from hntai.domain.errors import AudioError, AudioTooLongError, AudioUnreadableError

if TYPE_CHECKING:
    from hntai.adapters.audio_reading import AudioReading

KNOWN: Final = {error.__name__: error for error in (AudioTooLongError, AudioUnreadableError)}
"""What a child may report."""
_FEW_SAMPLES: Final = (
    b"RIFF\x2c\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x80\x3e\x00\x00"
    b"\x00\x7d\x00\x00\x02\x00\x10\x00data\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
)
"""A WAV of four samples."""


def main() -> None:
    """Decodes the one recording."""
    demuxer, limit_s, memory_bytes, cpu_s = sys.argv[1:5]
    recording, pcm, told = moved_streams()
    try:
        reading = _confined_reading(recording, demuxer, float(limit_s), (int(memory_bytes), int(cpu_s)))
        for samples in reading:
            pcm.write(samples)
        pcm.flush()
        report(told, {"duration_s": reading.duration_s})
    except BrokenPipeError:
        os._exit(0)
    except MemoryError:
        report(told, AudioUnreadableError(cause="out_of_memory"))
    except AudioError as error:
        with suppress(BrokenPipeError):
            pcm.flush()
        report(told, error)
    os._exit(0)


def _confined_reading(
    recording: IO[bytes], demuxer: str, limit_s: float, limits: tuple[int, int]
) -> AudioReading:
    """Begun with a recording of our own: every module is loaded before none can be opened any more."""
    from hntai.adapters.audio_reading import AudioReading

    tuple(AudioReading(io.BytesIO(_FEW_SAMPLES), "wav", 1.0))
    confine(*limits)
    return AudioReading(recording, demuxer, limit_s)


if __name__ == "__main__":
    main()
