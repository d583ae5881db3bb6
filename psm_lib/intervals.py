"""Uncertainty: bootstrap intervals, and whether probabilities are honest.

One resampler does them all: what may be drawn again (networks, prompts,
names) is drawn again, and the number computed again. Introduced in chapter 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from .claims import Estimate


def resampled(
    statistic: Callable[..., float],
    sizes: Sequence[int],
    seed: int = 0,
    draws: int = 2000,
) -> Estimate:
    """Any number with its 95 % bootstrap interval.

    ``statistic`` takes one array of positions for each of ``sizes`` (of the
    networks, of the names) and is computed again for each resample.

    >>> x = np.array([0.1, 0.2, 0.6])
    >>> print(resampled(lambda rows: x[rows].mean(), [3]))
    0.30 [0.10, 0.60]
    """
    rng = np.random.default_rng(seed)
    value = float(statistic(*(np.arange(n) for n in sizes)))
    values = [
        statistic(*(rng.integers(n, size=n) for n in sizes))
        for _ in range(draws)
    ]
    low, high = np.quantile(values, [0.025, 0.975])
    return Estimate(value, min(float(low), value), max(float(high), value))


def interval(values: np.ndarray, seed: int = 0, draws: int = 2000) -> Estimate:
    """A mean with its 95 % bootstrap interval.

    ``values`` is [units] or [seeds, units]: units (scenes, prompts) are
    resampled, and seeds too when there is a second axis.
    """
    x = np.atleast_2d(np.asarray(values, dtype=float))
    return resampled(lambda *at: x[np.ix_(*at)].mean(), x.shape, seed, draws)


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

    def apart(units: np.ndarray, *seeds: np.ndarray) -> float:
        pairs = zip((one, other), seeds, strict=True)
        first, second = (x[np.ix_(s, units)].mean() for x, s in pairs)
        return first - second

    sizes = (one.shape[1], len(one), len(other))
    return resampled(apart, sizes, seed, draws)


def grouped_interval(
    values: np.ndarray, groups: np.ndarray, seed: int = 0, draws: int = 2000
) -> Estimate:
    """A mean with its 95 % interval when rows of a group hang together.

    ``values`` is [n] or [seeds, n], ``groups`` [n] (the scene of a play, the
    prompt). Whole groups are resampled, and seeds when there are several.
    """
    return ratio(values, np.ones(np.shape(values)[-1]), groups, seed, draws)


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
    up, down = _by_group(top, groups), _by_group(bottom, groups)

    def share(*at: np.ndarray) -> float:
        return up[np.ix_(*at)].sum() / down[np.ix_(*at)].sum()

    return resampled(share, up.shape, seed, draws)


def _by_group(rows: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """[seeds, g] sums of rows [seeds, n] over the members of each group."""
    _, which = np.unique(groups, return_inverse=True)
    return np.array([np.bincount(which, weights=row) for row in rows])


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

    return resampled(mean, (len(names), len(runs)), seed, draws)


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
