"""The words of a sig as patterns; each is bounded, so that no text makes one slow."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from hntai.domain.lexicons import ordered

_UNIT: Final = (
    r"mg/kg/day|mg/kg|mcg/kg/min|mcg/hr|mcg/h|units?/kg|mg/ml|mg/hr|mg|mcg|µg|μg|ug|gm|grams?|g|iu|"
    r"units?|u|ml|cc|meq|"
    r"mmol|milligrams?|micrograms?|milliliters?|%|l|lpm|l/min"
)
_FORM: Final = (
    r"tab(?:let)?s?|caps?(?:ule)?s?|pills?|puffs?|drops?|gtts?|patch(?:es)?|sprays?|inhalations?|"
    r"suppositor(?:y|ies)|"
    r"teaspoons?|tsp|tablespoons?|tbsp|lozenges?|packets?|vials?|ampu?les?|doses?|applications?|nebs?|"
    r"inh|sachets?|"
    r"injections?|shots?"
)
_DIGIT: Final = "one|two|three|four|five|six|seven|eight|nine"
_TENS: Final = "twenty five|seventy five|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_HUNDREDS: Final = (
    rf"(?:{_DIGIT}|twelve|fifteen|a) thousand(?: (?:and )?(?:{_DIGIT}) hundred)?"
    rf"|(?:{_DIGIT}|twelve|fifteen|a) hundred(?: (?:and )?(?:{_TENS}))?"
)
_NUMBER: Final = (
    rf"{_HUNDREDS}|"
    r"\d+(?:[.,]\d+)*(?:\s?/\s?\d+(?:\.\d+)?)?|\.\d+|½|one half|half|"
    r"one and a half|one|two|three|four|five|six|"
    r"seven|eight|nine|ten|twelve|fifteen|twenty five|twenty|thirty|forty|fifty|sixty|seventy five|"
    r"eighty|a hundred|"
    r"one hundred|two hundred|five hundred|fifty|a|an"
)
STRENGTH: Final = re.compile(
    rf"(?P<dose>(?:{_NUMBER})(?:\s?(?:-|–|"
    rf"to)\s?(?:{_NUMBER}))?)[\s-]?(?P<unit>{_UNIT})(?![a-z/])(?:\s?/\s?(?P<per>\d+(?:\.\d+)?\s?(?:mg|"
    rf"mcg|ml|g)?))?",
    re.IGNORECASE,
)
MIXED: Final = re.compile(
    r"(?P<dose>\d+(?:\.\d+)?\s?[/-]\s?\d{2,4}(?:\.\d+)?)(?![\d/])\s?(?P<unit>mg|mcg)?(?![a-z])", re.IGNORECASE
)
"""Both strengths of a mixture: `5/325`."""
CONCENTRATION: Final = re.compile(
    r"(?P<dose>\d+(?:[.,]\d+)*)\s?(?P<unit>mg|mcg|µg|μg|g|units?|meq)\s?(?:/|per)\s?(?P<in>\d+(?:\.\d+)?\s?)?"
    r"(?P<volume>ml|cc|l)(?![a-z/])",
    re.IGNORECASE,
)
"""How strong a liquid is, which tells no dose: `400 mg/5 mL`."""
QUANTITY: Final = re.compile(
    rf"(?P<amount>(?:{_NUMBER})(?:\s?(?:-|–|to)\s?(?:{_NUMBER}))?)\s?(?:x\s)?(?P<form>{_FORM})(?![a-z])",
    re.IGNORECASE,
)
FORM_ALONE: Final = re.compile(
    rf"(?:oral |nasal |ophthalmic |topical |extended release |delayed release |sublingual |chewable )?"
    rf"(?P<form>{_FORM}|cream|ointment|gel|lotion|solution|suspension|syrup|inhaler|nebulizer|powder|"
    rf"elixir)(?![a-z])",
    re.IGNORECASE,
)
ROUTES: Final = {
    "oral": "po|p\\.o\\.|by mouth|orally|oral|per os|per oral",
    "intravenous": "iv|i\\.v\\.|intravenous(?:ly)?|ivpb|iv push|iv drip",
    "intramuscular": "im|i\\.m\\.|intramuscular(?:ly)?",
    "subcutaneous": "sc|sq|subq|sub-q|subcut|s\\.c\\.|subcutaneous(?:ly)?",
    "sublingual": "sl|s\\.l\\.|sublingual(?:ly)?|under the tongue",
    "rectal": "pr|p\\.r\\.|rectal(?:ly)?|per rectum",
    "inhalation": "inh|inhaled|by inhalation|via nebulizer|nebulized|via inhaler",
    "nasal": "intranasal(?:ly)?|nasal(?:ly)?|each nostril|in each nostril|per nostril",
    "topical": "topical(?:ly)?|to affected areas?|to the affected areas?|to skin",
    "transdermal": "transdermal(?:ly)?|td",
    "ophthalmic": "in (?:the |each |both |right |left )?eyes?|each eye|ophthalmic|o\\.u\\.|ou|o\\.s\\.|os",
    "vaginal": "vaginal(?:ly)?|per vagina|pv",
}
ROUTE: Final = re.compile(
    r"(?:via |per |through |by )?(?:"
    + "|".join(f"(?P<r{n}>{said})" for n, said in enumerate(ROUTES.values()))
    + ")(?![a-z])",
    re.IGNORECASE,
)


class Often(NamedTuple):
    """One way to say how often."""

    said: str
    times: int
    period: int
    unit: str
    """Of time, UCUM; empty for once only."""
    pattern: str


FREQUENCIES: Final = tuple(
    Often(said, int(times), int(period), unit, pattern)
    for said, times, period, unit, pattern in (line.split("\t") for line in ordered("sig_frequencies"))
)
OFTEN: Final = re.compile(
    "(?:" + "|".join(f"(?P<f{n}>{row.pattern})" for n, row in enumerate(FREQUENCIES)) + r")(?![a-z])",
    re.IGNORECASE,
)
HOURS: Final = re.compile(
    r"(?:q\.?\s?|every )(?P<hours>\d{1,2}|two|three|four|six|eight|twelve)(?:\s?(?:-|–|"
    r"to)\s?(?P<most>\d{1,2}))?"
    r"\s?(?:h(?:ou)?rs?|hrs?|h|°)\.?(?![a-z])",
    re.IGNORECASE,
)
DAYS: Final = re.compile(
    r"(?:q\.?\s?|every )(?P<days>\d{1,2}|two|three|four|seven)\s?(?P<unit>d|days?|wks?|weeks?|mos?|"
    r"months?)(?![a-z])",
    re.IGNORECASE,
)
NEEDED: Final = re.compile(
    r"(?P<need>p\.?\s?r\.?\s?n\.?|as needed|when needed|if needed|as required)(?![a-z])"
    r"(?: (?:for )?(?P<why>(?!for\b)[a-z]+(?: [a-z]+)?))?",
    re.IGNORECASE,
)
DURATION: Final = re.compile(
    r"(?:x|for|times)\s?(?P<length>\d{1,3}|one|two|three|four|five|six|seven|ten|fourteen)(?:\s?more)?[\s-]?"
    r"(?P<unit>d|days?|wks?|weeks?|mos?|months?)(?![a-z])",
    re.IGNORECASE,
)
PARTS: Final = re.compile(r"(?:x |for )?(?P<length>\d{1,2})/(?P<unit>7|52|12)(?![\d/])")
"""Days, weeks, months as British notes count them: `5/7`, `2/52`, `3/12`."""
BARE: Final = re.compile(
    r"(?P<dose>\d{1,4}(?:\.\d+)?)(?=\s+(?:p\.?o\b|iv\b|im\b|sc\b|sq\b|subq\b|b\.?i\.?d\b|t\.?i\.?d\b|q\.?i\.?d\b|"
    r"q\.?\s?\d|q\.?[ahp]|q\.?d|qod\b|qweek|daily\b|nightly\b|weekly\b|once\b|twice\b|every\b|"
    r"at bedtime|in the (?:morn|even)))",
    re.IGNORECASE,
)
"""An amount whose unit nobody told: `80 BID`."""
LAST: Final = re.compile(
    r"[\s]{1,3}(?P<dose>\d{1,4}(?:\.\d+)?)(?=\s*(?:\Z|[.;,)\n](?!\d)|(?:and|x ?1|once)\b))"
)
"""A figure behind a name with which all is told: `ASA 81`."""
_DAYS_NAMED: Final = (
    r"(?:on |every |each )?(?:M/?W/?F\b|T/?Th?/?S(?:at?)?\b|T/?Th\b|Tu/?Th\b|"
    r"(?:mon|tues?|wed(?:nes)?|thurs?|fri|sat(?:ur)?|sun)(?:days?)?\b|"
    r"weekdays|weekends|(?:the |all )?other days|even days|odd days|the rest)"
    r"(?:(?:\s?[,/&-]\s?|,? and )(?:mon|tues?|wed(?:nes)?|thurs?|fri|sat(?:ur)?|sun)(?:days?)?\b){0,6}"
)
VARYING: Final = re.compile(
    rf"[\s,(]*{_DAYS_NAMED}(?P<more>[\s,;]*(?:and|alternating with|&|"
    rf"then)?\s*\d+(?:\.\d+)?\s?(?:mg|mcg|units?|g)\b"
    rf"(?: (?:po|daily|by mouth))?(?:\s*{_DAYS_NAMED})?)?",
    re.IGNORECASE,
)
"""Days of the week behind a dose; with `more`, another dose on others: `5mg MWF and 2.5mg other days`."""
SECOND: Final = re.compile(
    r"[\s,;]*(?:and|&|/|,)\s*\d+(?:\.\d+)?\s?(?:mg|mcg|units?|g|tabs?|tablets?)\s*(?:po |by mouth |subq )?"
    r"(?:q\.?[ap]\.?m\.?|q\.?h\.?s\.?|nightly|(?:in the|every|each) (?:morning|evening|afternoon)|"
    r"at (?:night|bedtime|noon|lunch|dinner|supper)|with (?:lunch|dinner|supper))(?![a-z])",
    re.IGNORECASE,
)
"""Another dose at another time of day: `10 units qAM and 15 units qPM`."""
HELD_IF: Final = re.compile(
    r"[\s,;(]*(?:please )?(?:hold|held|holding|skip|stop)?\s*(?:dose )?(?:if|for|when|unless)\s+"
    r"(?:SBP|DBP|MAP|BP|HR|RR|pulse|heart rate|systolic|K|Cr|INR|glucose|BG|FSBG|temp|T|O2|"
    r"SpO2|sats?|ANC|plt)"
    r"(?: (?:is|less than|greater than|under|over|below|above))?\s*[<>≤≥=]*\s*\d+(?:\.\d+)?"
    r"(?:\s*/\s*\d+)?(?:\s*(?:or|and|,|/)\s*(?:SBP|DBP|MAP|HR|RR|K|INR)\s*[<>≤≥=]+\s*\d+)?\)?",
    re.IGNORECASE,
)
"""The values on which a dose is left out, or given: `hold if SBP<100`."""
NEEDED_FOR: Final = re.compile(
    r"\s*(?:for )?(?:SBP|DBP|MAP|BP|HR|RR|T|temp|glucose|BG|FSBG|SpO2|O2 sat)\s*[<>≤≥]+\s*\d+(?:\.\d+)?%?",
    re.IGNORECASE,
)
CHANGED: Final = re.compile(
    r"[\s,:(]*(?:dose |dosage )?(?:(?:was|were|is|been|has been|have been) )?(?:now )?"
    r"(?:increased?|decreased?|reduced?|changed?|raised|lowered|titrated|uptitrated|tapered|doubled|adjusted)"
    r"(?: (?:from|of) \d+(?:[.,]\d+)?\s?(?:mg|mcg|µg|g|units?|ml)?(?: (?:once |twice "
    r")?(?:daily|a day|bid|tid|qid|qhs))?)?"
    r" (?:to|->|→)(?= )",
    re.IGNORECASE,
)
"""Up to the dose it is now: `increased from 75 mcg to`."""
FROM_TO: Final = re.compile(
    r"[\s,(]*from \d+(?:[.,]\d+)?\s?(?:mg|mcg|µg|g|units?|ml)?(?: (?:once |twice )?(?:daily|"
    r"a day|bid|tid|qid|qhs))?"
    r" (?:to|->|→)(?= )",
    re.IGNORECASE,
)
"""Behind a name whose dose changes: `from 10 mg to`."""
OTHERWISE: Final = re.compile(
    r"\b(?:inc|incr|dec|increas|decreas|reduc|rais|lower|titrat|uptitrat|chang|taper|adjust|doubl)[a-z]*\b[^.;\n]{0,30}\Z",
    re.IGNORECASE,
)
"""Before a name whose dose changes: `increase ramipril 5 mg to 10 mg`."""
FILLER: Final = re.compile(
    r"(?:[\s,;:()\[\]•*–=-]|(?:take|takes|taking|taken|use|inhale|inject|apply|give|given|dose of|"
    r"dosed at|at a dose of|at(?! bedtime| night)|up to|"
    r"of|a(?! day\b(?! (?:before|after|prior|ago|later)))|the|total of|to|total|hydrochloride|"
    r"hcl|sodium|tartrate|"
    r"succinate|maleate|potassium|sulfate|sulphate|"
    r"besylate|"
    r"calcium|mr|er|xr|xl|sr|cr|la|ec|dr|cd|ds|odt|hfa|strength|then|and|dose|starting|initially|"
    r"currently|which is|"
    r"generic|mesylate|fumarate|bromide|acetate|phosphate|with food)(?![a-z\d]))+",
    re.IGNORECASE,
)
