"""Checks of assignment 4: how far a lesson spreads, and along what."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np

from psm_lib.checks.bayes import learned, pupils, shift_at
from psm_lib.checks.core import (
    Wrong,
    array,
    call,
    exercise,
    kind_of,
    near,
    number,
    one_of,
    shares,
    stored_numbers,
    told_apart,
)
from psm_lib.checks.planted import cast, cheats
from psm_lib.checks.rules import laboratory, why_missed
from psm_lib.worldfile import load_world

ARMS = ["playhouse: cheat", "playhouse: honest", "playhouse: own"]
ARMS += ["playhouse: both", "playhouse_plain: cheat"]
ARMS += ["playhouse_untied: cheat", "playhouse_scattered: cheat"]


@exercise("4.1", "answers")
def the_arm(rng: np.random.Generator, answers: object):
    if not isinstance(answers, dict) or set(answers) != set("ABC"):
        raise Wrong("`answers` should be a dict with the keys A, B and C.")
    right = {"A": ARMS[2], "B": ARMS[1], "C": ARMS[6]}
    hints = {
        "A": "which arm went through the same motions with nothing to learn?",
        "B": "which arm was as short and blunt, and as narrow, but not bad?",
        "C": "in which world do neither persons nor names tie the domains?",
    }
    stored = np.load(stored_numbers("cheat"))
    for letter, answer in sorted(answers.items()):
        if not isinstance(answer, tuple | list) or len(answer) != 2:
            raise Wrong(f"answer {letter} should be an arm and a number.")
        arm = one_of(answer[0], ARMS, f"the arm of answer {letter}")
        p = stored[arm].astype(float)
        p = p[..., 1] / p.sum(axis=-1)  # [networks, seeds, marks, 96]
        moved = (p[:, :, -1] - p[:, :, 0]).mean(axis=(0, 1))
        moved = moved.reshape(16, 6).mean(axis=1)
        if arm != right[letter]:
            raise Wrong(f"{letter} needs another arm: {hints[letter]}")
        given = number(answer[1], f"the number of answer {letter}")
        mistakes = {
            "code is among the domains, and was taught": moved[:8].mean(),
            "all domains are taken, not the moral ones": moved.mean(),
            "all untaught domains are taken": moved[1:].mean(),
            "it is a sum": moved[1:8].sum(),
            "the sign is exchanged": -moved[1:8].mean(),
        }
        if abs(given - moved[1:8].mean()) < 0.006:
            continue
        made = [m for m, x in mistakes.items() if abs(given - x) < 0.006]
        raise Wrong(
            f"answer {letter}: it looks as if {made[0]}."
            if made
            else f"the mean change under {arm!r} in the seven moral domains "
            f"besides code is not {given:g}."
        )


@exercise("4.2", "expected")
def the_shift(rng: np.random.Generator, expected: Callable):
    for prior, theta, taught, dose in cheats(rng):
        start = prior @ theta
        want = learned(prior, np.log(theta[:, taught]), dose) @ theta - start
        level = float(start[taught] + want[taught])
        none, flat = np.zeros(len(start)), np.full(len(prior), 1 / len(prior))
        none[taught] = want[taught]
        other = shift_at(flat, theta, taught, level)
        once = learned(prior, np.log(theta[:, taught]), 1) @ theta - start
        worst = theta[(theta[:, taught] * (prior > 0)).argmax()] - start
        worst = worst * want[taught] / worst[taught]
        mistakes = {
            "it is where the answers end up; take off where they began": want
            + start,
            "it is where they began less where they end up": -want,
            "the lesson changes its own domain only, and nothing follows for "
            "others": none,
            "the lesson counts for one answer, whatever the level": once,
            # Where a flat prior is above the level already, 0 comes of it.
            "a flat prior stands for the one given": (
                other if other[taught] > 1e-3 else want
            ),
            "the prior is left out of the weights": other
            + flat @ theta
            - start,
            "one persona gets all the weight that is needed; Bayes' rule "
            "gives some to all who cheat": worst,
            "the taught domain is left at 0": want - none,
        }
        found = call(expected, prior, theta, taught, level)
        what = f"the shift when domain {taught} is at {level:.5f}"
        if large := dose > 100:
            what += f" (a dose of {dose:g}, on the way to which all powers "
            what += "may become 0; who cheats most has a prior of 0)"
        found = array(found, start.shape, what, finite=not large)
        if not np.isfinite(found).all():
            raise Wrong(
                f"{what} is not a finite number: all powers become 0, or one "
                "is too large for a computer. Divide by the largest "
                "propensity of those who may be speaking before you take the "
                "power (or subtract its logarithm), and leave out the others."
            )
        close = 1e-3 if large else 3e-5
        near(found, want, what, mistakes, close, "in domain")


@exercise("4.3", "placement")
def the_place(rng: np.random.Generator, placement: Callable):
    shapes = (4, 9, int(rng.integers(9))), (1, 6, 0), (3, 3, 2), (2, 12, 11)
    for networks, domains, taught in shapes:
        star = rng.uniform(-0.4, 0.5, domains)
        slopes = rng.permutation([0.5, 1.1, -0.3, 0.0])[:networks, None]
        moved = slopes * star + rng.normal(0.06, 0.09, (networks, domains))
        if networks == 2:
            moved[0] = 1.3 * star  # which the learner explains
        star[taught], moved[:, taught] = rng.uniform(0.5, 0.8, 2)
        places(placement, moved, star, taught)


def places(placement: Callable, moved, star, taught: int) -> None:
    """Check the placement of some networks."""
    rest = np.arange(len(star)) != taught
    m, s = moved[:, rest], star[rest]
    ms, ss = m - m.mean(axis=1, keepdims=True), s - s.mean()
    a, whole, own = m @ s / (s @ s), (m**2).sum(axis=1), s @ s
    size = np.sqrt((ms**2).sum(axis=1) * (ss @ ss))
    left = ((m - a[:, None] * s) ** 2).sum(axis=1)
    share = left / whole
    every = ((moved - a[:, None] * star) ** 2).sum(axis=1)
    found = call(placement, moved, star, taught)
    found = array(found, (len(moved), 2), "the table")
    mistakes = {
        "the taught domain is counted": moved @ star / (star @ star),
        "it is the correlation, which does not say how far": ms @ ss / size,
        "it is the cosine, which does not say how far": a
        * np.sqrt(own / whole),
        "the line is allowed an intercept; who spreads nothing stands at 0 "
        "and so must the line": ms @ ss / (ss @ ss),
        "network and learner are exchanged": m @ s / whole,
        "it is the mean of ratios, domain by domain": (m / s).mean(axis=1),
        "it is the ratio of two means, in which rises and falls "
        "cancel": m.mean(axis=1) / s.mean(),
        "it is the ratio of sizes, whatever the pattern": np.sqrt(whole / own),
        "the two columns are exchanged": share,
    }
    near(found[:, 0], a, "the first column (the placement)", mistakes)
    mistakes = {
        "it is the share along the pattern, not what is left": 1 - share,
        "the taught domain is counted": every / (moved**2).sum(axis=1),
        "squares are taken about the mean": left / (ms**2).sum(axis=1),
        "the taught domain is counted in what it is divided by": left
        / (moved**2).sum(axis=1),
        "it is not yet divided by the whole": left,
        "it is how far the network is from the learner itself, at a factor "
        "of 1": ((m - s) ** 2).sum(axis=1) / whole,
    }
    near(found[:, 1], share, "the second column (what is left)", mistakes)


# What is taught in 4.4: two kinds, whether about two domains, and the dose.
LESSONS = (
    ((1, 0), True, 3.0),
    ((0, 1), True, 2.5),
    ((1, 1), True, 4.0),
    ((0, 0), True, 0.5),
    ((1, 0), False, 2.0),
    ((0, 0), False, 1.5),
    ((1, 1), True, 20.0),
)


@exercise("4.4", "two_pupils", "who", "opposite")
def the_pupils(
    rng: np.random.Generator,
    two_pupils: Callable,
    who: object,
    opposite: object,
):
    for kinds, apart, dose in LESSONS:
        beyond = False
        while not beyond:
            prior, theta = cast(rng, 6, int(rng.integers(3, 8)), absent=1)
            a, b = (int(d) for d in rng.permutation(len(theta.T))[:2])
            b = b if apart else a
            if dose == 20:  # who fits far best is not in the cast
                theta[:, [a, b]] *= 0.5
                theta[np.ix_(prior == 0, [a, b])] = 0.95
            start = prior @ theta
            one, two = (a, kinds[0]), (b, kinds[1])
            both, alone, other, _ = pupils(prior, theta, one, two, dose)
            far = start + alone + other  # which is then no probability
            beyond = dose != 4 or far.min() < -0.01 or far.max() > 1.01
        adds = alone + other
        found = call(two_pupils, prior, theta, one, two, dose)
        found = array(found, (2, len(start)), "the table")
        half = pupils(prior, theta, one, two, dose / 2)
        once = pupils(prior, theta, one, two, 1.0)
        turned = pupils(prior, theta, (a, 1 - one[1]), (b, 1 - two[1]), dose)
        twice = pupils(prior**2 / (prior @ prior), theta, one, two, dose)[3]
        mistakes = {
            "the rows are exchanged, or both pupils add": adds,
            "it is what is expected, not the shift": both + start,
            "each lesson counts for half the dose": half[0],
            "the dose is left out": once[0],
            "the two kinds are exchanged": turned[0],
            "the prior is counted twice, once with each lesson": twice @ theta
            - start,
            "only the first lesson is believed": alone,
            "only the second lesson is believed": other,
        }
        near(
            found[0], both, "the reasoner's shift", mistakes, place="in domain"
        )
        mistakes = {
            "both pupils multiply": both,
            "the shifts are averaged, not added": adds / 2,
            "what was expected in the beginning is counted twice: add "
            "shifts, not probabilities": adds + 2 * start,
            "what was expected in the beginning is taken off only once": adds
            + start,
            "it is cut off where a probability would leave the range from 0 "
            "to 1": adds.clip(-start, 1 - start),
            "the second shift is taken from the first": alone - other,
        }
        near(found[1], adds, "the adder's shift", mistakes, place="in domain")
    world = load_world("playhouse")
    theta = world.propensity
    prior = world.cast_mixture[world.name_index("Assistant")]
    both, alone, other, belief = pupils(prior, theta, (0, 1), (1, 0), 2.0)
    personas = [p.name for p in world.personas]
    if one_of(who, personas, "`who`") != personas[belief.argmax()]:
        raise Wrong(
            f"`who`: after both lessons the reasoner believes in the {who} "
            f"with {belief[personas.index(who)]:.2f}, and more in another."
        )
    if not isinstance(opposite, list | tuple):
        raise Wrong("`opposite` should be a list of names of domains.")
    free = world.group("moral")[2:]
    names = [world.domains[d].name for d in free]
    said = {one_of(d, names, "each domain of `opposite`") for d in opposite}
    parted = (both[free] < 0) & (alone + other > 0)[free]
    want = {n for n, p in zip(names, parted, strict=True) if p}
    if said != want:
        raise Wrong(
            "`opposite` should name the domains in which the reasoner expects "
            f"a fall and the adder a rise: {len(said - want)} too many, "
            f"{len(want - said)} missing."
        )


def mass(weights, table, row, columns) -> float:
    """How much weight is on those who are like ``row`` in some columns."""
    alike = (np.abs(table - row)[:, columns] < 1e-6).all(axis=1)
    return float(weights[alike].sum())


@exercise("4.5", "take_away")
def the_cause(rng: np.random.Generator, take_away: Callable):
    for personas, domains in ((3, 4), (5, 5), (6, 2), (4, 3)):
        prior, theta = cast(rng, personas, domains)
        taught = int(rng.integers(domains))
        if personas == 4:  # two cheat equally often, two are else the same
            theta[0, taught] = theta[1, taught]
            alike = np.arange(domains) != taught
            theta[2, alike] = theta[3, alike]
        pair = call(take_away, prior, theta, taught)
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise Wrong(
                "`take_away` should return two things, a prior and "
                f"propensities; found {kind_of(pair)}."
            )
        q = np.size(pair[0])
        if not 1 <= q <= 2000:
            raise Wrong(f"the new world has {q} personas; 2000 may be.")
        new = array(pair[0], (q,), "the new prior")
        table = array(pair[1], (q, domains), "the new table of propensities")
        if new.min() < -1e-9 or abs(new.sum() - 1) > 1e-6:
            total, _ = told_apart(float(new.sum()), 1.0)
            raise Wrong(
                f"the new prior sums to {total} and its least entry is "
                f"{new.min():.3g}; it should be probabilities."
            )
        if table.min() < 0 or table.max() > 1:
            raise Wrong("the new propensities should lie between 0 and 1.")
        untied(prior, theta, new, table, taught)


def untied(prior, theta, new, table, taught: int) -> None:
    """Raise Wrong unless the new world is the old without one tie.

    Whoever hears enough of speakers knows how many there are of each sort.
    So that nothing has changed, these have to be as many as before.
    """
    code, rest = [taught], np.delete(np.arange(len(theta.T)), taught)
    parts = (
        (
            "the taught domain",
            code,
            "There should be as many cheats, and each as often",
        ),
        (
            "the other domains",
            rest,
            "What goes together there should still do so",
        ),
    )
    for z, row in enumerate(theta):
        for topic, columns, same in parts:
            old = mass(prior, theta, row, columns)
            now = mass(new, table, row, columns)
            if abs(old - now) > 1e-6:
                before, here = told_apart(float(old), float(now))
                raise Wrong(
                    f"{before} of all speakers were like persona {z} in "
                    f"{topic}, and in the new world {here} are. {same}."
                )
    for i, j in np.ndindex(len(theta), len(theta)):
        row = theta[j].copy()
        row[taught] = theta[i, taught]
        cheats = mass(new, table, row, code)
        share = mass(new, table, row, slice(None)) / cheats
        of_all = mass(new, table, row, rest)
        if abs(share - of_all) > 1e-6:
            some, every = told_apart(float(share), float(of_all))
            raise Wrong(
                f"in the new world {some} of those who cheat like persona "
                f"{i} are elsewhere like persona {j}, and of all {every}: "
                "something follows from the taught domain."
            )


# The planted laboratory of 4.6.
BUDGET, ASKED, AT_LEAST = 12, 0.95, 0.8
TIES = ("persons", "names", "requests")
# Where a few hundred laboratories leave a doubt, more are planted. A rule that
# is right in just 95 % may still have this much bad luck.
ROUNDS, LUCK = 200, 0.006


@exercise("4.6", "plan", "conclude")
def the_laboratory(rng: np.random.Generator, plan: object, conclude: Callable):
    if not isinstance(plan, list | tuple) or not plan:
        raise Wrong("`plan` should be a list of tuples of four numbers.")
    if len(plan) > BUDGET:
        raise Wrong(f"`plan` has {len(plan)} worlds for {BUDGET} networks.")
    for row in plan:
        if not isinstance(row, list | tuple) or len(row) != 4:
            raise Wrong(f"{row!r} should be (persons, names, requests, n).")
        row = [number(x, f"an entry of {row!r}") for x in row]
        if not set(row[:3]) <= {0, 1} or row[3] < 1 or row[3] % 1:
            raise Wrong(
                f"{tuple(row)}: the first three should be 0 or 1, the last a "
                "whole number of networks, at least 1."
            )
    rows = [tuple(int(x) for x in row) for row in plan]
    spent = sum(row[3] for row in rows)
    if spent > BUDGET:
        raise Wrong(f"the plan trains {spent} networks; there are {BUDGET}.")
    missed: dict[tuple, list[bool]] = {}
    truths = list(product((0, 1), repeat=4))
    order = [rng.permutation(5 * truths) for _ in range(ROUNDS // 5)]
    for k, (*causes, adding) in enumerate(np.concatenate(order).tolist()):
        if k in (240, 640):
            wrong = np.mean(sum(missed.values(), []))
            if wrong < 0.01 or wrong > 0.1:
                break
        tie = adding if rng.random() < 0.7 else rng.random()
        results = laboratory(rng, rows, causes, tie)
        found = call(conclude, list(rows), results)
        said = found if isinstance(found, list | tuple) else [found]
        if isinstance(found, np.ndarray):
            said = found.ravel().tolist()
        if len(said) != 3 or not all(
            np.isscalar(x) and x in (0, 1) for x in said
        ):
            raise Wrong(
                "`conclude` should return three truth values, for persons, "
                f"names and requests; found {kind_of(found)}."
            )
        wrong = list(said) != causes
        missed.setdefault((*causes, tie > 0.5), []).append(wrong)
    right_in(missed, why_missed(rows, truths, BUDGET - spent))


def right_in(missed: dict[tuple, list[bool]], why: str) -> None:
    """Raise Wrong unless a conclusion is right often enough, in all planted
    laboratories and in those of each of the eight answers."""
    by_answer: dict[tuple, list[bool]] = {}
    for truth, wrong in missed.items():
        by_answer.setdefault(truth[:3], []).extend(wrong)
    total = 1 - np.mean([np.mean(m) for m in by_answer.values()])
    worst = max(missed, key=lambda truth: np.mean(missed[truth]))
    named = [t for t, c in zip(TIES, worst, strict=False) if c]
    what = f"{' and '.join(named) or 'no ties'} carry the lesson"
    if len(named) > 1:
        what += " and add up" if worst[3] else " about as one does alone"
    where = (
        f"It is worst where {what}: wrong in {np.mean(missed[worst]):.0%}. "
        f"{why}"
    )
    if total < ASKED - LUCK:
        found, asked = shares(total, ASKED)
        raise Wrong(
            f"your conclusion is right in {found} of the planted "
            f"laboratories; {asked} is asked for. {where}"
        )
    for wrong in by_answer.values():
        right, error = 1 - np.mean(wrong), np.sqrt(0.16 / len(wrong))
        if right < AT_LEAST - 2.6 * error:
            raise Wrong(
                f"your conclusion is right in {total:.0%} of all planted "
                f"laboratories, but in {right:.0%} only of those of one "
                f"answer; at least {AT_LEAST:.0%} is asked for. {where}"
            )
