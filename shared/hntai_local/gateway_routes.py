"""Which function a method and a path belong to, as API Gateway's HTTP API decides it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from hntai_local.template import Route


@dataclass(frozen=True, slots=True)
class Match:
    """A request's function, and what the path said."""

    function: str
    route_key: str
    path_parameters: Mapping[str, str]
    """Percent-decoded."""


@dataclass(frozen=True, slots=True)
class NoMatch:
    """No function; allowed is empty where not even the path is known."""

    allowed: tuple[str, ...]


def match_route(routes: Sequence[Route], method: str, raw_path: str) -> Match | NoMatch:
    """The most literal route for this path; OPTIONS without a route of its own goes to the path's function.

    raw_path: percent-encoded, so an encoded slash never splits a parameter.
    """
    fitting = [(route, found) for route in routes if (found := _parameters(route.path, raw_path)) is not None]
    fitting.sort(key=lambda pair: _literalness(pair[0].path), reverse=True)
    best = [pair for pair in fitting if _literalness(pair[0].path) == _literalness(fitting[0][0].path)]
    for route, parameters in best:
        if route.method in (method, "ANY"):
            return Match(route.function, f"{route.method} {route.path}", parameters)
    if best and method == "OPTIONS":
        route, parameters = best[0]
        return Match(route.function, f"OPTIONS {route.path}", parameters)
    return NoMatch(tuple(sorted({route.method for route, _ in best} | {"OPTIONS"})) if best else ())


def _parameters(pattern: str, raw_path: str) -> dict[str, str] | None:
    """The path's parameters, None where the pattern does not fit. A last {name+} takes the rest."""
    wanted, given = pattern.split("/"), raw_path.split("/")
    found: dict[str, str] = {}
    for place, part in enumerate(wanted):
        if part.startswith("{") and part.endswith("+}"):
            rest = "/".join(given[place:])
            return {**found, part[1:-2]: unquote(rest)} if rest else None
        if place >= len(given):
            return None
        if part.startswith("{") and part.endswith("}") and given[place]:
            found[part[1:-1]] = unquote(given[place])
        elif part != unquote(given[place]):
            return None
    return found if len(wanted) == len(given) else None


def _literalness(pattern: str) -> tuple[int, ...]:
    """Orders patterns: at each part a literal before a parameter before a greedy one."""
    return tuple(
        0 if part.endswith("+}") else 1 if part.startswith("{") else 2 for part in pattern.split("/")
    )
