"""Which dose is meant: the one a later word gives, each of a mixture at its own drug."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from hntai.domain.extraction.drug_table import Drug
from hntai.domain.extraction.medication_course import dosed_at, dosed_next
from hntai.domain.extraction.sig import Sig, read_sig
from hntai.domain.extraction.words import Words

_MIXTURE: Final = re.compile(r"(\d+(?:\.\d+)?)[-/](\d+(?:\.\d+)?)")


def parted(words: Words, listed: list[tuple[Drug, Sig]]) -> list[tuple[Drug, Sig]]:
    """With the doses of a mixture each at its own drug: `hydrocodone-acetaminophen 5-325 mg`."""
    for place, ((drug, sig), (other, both)) in enumerate(pairwise(listed)):
        strengths = _MIXTURE.fullmatch(both.dose)
        gap = words.text[words.ends[drug.last - 1] : words.starts[other.first]].strip()
        if strengths and not sig.dose and gap in ("/", "-", "–"):
            listed[place] = (drug, both._replace(end=sig.end, dose=strengths[1]))
            listed[place + 1] = (other, both._replace(dose=strengths[2]))
    return listed


def dosed_later(text: str, sig: Sig, end: int, stop: int) -> Sig:
    """With the dose it has now, where a later word gives it; where its sig ends stays as it is."""
    at = dosed_next(text, end, stop) if sig.dose else dosed_at(text, end, stop)
    later = read_sig(text, at, stop) if at is not None else None
    if later is None or not later.dose:
        return sig
    now = later._replace(end=sig.end, route=later.route or sig.route, form=later.form or sig.form)
    return now if now.frequency or not sig.dose else now._replace(frequency=sig.frequency, times=sig.times)
