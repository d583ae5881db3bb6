"""What was handed in: a folder as a learning platform gives it.

Names, links and sizes in it are other people's.
"""

from __future__ import annotations

import codecs
import hashlib
import os
import stat
from pathlib import Path

from .wire import clean

BYTES = 20_000_000  # of a submitted file
ENDING = ".ipynb"


class Unfit(Exception):
    """Not a submission that can be run; why, in words for a student."""


def submissions(folder: Path) -> list[tuple[str, Path]]:
    """Name and file or folder of every submission, by name.

    A submission is a file in the folder or a folder in it, as learning
    platforms name them. A name can be printed: what cannot be is spelled out,
    with a hash so that no two are the same. Raises FileNotFoundError.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"no folder of submissions at {folder}")
    entries = []
    for entry in folder.iterdir():
        if entry.name.startswith(".") or entry.name == "__MACOSX":
            continue
        name = clean(entry.name, 300)
        if name != entry.name:
            digest = hashlib.sha256(os.fsencode(entry.name)).hexdigest()
            name += f" ({digest[:12]})"
        entries.append((name, entry))
    return sorted(entries)


def notebook_of(entry: Path) -> Path:
    """The notebook of a submission. Raises Unfit when there is not one."""
    if entry.is_symlink():
        raise Unfit("is a link, not a file")
    if entry.is_dir():
        found = [p for p in entry.rglob("*") if p.suffix.lower() == ENDING]
        found = [
            p
            for p in found
            if not p.is_symlink()
            and ".ipynb_checkpoints" not in p.parts
            and "__MACOSX" not in p.parts
        ]
        if len(found) != 1:
            raise Unfit(f"has {len(found)} notebooks; expected one")
        entry = found[0]
    if entry.suffix.lower() != ENDING:
        raise Unfit(f"is no notebook but a file {entry.suffix or 'without'}")
    if not entry.is_file():
        raise Unfit("is not a plain file")
    return entry


def read(entry: Path) -> tuple[str, bytes]:
    """The name of a submission's notebook and what is in it.

    Read once: what is hashed is what is run, even if the file changes. Raises
    Unfit, or OSError.
    """
    path = notebook_of(entry)
    # A link or a pipe may stand there since.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    with os.fdopen(os.open(path, flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise Unfit("is not a plain file")
        data = file.read(BYTES + 1)
    if len(data) > BYTES:
        raise Unfit(f"is larger than {BYTES // 1_000_000} MB")
    # Some editors on Windows begin a file with a mark of its encoding.
    return clean(path.name, 300), data.removeprefix(codecs.BOM_UTF8)
