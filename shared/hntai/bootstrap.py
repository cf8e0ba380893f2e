"""Which adapter serves which port. Heavy adapters are imported where they are built, so that a function
carries only what it runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from hntai.adapters.audit import (
    DurableAuditLog,
    PostgresAuditLog,
    PostgresAuditReader,
    SqsAuditQueue,
    from_message,
)
from hntai.adapters.cache import Cache
from hntai.adapters.clock import utc_now
from hntai.adapters.digests import KeyedDigests
from hntai.adapters.metrics import EmfMetrics, MetricSinks, ValkeyMetrics
from hntai.adapters.postgres import PostgresSession
from hntai.adapters.secrets import secret, secret_bytes
from hntai.config import Settings, read_settings, required
from hntai.domain.jobs import JobId, JobKind
from hntai.ports import (
    AudioDecoder,
    DocumentReader,
    EntryPorts,
    Gate,
    HealthProbe,
    IdentityVerifier,
    ModelShelf,
    SpeechModel,
)

if TYPE_CHECKING:
    from hntai.adapters.blobs import S3Blobs
    from hntai.adapters.in_process import Function, Machine
    from hntai.adapters.jobs import PostgresJobs
    from hntai.adapters.run_events import ValkeyRunEvents
    from hntai.adapters.sealing import KmsSealer
    from hntai.adapters.speech_shelf import SpeechShelf
    from hntai.ports.speech import SpeechModel
    from hntai.services.document_steps.assemble_document import AssembleDocument
    from hntai.services.document_steps.end_document import EndDocument
    from hntai.services.document_steps.prepare_document import PrepareDocument
    from hntai.services.document_steps.recognise_pages import RecognisePages
    from hntai.services.documents.document_store import DocumentStore
    from hntai.services.drain_audit import DrainAudit
    from hntai.services.extract_data import ExtractData
    from hntai.services.file_store import FileStore
    from hntai.services.migrate_schema import MigrateSchema
    from hntai.services.read_run import ReadRun
    from hntai.services.run_steps.assemble import Assemble
    from hntai.services.run_steps.build_chart import BuildChart
    from hntai.services.run_steps.choose_mode import ChooseMode
    from hntai.services.run_steps.end_run import EndRun
    from hntai.services.run_steps.fetch_record import FetchRecord
    from hntai.services.run_steps.generate_section import GenerateSection
    from hntai.services.run_steps.load_stored_record import LoadStoredRecord
    from hntai.services.run_steps.read_documents import ReadDocuments
    from hntai.services.run_steps.step import StepPorts
    from hntai.services.run_steps.verify_statements import VerifyStatements
    from hntai.services.run_workspace import RunWorkspace
    from hntai.services.scrub_text import ScrubText
    from hntai.services.start_file_job import StartFileJob
    from hntai.services.start_run import StartRun
    from hntai.services.start_upload import StartUpload
    from hntai.services.summarize_text import SummarizeText
    from hntai.services.transcribe_audio import TranscribeAudio
    from hntai.services.transcription.keep_transcript import KeepTranscript
    from hntai.services.transcription.start_transcription import StartTranscription
    from hntai.services.transcription_steps.assemble_transcript import AssembleTranscript
    from hntai.services.transcription_steps.end_transcription import EndTranscription
    from hntai.services.transcription_steps.prepare_audio import PrepareAudio
    from hntai.services.transcription_steps.transcribe_windows import TranscribeWindows
    from hntai.services.upload_document import UploadDocument
    from hntai.services.verify_audit import AnchorAudit, VerifyAudit


SECTION_BUDGET_S = 240.0
"""For one call of a model; the state ends after 300 s, and loading takes some of them."""


def answer_in_process(functions: Mapping[str, Function], machines: Mapping[str, Machine]) -> None:
    """What `in-process:NAME` in a setting stands for; to be called before an app that has one is imported."""
    from hntai.adapters.in_process import register_function, register_machine

    for name, function in functions.items():
        register_function(name, function)
    for name, machine in machines.items():
        register_machine(name, machine)


class Parts:
    """The parts of one environment, each built once, when first asked for.

    A part whose setting is missing raises ConfigurationError by the setting's name.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or read_settings()

    @cached_property
    def session(self) -> PostgresSession:
        return self._session("database_url")

    def _session(self, setting: str) -> PostgresSession:
        url = secret(required(self.settings, setting))
        if not self.settings.database_iam:
            return PostgresSession(url)
        from hntai.adapters.rds_sign_in import signed_in

        return PostgresSession(signed_in(url))

    @cached_property
    def cache(self) -> Cache:
        return Cache(secret(required(self.settings, "redis_url")))

    @cached_property
    def digests(self) -> KeyedDigests:
        return KeyedDigests(secret_bytes(required(self.settings, "secret_key")))

    @cached_property
    def sealer(self) -> KmsSealer:
        from hntai.adapters.sealing import KmsSealer

        return KmsSealer(required(self.settings, "kms_key_id"))

    @cached_property
    def audit(self) -> DurableAuditLog:
        queue_url = self.settings.audit_queue_url
        queue = None if queue_url is None else SqsAuditQueue(queue_url)
        return DurableAuditLog(PostgresAuditLog(self.session), queue)

    @cached_property
    def jobs(self) -> PostgresJobs:
        from hntai.adapters.jobs import PostgresJobs

        return PostgresJobs(self.session)

    @cached_property
    def run_events(self) -> ValkeyRunEvents:
        from hntai.adapters.run_events import ValkeyRunEvents

        return ValkeyRunEvents(self.cache, self.sealer)

    @cached_property
    def workspace(self) -> RunWorkspace:
        from hntai.adapters.jobs import PostgresRunDocuments
        from hntai.services.run_workspace import RunWorkspace

        return RunWorkspace(self.jobs, PostgresRunDocuments(self.session), self.sealer)

    @cached_property
    def step(self) -> StepPorts:
        from hntai.services.run_steps.step import StepPorts

        return StepPorts(self.jobs, self.workspace, self.run_events, utc_now)

    @cached_property
    def models(self) -> ModelShelf:
        """The models baked into this image, reported for GET /ready; an empty shelf where there are none."""
        from hntai.adapters.baked_shelf import baked_shelf, model_states
        from hntai.adapters.health import ReportedModels

        shelf = baked_shelf(self.settings.models_dir, self.settings.model_threads)
        function = os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "")
        if function:
            ReportedModels(self.cache, utc_now).report(function, model_states(self.settings.models_dir))
        return shelf

    @cached_property
    def speech_shelf(self) -> SpeechShelf:
        from hntai.adapters.baked_shelf import threads_used
        from hntai.adapters.speech_shelf import SpeechShelf

        return SpeechShelf(self.settings.models_dir, threads_used(self.settings.model_threads))

    def speech_model(self, name: str | None = None) -> SpeechModel:
        """A recogniser of this image, loaded; the default without a name.

        Raises:
            ModelUnknownError: none is baked, or none of that name.
            ModelFailedError: it is baked in part, or cannot be loaded.
        """
        return self.speech_shelf.speech_model(name)

    def close(self) -> None:
        """Gives connections back; the parts connect again when next used."""
        for name in ("session", "cache"):
            if name in self.__dict__:
                self.__dict__[name].close()

    def verifier(self) -> IdentityVerifier:
        """Callers by JWT or API key."""
        from hntai.adapters.api_keys import PostgresApiKeys
        from hntai.adapters.identity import CallerVerifier, KeySet, TokenRules

        settings = self.settings
        rules = TokenRules(settings.jwt_audience, settings.jwt_issuer)
        hs256 = None if settings.jwt_secret_key is None else secret_bytes(settings.jwt_secret_key)
        key_set = None if settings.jwt_jwks_url is None else KeySet(settings.jwt_jwks_url)
        if hs256 is None and key_set is None:
            required(settings, "jwt_secret_key")
        return CallerVerifier(rules, hs256, key_set, PostgresApiKeys(self.session, self.digests, utc_now))

    def entry(self, function: str) -> EntryPorts:
        """What the web entry of a guarded function stands on."""
        from hntai.adapters.idempotency import PostgresIdempotencyRecords
        from hntai.adapters.rate_limit import ValkeyRateLimiter

        limit = self.settings.rate_limit_per_minute
        gate = Gate(
            self.verifier(),
            ValkeyRateLimiter(self.cache, self.digests, utc_now, limit),
            PostgresIdempotencyRecords(self.session, self.digests, lambda: self.sealer, utc_now),
        )
        metrics = MetricSinks(ValkeyMetrics(self.cache), EmfMetrics())
        return EntryPorts(function, metrics, self.settings.origins, gate)

    def open_entry(self, function: str) -> EntryPorts:
        """The same for a function outside the VPC, whose routes check nothing themselves."""
        return EntryPorts(function, EmfMetrics(), self.settings.origins)

    def scrub_text(self) -> ScrubText:
        from hntai.services.scrub_text import ScrubText

        return ScrubText(self.audit, self.digests, utc_now, self.settings.max_text_chars)

    def extract_data(self) -> ExtractData:
        from hntai.services.extract_data import ExtractData

        return ExtractData(
            self.audit, self.digests, utc_now, self.document_store, self.settings.max_text_chars
        )

    def summarize_text(self) -> SummarizeText:
        from concurrent.futures import ThreadPoolExecutor

        from hntai.adapters.kept_answers import ValkeyAnswers
        from hntai.services.summaries.extract import Extract
        from hntai.services.summaries.generate import Generate
        from hntai.services.summarize_text import SummarizeText

        readers, desk, writers = (ThreadPoolExecutor(4, name) for name in ("read", "desk", "write"))
        extract = Extract(self.models, readers, desk)
        return SummarizeText(
            audit=self.audit,
            digests=self.digests,
            clock=utc_now,
            max_chars=self.settings.max_text_chars,
            shelf=self.models,
            extract=extract,
            generate=Generate(extract, writers),
            answers=ValkeyAnswers(self.cache, self.sealer, "summary"),
        )

    def start_run(self) -> StartRun:
        from hntai.adapters.workflow import run_starter
        from hntai.services.start_run import StartRun
        from hntai.services.sweep_runs import SweepRuns

        starter = run_starter(required(self.settings, "state_machine_arn"))
        sweep = SweepRuns(self.jobs, (JobKind.PATIENT_SUMMARY,), self.end_run().fail, utc_now)
        return StartRun(
            self.jobs, self.workspace, self.run_events, starter, utc_now, self.document_store, sweep
        )

    def read_run(self) -> ReadRun:
        from hntai.services.read_run import ReadRun

        return ReadRun(self.jobs, self.workspace, self.run_events, self.audit, self.digests, utc_now)

    def run_events_invoker(self) -> Callable[[dict[str, object]], dict[str, object]]:
        """Sends an HTTP event to the function behind the streaming relay."""
        from hntai.adapters.workflow import invoker

        return invoker(required(self.settings, "run_events_function"))

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

    def fetch_record(self) -> FetchRecord:
        from hntai.adapters.ehr_fhir import FhirEhr
        from hntai.adapters.ehr_turns import ValkeyEhrTurns
        from hntai.adapters.ehr_visits import VisitsEhr
        from hntai.services.run_steps.fetch_record import FetchRecord

        base_url = required(self.settings, "ehr_base_url")
        speaks_visits = self.settings.ehr_format == "visits"
        ehr = VisitsEhr(base_url) if speaks_visits else FhirEhr(base_url)
        return FetchRecord(self.step, ehr, ValkeyEhrTurns(self.cache))

    def load_stored_record(self) -> LoadStoredRecord:
        from hntai.adapters.jobs import PostgresStoredRecords
        from hntai.services.run_steps.load_stored_record import LoadStoredRecord

        return LoadStoredRecord(self.step, PostgresStoredRecords(self.session), self.digests)

    def read_documents(self) -> ReadDocuments:
        from hntai.services.run_steps.read_documents import ReadDocuments

        return ReadDocuments(self.step, self.document_store, self.settings.max_text_chars)

    def build_chart(self) -> BuildChart:
        from hntai.adapters.jobs import PostgresStoredRecords
        from hntai.services.run_steps.build_chart import BuildChart

        return BuildChart(self.step, PostgresStoredRecords(self.session), self.digests)

    def choose_mode(self) -> ChooseMode:
        from hntai.services.run_steps.choose_mode import ChooseMode

        return ChooseMode(self.step, self.models)

    def generate_section(self) -> GenerateSection:
        from hntai.services.run_steps.generate_section import GenerateSection
        from hntai.services.run_steps.model_sections import ModelSections

        return GenerateSection(self.step, ModelSections(self.models, SECTION_BUDGET_S))

    def verify_statements(self) -> VerifyStatements:
        from hntai.services.run_steps.verify_statements import VerifyStatements

        return VerifyStatements(self.step)

    def assemble(self) -> Assemble:
        from hntai.services.run_steps.assemble import Assemble

        return Assemble(self.step)

    def end_run(self) -> EndRun:
        from hntai.services.run_steps.end_run import EndRun

        return EndRun(self.step, self.audit, self.digests)

    def probes(self) -> Sequence[HealthProbe]:
        from hntai.adapters.health import PostgresProbe, ReportedModels, ValkeyProbe

        return (PostgresProbe(self.session), ValkeyProbe(self.cache), ReportedModels(self.cache, utc_now))

    def drain_audit(self) -> DrainAudit:
        """Into PostgreSQL only: a row must not go round in the queue."""
        from hntai.services.drain_audit import DrainAudit

        return DrainAudit(PostgresAuditLog(self.session), from_message)

    def anchor_audit(self) -> AnchorAudit:
        from hntai.adapters.anchors import S3AuditAnchors
        from hntai.services.verify_audit import AnchorAudit

        anchors = S3AuditAnchors(required(self.settings, "audit_anchor_bucket"), self.digests)
        return AnchorAudit(PostgresAuditReader(self.session), anchors, utc_now)

    @cached_property
    def auditor_session(self) -> PostgresSession:
        """As the role that may read the audit; the functions' own may not."""
        return self._session("auditor_database_url")

    def verify_audit(self) -> VerifyAudit:
        from hntai.adapters.anchors import S3AuditAnchors
        from hntai.services.verify_audit import VerifyAudit

        anchors = S3AuditAnchors(required(self.settings, "audit_anchor_bucket"), self.digests)
        return VerifyAudit(PostgresAuditReader(self.auditor_session), anchors, utc_now)

    def migrate_schema(self) -> MigrateSchema:
        from hntai.adapters.migrations import PostgresSchema
        from hntai.adapters.named_sql import sql_folder
        from hntai.services.migrate_schema import MigrateSchema

        owner_url = secret(required(self.settings, "owner_database_url"))
        return MigrateSchema(PostgresSchema(owner_url, sql_folder() / "migrations"))
