"""python -m hntai_local.tagger_training.learn OUT [--without STEM ...]: learns the tagger's weights.

OUT is the .bin that hntai.domain.tagger.native reads. Texts come from `../training`, from the written notes
that may be learned from, and from $HNTAI_SHARED/data/phi; those named by --without stay unseen.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import nn

from hntai.domain.tagger.native import TYPES, Tagger
from hntai_local.tagger_training.facts import Facts, Word
from hntai_local.tagger_training.pools import Pools
from hntai_local.tagger_training.texts import IGNORED, Part, Text, development_texts, marked_texts
from hntai_local.tagger_training.variation import varied
from hntai_local.tagger_training.weights import BUCKETS, PIECE_WIDTH, WIDTH, packed

OWN: Final = Path(__file__).parents[1] / "training"
WRITTEN: Final = Path(__file__).parents[3] / "tests" / "eval" / "written_notes"
GAPS: Final = (1, 2, 4, 1)
"""How far each layer looks to either side, in tokens."""
_STEP: Final = 3e-3
"""Of the first epoch; it falls to nothing by the last."""
_LENGTH, _STRIDE = 220, 200
"""Tokens of a long text shown at once, and from one showing to the next."""
_SHOWN: Final = 3.0
"""How often a marked text is shown in an epoch, each time with other identifiers."""
_SLOT = re.compile(r"\{([A-Z]+)\}")
_FILLED: Final = {
    "FULL": ("NAME", "Xx Yy"),
    "FIRST": ("NAME", "Xx"),
    "LAST": ("NAME", "Yy"),
    "LASTFIRST": ("NAME", "Yy, Xx"),
    "INITLAST": ("NAME", "X. Yy"),
    "CITY": ("LOCATION", "Zzz"),
    "STREET": ("LOCATION", "412 Zzz Street"),
    "FACILITY": ("FACILITY", "Zzz Hospital"),
    "OPENDRUG": ("O", "Zanoprex"),
}


class Network(nn.Module):  # type: ignore[misc]
    """Facts summed to a vector for each token; layers that look left and right; one score for each type."""

    def __init__(self) -> None:
        super().__init__()
        width = WIDTH
        self.facts = nn.EmbeddingBag(BUCKETS, width, mode="sum", sparse=False)
        nn.init.normal_(self.facts.weight, std=0.1)
        self.meaning = nn.Linear(2 * PIECE_WIDTH, width)
        self.layers = nn.ModuleList(nn.Conv1d(width, width, 3, padding=gap, dilation=gap) for gap in GAPS)
        self.out = nn.Linear(width, len(TYPES))
        self.dropout = nn.Dropout(_DROPPED)

    def forward(self, ids, offsets, index, meanings):  # type: ignore[no-untyped-def]
        words = self.facts(ids, offsets) + self.meaning(meanings)
        # row 0 of the padded table is nothing
        words = torch.cat([torch.zeros(1, words.shape[1]), words])
        hidden = self.dropout(torch.relu(words)[index]).transpose(1, 2)  # batch, width, length
        mask = (index > 0).unsqueeze(1)
        for layer in self.layers:
            hidden = (hidden + torch.relu(layer(self.dropout(hidden)))) * mask
        return self.out(hidden.transpose(1, 2))


_DROPPED: Final = 0.12
"""Share of numbers between the layers put to nothing at random."""
_SEED: Final = 20261124
_NOTHING: Final = np.zeros(2 * PIECE_WIDTH, dtype=np.float32)


Example = tuple[list[Word], list[int]]
"""Tokens, and the number of each one's type; -100 where the data say nothing."""
_LINE_END: Final = Word("\n", 1, 0)
"""A line end as the core sees it after a word."""


def labelled(text: Text, facts: Facts) -> Example:
    """Tokens and the number of each one's type; -100 where the data say nothing."""
    whole = "".join(part.text for part in text)
    types: list[int] = []
    for part in text:
        types += [-100 if part.type == IGNORED else TYPES.index(part.type)] * len(part.text)
    found, places = facts.tokens(whole)
    return found, [types[place] for place in places]


def sources(shared: Path, without: Sequence[str]) -> list[tuple[float, list[Text]]]:
    """Texts by source, and how often each is shown in an epoch."""
    found: list[tuple[float, list[Text]]] = []
    for path in sorted(OWN.glob("*.txt")):
        if path.stem in ("carriers", "negatives"):
            lines = [
                line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")
            ]
            found.append((2.0, [_carrier(line) for line in lines]))
    for path in sorted((OWN / "marked").glob("*.txt")):
        if path.stem not in without:
            found.append((_SHOWN, list(marked_texts(path))))
    for path in sorted(WRITTEN.glob("*_[ab].txt")):
        if path.stem not in without:
            found.append((_SHOWN, list(marked_texts(path))))
    for stem, weight in (
        ("aci_phi_dev", 4.0),
        ("adversarial_dev", 3.0),
        ("outis_base_dev", 0.5),
        ("presidio_research_general", 1.5),
        ("mts_negatives_dev", 2.0),
    ):
        path = shared / f"{stem}.jsonl"
        if stem not in without and path.exists():
            found.append((weight, list(development_texts(path))))
    return found


