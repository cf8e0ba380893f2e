"""Every example of docs/api.md runs as it stands against the running stack, and prints what it promises."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hntai_local.api_reference import EXAMPLES
from hntai_local.state_dir import PROJECT_ROOT
from tests.e2e.conftest import RunningStack

pytestmark = pytest.mark.e2e
ALOUD = ("transcribe", "extract_from_audio")
"""These need a baked recogniser."""
ALL = sorted(EXAMPLES.iterdir())
SPOKEN = [file for file in ALL if file.stem in ALOUD]
SHOWN = {
    "scrub.sh": "Seen by Dr. [NAME] on [DATE], MRN [MRN].",
    "scrub.py": "NAME Mary Poe",
    "scrub_batch.sh": '"id":"b"',
    "scrub_batch.py": "2 [REDACTED], visit 2.",
    "summarize.sh": '"unsupported_removed"',
    "summarize.py": "A1c",
    "patient_summary.sh": "## Clinical Assessment",
    "patient_summary.py": "statements with evidence",
    "get_job.sh": '"state":"succeeded"',
    "get_job.py": "succeeded",
    "get_job_events.sh": "event: complete",
    "get_job_events.py": "event: complete",
    "extract.sh": '"resourceType":"Bundle"',
    "extract.py": "problems chest pain negated ['R07.9']",
    "upload.sh": '"upload_id"',
    "upload.py": "['Asthma']\nTrue",
    "uploads.sh": '"s3_key"',
    "uploads.py": "Allopurinol 100 mg daily.",
    "transcribe.sh": '"segments":[]',
    "transcribe.py": "whisper",
    "extract_from_audio.sh": '"transcript":""',
    "extract_from_audio.py": "'problems': []",
    "live.sh": "status",
    "live.py": "status",
    "ready.sh": "postgresql",
    "ready.py": "postgresql",
    "metrics.sh": "# TYPE",
    "metrics.py": "# TYPE",
}


def printed(stack: RunningStack, example: Path, folder: Path) -> str:
    facts = stack.facts
    environment = {
        **os.environ,
        "HNTAI_URL": facts["api_url"],
        "HNTAI_STREAM_URL": facts["stream_url"],
        "HNTAI_TOKEN": stack.token(),
    }
    shell = ["bash", "-euo", "pipefail"] if example.suffix == ".sh" else [sys.executable]
    ran = subprocess.run(
        [*shell, str(example)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout


@pytest.mark.parametrize("example", [one for one in ALL if one not in SPOKEN], ids=lambda file: file.name)
def test_an_example_prints_what_it_promises(stack: RunningStack, example: Path, tmp_path: Path) -> None:
    assert SHOWN[example.name] in printed(stack, example, tmp_path)


@pytest.mark.models
@pytest.mark.parametrize("example", SPOKEN, ids=lambda file: file.name)
def test_an_example_with_a_recording(stack: RunningStack, example: Path, tmp_path: Path) -> None:
    if not (PROJECT_ROOT / ".models" / "whisper-base").is_dir():
        pytest.skip("NOT TESTED: whisper-base is not baked in .models; `make models` bakes it")
    assert SHOWN[example.name] in printed(stack, example, tmp_path)


def test_a_shell_example_that_answers_json_answers_no_problem(stack: RunningStack, tmp_path: Path) -> None:
    told = json.loads(printed(stack, EXAMPLES / "scrub_batch.sh", tmp_path))
    assert [result["id"] for result in told["results"]] == ["a", "b"]
    assert told["results"][0]["phi_found"] == ["NAME", "PHONE"]
