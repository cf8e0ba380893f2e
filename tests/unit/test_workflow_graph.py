"""The pictures of the state machines, and what the definitions tell an operator."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest

from hntai_local.stack_functions import WORKFLOWS
from hntai_local.workflow_graph import drawn, pictures
from hntai_local.workflow_layout import Layout, laid_out

DEFINITIONS = {path.parent.name: json.loads(path.read_text("utf-8")) for path in WORKFLOWS.values()}
SVG = "{http://www.w3.org/2000/svg}"


def all_states(states: dict[str, Any]) -> dict[str, Any]:
    """Every state by name, those inside Maps too."""
    inner = [
        all_states(state["ItemProcessor"]["States"]) for state in states.values() if state["Type"] == "Map"
    ]
    return {**states, **{name: state for found in inner for name, state in found.items()}}


def test_the_committed_pictures_are_of_the_definitions_as_they_are() -> None:
    for path, text in pictures().items():
        assert path.read_text("utf-8") == text, "make workflow-graph"


@pytest.mark.parametrize("machine", DEFINITIONS)
def test_a_picture_names_every_state_once_with_its_whole_comment(machine: str) -> None:
    definition = DEFINITIONS[machine]
    root = ElementTree.fromstring(drawn(definition, machine))
    texts = ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]
    names = ["".join(one.itertext()) for one in root.iter(f"{SVG}text") if one.get("class") == "name"]
    states = all_states(definition["States"])
    assert sorted(names) == sorted(states)
    told = " ".join(texts)
    assert all(state["Comment"] in told for state in states.values())


@pytest.mark.parametrize("machine", DEFINITIONS)
def test_no_box_lies_on_another_and_all_are_within_the_picture(machine: str) -> None:
    def checked(layout: Layout, width: int, height: int) -> None:
        boxes = list(layout.boxes.values())
        for place, one in enumerate(boxes):
            assert 0 <= one.x <= one.x + one.width <= width
            assert 0 <= one.y <= one.y + one.height <= height
            for other in boxes[place + 1 :]:
                apart = one.x + one.width < other.x or other.x + other.width < one.x
                assert apart or one.y + one.height < other.y or other.y + other.height < one.y
            if one.inner is not None:
                checked(one.inner, one.width, one.height)

    definition = DEFINITIONS[machine]
    layout = laid_out(definition["States"], definition["StartAt"])
    checked(layout, layout.width, layout.height)


@pytest.mark.parametrize("machine", DEFINITIONS)
def test_every_state_says_what_it_is_for_and_every_name_is_an_act(machine: str) -> None:
    states = all_states(DEFINITIONS[machine]["States"])
    for name, state in states.items():
        assert re.fullmatch(r"(?:[A-Z][a-z]+)+", name), name
        assert len(state["Comment"]) >= 20, name
        assert state["Comment"].endswith("."), name


@pytest.mark.parametrize("machine", DEFINITIONS)
def test_every_task_ends_in_time_is_tried_again_and_with_it_its_machine(machine: str) -> None:
    definition = DEFINITIONS[machine]
    for name, state in all_states(definition["States"]).items():
        if state["Type"] == "Task":
            assert state["TimeoutSeconds"] < definition["TimeoutSeconds"], name
            assert state["Retry"], name


def test_a_choice_and_a_way_back_are_drawn() -> None:
    definition = {
        "StartAt": "Ask",
        "States": {
            "Ask": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.a.count", "NumericGreaterThan": 3, "Next": "Again"}],
                "Default": "Done",
            },
            "Again": {"Type": "Pass", "Next": "Ask"},
            "Done": {"Type": "Succeed"},
        },
    }
    text = drawn(definition, "x & y")
    assert "count NumericGreaterThan 3" in text
    assert "x &amp; y" in text
    assert text.count('class="next"') == 3
