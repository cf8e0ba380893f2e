"""python -m …tiny_seq2seq FOLDER: a T5 of seeded weights, as optimum exports it, and what torch writes.

For the parity test of the seq2seq runner alone: its text is nonsense. Runs in the export environment.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import torch
from optimum.exporters.onnx import main_export
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration

from hntai_local.models.recipes.int8 import to_int8

_SEED: Final = 11
_TOKENS: Final = 24
_TEXTS: Final = (
    "Sodium 129 mmol/L, down from 138 mmol/L in May.",
    "Invented note: Testpatient, Anna takes metformin 500 mg twice a day; no chest pain, no fever.",
    "Potassium 5.9 mmol/L. Repeat the test today. Hold lisinopril until the result is known.",
)
_GRAPHS: Final = ("encoder_model", "decoder_model", "decoder_with_past_model")


def main(folder: Path) -> None:
    torch.manual_seed(_SEED)
    tokenizer = _tokenizer()
    model = T5ForConditionalGeneration(_config(len(tokenizer))).eval()
    # T5's own start leaves every logit nearly the same: spread them, so that one token clearly wins.
    with torch.no_grad():
        for weights in model.parameters():
            weights.normal_(0.0, 0.35) if weights.dim() > 1 else None
    with tempfile.TemporaryDirectory() as scratch:
        original, exported = Path(scratch, "hf"), Path(scratch, "onnx")
        model.save_pretrained(original)
        tokenizer.save_pretrained(original)
        main_export(
            str(original),
            output=exported,
            task="text2text-generation-with-past",
            do_validation=False,
            no_post_process=True,
        )
        for graph in _GRAPHS:
            shutil.copy(exported / f"{graph}.onnx", folder)
            to_int8(exported / f"{graph}.onnx", folder / f"{graph}_int8.onnx")
        for name in ("config.json", "generation_config.json", "tokenizer.json"):
            shutil.copy(original / name, folder)
    parity = [_greedy(model, tokenizer, text) for text in _TEXTS]
    (folder / "parity.json").write_text(json.dumps(parity, indent=1) + "\n", "utf-8")


def _config(vocabulary: int) -> T5Config:
    return T5Config(
        vocab_size=vocabulary,
        d_model=64,
        d_kv=16,
        d_ff=128,
        num_layers=2,
        num_decoder_layers=2,
        num_heads=4,
        n_positions=512,
        pad_token_id=0,
        eos_token_id=1,
        decoder_start_token_id=0,
        dropout_rate=0.0,
    )


def _tokenizer() -> Any:
    """Byte pieces learned from the texts above: every text has tokens, and no one's vocabulary is copied."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=384,
        special_tokens=["<pad>", "</s>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(_TEXTS, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", eos_token="</s>")


def _greedy(model: Any, tokenizer: Any, text: str) -> dict[str, Any]:
    ids = tokenizer(text, return_tensors="pt").input_ids
    with torch.no_grad():
        written = model.generate(ids, max_new_tokens=_TOKENS, do_sample=False, num_beams=1)[0]
        first = model(input_ids=ids, decoder_input_ids=torch.tensor([[0]])).logits[0, -1]
    top = torch.topk(first, 5)
    return {
        "text": text,
        "input_ids": ids[0].tolist(),
        "greedy_float32": written.tolist(),
        "first_top5_ids": top.indices.tolist(),
        "first_top5_logits": [round(value, 4) for value in top.values.tolist()],
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
