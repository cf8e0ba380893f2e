from __future__ import annotations

import pytest

from hntai_local.gateway_routes import Match, NoMatch, match_route
from hntai_local.template import Route

ROUTES = (
    Route("GET", "/jobs/{id}", "Jobs"),
    Route("GET", "/jobs/{id}/events", "Events"),
    Route("GET", "/jobs/newest", "Newest"),
    Route("POST", "/phi/scrub", "Scrub"),
    Route("DELETE", "/jobs/{id}", "Jobs"),
    Route("ANY", "/any", "Any"),
    Route("GET", "/files/{path+}", "Files"),
)


@pytest.mark.parametrize(
    ("method", "path", "function", "key", "parameters"),
    [
        ("GET", "/jobs/7", "Jobs", "GET /jobs/{id}", {"id": "7"}),
        ("DELETE", "/jobs/7", "Jobs", "DELETE /jobs/{id}", {"id": "7"}),
        ("GET", "/jobs/newest", "Newest", "GET /jobs/newest", {}),
        ("GET", "/jobs/7/events", "Events", "GET /jobs/{id}/events", {"id": "7"}),
        ("GET", "/jobs/a%2Fb", "Jobs", "GET /jobs/{id}", {"id": "a/b"}),
        ("GET", "/jobs/a%20b", "Jobs", "GET /jobs/{id}", {"id": "a b"}),
        ("POST", "/phi/scr%75b", "Scrub", "POST /phi/scrub", {}),
        ("OPTIONS", "/phi/scrub", "Scrub", "OPTIONS /phi/scrub", {}),
        ("OPTIONS", "/jobs/7", "Jobs", "OPTIONS /jobs/{id}", {"id": "7"}),
        ("PATCH", "/any", "Any", "ANY /any", {}),
        ("GET", "/files/a/b/c", "Files", "GET /files/{path+}", {"path": "a/b/c"}),
    ],
)
def test_a_path_finds_its_function(
    method: str, path: str, function: str, key: str, parameters: dict[str, str]
) -> None:
    assert match_route(ROUTES, method, path) == Match(function, key, parameters)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/", ()),
        ("GET", "/jobs", ()),
        ("GET", "/jobs/", ()),
        ("GET", "/jobs/7/", ()),
        ("GET", "/jobs/7/events/1", ()),
        ("GET", "/JOBS/7", ()),
        ("GET", "/files/", ()),
        ("GET", "http://elsewhere/jobs/7", ()),
        ("POST", "/jobs/7", ("DELETE", "GET", "OPTIONS")),
        ("DELETE", "/jobs/newest", ("GET", "OPTIONS")),
        ("GET", "/phi/scrub", ("OPTIONS", "POST")),
        ("HEAD", "/jobs/7", ("DELETE", "GET", "OPTIONS")),
    ],
)
def test_what_is_not_routed_says_what_would_be(method: str, path: str, allowed: tuple[str, ...]) -> None:
    assert match_route(ROUTES, method, path) == NoMatch(allowed)
