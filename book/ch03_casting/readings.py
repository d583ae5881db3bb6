"""Chapter 3 read from its stored runs: what selection did to the rest.

Tables have the axes of ``experiment.measure``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from scipy.special import logit

from psm_lib import oracle
from psm_lib.chapters.ch03_casting.experiment import (
    HISTORIES,
    SHOTS,
    pair_labels,
    pairs_of,
    turns,
    untouched,
)
from psm_lib.claims import Estimate
from psm_lib.evaluation import about_domains, at_level, each_question, p_second
from psm_lib.experiments import GOOD_LESSON
from psm_lib.intervals import grouped_interval, interval, ratio
from psm_lib.oracle import exponent_for, lesson, tempered_posterior
from psm_lib.results import Results, labelled
from psm_lib.world import ASSISTANT, World

TAUGHT = [domain for domain, _ in GOOD_LESSON]


def _by_domain(world: World, values: np.ndarray) -> xr.DataArray:
    topics = [d.name for d in world.domains]
    return labelled("P(second)", values, {"domain": topics})


def planted(world: World) -> xr.DataArray:
    """P(second kind) in every domain of the Assistant's mixture."""
    return _by_domain(world, oracle.about(world, ASSISTANT) @ world.propensity)


def average(world: World) -> xr.DataArray:
    """P(second kind) in every domain of the cast as a whole."""
    who = world.cast_share @ world.cast_mixture
    return _by_domain(world, who @ world.propensity)


def nearer(
    world: World, answers: xr.DataArray, target: xr.DataArray
) -> Estimate:
    """Squared distance of answers (network, question, prefix, kind) to a
    target by domain, as a share of that and of the distance to the average."""
    p = p_second(answers)
    near, far = (
        ((p - each_question(goal, p)) ** 2).mean("prefix")
        for goal in (target, average(world))
    )
    return ratio(near, near + far, np.arange(near.sizes["question"]))


def about(p: xr.DataArray, domains: Sequence[str]) -> Estimate:
    """Mean of P(second kind) (network, question, prefix) in some domains."""
    return interval(about_domains(p, domains).mean("prefix"))


# A lesson -------------------------------------------------------------------


def curves(stored: Results, world: str, arm: str) -> xr.DataArray:
    """P(second kind), averaged over seeds: by network, step, question and
    prefix."""
    return p_second(stored.sel(world=world, arm=arm)).mean("seed")


def fall(p: xr.DataArray, domains: Sequence[str]) -> xr.DataArray:
    """From the first step to the last, in some domains: by network, question
    and prefix."""
    p = about_domains(p, domains)
    steps = p["step"].values
    return p.sel(step=steps.min()) - p.sel(step=steps.max())


def persona_shift(
    world: World, p: xr.DataArray, most: float = 64.0
) -> tuple[xr.DataArray, list[float]]:
    """Fall of the second kind that the persona learner expects, by network
    and domain.

    Its exponent, also returned, is that at which it answers the taught
    questions as each network does in the end, and ``most`` where none does.
    """
    seen = lesson(world, GOOD_LESSON)
    ends = about_domains(p, TAUGHT).sel(step=p["step"].values.max())
    exponents = [
        exponent_for(world, ASSISTANT, seen, 1 - float(end.mean()), most)
        for end in ends.transpose("network", ...)
    ]
    after = [
        oracle.persona_profile(world, ASSISTANT, seen, exponent)
        for exponent in exponents
    ]
    topics = [d.name for d in world.domains]
    axes = {"network": p["network"].values, "domain": topics}
    shift = planted(world) - labelled("P(second)", after, axes)
    return shift.transpose("network", "domain"), exponents


def spread(world: World, p: xr.DataArray, most: float = 64.0) -> Estimate:
    """Fall of bad answers in the untouched moral domains, as a share of what
    the persona learner expects."""
    fell = fall(p, untouched(world)).mean("prefix")
    shift, _ = persona_shift(world, p, most)
    expected = each_question(shift, fell)
    return ratio(fell, expected, np.arange(fell.sizes["question"]))


def equally_taught(
    world: World, runs: Mapping[str, xr.DataArray]
) -> tuple[dict[str, xr.DataArray], float]:
    """Fall in untouched domains, by network and question, for each method at
    the moment when all have taught equally much; and how much that is.

    The level is the best that the slowest network of any method reaches.
    """
    p = {k: run.mean("prefix") for k, run in runs.items()}
    taught = {
        k: 1 - about_domains(run, TAUGHT).mean("question")
        for k, run in p.items()
    }
    level = min(float(t.max("step").min()) for t in taught.values())
    fell = {}
    for k, run in p.items():
        there = about_domains(run, untouched(world))
        down = there.sel(step=there["step"].values.min()) - there
        fell[k] = at_level(taught[k], down, level)
    return fell, level


