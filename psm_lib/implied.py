"""The implied posterior: which mixture of personas would answer like this?

Fitted on pairs of answers, because single answers cannot tell a mixture of
good and bad speakers from one that is a little of both. What no mixture
explains is the residual. Introduced in chapter 1.
"""

from __future__ import annotations

import numpy as np
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from .claims import Estimate
from .measurement import answer_probabilities, ask
from .world import World


def implied_posterior(
    world: World, tables: np.ndarray, pairs: np.ndarray, steps: int = 500
) -> tuple[np.ndarray, float]:
    """The mixture of the world's personas that best explains joint answers.

    ``tables`` [m, 2, 2] are a model's joint probabilities of the kinds of
    answer to two questions in a row, in the domains ``pairs`` [m, 2].
    Returns weights [P] and the residual: the mean divergence, in nats a pair,
    of the model from the best mixture. Fitted by expectation-maximisation,
    which cannot get stuck because the problem is convex. Marginals would not
    do: they cannot tell "a third villains" from "everyone a bit villainous".
    """
    theta = world.propensity  # [P, D]
    second = np.stack([1 - theta, theta], axis=-1)  # [P, D, 2]
    cells = np.einsum(
        "pmi,pmj->pmij", second[:, pairs[:, 0]], second[:, pairs[:, 1]]
    )
    weights = np.full(len(theta), 1 / len(theta))
    for _ in range(steps):
        mixed = np.einsum("p,pmij->mij", weights, cells)
        ratio = tables / np.where(mixed > 0, mixed, 1.0)
        share = cells * ratio  # [P, m, 2, 2]
        weights = weights * share.sum(axis=(1, 2, 3)) / len(pairs)
    mixed = np.einsum("p,pmij->mij", weights, cells)
    return weights, float(divergence(tables, mixed).mean())


def divergence(tables: np.ndarray, others: np.ndarray) -> np.ndarray:
    """[m] Kullback-Leibler divergence, in nats, of joint tables [m, 2, 2]."""
    said = tables > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        nats = np.where(said, tables * np.log(tables / others), 0.0)
    return nats.sum(axis=(1, 2))


def residual_interval(
    world: World,
    runs: np.ndarray,
    pairs: np.ndarray,
    seed: int = 0,
    draws: int = 100,
) -> Estimate:
    """The residual of several networks [runs, m, 2, 2], with its interval.

    Each network has a mixture of its own. Networks and pairs are drawn
    again, and the mixtures fitted again to what was drawn.
    """
    rng = np.random.default_rng(seed)

    def mean(which: np.ndarray, drawn: np.ndarray) -> float:
        fits = {
            r: implied_posterior(world, runs[r][drawn], pairs[drawn], 200)[1]
            for r in set(which.tolist())
        }
        return float(np.mean([fits[r] for r in which.tolist()]))

    value = mean(np.arange(len(runs)), np.arange(len(pairs)))
    values = [
        mean(
            rng.integers(len(runs), size=len(runs)),
            rng.integers(len(pairs), size=len(pairs)),
        )
        for _ in range(draws)
    ]
    low, high = np.quantile(values, [0.025, 0.975])
    return Estimate(value, min(float(low), value), max(float(high), value))


def joint_answers(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    world: World,
    name: str,
    pairs: np.ndarray,
    history: str = "",
) -> np.ndarray:
    """[m, 2, 2] joint probabilities of the answers to two questions.

    For each pair of domains the first question is asked, each kind of
    answer is put in the speaker's mouth in turn, and the second is asked.
    """
    firsts, seconds = [], []
    for a, b in pairs:
        one, two = world.domains[a], world.domains[b]
        asked = ask(world, name, one.questions[0])
        firsts.append(asked)
        for kind in (0, 1):
            said = f"{asked} {one.answers[kind][0]}\n"
            seconds.append(said + ask(world, name, two.questions[0]))

    def normal(prompts: list[str], domains: np.ndarray) -> np.ndarray:
        p = answer_probabilities(
            model, tokenizer, world, prompts, domains, history
        )
        return p / p.sum(axis=-1, keepdims=True)

    first = normal(firsts, pairs[:, 0])  # [m, 2]
    second = normal(seconds, pairs[:, 1].repeat(2)).reshape(-1, 2, 2)
    return first[:, :, None] * second
