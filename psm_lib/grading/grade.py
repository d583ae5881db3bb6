"""Grades a folder of submissions; can be stopped and taken up again.

Each submission is graded by itself and its result stored at once, under a
hash of the file, of the checks and of the settings. What has been stored is
not graded again, so a run that was killed goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from functools import cached_property
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import nbformat
import psutil

from ..checks import core
from ..checks.cards import Card, cards
from ..progress import bar
from .cage import STOPPED, Cage, Ended, rehearse
from .handed import Unfit, read
from .walls import LIBRARY, Limits, bubblewrap
from .wire import clean

TRIES = 4  # runs, each without the cell that ended the one before
NOTES = 40  # cells of which a page tells that they ended badly
FOLDER = "psm-grade"  # so begin the names of its temporary folders
TOLD = 1000  # characters of what a check says
# So begins the status of what no submission is to blame for: not stored, so
# that the next run grades it.
AGAIN = "could not be run: "


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

    def key(self, notebook: bytes) -> str:
        """A hash of all that a submission's result depends on."""
        return hashlib.sha256(self.asked + notebook).hexdigest()

    @cached_property
    def asked(self) -> bytes:
        """A hash of library, worlds, results, private checks, settings."""
        digest = hashlib.sha256()
        kinds = ("*.py", "worlds/*.yml", "results/*")
        files = sorted(f for kind in kinds for f in LIBRARY.rglob(kind))
        files += [self.private] if self.private else []
        for file in files:
            digest.update(hashlib.sha256(file.read_bytes()).digest())
        settings = [asdict(card) for card in self.cards]
        settings += [self.seed, self.hidden, asdict(self.limits), self.bare]
        digest.update(json.dumps(settings).encode())
        return digest.digest()


@dataclass
class Mark:
    """One exercise of one submission."""

    number: str
    title: str
    points: float
    most: int
    told: str  # what the students' own check says; empty when right
    hidden: str  # what the instructor's say, where the students' is content


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


def plan(
    assignment: Path, seed: int, private: Path | None = None, **settings
) -> Plan:
    """The plan for an assignment's notebook.

    Raises FileNotFoundError, or ValueError for a notebook without exercises,
    a seed that is the students' or none, and private checks that are no
    exercise's or that a submission could read.
    """
    if seed < 1:
        raise ValueError(
            f"no seed {seed}; expected one of at least 1. (0 gives the "
            "worlds that students have.)"
        )
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

    Raises FileNotFoundError, or ValueError for a check of no exercise and for
    a file in a place that submissions can read.
    """
    if not file.is_file():
        raise FileNotFoundError(f"no file of private checks at {file}")
    for seen in (LIBRARY, sys.prefix, sys.base_prefix, "/usr"):
        if file.resolve().is_relative_to(Path(seen).resolve()):
            raise ValueError(
                f"{file} is in {seen}, which submissions can read; expected "
                "a file elsewhere"
            )
    before = dict(core.ALL)
    spec = spec_from_file_location("private_checks", file)
    spec.loader.exec_module(module_from_spec(spec))
    new = [
        number
        for number, found in core.ALL.items()
        if found.test.__module__ == spec.name
        and found is not before.get(number)
    ]
    for number in new:
        exercise, space, _ = number.partition(" ")
        try:
            core.find(exercise)
        except LookupError:
            space = ""
        if not space:
            for added in new:
                del core.ALL[added]
            core.ALL.update(before)
            raise ValueError(
                f"{file} has a check {number!r}; expected the number of an "
                "exercise, a space and a name, such as '1.3 certainty'"
            )


def hidden_checks(number: str) -> list[str]:
    """Numbers of an instructor's further checks of an exercise."""
    return sorted(n for n in core.ALL if n.startswith(f"{number} "))


def told(cage: Cage, number: str, seed: int) -> str:
    """What a check says of what a cage holds; empty when it is right."""
    try:
        given = tuple(cage.thing(name) for name in core.find(number).needs)
        return clean(core.examine(number, given, seed), TOLD)
    except core.Wrong as wrong:
        return clean(wrong, TOLD) or core.NO_WORDS
    except Exception as error:
        # A check met something that it was not written for.
        return (
            f"what came back could not be checked "
            f"({type(error).__name__}: {clean(error, 200)})."
        )


def mark(cage: Cage, card: Card, plan: Plan) -> Mark:
    """One exercise, against the students' check and the instructor's."""
    public = told(cage, card.number, 0)
    hidden = ""
    if not public:  # or else nothing can be gained, and time be lost
        numbers = [card.number, *hidden_checks(card.number)]
        said = (told(cage, n, plan.seed) for n in numbers)
        hidden = next(filter(None, said), "")
    share = 0.0 if public else 1 - plan.hidden * bool(hidden)
    points = round(card.points * share, 2)
    return Mark(card.number, card.title, points, card.points, public, hidden)


