"""make demo: the whole road once, on synthetic patients, with everything it leaves shown at the end."""

from __future__ import annotations

import json
import os
import sys
import textwrap
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx

from hntai.adapters.baked_shelf import baked_shelf
from hntai.admin.commands import main as administer
from hntai_local.demo_patients import demo_bundles, demo_note
from hntai_local.fhir_server import DEMO_KEY, DEMO_TOKEN
from hntai_local.models.places import default_dir
from hntai_local.progress import Progress
from hntai_local.stack import Stack
from hntai_local.stack_settings import StackSettings
from hntai_local.state_dir import StateDir
from hntai_local.token import ALL_SCOPES, make_token, signing_secret

_TIMEOUT_S = 60.0
_SHOWN_CHARS = 96


def main() -> int:
    """The exit code: 0 where every part did its work."""
    progress = Progress()
    state = StateDir.for_environment(os.environ)
    with _running_stack(state, progress) as facts:
        token = make_token(signing_secret(os.environ, state), subject="demo", scopes=ALL_SCOPES, ttl_s=3600)
        demo = _Demo(facts, {"Authorization": f"Bearer {token}"}, progress)
        return demo.run()


@contextmanager
def _running_stack(state: StateDir, progress: Progress) -> Iterator[Mapping[str, Any]]:
    """The stack that runs already, or one of our own for as long as the demo takes."""
    running = state.read_stack()
    if running is not None:
        progress.say("a stack is running: the demo uses it")
        yield running
        return
    with state.locked():
        stack = Stack(StackSettings.from_environment(os.environ), state, progress, os.environ)
        try:
            stack.start()
            started = state.read_stack()
            assert started is not None
            yield started
        finally:
            stack.close()


class _Demo:
    def __init__(self, facts: Mapping[str, Any], headers: Mapping[str, str], progress: Progress) -> None:
        self._facts = facts
        self._headers = dict(headers)
        self._progress = progress

    def run(self) -> int:
        bundles = demo_bundles()
        self._load(bundles)
        self._scrub(demo_note(bundles[0]))
        complete = self._summarize(_patient_id(bundles[0]), "rule")
        if complete is None:
            return 1
        self._by_model(_patient_id(bundles[1]))
        self._show_run(str(complete["job_id"]))
        self._show_audit()
        self._progress.say("the demo is over")
        return 0

    def _load(self, bundles: tuple[dict[str, Any], ...]) -> None:
        headers = {"Authorization": f"Bearer {DEMO_TOKEN}", "x-api-key": DEMO_KEY}
        for bundle in bundles:
            answer = httpx.post(self._facts["ehr_url"], json=bundle, headers=headers, timeout=_TIMEOUT_S)
            answer.raise_for_status()
        loaded = sum(len(bundle["entry"]) for bundle in bundles)
        self._progress.say(f"{len(bundles)} synthetic patients in the FHIR server ({loaded} resources)")

    def _scrub(self, note: str) -> None:
        _heading("A clinical note, as it was written (every name in it is invented)")
        _show(note)
        started = time.perf_counter()
        answer = httpx.post(
            f"{self._facts['api_url']}/phi/scrub",
            json={"text": note, "operator": "tag"},
            headers=self._headers,
            timeout=_TIMEOUT_S,
        )
        answer.raise_for_status()
        found = answer.json()
        _heading("The same note from POST /phi/scrub")
        _show(found["scrubbed_text"])
        took_ms = (time.perf_counter() - started) * 1000
        self._progress.say(
            f"{found['redaction_count']} identifiers of {len(found['phi_found'])} types scrubbed, "
            f"first call {took_ms:.0f} ms; audit row {found['audit_id']}"
        )

    def _by_model(self, patient_id: str) -> None:
        """The sections by a model, where one is baked; what it does not manage in time is told by rule."""
        missing = model_missing(default_dir())
        if missing:
            self._progress.say(f"hq, the summary by a model, is skipped: {missing}")
            return
        self._progress.say("hq: a model writes, every sentence is checked; minutes, on a small machine")
        complete = self._summarize(patient_id, "hq")
        if complete is None:
            self._progress.say("hq came to no end; what stopped it stands above")
            return
        fallbacks = ", ".join(complete["fallbacks"]) or "none"
        removed = complete["unsupported_removed"]
        self._progress.say(f"sentences of the model's removed: {removed}; fallbacks: {fallbacks}")

    def _summarize(self, patient_id: str, mode: str) -> dict[str, Any] | None:
        _heading(f"POST /generate_patient_summary?stream=true, {mode}: the events as they arrive")
        body = {"patientid": patient_id, "token": DEMO_TOKEN, "key": DEMO_KEY, "generation_mode": mode}
        url = f"{self._facts['stream_url']}/generate_patient_summary?stream=true"
        started, last = time.perf_counter(), None
        with httpx.stream("POST", url, json=body, headers=self._headers, timeout=_TIMEOUT_S) as answer:
            if answer.status_code != 200:
                print(answer.read().decode(), file=sys.stderr)
                return None
            for line in answer.iter_lines():
                if line.startswith("data: "):
                    last = json.loads(line.removeprefix("data: "))
                    print(f"  +{time.perf_counter() - started:6.3f} s  {_brief(last)}", flush=True)
        if last is None or last["type"] != "complete":
            return None
        _heading("The summary")
        print(last["summary"])
        print(
            f"timing {last['timing']}, model {last['model_used']}, "
            f"statements with evidence {len(last['evidence'])}"
        )
        return dict(last)

    def _show_run(self, job_id: str) -> None:
        _heading("make runs: what the state machine's history keeps (ids, counts and durations)")
        self._administer("runs", "show", job_id)

    def _show_audit(self) -> None:
        _heading("The audit rows")
        self._administer("audit", "recent")
        _heading("make audit-verify")
        self._administer("audit", "verify")

    def _administer(self, *words: str) -> None:
        """As python -m hntai does, in this process."""
        settings = StateDir.for_environment(os.environ).settings_file
        if administer(["--settings", str(settings), *words]) != 0:
            raise SystemExit(1)


def model_missing(models_dir: Path) -> str:
    """What hq lacks here and how to get it; nothing where a model and what runs it are there."""
    if find_spec("llama_cpp") is None:
        return "no llama.cpp here (make models builds it and bakes the models)"
    shelf = baked_shelf(models_dir)
    return "" if shelf.has_text_model(None, None) else "no model is baked here (make models)"


def _patient_id(bundle: Mapping[str, Any]) -> str:
    resources = (entry["resource"] for entry in bundle["entry"])
    return str(next(resource["id"] for resource in resources if resource["resourceType"] == "Patient"))


def _brief(data: Mapping[str, Any]) -> str:
    if data["type"] == "progress":
        text = str(data.get("delta", "")).replace("\n", " ")
        shown = f"{data['percent']:3} %  {data['stage']}  {data.get('section', '')}  {text}"
    elif data["type"] == "complete":
        shown = f"complete  {len(data['summary'])} characters of summary"
    else:
        shown = json.dumps(data)
    return shown if len(shown) <= _SHOWN_CHARS else shown[: _SHOWN_CHARS - 3] + "..."


def _heading(text: str) -> None:
    print(f"\n--- {text}", flush=True)


def _show(text: str) -> None:
    print(textwrap.indent(text.strip(), "  "), flush=True)
