"""What is told behind a procedure or a vaccine: that it was not done, or is still to be done."""

from __future__ import annotations

import re
from typing import Final

from hntai.domain.extraction.entities import Assertion

_COPULA: Final = (
    r"[\s,:(–-]*(?:(?:vaccine|vaccination|shot|series|booster|dose)s? )?"
    r"(?:(?:was|is|are|were|has been|have been|will be|to be|being|not yet|currently) ){0,2}"
)
_ENDS: Final = (
    r"(?=\s*(?:\Z|[.;,)\n\]]|(?:today|tomorrow|this|next|at|by|due|because|until|given|for|in|on|again|pending|"
    r"per|as|since|secondary|now|prior|before|after|with|tonight|when|if|and|but|\d)\b))"
)
_NOT_DONE: Final = re.compile(
    _COPULA
    + r"(?:declined|refused|deferred|postponed|cancell?ed|not (?:done|performed|given|administered|received|"
    r"obtained|offered|tolerated)|aborted|contra-?indicated|withheld|on hold)" + _ENDS,
    re.IGNORECASE,
)
_TO_DO: Final = re.compile(
    _COPULA + r"(?:planned|scheduled|ordered|pending|recommended|arranged|booked|offered|due|"
    r"overdue|needed|requested|"
    r"considered)" + _ENDS,
    re.IGNORECASE,
)
_WAS_DONE: Final = re.compile(
    r"[^.;\n]{0,80}\b(?:show(?:ed|s|ing)|reveal(?:ed|s|ing)|demonstrat(?:ed|es|ing)|confirm(?:ed|s|ing)|negative|positive|"
    r"normal|unremarkable|which was|performed|completed|found|returned|came back|given)\b",
    re.IGNORECASE,
)
_REACH: Final = 120


def told_behind(text: str, end: int) -> Assertion | None:
    """Negated for what was not done, hypothetical for what is to be done; None where neither is told.

    `CT was ordered and showed ...` was done.
    """
    stop = min(len(text), end + _REACH)
    if _NOT_DONE.match(text, end, stop):
        return Assertion.NEGATED
    planned = _TO_DO.match(text, end, stop)
    if planned and not _WAS_DONE.match(text, planned.end(), stop):
        return Assertion.HYPOTHETICAL
    return None
