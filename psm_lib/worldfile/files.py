"""Read a world's YAML: the whole mapping, and on which line each key stands.

A file is refused with its line when it is no YAML, or YAML that means
something else than it looks like: a key twice, a list as a key, a number of
a thousand digits, a shorthand that unfolds to a million values.
"""

from __future__ import annotations

import hashlib
import json
import math
import unicodedata
from copy import deepcopy
from functools import lru_cache
from pathlib import Path

import yaml

from .shape import (
    LIMITS,
    WORLDS,
    Problems,
    WorldError,
    check,
    over,
    shown,
)

YAML = (".yml", ".yaml")
Place = tuple[str, int]  # a file, and a line from 1, or 0 for a mapping's


class Reader(yaml.SafeLoader):
    """Reads YAML, and refuses a key that is a list or stands twice.

    Plain YAML readers keep the last one silently: a persona would vanish.
    """

    def construct_mapping(self, node, deep=False):
        if not isinstance(node, yaml.MappingNode):
            return super().construct_mapping(node, deep)
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                _refuse("a list or mapping as a key; expected text", key)
            if key.value in seen:
                what = f"{key.value!r} stands twice; expected every key once"
                _refuse(what, key)
            seen.add(key.value)
        return super().construct_mapping(node, deep)

    def construct_scalar(self, node):
        value = super().construct_scalar(node)
        for letter in value:  # which "\\ud800" in quotes can stand for
            if unicodedata.category(letter) in ("Cs", "Cc", "Co", "Cn") and (
                letter not in "\n\t"
            ):
                what = f"the character U+{ord(letter):04X}; expected text"
                _refuse(what, node)
        return value

    def construct_object(self, node, deep=False):
        try:
            return super().construct_object(node, deep)
        except (ValueError, OverflowError) as error:
            # Python's own complaint: a 13th month, five thousand digits.
            what = str(error).split(" for integer string")[0]
            _refuse(f"{what}; expected a value that can be read", node)


def _refuse(what: str, node: yaml.Node) -> None:
    raise yaml.constructor.ConstructorError(None, None, what, node.start_mark)


def list_worlds() -> list[str]:
    """Names of the worlds that come with the book."""
    return sorted(p.stem for p in WORLDS.glob("*.yml"))


def read(
    source: str | Path | dict, above: tuple[str, ...] = ()
) -> tuple[dict, str]:
    """The whole mapping, ``extends`` resolved, and the file's name.

    ``above`` are the files that extend this one, to notice a circle. Raises
    WorldError and FileNotFoundError.
    """
    data, file = _own(source)
    if "extends" not in data:
        return data, file
    base = _base(data["extends"], source, file)
    if base in above:
        raise WorldError(f"{file}: extends itself; expected another world")
    try:
        below, _ = read(base, (*above, base))
    except FileNotFoundError as error:
        raise WorldError(f"{file}: extends: {error}") from None
    own = {k: v for k, v in data.items() if k != "extends"}
    return _merge(below, own), file


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


def places(source: str | Path | dict) -> dict[str, Place]:
    """Where every key of a world stands that ``read`` has read.

    Keys as in complaints: ``cast[0].names``.
    """
    data, file = _own(source)
    if isinstance(source, dict):
        own = dict.fromkeys(_paths(data), ("<mapping>", 0))
    else:
        root = yaml.compose(_text(_path(source)), Reader)
        lines: dict[str, int] = {}
        _lines(root, "", lines)
        own = {key: (file, line) for key, line in lines.items()}
    if "extends" not in data:
        return own
    whole = {k for k, v in _paths(data).items() if not isinstance(v, dict)}
    below = places(_base(data["extends"], source, file))
    kept = {k: v for k, v in below.items() if not whole & {k, *over(k)}}
    return kept | own


def _paths(value: object, key: str = "") -> dict[str, object]:
    """Everything in nested mappings and lists, by its key."""
    out = {key: value} if key else {}
    if isinstance(value, dict):
        for name, item in value.items():
            out |= _paths(item, f"{key}.{name}" if key else f"{name}")
    elif isinstance(value, list):
        for i, item in enumerate(value):
            out |= _paths(item, f"{key}[{i}]")
    return out


