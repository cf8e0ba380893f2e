"""python -m tests.bench.cold_process [CHECKOUT ...]: what scrub costs a fresh process, beside a bare one.

Each checkout (this one, and those named) is laid out as in its image: the pinned packages and our own,
unchecked bytecode, no site-packages of the environment. Medians of ROUNDS alternating processes: init (the
handler imported, after the runtime client), first call (a demo patient's note over HTTP; PostgreSQL and
Valkey refuse, so the answer is 503 after all work is done), and both. Processor time is of all threads.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from hntai_local.demo_patients import demo_bundles, demo_note
from hntai_local.state_dir import PROJECT_ROOT
from hntai_local.token import make_token

ROUNDS = 15
_SECRET = "a secret of this measurement alone, long enough"
_REFUSING = {"DATABASE_URL": "postgresql://hntai@127.0.0.1:1/hntai", "REDIS_URL": "redis://127.0.0.1:1"}
_SETTINGS = {**_REFUSING, "SECRET_KEY": _SECRET, "JWT_SECRET_KEY": _SECRET}
_CHILD = """
import awslambdaric.bootstrap, importlib, json, resource, sys, time
def now():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return time.perf_counter(), used.ru_utime + used.ru_stime
module, event = sys.argv[1], json.loads(sys.argv[2])
started = now()
handler = importlib.import_module(module).handler
ready = now()
status = handler(event, None)["statusCode"]
done = now()
print(json.dumps([status, *(b - a for a, b in zip(started + ready, ready + done))]))
"""
FIGURES = ("init", "init cpu", "call", "call cpu", "both", "both cpu")


def main() -> int:
    """Prints a line per checkout; 0."""
    with TemporaryDirectory(prefix="hntai-cold-") as scratch:
        folder = Path(scratch)
        _install(folder / "runtime", PROJECT_ROOT / "requirements" / "stand-in.txt")
        checkouts = (PROJECT_ROOT, *(Path(name).resolve() for name in sys.argv[1:]))
        for place, checkout in enumerate(checkouts):
            _lay_out(checkout, folder / str(place))
        found = _measured(folder, len(checkouts))
    names = (*(str(checkout) for checkout in checkouts), "bare")
    print(f"{'milliseconds':40}" + "".join(f"{figure:>10}" for figure in FIGURES))
    for name, rows in zip(names, found, strict=True):
        medians = (statistics.median(column) for column in zip(*rows, strict=True))
        print(f"{name:40}" + "".join(f"{1000 * value:10.1f}" for value in medians))
    return 0


def _measured(folder: Path, checkouts: int) -> list[list[list[float]]]:
    ours = json.dumps(_event())
    runs = [(folder / str(place), "functions.scrub.app", 503) for place in range(checkouts)]
    runs.append((folder / "0", "bare_function", 200))
    found: list[list[list[float]]] = [[] for _ in runs]
    for turn in range(ROUNDS + 1):
        for rows, (laid_out, module, status) in zip(found, runs, strict=True):
            figures = _one(folder, laid_out, module, ours, status)
            if turn:
                rows.append(figures)
    return found


def _one(folder: Path, laid_out: Path, module: str, event: str, status: int) -> list[float]:
    """Seconds in the order of FIGURES."""
    path = os.pathsep.join(map(str, (laid_out, laid_out / "packages", folder / "runtime")))
    answer = subprocess.run(
        [sys.executable, "-S", "-c", _CHILD, module, event],
        env={"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8", **_SETTINGS},
        cwd=laid_out,
        capture_output=True,
        text=True,
        check=True,
    )
    got, init, init_cpu, call, call_cpu = json.loads(answer.stdout.splitlines()[-1])
    if got != status:
        raise RuntimeError(f"{module} answered {got}: {answer.stdout[-800:]}")
    return [init, init_cpu, call, call_cpu, init + call, init_cpu + call_cpu]


def _event() -> Mapping[str, object]:
    event: dict[str, object] = json.loads((PROJECT_ROOT / "events" / "scrub_http.json").read_text("utf-8"))
    token = make_token(_SECRET, subject="bench", scopes=["scrub"], ttl_s=3600)
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    return {**event, "headers": headers, "body": json.dumps({"text": demo_note(demo_bundles()[0])})}


def _install(target: Path, requirements: Path) -> None:
    uv = Path(sys.executable).with_name("uv")
    command = [str(uv), "pip", "install", "--quiet", "--python", sys.executable, "--target", str(target)]
    subprocess.run([*command, "--require-hashes", "-r", str(requirements)], check=True)
    _compile(target)


def _lay_out(checkout: Path, target: Path) -> None:
    _install(target / "packages", checkout / "layers" / "common" / "requirements.txt")
    kept = shutil.ignore_patterns("__pycache__")
    shutil.copytree(checkout / "shared" / "hntai", target / "hntai", ignore=kept)
    shutil.copytree(checkout / "functions" / "scrub", target / "functions" / "scrub", ignore=kept)
    shutil.copytree(checkout / "sql" / "queries", target / "sql" / "queries")
    shutil.copy(checkout / "functions" / "__init__.py", target / "functions")
    shutil.copy(PROJECT_ROOT / "tests" / "bench" / "bare_function.py", target)
    if (target / "hntai" / "domain" / "kept_patterns.py").exists():
        command = [sys.executable, "-S", "-B", "-m", "hntai.domain.kept_patterns"]
        subprocess.run(command, env={"PYTHONPATH": str(target)}, check=True)
    _compile(target)


def _compile(target: Path) -> None:
    """As the Dockerfiles do."""
    mode = ("--invalidation-mode", "unchecked-hash")
    subprocess.run([sys.executable, "-m", "compileall", "-q", *mode, str(target)], check=True)


if __name__ == "__main__":
    sys.exit(main())
