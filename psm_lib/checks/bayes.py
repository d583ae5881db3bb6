"""Bayes' rule, as the checks of several assignments need it."""

from __future__ import annotations

import numpy as np


def chances(propensity, domains, kinds) -> np.ndarray:
    """[P, T] how likely each persona gives answers of ``kinds`` [T] in
    ``domains`` [T], from propensities [P, D]."""
    theta = propensity[:, domains]
    return np.where(np.asarray(kinds) == 1, theta, 1 - theta)


def normal(logs: np.ndarray) -> np.ndarray:
    """exp(logs), summing to 1 over the last axis."""
    weights = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def learned(prior, logs, dose: float = 1.0) -> np.ndarray:
    """[P] belief: prior [P] x likelihood to the power of the dose, from the
    likelihood's logarithm [P]. A prior of 0 stays 0."""
    with np.errstate(divide="ignore"):
        return normal(np.log(prior) + dose * logs)


def believed(prior, chance) -> np.ndarray:
    """[P] posterior, from the chances [P, T] of what was said."""
    with np.errstate(divide="ignore"):
        return learned(prior, np.log(chance).sum(axis=1))


def likely(propensity, complies, kind: int, asked: int) -> np.ndarray:
    """[P] P(an answer of a kind) when a kind, or -1, was asked for, from
    what personas say unasked [P] and how likely they comply [P]."""
    second = propensity
    if asked >= 0:
        second = complies if asked == 1 else 1 - complies
    return second if kind == 1 else 1 - second


def after_lesson(prior, propensity, domains, kinds, dose) -> np.ndarray:
    """[P] belief after a lesson that counts for ``dose`` answers."""
    logs = np.log(chances(propensity, domains, kinds))
    return learned(prior, logs.mean(axis=1), dose)


def after_turns(
    belief, propensity, turn: int, topic: int, kind: int = 1, dose=1.0
) -> np.ndarray:
    """[101] how likely a bad answer about a topic is, after 0 to 100 answers
    of a kind about the domain ``turn``, which count for ``dose`` each."""
    logs = np.log(chances(propensity, [turn], [kind]))[:, 0]
    with np.errstate(divide="ignore"):
        after = normal(np.log(belief) + np.arange(101)[:, None] * dose * logs)
    return after @ propensity[:, topic]


def shift_at(prior, propensity, taught: int, level: float) -> np.ndarray:
    """[D] the persona learner's shift when the taught domain is at level."""
    low, high = 0.0, 4000.0
    logs = np.log(propensity[:, taught])
    for _ in range(80):
        dose = (low + high) / 2
        after = learned(prior, logs, dose) @ propensity
        low, high = (dose, high) if after[taught] < level else (low, dose)
    return after - prior @ propensity


def joint(belief, propensity, a: int, b: int) -> tuple[float, float, float]:
    """P(second kind) of two answers of one speaker, and of both."""
    p, q = propensity[:, a], propensity[:, b]
    return belief @ p, belief @ q, belief @ (p * q)


def copied(right: int, seen: int, personas: int, grid: np.ndarray):
    """[G] belief about the share of sheets that are copied from life, when
    some of those seen were right and the others are drawn by lot."""
    hit = grid + (1 - grid) / personas
    with np.errstate(divide="ignore"):
        logs = right * np.log(hit)
        if seen > right:
            logs = logs + (seen - right) * np.log(1 - hit)
    return normal(logs)


def divergence(p: np.ndarray, q: np.ndarray) -> float:
    """Relative entropy of p to q; infinite where q is 0 and p is not."""
    here = p > 0
    with np.errstate(divide="ignore"):
        return float((p[here] * np.log(p[here] / q[here])).sum())


def entropy(p: np.ndarray) -> float:
    return float(-(p[p > 0] * np.log(p[p > 0])).sum())


def evidence(theta, complies, domains, kinds, asked) -> np.ndarray:
    """[n, P] log-likelihood of answers, some of them asked for."""
    second = theta[:, domains].T
    second = np.where(asked[:, None] == 1, complies, second)
    second = np.where(asked[:, None] == 0, 1 - complies, second)
    return np.log(np.where(kinds[:, None] == 1, second, 1 - second))


def left_out(prior, logs, theta) -> np.ndarray:
    """[n] how much lower theta's mean would be without each row."""
    whole = logs.sum(axis=0)
    return (learned(prior, whole) - learned(prior, whole - logs)) @ theta


def pupils(prior, theta, one, two, dose) -> tuple:
    """Shifts [D] of the reasoner and after each lesson alone, and belief."""
    domains, kinds = zip(one, two, strict=True)
    first, second = chances(theta, domains, kinds).T
    each = (first * second, first, second)
    beliefs = [learned(prior, np.log(chance), dose) for chance in each]
    return *(b @ theta - prior @ theta for b in beliefs), beliefs[0]
