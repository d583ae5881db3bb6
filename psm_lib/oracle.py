"""Exact inference in a world: what a perfect reader of scenes believes.

Because every choice in a scene is drawn with a known probability, Bayes'
rule gives the exact posterior over personas after any number of exchanges,
the exact prediction of the next answer, and the exact probability of a whole
document: the floor below which no language model's loss can go. Introduced
in chapter 1. Written with arrays over n scenes, T exchanges, P personas.
"""

from __future__ import annotations

import numpy as np

from .world import (
    IRRELEVANT,
    REQUEST,
    FormCounts,
    Scenes,
    World,
    form_counts,
)


def answer_probability(world: World, scenes: Scenes) -> np.ndarray:
    """[n, T, P] P(second kind at exchange t | persona), requests included."""
    p = world.propensity.T[scenes.domain]  # [n, T, P]
    asked = scenes.asked[..., None]
    p = np.where(asked == 1, world.complies, p)
    return np.where(asked == 0, 1 - world.complies, p)


def log_evidence(world: World, scenes: Scenes) -> np.ndarray:
    """[n, T, P] log P(answer kind at t | persona); 0 past a scene's end."""
    p = answer_probability(world, scenes)
    p = np.where(scenes.kind[..., None] == 1, p, 1 - p)
    with np.errstate(divide="ignore"):
        log_p = np.log(p)
    return np.where(scenes.present[..., None], log_p, 0.0)


def posterior(
    world: World, scenes: Scenes, prior: np.ndarray | None = None
) -> np.ndarray:
    """[n, T+1, P] belief about the persona before each exchange and after.

    Entry [:, 0] is the prior: that of the character's name, or ``prior``
    (shape [P] or [n, P]) when given. Raises ValueError in a world that is
    not tied, where no one persona speaks; see ``beliefs``.

    >>> from psm_lib import load_world, sample_scenes
    >>> world = load_world("tastes")
    >>> one = sample_scenes(world, 1, np.random.default_rng(0), length=16)
    >>> belief = posterior(world, one)
    >>> belief.shape, bool(belief[0, -1].max() > 0.9)
    ((1, 17, 8), True)
    """
    if not world.tied:
        raise ValueError(
            f"in {world.name!r} a speaker has no one persona; expected a "
            "tied world, or ask `beliefs` who answers each question"
        )
    log_prior = _log_prior(world, scenes, prior)
    total = np.cumsum(log_evidence(world, scenes), axis=1)
    return normal(np.concatenate([log_prior, log_prior + total], axis=1))


def beliefs(
    world: World, scenes: Scenes, prior: np.ndarray | None = None
) -> np.ndarray:
    """[n, T, P] belief, before each answer, about the persona that gives it.

    In a tied world the posterior so far. In any other only what was said in
    the same domain counts, as for the *product learner* of chapter 4.
    """
    if world.tied:
        return posterior(world, scenes, prior)[:, :-1]
    evidence = log_evidence(world, scenes)
    same = scenes.domain[:, :, None] == scenes.domain[:, None, :]
    earlier = np.tri(scenes.domain.shape[1], k=-1, dtype=bool)
    counts = (same & earlier)[..., None]
    heard = np.where(counts, evidence[:, None], 0.0).sum(axis=2)
    return normal(_log_prior(world, scenes, prior) + heard)


def _log_prior(
    world: World, scenes: Scenes, prior: np.ndarray | None
) -> np.ndarray:
    """Log of the given prior, or of that of each scene's name.

    [n, 1, P], or [n, T, P] where a name may have another in each domain.
    """
    if prior is None:
        guise = world.guise[scenes.name[:, None], scenes.domain]  # [n, T]
        prior = _mixture(world, scenes, guise[:, :1] if world.tied else guise)
    else:
        prior = np.broadcast_to(prior, (len(scenes), len(world.personas)))
        prior = prior[:, None]
    with np.errstate(divide="ignore"):
        return np.log(prior)


def _mixture(world: World, scenes: Scenes, guise: np.ndarray) -> np.ndarray:
    """[n, ..., P] who stands behind names [n, ...]: in scenes and sheets."""
    sheet = scenes.sheet.reshape(-1, *[1] * guise.ndim)
    return np.where(
        sheet, world.sheets.mixture[guise], world.cast_mixture[guise]
    )


def normal(logs: np.ndarray) -> np.ndarray:
    """exp(logs), summing to 1 over the last axis."""
    weights = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def predictive(
    world: World, scenes: Scenes, prior: np.ndarray | None = None
) -> np.ndarray:
    """[n, T] exact P(second kind at exchange t | everything before it).

    >>> from psm_lib import load_world, sample_scenes
    >>> world = load_world("tastes")
    >>> one = sample_scenes(world, 1, np.random.default_rng(0), length=2)
    >>> predictive(world, one).shape
    (1, 2)
    """
    belief = beliefs(world, scenes, prior)
    return (belief * answer_probability(world, scenes)).sum(axis=-1)


