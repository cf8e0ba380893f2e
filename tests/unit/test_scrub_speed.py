"""No text, however made, keeps the scrubber busy for long: every pattern is linear.

Nothing is timed here: at this length a quadratic pattern does not end before the test's own time limit.
"""

import pytest

from hntai.domain.deidentification import DeidentificationOptions, Recall, deidentify
from tests.bench.phi_speed import HOSTILE

_LENGTH = 100_000


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_repetition_is_scrubbed_in_linear_time(piece: str) -> None:
    text = piece * (_LENGTH // len(piece))
    deidentified = deidentify(text, DeidentificationOptions(recall=Recall.high))
    assert len(deidentified.scrubbed_text) > 0
