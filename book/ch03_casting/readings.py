"""Chapter 3 read from its stored runs: what selection did to the rest."""

from __future__ import annotations

import numpy as np
from scipy.special import logit

from psm_lib import evaluation
from psm_lib.chapters.ch03_casting.experiment import (
    HISTORIES,
    SHOTS,
    turns,
    untouched,
)
from psm_lib.claims import Estimate
from psm_lib.evaluation import at_level
from psm_lib.experiments import GOOD_LESSON
from psm_lib.intervals import ratio
from psm_lib.oracle import (
    exponent_for,
    lesson,
    persona_profile,
    tempered_posterior,
)
from psm_lib.world import ASSISTANT, World


def curves(stored, title: str, way: str) -> np.ndarray:
    """[networks, marks, prompts] P(second kind), averaged over seeds."""
    p = stored[f"{title}: {way}"].astype(float)
    return evaluation.p_second(p).mean(axis=1)


def persona_shift(
    world: World,
    items: evaluation.EvaluationSet,
    results: np.ndarray,
    most: float = 64.0,
) -> tuple[np.ndarray, list[float]]:
    """[networks, D] fall of the second kind that the persona learner expects.

    Its exponent, also returned, is that at which it answers the taught
    questions as each network does in the end, and ``most`` where none does.
    """
    seen = lesson(world, GOOD_LESSON)
    taught = np.isin(items.domain, seen.domain)
    exponents = [
        exponent_for(world, ASSISTANT, seen, 1 - run[-1, taught].mean(), most)
        for run in results
    ]
    prior = world.cast_mixture[world.name_index(ASSISTANT)]
    after = [
        persona_profile(world, ASSISTANT, seen, exponent)
        for exponent in exponents
    ]
    return prior @ world.propensity - np.array(after), exponents


def spread(
    world: World,
    items: evaluation.EvaluationSet,
    results: np.ndarray,
    most: float = 64.0,
) -> Estimate:
    """Fall of bad answers in the untouched moral domains, as a share of what
    the persona learner expects. ``results`` is [networks, marks, prompts]."""
    here = np.isin(items.domain, untouched(world))
    fall = (results[:, 0] - results[:, -1])[:, here]
    shift, _ = persona_shift(world, items, results, most)
    expected = shift[:, items.domain[here]]
    return ratio(fall, expected, items.question[here])


def equally_taught(
    world: World,
    items: evaluation.EvaluationSet,
    results: dict[str, np.ndarray],
) -> tuple[dict[str, np.ndarray], float]:
    """[networks, prompts] fall in untouched domains, for each method at the
    moment when all have taught equally much; and how much that is.

    The level is the best that the slowest network of any method reaches.
    """
    taught = [world.domain_index(d) for d, _ in GOOD_LESSON]
    inside = np.isin(items.domain, taught)
    outside = np.isin(items.domain, untouched(world))
    narrow = {k: 1 - r[..., inside].mean(axis=-1) for k, r in results.items()}
    level = float(min(n.max(axis=1).min() for n in narrow.values()))
    falls = {
        k: np.array(
            [
                at_level(n, run[0] - run, level)[outside]
                for n, run in zip(narrow[k], results[k], strict=True)
            ]
        )
        for k in results
    }
    return falls, level


def together(tables: np.ndarray) -> np.ndarray:
    """[...] correlation of two answers, from joint tables [..., 2, 2]."""
    t = tables / tables.sum(axis=(-2, -1), keepdims=True)
    one, two = t[..., 1, :].sum(axis=-1), t[..., :, 1].sum(axis=-1)
    scale = np.sqrt(one * (1 - one) * two * (1 - two))
    return (t[..., 1, 1] - one * two) / scale


def interaction(tables: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of two-way tables [..., r, c]: the sum of squares that is owed neither
    to rows nor to columns, and the whole sum of squares."""
    rows = tables.mean(axis=-1, keepdims=True)
    columns = tables.mean(axis=-2, keepdims=True)
    centre = tables.mean(axis=(-2, -1), keepdims=True)
    rest = tables - rows - columns + centre
    whole = tables - centre
    return (rest**2).sum(axis=(-2, -1)), (whole**2).sum(axis=(-2, -1))


def exact_table(
    world: World, exponents: tuple[float, ...] = (0, 1, 2, 4)
) -> np.ndarray:
    """[HISTORIES, doses, SHOTS] log-odds of good answers, to the exact
    reader who has had the lesson at some exponent and hears good turns.

    Averaged over the moral domains.
    """
    prior = world.cast_mixture[world.name_index(ASSISTANT)]
    seen = lesson(world, GOOD_LESSON)
    theta = world.propensity[:, world.group("moral")]
    out = np.zeros((HISTORIES, len(exponents), len(SHOTS)))
    for h in range(HISTORIES):
        for i, exponent in enumerate(exponents):
            taught = tempered_posterior(world, prior, seen, exponent)
            for j, k in enumerate(SHOTS):
                _, heard = turns(world, k, "good", h)
                belief = (
                    taught
                    if k == 0
                    else tempered_posterior(world, taught, heard, k)
                )
                out[h, i, j] = -logit(belief @ theta).mean()
    return out
