"""Whom a course has, and what an instructor gives by hand: two tables."""

from __future__ import annotations

import csv
import io
import math
import re
from dataclasses import dataclass, replace
from pathlib import Path

from psm_lib.grading.grade import (
    NOTHING,
    Mark,
    Plan,
    Result,
    nothing,
    stamped,
)
from psm_lib.grading.handed import HandIn, same
from psm_lib.grading.wire import clean

OVERRIDES = ("student", "exercise", "points", "reason")


def read_table(path: Path) -> tuple[list[str], list[tuple[int, dict]]]:
    """Names of the columns of a table, and its rows with their lines.

    With commas, semicolons or tabs, as spreadsheets write them. Raises
    FileNotFoundError, or ValueError.
    """
    if not path.is_file():
        raise FileNotFoundError(f"no table at {path}")
    data = path.read_bytes()
    for code in (
        "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig",
        "cp1252",
        "latin-1",
    ):
        try:
            text = data.decode(code)
            break
        except UnicodeError:
            continue
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        head = [name.strip() for name in next(rows, [])]
        if not any(head) or len(set(head)) < len(head):
            raise ValueError(
                f"{path} has no first row with the names of its columns, each "
                "of them once"
            )
        found = []
        for row in rows:
            if any(cell.strip() for cell in row):
                cells = [c.strip() for c in row] + [""] * len(head)
                cells = dict(zip(head, cells, strict=False))
                found.append((rows.line_num, cells))
    except csv.Error as error:
        raise ValueError(f"{path} is no table: {error}") from None
    return head, found


@dataclass(frozen=True)
class Roster:
    """The students of a course, by what identifies them."""

    keys: tuple[str, ...]
    column: str
    notes: tuple[str, ...] = ()
    others: tuple[tuple[str, tuple[str, ...]], ...] = ()  # other columns


def read_roster(path: Path, column: str | None = None) -> Roster:
    """The roster in a table; ``column`` is the one that identifies students,
    or else the first.

    Raises FileNotFoundError, or ValueError for a column that is not there or
    somebody who is there twice.
    """
    head, rows = read_table(path)
    column = head[0] if column is None else column
    if column not in head:
        raise ValueError(
            f"{path} has no column {column!r}; it has {', '.join(head)}"
        )
    seen: dict[str, int] = {}
    keys, notes = [], []
    for line, row in rows:
        key = row[column]
        if not key:
            notes.append(f"line {line} of {path.name} has no {column}")
            continue
        if same(key) in seen:
            raise ValueError(
                f"{path}: {key!r} is in line {seen[same(key)]} and in line "
                f"{line}; expected every student once. Name another column "
                "with --key"
            )
        seen[same(key)] = line
        keys.append(key)
    if not keys:
        raise ValueError(f"{path} has nobody in its column {column!r}")
    others = tuple(
        (name, tuple(row[name] for _, row in rows if row[name]))
        for name in head
        if name != column
    )
    return Roster(tuple(keys), column, tuple(notes), others)


def letters(text: str) -> str:
    """Letters and digits only, as Canvas writes names."""
    return re.sub(r"[\W_]+", "", same(text))


def words(text: str) -> set[str]:
    """The parts of a name that could be somebody's."""
    return {w for w in re.split(r"[\s_\-().,]+", same(text)) if len(w) > 2}


class Index:
    """Finds the keys of a roster by what somebody may be called."""

    def __init__(self, keys: tuple[str, ...]):
        self.exact: dict[str, list[str]] = {}
        self.letters: dict[str, list[str]] = {}
        for key in keys:
            self.exact.setdefault(same(key), []).append(key)
            if letters(key):
                self.letters.setdefault(letters(key), []).append(key)

    def find(self, names: tuple[str, ...]) -> list[str]:
        """By a whole name, or else by its letters; one, if it is clear."""
        for name in names:
            if found := self.exact.get(same(name)):
                return found
        for name in names:
            if found := self.letters.get(letters(name)):
                return found
        return []

    def guess(self, names: tuple[str, ...]) -> list[str]:
        """By a part of a name, such as "kim_a1" of "kim"."""
        parts = set().union(*map(words, names))
        return [k for part in sorted(parts) for k in self.exact.get(part, ())]


