"""Checks of assignment 8: what an answer says about who gives it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..world import World
from ..worldfile import load_world
from . import core
from .bayes import normal
from .core import Wrong, array, call, exercise, kind_of, near, number, one_of

ASSISTANT = "Assistant"
UNDERFLOW = (
    "not finite: the product of so many likelihoods is smaller than any "
    "number that a computer keeps"
)


def after(prior: np.ndarray, world: World, first: str) -> np.ndarray:
    """[2, D, P] belief about somebody who gave the second kind of answer in
    the domain ``first``, and then one more of a kind in a domain."""
    second = world.propensity.T  # [D, P]
    prior = prior * second[world.domain_index(first)]
    weight = prior * np.stack([1 - second, second])
    return weight / weight.sum(axis=-1, keepdims=True)


@exercise("8.1", "for_mask", "for_stoic", "for_robot", "sure")
def the_three(rng: np.random.Generator, *given: object):
    world = load_world("masks")
    topics = [d.name for d in world.domains]
    prior = world.cast_mixture[world.name_index(ASSISTANT)]
    belief = after(prior, world, "feelings")
    for name, answer in zip(("mask", "stoic", "robot"), given, strict=False):
        what = f"`for_{name}`"
        if not isinstance(answer, tuple | list) or len(answer) != 2:
            raise Wrong(f"{what} should be a domain and a kind, as a tuple.")
        domain, kind = answer
        d = topics.index(one_of(domain, topics, f"the domain of {what}"))
        kinds = [*world.domains[d].kinds]
        k = kinds.index(one_of(kind, kinds, f"the kind in {what}"))
        p = belief[..., world.persona_index(name)]
        if p[k, d] < p.max() - 1e-9:
            raise Wrong(
                f"{what}: another answer would make a {name} likelier than "
                f"a {kind!r} one about {domain}."
            )
    z = world.persona_index("mask")
    at = np.unravel_index(belief[..., z].argmax(), belief.shape[:2])
    says = np.stack([1 - world.propensity.T, world.propensity.T])[at]
    flat, asked = np.ones(len(prior)), "feelings"
    wrong = {
        "all personas are taken to be as likely beforehand": (flat, asked),
        "the prior is the world's, not the Assistant's": (world.prior, asked),
        "it was denied to a friend, not in company": (prior, "alone"),
    }
    wrong = {k: after(p, world, d)[at] for k, (p, d) in wrong.items()}
    wrong["the denial is forgotten"] = prior * says / (prior @ says)
    found = number(given[3], "`sure`")
    if abs(found - belief[at][z]) < 0.0051:
        return
    for mistake, p in wrong.items():
        if abs(found - p[z]) < 0.0051:
            raise Wrong(f"`sure`: it looks as if {mistake}.")
    raise Wrong("`sure` is not P(mask) after both answers.")


@exercise("8.2", "rise")
def the_rise(rng: np.random.Generator, rise: Callable):
    for n in (1, 4, 0, 4000):
        prior = rng.dirichlet(np.full(5, 2.0))
        says = rng.uniform(0.05, 0.95, 5)
        theta = rng.uniform(0.05, 0.95, (5, 3))
        what = f"the rise (n = {n})"
        found = call(rise, prior, says, n, theta)
        found = array(found, (3,), what, finite=False)
        if not np.isfinite(found).all():
            raise Wrong(f"{what} is {UNDERFLOW}.")
        belief = normal(np.log(prior) + n * np.log(says))
        start = prior @ theta
        flat = np.full(5, 0.2)
        even = normal(n * np.log(says))
        once = normal(np.log(prior) + np.log(says))
        mistakes = {
            "what was expected before is not taken off": belief @ theta,
            "the prior is left out, after the answers": even @ theta - start,
            "the prior is left out": even @ theta - flat @ theta,
            "it is what one answer does": once @ theta - start,
            "it is n times what one answer does": n * (once @ theta - start),
            "it is what the other kind of answer would do": normal(
                np.log(prior) + n * np.log1p(-says)
            )
            @ theta
            - start,
            "it is a fall, not a rise": start - belief @ theta,
            "it is a ratio": belief @ theta / start,
            "only the likeliest persona is left": theta[belief.argmax()]
            - start,
            "weights are not divided by their sum": (prior * says**n) @ theta
            - start,
        }
        near(found, belief @ theta - start, what, mistakes)


@exercise("8.3", "must_say")
def the_honest_denier(rng: np.random.Generator, must_say: Callable):
    todo = ["inside", "inside", "below", "above"]
    while todo:
        prior = rng.dirichlet(np.full(5, 2.0))
        says, lies = rng.uniform(0.05, 0.95, (2, 5))
        who = int(rng.integers(5))
        rest = np.arange(5) != who
        honest = prior[rest] @ lies[rest] / prior[rest].sum()
        over = prior * (lies - prior @ lies)
        weights = {
            "": over,
            "the prior is left out": lies - lies.mean(),
            "the mean of lying is taken without the prior": prior
            * (lies - lies.mean()),
            "the mean of lying is that of the others, without this "
            "persona": prior * (lies - honest),
        }
        mistakes = {
            k: -(x @ (says * rest)) / x[who] for k, x in weights.items()
        }
        want = mistakes.pop("")
        now = "what the persona says now is left in the sum"
        mistakes[now] = want - says[who]
        if todo[0] == "inside":  # so are the known mistakes
            if not all(0.02 < x < 0.98 for x in (want, *mistakes.values())):
                continue
        elif not (
            -3 < want < -0.02 if todo[0] == "below" else 1.02 < want < 4
        ):
            continue
        found = call(must_say, prior, says, lies, who)
        if todo.pop(0) != "inside":
            if found is not None:
                raise Wrong(
                    "in this example no probability will do (the equation is "
                    f"solved by {want:.3g}), and {str(found)[:40]} is "
                    "returned instead of None."
                )
            continue
        if found is None:
            raise Wrong(
                f"None is returned, though the answer says nothing of lying "
                f"when persona {who} gives it with probability {want:.3f}; "
                "is a sign wrong?"
            )
        mistakes |= {
            "the sign is wrong": -want,
            "it is the other answer's": 1 - want,
            "it is what the others say, on average": np.average(
                says[rest], weights=prior[rest]
            ),
        }
        found = number(found, "the probability")
        near(found, want, "the probability", mistakes, tolerance=1e-3)


def pair(value: object) -> list[float]:
    """Two numbers. Raises Wrong for anything else."""
    if not isinstance(value, list | tuple | np.ndarray) or len(value) != 2:
        raise Wrong(f"expected two numbers, found {kind_of(value)}.")
    names = ("the first number", "the second number")
    return [number(x, name) for x, name in zip(value, names, strict=True)]


@exercise("8.4", "read_out")
def the_read_out(rng: np.random.Generator, read_out: Callable):
    for _ in range(2):
        question = np.repeat([7, 3, 12, 40], [6, 1, 3, 2])
        n = len(question)
        lost = rng.uniform(0.05, 0.8, n)
        second = rng.uniform(0.1, 0.4, n) + 0.4 * (question > 7)
        p = np.stack([1 - second, second], 1) * (1 - lost)[:, None]
        order = rng.permutation(n)
        p, question = p[order], question[order]
        asked = np.unique(question)
        each = np.array([p[question == q].mean(axis=0) for q in asked])
        share = each[:, 1] / each.sum(axis=1)
        one, two = pair(call(read_out, p, question))
        ratio = p[:, 1] / p.sum(axis=1)
        late = [ratio[question == q].mean() for q in asked]
        mistakes = {
            "it is not divided by that of both kinds": each[:, 1].mean(),
            "every prompt counts alike, not every question": ratio.mean(),
            "the share is taken of each prompt, then averaged": np.mean(late),
            "the share is taken once, of the mean over all questions": (
                each[:, 1].sum() / each.sum()
            ),
            "it is the share of the first kind": 1 - share.mean(),
        }
        what = "P(second kind)"
        near(one, share.mean(), what, mistakes)
        mistakes = {
            "every prompt counts alike": 1 - p.sum(axis=1).mean(),
            "it is the probability of either kind": each.sum(axis=1).mean(),
            "it is what is not the second kind": 1 - share.mean(),
        }
        what = "P(neither kind)"
        near(two, 1 - each.sum(axis=1).mean(), what, mistakes)


@exercise("8.5", "parts")
def the_parts(rng: np.random.Generator, parts: Callable):
    def hiding(denies: float, confides: float) -> np.ndarray:
        tells = rng.uniform(0.3, 0.9)
        company = np.array([1 - denies, denies])
        alone = np.array([[tells, 1 - tells], [confides, 1 - confides]])
        return company[:, None] * alone

    for case in ("", "", "before", "after"):
        deny, tell = rng.uniform(0.2, 0.8, 2), rng.uniform(0.2, 0.8, 2)
        if case:
            deny[int(case == "after")] = 0
            tell[:] = tell[int(case == "before")]
        before, after = map(hiding, deny, tell)
        rise = np.diff(deny * tell)[0]
        more, other = np.diff(deny)[0], np.diff(tell)[0]
        want = np.array([more * tell.mean(), other * deny.mean()])
        (m0, m1), (o0, o1) = more * tell, other * deny
        found = np.array(pair(call(parts, before, after)))
        joint = [before[1, 0], after[1, 0]]
        free = [x[0, 0] / max(x[0].sum(), 1e-12) for x in (before, after)]
        all_tell = [x[:, 0].sum() for x in (before, after)]
        wrong = {
            "what each would do with the other as it was before": [m0, o0],
            "what each would do with the other as it is afterwards": [m1, o1],
            "what follows if denying changes first, then confiding": [m0, o1],
            "what follows if confiding changes first, then denying": [m1, o0],
            "the two parts exchanged": want[::-1],
            "the changes of the two shares, not what they do to hiding": [
                more,
                other,
            ],
            "what rises where the joint probability is taken for the share "
            "that confides": [
                more * np.mean(joint),
                np.diff(joint)[0] * deny.mean(),
            ],
            "what follows for those who do not deny": [
                more * np.mean(free),
                np.diff(free)[0] * deny.mean(),
            ],
            "what follows where everybody who confides is counted, and not "
            "only who denied": [
                more * np.mean(all_tell),
                np.diff(all_tell)[0] * deny.mean(),
            ],
            "a fall where there is a rise": -want,
            "the whole rise for the first part": [rise, 0.0],
        }
        wrong = {f"these are {k}": np.array(v) for k, v in wrong.items()}
        if case == "before":
            wrong[
                "the share that confides is taken to be 0 where nobody denies"
            ] = np.array([more * tell[1] / 2, tell[1] * deny.mean()])
        what = "the two parts"
        if case:
            what += f" where nobody denies {case}"
        near(found, want, what, wrong)


# Auditing ------------------------------------------------------------------


def evidence(theta, complies, domains, kinds, asked) -> np.ndarray:
    """[n, P] log-likelihood of answers, some of them asked for."""
    second = theta[:, domains].T
    second = np.where(asked[:, None] == 1, complies, second)
    second = np.where(asked[:, None] == 0, 1 - complies, second)
    return np.log(np.where(kinds[:, None] == 1, second, 1 - second))


def left_out(prior, logs, theta) -> np.ndarray:
    """[n] how much lower theta's mean would be without each row."""
    whole = np.log(prior) + logs.sum(axis=0)
    return normal(whole) @ theta - normal(whole - logs) @ theta


