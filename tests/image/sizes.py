"""What each image weighs over its base, and how much of it the others have as well."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

from tests.image.engine import Engine

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of an image."""

    digest: str
    bytes: int
    made_by: str
    """The instruction that made it."""


@dataclass(frozen=True, slots=True)
class ImageSize:
    """Bytes, uncompressed, over the base."""

    name: str
    own: int
    """All layers over the base."""
    weights: int
    """Of them, models."""
    shared: int
    """Of them, layers that the other images asked for have as well; of one alone, none."""


def image_sizes(engine: Engine, images: dict[str, str], base: str) -> list[ImageSize]:
    """images: name in the report -> name in the store."""
    below = {layer.digest for layer in _layers(engine, base)}
    layers = {
        name: [layer for layer in _layers(engine, image) if layer.digest not in below]
        for name, image in images.items()
    }
    holders = Counter(digest for found in layers.values() for digest in {layer.digest for layer in found})
    return [
        ImageSize(
            name,
            own=sum(layer.bytes for layer in found),
            weights=sum(layer.bytes for layer in found if "/opt/models" in layer.made_by),
            shared=sum(layer.bytes for layer in found if holders[layer.digest] == len(images) > 1),
        )
        for name, found in layers.items()
    ]


def _layers(engine: Engine, image: str) -> list[Layer]:
    """First to last; an instruction that changed no file made none."""
    (inspected,) = json.loads(engine.podman("image", "inspect", image))
    history = json.loads(engine.podman("history", "--no-trunc", "--format", "json", image))
    made = [entry for entry in reversed(history) if entry["size"]]
    digests = inspected["RootFS"]["Layers"]
    return [
        Layer(digest, int(entry["size"]), entry["CreatedBy"])
        for digest, entry in zip(digests, made, strict=True)
    ]
