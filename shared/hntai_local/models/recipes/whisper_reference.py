"""What torch makes of the same weights: the float32 graphs must agree with it before they become int8."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime
import torch
from transformers import WhisperConfig, WhisperForConditionalGeneration

from hntai_local.models.recipes.ct2_weights import Weights

_TOLERANCE: Final = 1e-3
"""Of logits between -30 and 30."""
_FRAMES: Final = 3000
_TOKENS: Final = 16


def check_parity(weights: Weights, facts: dict[str, Any], graphs: Path) -> dict[str, Any]:
    """How far the graphs are from torch on seeded noise, and the tokens torch writes.

    Raises:
        ArithmeticError: further than rounding explains.
    """
    model = _model(weights)
    mel = np.random.default_rng(7).normal(0.0, 0.5, (1, 80, _FRAMES)).astype(np.float32)
    prompt, past_of_prompt = list(facts["prompt"]), len(facts["prompt"])
    with torch.no_grad():
        heard = model.model.encoder(torch.from_numpy(mel))
        tokens = list(prompt)
        for _ in range(_TOKENS):
            logits = model(encoder_outputs=heard, decoder_input_ids=torch.tensor([tokens])).logits[0]
            tokens.append(int(logits[-1].argmax()))
    ours = _logits(graphs, mel, tokens[:-1], past_of_prompt)
    difference = float(np.abs(ours - logits[past_of_prompt - 1 :].numpy()).max())
    if not difference < _TOLERANCE:
        raise ArithmeticError(f"the graphs differ from torch by {difference}")
    return {"largest_difference": difference, "greedy_float32": tokens[past_of_prompt:]}


def _logits(graphs: Path, mel: Any, tokens: list[int], first: int) -> Any:
    """Of the prompt's last token and of each after it, which is read alone behind its past."""
    encoder, decoder = (
        onnxruntime.InferenceSession(graphs / f"{name}.onnx") for name in ("encoder", "decoder")
    )
    heard = dict(zip(_names(encoder), encoder.run(None, {"mel": mel}), strict=True))
    past = {name: np.zeros((1, heads, 0, width), np.float32) for name, heads, width in _pasts(decoder)}
    rows, read = [], 0
    for new in (tokens[:first], *([token] for token in tokens[first:])):
        given = {"tokens": np.array([new]), "at": np.array([len(new) - 1]), **past, **heard}
        logits, *cached = decoder.run(None, given)
        past, read = dict(zip(_names(decoder)[1:], cached, strict=True)), read + len(new)
        rows.append(logits[0, 0])
    return np.stack(rows)


def _names(session: Any) -> list[str]:
    return [place.name.replace("present.", "past_key_values.") for place in session.get_outputs()]


def _pasts(decoder: Any) -> list[tuple[str, int, int]]:
    places = [place for place in decoder.get_inputs() if ".decoder." in place.name]
    return [(place.name, place.shape[1], place.shape[3]) for place in places]


def _model(weights: Weights) -> Any:
    width = weights["encoder/layer_norm/gamma"].shape[0]
    layers = sum(name.startswith("encoder") and name.endswith("ffn/linear_0/bias") for name in weights)
    heads = int(weights["encoder/num_heads"])
    config = WhisperConfig(
        vocab_size=weights["decoder/embeddings/weight"].shape[0],
        encoder_layers=layers,
        decoder_layers=layers,
        encoder_attention_heads=heads,
        decoder_attention_heads=heads,
        d_model=width,
        encoder_ffn_dim=4 * width,
        decoder_ffn_dim=4 * width,
    )
    model = WhisperForConditionalGeneration(config).eval()
    model.load_state_dict(
        {name: torch.from_numpy(value.astype(np.float32)) for name, value in _state(weights)}
    )
    return model


def _state(weights: Weights) -> Any:
    """CTranslate2's names as transformers': fused projections are cut, keys have no bias there."""
    yield "proj_out.weight", weights["decoder/embeddings/weight"]
    for name, value in weights.items():
        side, _, rest = name.partition("/")
        for place, part in _renamed(rest, value):
            yield f"model.{side}.{place}", part


_PLACES: Final = {
    "embeddings": "embed_tokens",
    "self_attention/layer_norm": "self_attn_layer_norm",
    "self_attention/linear_0": "self_attn.q_proj self_attn.k_proj self_attn.v_proj",
    "self_attention/linear_1": "self_attn.out_proj",
    "attention/layer_norm": "encoder_attn_layer_norm",
    "attention/linear_0": "encoder_attn.q_proj",
    "attention/linear_1": "encoder_attn.k_proj encoder_attn.v_proj",
    "attention/linear_2": "encoder_attn.out_proj",
    "ffn/layer_norm": "final_layer_norm",
    "ffn/linear_0": "fc1",
    "ffn/linear_1": "fc2",
    "layer_norm": "layer_norm",
    "conv1": "conv1",
    "conv2": "conv2",
}
_KINDS: Final = {"weight": "weight", "bias": "bias", "gamma": "weight", "beta": "bias"}


def _renamed(name: str, value: Any) -> Any:
    if name == "position_encodings/encodings":
        yield "embed_positions.weight", value
        return
    place, _, kind = name.rpartition("/")
    layer, _, within = place.partition("/")
    prefix = f"layers.{layer.removeprefix('layer_')}." if layer.startswith("layer_") and within else ""
    targets = _PLACES.get(within if prefix else place, "").split()
    if kind not in _KINDS:
        return
    for target, part in zip(targets, np.split(value, len(targets)) if targets else (), strict=True):
        if not (target.endswith("k_proj") and kind == "bias"):
            yield f"{prefix}{target}.{_KINDS[kind]}", part
