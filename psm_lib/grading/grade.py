"""Grades a folder of submissions; can be stopped and taken up again.

Each submission is graded by itself and its result stored at once, under a
hash of the file, of the checks and of the settings. What has been stored is
not graded again, so a run that was killed goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import nbformat

from ..checks import core
from ..checks.cards import Card, cards
from ..progress import bar
from .cage import LIBRARY, Cage, Ended, Limits, bubblewrap

BYTES = 20_000_000  # of a submitted file
TRIES = 4  # runs, each without the cell that ended the one before


@dataclass(frozen=True)
class Plan:
    """What is asked of every submission, and how it is marked.

    ``seed`` is the instructor's: the same checks, in other worlds than those
    that students see. ``private`` is a file with further checks, whose
    numbers begin with that of an exercise ("1.2 long scenes"). The ``hidden``
    share of an exercise's points is for these two, the rest for what
    students could check themselves.
    """

    cards: tuple[Card, ...]
    seed: int
    private: Path | None = None
    hidden: float = 0.5
    limits: Limits = Limits()
    bare: bool = False

    def key(self, notebook: Path) -> str:
        """A hash of all that a submission's result depends on."""
        digest = hashlib.sha256(notebook.read_bytes())
        files = sorted((LIBRARY / "checks").glob("*.py"))
        files += [self.private] if self.private else []
        for file in files:
            digest.update(file.read_bytes())
        settings = [asdict(card) for card in self.cards]
        settings += [self.seed, self.hidden, asdict(self.limits)]
        digest.update(json.dumps(settings).encode())
        return digest.hexdigest()


@dataclass
class Mark:
    """One exercise of one submission."""

    number: str
    title: str
    points: float
    most: int
    told: str  # what the students' own check says; empty when right
    hidden: str  # what the instructor's say


@dataclass
class Result:
    """One submission. ``status`` is "graded", or why it could not be."""

    name: str
    file: str
    status: str
    seconds: float
    marks: list[Mark] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)  # what went wrong in them

    @property
    def points(self) -> float:
        return sum(mark.points for mark in self.marks)


class Unfit(Exception):
    """Not a submission that can be run; why, in words for a student."""


def plan(
    assignment: Path, seed: int, private: Path | None = None, **settings
) -> Plan:
    """The plan for an assignment's notebook.

    Raises FileNotFoundError, or ValueError for a notebook without exercises.
    """
    if not assignment.is_file():
        raise FileNotFoundError(
            f"no assignment {assignment}; expected a student notebook such "
            "as book/assignments/a1_characters.ipynb"
        )
    found = cards(nbformat.read(assignment, as_version=4))
    if not found:
        raise ValueError(f"{assignment} has no exercises")
    for card in found:
        core.find(card.number)
    if private is not None:
        load_private(private)
    return Plan(tuple(found), seed, private, **settings)


def load_private(file: Path) -> None:
    """Register the checks of an instructor's file.

    Raises FileNotFoundError.
    """
    if not file.is_file():
        raise FileNotFoundError(f"no file of private checks at {file}")
    spec = spec_from_file_location("private_checks", file)
    spec.loader.exec_module(module_from_spec(spec))


def submissions(folder: Path) -> list[tuple[str, Path]]:
    """Name and file or folder of every submission, by name.

    A submission is a file in the folder or a folder in it, as learning
    platforms name them. Raises FileNotFoundError.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"no folder of submissions at {folder}")
    entries = [e for e in folder.iterdir() if e.name[0] not in "._"]
    return sorted((entry.name, entry) for entry in entries)


def notebook_of(entry: Path) -> Path:
    """The notebook of a submission. Raises Unfit when there is not one."""
    if entry.is_symlink():
        raise Unfit("is a link, not a file")
    if entry.is_dir():
        found = [p for p in entry.rglob("*.ipynb") if not p.is_symlink()]
        found = [p for p in found if ".ipynb_checkpoints" not in p.parts]
        if len(found) != 1:
            raise Unfit(f"has {len(found)} notebooks; expected one")
        entry = found[0]
    if entry.suffix != ".ipynb":
        raise Unfit(f"is no notebook but a file {entry.suffix or 'without'}")
    if not entry.is_file():
        raise Unfit("is not a plain file")
    if entry.stat().st_size > BYTES:
        raise Unfit(f"is larger than {BYTES // 1_000_000} MB")
    return entry


def hidden_checks(number: str) -> list[str]:
    """Numbers of an instructor's further checks of an exercise."""
    return sorted(n for n in core.ALL if n.startswith(f"{number} "))


