"""python -m hntai_local.models [NAME ...]: bakes the models of layers/models/manifest.toml into a folder.

`python -m hntai_local.models prefixes [NAME ...]` then writes the evaluated prefixes of those that are baked.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import httpx

from hntai.domain.manifest import Model, parse_manifest
from hntai_local.models import prefixes
from hntai_local.models.bake import bake, in_order, kitchen
from hntai_local.models.bake_error import BakeError, UnreachableError
from hntai_local.models.bar import Bar
from hntai_local.models.export import ExportSource
from hntai_local.models.places import MANIFEST, default_dir
from hntai_local.models.registry import RegistrySource
from hntai_local.models.sources import Source
from hntai_local.models.upstream import UpstreamSource

_PATIENCE_S: Final = 60.0


def main(words: Sequence[str] | None = None) -> int:
    """0 where every model asked for by name is baked, and every other with a source that can be reached."""
    words = sys.argv[1:] if words is None else words
    if words[:1] == ["prefixes"]:
        return prefixes.main(words[1:])
    asked = _parser().parse_args(words)
    text = asked.manifest.read_text("utf-8")
    try:
        models = in_order(parse_manifest(text), asked.names)
        with (
            kitchen(asked.models_dir, text),
            httpx.Client(timeout=_PATIENCE_S, follow_redirects=True) as client,
        ):
            sources = _sources(asked, client)
            return max([_one(model, asked, sources) for model in models], default=0)
    except BakeError as error:
        print(f"models: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nmodels: broken off; run it again to go on", file=sys.stderr)
        return 130


def _one(model: Model, asked: argparse.Namespace, sources: Sequence[Source]) -> int:
    total = next((source.bytes(model) for source in sources if source.has(model)), 0)
    bar = Bar(model.name, total)
    try:
        bar.end(bake(model, asked.models_dir, sources, bar))
    except UnreachableError as error:
        bar.end(f"passed over: {error}")
        return 1 if model.name in asked.names else 0
    except BakeError as error:
        bar.end(f"NOT BAKED: {error}")
        return 1
    return 0


def _sources(asked: argparse.Namespace, client: httpx.Client) -> tuple[Source, ...]:
    upstream = UpstreamSource(os.environ.get("HNTAI_MODEL_HUB"), client)
    export = ExportSource(asked.export_python, asked.models_dir)
    return (upstream, export) if asked.upstream else (RegistrySource(os.environ), upstream, export)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m hntai_local.models", description="Bake models.")
    parser.add_argument("names", nargs="*", help="names or aliases of the manifest; all by default")
    parser.add_argument("--models-dir", type=Path, default=default_dir(), help="where they are laid down")
    parser.add_argument("--manifest", type=Path, default=MANIFEST)
    parser.add_argument("--upstream", action="store_true", help="from their makers, not from packages")
    parser.add_argument("--export-python", type=Path, help="of the environment that makes ONNX files")
    return parser


if __name__ == "__main__":
    sys.exit(main())
