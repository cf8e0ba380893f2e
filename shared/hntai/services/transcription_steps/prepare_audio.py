"""PrepareAudio: the recording decoded as it is read, cut at pauses, its pieces sealed, and itself deleted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final, TypedDict

from hntai.domain.audio_pieces import LIMIT_S, PIECE_S, AudioPiece, cut_at, kept_windows
from hntai.domain.errors import RecordMissingError
from hntai.domain.jobs import JobId
from hntai.domain.speech import BYTES_PER_S, SpeechWindow
from hntai.ports import AudioDecoder, Digests, SpeechModel
from hntai.services.file_store import RETAINED, FileStore, piece_place
from hntai.services.run_steps.step import StepPorts
from hntai.services.run_workspace import TranscriptionRequest
from hntai.services.transcription.hearing import InputDigest

PREPARED: Final = "prepared"
"""Kind of the working document that says what was made of the recording."""
DECODING_S: Final = 780.0
"""For four hours of sound, looking for speech in it included; the state ends after 840 s."""
_PIECE_BYTES: Final = int(PIECE_S) * BYTES_PER_S


class PreparedAudio(TypedDict):
    """The state's output. pieces: places of those in which someone speaks."""

    duration_s: float
    pieces: list[int]
    objects: int


@dataclass(frozen=True, slots=True)
class PrepareAudio:
    """Makes sealed pieces of a recording; asked again, it says what it made."""

    step: StepPorts
    store: FileStore
    decoder: AudioDecoder
    speech: Callable[[], SpeechModel]
    digests: Digests

    def __call__(self, job_id: JobId) -> PreparedAudio:
        """Raises AudioError, UploadMissingError, ModelError."""
        request = self.step.workspace.transcription(job_id)
        try:
            prepared = self.step.workspace.get(job_id, PREPARED)
        except RecordMissingError:
            prepared = self._prepared(job_id, request)
            self.step.workspace.put(job_id, PREPARED, prepared)
        if not request.source.startswith(RETAINED):
            self.store.discard(request.source)
        pieces = [int(piece["place"]) for piece in prepared["pieces"]]
        self.step.tell(job_id, 10, "prepare_audio", pieces=len(pieces), duration_s=prepared["duration_s"])
        return {"duration_s": prepared["duration_s"], "pieces": pieces, "objects": prepared["objects"]}

    def _prepared(self, job_id: JobId, request: TranscriptionRequest) -> dict[str, Any]:
        self.step.jobs.start_fetch(job_id, self.step.clock())
        self.step.jobs.mark_phi_touched(job_id)
        self.step.tell(job_id, 2, "prepare_audio")
        model, digest, started = self.speech(), InputDigest(), time.perf_counter()
        recording = digest.passing(self.store.fetch(request.source))
        pcm = self.decoder.decode(recording, limit_s=LIMIT_S, deadline_s=DECODING_S)
        pieces, duration_s, objects = [], 0.0, 0
        for piece, sound in cut_pieces(pcm, model):
            duration_s += piece.duration_s
            if piece.windows:
                objects += self.store.seal(piece_place(job_id, piece.place), (sound,))
                pieces.append(asdict(piece))
        retained = f"{RETAINED}{request.owner}/{job_id.hex}" if request.is_retained else None
        if retained is not None:
            self.store.seal(retained, self.store.fetch(request.source))
        is_kept = request.source.startswith(RETAINED)
        return {
            "duration_s": round(duration_s, 3),
            "pieces": pieces,
            "objects": objects + (0 if is_kept else len(self.store.listed(request.source))),
            "input_hmac": digest.hmac(self.digests).hex(),
            "language": model.language,
            "model": model.identity.shown,
            "decoding_s": time.perf_counter() - started,
            "prepared_at": self.step.clock().timestamp(),
            "retained": retained,
        }


def cut_pieces(pcm: Iterator[bytes], model: SpeechModel) -> Iterator[tuple[AudioPiece, bytes]]:
    """Pieces of a recording with their sound, in order, together all of it; what is held is one piece.

    Raises:
        ModelFailedError: speech could not be looked for.
    """
    held, start_s, place = bytearray(), 0.0, 0
    for sound in pcm:
        held += sound
        while len(held) > _PIECE_BYTES:
            windows = model.windows(bytes(held[:_PIECE_BYTES]))
            size = 2 * int(cut_at(windows, PIECE_S) * BYTES_PER_S / 2)
            yield _piece(place, start_s, windows, bytes(held[:size]))
            del held[:size]
            place, start_s = place + 1, start_s + size / BYTES_PER_S
    if held:
        yield _piece(place, start_s, model.windows(bytes(held)), bytes(held))


def _piece(place: int, start_s: float, windows: Any, sound: bytes) -> tuple[AudioPiece, bytes]:
    duration_s = len(sound) / BYTES_PER_S
    return AudioPiece(place, start_s, duration_s, kept_windows(windows, duration_s)), sound


def piece_of(prepared: dict[str, Any], place: int) -> AudioPiece:
    """The piece, as it was kept."""
    (found,) = [piece for piece in prepared["pieces"] if piece["place"] == place]
    windows = tuple(SpeechWindow(**window) for window in found["windows"])
    return AudioPiece(place, found["start_s"], found["duration_s"], windows)
