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
from collections.abc import Iterator
from copy import deepcopy
from functools import lru_cache, reduce
from pathlib import Path
from typing import Any

import yaml

from .problems import Place, Problems, WorldError, over, shown
from .schema import LIMITS, WORLDS, check

YAML = (".yml", ".yaml")
Source = str | Path | dict  # a shipped world's name, a file, or a mapping


def list_worlds() -> list[str]:
    """Names of the worlds that come with the book."""
    return sorted(p.stem for p in WORLDS.glob("*.yml"))


def extending(source: str | Path) -> list[str | Path]:
    """The worlds that extend one, perhaps through others: of the book, by
    name, and files beside it. What cannot be read at all extends nothing."""
    below = _path(source).resolve()
    files = [p for p in sorted(below.parent.iterdir()) if p.suffix in YAML]
    beside = [p for p in files if p.parent != WORLDS.resolve()]
    others: list[str | Path] = [*list_worlds(), *beside]
    found = []
    for other in others:
        try:
            _, *above = _chain(other)
        except (WorldError, OSError):
            continue
        if any(path and path.resolve() == below for path, _, _ in above):
            found.append(other)
    return found


def read(source: Source) -> tuple[dict, str]:
    """The whole mapping, ``extends`` resolved, and the file's name.

    Raises WorldError and FileNotFoundError.
    """
    chain = _chain(source)
    _, data, file = chain[0]
    if len(chain) == 1:
        return data, file
    return reduce(_merge, (data for _, data, _ in reversed(chain))), file


def resolved(source: Source) -> dict:
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


