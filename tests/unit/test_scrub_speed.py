"""No text, however made, keeps the scrubber busy for long: every pattern is linear."""

import time

import pytest

from hntai.domain.deidentification import DeidentificationOptions, Recall, deidentify
from tests.bench.phi_speed import HOSTILE

_LENGTH = 50_000
_LIMIT_S = 2.0
"""Four times what the slowest takes on a busy core. A quadratic pattern takes minutes at this length."""


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_repetition_is_scrubbed_in_linear_time(piece: str) -> None:
    text = piece * (_LENGTH // len(piece))
    started = time.process_time()
    deidentify(text, DeidentificationOptions(recall=Recall.high))
    assert time.process_time() - started < _LIMIT_S
