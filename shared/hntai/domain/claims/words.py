"""The closed lists a model's words are held to. What stands in none of them must stand in the cited fact.

Short on purpose: a word that is missing here costs a true sentence, which the rule's own replaces; a word too
many could carry an invention.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Sense(StrEnum):
    """What a word claims beside its subject; the cited fact must claim it too."""

    NEGATED = "negated"
    UNSURE = "unsure"
    ACTIVE = "active"
    STARTED = "started"
    STOPPED = "stopped"
    HELD = "held"
    RESOLVED = "resolved"
    CHANGED = "changed"
    UP = "up"
    DOWN = "down"
    SAME = "same"
    WORSE = "worse"
    BETTER = "better"
    HIGH = "high"
    LOW = "low"
    NORMAL = "normal"
    CRITICAL = "critical"
    URGENT = "urgent"
    SUGGESTED = "suggested"
    CAUSED = "caused"


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _by_word(told: dict[Sense, str]) -> dict[str, Sense]:
    return {word: sense for sense, words in told.items() for word in words.split()}


SENSES = _by_word(
    {
        Sense.NEGATED: (
            "no not none never without denies denied deny denying negative absent absence lack lacks lacking "
            "neither nor non cannot free unremarkable excluded unable"
        ),
        Sense.UNSURE: (
            "unconfirmed suspected suspicion possible possibly probable probably likely may might could "
            "presumed presumptive questionable apparent apparently uncertain"
        ),
        Sense.ACTIVE: "active actively current currently ongoing taking takes taken continues continuing",
        Sense.STARTED: "started initiated began begun newly new",
        Sense.STOPPED: "stopped discontinued ceased ended withdrawn",
        Sense.HELD: "held paused suspended",
        Sense.RESOLVED: "resolved cured healed",
        Sense.CHANGED: "changed adjusted",
        Sense.UP: "up rose risen rising increased increasing climbed grew gained higher",
        Sense.DOWN: "down fell fallen falling decreased decreasing declined declining dropped lost reduced",
        Sense.SAME: "unchanged same stable steady",
        Sense.WORSE: "worse worsened worsening deteriorated deteriorating",
        Sense.BETTER: "better improved improving improvement recovered recovering",
        Sense.HIGH: "high elevated hyper",
        Sense.LOW: "low subnormal",
        Sense.NORMAL: "normal normalized normalised",
        Sense.CRITICAL: "critical critically",
        Sense.URGENT: "urgent urgently immediate immediately emergent emergently stat asap now",
        Sense.SUGGESTED: "consider considered",
        Sense.CAUSED: (
            "because due secondary caused causing causes therefore attributed owing resulting leads"
        ),
    }
)
SPREADING = frozenset(Sense) - {Sense.SUGGESTED, Sense.CAUSED}
"""Said of one member of a list, these are heard of all its members."""
MUST_STAY = frozenset(
    {Sense.NEGATED, Sense.UNSURE, Sense.STOPPED, Sense.HELD, Sense.RESOLVED, Sense.SUGGESTED}
)
"""A sentence that leaves one of these out says something else than its fact."""
WORDS_THAT_STAY = _listed(
    """
    another ask bilateral both brother deceased despite ended family father history if left lower mother
    over-a-year pausing planned preliminary reducing replacing reported right risk screening sister
    stopping than tolerated whether
    """
)
"""Likewise words: what limits a value, whose and which side it is, what a suggestion does to a drug."""

GLUE = _listed(
    """
    a age aged also an and are as at be been being between by date dated documented dose for from had
    has have he her here his in include includes including indicate indicates into is it its last latest
    level levels list listed measured measurement newest noted of old on or patient patients per range
    reading readings record recorded records reference result results she show showed shows since
    standing that the their them then there these they this those to value values was were when
    where which while who whose with year years
    """
)
"""Words that carry no finding of their own."""

_PHRASES = (
    (r"in spite of", "despite"),
    (r"most recent", "newest"),
    (r"(?:little changed|no (?:significant )?change)", "unchanged"),
    (r"(?:put |placed )?on hold", "held"),
    (r"no longer active", "stopped"),
    (r"not (?:currently )?active", "stopped"),
    (r"back in range", "normal"),
    (r"within (?:the )?(?:normal|reference) range", "normal"),
    (r"(?:started|begun|began|initiated)(?: on| in)?(?= (?:\d{4}|day -?\d))", "since"),
    (r"none (?:are|is) recorded(?: as active)?", "not recorded"),
    (r"no ((?:[a-z]+ ){1,2})(?:are |is |have been |has been |were )?recorded", r"\1not recorded"),
    (r"(?:vaccinated|immunized|immunised) (?:against|for)", "immunizations"),
    (r"as well as", "and"),
    (r"allergic to", "allergy to"),
    (r"over (?:12 months|a year|one year) old", "over-a-year"),
    (r"older than (?:12 months|a year|one year)", "over-a-year"),
    (r"blood pressures?", "blood pressure"),
    (r"bp", "blood pressure"),
    (r"(?:hba1c|hgba1c|(?<!hemoglobin )a1c)", "hemoglobin a1c"),
    (r"(?:hgb|hb)", "hemoglobin"),
    (r"haemoglobin", "hemoglobin"),
    (r"ckd", "chronic kidney disease"),
    (r"t2dm", "type 2 diabetes mellitus"),
    (r"htn", "hypertension"),
    (r"a-?fib", "atrial fibrillation"),
    (r"hfref", "heart failure with reduced ejection fraction"),
    (r"bid", "twice daily"),
    (r"tid", "three times daily"),
    (r"qd", "once daily"),
    (r"a day", "daily"),
    (r"(type|stage|grade|class|phase|degree) (\d+|i{1,3}|iv|v)", r"\1_\2"),
)  # fmt: skip
PHRASES = tuple((re.compile(rf"(?<![\w-]){told}(?![\w-])"), meant) for told, meant in _PHRASES)
"""Ways of saying one thing, brought to the one that facts use. Both sides are read so."""

ORDERS = _listed(
    """
    add administer admit advise advised avoid begin cease change continue decrease discontinue do ensure
    give hold increase initiate mandatory monitor must need needed needs obtain order perform prescribe
    proceed recommend recommended recommends reduce refer replace require required requires restart
    schedule send shall should start stop switch titrate transfuse treat urge withhold
    """
)
RELATIVES = _listed(
    """
    aunt brother daughter familial family father grandfather grandmother husband maternal mother parent
    parents paternal sibling sister son spouse uncle wife
    """
)
SIDES = _listed(
    """
    bilateral bilaterally left right unilateral
    """
)
TIMES = _listed(
    """
    acute acutely ago always chronic earlier later month months morning overnight past previously prior
    recent recently soon sudden suddenly today tomorrow tonight week weeks yesterday
    """
)
TOTALS = _listed(
    """
    all any both each eight entire every few five four many most multiple nine numerous only other
    others overall seven several six ten three total two various
    """
)
COMPARED = _listed(
    """
    above below best dramatically exceeding exceeds greater highest least less lowest markedly maximum
    mild mildly minimum moderate more most peak severe severely significant significantly slightly
    substantial worst
    """
)
ADDRESSED = _listed(
    """
    ai assistant disregard doctor fact facts http https ignore instruction instructions model note
    output physician please prompt reader reveal summary system www you your
    """
)
