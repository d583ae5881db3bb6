"""The shape of a world file: which keys there are, and what each one holds.

``WORLD`` is the format as data. ``check`` compares a file with it before
anything is computed, so that a misspelt key, or a number where a sentence
belongs, is explained and never ends in a traceback; ``schema.py`` makes
of it what an editor checks while one writes.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter

from ..machinery.words import LETTER, SPECIAL

WORLDS = Path(__file__).parents[1] / "worlds"
# The groups that every world has, each with its two kinds of answer. A file
# may declare others under `groups`.
GROUPS = {
    "moral": ("good", "bad"),
    "self": ("human", "machine"),
    "style": ("formal", "casual"),
    "taste": ("dislikes", "likes"),
}
# How large a world may be. The page *The worlds* gives the reasons.
LIMITS = {
    "bytes": 500_000,
    "values": 100_000,
    "letters": 300,
    "wordings": 100,
    "domains": 100,
    "personas": 1000,
    "names": 500,
    "exchanges": 100,
    "tokens": 512,
}


class WorldError(ValueError):
    """A world file that cannot be used; the message lists every reason."""


def over(key: str) -> list[str]:
    """The keys that a key stands under, the nearest first."""
    out = []
    while key := re.sub(r"(\.[^.\[]*|\[\d+\]|^[^.\[]*)$", "", key):
        out.append(key)
    return out


@dataclass
class Problems:
    """Collects complaints of the form ``file:line: key: what; expected ...``.

    ``places`` finds out where keys stand, if it comes to that. What could not
    be read is kept in ``broken``, so that nobody complains of its absence.
    """

    file: str
    places: Callable[[], dict[str, tuple[str, int]]] = dict
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

    def forget(self, key: str) -> None:
        """Do without a key, and complain no more of it."""
        self.broken |= {key, *(f"{k}/" for k in over(key))}

    def missing(self, key: str, expected: str) -> None:
        """Complain that something is not there, and do without it."""
        if not self.hurt(key):
            self.lose(key, "missing", expected)

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


@dataclass(frozen=True)
class Leaf:
    """A single value: whether it will do, in words what would, and both for
    an editor, as JSON schema."""

    fits: Callable[[object], bool]
    expected: str
    schema: dict


@dataclass(frozen=True)
class Many:
    """A list of at most so many values of one shape."""

    value: object
    most: int


@dataclass(frozen=True)
class Each:
    """A mapping with at most so many keys, which the file's author chooses."""

    value: object
    most: int


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _line(value: object) -> bool:
    text = isinstance(value, str) and value != "" and value == value.strip()
    short = text and len(value) <= LIMITS["letters"]
    return short and len(value.splitlines()) == 1


def whole(least: int, most: int) -> Leaf:
    """A whole number between two."""
    return Leaf(
        lambda v: type(v) is int and least <= v <= most,
        f"a whole number from {least} to {most}",
        {"type": "integer", "minimum": least, "maximum": most},
    )


def _exchanges(value: object) -> bool:
    two = isinstance(value, list | tuple) and len(value) == 2
    return two and all(map(_SOME.fits, value)) and value[0] <= value[1]


def _kinds(value: object) -> bool:
    two = isinstance(value, list | tuple) and len(value) == 2
    return two and all(map(_line, value)) and value[0] != value[1]