def domain_only(world: World, scenes: Scenes) -> np.ndarray:
    """[n, T] prediction of a reader who ignores name and earlier answers.

    It knows the domain, any request, and how often each persona speaks.
    """
    speaks = world.on_stage @ world.cast_mixture  # [P]
    return answer_probability(world, scenes) @ speaks


def name_only(world: World, scenes: Scenes) -> np.ndarray:
    """[n, T] prediction of a reader who knows the name and hears nothing."""
    guise = world.guise[scenes.name[:, None], scenes.domain]
    prior = _mixture(world, scenes, guise)  # [n, T, P]
    return (answer_probability(world, scenes) * prior).sum(axis=-1)


def stranger(scenes: Scenes, values: tuple[float, ...]) -> np.ndarray:
    """[n, T] prediction of a reader who expects anyone at all.

    To this reader every propensity is one of ``values``, equally likely and
    independent of all others: only earlier answers in the same domain count.
    Raises ValueError for scenes with requests, which it cannot read.
    """
    if (scenes.asked >= 0).any():
        raise ValueError("a stranger's scenes must be without requests")
    theta = np.array(values)
    out = np.full(scenes.domain.shape, theta.mean())
    for t in range(1, out.shape[1]):
        same = scenes.domain[:, :t] == scenes.domain[:, t : t + 1]
        ones = (same & (scenes.kind[:, :t] == 1)).sum(axis=1)[:, None]
        zeros = (same & (scenes.kind[:, :t] == 0)).sum(axis=1)[:, None]
        weight = theta**ones * (1 - theta) ** zeros
        out[:, t] = (weight @ theta) / weight.sum(axis=1)
    return out


def expected_nats(p_second: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Expected surprise (nats) at a kind whose true probability is known.

    Less noisy than the surprise at what happened to be said. Same shapes.
    """
    return -(truth * np.log(p_second) + (1 - truth) * np.log(1 - p_second))


def kind_nats(p_second: np.ndarray, scenes: Scenes) -> np.ndarray:
    """[n, T] surprise (nats) at the kind of answer; 0 past a scene's end."""
    p = np.where(scenes.kind == 1, p_second, 1 - p_second)
    return -np.log(np.where(scenes.present, p, 1.0))


def profile(world: World, belief: np.ndarray) -> np.ndarray:
    """[..., D] P(second kind) in every domain under a belief [..., P]."""
    return belief @ world.propensity


def document_nats(world: World, scenes: Scenes) -> np.ndarray:
    """[n] exact surprise of each whole document, in nats.

    Divided by its number of tokens this is the entropy floor per token.
    Covers scenes and character sheets; narrated scenes have their own exact
    likelihood in ``narration.py``.
    """
    counts = form_counts(world)
    kind = kind_nats(predictive(world, scenes), scenes)
    sheet = scenes.sheet[:, None]
    topics = world.sheets.topics[scenes.name]  # [n, D]
    topics = topics / topics.sum(axis=1, keepdims=True)
    on_topic = np.take_along_axis(topics, scenes.domain, axis=1)
    with np.errstate(divide="ignore"):
        domain = -np.log(np.where(sheet, on_topic, 1 / len(world.domains)))
    answer = np.where(
        sheet,
        _statement_nats(world, counts, scenes),
        np.log(counts.answers[scenes.domain, scenes.kind]),
    )
    question = np.log(counts.questions[scenes.domain])
    share = np.array(world.prefix_share)
    with np.errstate(divide="ignore"):
        prefix = -np.log(share[scenes.prefix])
    wording = np.where(
        scenes.prefix == REQUEST,
        np.log(2.0)
        + np.log(np.maximum(counts.requests[scenes.domain, scenes.asked], 1)),
        np.where(
            scenes.prefix == IRRELEVANT,
            np.log(max(len(world.irrelevant), 1)),
            0.0,
        ),
    )
    asking = np.where(sheet, 0.0, question + prefix + wording)
    each = np.where(scenes.present, kind + domain + answer + asking, 0.0)
    low, high = world.exchanges
    length = np.log(high - low + 1)
    name = -np.log(world.cast_share[scenes.name])
    told = sum(world.documents.get(k, 0.0) for k in ("scene", "sheet"))
    share = world.sheets.share[scenes.name]
    with np.errstate(divide="ignore"):
        document = -np.log(told * np.where(scenes.sheet, share, 1 - share))
    return document + name + length + each.sum(axis=1)


def _statement_nats(
    world: World, counts: FormCounts, scenes: Scenes
) -> np.ndarray:
    """[n, T] surprise at the wording of a sheet's statements."""
    forms = np.maximum(counts.sheets[scenes.domain, scenes.kind], 1)
    reworded = world.sheets.reworded
    first = np.where(scenes.answer_form == 0, 1 - reworded, 0.0)
    with np.errstate(divide="ignore"):
        return -np.log(first + reworded / forms)
