#!/usr/bin/env bash
# runners.sh VENV: what runs models, into VENV. llama-cpp-python is built once and kept (layers/llama/build.py).
set -euo pipefail
venv=$1

say() { printf 'runners: %s\n' "$1"; }

python=$venv/bin/python
export VIRTUAL_ENV=$venv UV_LINK_MODE=${UV_LINK_MODE:-copy}
install() { "$venv/bin/uv" pip install --quiet --no-deps "$@"; }

say "installing ONNX Runtime and what llama.cpp's bindings import"
install --require-hashes -r layers/onnx/requirements.txt
install --require-hashes -r layers/llama/requirements.txt

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if ! "$python" layers/llama/build.py "$scratch/wheel" --kept >/dev/null; then
    say "fetching a compiler for llama.cpp"
    "$venv/bin/uv" venv --quiet --python "$python" "$scratch/tools"
    "$venv/bin/uv" pip sync --quiet --require-hashes --python "$scratch/tools/bin/python" layers/llama/build.txt
    "$scratch/tools/bin/python" layers/llama/build.py "$scratch/wheel" >/dev/null
fi
say "installing llama-cpp-python"
install --reinstall "$scratch"/wheel/*.whl
say "done"
