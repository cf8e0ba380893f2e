"""The mark of what only an uploaded document says, in every sentence that stands on it."""

from __future__ import annotations

from dataclasses import replace

from hntai.domain.chart.values import DOCUMENT, Chart, DocumentSource
from hntai.domain.chart.wording import PER_DOCUMENT, said_source
from hntai.domain.statements import Statement


def marked(chart: Chart, statement: Statement) -> Statement:
    """The statement with the mark, where it stands on a document and does not say so yet.

    Lists mark their entries, one by one; what a rule concludes and what a model writes is marked here,
    whatever words either chose.
    """
    if not chart.documents:
        return statement
    only = chart.once(_only_in_documents)
    sources = tuple(dict.fromkeys(only[r] for r in statement.references if r in only))
    if not sources:
        return statement
    days = chart.days(*(source.at for source in sources))
    statement = replace(statement, dates=tuple(dict.fromkeys((*statement.dates, *days))))
    if PER_DOCUMENT in statement.text:
        return statement
    told = "; ".join(said_source(chart, source) for source in sources)
    part = "" if all(reference in only for reference in statement.references) else "in part "
    return replace(statement, text=f"{statement.text.rstrip('.')} ({part}{told}).")


def _only_in_documents(chart: Chart) -> dict[str, DocumentSource]:
    """The references of facts that no record says, and the document of each."""
    groups = (
        chart.problems, chart.orders, chart.allergies, chart.results, chart.immunizations, chart.procedures,
    )  # fmt: skip
    found: dict[str, DocumentSource] = {}
    for fact in (fact for group in groups for fact in group):
        source = chart.source_of(fact.references)
        if source:
            found |= {reference: source for reference in fact.references if reference.startswith(DOCUMENT)}
    return found
