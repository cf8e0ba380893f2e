"""Models from where their makers publish them: files of one revision, over HTTP, what has come being kept."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import httpx

from hntai.domain.manifest import Model, ModelFile
from hntai_local.models.bake_error import UnreachableError
from hntai_local.models.bar import Bar

_PARTIAL: Final = 206
_NOTHING_LEFT: Final = 416


class UpstreamSource:
    """hub: an address that serves `{repository}/resolve/{revision}/{path}`, with ranges; no default."""

    name = "upstream"

    def __init__(self, hub: str | None, client: httpx.Client) -> None:
        self._hub, self._client = (hub or "").rstrip("/"), client

    def has(self, model: Model) -> bool:
        return model.recipe is None and model.has_upstream_source

    def bytes(self, model: Model) -> int:
        return sum(file.bytes or 0 for file in model.files)

    def fetch(self, model: Model, into: Path, bar: Bar) -> None:
        if not self._hub:
            raise UnreachableError(
                "no package registry has it; set HNTAI_MODEL_HUB to a hub or a mirror that does"
            )
        done = 0
        for file in model.files:
            self._fetch_file(model, file, into / file.name, bar, done)
            done += file.bytes or 0

    def _fetch_file(self, model: Model, file: ModelFile, into: Path, bar: Bar, before: int) -> None:
        """Bytes gather in `NAME.part`; the name itself appears when all have come."""
        if into.exists():
            return
        assert model.upstream is not None
        url = (
            f"{self._hub}/{model.upstream.repository}/resolve/{model.upstream.revision}/{file.upstream_path}"
        )
        draft = into.with_name(f"{into.name}.part")
        have = draft.stat().st_size if draft.exists() else 0
        headers = {"Accept-Encoding": "identity", **({"Range": f"bytes={have}-"} if have else {})}
        try:
            with self._client.stream("GET", url, headers=headers) as answer:
                if answer.status_code != _NOTHING_LEFT:
                    answer.raise_for_status()
                    _append(answer, draft, bar, before)
        except httpx.HTTPError as error:
            raise UnreachableError(f"its upstream could not be had: {type(error).__name__}") from error
        draft.replace(into)


def _append(answer: httpx.Response, draft: Path, bar: Bar, before: int) -> None:
    with draft.open("ab" if answer.status_code == _PARTIAL else "wb") as file:
        for block in answer.iter_bytes():
            file.write(block)
            bar.at(before + file.tell(), "fetching")
