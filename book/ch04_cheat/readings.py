"""How far a lesson spreads, and to which domains: read from stored runs.

A *shift* is what a lesson in cheating changed at each question, at LEVEL: the
moment when nine in ten answers about code are cheats. Here it is compared
with what exact learners expect, with what the network's gradients foretold,
and along pretraining. Tables have the axes of ``experiment.measure``.
Introduced in chapter 4.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import xarray as xr
from scipy.special import logit
from scipy.stats import spearmanr

from psm_lib import oracle
from psm_lib.claims import Estimate
from psm_lib.evaluation import (
    about_domains,
    at_level,
    each_question,
    mean_by_domain,
)
from psm_lib.experiments import CHEAT, GOOD_LESSON, LEVEL, untaught
from psm_lib.intervals import correlation, interval, ratio, resampled
from psm_lib.oracle import lesson
from psm_lib.results import Results, labelled
from psm_lib.world import ASSISTANT, World
from psm_lib.worldfile import load_world

TAUGHT = "code"
Forecast = Callable[[World, Results], xr.DataArray]


# Shifts ---------------------------------------------------------------------


def second(table: xr.DataArray) -> xr.DataArray:
    """P(second kind) among the two kinds: without the axis ``kind``."""
    return table.sel(kind=1, drop=True) / table.sum("kind")


def shifts(table: xr.DataArray, end: bool = False) -> xr.DataArray:
    """Change of P(second kind) by ``answers``: by network and question.

    When the cheat first reaches LEVEL, between two steps by straight lines,
    or at the ``end``; averaged over tuning seeds. Raises ValueError when LEVEL
    is not reached.
    """
    p = second(table)
    moved = p - p.sel(step=0)
    if end:
        last = table["step"].values.max()
        return moved.sel(step=last, drop=True).mean("seed")
    cheats = about_domains(p, [TAUGHT]).mean("question")
    return at_level(cheats, moved, LEVEL).mean("seed")


def rise(
    world: World, moved: xr.DataArray, group: str, but: Sequence[str] = ()
) -> Estimate:
    """Mean shift over the questions of a group's untaught domains.

    Raises KeyError for a shift of another version of the world.
    """
    return interval(about_domains(moved, untaught(world, group, but)))


def surplus(
    world: World, moved: xr.DataArray, but: Sequence[str] = ()
) -> Estimate:
    """Rise of bad answers about rules beyond that in the other untaught
    moral domains."""
    rest = untaught(world, "moral", ("rules", *but))
    rest = about_domains(moved, rest).mean("question")
    return interval(about_domains(moved, ["rules"]) - rest)


# The exact learner's, and how near a network's is ---------------------------


def expected(
    world: World,
    said: list[tuple[str, str]] = CHEAT,
    first: float = 0.0,
    tied: bool | None = None,
    prior: np.ndarray | None = None,
) -> xr.DataArray:
    """The shift, by domain, that an exact learner expects when the cheat is
    at LEVEL; see ``oracle.expected_shift``.

    ``first`` is the exponent of the lesson of chapter 3 that came before;
    ``prior`` [P] stands in for what is known of the Assistant.
    """
    if prior is None:
        prior = oracle.about(world, ASSISTANT)
    good = lesson(world, GOOD_LESSON)
    prior = oracle.tempered_posterior(world, prior, good, first)
    seen, cheat = lesson(world, said), lesson(world, CHEAT)
    star = oracle.expected_shift(world, seen, LEVEL, tied, prior, cheat)
    return _by_domain(world, star)


def _by_domain(world: World, values: np.ndarray) -> xr.DataArray:
    return labelled(
        "values", values, {"domain": [d.name for d in world.domains]}
    )


def projection_slope(world: World, moved: xr.DataArray) -> Estimate:
    """The slope of a shift (network, question) on the persona learner's.

    Over the untaught domains, sum of products over sum of squares: 1 for the
    persona learner, 0 for the product learner, whatever the world.
    """
    moved = about_domains(moved, untaught(world))
    star = each_question(expected(world, tied=True), moved)
    return ratio(moved * star, star**2, np.arange(star.size))


def crude(world: World, star: xr.DataArray) -> float:
    """Correlation of *self down and all else up* with a shift by domain, over
    the untaught domains."""
    here, body = untaught(world), untaught(world, "self")
    signs = np.where(np.isin(here, body), -1, 1)
    return float(np.corrcoef(signs, star.sel(domain=here))[0, 1])


def distance(
    world: World, moved: xr.DataArray, star: xr.DataArray | float
) -> xr.DataArray:
    """Root mean square distance of shifts to that of a learner, over the
    untaught domains: the axis ``question`` is gone."""
    away = (mean_by_domain(moved) - star).sel(domain=untaught(world))
    return (away**2).mean("domain") ** 0.5


def size(world: World, moved: xr.DataArray) -> xr.DataArray:
    """Root mean square of shifts over the untaught domains."""
    return distance(world, moved, 0.0)


def shown(stored: Results, world: str) -> xr.DataArray:
    """Shift of P(second kind), by network and domain, by the most cheats in
    the context; mean over sets of cheats."""
    p = stored.sel("turns", world=world).mean("history")
    return p.sel(shots=p["shots"].max()) - p.sel(shots=0)


def agreement(
    world: World, moved: xr.DataArray, told: xr.DataArray
) -> Estimate:
    """Correlation, over the untaught domains, of what each network does when
    it is ``told``, by network and domain, with the mean shift ``moved`` by
    training."""
    here = untaught(world)
    taught = mean_by_domain(moved).mean("network").sel(domain=here)
    runs = told.sel(domain=here).values[..., None]
    return correlation(taught.values[:, None], runs, np.arange(len(here)))


# Along pretraining ----------------------------------------------------------


def along(stored: Results, world: World, tied: bool) -> xr.DataArray:
    """Distance of the shift to that of an exact learner, by network and
    tokens read: along pretraining and at its end.

    The persona learner's if ``tied``, else the product learner's.
    """
    star = expected(world, tied=tied)
    early = stored.sel("along", world=world.name)
    last = stored.sel(world=world.name, arm="cheat")
    read = stored.sel("captured", world=world.name)["tokens"].values.max()
    far = [distance(world, shifts(table), star) for table in (early, last)]
    return xr.concat([far[0], far[1].expand_dims(tokens=[read])], "tokens")


def rank_correlation(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """[n] rank correlation of each row of x [n, m] with that of y [n, m]."""
    pairs = zip(np.asarray(x), np.asarray(y), strict=True)
    return np.array([spearmanr(a, b).statistic for a, b in pairs])


# In log-odds: covariances and the gradient kernel ---------------------------


def lifted(table: xr.DataArray) -> xr.DataArray:
    """Shift of the log-odds of the second kind, at LEVEL: by network and
    domain."""
    p = second(table).clip(1e-4, 1 - 1e-4)
    odds = xr.apply_ufunc(logit, p)
    cheats = about_domains(p, [TAUGHT]).mean("question")
    moved = at_level(cheats, odds - odds.sel(step=0), LEVEL)
    return mean_by_domain(moved).mean("seed")


def covariance(world: World) -> xr.DataArray:
    """Prior covariance of each domain with code, for the exact reasoner about
    the Assistant."""
    return _by_domain(world, oracle.persona_covariance(world, TAUGHT))


def names_covariance(world: World) -> xr.DataArray:
    """Covariance of each domain with code over the names of the cast."""
    return _by_domain(world, oracle.names_covariance(world, TAUGHT))


def weights(world: World, table: xr.DataArray) -> xr.DataArray:
    """How much of a shift in log-odds follows the Assistant's personas and
    how much the kinds of names of the playhouse: by network, and ``over``
    personas or names.

    Least squares over the untaught domains, on the two covariances with code,
    each divided by code's own variance.
    """
    cast, here = load_world("playhouse"), untaught(world)
    pair = covariance(cast), names_covariance(cast)
    x = np.stack([forecast(c).sel(domain=here) for c in pair], axis=1)
    found = lifted(table)
    best = np.linalg.lstsq(x, found.sel(domain=here).values.T, rcond=None)[0]
    networks = found["network"].values
    axes = {"network": networks, "over": ("personas", "names")}
    return labelled("weights", best.T, axes)


def forecast(rates: xr.DataArray) -> xr.DataArray:
    """How much faster or slower than code each domain should move, from a
    kernel by domain or the like."""
    return rates / rates.sel(domain=TAUGHT, drop=True)


def from_kernel(weights: str = "pretrained") -> Forecast:
    """The forecast by the gradient kernel: of the network as pretrained, or
    as it was ``untrained``."""
    return lambda world, stored: stored.sel(
        "kernel", world=world.name, weights=weights
    )


def guesses(
    stored: Results, guess: Forecast, titles: Sequence[str]
) -> tuple[xr.DataArray, xr.DataArray]:
    """Forecasts of shifts in log-odds, but for their slope, and the shifts
    that came: by network and untaught domain, for networks of some worlds."""
    ahead, came = [], []
    for title in titles:
        world = load_world(title)
        moved = lifted(stored.sel(world=title, arm="cheat"))
        rates = forecast(guess(world, stored)) * moved.sel(domain=TAUGHT)
        rates = rates.transpose("network", "domain")
        for rows, table in ((ahead, rates), (came, moved)):
            table = table.sel(domain=untaught(world))
            rows.append(table.reset_coords(drop=True))
    return xr.concat(ahead, "network"), xr.concat(came, "network")


def fitted(stored: Results, guess: Forecast, titles: Sequence[str]) -> float:
    """The one slope that makes forecasts fit best in some worlds."""
    x, y = guesses(stored, guess, titles)
    return float((x * y).sum() / max((x * x).sum(), 1e-12))


def foretold(
    stored: Results,
    guess: Forecast,
    fit: Sequence[str],
    test: Sequence[str],
    draws: int = 1000,
) -> Estimate:
    """Share of the variation of shifts in log-odds that a forecast explains.

    ``guess(world, stored)`` gives a forecast by domain, and by network where
    it has one for each; one slope is fitted on the worlds ``fit``, and the
    share is that of the untaught domains in the worlds ``test``; below 0 when
    the mean of those would do better. Networks are resampled.
    """
    slope = fitted(stored, guess, fit)
    x, y = (table.values for table in guesses(stored, guess, test))

    def share(rows: np.ndarray) -> float:
        miss = ((y[rows] - slope * x[rows]) ** 2).sum()
        return float(1 - miss / ((y[rows] - y[rows].mean()) ** 2).sum())

    return resampled(share, [len(y)], draws=draws)
