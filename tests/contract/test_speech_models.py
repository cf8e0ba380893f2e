"""The recognisers that are baked: silence stays empty, the same gives the same, trouble has a name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hntai.adapters.speech_shelf import SpeechShelf
from hntai.config import Settings
from hntai.domain.errors import ModelFailedError, ModelUnknownError
from hntai.domain.speech import BYTES_PER_S, SpeechWindow
from hntai.ports.speech import SpeechModel
from hntai_local.models.places import MANIFEST

FOLDER = Path(os.environ.get("HNTAI_MODELS_DIR") or ".models")


@pytest.fixture(scope="module", params=["whisper-base", "whisper-tiny.en"])
def model(request: pytest.FixtureRequest) -> SpeechModel:
    if not (FOLDER / request.param).is_dir():
        pytest.skip(f"NOT TESTED: {request.param} is not baked in {FOLDER}; `make models` bakes it")
    return SpeechShelf(FOLDER, threads=2).speech_model(request.param)


@pytest.mark.models
def test_what_is_no_speech_has_no_words(model: SpeechModel) -> None:
    from tests.eval.speech_eval import transcript
    from tests.eval.speech_sounds import not_speech

    heard = {name: transcript(model, samples) for name, samples in not_speech(6.0).items()}
    assert {name: words for name, words in heard.items() if words} == {}


@pytest.mark.models
def test_no_sound_at_all_has_no_windows(model: SpeechModel) -> None:
    assert list(model.windows(b"")) == []
    assert list(model.transcribe(b"", [], deadline_s=1.0)) == []


@pytest.mark.models
def test_what_the_detector_lets_through_by_mistake_the_recogniser_hears_as_nothing(
    model: SpeechModel,
) -> None:
    from tests.eval.speech_clips import pcm
    from tests.eval.speech_sounds import not_speech

    window = [SpeechWindow(0.0, 8.0)]
    heard = {
        name: list(model.transcribe(pcm(samples), window, deadline_s=60.0))
        for name, samples in not_speech(8.0).items()
    }
    assert {name: segments for name, segments in heard.items() if segments != [()]} == {}


@pytest.mark.models
def test_a_deadline_that_passed_is_a_model_that_failed(model: SpeechModel) -> None:
    with pytest.raises(ModelFailedError) as raised:
        list(model.transcribe(bytes(BYTES_PER_S), [SpeechWindow(0.0, 1.0)], deadline_s=0.0))
    assert "too_slow" in str(raised.value.details)


@pytest.mark.models
def test_human_speech_is_written_twice_alike_with_times_and_confidence(model: SpeechModel) -> None:
    from tests.eval.speech_clips import clips, pcm
    from tests.eval.speech_words import spoken, word_errors

    human = [clip for clip in clips() if clip.is_sentence]
    if not human:
        pytest.skip("NOT TESTED: Debian's pocketsphinx-testdata cannot be had here")
    recording = pcm(human[0].samples)
    windows = model.windows(recording)
    first, second = (list(model.transcribe(recording, windows, deadline_s=60.0)) for _ in range(2))
    assert first == second
    segments = [segment for found in first for segment in found]
    heard = spoken(" ".join(segment.text for segment in segments))
    assert word_errors(spoken(human[0].words), heard) <= 2
    assert all(0.0 <= s.start_s < s.end_s <= len(recording) / BYTES_PER_S + 0.05 for s in segments)
    assert all(0.3 < segment.confidence <= 1.0 for segment in segments)


@pytest.mark.models
def test_our_log_mel_is_that_of_a_pure_tone() -> None:
    """Parity with the reference extractor was 1.2e-7 on a human clip; this holds the filters in place."""
    import numpy as np

    from hntai.adapters.log_mel import log_mel

    tone = (0.5 * np.sin(2 * np.pi * 1000 * np.arange(16_000) / 16_000)).astype(np.float32)
    bands = log_mel(tone, 100)
    assert bands.shape == (80, 100)
    assert {int(place) for place in bands[:, 20:80].argmax(axis=0)} <= {25, 26}


def test_without_baked_models_none_is_known(tmp_path: Path) -> None:
    with pytest.raises(ModelUnknownError):
        SpeechShelf(None, 1).speech_model()
    with pytest.raises(ModelUnknownError):
        SpeechShelf(tmp_path, 1).speech_model("whisper-base")


def test_a_recogniser_baked_in_part_is_a_model_that_failed(tmp_path: Path) -> None:
    (tmp_path / "manifest.toml").write_text(MANIFEST.read_text("utf-8"), "utf-8")
    (tmp_path / "whisper-base").mkdir()
    shelf = SpeechShelf(tmp_path, 1)
    assert shelf.names() == ("whisper-base",)
    with pytest.raises(ModelFailedError):
        shelf.speech_model()


def test_a_service_gets_its_recogniser_from_bootstrap(tmp_path: Path) -> None:
    from hntai.bootstrap import Parts

    settings = Settings.model_construct(models_dir=tmp_path, model_threads=1)
    with pytest.raises(ModelUnknownError):
        Parts(settings).speech_model()
