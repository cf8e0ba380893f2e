"""What a model wrote, kept: a broken-off run goes on, and a mended verifier reads it again.

One JSON object a line, under a digest of model, prompt, grammar and length. What ended by the clock is not
kept, for another day may have more time. The file belongs outside the repository: it holds what models made
of evaluation records.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from hntai.domain.errors import ModelFailedError
from hntai.domain.generation import Finish, Generated, ModelType, Prompt
from hntai.ports import ModelShelf, SentenceEncoder, TextModel


@dataclass(frozen=True, slots=True)
class Writing:
    """One answer of a model."""

    generated: Generated
    seconds: float
    """Of the call when it was made, loading included where it loaded."""


@dataclass
class KeptWriting:
    """The answers there are."""

    path: Path
    _lines: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.path.exists():
            lines = self.path.read_text("utf-8").splitlines()
            self._lines = {line["key"]: line for line in map(json.loads, lines)}

    def get(self, key: str) -> dict[str, Any] | None:
        return self._lines.get(key)

    def put(self, key: str, **told: Any) -> None:
        line = {"key": key, **told}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        self._lines[key] = line


@dataclass
class KeptModel:
    """A TextModel that is asked only for what it has not written before."""

    model: TextModel
    kept: KeptWriting
    written: list[Writing] = field(default_factory=list)
    """In the order of the calls."""

    def __post_init__(self) -> None:
        self.identity, self.context_tokens = self.model.identity, self.model.context_tokens

    def count_tokens(self, text: str) -> int:
        return self.model.count_tokens(text)

    def generate(
        self,
        prompt: Prompt,
        *,
        max_tokens: int,
        deadline_s: float,
        on_text: Callable[[str], None] | None = None,
        grammar: str | None = None,
    ) -> Generated:
        key = _key(self.identity.shown, prompt.instruction, prompt.text, str(max_tokens), grammar or "")
        line = self.kept.get(key) or self._asked(key, prompt, max_tokens, deadline_s, grammar)
        if "failed" in line:
            raise ModelFailedError(model=self.identity.name, cause=line["failed"])
        told = line["generated"]
        generated = Generated(**{**told, "finish": Finish(told["finish"])})
        self.written.append(Writing(generated, line["seconds"]))
        if on_text:
            on_text(generated.text)
        return generated

    def _asked(
        self, key: str, prompt: Prompt, max_tokens: int, deadline_s: float, grammar: str | None
    ) -> dict[str, Any]:
        began = time.monotonic()
        try:
            generated = self.model.generate(
                prompt, max_tokens=max_tokens, deadline_s=deadline_s, grammar=grammar
            )
        except ModelFailedError as error:
            if error.details["cause"] != "rubbish":
                raise
            self.kept.put(key, failed="rubbish")
            raise
        line = {"generated": asdict(generated), "seconds": round(time.monotonic() - began, 1)}
        if generated.finish is not Finish.DEADLINE:
            self.kept.put(key, **line)
        return line


@dataclass
class KeptShelf:
    """A ModelShelf whose text models are asked only for what they have not written before."""

    shelf: ModelShelf
    kept: KeptWriting
    opened: dict[str, KeptModel] = field(default_factory=dict)

    def names(self, model_type: ModelType | None = None) -> tuple[str, ...]:
        return self.shelf.names(model_type)

    def has_text_model(self, name: str | None, model_type: ModelType | None) -> bool:
        return self.shelf.has_text_model(name, model_type)

    def text_model(self, name: str | None, model_type: ModelType | None) -> TextModel:
        model = self.shelf.text_model(name, model_type)
        return self.opened.setdefault(model.identity.name, KeptModel(model, self.kept))

    def encoder(self) -> SentenceEncoder:
        return self.shelf.encoder()


def _key(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()
