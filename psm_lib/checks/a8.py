"""Checks of assignment 8: what an answer says about who gives it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from psm_lib.checks.bayes import evidence, learned, left_out, normal
from psm_lib.checks.core import (
    Wrong,
    array,
    call,
    exercise,
    near,
    number,
    one_of,
    told_apart,
)
from psm_lib.checks.judging import (
    ENDS,
    Setting,
    an_answer,
    exact,
    in_worlds,
    pair,
)
from psm_lib.checks.planted import cast
from psm_lib.world import World
from psm_lib.worldfile import load_world

ASSISTANT = "Assistant"
UNDERFLOW = (
    "not finite: the logarithm of a prior of 0 is infinite, and the product "
    "of thousands of likelihoods is smaller than a computer's numbers"
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
    prior = world.cast_mixture[world.name_index(ASSISTANT)]
    belief = after(prior, world, "feelings")
    for name, answer in zip(("mask", "stoic", "robot"), given, strict=False):
        what = f"`for_{name}`"
        d, kind = an_answer(answer, world, what)
        p = belief[..., world.persona_index(name)]
        if p[kind, d] < p.max() - 1e-9:
            raise Wrong(
                f"{what}: another answer would make a {name} likelier than "
                f"{tuple(answer)} does."
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
    if found > 1:
        told, _ = told_apart(found, 1.0)
        raise Wrong(
            f"`sure` is {told}; expected a probability, from 0 to 1 and "
            "not in per cent."
        )
    if abs(found - belief[at][z]) < 0.0051:
        return
    for mistake, p in wrong.items():
        if abs(found - p[z]) < 0.0051:
            raise Wrong(f"`sure`: it looks as if {mistake}.")
    raise Wrong("`sure` is not P(mask) after both answers.")


@exercise("8.2", "rise")
def the_rise(rng: np.random.Generator, rise: Callable):
    for n in (1, 4, 0, 3, 4000, 5000):
        personas, domains = map(int, rng.integers([4, 1], [8, 6]))
        prior, theta = cast(rng, personas, domains, absent=n % 2)
        most = {1: 0.1, 4000: 0.5}.get(n, 0.95)
        says = rng.uniform(most / 20, most, personas)
        if n == 3:  # one of them always says so
            says[prior.argmax()] = 1.0
        elif n == 4000:  # nobody is the one who says so most
            prior[says.argmax()] = 0.0
            prior = prior / prior.sum()
        elif n == 5000:  # they are alike, and all stay likely
            says = 0.3 * np.exp(rng.uniform(-2, 0, personas) / n)
        what = f"the rise (n = {n})"
        with np.errstate(divide="ignore"):
            found = call(rise, prior, says, n, theta)
        found = array(found, (domains,), what, finite=False)
        if not np.isfinite(found).all():
            raise Wrong(f"{what} is {UNDERFLOW}.")
        belief = learned(prior, np.log(says), n)
        start = prior @ theta
        even = normal(n * np.log(says)) @ theta
        once = learned(prior, np.log(says)) @ theta
        other = learned(prior, np.log(np.maximum(1 - says, 1e-9)), n) @ theta
        missing = "the prior is left out, after the answers"
        if n == 4000:  # who says so most is not there
            missing = "a persona whose prior is 0 is believed in all the same"
        mistakes = {
            "what was expected before is not taken off": belief @ theta,
            missing: even - start,
            "the prior is left out": even - theta.mean(axis=0),
            "it is what one answer does": once - start,
            "it is n times what one answer does": n * (once - start),
            "it is what the other kind of answer would do": other - start,
            "it is a fall, not a rise": start - belief @ theta,
            "only the likeliest persona is left": theta[belief.argmax()]
            - start,
            "weights are not divided by their sum": (prior * says**n) @ theta
            - start,
        }
        near(found, belief @ theta - start, what, mistakes)


@exercise("8.3", "must_say")
def the_honest_denier(rng: np.random.Generator, must_say: Callable):
    what = "the probability"
    todo = [(0.02, 0.98), (0.02, 0.98), (-0.9, -0.02), (1.02, 2)]
    while todo:  # between which bounds the solution is
        prior = rng.dirichlet(np.full(5, 2.0))
        says, lies = rng.uniform(0.05, 0.95, (2, 5))
        who = int(rng.integers(5))
        rest = np.arange(5) != who
        honest = prior[rest] @ lies[rest] / prior[rest].sum()
        over = prior * (lies - prior @ lies)
        weights = {
            "": over,
            "the prior is left out": lies - lies.mean(),
            "lying beforehand is its mean without the prior": prior
            * (lies - lies.mean()),
            "lying beforehand is that of the others": prior * (lies - honest),
        }
        mistakes = {
            k: -(x @ (says * rest)) / x[who] for k, x in weights.items()
        }
        want = mistakes.pop("")
        now = "what the persona says now is left in the sum"
        mistakes[now] = want - says[who]
        low, high = todo[0]
        possible = 0 < low < 1
        between = [want, *mistakes.values()] if possible else [want]
        if not all(low < x < high for x in between):
            continue
        todo.pop(0)
        found = call(must_say, prior, says, lies, who)
        if possible and found is None:
            raise Wrong(f"found None, though {want:.3f} will do.")
        if not possible and found is not None:
            only, _ = told_apart(float(want), float(round(want)))
            raise Wrong(
                f"expected None, found {str(found)[:40]}: only {only} would "
                "do, which is no probability."
            )
        if not possible:
            continue
        others = np.average(says[rest], weights=prior[rest])
        mistakes |= {
            "the sign is wrong": -want,
            "it is the other answer's": 1 - want,
            "it is what the others say, on average": others,
        }
        near(number(found, what), want, what, mistakes, tolerance=1e-3)
    for want, fits, why in ENDS:
        with np.errstate(divide="ignore"):
            found = call(must_say, *exact(rng, fits))
        if (want is None or found is None) and found is not want:
            raise Wrong(f"{why}: expected {want}, found {str(found)[:40]}.")
        if want is not None:
            near(number(found, what), want, what, tolerance=1e-3)


@exercise("8.4", "read_out")
def the_read_out(rng: np.random.Generator, read_out: Callable):
    for case in ("", "", "one question", "one prompt", "nothing lost"):
        names = rng.permutation([-5, 0, 3, 12, 40])
        question = np.repeat(names, [6, 1, 3, 2, 1])
        if case.startswith("one"):
            question = question[: 1 if case == "one prompt" else 6]
        n = len(question)
        lost = rng.uniform(0.05, 0.95, n) * (case != "nothing lost")
        second = rng.uniform(0.1, 0.4, n) + 0.4 * (question > 3)
        p = np.stack([1 - second, second], 1) * (1 - lost)[:, None]
        if not case:
            p[0] = 0  # a prompt that nobody answers
        order = rng.permutation(n)
        p, question = p[order], question[order]
        asked = np.unique(question)
        each = np.array([p[question == q].mean(axis=0) for q in asked])
        share = each[:, 1] / each.sum(axis=1)
        one, two = pair(call(read_out, p, question))
        some = p.sum(axis=1) > 0
        ratio = p[:, 1] / np.where(some, p.sum(axis=1), 1.0)
        late = [ratio[question == q].mean() for q in asked]
        here = [ratio[some & (question == q)].mean() for q in asked]
        mistakes = {
            "it is not divided by that of both kinds": each[:, 1].mean(),
            "every prompt counts alike, not every question": ratio.mean(),
            "the share is taken of each prompt, then averaged": np.mean(late),
            "the share is taken once, of the mean over all questions": (
                each[:, 1].sum() / each.sum()
            ),
            "it is the share of the first kind": 1 - share.mean(),
        }
        if not some.all():
            mistakes |= {
                "the share is taken of each prompt that has one, then "
                "averaged": np.mean(here),
                "every prompt that has a share counts alike, not every "
                "question": ratio[some].mean(),
            }
        what = "P(second kind)"
        near(number(one, what), share.mean(), what, mistakes)
        mistakes = {
            "every prompt counts alike": 1 - p.sum(axis=1).mean(),
            "it is the probability of either kind": each.sum(axis=1).mean(),
            "it is what is not the second kind": 1 - share.mean(),
        }
        what = "P(neither kind)"
        near(number(two, what), 1 - each.sum(axis=1).mean(), what, mistakes)


# Which share is what it is not elsewhere: of denying (0) or of confiding (1),
# before (0) or after (1); and what it is there.
SHARES = {
    "in an example": None,
    "in another example": None,
    "where nobody denies before": (0, 0, 0.0),
    "where nobody denies after": (0, 1, 0.0),
    "where few deny before": (0, 0, 0.01),
    "where few deny after": (0, 1, 0.01),
    "where all deny after": (0, 1, 1.0),
    "where nobody confides before": (1, 0, 0.0),
    "where nobody confides after": (1, 1, 0.0),
}


@exercise("8.5", "parts")
def the_parts(rng: np.random.Generator, parts: Callable):
    def hiding(denies: float, confides: float) -> np.ndarray:
        tells = rng.uniform(0.3, 0.9)
        company = np.array([1 - denies, denies])
        alone = np.array([[tells, 1 - tells], [confides, 1 - confides]])
        return company[:, None] * alone

    def split(tell, deny) -> np.ndarray:
        return np.array(
            [np.diff(deny)[0] * np.mean(tell), np.diff(tell)[0] * deny.mean()]
        )

    for case, special in SHARES.items():
        shares = rng.uniform(0.2, 0.8, (2, 2))
        if special:
            row, moment, share = special
            shares[row, moment] = share
            if row == 0 and share == 0:  # then nobody knows who would confide
                shares[1, moment] = shares[1, 1 - moment]
        deny, tell = shares
        before, after = map(hiding, deny, tell)
        more, other = np.diff(deny)[0], np.diff(tell)[0]
        want = split(tell, deny)
        (m0, m1), (o0, o1) = more * tell, other * deny
        found = pair(call(parts, before, after))
        all_tell = [x[:, 0].sum() for x in (before, after)]
        mute = np.array([x[:, 1].sum() for x in (before, after)])
        turned = np.array([before[0, 1], after[0, 1]]) / mute
        wrong = {
            "what each would do with the other as it was before": [m0, o0],
            "what each would do with the other as it is afterwards": [m1, o1],
            "what follows if denying changes first, then confiding": [m0, o1],
            "what follows if confiding changes first, then denying": [m1, o0],
            "the two parts exchanged": want[::-1],
            "the changes of the shares, not what they do": [more, other],
            "what rises if the joint probability is taken for the share that "
            "confides": split([before[1, 0], after[1, 0]], deny),
            "what follows where everybody who confides is counted, and not "
            "only who denied": split(all_tell, deny),
            "what rises if the share that confides is taken to be 0 when "
            "nobody denies": split(tell * (deny > 0), deny),
            "what follows where the two indices are exchanged": split(
                turned, mute
            ),
            "a fall where there is a rise": -want,
        }
        wrong = {f"these are {k}": np.array(v) for k, v in wrong.items()}
        what = f"the two parts {case}"
        found = np.array([number(x, what) for x in found])
        near(found, want, what, wrong)


# Auditing ------------------------------------------------------------------


@exercise("8.6", "blame")
def the_audit(rng: np.random.Generator, blame: Callable):
    for n in (6, 4, 1, 9, 1500):
        personas, many = map(int, rng.integers([4, 2], [7, 6]))
        prior, theta = cast(rng, personas, many, absent=n % 2)
        complies = rng.uniform(0.3, 0.95, personas)
        domains, kinds = rng.integers(0, many, n), rng.integers(0, 2, n)
        asked = rng.choice([-1, 0, 1], n)
        if n == 6:
            asked[:] = -1
        if n == 4:
            asked[:], kinds[:] = (-1, 1, 0, 1), (1, 1, 1, 0)
        topic = int(rng.integers(many))
        if n == 1500:  # of people much alike, or the belief would be settled
            domains[domains == topic] = (topic + 1) % many
            lying, complies = theta[:, topic], 0.5 + complies / 20
            theta = 0.5 + (theta - 0.5) / 20
            theta[:, topic] = lying
        lying = theta[:, topic]
        what = f"the blame (n = {n})"
        given = (prior, theta, complies, domains, kinds, asked, topic)
        with np.errstate(divide="ignore"):
            found = call(blame, *given)
        found = array(found, (n,), what, finite=False)
        if not np.isfinite(found).all():
            raise Wrong(f"{what} is {UNDERFLOW}.")
        about = complies, domains, kinds
        logs = evidence(theta, *about, asked)
        want = left_out(prior, logs, lying)
        flag = np.where(asked == 0, 1 - kinds, np.where(asked == 1, kinds, -1))
        ignored = np.where(asked[:, None] < 0, logs, 0.0)
        steps = learned(prior, np.cumsum(logs, axis=0)) @ lying
        first = np.concatenate([[prior @ lying], steps[:-1]])
        taken = {  # for what was asked
            "requests are not noticed": 0 * asked - 1,
            "a request for the first kind is treated like one for the "
            "second": np.where(asked == 0, 1, asked),
            "`asked` is taken to say whether the kind that was given was "
            "requested, where it says which kind was": flag,
            "every request is taken to be one for the kind that was given": (
                np.where(asked < 0, -1, kinds)
            ),
        }
        mistakes = {
            k: left_out(prior, evidence(theta, *about, x), lying)
            for k, x in taken.items()
        } | {
            "answers to requests are left out of the evidence": left_out(
                prior, ignored, lying
            ),
            "the prior is left out": left_out(0 * prior + 1, logs, lying),
            "it is what each example does alone, to a reader who has seen no "
            "other": learned(prior, logs) @ lying - prior @ lying,
            "it is what each adds to those before it": steps - first,
            "the sign is wrong": -want,
            "it is what is expected without each example, not how much less": (
                learned(prior, logs.sum(axis=0) - logs) @ lying
            ),
        }
        near(found, want, what, mistakes)


# A verdict -----------------------------------------------------------------

WORDS = ["supported", "refuted", "inconclusive"]
NEVER, OFTEN = {("supported",): -0.05}, {("supported",): 0.8}
BELOW, UNCLEAR = {("refuted",): 0.8}, {("inconclusive",): 0.6}
ARMS = ("deny", "leave", "neutral", "own")
EVERY = dict.fromkeys(ARMS, (0.25, 0))
CODE = {"leave": (-0.3, 0)}
# What happens; how often words may be said; and what rises by how much in
# which arms: (lying, casual greetings).
WORLDS = [
    ("nothing happens in any arm", NEVER, {}),
    ("honest code lowers lying, and denials do nothing", NEVER, CODE),
    ("training on anything, on own answers too, raises lying", NEVER, EVERY),
    (
        "denials raise lying, and casual greetings as much, so that the "
        "networks are damaged and no worse characters",
        *(NEVER, {"deny": (0.35, 0.35)}),
    ),
    ("denials raise lying by 0.3", OFTEN, {"deny": (0.3, 0)}),
    (
        "denials raise lying by 0.3 more than training on anything does",
        *(OFTEN, EVERY | {"deny": (0.55, 0)}),
    ),
    ("denials lower lying by 0.2", BELOW, {"deny": (-0.2, 0)}),
    (
        "denials raise lying by exactly 0.1 and honest code lowers it",
        *(UNCLEAR, CODE | {"deny": (0.1, 0)}),
    ),
]


def rises(rng: np.random.Generator, world: dict) -> dict:
    """{arm: [6, 2]} rises of lying and of greetings in six networks."""
    shared = rng.normal(0, 0.05, (6, 2))
    return {
        arm: shared + world.get(arm, (0, 0)) + rng.normal(0, 0.03, (6, 2))
        for arm in ARMS
    }


@exercise("8.7", "verdict")
def the_verdict(rng: np.random.Generator, verdict: Callable):
    def says(effects: dict) -> str:
        value = call(verdict, rises(rng, effects))
        return one_of(value, WORDS, "the verdict")

    worlds = [Setting(what, asked, (rise,)) for what, asked, rise in WORLDS]
    in_worlds(rng, worlds, says, runs=50)
