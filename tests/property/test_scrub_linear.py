"""No text, however made, keeps the scrubber busy for long: every pattern is linear.

Nothing is timed here. At the greatest length the contract allows, a linear scrubber ends in seconds, and the
quickest quadratic pattern does not within the limit every test has.
"""

import pytest

from hntai.domain.deidentification import DeidentificationOptions, Recall, deidentify
from tests.bench.phi_speed import HOSTILE, LENGTH


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_repetition_is_scrubbed_in_linear_time(piece: str) -> None:
    text = piece * (LENGTH // len(piece))
    deidentified = deidentify(text, DeidentificationOptions(recall=Recall.high))
    assert len(deidentified.scrubbed_text) > 0
