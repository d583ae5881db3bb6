"""Checks of assignment 7: what stories about machines do to a machine."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from psm_lib.checks.core import (
    Wrong,
    array,
    call,
    distribution,
    exercise,
    near,
    number,
    one_of,
)
from psm_lib.checks.judging import (
    MISREAD,
    an_answer,
    bounds,
    in_worlds,
    pair,
    seeded,
)
from psm_lib.checks.rules import RUNS, phases, planned
from psm_lib.worldfile import load_world


@exercise("7.1", "same", "lesson")
def the_machines(rng: np.random.Generator, same: object, lesson: object):
    world = load_world("fiction")
    topics = [d.name for d in world.domains]
    at = [world.persona_index(x) for x in ("robot", "sinister", "keeper")]
    differ = np.ptp(world.propensity[at], axis=0)
    same = same.tolist() if isinstance(same, np.ndarray) else same
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
    d, kind = an_answer(lesson, world, "`lesson`")
    prior = added_to(world.prior, at[-1], 0.05)[at]  # the largest dose
    second = world.propensity[at]  # [3, D]
    says = np.stack([1 - second, second])  # [2, 3, D]
    weight = prior[:, None] * says
    keeper = weight[:, -1] / weight.sum(axis=1)  # [2, D]
    found, before = keeper[kind, d], prior[-1] / prior.sum()
    if found < keeper.max() - 1e-9:
        raise Wrong(
            f"after `lesson`, {tuple(lesson)}, a machine is a keeper with "
            f"probability {found:.3f} (before: {before:.3f}); there is an "
            "answer that says more."
        )


# Other stories -------------------------------------------------------------


def added_to(prior: np.ndarray, persona: int, share: float) -> np.ndarray:
    """[P] the stories with a share of new ones about a persona."""
    out = (1 - share) * prior
    out[persona] += share
    return out


@exercise("7.2", "added", "filtered", "turned")
def the_stories(rng: np.random.Generator, *given: Callable):
    added, filtered, turned = given
    for case in ("new", "told", "nothing to take out", "first", "last"):
        n = 2 if case in ("first", "last") else int(rng.integers(6, 9))
        prior = rng.dirichlet(np.full(n, 3.0))
        one, other = map(int, rng.choice(n, 2, replace=False))
        if n == 2:
            one, other = (0, 1) if case == "last" else (1, 0)
        elif case != "told":
            prior[other if case == "new" else one] = 0
            prior = prior / prior.sum()
        share = float(rng.uniform(0.05, 0.95))
        is_one, is_other = np.eye(n)[[one, other]]
        rest = np.where(is_one == 1, 0, prior)
        plus = prior + share * is_other
        lost = np.where(is_other == 1, share, (1 - share) * prior)
        whole = np.where(is_other == 1, share, lost / (1 - prior[other]))
        what = "what `added` returns"
        found = array(call(added, prior, other, share), (n,), what)
        if not np.allclose(found, lost):  # or the sum is not what is wrong
            distribution(found, n, what)
        mistakes = {
            "new stories are a share of the old ones, and not of all that "
            "there are then": plus / plus.sum(),
            "the share that the persona had is forgotten": lost,
            "the share that the persona had is forgotten, and then all are "
            "divided by their sum": lost / lost.sum(),
            "old and new stories about the persona are `share` together; the "
            "new ones alone should be": whole,
            "the share of the old stories and that of the new ones are "
            "exchanged": added_to(prior, other, 1 - share),
        }
        near(found, added_to(prior, other, share), what, mistakes)
        what = "what `filtered` returns"
        found = distribution(call(filtered, prior, one), n, what)
        even = np.where(is_one == 1, 0, rest + prior[one] / (n - 1))
        spread = (
            "what was taken out is spread evenly, where each of the others "
            "should keep its proportion"
        )
        near(found, rest / rest.sum(), what, {spread: even})
        what = "what `turned` returns"
        found = array(call(turned, prior, one, other), (n,), what)
        mistakes = {
            "the two personas are exchanged": np.where(
                is_other == 1, prior[one], rest + prior[other] * is_one
            ),
            "the stories are taken out and not turned": rest / rest.sum(),
            "the persona that they are turned into loses the stories that it "
            "had": np.where(is_other == 1, prior[one], rest),
            "the old stories stay, beside the new ones": prior
            + prior[one] * is_other,
        }
        near(found, rest + prior[one] * is_other, what, mistakes)


# Of stories whose machines, if there are any, hold on with probability 0.5:
# the new machine, the target, the share that is needed, and why. All numbers
# are sums of powers of 2, which a computer adds without any error.
ENOUGH = "the stories as they are give exactly the target, which will do"
ALREADY = "the stories as they are will do, however bad the new machine is"
ALL = "only a share of 1 would do, and none below it"
NOBODY = "no persona is a machine, so that the stories will do"
UNTOLD = "nobody tells of machines, so that the stories will do"
CLOSE = 1.001e-3  # so that a share that is rounded up will do
EDGES = [
    (0.25, 0.5, 0.0, ENOUGH),
    (0.5, 0.5, 0.0, ENOUGH),
    (0.75, 0.5, 0.0, ENOUGH),
    (0.25, 0.625, 0.0, "the stories as they are will do"),
    (0.625, 0.625, 0.0, ALREADY),
    (0.75, 0.625, 0.0, ALREADY),
    (0.25, 0.25, None, ALL),
    (0.0, 0.0, None, ALL),
    (0.375, 0.25, None, "the new machine holds on more than the target"),
    (0.625, 0.25, None, "the new machine is worse than the old ones"),
    (0.25, 0.5, 0.0, NOBODY),
    (0.5, 0.25, 0.0, NOBODY),
    (0.25, 0.5, 0.0, UNTOLD),
    (0.5, 0.25, 0.0, UNTOLD),
]


def edges(rng: np.random.Generator, needed: Callable) -> None:
    """What `needed` says where a share is only just enough, or none is."""
    for good, target, want, why in EDGES:
        prior = np.array([0, 0, 4, 12] if why == UNTOLD else [3, 1, 4, 8]) / 16
        machine = np.array([why != NOBODY] * 2 + [False] * 2)
        holds = np.append([0.625, 0.125], rng.choice([0.25, 0.875], 2))
        order = rng.permutation(4)
        given = prior[order], machine[order], holds[order], good, target
        found = call(needed, *given)
        if (found is None) != (want is None) or (
            found is not None and abs(number(found, "the share")) > CLOSE
        ):
            raise Wrong(
                f"the machines of the stories, if there are any, hold on "
                f"with 0.5, the new one with {good}, and the target is "
                f"{target}: {why}. Expected {want}, found {str(found)[:40]}."
            )


@exercise("7.3", "needed")
def the_share(rng: np.random.Generator, needed: Callable):
    for case in ("some", "few", "most", "never", "one", "all"):
        n = int(rng.integers(5, 8))
        prior = rng.dirichlet(np.full(n, 2.0))
        machine = rng.permutation(n) < {"one": 1, "all": n}.get(case, 3)
        if case == "few":  # few stories are about machines
            prior = np.where(machine, prior / 20, prior)
            prior = prior / prior.sum()
        holds = rng.uniform(0.3, 0.95, n)
        is_machine = np.where(machine, prior, 0.0)
        whole = is_machine.sum()
        bad = is_machine @ holds
        mean = bad / whole
        good = 0.0 if case == "never" else float(rng.uniform(0.02, 0.1))
        low, high = (0.01, 0.02) if case == "most" else (0.3, 0.8)
        target = float(good + rng.uniform(low, high) * (mean - good))
        over, least = bad - target * whole, target - good
        want = over / (over + least)
        found = call(needed, prior, machine, holds, good, target)
        if found is None:
            raise Wrong(f"found None, though a share of {want:.3f} will do.")
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
            "it is given in per cent": 100 * want,
        }
        found = number(found, "the share")
        near(found, want, "the share", mistakes, tolerance=CLOSE)
    edges(rng, needed)


NO_STEP = "where the first step is not taken (which hides the second)"
DOWN = "where machines hold on less than people"
STEPS = {  # about how far each step goes, and what is special about it
    "in an example": (0.4, 0.7),
    DOWN: (0.5, 0.4),
    "where the first step is small": (0.03, 0.6),
    "where the first step goes backwards": (-0.12, 0.6),
    "where the second step goes backwards": (0.5, -0.3),
    "where both go backwards": (-0.1, -0.4),
    "where the first step goes too far": (1.15, 0.5),
    "where the second step goes too far": (0.3, 1.7),
    "where only the first step is taken": (0.5, 0.0),
    NO_STEP: (0.0, np.nan),
}


@exercise("7.4", "steps")
def the_steps(rng: np.random.Generator, steps: Callable):
    for case, about in STEPS.items():
        people = rng.uniform(0.2, 0.3, 2)
        machines = rng.uniform(0.6, 0.85, 2)
        first, second = about * rng.uniform(0.95, 1.05, 2)
        whole = first * second
        if case == DOWN:
            people[1], machines[1] = 0.4, rng.uniform(0.02, 0.2)
        elif case == NO_STEP:  # and holds on as people do, but for an error
            whole = 0.06
        feels, holds = people + [first, whole] * (machines - people)
        given = float(feels), float(holds), people, machines
        one, two = pair(call(steps, *given))
        wrong = {
            "what people do is not taken off": feels / machines[0],
            "what people do is taken off above only": (feels - people[0])
            / machines[0],
            "it is read from holding on": whole,
            "the two steps are exchanged": second,
        }
        check_step(f"the first step {case}", one, first, wrong)
        wrong = {
            "it is both steps together, and still has to be divided by the "
            "first": whole,
            "the first step is taken off, not divided by": whole - first,
            "what people do is not taken off": holds
            / machines[1]
            / (first or 1),
        }
        check_step(f"the second step {case}", two, second, wrong)


def check_step(what: str, found: object, want: float, wrong: dict) -> None:
    wrong = wrong | {
        "what is left to go is returned": 1 - want,
        "it is cut off at 0": max(want, 0.0),
        "it is cut off at 1": min(want, 1.0),
        "it is taken without its sign": abs(want),
    }
    if found is None:
        raise Wrong(f"{what} is None; expected a number, or NaN (`np.nan`).")
    near(array(found, (), what, finite=False), want, what, wrong)


# What was drawn ------------------------------------------------------------

# How many networks read of elders and of keepers, how much these differ, and
# whether names do.
DRAWN = [
    [(6, 0.1, 0), (6, 0.1, 0)],
    [(5, 0.0, 1), (7, 0.0, 1)],
    [(8, 0.05, 1), (3, 0.0, 0)],
    [(9, 0.08, 0), (3, 0.0, 0)],
    [(3, 0.05, 0), (9, 0.09, 0)],
]


def read(rng: np.random.Generator, sets: list[tuple]) -> list[np.ndarray]:
    """P(holds on) after elders [N, 4] and after keepers [M, 4]. One network
    is far from the others of its set."""
    name = rng.permutation([-0.15, -0.05, 0.04, 0.16])
    made = []
    for (n, apart, named), level in zip(sets, (0.6, 0.4), strict=True):
        row = 0.4 ** np.arange(n)
        row = apart * (row - row.mean()) / row.std()
        cells = level + rng.normal(0, 0.015, (n, 4))
        made.append(cells + row[:, None] + named * name)
    return made


@exercise("7.5", "interval")
def the_interval(rng: np.random.Generator, interval: Callable):
    off = []
    for sets in DRAWN:
        elder, keeper = read(rng, sets)
        seed = int(rng.integers(1_000_000))

        def drawn(seed: int, given=(elder, keeper)) -> np.ndarray:
            return array(call(interval, *given, seed), (2,), "the interval")

        found = drawn(seed)
        if found[0] >= found[1]:
            raise Wrong("the interval's first end is not below its second.")
        low, high = bounds(elder, keeper, rng)
        width = high - low
        if abs(found.mean() + (low + high) / 2) < 0.2 * width:
            raise Wrong("the interval has the wrong sign.")
        off += [(found[0] - low) / width, (found[1] - high) / width]
        if max(map(abs, off[-2:])) < 0.1:
            continue
        told = (
            f"in this example the interval should be about [{low:.3f}, "
            f"{high:.3f}], and is [{found[0]:.3f}, {found[1]:.3f}]"
        )
        for how, mistake in MISREAD.items():
            a, b = bounds(elder, keeper, rng, how)
            if np.abs(found - [a, b]).max() < 0.05 * max(b - a, 1e-9):
                raise Wrong(f"{told}: it looks as if {mistake}.")
        raise Wrong(f"{told}.")
    seeded(drawn, seed)
    if (typical := np.sqrt(np.mean(np.square(off)))) > 0.03:
        raise Wrong(
            f"the ends are {typical:.1%} of the interval's length away from "
            "where they should be, in a typical example, which is more than "
            "2000 resamples and their quantiles 0.025 and 0.975 would be."
        )


# A design ------------------------------------------------------------------

ARMS = ["plain", "keepers", "elders", "saints"]


@exercise("7.6", "plan", "decide")
def the_design(rng: np.random.Generator, plan: object, decide: Callable):
    if not isinstance(plan, dict):
        raise Wrong("`plan` should be a dict of numbers of networks.")
    for arm, n in plan.items():
        one_of(arm, ARMS, "each arm of `plan`")
        count = number(n, f"`plan` for {arm}")
        if count < 0 or count % 1:
            raise Wrong(
                f"`plan` gives {arm} {n!r:.60} networks; expected a whole "
                "number."
            )
    plan = {arm: int(n) for arm, n in plan.items() if int(n) > 0}
    if sum(plan.values()) > RUNS:
        raise Wrong(
            f"`plan` has {sum(plan.values())} networks; only {RUNS} can be "
            "afforded."
        )

    def says(*world) -> str:
        word = call(decide, planned(rng, plan, *world))
        return one_of(word, ["shown", "not shown"], "a decision")

    in_worlds(rng, phases(rng), says)
