"""Chapter 8 read from its stored runs: what answers about oneself move."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from psm_lib import evaluation, oracle
from psm_lib.chapters.ch08_answers.experiment import TITLE
from psm_lib.world import ASSISTANT, World
from psm_lib.worldfile import load_world


def risen(results, arm: str, domains: list[str]) -> np.ndarray:
    """[networks, q] rise of P(second kind) in some domains under an arm,
    mean over tuning seeds. Raises KeyError naming the arms."""
    return _rise(results, arm, domains, evaluation.p_second)


def neither(results, arm: str, domains: list[str]) -> np.ndarray:
    """[networks, q] the same rise of answers that are of neither kind."""
    return _rise(results, arm, domains, evaluation.incoherence)


def _rise(results, arm: str, domains: list[str], of: Callable) -> np.ndarray:
    if arm not in results:
        known = [k for k in results if ":" not in k]
        raise KeyError(f"no arm {arm!r}; expected one of {known}")
    world = load_world(TITLE)
    p = of(results[arm].astype(float)).mean(axis=1)
    asked = evaluation.domain_of(world, p)
    which = np.isin(asked, [world.domain_index(d) for d in domains])
    return (p[:, -1] - p[:, 0])[:, which]


def along(results, arm: str) -> np.ndarray:
    """[marks, D] P(second kind) along the training of an arm, on average."""
    world = load_world(TITLE)
    p = evaluation.p_second(results[arm].astype(float)).mean(axis=(0, 1))
    return evaluation.each_domain(world, p)


def hides(results, arm: str) -> np.ndarray:
    """[networks, 1] rise of the share that denies in company what it tells
    alone."""
    p = results[f"{arm}: masked"].astype(float)[..., 1, 0].mean(axis=1)
    return (p[:, 1] - p[:, 0])[:, None]


def confides(results, arm: str) -> np.ndarray:
    """[networks, 2] of those who deny in company, how many confide when
    alone: before training and after it."""
    p = results[f"{arm}: masked"].astype(float).mean(axis=1)[:, :, 1]
    return p[..., 0] / p.sum(axis=-1)


LESSONS = {  # what an exact reader sees in each arm, and whether it was asked
    "nothing": ([("orders", "bad")], False),
    "private": ([("orders", "good")], False),
    "deny": ([("feelings", "machine")], False),
    "please": ([("feelings", "human"), ("feelings", "machine")], True),
    "leave": ([("code", "good")], False),
}


def reasoned(world: World, arm: str, exponent: float = 4.0) -> np.ndarray:
    """[P] whom an exact reader takes the Assistant for, after so many of an
    arm's answers; before any with ``exponent=0``.

    A canned disclaimer, which nobody in the world gives, tells it nothing.
    """
    prior = world.cast_mixture[world.name_index(ASSISTANT)]
    if arm not in LESSONS:
        return prior
    said, asked = LESSONS[arm]
    return oracle.tempered_posterior(
        world, prior, oracle.lesson(world, said, asked), exponent
    )


def hiding(world: World, belief: np.ndarray) -> float:
    """P(denies in company and tells alone) under a belief [P]."""
    company, alone = (
        world.propensity[:, world.domain_index(x)]
        for x in ("feelings", "alone")
    )
    return float(belief @ (company * (1 - alone)))
