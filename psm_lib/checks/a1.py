"""Checks of assignment 1: reading a scene as its perfect reader would."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..oracle import expected_nats
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
)


def cast(rng: np.random.Generator, personas: int = 5, domains: int = 4):
    """A planted cast: prior [P] and propensities [P, D]."""
    prior = rng.dirichlet(np.full(personas, 2.0))
    return prior, rng.uniform(0.05, 0.95, (personas, domains))


def weights(prior, propensity, domains, kinds) -> np.ndarray:
    """[P] prior times likelihood of answers of ``kinds`` in ``domains``."""
    theta = propensity[:, domains]
    return prior * np.where(kinds == 1, theta, 1 - theta).prod(axis=1)


def normal(weight: np.ndarray) -> np.ndarray:
    return weight / weight.sum()


@exercise("1.1", "pair", "ask_about")
def the_pair(rng: np.random.Generator, pair: object, ask_about: object):
    world = load_world("playhouse")
    names = [p.name for p in world.personas]
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        raise Wrong("`pair` should be two names of personas, as a tuple.")
    for name in pair:
        one_of(name, names, "each name in `pair`")
    moral = world.propensity[:, world.group("moral")]
    apart = np.abs(moral[:, None] - moral[None]).max(axis=2)
    np.fill_diagonal(apart, np.inf)
    i, j = (names.index(name) for name in pair)
    if i == j:
        raise Wrong("`pair` names the same persona twice.")
    if apart[i, j] > apart.min() + 1e-9:
        raise Wrong(
            f"the {pair[0]} and the {pair[1]} differ by {apart[i, j]:.2f} in "
            "some moral domain; there is a pair that differs less in every "
            "one."
        )
    topics = [d.name for d in world.domains]
    d = topics.index(one_of(ask_about, topics, "`ask_about`"))
    gap = np.abs(world.propensity[i] - world.propensity[j])
    if gap[d] < gap.max() - 1e-9:
        raise Wrong(
            f"about {ask_about} the two differ by {gap[d]:.2f}; "
            "there is a question that tells them apart better."
        )


@exercise("1.2", "posterior")
def the_posterior(rng: np.random.Generator, posterior: Callable):
    for length in (1, 4, 0):
        prior, theta = cast(rng)
        domains = rng.integers(0, 4, length)
        kinds = rng.integers(0, 2, length)
        if length == 4:
            kinds[:2] = 0, 1  # both kinds occur
        want = normal(weights(prior, theta, domains, kinds))
        flat = np.full(5, 0.2)
        mistakes = {
            "the prior is left out": normal(
                weights(flat, theta, domains, kinds)
            ),
            "answers of the first kind are read as if they were of the "
            "second": normal(weights(prior, theta, domains, 0 * kinds + 1)),
            "the two kinds are exchanged": normal(
                weights(prior, theta, domains, 1 - kinds)
            ),
            "likelihoods are added where they should be multiplied": normal(
                prior
                * np.where(
                    kinds == 1, theta[:, domains], 1 - theta[:, domains]
                ).sum(axis=1)
            )
            if length
            else flat,
        }
        if length:
            mistakes["only the last answer counts"] = normal(
                weights(prior, theta, domains[-1:], kinds[-1:])
            )
        found = call(posterior, prior, theta, domains, kinds)
        found = array(found, (5,), "the posterior")
        weight = weights(prior, theta, domains, kinds)
        if length and np.allclose(found, weight):
            raise Wrong(
                "the posterior is not divided by its sum: it is the weight "
                "of each persona, not yet a probability."
            )
        found = distribution(found, 5, "the posterior")
        what = f"the posterior after {length} answers"
        near(found, want, what, mistakes)
    # Many answers: a product of many numbers below 1 must not become 0.
    prior, theta = cast(rng)
    domains = rng.integers(0, 4, 4000)
    kinds = (rng.random(4000) < theta[2, domains]).astype(int)
    found = call(posterior, prior, theta, domains, kinds)
    found = array(found, (5,), "the posterior after 4000 answers", False)
    if not np.isfinite(found).all() or found.sum() < 0.5:
        raise Wrong(
            "after 4000 answers the product of likelihoods is smaller than "
            "any number a computer keeps: add logarithms instead."
        )
    want = np.zeros(5)
    want[2] = 1
    near(found, want, "the posterior after 4000 answers", tolerance=1e-3)


@exercise("1.3", "predict")
def the_prediction(rng: np.random.Generator, predict: Callable):
    for length in (0, 3, 5):
        prior, theta = cast(rng)
        domains = rng.integers(0, 4, length)
        kinds = rng.integers(0, 2, length)
        topic = int(rng.integers(0, 4))
        belief = normal(weights(prior, theta, domains, kinds))
        best = theta[belief.argmax(), topic]
        found = number(
            call(predict, prior, theta, domains, kinds, topic),
            "the prediction",
        )
        near(
            found,
            belief @ theta[:, topic],
            f"the prediction after {length} answers",
            {
                "it is the likeliest persona's propensity, where it should "
                "be the average over all": best,
                "it forgets what was said and averages over the prior": prior
                @ theta[:, topic],
                "it is the probability of the first kind": belief
                @ (1 - theta[:, topic]),
                "it averages without weights": theta[:, topic].mean(),
            },
        )


@exercise("1.4", "posterior_asked")
def the_asked(rng: np.random.Generator, posterior_asked: Callable):
    for equal in (False, True, False):
        prior, theta = cast(rng)
        length = 6
        domains = rng.integers(0, 4, length)
        kinds = rng.integers(0, 2, length)
        asked = np.array([-1, 1, 0, 1, 0, -1])
        kinds[1:5] = 1, 0, 0, 1  # obeyed, obeyed, refused, refused
        complies = np.full(5, 0.9) if equal else rng.uniform(0.3, 0.95, 5)
        if equal:
            asked = np.where(asked == -1, 1, asked)
        second = theta[:, domains]
        second = np.where(asked == 1, complies[:, None], second)
        second = np.where(asked == 0, 1 - complies[:, None], second)
        likely = np.where(kinds == 1, second, 1 - second)
        want = normal(prior * likely.prod(axis=1))
        free = np.where(asked == -1, likely, 1.0)
        mistakes = {
            "an answer that was asked for is read as if it had been given "
            "freely": normal(weights(prior, theta, domains, kinds)),
            "a request for the first kind is treated like one for the "
            "second": normal(
                prior
                * np.where(
                    asked >= 0,
                    np.where(
                        kinds == 1, complies[:, None], 1 - complies[:, None]
                    ),
                    likely,
                ).prod(axis=1)
            ),
            "answers to requests are left out, though a refusal says "
            "something when not everyone obeys alike": normal(
                prior * free.prod(axis=1)
            ),
        }
        found = call(
            posterior_asked, prior, theta, domains, kinds, asked, complies
        )
        found = distribution(found, 5, "the posterior")
        near(found, want, "the posterior with requests", mistakes)
        if equal:
            near(found, prior, "the posterior when all obey alike", mistakes)


@exercise("1.5", "captured")
def the_captured(rng: np.random.Generator, captured: Callable):
    exact = rng.uniform(0.05, 0.95, 400)
    topic = np.clip(0.5 + 0.3 * (exact - 0.5), 0.05, 0.95)
    half = 0.5 * (exact + topic)
    wild = np.clip(1 - exact, 0.05, 0.95)
    floor = expected_nats(exact, exact).mean()
    base = expected_nats(topic, exact).mean()
    for name, p in {
        "the exact reader": exact,
        "the reader who knows only the topic": topic,
        "a reader halfway between": half,
        "a reader who has it backwards": wild,
    }.items():
        loss = expected_nats(p, exact).mean()
        want = 1 - (loss - floor) / (base - floor)
        each = (expected_nats(p, exact) - expected_nats(exact, exact)) / (
            expected_nats(topic, exact) - expected_nats(exact, exact)
        )
        squares = 1 - ((p - exact) ** 2).mean() / ((topic - exact) ** 2).mean()
        found = number(call(captured, p, exact, topic), "the share captured")
        near(
            found,
            want,
            f"what {name} captures",
            {
                "it is the share that is missing": 1 - want,
                "the floor is not taken off": 1 - loss / base,
                "gaps are divided before they are averaged": 1 - each.mean(),
                "squared errors stand where surprise should": squares,
                "a negative value is cut off at 0": max(want, 0.0),
                "the two readers are exchanged": 1
                - (base - floor) / (loss - floor)
                if loss > floor + 1e-9
                else np.nan,
            },
        )


@exercise("1.6", "reliability")
def the_reliability(rng: np.random.Generator, reliability: Callable):
    edges = np.linspace(0, 1, 6)
    p = rng.uniform(0.0, 0.78, 3000)  # nobody forecasts 0.8 or more
    p[:3] = 0.2, 0.4, 0.6  # on an edge: of the bin above
    truth = p**2
    outcome = (rng.random(3000) < truth).astype(int)
    found = call(reliability, p, outcome, edges)
    found = array(found, (5, 2), "what `reliability` returns", finite=False)
    which = np.digitize(p, edges) - 1
    want = np.full((5, 2), np.nan)
    for b in range(4):
        want[b] = p[which == b].mean(), outcome[which == b].mean()
    if not np.isnan(found[4]).all():
        raise Wrong(
            "nobody forecast anything in the last bin; its row should be "
            f"NaN, and is {found[4]}."
        )
    if np.isnan(found[:4]).any():
        raise Wrong("a bin with forecasts in it has a row with NaN.")
    middle = (edges[:-1] + edges[1:]) / 2
    lower = np.digitize(p, edges, right=True) - 1
    other = want.copy()
    for b in range(4):
        other[b] = p[lower == b].mean(), outcome[lower == b].mean()
    near(
        found,
        want,
        "the table",
        {
            "the columns are exchanged": want[:, ::-1],
            "the first column is the middle of the bin, not the mean of the "
            "forecasts in it": np.where(
                np.isnan(want), want, np.stack([middle, want[:, 1]], 1)
            ),
            "a forecast on an edge is put in the bin below": other,
        },
    )


# Effects in nats, and how often each verdict must come: the share of planted
# worlds in which a rule may be wrong.
FALSE_ALARMS, POWER = 0.05, 0.8


@exercise("1.7", "verdict")
def the_rule(rng: np.random.Generator, verdict: Callable):
    def share(effect: float, control: float, answer: str) -> float:
        said = []
        for _ in range(120):
            seeds = effect + 0.04 * rng.standard_normal(5)
            null = control + 0.04 * rng.standard_normal(5)
            value = call(verdict, seeds, null)
            said.append(
                one_of(
                    value,
                    ["supported", "refuted", "inconclusive"],
                    "the verdict",
                )
            )
        return float(np.mean([v == answer for v in said]))

    worlds = (
        (0.0, 0.0, "nothing happens, in the arm or in the control"),
        (0.3, 0.3, "the control rises as much as the arm"),
        (-0.3, 0.0, "the effect goes the other way"),
    )
    for effect, control, what in worlds:
        rate = share(effect, control, "supported")
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
    for effect, what in ((0.0, "there is no effect"), (-0.3, "it is negative")):
        rate = share(effect, 0.0, "refuted")
        if rate < POWER:
            raise Wrong(
                f"in worlds where {what}, your rule says 'refuted' only "
                f"{rate:.0%} of the time; a claim that cannot be refuted is "
                "not tested."
            )
    rate = share(0.1, 0.0, "inconclusive")
    if rate < 0.3:
        raise Wrong(
            "where the effect is exactly at the threshold no verdict is "
            f"safe, yet your rule says 'inconclusive' only {rate:.0%} of the "
            "time; is the spread over seeds part of it?"
        )
