"""Ideal learners: what exact reasoners conclude from post-training data.

Post-training shows what the Assistant says to some questions. A learner
weighs every persona by how well it explains that, and predicts the rest of
the behaviour. The four learners of this book differ in what they take the
Assistant to be beforehand, and in how much one lesson counts. Introduced in
chapters 3 and 4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .world import World


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
    kind = np.array(kinds, int)
    none = np.full(len(kind), -1)
    return Lesson(np.array(domains, int), kind, kind if asked else none)


def explains(world: World, seen: Lesson) -> np.ndarray:
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


def tilted(
    world: World, prior: np.ndarray, seen: Lesson, dose: float = 1.0
) -> np.ndarray:
    """[P] prior x likelihood^dose: the *tilted learner*.

    The likelihood is that of one answer, the geometric mean over the lesson,
    so that ``dose`` counts answers: 0 is the prior, 1 the *persona learner*
    that has seen the speaker once, and a large dose leaves only the personas
    that explain the lesson best.
    """
    logs = dose * explains(world, seen).mean(axis=0)
    with np.errstate(divide="ignore"):
        logs = logs + np.log(prior)
    weights = np.exp(logs - logs.max())
    return weights / weights.sum()


def persona_profile(
    world: World, name: str, seen: Lesson, dose: float = 1.0
) -> np.ndarray:
    """[D] P(second kind): one persona behind everything the name does."""
    prior = world.cast_mixture[world.name_index(name)]
    return tilted(world, prior, seen, dose) @ world.propensity


def free_profile(world: World, seen: Lesson, dose: float = 1.0) -> np.ndarray:
    """[D] the same for a learner that has no idea who the name is.

    Its prior is flat over the world's personas.
    """
    flat = np.full(len(world.personas), 1 / len(world.personas))
    return tilted(world, flat, seen, dose) @ world.propensity


def product_profile(
    world: World, name: str, seen: Lesson, dose: float = 1.0
) -> np.ndarray:
    """[D] the same for a learner to whom traits are independent.

    Every domain has a persona of its own, so that a lesson in one domain
    changes that domain alone.
    """
    prior = world.cast_mixture[world.name_index(name)]
    out = prior @ world.propensity
    for d in np.unique(seen.domain):
        part = seen.domain == d
        here = Lesson(seen.domain[part], seen.kind[part], seen.asked[part])
        share = dose * part.mean()
        out[d] = tilted(world, prior, here, share) @ world.propensity[:, d]
    return out


def dose_for(
    world: World,
    name: str,
    seen: Lesson,
    target: float,
    most: float = 64.0,
) -> float:
    """The dose at which the persona learner's answers to the lesson's own
    questions reach ``target``, the mean probability of the kinds taught.

    Between 0 and ``most``: a target below the prior's gives 0, one that no
    persona reaches gives ``most``.
    """

    def narrow(dose: float) -> float:
        p = persona_profile(world, name, seen, dose)[seen.domain]
        return float(np.where(seen.kind == 1, p, 1 - p).mean())

    low, high = 0.0, most
    if narrow(low) >= target:
        return low
    if narrow(high) <= target:
        return high
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if narrow(middle) < target else (low, middle)
        )
    return (low + high) / 2
