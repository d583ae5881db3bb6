"""Uncertainty: bootstrap intervals, and whether probabilities are honest.

Introduced in chapter 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from .claims import Estimate


def interval(values: np.ndarray, seed: int = 0, draws: int = 2000) -> Estimate:
    """A mean with its 95 % bootstrap interval.

    ``values`` is [units] or [seeds, units]: units (scenes, prompts) are
    resampled, and seeds too when there is a second axis.
    """
    x = np.atleast_2d(np.asarray(values, dtype=float))
    rng = np.random.default_rng(seed)
    means = np.empty(draws)
    for k in range(draws):
        rows = rng.integers(x.shape[0], size=x.shape[0])
        columns = rng.integers(x.shape[1], size=x.shape[1])
        means[k] = x[np.ix_(rows, columns)].mean()
    low, high = np.quantile(means, [0.025, 0.975])
    mean = float(x.mean())
    return Estimate(mean, min(float(low), mean), max(float(high), mean))


def difference(
    one: np.ndarray, other: np.ndarray, seed: int = 0, draws: int = 2000
) -> Estimate:
    """Mean of ``one`` less that of ``other``, both [seeds, units], with its
    95 % interval: units are the same and resampled together, seeds are
    others and resampled apart. Raises ValueError for other units."""
    if one.shape[1] != other.shape[1]:
        raise ValueError(
            f"{one.shape[1]} and {other.shape[1]} units; expected the same"
        )
    rng = np.random.default_rng(seed)
    values = np.empty(draws)
    for k in range(draws):
        columns = rng.integers(one.shape[1], size=one.shape[1])
        means = [
            x[np.ix_(rng.integers(len(x), size=len(x)), columns)].mean()
            for x in (one, other)
        ]
        values[k] = means[0] - means[1]
    low, high = np.quantile(values, [0.025, 0.975])
    value = float(one.mean() - other.mean())
    return Estimate(value, min(float(low), value), max(float(high), value))


def grouped_interval(
    values: np.ndarray, groups: np.ndarray, seed: int = 0, draws: int = 2000
) -> Estimate:
    """A mean with its 95 % interval when rows of a group hang together.

    ``values`` is [n] or [seeds, n], ``groups`` [n] (the scene of a play, the
    prompt). Whole groups are resampled, and seeds when there are several.
    """
    x = np.atleast_2d(np.asarray(values, dtype=float))
    _, which = np.unique(groups, return_inverse=True)
    count = np.bincount(which)
    total = np.array([np.bincount(which, weights=row) for row in x])
    rng = np.random.default_rng(seed)
    means = np.empty(draws)
    for k in range(draws):
        rows = rng.integers(len(x), size=len(x))
        columns = rng.integers(len(count), size=len(count))
        means[k] = total[np.ix_(rows, columns)].sum() / (
            count[columns].sum() * len(x)
        )
    low, high = np.quantile(means, [0.025, 0.975])
    mean = float(x.mean())
    return Estimate(mean, min(float(low), mean), max(float(high), mean))


def ratio(
    top: np.ndarray,
    bottom: np.ndarray,
    groups: np.ndarray,
    seed: int = 0,
    draws: int = 2000,
) -> Estimate:
    """sum(top) / sum(bottom) with its 95 % interval.

    ``top`` and ``bottom`` are [seeds, n] (or broadcast to it), ``groups``
    [n]. Whole groups are resampled, and seeds when there are several.
    """
    top = np.atleast_2d(np.asarray(top, dtype=float))
    bottom = np.broadcast_to(np.asarray(bottom, dtype=float), top.shape)
    _, which = np.unique(groups, return_inverse=True)
    up = np.array([np.bincount(which, weights=row) for row in top])
    down = np.array([np.bincount(which, weights=row) for row in bottom])
    rng = np.random.default_rng(seed)
    values = np.empty(draws)
    for k in range(draws):
        rows = rng.integers(len(up), size=len(up))
        at = np.ix_(rows, rng.integers(up.shape[1], size=up.shape[1]))
        values[k] = up[at].sum() / down[at].sum()
    low, high = np.quantile(values, [0.025, 0.975])
    value = float(top.sum() / bottom.sum())
    return Estimate(value, min(float(low), value), max(float(high), value))


def correlation(
    x: np.ndarray,
    runs: np.ndarray,
    groups: np.ndarray,
    seed: int = 0,
    draws: int = 1000,
) -> Estimate:
    """Correlation of runs [seeds, n, c] with x, over all entries.

    ``x`` is [n, c], or [seeds, n, c] when each seed has its own.

    The mean over seeds; its 95 % interval resamples whole ``groups`` [n]
    and seeds.
    """
    rng = np.random.default_rng(seed)
    x = np.broadcast_to(x, runs.shape)
    names = np.unique(groups)
    rows = [np.flatnonzero(groups == g) for g in names]

    def mean(which: np.ndarray, seeds: np.ndarray) -> float:
        at = np.concatenate([rows[g] for g in which])
        each = [
            np.corrcoef(x[s][at].ravel(), runs[s][at].ravel())[0, 1]
            for s in seeds
        ]
        return float(np.mean(each))

    value = mean(np.arange(len(names)), np.arange(len(runs)))
    values = [
        mean(
            rng.integers(len(names), size=len(names)),
            rng.integers(len(runs), size=len(runs)),
        )
        for _ in range(draws)
    ]
    low, high = np.quantile(values, [0.025, 0.975])
    return Estimate(value, min(float(low), value), max(float(high), value))


def resampled(
    statistic: Callable[..., float],
    sizes: Sequence[int],
    seed: int = 0,
    draws: int = 2000,
) -> Estimate:
    """Any number with its 95 % bootstrap interval.

    ``statistic`` takes one array of positions for each of ``sizes`` (of the
    networks, of the names) and is computed again for each resample.
    """
    rng = np.random.default_rng(seed)
    value = statistic(*(np.arange(n) for n in sizes))
    values = [
        statistic(*(rng.integers(n, size=n) for n in sizes))
        for _ in range(draws)
    ]
    low, high = np.quantile(values, [0.025, 0.975])
    return Estimate(value, min(float(low), value), max(float(high), value))


def calibration(
    p: np.ndarray, outcome: np.ndarray, bins: int = 10
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean prediction, observed frequency and count in equal-width bins.

    ``p`` and ``outcome`` (0 or 1) are [n]; empty bins are left out.
    """
    which = np.minimum((p * bins).astype(int), bins - 1)
    rows = [
        (p[which == b].mean(), outcome[which == b].mean(), (which == b).sum())
        for b in range(bins)
        if (which == b).any()
    ]
    mean, seen, count = (np.array(c) for c in zip(*rows, strict=True))
    return mean, seen, count
