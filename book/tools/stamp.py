"""Stamps: is a chapter's stored output still what its code would write?

A stamp is a hash of everything that a notebook's outputs depend on: its own
code cells, the library, the worlds, the checkpoints, the results files and
the claims. `make run` writes it into the notebook's metadata; a test
compares it.
"""

import hashlib
import json
from pathlib import Path

from first_cell import is_first_cell

ROOT = Path(__file__).resolve().parents[2]
PATTERNS = (
    "psm_lib/**/*.py",
    "psm_lib/worlds/**/*.yml",
    "psm_lib/checkpoints/**/*",
    "psm_lib/web/*.npz",
    "book/ch*/*.py",
    "book/ch*/*.np[yz]",
    "book/ch*/claims.yml",
)
# What assignments call and what grades them: no chapter does.
APART = ("psm_lib/checks/", "psm_lib/grading/", "psm_lib/machinery/sweeps.py")


def dependencies(root: Path = ROOT) -> list[Path]:
    """The files all chapters depend on, sorted by their path."""
    found = {p for pattern in PATTERNS for p in root.glob(pattern)}
    return sorted(
        (
            p
            for p in found
            if p.is_file()
            and not p.relative_to(root).as_posix().startswith(APART)
            # what an interrupted training run leaves, and the system's dust
            and not any(
                part.startswith(".") or part.endswith(".partial")
                for part in p.relative_to(root).parts
            )
        ),
        key=lambda p: p.relative_to(root).as_posix(),
    )


def shared_hash(root: Path = ROOT) -> str:
    """Hash of what all chapters depend on: paths and contents."""
    digest = hashlib.sha256()
    for path in dependencies(root):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        line = f"{path.relative_to(root).as_posix()} {content}\n"
        digest.update(line.encode())
    return digest.hexdigest()


def stamp_of(notebook: dict, shared: str) -> str:
    """The stamp of a notebook's content, given `shared_hash()`.

    The cell for Colab does nothing here: it may be that of another address.
    """
    digest = hashlib.sha256(shared.encode())
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and not is_first_cell(
            "".join(cell["source"])
        ):
            # a JSON string, so that where cells begin and end counts
            source = "".join(cell["source"])
            digest.update(json.dumps(source).encode())
    return digest.hexdigest()
