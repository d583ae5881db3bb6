"""Grades a course's hand-ins of one assignment, from folder to table."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat

from psm_lib.grading import keep, roster, similar
from psm_lib.grading.feedback import harmless, write_all, write_rows
from psm_lib.grading.grade import NOTHING, Plan, Result, grade_all, plan
from psm_lib.grading.handed import (
    HandIn,
    Unfit,
    chosen,
    listed,
    notebook,
    read,
    submissions,
)
from psm_lib.grading.wire import clean


@dataclass(frozen=True)
class Course:
    """What is graded and how: the command line of ``grade``."""

    assignment: Path
    submissions: Path
    out: Path
    seed: int
    private: Path | None = None
    jobs: int = 2
    bare: bool = False
    roster: Path | None = None
    key: str | None = None
    overrides: Path | None = None


def grade_course(course: Course) -> list[str]:
    """Grade all hand-ins; lines that say what came out and what to look at.

    Everything given is read before anything is graded. Raises OSError,
    ValueError, and RuntimeError where another run uses the folder.
    """
    asked = plan(
        course.assignment, course.seed, course.private, bare=course.bare
    )
    if course.key and not course.roster:
        raise ValueError("--key names a column of a roster; pass --roster")
    enrolled = None
    if course.roster:
        enrolled = roster.read_roster(course.roster, course.key)
    overrides = []
    if course.overrides:
        overrides = roster.read_overrides(course.overrides, asked)
    entries, skipped = submissions(
        course.submissions, asked.numbers, course.out
    )
    if os.path.realpath(course.out) == os.path.realpath(course.submissions):
        raise ValueError(
            f"{course.out} is the folder of submissions; expected another "
            "for what comes out"
        )
    with keep.held(course.out, asked):
        return graded(course, asked, entries, skipped, enrolled, overrides)


def graded(
    course: Course,
    asked: Plan,
    entries: list[HandIn],
    skipped: list[str],
    enrolled: roster.Roster | None,
    overrides: list[roster.Override],
) -> list[str]:
    """The same, where all that is given is good and the folder is held."""
    owners, absent, notes = {}, [], []
    if enrolled:
        notes += enrolled.notes
        if better := roster.better_column(entries, enrolled):
            notes.append(better)
        entries, owners, absent = roster.enrolled(entries, enrolled)
    for handed in entries:
        chosen(handed)
    results = grade_all(entries, asked, course.out, course.jobs)
    remarks = {handed.name: handed.remarks for handed in entries}
    for result in results:
        result.remarks = list(remarks[result.name])
    codes = codes_of(entries, results, owners)
    results = roster.shared_out(results, owners, absent, asked)
    roster.apply(results, overrides)
    with tempfile.TemporaryDirectory(
        prefix=keep.NEW, dir=course.out
    ) as folder:
        new = Path(folder)
        write_all(results, new)
        alike = write_similar(codes, course.assignment, new)
        before = keep.put_in_place(new, course.out)
    lines = [str(course.out / "grades.csv")]
    lines += summary(results, enrolled is not None)
    if alike:
        many = "1 pair has" if alike == 1 else f"{alike} pairs have"
        lines.append(
            f"{many} cells alike: see similar.csv, and look at them yourself"
        )
    if skipped:
        lines.append(
            f"skipped, files of systems and platforms: {listed(skipped)}"
        )
    lines += notes
    if before:
        lines.append(f"the grades of the run before are in {before}")
    return [clean(line, 2000) for line in lines]


def summary(results: list[Result], enrolled: bool) -> list[str]:
    """How many rows there are, and which of them ask for a look."""
    count = sum(r.status == "graded" for r in results)
    absent = [r.student for r in results if r.status == NOTHING]
    rest = len(results) - count - len(absent)
    lines = [
        f"{len(results)} rows: {count} graded, {rest} that could not be"
        + (f", {len(absent)} who handed in nothing" if enrolled else "")
    ]
    for result in results:
        who = result.student or result.name
        if result.status not in ("graded", NOTHING):
            lines.append(f"  {who}: {result.status}")
        lines += [f"  {who}: {remark}" for remark in result.remarks]
        hands = [m.number for m in result.marks if m.by_hand]
        if hands:
            lines.append(f"  {who}: by hand {', '.join(hands)}")
    if absent:
        lines.append(f"handed in nothing: {listed(absent, 500)}")
    return lines


def codes_of(
    entries: list[HandIn], results: list[Result], owners: dict
) -> dict[str, list[str]]:
    """The code of each hand-in that was graded, by whose it is."""
    status = {result.name: result.status for result in results}
    found = {}
    for handed in entries:
        if handed.chosen is None or status[handed.name] != "graded":
            continue
        try:
            code = notebook(read(handed.chosen)).code
        except (Unfit, OSError):
            continue
        found[" and ".join(owners.get(handed.name, ())) or handed.name] = code
    return found


def write_similar(
    codes: dict[str, list[str]], assignment: Path, out: Path
) -> int:
    """Write the table of pairs; how many there are."""
    cells = nbformat.read(assignment, as_version=4).cells
    given = similar.starter(c.source for c in cells if c.cell_type == "code")
    found = similar.pairs(codes, given)
    head = ["one", "other", "cells alike", "of them the same", "tokens"]
    rows = [
        [harmless(p.one), harmless(p.other), p.cells, p.identical, p.tokens]
        for p in found
    ]
    write_rows(out / "similar.csv", [head, *rows])
    return len(found)
