"""Cells that two students have alike: pairs to be looked at by somebody.

Names, spaces and comments do not count, nor do lines that everybody was
given. Short answers to one question are often alike by themselves, and those
that many have are left out. Nothing here changes a grade.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from keyword import iskeyword

TOKENS = 40  # of a cell; fewer say little
LONGEST = 20_000  # characters of a cell that are read
CELLS = 40  # of a notebook
RUN = 6  # tokens in a row that are compared
ALIKE = 0.8  # share of such runs that two cells have in common
COMMON = 8  # or a twentieth of all: what more have is a sign of nothing
PAIRS = 200

TOKEN = re.compile(
    r"#[^\n]*"
    r"|(?:\b[rbfu]{1,2})?(?:\"\"\"[\s\S]*?(?:\"\"\"|\Z)|'''[\s\S]*?(?:'''|\Z)"
    r"|\"[^\"\n]*\"|'[^'\n]*')"
    r"|[^\W\d]\w*|\d[\w.]*|\S",
    re.IGNORECASE,
)


def normal(source: str, given: set[str]) -> tuple[str, ...]:
    """The tokens of a cell: names by the order in which they first occur,
    texts as texts, without comments and without lines that were given."""
    lines = source[:LONGEST].splitlines()
    kept = "\n".join(line for line in lines if line.strip() not in given)
    names: dict[str, str] = {}
    tokens = []
    for token in TOKEN.findall(kept):
        if token.startswith("#"):
            continue
        if token[-1] in "\"'":
            token = '"'
        elif (token[0].isalpha() or token[0] == "_") and not iskeyword(token):
            token = names.setdefault(token, f"n{len(names)}")
        tokens.append(token)
    return tuple(tokens)


@dataclass(frozen=True)
class Pair:
    """Two students and how much of their code is alike."""

    one: str
    other: str
    cells: int
    identical: int
    tokens: int


def starter(cells: Iterable[str]) -> set[str]:
    """Lines of what everybody was given."""
    lines = {line.strip() for cell in cells for line in cell.splitlines()}
    return lines | {""}


def pairs(codes: dict[str, list[str]], given: set[str]) -> list[Pair]:
    """Pairs of students with cells alike, most alike first.

    ``codes`` are the code cells of each notebook, by whose it is.
    """
    cells = {
        who: [t for c in code[:CELLS] if len(t := normal(c, given)) >= TOKENS]
        for who, code in codes.items()
    }
    has = Counter(t for tokens in cells.values() for t in set(tokens))
    most = max(COMMON, len(codes) // 20)
    runs = {
        who: [(t, runs_of(t)) for t in dict.fromkeys(mine) if has[t] <= most]
        for who, mine in cells.items()
    }
    found = []
    for one, other in combinations(sorted(runs), 2):
        alike = list(matched(runs[one], runs[other]))
        if alike:
            same = sum(a == b for a, b in alike)
            size = sum(len(a) for a, _ in alike)
            found.append(Pair(one, other, len(alike), same, size))
    found.sort(key=lambda p: (-p.tokens, p.one, p.other))
    return found[:PAIRS]


def runs_of(tokens: tuple[str, ...]) -> frozenset:
    return frozenset(
        hash(tokens[i : i + RUN]) for i in range(len(tokens) - RUN + 1)
    )


def matched(mine: list, theirs: list) -> Iterator[tuple]:
    """Cells of one student, each with one of the other's that is alike."""
    for tokens, runs in mine:
        for others, more in theirs:
            if tokens == others:
                yield tokens, others
                break
            small, large = sorted((len(runs), len(more)))
            if small < ALIKE * large:
                continue
            both = len(runs & more)
            if both >= ALIKE * (len(runs) + len(more) - both):
                yield tokens, others
                break
