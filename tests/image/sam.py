"""The SAM CLI over the engine: build every image, invoke one, serve the HTTP API."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import yaml

from hntai_local.ports_check import free_port
from hntai_local.state_dir import PROJECT_ROOT
from tests.image.engine import Engine
from tests.local_stack import LocalStack

_SAM_VENV = PROJECT_ROOT / ".venv-check" / "template" / "bin"
_CONTAINERS = PROJECT_ROOT / "tests" / "image" / "sam_containers.py"
_INVOKED_WITHIN_S = 420
_SERVES_WITHIN_S = 60.0


class InvocationFailedError(Exception):
    """`sam local invoke` itself failed; the message is the end of what it said."""


def build(engine: Engine, folder: Path) -> None:
    """`sam build` of the template as it stands, image by image, so that each finds the last one's layers.

    Raises:
        RuntimeError: a build failed; the message is the end of its log.
    """
    one_by_one = folder / "samconfig.toml"
    one_by_one.write_text("version = 0.1\n", "utf-8")
    words = [str(_SAM_VENV / "sam"), "build", "--no-cached", "--config-file", str(one_by_one)]
    log = folder / "build.log"
    with log.open("wb") as file:
        done = subprocess.run(
            [*words, "--build-dir", str(folder / "built")],
            env=engine.environment,
            cwd=PROJECT_ROOT,
            stdout=file,
            stderr=file,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"sam build failed:\n{log.read_text('utf-8', 'replace')[-3000:]}")


def write_template(folder: Path, stack: LocalStack) -> Path:
    """The built template with the stack's addresses in it.

    A function gets the variables the template gives it and no others, beside where AWS answers.
    """
    template = yaml.safe_load((folder / "built" / "template.yaml").read_text("utf-8"))
    values = stack.container_environment
    common = {
        "AWS_ENDPOINT_URL": values["AWS_ENDPOINT_URL"],
        "HNTAI_STAGE": values["HNTAI_STAGE"],
        "HNTAI_MODEL_THREADS": values["HNTAI_MODEL_THREADS"],
    }
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            asked = resource["Properties"].get("Environment", {}).get("Variables", {})
            given = {name: values[name] for name in asked if name in values}
            resource["Properties"]["Environment"] = {"Variables": {**given, **common}}
    path = folder / "built" / "proof.json"
    path.write_text(json.dumps(template), "utf-8")
    return path


def invoke(engine: Engine, stack: LocalStack, template: Path, function: str, payload: bytes) -> bytes:
    """`sam local invoke` of one event: what the image answers.

    Raises:
        InvocationFailedError: see there.
    """
    words = [*_sam(), "invoke", function, "--event", "-", "--template", str(template), "--skip-pull-image"]
    done = subprocess.run(
        words,
        input=payload,
        env=_environment(engine, stack),
        cwd=template.parent,
        capture_output=True,
        check=False,
        timeout=_INVOKED_WITHIN_S,
    )
    if done.returncode:
        raise InvocationFailedError(done.stderr.decode("utf-8", "replace")[-1500:])
    return done.stdout


@contextmanager
def api(engine: Engine, stack: LocalStack, template: Path, log: Path) -> Iterator[str]:
    """`sam local start-api`; yields its address.

    Raises:
        RuntimeError: it did not come up.
    """
    port = free_port()
    words = [*_sam(), "start-api", "--port", str(port), "--template", str(template), "--skip-pull-image"]
    with log.open("wb") as file:
        process = subprocess.Popen(
            [*words, "--warm-containers", "LAZY"],
            env=_environment(engine, stack),
            cwd=template.parent,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(process, url)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=120)


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + _SERVES_WITHIN_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            httpx.get(f"{url}/no-such-door", timeout=5)
            return
        except httpx.HTTPError:
            time.sleep(0.3)
    raise RuntimeError("sam local start-api did not come up")


def _sam() -> list[str]:
    return [str(_SAM_VENV / "python"), str(_CONTAINERS), "local"]


def _environment(engine: Engine, stack: LocalStack) -> dict[str, Any]:
    sockets = stack.sockets
    return {
        **engine.environment,
        "PYTHONPATH": str(PROJECT_ROOT),
        "HNTAI_IMAGE_USER": str(sockets.stat().st_uid),
        "HNTAI_IMAGE_SOCKETS": str(sockets),
    }
