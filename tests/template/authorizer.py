"""Who checks tokens before the functions do: nobody, or a JWT authorizer where JwtAuthorizer asks for it."""

from __future__ import annotations

from tests.template.cloudformation import FUNCTIONS, Node
from tests.template.resolve import defaults, resolve

OPEN = {"GET /live", "GET /ready", "GET /docs", "GET /openapi.json"}
"""Doors that ask nobody who they are; the last two are there only where DocsEnabled says so."""
ISSUER = "https://issuer.example"
ANY_SCOPE: Node = [{"Jwt": []}]
"""A token of the issuer; which scope it must have, the function says."""
ASKED = {"JwtAuthorizer": "true", "JwtIssuer": ISSUER, "JwtJwksUrl": f"{ISSUER}/keys"}


def routes() -> set[str]:
    """Every route the functions ask for."""
    events = [event for found in FUNCTIONS.values() for event in found.get("Events", {}).values()]
    asked = [event["Properties"] for event in events if event["Type"] == "HttpApi"]
    return {f"{found['Method']} {found['Path']}" for found in asked}


def body(template: Node, key: str, **given: str) -> Node:
    """The API's OpenAPI body with these parameters; key is DefinitionBody before SAM, Body after it."""
    return resolve(template, defaults(template, **given), template["Resources"]["Api"]["Properties"][key])


def security(openapi: Node) -> dict[str, Node]:
    """What each route of a body asks for; None where it asks for nothing."""
    return {
        f"{method.upper()} {path}": operation.get("security")
        for path, operations in openapi["paths"].items()
        for method, operation in operations.items()
    }
