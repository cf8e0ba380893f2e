"""Transcribing: a recording in, what was said out; a job where that takes longer than a caller may wait."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from hntai.contracts.transcript import KeptTranscript, RetainedRecording, TranscriptAnswer
from hntai.domain.audio_pieces import PIECE_S
from hntai.domain.audio_types import HEAD_BYTES, SHOWN, sniffed
from hntai.domain.audit import Outcome
from hntai.domain.errors import (
    AudioError,
    AudioTooLongError,
    AudioTypeUnknownError,
    DependencyError,
    ModelFailedError,
    ModelUnknownError,
    ResourceUnknownError,
    UploadTooLargeError,
)
from hntai.domain.identity import Caller
from hntai.domain.jobs import JobId
from hntai.domain.speech import BYTES_PER_S, SpeechSegment
from hntai.ports import AudioDecoder, AuditLog, Clock, Digests, SpeechModel
from hntai.services.documents.document_store import UploadId
from hntai.services.file_store import RETAINED, UPLOADS, FileStore, is_owned, owner_part
from hntai.services.start_upload import check_direct
from hntai.services.trail import Trail
from hntai.services.transcription.audit_rows import OPERATIONS, deleted
from hntai.services.transcription.hearing import (
    Answer,
    Heard,
    InputDigest,
    Written,
    write,
)
from hntai.services.transcription.keep_transcript import KeepTranscript
from hntai.services.transcription.start_transcription import AudioOptions, StartTranscription

BUDGET_S: Final = 23.0
"""Of the API's 30 s: the rest is for a cold start, scrubbing, the audit row, and handing over to a job."""
DECODING_S: Final = 12.0
"""For at most five minutes of sound."""
AT_ONCE_BYTES: Final = 32 << 20
"""An upload of more is a job without being looked at further."""
BAKE: Final = 'make models MODELS="whisper-base silero-vad" bakes one'
_ENOUGH_S: Final = 2.0
"""Of work, before how long the rest will take is judged by it."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What was sent: its bytes, or where it lies."""

    content: bytes | None
    source: str


