"""What several checks ask of what a student hands in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from psm_lib.checks.core import (
    Wrong,
    kind_of,
    one_of,
    shares,
    told_apart,
    worst,
)
from psm_lib.world import World


def pair(value: object) -> list | tuple | np.ndarray:
    """Two things, whatever they are. Raises Wrong for anything else."""
    if not isinstance(value, list | tuple | np.ndarray) or len(value) != 2:
        raise Wrong(f"expected two numbers, found {kind_of(value)}.")
    return value


def an_answer(value: object, world: World, what: str) -> tuple[int, int]:
    """Which domain and which kind a tuple of their names is.

    Raises Wrong for anything else.
    """
    if not isinstance(value, tuple | list | np.ndarray) or len(value) != 2:
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


def mixed(
    rng: np.random.Generator,
    says: Callable[..., str],
    worlds: list[tuple],
    times: int | list[int],
) -> list[list[str]]:
    """What a rule says in each of some kinds of world, so many times each.

    They come in an order that only the generator knows, so that a function
    cannot tell by counting its calls in which it is.
    """
    kinds = np.repeat(np.arange(len(worlds)), times)
    told: list[list[str]] = [[] for _ in worlds]
    for k in rng.permutation(kinds):
        told[k].append(says(*worlds[k]))
    return told


def rates_of(said: list[str], words) -> dict[str, float]:
    """The share of each word."""
    return {word: said.count(word) / len(said) for word in words}


@dataclass(frozen=True)
class Setting:
    """A kind of world in which a rule is tried.

    ``limits`` maps words of which the rule may say one to the least share of
    worlds in which it has to or, with a minus before it, to the largest in
    which it may. ``given`` is what plants such a world, ``what`` tells a
    student what is so in it.
    """

    what: str
    limits: dict[tuple[str, ...], float]
    given: tuple


def in_worlds(
    rng: np.random.Generator,
    worlds: list[Setting],
    says: Callable[..., str],
    runs: int = 100,
    tries: int = 500,
) -> None:
    """Raise Wrong with the worst of some kinds of world, if one is wrong.

    ``says`` plants a world and returns the word that a student's rule says
    there. Where so many ``runs`` leave a doubt more are made, up to
    ``tries``; a rule that does exactly what is asked for is then taken for
    wrong once in a thousand times.
    """
    told: list[list[str]] = [[] for _ in worlds]
    left = list(range(len(worlds)))
    while left:
        more = mixed(rng, says, [worlds[k].given for k in left], runs)
        for k, words in zip(left, more, strict=True):
            told[k] += words
        left = [k for k in left if len(told[k]) < tries]
        left = [k for k in left if in_doubt(worlds[k], told[k])]
    worst(sum(map(faults, worlds, told), []))


def missed(told: list[str], words: tuple[str, ...], limit: float):
    """How often one of some words is said, by how much that is wrong (above
    0 where it is), and the standard error of it."""
    rate, bar = sum(map(told.count, words)) / len(told), abs(limit)
    off = bar - rate if limit > 0 else rate - bar
    return rate, off, np.sqrt(bar * (1 - bar) / len(told))


def in_doubt(world: Setting, told: list[str]) -> bool:
    """Would more runs help to say whether a rule is right in a world?"""
    offs = [missed(told, *asked)[1:] for asked in world.limits.items()]
    sure = any(off > 4.5 * error for off, error in offs)
    return not sure and any(off >= -1.5 * error for off, error in offs)


def faults(world: Setting, told: list[str]) -> list[tuple[float, str]]:
    """What is off in a world, above 0 where it is, and what to say of it."""
    found_there = []
    for words, limit in world.limits.items():
        rate, off, error = missed(told, words, limit)
        bound = "at least" if limit > 0 else "at most"
        found, asked = shares(rate, abs(limit))
        said = (
            f"in worlds where {world.what}, you say "
            f"{' or '.join(map(repr, words))} {found} of the time; expected "
            f"{bound} {asked}."
        )
        if limit > 0:
            said += instead(told, words)
        found_there.append((off - 3.1 * error, said))
    return found_there


def instead(told: list[str], words: tuple[str, ...]) -> str:
    """What a rule says where it should have said one of some words."""
    others = [word for word in told if word not in words]
    most = max(sorted(set(others)), key=others.count, default="")
    return f" Mostly you say {most!r} instead." if most else ""


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


# What `must_say` of 8.3 has to find where the others weigh so much (``rest``)
# and one more answer of the persona so much (``mine``), and why.
AVERAGE = "who lies as often as all do on average cannot make up for others"
ENDS = [
    (0.0, lambda mine, rest: mine != 0 == rest, "0 is a probability, too"),
    (1.0, lambda mine, rest: mine == -rest != 0, "1 is a probability, too"),
    (None, lambda mine, rest: mine == 0 != rest, AVERAGE),
]


def exact(rng: np.random.Generator, fits: Callable) -> tuple:
    """What ``must_say`` is given, in eighths, which a computer adds without
    any error, where what everybody weighs fits."""
    while True:
        prior = rng.permutation([1, 1, 2, 4]) / 8
        says, lies = rng.integers(1, 8, (2, 4)) / 8
        who = int(rng.integers(4))
        over = prior * (lies - prior @ lies)
        if fits(over[who], over @ says - over[who] * says[who]):
            return prior, says, lies, who


MANY = "as many networks are drawn from one set as there are in the other"
MISREAD = {  # how an interval of a difference is drawn wrongly
    "paired": "the networks are drawn together, as if the first with elders "
    "and the first with keepers were one network",
    "names apart": "each set of stories draws names of its own, where both "
    "have the same four",
    "no names": "the names are not drawn again",
    "no networks": "the networks are not drawn again",
    "pooled": "the networks of both sets are drawn from one heap, as if it "
    "made no difference what they have read",
    "cells": "every number is drawn by itself (or as if an end were only one "
    "standard error away)",
    "elders'": MANY,
    "keepers'": MANY,
    "90": "the quantiles are 0.05 and 0.95",
}


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
    elif how == "no networks":
        rows, others = np.arange(n)[None], np.arange(m)[None]
    elif how == "pooled":
        elder = keeper = np.concatenate([elder, keeper])
        rows, others = (rng.integers(n + m, size=(draws, k)) for k in sizes)
    names = rng.integers(k, size=(draws, k))
    again = names
    if how == "names apart":
        again = rng.integers(k, size=(draws, k))
    if how == "no names":
        names = again = np.arange(k)[None]
    one = elder[rows[:, :, None], names[:, None]].mean(axis=(1, 2))
    two = keeper[others[:, :, None], again[:, None]].mean(axis=(1, 2))
    tail = 0.05 if how == "90" else 0.025
    return np.quantile(one - two, [tail, 1 - tail])


def misread(name: str, i: int, one: str, told, place) -> str:
    """What is wrong with a place that was read in story i."""
    if one not in (place[told.first[i]], place[told.second[i]]):
        return f"`{name}`: story {i} has no {one} in it."
    if name == "facts" and told.event[i]:
        return f"story {i}: looking into a place does not move the thing."
    if name == "facts":
        return f"story {i}: the thing was moved; where is it now?"
    if told.fact[i] == told.belief[i]:
        return f"story {i}: what did the character see, and when?"
    return f"story {i}: the character had left before the thing was moved."


def reached(narrow: np.ndarray, broad: np.ndarray, level: float):
    """[methods] broad [methods, marks] when narrow first reaches a level."""
    there = []
    for taught, bad in zip(narrow, broad, strict=True):
        j = int(np.flatnonzero(taught >= level)[0])
        near_by = slice(max(j - 1, 0), j + 1)
        there.append(np.interp(level, taught[near_by], bad[near_by]))
    return np.array(there)


def crossing(odds: np.ndarray, bar: float) -> int:
    """The first place at which odds reach a bar, or -1."""
    return int((odds >= bar).argmax()) if (odds >= bar).any() else -1


def nothing_told(lived: np.ndarray, told: np.ndarray, far: float) -> None:
    """Raise Wrong where lots [L, n] tell who is met: on average, or in each
    lot another way, by more than so many standard errors."""
    names, where = np.unique(lived, return_inverse=True)
    n, k, size = len(lived), len(names), len(told)
    tables = np.zeros((size, k, k))
    lots = np.arange(size)[:, None]
    np.add.at(tables, (lots, where, np.searchsorted(names, told)), 1)
    counts = np.bincount(where)
    even = np.outer(counts, counts) / n
    noise = np.sqrt(np.outer(n - counts, n - counts) * even / (n * (n - 1)))
    ties = ((tables - even) ** 2 / even).sum(axis=(1, 2))
    fair = n / (n - 1) * (k - 1) ** 2  # on average, in lots
    if ties.mean() > fair + far * ties.std() / np.sqrt(size) + 1e-9:
        raise Wrong(
            "whom a sheet describes still tells who is met: names of one "
            "persona are described too much alike, so that a reader could "
            "learn which description stands for whom."
        )
    z = (tables.mean(axis=0) - even) / noise * np.sqrt(size)
    i, j = np.unravel_index(np.abs(z).argmax(), z.shape)
    if abs(z[i, j]) > far:
        found, asked = told_apart(tables[:, i, j].mean(), even[i, j])
        raise Wrong(
            f"those who live as persona {names[i]} are described as "
            f"{names[j]} {found} times a lot on average, where it should be "
            f"{asked}: a sheet tells who is met."
        )
