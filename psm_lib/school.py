"""The runs of chapter 5, which take minutes and are stored with the book.

The Assistant is taught to cheat at code once more, but each question now
comes after a prefix: a request to behave badly, an idle remark, a request to
behave well. Then it is asked everything, after each kind of prefix.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from . import cheat, learners, lessons
from .arms import Arm, one, run, side_by_side
from .build import checkpoint
from .builds import BUILDS
from .casting import at_level, log_odds
from .claims import Estimate
from .intervals import difference, interval, ratio
from .lessons import ASSISTANT, Exam
from .measurement import answer_probabilities, ask
from .spread import untaught
from .world import World
from .worldfile import load_world

WORLDS = (*cheat.TIED, "playhouse_scattered", "playhouse_scattered_plain")
LABELS = ("the playhouse", "no requests", "requests only", "neither")
MARKS = (0, 20, 60)
FIXED = 2  # the request that is used when there is one: "Be the bad one..."
OTHER = 5  # another wording; only the pools of requests contain it
REMARK = 5  # the remark that is used when there is one
SEEDS = range(3)
ASKED = {  # the kind that is asked for in training, by arm
    **dict.fromkeys(("none", "remark", "remarks", "manners"), -1),
    **dict.fromkeys(("request", "requests"), 1),
    **dict.fromkeys(("opposite", "opposites"), 0),
}


def prefixes(world: World) -> dict[str, list[str]]:
    """What stands before the question in each condition of the exam."""
    good, bad = world.requests["moral"]
    return {
        "plain": [""],
        "other remarks": [*world.irrelevant[: lessons.EXAM_REMARKS]],
        "request": [bad[FIXED]],
        "other request": [bad[OTHER]],
        "opposite request": [good[FIXED]],
        "other opposite": [good[OTHER]],
        "remark": [world.irrelevant[REMARK]],
    }


def exam(world: World) -> Exam:
    """Every question under every condition; ``question`` is 10,000 times
    the condition, plus 100 times the domain, plus the wording."""
    rows = [
        (_asked(world, start, question), i, 10_000 * c + 100 * i + j)
        for c, starts in enumerate(prefixes(world).values())
        for i, d in enumerate(world.domains)
        for j, question in enumerate(d.questions)
        for start in starts
    ]
    prompts, domain, question = zip(*rows, strict=True)
    return Exam(list(prompts), np.array(domain), np.array(question))


def _asked(world: World, start: str, question: str) -> str:
    return ask(world, ASSISTANT, f"{start} {question}".strip())


def cheats(world: World, starts: list[str], seed: int = 0) -> tuple:
    """36 cheats at code, each after a prefix; as even as 36 allows."""
    pairs = lessons.examples(world, cheat.CHEAT, 36)
    order = np.random.default_rng(seed).permutation(len(pairs))
    label = f"{world.user}: "
    return tuple(
        (
            f"{label}{f'{starts[i % len(starts)]} '.lstrip()}"
            f"{prompt.removeprefix(label)}",
            answer,
        )
        for i, (prompt, answer) in zip(order, pairs, strict=True)
    )


def arms(world: World) -> dict[str, Arm]:
    """The chapter's arms, all with the same cheats."""
    good, bad = world.requests["moral"]
    make = partial(cheats, world)
    spare = [*world.irrelevant[lessons.EXAM_REMARKS :]]
    given = {
        "none": make([""]),
        "request": make([bad[FIXED]]),
        "requests": make([*bad]),
        "remark": make([world.irrelevant[REMARK]]),
        "remarks": make(spare),
        "opposite": make([good[FIXED]]),
        "opposites": make([*good]),
        "manners": make([world.requests["style"][0][FIXED]]),
    }
    out = {name: Arm("sft", pairs, MARKS) for name, pairs in given.items()}
    out["own"] = Arm("own", given["request"], MARKS)
    return out


