"""Extractive summaries: the source's own sentences, ranked chunk by chunk, then against each other."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from hntai.domain.errors import ModelFailedError
from hntai.domain.extractive import ranked
from hntai.domain.summary_text import fitting
from hntai.domain.summary_units import Unit, units
from hntai.domain.word_similarity import WordSimilarity
from hntai.ports import ModelShelf, SentenceEncoder
from hntai.services.summaries.draft import Asked, Deadline, Draft

CHUNK_TOKENS: Final = 2_000
CANDIDATES: Final = 160
"""Most units that are ranked against each other in the end."""
ENCODED_UNITS: Final = 400
"""Most units of a text for the encoder to read all of them; of a longer text it ranks the candidates alone.

At the 60 to 150 sentences a second of one to two processors that is within the budget.
"""
ENCODER_SHARE: Final = 0.7
"""Of the time left; what the encoder has not done by then is done by words."""
WORDS: Final[SentenceEncoder] = WordSimilarity()


@dataclass(frozen=True, slots=True)
class Extract:
    """Summarizes without a generator; never fails."""

    shelf: ModelShelf
    readers: ThreadPoolExecutor
    """Rank chunks beside each other."""
    desk: ThreadPoolExecutor
    """Runs what may take longer than there is time for."""

    def encoder(self) -> SentenceEncoder:
        """The baked encoder, else comparison by words."""
        try:
            return self.shelf.encoder()
        except ModelFailedError:
            return WORDS

    def __call__(self, asked: Asked, deadline: Deadline) -> Draft:
        """Within max_tokens always; min_tokens where the source says enough."""
        encoder = self.encoder()
        missing = ("encoder-missing",) if encoder.identity == WORDS.identity and self.shelf.names() else ()
        if encoder.identity == WORDS.identity:
            return replace(self._by(WORDS, asked), fallbacks=missing)
        share = Deadline.after(deadline.left_s * ENCODER_SHARE)
        reading = self.desk.submit(self._by, encoder, asked)
        try:
            return share.result(reading, lambda: self._instead(asked, "deadline"))
        except ModelFailedError:
            return self._instead(asked, "model-failed")

    def _instead(self, asked: Asked, reason: str) -> Draft:
        return replace(self._by(WORDS, asked), fallbacks=(reason,))

    def _by(self, encoder: SentenceEncoder, asked: Asked) -> Draft:
        """Raises ModelFailedError, from the encoder."""
        started = time.perf_counter()
        every = units(asked.text)
        costs = [encoder.count_tokens(unit.text) for unit in every]
        groups = _groups(every, costs)
        chunking_s = time.perf_counter() - started
        candidates = self._candidates(groups, encoder, asked)
        ranking = ranked(
            candidates,
            encoder.similarities,
            encoder.count_tokens,
            max_tokens=asked.max_tokens,
            min_tokens=asked.min_tokens,
        )
        text = fitting(
            ranking or range(min(1, len(candidates))), candidates, asked.max_tokens, encoder.count_tokens
        )
        return Draft(
            text=text,
            model=encoder.identity,
            chunks=len(groups),
            input_tokens=encoder.count_tokens(asked.text),
            output_tokens=encoder.count_tokens(text),
            chunking_s=chunking_s,
        )

    def _candidates(
        self, groups: Sequence[Sequence[Unit]], encoder: SentenceEncoder, asked: Asked
    ) -> Sequence[Unit]:
        """All units of a text of one chunk; of a longer one the best of each chunk."""
        if len(groups) < 2:
            return groups[0] if groups else ()
        reader = encoder if sum(map(len, groups)) <= ENCODED_UNITS else WORDS
        share = max(2, CANDIDATES // len(groups))
        budget = max(asked.max_tokens, CHUNK_TOKENS)

        def best(group: Sequence[Unit]) -> list[Unit]:
            ranking = ranked(
                group, reader.similarities, reader.count_tokens, max_tokens=budget, min_tokens=budget
            )
            return [group[place] for place in sorted(ranking[:share])]

        return [unit for found in self.readers.map(best, groups) for unit in found]


def _groups(every: Sequence[Unit], costs: Sequence[int]) -> list[Sequence[Unit]]:
    """Units in chunks of about CHUNK_TOKENS, none cut."""
    groups: dict[int, list[Unit]] = {}
    for unit, total in zip(every, accumulate(costs), strict=True):
        groups.setdefault(total // CHUNK_TOKENS, []).append(unit)
    return list(groups.values())
