"""Texts that speak to whoever reads the record, or to a program, instead of naming something clinical.

A short text of a record names a problem, a drug, a reason. What commands, plays a role in a chat, links, or
hides what it says is no name; it is withheld before anything is made of the chart.
"""

from __future__ import annotations

import re
import unicodedata

_COMMANDS = re.compile(
    r"\b(?:ignor\w*|disregard|forget|override|bypass)\b.{0,40}"
    r"\b(?:instru\w*|anweisung\w*|previous|above|prior|rules?|prompt|warning|facts?)\b"
    r"|\b(?:system|developer)\s*(?:prompt|message|:)|\byou\s+(?:are|must|should|do)\b|\balso\s+write\b"
    r"|\b(?:as an|dear)\s+(?:ai|assistant|model)\b|\bnew (?:task|section|instructions?)\b|\bapi keys?\b"
    r"|\b(?:summari[sz]e|output|respond|reply|write|say|tell)\b.{0,30}\b(?:patient|only|that|instead|so|poem)\b"
    r"|\b(?:decode|answer|respond|reply|write)\b.{0,20}\b(?:base64|french|german|spanish|chinese|and do)\b"
    r"|[,;:.]\s+(?:output|write|print|say|advertise|reply)\b"
    r"|\A\W*(?:do not|don't|print|reveal|repeat|answer|respond|reply|report|include|state|tell|cite|double|"
    r"write|say|output|append|translate|decode|pretend)\b.{0,40}"
    r"\b(?:the|that|this|all|every|any|your|them|it|as|only|instead|mention|forever|everything)\b"
    r"|\b(?:the|this|that) patient (?:is|has|had|was|died|dies|must|should|will|does)\b|\bpatient is\b"
    r"|\b(?:discharge|admit|transfer|treat)\s+(?:the|this)\s+patient\b",
    re.IGNORECASE,
)
"""Words that tell a writer what to write, or tell a reader about the patient in whole sentences."""
_ORDERS = re.compile(
    r"\b(?:ignor\w*|disregard|forget|override|bypass)\b.{0,40}\b(?:instruct\w*|prompts?|rules?)\b"
    r"|\b(?:system|developer)\s+(?:prompt|message)\b|\b(?:as an|dear)\s+(?:ai|assistant|language model)\b"
    r"|\b(?:write|say|state|report|output|respond|reply|summari[sz]e|tell)\b.{0,20}"
    r"\bthat\s+(?:the|this)\s+patient\b",
    re.IGNORECASE,
)
"""What no letter about a patient says to its reader; `the patient is` stands in every letter."""
_SHAPES = re.compile(
    r"<\||\|>|<<|</?(?:script|img|iframe|svg|a|style|object|system|sys|user|assistant)\b|\[/?inst\]|```|~~~|\]\(|!\[|\bhttps?:|\bwww\.|\bjavascript:|[{}\"]\s*\w+\s*[\"}]"
    r"|(?:\A|\n)\s*(?:assistant|human|user|system|ai)\s*:|\bf\d{1,3}\s*:|\[\s*f?\d{1,3}\s*\]"
    r"|\[[^\]]*\]\s*\[",
    re.IGNORECASE,
)
"""Roles, tags, links, code, and ids like those facts are cited by."""
_BLOB = re.compile(r"(?=\S*[a-z])(?=\S*[A-Z])(?=\S*\d)[A-Za-z0-9+/]{24,}={0,2}")
"""Encoded bytes: no name is so long without a blank, in both cases and with digits."""
_TURNING = frozenset("\u202a\u202b\u202d\u202e")
"""Signs that turn the direction of writing."""
_SCRIPTS = ("LATIN", "GREEK", "MICRO", "OHM", "ANGSTROM", "KELVIN", "MASCULINE", "FEMININE")
"""What letters of names are called in the Unicode tables; another script hides words or copies letters."""


def is_planted(text: str) -> bool:
    """Whether a text commands or disguises itself; asked of short texts of a record."""
    seen = unicodedata.normalize("NFKC", "".join(c for c in text if unicodedata.category(c) != "Cf"))
    hides = any(c in _TURNING or (c > "\u2060" and unicodedata.category(c) == "Cf") for c in text)
    return bool(
        hides or _COMMANDS.search(seen) or _SHAPES.search(seen) or _BLOB.search(seen) or _is_foreign(seen)
    )


def is_order(sentence: str) -> bool:
    """Whether a sentence of a document tells a writer what to write; asked of prose, as is_planted is not."""
    seen = unicodedata.normalize("NFKC", "".join(c for c in sentence if unicodedata.category(c) != "Cf"))
    return _ORDERS.search(seen) is not None


def _is_foreign(text: str) -> bool:
    letters = (c for c in text if c.isalpha() and not c.isascii())
    return any(not unicodedata.name(c, "").startswith(_SCRIPTS) for c in letters)