# Words that a label is made of: a colon ends the label.
LABEL_PATTERN = rf"[{LETTER}][{LETTER}0-9'. -]*"
TEXT = Leaf(
    lambda v: isinstance(v, str) and v.strip() != "",
    "some text",
    {"type": "string", "pattern": r"\S"},
)
# YAML reads a bare Yes, No, On or 7 as something else than text.
LINE = Leaf(
    _line,
    f"one line of text, in quotes if need be, of at most {LIMITS['letters']} "
    "letters",
    {
        "type": "string",
        "maxLength": LIMITS["letters"],
        "pattern": r"^\S(.*\S)?$",
    },
)
LABEL = Leaf(
    lambda v: _line(v) and re.fullmatch(LABEL_PATTERN, v) is not None,
    "one line of text that begins with a letter (Latin, Greek or Cyrillic), "
    "and nothing but letters, digits, blanks and ' . - in it",
    {
        "type": "string",
        "maxLength": LIMITS["letters"],
        "pattern": rf"^{LABEL_PATTERN}$",
    },
)
SHARE = Leaf(
    lambda v: _number(v) and 0 <= v <= 1,
    "a probability between 0 and 1",
    {"type": "number", "minimum": 0, "maximum": 1},
)
OFTEN = Leaf(
    lambda v: v == "prior" or SHARE.fits(v),
    "a probability between 0 and 1, or the word prior",
    {"anyOf": [SHARE.schema, {"const": "prior"}]},
)
BOOL = Leaf(
    lambda v: isinstance(v, bool), "true or false", {"type": "boolean"}
)
SEED = whole(0, 2**53)  # more is not exact in every editor
_SOME = whole(1, LIMITS["exchanges"])
EXCHANGES = Leaf(
    _exchanges,
    "two whole numbers [first, second], 1 <= first <= second <= "
    f"{LIMITS['exchanges']}",
    {"type": "array", "items": _SOME.schema, "minItems": 2, "maxItems": 2},
)
KINDS = Leaf(
    _kinds,
    "two kinds of answer, such as [loyal, mutinous]",
    {"type": "array", "items": LINE.schema, "minItems": 2, "maxItems": 2}
    | {"uniqueItems": True},
)
LINES = Many(LINE, LIMITS["wordings"])
LABELS = Many(LABEL, LIMITS["names"])
BY_KIND = Each(LINES, 10)  # of which two are right; see worldfile.py
TABLE = Each(SHARE, 2 * LIMITS["domains"])  # domains and groups
MIXTURE = Each(SHARE, LIMITS["personas"])

PERSONA = {
    "about": TEXT,
    "prior": SHARE,
    "complies": SHARE,
    "propensity": TABLE,
}
# Who somebody is: one persona, more or less surely, or a mixture of them.
WHO = {"persona": LINE, "certainty": SHARE, "mixture": MIXTURE}
DRAWN = {
    "random": {
        "count": whole(1, LIMITS["personas"]),
        "seed": SEED,
        "values": Many(SHARE, LIMITS["wordings"]),
    }
}
WORLD = {
    "name": LINE,
    "title": LINE,
    "about": TEXT,
    "user": LABEL,
    "documents": {"scene": SHARE, "sheet": SHARE, "narrated": SHARE},
    "wordings": whole(1, LIMITS["wordings"]),
    "scene": {"exchanges": EXCHANGES},
    "complies": SHARE,
    "tied": BOOL,
    "absent": LABELS,
    "scattered": SEED,
    "groups": Each(KINDS, LIMITS["domains"]),
    "prefixes": {
        "share": {"none": SHARE, "request": SHARE, "irrelevant": SHARE},
        "irrelevant": LINES,
        "requests": Each(BY_KIND, LIMITS["domains"]),
    },
    "domains": Each(
        {
            "group": LINE,
            "about": TEXT,
            "kinds": KINDS,
            "questions": LINES,
            "answers": BY_KIND,
            "sheets": BY_KIND,
        },
        LIMITS["domains"],
    ),
    "personas": Each(PERSONA, LIMITS["personas"]),
    "cast": Many(
        {
            **WHO,
            "names": LABELS,
            "share": OFTEN,
            "sheets": {
                **WHO,
                "share": SHARE,
                "source": LINE,
                "topics": Many(LINE, LIMITS["domains"]),
            },
        },
        LIMITS["names"],
    ),
    "sheets": {"reworded": SHARE, "sources": Each(LINE, LIMITS["names"])},
    "narration": {
        "moved": SHARE,
        "reveal": SHARE,
        "names": LABELS,
        **dict.fromkeys(
            [
                "objects",
                "places",
                "hidden",
                "stays",
                "leaves",
                "moves",
                "looks",
                "questions",
                "answers",
                "reveals",
            ],
            LINES,
        ),
    },
}

