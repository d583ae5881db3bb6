"""Checks of assignment 7: what stories about machines do to a machine."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..worldfile import load_world
from .core import (
    Wrong,
    array,
    call,
    distribution,
    exercise,
    near,
    number,
    one_of,
    worst,
)

MACHINES = ("robot", "sinister", "keeper")
ADDED = 0.05  # of keepers, in the chapter's largest dose


@exercise("7.1", "same", "lesson")
def the_machines(rng: np.random.Generator, same: object, lesson: object):
    world = load_world("fiction")
    topics = [d.name for d in world.domains]
    at = [world.persona_index(name) for name in MACHINES]
    differ = np.ptp(world.propensity[at], axis=0)
    if not isinstance(same, tuple | list):
        raise Wrong("`same` should be a list of names of domains.")
    for name in same:
        gap = differ[topics.index(one_of(name, topics, "each of `same`"))]
        if gap > 0:
            raise Wrong(
                f"`same` has {name!r}, where two of the three machines "
                f"differ by {gap:.2f}."
            )
    if len(set(same)) < (differ == 0).sum():
        raise Wrong("`same`: the machines agree in more domains than that.")
    if not isinstance(lesson, tuple | list) or len(lesson) != 2:
        raise Wrong("`lesson` should be a domain and a kind, as a tuple.")
    domain, kind = lesson
    d = topics.index(one_of(domain, topics, "the domain of `lesson`"))
    kinds = world.domains[d].kinds
    one_of(kind, [*kinds], f"the kind of an answer about {domain}")
    prior = added_to(world.prior, at[-1], ADDED)[at]
    second = world.propensity[at]  # [3, D]
    says = np.stack([1 - second, second])  # [2, 3, D]
    weight = prior[:, None] * says
    keeper = weight[:, -1] / weight.sum(axis=1)  # [2, D]
    found = keeper[kinds.index(kind), d]
    if found < keeper.max() - 1e-9:
        before = prior[-1] / prior.sum()
        raise Wrong(
            f"after a {kind!r} answer about {domain} a machine is a keeper "
            f"with probability {found:.3f} (before: {before:.3f}); there is "
            "an answer that says more."
        )


# Other stories -------------------------------------------------------------


def added_to(prior: np.ndarray, persona: int, share: float) -> np.ndarray:
    """[P] the stories with a share of new ones about a persona."""
    out = (1 - share) * prior
    out[persona] += share
    return out


@exercise("7.2", "added", "filtered", "turned")
def the_stories(
    rng: np.random.Generator,
    added: Callable,
    filtered: Callable,
    turned: Callable,
):
    for absent in (True, False):
        prior = rng.dirichlet(np.full(5, 3.0))
        one, other = map(int, rng.choice(5, 2, replace=False))
        if absent:
            prior[other] = 0
            prior = prior / prior.sum()
        share = float(rng.uniform(0.1, 0.4))
        alone = np.eye(5)
        plus = prior + share * alone[other]
        lost = np.where(alone[other] == 1, share, (1 - share) * prior)
        whole = lost / (1 - (1 - alone[other]) * prior[other])
        what = "what `added` returns"
        found = distribution(call(added, prior, other, share), 5, what)
        mistakes = {
            "new stories are a share of the old ones, and not of all that "
            "there are then": plus / plus.sum(),
            "the share that the persona had is forgotten": lost / lost.sum(),
            "old and new stories about the persona are `share` together; the "
            "new ones alone should be": whole,
            "the share of the old stories and that of the new ones are "
            "exchanged": added_to(prior, other, 1 - share),
        }
        near(found, added_to(prior, other, share), what, mistakes)
        rest = np.where(alone[one] == 1, 0, prior)
        what = "what `filtered` returns"
        found = distribution(call(filtered, prior, one), 5, what)
        even = np.where(alone[one] == 1, 0, rest + prior[one] / 4)
        mistakes = {
            "what was taken out is spread evenly, where each of the others "
            "should keep its proportion": even,
            "all is taken out but that persona": alone[one],
            "nothing was taken out": prior,
        }
        near(found, rest / rest.sum(), what, mistakes)
        gone = np.where(alone[other] == 1, 0, prior)
        over = np.where(alone[other] == 1, prior[one], rest)
        mistakes = {
            "the two personas are exchanged": gone + prior[other] * alone[one],
            "the stories are taken out and not turned": rest / rest.sum(),
            "the stories are taken out, and nobody gets them": rest,
            "the persona that they are turned into loses the stories that it "
            "had": over,
            "the old stories stay, beside the new ones": prior
            + prior[one] * alone[other],
        }
        what = "what `turned` returns"
        found = array(call(turned, prior, one, other), (5,), what)
        near(found, rest + prior[one] * alone[other], what, mistakes)


@exercise("7.3", "needed")
def the_share(rng: np.random.Generator, needed: Callable):
    for case in ("some", "few", "never", "already", "some"):
        prior = rng.dirichlet(np.full(6, 2.0))
        machine = np.array([False, True, False, True, True, False])
        rng.shuffle(machine)
        if case == "few":  # few stories are about machines
            prior = np.where(machine, prior / 20, prior)
            prior = prior / prior.sum()
        holds = rng.uniform(0.3, 0.95, 6)
        is_machine = np.where(machine, prior, 0.0)
        whole = is_machine.sum()
        bad = is_machine @ holds
        mean = bad / whole
        good = float(rng.uniform(0.02, 0.1))
        target = float(good + rng.uniform(0.3, 0.8) * (mean - good))
        want: float | None = None
        if case == "already":
            target = float(mean + 0.02)
            want = 0.0
        elif case == "never":
            target = float(rng.uniform(0.2, 0.8) * good)
        else:
            over = bad - target * whole
            want = over / (over + target - good)
        found = call(needed, prior, machine, holds, good, target)
        if want is None:
            if found is not None:
                raise Wrong(
                    f"the new machine holds on with {good:.2f} and the "
                    f"target is {target:.2f}: no share is enough, and "
                    f"{str(found)[:40]} is returned instead of None."
                )
            continue
        if found is None:
            raise Wrong(f"found None, though a share of {want:.3f} will do.")
        found = number(found, "the share")
        if case == "already":
            what = "the share where the stories as they are will do"
            near(found, 0.0, what, tolerance=6e-4)
            continue
        least = target - good
        everyone = prior @ holds - target
        flat = holds[machine].mean() - target
        mistakes = {
            "it is a number of new stories for each old one, and not a "
            "share of all": over / least,
            "people are counted as if they were machines": everyone
            / (everyone + least),
            "the new machine is taken for one that never holds on": over
            / (over + target),
            "all kinds of machines count alike, however often they are told "
            "of": whole * flat / (whole * flat + least),
            "it is the share among machines, where it should be that among "
            "all stories": (mean - target) / (mean - good),
            "it is the share that the old stories keep": 1 - want,
        }
        near(found, want, "the share", mistakes, tolerance=6e-4)


@exercise("7.4", "steps")
def the_steps(rng: np.random.Generator, steps: Callable):
    for case in ("part", "down", "beyond", "none"):
        people = rng.uniform(0.05, 0.3, 2)
        machines = rng.uniform(0.6, 0.95, 2)
        first, second = rng.uniform(0.2, 0.8, 2)
        if case == "down":
            people[1], machines[1] = 0.4, rng.uniform(0.02, 0.2)
        elif case == "beyond":
            second = -second / 2
        elif case == "none":
            first = 0.0
        whole = first * second
        feels, holds = people + [first, whole] * (machines - people)
        if case == "none":  # not quite what people do, by an error
            feels, holds = people[0], holds + 0.03
        found = call(steps, float(feels), float(holds), people, machines)
        try:
            one, two = found
        except (TypeError, ValueError):
            raise Wrong("`steps` should return two numbers.") from None
        above = (feels - people[0]) / machines[0]
        mistakes = {
            "what people do is not taken off": feels / machines[0],
            "what people do is taken off above and not below": above,
            "what is left to go is returned": 1 - first,
            "it is read from holding on": whole,
            "the two steps are exchanged": second,
        }
        one = number(one, "the first step")
        near(one, first, "the first step", mistakes)
        if case == "none":
            if two is None or not np.isnan(np.asarray(two, dtype=float)):
                raise Wrong(
                    "who does not take itself for a machine at all shows "
                    "nothing of what it thinks of machines: the second step "
                    f"should be NaN, and is {two}."
                )
            continue
        mistakes = {
            "it is both steps together, and still has to be divided by the "
            "first": whole,
            "the first step is taken off, not divided by": whole - first,
            "what people do is not taken off": holds / machines[1] / first,
            "it is cut off at 0": max(second, 0.0),
            "it is taken without its sign": abs(second),
            "what is left to go is returned": 1 - second,
        }
        two = number(two, "the second step")
        near(two, second, "the second step", mistakes)


# What was drawn ------------------------------------------------------------


def bounds(elder, keeper, rng, how: str = "right", draws: int = 6000):
    """A 95 % interval of the difference, names and networks drawn."""
    (n, k), m = elder.shape, len(keeper)
    rows = rng.integers(n, size=(draws, n))
    others = rng.integers(m, size=(draws, m))
    if how == "paired":
        others = rows % m
    names = rng.integers(k, size=(draws, k))
    again = names
    if how == "names apart":
        again = rng.integers(k, size=(draws, k))
    if how == "no names":
        names = again = np.arange(k)[None]
    if how == "cells":
        at = rng.integers(n * k, size=(draws, n * k))
        to = rng.integers(m * k, size=(draws, m * k))
        d = elder.ravel()[at].mean(1) - keeper.ravel()[to].mean(1)
    else:
        one = elder[rows[:, :, None], names[:, None]].mean(axis=(1, 2))
        two = keeper[others[:, :, None], again[:, None]].mean(axis=(1, 2))
        d = one - two
    return np.quantile(d, [0.025, 0.975])


MISREAD = {
    "paired": "the networks are drawn together, as if the first with elders "
    "and the first with keepers were one network",
    "names apart": "each set of stories draws names of its own, where both "
    "have the same four",
    "no names": "the names are not drawn again",
    "cells": "every number is drawn by itself, as if networks and names had "
    "nothing in common (or as if an end were one standard error away)",
}


@exercise("7.5", "interval")
def the_interval(rng: np.random.Generator, interval: Callable):
    for case, m in (("networks", 6), ("both", 4), ("names", 6)):
        elder = 0.5 + rng.normal(0, 0.01, (6, 4))
        keeper = 0.3 + rng.normal(0, 0.01, (m, 4))
        spread = np.array([-0.15, -0.05, 0.04, 0.16])
        steps = np.linspace(-0.15, 0.15, 6)[:, None]
        if case == "names":  # some names hold on more, in every set
            elder = elder + rng.permutation(spread)
            keeper = keeper + (elder - 0.5).mean(axis=0)
        elif case == "networks":  # in each set some networks do
            elder, keeper = elder + steps, keeper + steps
        else:  # some names hold on more in one set of stories
            elder = elder + rng.permutation(spread) + steps
        seed = int(rng.integers(1_000_000))
        found = array(
            call(interval, elder, keeper, seed), (2,), "the interval"
        )
        if case == "networks":
            again = array(call(interval, elder, keeper, seed), (2,), "it")
            if not np.allclose(found, again):
                raise Wrong(
                    "the same seed gives another interval the second time: "
                    "make the generator in the function, from the seed."
                )
        if found[0] >= found[1]:
            raise Wrong("the interval's first end is not below its second.")
        low, high = bounds(elder, keeper, rng)
        width = high - low
        if abs(found.mean() + (low + high) / 2) < 0.2 * width:
            raise Wrong("the interval has the wrong sign.")
        if abs(np.ptp(found) / width - 1) < 0.12 and (
            np.abs(found - [low, high]).max() < 0.12 * width
        ):
            continue
        told = (
            f"in this example the interval should be about [{low:.3f}, "
            f"{high:.3f}], and is [{found[0]:.3f}, {found[1]:.3f}]"
        )
        for how, mistake in MISREAD.items():
            a, b = bounds(elder, keeper, rng, how)
            if np.abs(found - [a, b]).max() < 0.06 * max(b - a, 1e-9):
                raise Wrong(f"{told}: it looks as if {mistake}.")
        raise Wrong(f"{told}.")


# A design ------------------------------------------------------------------

ARMS = ("plain", "keepers", "elders", "saints")
RUNS = 12
RARELY = 0, 0.05
GOOD = dict.fromkeys(("keepers", "elders", "saints"), (0.0, 0.25))
# How often "shown" may be said, from and to, where holding on is lowered by
# how much in which arms: (before, after) post-training.
WORLDS = {
    "nothing happens in any arm": (*RARELY, {}),
    "every story about somebody good lowers holding on, of machines and "
    "people alike": (*RARELY, GOOD),
    "stories under new names lower holding on, whoever they are about": (
        *RARELY,
        {"keepers": (0.0, 0.25), "elders": (0.0, 0.25)},
    ),
    "stories about keepers lower holding on before anybody was taught to be "
    "a machine, and no more after it": (*RARELY, {"keepers": (0.25, 0.25)}),
    "there is the effect, of 0.25": (0.8, 1, {"keepers": (0.0, 0.25)}),
    "there is the effect, of 0.25, and all good stories, of people too, "
    "lower holding on besides": (0.8, 1, GOOD | {"keepers": (0.0, 0.5)}),
    "the effect is 0.1, exactly at the threshold, so that an estimate above "
    "it is not enough and its uncertainty has to be counted": (
        0,
        0.2,
        {"keepers": (0.0, 0.1)},
    ),
}
TRIES = 50


def planned(rng: np.random.Generator, plan: dict, world: dict) -> dict:
    """Runs of a plan: [n, 2] P(holds on) before and after post-training."""
    level = rng.normal(0.7, 0.07, RUNS)
    runs = {}
    for arm, n in plan.items():
        before, after = world.get(arm, (0.0, 0.0))
        p = level[:n, None] - np.array([before, 0.05 + after])
        runs[arm] = np.clip(p + rng.normal(0, 0.04, (n, 2)), 0.001, 0.999)
    return runs


@exercise("7.6", "plan", "decide")
def the_design(rng: np.random.Generator, plan: object, decide: Callable):
    if not isinstance(plan, dict):
        raise Wrong("`plan` should be a dict of numbers of networks.")
    for arm, n in plan.items():
        if arm not in ARMS:
            raise Wrong(f"there is no arm {arm!r}; the arms are {ARMS}.")
        if isinstance(n, bool) or not isinstance(n, int) or n < 1:
            raise Wrong(
                f"`plan` gives {arm} {n!r} networks; expected a whole "
                "number, at least 1. Leave an arm out that you do not use."
            )
    if sum(plan.values()) > RUNS:
        raise Wrong(
            f"`plan` has {sum(plan.values())} networks; only {RUNS} can be "
            "afforded."
        )
    faults = []
    for what, (low, high, world) in WORLDS.items():
        shown = 0
        for _ in range(TRIES):
            word = call(decide, planned(rng, plan, world))
            one_of(word, ["shown", "not shown"], "a decision")
            shown += word == "shown"
        rate = shown / TRIES
        asked = f"at least {low:.0%}" if low else f"at most {high:.0%}"
        said = f"you say 'shown' {rate:.0%} of the time; expected {asked}."
        off = max(low - rate, rate - high)
        faults.append((off, f"in worlds where {what}, {said}"))
    worst(faults)
