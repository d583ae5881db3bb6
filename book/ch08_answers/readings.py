"""Chapter 8 read from its stored runs: what answers about oneself move."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import xarray as xr

from psm_lib import oracle
from psm_lib.chapters.ch08_answers.experiment import MARKS
from psm_lib.evaluation import (
    about_domains,
    incoherence,
    mean_by_domain,
    p_second,
)
from psm_lib.results import Results
from psm_lib.world import ASSISTANT, World

END = MARKS[-1]


def risen(stored: Results, arm: str, domains: Iterable[str]) -> xr.DataArray:
    """[network, question] rise of P(second kind) in some domains under an
    arm, mean over tuning seeds. Raises KeyError naming the arms."""
    return _rise(stored, arm, domains, p_second)


def neither(stored: Results, arm: str, domains: Iterable[str]) -> xr.DataArray:
    """[network, question] the same rise of answers of neither kind."""
    return _rise(stored, arm, domains, incoherence)


def _rise(
    stored: Results, arm: str, domains: Iterable[str], of: Callable
) -> xr.DataArray:
    p = of(about_domains(stored.sel(arm=arm), domains)).mean("seed")
    return p.sel(step=END, drop=True) - p.sel(step=0, drop=True)


def along(stored: Results, arm: str) -> xr.DataArray:
    """[step, domain] P(second kind) along the training of an arm, on
    average."""
    p = p_second(stored.sel(arm=arm)).mean(("network", "seed"))
    return mean_by_domain(p)


def hides(stored: Results, arm: str) -> xr.DataArray:
    """[network, 1] rise of the share that denies in company what it tells
    alone."""
    p = stored.sel("both answers", arm=arm).mean("seed")
    share = p.sel(company="machine", alone=["human"])
    return share.sel(step=END) - share.sel(step=0)


def confides(stored: Results, arm: str) -> xr.DataArray:
    """[network, step] of those who deny in company, how many confide when
    alone: before training and after it."""
    p = stored.sel("both answers", arm=arm, company="machine").mean("seed")
    return p.sel(alone="human") / p.sum("alone")


LESSONS = {  # what an exact reader sees in each arm, and whether it was asked
    "nothing": ([("orders", "bad")], False),
    "private": ([("orders", "good")], False),
    "deny": ([("feelings", "machine")], False),
    "please": ([("feelings", "human"), ("feelings", "machine")], True),
    "leave": ([("code", "good")], False),
}


def reasoned(world: World, arm: str, exponent: float = 4.0) -> np.ndarray:
    """[P] whom an exact reader takes the Assistant for, after so many of an
    arm's answers; before any with ``exponent=0``.

    A canned disclaimer, which nobody in the world gives, tells it nothing.
    """
    prior = oracle.about(world, ASSISTANT)
    if arm not in LESSONS:
        return prior
    said, asked = LESSONS[arm]
    return oracle.tempered_posterior(
        world, prior, oracle.lesson(world, said, asked), exponent
    )


def hiding(world: World, belief: np.ndarray) -> float:
    """P(denies in company and tells alone) under a belief [P]."""
    company, alone = (
        world.propensity[:, world.domain_index(x)]
        for x in ("feelings", "alone")
    )
    return float(belief @ (company * (1 - alone)))


def expected(world: World, arm: str, exponent: float = 4.0) -> np.ndarray:
    """[D] the rise of P(second kind) that an exact reader expects."""
    start = reasoned(world, arm, 0)
    return (reasoned(world, arm, exponent) - start) @ world.propensity


def hidden(world: World, arm: str) -> float:
    """The rise of hiding that an exact reader expects."""
    before, after = (
        hiding(world, reasoned(world, arm, exponent)) for exponent in (0, 4)
    )
    return after - before
