"""Documents and recordings: what is sent, kept, read, heard, and the states of their jobs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from hntai.adapters.clock import utc_now
from hntai.bootstrap.core import CoreParts
from hntai.config import required
from hntai.domain.jobs import JobId, JobKind
from hntai.ports import AudioDecoder, DocumentReader

if TYPE_CHECKING:
    from hntai.adapters.blobs import S3Blobs
    from hntai.services.document_steps.assemble_document import AssembleDocument
    from hntai.services.document_steps.end_document import EndDocument
    from hntai.services.document_steps.prepare_document import PrepareDocument
    from hntai.services.document_steps.recognise_pages import RecognisePages
    from hntai.services.documents.document_store import DocumentStore
    from hntai.services.file_store import FileStore
    from hntai.services.start_file_job import StartFileJob
    from hntai.services.start_upload import StartUpload
    from hntai.services.transcribe_audio import TranscribeAudio
    from hntai.services.transcription.keep_transcript import KeepTranscript
    from hntai.services.transcription.start_transcription import StartTranscription
    from hntai.services.transcription_steps.assemble_transcript import AssembleTranscript
    from hntai.services.transcription_steps.end_transcription import EndTranscription
    from hntai.services.transcription_steps.prepare_audio import PrepareAudio
    from hntai.services.transcription_steps.transcribe_windows import TranscribeWindows
    from hntai.services.upload_document import UploadDocument


class FileParts(CoreParts):
    """Built when asked for, as all parts are."""

    @cached_property
    def blobs(self) -> S3Blobs:
        from hntai.adapters.blobs import S3Blobs

        return S3Blobs(required(self.settings, "uploads_bucket"))

    @cached_property
    def file_store(self) -> FileStore:
        from hntai.services.file_store import FileStore

        return FileStore(self.blobs, self.sealer)

    @cached_property
    def audio_decoder(self) -> AudioDecoder:
        from hntai.adapters.audio_decoder import ChildAudioDecoder

        return ChildAudioDecoder()

    def start_upload(self) -> StartUpload:
        from hntai.services.start_upload import StartUpload

        return StartUpload(self.blobs, self.digests, self.settings.max_upload_bytes)

    @cached_property
    def document_store(self) -> DocumentStore:
        from hntai.services.documents.document_store import DocumentStore

        return DocumentStore(self.blobs, self.sealer, self.digests, utc_now)

    def upload_document(self) -> UploadDocument:
        from hntai.services.upload_document import UploadDocument

        return UploadDocument(
            reader=self.document_reader,
            start=self._start_file_job("document_machine_arn", (JobKind.DOCUMENT,), self.end_document().fail),
            uploads=self.file_store,
            documents=self.document_store,
            audit=self.audit,
            digests=self.digests,
            clock=utc_now,
            retention=timedelta(days=self.settings.retained_document_days),
        )

    def transcribe_audio(self) -> TranscribeAudio:
        from hntai.services.transcribe_audio import TranscribeAudio

        return TranscribeAudio(
            decoder=self.audio_decoder,
            store=self.file_store,
            speech=self.speech_model,
            start=self.start_transcription(),
            audit=self.audit,
            digests=self.digests,
            clock=utc_now,
            max_upload_bytes=self.settings.max_upload_bytes,
            retention=timedelta(days=self.settings.retained_audio_days),
            keep=self.keep_transcript(),
        )

    def keep_transcript(self) -> KeepTranscript:
        from hntai.services.transcription.keep_transcript import KeepTranscript

        retention = timedelta(days=self.settings.retained_document_days)
        return KeepTranscript(self.document_store, utc_now, retention)

    def start_transcription(self) -> StartTranscription:
        from hntai.services.transcription.start_transcription import StartTranscription

        kinds = (JobKind.TRANSCRIPTION, JobKind.AUDIO_EXTRACTION)
        start = self._start_file_job("transcription_machine_arn", kinds, self.end_transcription().fail)
        return StartTranscription(start, self.digests)

    def _start_file_job(
        self, machine: str, kinds: Sequence[JobKind], fail: Callable[[JobId, str], object]
    ) -> StartFileJob:
        """machine: the setting that names it. fail: how jobs of these kinds are ended."""
        from hntai.adapters.workflow import run_starter
        from hntai.services.start_file_job import StartFileJob
        from hntai.services.sweep_runs import SweepRuns

        return StartFileJob(
            self.jobs,
            self.workspace,
            self.run_events,
            self.file_store,
            run_starter(required(self.settings, machine)),
            utc_now,
            SweepRuns(self.jobs, kinds, fail, utc_now),
        )

    @cached_property
    def document_reader(self) -> DocumentReader:
        from hntai.adapters.document_reader import ChildDocumentReader

        return ChildDocumentReader(max_chars=self.settings.max_text_chars)

    def prepare_document(self) -> PrepareDocument:
        from hntai.services.document_steps.prepare_document import PrepareDocument

        return PrepareDocument(self.step, self.file_store, self.document_reader, self.digests)

    def recognise_pages(self) -> RecognisePages:
        from hntai.services.document_steps.recognise_pages import RecognisePages

        return RecognisePages(self.step, self.file_store, self.document_reader)

    def assemble_document(self) -> AssembleDocument:
        from hntai.services.document_steps.assemble_document import AssembleDocument

        retention = timedelta(days=self.settings.retained_document_days)
        return AssembleDocument(self.step, self.document_store, retention, self.settings.max_text_chars)

    def end_document(self) -> EndDocument:
        from hntai.services.document_steps.end_document import EndDocument

        return EndDocument(self.step, self.file_store, self.document_store, self.audit, self.digests)

    def prepare_audio(self) -> PrepareAudio:
        from hntai.services.transcription_steps.prepare_audio import PrepareAudio

        return PrepareAudio(self.step, self.file_store, self.audio_decoder, self.speech_model, self.digests)

    def transcribe_windows(self) -> TranscribeWindows:
        from hntai.services.transcription_steps.transcribe_windows import TranscribeWindows

        return TranscribeWindows(self.step, self.file_store, self.speech_model)

    def assemble_transcript(self) -> AssembleTranscript:
        from hntai.services.transcription_steps.assemble_transcript import AssembleTranscript

        retention = timedelta(days=self.settings.retained_audio_days)
        return AssembleTranscript(self.step, retention, self.keep_transcript())

    def end_transcription(self) -> EndTranscription:
        from hntai.services.transcription_steps.end_transcription import EndTranscription

        keep = self.keep_transcript()
        return EndTranscription(self.step, self.file_store, self.audit, self.digests, keep)
