"""Checks of assignment 1: reading a scene as its perfect reader would."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..oracle import expected_nats
from ..worldfile import load_world
from .bayes import chances, learned
from .core import (
    Wrong,
    array,
    call,
    distribution,
    exercise,
    near,
    number,
    one_of,
)


def cast(rng: np.random.Generator, personas: int = 5, domains: int = 4):
    """A planted cast: prior [P] and propensities [P, D]."""
    prior = rng.dirichlet(np.full(personas, 2.0))
    return prior, rng.uniform(0.05, 0.95, (personas, domains))


def believed(prior, chance) -> np.ndarray:
    """[P] posterior, from the chances [P, T] of what was said."""
    return learned(prior, np.log(chance).sum(axis=1))


def after(what: str, length: int) -> str:
    return f"{what} after {length} answer{'s' * (length != 1)}"


@exercise("1.1", "pair", "ask_about")
def the_pair(rng: np.random.Generator, pair: object, ask_about: object):
    world = load_world("playhouse")
    names = [p.name for p in world.personas]
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        raise Wrong("`pair` should be two names of personas, as a tuple.")
    for name in pair:
        one_of(name, names, "each name in `pair`")
    i, j = (names.index(name) for name in pair)
    if i == j:
        raise Wrong("`pair` names the same persona twice.")
    moral = world.propensity[:, world.group("moral")]
    apart = np.abs(moral[:, None] - moral[None]).max(axis=2)
    np.fill_diagonal(apart, np.inf)
    if apart[i, j] > apart.min() + 1e-9:
        raise Wrong(
            f"the {pair[0]} and the {pair[1]} differ by {apart[i, j]:.2f} in "
            "the moral domain where they differ most; for some other pair "
            "that number is smaller."
        )
    topics = [d.name for d in world.domains]
    d = topics.index(one_of(ask_about, topics, "`ask_about`"))
    gap = np.abs(world.propensity[i] - world.propensity[j])
    if gap[d] < gap.max() - 1e-9:
        raise Wrong(
            f"the pair is right, but about {ask_about} the two differ by "
            f"{gap[d]:.2f} only; there is a question that tells them apart "
            "better."
        )


@exercise("1.2", "posterior")
def the_posterior(rng: np.random.Generator, posterior: Callable):
    for length in (4, 1, 7, 0):
        prior, theta = cast(rng)
        domains = rng.integers(0, 4, length)
        kinds = rng.integers(0, 2, length)
        kinds[:2] = [0, 1][:length]  # both kinds occur
        chance = chances(theta, domains, kinds)
        want = believed(prior, chance)
        mistakes = {"the prior is left out": believed(0 * prior + 1, chance)}
        if length:
            second = theta[:, domains]
            total = prior * chance.sum(axis=1)
            mean = np.exp(np.log(chance).mean(axis=1, keepdims=True))
            added = "likelihoods are added, not multiplied"
            mistakes[added] = total / total.sum()
            of = {
                "every answer is read as one of the second kind": second,
                "the two kinds are exchanged": 1 - chance,
                "likelihoods are averaged, not multiplied": mean,
                "the prior is multiplied in again at each answer": chance
                * prior[:, None] ** (1 - 1 / length),
                "only the first answer counts": chance[:, :1],
                "only the last answer counts": chance[:, -1:],
            }
            mistakes |= {k: believed(prior, v) for k, v in of.items()}
        what = after("the posterior", length)
        found = array(
            call(posterior, prior, theta, domains, kinds), (5,), what, False
        )
        if length and np.allclose(found, prior * chance.prod(axis=1)):
            raise Wrong(
                "the posterior is not divided by its sum: it is the weight "
                "of each persona, not yet a probability."
            )
        if np.allclose(found, np.log(want)):
            raise Wrong(f"{what} is in logarithms; expected probabilities.")
        near(distribution(found, 5, what), want, what, mistakes)
    # Many answers: a product of many numbers below 1 must not become 0. Two
    # personas are alike, so that it is not all or nothing.
    prior, theta = cast(rng)
    theta[3] = theta[2]
    domains = rng.integers(0, 4, 4000)
    kinds = (rng.random(4000) < theta[2, domains]).astype(int)
    what = "the posterior after 4000 answers"
    found = array(
        call(posterior, prior, theta, domains, kinds), (5,), what, False
    )
    if not np.isfinite(found).all() or found.sum() < 0.5:
        raise Wrong(
            "after 4000 answers the product is smaller than any number a "
            "computer keeps: add logarithms, and take off the largest before "
            "you return from them."
        )
    want = believed(prior, chances(theta, domains, kinds))
    one = np.eye(5)[want.argmax()]
    mistakes = {
        "only the likeliest persona is kept; here two are alike": one,
        "it falls back on equal shares": np.full(5, 0.2),
    }
    near(found, want, what, mistakes)


@exercise("1.3", "predict")
def the_prediction(rng: np.random.Generator, predict: Callable):
    for length in (0, 3, 5):
        prior, theta = cast(rng)
        domains = rng.integers(0, 4, length)
        kinds = rng.integers(0, 2, length)
        topic = int(rng.integers(0, 3))
        domains[-1:] = 3  # the topic is not what was spoken of last
        chance = chances(theta, domains, kinds)
        belief = believed(prior, chance)
        next_ = theta[:, topic]
        mistakes = {
            "it is the likeliest persona's propensity, where it should "
            "be the average over all": next_[belief.argmax()],
            "it forgets what was said and averages over the prior": prior
            @ next_,
            "it is the probability of the first kind": belief @ (1 - next_),
            "it averages without weights": next_.mean(),
            "the prior is left out": believed(0 * prior + 1, chance) @ next_,
            "the prior is counted twice": believed(prior**2, chance) @ next_,
            "it is a kind, not a probability": round(belief @ next_),
        }
        if length:
            mistakes |= {
                "it predicts the domain spoken of last, not `topic`": belief
                @ theta[:, domains[-1]],
                "the last answer is not heard": believed(prior, chance[:, :-1])
                @ next_,
                "it is the share of second kinds so far": kinds.mean(),
            }
        what = after("the prediction", length)
        found = call(predict, prior, theta, domains, kinds, topic)
        near(number(found, what), belief @ next_, what, mistakes)


@exercise("1.4", "posterior_asked")
def the_asked(rng: np.random.Generator, posterior_asked: Callable):
    for equal, length in ((False, 8), (True, 8), (False, 0)):
        prior, theta = cast(rng)
        domains = rng.integers(0, 4, length)
        kinds = rng.integers(0, 2, length)
        asked = np.array([-1, 1, 0, 1, 0, 1, 0, -1])[:length]
        kinds[1:7] = [1, 0, 0, 1, 1, 0][:length]  # two of six refused
        complies = np.full(5, 0.9) if equal else rng.uniform(0.3, 0.95, 5)
        if equal:
            asked = np.where(asked == -1, 1, asked)
        free = chances(theta, domains, kinds)
        met = kinds == asked
        there = asked >= 0
        second = np.where(kinds == 1, complies[:, None], 1 - complies[:, None])
        obey = np.where(met, complies[:, None], 1 - complies[:, None])

        def put(chance, where=there, else_=free):
            return np.where(where, chance, else_)

        heard = put(obey)
        of = {
            "an answer that was asked for is read as if given freely": free,
            "a request for the first kind is treated like one for the "
            "second": put(second),
            "a request for the first kind is not noticed": put(
                obey, asked == 1
            ),
            "a request for the second kind is not noticed": put(
                obey, asked == 0
            ),
            "answers to requests are left out, or everybody is taken to obey "
            "alike": put(1.0),
            "refusals are left out": put(1.0, there & ~met, heard),
            "a refusal is read as if given freely": put(obey, met),
            "obeying and refusing are exchanged": put(1 - obey),
            "-1 in `asked` is read as a request for the first kind": put(
                1 - second, ~there, heard
            ),
            "-1 in `asked` is read as a request for the second kind": put(
                second, ~there, heard
            ),
            "the chance to obey is multiplied with the propensity, where it "
            "takes its place": put(obey * free),
        }
        want = believed(prior, heard)
        mistakes = {k: believed(prior, v) for k, v in of.items()}
        mistakes["the prior is left out"] = believed(0 * prior + 1, heard)
        what = "the posterior with requests"
        if not length:
            what = "the posterior after no answers, which is the prior"
        elif equal:
            what = "the posterior when all obey alike"
        found = call(
            posterior_asked, prior, theta, domains, kinds, asked, complies
        )
        near(distribution(found, 5, what), want, what, mistakes)


@exercise("1.5", "captured")
def the_captured(rng: np.random.Generator, captured: Callable):
    exact = rng.uniform(0.05, 0.95, (20, 30))  # scenes and their answers
    topic = np.clip(0.5 + 0.3 * (exact - 0.5), 0.05, 0.95)
    topic += rng.uniform(-0.03, 0.03, exact.shape)
    floor = expected_nats(exact, exact)
    base = expected_nats(topic, exact)
    for name, p in {
        "a reader halfway between": 0.5 * (exact + topic),
        "the exact reader": exact,
        "the reader who knows only the topic": topic,
        "a reader who has it backwards": 1 - exact,
    }.items():
        loss = expected_nats(p, exact)
        gap, whole = (loss - floor).mean(), (base - floor).mean()
        want = 1 - gap / whole
        rows = (loss - floor).mean(axis=1) / (base - floor).mean(axis=1)
        squares = ((p - exact) ** 2).mean() / ((topic - exact) ** 2).mean()
        mistakes = {
            "it is the share that is missing": 1 - want,
            "it is the gap in nats, not a share": gap,
            "it is the number of nats captured, not a share": whole - gap,
            "the floor is not taken off": 1 - loss.mean() / base.mean(),
            "gaps are divided before they are averaged": 1
            - ((loss - floor) / (base - floor)).mean(),
            "gaps are divided scene by scene before they are averaged": 1
            - rows.mean(),
            "squared errors stand where surprise should": 1 - squares,
            "a negative value is cut off at 0": max(want, 0.0),
            "the network and the truth are exchanged": 1
            - (expected_nats(exact, p) - floor).mean() / whole,
            "the surprise is the one that the network itself expects": 1
            - (expected_nats(p, p) - floor).mean() / whole,
        }
        if gap > 1e-9:
            mistakes["the two readers are exchanged"] = 1 - whole / gap
        found = number(call(captured, p, exact, topic), "the share captured")
        near(found, want, f"what {name} captures", mistakes)


@exercise("1.6", "reliability")
def the_reliability(rng: np.random.Generator, reliability: Callable):
    edges = np.array([0.0, 0.1, 0.3, 0.55, 0.8, 1.0])  # not evenly spaced
    empty = int(rng.integers(1, 5))
    p = rng.uniform(0.0, 1.0, 3000)
    p = p[(p < edges[empty]) | (p >= edges[empty + 1])]
    outcome = (rng.random(len(p)) < p**2).astype(int)
    on = np.delete(edges[1:5], empty - 1)  # of the bin above
    p = np.append(p, np.repeat(on, 20))
    outcome = np.append(outcome, np.ones(60, int))
    found = call(reliability, p, outcome, edges)
    found = array(found, (5, 2), "what `reliability` returns", finite=False)
    full = [b for b in range(5) if b != empty]

    def rows(which):
        out = np.full((5, 2), np.nan)
        for b in full:
            at = which == b
            out[b] = p[at].mean(), outcome[at].mean()
        return out

    which = np.digitize(p, edges) - 1
    want = rows(which)
    lower = np.digitize(p, edges, right=True) - 1
    for b in full:
        if np.isnan(found[b]).any():
            raise Wrong(
                f"bin {b} has forecasts in it and its row has NaN. (The "
                "first bin is bin 0, and has the first row.)"
            )
    if not np.isnan(found[empty]).all():
        at = lower == empty  # looks full to who puts edges there
        if at.any() and np.isclose(found[empty, 0], p[at].mean()):
            raise Wrong(
                "a forecast on an edge is put in the bin below; it belongs "
                "to the bin above."
            )
        raise Wrong(
            f"nobody forecast anything in bin {empty}, from "
            f"{edges[empty]:g} to {edges[empty + 1]:g}; its row should be "
            f"NaN, and is {found[empty].round(3)}."
        )
    middle = (edges[:-1] + edges[1:]) / 2
    even = rows(np.minimum((p * 5).astype(int), 4))

    def column(k, values):
        out = want.copy()
        out[full, k] = values[full]
        return out

    wins = np.array([outcome[which == b].sum() for b in range(5)])
    near(
        found,
        want,
        "the table",
        {
            "the columns are exchanged": want[:, ::-1],
            "the first column is the middle of the bin": column(0, middle),
            "a forecast on an edge is put in the bin below": rows(lower),
            "all bins are taken to be equally wide": even,
            "the second column is a count, not a share": column(1, wins),
            "the second column is a share of all forecasts": column(
                1, wins / len(p)
            ),
        },
    )


# How often a rule may wrongly support a claim, how often it must support or
# refute a right or a wrong one, and in how many worlds that is tried.
FALSE_ALARMS, POWER, REFUTING, TRIES = 0.1, 0.8, 0.6, 50
VERDICTS = ["supported", "refuted", "inconclusive"]


@exercise("1.7", "verdict")
def the_rule(rng: np.random.Generator, verdict: Callable):
    def share(
        effect: float, control: float, answer: str, spread: float = 0.04
    ) -> float:
        said = []
        for _ in range(TRIES):
            seeds = effect + spread * rng.standard_normal(5)
            null = control + spread * rng.standard_normal(5)
            value = call(verdict, seeds, null)
            said.append(one_of(value, VERDICTS, "the verdict"))
        return float(np.mean([v == answer for v in said]))

    worlds = (
        (0.0, 0.0, 0.04, "nothing happens, in the arm or in the control"),
        (0.3, 0.3, 0.04, "the control rises as much as the arm"),
        (0.0, -0.3, 0.04, "only the control moves, and falls"),
        (-0.3, 0.0, 0.04, "the effect goes the other way"),
        (0.0, 0.0, 0.4, "nothing happens and networks differ widely"),
    )
    for effect, control, spread, what in worlds:
        rate = share(effect, control, "supported", spread)
        if rate > FALSE_ALARMS:
            raise Wrong(
                f"in worlds where {what}, your rule says 'supported' "
                f"{rate:.0%} of the time; at most {FALSE_ALARMS:.0%} is "
                "allowed."
            )
    rate = share(0.3, 0.0, "supported")
    if rate < POWER:
        raise Wrong(
            "in worlds with an effect of 0.3, three times the threshold, and "
            f"a quiet control, your rule says 'supported' only {rate:.0%} of "
            f"the time; at least {POWER:.0%} is asked for."
        )
    for effect, what in ((-0.3, "it is negative"), (0.0, "there is none")):
        rate = share(effect, 0.0, "refuted")
        if rate < REFUTING:
            raise Wrong(
                "in worlds with no effect above the threshold, because "
                f"{what}, your rule says 'refuted' only {rate:.0%} of the "
                f"time; at least {REFUTING:.0%} is asked for: a claim that "
                "cannot be refuted is not tested."
            )
    rate = share(0.1, 0.0, "inconclusive")
    if rate < 0.5:
        raise Wrong(
            "where the effect is exactly at the threshold no verdict is "
            f"safe, yet your rule says 'inconclusive' only {rate:.0%} of the "
            "time, and half is asked for; is the spread over networks part "
            "of it?"
        )
