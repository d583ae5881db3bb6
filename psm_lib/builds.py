"""The checkpoints of the book, and what each is made from.

A chapter lists its own in its ``builds.py``; those of the playhouse, which
several chapters use, stand here. ``BUILDS`` has them all by name; what a
build is made from is worked out when it is asked for. Introduced in chapter 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np

from .machinery.chapters import gathered
from .models import Shape
from .training import Recipe
from .worldfile import list_worlds
from .worldfile.schema import LIMITS

MARKS = tuple(int(x) for x in np.geomspace(50_000, 11_500_000, 20))


@dataclass(frozen=True)
class Build:
    """One checkpoint: a world (name or mapping), a seed, a shape, a recipe.

    The world may also be the name of one of SOURCES. With a ``polish`` recipe
    the network goes on under it, from its weights as they are stored, with
    other text. ``keep`` leaves the weights at every mark in a hidden folder
    beside the checkpoint. One that is not ``shipped`` is made when it is
    needed: its chapter's results are measured again, or somebody asks for it.
    """

    world: str | dict
    seed: int
    shape: Shape
    recipe: Recipe
    about: str
    marks: tuple[int, ...] = MARKS
    polish: Recipe | None = None
    keep: bool = False
    shipped: bool = True


@dataclass(frozen=True)
class Source:
    """Text that is no world of ours: its title, its hash, and how to read it.

    ``reader()`` gives a tokenizer, ``text(seed)`` for chunks of documents,
    and ``evaluate_on(n)`` for an evaluation; see ``making.reading``.
    """

    title: str
    sha256: str
    reader: Callable[[], tuple]


class Later(MutableMapping[str, Any]):
    """A mapping whose values are made when they are first asked for.

    ``makers`` are functions without arguments. So a world file that is being
    changed, and may not do, stops nobody who asks for another world.
    """

    def __init__(self, makers: dict[str, Callable[[], object]]):
        self.makers = dict(makers)
        self.made: dict[str, object] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self.made:
            self.made[name] = self.makers[name]()
        return self.made[name]

    def __setitem__(self, name: str, value: object) -> None:
        self.makers[name] = lambda: value
        self.made[name] = value

    def __delitem__(self, name: str) -> None:
        del self.makers[name]
        self.made.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self.makers)

    def __len__(self) -> int:
        return len(self.makers)

    def __contains__(self, name: object) -> bool:
        return name in self.makers


class Collected(Later):
    """What the core has under a name, and what every chapter has under it in
    its ``builds.py``. Chapters are looked for at the first question: they
    import this module, too."""

    def __init__(self, name: str, own: dict[str, Callable[[], object]]):
        self.name, self.own = name, own
        self.made = {}

    @cached_property
    def makers(self) -> dict[str, Callable[[], object]]:  # type: ignore
        return gathered("builds", self.name, self.own, makers_of)


def makers_of(table: Mapping) -> dict[str, Callable[[], object]]:
    """How each value of a table is made, or got where it is made already."""
    if isinstance(table, Later):
        return table.makers
    return {name: partial(table.__getitem__, name) for name in table}


# Shapes and recipes ---------------------------------------------------------

PLAYHOUSES = {
    "playhouse": "chapters 1 and 3 to 5",
    "playhouse_untied": "chapter 3",
    "playhouse_plain": "chapter 4",
    "playhouse_scattered": "chapters 4 and 5",
    "playhouse_scattered_plain": "chapters 4 and 5",
    "playhouse_stranger": "chapter 3",
}
PLAYHOUSE = Recipe()
ROOM = Shape(width=96, context=LIMITS["tokens"])
SMALL = Shape(layers=2, width=64)
VILLAGE = Recipe(tokens=2_400_000, lr=0.004, muon_lr=0.01)
# The better recipe, which the book's own networks are older than. Scenes are
# staged many times, the words that tell who speaks count most, and the user's
# words come last. This is for networks by the dozen, in one process each.
STAGED = Recipe(
    tokens=10_000_000,
    lr=0.0018,
    muon_lr=0.003,
    stagings=64,
    opening=32.0,
    clip=10.0,
    close=0.35,
)
# What `psm_lib pretrain` takes: two processes, nine tenths of the persona
# information in less than MINUTES on two cores. One process makes twice as
# many steps, and shorter ones.
MINUTES = 4
SINGLE = replace(STAGED, tokens=5_000_000, lr=0.003, muon_lr=0.005)
QUICK = replace(SINGLE, lr=0.0042, muon_lr=0.007, workers=2)
# The recipe trains on few of the user's words, and leaves them a hundredth of
# a nat from their floor. A short end on all words halves that.
POLISH = Recipe(
    tokens=600_000,
    batch=2048,
    lr=0.0003,
    muon_lr=0.0005,
    warmup=0.05,
    frame=1.0,
)


def playhouse(variant: str, seed: int) -> Build:
    """A network of one of PLAYHOUSES."""
    about = PLAYHOUSES[variant]
    return Build(
        variant, seed, ROOM, PLAYHOUSE, about, polish=POLISH, keep=True
    )


def network(world: str, seed: int) -> Build:
    """One of a dozen: by the better recipe, in one process, not shipped."""
    return Build(world, seed, ROOM, STAGED, "one of a dozen", shipped=False)


BUILDS = Collected(
    "BUILDS",
    {
        f"{variant}-s{s}": partial(playhouse, variant, s)
        for s in range(3)
        for variant in PLAYHOUSES
    },
)
SOURCES = Collected("SOURCES", {})


def build_of(name: str) -> Build:
    """The build of a checkpoint's name: one of BUILDS, or one of a dozen,
    as ``playhouse-n3`` is, of any world of the book's.

    >>> build_of("playhouse-n3").seed
    3

    Raises KeyError for any other.
    """
    if name in BUILDS:
        return BUILDS[name]
    world, _, seed = name.rpartition("-n")
    if world in list_worlds() and seed.isdecimal():
        return network(world, int(seed))
    raise KeyError(
        f"no build {name!r}; expected one of {[*BUILDS]}, or a world with -n "
        "and a seed, as in playhouse-n3"
    )


def source_of(world: object) -> Source | None:
    """The text that is no world of ours, where a build names one."""
    if isinstance(world, str) and world in SOURCES:
        return SOURCES[world]
    return None
