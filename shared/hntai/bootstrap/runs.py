"""The patient summary: starting and reading runs, and a part for each state."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hntai.adapters.clock import utc_now
from hntai.bootstrap.files import FileParts
from hntai.config import required
from hntai.domain.jobs import JobKind

if TYPE_CHECKING:
    from hntai.services.read_run import ReadRun
    from hntai.services.run_steps.assemble import Assemble
    from hntai.services.run_steps.build_chart import BuildChart
    from hntai.services.run_steps.choose_mode import ChooseMode
    from hntai.services.run_steps.end_run import EndRun
    from hntai.services.run_steps.fetch_record import FetchRecord
    from hntai.services.run_steps.generate_section import GenerateSection
    from hntai.services.run_steps.load_stored_record import LoadStoredRecord
    from hntai.services.run_steps.read_documents import ReadDocuments
    from hntai.services.run_steps.verify_statements import VerifyStatements
    from hntai.services.start_run import StartRun

SECTION_BUDGET_S = 240.0
"""For one call of a model; the state ends after 300 s, and loading takes some of them."""


class RunParts(FileParts):
    """Built when asked for, as all parts are."""

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
