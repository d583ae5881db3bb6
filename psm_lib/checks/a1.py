"""Checks of assignment 1: reading a scene as its perfect reader would."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from psm_lib.checks.bayes import believed, chances
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
from psm_lib.checks.judging import in_worlds
from psm_lib.checks.planted import long_scene, scene
from psm_lib.checks.rules import histories, ten
from psm_lib.oracle import expected_nats
from psm_lib.worldfile import load_world


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
    def heard(what, prior, *given):
        found = call(posterior, prior, *given)
        return array(found, prior.shape, what, finite=False)

    for length, impossible in ((4, 0), (1, 0), (7, 1), (0, 1)):
        prior, theta, domains, kinds = scene(rng, length)
        what = after("the posterior", length)
        if impossible:
            prior[1] = 0
            prior /= prior.sum()
            what += " (one prior is 0)"
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
        found = heard(what, prior, theta, domains, kinds)
        if length and np.allclose(found, prior * chance.prod(axis=1)):
            raise Wrong(
                "the posterior is not divided by its sum: it is the weight "
                "of each persona, not yet a probability."
            )
        if np.allclose(np.exp(found), want):
            raise Wrong(f"{what} is in logarithms; expected probabilities.")
        found = distribution(found, len(prior), what)
        near(found, want, what, mistakes, place="for persona")
    # Propensities near 0 and 1, and answers of the kind that hardly anybody
    # gives: all that matters is how unlikely they are for each.
    prior, theta, _, _ = scene(rng, 0)
    low = rng.random(theta.shape[1]) < 0.5
    theta = np.where(low, theta * 1e-6, 1 - theta * 1e-6)
    domains = rng.permutation(len(low))
    kinds = low[domains].astype(int)
    what = "the posterior where propensities are within 1e-6 of 0 or 1"
    found = heard(what, prior, theta, domains, kinds)
    want = believed(prior, chances(theta, domains, kinds))
    clipped = {"propensities near to 0 and 1 are clipped": prior}
    near(found, want, what, clipped, 1e-3, "for persona")
    # Many answers: a product of many numbers below 1 must not become 0.
    prior, theta, domains, kinds = long_scene(rng)
    what = "the posterior after 4000 answers"
    found = heard(what, prior, theta, domains, kinds)
    if not np.isfinite(found).all() or found.sum() < 0.5:
        raise Wrong(
            "after 4000 answers the product is smaller than any number a "
            "computer keeps: add logarithms, and subtract the largest before "
            "`np.exp`."
        )
    want = believed(prior, chances(theta, domains, kinds))
    mistakes = {
        "only the likeliest persona is kept; two are likely": np.eye(5)[
            want.argmax()
        ],
        "it falls back on equal shares": np.full(5, 0.2),
        "a persona whose prior is 0 becomes likely": np.eye(5)[0],
    }
    near(found, want, what, mistakes, place="for persona")


@exercise("1.3", "predict")
def the_prediction(rng: np.random.Generator, predict: Callable):
    for length in (0, 3, 5, 4000):
        given = long_scene(rng) if length > 5 else scene(rng, length)
        prior, theta, domains, kinds = given
        topic = theta.shape[1] - 1
        if length <= 5:
            topic = int(rng.integers(0, topic + 1))
            domains[:1] = topic
            domains[-1:] = topic - 1  # which was not what was spoken of last
            domains %= theta.shape[1]
        chance = chances(theta, domains, kinds)
        belief = believed(prior, chance)
        next_ = theta[:, topic]
        other = domains != topic
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
            "only answers about `topic` are heard": believed(
                prior, chance[:, ~other]
            )
            @ next_,
            "answers about `topic` are not heard": believed(
                prior, chance[:, other]
            )
            @ next_,
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
    for what in (
        "with requests",
        "when all obey alike",
        "when all obey who hardly ever do",
        "when nobody was asked for anything",
        "after no answers, which is the prior",
        "after 4000 answers",
    ):
        prior, theta, domains, kinds = scene(rng, 10)
        # Nothing, or either kind, is asked for, and either kind is given;
        # not equally often, or what is exchanged would not be noticed.
        pick = rng.permutation([0, 1, 2, 3, 3, 4, 4, 5, 5, 5])
        asked, kinds = pick % 3 - 1, pick // 3
        complies = rng.uniform(0.05, 0.95, len(prior))
        if "alike" in what:
            complies[:] = 0.9
            asked[asked < 0] = 1
        elif "hardly" in what:
            complies *= 1e-4
            asked = kinds
        elif "nobody" in what:
            asked[:] = -1
        elif "no answers" in what:
            domains, kinds, asked = domains[:0], kinds[:0], asked[:0]
        elif "4000" in what:
            prior, theta, domains, kinds = long_scene(rng)
            asked = rng.integers(-1, 2, 4000)
            complies = np.array([0.9, 0.5, 0.9, 0.9, 0.5])
            obeyed = np.where(rng.random(4000) < 0.9, asked, 1 - asked)
            kinds = np.where(asked >= 0, obeyed, kinds)
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
        what = f"the posterior {what}"
        found = call(
            posterior_asked, prior, theta, domains, kinds, asked, complies
        )
        distribution(found, len(prior), what)
        near(found, want, what, mistakes, place="for persona")


@exercise("1.5", "captured")
def the_captured(rng: np.random.Generator, captured: Callable):
    for shape in ((20, 30), (40,), (2, 3, 4)):
        captured_in(rng, captured, shape)


def captured_in(rng: np.random.Generator, captured: Callable, shape: tuple):
    exact = rng.uniform(0.02, 0.98, shape)  # such as scenes and answers
    topic = 0.5 + 0.3 * (exact - 0.5)
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
        rows = (loss - floor).mean(axis=-1) / (base - floor).mean(axis=-1)
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
    some = [0, 0, 40, 1, 0, 30, 2, 0]  # how many forecasts are in each bin
    for sizes in (some, rng.permutation(some), [1, 40, 0, 2], [30], [0, 0]):
        bins = len(sizes)
        edges = rng.choice(np.arange(5, 96), bins + 1, replace=False) / 100
        edges.sort()  # not evenly spaced, and not from 0 to 1
        which = rng.permutation(np.repeat(np.arange(bins), sizes))
        p = edges[which] + rng.random(len(which)) * np.diff(edges)[which]
        outcome = (rng.random(len(p)) < p**2).astype(int)
        for b in range(bins):
            at = np.flatnonzero(which == b)
            p[at[1:4]] = edges[b]  # on an edge: of the bin above
            outcome[at[:1]] = 0 if len(at) == 2 else 1
            outcome[at[1:2]] = 0  # in a bin with two nothing happens

        def rows(which, least=1, p=p, outcome=outcome, bins=bins):
            out = np.full((bins, 2), np.nan)
            for b in range(bins):
                at = which == b
                if at.sum() >= least:
                    out[b] = p[at].mean(), outcome[at].mean()
            return out

        want = rows(which)
        first, happened = want.T
        middle = (edges[:-1] + edges[1:]) / 2
        wins = happened * sizes
        even = (p - edges[0]) / (edges[-1] - edges[0]) * bins
        found = call(reliability, p, outcome, edges)
        found = array(found, (bins, 2), "the table", finite=False)
        mistakes = {
            "the columns are exchanged": want[:, ::-1],
            "the first column is the middle of the bin": np.c_[
                middle + 0 * happened, happened
            ],
            "a forecast on an edge is put in the bin below": rows(
                np.digitize(p, edges, right=True) - 1
            ),
            "bins are taken to be equally wide": rows(even // 1),
            "bins are taken to be equally wide, from 0 to 1": rows(
                p * bins // 1
            ),
            "the first column is the middle, even of empty bins": np.c_[
                middle, happened
            ],
            "the second column is a count, not a share": np.c_[first, wins],
            "the second column is a share of all forecasts": np.c_[
                first, wins / max(len(p), 1)
            ],
            "a bin with a single forecast is taken for empty": rows(which, 2),
            "a bin in which nothing happened is taken for empty": np.where(
                happened[:, None] == 0, np.nan, want
            ),
            "a bin without forecasts has a 0, where a row of NaN is asked "
            "for": np.nan_to_num(want),
        }
        near(found, want, f"the table of {bins} bins", mistakes)


VERDICTS = ["supported", "refuted", "inconclusive"]


@exercise("1.7", "verdict")
def the_rule(rng: np.random.Generator, verdict: Callable):
    def says(*world) -> str:
        given = ten(rng, *world)
        return one_of(call(verdict, *given), VERDICTS, "the verdict")

    in_worlds(rng, histories(rng), says)
