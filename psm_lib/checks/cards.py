"""The cards of an assignment: what each exercise asks and is worth."""

from __future__ import annotations

import re
from dataclasses import dataclass

CARD = re.compile(
    r"^## Exercise (?P<number>\d\.\d): (?P<title>.+)\n\n"
    r"\*Difficulty (?P<difficulty>[1-5]) of 5, "
    r"importance (?P<importance>[1-5]) of 5, "
    r"(?P<minutes>\d+) minutes, (?P<points>\d+) points?\*\n"
)


@dataclass(frozen=True)
class Card:
    """An exercise of a notebook, and where its cells are."""

    number: str
    title: str
    difficulty: int
    importance: int
    minutes: int
    points: int
    work: int  # index of the cell to fill; the check follows it


def cards(notebook) -> list[Card]:
    """The exercises of an assignment, as a notebook of nbformat.

    Raises ValueError for the heading of an exercise that is no card.
    """
    found = []
    for k, cell in enumerate(notebook.cells):
        if not cell.source.startswith("## Exercise"):
            continue
        card = CARD.match(cell.source)
        if card is None:
            raise ValueError(
                f"cell {k} is no card: {cell.source[:80]!r}; expected "
                "'## Exercise 1.2: Title', an empty line and '*Difficulty 2 "
                "of 5, importance 3 of 5, 20 minutes, 2 points*'"
            )
        values = {
            name: value if name in ("number", "title") else int(value)
            for name, value in card.groupdict().items()
        }
        found.append(Card(**values, work=k + 1))
    return found
