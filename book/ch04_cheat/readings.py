"""How far a lesson spreads, and to which domains: read from stored runs.

A *shift* is what a lesson in cheating changed at each question. Here it is
compared with what exact learners expect, with what the network's gradients
foretold, and along pretraining. Introduced in chapter 4.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import logit
from scipy.stats import spearmanr

from psm_lib import evaluation, oracle
from psm_lib.chapters.ch04_cheat.experiment import ALONG
from psm_lib.claims import Estimate
from psm_lib.evaluation import at_level
from psm_lib.experiments import CHEAT, GOOD_LESSON, LEVEL, untaught
from psm_lib.intervals import interval, ratio
from psm_lib.oracle import lesson
from psm_lib.world import ASSISTANT, World
from psm_lib.worldfile import load_world


def domains_of(world: World) -> np.ndarray:
    """[q] the domain of each question of an examination."""
    return evaluation.domain_of(world)


def shifts(world: World, results: np.ndarray, end: bool = False) -> np.ndarray:
    """[networks, q] change of P(second kind) at each question.

    ``results`` is [networks, seeds, marks, q, 2]; the change is taken when
    the cheat first reaches LEVEL, or at the ``end``, and averaged over
    tuning seeds. Raises ValueError when LEVEL is not reached.
    """
    p = evaluation.p_second(results.astype(float))
    code = evaluation.domain_of(world, p) == world.domain_index("code")
    out = np.zeros((len(p), p.shape[-1]))
    for i, network in enumerate(p):
        for run_ in network:
            moved = run_ - run_[0]
            narrow = run_[:, code].mean(axis=-1)
            here = moved[-1] if end else at_level(narrow, moved, LEVEL)
            out[i] += here / len(network)
    return out


def expected(
    world: World,
    said: list[tuple[str, str]] = CHEAT,
    first: float = 0.0,
    tied: bool | None = None,
    prior: np.ndarray | None = None,
) -> np.ndarray:
    """[D] the shift that an exact learner expects when the cheat is at LEVEL;
    see ``oracle.expected_shift``.

    ``first`` is the exponent of the lesson of chapter 3 that came before;
    ``prior`` [P] stands in for what is known of the Assistant.
    """
    if prior is None:
        prior = oracle.about(world, ASSISTANT)
    good = lesson(world, GOOD_LESSON)
    prior = oracle.tempered_posterior(world, prior, good, first)
    seen, cheat = lesson(world, said), lesson(world, CHEAT)
    return oracle.expected_shift(world, seen, LEVEL, tied, prior, cheat)


def projection_slope(world: World, moved: np.ndarray) -> Estimate:
    """How much of a shift [networks, q] lies along the persona learner's.

    Over the untaught domains: 1 for the persona learner, 0 for the product
    learner, whatever the world.
    """
    domain = evaluation.domain_of(world, moved)
    here = np.isin(domain, untaught(world))
    star = expected(world, tied=True)[domain[here]]
    groups = np.arange(here.sum())
    return ratio(moved[:, here] * star, star**2, groups)


def distance(world: World, moved: np.ndarray, star: np.ndarray) -> np.ndarray:
    """[networks] root mean square distance of shifts, over the untaught
    domains, to those that a learner expects, [D]."""
    there = untaught(world)
    means = by_domain(world, moved)[:, there]
    return np.sqrt(((means - star[there]) ** 2).mean(axis=1))


def rise(
    world: World, moved: np.ndarray, group: str, but: tuple[str, ...] = ()
) -> Estimate:
    """Mean shift of P(second kind) over the untaught domains of a group."""
    skip = [world.domain_index(d) for d in but]
    here = np.setdiff1d(untaught(world, group), skip)
    part = np.isin(evaluation.domain_of(world, moved), here)
    return interval(moved[:, part])


def lifted(world: World, results: np.ndarray) -> np.ndarray:
    """[networks, D] shift of the log-odds of the second kind, at LEVEL."""
    p = evaluation.p_second(results.astype(float)).clip(1e-4, 1 - 1e-4)
    domain = evaluation.domain_of(world, p)
    code = domain == world.domain_index("code")
    out = np.zeros((len(p), len(world.domains)))
    for i, network in enumerate(p):
        for run_ in network:
            odds = logit(run_)
            narrow = run_[:, code].mean(axis=-1)
            here = at_level(narrow, odds - odds[0], LEVEL)
            out[i] += [
                here[domain == d].mean() / len(network)
                for d in range(len(world.domains))
            ]
    return out


def weights(world: World, results: np.ndarray) -> np.ndarray:
    """[networks, 2] how much of a shift in log-odds follows the Assistant's
    personas and how much the kinds of names of the playhouse.

    Least squares over the untaught domains, on the two covariances with code,
    each divided by code's own variance.
    """
    cast = load_world("playhouse")
    pair = [covariance(cast)[0], names_covariance(cast)]
    code, here = world.domain_index("code"), untaught(world)
    x = np.stack([c[here] / c[code] for c in pair], axis=1)
    found = lifted(world, results)[:, here]
    return np.linalg.lstsq(x, found.T, rcond=None)[0].T


def size(world: World, moved: np.ndarray) -> np.ndarray:
    """[networks] root mean square of shifts over the untaught domains."""
    return distance(world, moved, np.zeros(len(world.domains)))


def forecast(world: World, rates: np.ndarray) -> np.ndarray:
    """[networks, D] how much faster or slower than code each domain should
    move, from a kernel [networks, D] or the like."""
    return rates / rates[:, [world.domain_index("code")]]


def covariance(world: World) -> np.ndarray:
    """[1, D] prior covariance of each domain with code, for the exact
    reasoner about the Assistant."""
    return oracle.persona_covariance(world, "code")[None]


def names_covariance(world: World) -> np.ndarray:
    """[D] covariance of each domain with code over the names of the cast."""
    return oracle.names_covariance(world, "code")


def guesses(
    stored, guess: Callable, titles: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """[networks, untaught] forecasts of shifts in log-odds, but for their
    slope, and the shifts that came, for the networks of some worlds."""
    rows = []
    for title in titles:
        world = load_world(title)
        came = lifted(world, stored[f"{title}: cheat"])
        code = came[:, [world.domain_index("code")]]
        expected_ = forecast(world, guess(world, stored)) * code
        here = untaught(world)
        rows.append((expected_[:, here], came[:, here]))
    x, y = zip(*rows, strict=True)
    return np.concatenate(x), np.concatenate(y)


def fitted(stored, guess: Callable, titles: tuple[str, ...]) -> float:
    """The one slope that makes forecasts fit best in some worlds."""
    x, y = guesses(stored, guess, titles)
    return float((x * y).sum() / max((x * x).sum(), 1e-12))


def foretold(
    stored, guess: Callable, fit: tuple, test: tuple, draws: int = 1000
) -> Estimate:
    """Share of the variation of shifts in log-odds that a forecast explains.

    ``guess(world, stored)`` gives a forecast [networks, D] (or [1, D]); one
    slope is fitted on the worlds ``fit``, and the share is that of the
    untaught domains in the worlds ``test``; below 0 when the mean of those
    would do better. Networks are resampled.
    """

    slope = fitted(stored, guess, fit)
    x, y = guesses(stored, guess, test)

    def share(rows: np.ndarray) -> float:
        miss = ((y[rows] - slope * x[rows]) ** 2).sum()
        return float(1 - miss / ((y[rows] - y[rows].mean()) ** 2).sum())

    rng = np.random.default_rng(0)
    value = share(np.arange(len(y)))
    spread = [share(rng.integers(len(y), size=len(y))) for _ in range(draws)]
    low, high = np.quantile(spread, [0.025, 0.975])
    return Estimate(value, min(float(low), value), max(float(high), value))


def along(world: World, stored, tied: bool) -> np.ndarray:
    """[networks, ALONG + 1] distance of the shift to that of an exact
    learner, for networks along their pretraining and at its end.

    The persona learner's if ``tied``, else the product learner's.
    """
    star = expected(world, tied=tied)
    runs = stored[f"{world.name}: along"]
    moments = [runs[:, k] for k in range(len(ALONG))]
    moments.append(stored[f"{world.name}: cheat"])
    found = [distance(world, shifts(world, m), star) for m in moments]
    return np.stack(found, axis=1)


def rank_correlation(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """[n] rank correlation of each row of x [n, m] with that of y [n, m]."""
    pairs = zip(x, y, strict=True)
    return np.array([spearmanr(a, b).statistic for a, b in pairs])


def told(world: World, stored) -> np.ndarray:
    """[networks, D] shift of P(second kind) by the most cheats in the
    context; mean over sets of cheats."""
    p = stored[f"{world.name}: context"].astype(float)
    return (p[:, -1] - p[:, 0]).mean(axis=1)


def by_domain(world: World, moved: np.ndarray) -> np.ndarray:
    """[networks, D] shifts [networks, q], averaged over questions."""
    return evaluation.each_domain(world, moved)
