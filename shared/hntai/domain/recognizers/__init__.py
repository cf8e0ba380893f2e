"""Every rule that finds PHI: functions from text to spans, none knowing another."""

from __future__ import annotations

from typing import Final

from hntai.domain.recognizers.ages import recognize_ages
from hntai.domain.recognizers.cued_names import recognize_cued_names
from hntai.domain.recognizers.dates import recognize_dates
from hntai.domain.recognizers.facilities import recognize_facilities
from hntai.domain.recognizers.internet import recognize_internet
from hntai.domain.recognizers.labelled_ids import recognize_labelled_ids
from hntai.domain.recognizers.listed_names import recognize_lone_names
from hntai.domain.recognizers.phones import recognize_phones
from hntai.domain.recognizers.places import recognize_places
from hntai.domain.recognizers.shaped_ids import recognize_long_numbers, recognize_shaped_ids
from hntai.domain.recognizers.small_names import recognize_small_names
from hntai.domain.recognizers.social_security import recognize_social_security
from hntai.domain.recognizers.spelled_out import recognize_spelled_out
from hntai.domain.recognizers.spoken_dates import recognize_spoken_dates
from hntai.domain.recognizers.spoken_numbers import recognize_spoken_numbers
from hntai.domain.recognizers.tagged import recognize_doubtfully_tagged, recognize_tagged
from hntai.domain.spans import Recognizer

_RULES: Final[tuple[Recognizer, ...]] = (
    recognize_internet,
    recognize_social_security,
    recognize_labelled_ids,
    recognize_shaped_ids,
    recognize_phones,
    recognize_dates,
    recognize_ages,
    recognize_places,
    recognize_facilities,
    recognize_cued_names,
    recognize_small_names,
    recognize_spoken_numbers,
    recognize_spoken_dates,
    recognize_spelled_out,
)

BALANCED: Final[tuple[Recognizer, ...]] = (*_RULES, recognize_tagged)

HIGH: Final[tuple[Recognizer, ...]] = (
    *_RULES,
    recognize_long_numbers,
    recognize_lone_names,
    recognize_doubtfully_tagged,
)
"""What weaker evidence adds: lone listed names, doubtful tags, six-digit numbers."""
