"""Packs what Gradescope needs to grade an assignment: ``autograder.zip``.

In it are the assignment, the private checks, a seed, this very library as a
wheel, ``setup.sh``, which installs it once, and ``run_autograder``.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import stat
import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from psm_lib import __version__
from psm_lib.grading.grade import plan
from psm_lib.grading.gradescope import ASSIGNMENT, PRIVATE, SETTINGS
from psm_lib.machinery.chapters import library

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # so that the same goes into the same file
INFO = f"psm_lib-{__version__}.dist-info"
WHEEL = f"psm_lib-{__version__}-py3-none-any.whl"
TAGS = """Wheel-Version: 1.0
Generator: psm_lib autograder
Root-Is-Purelib: true
Tag: py3-none-any
"""

SETUP = """#!/usr/bin/env bash
# Gradescope runs this once, as root, when the autograder is built.
set -euo pipefail
root="${PSM_AUTOGRADER:-/autograder}"

# Python 3.11 or newer, with venv.
find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$name" -c 'import ensurepip, sys
sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    return 1
}

if ! python="$(find_python)"; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update
    for name in python3 python3.12 python3.11; do
        find_python >/dev/null && break
        apt-get install -y --no-install-recommends "$name" "$name-venv" || true
    done
    if ! python="$(find_python)"; then
        echo "error: there is no Python 3.11 or newer; choose a newer" \\
            "Ubuntu as the autograder's base image" >&2
        exit 1
    fi
fi
"$python" -m venv "$root/psm"
install=("$root/psm/bin/python" -m pip install --no-cache-dir)
# PyTorch for processors only is a tenth as large.
"${install[@]}" torch --index-url https://download.pytorch.org/whl/cpu ||
    echo "note: PyTorch comes from PyPI"
wheel=("$root"/source/psm_lib-*.whl)
"${install[@]}" "${wheel[0]}[grading]"
chmod 700 "$root/source"
"""

RUN = """#!/usr/bin/env bash
# Gradescope runs this for each submission.
root="${PSM_AUTOGRADER:-/autograder}"
python="${PSM_PYTHON:-$root/psm/bin/python}"
cd /
exec "$python" -m psm_lib.grading.gradescope "$root"
"""


def added(packed: zipfile.ZipFile, name: str, data: bytes, mode=0o644) -> None:
    """Put a file into a zip."""
    info = zipfile.ZipInfo(name, LONG_AGO)
    info.external_attr = (stat.S_IFREG | mode) << 16
    if not name.endswith(".whl"):  # which is a zip itself
        info.compress_type = zipfile.ZIP_DEFLATED
    packed.writestr(info, data)


def metadata() -> str:
    """What the installed library says of itself and of what it needs."""
    try:
        found = distribution("psm_lib")
    except PackageNotFoundError:
        raise RuntimeError(
            "psm_lib is not installed, so it is not known what it needs; "
            'pip install "psm_lib[grading]"'
        ) from None
    text = found.read_text("METADATA") or found.read_text("PKG-INFO")
    if found.version != __version__:
        raise RuntimeError(
            f"psm_lib {__version__} runs and {found.version} is installed; "
            "install it again"
        )
    return text


def wheel() -> bytes:
    """The library as a wheel, from wherever it runs."""
    out, records = io.BytesIO(), []
    with zipfile.ZipFile(out, "w") as packed:

        def put(name: str, data: bytes) -> None:
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest())
            digest = digest.decode().rstrip("=")
            records.append(f"{name},sha256={digest},{len(data)}\n")
            added(packed, name, data)

        for name, file in library().items():
            put(name, file.read_bytes())
        put(f"{INFO}/METADATA", metadata().encode())
        put(f"{INFO}/WHEEL", TAGS.encode())
        record = "".join([*records, f"{INFO}/RECORD,,\n"])
        added(packed, f"{INFO}/RECORD", record.encode())
    return out.getvalue()


def write(
    assignment: Path,
    seed: int,
    private: Path | None,
    out: Path,
    force: bool = False,
) -> None:
    """Write an autograder.zip, whole or not at all.

    Raises FileExistsError where there is one already, and what ``plan``
    raises for an assignment, a seed or checks that cannot be.
    """
    if out.exists() and not force:
        raise FileExistsError(
            f"{out} exists; pass --force to replace it, or --out FILE"
        )
    plan(assignment, seed, private)  # which says what is wrong
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(f".{out.name}.{os.getpid()}")
    # Only its owner may read it: the seed is in it.
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    try:
        with (
            os.fdopen(os.open(partial, flags, 0o600), "wb") as file,
            zipfile.ZipFile(file, "w") as packed,
        ):
            added(packed, "setup.sh", SETUP.encode(), 0o755)
            added(packed, "run_autograder", RUN.encode(), 0o755)
            added(packed, ASSIGNMENT, assignment.read_bytes())
            settings = json.dumps({"seed": seed}) + "\n"
            added(packed, SETTINGS, settings.encode(), 0o600)
            if private is not None:
                added(packed, PRIVATE, private.read_bytes(), 0o600)
            added(packed, WHEEL, wheel())
        os.replace(partial, out)
    finally:
        partial.unlink(missing_ok=True)