def _carrier(line: str) -> Text:
    parts = []
    place = 0
    for slot in _SLOT.finditer(line):
        if slot[1] in _FILLED:
            parts += [Part("O", line[place : slot.start()]), Part(*_FILLED[slot[1]])]
            place = slot.end()
    parts.append(Part("O", line[place:]))
    return tuple(part for part in parts if part.text)


def epoch(texts: list[tuple[float, list[Text]]], pools: Pools, facts: Facts) -> Iterator[Example]:
    """Every text as often as its source says, each time another way: tokens and numbers of their types."""
    chance = pools.chance
    for weight, found in texts:
        for text in found:
            for _ in range(int(weight) + (chance.random() < weight % 1)):
                words, types = labelled(varied(text, pools), facts)
                for start in range(0, max(1, len(words) - (_LENGTH - _STRIDE)), _STRIDE):
                    yield words[start : start + _LENGTH], types[start : start + _LENGTH]


def joined(examples: list[Example], chance: random.Random) -> list[Example]:
    """In another order; many of the short ones one under the other, as notes hold them."""
    chance.shuffle(examples)
    result: list[Example] = []
    for words, types in examples:
        if result and len(result[-1][0]) + len(words) < 120 and chance.random() < 0.6:
            result[-1][0].extend([_LINE_END, *words])
            result[-1][1].extend([0, *types])
        else:
            result.append((list(words), list(types)))
    return result


def batch(group: list[Example], facts: Facts, chance: random.Random) -> tuple[torch.Tensor, ...]:
    """Rows of facts, where each word's begin, words by text and place, meanings, types by text and place."""
    number: dict[Word, int] = {}
    ids: list[int] = []
    offsets: list[int] = []
    meanings: list[np.ndarray] = []
    longest = max(len(words) for words, _ in group)
    index = np.zeros((len(group), longest), dtype=np.int64)
    target = np.full((len(group), longest), -100, dtype=np.int64)
    for at, (words, types) in enumerate(group):
        for n, word in enumerate(words):
            if word not in number:
                number[word] = len(number) + 1
                offsets.append(len(ids))
                ids += facts.rows(word, chance)
                meanings.append(facts.meaning(word) if chance.random() > 0.1 else _NOTHING)
            index[at, n] = number[word]
        target[at, : len(types)] = types
    return (
        torch.tensor(ids),
        torch.tensor(offsets),
        torch.from_numpy(index),
        torch.from_numpy(np.stack(meanings)),
        torch.from_numpy(target),
    )


def learn(texts: list[tuple[float, list[Text]]], epochs: int) -> Network:
    """A network taught by these texts; same machine, same texts, same weights."""
    torch.manual_seed(_SEED)
    chance = random.Random(_SEED)
    pools = Pools(chance)
    network = Network()
    facts = Facts(Tagger(weights(network)))
    facts.tokens("x\n")
    optimizer = torch.optim.AdamW(network.parameters(), lr=_STEP, weight_decay=1e-4)
    loss_of = nn.CrossEntropyLoss(ignore_index=-100, label_smoothing=0.02)
    started = time.perf_counter()
    for turn in range(epochs):
        examples = joined(list(epoch(texts, pools, facts)), chance)
        examples.sort(key=lambda example: len(example[0]) + chance.random() * 20)
        groups = [examples[at : at + 48] for at in range(0, len(examples), 48)]
        chance.shuffle(groups)
        rate = _STEP * (1 - turn / epochs) + 1e-5
        for group in optimizer.param_groups:
            group["lr"] = rate
        total = 0.0
        network.train()
        for group in groups:
            ids, offsets, index, meanings, target = batch(group, facts, chance)
            scores = network(ids, offsets, index, meanings)
            loss = loss_of(scores.reshape(-1, len(TYPES)), target.reshape(-1))
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            total += loss.item()
        took = time.perf_counter() - started
        mean = total / len(groups)
        print(f"epoch {turn + 1}/{epochs}: {len(examples)} texts, loss {mean:.4f}, {took:.0f} s", flush=True)
    network.eval()
    return network


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--without", nargs="*", default=[])
    parser.add_argument("--epochs", type=int, default=11)
    given = parser.parse_args(arguments)
    shared = Path(os.environ.get("HNTAI_SHARED", "../shared")) / "data" / "phi"
    network = learn(sources(shared, given.without), given.epochs)
    given.out.write_bytes(weights(network))


def weights(network: Network) -> bytes:
    """As the tagger's core reads them."""
    state = {name: tensor.detach().numpy() for name, tensor in network.state_dict().items()}
    return packed(state, GAPS)


if __name__ == "__main__":
    main(sys.argv[1:])