def told(cage: Cage, number: str, seed: int) -> str:
    """What a check says of what a cage holds."""
    try:
        given = tuple(cage.thing(name) for name in core.find(number).needs)
        return core.examine(number, given, seed)
    except core.Wrong as wrong:
        return str(wrong)
    except Exception as error:
        # A check met something that it was not written for.
        return (
            f"what came back could not be checked "
            f"({type(error).__name__}: {str(error)[:200]})."
        )


def mark(cage: Cage, card: Card, plan: Plan) -> Mark:
    """One exercise, against the students' check and the instructor's."""
    public = told(cage, card.number, 0)
    numbers = [card.number, *hidden_checks(card.number)]
    hidden = next(
        filter(None, (told(cage, n, plan.seed) for n in numbers)), ""
    )
    share = (1 - plan.hidden) * (not public) + plan.hidden * (
        not public and not hidden
    )
    points = round(card.points * share, 2)
    return Mark(card.number, card.title, points, card.points, public, hidden)


def grade(name: str, entry: Path, plan: Plan) -> Result:
    """Grade one submission, whatever is in it. Raises nothing for that."""
    start = time.monotonic()
    nothing = [
        Mark(c.number, c.title, 0.0, c.points, "not run.", "not run.")
        for c in plan.cards
    ]
    try:
        notebook = notebook_of(entry)
    except (Unfit, OSError) as unfit:
        return Result(name, str(entry.name), f"{unfit}", 0.0, nothing)
    skip: tuple[int, ...] = ()
    notes: dict[int, str] = {}
    marks: dict[str, Mark] = {}
    status = "graded"
    limits = plan.limits
    for _ in range(TRIES):
        cage = Cage(notebook, limits, skip, plan.bare)
        try:
            with cage:
                cage.run()
                for card in plan.cards:
                    if card.number not in marks:
                        marks[card.number] = mark(cage, card, plan)
            status = "graded"
        except Ended as ended:
            status = str(ended)
        except OSError as error:
            status = f"could not be run: {error}"
        for k, cell in cage.cells.items():
            if cell["error"]:
                notes[k] = f"{cell['begins']}: {cell['error']}"
        if status == "graded":
            break
        open_cells = [
            k for k, c in cage.cells.items() if c["error"] == "did not end"
        ]
        if open_cells:  # once more, without the cell that ended it
            skip += (open_cells[-1],)
            notes[open_cells[-1]] = (
                f"{cage.cells[open_cells[-1]]['begins']}: {status}; left out"
            )
            continue
        missing = [c for c in plan.cards if c.number not in marks]
        if not cage.cells or not missing:
            break
        # The exercise whose check ended it gets nothing; then the others.
        card = missing[0]
        said = f"your code {status} when it was called."
        marks[card.number] = Mark(
            card.number, card.title, 0.0, card.points, said, said
        )
    if marks:
        status = "graded"
    return Result(
        name,
        notebook.name,
        status,
        round(time.monotonic() - start, 2),
        [marks.get(m.number, m) for m in nothing],
        [notes[k] for k in sorted(notes)],
    )


def stored(path: Path) -> Result | None:
    """A result from a file, or None where there is none that is whole."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        marks = [Mark(**m) for m in data.pop("marks")]
        return Result(**data, marks=marks)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def store(result: Result, path: Path) -> None:
    """Write a result so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.part")
    partial.write_text(json.dumps(asdict(result), indent=1), encoding="utf-8")
    os.replace(partial, path)


def grade_all(
    entries: Iterable[tuple[str, Path]], plan: Plan, out: Path, jobs: int = 2
) -> list[Result]:
    """Grade submissions, some at a time; those stored in ``out`` are taken.

    Raises NoCage where submissions cannot be kept apart.
    """
    if not plan.bare:
        bubblewrap()

    def one(name: str, entry: Path) -> Result:
        try:
            key = plan.key(notebook_of(entry))
        except (Unfit, OSError):
            key = "unfit"
        place = hashlib.sha256(name.encode()).hexdigest()[:16]
        path = out / "results" / f"{place}-{key[:24]}.json"
        result = stored(path)
        if result is None or result.name != name:
            result = grade(name, entry, plan)
            store(result, path)
        return result

    with ThreadPoolExecutor(jobs) as pool:
        tasks = [pool.submit(one, name, entry) for name, entry in entries]
        done = bar(as_completed(tasks), "grading", total=len(tasks))
        results = [task.result() for task in done]
    return sorted(results, key=lambda r: r.name)
