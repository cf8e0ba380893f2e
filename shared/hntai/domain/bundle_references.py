"""References between the resources of a record, rewritten as `Type/id` whichever way they were written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from hntai.domain.fhir import Resource, mapping, mappings, string

_VERSION = re.compile(r"/_history/[^/]*\Z")
_ABSOLUTE = re.compile(r"(https?://.+/)([A-Z][A-Za-z]+/[^\s/?#]{1,128})\Z", re.IGNORECASE)
_CONDITIONAL = re.compile(r"([A-Z][A-Za-z]+)\?identifier=([^&]+)\Z")
_PATIENT_FIELDS = ("subject", "patient")
_NESTED = (dict, list)


class References:
    """The entries of one record, by every name they may be called."""

    def __init__(self, entries: Iterable[tuple[str, str, Resource]], base_url: str) -> None:
        """entries: fullUrl or nothing, `Type/id`, and resource. base_url: of the server asked."""
        self._by_url: dict[str, str] = {}
        self._by_identifier: dict[str, str] = {}
        self._known: dict[str, str] = {}
        self._roots = {_root(base_url)}
        self._is_rooted = False
        for full_url, name, resource in entries:
            if full_url:
                self._learn(full_url, name)
            for identifier in mappings(resource.get("identifier")):
                key = f"{name.partition('/')[0]}?{_system_and_value(identifier)}"
                self._by_identifier.setdefault(key, name)

    def _learn(self, full_url: str, name: str) -> None:
        url = _VERSION.sub("", full_url)
        self._by_url[url] = name
        absolute = _ABSOLUTE.match(url)
        if absolute:
            self._roots.add(_root(absolute[1]))
            self._is_rooted = True

    def resolve(self, resource: object) -> None:
        """Rewrites, in place, every reference inside that leads to an entry or to one of its servers."""
        waiting = [resource]
        while waiting:
            part = waiting.pop()
            if type(part) is dict:
                written = part.get("reference")
                if type(written) is str:
                    part["reference"] = self._known.get(written) or self._resolved(written)
                waiting += [inner for inner in part.values() if type(inner) in _NESTED]
            elif type(part) is list:
                waiting += part

    def _resolved(self, written: str) -> str:
        found = self._known[written] = self._looked_up(_VERSION.sub("", written.strip()))
        return found

    def _looked_up(self, url: str) -> str:
        if url in self._by_url:
            return self._by_url[url]
        absolute = _ABSOLUTE.match(url)
        if absolute:
            return absolute[2] if _root(absolute[1]) in self._roots else url
        conditional = _CONDITIONAL.match(url)
        if conditional:
            return self._by_identifier.get(f"{conditional[1]}?identifier={conditional[2]}", url)
        return url

    def names_foreign_patient(self, resource: Resource) -> bool:
        """Whether a resolved resource is of a patient of another server.

        Known only where entries carry absolute addresses: else references may be absolute by habit, written
        behind a gateway that bears another name.
        """
        if not self._is_rooted:
            return False
        written = (string(mapping(resource.get(field)).get("reference")) for field in _PATIENT_FIELDS)
        return any("://" in one and _ABSOLUTE.match(one) for one in written)


def lifted_results(report: Resource) -> Iterator[Resource]:
    """Observations a report contains, as resources of their own: some laboratories send them only so."""
    if report.get("resourceType") != "DiagnosticReport":
        return
    wanted = {string(mapping(result).get("reference")) for result in mappings(report.get("result"))}
    for contained in mappings(report.get("contained")):
        name = f"#{string(contained.get('id'))}"
        if contained.get("resourceType") == "Observation" and name in wanted:
            yield {**_of_report(report), **contained, "id": f"{string(report.get('id'))}{name}"}


def _of_report(report: Resource) -> dict[str, Any]:
    """What a report says of all its results."""
    fields = ("subject", "encounter", "effectiveDateTime", "effectivePeriod", "issued", "category", "status")
    said = {field: report[field] for field in fields if field in report}
    return said | ({"status": "final"} if said.get("status") in ("amended", "corrected", "appended") else {})


def _system_and_value(identifier: Resource) -> str:
    return f"identifier={string(identifier.get('system'))}|{string(identifier.get('value'))}"


def _root(url: str) -> str:
    """An address without what may differ in writing alone: scheme, case, last stroke."""
    return url.partition("://")[2].rstrip("/").casefold()
