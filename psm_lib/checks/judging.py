"""What several checks ask of what a student hands in."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..world import World
from .core import Wrong, kind_of, one_of, worst


def pair(value: object) -> list | tuple | np.ndarray:
    """Two things, whatever they are. Raises Wrong for anything else."""
    if not isinstance(value, list | tuple | np.ndarray) or len(value) != 2:
        raise Wrong(f"expected two numbers, found {kind_of(value)}.")
    return value


def an_answer(value: object, world: World, what: str) -> tuple[int, int]:
    """Which domain and which kind a tuple of their names is.

    Raises Wrong for anything else.
    """
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise Wrong(f"{what} should be a domain and a kind, as a tuple.")
    topics = [d.name for d in world.domains]
    d = topics.index(one_of(value[0], topics, f"the domain of {what}"))
    kinds = [*world.domains[d].kinds]
    return d, kinds.index(one_of(value[1], kinds, f"the kind in {what}"))


def seeded(drawn: Callable[[int], np.ndarray], seed: int) -> np.ndarray:
    """What is drawn with a seed. Raises Wrong when the same seed gives
    something else the second time, or another seed gives the same."""
    first, again, other = drawn(seed), drawn(seed), drawn(seed + 1)
    if not np.allclose(first, again, rtol=0, atol=1e-9):
        raise Wrong(
            "the same seed gives another result the second time: make the "
            "generator in the function, from the seed."
        )
    if np.allclose(first, other, rtol=0, atol=1e-9):
        raise Wrong(
            "another seed gives the same result: make the generator from the "
            "seed that is given."
        )
    return first


def in_worlds(worlds: dict, says: Callable, tries: int = 50) -> None:
    """Raise Wrong with the worst of some kinds of world, if one is wrong.

    ``worlds`` maps what happens in them to a word, to how often it may be
    said, from and to, and to what ``says`` is given to plant such a world
    and return the word that a student's rule says there.
    """
    faults = []
    for what, (word, low, high, effects) in worlds.items():
        rate = sum(says(effects) == word for _ in range(tries)) / tries
        asked = f"at least {low:.0%}" if low else f"at most {high:.0%}"
        told = f"you say {word!r} {rate:.0%} of the time; expected {asked}."
        off = max(low - rate, rate - high)
        faults.append((off, f"in worlds where {what}, {told}"))
    worst(faults)


def fits(ends, means: np.ndarray, tail: float = 0.025) -> bool:
    """Are two ends quantiles ``tail`` and 1 - ``tail`` of a few thousand
    draws from the means [n]? True where they are within 0.0125 of that."""
    ends, at = np.asarray(ends)[:, None], np.array([tail, 1 - tail])
    below = (means < ends - 1e-9).mean(axis=1)
    upto = (means <= ends + 1e-9).mean(axis=1)
    return bool((below < at + 0.0125).all() and (upto > at - 0.0125).all())


def wide(rng: np.random.Generator, values: np.ndarray, scene: np.ndarray):
    """How wide a 95 % interval over scenes is that comes of 200 draws."""
    _, which = np.unique(scene, return_inverse=True)
    total, count = np.bincount(which, values), np.bincount(which)
    drawn = rng.integers(len(count), size=(10, 200, len(count)))
    means = total[drawn].sum(axis=2) / count[drawn].sum(axis=2)
    return np.ptp(np.quantile(means, [0.025, 0.975], axis=1), axis=0).mean()


def bounds(elder, keeper, rng, how: str = "", draws: int = 20_000):
    """A 95 % interval of the difference, names and networks drawn."""
    (n, k), m = elder.shape, len(keeper)
    if how == "cells":
        at = rng.integers(n * k, size=(draws, n * k))
        to = rng.integers(m * k, size=(draws, m * k))
        d = elder.ravel()[at].mean(1) - keeper.ravel()[to].mean(1)
        return np.quantile(d, [0.025, 0.975])
    sizes = {"elders'": (n, n), "keepers'": (m, m), "swapped": (m, n)}
    sizes = sizes.get(how, (n, m))
    rows = rng.integers(n, size=(draws, sizes[0]))
    others = rng.integers(m, size=(draws, sizes[1]))
    if how == "paired":
        others = rows % m
    names = rng.integers(k, size=(draws, k))
    again = names
    if how == "names apart":
        again = rng.integers(k, size=(draws, k))
    if how == "no names":
        names = again = np.arange(k)[None]
    one = elder[rows[:, :, None], names[:, None]].mean(axis=(1, 2))
    two = keeper[others[:, :, None], again[:, None]].mean(axis=(1, 2))
    return np.quantile(one - two, [0.025, 0.975])
