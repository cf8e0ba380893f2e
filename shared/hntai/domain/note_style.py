"""What people say to each other, as a note would put it: third person, question and answer as a finding.

Only persons and the form of question and answer change; nothing is said that was not. Where a form is not
known for sure the words stay as they were said. The patient is `the patient` where the verb is known to
agree, else the singular `they`, with which every verb agrees.
"""

from __future__ import annotations

import re
from typing import Final

from hntai.domain.note import word_set

FINDINGS: Final = ("Denies", "Reports")
"""How a finding says whose it is."""
_MILD: Final = (
    r"also|ever|just|really|actually|still|always|usually|often|sometimes|currently|definitely|probably|mostly"
    r"|generally|recently|first|already|now|kind of|sort of"
)
_ADVERB: Final = rf"(?:{_MILD}|never|only)"
_APART: Final = re.compile(r"(?<=\w) ?(n['’]t\b|['’](?:ve|m|re|ll|d)\b)", re.IGNORECASE)
"""Some transcripts write `do n't` and `i 'm`."""
_PERSON: Final = (
    rf"(?P<short>'(?:m|re|ve|ll|d))?(?![-'\w])(?P<adverbs>(?: {_ADVERB})*)(?: (?P<verb>[a-z]+(?:'t)?))?"
)
_I: Final = re.compile(
    rf"(?<![\w'-])(?<!type )(?<!stage )(?<!grade )(?<!class )(?<!phase )i{_PERSON}", re.IGNORECASE
)
_YOU: Final = re.compile(rf"(?<![\w'-])you{_PERSON}", re.IGNORECASE)
_TURNED: Final = re.compile(
    r"\b(?:do|does|did|have|has|had|are|were|can|could|would|will|should|may) (?:i|you)\b", re.IGNORECASE
)
"""A question's order of words."""
_SAYS_NOTHING: Final = re.compile(
    r",? ?\byou know\b,?(?! (?:the|what|that|how|if|when|where|about)\b)", re.IGNORECASE
)
_PLAN: Final = re.compile(
    r"\b(?:i|we)(?:'ll|(?:'m|'re| am| are)? (?:gonna|going to|will|want to|wan ?na|would like to|wanted to)"
    r"|'d like to)(?: (?:also|just|go ahead and|like to))* |\blet's (?:(?:also|just|go ahead and) )*",
    re.IGNORECASE,
)
_AGREES: Final = {
    "am": "is",
    "are": "is",
    "were": "was",
    "have": "has",
    "do": "does",
    "don't": "does not",
    "aren't": "is not",
    "haven't": "has not",
    "weren't": "was not",
    "'m": "is",
    "'re": "is",
    "'ve": "has",
    "'ll": "will",
}
_SAME: Final = word_set(
    "was had did will would could can may might should must cannot wasn't didn't won't wouldn't "
    "couldn't can't hadn't shouldn't went felt took got came saw said told knew thought had began ate "
    "drank slept woke fell hurt broke made gave lost left kept found ran sat stood bought brought "
    "caught used cut quit tore wore bit grew drove wrote met heard held led stuck spent noticed tried "
    "started stopped worked lived smoked walked injured moved"
)
_VERBS: Final = word_set(
    "take feel think get use want need see work live smoke drink eat sleep wake walk run try like "
    "notice cough exercise remember know hope believe wear keep play drive say mean come find make look "
    "start stop weigh bleed sweat vomit itch ache worry understand"
)
_BEHIND_OBJECT: Final = word_set(
    "a an the on some to for with in at of off up out down back this that these those and or but about "
    "from by through any more another something one two three your"
) | {""}
"""After `you`, what no verb is: somebody does something to them."""
_WHO: Final = r"(?:you|he|she|they)"
_TOPIC: Final = r"(?:any |an? )?(?P<topic>[^?]{3,120}?)\W*"
_HAVING: Final = tuple(
    re.compile(opening + _TOPIC, re.IGNORECASE)
    for opening in (
        rf"(?:do|does|did) {_WHO} (?:(?:{_MILD}) )*(?:have|get|notice|feel|experience) ",
        rf"(?:have|has) {_WHO} (?:(?:{_MILD}) )*"
        r"(?:had|noticed|experienced|felt|gotten|been (?:having|experiencing|feeling)) ",
        rf"(?:are|is) {_WHO} (?:(?:{_MILD}) )*(?:having|experiencing|feeling|getting) ",
        r"(?:(?:is|are|was|were) there )?(?=any )",
    )
)
_DOING: Final = re.compile(
    rf"(?P<aux>do|does|did|are|is|have|has|were|was) {_WHO} (?:ever )?(?!never\b|not\b)"
    r"(?P<rest>[^?]{3,120}?)\W*",
    re.IGNORECASE,
)
_SECOND_QUESTION: Final = re.compile(
    r"\bor (?:is|are|do|does|did|have|has|was|were|not|what|how)\b", re.IGNORECASE
)
_LEADS: Final = re.compile(
    r"(?:(?:and|so|or|but|then|now|well|okay|ok|alright|all right|what about|how about)\W+)+", re.IGNORECASE
)
_ENDS: Final = r"(?=\s*(?:[,.!;]|\Z))"
_YES: Final = re.compile(
    rf"(?:yes|yeah|yep|yup|correct|i (?:do|did|have|am|was)){_ENDS}[\s,.!;]*", re.IGNORECASE
)
_NOT: Final = r"(?:not (?:really|at all)|i (?:don't|didn't|haven't|have not|do not|did not))"
_NO: Final = re.compile(
    rf"(?:(?:no|nope|nah|none|never){_ENDS}(?:[,.]? (?:{_NOT}|none|nothing|sir|ma'am|never|no){_ENDS})*"
    rf"|{_NOT}{_ENDS})[\s,.!;]*",
    re.IGNORECASE,
)
_GENERAL: Final = re.compile(
    r"\b(?:history|questions?|conditions?|problems?|symptoms?|else|anything|issues|concerns|idea|allergies|"
    r"medications?|medicines?|surger(?:y|ies))\b",
    re.IGNORECASE,
)
"""Of such a yes tells little: what follows it says which."""


