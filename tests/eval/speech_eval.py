"""python -m tests.eval.speech_eval: word errors on human speech, clean and degraded; words where none are.

Over the recognisers baked in HNTAI_MODELS_DIR, else .models. What is missing is said, and ends with 0.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from hntai.adapters.cpu_quota import thread_count
from hntai.adapters.speech_shelf import SpeechShelf
from hntai.domain.errors import ModelFailedError
from hntai.ports.speech import SpeechModel

if TYPE_CHECKING:
    from tests.eval.speech_clips import Clip, FloatArray

_PATIENCE_S = 600.0


def main() -> int:
    """0; 1 where a word was heard in what is no speech."""
    missing = [library for library in ("numpy", "onnxruntime", "tokenizers") if find_spec(library) is None]
    shelf = SpeechShelf(Path(os.environ.get("HNTAI_MODELS_DIR") or ".models"), thread_count())
    if missing or not shelf.names():
        what = f"{', '.join(missing)} not installed" if missing else "no recogniser is baked"
        print(f"speech: not measured, {what} (make models)")
        return 0
    from tests.eval.speech_clips import clips

    human = clips()
    if not human:
        print("speech: no human speech to be had (Debian's pocketsphinx-testdata); sounds alone")
    heard = [_measure(shelf, name, human) for name in shelf.names()]
    return 1 if any(heard) else 0


def transcript(model: SpeechModel, samples: FloatArray) -> str:
    """All of it, as one text."""
    from tests.eval.speech_clips import pcm

    recording = pcm(samples)
    found = model.transcribe(recording, model.windows(recording), deadline_s=_PATIENCE_S)
    return " ".join(segment.text for segments in found for segment in segments)


def _measure(shelf: SpeechShelf, name: str, human: tuple[Clip, ...]) -> int:
    """Words heard where there are none."""
    from tests.eval.speech_clips import joined
    from tests.eval.speech_sounds import DEGRADED, not_speech

    try:
        model = shelf.speech_model(name)
    except ModelFailedError as error:
        print(f"speech: {name} not measured, {error}")
        return 0
    print(f"speech by {model.identity.shown}, language {model.language}")
    started = time.monotonic()
    if human:
        for kind, degrade in DEGRADED.items():
            print(f"  {kind:<18} {_errors(model, human, degrade)}")
        print(f"  joined, 120 s      {_errors(model, (joined(human, 120.0),), DEGRADED['clean'])}")
    words = {kind: transcript(model, samples).split() for kind, samples in not_speech().items()}
    heard = sum(map(len, words.values()))
    told = ", ".join(f"{len(words[kind])} in {kind}" for kind in words if words[kind])
    print(f"  words heard in {len(words)} sounds that are none: {heard} {told}")
    print(f"  ({time.monotonic() - started:.0f} s, load {os.getloadavg()[0]:.1f})", flush=True)
    return heard


def _errors(model: SpeechModel, human: tuple[Clip, ...], degrade: Callable[[FloatArray], FloatArray]) -> str:
    from tests.eval.speech_words import spoken, word_errors

    told = []
    for label, chosen in (("sentences", True), ("commands", False)):
        pairs = [
            (spoken(clip.words), spoken(transcript(model, degrade(clip.samples))))
            for clip in human
            if clip.is_sentence is chosen
        ]
        words, errors = sum(len(said) for said, _ in pairs), sum(word_errors(*pair) for pair in pairs)
        if words:
            told.append(f"{label}: {errors} of {words} words wrong, {errors / words:.1%}")
    return "; ".join(told)


if __name__ == "__main__":
    sys.exit(main())
