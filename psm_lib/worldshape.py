"""Read a world file and check its shape: which keys, and what each one holds.

``WORLD`` is the format as data. ``check`` compares a file with it before
anything is computed, so that a misspelt key, or a number where a sentence
belongs, is explained and never ends in a traceback.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

WORLDS = Path(__file__).parent / "worlds"
YAML = (".yml", ".yaml")
GROUPS = {
    "moral": ("good", "bad"),
    "self": ("human", "machine"),
    "style": ("formal", "casual"),
    "taste": ("dislikes", "likes"),
}


class WorldError(ValueError):
    """A world file that cannot be used; the message lists every reason."""


class Problems:
    """Collects complaints of the form ``file: key: what; expected ...``."""

    def __init__(self, file: str):
        self.file = file
        self.found: list[str] = []

    def add(self, key: str, what: str, expected: str) -> None:
        self.found.append(f"{self.file}: {key}: {what}; expected {expected}")

    def stop(self) -> None:
        """Raises WorldError with all that was found, if anything was."""
        if self.found:
            n = len(self.found)
            head = f"{n} problem{'s' if n > 1 else ''} in {self.file}:"
            raise WorldError("\n  ".join([head, *self.found]))


@dataclass(frozen=True)
class Leaf:
    """A single value: whether it will do, and in words what would."""

    fits: Callable[[object], bool]
    expected: str


@dataclass(frozen=True)
class Each:
    """A mapping whose keys the author of the file chooses."""

    value: object


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _whole(value: object, least: int) -> bool:
    return _number(value) and isinstance(value, int) and value >= least


def _line(value: object) -> bool:
    text = isinstance(value, str) and value != "" and value == value.strip()
    return text and len(value.splitlines()) == 1


def _pair(value: object) -> bool:
    two = isinstance(value, list | tuple) and len(value) == 2
    return two and all(_whole(v, 1) for v in value) and value[0] <= value[1]


TEXT = Leaf(lambda v: isinstance(v, str) and v.strip() != "", "some text")
# YAML reads a bare Yes, No, On or 7 as something else than text.
LINE = Leaf(_line, "one line of text, in quotes if need be")
LINES = [LINE]
SHARE = Leaf(
    lambda v: _number(v) and 0 <= v <= 1, "a probability between 0 and 1"
)
OFTEN = Leaf(
    lambda v: v == "prior" or SHARE.fits(v),
    "a probability between 0 and 1, or the word prior",
)
BY_KIND = Each(LINES)

PERSONA = {
    "about": TEXT,
    "prior": SHARE,
    "complies": SHARE,
    "propensity": Each(SHARE),
}
# Who somebody is: one persona, more or less surely, or a mixture of them.
WHO = {"persona": LINE, "certainty": SHARE, "mixture": Each(SHARE)}
DRAWN = {
    "random": {
        "count": Leaf(lambda v: _whole(v, 1), "a whole number from 1"),
        "seed": Leaf(lambda v: _whole(v, 0), "a whole number from 0"),
        "values": [SHARE],
    }
}
WORLD = {
    "name": LINE,
    "title": LINE,
    "about": TEXT,
    "user": LINE,
    "documents": Each(SHARE),
    "wordings": Leaf(lambda v: _whole(v, 1), "a whole number from 1"),
    "scene": {
        "exchanges": Leaf(
            _pair, "two whole numbers [first, second], 1 <= first <= second"
        )
    },
    "complies": SHARE,
    "tied": Leaf(lambda v: isinstance(v, bool), "true or false"),
    "absent": LINES,
    "scattered": Leaf(lambda v: type(v) is int and v >= 0, "a whole number"),
    "prefixes": {
        "share": {"none": SHARE, "request": SHARE, "irrelevant": SHARE},
        "irrelevant": LINES,
        "requests": {g: dict.fromkeys(k, LINES) for g, k in GROUPS.items()},
    },
    "domains": Each(
        {
            "group": LINE,
            "about": TEXT,
            "kinds": LINES,
            "questions": LINES,
            "answers": BY_KIND,
            "sheets": BY_KIND,
        }
    ),
    "personas": Each(PERSONA),
    "cast": [
        {
            **WHO,
            "names": LINES,
            "share": OFTEN,
            "sheets": {
                **WHO,
                "share": SHARE,
                "source": LINE,
                "topics": LINES,
            },
        }
    ],
    "sheets": {"reworded": SHARE, "sources": Each(LINE)},
    "narration": {
        "moved": SHARE,
        "reveal": SHARE,
        **dict.fromkeys(
            [
                "names",
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


def check(data: dict, problems: Problems) -> None:
    """Complain about every key and value of a world file that cannot be."""
    shape = dict(WORLD)
    personas = data.get("personas")
    if isinstance(personas, dict) and "random" in personas:
        shape["personas"] = DRAWN
    _walk(data, shape, "", problems)


def _walk(value: object, shape: object, key: str, problems: Problems) -> None:
    if isinstance(shape, Leaf):
        if not shape.fits(value):
            problems.add(key, _shown(value), shape.expected)
    elif isinstance(shape, list):
        if not isinstance(value, list | tuple):
            problems.add(key, _shown(value), "a list")
            return
        for i, item in enumerate(value):
            _walk(item, shape[0], f"{key}[{i}]", problems)
    elif not isinstance(value, dict):
        problems.add(key, _shown(value), "a mapping of keys to values")
    else:
        for name, item in value.items():
            where = f"{key}.{name}" if key else f"{name}"
            if not _line(name):
                problems.add(where, f"{name!r} as a key", LINE.expected)
            elif isinstance(shape, Each):
                _walk(item, shape.value, where, problems)
            elif name in shape:
                _walk(item, shape[name], where, problems)
            else:
                known = f"one of {', '.join(shape)}"
                problems.add(where, "unknown key", known)


def sums_to_one(shares: dict, key: str, problems: Problems) -> None:
    """Complain if probabilities do not sum to one."""
    total = sum(shares.values())
    if abs(total - 1) > 1e-6:
        problems.add(key, f"probabilities sum to {total:g}", "a sum of 1")


def unknown(
    key: str, persona: object, index: dict, problems: Problems
) -> None:
    """Complain about a persona that the world does not have."""
    known = ", ".join(index)
    problems.add(key, f"unknown persona {persona!r}", f"one of {known}")


def fills(text: str, words: dict[str, str]) -> bool:
    """True if a wording has no braces but those that ``words`` fill."""
    try:
        text.format(**words)
    except (LookupError, ValueError, AttributeError, TypeError):
        return False
    return True


def _shown(value: object) -> str:
    """A value as it may stand in a message: whole, or its beginning."""
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


# Reading -------------------------------------------------------------------


class UniqueKeyLoader(yaml.SafeLoader):
    """Reads YAML, and refuses a key that a mapping has twice.

    Plain YAML readers keep the last one silently: a persona would vanish.
    """

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key.value!r} stands twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def list_worlds() -> list[str]:
    """Names of the worlds that come with the book."""
    return sorted(p.stem for p in WORLDS.glob("*.yml"))


def read(
    source: str | Path | dict, above: tuple[str, ...] = ()
) -> tuple[dict, str]:
    """The whole mapping, ``extends`` resolved, and the file's name.

    ``above`` are the files that extend this one, to notice a circle.
    """
    if isinstance(source, dict):
        data, file = source, "<mapping>"
    else:
        path = Path(source)
        if path.suffix not in YAML:
            path = WORLDS / f"{source}.yml"
        if not path.exists():
            known = ", ".join(list_worlds())
            raise FileNotFoundError(
                f"no world {str(source)!r}; expected a path to a .yml file "
                f"or one of: {known}"
            )
        file = path.name
        try:
            text = path.read_text(encoding="utf-8")
            data = deepcopy(_parsed(text))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise WorldError(f"{file}: not valid YAML: {error}") from None
    if not isinstance(data, dict):
        raise WorldError(f"{file}: expected a mapping of keys to values")
    if "extends" in data:
        base = data["extends"]
        expected = "expected the name or the file of another world"
        if not isinstance(base, str):
            raise WorldError(f"{file}: extends: {_shown(base)}; {expected}")
        if isinstance(source, str | Path) and base.endswith(YAML):
            base = str((path.parent / base).resolve())
        if base in above:
            raise WorldError(f"{file}: extends itself; {expected}")
        try:
            below, _ = read(base, (*above, base))
        except FileNotFoundError as error:
            raise WorldError(f"{file}: extends: {error}") from None
        own = {k: v for k, v in data.items() if k != "extends"}
        data = _merge(below, own)
    return data, file


def resolved(source: str | Path | dict) -> dict:
    """The whole mapping of a world, ``extends`` resolved, as plain data.

    A copy of lists, mappings, text and numbers, which ``load_world`` takes
    and JSON and YAML can hold. Raises as ``load_world`` does, but looks only
    at the shape.
    """
    data, file = read(source)
    problems = Problems(file)
    check(data, problems)
    problems.stop()
    return json.loads(json.dumps(data))


def world_hash(source: str | Path | dict) -> str:
    """sha256 of what a world says, whatever its file looks like.

    Comments, layout and ``extends`` do not count. The order of keys does:
    domains and personas are numbered, and drawn, in the order given.
    """
    text = json.dumps(resolved(source), separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


@lru_cache
def _parsed(text: str) -> object:
    """A file's text as data; remembered, since parsing takes half a second
    and some readings of results load a world a hundred times."""
    return yaml.load(text, UniqueKeyLoader)


def _merge(base: dict, own: dict) -> dict:
    """``own`` laid over ``base``; nested mappings are merged key by key.

    As in a JSON merge patch (RFC 7396) an empty value removes its key.
    """
    merged = dict(base)
    for key, value in own.items():
        if isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = _merge(merged[key], value)
        elif value is None and key in base:
            del merged[key]
        else:
            merged[key] = value
    return merged
