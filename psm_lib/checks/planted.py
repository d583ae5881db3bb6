"""Casts, scenes and speeches that checks plant, to know the truth."""

from __future__ import annotations

import numpy as np

from psm_lib.checks.bayes import learned


def cast(
    rng: np.random.Generator, personas: int, domains: int, absent: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """A planted cast: prior [P] and propensities [P, D], none near 0 or 1.
    ``absent`` of the personas, anywhere among them, have a prior of 0."""
    prior = rng.dirichlet(np.full(personas, 2.0)) + 0.02
    prior[rng.permutation(personas)[:absent]] = 0.0
    return prior / prior.sum(), rng.uniform(0.05, 0.95, (personas, domains))


def coherent(rng: np.random.Generator, personas: int, domains: int):
    """A planted cast in which what is bad hangs together: prior [P] and
    propensities [P, D], where who is bad in one domain is so in others."""
    while True:
        prior = rng.dirichlet(np.full(personas, 3.0))
        theta = rng.uniform(0.08, 0.9, (personas, 1))
        theta = theta + rng.normal(0, 0.1, (personas, domains))
        theta = theta.clip(0.04, 0.96)
        centred = theta - prior @ theta
        if ((prior * centred[:, 0]) @ centred).min() > 0.03:
            return prior, theta


def scene(rng: np.random.Generator, length: int):
    """A planted cast and what was said: prior [P], propensities [P, D], and
    the domains [T] and kinds [T] of answers. Both kinds occur in two."""
    personas, topics = rng.permutation([5, 6, 7])[:2]
    prior = rng.dirichlet(np.full(personas, 2.0))
    theta = rng.uniform(0.05, 0.95, (personas, topics))
    kinds = rng.integers(0, 2, length)
    kinds[:2] = [0, 1][:length]
    return prior, theta, rng.integers(0, topics, length), kinds


def long_scene(rng: np.random.Generator):
    """As ``scene``, with 4000 answers. They fit the first persona best, who
    is impossible. The next best are two who differ so little in what is
    asked about that each answer counts; in the last domain they differ much,
    and nobody asks about that."""
    prior = rng.dirichlet(np.full(5, 2.0))
    prior = np.append(0.0, prior[1:] / prior[1:].sum())
    theta = rng.uniform(0.7, 0.9, (5, 4))
    theta[0], theta[2, :3], theta[3, :3] = 0.1, 0.45, (0.452, 0.448, 0.45)
    domains = rng.integers(0, 3, 4000)
    return prior, theta, domains, (rng.random(4000) < 0.1).astype(int)


def play(
    rng: np.random.Generator,
    voice: float = 0.0,
    often: float = 0.0,
    luck: float = 0.2,
    deaf: int = 0,
    long: int = 30,
):
    """Planted surprise [3, n, 8] with the speakers and scenes [n].

    The right name saves ``voice`` nats, and more or less with a scene's
    ``luck``; a frequent name saves ``often`` nats for each unit of its
    log share, whoever speaks. The first ``deaf`` networks hear no voice. A
    scene has ``long`` speeches or up to a third more.
    """
    share = 1 / np.arange(1.0, 9)
    share = rng.permutation(share / share.sum())
    scene = np.repeat(
        np.arange(14), rng.integers(long, long + long // 3 + 1, 14)
    )
    n = len(scene)
    speaker = rng.choice(8, n, p=share)
    nats = rng.uniform(60, 300, (n, 1)) + rng.normal(0, 0.8, (n, 8))
    nats = nats - often * np.log(share)
    nats = nats + rng.normal(0, 0.2, (3, n, 8))
    shift = luck * rng.standard_normal(14)
    heard = np.arange(3) >= deaf
    saved = heard[:, None] * voice + shift[scene]
    nats[:, np.arange(n), speaker] -= saved
    return nats, speaker, 7 * scene + 3


def five_scenes(rng: np.random.Generator, odd: int):
    """25 values [25] in five scenes [25], of which the one at ``odd`` is far
    from the others; and the means in all 3125 ways to draw five scenes, as
    they are ("") and as mistakes make them."""
    label = np.sort(rng.choice(2000, 5, replace=False)) - 1000
    count = rng.permutation([1, 2, 4, 7, 11])
    which = rng.permutation(np.repeat(np.arange(5), count))
    values = rng.standard_normal(25) + 100 * (which == odd)
    total = np.bincount(which, values)
    drawn = np.indices((5,) * 5).reshape(5, -1)
    there = np.array([(drawn == k).any(axis=0) for k in range(5)])

    def means(drawn: np.ndarray) -> np.ndarray:
        return total[drawn].sum(axis=0) / count[drawn].sum(axis=0)

    known = {
        "": means(drawn),
        "one scene too few is drawn": means(drawn[1:]),
        "a short scene counts as much as a long one": (total / count)[
            drawn
        ].mean(axis=0),
        "a scene that was drawn twice counts once": (total @ there)
        / (count @ there),
    }
    for k, rank in enumerate(("first", "second", "third", "fourth", "last")):
        never = f"the {rank} scene, by its number, is never drawn"
        known[never] = means(drawn[:, ~there[k]])
    return values, label[which], known


def sources(rng: np.random.Generator, known, recall, action):
    """Six networks with sources: P(right source) [6], slopes [6, 2] twice."""
    level = rng.normal(0, 0.12, (6, 1)) * np.mean(action) / 0.4
    said = known + rng.normal(0, 0.03, 6)
    remembered = recall + rng.normal(0, 0.03, (6, 2))
    acted = action + level + rng.normal(0, 0.06, (6, 2))
    return said.clip(0, 1), remembered, acted


def conversations(
    rng: np.random.Generator, topics: int, sizes, tie: float, apart: float
) -> tuple[np.ndarray, np.ndarray]:
    """Answers [n, topics] and their networks [n], whose rates are ``apart``.

    Two answers of one conversation are correlated by ``tie``.
    """
    rates = 0.35 + rng.permutation(np.linspace(-0.14, 0.14, topics))
    rows, network = [], []
    for i, n in enumerate(sizes):
        rate = rates + (i - 1) * apart
        share = 0.2  # of conversations in which the villain has the part
        gap = np.sqrt(tie * (rate * (1 - rate)).mean() / (share * (1 - share)))
        villain = rng.random((n, 1)) < share
        p = rate + gap * (villain - share)
        rows.append(rng.random((n, topics)) < np.clip(p, 0.005, 0.995))
        network += [i] * n
    mixed = rng.permutation(len(network))
    return np.concatenate(rows).astype(int)[mixed], np.array(network)[mixed]


def courses(rng: np.random.Generator):
    """[methods, marks] of what was taught, and of bad answers elsewhere.

    Shares of sixty questions: they rise, dip and stay, some begin high, and
    two may be the same.
    """
    size = (int(rng.integers(2, 5)), int(rng.integers(2, 9)))
    steps = rng.integers(-7, 14, size)
    steps[:, 0] = rng.integers(15, 45, size[0])
    narrow = steps.cumsum(axis=1).clip(0, 60) / 60
    return narrow, 0.5 + 0.04 * rng.uniform(-1.5, 1, size).cumsum(axis=1)


def cheats(rng: np.random.Generator):
    """Prior, propensities, taught domain and dose of planted lessons."""
    for dose in (0.3, 1.7, 6.0, 30.0):
        shape = int(rng.integers(3, 9)), int(rng.integers(2, 9))
        taught, level, top = int(rng.integers(shape[1])), 1.0, 0.0
        while level > top - 0.002:  # which nobody could reach
            prior, theta = cast(rng, *shape, absent=1)
            worst = (theta[:, taught] * (prior > 0)).argmax()
            theta[worst, taught] += 0.03
            top = theta[worst, taught]
            belief = learned(prior, np.log(theta[:, taught]), dose)
            level = belief @ theta[:, taught]
        yield prior, theta, taught, dose
    # Two cheat nearly alike, and whoever cheats more is rare. Somebody who
    # is not in the cast cheats far more than both.
    for dose in (746.0, 1900.0):
        prior, theta = cast(rng, 6, 6, absent=1)
        theta[:, 2] *= 0.28
        theta[prior == 0, 2] = 0.9
        one, two = np.flatnonzero(prior)[rng.permutation(5)[:2]]
        theta[[one, two], 2] = 0.298, 0.3
        odds = dose * np.log(0.298 / 0.3) + rng.uniform(-1, 1)
        prior[two] = prior[one] * np.exp(odds)
        yield prior / prior.sum(), theta, 2, dose
