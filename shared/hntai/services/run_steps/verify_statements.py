"""VerifyStatements: the last gate. No statement may carry an identifier the record knows."""

from __future__ import annotations

from dataclasses import dataclass

from hntai.domain.deidentification import DeidentificationOptions, Policy, deidentify
from hntai.domain.jobs import JobId
from hntai.domain.statements import Statement
from hntai.services.run_steps.build_chart import known_from_json
from hntai.services.run_steps.generate_section import read_statements, write_statements
from hntai.services.run_steps.step import KNOWN, StepPorts


@dataclass(frozen=True, slots=True)
class VerifyStatements:
    """Drops what the scrubber would still change, and counts it."""

    step: StepPorts

    def __call__(self, job_id: JobId) -> dict[str, int]:
        known = known_from_json(self.step.workspace.get(job_id, KNOWN))
        options = DeidentificationOptions(policy=Policy.limited_dataset, known=known)
        statements = read_statements(self.step, job_id)
        kept = [statement for statement in statements if _is_clean(statement, options)]
        if len(kept) < len(statements):
            write_statements(self.step, job_id, kept)
        self.step.tell(job_id, 90, "verify")
        return {"statements": len(kept), "removed": len(statements) - len(kept)}


def _is_clean(statement: Statement, options: DeidentificationOptions) -> bool:
    return not any(span.recognizer.startswith("known") for span in deidentify(statement.text, options).spans)