def _lines(node: yaml.Node, key: str, out: dict[str, int]) -> None:
    if isinstance(node, yaml.MappingNode):
        for name, item in node.value:
            where = f"{key}.{name.value}" if key else f"{name.value}"
            out[where] = name.start_mark.line + 1
            _lines(item, where, out)
    elif isinstance(node, yaml.SequenceNode):
        for i, item in enumerate(node.value):
            where = f"{key}[{i}]"
            out[where] = item.start_mark.line + 1
            _lines(item, where, out)


def _path(source: str | Path) -> Path:
    """The file of a shipped world's name, or the given path."""
    path = Path(source)
    if path.suffix not in YAML:
        path = WORLDS / f"{source}.yml"
    if not path.exists():
        known = ", ".join(list_worlds())
        raise FileNotFoundError(
            f"no world {str(source)!r}; expected a path to a .yml file "
            f"or one of: {known}"
        )
    return path


def _own(source: str | Path | dict) -> tuple[dict, str]:
    """What a source itself says, and the file's name."""
    if isinstance(source, dict):
        return source, "<mapping>"
    path = _path(source)
    data = deepcopy(parsed(_text(path), path.name))
    if not isinstance(data, dict):
        what = "is empty" if data is None else "is no mapping"
        raise WorldError(
            f"{path.name}: {what}; expected a mapping of keys to values"
        )
    return data, path.name


def _base(base: object, source: str | Path | dict, file: str) -> str:
    """The world that a file extends, as ``read`` takes it."""
    if not isinstance(base, str):
        raise WorldError(
            f"{file}: extends: {shown(base)}; expected the name or the file "
            "of another world"
        )
    if not isinstance(source, dict) and base.endswith(YAML):
        return str((_path(source).parent / base).resolve())
    return base


def _text(path: Path) -> str:
    """A file's text, with accents as parts of their letters."""
    if not path.is_file():
        raise WorldError(f"{path.name}: is no file; expected a file of text")
    most = LIMITS["bytes"]
    if (size := path.stat().st_size) > most:
        raise WorldError(
            f"{path.name}: has {size:,} bytes; expected at most {most:,}"
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise WorldError(
            f"{path.name}: byte {error.start} is no text in UTF-8; expected "
            "a file that was saved as UTF-8"
        ) from None
    return unicodedata.normalize("NFC", text)


@lru_cache
def parsed(text: str, file: str) -> object:
    """A file's text as data, which nobody may change: it is remembered, since
    parsing takes half a second and some readings of results load a world a
    hundred times. Raises WorldError that begins with the file and the line."""
    expected = "see the line, and mind quotes and blanks (no tabs)"
    reader = None
    try:
        reader = Reader(text)
        node = reader.get_single_node()
        _measure(node)
        return None if node is None else reader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark else ""
        what = error.problem or error.context or "not understood"
        if "expected" not in what:
            what = f"{what}; expected YAML: {expected}"
        raise WorldError(f"{file}{line}: not valid YAML: {what}") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, max(error.position, 0)) + 1
        raise WorldError(
            f"{file}:{line}: not valid YAML: the character "
            f"U+{error.character:04X}; expected text"
        ) from None
    except RecursionError:
        raise WorldError(
            f"{file}: is nested too deeply; expected lists in mappings in a "
            "few levels"
        ) from None
    finally:
        if reader is not None:
            reader.dispose()


def _measure(root: yaml.Node | None) -> None:
    """Refuse YAML whose anchors unfold without measure, or for ever."""
    sizes: dict[int, float] = {}

    def size(node: yaml.Node) -> float:
        if id(node) not in sizes:
            sizes[id(node)] = math.inf  # for whoever meets itself within
            parts = node.value if not isinstance(node.value, str) else ()
            below = (
                size(p)
                for part in parts
                for p in (part if isinstance(part, tuple) else (part,))
            )
            sizes[id(node)] = 1 + sum(below)
        return sizes[id(node)]

    most = LIMITS["values"]
    if root is not None and size(root) > most:
        _refuse(
            f"more than {most:,} values once anchors are unfolded; expected "
            "fewer",
            root,
        )


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