def enrolled(
    entries: list[HandIn], roster: Roster
) -> tuple[list[HandIn], dict[str, list[str]], list[str]]:
    """Hand-ins, those of one student put together; the students of each, by
    its name; and who of the roster has handed in nothing.

    A part of a name is believed only where nobody else has handed in under
    the whole. A hand-in of nobody on the roster has a remark that says so.
    """
    index = Index(roster.keys)
    found = [[index.find(names) for names in h.people] for h in entries]
    present = {k[0] for each in found for k in each if len(k) == 1}
    guessed: dict[str, list[int]] = {}
    for i, handed in enumerate(entries):
        if handed.sure or any(found[i]):
            continue
        keys = index.guess(handed.people[0])
        if len(keys) == 1 and keys[0] not in present:
            guessed.setdefault(keys[0], []).append(i)
        elif keys:
            found[i] = [keys * 2]  # not clear
    for key, places in guessed.items():
        for i in places:
            found[i] = [[key]] if len(places) == 1 else [[key, key]]
            if len(places) == 1:
                entries[i].remarks.append(
                    f"taken for {key}'s by a part of its name"
                )
    taken: dict[tuple[str, ...], HandIn] = {}
    owners: dict[str, list[str]] = {}
    for handed, each in zip(entries, found, strict=True):
        who = tuple(dict.fromkeys(k[0] for k in each if len(k) == 1))
        doubtful = any(len(keys) > 1 for keys in each)
        missing = sum(not keys for keys in each)
        if doubtful:  # without names: a student's page shows it
            handed.remarks.append(
                "fits more than one of the roster: not clear whose"
            )
        elif missing and who:
            handed.remarks.append(f"{missing} of its group on no roster")
        elif missing:
            handed.remarks.append("not on the roster")
        if who and who in taken:
            first = taken[who]
            first.pieces += handed.pieces
            more = [r for r in handed.remarks if r not in first.remarks]
            first.remarks += more
            continue
        if who:
            taken[who] = handed
        owners[handed.name] = list(who)
    kept = [h for h in entries if h.name in owners]
    there = {key for keys in owners.values() for key in keys}
    return kept, owners, [k for k in roster.keys if k not in there]


def better_column(entries: list[HandIn], roster: Roster) -> str:
    """A line on a column in which more of the hand-ins are found, or ""."""

    def found(keys: tuple[str, ...]) -> int:
        index = Index(keys)
        people = [names for handed in entries for names in handed.people]
        return sum(len(index.find(names)) == 1 for names in people)

    here = found(roster.keys)
    counts = {name: found(keys) for name, keys in roster.others}
    best = max(counts, key=counts.get, default="")
    if not best or counts[best] <= here:
        return ""
    return (
        f"the roster's column {roster.column!r} names {here} of those who "
        f"handed in; with --key {best!r} it would be {counts[best]}"
    )


def shared_out(
    results: list[Result], owners: dict[str, list[str]], absent, plan: Plan
) -> list[Result]:
    """A result for each student: of what they handed in, or of nothing."""
    rows = []
    for result in results:
        for key in owners.get(result.name) or [""]:
            marks = [replace(m) for m in result.marks]
            rows.append(replace(result, student=key, marks=marks))
    for key in absent:
        marks = nothing(plan, "nothing was handed in.")
        empty = stamped("", "", NOTHING, 0.0, marks, plan)
        rows.append(replace(empty, student=key, at=""))
    return rows


@dataclass(frozen=True)
class Override:
    """What an instructor gives by hand."""

    line: int
    student: str
    exercise: str
    points: float
    reason: str


def read_overrides(path: Path, plan: Plan) -> list[Override]:
    """The rows of a table of overrides. Raises FileNotFoundError, or
    ValueError with the line that is wrong."""
    head, rows = read_table(path)
    if missing := [name for name in OVERRIDES if name not in head]:
        raise ValueError(
            f"{path} has no column {missing[0]!r}; expected "
            f"{', '.join(OVERRIDES)}"
        )
    most = {card.number: card.points for card in plan.cards}
    seen: dict[tuple[str, str], int] = {}
    found = []
    for line, row in rows:
        where = f"line {line} of {path}"
        number, reason = row["exercise"], clean(row["reason"], 500)
        if number not in most:
            raise ValueError(
                f"{where}: no exercise {number!r}; expected one of "
                f"{', '.join(most)}"
            )
        try:
            points = float(row["points"].replace(",", "."))
        except ValueError:
            points = math.nan
        if not 0 <= points <= most[number]:
            raise ValueError(
                f"{where}: {row['points']!r} points for exercise {number}; "
                f"expected 0 to {most[number]}"
            )
        if not reason or not row["student"]:
            what = "reason" if row["student"] else "student"
            raise ValueError(f"{where} has no {what}; expected one")
        key = (same(row["student"]), number)
        if key in seen:
            raise ValueError(
                f"{where}: {row['student']!r} has exercise {number} in line "
                f"{seen[key]} already; expected it once"
            )
        seen[key] = line
        found.append(Override(line, row["student"], number, points, reason))
    return found


def apply(results: list[Result], overrides: list[Override]) -> None:
    """Put what is given by hand into the results.

    A student is named as the roster or the table's column ``submission``
    does. Raises ValueError for one whom no row, or more than one, is of; then
    nothing is changed.
    """
    changes = []
    for over in overrides:
        rows = [r for r in results if over.student in own_names(r)]
        rows = rows or [
            r for r in results if same(over.student) in map(same, own_names(r))
        ]
        if len(rows) != 1:
            raise ValueError(
                f"line {over.line} of the overrides: {len(rows)} rows are of "
                f"{over.student!r}; expected one student of the roster, or "
                "one submission as grades.csv names it"
            )
        changes.append((rows[0], over))
    for result, over in changes:
        result.marks = [given(m, over) for m in result.marks]


def own_names(result: Result) -> list[str]:
    if result.student:
        return [result.student]
    plain = result.name.removesuffix(".ipynb")
    return [result.name, f"./{result.name}", plain]


def given(mark: Mark, over: Override) -> Mark:
    if mark.number != over.exercise:
        return mark
    return replace(
        mark, points=over.points, by_hand=over.reason, was=mark.points
    )
