"""The format of world files, and a complaint of all that does not fit.

``world.schema.json`` says which keys there are, what each one holds and, as
``errorMessage``, what is expected there. Editors check with it while one
writes. Here the package ``jsonschema`` does, before anything is computed: a
misspelt key, or a number where a sentence belongs, never ends in a traceback.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError, validators

from .problems import Problems, among, meant, shown

WORLDS = Path(__file__).parents[1] / "worlds"
FILE = WORLDS / "world.schema.json"
SCHEMA = json.loads(FILE.read_text("utf-8"))
KEYS, PARTS = SCHEMA["properties"], SCHEMA["$defs"]
# How large a world may be. The page *The worlds* gives the reasons.
LIMITS = {
    "bytes": 500_000,
    "values": 100_000,
    "letters": PARTS["line"]["maxLength"],
    "wordings": PARTS["lines"]["maxItems"],
    "domains": KEYS["domains"]["maxProperties"],
    "personas": PARTS["personas"]["maxProperties"],
    "names": PARTS["labels"]["maxItems"],
    "exchanges": KEYS["scene"]["properties"]["exchanges"]["items"]["maximum"],
    "tokens": 512,
}
SORTS = {"array": "a list", "object": "a mapping of keys to values"}
EXACT = 2**53  # larger whole numbers are not exact in every editor


def _number(checker: object, value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= EXACT  # which not-a-number is not


def _type(
    validator: Draft202012Validator, types: list, value: object, schema: dict
) -> Iterator[ValidationError]:
    """As it was, without a message, for which a number can be too long."""
    types = [types] if isinstance(types, str) else types
    if not any(validator.is_type(value, name) for name in types):
        yield ValidationError("")


CHECKER = Draft202012Validator.TYPE_CHECKER.redefine_many(
    {
        "number": _number,
        "integer": lambda c, v: type(v) is int and _number(c, v),
        "array": lambda c, v: isinstance(v, list | tuple),
        # Nothing is right only where it takes away what is extended.
        "null": lambda c, v: False,
    }
)
VALIDATOR = validators.extend(
    Draft202012Validator, {"type": _type}, type_checker=CHECKER
)(SCHEMA)


def check(data: dict, problems: Problems) -> dict:
    """What fits the format, and a complaint of all else.

    In a list, what does not fit leaves a hole (None, or an empty entry), so
    that the others keep their places.
    """
    errors = _errors(pickle.dumps(data))
    lost: set[tuple] = set()
    for error in sorted(errors, key=lambda e: len(e.absolute_path)):
        path, value = tuple(error.absolute_path), error.instance
        if error.validator != "additionalProperties":
            if "propertyNames" in error.schema_path:  # value is a key
                path = (*path, value)
            if path not in lost:
                problems.lose(_key(data, path), *_said(error))
                lost.add(path)
            continue
        known = error.schema["properties"]
        for name in (name for name in value if name not in known):
            where = _key(data, (*path, name))
            problems.add(where, "unknown key", among(name, known))
            near = meant(name, known)
            if near and near not in value:  # so it is not missing
                problems.forget(_key(data, (*path, near)))
            lost.add((*path, name))
    return _without(lost, data) if lost else data


@lru_cache
def _errors(data: bytes) -> list[ValidationError]:
    """What jsonschema says of pickled data. That takes a twentieth of a
    second, and some readings of results load a world a hundred times."""
    return list(VALIDATOR.iter_errors(pickle.loads(data)))


def _said(error: ValidationError) -> tuple[str, str]:
    """What was found and what was expected, in the words of the book."""
    value, bound = error.instance, error.validator_value
    found = shown(value)
    if "propertyNames" in error.schema_path:
        found = f"{found} as a key"
    if "errorMessage" in error.schema:
        return found, error.schema["errorMessage"]
    if error.validator in ("maxItems", "maxProperties"):
        return f"has {len(value):,}", f"at most {bound:,}"
    if error.validator == "minItems":
        return f"has {len(value)}", f"at least {bound}"
    return found, SORTS[bound[0] if isinstance(bound, list) else bound]


def _key(data: Any, path: tuple) -> str:
    """``cast[0].names`` for ("cast", 0, "names")."""
    out = ""
    for step in path:
        out += f".{step}" if isinstance(data, dict) else f"[{step}]"
        known = not isinstance(data, dict) or step in data
        data = data[step] if known else None
    return out.removeprefix(".")


def _without(lost: set[tuple], value: Any, path: tuple = ()) -> Any:
    """A copy of nested mappings and lists without what is lost."""
    if isinstance(value, dict):
        return {
            name: _without(lost, item, (*path, name))
            for name, item in value.items()
            if (*path, name) not in lost
        }
    if isinstance(value, list | tuple):
        hole: dict | None = {} if path == ("cast",) else None
        return [
            hole if (*path, i) in lost else _without(lost, item, (*path, i))
            for i, item in enumerate(value)
        ]
    return value


def lines(value: list | None) -> tuple[str, ...]:
    """The lines of a list that fitted."""
    return tuple(x for x in value or () if x is not None)
