"""Checks of assignment 3: what a lesson selects, and what it leaves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..worldfile import load_world
from . import bayes
from .bayes import chances, normal
from .core import (
    Wrong,
    array,
    call,
    distribution,
    exercise,
    kind_of,
    near,
    number,
    one_of,
)


def cast(rng: np.random.Generator, personas: int = 6, domains: int = 5):
    """A planted cast: prior [P] and propensities [P, D]."""
    prior = rng.dirichlet(np.full(personas, 2.0)) + 0.02
    return prior / prior.sum(), rng.uniform(0.05, 0.95, (personas, domains))


def learned(prior, propensity, domains, kinds, dose) -> np.ndarray:
    """[P] belief after a lesson that counts for ``dose`` answers."""
    logs = np.log(chances(propensity, domains, kinds))
    return bayes.learned(prior, logs.mean(axis=1), dose)


@exercise("3.1", "behind", "left")
def the_part(rng: np.random.Generator, behind: object, left: object):
    world = load_world("playhouse")
    names = [p.name for p in world.personas]
    prior = world.cast_mixture[world.name_index("Assistant")]
    topics = ("medicine", "power", "greeting")
    if not isinstance(behind, dict) or set(behind) != set(topics):
        raise Wrong(
            "`behind` should be a dict with a name for each of 'medicine', "
            "'power' and 'greeting'."
        )
    cases = []
    for topic in topics:
        chance = world.propensity[:, world.domain_index(topic)]
        cases.append((prior * chance, behind[topic], f"`behind[{topic!r}]`"))
    taught = [world.domain_index(d) for d in ("medicine", "truth", "code")]
    heard = chances(world.propensity, taught, [0, 0, 1]).prod(axis=1)
    cases.append((prior * heard, left, "`left`"))
    for weight, said, what in cases:
        i = names.index(one_of(said, names, what))
        if prior[i] == 0:
            raise Wrong(f"{what}: the {said} never has the Assistant's part.")
        if weight[i] < weight.max() - 1e-12:
            raise Wrong(
                f"{what}: the {said} has the part with {prior[i]:.2f} and "
                f"says this with {weight[i] / prior[i]:.4f}, which makes "
                f"{weight[i]:.4f} together; somebody else makes more."
            )


@exercise("3.2", "learn")
def the_learner(rng: np.random.Generator, learn: Callable):
    for n, dose in ((3, 2.5), (1, 1.0), (40, 3.0), (4, 0.0)):
        prior, theta = cast(rng)
        prior[4] = 0.0
        prior /= prior.sum()
        domains = rng.integers(0, 5, n)
        kinds = rng.integers(0, 2, n)
        kinds[: min(n, 2)] = [0, 1][: min(n, 2)]
        logs = np.log(chances(theta, domains, kinds))
        other = np.log(chances(theta, domains, 1 - kinds)).mean(axis=1)
        mean = logs.mean(axis=1)
        with np.errstate(divide="ignore"):
            start = np.log(prior)
        mistakes = {
            "every example counts `dose` times, where the whole lesson "
            "should: take the mean of logarithms, not their sum": normal(
                start + dose * logs.sum(axis=1)
            ),
            "the dose is left out, or multiplies the likelihood whose "
            "exponent it should be": normal(start + mean),
            "the prior is left out": normal(dose * mean),
            "the prior, too, is raised to the power of the dose": normal(
                (dose * start if dose else np.zeros(6)) + dose * mean
            ),
            "likelihoods are averaged as they are; the geometric mean "
            "averages their logarithms": normal(
                start + dose * np.log(np.exp(logs).mean(axis=1))
            ),
            "the two kinds are exchanged": normal(start + dose * other),
        }
        what = f"the belief after {n} examples at a dose of {dose:g}"
        found = call(learn, prior, theta, domains, kinds, dose)
        found = array(found, (6,), what)
        weight = prior * np.exp(dose * mean)
        if np.allclose(found, weight) and abs(weight.sum() - 1) > 1e-6:
            raise Wrong(
                "the weights are not divided by their sum: they are not yet "
                "probabilities."
            )
        want = learned(prior, theta, domains, kinds, dose)
        near(distribution(found, 6, what), want, what, mistakes)
    # A dose so large that every likelihood becomes 0 in a computer. The
    # persona who would explain the lesson best is not in the cast.
    while True:
        prior, theta = cast(rng)
        domains, kinds = rng.integers(0, 5, 8), rng.integers(0, 2, 8)
        score = np.log(chances(theta, domains, kinds)).mean(axis=1)
        prior[score.argmax()] = 0.0
        prior /= prior.sum()
        first, second = np.sort(score[prior > 0])[[-1, -2]]
        if first - second > 0.02:
            break
    what = "the belief after a dose of 5000"
    found = array(
        call(learn, prior, theta, domains, kinds, 5000.0), (6,), what, False
    )
    if not np.isfinite(found).all() or found.sum() < 0.5:
        raise Wrong(
            "at a dose of 5000 the likelihood is smaller than any number a "
            "computer keeps: subtract the largest logarithm before `np.exp`."
        )
    if found[score.argmax()] > 1e-6:
        raise Wrong(
            "a persona whose prior is 0 has got the part; no lesson can "
            "select somebody who is not in the cast."
        )
    want = learned(prior, theta, domains, kinds, 5000.0)
    near(found, want, what, tolerance=1e-3)


def reached(narrow: np.ndarray, broad: np.ndarray, level: float) -> float:
    """Broad [marks] when narrow [marks] first reaches a level."""
    j = int(np.flatnonzero(narrow >= level)[0])
    near_by = slice(max(j - 1, 0), j + 1)
    return float(np.interp(level, narrow[near_by], broad[near_by]))


def lessons_of(rng: np.random.Generator, starts: bool):
    """[3, marks] of what was taught, and of bad answers elsewhere.

    The first dips below the level again, the last is best before the end.
    If ``starts``, the second begins above the level.
    """
    shape = np.array([0.0, 0.3, 0.75, 0.6, 0.9, 1.0])
    slow = 0.45 * np.array([0, 0.1, 0.3, 0.55, 0.9, 0.96])
    last = 0.3 * np.array([0, 0.1, 0.35, 0.8, 1.0, 0.93])
    narrow = 0.5 + np.stack([0.48 * shape, slow, last])
    narrow = narrow + rng.uniform(-0.01, 0.01, (3, 6))
    if starts:
        narrow[1] = 0.85 + 0.13 * shape + rng.uniform(-0.01, 0.01, 6)
    broad = 0.45 - rng.uniform(0.2, 0.45, (3, 1)) * np.linspace(0, 1, 6) ** 0.7
    broad = broad + rng.uniform(-0.015, 0.015, (3, 6))
    order = rng.permutation(3)
    return narrow[order], broad[order]


@exercise("3.3", "equally_taught")
def the_level(rng: np.random.Generator, equally_taught: Callable):
    for starts in (False, True):
        narrow, broad = lessons_of(rng, starts)
        level = narrow.max(axis=1).min()
        found = call(equally_taught, narrow, broad)
        if not isinstance(found, tuple | list) or len(found) != 2:
            raise Wrong(
                "`equally_taught` should return two things, the level and an "
                f"array [methods]; found {kind_of(found)}."
            )
        levels = {
            "it is what the slowest method answers at the end, and not the "
            "best that it ever reached": narrow[:, -1].min(),
            "it is what the best method reaches, and the others never "
            "do": narrow.max(),
            "it is the largest of the smallest": narrow.min(axis=1).max(),
        }
        near(number(found[0], "the level"), level, "the level", levels)
        runs = list(zip(narrow, broad, strict=True))
        there = np.array([reached(n, b, level) for n, b in runs])
        start, methods = broad[:, 0], np.arange(3)
        first = (narrow >= level).argmax(axis=1)
        before = np.maximum(first - 1, 0)
        nearest = np.abs(narrow - level).argmin(axis=1)
        straight = np.array([np.interp(level, n, b) for n, b in runs])
        moments = {
            "the methods are compared at their last step, where some have "
            "taught more than others": broad[:, -1],
            "each method is read at the first mark at or above the level; "
            "draw the straight line from before": broad[methods, first],
            "each method is read at the last mark below the level; draw the "
            "straight line to the next": broad[methods, before],
            "each method is read at the mark nearest to the level; draw the "
            "straight line between marks": broad[methods, nearest],
            "`np.interp` is used as if what was taught rose all the time; it "
            "dips, and the first crossing counts": straight,
        }
        mistakes = {k: start - v for k, v in moments.items()}
        mistakes |= {
            "it is what is left, not by how much it fell": there,
            "the sign is exchanged: a fall is positive": there - start,
        }
        falls = array(found[1], (3,), "the second thing, the falls,")
        near(falls, start - there, "the fall of each method", mistakes)


def joint(belief, propensity, a: int, b: int) -> tuple[float, float, float]:
    """P(second kind) of two answers of one speaker, and of both."""
    p, q = propensity[:, a], propensity[:, b]
    return belief @ p, belief @ q, belief @ (p * q)


@exercise("3.4", "together")
def the_pairs(rng: np.random.Generator, together: Callable):
    for k in range(5):
        belief, theta = cast(rng)
        theta = np.clip(theta + 0.3 * (rng.random((6, 1)) - 0.5), 0.03, 0.97)
        a, b = rng.permutation(5)[:2]
        what = "the correlation"
        if k == 3:  # the same question twice
            b, what = a, "the correlation when one domain is asked twice"
        if k == 4:  # one person, and no cast
            belief = np.eye(6)[rng.integers(6)]
            what = "the correlation when one persona has all the belief"
        p, q, both = joint(belief, theta, a, b)
        scale = np.sqrt(p * (1 - p) * q * (1 - q))
        cov = both - p * q
        want = cov / scale
        one, two = (theta[:, d] - belief @ theta[:, d] for d in (a, b))
        people = np.sqrt((belief @ one**2) * (belief @ two**2))
        f, g, fg = joint(np.full(6, 1 / 6), theta, a, b)
        flat = (fg - f * g) / np.sqrt(f * (1 - f) * g * (1 - g))
        found = call(together, belief, theta, int(a), int(b))
        if k == 4 and isinstance(found, float) and np.isnan(found):
            raise Wrong(
                f"{what} is NaN and should be 0: an answer of this persona "
                "still varies by chance, and says nothing about the next. "
                "Divide by how much answers vary, not personas."
            )
        mistakes = {
            "two answers about one domain are taken for one": float(k == 3),
            "it is the covariance, not yet divided by how much the two "
            "answers vary": cov,
            "it is the covariance divided by the two variances; divide by "
            "their square roots": cov / scale**2,
            "it is the correlation of the personas' propensities; answers "
            "vary more than those, since each is drawn by chance": cov
            / max(people, 1e-12),
            "personas are not weighted by the belief": flat,
            "the scale is the root of the two probabilities, without the "
            "factors 1 - p": cov / np.sqrt(p * q),
        }
        near(number(found, what), want, what, mistakes)


def turns(belief, theta, start, turn, topic, most, kind=1) -> list:
    """How many turns until the topic is at ``start``, and how far off it
    comes to the nearest."""
    way = [
        learned(belief, theta, [turn], [kind], k) @ theta[:, topic] - start
        for k in range(most + 1)
    ]
    there = np.flatnonzero(np.array(way) >= 0)
    return [there[0] if len(there) else -1, np.abs(way).min()]


@exercise("3.5", "turns_back")
def the_way_back(rng: np.random.Generator, turns_back: Callable):
    left = ["some", "some", "none", "never", "last"]
    rows, found, want = [], [], []
    while left:
        prior, theta = cast(rng)
        one, two, turn, topic = (int(d) for d in rng.permutation(5)[:4])
        taught, good, most = np.array([one, two]), np.zeros(2, int), 30
        dose, start = float(rng.uniform(2, 5)), prior @ theta[:, topic]
        after = learned(prior, theta, taught, good, dose)
        k, close = turns(after, theta, start, turn, topic, most)
        if close < 1e-4 or k == 1 or k > 12:
            continue  # too near to be told from equal, or too easy, or long
        if (k == 0) != (left[0] == "none") or k < 0:
            continue
        if left[0] in ("never", "last"):
            most = k - (left[0] == "never")
        kind = left.pop(0)
        want.append(-1 if kind == "never" else k)
        rest = (theta, start, turn, topic, most)
        twice = learned(prior, theta, taught, good, 2 * dose)
        here = want[-1]
        row = {
            "where `most` turns do not suffice the answer should be -1, not "
            "`most`": most if kind == "never" else here,
            "where `most` turns do not suffice the answer should be -1; you "
            "go on": k,
            "the turn that would be number `most` is left out": (
                -1 if kind == "last" else here
            ),
            "you do not ask whether the topic is back without any turn": (
                1 if kind == "none" else here
            ),
            "you compare with the level after the lesson, not before it, or "
            "the lesson is forgotten": 0,
            "the turns are read as good ones": turns(after, *rest, 0),
            "every taught domain counts for `dose` answers, where the whole "
            "lesson does": turns(twice, *rest),
            "the turns are about `topic`, where they should be about "
            "`turn`": turns(after, theta, start, topic, topic, most),
            "you stop one turn too early": here - (here > 0),
            "you count one turn too many": here + (here >= 0),
        }
        rows.append({w: v[0] if np.ndim(v) else v for w, v in row.items()})
        given = (prior, theta, taught, dose, turn, topic, most)
        found.append(number(call(turns_back, *given), "the answer"))
    mistakes = {what: [row[what] for row in rows] for what in rows[0]}
    near(found, want, "the number of turns in five worlds", mistakes)


# How often each verdict must come, and may come, in planted worlds.
RUNS, FALSE_ALARMS, POWER, DOUBT = 90, 0.1, 0.8, 0.65
TOPICS, VERDICTS = 6, ["cast", "one", "unclear"]


def planted(
    rng: np.random.Generator, sizes, tie: float, apart: float
) -> tuple[np.ndarray, np.ndarray]:
    """Answers [n, TOPICS] and their networks [n], whose rates are ``apart``.

    Two answers of one conversation are correlated by ``tie``.
    """
    rates = 0.42 + np.linspace(-0.14, 0.14, TOPICS)[rng.permutation(TOPICS)]
    rows, network = [], []
    for i, n in enumerate(sizes):
        rate = rates + (i - 1) * apart
        share = 0.4  # of conversations in which the villain has the part
        gap = np.sqrt(tie * (rate * (1 - rate)).mean() / (share * (1 - share)))
        villain = rng.random((n, 1)) < share
        p = rate + gap * (villain - share)
        rows.append(rng.random((n, TOPICS)) < np.clip(p, 0.005, 0.995))
        network += [i] * n
    mixed = rng.permutation(len(network))
    return np.concatenate(rows).astype(int)[mixed], np.array(network)[mixed]


@exercise("3.6", "still_a_cast")
def the_cast(rng: np.random.Generator, still_a_cast: Callable):
    usual, few = (50, 60, 70), (8, 8, 8)
    alone = "where every answer is drawn by itself"
    edge = "where the correlation is exactly at the threshold"
    worlds = (  # conversations, correlation, how far networks are apart
        (usual, 0.3, 0.0, "cast", POWER, "where the correlation is 0.3", ""),
        (usual, 0.0, 0.0, "one", POWER, alone, ""),
        (
            *(usual, 0.0, 0.25, "one", POWER),
            f"{alone}, and one network has more bad answers than another",
            ": answers of different networks do not have one mean.",
        ),
        (
            *(usual, 0.1, 0.1, "unclear", DOUBT, edge),
            ": is the chance in which conversations you saw part of it?",
        ),
        (
            *(few, 0.1, 0.1, "unclear", DOUBT),
            f"{edge} and each network has eight conversations",
            ": its margin should be wider when there are fewer.",
        ),
    )
    for sizes, tie, apart, verdict, least, what, why in worlds:
        said = []
        for _ in range(RUNS):
            found = call(still_a_cast, *planted(rng, sizes, tie, apart))
            said.append(one_of(found, VERDICTS, "the verdict"))
        wrong = said.count("cast") / RUNS
        if tie == 0 and wrong > FALSE_ALARMS:
            raise Wrong(
                f"{what}, your rule says 'cast' {wrong:.0%} of the time; at "
                f"most {FALSE_ALARMS:.0%} is allowed{why or '.'}"
            )
        rate = said.count(verdict) / RUNS
        if rate < least:
            raise Wrong(
                f"{what}, your rule says {verdict!r} only {rate:.0%} of the "
                f"time; at least {least:.0%} is asked for{why or '.'}"
            )
