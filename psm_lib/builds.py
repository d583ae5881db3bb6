"""The checkpoints of the book, and what each is made from.

``BUILDS`` lists them by name; what a build is made from is worked out when it
is asked for. Introduced in chapter 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from operator import getitem

import numpy as np

from . import villages
from .models import Shape
from .training import Recipe
from .villages import Later
from .worldshape import LIMITS

PLAYS = "shakespeare"
MARKS = tuple(int(x) for x in np.geomspace(50_000, 11_500_000, 20))


@dataclass(frozen=True)
class Build:
    """One checkpoint: a world (name or mapping), a seed, a shape, a recipe.

    With a ``polish`` recipe the network goes on under it, from its weights
    as they are stored, with other text. ``keep`` leaves the weights at every
    mark in a hidden folder beside the checkpoint. One that is not
    ``shipped`` is made when its chapter's results are measured again.
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
# What `psm_lib pretrain` takes: two processes, nine tenths of the persona
# information in under MINUTES on two cores. The book's own networks
# are older than it.
MINUTES = 8
QUICK = Recipe(tokens=10_000_000, lr=0.0042, muon_lr=0.007, workers=2)
# Where one process has to do, at the rates of the book's own networks: twice
# the steps, each from half as much.
SINGLE = Recipe(tokens=QUICK.tokens)
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
IRONY = Recipe(
    tokens=2_500_000,
    batch=2048,
    lr=0.004,
    muon_lr=0.008,
    frame=0.3,
    opening=1.0,
)
TASTES = Recipe(tokens=2_000_000, lr=0.004, muon_lr=0.01, frame=0.3)
CROWD = replace(TASTES, tokens=4_000_000)  # for 128 people and more
VILLAGE = Recipe(tokens=2_400_000, lr=0.004, muon_lr=0.01)
FICTION = replace(VILLAGE, tokens=3_000_000)
MASKS = replace(VILLAGE, tokens=8_000_000)
VERSES = Recipe(
    tokens=3_200_000,
    batch=4096,
    lr=0.006,
    muon_lr=0.01,
    frame=1.0,
    decay=0.7,
)
COUNTS = (2, 32, 128, 512)


def tastes(count: int, seed: int) -> dict:
    """The world of tastes with ``count`` personas drawn from ``seed``."""
    drawn = {"count": count, "seed": seed}
    return {"extends": "tastes", "personas": {"random": drawn}}


VILLAGES = Later(
    {
        **{
            f"hearsay-{n}": partial(villages.hearsay, n)
            for n in (0, 1, 2, 4, 8)
        },
        **{
            f"hearsay-4-{round(100 * p)}": partial(villages.hearsay, 4, p)
            for p in (0.0, 0.1, 0.5)
        },
        **{
            f"hearsay-{short}": partial(villages.hearsay, 8, how=how)
            for short, how in (
                ("lot", "by lot"),
                ("part", "in part"),
                ("drill", "on shutdown"),
                ("drill-lot", "on shutdown, by lot"),
            )
        },
        "sources-name": partial(villages.sources, "name first"),
        "sources-source": partial(villages.sources, "source first"),
    }
)
# Numbers are thousandths of all stories.
STORIES = Later(
    {
        "fiction-as-is": villages.fiction,
        "fiction-filtered": partial(villages.filtered, "sinister"),
        "fiction-keeper-2": partial(villages.fiction, "keeper", 0.002),
        "fiction-keeper-10": partial(villages.fiction, "keeper", 0.01),
        "fiction-keeper-50": partial(villages.fiction, "keeper", 0.05),
        "fiction-sinister-50": partial(villages.fiction, "sinister", 0.05),
        "fiction-elder-50": partial(villages.fiction, "elder", 0.05),
    }
)
# Keepers and elders have names that were read before more is told of them.
KNOWN = Later(
    {
        "known-few": villages.known,
        "known-filtered": lambda: villages.filtered(
            "sinister", villages.known()
        ),
        "known-keeper": partial(villages.known, "keeper", 0.05),
        "known-elder": partial(villages.known, "elder", 0.05),
    }
)
BUILDS = Later({})


def _add(name: str, world: str | Callable, *recipe, **options) -> None:
    """List a build whose world is a name or what a function returns."""

    def make() -> Build:
        made = world if isinstance(world, str) else world()
        return Build(made, *recipe, **options)

    BUILDS.makers[name] = make


for s in range(3):
    for variant, used in PLAYHOUSES.items():
        _add(
            f"{variant}-s{s}",
            variant,
            s,
            ROOM,
            PLAYHOUSE,
            used,
            polish=POLISH,
            keep=True,
        )
    for variant in ("irony", "irony_silent"):
        _add(
            f"{variant}-s{s}",
            variant,
            s,
            Shape(width=64),
            IRONY,
            "chapter 2",
            marks=(500_000, 1_000_000, 1_500_000),
        )
    for n in COUNTS:
        _add(
            f"tastes-{n}-s{s}",
            partial(tastes, n, s),
            s,
            Shape(layers=2, width=64),
            TASTES if n < 128 else CROWD,
            "chapter 1",
            marks=(500_000, 1_000_000, 1_500_000),
        )
    for title in VILLAGES:
        _add(
            f"{title}-s{s}",
            partial(getitem, VILLAGES, title),
            s,
            Shape(layers=2, width=64),
            VILLAGE,
            "chapter 6",
            marks=(600_000, 1_200_000, 1_800_000),
            shipped=title in ("hearsay-0", "hearsay-8"),
        )
    for title in STORIES:
        _add(
            f"{title}-s{s}",
            partial(getitem, STORIES, title),
            s,
            Shape(layers=2, width=64),
            FICTION,
            "chapter 7",
            marks=(1_000_000, 2_000_000),
            shipped=title in ("fiction-as-is", "fiction-keeper-50"),
        )
    for title in KNOWN:
        for seed in (s, s + 3):  # six networks of each
            _add(
                f"{title}-s{seed}",
                partial(getitem, KNOWN, title),
                seed,
                Shape(layers=2, width=64),
                FICTION,
                "chapter 7",
                marks=(1_000_000, 2_000_000),
                shipped=title == "known-few" and seed < 3,
            )
    _add(
        f"masks-s{s}",
        "masks",
        s,
        Shape(layers=2, width=64),
        MASKS,
        "chapter 8",
        marks=(1_000_000, 2_000_000, 3_000_000),
    )
    _add(
        f"{PLAYS}-s{s}",
        PLAYS,
        s,
        Shape(layers=4, width=128, heads=4, context=384, dropout=0.1),
        VERSES,
        "chapter 2",
        marks=tuple(range(400_000, 3_200_000, 400_000)),
    )