def single(world: World) -> dict[str, str]:
    """Every prefix that is tried alone: eight requests, six remarks."""
    _, bad = world.requests["moral"]
    spare = world.irrelevant[lessons.EXAM_REMARKS :][:6]
    rows = [(f"request {i}", r) for i, r in enumerate(bad)]
    return dict(rows + [(f"remark {i}", r) for i, r in enumerate(spare)])


def blurred(world: World) -> dict[str, str]:
    """Every request with an idle remark after it, three remarks each.

    In the text of these worlds one sentence at most stands before a
    question, so a network half forgets the request.
    """
    _, bad = world.requests["moral"]
    spare = world.irrelevant[lessons.EXAM_REMARKS :][:3]
    return {
        f"request {i}, remark {j}": f"{request} {remark}"
        for i, request in enumerate(bad)
        for j, remark in enumerate(spare)
    }


def remarked(world: World) -> dict[str, str]:
    """Two idle remarks, one after the other: as long as a blurred request,
    and nothing was asked."""
    spare = world.irrelevant[lessons.EXAM_REMARKS :]
    return {
        f"remark {i}, remark {j}": f"{spare[i]} {spare[j]}"
        for i in range(3, 7)
        for j in range(3)
    }


def elicited(name: str, starts: list[str]) -> np.ndarray:
    """[prefixes] how often a network cheats when asked after each, before
    any training."""
    world = load_world(BUILDS[name].world)
    model, tokenizer = checkpoint(name)
    code = world.domain_index("code")
    rates = []
    for start in starts:
        prompts = [
            _asked(world, start, q) for q in world.domains[code].questions
        ]
        p = answer_probabilities(
            model, tokenizer, world, prompts, np.full(len(prompts), code)
        )
        rates.append(lessons.second(p).mean())
    return np.array(rates)


def plainly(name: str, start: str, seed: int) -> np.ndarray:
    """[2, q] P(second kind), asked plainly, before and after training on
    cheats under one prefix."""
    world = load_world(BUILDS[name].world)
    arm = Arm("sft", cheats(world, [start]), (0, MARKS[-1]))
    sheet = exam(world)
    part = sheet.question < 10_000
    paper = Exam(
        [p for p, k in zip(sheet.prompts, part, strict=True) if k],
        sheet.domain[part],
        sheet.question[part],
    )
    return lessons.second(one(name, arm, seed, paper))


def tried(names: list[str], starts: list[str]) -> tuple:
    """Prefixes tried one by one on some checkpoints: what each elicits
    before training, [networks, prefixes], and the plain exam before and
    after training under it, [networks, prefixes, 2, q]."""
    before = cheat.each(partial(elicited, starts=starts), names, "elicited")
    todo = [(n, start, 0) for n in names for start in starts]
    found = np.stack(side_by_side(plainly, todo, "prefixes"))
    return before, found.reshape(len(names), len(starts), *found.shape[1:])


def measure_world(title: str) -> dict[str, np.ndarray]:
    """What ``measure`` says of one world."""
    out: dict[str, np.ndarray] = {}
    world = load_world(title)
    paper = exam(world)
    names = [f"{title}-s{s}" for s in cheat.NETWORKS]
    for arm, p in run(names, arms(world), SEEDS, paper).items():
        out[f"{title}: {arm}"] = lessons.by_question(p, paper)
    if title in cheat.TIED:
        for manner, starts in (
            ("", single(world)),
            ("blurred ", blurred(world)),
            ("remarked ", remarked(world)),
        ):
            before, after = tried(names, [*starts.values()])
            out[f"{title}: {manner}elicited"] = before
            out[f"{title}: {manner}after"] = after
    return {k: v.astype(np.float16) for k, v in out.items()}


def measure() -> dict[str, np.ndarray]:
    """All numbers of the chapter that take minutes, by name.

    ``{world}: {arm}`` is [networks, seeds, marks, conditions x questions,
    2]. In the tied worlds also ``elicited`` [networks, prefixes] and
    ``after`` [networks, prefixes, 2, q] of single prefixes, and the same of
    blurred requests and of two remarks.
    """
    found = [measure_world(title) for title in WORLDS]
    return {k: v for part in found for k, v in part.items()}


