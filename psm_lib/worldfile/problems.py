"""What is wrong with a world file: every complaint, and where it belongs.

A complaint has the form ``file:line: key: what was found; expected ...``.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Callable, Collection, Sized
from dataclasses import dataclass, field

Place = tuple[str, int]  # a file, and a line from 1, or 0 for a mapping's


class WorldError(ValueError):
    """A world file that cannot be used; the message lists every reason."""


@dataclass
class Problems:
    """Collects complaints, each about a key such as ``cast[0].names``.

    ``places`` finds out where keys stand, if it comes to that. What could not
    be read is kept in ``broken``, so that nobody complains of its absence.
    """

    file: str
    places: Callable[[], dict[str, Place]] = dict
    found: list[tuple[str, str]] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def add(self, key: str, what: str, expected: str) -> None:
        """Complain, unless it is of something that could not be read."""
        if self.broken.isdisjoint([key, *over(key)]):
            self.found.append((key, f"{key}: {what}; expected {expected}"))

    def total(self, key: str, what: str, expected: str) -> None:
        """Complain of a sum or number, unless a part could not be read."""
        if not self.hurt(key):
            self.add(key, what, expected)

    def lose(self, key: str, what: str, expected: str) -> None:
        """Complain of what is done without from here on."""
        self.add(key, what, expected)
        self.forget(key)

    def missing(self, key: str, expected: str) -> None:
        """Complain that something is not there, and do without it."""
        if not self.hurt(key):
            self.lose(key, "missing", expected)

    def unknown(
        self, key: str, sort: str, name: object, known: Collection, home=""
    ) -> None:
        """Complain of a name that is none of the known, unless what it means
        was there, under ``home``, and could not be read."""
        what = "missing" if name is None else f"unknown {sort} {name!r}"
        if not self.hurt(f"{home}.{name}"):
            self.add(key, what, among(name, known))

    def too_few(self, key: str, given: Sized, least: int, of: str) -> None:
        """Complain of a list that is too short."""
        if len(given) < least:
            self.total(key, f"has {len(given)}", f"at least {least} {of}")

    def sum_to_one(self, key: str, shares: dict[str, float]) -> None:
        """Complain if probabilities do not sum to one."""
        total = sum(shares.values())
        if abs(total - 1) > 1e-6:
            self.total(key, f"probabilities sum to {total:g}", "a sum of 1")

    def forget(self, key: str) -> None:
        """Do without a key, and complain no more of it."""
        self.broken |= {key, *(f"{k}/" for k in over(key))}

    def hurt(self, key: str) -> bool:
        """Whether something at a key, above it or below it is lost."""
        return not self.broken.isdisjoint([key, f"{key}/", *over(key)])

    def stop(self) -> None:
        """Raises WorldError with all that was found, if anything was."""
        if not self.found:
            return
        places, lines = self.places(), []
        for key, text in self.found:
            known = (k for k in (key, *over(key)) if k in places)
            file, line = places.get(next(known, ""), (self.file, 0))
            where = f"{file}:{line}" if line else file
            lines.append((file != self.file, file, line, f"{where}: {text}"))
        lines.sort(key=lambda row: row[:3])
        n = len(lines)
        head = f"{n} problem{'s' if n > 1 else ''} in {self.file}:"
        raise WorldError("\n  ".join([head, *(row[3] for row in lines)]))


def over(key: str) -> list[str]:
    """The keys that a key stands under, the nearest first."""
    out = []
    while key := re.sub(r"(\.[^.\[]*|\[\d+\]|^[^.\[]*)$", "", key):
        out.append(key)
    return out


def among(name: object, known: Collection) -> str:
    """What is expected instead of a name, and which one may be meant."""
    near = meant(name, known)
    hint = f" ({near}?)" if near else ""
    return f"one of {', '.join(map(str, known))}{hint}"


def meant(name: object, known: Collection) -> str | None:
    """Which of the known a misspelt name may stand for."""
    return next(iter(difflib.get_close_matches(str(name), known, 1)), None)


def shown(value: object) -> str:
    """A value as it may stand in a message: whole, or its beginning."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"{value} (as YAML reads a bare yes, no, on or off)"
    if isinstance(value, int) and abs(value) > 10**15:
        return "a number of very many digits"
    if isinstance(value, datetime.date):
        return f"the date {value}"
    if isinstance(value, dict | list | tuple) and len(value) > 20:
        return f"{len(value):,} values"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
