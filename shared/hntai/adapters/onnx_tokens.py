"""The tokenizer of an ONNX model, held so that text from a record never makes a special token."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer
from tokenizers.decoders import DecodeStream

from hntai.adapters.chat_template import defused


class OnnxTokens:
    """tokenizer.json in two settings: as it is, for our own frame, and blind to special tokens, for text."""

    def __init__(self, file: Path) -> None:
        """Raises what tokenizers raises: Exception itself."""
        self._framing = Tokenizer.from_file(str(file))
        self._framing.no_truncation()
        self._framing.no_padding()
        self._plain = Tokenizer.from_str(self._framing.to_str())
        self._plain.encode_special_tokens = True
        added = self._framing.get_added_tokens_decoder().values()
        self._markers = tuple(token.content for token in added if token.special)
        self.vocabulary: int = self._framing.get_vocab_size(with_added_tokens=True)

    def framing(self, text: str) -> list[int]:
        return list(self._framing.encode(text, add_special_tokens=False).ids)

    def plain(self, text: str, *, whole: bool = False) -> list[int]:
        """whole: with what the model wants around a text, its end token say."""
        return list(self._plain.encode(defused(text, self._markers), add_special_tokens=whole).ids)

    def id_of(self, token: str) -> int | None:
        found: int | None = self._framing.token_to_id(token)
        return found

    def pieces(self) -> TokenPieces:
        return TokenPieces(self._framing)


class TokenPieces:
    """Tokens in, whole characters out."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer, self._stream = tokenizer, DecodeStream(skip_special_tokens=True)

    def piece(self, token: int) -> str:
        """ "" where the token is a special one or ends within a character."""
        return self._stream.step(self._tokenizer, token) or ""


def end_tokens(configs: Sequence[dict[str, object]]) -> frozenset[int]:
    """eos_token_id of the first config that has one: a number or several."""
    for config in configs:
        value = config.get("eos_token_id")
        if isinstance(value, int):
            return frozenset({value})
        if isinstance(value, list):
            return frozenset(int(token) for token in value)
    return frozenset()
