"""Which part of the library may import which.

The core knows no chapter, a chapter knows only the core, pages know both, and
what grades stands behind them all. Only the command line may ask anybody.
Machinery lies in three storeys, which its docstring names.
"""

import ast
import re

import pytest

from psm_lib import machinery
from psm_lib.machinery.chapters import library

FREE = ("checks", "grading")  # as far as this goes
COMMANDS = "psm_lib.machinery.commands"
STOREYS = ("Under", "Between", "Over")  # how the paragraphs begin
SHUT = {"web": {"checks", "grading"}}  # and for all others with the web, too


def imported(module: str, text: str) -> set[str]:
    """Full names of all that a module imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".")[: -node.level] if node.level else []
            start = ".".join([*above, *filter(None, [node.module])])
            found |= {f"{start}.{a.name}" for a in node.names}
    return found


def wrong(module: str, text: str) -> list[str]:
    """What a module, by its full name, imports and should not."""
    _, part, *inside = module.split(".")
    own = inside[0] if part == "chapters" else ""
    if part in FREE or module == COMMANDS:
        return []
    shut = SHUT.get(part, {"web", "checks", "grading"})
    found = []
    for name in sorted(imported(module, text)):
        top, to, *rest = [*name.split("."), ""]
        if top != "psm_lib":
            continue
        chapter = rest[0] if to == "chapters" and part != "web" else ""
        if to in shut or chapter not in ("", own):
            found.append(name)
    return found


FILES = {
    name.removesuffix(".py").replace("/", "."): file
    for name, file in library().items()
    if name.endswith(".py")
}


def storeys() -> dict[str, set[str]]:
    """The modules that each paragraph of the machinery's docstring names."""
    _, *parts = (machinery.__doc__ or "").split("\n\n")
    found = {
        p.split()[0].strip(","): re.findall(r"\(``(\w+)``", p) for p in parts
    }
    return {storey: set(names) for storey, names in found.items()}


def above(module: str, text: str) -> list[str]:
    """What a module of the core or the machinery imports from over it."""
    _, part, *inside = module.split(".")
    if part in (*FREE, "chapters", "web", "__main__", "__init__"):
        return []
    floor = storeys()
    mine = inside[0] if part == "machinery" else ""
    if mine in floor["Over"]:
        return []
    found = []
    for name in sorted(imported(module, text)):
        top, to, *rest = [*name.split("."), "", ""]
        if top != "psm_lib":
            continue
        high = to == "machinery" and rest[0] in floor["Over"]
        low = to == "machinery" and rest[0] in floor["Under"]
        if high or (mine in floor["Under"] and not low):
            found.append(name)
    return found


def test_everybody_imports_what_is_below():
    found = {m: wrong(m, f.read_text("utf-8")) for m, f in FILES.items()}
    assert {m: names for m, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "module, line",
    [
        ("oracle", "import psm_lib.web.widgets"),
        ("oracle", "from .chapters.ch04_cheat import experiment"),
        ("oracle", "from .chapters import ch04_cheat"),
        ("machinery.runs", "from .. import checks"),
        ("results.__init__", "from ..grading.grade import grade"),
        ("worldfile.files", "def late():\n    from psm_lib import web"),
        ("chapters.ch05_play.pages", "from psm_lib.web import adapters"),
        ("chapters.ch05_play.pages", "from ..ch04_cheat import experiment"),
        ("web.live.frame", "from psm_lib.checks import a1"),
    ],
)
def test_one_that_should_not_be_is_noticed(module, line):
    assert wrong(f"psm_lib.{module}", f"import ast\n{line}\n")


@pytest.mark.parametrize(
    "module, line",
    [
        ("results.__init__", "from .. import chapters as package"),
        ("machinery.bench", "from .chapters import library"),
        ("chapters.ch05_play.pages", "from .experiment import cheats"),
        ("chapters.ch05_play.pages", "from psm_lib.oracle import lesson"),
        ("web.studio", "from psm_lib.chapters.ch07_robots import retold"),
        ("grading.grade", "from psm_lib.checks import a1"),
        ("machinery.commands", "from ..chapters.ch04_cheat import sweep"),
    ],
)
def test_others_are_not(module, line):
    assert wrong(f"psm_lib.{module}", line) == []


def test_the_machinery_says_where_it_lies():
    floors = storeys()
    assert tuple(floors) == STOREYS
    told = [name for names in floors.values() for name in names]
    there = {m.split(".")[2] for m in FILES if ".machinery." in m}
    assert sorted(told) == sorted(there - {"__init__"})


def test_nothing_imports_what_lies_over_it():
    found = {m: above(m, f.read_text("utf-8")) for m, f in FILES.items()}
    assert {m: names for m, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "module, line",
    [
        ("oracle", "from .machinery import commands"),
        ("results.__init__", "from ..machinery.sweeps import sweep"),
        ("machinery.disk", "from .. import models"),
        ("machinery.team", "def late():\n    from .store import probe"),
        ("machinery.store", "from .bench import seconds"),
    ],
)
def test_an_arrow_upwards_is_noticed(module, line):
    assert above(f"psm_lib.{module}", line)


@pytest.mark.parametrize(
    "module, line",
    [
        ("results.__init__", "from ..machinery.store import read_record"),
        ("machinery.states", "from .disk import saving"),
        ("machinery.store", "from ..models import LINE_TOKENS"),
        ("machinery.commands", "from .bench import table"),
    ],
)
def test_an_arrow_downwards_is_none(module, line):
    assert above(f"psm_lib.{module}", line) == []
