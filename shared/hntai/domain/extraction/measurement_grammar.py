"""Values behind the names of results as patterns; each is bounded, so that no text makes one slow."""

from __future__ import annotations

import re
from typing import Final

from hntai.domain.lexicons import ordered

_NUMBER: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_SPOKEN: Final = (
    r"(?:(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"sixteen|seventeen|eighteen|"
    r"nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|oh|and)\b[ -]?){1,6}"
    r"(?:point(?: "
    r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)){1,2})?"
)
_UNIT: Final = "|".join(ordered("measured_units"))
_JOIN: Final = (
    rf"(?:[\s:=*,(\[–-]|\b(?:from (?:{_NUMBER})\s?%? to|"
    r"of|is|was|were|are|at|level|levels|value|count|result|measured|"
    r"measures|measuring|to be|noted|remains?|still|"
    r"today|currently|around|about|approximately|up to|down to|up|down|to|from|elevated|low|high|"
    r"normal|stable|steady|unchanged|initial|initially|found|reading|peaked|peak|nadir|"
    r"(?:fell|rose|dropped|climbed|improved|decreased|increased|trended|declined|went|drifted)"
    r"(?= (?:down |up |back )?(?:to|from)\b)|back|"
    r"showed|shows|oral|orally|temporal|mildly|slightly|markedly|today's|came back|returned|on "
    r"admission|at admission|last|most recent)\b){0,8}?"
)
VALUE: Final = re.compile(
    rf"{_JOIN}(?P<comparator><=|>=|<|>|≤|≥|less than |greater than |over |under "
    rf")?\s?(?P<value>{_NUMBER}|{_SPOKEN})"
    rf"(?P<more>\s?(?:-|–)\s?(?:{_NUMBER}))?\s?(?P<unit>{_UNIT})?(?![\d/]|\.\d|-\d)\s?(?P<flag>\((?:H|"
    rf"L|HH|LL|high|low|critical|elevated|normal|\*)\)|\b(?:HH|LL|H|L)\b(?!\.\w)|\*)?",
    re.IGNORECASE,
)
PRESSURE: Final = re.compile(
    r"(?:[\s:=*,(–-]|\b(?:of|is|was|were|at|today|reading|readings|measured|to be|noted|sitting|"
    r"standing|supine|elevated|initial|repeat|up to|"
    r"around|about|home|avg|average|averages|averaging|in the|right arm|left arm|"
    r"manual)\b){0,8}?(?P<systolic>\d{2,3})\s?(?:/|over|"
    r"\\)\s?(?P<diastolic>\d{2,3})(?![\d/])\s?(?P<unit>mm\s?hg|mmhg)?",
    re.IGNORECASE,
)
PRESSURE_AGAIN: Final = re.compile(
    r"[\s,;(]*(?:(?P<later>-{1,2}>|→|(?:and |then )*(?:is )?now|then|(?:improved|down|fell|dropped|"
    r"decreased|rose) to)|"
    r"(?:and |on )?(?:repeat(?:ed)?|recheck(?:ed)?)(?: was| is)?|and|(?<=,)\s)[\s:]*"
    r"(?P<pair>(?P<systolic>\d{2,3})\s?/\s?(?P<diastolic>\d{2,3}))(?![\d/])",
    re.IGNORECASE,
)
HEIGHT: Final = re.compile(
    r"[\s:=]*(?:of |is |was )?(?P<feet>\d)\s?(?:'|’|ft\.?|feet|"
    r"foot)\s?(?P<inches>\d{1,2}(?:\.\d+)?)?\s?(?:\"|”|''|in(?:ches)?\.?)?",
    re.IGNORECASE,
)
