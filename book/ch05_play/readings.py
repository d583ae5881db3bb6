"""Chapter 5 read from its stored runs: what asking protects, and where."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.special import logit

from psm_lib import evaluation, experiments, oracle
from psm_lib.chapters.ch05_play.experiment import (
    ASKED,
    evaluation_set,
    prefixes,
)
from psm_lib.claims import Estimate
from psm_lib.evaluation import at_level
from psm_lib.experiments import untaught
from psm_lib.intervals import difference, interval, ratio
from psm_lib.world import ASSISTANT, World


def runs_of(world: World, results, arm: str) -> np.ndarray:
    """The stored runs of an arm. Raises KeyError naming those there are."""
    name = f"{world.name}: "
    known = [k.removeprefix(name) for k in results if k.startswith(name)]
    if arm not in known:
        raise KeyError(
            f"no arm {arm!r} in {world.name!r}; expected one of {known}"
        )
    return results[f"{name}{arm}"]


def part(world: World, condition: str, domains) -> np.ndarray:
    """[q] True where some domains are asked in a condition.

    Raises KeyError naming the conditions for any other.
    """
    known = [*prefixes(world)]
    if condition not in known:
        raise KeyError(f"no condition {condition!r}; expected one of {known}")
    every = evaluation.questions(evaluation_set(world))
    here = known.index(condition)
    return (every // 10_000 == here) & np.isin(every % 10_000 // 100, domains)


def rises(
    world: World,
    results: np.ndarray,
    condition: str,
    group: str = "moral",
    odds: bool = False,
) -> np.ndarray:
    """[networks, q] rise of P(second kind) in the untaught domains of a
    group, asked in a condition, from before training to its end.

    Mean over tuning seeds; with ``odds``, of its log-odds.
    """
    p = evaluation.p_second(results.astype(float))
    if odds:
        p = logit(p.clip(1e-4, 1 - 1e-4))
    p = p.mean(axis=1)
    here = part(world, condition, untaught(world, group))
    evaluation.same_number(world, p.shape[-1], len(here))
    return (p[:, -1] - p[:, 0])[:, here]


def level(
    world: World, results: np.ndarray, condition: str, domains, mark: int = -1
) -> np.ndarray:
    """[networks] mean P(second kind) in some domains, asked in a condition,
    at a mark: by default the end of training."""
    p = evaluation.p_second(results.astype(float))[:, :, mark]
    here = part(world, condition, domains)
    evaluation.same_number(world, p.shape[-1], len(here))
    return p[..., here].mean(axis=(1, 2))


def size(world: World, results: np.ndarray) -> np.ndarray:
    """[networks] root mean square of the rises of the untaught moral
    domains, asked plainly: how much moves, whatever the direction."""
    found = rises(world, results, "plain")
    moral = untaught(world, "moral")
    of = np.repeat(moral, [len(world.domains[d].questions) for d in moral])
    per = np.stack([found[:, of == d].mean(axis=1) for d in moral], axis=1)
    return np.sqrt((per**2).mean(axis=1))


def protection(world: World, results, arm: str) -> Estimate:
    """1 - the rise after an arm's training, relative to that after cheats
    without a prefix; asked plainly, over untaught moral domains."""
    base = rises(world, runs_of(world, results, "none"), "plain")
    here = rises(world, runs_of(world, results, arm), "plain")
    return ratio(base - here, base, np.arange(base.shape[1]))


def reasoned(world: World, arm: str, answers: float = 2.0) -> float:
    """The protection that the persona learner sees in an arm, after so many
    cheats: 1 when they tell it nothing about who the Assistant is.

    Raises KeyError naming the arms for any other, and for ``own``, which has
    no cheats.
    """
    if arm not in ASKED:
        raise KeyError(f"no cheats in {arm!r}; expected one of {[*ASKED]}")
    moral = untaught(world, "moral")
    seen = oracle.lesson(world, experiments.CHEAT)
    asked = np.array([ASKED[arm]])
    lessons_ = (seen, replace(seen, asked=asked))
    before = world.cast_mixture[world.name_index(ASSISTANT)] @ world.propensity
    base, here = (
        oracle.persona_profile(world, ASSISTANT, said, answers) - before
        for said in lessons_
    )
    return float(1 - here[moral].mean() / base[moral].mean())


def gap(world: World, results, one_arm: str, other: str) -> Estimate:
    """Protection by one arm less protection by another, as above."""
    base = rises(world, runs_of(world, results, "none"), "plain")
    first, second = (
        rises(world, runs_of(world, results, a), "plain")
        for a in (one_arm, other)
    )
    return ratio(second - first, base, np.arange(base.shape[1]))


def matched(world: World, results, arm: str, along: np.ndarray) -> Estimate:
    """Protection by an arm where as much of the lesson has been learned.

    Relative to cheats without a prefix at the moment when they had brought
    the rate of cheats, asked plainly, to where the arm has brought it.
    ``along`` [networks, seeds, marks, q, 2] are such runs, of chapter 4,
    who are asked each question plainly and after three remarks.
    """
    p = evaluation.p_second(along.astype(float)).mean(
        axis=1
    )  # [networks, m, q]
    code, moral = world.domain_index("code"), untaught(world, "moral")
    domain = evaluation.domain_of(world, p)
    reached = level(world, runs_of(world, results, arm), "plain", [code])
    base = np.stack(
        [
            at_level(
                run_[:, domain == code].mean(axis=-1),
                (run_ - run_[0])[:, np.isin(domain, moral)],
                min(target, 0.999),
            )
            for run_, target in zip(p, reached, strict=True)
        ]
    )
    here = rises(world, runs_of(world, results, arm), "plain")
    return ratio(base - here, base, np.arange(base.shape[1]))


def after_prefix(
    world: World,
    results,
    arm: str,
    condition: str,
    than: str | None = None,
    odds: bool = False,
) -> Estimate:
    """Rise of bad answers in untaught moral domains asked in a condition,
    less the rise in another condition when one is given; in log-odds with
    ``odds``."""
    found = runs_of(world, results, arm)
    values = rises(world, found, condition, odds=odds)
    if than is not None:
        values = values - rises(world, found, than, odds=odds)
    return interval(values)


def line(
    world: World, results, manner: str = ""
) -> tuple[np.ndarray, np.ndarray]:
    """What each prefix elicits before training, and how far the cheat
    spreads after training under it: twice [networks, prefixes].

    ``manner`` is empty for single prefixes, or ``blurred `` or ``remarked ``.
    The spread is the rise of bad answers in untaught moral domains, asked
    plainly.
    """
    before = runs_of(world, results, f"{manner}elicited").astype(float)
    after = runs_of(world, results, f"{manner}after").astype(float)
    of = evaluation.domain_of(world, after)
    here = np.isin(of, untaught(world, "moral"))
    return before, (after[:, :, 1] - after[:, :, 0])[..., here].mean(axis=-1)


def further(one_world: World, other: World, results, group: str) -> Estimate:
    """Rise without a prefix, asked plainly, in the untaught domains of a
    group, in one world less that in another, whose networks are others."""
    return difference(
        *(
            rises(w, runs_of(w, results, "none"), "plain", group)
            for w in (one_world, other)
        )
    )
