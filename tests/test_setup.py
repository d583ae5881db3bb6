"""Set-up that cannot work says why and what to do.

Each test runs book/tools/setup.sh in an empty folder, with programs of our
own first on the PATH that play the part of what is missing.
"""

import os
import shutil
import subprocess
import sys

import pytest
from stamp import ROOT

PYTHON = f'exec "{sys.executable}" "$@"'
# A Python that makes an environment whose pip finds no network.
OFFLINE = f"""\
case "$*" in
    "-m venv "*) mkdir -p "$3/bin"; cp "$0" "$3/bin/python";;
    "-m pip --version") ;;
    "-m pip install"*) echo "no route to host" >&2; exit 1;;
    *) {PYTHON};;
esac"""
NO_VENV = f'case "$2" in *ensurepip*) exit 1;; esac; {PYTHON}'


@pytest.fixture
def setup(tmp_path):
    """Run setup.sh with the given programs in place of the real ones."""

    def run(programs: dict[str, str], **environment):
        path = tmp_path / "bin"
        path.mkdir()
        for tool in ("sh", "awk", "dirname", "mkdir", "cp", "rm", "df"):
            (path / tool).symlink_to(shutil.which(tool))
        for name, body in programs.items():
            program = path / name
            program.unlink(missing_ok=True)
            program.write_text(f"#!/bin/sh\n{body}\n")
            program.chmod(0o755)
        done = subprocess.run(
            [path / "sh", ROOT / "book" / "tools" / "setup.sh"],
            cwd=tmp_path,
            env={"PATH": str(path), **environment},
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.returncode, done.stderr

    return run


def test_no_python(setup):
    old = 'echo "pyenv: command not found" >&2; exit 127'
    code, told = setup({"python3": old, "python3.12": old})
    assert code == 1
    assert "needs Python 3.11, 3.12 or 3.13, and none was found" in told
    assert "make book PYTHON=" in told


def test_named_python_does_not_work(setup):
    code, told = setup({"python3": PYTHON}, PYTHON="/nowhere/python3")
    assert code == 1
    assert "none was found at /nowhere/python3" in told


def test_no_venv_module(setup):
    code, told = setup({"python3": NO_VENV})
    assert code == 1
    assert "has no venv module" in told
    assert "apt install python3-venv" in told


def test_no_disk(setup):
    df = 'echo header; echo "disk 9 9 1234567 9% /"'
    code, told = setup({"python3": PYTHON, "df": df})
    assert code == 1
    assert "Not enough room: 1234 MB free" in told


def test_no_network(setup, tmp_path):
    code, told = setup({"python3": OFFLINE})
    assert code == 1
    assert "no route to host" in told
    assert "Is there a network connection?" in told
    assert (tmp_path / ".venv").exists(), "to be taken up again"


@pytest.mark.skipif(shutil.which("make") is None, reason="no make")
def test_help_names_every_command():
    done = subprocess.run(
        ["make", "-C", ROOT],
        capture_output=True,
        text=True,
        env=os.environ | {"MAKEFLAGS": ""},
    )
    for target in ("book", "test", "run", "checkpoints", "bench", "lint"):
        assert f"make {target} " in done.stdout
