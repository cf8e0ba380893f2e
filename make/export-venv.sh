#!/usr/bin/env bash
# export-venv.sh VENV TARGET: the environment that makes ONNX files. torch for CPUs alone where pip finds it, else as
# package registries have it: several GB with CUDA.
set -euo pipefail
venv=$1 target=$2

say() { printf 'export: %s\n' "$1"; }

export UV_LINK_MODE=${UV_LINK_MODE:-copy}
"$venv/bin/uv" venv --quiet --seed --allow-existing --python "$venv/bin/python" "$target"
hashed=(install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all:)
say "installing torch"
if ! "$target/bin/python" -m pip "${hashed[@]}" -r requirements/export-torch-cpu.txt 2>/dev/null; then
    say "no index here has torch's build for CPUs alone; taking the large one"
    "$target/bin/python" -m pip "${hashed[@]}" -r requirements/export-torch.txt
fi
say "installing optimum"
"$venv/bin/uv" pip install --quiet --no-deps --require-hashes --python "$target/bin/python" -r requirements/export.txt
"$target/bin/python" -c 'import torch' || { say "torch was installed, and cannot be imported"; exit 1; }
say "done"
