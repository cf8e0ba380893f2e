"""The baked encoder: like sentences near, unlike ones far, long ones read to their end."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hntai.adapters.onnx_encoder import OnnxSentenceEncoder
from hntai.domain.errors import ModelFailedError
from hntai.domain.generation import ModelIdentity, ModelType

IDENTITY = ModelIdentity("minilm", "r1", ModelType.EXTRACTIVE)


@pytest.fixture(scope="module")
def encoder() -> OnnxSentenceEncoder:
    folder = Path(os.environ.get("HNTAI_MODELS_DIR", ".models")) / "minilm"
    return OnnxSentenceEncoder(folder / "model.onnx", folder / "tokenizer.json", IDENTITY, threads=1)


@pytest.mark.models
def test_like_sentences_are_near_and_unlike_ones_far(encoder: OnnxSentenceEncoder) -> None:
    rows = encoder.similarities(["He has chest pain.", "There is pain in the chest.", "The bus is late."])
    assert all(row[place] == pytest.approx(1.0, abs=1e-5) for place, row in enumerate(rows))
    assert rows[0][1] > 0.7 > 0.3 > rows[0][2]
    assert rows[0][1] == pytest.approx(rows[1][0], abs=1e-5)


@pytest.mark.models
def test_the_end_of_a_long_sentence_counts(encoder: OnnxSentenceEncoder) -> None:
    start = "The patient was seen today " * 100
    alike, other = encoder.similarities([start, start + "and has a brain tumor " * 60])[0]
    assert other < alike - 0.01


@pytest.mark.models
def test_no_sentences_have_no_similarities(encoder: OnnxSentenceEncoder) -> None:
    assert list(encoder.similarities([])) == []


def test_a_missing_file_is_a_model_that_failed(tmp_path: Path) -> None:
    with pytest.raises(ModelFailedError):
        OnnxSentenceEncoder(tmp_path / "none.onnx", tmp_path / "none.json", IDENTITY, threads=1)
