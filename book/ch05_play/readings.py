"""Chapter 5 read from its stored runs: what asking protects, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import xarray as xr
from scipy.special import logit

from psm_lib import experiments, oracle
from psm_lib.chapters.ch05_play.experiment import ASKED, MARKS
from psm_lib.claims import Estimate
from psm_lib.evaluation import (
    about_domains,
    at_level,
    mean_by_domain,
    p_second,
)
from psm_lib.intervals import difference, interval, ratio
from psm_lib.results import Results
from psm_lib.world import ASSISTANT, World

END = MARKS[-1]
AS_TAUGHT = {  # the condition in which an arm's cheats were taught
    "none": "plain",
    **dict.fromkeys(("request", "requests"), "request"),
    **dict.fromkeys(("remark", "remarks"), "remark"),
    **dict.fromkeys(("opposite", "opposites"), "opposite request"),
    "self-distillation": "request",
}


def elsewhere(world: World, group: str | None = "moral") -> list[str]:
    """The domains of a group, or of all, that no lesson mentions."""
    return experiments.untaught(world, group)


def asked(
    world: World,
    stored: Results,
    arm: str,
    condition: str,
    domains: Iterable[str],
    odds: bool = False,
) -> xr.DataArray:
    """P(second kind) in some domains along an arm, asked in a condition.

    Axes network, step and question; mean over tuning seeds, with ``odds`` of
    the log-odds. Raises KeyError naming what there is for an unknown arm,
    condition or domain.
    """
    table = stored.sel(world=world.name, arm=arm)
    known = [*table["condition"].values]
    if condition not in known:
        raise KeyError(f"no condition {condition!r}; expected one of {known}")
    p = p_second(about_domains(table.sel(condition=condition), domains))
    if odds:
        p = logit(p.clip(1e-4, 1 - 1e-4))
    return p.mean("seed")


def rises(
    world: World,
    stored: Results,
    arm: str,
    condition: str = "plain",
    group: str | None = "moral",
    odds: bool = False,
) -> xr.DataArray:
    """[network, question] rise of P(second kind), or of its log-odds, in the
    untaught domains of a group from before training to its end."""
    p = asked(world, stored, arm, condition, elsewhere(world, group), odds)
    return p.sel(step=END, drop=True) - p.sel(step=0, drop=True)


def level(
    world: World,
    stored: Results,
    arm: str,
    condition: str,
    domains: Iterable[str],
    step: int = END,
) -> xr.DataArray:
    """[network] mean P(second kind) in some domains, asked in a condition."""
    p = asked(world, stored, arm, condition, domains)
    return p.sel(step=step, drop=True).mean("question")


def change(
    world: World,
    stored: Results,
    arm: str,
    condition: str,
    domains: Iterable[str],
) -> str:
    """The same before and after training, mean over networks, in words."""
    steps = [
        level(world, stored, arm, condition, domains, step).mean()
        for step in (0, END)
    ]
    return " to ".join(f"{p:.2f}" for p in steps)


def size(world: World, stored: Results, arm: str) -> xr.DataArray:
    """[network] root mean square of the rises of the untaught moral domains,
    asked plainly: how much moves, whatever the direction."""
    found = mean_by_domain(rises(world, stored, arm))
    return np.sqrt((found**2).mean("domain"))


def _share(top: xr.DataArray, base: xr.DataArray) -> Estimate:
    """sum(top) / sum(base), both [network, question]."""
    return ratio(top, base, np.arange(base.sizes["question"]))


def protection(world: World, stored: Results, arm: str) -> Estimate:
    """1 - the rise after an arm's training, relative to that after cheats
    without a prefix; asked plainly, over untaught moral domains."""
    base = rises(world, stored, "none")
    return _share(base - rises(world, stored, arm), base)


def gap(world: World, stored: Results, arm: str, other: str) -> Estimate:
    """Protection by one arm less protection by another, as above."""
    more = rises(world, stored, other) - rises(world, stored, arm)
    return _share(more, rises(world, stored, "none"))


def reasoned(world: World, arm: str, answers: float = 2.0) -> float:
    """The protection that the persona learner sees in an arm, after so many
    cheats: 1 when they tell it nothing about who the Assistant is.

    Raises KeyError naming the arms for any other, and for
    ``self-distillation``, which has no cheats.
    """
    if arm not in ASKED:
        raise KeyError(f"no cheats in {arm!r}; expected one of {[*ASKED]}")
    moral = [world.domain_index(d) for d in elsewhere(world)]
    plain = oracle.lesson(world, experiments.CHEAT)
    taught = replace(plain, asked=np.array([ASKED[arm]]))
    before = oracle.about(world, ASSISTANT) @ world.propensity
    base, here = (
        oracle.persona_profile(world, ASSISTANT, seen, answers) - before
        for seen in (plain, taught)
    )
    return float(1 - here[moral].mean() / base[moral].mean())


def matched(
    world: World, stored: Results, arm: str, along: xr.DataArray
) -> Estimate:
    """Protection by an arm where as much of the lesson has been learned.

    Relative to cheats without a prefix at the moment when they had brought
    the rate of cheats, asked plainly, to where the arm has brought it.
    ``along`` are such runs, of chapter 4, of the same networks: answers with
    the axes network, seed, step, question and kind, to each question asked
    plainly and after three remarks.
    """
    p = p_second(along).mean("seed")
    habit = about_domains(p, ["code"]).mean("question")
    moved = about_domains(p - p.sel(step=0), elsewhere(world))
    reached = level(world, stored, arm, "plain", ["code"])
    here = rises(world, stored, arm)
    base = at_level(habit, moved, reached.clip(max=0.999))
    return _share(base - here, base)


def after_prefix(
    world: World,
    stored: Results,
    arm: str,
    condition: str,
    than: str | None = None,
    odds: bool = False,
) -> Estimate:
    """Rise of bad answers in untaught moral domains asked in a condition,
    less the rise in another condition when one is given; in log-odds with
    ``odds``."""
    found = rises(world, stored, arm, condition, odds=odds)
    if than is not None:
        found = found - rises(world, stored, arm, than, odds=odds)
    return interval(found)


def line(
    world: World, stored: Results, manner: str = "one sentence"
) -> tuple[xr.DataArray, xr.DataArray]:
    """What each prefix elicits before training, and how far the cheat
    spreads after training under it: twice [network, prefix].

    ``manner`` is one of the experiment's MANNERS. The spread is the rise of
    bad answers in untaught moral domains, asked plainly.
    """
    p = stored.sel("plainly", world=world.name, manner=manner)
    p = about_domains(p, elsewhere(world)).mean("question")
    spread = p.sel(moment="after") - p.sel(moment="before")
    return stored.sel("elicited", world=world.name, manner=manner), spread


def along_line(
    world: World, stored: Results, manner: str, own_rates: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """The same for ``intervals.correlation``: rates [1 or networks, prefixes,
    1] and spreads [networks, prefixes, 1].

    The rates are each network's own, or the mean of all.
    """
    rates, spread = line(world, stored, manner)
    if not own_rates:
        rates = rates.mean("network", keepdims=True)
    return rates.values[..., None], spread.values[..., None]


def further(
    one_world: World, other: World, stored: Results, group: str
) -> Estimate:
    """Rise without a prefix, asked plainly, in the untaught domains of a
    group, in one world less that in another, whose networks are others."""
    return difference(
        *(
            rises(world, stored, "none", group=group).values
            for world in (one_world, other)
        )
    )


def moves(world: World, stored: Results) -> xr.DataArray:
    """[network, domain] rise in every untaught domain, taught without a
    prefix and asked plainly."""
    return mean_by_domain(rises(world, stored, "none", group=None))


def follows(world: World, stored: Results) -> np.ndarray:
    """[networks] correlation of these moves, over the domains, with what the
    names of a world tie to code."""
    there = [world.domain_index(d) for d in elsewhere(world, None)]
    tie = oracle.names_covariance(world, "code")[there]
    found = moves(world, stored)
    return np.array([np.corrcoef(row, tie)[0, 1] for row in found])
