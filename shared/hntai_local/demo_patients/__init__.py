"""Three invented patients as FHIR R4 bundles, the same byte for byte for the same seed and day."""

from __future__ import annotations

import base64
import random
from datetime import date
from typing import Any

from hntai_local.demo_patients.people import invented_people
from hntai_local.demo_patients.record import Record
from hntai_local.demo_patients.stories import STORIES, Story

Bundle = dict[str, Any]

NEWEST = date(2026, 10, 5)
"""The day of each record's newest encounter unless another is asked for."""


def demo_bundles(seed: int = 7, newest: date = NEWEST) -> tuple[Bundle, Bundle, Bundle]:
    """Three transaction bundles with stable ids; every day in them counts back from newest."""
    first, second, third = (
        _bundle(story, random.Random(f"{seed}-{story.prefix}"), newest) for story in STORIES
    )
    return first, second, third


def demo_note(bundle: Bundle) -> str:
    """The text of the newest clinical note in a bundle, with all the identifiers it was written with."""
    notes = [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "DocumentReference"]
    newest = max(notes, key=lambda note: note["date"])
    return base64.b64decode(newest["content"][0]["attachment"]["data"]).decode()


def _bundle(story: Story, chance: random.Random, newest: date) -> Bundle:
    record = Record(story.prefix, newest, chance)
    people = invented_people(story, record, chance)
    story.tell(record)
    record.note(story.note.format(**people.as_written(record)), on=0)
    return record.bundle()