def nothing(plan: Plan) -> list[Mark]:
    """The marks of what was not run."""
    return [
        Mark(c.number, c.title, 0.0, c.points, "not run.", "not run.")
        for c in plan.cards
    ]


def grade(name: str, entry: Path, plan: Plan) -> Result:
    """Grade one submission, whatever is in it. Raises nothing for that."""
    try:
        file, data = read(entry)
    except Unfit as unfit:
        said = clean(unfit, 200)
        return Result(name, clean(entry.name, 300), said, 0.0, nothing(plan))
    except OSError as error:
        said = AGAIN + clean(error.strerror or error, 200)
        return Result(name, clean(entry.name, 300), said, 0.0, nothing(plan))
    return graded(name, file, data, plan)


def graded(name: str, file: str, data: bytes, plan: Plan) -> Result:
    """Grade a submission's notebook."""
    prefix = f"{FOLDER}-{platform.node()}-{os.getpid()}-"
    with tempfile.TemporaryDirectory(prefix=prefix) as folder:
        notebook = Path(folder) / "submission.ipynb"
        notebook.write_bytes(data)
        return run(name, file, notebook, plan)


def run(name: str, file: str, notebook: Path, plan: Plan) -> Result:
    """Run a notebook, without the cells that end it, and mark what it has."""
    start = time.monotonic()
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
            status = AGAIN + clean(error, 200)
            break
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
    if marks and not status.startswith(AGAIN):
        status = "graded"
    return Result(
        name,
        file,
        status,
        round(time.monotonic() - start, 2),
        [marks.get(m.number, m) for m in nothing(plan)],
        [notes[k] for k in sorted(notes)[:NOTES]],
    )


def stored(path: Path) -> Result | None:
    """A result from a file, or None where there is none that is whole."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        marks = [Mark(**m) for m in data.pop("marks")]
        return Result(**data, marks=marks)
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        return None


def store(result: Result, path: Path) -> None:
    """Write a result so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.part")
    partial.write_text(json.dumps(asdict(result), indent=1), encoding="utf-8")
    os.replace(partial, path)


def tidy() -> None:
    """Remove what graders that were killed have left in /tmp."""
    place = Path(tempfile.gettempdir())
    for folder in place.glob(f"{FOLDER}-{platform.node()}-*"):
        process = folder.name.split("-")[-2]
        number = re.fullmatch("[0-9]{1,9}", process)
        if number and not psutil.pid_exists(int(process)):
            shutil.rmtree(folder, ignore_errors=True)


def grade_all(
    entries: Iterable[tuple[str, Path]], plan: Plan, out: Path, jobs: int = 2
) -> list[Result]:
    """Grade submissions, some at a time; those stored in ``out`` are taken.

    Never more at a time than there are processors: limits are in seconds of
    a clock, and are meant for one that is not shared. Raises NoCage where
    submissions cannot be kept apart, ValueError when ``out`` is where they
    are.
    """
    tidy()
    if not plan.bare:
        bubblewrap()
    place = os.path.realpath(out)  # pathlib's stumbles over links in circles
    entries = [(n, e) for n, e in entries if os.path.realpath(e) != place]
    if any(place == os.path.realpath(e.parent) for _, e in entries):
        raise ValueError(
            f"{out} is the folder of submissions; expected another for what "
            "comes out"
        )
    if entries and not plan.bare:
        rehearse(plan.limits)

    def one(name: str, entry: Path) -> Result:
        try:
            file, data = read(entry)
        except (Unfit, OSError):
            return grade(name, entry, plan)  # which says why
        digest = hashlib.sha256(name.encode()).hexdigest()[:16]
        path = out / "results" / f"{digest}-{plan.key(data)[:24]}.json"
        result = stored(path)
        if result is None or result.name != name:
            result = graded(name, file, data, plan)
            if not result.status.startswith(AGAIN):
                store(result, path)
        return result

    def safely(name: str, entry: Path) -> Result:
        try:
            return one(name, entry)
        except Exception as error:
            # Ours, or the machine's; it is not to cost the others theirs.
            said = f"{AGAIN}{type(error).__name__}: {clean(error, 200)}"
            return Result(
                name, clean(entry.name, 300), said, 0.0, nothing(plan)
            )

    jobs = min(jobs, os.cpu_count() or 1)
    try:
        with ThreadPoolExecutor(jobs) as pool:
            try:
                tasks = [pool.submit(safely, name, e) for name, e in entries]
                done = bar(as_completed(tasks), "grading", total=len(tasks))
                results = [task.result() for task in done]
            except BaseException:  # stopped: not the rest first
                STOPPED.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    finally:
        STOPPED.clear()
    return sorted(results, key=lambda r: r.name)
