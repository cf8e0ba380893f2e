"""python -m tests.image: builds every image over the stand-in base, runs every event in it, weighs it.

Ends with 0 where all held, 1 where something did not. Where no engine can run, that is said loudly, and the
end is 3, or 0 where HNTAI_IMAGES_OPTIONAL is 1. HNTAI_IMAGES_DIR is where the engine keeps its store,
.hntai/images by default.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import yaml

from hntai_local.state_dir import PROJECT_ROOT
from hntai_local.template import read_template
from tests.image import sam
from tests.image.answers import settled
from tests.image.base import NAME, check_engine, make_base
from tests.image.cold_start import cold_inits
from tests.image.engine import Engine, EngineMissingError
from tests.image.events import Recorded, recorded_events
from tests.image.inside import check_inside
from tests.image.plain import IMAGE, build_plain, check_plain
from tests.image.sizes import MB, image_sizes
from tests.local_stack import LocalStack

NO_ENGINE = 3
SCRUB_AT_MOST_MB = 120
IMAGE_AT_MOST_MB = 2000
"""Beyond its weights."""
COLD_GOAL = 1.25
"""A figure, not a fault: what is timed here shares its machine."""
_AT_A_TIME = 2


def main() -> int:
    """The exit code."""
    chosen = os.environ.get("HNTAI_IMAGES_DIR")
    folder = Path(chosen).resolve() if chosen else PROJECT_ROOT / ".hntai" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with Engine(folder) as engine:
            return _prove(engine, folder)
    except EngineMissingError as missing:
        print(f"\n*** IMAGES NOT PROVED: {missing} ***\n", flush=True)
        return 0 if os.environ.get("HNTAI_IMAGES_OPTIONAL") == "1" else NO_ENGINE


def _prove(engine: Engine, folder: Path) -> int:
    faults: list[str] = []
    with _stage("stand-in base"):
        make_base(engine)
        check_engine(engine)
    with _stage("sam build"):
        sam.build(engine, folder)
    with _stage("plain container, build"):
        build_plain(engine)
    built = yaml.safe_load((folder / "built" / "template.yaml").read_text("utf-8"))["Resources"]
    images = _images(built)
    with _stage("what is inside"):
        faults += check_inside(engine, images)
    template = read_template(PROJECT_ROOT / "template.yaml")
    with LocalStack(folder / "stack") as stack:
        proof = sam.write_template(folder, stack)
        events = list(recorded_events(template, token=stack.token(), job=stack.finished_run()))
        with _stage(f"sam local invoke, {len(events)} events"), ThreadPoolExecutor(_AT_A_TIME) as pool:
            found = pool.map(lambda event: _invoked(engine, stack, proof, event), events)
            faults += [fault for each in found for fault in each]
        routed = [event for event in events if event.is_routed]
        with _stage(f"sam local start-api, {len(routed)} calls"):
            faults += _served(engine, stack, proof, folder, [one for one in routed if not one.is_binary])
        (stream,) = [event for event in events if event.is_stream]
        with _stage("plain container, run"):
            faults += check_plain(engine, stack, routed, stream)
        _cold(engine, stack, proof, images["scrub"])
    faults += _weighed(engine, images)
    for fault in faults:
        print(f"FAULT {fault}")
    print(f"\nimages: {len(images)} images, {len(events)} events, {len(faults)} faults")
    return 1 if faults else 0


def _images(resources: dict[str, Any]) -> dict[str, str]:
    """Image of each Dockerfile: its tag -> its name in the store."""
    functions = [one for one in resources.values() if one["Type"] == "AWS::Serverless::Function"]
    return {one["Metadata"]["DockerTag"]: one["Properties"]["ImageUri"] for one in functions}


def _invoked(engine: Engine, stack: LocalStack, proof: Path, event: Recorded) -> list[str]:
    started = time.monotonic()
    try:
        ours = settled(sam.invoke(engine, stack, proof, event.function, event.payload))
    except sam.InvocationFailedError as error:
        return [f"{event.name}: {error}"]
    theirs = (
        _streamed(stack, event) if event.is_stream else settled(stack.invoke(event.function, event.payload))
    )
    same = ours == theirs
    took = time.monotonic() - started
    print(f"  {_mark(same)} {event.name:32} {event.function:26} {took:5.1f} s", flush=True)
    return (
        [] if same else [f"{event.name}: the image answers {_short(ours)}, the local stack {_short(theirs)}"]
    )


def _streamed(stack: LocalStack, event: Recorded) -> Any:
    recorded = event.event
    url = f"{stack.facts['stream_url']}{recorded['rawPath']}?{recorded['rawQueryString']}"
    answer = httpx.post(url, content=recorded["body"], headers=recorded["headers"], timeout=60)
    return settled(answer.content)


def _served(
    engine: Engine, stack: LocalStack, proof: Path, folder: Path, events: list[Recorded]
) -> list[str]:
    faults = []
    with sam.api(engine, stack, proof, folder / "start-api.log") as url:
        for event in events:
            ours, theirs = (_called(base, event) for base in (url, stack.facts["api_url"]))
            same = ours == theirs
            print(f"  {_mark(same)} {event.event['routeKey']}", flush=True)
            if not same:
                faults.append(
                    f"{event.name} by HTTP: the image {_short(ours)}, the local stack {_short(theirs)}"
                )
    return faults


def _called(base: str, event: Recorded) -> Any:
    answer = event.request(base)
    return {"status": answer.status_code, "body": settled(answer.content)}


def _cold(engine: Engine, stack: LocalStack, proof: Path, image: str) -> None:
    functions = json.loads(proof.read_text("utf-8"))["Resources"]
    variables = functions["ScrubFunction"]["Properties"]["Environment"]["Variables"]
    with _stage("cold init"):
        ours, bare = cold_inits(engine, stack, image, variables)
    ratio = ours / bare
    met = "met" if ratio <= COLD_GOAL else "missed"
    print(
        f"  scrub {ours:.2f} s, bare FastAPI + Mangum {bare:.2f} s: {ratio:.2f} x (goal {COLD_GOAL}: {met})"
    )


def _weighed(engine: Engine, images: dict[str, str]) -> list[str]:
    faults = []
    print(f"  {'image':18} {'MB over base':>13} {'of it weights':>14} {'shared by all':>14}")
    for size in (*image_sizes(engine, images, NAME), *image_sizes(engine, {"all": IMAGE}, NAME)):
        print(f"  {size.name:18} {size.own / MB:13.1f} {size.weights / MB:14.1f} {size.shared / MB:14.1f}")
        beyond = (size.own - size.weights) / MB
        if beyond > (SCRUB_AT_MOST_MB if size.name == "scrub" else IMAGE_AT_MOST_MB):
            faults.append(f"{size.name} has {beyond:.0f} MB over its base beyond its weights")
    return faults


def _mark(same: bool) -> str:
    return "ok  " if same else "DIFF"


def _short(answer: Any) -> str:
    return json.dumps(answer, sort_keys=True)[:700]


@contextmanager
def _stage(name: str) -> Iterator[None]:
    print(f"== {name}", flush=True)
    started = time.monotonic()
    yield
    print(f"   {name}: {time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
