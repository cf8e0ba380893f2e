"""The API's description is what the functions serve."""

from __future__ import annotations

import json

from functions.status.docs_page import docs_page
from hntai_local import api_reference
from hntai_local.openapi import TARGET, described


def test_the_description_kept_is_the_one_the_routes_give() -> None:
    assert TARGET.read_text("utf-8") == described(), "run: make openapi"


def test_every_guarded_route_names_its_scope_and_every_answer_its_problem() -> None:
    api = json.loads(TARGET.read_text("utf-8"))
    for path, methods in api["paths"].items():
        for operation in methods.values():
            assert path in ("/live", "/ready") or operation["x-hntai-scope"]
            assert "application/problem+json" in operation["responses"]["default"]["content"]


def test_the_page_for_people_has_every_path_and_no_script() -> None:
    page = docs_page(TARGET.read_bytes())
    assert all(path in page for path in json.loads(TARGET.read_bytes())["paths"])
    assert "<script" not in page


def test_the_reference_is_the_one_description_and_examples_give() -> None:
    assert api_reference.TARGET.read_text("utf-8") == api_reference.written(), "run: make api-docs"


def test_the_reference_has_every_path_and_an_example_of_both_kinds_and_no_example_beside() -> None:
    assert set(json.loads(TARGET.read_bytes())["paths"]) == set(api_reference.DOORS)
    wanted = {f"{name}{ending}" for name in api_reference.DOORS.values() for ending in (".sh", ".py")}
    assert {file.name for file in api_reference.EXAMPLES.iterdir()} == wanted
