"""One other finder of clinical things, in the process that runs this: JSON on stdout.

    python tests/bench/extraction_peer.py NAME FILE

FILE holds {"texts": [text, ...], "concepts": [[text, start, end], ...], "names": [name, ...], "passes": n};
half-open code points; the names are what a peer without a list of its own looks for. The answer holds
`load_s`, `pass_s` (processor seconds of each pass over the texts), `found` ([[start, end], ...] for each
text) and `said` (for each concept: "negated", "historical" or ""). This runs in an environment of its own, so
nothing but the standard library is imported before the clock starts. Every peer works as its makers set it
up; none may use the network.

Peers: medspacy (its sentences, targets and ConText; the names given are its targets), medspacy-bare (the same
with nothing to find), negspacy (its clinical terms), drug-ner, icd (titles and inclusion terms of ICD-10-CM).
"""

from __future__ import annotations

import json
import re
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NamedTuple

Places = list[tuple[int, int]]
Find = Callable[[str], Places]
Say = Callable[[str, int, int], str]

_TOKEN: Final = re.compile(r"\w+|[^\w\s]")


class Peer(NamedTuple):
    find: Find
    say: Say


def _nothing_found(_text: str) -> Places:
    return []


def _nothing_said(_text: str, _start: int, _end: int) -> str:
    return ""


def _without_umls() -> None:
    """medspaCy imports a matcher for UMLS, which nobody may ship; nothing here calls it."""
    matcher, part = ModuleType("quickumls"), ModuleType("quickumls.spacy_component")
    vars(matcher)["spacy_component"] = part
    sys.modules |= {"quickumls": matcher, "quickumls.spacy_component": part}


def _medspacy(names: Iterable[str]) -> Peer:
    _without_umls()
    import medspacy
    from medspacy.ner import TargetRule

    nlp = medspacy.load()
    nlp.get_pipe("medspacy_target_matcher").add([TargetRule(name, "FINDING") for name in names])
    context, sentencizer = nlp.get_pipe("medspacy_context"), nlp.get_pipe("medspacy_pyrush")

    def find(text: str) -> Places:
        return [(one.start_char, one.end_char) for one in nlp(text).ents]

    def say(text: str, start: int, end: int) -> str:
        doc = sentencizer(nlp.make_doc(text))
        doc.ents = [_span(doc, start, end)]
        concept = context(doc).ents[0]._
        return "negated" if concept.is_negated else "historical" if concept.is_historical else ""

    return Peer(find, say)


def _negspacy() -> Peer:
    import negspacy.negation
    import spacy
    from negspacy.termsets import termset

    nlp = spacy.blank("en")
    sentencizer = nlp.add_pipe("sentencizer")
    negex = nlp.add_pipe("negex", config={"neg_termset": termset("en_clinical").get_patterns()})
    assert negspacy.negation

    def say(text: str, start: int, end: int) -> str:
        doc = sentencizer(nlp.make_doc(text))
        doc.ents = [_span(doc, start, end)]
        return "negated" if negex(doc).ents[0]._.negex else ""

    return Peer(_nothing_found, say)


def _span(doc: Any, start: int, end: int) -> Any:
    return doc.char_span(start, end, label="CONCEPT", alignment_mode="expand")


def _drug_ner() -> Peer:
    from drug_named_entity_recognition import find_drugs

    def find(text: str) -> Places:
        tokens = list(_TOKEN.finditer(text))
        found = find_drugs([token.group() for token in tokens], is_ignore_case=True)
        return [(tokens[first].start(), tokens[last - 1].end()) for _, first, last in found]

    return Peer(find, _nothing_said)


def _icd() -> Peer:
    by_first: dict[str, set[tuple[str, ...]]] = {}
    for title in _titles():
        words = tuple(_TOKEN.findall(title))
        by_first.setdefault(words[0], set()).add(words)
    longest = {
        first: sorted({len(words) for words in listed}, reverse=True) for first, listed in by_first.items()
    }

    def find(text: str) -> Places:
        tokens = list(_TOKEN.finditer(text.lower()))
        words, places, at = [token.group() for token in tokens], [], 0
        while at < len(words):
            listed = by_first.get(words[at], set())
            length = next((n for n in longest.get(words[at], ()) if tuple(words[at : at + n]) in listed), 0)
            if length:
                places.append((tokens[at].start(), tokens[at + length - 1].end()))
            at += length or 1
        return places

    return Peer(find, _nothing_said)


def _titles() -> Iterator[str]:
    """Titles and inclusion terms of all codes, small, also without `unspecified`: no note has the word."""
    import simple_icd_10_cm as icd

    for code in icd.get_all_codes(with_dots=True):
        if icd.is_chapter_or_block(code):
            continue
        for name in (icd.get_description(code), *icd.get_inclusion_term(code)):
            small = name.lower()
            yield from {small, small.removesuffix(", unspecified"), small.removeprefix("unspecified ")}


PEERS: Final[dict[str, Callable[[Iterable[str]], Peer]]] = {
    "medspacy": _medspacy,
    "medspacy-bare": lambda _: _medspacy(()),
    "negspacy": lambda _: _negspacy(),
    "drug-ner": lambda _: _drug_ner(),
    "icd": lambda _: _icd(),
}


def main(name: str, file: str) -> None:
    warnings.simplefilter("ignore")
    asked = json.loads(Path(file).read_text("utf-8"))
    began = time.perf_counter()
    peer = PEERS[name](asked["names"])
    load_s = time.perf_counter() - began
    peer.find("No fever. She takes aspirin.")
    pass_s, found = [], []
    for _ in range(asked["passes"]):
        began = time.process_time()
        found = [peer.find(text) for text in asked["texts"]]
        pass_s.append(time.process_time() - began)
    said = [peer.say(*concept) for concept in asked["concepts"]]
    print(json.dumps({"load_s": load_s, "pass_s": pass_s, "found": found, "said": said}))


if __name__ == "__main__":
    main(*sys.argv[1:])
