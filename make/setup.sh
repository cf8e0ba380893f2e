#!/usr/bin/env bash
# setup.sh PYTHON VENV: a virtual environment with everything pinned. Safe to run again.
set -euo pipefail
python=$1 venv=$2

say() { printf 'setup: %s\n' "$1"; }

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    say "Python 3.11 or newer is needed; $("$python" --version 2>&1) was found. Name another: make PYTHON=python3.12 ..."
    exit 1
}

if [ ! -x "$venv/bin/python" ]; then
    say "making $venv"
    if ! "$python" -m venv "$venv" >/dev/null 2>&1; then
        # Debian without python3-venv: the environment comes without pip, and the system's pip fills it.
        rm -rf "$venv"
        "$python" -m venv --without-pip "$venv"
    fi
fi

if ! "$venv/bin/uv" --version >/dev/null 2>&1 || [ requirements/uv.txt -nt "$venv/bin/uv" ]; then
    say "installing uv"
    if "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
        pip=("$venv/bin/python" -m pip)
    elif "$python" -m pip --version >/dev/null 2>&1; then
        pip=("$python" -m pip --python "$venv/bin/python")
    else
        say "pip is needed once: apt-get install python3-venv (or python3-pip)"
        exit 1
    fi
    "${pip[@]}" install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
fi

say "installing the pinned packages"
export VIRTUAL_ENV=$venv UV_LINK_MODE=${UV_LINK_MODE:-copy}
"$venv/bin/uv" pip install --quiet --require-hashes -r requirements/dev.txt
say "installing the Lambda runtime emulator"
"$venv/bin/uv" pip install --quiet --no-deps --require-hashes -r requirements/emulator.txt

native=shared/hntai/domain/tagger
if [ ! -e $native/libtagger.so ] || [ -n "$(find $native/native layers/native -newer $native/libtagger.so -type f)" ]; then
    say "compiling the tagger's core"
    compiler=$PWD/$venv/compiler
    trap 'rm -rf "$compiler"' EXIT
    "$venv/bin/uv" pip install --quiet --require-hashes -r layers/native/requirements.txt --target "$compiler"
    ZIG_GLOBAL_CACHE_DIR=$compiler/cache ZIG_LOCAL_CACHE_DIR=$compiler/cache PYTHONPATH=$compiler \
        "$venv/bin/python" layers/native/build.py $native/native $native/libtagger.so
fi
say "done"
