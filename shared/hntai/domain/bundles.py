"""FHIR bundles of every type taken apart: resources that refer to each other as `Type/id`.

searchset, collection, document, transaction and batch, their responses (bundles within a bundle included) and
history. Source: FHIR R4, Bundle; 3.1.5.1, resolving references in bundles.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from hntai.domain.bundle_references import References, lifted_results
from hntai.domain.chart.admission import CLINICAL
from hntai.domain.dates import parse_moment
from hntai.domain.fhir import Resource, mapping, mappings, string

KEPT = CLINICAL | {
    "Patient", "RelatedPerson", "Practitioner", "PractitionerRole", "Person", "Organization", "Location",
    "Medication", "OperationOutcome",
}  # fmt: skip
"""What a chart is built from, and who is named in it; claims and the like are neither kept nor stored."""
_DEEPEST = 3
"""Bundles within bundles: a batch-response holds searchsets, and nothing sensible goes deeper."""
_TYPED_URL = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)/([^\s/?#]{1,128})(?:/_history/[^/]*)?\Z")
_URN_ID = re.compile(r"urn:(?:uuid|oid):([^\s/?#]{1,128})\Z", re.IGNORECASE)
_SENTENCES = {
    "failed": "Requests inside the EHR's answer that failed: {n}; the record may lack what they stood for.",
    "deleted": "Left out because the EHR has deleted them: {n}.",
    "other_server": "Left out because they name a patient of another server: {n}.",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a bundle: a resource, or the news that one is deleted."""

    resource: Resource | None
    full_url: str = ""
    is_deleted: bool = False
    is_failed: bool = False
    name: str = ""
    """`Type/id`, by the resource or else by its entry."""
    at: object = None
    """When this version came to be, as written."""
    version: object = None
    is_history: bool = False


@dataclass(frozen=True, slots=True)
class BundledRecord:
    resources: tuple[Resource, ...]
    warnings: tuple[str, ...]


def next_links(bundle: Resource) -> list[str]:
    """Where a bundle goes on, and where the bundles in it do."""
    return [url for part in _bundles(bundle, _DEEPEST) for url in _next_link(part)]


def entries(bundle: Resource) -> Iterator[Entry]:
    """The entries of a bundle, then those of bundles in it; kinds no chart reads are passed over."""
    for part in _bundles(bundle, _DEEPEST):
        is_history = part.get("type") == "history"
        for entry in mappings(part.get("entry")):
            read = _entry(entry, is_history)
            kind = mapping(read.resource).get("resourceType")
            if read.is_deleted or read.is_failed or (read.resource is not None and _is_kept(kind)):
                yield read


def resources_of(found: Iterable[Entry], base_url: str) -> BundledRecord:
    """The resources of all entries of a record, which are changed in place.

    base_url: of the server asked; references below it are its own.
    """
    left_out: Counter[str] = Counter()
    kept = [_with_id(entry) for entry in _living(found, left_out)]
    references = References(((one.full_url, one.name, mapping(one.resource)) for one in kept), base_url)
    resources: list[Resource] = []
    for entry in kept:
        resource = mapping(entry.resource)
        references.resolve(resource)
        if references.names_foreign_patient(resource):
            left_out["other_server"] += 1
        else:
            resources += (resource, *lifted_results(resource))
    told = (
        sentence.format(n=left_out[reason]) for reason, sentence in _SENTENCES.items() if left_out[reason]
    )
    return BundledRecord(tuple(resources), tuple(told))


def _bundles(bundle: Resource, depth: int) -> Iterator[Resource]:
    yield bundle
    for entry in mappings(bundle.get("entry")) if depth else ():
        inner = mapping(entry.get("resource"))
        if inner.get("resourceType") == "Bundle":
            yield from _bundles(inner, depth - 1)


def _next_link(bundle: Resource) -> Iterator[str]:
    for link in mappings(bundle.get("link")):
        url = link.get("url")
        if link.get("relation") == "next" and isinstance(url, str):
            yield url
            return


def _is_kept(kind: object) -> bool:
    """Whether a chart may want it; what bears no kind is kept, to be counted as misshapen."""
    return not isinstance(kind, str) or not kind or kind in KEPT


def _entry(entry: Resource, is_history: bool) -> Entry:
    request, response = mapping(entry.get("request")), mapping(entry.get("response"))
    found, full_url = entry.get("resource"), string(entry.get("fullUrl"))
    resource = mapping(found)
    if resource.get("resourceType") == "OperationOutcome":
        return Entry(None, is_failed=_is_trouble(resource))
    own, kind = string(resource.get("id")), string(resource.get("resourceType"))
    elsewhere = () if own else (string(response.get("location")), string(request.get("url")), full_url)
    return Entry(
        resource=resource if isinstance(found, dict) else None,
        full_url=full_url,
        name=f"{kind}/{own}" if own else _typed(elsewhere),
        is_deleted=request.get("method") == "DELETE" and not isinstance(found, dict),
        is_failed=string(response.get("status"))[:1] in ("4", "5"),
        at=mapping(resource.get("meta")).get("lastUpdated") or response.get("lastModified"),
        version=mapping(resource.get("meta")).get("versionId"),
        is_history=is_history,
    )


def _is_trouble(outcome: Resource) -> bool:
    return any(issue.get("severity") in ("error", "fatal") for issue in mappings(outcome.get("issue")))


def _typed(written: Iterable[str]) -> str:
    """`Type/id` out of the first of these that ends in it."""
    found = next(filter(None, map(_TYPED_URL.search, written)), None)
    return f"{found[1]}/{found[2]}" if found else ""


def _living(found: Iterable[Entry], left_out: Counter[str]) -> list[Entry]:
    """The newest version of every resource, without the failed entries and those whose news is a deletion."""
    newest: dict[str, Entry] = {}
    for position, entry in enumerate(found):
        key = entry.name or f"#{position}"
        if entry.is_failed:
            left_out["failed"] += 1
        elif key not in newest or _replaces(entry, newest[key]):
            newest[key] = entry
    left_out["deleted"] = sum(entry.is_deleted for entry in newest.values())
    return [entry for entry in newest.values() if entry.resource is not None]


def _replaces(later: Entry, earlier: Entry) -> bool:
    """By time, then by version; else what comes later, but for histories, which begin with the newest."""
    times = parse_moment(later.at), parse_moment(earlier.at)
    versions = _number(later.version), _number(earlier.version)
    if times[0] and times[1] and times[0] != times[1]:
        return times[0] > times[1]
    return versions[0] >= versions[1] if all(versions) else not later.is_history


def _number(version: object) -> int:
    return int(version) if isinstance(version, str) and re.fullmatch(r"[0-9]{1,9}", version) else 0


def _with_id(entry: Entry) -> Entry:
    """A resource without an id gets the one its entry gives it."""
    resource: Any = entry.resource
    if string(resource.get("id")):
        return entry
    urn, kind = _URN_ID.match(entry.full_url), string(resource.get("resourceType"))
    named, _, own = entry.name.partition("/")
    if urn or (own and named == kind):
        resource["id"] = urn[1] if urn else own
    return replace(entry, name=f"{kind}/{string(resource.get('id'))}")
