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


def pretend(lines: str) -> str:
    """A Python that takes its machine for another, while it is probed."""
    return f'''\
case "$2" in
    *CS_GNU_LIBC*) exec "{sys.executable}" -c "import os, platform, struct
import importlib.util
{lines}
$2";;
    *) {PYTHON};;
esac'''


@pytest.fixture
def setup(tmp_path):
    """Run setup.sh with the given programs in place of the real ones."""

    def run(programs: dict[str, str], folder: str = "", **environment):
        path = tmp_path / "bin"
        path.mkdir()
        for tool in ("sh", "awk", "mkdir", "cp", "rm", "df", "uname"):
            (path / tool).symlink_to(shutil.which(tool))
        for name, body in programs.items():
            program = path / name
            program.unlink(missing_ok=True)
            program.write_text(f"#!/bin/sh\n{body}\n")
            program.chmod(0o755)
        (tmp_path / folder).mkdir(exist_ok=True)
        done = subprocess.run(
            [path / "sh", ROOT / "book" / "tools" / "setup.sh"],
            cwd=tmp_path / folder,
            env={"PATH": str(path), **environment},
            capture_output=True,
            text=True,
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


@pytest.mark.parametrize(
    "system", ["MINGW64_NT-10.0-22631", "MSYS_NT-10.0", "CYGWIN_NT-10.0"]
)
def test_windows_is_told_what_serves_it(setup, tmp_path, system):
    """Git Bash and its like, whatever Python they have."""
    code, told = setup({"uname": f"echo {system}", "python3": PYTHON})
    assert code == 1
    assert "Windows itself is not served" in told
    assert "wsl --install" in told and "Colab" in told
    assert "network" not in told and not (tmp_path / ".venv").exists()


MAC = "platform.system = lambda: 'Darwin'\n"
MACHINE = "platform.machine = lambda: '{}'\n"


@pytest.mark.parametrize(
    "lines, why",
    [
        ("platform.python_implementation = lambda: 'PyPy'", "it is PyPy"),
        ("struct.calcsize = lambda x: 4", "32-bit"),
        (
            "find = importlib.util.find_spec\n"
            "importlib.util.find_spec = lambda m: m[1:4] != 'sql' and find(m)",
            "built without sqlite3",
        ),
        ("platform.system = lambda: 'Windows'", "use WSL, or Colab"),
        ("platform.system = lambda: 'FreeBSD'", "no builds for FreeBSD"),
        (MAC + MACHINE.format("x86_64"), "Intel Macs"),
        (
            MAC
            + MACHINE.format("arm64")
            + "platform.mac_ver = lambda: ('13.6', '', '')",
            "macOS 14 or later",
        ),
        (MACHINE.format("riscv64"), "no builds for riscv64"),
        ("os.confstr = lambda name: None", "glibc 2.28"),
        ("os.confstr = lambda name: 'glibc 2.27'", "glibc 2.28"),
    ],
)
def test_a_machine_that_pytorch_has_no_builds_for(setup, tmp_path, lines, why):
    """Nothing is downloaded before it is said."""
    linux = "" if "system" in lines else "platform.system = lambda: 'Linux'\n"
    code, told = setup({"python3": pretend(linux + lines)})
    assert code == 1
    assert "This Python cannot run the book: " in told and why in told
    assert "make book PYTHON=" in told and "Colab" in told
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize(
    "lines",
    [
        MAC + MACHINE.format("arm64") + "platform.mac_ver = lambda: ('14.0',)",
        MAC
        + MACHINE.format("arm64")
        + "platform.mac_ver = lambda: ('10.16',)",
        "platform.system = lambda: 'Linux'\n"
        + MACHINE.format("aarch64")
        + "os.confstr = lambda name: 'glibc 2.28'",
    ],
)
def test_a_machine_that_serves(setup, lines):
    df = 'echo header; echo "disk 9 9 1234567 9% /"'
    code, told = setup({"python3": pretend(lines), "df": df})
    assert code == 1 and "Not enough room" in told  # it came as far as that


SETTLED = f"""\
case "$*" in
    "-m venv "*) mkdir -p "$3/bin"; cp "$0" "$3/bin/python";;
    "-m pip "*) ;;
    *) {PYTHON};;
esac"""


def test_paths_with_blanks(setup, tmp_path):
    """Of the Python, of the book, and of the environment."""
    python = tmp_path / "my own" / "python3"
    python.parent.mkdir()
    python.write_text(f"#!/bin/sh\n{SETTLED}\n")
    python.chmod(0o755)
    code, told = setup(
        {}, folder="the book", PYTHON=str(python), VENV="over there/v"
    )
    assert (code, told) == (0, "")
    assert (tmp_path / "the book" / "over there" / "v" / "bin").exists()


def test_nowhere_to_write(setup, tmp_path):
    (tmp_path / "file").touch()
    code, told = setup(
        {"python3": PYTHON}, VENV=str(tmp_path / "file" / "venv")
    )
    assert code == 1
    assert "Cannot write to" in told and "make book VENV=" in told


def test_a_disk_of_an_unusual_name(setup):
    df = 'echo header; echo "//my share 9 9 1234567 9% /"'
    code, told = setup({"python3": OFFLINE, "df": df})
    assert code == 1 and "Not enough room: 1234 MB free" in told


@pytest.mark.skipif(shutil.which("make") is None, reason="no make")
def test_make_with_blanks_in_its_paths(tmp_path):
    """Set-up runs once, with what it was given, and then what it made."""
    book = tmp_path / "the book"
    (book / "book" / "tools").mkdir(parents=True)
    (book / "psm_lib" / "web" / "live").mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", book)
    for name in ("requirements.txt", "requirements-data.txt"):
        (book / name).touch()
    (book / "pyproject.toml").touch()
    (book / "book" / "tools" / "setup.sh").write_text(
        'echo "set up with $PYTHON"; mkdir -p "$VENV/bin"\n'
        'printf \'#!/bin/sh\\necho "ran $*"\\n\' >"$VENV/bin/python"\n'
        'chmod +x "$VENV/bin/python"\n'
    )
    for first in (True, False):
        done = subprocess.run(
            ["make", "bench", "VENV=over there/v", "PYTHON=/my own/python3"],
            cwd=book,
            capture_output=True,
            text=True,
            env=os.environ | {"MAKEFLAGS": ""},
        )
        assert done.returncode == 0, done.stderr
        assert ("set up with /my own/python3" in done.stdout) == first
        assert "ran -m psm_lib bench" in done.stdout


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
