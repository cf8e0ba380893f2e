"""The evaluation command says what it measured, or plainly that it measured nothing."""

import json
import sys
from pathlib import Path

import pytest

from tests.eval import phi_eval


def test_absent_notes_are_said_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["phi_eval", str(tmp_path)])
    phi_eval.main()
    assert "nothing was measured" in capsys.readouterr().out


def test_figures_are_those_of_the_notes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data" / "phi"
    folder.mkdir(parents=True)
    note = {
        "id": "1",
        "text": "Patient John Doe ate.",
        "spans": [{"start": 8, "end": 16, "type": "NAME"}],
        "ignore": [],
    }
    missed = {
        "id": "2",
        "text": "The blue heron.",
        "spans": [{"start": 4, "end": 8, "type": "OTHER_ID"}],
        "ignore": [],
    }
    (folder / "invented.jsonl").write_text(f"{json.dumps(note)}\n{json.dumps(missed)}\n", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["phi_eval", str(tmp_path)])
    phi_eval.main()
    shown = capsys.readouterr().out
    assert "0.6364" in shown
    assert "NAME 1.000" in shown
    assert "OTHER_ID 0.000" in shown
