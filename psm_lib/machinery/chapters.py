"""Where the chapters are, and what each brings along.

Nothing here or elsewhere lists them: a chapter is a folder of
``psm_lib.chapters``, in a checkout ``book/chNN_name``.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

# By its name only: no arrow goes from the core to a chapter.
package: ModuleType = import_module("psm_lib.chapters")


def chapters() -> list[str]:
    """Names of the chapters' folders, in the order of the book."""
    found = pkgutil.iter_modules(package.__path__)
    return sorted(m.name for m in found if m.ispkg)


def folder(chapter: str) -> Path:
    """Where a chapter's code, claims and results lie."""
    places = (Path(place) / chapter for place in package.__path__)
    return next(place for place in places if place.is_dir())


def modules(name: str) -> Iterator[ModuleType]:
    """The module of this name of every chapter that has one."""
    for chapter in chapters():
        if (folder(chapter) / f"{name}.py").exists():
            yield import_module(f"{package.__name__}.{chapter}.{name}")


def gathered(
    name: str,
    table: str,
    own: Mapping | None = None,
    of: Callable[[Any], dict] = dict,
) -> dict:
    """A table of the core's ``own``, and what every chapter's module of some
    name has under the same name, as ``of`` takes it.

    Raises ValueError where something is listed twice.
    """
    found = {**(own or {})}
    for module in modules(name):
        more = of(getattr(module, table, {}))
        if both := found.keys() & more.keys():
            raise ValueError(
                f"{module.__name__}: {min(both)} is listed elsewhere, too"
            )
        found |= more
    return found


def files(pattern: str) -> list[Path]:
    """All chapters' files of a name or a pattern, in the book's order."""
    return [p for c in chapters() for p in sorted(folder(c).glob(pattern))]


def library() -> dict[str, Path]:
    """Every file of the library by its name in the wheel, the chapters' own
    included and the pages beside them left out."""
    root = Path(__file__).parents[1]
    found = {f"psm_lib/{p.relative_to(root).as_posix()}": p for p in _in(root)}
    start = f"{package.__name__.replace('.', '/')}/"
    found[f"{start}__init__.py"] = Path(package.__file__ or "")
    for chapter in chapters():
        place = folder(chapter)
        for p in _in(place):
            found[f"{start}{chapter}/{p.relative_to(place).as_posix()}"] = p
    return dict(sorted(found.items()))


def _in(place: Path) -> list[Path]:
    """What is of use in a folder."""
    return [
        p
        for p in place.rglob("*")
        if p.is_file()
        and "__pycache__" not in p.parts
        and not any(part.startswith(".") for part in p.parts[-2:])
    ]
