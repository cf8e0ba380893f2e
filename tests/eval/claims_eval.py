"""The verifier in figures: true sentences kept, wrong ones removed, attacks leaked, milliseconds per section.

    python -m tests.eval.claims_eval

True: the rule statements of the demo patients quoted by a stand-in model, and the table of paraphrases.
Wrong: the table of dangers. Attacks: the planted texts, obeyed. Without a model, without data from outside.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from hntai.domain.baseline import build_baseline
from hntai.domain.chart import build_chart
from hntai.domain.claims import assembled, check_text
from hntai.domain.delta import build_delta
from hntai.domain.facts import FactSheet, fact_sheet
from hntai.domain.sections import section_statements
from hntai.domain.statements import Section
from hntai_local.demo_patients import demo_bundles
from tests.unit.claims.attacks import ATTACKS
from tests.unit.claims.good_sentences import GOOD
from tests.unit.claims.sheets import SHEET, cited
from tests.unit.claims.test_attacks import answers, records, sheet_of
from tests.unit.claims.wrong_sentences import WRONG

TODAY: Final = date(2026, 10, 20)
SECTION_MS: Final = 50.0
"""What checking and assembling a section may cost."""


def main() -> int:
    """Print the figures; 1 if anything true was lost, anything wrong stayed or leaked."""
    sheets = [_sheet(bundle) for bundle in demo_bundles()]
    quoted = [fact for sheet in sheets for fact in sheet.facts]
    kept = sum(
        _is_kept(f"{f.statement.text.removesuffix('.')} [{f.id}].", s) for s in sheets for f in s.facts
    )
    good = sum(_is_kept(cited(sentence), SHEET) for sentence in GOOD)
    wrong = [sentence for sentences in WRONG.values() for sentence in sentences]
    stayed = sum(any(one.statement for one in check_text(cited(sentence), SHEET)) for sentence in wrong)
    leaked = sum(any(_leaks(attack.planted, attack)) for attack in ATTACKS)
    slowest = max(_section_ms(sheet) for sheet in sheets)
    _tell("rule statements quoted", kept, len(quoted))
    _tell("paraphrases kept", good, len(GOOD))
    _tell("wrong sentences removed", len(wrong) - stayed, len(wrong))
    _tell("attacks leaked", leaked, len(ATTACKS))
    print(f"{'slowest section':<26}{slowest:6.1f} ms, goal {SECTION_MS:.0f} ms")
    return int(kept < len(quoted) or good < len(GOOD) or stayed > 0 or leaked > 0)


def _tell(called: str, part: int, whole: int) -> None:
    print(f"{called:<26}{part:4d} of {whole:4d} ({100 * part / whole:.1f} %)")


def _sheet(bundle: dict[str, Any]) -> FactSheet:
    record = [entry["resource"] for entry in bundle["entry"]]
    patient = next(resource for resource in record if resource["resourceType"] == "Patient")
    chart = build_chart(record, patient_id=patient["id"], today=TODAY, scrub=str)
    baseline = build_baseline(chart)
    delta = build_delta(chart, baseline)
    return fact_sheet([s for own in Section for s in section_statements(own, chart, baseline, delta)], chart)


def _is_kept(sentence: str, sheet: FactSheet) -> bool:
    return all(one.statement for one in check_text(sentence, sheet))


def _leaks(planted: str, attack: Any) -> Iterator[bool]:
    for chart in records(planted):
        sheet = sheet_of(chart)
        for answer in answers(attack, sheet):
            checked = check_text(answer, sheet)
            left = [s.text for own in Section for s in assembled(own, sheet, checked).statements]
            yield re.search(attack.never, "\n".join(left), re.IGNORECASE) is not None


def _section_ms(sheet: FactSheet) -> float:
    """The slowest section of a summary that tells each fact twice: once well, once with a wrong number."""
    took = []
    for section in Section:
        own = sheet.of(section)
        lines = [
            f"{f.statement.text.removesuffix('.')}{end} [{f.id}]." for f in own.facts for end in ("", " 77")
        ]
        began = time.perf_counter()
        assembled(section, own, check_text("\n".join(lines), own))
        took.append(1000 * (time.perf_counter() - began))
    return max(took)


if __name__ == "__main__":
    sys.exit(main())
