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
        Sense.ACTIVE: "active actively current currently ongoing taking takes continues continuing",
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
        Sense.CAUSED: "because due secondary caused causing causes therefore attributed owing resulting leads",
    }
)
SPREADING = frozenset(Sense) - {Sense.SUGGESTED, Sense.CAUSED}
"""Said of one member of a list, these are heard of all its members."""
MUST_STAY = frozenset(
    {Sense.NEGATED, Sense.UNSURE, Sense.STOPPED, Sense.HELD, Sense.RESOLVED, Sense.SUGGESTED}
)
"""A sentence that leaves one of these out says something else than its fact."""
WORDS_THAT_STAY = frozenset(
    "preliminary left right bilateral history family mother father sister brother risk despite stopping pausing "
    "reducing replacing another lower whether ask if reported ended screening planned  deceased"
    " tolerated both than over-a-year".split()
)
"""Likewise words: what limits a value, whose and which side it is, what a suggestion does to a drug."""

GLUE = frozenset(
    """a an the of in on at to for from with by and or as is are was were be been being has have had that this
    these those which who whose it its their her his she he they them also patient patients year years old aged
    age reading readings level levels value values measurement measured result results shows showed show noted
    documented recorded record records reference range since last latest newest
    there here then while when where whose per into between
    indicates indicate including include includes listed list taken
    standing dose date dated""".split()
)
"""Words that carry no finding of their own."""

_PHRASES = (
    (r"in spite of", "despite"),
    (r"(?:little changed|no (?:significant )?change)", "unchanged"),
    (r"(?:put |placed )?on hold", "held"),
    (r"no longer active", "stopped"),
    (r"not (?:currently )?active", "stopped"),
    (r"back in range", "normal"),
    (r"within (?:the )?(?:normal|reference) range", "normal"),
    (r"(?:started|begun|began|initiated)(?: on| in)?(?= (?:\d{4}|day -?\d))", "since"),
    (r"none (?:are|is) recorded(?: as active)?", "not recorded"),
    (r"no ((?:[a-z]+ ){1,2})(?:are |is |have been |has been |were )?recorded", r"\1not recorded"),
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

ORDERS = frozenset(
    "start stop begin discontinue give administer prescribe increase decrease hold switch order refer must should "
    "shall need needs needed require requires required recommend recommends recommended advise advised mandatory "
    "ensure initiate continue titrate restart avoid reduce add change obtain perform schedule treat send admit "
    "transfuse withhold replace cease monitor urge proceed do".split()
)
RELATIVES = frozenset(
    "mother father sister brother family familial parent parents son daughter uncle aunt grandmother grandfather "
    "maternal paternal sibling wife husband spouse".split()
)
SIDES = frozenset("left right bilateral bilaterally unilateral".split())
TIMES = frozenset(
    "today yesterday tomorrow recent recently week weeks month months ago earlier later soon previously prior past "
    "overnight morning tonight acute acutely sudden suddenly chronic always".split()
)
TOTALS = frozenset(
    "all every multiple several many few both two three four five six seven eight nine ten each most only "
    "numerous various total overall entire any other others".split()
)
COMPARED = frozenset(
    "highest lowest maximum minimum peak worst best more less greater most least significantly significant markedly "
    "slightly severely mildly severe mild moderate substantial dramatically above below exceeds exceeding".split()
)
ADDRESSED = frozenset(
    "ignore instruction instructions system prompt model assistant ai please you your reader physician doctor note "
    "summary fact facts disregard reveal output http https www".split()
)