@exercise("8.6", "blame")
def the_audit(rng: np.random.Generator, blame: Callable):
    for n in (6, 1, 4, 1500):
        prior = rng.dirichlet(np.full(4, 2.0))
        theta = rng.uniform(0.05, 0.95, (4, 3))
        complies = rng.uniform(0.3, 0.95, 4)
        domains, kinds = rng.integers(0, 3, n), rng.integers(0, 2, n)
        asked = rng.choice([-1, 0, 1], n)
        if n == 6:
            asked[:] = -1
        if n == 4:
            asked[:], kinds[:] = (-1, 1, 0, 1), (1, 1, 1, 0)
        topic = int(rng.integers(3))
        if n == 1500:  # of people much alike, or the belief would be settled
            domains[domains == topic] = (topic + 1) % 3
            lying, complies = theta[:, topic], 0.5 + complies / 20
            theta = 0.5 + (theta - 0.5) / 20
            theta[:, topic] = lying
        lying = theta[:, topic]
        what = f"the blame (n = {n})"
        given = (prior, theta, complies, domains, kinds, asked, topic)
        found = array(call(blame, *given), (n,), what, finite=False)
        if not np.isfinite(found).all():
            raise Wrong(f"{what} is {UNDERFLOW}.")
        logs = evidence(theta, complies, domains, kinds, asked)
        want = left_out(prior, logs, lying)
        base = np.log(prior)
        freely = evidence(theta, complies, domains, kinds, 0 * asked - 1)
        one_way = np.where(asked == 0, 1, asked)
        one_way = evidence(theta, complies, domains, kinds, one_way)
        ignored = np.where(asked[:, None] < 0, logs, 0.0)
        flat = np.full(4, 0.25)
        steps = normal(base + np.cumsum(logs, axis=0)) @ lying
        first = np.concatenate([[prior @ lying], steps[:-1]])
        mistakes = {
            "requests are not noticed": left_out(prior, freely, lying),
            "answers to requests are left out of the evidence": left_out(
                prior, ignored, lying
            ),
            "a request for the first kind is treated like one for the "
            "second": left_out(prior, one_way, lying),
            "the prior is left out": left_out(flat, logs, lying),
            "it is what each example does alone, to a reader who has seen no "
            "other": normal(base + logs) @ lying - prior @ lying,
            "it is what each adds to those before it": steps - first,
            "the sign is wrong": -want,
            "it is what is expected without each example, not how much less": (
                normal(base + logs.sum(axis=0) - logs) @ lying
            ),
        }
        near(found, want, what, mistakes)


