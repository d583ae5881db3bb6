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
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import cached_property
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import nbformat
import psutil

from psm_lib import __version__
from psm_lib.checks import core
from psm_lib.checks.cards import Card, cards
from psm_lib.grading import standins
from psm_lib.grading.cage import (
    LATE,
    STOPPED,
    UNENDED,
    Cage,
    Ended,
    rehearse,
)
from psm_lib.grading.handed import AGAIN, HandIn, Unfit, alone, read
from psm_lib.grading.walls import PLACES, Limits, bubblewrap
from psm_lib.grading.wire import clean
from psm_lib.machinery.chapters import library
from psm_lib.machinery.disk import write_whole
from psm_lib.machinery.progress import bar

NOTHING = "handed in nothing"  # the status of who is on a roster only
SHARES = 4  # times what one process may take, in all
NOTES = 40  # cells of which a page tells that they ended badly
FOLDER = "psm-grade"  # so begin the names of its temporary folders
TOLD = 1000  # characters of what a check says


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
    title: str = ""

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(card.number for card in self.cards)

    @cached_property
    def stand_ins(self) -> tuple[str, ...]:
        """Names of what the exercises ask for that can be lent."""
        needs = {
            n for card in self.cards for n in core.find(card.number).needs
        }
        return tuple(sorted(needs & standins.ALL.keys()))

    def key(self, notebook: bytes) -> str:
        """A hash of all that a submission's result depends on."""
        return hashlib.sha256(self.asked + notebook).hexdigest()

    @cached_property
    def asked(self) -> bytes:
        """A hash of library, worlds, results, private checks, settings."""
        digest = hashlib.sha256()
        kinds = (".py", ".yml", ".json", ".npz")
        files = [
            file
            for name, file in library().items()
            if file.suffix in kinds and "/checkpoints/" not in name
        ]
        files += [self.private] if self.private else []
        for file in files:
            digest.update(hashlib.sha256(file.read_bytes()).digest())
        settings = [asdict(card) for card in self.cards]
        settings += [self.seed, self.hidden, asdict(self.limits), self.bare]
        digest.update(json.dumps(settings).encode())
        return digest.digest()


@dataclass
class Mark:
    """One exercise of one submission. ``by_hand`` is why an instructor gave
    other points than ``was``."""

    number: str
    title: str
    points: float
    most: int
    told: str  # what the students' own check says; empty when right
    hidden: str  # what the instructor's say, where the students' is content
    by_hand: str = ""
    was: float = 0.0


@dataclass
class Result:
    """One submission. ``status`` is "graded", or why it could not be."""

    name: str
    file: str
    status: str
    seconds: float
    marks: list[Mark] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)  # what went wrong in them
    assignment: str = ""
    at: str = ""  # when it was graded
    version: str = ""  # of psm_lib
    student: str = ""  # as a roster calls them
    remarks: list[str] = field(default_factory=list)

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
    notebook = nbformat.read(assignment, as_version=4)
    found = cards(notebook)
    if not found:
        raise ValueError(f"{assignment} has no exercises")
    for card in found:
        core.find(card.number)
    if private is not None:
        load_private(private)
    titles = re.findall(r"^# +(.+)$", notebook.cells[0].source, re.MULTILINE)
    title = clean((titles or [assignment.stem])[0], 200)
    return Plan(tuple(found), seed, private, title=title, **settings)


def load_private(file: Path) -> None:
    """Register the checks of an instructor's file.

    Raises FileNotFoundError, or ValueError for a check of no exercise and for
    a file in a place that submissions can read.
    """
    if not file.is_file():
        raise FileNotFoundError(f"no file of private checks at {file}")
    for seen in (*PLACES, sys.prefix, sys.base_prefix, "/usr"):
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


def mark(cage: Cage, card: Card, plan: Plan) -> tuple[Mark, bool]:
    """One exercise, against the students' check and the instructor's; and
    whether its code has ended the cage.

    Whoever does that once the students' check is content loses the hidden
    half only.
    """
    public, hidden, ended = "", "", ""
    try:
        public = told(cage, card.number, 0)
    except Ended as end:
        public = ended = f"your code {end} when it was called."
    if not public:  # or else nothing can be gained, and time be lost
        try:
            for number in [card.number, *hidden_checks(card.number)]:
                if hidden := told(cage, number, plan.seed):
                    break
        except Ended as end:
            hidden = ended = f"your code {end} when it was called."
    share = 0.0 if public else 1 - plan.hidden * bool(hidden)
    points = round(card.points * share, 2)
    found = Mark(card.number, card.title, points, card.points, public, hidden)
    return found, bool(ended)


