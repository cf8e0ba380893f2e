"""What was left out of a chart and why, in sentences of our own that carry counts only."""

from __future__ import annotations

from collections.abc import Mapping

_SENTENCES = {
    "other_patient": "Left out because another patient is named: {n}.",
    "unnamed_patient": "Taken as this patient's although no patient is named: {n}.",
    "misshapen": "Left out because they do not have the shape of an entry: {n}.",
    "entered_in_error": "Left out because marked as entered in error: {n}.",
    "refuted": "Left out because the diagnosis or allergy was refuted: {n}.",
    "not_ordered": "Drug entries left out because cancelled, only proposed or not taken: {n}.",
    "nameless": "Left out because no drug, diagnosis or result is named: {n}.",
    "valueless": "Results left out because no value can be read: {n}.",
    "after_today": "Left out because dated in the future, after every encounter: {n}.",
    "undated": "Results left out because no date is recorded: {n}.",
    "text_withheld": "Texts withheld because they do not read like a name: {n}.",
    "implausible": "Results kept out of trends and rules because implausible: {n}.",
    "conflicting": "Results kept out of trends and rules because another stands at the same time: {n}.",
    "unit": "Results kept out of trends and rules because their unit cannot be compared: {n}.",
    "no_unit": "Results kept out of trends and rules because their unit is missing: {n}.",
    "no_encounter": "No encounter is recorded.",
    "empty": "No clinical entries are recorded for this patient.",
    "document_not_present": "Said in uploaded documents as absent, past, planned or only thought of, or of"
    " relatives and habits, and not taken over: {n}.",
    "document_undated": "Said in uploaded documents without the day it needs, and not taken over: {n}.",
    "document_withheld": "Left out of uploaded documents, as part of a name or number of someone: {n}.",
    "document_order": "Left out of uploaded documents, from sentences that tell a writer what to write: {n}.",
    "document_more": "Left out of uploaded documents, as more than 2,000 of one: {n}.",
    "document_conflicts": "Further contradictions between uploaded documents and the record: {n}.",
    "document_old_drug": "Drugs of uploaded documents over 12 months old, not taken over: {n}.",
    "future_encounter": "The newest encounter is dated in the future.",
}
"""Reasons in the order they are told; a reason without a sentence is only counted."""

DOUBTS = ("implausible", "conflicting", "unit", "no_unit")
"""Reasons that concern results which are still shown, with their doubt."""


def warning_sentences(left_out: Mapping[str, int]) -> tuple[str, ...]:
    """One sentence for each reason that occurred."""
    told = ((sentence, left_out.get(reason, 0)) for reason, sentence in _SENTENCES.items())
    return tuple(sentence.format(n=count) for sentence, count in told if count)