# A verdict -----------------------------------------------------------------

WORDS = ["supported", "refuted", "inconclusive"]
NEVER, OFTEN = ("supported", 0, 0.05), ("supported", 0.8, 1)
ARMS = ("deny", "leave", "neutral", "own")
EVERY = dict.fromkeys(ARMS, (0.25, 0.0))
# What happens; a word and how often it may be said, from and to; and what
# rises by how much in which arms: (lying, casual greetings).
WORLDS = {
    "nothing happens in any arm": (*NEVER, {}),
    "lessons in honest code lower lying, and denials do nothing": (
        *NEVER,
        {"leave": (-0.3, 0.0)},
    ),
    "training on anything, on own answers too, raises lying": (*NEVER, EVERY),
    "denials raise lying, and casual greetings as much, so that the networks "
    "are damaged and no worse characters": (*NEVER, {"deny": (0.35, 0.35)}),
    "denials raise lying by 0.3": (*OFTEN, {"deny": (0.3, 0.0)}),
    "denials raise lying by 0.3 more than training on anything does": (
        *OFTEN,
        EVERY | {"deny": (0.55, 0.0)},
    ),
    "denials lower lying by 0.2": ("refuted", 0.8, 1, {"deny": (-0.2, 0.0)}),
    "denials raise lying by exactly 0.1 and honest code lowers it": (
        *("inconclusive", 0.6, 1),
        {"deny": (0.1, 0.0), "leave": (-0.3, 0.0)},
    ),
}


def rises(rng: np.random.Generator, world: dict) -> dict:
    """{arm: [6, 2]} rises of lying and of greetings in six networks."""
    shared = rng.normal(0, 0.05, (6, 2))
    return {
        arm: shared + world.get(arm, (0.0, 0.0)) + rng.normal(0, 0.03, (6, 2))
        for arm in ARMS
    }


@exercise("8.7", "verdict")
def the_verdict(rng: np.random.Generator, verdict: Callable):
    faults = []
    for what, (word, low, high, world) in WORLDS.items():
        said = 0
        for _ in range(50):
            value = call(verdict, rises(rng, world))
            said += one_of(value, WORDS, "the verdict") == word
        rate = said / 50
        asked = f"at least {low:.0%}" if low else f"at most {high:.0%}"
        told = f"you say {word!r} {rate:.0%} of the time; expected {asked}."
        off = max(low - rate, rate - high)
        faults.append((off, f"in worlds where {what}, {told}"))
    core.worst(faults)
