"""python3 bill.py NAME FOLDER PLACE ...: what an image holds, told in FOLDER.

bill.cdx.json is a CycloneDX 1.6 bill of materials of the packages and models in the PLACEs, licences.txt the
same as a list for people, with where each licence's text lies. Both are the same bytes for the same content.
Runs in the build, under the image's own Python; needs nothing beside it. Ends with 1 where a licence may not
be shipped.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
import uuid
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any, Final

_REFUSED: Final = re.compile(r"(?<!L)(?<!Lesser )\bA?GPL|Affero|(?<!Lesser )General Public", re.IGNORECASE)
"""The GPL and the AGPL; the LGPL, which psycopg has, may be shipped as a library of its own."""
_SPDX: Final = re.compile(r"[A-Za-z0-9.+-]+")
_CLASSIFIER: Final = "License :: OSI Approved :: "
_LONGEST: Final = 80
"""Characters; what is longer in a License field is the licence's text, not its name."""
_NOT_STATED: Final = "not stated"


def main(name: str, folder: Path, places: list[Path]) -> int:
    """The exit code; both files are written either way."""
    packages = [one for place in places for one in distributions(path=[str(place)])]
    parts = sorted(
        [*map(_package, packages), *(_model(found) for place in places for found in _models(place))],
        key=lambda part: (part["component"]["type"], part["component"]["name"].lower()),
    )
    components = [part["component"] for part in parts]
    bill = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps([name, components]))}",
        "version": 1,
        "metadata": {"component": {"type": "container", "name": f"hntai-{name}", "bom-ref": f"hntai-{name}"}},
        "components": components,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bill.cdx.json").write_text(json.dumps(bill, indent=1) + "\n", "utf-8")
    lines = [_line(part) for part in parts]
    (folder / "licences.txt").write_text("\n".join(lines) + "\n", "utf-8")
    refused = [line for part, line in zip(parts, lines, strict=True) if _REFUSED.search(part["licence"])]
    for line in refused:
        sys.stderr.write(f"bill: may not be shipped: {line}\n")
    return 1 if refused else 0


def _package(package: Distribution) -> dict[str, Any]:
    name, version = package.metadata["Name"], package.version
    licence = _licence_of(package)
    files = sorted(
        str(package.locate_file(file))
        for file in package.files or ()
        if ".dist-info" in str(file) and re.search(r"licen[cs]e|copying|notice", file.name, re.IGNORECASE)
    )
    normal = re.sub(r"[-_.]+", "-", name).lower()
    component = {
        "type": "library",
        "bom-ref": f"pkg:pypi/{normal}@{version}",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{normal}@{version}",
        "licenses": _licences(licence),
    }
    return {"component": component, "licence": licence, "files": files}


def _licence_of(package: Distribution) -> str:
    """As its makers state it: an SPDX expression, a name, or the classifiers."""
    metadata = package.metadata
    stated = metadata.get("License-Expression") or metadata.get("License") or ""
    if stated and "\n" not in stated and len(stated) <= _LONGEST and stated.upper() != "UNKNOWN":
        return stated.strip()
    classified = [
        one.removeprefix(_CLASSIFIER)
        for one in metadata.get_all("Classifier") or ()
        if one.startswith(_CLASSIFIER)
    ]
    return " OR ".join(classified) or _NOT_STATED


def _licences(licence: str) -> list[dict[str, Any]]:
    """In the form CycloneDX has for each: an expression, or a name that is none."""
    words = re.split(r"[\s()]+|\b(?:AND|OR|WITH)\b", licence)
    is_spdx = all(_SPDX.fullmatch(word) and "-" in word for word in words if word)
    is_spdx = is_spdx or licence in {"MIT", "ISC", "0BSD", "Unlicense"}
    return [{"expression": licence}] if is_spdx else [{"license": {"name": licence}}]


def _models(place: Path) -> list[dict[str, Any]]:
    """The manifest's entries of the models baked there."""
    manifest = place / "manifest.toml"
    if not manifest.exists():
        return []
    models: list[dict[str, Any]] = tomllib.loads(manifest.read_text("utf-8"))["model"]
    return [{**model, "place": place / model["name"]} for model in models if (place / model["name"]).is_dir()]


def _model(model: dict[str, Any]) -> dict[str, Any]:
    licence = model.get("licence", _NOT_STATED)
    hashes = [
        {"alg": "SHA-256", "content": file["sha256"]} for file in model.get("file", ()) if "sha256" in file
    ]
    component = {
        "type": "machine-learning-model",
        "bom-ref": f"model:{model['name']}",
        "name": model["name"],
        "version": str(model.get("revision", "")),
        "licenses": _licences(licence),
        **({"hashes": hashes} if hashes else {}),
    }
    return {"component": component, "licence": licence, "files": [str(model["place"])]}


def _line(part: dict[str, Any]) -> str:
    component = part["component"]
    places = ", ".join(part["files"]) or "no text in the package"
    return f"{component['name']} {component['version']}: {part['licence']} ({places})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), [Path(place) for place in sys.argv[3:]]))
