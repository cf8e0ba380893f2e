"""The words that say what is done with a medicine: started, stopped, held, changed, continued."""

from __future__ import annotations

import re
from typing import Final

from hntai.domain.extraction.words import form, form_set

_STATUSES: Final = {
    "started": "start started starting begin began begun initiate initiated initiating add added adding "
    "prescribe prescribed prescribing commenced restart restarted resume resumed reintroduced "
    "loaded given",
    "stopped": "stop stopped stopping discontinue discontinued discontinuing dc'd d/c d/c'd dc quit off "
    "finished completed ceased",
    "held": "hold held holding withhold withheld paused",
    "changed": "inc increase increased increasing decrease decreased decreasing reduce reduced "
    "reducing change "
    "changed changing titrate titrated uptitrated switch switched switching taper tapered tapering adjust "
    "adjusted double doubled lowered raised",
    "continued": "continue continued continues continuing taking takes take remain remains maintained using "
    "uses on",
}
STATUS_OF: Final = {form(word): status for status, words in _STATUSES.items() for word in words.split()}
SWITCHES: Final = form_set("switch switched switching change changed changing transition transitioned")
_ENDS: Final = r"\s*(?:\Z|[.;)\]\n])"
_IS_SAID: Final = (
    rf"{_ENDS}|\s*,|\s+(?:x ?\d|for (?:\d|now|today|tonight|the)|until|pending|due|"
    rf"because|given|in the|in setting|"
    r"tonight|today|tomorrow|this|at this|on admission)\b"
)
"""Behind `hold` where it is no condition: `hold until seen`."""
BEHIND: Final = re.compile(
    r"[\s,:(–-]*(?:for [a-z][a-z ]{1,24}? )?(?P<copula>(?:which |that )?"
    r"(?:therapy |treatment |drip |infusion |dose |"
    r"dosage )?(?:has |have |had "
    r")?(?:also |both |all )?(?:been|was|were|is|are|be|being)\s+)?(?:now |"
    r"then |recently |since )?"
    r"(?P<what>d/c(?:'d|’d|ed)?|dc(?:'d|’d|ed)|discontinued|stopped|held|on hold|paused|withheld|"
    r"started|restarted|resumed|"
    r"initiated|added|increased|decreased|reduced|changed|adjusted|lowered|raised|doubled|tapered|titrated|continued|given|"
    rf"hold(?={_IS_SAID})|stop(?={_ENDS})|d/?c(?={_ENDS}))(?![a-z])",
    re.IGNORECASE,
)
CLOSES: Final = re.compile(_ENDS)
MANY: Final = re.compile(r"\b(?:were|are|have|both|all)\b", re.IGNORECASE)
CURRENT: Final = form_set("on takes taking using")
LEADS: Final = form_set(
    "not no longer never been being currently if was were previously formerly had has is are "
    "denies now still "
    "already remain remains maintained started put placed off while should when until unless "
    "used to isn't wasn't"
)
"""Words just before `on` that say whether it is so: `no longer on`."""
PAST: Final = form_set("was were previously formerly used")
GOVERNING: Final = form_set(
    "no not without denies of on taking to with her his their the a an home oral iv for "
    "refuses refused declined "
    "never need needs consider recommend add give or nor new dose possible any prior previous prn including"
)
GIVEN_TO: Final = form_set("was were been is being be patient pt he she and then also they")
