"""The folder of results: one assignment's, one run's at a time, and nothing
that was in it is ever lost.

``grading.json`` says what the folder is for. Results of single submissions
stay in ``results/`` under hashes of what they depend on. Before a table or a
page would change, all of them are moved into ``earlier/``.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from psm_lib import __version__
from psm_lib.grading.grade import Plan
from psm_lib.machinery.disk import alone, write_whole

ABOUT = "grading.json"
NEW = ".new-"  # so begins the name of a folder for what is not yet whole
MADE = (
    "grades.csv",
    "maxima.csv",
    "similar.csv",
    "feedback",
    "gradescope",
)


def purpose(plan: Plan) -> dict:
    """What a folder of results is for. The seed is a secret: its hash."""
    exercises = [[c.number, c.title, c.points] for c in plan.cards]
    seed = hashlib.sha256(f"{plan.title} {plan.seed}".encode()).hexdigest()
    return {"assignment": plan.title, "exercises": exercises, "seed": seed}


@contextlib.contextmanager
def held(out: Path, plan: Plan) -> Iterator[None]:
    """Hold a folder for results of a plan while the block runs.

    Raises ValueError where it is another assignment's or seed's, or has
    something else in it; RuntimeError where another run holds it.
    """
    if out.exists() and not out.is_dir():
        raise ValueError(f"{out} is a file; expected a folder, or a new name")
    found = sorted(e.name for e in out.iterdir()) if out.is_dir() else []
    found = [name for name in found if not name.startswith(".")]
    if ABOUT not in found and found:
        raise ValueError(
            f"{out} is not empty ({found[0]}) and no folder of a grading; "
            "expected a new or an empty folder"
        )
    with alone(out, "wait for it, or name another folder"):
        out.mkdir(exist_ok=True)
        new = not (out / ABOUT).exists()
        claim(out, plan)
        for torn in out.glob(f"{NEW}*"):  # of a run that was killed
            shutil.rmtree(torn, ignore_errors=True)
        try:
            yield
        finally:
            if new and not {e.name for e in out.iterdir()} - {ABOUT}:
                (out / ABOUT).unlink()  # nothing was graded: it is free again


def claim(out: Path, plan: Plan) -> None:
    """Make a folder a plan's, or see that it is. Raises ValueError."""
    asked, file = purpose(plan), out / ABOUT
    if not file.exists():
        text = json.dumps(asked | {"psm_lib": __version__}, indent=1)
        write_whole(file, text + "\n")
        return
    try:
        found = json.loads(file.read_text("utf-8"))
        theirs = {key: found[key] for key in asked}
    except (ValueError, LookupError, TypeError):
        raise ValueError(
            f"{file} cannot be read, so it is not known what {out} holds; "
            "name another folder"
        ) from None
    if theirs["assignment"] != asked["assignment"]:
        raise ValueError(
            f"{out} holds the grades of {theirs['assignment']!r}, not of "
            f"{asked['assignment']!r}; name another folder"
        )
    if theirs != asked:
        what = "seed"
        if theirs["exercises"] != asked["exercises"]:
            what = "set of exercises or points"
        raise ValueError(
            f"{out} holds grades of this assignment with another {what}; "
            "name another folder, and nothing is mixed"
        )


def put_aside(out: Path) -> Path:
    """Move tables and pages of the run before into a folder of their own;
    which one."""
    when = datetime.fromtimestamp((out / "grades.csv").stat().st_mtime)
    name, number = when.strftime("%Y-%m-%d-%H%M%S"), 1
    place = out / "earlier" / name
    while place.exists():
        number += 1
        place = out / "earlier" / f"{name}-{number}"
    place.mkdir(parents=True)
    for made in MADE:
        if (out / made).exists():
            os.rename(out / made, place / made)
    return place


def unchanged(new: Path, out: Path) -> bool:
    """Whether a folder's tables and pages are those that stand already."""

    def contents(base: Path) -> dict[str, bytes]:
        files = [
            file
            for made in MADE
            for file in (base / made, *(base / made).rglob("*"))
            if file.is_file()
        ]
        return {str(f.relative_to(base)): f.read_bytes() for f in files}

    return contents(new) == contents(out)


def put_in_place(new: Path, out: Path) -> Path | None:
    """Move a run's tables and pages, made in a folder beside, to where they
    belong; where those of the run before are now, if they differ."""
    if unchanged(new, out):
        return None
    before = None
    if (out / "grades.csv").exists():
        before = put_aside(out)
    for made in MADE:  # what a run that was killed here has left
        if (out / made).exists():
            place = out / "earlier" / f"torn-{datetime.now():%Y%m%d%H%M%S%f}"
            place.mkdir(parents=True, exist_ok=True)
            os.rename(out / made, place / made)
    # The table comes last: where it is, all the rest is.
    for made in reversed(MADE):
        if (new / made).exists():
            os.rename(new / made, out / made)
    return before
