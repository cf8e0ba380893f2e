"""Problems: one status per leaf, nothing of the request in any of them."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from hntai.domain.errors import HntaiError, leaf_named, leaves
from hntai.web.problem import STATUS, problem


def test_every_leaf_has_a_status_and_nothing_else_has() -> None:
    assert set(STATUS) == set(leaves())


def test_every_leaf_has_a_slug_and_a_title_of_its_own() -> None:
    assert len({leaf.slug for leaf in leaves()}) == len(leaves())
    assert len({leaf.title for leaf in leaves()}) == len(leaves())


@pytest.mark.parametrize("leaf", leaves(), ids=lambda leaf: leaf.__name__)
def test_a_problem_has_the_members_of_rfc_9457(leaf: type[HntaiError]) -> None:
    members = problem(leaf(), "request-1")
    assert members["type"] == f"urn:hntai:problem:{leaf.slug}"
    assert HTTPStatus(members["status"]) >= 400
    assert members["instance"] == "request-1"
    assert leaf_named(leaf.__name__) is leaf
