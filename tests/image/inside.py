"""What an image must and must not hold: no pip, no compiler, nothing to write to; a bill of materials;
patterns of its own Python.

Looked at with its root as it is: a read-only one would answer in the place of the files' own rights.
"""

from __future__ import annotations

import json

from tests.image.engine import Engine

_LOOK = """
import importlib, importlib.util, json, os, shutil, sys
tools = ("pip", "pip3", "gcc", "cc", "g++", "clang", "make", "cmake", "ninja")
modules = ("pip", "setuptools", "ziglang", "cmake", "torch", "transformers", "optimum", "hntai_local")
tools = [name for name in tools if shutil.which(name)]
modules = [name for name in modules if importlib.util.find_spec(name)]
bill = json.load(open("/opt/bill/bill.cdx.json"))
writable = [place for place in ("/var/task", "/opt/python", "/opt/models") if os.access(place, os.W_OK)]
compiler = importlib.import_module("re._compiler")
own = compiler.compile
importlib.import_module("hntai.domain.kept_patterns").take_up()
kept = compiler.compile is not own
print(json.dumps({"tools": tools, "modules": modules, "writable": writable, "uid": os.getuid(), "kept": kept,
                  "components": len(bill["components"]), "format": bill["bomFormat"],
                  "licences": sum(1 for line in open("/opt/bill/licences.txt"))}))
"""
_NOBODY = "65534:65534"


def check_inside(engine: Engine, images: dict[str, str]) -> list[str]:
    """Faults, in words; one line an image is printed."""
    faults = []
    for name, image in images.items():
        words = [
            "run",
            "--rm",
            "--user",
            _NOBODY,
            "--network",
            "none",
            "--entrypoint",
            "python3",
        ]
        found = json.loads(engine.podman(*words, image, "-c", _LOOK))
        print(f"  {name:18} {found['components']:3} packages and models in its bill", flush=True)
        faults += [f"{name} holds {what}" for what in (*found["tools"], *found["modules"])]
        faults += [f"{name}: {place} can be written" for place in found["writable"]]
        if not found["kept"]:
            faults.append(f"{name} compiles its patterns anew at every start")
        if found["format"] != "CycloneDX" or not 0 < found["components"] == found["licences"]:
            faults.append(f"{name} has no whole bill of materials")
    return faults