def third_person(words: str, *, is_of_patient: bool) -> str:
    """Of the patient's own words, or of words said to the patient: `the patient has asthma` for both
    `I have asthma` and `you have asthma`.
    """
    plain = _SAYS_NOTHING.sub("", _plain(words))
    if not is_of_patient:
        plain = _PLAN.sub("will ", plain)
    plain = _TURNED.sub(lambda found: f"{found[0].split()[0]} they", plain)
    person, own = (_I, r"\bmy\b") if is_of_patient else (_YOU, r"\byour\b")
    return _capital(re.sub(own, "their", person.sub(_third, plain), flags=re.IGNORECASE))


def finding(question: str, answer: str) -> str | None:
    """A closed question with its yes or no: `Denies fever.`, `Reports fever.`; None for another form."""
    asked, said = _led(_plain(question)), _plain(answer).strip()
    no = _NO.match(said)
    answered = no or _YES.match(said)
    if answered is None:
        return None
    rest = said[answered.end() :]
    is_denied = no is not None
    told = None if _SECOND_QUESTION.search(asked) else _asked_for(asked, is_denied)
    if told is None:
        return None
    if rest and not is_denied and _GENERAL.search(asked):
        return _stopped(third_person(rest, is_of_patient=True))
    return " ".join(
        filter(None, (f"{told}.", _stopped(third_person(rest, is_of_patient=True)) if rest else ""))
    )


def _plain(words: str) -> str:
    return _APART.sub(lambda found: found[1].replace("’", "'"), words.replace("’", "'"))


def _led(words: str) -> str:
    found = _LEADS.match(words)
    return (words[found.end() :] if found else words).strip()


def _third(found: re.Match[str]) -> str:
    short, adverbs, verb = (found["short"] or "").lower(), found["adverbs"], (found["verb"] or "")
    low = verb.lower()
    if short == "'d":
        return f"they'd{adverbs}" + (f" {verb}" if verb else "")
    if short:
        return f"the patient {_AGREES[short]}{adverbs}" + (f" {verb}" if verb else "")
    if low in _AGREES:
        return f"the patient{adverbs} {_AGREES[low]}"
    if low in _SAME:
        return f"the patient{adverbs} {verb}"
    if low in _VERBS:
        return f"the patient{adverbs} {_s_form(low)}"
    is_object = low in _BEHIND_OBJECT and found[0][:1].lower() == "y"
    return f"{'them' if is_object else 'they'}{adverbs}" + (f" {verb}" if verb else "")


def _s_form(verb: str) -> str:
    if re.search(r"(?:s|sh|ch|x|z|o)\Z", verb):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if re.search(r"[^aeiou]y\Z", verb) else f"{verb}s"


def _asked_for(asked: str, is_denied: bool) -> str | None:
    for form in _HAVING:
        if found := form.fullmatch(asked):
            is_either = " or " in asked and not is_denied
            return None if is_either else f"{FINDINGS[not is_denied]} {_of_patient(found['topic'])}"
    found = _DOING.fullmatch(asked)
    if found is None or " or " in asked:
        return None
    aux, rest = found["aux"].lower(), _of_patient(found["rest"])
    if is_denied:
        return _capital(f"{_AGREES.get(aux, aux)} not {rest}")
    rest = re.sub(r"\bany ", "", rest)
    if aux in ("do", "does"):
        verb, _, more = rest.partition(" ")
        return _capital(f"{_s_form(verb)} {more}".strip()) if verb.lower() in _VERBS else None
    return None if aux == "did" else _capital(f"{_AGREES.get(aux, aux)} {rest}")


def _of_patient(words: str) -> str:
    return re.sub(r"\byour\b", "their", re.sub(r"\byou\b", "they", words)).strip(" ,.")


def _stopped(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
