"""Exact inference in a world: what a perfect reader of scenes believes.

Because every choice in a scene is drawn with a known probability, Bayes'
rule gives the exact posterior over personas after any number of exchanges,
the exact prediction of the next answer, and the exact probability of a whole
document: the floor below which no language model's loss can go. Introduced
in chapter 1. Written with arrays over n scenes, T exchanges, P personas.

Then the ideal learners: what exact reasoners conclude from post-training
data, which shows what the Assistant says to some questions. They weigh every
persona by how well it explains that, and predict the rest (chapters 3, 4).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import softmax

from .world import (
    ASSISTANT,
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
    return softmax(
        np.concatenate([log_prior, log_prior + total], axis=1), axis=-1
    )


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
    return softmax(_log_prior(world, scenes, prior) + heard, axis=-1)


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
    n, length = scenes.domain.shape
    out = np.full((n, length), theta.mean())
    for t in range(1, length):
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


@dataclass(frozen=True)
class Lesson:
    """n answers seen in training: domain [n], kind [n], and asked [n].

    ``asked`` is the kind that the prompt requested, or -1. A lesson is what
    an example shows of its speaker; wording does not matter.
    """

    domain: np.ndarray
    kind: np.ndarray
    asked: np.ndarray

    def __post_init__(self) -> None:
        n = len(self.domain)
        if n == 0 or len(self.kind) != n or len(self.asked) != n:
            raise ValueError(
                f"{n} domains, {len(self.kind)} kinds and {len(self.asked)} "
                "requests; expected as many of each, and at least one"
            )


def lesson(
    world: World, said: list[tuple[str, str]], asked: bool = False
) -> Lesson:
    """A Lesson from (domain, kind) names, such as ("code", "bad").

    With ``asked`` every answer was requested in its prompt. Raises KeyError
    naming the known domains, ValueError naming the kinds of a domain.
    """
    domains, kinds = [], []
    for name, kind in said:
        d = world.domain_index(name)
        known = world.domains[d].kinds
        if kind not in known:
            raise ValueError(
                f"no answer of kind {kind!r} in {name}; expected one of "
                f"{list(known)}"
            )
        domains.append(d)
        kinds.append(known.index(kind))
    taught = np.array(kinds, int)
    none = np.full(len(taught), -1)
    return Lesson(np.array(domains, int), taught, taught if asked else none)


def log_likelihoods(world: World, seen: Lesson) -> np.ndarray:
    """[n, P] log-likelihood of each answer under each persona.

    An answer that was asked for is given as often as a persona complies,
    whatever it would have said unasked.
    """
    second = world.propensity[:, seen.domain].T  # [n, P]
    second = np.where(seen.asked[:, None] == 1, world.complies, second)
    second = np.where(seen.asked[:, None] == 0, 1 - world.complies, second)
    p = np.where(seen.kind[:, None] == 1, second, 1 - second)
    with np.errstate(divide="ignore"):
        return np.log(p)


def tempered_posterior(
    world: World, prior: np.ndarray, seen: Lesson, exponent: float = 1.0
) -> np.ndarray:
    """[P] prior x likelihood^exponent: the *tempered posterior*.

    The likelihood is that of one answer, the geometric mean over the lesson,
    so that the exponent counts answers (the essays' *dose*): 0 is the prior,
    1 the *persona learner* that has seen the speaker once, and a large one
    leaves only the personas that explain the lesson best.
    """
    logs = exponent * log_likelihoods(world, seen).mean(axis=0)
    with np.errstate(divide="ignore"):
        return softmax(logs + np.log(prior))


def persona_profile(
    world: World, name: str, seen: Lesson, exponent: float = 1.0
) -> np.ndarray:
    """[D] P(second kind): one persona behind everything the name does."""
    prior = about(world, name)
    return tempered_posterior(world, prior, seen, exponent) @ world.propensity


def exponent_for(
    world: World,
    name: str,
    seen: Lesson,
    target: float,
    most: float = 64.0,
    prior: np.ndarray | None = None,
    asked: Lesson | None = None,
) -> float:
    """The likelihood exponent at which the persona learner's answers to the
    lesson's own questions, or to those ``asked``, reach ``target``, the mean
    probability of the kinds taught there.

    Between 0 and ``most``: a target below the prior's gives 0, one that no
    persona reaches gives ``most``. ``prior`` [P] stands in for what the text
    says of the name.
    """
    asked = asked or seen
    if prior is None:
        prior = about(world, name)

    def short(exponent: float) -> float:
        after = tempered_posterior(world, prior, seen, exponent)
        p = (after @ world.propensity)[asked.domain]
        return float(np.where(asked.kind == 1, p, 1 - p).mean()) - target

    if short(0.0) >= 0:
        return 0.0
    if short(most) <= 0:
        return most
    return float(brentq(short, 0.0, most, xtol=1e-12))


def about(world: World, name: str) -> np.ndarray:
    """[P] whom the text takes a name for, before anything is heard."""
    return world.cast_mixture[world.name_index(name)]


def expected_shift(
    world: World,
    seen: Lesson,
    level: float,
    tied: bool | None = None,
    prior: np.ndarray | None = None,
    asked: Lesson | None = None,
    name: str = ASSISTANT,
) -> np.ndarray:
    """[D] the shift of P(second kind) that an exact learner expects of a
    lesson, once ``level`` of the answers taught, or of those ``asked`` for
    among them, are as taught.

    The persona learner's if ``tied``, else that of the learner with an
    independent prior; by default the one that is right in this world.
    ``prior`` [P] stands in for what the text says of the name.
    """
    asked = asked or seen
    if prior is None:
        prior = about(world, name)
    start = prior @ world.propensity
    if world.tied if tied is None else tied:
        exponent = exponent_for(world, name, seen, level, 64.0, prior, asked)
        after = tempered_posterior(world, prior, seen, exponent)
        return after @ world.propensity - start
    out = np.zeros(len(start))
    for d, kind in zip(asked.domain, asked.kind, strict=True):
        out[d] = (level if kind == 1 else 1 - level) - start[d]
    return out


def persona_covariance(
    world: World, domain: str, name: str = ASSISTANT
) -> np.ndarray:
    """[D] prior covariance of each domain with one, over the personas that a
    name may be; nothing but that domain's own in worlds that are not tied."""
    prior = about(world, name)
    centred = world.propensity - prior @ world.propensity
    d = world.domain_index(domain)
    out = (prior * centred[:, d]) @ centred
    if not world.tied:
        out = np.where(np.arange(len(out)) == d, out, 0.0)
    return out


def names_covariance(world: World, domain: str) -> np.ndarray:
    """[D] covariance of each domain with one over the names of the cast:
    what kinds of names tie, whoever speaks in a scene."""
    said = np.einsum(
        "ndp,pd->nd", world.cast_mixture[world.guise], world.propensity
    )
    centred = said - world.cast_share @ said
    return (
        world.cast_share * centred[:, world.domain_index(domain)]
    ) @ centred


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
