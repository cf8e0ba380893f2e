"""The HTTP API with a JWT authorizer and without: the same routes and preflights, no door forgotten."""

from __future__ import annotations

import pytest

from tests.template.authorizer import ANY_SCOPE, ASKED, ISSUER, OPEN, body, routes, security
from tests.template.cloudformation import FUNCTIONS, RESOURCES, TEMPLATE, nodes
from tests.template.resolve import defaults, holds, resolve

KEY = "DefinitionBody"
ANY_METHOD = {"OPTIONS", "ANY", "X-AMAZON-APIGATEWAY-ANY-METHOD"}


def _allowed(rule: str, **given: str) -> bool:
    parameters = defaults(TEMPLATE, **given)
    found = TEMPLATE["Rules"][rule]
    asserted = [holds(TEMPLATE, parameters, part["Assert"]) for part in found["Assertions"]]
    return all(asserted) or not holds(TEMPLATE, parameters, found["RuleCondition"])


def test_every_door_but_the_open_ones_has_the_authorizer_where_it_is_asked_for() -> None:
    closed = routes() - OPEN
    assert len(closed) >= 12
    assert security(body(TEMPLATE, KEY, **ASKED)) == dict.fromkeys(closed, ANY_SCOPE)


def test_no_door_has_an_authorizer_by_default() -> None:
    found = body(TEMPLATE, KEY)
    assert set(security(found).values()) == {None}
    assert "components" not in found
    assert not [part for part in nodes(found) if isinstance(part, dict) and "security" in part]


def test_no_function_asks_for_an_authorizer_of_its_own() -> None:
    events = [event for found in FUNCTIONS.values() for event in found.get("Events", {}).values()]
    assert not [event for event in events if "Auth" in event["Properties"]]
    assert "Auth" not in RESOURCES["Api"]["Properties"]


def test_the_open_doors_are_doors_of_the_api() -> None:
    assert routes() > OPEN


def test_the_authorizer_asks_for_what_the_functions_ask_for() -> None:
    schemes = body(TEMPLATE, KEY, **ASKED, JwtAudience="clinic")["components"]["securitySchemes"]
    authorizer = schemes["Jwt"]["x-amazon-apigateway-authorizer"]
    assert authorizer == {
        "type": "jwt",
        "identitySource": "$request.header.Authorization",
        "jwtConfiguration": {"issuer": ISSUER, "audience": ["clinic"]},
    }
    checking = [found["Environment"]["Variables"] for found in FUNCTIONS.values()]
    checking = [variables for variables in checking if "JWT_ISSUER" in variables]
    assert {variables["JWT_ISSUER"]["Ref"] for variables in checking} == {"JwtIssuer"}
    assert {variables["JWT_AUDIENCE"]["Ref"] for variables in checking} == {"JwtAudience"}


@pytest.mark.parametrize("given", [{}, ASKED], ids=["without", "with"])
def test_a_preflight_meets_no_authorizer(given: dict[str, str]) -> None:
    """API Gateway answers OPTIONS itself where no route takes it.

    Source: API Gateway developer guide, Configure CORS for HTTP APIs.
    """
    every = routes() | set(security(body(TEMPLATE, KEY, **given)))
    assert not [route for route in every if route.split()[0] in ANY_METHOD]
    assert not [route for route in every if "$default" in route or "{proxy+}" in route]
    parameters = defaults(TEMPLATE, **given, CorsOrigins="https://clinic.example")
    cors = resolve(TEMPLATE, parameters, RESOURCES["Api"]["Properties"]["CorsConfiguration"])
    assert "OPTIONS" in cors["AllowMethods"]
    assert "authorization" in cors["AllowHeaders"]


@pytest.mark.parametrize("missing", ["JwtIssuer", "JwtJwksUrl"])
def test_an_authorizer_the_functions_would_contradict_is_not_deployed(missing: str) -> None:
    assert _allowed("AuthorizerNeedsAnIssuer", **ASKED)
    assert _allowed("AuthorizerNeedsAnIssuer")
    given = {name: value for name, value in ASKED.items() if name != missing}
    assert not _allowed("AuthorizerNeedsAnIssuer", **given)
