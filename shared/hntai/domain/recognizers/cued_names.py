"""Names that something beside them announces: a title, a label, a relative, a credential, a banner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hntai.domain.eponyms import is_medical
from hntai.domain.lexicons import lexicon
from hntai.domain.name_shapes import GAP, INITIAL, LETTER, PARTICLE, RUN, START, UPPER, WORD, folded
from hntai.domain.spans import PhiType, Span

_TITLES: Final = (
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Drs|Prof|Professor|Doctor|Nurse|Rev|Reverend|Pastor|Father|Rabbi|Imam|Sgt|Sergeant|Lt|Capt|Captain|Officer|Judge|"
    r"Deputy|Detective|Sister|Sir|Madam|Señora?|Sra|Frau|Herr|Mme|MR|MRS|MS|DR|MISS|NURSE)"
)
_TITLED = re.compile(
    rf"{START}(?P<title>{_TITLES})(?:\.{GAP}?|{GAP})(?:(?:{PARTICLE}){GAP}){{0,2}}(?P<name>{RUN})(?:{GAP}?(?:and|&|/){GAP}(?:Mrs?\.?|Drs?\.?)?{GAP}?(?P<other>{WORD}))?"
)
_LOWER_TITLED = re.compile(
    rf"{START}(?i:(?P<title>dr|drs|mr|mrs|ms|nurse|doctor|np|rn))\.?{GAP}(?P<name>{LETTER}{{2,20}}(?:-{LETTER}{{2,20}})?(?:{GAP}{LETTER}{{3,20}})?)(?!['’]?[^\W_])"
)
_PERSON: Final = (
    r"(?:patient|pt|client|resident|subject|guarantor|subscriber|insured|policyholder|beneficiary|caller|caregiver|carer|guardian|parent|mother|father|mom|mum|"
    r"dad|wife|husband|spouse|partner|daughter|dtr|son|sister|brother|sibling|aunt|uncle|cousin|niece|nephew|grandmother|grandfather|grandma|grandpa|grandson|"
    r"granddaughter|neighbou?r|friend|roommate|fianc[ée]e?|boyfriend|girlfriend|child|baby|twin|infant|stepfather|stepmother|stepson|stepdaughter|"
    r"mother-in-law|father-in-law|sister-in-law|brother-in-law|son-in-law|daughter-in-law|"
    r"next of kin|nok|emergency contact|authorized contact|contact(?: person)?|power of attorney|poa|hcp|proxy|surrogate|interpreter|translator|"
    r"attending(?: physician)?|resident physician|surgeon|physician|doctor|provider|clinician|therapist|nurse|rn|np|pa|pharmacist|radiologist|pathologist|"
    r"anesthesiologist|anaesthetist|cardiologist|neurologist|oncologist|urologist|dentist|counselor|psychiatrist|psychologist|social worker|case manager|care manager|"
    r"technician|tech|phlebotomist|chaplain|midwife|doula|hospitalist|intern|fellow|consultant|assistant|scribe|pcp|primary care provider|supervisor|"
    r"teacher|coach|boss|lawyer|attorney|landlord|prescriber|referrer|requester|recipient|sender|user|witness|signatory|donor|author|"
    r"ordering (?:doctor|physician|provider|clinician)|referring (?:doctor|physician|provider|clinician)|treating (?:therapist|physician|provider)|"
    r"primary care physician|collateral|informant|historian|employee|staff|household|family)"
)
_LABEL_WORDS: Final = (
    rf"(?:(?:patient|pt|full|legal|first|last|family|given|maiden|preferred|provider|client|member|subscriber|guarantor|user|print(?:ed)?|doctor|physician)['’]?s?[ _]?name|name|{_PERSON}|"
    r"patient_name|seen|signed|dictated|reviewed|transcribed|author|cc|re|attn|attention|to|from|by|rx|assigned|covering|verified|sign(?:ed)? off|dob for)"
)
_LABELLED = re.compile(rf"{START}(?i:{_LABEL_WORDS})(?:\(s\)|s)?[ \t]{{0,3}}[\"']?[:=|][ \t]{{0,6}}[\"']?(?:(?i:dr|mrs?|ms)\.?{GAP})?(?P<name>{RUN}(?:,{GAP}?{RUN})?)")
_ACTED = re.compile(
    rf"{START}(?i:seen by|signed by|dictated by|interpreted by|reviewed by|performed by|read by|referred by|ordered by|witnessed by|authored by|verified by|"
    rf"collected by|administered by|given by|prescribed by|evaluated by|accompanied by|attested by|entered by|reported by|completed by|supervised by|staffed with|approved by|"
    rf"assisted by|translated by|managed by|followed by|treated by|notified by|d/w|discussed with|spoke (?:with|to)|talked (?:to|with)|lives? with|living with|appointment with|follow[- ]?up with|f/u with|"
    rf"met with|consult(?:ed)? with|case of|message from|letter from|call from|page to|paged|dear|hi|hello|sincerely|yours|regards|respectfully|thank you|thanks|love|named|called|"
    rf"i saw|saw|referring|regarding|on behalf of|care of|c/o|attn|my name is|name is|i am|i['’]m|this is|assigned to|issued to|prepared for|sample from|collected (?:for|from)|belongs to|signed|sent by|specimen from|verification for|report for|"
    rf"results? for|record for|chart for|reach|contact)(?:[ \t]{{0,2}}[:,]?[ \t\n]{{1,3}})(?P<name>{RUN}(?:,{GAP}{RUN})?)"
)
_RELATED = re.compile(rf"{START}(?i:{_PERSON})(?: of (?:the )?(?:pt|patient))?(?:,|:| is| was| named|,? whose name is)?(?:[ \t]{{1,2}}|\n)(?:\(\"?)?(?P<name>{RUN}(?:,{GAP}{RUN})?)")
_LOWER_RELATED = re.compile(rf"{START}(?i:{_PERSON}|spoke (?:with|to)|talked (?:with|to)|d/w|lives with|my name is|name is){GAP}(?P<name>{LETTER}{{3,16}})(?:{GAP}(?P<second>{LETTER}{{3,16}}))?(?![^\W_]|['’])")
_CREDENTIAL: Final = r"(?:M\.?D|D\.?O|R\.?N|N\.?P|PA(?:-C)?|P\.A|Ph\.?D|PharmD|Pharm\.D|DPM|DDS|DMD|LCSW|MSW|LPN|CNA|CRNA|CNM|FNP(?:-BC|-C)?|APRN|ARNP|DNP|BSN|MSN|PT|DPT|OTR(?:/L)?|RD|RPh|MBBS|MBChB|FACS|FACC|FACP|PGY-?\d|MA|CMA|EMT-?[BP]?|RRT|SLP|PsyD|LMFT|LPC|Esq)"
_CREDENTIALLED = re.compile(rf"{START}(?P<name>{RUN}),?{GAP}{_CREDENTIAL}(?![^\W_])")
_BANNER = re.compile(rf"{START}(?P<name>[{UPPER}][{UPPER}'’-]{{1,25}}(?:{GAP}[{UPPER}][{UPPER}'’-]{{1,25}})?,[ ]?[{UPPER}][{UPPER}'’-]{{1,25}}(?:{GAP}[{UPPER}](?:\.|\b)|{GAP}[{UPPER}][{UPPER}-]{{2,20}}(?=[ ]{{2}}|[ ]?\n|\Z))?)(?![^\W_])")
_INITIALS = re.compile(rf"{START}(?i:attending|resident|signed|by|patient|pt|initials|nurse|rn|provider|surgeon|staff)[ :]{{1,3}}(?P<name>(?:[{UPPER}]\.){{2,4}}|[A-Z]{{2,3}}(?=[ ]?(?:$|\n)))")
_TYPIST = re.compile(r"(?m)^[ \t]{0,4}(?P<name>[A-Za-z]{2,4}[/:][a-z]{2,4})[ \t]{0,4}$")
_TYPED_BY = re.compile(r"(?i)(?<![^\W_])(?:transcribed|typed|dictated|entered)[^\n]{0,30}? by[: ]{1,2}(?P<name>[a-z]{2,3})(?=[ ]?(?:[.;,\n]|\Z))")

_NEVER: Final = frozenset(
    "me patient pt mr mrs ms miss dr drs md do rn np pa phd dob ssn mrn mr no yes none name date time phone fax tel email address unknown redacted male female age sex "
    "gender race id number the a an and or of in on at to by for from with is was he she they it i we you his her their him them who this that these those there then "
    "today yesterday tomorrow monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december "
    "mon tue wed thu fri sat sun jan feb mar apr jun jul aug sep sept oct nov dec history hpi pmh psh ros exam plan assessment diagnosis medical medications allergies "
    "admission admitted discharge visit procedure consent information education registration record notes comments summary responsible representative counseling instructions agreements reports denies states presents has had not also if when "
    "declined refused stable alert member hospital clinic center department unit service services er ed icu or pacu snf ekg ecg ct mri hiv acct npi dea vin".split()
)
_MONTHS: Final = (["april"], ["may"], ["june"], ["august"])
_CONSENT_TITLES: Final = frozenset("father sister nurse doctor judge officer miss pastor captain".split())


def recognize_cued_names(text: str) -> Iterator[Span]:
    """NAME spans beside a cue; the cue itself stays."""
    for match in _TITLED.finditer(text):
        floor = 2 if match["title"].casefold() in _CONSENT_TITLES else 1
        yield from _trimmed(match, "name", 0.95, "name_title", firm=floor == 1)
        if match["other"]:
            yield from _trimmed(match, "other", 0.8, "name_title", firm=False)
    for pattern, score, name, firm in (
        (_LABELLED, 0.9, "name_label", False), (_ACTED, 0.8, "name_act", False),
        (_RELATED, 0.8, "name_related", False), (_CREDENTIALLED, 0.9, "name_credential", False),
    ):  # fmt: skip
        for match in pattern.finditer(text):
            yield from _trimmed(match, "name", score, name, firm)
    for pattern, score, name in ((_INITIALS, 0.7, "name_initials"), (_TYPIST, 0.6, "name_typist"), (_TYPED_BY, 0.7, "name_typist")):
        for match in pattern.finditer(text):
            plain = folded(match["name"])
            if plain not in _NEVER and (name == "name_typist" or not _is_ordinary(plain)):
                yield Span(*match.span("name"), PhiType.NAME, score, name)
    yield from _banners(text)
    yield from _lower(text)


def _banners(text: str) -> Iterator[Span]:
    for match in _BANNER.finditer(text):
        words = [folded(word) for word in re.split(r"[, ]+", match["name"])]
        tight = ", " not in match["name"]
        if any(word in _NEVER for word in words) or all(_is_ordinary(word) for word in words):
            continue
        if tight or any(word in lexicon("first_names") for word in words[1:]):
            yield Span(*match.span("name"), PhiType.NAME, 0.85, "name_banner")


def _lower(text: str) -> Iterator[Span]:
    """Names in small letters: dr smith, nurse vincenzo, daughter keisha."""
    for match in _LOWER_TITLED.finditer(text):
        start, words = match.start("name"), match["name"].split()
        if not words[0].islower() or _is_ordinary(folded(words[0])) or folded(words[0]) in lexicon("rare_words"):
            continue
        second = len(words) > 1 and _is_known(words[1])
        yield Span(start, match.end("name") if second else start + len(words[0]), PhiType.NAME, 0.8, "name_title")
    for match in _LOWER_RELATED.finditer(text):
        word = folded(match["name"])
        if match["name"].islower() and word in lexicon("first_names") and not _is_ordinary(word) and word not in lexicon("rare_words"):
            end = match.end("second") if match["second"] and _is_known(match["second"]) else match.end("name")
            yield Span(match.start("name"), end, PhiType.NAME, 0.7, "name_related")


def _is_known(word: str) -> bool:
    plain = folded(word)
    return (plain in lexicon("surnames") or plain in lexicon("first_names")) and not _is_ordinary(plain) and plain not in lexicon("rare_words")


def _is_ordinary(word: str) -> bool:
    return word in lexicon("common_words") or word in lexicon("drugs")


_TOKEN = re.compile(r"[^\s,]+")


def _trimmed(match: re.Match[str], group: str, score: float, name: str, firm: bool) -> Iterator[Span]:
    """The name at the front of a run of capitals: firm takes its first word whatever it is."""
    offset = match.start(group)
    tokens = list(_TOKEN.finditer(match[group]))
    words = [folded(token.group()) for token in tokens]
    taken = 0
    for place, word in enumerate(words):
        initial = len(word) == 1 and tokens[place].group().isupper() and len(words) > 1
        if not initial and (word in _NEVER or not _continues(word, words, place, firm)):
            break
        taken = place + 1
    if taken and (firm or not all(_is_ordinary(word) and word not in lexicon("first_names") or len(word) < 2 for word in words[:taken])):
        end = tokens[taken - 1].end()
        if words[:taken] in _MONTHS or (not firm and is_medical(match.string, offset, offset + end)):
            return
        yield Span(offset, offset + end, PhiType.NAME, score, name)


def _continues(word: str, words: list[str], place: int, firm: bool) -> bool:
    """True where a word can be part of the name so far."""
    if not _is_ordinary(word) or (firm and place == 0):
        return True
    given, family = word in lexicon("first_names"), word in lexicon("surnames")
    if place == 0:
        return (given or family) and len(words) > 1 and not _is_ordinary(words[1]) or given
    return given or family