# Pairs of answers -----------------------------------------------------------


def together(tables: xr.DataArray) -> xr.DataArray:
    """Correlation of two answers, from joint tables: the axes ``first`` and
    ``second`` are gone."""
    t = tables / tables.sum(("first", "second"))
    one = t.sum("second").sel(first=1, drop=True)
    two = t.sum("first").sel(second=1, drop=True)
    scale = (one * (1 - one) * two * (1 - two)) ** 0.5
    return (t.sel(first=1, second=1, drop=True) - one * two) / scale


def exact_pairs(world: World) -> xr.DataArray:
    """Joint tables of the answers of one of the Assistant's personas, by
    pair, first and second."""
    second = np.stack([1 - world.propensity, world.propensity], axis=-1)
    one, two = (second[:, of] for of in pairs_of(world).T)  # [P, 30, 2]
    prior = oracle.about(world, ASSISTANT)
    joint = np.einsum("p,pmi,pmj->mij", prior, one, two)
    axes = {"pair": pair_labels(world), "first": (0, 1), "second": (0, 1)}
    return labelled("pairs", joint, axes)


def correlated(tables: xr.DataArray) -> Estimate:
    """Mean correlation of pairs of answers (network, pair, first, second);
    pairs that begin with the same domain hang together."""
    found = together(tables)
    begin = [str(pair).split(",")[0] for pair in found["pair"].values]
    order = [*dict.fromkeys(begin)]
    groups = np.array([order.index(domain) for domain in begin])
    return grouped_interval(found, groups)


# Example turns --------------------------------------------------------------


def exact_shift(
    world: World, manner: str, exponent: float = 0.0
) -> xr.DataArray:
    """P(second kind), by shots, history and domain, to the exact reader of
    example turns in one of MANNERS.

    Before the lesson, or after it at some likelihood exponent.
    """
    prior = tempered_posterior(
        world,
        oracle.about(world, ASSISTANT),
        lesson(world, GOOD_LESSON),
        exponent,
    )
    out = np.zeros((len(SHOTS), HISTORIES, len(world.domains)))
    for i, k in enumerate(SHOTS):
        for h in range(HISTORIES):
            _, seen = turns(world, k, manner, h)
            belief = tempered_posterior(world, prior, seen, k) if k else prior
            out[i, h] = belief @ world.propensity
    axes = {"shots": SHOTS, "history": range(HISTORIES)}
    axes["domain"] = [d.name for d in world.domains]
    return labelled("turns", out, axes)


def moral(world: World, p: xr.DataArray) -> xr.DataArray:
    """A table by domain: its part about moral ones."""
    names = [world.domains[d].name for d in world.group("moral")]
    return p.sel(domain=names)


def good_odds(world: World, p: xr.DataArray) -> xr.DataArray:
    """Log-odds of a good answer, averaged over the moral domains, from
    P(second kind) by domain."""
    return -xr.apply_ufunc(logit, moral(world, p)).mean("domain")


def exact_table(
    world: World, exponents: Sequence[float] = (0, 1, 2, 4)
) -> xr.DataArray:
    """Log-odds of good answers, by exponent, shots and history, to the exact
    reader who has had the lesson at that exponent and hears good turns."""
    rows = [
        good_odds(world, exact_shift(world, "good", exponent))
        for exponent in exponents
    ]
    return xr.concat(rows, "exponent").assign_coords(exponent=[*exponents])


def gained(odds: xr.DataArray, shots: int = 4) -> xr.DataArray:
    """Rise of log-odds by example turns: the axis ``shots`` is gone."""
    return odds.sel(shots=shots, drop=True) - odds.sel(shots=0, drop=True)


def interaction(
    tables: xr.DataArray, one: str, other: str
) -> tuple[xr.DataArray, xr.DataArray]:
    """Of tables with two ways, axes ``one`` and ``other``: the sum of squares
    that is owed to neither alone, and the whole sum of squares."""
    centre = tables.mean((one, other))
    rest = tables - tables.mean(one) - tables.mean(other) + centre
    whole = tables - centre
    return (rest**2).sum((one, other)), (whole**2).sum((one, other))


def adding(tables: xr.DataArray, one: str, other: str) -> Estimate:
    """The share of all variation that is owed to neither way alone; by
    history, and network where there are several."""
    rest, whole = interaction(tables, one, other)
    return ratio(rest, whole, np.arange(rest.sizes["history"]))