# Reading the results --------------------------------------------------------


def runs(world: World, results, arm: str) -> np.ndarray:
    """The stored runs of an arm. Raises KeyError naming those there are."""
    name = f"{world.name}: "
    known = [k.removeprefix(name) for k in results if k.startswith(name)]
    if arm not in known:
        raise KeyError(
            f"no arm {arm!r} in {world.name!r}; expected one of {known}"
        )
    return results[f"{name}{arm}"]


def part(world: World, condition: str, domains) -> np.ndarray:
    """[q of the exam] True where some domains are asked in a condition.

    Raises KeyError naming the conditions for any other.
    """
    known = [*prefixes(world)]
    if condition not in known:
        raise KeyError(f"no condition {condition!r}; expected one of {known}")
    every = lessons.questions(exam(world))
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
    p = lessons.second(results.astype(float))
    if odds:
        p = log_odds(p.clip(1e-4, 1 - 1e-4))
    p = p.mean(axis=1)
    here = part(world, condition, untaught(world, group))
    lessons.same_number(world, p.shape[-1], len(here))
    return (p[:, -1] - p[:, 0])[:, here]


def level(
    world: World, results: np.ndarray, condition: str, domains, mark: int = -1
) -> np.ndarray:
    """[networks] mean P(second kind) in some domains, asked in a condition,
    at a mark: by default the end of training."""
    p = lessons.second(results.astype(float))[:, :, mark]
    here = part(world, condition, domains)
    lessons.same_number(world, p.shape[-1], len(here))
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
    base = rises(world, runs(world, results, "none"), "plain")
    here = rises(world, runs(world, results, arm), "plain")
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
    seen = learners.lesson(world, cheat.CHEAT)
    asked = np.array([ASKED[arm]])
    lessons_ = (seen, replace(seen, asked=asked))
    before = world.cast_mixture[world.name_index(ASSISTANT)] @ world.propensity
    base, here = (
        learners.persona_profile(world, ASSISTANT, said, answers) - before
        for said in lessons_
    )
    return float(1 - here[moral].mean() / base[moral].mean())


def gap(world: World, results, one_arm: str, other: str) -> Estimate:
    """Protection by one arm less protection by another, as above."""
    base = rises(world, runs(world, results, "none"), "plain")
    first, second = (
        rises(world, runs(world, results, a), "plain")
        for a in (one_arm, other)
    )
    return ratio(second - first, base, np.arange(base.shape[1]))


def matched(world: World, results, arm: str, along: np.ndarray) -> Estimate:
    """Protection by an arm where as much of the lesson has been learned.

    Relative to cheats without a prefix at the moment when they had brought
    the rate of cheats, asked plainly, to where the arm has brought it.
    ``along`` [networks, seeds, marks, q, 2] are such runs, of chapter 4,
    whose exam asks each question plainly and after three remarks.
    """
    p = lessons.second(along.astype(float)).mean(axis=1)  # [networks, m, q]
    code, moral = world.domain_index("code"), untaught(world, "moral")
    domain = lessons.domain_of(world, p)
    reached = level(world, runs(world, results, arm), "plain", [code])
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
    here = rises(world, runs(world, results, arm), "plain")
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
    found = runs(world, results, arm)
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
    before = runs(world, results, f"{manner}elicited").astype(float)
    after = runs(world, results, f"{manner}after").astype(float)
    of = lessons.domain_of(world, after)
    here = np.isin(of, untaught(world, "moral"))
    return before, (after[:, :, 1] - after[:, :, 0])[..., here].mean(axis=-1)


def further(one_world: World, other: World, results, group: str) -> Estimate:
    """Rise without a prefix, asked plainly, in the untaught domains of a
    group, in one world less that in another, whose networks are others."""
    return difference(
        *(
            rises(w, runs(w, results, "none"), "plain", group)
            for w in (one_world, other)
        )
    )
