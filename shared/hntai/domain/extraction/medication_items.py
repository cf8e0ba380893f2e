"""Which words of a list of medicines speak of which: a drug with its own dose begins an item of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from hntai.domain.extraction.drug_table import Drug
from hntai.domain.extraction.medication_course import further
from hntai.domain.extraction.medication_refusals import refused_behind
from hntai.domain.extraction.medication_statuses import (
    BEHIND,
    CLOSES,
    CURRENT,
    GIVEN_TO,
    GOVERNING,
    LEADS,
    MANY,
    PAST,
    STATUS_OF,
    SWITCHES,
)
from hntai.domain.extraction.sig import Sig
from hntai.domain.extraction.words import Words, form

_STATUS_REACH: Final = 7
"""Words before a name in which its status may stand."""
_BRACKET: Final = re.compile(r"\([^()]{0,80}\)")
_ONLY_PARTS: Final = re.compile(
    r"\s*(?:,|and|or|to|&|/|\+|plus|as well as|with|,\s*(?:and|or)|\s)+\s*", re.IGNORECASE
)
_LONGEST_LIST: Final = 12
_GOVERNS_NEXT: Final = re.compile(r"\s*(?:on|with|taking|her|his|the|home|to|and)?\s*\Z", re.IGNORECASE)
_NEAR: Final = 5
"""Words before a name in which `on` may stand."""
_PARTS: Final = frozenset(".;,():")


class Told(NamedTuple):
    """What the words of an item, and those it shares with its list, say of a medicine."""

    status: str
    """What is done with it; empty where nobody says."""
    is_refused: bool
    """Whether words behind it say that it must not be taken."""
    since: int
    until: int
    """The words before it whose cues may speak of it; a sig of another in its list is none of them."""


class Items:
    """The medicines of a text, in order, each with its sig."""

    def __init__(self, words: Words, drugs: Sequence[Drug], sigs: Sequence[Sig]) -> None:
        self._words, self._drugs, self._sigs = words, drugs, sigs
        self._is_next: list[bool] = []
        self._since: list[int] = []
        self._said_before: list[str] = []
        for place in range(len(drugs)):
            is_next = self._shares(place) and not self._is_own(place)
            self._is_next.append(is_next)
            self._since.append(self._since[-1] if is_next else self._begin(place))
            self._said_before.append(self._said_before[-1] if is_next else self._before(place))

    def told(self, place: int) -> Told:
        """Of the medicine at a place, by the words behind it or else before it, in its own item."""
        first = place
        while self._is_next[first] and place - first < _LONGEST_LIST:
            first -= 1
        return Told(
            self._status(place), self._is_refused(place), self._since[place], self._drugs[first].first
        )

    def _status(self, place: int) -> str:
        before = self._said_before[place]
        if switched := self._switched(place):
            return switched
        return self._behind(place) or self._of_all(place) or (before and self._undone(place)) or before

    def _is_refused(self, place: int) -> bool:
        """Behind it, or behind the last of its list: `methotrexate and isotretinoin are contraindicated`."""
        for at in range(place, min(len(self._drugs), place + _LONGEST_LIST)):
            if at > place and (not self._is_next[at] or self._sigs[at - 1].dose):
                return False
            end = max(self._words.ends[self._drugs[at].last - 1], self._sigs[at].end)
            if refused_behind(self._words.text, end):
                return True
        return False

    def _switched(self, place: int) -> str:
        """What becomes of each in `switch(ed) (from) A to B`."""
        if place and self._goes_to(place) and self._is_switch(place - 1):
            return "started"
        is_left = place + 1 < len(self._drugs) and self._goes_to(place + 1) and self._is_switch(place)
        return "stopped" if is_left else ""

    def _goes_to(self, place: int) -> bool:
        """Whether only `to` parts it from the one before."""
        before = self._previous(place)
        if before is None:
            return False
        start = max(self._sigs[place - 1].end, self._words.ends[before.last - 1])
        return self._words.text[start : self._words.starts[self._drugs[place].first]].strip().lower() == "to"

    def _is_switch(self, place: int) -> bool:
        first = self._drugs[place].first
        return not SWITCHES.isdisjoint(self._words.forms[max(0, first - _NEAR) : first])

    def _shares(self, place: int) -> bool:
        """Whether it goes on in the list of the one before: only `,`, `and` and brackets part them."""
        before = self._previous(place)
        if before is None:
            return False
        start = max(self._sigs[place - 1].end, self._words.ends[before.last - 1])
        gap = self._words.text[start : self._words.starts[self._drugs[place].first]]
        if gap.strip() == "(":
            return True
        gap = _BRACKET.sub(" ", gap)
        return bool(re.search(r"[^\s()]", gap)) and _ONLY_PARTS.fullmatch(gap.strip(" ()")) is not None

    def _is_own(self, place: int) -> bool:
        """Whether it has a dose where the one before has none, and only a comma parts them."""
        if not self._sigs[place].dose or self._sigs[place - 1].dose or self._sigs[place - 1].quantity:
            return False
        start = max(self._sigs[place - 1].end, self._words.ends[self._drugs[place - 1].last - 1])
        return self._words.text[start : self._words.starts[self._drugs[place].first]].strip() == ","

    def _of_all(self, place: int) -> str:
        """What is said behind the last of a list of all of it: `furosemide and ramipril were started`."""
        for following in range(place + 1, min(len(self._drugs), place + _LONGEST_LIST)):
            if not self._is_next[following]:
                return ""
            if status := self._behind(following, are_many=True):
                return status
        return ""

    def _previous(self, place: int) -> Drug | None:
        if place == 0:
            return None
        before, drug = self._drugs[place - 1], self._drugs[place]
        return before if self._words.sentence[before.first] == self._words.sentence[drug.first] else None

    def _begin(self, place: int) -> int:
        drug, before, forms = self._drugs[place], self._previous(place), self._words.forms
        low = before.last if before else 0
        at = self._current(place, low)
        if at is not None:
            while at > low and forms[at - 1] in LEADS:
                at -= 1
            return 0 if forms[at] in PAST else at
        if before is None or not (self._sigs[place].dose or self._sigs[place].quantity):
            return 0
        governing = forms[drug.first - 1] in GOVERNING or forms[drug.first - 1] in STATUS_OF
        return low if governing else drug.first

    def _current(self, place: int, low: int) -> int | None:
        """Where `on` stands that makes it a medicine of now."""
        words, first = self._words, self._drugs[place].first
        for at in range(first - 1, max(low, first - _NEAR) - 1, -1):
            if words.sentence[at] != words.sentence[first] or words.forms[at] in _PARTS:
                return None
            if words.forms[at] in CURRENT:
                is_order = words.text[words.starts[at] : words.ends[at]].lower() == "take"
                return None if is_order else at
            if words.forms[at] in STATUS_OF:
                return None
        return None

    def _behind(self, place: int, *, are_many: bool = False) -> str:
        words, drug, sig = self._words, self._drugs[place], self._sigs[place]
        following = self._drugs[place + 1] if place + 1 < len(self._drugs) else None
        stop = words.starts[following.first] if following else len(words.text)
        for at in sorted({words.ends[drug.last - 1], sig.end}):
            found = BEHIND.match(words.text, at, min(stop, at + 60))
            if found is None or "\n" in found.group():
                continue
            if are_many and not MANY.search(found["copula"] or ""):
                continue
            rest = words.text[found.end() : stop]
            if following and not found["copula"] and _GOVERNS_NEXT.fullmatch(rest):
                continue
            if re.match(r"\s*(?:if|when|for SBP|for HR)\b", rest):
                continue
            if found["what"].lower() == "given" and not found["copula"]:
                continue
            is_last = found["what"].lower() == "hold" or CLOSES.match(words.text, found.end()) is not None
            if "," in found.group() and not (found["copula"] or is_last):
                continue
            return self._last(found["what"], found.end(), following)
        return ""

    def _last(self, what: str, end: int, following: Drug | None) -> str:
        """The status that a word and what is told behind it leave: `held, then restarted`."""
        stop = self._words.starts[following.first] if following else len(self._words.text)
        for more in further(self._words.text, end, stop):
            if following and _GOVERNS_NEXT.fullmatch(self._words.text[more.end : stop]):
                break
            what = more.what
        what = what.lower().replace("’", "'")
        if what == "on hold":
            return "held"
        return "stopped" if what.startswith(("d/c", "dc", "stop")) else STATUS_OF[form(what)]

    def _before(self, place: int) -> str:
        words, drug, before = self._words, self._drugs[place], self._previous(place)
        sentence, low = words.sentence[drug.first], before.last if before else 0
        is_dosed = bool(self._sigs[place].dose)
        for at in range(drug.first - 1, max(low, drug.first - _STATUS_REACH) - 1, -1):
            word = words.forms[at]
            if words.sentence[at] != sentence or word in (";", "."):
                return ""
            if before and (word in (")", "<", ">", "if") or (is_dosed and word[0].isdigit())):
                return ""
            if before and is_dosed and word == ",":
                return ""
            if word == "c" and at > 1 and words.forms[at - 2 : at] == ["d", "/"]:
                return "stopped"
            if word in STATUS_OF and not (word == "off" and at and words.forms[at - 1] == "wean"):
                return self._told(at)
        return ""

    def _undone(self, place: int) -> str:
        """What was done after what stands before the name: `started on X, but it was stopped`."""
        words, drug = self._words, self._drugs[place]
        following = self._drugs[place + 1] if place + 1 < len(self._drugs) else None
        stop = words.starts[following.first] if following else len(words.text)
        end = max(self._sigs[place].end, words.ends[drug.last - 1])
        for more in further(words.text, end, stop):
            if following is None or not _GOVERNS_NEXT.fullmatch(words.text[more.end : stop]):
                return self._last(more.what, more.end, following)
        return ""

    def _told(self, at: int) -> str:
        forms = self._words.forms
        status, before = STATUS_OF[forms[at]], forms[at - 1] if at else ""
        if before in ("no", "without") and forms[at] in SWITCHES:
            return "continued"
        if forms[at] in SWITCHES and at + 1 < len(forms) and forms[at + 1] in ("to", "from"):
            return "started" if forms[at + 1] == "to" else "stopped"
        if forms[at] == "given" and before not in GIVEN_TO:
            return ""  # given that
        if status == "continued" and before in STATUS_OF:
            return STATUS_OF[before]
        return "" if status == "continued" and before == "not" else status
