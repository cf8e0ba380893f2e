"""TranscribeWindows: the words of one piece, beside others; what it says, sealed, for the whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Final, TypedDict

from hntai.domain.audio_pieces import moved
from hntai.domain.errors import RecordMissingError
from hntai.domain.jobs import JobId
from hntai.domain.speech import SpeechSegment
from hntai.ports import SpeechModel
from hntai.services.file_store import FileStore, piece_place
from hntai.services.run_steps.step import StepPorts
from hntai.services.transcription_steps.prepare_audio import PREPARED, piece_of

SEGMENTS: Final = "segments/"
"""Kind of the working documents, one a piece; its place follows."""
BUDGET_S: Final = 780.0
"""For one piece; the state ends after 840 s, and loading the model takes some of them."""
_FIRST_PERCENT, _LAST_PERCENT = 10, 90


class TranscribedWindows(TypedDict):
    """The state's output, one piece of it."""

    piece: int
    windows: int
    segments: int


@dataclass(frozen=True, slots=True)
class TranscribeWindows:
    """Transcribes a piece; asked again, it says that it did."""

    step: StepPorts
    store: FileStore
    speech: Callable[[], SpeechModel]

    def __call__(self, job_id: JobId, place: int) -> TranscribedWindows:
        """Raises ModelError, BlobsUnavailableError."""
        piece = piece_of(self.step.workspace.get(job_id, PREPARED), place)
        try:
            kept = self.step.workspace.get(job_id, f"{SEGMENTS}{place}")
        except RecordMissingError:
            kept = [asdict(segment) for segment in self._segments(job_id, place)]
            self.step.workspace.put(job_id, f"{SEGMENTS}{place}", kept)
        self._tell(job_id, place, len(piece.windows))
        return {"piece": place, "windows": len(piece.windows), "segments": len(kept)}

    def _segments(self, job_id: JobId, place: int) -> list[SpeechSegment]:
        piece = piece_of(self.step.workspace.get(job_id, PREPARED), place)
        pcm = b"".join(self.store.fetch(piece_place(job_id, place)))
        segments: list[SpeechSegment] = []
        found = self.speech().transcribe(pcm, piece.windows, deadline_s=BUDGET_S)
        for windows_done, window in enumerate(found, 1):
            segments += (moved(segment, piece.start_s) for segment in window)
            if windows_done < len(piece.windows):
                self._tell(job_id, place, windows_done)
        return segments

    def _tell(self, job_id: JobId, place: int, windows_done: int) -> None:
        """How far this piece is, and by how many pieces are done how far the whole is."""
        pieces = len(self.step.workspace.get(job_id, PREPARED)["pieces"])
        done = self.step.workspace.count(job_id, SEGMENTS)
        percent = _FIRST_PERCENT + (_LAST_PERCENT - _FIRST_PERCENT) * done // pieces
        self.step.tell(
            job_id, percent, "transcribe_windows", piece=place, pieces=pieces, windows=windows_done
        )


def read_segments(step: StepPorts, job_id: JobId, places: list[int]) -> list[SpeechSegment]:
    """Those of all pieces, in order."""
    kept = [step.workspace.get(job_id, f"{SEGMENTS}{place}") for place in sorted(places)]
    return [SpeechSegment(**segment) for piece in kept for segment in piece]
