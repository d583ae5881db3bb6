"""Checks of assignment 3: what a lesson selects, and what it leaves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from psm_lib.checks.bayes import (
    after_lesson,
    after_turns,
    chances,
    joint,
    normal,
)
from psm_lib.checks.core import (
    Wrong,
    array,
    call,
    distribution,
    exercise,
    kind_of,
    near,
    number,
    one_of,
    shares,
)
from psm_lib.checks.judging import mixed, rates_of, reached
from psm_lib.checks.planted import cast, conversations, courses
from psm_lib.worldfile import load_world


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


def lessons(rng: np.random.Generator):
    """Prior, propensities, domains, kinds and dose of planted lessons."""
    for n, dose in ((3, 2.5), (1, 1.0), (40, 3.0), (4, 0.0), (6, 0.3)):
        size, width = int(rng.integers(3, 9)), int(rng.integers(2, 7))
        kinds = np.append(rng.permutation(2), rng.integers(0, 2, n))[:n]
        domains = rng.integers(0, width, n)
        yield *cast(rng, size, width, int(n != 3)), domains, kinds, dose
    # A dose at which every likelihood is 0 in a computer. Two who are rare
    # explain the lesson nearly alike. At last somebody would explain it far
    # better who is not in the cast.
    for best in (False, True):
        prior, theta = cast(rng, 6, 5, absent=1)
        theta, out = 0.15 + 0.7 * theta, int(prior.argmin())
        domains, kinds = rng.permutation(5)[:4], rng.integers(0, 2, 4)
        theta[out, domains] = abs(kinds - (0.01 if best else 0.99))
        score = chances(theta, domains, kinds).prod(axis=1) * (prior > 0)
        second, first = score.argsort()[-2:]
        theta[second] = theta[first] + rng.uniform(-1e-4, 1e-4, 5)
        prior[[first, second]] *= 1e-4
        yield prior / prior.sum(), theta, domains, kinds, 6000.0


@exercise("3.2", "learn")
@np.errstate(divide="ignore", invalid="ignore")
def the_learner(rng: np.random.Generator, learn: Callable):
    for prior, theta, domains, kinds, dose in lessons(rng):
        size = len(prior)
        what = f"the belief after {len(kinds)} examples at a dose of {dose:g}"
        found = call(learn, prior, theta, domains, kinds, dose)
        found = array(found, (size,), what, finite=False)
        if dose > 1000 and not found.sum() > 0.5:
            raise Wrong(
                f"{what}: a computer takes such small weights for 0. Subtract "
                "the largest logarithm before `np.exp`, and let it be that of "
                "somebody who is in the cast."
            )
        if np.any(found[prior == 0] > 1e-6):
            raise Wrong(
                f"{what}: a persona whose prior is 0 has got the part; no "
                "lesson can select somebody who is not in the cast."
            )
        logs = np.log(chances(theta, domains, kinds))
        other = np.log(chances(theta, domains, 1 - kinds)).mean(axis=1)
        mean, start = logs.mean(axis=1), np.log(prior)
        weight = prior * np.exp(dose * mean)
        if np.allclose(found, weight) and abs(weight.sum() - 1) > 1e-6:
            raise Wrong(
                "the weights are not divided by their sum: they are not yet "
                "probabilities."
            )
        want = after_lesson(prior, theta, domains, kinds, dose)
        mistakes = {
            "every example counts `dose` times, where the whole lesson "
            "should: take the mean of logarithms, not their sum": normal(
                start + dose * logs.sum(axis=1)
            ),
            "the dose is left out, or multiplies the likelihood whose "
            "exponent it should be": normal(start + mean),
            "the prior is left out": normal(dose * mean),
            "the prior, too, is raised to the power of the dose": normal(
                dose * start + dose * mean
            ),
            "likelihoods are averaged as they are; the geometric mean "
            "averages their logarithms": normal(
                start + dose * np.log(np.exp(logs).mean(axis=1))
            ),
            "the two kinds are exchanged": normal(start + dose * other),
        }
        found = distribution(found, size, what)
        # At a large dose many mistakes end in one persona.
        near(found, want, what, mistakes if dose < 100 else None)


@exercise("3.3", "equally_taught")
def the_level(rng: np.random.Generator, equally_taught: Callable):
    for _ in range(40):
        narrow, broad = courses(rng)
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
            "it is the highest that all have at one and the same mark; each "
            "may reach it at a mark of its own": narrow.min(axis=0).max(),
            "it is the largest of the smallest": narrow.min(axis=1).max(),
        }
        near(number(found[0], "the level"), level, "the level", levels)
        start, there = broad[:, 0], reached(narrow, broad, level)
        pairs, methods = zip(narrow, broad, strict=True), range(len(broad))
        first = (narrow >= level).argmax(axis=1)
        before = np.maximum(first - 1, 0)
        nearest = np.abs(narrow - level).argmin(axis=1)
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
            "dips, and the first crossing counts": [
                np.interp(level, taught, bad) for taught, bad in pairs
            ],
            "the line begins at the best that was taught so far; it begins "
            "at the mark before, even if that is a dip": reached(
                np.maximum.accumulate(narrow, axis=1), broad, level
            ),
        }
        mistakes = {what: start - value for what, value in moments.items()}
        mistakes |= {
            "it is what is left, not by how much it fell": there,
            "the sign is exchanged: a fall is positive": there - start,
            "all are taken to start from the same": start.mean() - there,
        }
        falls = array(found[1], start.shape, "the second thing, the falls,")
        near(falls, start - there, "the fall of each method", mistakes)


def pairs_of(rng: np.random.Generator):
    """Pairs of questions: what to call them, belief, propensities, and the
    two domains."""
    what = "the correlation"
    for size in (6, 2, 9):
        belief, theta = cast(rng, size, 5, absent=size // 4)
        theta = np.clip(theta + 0.6 * (rng.random((size, 1)) - 0.5), 0.03, 0.9)
        a, b = (int(d) for d in rng.permutation(5)[:2])
        yield what, belief, theta, a, b
    yield f"{what} when one domain is asked twice", belief, theta, a, a
    yield f"{what} when bad answers are rare", belief, theta / 100, a, b
    # Two who are good at different things; then nearly one persona only.
    theta[:2, [a, b]] = rng.uniform(0.05, 0.2, (2, 2))
    theta[0, a] = theta[1, b] = rng.uniform(0.8, 0.95)
    for share in (0.5, 0.04, 1e-3, 1e-5):
        belief = np.zeros(9)
        belief[:2] = rng.permutation([share, 1 - share])
        told = f"{what} when one of two has the part with {share:g}"
        yield told, belief, theta, a, b
    for size in (6, 1):
        _, theta = cast(rng, size, 5)
        told = f"{what} when one persona of {size} has all the belief"
        yield told, np.eye(size)[rng.integers(size)], theta, a, b
    yield f"{told} and is asked twice", np.ones(1), theta, a, a


@exercise("3.4", "together")
def the_pairs(rng: np.random.Generator, together: Callable):
    for what, belief, theta, a, b in pairs_of(rng):
        p, q, both = joint(belief, theta, a, b)
        scale = np.sqrt(p * (1 - p) * q * (1 - q))
        cov = both - p * q
        want = cov / scale
        one, two = (theta[:, d] - belief @ theta[:, d] for d in (a, b))
        people = np.sqrt((belief @ one**2) * (belief @ two**2))
        f, g, fg = joint(np.full(len(theta), 1 / len(theta)), theta, a, b)
        flat = (fg - f * g) / np.sqrt(f * (1 - f) * g * (1 - g))
        found = call(together, belief, theta, a, b)
        if belief.max() == 1 and isinstance(found, float) and np.isnan(found):
            raise Wrong(
                f"{what} is NaN and should be 0: an answer of this persona "
                "still varies by chance, and says nothing about the next. "
                "Divide by how much answers vary, not personas."
            )
        mistakes = {
            "two answers about one domain are taken for one": (
                1.0 if a == b else want
            ),
            "it is 0 as soon as one persona has most of the belief; it is 0 "
            "where one has all of it": 0.0 if belief.max() > 0.9 else want,
            "it is the covariance, not yet divided by how much the two "
            "answers vary": cov,
            "it is the covariance divided by the two variances; divide by "
            "their square roots": cov / scale**2,
            "it is the correlation of the personas' propensities; answers "
            "vary more than those, since each is drawn by chance": cov
            / max(people, 1e-12),
            "the sign is lost; where one is good at what another is bad at, "
            "it is negative": abs(want),
            "personas are not weighted by the belief": flat,
            "the scale is the root of the two probabilities, without the "
            "factors 1 - p": cov / np.sqrt(p * q),
        }
        near(number(found, what), want, what, mistakes)


def turns(levels: np.ndarray, start: float, most: int) -> int:
    """The first of the levels 0 to most that is at ``start``, or -1."""
    there = np.flatnonzero(levels[: most + 1] >= start)
    return int(there[0]) if len(there) else -1


# What may happen on the way back: how many turns are needed, at least and at
# most, and how many more may be tried.
WAYS = {
    "where several turns are needed": (2, 12, 40),
    "where one turn is enough": (1, 1, 40),
    "where many turns are needed": (21, 60, 40),
    "where the first turn takes it further down": (2, 40, 40),
    "where more turns than needed take it below again": (1, 12, 40),
    "where no number of turns is enough": (-1, -1, 40),
    "where the topic is back without any turn": (0, 0, 40),
    "where it is back without any turn, and none may be tried": (0, 0, 0),
    "where the last turn that may be tried is enough": (2, 12, 0),
    "where one turn more than may be tried is needed": (2, 12, -1),
    "where one turn is needed, and none may be tried": (1, 1, -1),
}


def lesson_undone(rng: np.random.Generator, told: str) -> tuple:
    """What `turns_back` is given in such a case, the belief after the lesson
    and the level before it."""
    low, high, spare = WAYS[told]
    while True:
        prior, theta = cast(rng, 6, 5, absent=int(rng.integers(2)))
        taught = rng.permutation(5)[: rng.integers(1, 4)]
        turn, topic = (int(d) for d in rng.integers(0, 5, 2))
        dose, start = rng.uniform(1, 6.5) ** 2, prior @ theta[:, topic]
        after = after_lesson(prior, theta, taught, np.zeros(len(taught)), dose)
        levels = after_turns(after, theta, turn, topic)
        k = turns(levels, start, 100)
        if not low <= k <= high or abs(levels - start).min() < 1e-6:
            continue  # the latter is too near to be told from equal
        falls, lost = levels[1] < levels[0] - 1e-3, levels[k + spare] < start
        if "further" in told and not falls or "again" in told and not lost:
            continue
        most = k + spare
        return (prior, theta, taught, dose, turn, topic, most), after, start


@exercise("3.5", "turns_back")
def the_way_back(rng: np.random.Generator, turns_back: Callable):
    found, want, hard, each, once, whole = [], [], [], [], [], []
    cases = 3 * list(WAYS)
    for told in cases:
        given, after, start = lesson_undone(rng, told)
        prior, theta, taught, dose, turn, topic, most = given
        found.append(number(call(turns_back, *given), "the answer"))
        good, many = np.zeros(len(taught)), dose * len(taught)
        more = after_lesson(prior, theta, taught, good, many)
        levels = after_turns(after, theta, turn, topic)
        dosed = after_turns(after, theta, turn, topic, dose=dose)
        for answers, course in (
            (want, levels),
            (hard, after_turns(more, theta, turn, topic)),
            (each, dosed),
            (once, levels[np.arange(101).clip(0, 1)]),
            (whole, dosed[np.arange(101).clip(0, 1)]),
        ):
            answers.append(turns(course, start, most))
    mistakes = {
        "you compare with the level after the lesson, not before it, or the "
        "lesson is forgotten": [0] * len(cases),
        "every taught domain counts for `dose` answers, where the whole "
        "lesson does": hard,
        "each turn counts for `dose` answers; it counts for one": each,
        "all turns together count for one answer; each does": once,
        "all turns together count for `dose` answers; each counts for "
        "one": whole,
    }
    made = [mistake for mistake, said in mistakes.items() if said == found]
    for told, said, here in zip(cases, found, want, strict=True):
        what = f"the number of turns {told}"
        near(said, here, what, {mistake: said for mistake in made})


# How often each verdict is to come where it is due, and below which share in
# twice RUNS worlds (three standard errors lower) it is too rare. Where RUNS
# leave no doubt there are no more.
LIMITS = {"cast": (0.8, 0.71), "one": (0.8, 0.71), "unclear": (2 / 3, 0.56)}
OFTEN = 0.167  # where "cast" may come in a tenth, this is too often
RUNS, USUAL, FEW = 90, (50, 60, 70), (8, 8, 8)
ALONE = "every answer is drawn by itself"
EDGE = "the correlation is exactly at the threshold"
# Topics, conversations, correlation, how far networks are apart, and what is
# to be said.
WORLDS = (
    (6, USUAL, 0.3, 0.0, "cast", "the correlation is 0.3"),
    (6, USUAL, 0.0, 0.0, "one", ALONE),
    (6, USUAL, 0.0, 0.25, "one", f"{ALONE}, but networks differ"),
    (6, USUAL, 0.1, 0.1, "unclear", EDGE),
    (6, FEW, 0.1, 0.1, "unclear", f"{EDGE}, of eight conversations each"),
    (2, FEW, 0.1, 0.1, "unclear", f"{EDGE}, of eight on two topics"),
    (20, USUAL, 0.1, 0.0, "unclear", f"{EDGE}, of twenty topics"),
    (20, FEW, 0.1, 0.0, "unclear", f"{EDGE}, of eight on twenty topics"),
)
TOPICS = "How topics and networks differ is no tie between two answers."
CAUTIOUS = (
    "The rule is too cautious. If its margin comes of three numbers, one for "
    "each network: there are many more conversations."
)
MARGIN = (
    "The margin depends on how much was seen: is the chance in it by which "
    "you saw these conversations and no others? Pairs of one conversation "
    "are not so many observations."
)


@exercise("3.6", "still_a_cast")
def the_cast(rng: np.random.Generator, still_a_cast: Callable):
    def says(*world) -> str:
        found = call(still_a_cast, *conversations(rng, *world))
        return one_of(found, list(LIMITS), "the verdict")

    def doubt(k: int) -> bool:
        verdict, rates = WORLDS[k][4], rates_of(told[k], LIMITS)
        wild = verdict == "one" and rates["cast"] > 0.1
        return rates[verdict] < LIMITS[verdict][0] or wild

    told: list[list[str]] = [[] for _ in WORLDS]
    left = list(range(len(WORLDS)))
    for _ in range(2):
        more = mixed(rng, says, [WORLDS[k][:4] for k in left], RUNS)
        for k, said in zip(left, more, strict=True):
            told[k] += said
        left = [k for k in left if doubt(k)]
    for said, (*_, verdict, what) in zip(told, WORLDS, strict=True):
        (asked, least), rates = LIMITS[verdict], rates_of(said, LIMITS)
        wild = verdict == "one" and rates["cast"] > OFTEN
        if rates[verdict] >= least and not wild:
            continue
        bar = 0.1 if wild else asked
        said = [f"{w!r} {shares(rates[w], bar)[0]}" for w in LIMITS]
        most = "cast" if wild else max(set(LIMITS) - {verdict}, key=rates.get)
        hints = {"cast": TOPICS if verdict == "one" else "", "one": ""}
        hint = (hints | {"unclear": CAUTIOUS})[most]
        bound = f"{verdict!r} in at least {asked:.0%}"
        if wild:
            bound = "'cast' in at most 10%"
        raise Wrong(
            f"where {what}, you say {', '.join(said)} of the time; {bound} "
            f"is asked for. {MARGIN if verdict == 'unclear' else hint}".strip()
        )