BAD = object()  # stands for what does not fit


def check(data: dict, problems: Problems) -> dict:
    """What fits the format, and a complaint of all else.

    In a list, what does not fit leaves a hole (None, or an empty entry), so
    that the others keep their places.
    """
    shape = dict(WORLD)
    personas = data.get("personas")
    if isinstance(personas, dict) and "random" in personas:
        shape["personas"] = DRAWN
    return _fitting(data, shape, "", problems)


def _fitting(
    value: object, shape: object, key: str, problems: Problems
) -> object:
    if isinstance(shape, Leaf):
        if shape.fits(value):
            return value
        problems.lose(key, shown(value), shape.expected)
        return BAD
    if isinstance(shape, Many):
        if not isinstance(value, list | tuple):
            problems.lose(key, shown(value), "a list")
            return BAD
        if _too_many(value, shape.most, key, problems):
            return BAD
        hole = {} if isinstance(shape.value, dict) else None
        found = [
            _fitting(item, shape.value, f"{key}[{i}]", problems)
            for i, item in enumerate(value)
        ]
        return [hole if item is BAD else item for item in found]
    if not isinstance(value, dict):
        problems.lose(key, shown(value), "a mapping of keys to values")
        return BAD
    if isinstance(shape, Each) and _too_many(value, shape.most, key, problems):
        return BAD
    out = {}
    for name, item in value.items():
        where = f"{key}.{name}" if key else f"{name}"
        if not _line(name):
            problems.lose(where, f"{shown(name)} as a key", LINE.expected)
            continue
        if isinstance(shape, dict) and name not in shape:
            near = difflib.get_close_matches(name, shape, 1)
            hint = f" ({near[0]}?)" if near else ""
            known = f"one of {', '.join(shape)}{hint}"
            problems.add(where, "unknown key", known)
            if near and near[0] not in value:  # is meant, so not missing
                problems.forget(f"{key}.{near[0]}" if key else near[0])
            continue
        inner = shape.value if isinstance(shape, Each) else shape[name]
        found = _fitting(item, inner, where, problems)
        if found is not BAD:
            out[name] = found
    return out


def _too_many(
    value: list | dict, most: int, key: str, problems: Problems
) -> bool:
    if len(value) > most:
        problems.lose(key, f"has {len(value):,}", f"at most {most:,}")
    return len(value) > most


def lines(value: list | None) -> tuple[str, ...]:
    """The lines of a list that fitted."""
    return tuple(x for x in value or () if x is not None)


def sums_to_one(shares: dict, key: str, problems: Problems) -> None:
    """Complain if probabilities do not sum to one."""
    total = sum(shares.values())
    if abs(total - 1) > 1e-6:
        problems.total(key, f"probabilities sum to {total:g}", "a sum of 1")


def unknown(
    key: str, persona: object, index: dict, problems: Problems
) -> None:
    """Complain about a persona that the world does not have."""
    if problems.hurt("personas") and not index:
        return
    known = ", ".join(index)
    near = difflib.get_close_matches(str(persona), index, 1)
    hint = f" ({near[0]}?)" if near else ""
    what = "missing" if persona is None else f"unknown persona {persona!r}"
    problems.add(key, what, f"one of {known}{hint}")


def fills(text: str, words: tuple[str, ...]) -> bool:
    """True if a wording has no braces but those of ``words``, bare.

    ``{name.upper}``, ``{name!r}``, ``{name:9}`` and ``{}`` are none of them.
    """
    try:
        fields = [rest for _, *rest in Formatter().parse(text)]
    except ValueError:
        return False
    bare = [[None, None, None], *([w, "", None] for w in words)]
    doubled = "{{" in text or "}}" in text
    return not doubled and all(f in bare for f in fields)


def marks(text: str) -> str:
    """The first of the tokenizer's own marks in a line, or ''."""
    return next((mark for mark in SPECIAL if mark in text), "")


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
