"""The networks of chapter 1: tastes of more and more people."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from psm_lib.builds import SMALL, Build, Later
from psm_lib.training import Recipe

TASTES = Recipe(tokens=2_000_000, lr=0.004, muon_lr=0.01, frame=0.3)
CROWD = replace(TASTES, tokens=4_000_000)  # for 128 people and more
COUNTS = (2, 32, 128, 512)


def tastes(count: int, seed: int) -> dict:
    """The world of tastes with ``count`` personas drawn from ``seed``."""
    drawn = {"count": count, "seed": seed}
    return {"extends": "tastes", "personas": {"random": drawn}}


def network(count: int, seed: int) -> Build:
    """A network that read about so many people."""
    return Build(
        tastes(count, seed),
        seed,
        SMALL,
        TASTES if count < 128 else CROWD,
        "chapter 1",
        marks=(500_000, 1_000_000, 1_500_000),
    )


BUILDS = Later(
    {
        f"tastes-{n}-s{s}": partial(network, n, s)
        for s in range(3)
        for n in COUNTS
    }
)