@dataclass(frozen=True, slots=True)
class TranscribeAudio:
    """Transcribes up to five minutes at once; hands over what is longer, or slower."""

    decoder: AudioDecoder
    store: FileStore
    speech: Callable[[], SpeechModel]
    start: StartTranscription
    audit: AuditLog
    digests: Digests
    clock: Clock
    max_upload_bytes: int
    retention: timedelta
    keep: KeepTranscript
    budget_s: float = BUDGET_S

    def file(self, content: bytes, options: AudioOptions, caller: Caller) -> Answer | JobId:
        """Raises UploadTooLargeError, and as upload does."""
        check_direct(content)
        return self._transcribed(Recording(content, ""), options, caller)

    def upload(self, source: str, options: AudioOptions, caller: Caller) -> Answer | JobId:
        """The answer, or the job that will have it. An upload is gone afterwards, and once it cannot be read.

        Raises:
            ResourceUnknownError: the key is none of the caller's.
            UploadMissingError: nothing lies under it.
            AudioError: it cannot be transcribed.
            ModelUnknownError: no model for speech is baked.
            AuditUnavailableError: then there is no answer.
        """
        if not is_owned(source, owner_part(self.digests, caller.identity)):
            raise ResourceUnknownError
        size = self.store.size(source)
        if size > self.max_upload_bytes:
            self._discard(source, self._trail_of_key(source, caller))
            raise UploadTooLargeError(limit_bytes=self.max_upload_bytes)
        if size <= AT_ONCE_BYTES:
            return self._transcribed(Recording(None, source), options, caller)
        if sniffed(self.store.head(source, HEAD_BYTES)) is None:
            self._discard(source, self._trail_of_key(source, caller))
            raise AudioTypeUnknownError(types=list(SHOWN))
        self._model()
        return self.start(source, options, caller)

    def _transcribed(self, recording: Recording, options: AudioOptions, caller: Caller) -> Answer | JobId:
        started, digest = time.perf_counter(), InputDigest()
        given = recording.source if recording.content is None else recording.content
        pieces: Iterable[bytes] = (
            self.store.fetch(recording.source) if recording.content is None else (recording.content,)
        )
        try:
            passing = digest.passing(pieces)
            pcm = b"".join(self.decoder.decode(passing, limit_s=PIECE_S, deadline_s=DECODING_S))
        except AudioTooLongError:
            self._model()
            return self.start(given, options, caller)
        except AudioError:
            self._discard(recording.source, self._trail(caller, digest))
            raise
        decoding_s, trail, model = time.perf_counter() - started, self._trail(caller, digest), self._model()
        try:
            segments = self._heard(model, pcm, started)
            if segments is None:
                return self.start(given, options, caller)
            heard = Heard(
                segments,
                model.language,
                model.identity.shown,
                len(pcm) / BYTES_PER_S,
                decoding_s,
                time.perf_counter() - started - decoding_s,
            )
            written = write(
                heard, options.kind, is_scrubbed=options.is_scrubbed, total_s=time.perf_counter() - started
            )
        except BaseException:
            self._note(trail, options, Outcome.FAILED, started, None)
            raise
        retained = self._retained(recording, options, caller)
        kept = self._kept(written, options, caller)
        try:
            self._discard(recording.source, trail)
            self._note(trail, options, Outcome.SUCCEEDED, started, written)
        except DependencyError:
            if kept is not None:
                with suppress(DependencyError):
                    self.keep.forget(UploadId(kept.upload_id), caller.identity)
            raise
        return written.answer.model_copy(update={"retained": retained, **({"kept": kept} if kept else {})})

    def _model(self) -> SpeechModel:
        """Raises ModelUnknownError, with what to do about it."""
        try:
            return self.speech()
        except ModelUnknownError as error:
            raise ModelUnknownError(**{**error.details, "advice": BAKE}) from None

    def _heard(self, model: SpeechModel, pcm: bytes, started: float) -> Sequence[SpeechSegment] | None:
        """Every segment; None where there is not time enough for all.

        Raises:
            ModelFailedError: for any other reason.
        """
        windows = model.windows(pcm)
        segments: list[SpeechSegment] = []
        left_s = self.budget_s - (time.perf_counter() - started)
        if not windows or left_s <= 0:
            return None if windows else segments
        all_s, done_s, began = sum(one.end_s - one.start_s for one in windows), 0.0, time.perf_counter()
        try:
            for window, found in zip(windows, model.transcribe(pcm, windows, deadline_s=left_s), strict=True):
                segments += found
                done_s += window.end_s - window.start_s
                took_s = time.perf_counter() - began
                if took_s > _ENOUGH_S and took_s / done_s * all_s > left_s:
                    return None
        except ModelFailedError as error:
            if error.details.get("cause") != "too_slow":
                raise
            return None
        return segments

    def _retained(
        self, recording: Recording, options: AudioOptions, caller: Caller
    ) -> RetainedRecording | None:
        """A sealed copy, where one was asked for."""
        if not options.is_retained:
            return None
        place = f"{RETAINED}{owner_part(self.digests, caller.identity)}/{uuid.uuid4().hex}"
        content = recording.content
        self.store.seal(place, self.store.fetch(recording.source) if content is None else (content,))
        return RetainedRecording(s3_key=place, expires_at=self.clock() + self.retention)

    def _kept(self, written: Written, options: AudioOptions, caller: Caller) -> KeptTranscript | None:
        """The transcript, where that was asked for."""
        if not options.is_kept or not isinstance(written.answer, TranscriptAnswer):
            return None
        return self.keep(UploadId(uuid.uuid4()), caller.identity, written.answer.text)

    def _discard(self, source: str, trail: Trail) -> None:
        """What was uploaded, with its proof; what is retained stays its time."""
        if source.startswith(UPLOADS):
            self.audit.append([deleted(trail, self.store.discard(source), self.clock())])

    def _trail(self, caller: Caller, digest: InputDigest) -> Trail:
        identity = caller.identity
        return Trail(identity.tenant, identity.subject, caller.request_id, digest.hmac(self.digests))

    def _trail_of_key(self, source: str, caller: Caller) -> Trail:
        """Of an upload that was not read."""
        hmac = self.digests("audit-input", source.encode())
        return Trail(caller.identity.tenant, caller.identity.subject, caller.request_id, hmac)

    def _note(
        self, trail: Trail, options: AudioOptions, outcome: Outcome, started: float, written: Written | None
    ) -> None:
        row = trail.row(
            OPERATIONS[options.kind],
            outcome,
            self.clock(),
            {} if written is None else written.counts,
            duration_s=time.perf_counter() - started,
            model="none" if written is None else written.model,
        )
        self.audit.append([row])