def nothing(plan: Plan, why: str = "not run.") -> list[Mark]:
    """The marks of what was not run."""
    return [
        Mark(c.number, c.title, 0.0, c.points, why, why) for c in plan.cards
    ]


def grade(name: str, entry: Path, plan: Plan) -> Result:
    """Grade one file or folder, whatever is in it. Raises nothing for that."""
    return one(alone(entry, plan.numbers, name), plan)


def one(handed: HandIn, plan: Plan, kept: Path | None = None) -> Result:
    """Grade what one student handed in, or take what is stored of it in the
    folder ``kept``."""
    file = handed.chosen.name if handed.chosen else ""
    if not file and len(handed.pieces) == 1:
        file = handed.pieces[0].name

    digest = hashlib.sha256(handed.name.encode()).hexdigest()[:16]

    def kept_or(key: str, make: Callable[[], Result]) -> Result:
        path = kept and kept / f"{digest}-{key[:24]}.json"
        result = stored(path) if path else None
        if result is None or result.name != handed.name:
            result = make()
            if path and not result.status.startswith(AGAIN):
                store(result, path)
        return replace(result, file=file)

    def without(why: str) -> Result:
        return kept_or(
            plan.key(why.encode()),
            lambda: stamped(handed.name, file, why, 0.0, nothing(plan), plan),
        )

    if handed.chosen is None:
        return without(handed.why)
    try:
        data = read(handed.chosen)
    except Unfit as unfit:  # it has changed since it was looked at
        return without(clean(unfit, 200))
    except OSError as error:
        return without(AGAIN + clean(error.strerror or error, 200))
    return kept_or(
        plan.key(data), lambda: graded(handed.name, file, data, plan)
    )


def stamped(
    name: str,
    file: str,
    status: str,
    seconds: float,
    marks: list[Mark],
    plan: Plan,
    cells: Iterable[str] = (),
) -> Result:
    """A result with when it was made, of what and by what."""
    return Result(
        name,
        file,
        status,
        seconds,
        marks,
        list(cells),
        assignment=plan.title,
        at=datetime.now().astimezone().isoformat(" ", "seconds"),
        version=__version__,
    )


def graded(name: str, file: str, data: bytes, plan: Plan) -> Result:
    """Grade a submission's notebook."""
    prefix = f"{FOLDER}-{platform.node()}-{os.getpid()}-"
    with tempfile.TemporaryDirectory(prefix=prefix) as folder:
        notebook = Path(folder) / "submission.ipynb"
        notebook.write_bytes(data)
        if plan.bare:  # it may run as somebody else, in this folder
            Path(folder).chmod(0o777)
        return run(name, file, notebook, plan)