def world_hash(source: Source) -> str:
    """sha256 of what a world says, whatever its file looks like.

    Comments, layout and ``extends`` do not count. The order of keys does:
    domains and personas are numbered, and drawn, in the order given.
    """
    text = json.dumps(resolved(source), separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def places(source: Source) -> dict[str, Place]:
    """Where every key of a world stands that ``read`` has read.

    Keys as in complaints: ``cast[0].names``.
    """
    found: dict[str, Place] = {}
    for path, data, file in reversed(_chain(source)):
        root = data if path is None else yaml.compose(_text(path), Reader)
        own = list(_walk(root))
        mappings = dict | yaml.MappingNode  # others replace what is extended
        whole = {key for key, _, x in own if not isinstance(x, mappings)}
        found = {
            key: place
            for key, place in found.items()
            if whole.isdisjoint([key, *over(key)])
        }
        found |= {key: (file, line) for key, line, _ in own}
    return found


def _walk(value: object, key: str = "") -> Iterator[tuple[str, int, object]]:
    """Everything in YAML's nodes, or in nested mappings and lists, by its
    key, with the line where that stands, or 0."""
    if isinstance(value, yaml.MappingNode):
        steps = [(f".{name.value}", name, x) for name, x in value.value]
    elif isinstance(value, yaml.SequenceNode):
        steps = [(f"[{i}]", x, x) for i, x in enumerate(value.value)]
    elif isinstance(value, dict):
        steps = [(f".{name}", None, x) for name, x in value.items()]
    elif isinstance(value, list):
        steps = [(f"[{i}]", None, x) for i, x in enumerate(value)]
    else:
        return
    for step, node, item in steps:
        where = f"{key}{step}".removeprefix(".")
        yield where, node.start_mark.line + 1 if node else 0, item
        yield from _walk(item, where)


def _chain(source: Source) -> list[tuple[Path | None, dict, str]]:
    """What a source itself says, then what it extends, and so on: each the
    path (None: a mapping), what it says, and the file's name."""
    chain, above = [], set()
    data: Any
    while True:
        if isinstance(source, dict):
            path, file = None, "<mapping>"
            data = source
        else:
            path = _path(source)
            data, file = deepcopy(parsed(_text(path), path.name)), path.name
        if not isinstance(data, dict):
            what = "is empty" if data is None else "is no mapping"
            raise _refused(file, what, "a mapping of keys to values")
        own = {key: value for key, value in data.items() if key != "extends"}
        chain.append((path, own, file))
        if "extends" not in data:
            return chain
        source = data["extends"]
        if not isinstance(source, str):
            expected = "the name or the file of another world"
            raise _refused(file, f"extends: {shown(source)}", expected)
        if path and source.endswith(YAML):
            source = path.parent / source
        try:
            below = _path(source).resolve()
        except FileNotFoundError as error:
            raise WorldError(f"{file}: extends: {error}") from None
        if below in above:
            raise _refused(file, "extends itself", "another world")
        above.add(below)


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


# Text -----------------------------------------------------------------------


def _refused(where: str, what: str, expected: str) -> WorldError:
    return WorldError(f"{where}: {what}; expected {expected}")


def _text(path: Path) -> str:
    """A file's text, with accents as parts of their letters."""
    if not path.is_file():
        raise _refused(path.name, "is no file", "a file of text")
    size, most = path.stat().st_size, LIMITS["bytes"]
    if size > most:
        raise _refused(path.name, f"has {size:,} bytes", f"at most {most:,}")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"byte {error.start} is no text in UTF-8"
        expected = "a file that was saved as UTF-8"
        raise _refused(path.name, what, expected) from None
    return unicodedata.normalize("NFC", text)


@lru_cache
def parsed(text: str, file: str) -> Any:
    """A file's text as data, which nobody may change: it is remembered, since
    parsing takes half a second and some readings of results load a world a
    hundred times. Raises WorldError that begins with the file and the line."""
    try:
        reader = Reader(text)
        node = reader.get_single_node()
        if node is None:
            return None
        most = LIMITS["values"]
        if _size(node, {}) > most:
            what = f"more than {most:,} values once anchors are unfolded"
            raise _at(node, f"{what}; expected fewer")
        return reader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark else ""
        what = error.problem or error.context or "not understood"
        if "expected" not in what:
            expected = "see the line, and mind quotes and blanks (no tabs)"
            what = f"{what}; expected YAML: {expected}"
        raise WorldError(f"{file}{line}: not valid YAML: {what}") from None
    except yaml.reader.ReaderError as error:
        number = text.count("\n", 0, max(error.position, 0)) + 1
        what = f"not valid YAML: the character U+{error.character:04X}"
        raise _refused(f"{file}:{number}", what, "text") from None
    except RecursionError:
        expected = "lists in mappings in a few levels"
        raise _refused(file, "is nested too deeply", expected) from None


def _size(node: yaml.Node, sizes: dict[yaml.Node, float]) -> float:
    """How many values a node is once anchors are unfolded, without end in a
    circle. ``sizes`` are those known already."""
    if node not in sizes:
        sizes[node] = math.inf  # for whoever meets itself within
        parts = [] if isinstance(node, yaml.ScalarNode) else node.value
        if isinstance(node, yaml.MappingNode):
            parts = [part for pair in parts for part in pair]
        sizes[node] = 1 + sum(_size(part, sizes) for part in parts)
    return sizes[node]


def _at(node: yaml.Node, what: str) -> yaml.MarkedYAMLError:
    return yaml.constructor.ConstructorError(
        problem=what, problem_mark=node.start_mark
    )


class Reader(yaml.SafeLoader):
    """Reads YAML, and refuses a key that is a list or stands twice.

    Plain YAML readers keep the last one silently: a persona would vanish.
    """

    def construct_mapping(self, node, deep=False):
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        seen = set()
        for key, _ in pairs:
            if not isinstance(key, yaml.ScalarNode):
                raise _at(key, "a list or mapping as a key; expected text")
            if key.value in seen:
                what = f"{key.value!r} stands twice; expected every key once"
                raise _at(key, what)
            seen.add(key.value)
        return super().construct_mapping(node, deep)

    def construct_scalar(self, node):
        value = super().construct_scalar(node)
        for letter in value:  # which "\\ud800" in quotes can stand for
            bad = unicodedata.category(letter) in ("Cs", "Cc", "Co", "Cn")
            if bad and letter not in "\n\t":
                what = f"the character U+{ord(letter):04X}; expected text"
                raise _at(node, what)
        return value

    def construct_object(self, node, deep=False):
        try:
            return super().construct_object(node, deep)
        except (ValueError, OverflowError) as error:
            # Python's own complaint: a 13th month, five thousand digits.
            what = str(error).split(" for integer string")[0]
            what = f"{what}; expected a value that can be read"
            raise _at(node, what) from None
