"""The evaluated prefixes of the summaries' prompts, on file beside each GGUF model.

Runs where llama.cpp is installed as it will be where the model runs: a state of another build is passed over.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from hntai.adapters.baked_models import BakedModels
from hntai.adapters.cpu_quota import thread_count
from hntai.adapters.model_folder import ModelFolder
from hntai.adapters.model_shelf import shelved_models
from hntai.adapters.prefix_states import PREFIXES, written_form
from hntai.domain.errors import ConfigurationError, ModelFailedError
from hntai.domain.generation import ModelType, Prompt
from hntai.domain.prompts import section_prompt, summary_prompt
from hntai.domain.statements import Section
from hntai_local.models.places import default_dir

if TYPE_CHECKING:
    from hntai.adapters.llama import LlamaModel


def fixed_prompts() -> tuple[Prompt, ...]:
    """One of each instruction that is the same for every record: the four sections, and all in one call."""
    return *(section_prompt(section, ()) for section in Section), summary_prompt(())


def main(words: Sequence[str]) -> int:
    """0 where every model asked for (all that are baked, where none is named) has its prefixes."""
    asked = _parser().parse_args(words)
    if find_spec("llama_cpp") is None:
        print("prefixes: llama.cpp is not installed here (make runners)", file=sys.stderr)
        return 1
    try:
        shelved = shelved_models(BakedModels(asked.models_dir))
        for each in shelved:
            if each.identity.model_type is ModelType.GGUF and (
                not asked.names or {each.identity.name, *each.also_named} & set(asked.names)
            ):
                _write_told(each.find(), asked.threads)
    except (ConfigurationError, ModelFailedError, OSError) as error:
        print(f"prefixes: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


def write_prefixes(model: ModelFolder, runner: LlamaModel, prompts: Sequence[Prompt]) -> Sequence[Path]:
    """The files, laid down together in the place of those there were; what is there already is kept."""
    making, folder = model.folder / f"{PREFIXES}.new", model.folder / PREFIXES
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    for prompt in prompts:
        prefix, _ = runner.prompt_tokens(prompt)
        state = runner.prefix_states.read(prefix) or runner.prefix_state(prompt)[1]
        (making / runner.prefix_states.path(prefix).name).write_bytes(written_form(state))
    shutil.rmtree(folder, ignore_errors=True)
    making.replace(folder)
    return sorted(folder.iterdir())


def _write_told(model: ModelFolder, threads: int) -> None:
    from hntai.adapters.llama import LlamaModel

    started = time.monotonic()
    files = write_prefixes(model, LlamaModel(model, threads), fixed_prompts())
    size = sum(file.stat().st_size for file in files) / 1e6
    seconds = time.monotonic() - started
    print(f"{model.identity.name:20} {len(files)} prefixes evaluated, {size:.0f} MB ({seconds:.0f} s)")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m hntai_local.models prefixes", description=__doc__)
    parser.add_argument("names", nargs="*", help="names or aliases of baked models; all GGUF ones by default")
    parser.add_argument("--models-dir", type=Path, default=default_dir())
    parser.add_argument("--threads", type=int, default=thread_count())
    return parser
