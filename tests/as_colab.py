"""The book as Colab runs it: from a wheel, with nothing of the repository.

`make colab` makes an environment with Colab's versions and no psm_lib, builds
the wheel, and runs this file. The first cell of a chapter installs the wheel
(in place of the address that it names), and then every notebook that Colab
opens is executed in an empty folder of its own.
"""

import asyncio
import json
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import nbformat
import pytest
import run
import wheel
from conftest import ROOT
from filelock import FileLock
from first_cell import first_cell

PYTHON = Path(os.environ["PSM_COLAB"]) / "bin" / "python"
WHEEL = Path(os.environ["PSM_WHEEL"])
NOTEBOOKS = sorted(
    p
    for folder in ("book/colab", "book/assignments")
    for p in (ROOT / folder).glob("*.ipynb")
)
# Colab, for a notebook: a module, and a pip that fetches from GitHub.
COLAB = """
def pip(line):
    import os, subprocess, sys
    sys.modules["google.colab"].asked.append(line)
    if "PSM_INSTALL" in os.environ:
        words = [os.environ["PSM_WHEEL"] if w.startswith("git+") else w
                 for w in line.split()]
        words.insert(1, "--force-reinstall")  # not that of an earlier run
        subprocess.run([sys.executable, "-m", "pip", *words], check=True)
import sys, types
sys.modules["google.colab"] = types.ModuleType("google.colab")
sys.modules["google.colab"].asked = []
get_ipython().register_magic_function(pip, magic_name="pip")
del pip, sys, types
"""
# Whose library was it, and what was asked of pip?
WHERE = """
import psm_lib, sys
assert psm_lib.__file__.startswith(sys.prefix), psm_lib.__file__
[line] = sys.modules["google.colab"].asked
assert line.startswith("install -q --no-deps "), line
"""


def code(source: str):
    return nbformat.v4.new_code_cell(source)


def environment(**more: str) -> dict[str, str]:
    """Nothing that could lead to the repository."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    return kept | {"PSM_VERDICTS": "check"} | more


def execute(cells: list, folder: Path, **more: str) -> None:
    """Run cells as a notebook; raises the first cell's error."""
    notebook = nbformat.v4.new_notebook(cells=[code(COLAB), *cells])
    notebook.cells.append(code(WHERE))
    asyncio.run(run.execute(notebook, folder, PYTHON, environment(**more)))


@pytest.fixture(scope="session", autouse=True)
def installed(tmp_path_factory, testrun_uid):
    """The wheel, installed by a first cell as it stands in the notebooks.

    By the first of the workers; the others wait.
    """
    done = tmp_path_factory.getbasetemp().parent / f"{testrun_uid}.installed"
    with FileLock(f"{done}.lock"):
        if not done.exists():
            folder = tmp_path_factory.mktemp("content")
            execute([code(first_cell())], folder, PSM_INSTALL="1")
            done.touch()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_that_colab_opens(path, tmp_path):
    cells = nbformat.read(path, as_version=4).cells
    execute([c for c in cells if c.cell_type == "code"], tmp_path)


def test_a_notebook_elsewhere_says_what_is_missing(tmp_path):
    """As when it was downloaded and opened with any other Python."""
    script = first_cell().replace("    %pip install -q", "    pass  #")
    done = subprocess.run(
        [PYTHON, "-S", "-c", script],
        cwd=tmp_path,  # which has no psm_lib either
        capture_output=True,
        text=True,
    )
    assert "ModuleNotFoundError: This notebook needs" in done.stderr
    assert "%pip install git+https://" in done.stderr


def test_the_wheel_has_what_the_repository_has():
    """No file of the package is left out, and none of another folder."""
    have = {
        name
        for name in zipfile.ZipFile(WHEEL).namelist()
        if ".dist-info/" not in name
    }
    sources = {path.as_posix() for path in wheel.sources()}
    chapters = r"^book/(__init__\.py$|ch\d\d_\w+/)"
    names = {re.sub(chapters, r"psm_lib/chapters/\1", n) for n in sources}
    assert have == {name for name in names if name.startswith("psm_lib/")}


@pytest.mark.parametrize(
    "commands",
    [
        ["worlds"],
        ["sample playhouse -n 2"],
        ["evaluate tastes-2-s0 -n 32"],
        ["new ship", "validate ship.yml", "pretrain ship.yml --tokens 3000"],
        ["autograder {assignment} --seed 7"],
        ["grade {assignment} handed --out graded --seed 7 --bare"],
    ],
    ids=lambda commands: commands[-1].split()[0],
)
def test_commands_from_the_wheel(commands, tmp_path):
    """As a user types them, in a folder that has nothing else."""
    assignment = next((ROOT / "book" / "assignments").glob("a1_*.ipynb"))
    (tmp_path / "handed").mkdir()
    shutil.copy(assignment, tmp_path / "handed" / "alice.ipynb")
    for command in commands:
        words = command.format(assignment=assignment).split()
        subprocess.run(
            [PYTHON.with_name("psm_lib"), *words],
            cwd=tmp_path,
            env=environment(),
            check=True,
        )


def test_no_verdict_goes_unchecked(tmp_path):
    """A wheel without the ledger would compare with nothing."""
    script = (
        "from psm_lib.claims import load_claims, published; import json;"
        "print(json.dumps([len(load_claims()), len(published())]))"
    )
    done = subprocess.run(
        [PYTHON, "-c", script], cwd=tmp_path, capture_output=True, text=True
    )
    claims, there = json.loads(done.stdout)
    assert claims == there > 50
