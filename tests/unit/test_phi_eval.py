"""The evaluation command says what it measured, or plainly that it measured nothing."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from hntai.domain.tagger.native import WEIGHTS
from tests.eval import phi_eval
from tests.eval.phi_counts import Tally
from tests.eval.written_eval import written


def test_absent_notes_are_said_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["phi_eval", str(tmp_path)])
    assert phi_eval.evaluate() == ({}, [])
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
    monkeypatch.setattr(phi_eval, "LEFT_OUT", tmp_path)
    shutil.copy(WEIGHTS, tmp_path / "invented.bin")
    monkeypatch.setattr(sys, "argv", ["phi_eval", str(tmp_path)])
    phi_eval.evaluate()
    shown = capsys.readouterr().out
    assert "0.6364" in shown
    assert "NAME 1.000" in shown
    assert "OTHER_ID 0.000" in shown


def test_figures_below_their_floor_are_named() -> None:
    good = Tally(found=1000, wrong=0, missed=1, clean=1000)
    leaking = Tally(found=900, wrong=0, missed=100, clean=1000)
    hiding = Tally(found=1000, wrong=30, missed=0, clean=970)
    assert good.below("aci_phi_dev", 0.985, 0.5) == []
    assert leaking.below("aci_phi_dev", 0.985, 0.5) == ["aci_phi_dev recall 0.9000 < 0.985"]
    assert hiding.below("aci_phi_dev", 0.985, 0.5) == ["aci_phi_dev hidden 3.00 % > 0.5 %"]


def test_written_notes_are_parted_at_lines_of_three_dashes_only(tmp_path: Path) -> None:
    file = tmp_path / "some.txt"
    file.write_text("Saw {NAME Anna Roe}.\n-----\nPlan\n---\nNobody here.\n", encoding="utf-8")
    first, second = written(file)
    assert first["text"] == "Saw Anna Roe.\n-----\nPlan\n"
    assert first["spans"] == [{"start": 4, "end": 12, "type": "NAME"}]
    assert (second["text"], second["spans"]) == ("Nobody here.\n", [])
