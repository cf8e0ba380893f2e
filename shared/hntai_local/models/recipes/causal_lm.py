"""python -m …causal_lm GGUF FOLDER: a decoder with its past in one int8 ONNX graph, of a GGUF file's weights.

Runs in the environment of requirements/export.txt. The graph takes input_ids, attention_mask,
position_ids and past_key_values.*, and gives logits and present.*: one file serves prompt and answer.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import torch
from gguf import GGUFReader
from optimum.exporters.onnx import main_export
from tokenizers import pre_tokenizers, processors
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerFast

from hntai_local.models.recipes.int8 import to_int8

_PROMPTS: Final = (
    "Sodium 129 mmol/L, down from 138 mmol/L in May.",
    "The patient takes metformin 500 mg twice a day. In short:",
)
_TOKENS: Final = 24
"""Greedy tokens of each prompt kept for the parity test."""


def main(gguf: Path, folder: Path) -> None:
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as scratch:
        original, exported = Path(scratch, "hf"), Path(scratch, "onnx")
        model = AutoModelForCausalLM.from_pretrained(
            gguf.parent, gguf_file=gguf.name, dtype=torch.float32
        ).eval()
        tokenizer = _tokenizer(gguf)
        model.save_pretrained(original)
        tokenizer.save_pretrained(original)
        main_export(str(original), output=exported, task="text-generation-with-past", do_validation=False)
        to_int8(exported / "model.onnx", folder / "model.onnx")
        shutil.copy(original / "tokenizer.json", folder)
        _write(folder / "config.json", _facts(model, gguf))
        (folder / "chat_template.jinja").write_text(tokenizer.chat_template, "utf-8")
        _write(folder / "parity.json", [_greedy(model, tokenizer, prompt) for prompt in _PROMPTS])


def _tokenizer(gguf: Path) -> Any:
    """As llama.cpp reads the same file. transformers 4.57 forgets two things of it: that digits are cut one
    by one ("smollm" in the file), and that no token is put before a text (add_bos_token is false there).
    """
    read = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    fast = read.backend_tokenizer
    fast.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    fast.post_processor = processors.ByteLevel(trim_offsets=False)
    return PreTrainedTokenizerFast(tokenizer_object=fast, chat_template=read.chat_template)


def _field(gguf: Path, name: str) -> Any:
    return GGUFReader(gguf).fields[name].contents()


def _facts(model: Any, gguf: Path) -> dict[str, Any]:
    """What a loop of one's own must know of the graph."""
    config = model.config
    return {
        "bos_token_id": _field(gguf, "tokenizer.ggml.bos_token_id"),
        "eos_token_id": _field(gguf, "tokenizer.ggml.eos_token_id"),
        "num_hidden_layers": config.num_hidden_layers,
        "num_key_value_heads": config.num_key_value_heads,
        "head_dim": config.hidden_size // config.num_attention_heads,
        "max_position_embeddings": config.max_position_embeddings,
        "vocab_size": config.vocab_size,
    }


def _greedy(model: Any, tokenizer: Any, prompt: str) -> dict[str, Any]:
    """What torch writes with the weights as they were before int8, and how sure it is of the first token."""
    ids = tokenizer(prompt, return_tensors="pt").input_ids
    with torch.no_grad():
        written = model.generate(ids, max_new_tokens=_TOKENS, do_sample=False, eos_token_id=None)[
            0, ids.shape[1] :
        ]
        logits = model(ids).logits[0, -1]
    top = torch.topk(logits, 5)
    return {
        "prompt": prompt,
        "input_ids": ids[0].tolist(),
        "greedy_float32": written.tolist(),
        "top5_ids": top.indices.tolist(),
        "top5_logits": [round(value, 4) for value in top.values.tolist()],
    }


def _write(path: Path, facts: object) -> None:
    path.write_text(json.dumps(facts, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