def run(name: str, file: str, notebook: Path, plan: Plan) -> Result:
    """Run a notebook and mark what it has.

    Where a cell ends its process, a new one runs the notebook without it;
    where an exercise does when it is called, a new one goes on with the
    exercises after it. That may happen any number of times; ``SHARES`` times
    what one process may take is the end of it.
    """
    start = time.monotonic()
    ends = start + SHARES * plan.limits.whole_s
    skip: tuple[int, ...] = ()
    notes: dict[int, str] = {}
    marks: dict[str, Mark] = {}
    status = "graded"
    spent = False
    lent: set[str] = set()
    while len(marks) < len(plan.cards):
        left = int(ends - time.monotonic())
        if left < 1:
            spent = True
            break
        limits = replace(plan.limits, whole_s=min(left, plan.limits.whole_s))
        cage = Cage(notebook, limits, skip, plan.bare, plan.stand_ins)
        status, gone = "graded", False
        try:
            with cage:
                cage.run()
                lent |= set(cage.lent)
                # What cells took is not to cost the exercises theirs.
                cage.ends = min(time.monotonic() + limits.whole_s, ends)
                for card in plan.cards:
                    if card.number not in marks:
                        marks[card.number], gone = mark(cage, card, plan)
                    if gone:
                        break
        except Ended as ended:
            status = str(ended)
        except OSError as error:
            status = AGAIN + clean(error, 200)
        for k, cell in cage.cells.items():
            if cell["error"]:
                notes[k] = f"{cell['begins']}: {cell['error']}"
        if status.startswith(AGAIN):
            break
        if status == "graded":  # or an exercise ended it
            continue
        guilty = [k for k in culprits(cage) if k not in skip]
        if not guilty:
            break
        skip += tuple(guilty)
        for k in guilty:
            if cage.cells[k]["error"] in (None, UNENDED):
                notes[k] = f"{cage.cells[k]['begins']}: {status}; left out"
    if marks and not status.startswith(AGAIN):
        status = "graded"
    why = "not run."
    if spent:
        most = SHARES * plan.limits.whole_s
        why = f"not run: what came before took all of its {most} seconds."
    cells = [notes[k] for k in sorted(notes)[:NOTES]]
    if len(notes) > NOTES:
        cells.append(f"and {len(notes) - NOTES} more cells")
    cells += [
        f"`{n}` is missing; what uses it was given a right one"
        for n in sorted(lent)
    ]
    found = [marks.get(m.number, m) for m in nothing(plan, why)]
    seconds = round(time.monotonic() - start, 2)
    return stamped(name, file, status, seconds, found, plan, cells)


def culprits(cage: Cage) -> list[int]:
    """The cells without which a notebook that ended its process may run.

    The one that was running; or, where time has run out, those that took too
    much of it; or else the last that ran.
    """
    if time.monotonic() > cage.ends:
        late = [
            k
            for k, cell in cage.cells.items()
            if (cell["error"] or "").startswith(LATE)
        ]
        if late:
            return late
    begun = [k for k, c in cage.cells.items() if c["error"] == UNENDED]
    return begun[-1:] or list(cage.cells)[-1:]


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
    write_whole(path, json.dumps(asdict(result), indent=1))


def tidy() -> None:
    """Remove what graders that were killed have left in /tmp."""
    place = Path(tempfile.gettempdir())
    for folder in place.glob(f"{FOLDER}-{platform.node()}-*"):
        process = folder.name.split("-")[-2]
        number = re.fullmatch("[0-9]{1,9}", process)
        if number and not psutil.pid_exists(int(process)):
            shutil.rmtree(folder, ignore_errors=True)


def grade_all(
    entries: Iterable[HandIn], plan: Plan, out: Path, jobs: int = 2
) -> list[Result]:
    """Grade submissions, some at a time; those stored in ``out`` are taken.

    Never more at a time than there are processors: limits are in seconds of
    a clock, and are meant for one that is not shared. Raises NoCage where
    submissions cannot be kept apart, ValueError when ``out`` is where they
    are or ``jobs`` is below 1.
    """
    if jobs < 1:
        raise ValueError(
            f"no {jobs} jobs; expected how many submissions may run at a "
            "time, at least 1"
        )
    tidy()
    if not plan.bare:
        bubblewrap()
    place = os.path.realpath(out)  # pathlib's stumbles over links in circles
    entries = list(entries)
    pieces = [p for handed in entries for p in handed.pieces]
    if any(place == os.path.realpath(p.path.parent) for p in pieces):
        raise ValueError(
            f"{out} is the folder of submissions; expected another for what "
            "comes out"
        )
    if entries and not plan.bare:
        rehearse(plan.limits)

    def safely(handed: HandIn) -> Result:
        try:
            return one(handed, plan, out / "results")
        except Exception as error:
            # Ours, or the machine's; it is not to cost the others theirs.
            said = f"{AGAIN}{type(error).__name__}: {clean(error, 200)}"
            marks = nothing(plan)
            return stamped(handed.name, handed.name, said, 0.0, marks, plan)

    jobs = min(jobs, os.cpu_count() or 1)
    try:
        with ThreadPoolExecutor(jobs) as pool:
            try:
                tasks = [pool.submit(safely, handed) for handed in entries]
                done = bar(as_completed(tasks), "grading", total=len(tasks))
                results = [task.result() for task in done]
            except BaseException:  # stopped: not the rest first
                STOPPED.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    finally:
        STOPPED.clear()
    return sorted(results, key=lambda r: r.name)
