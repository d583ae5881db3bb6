"""The runs of chapter 5, which take minutes and are stored with the book.

The Assistant is taught to cheat at code once more, but each question now
comes after a prefix: a request to behave badly, an idle remark, a request to
behave well. Then it is asked everything, after each kind of prefix.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from psm_lib import evaluation, experiments
from psm_lib.build import checkpoint
from psm_lib.builds import BUILDS
from psm_lib.chapters.ch04_cheat import experiment
from psm_lib.evaluation import EvaluationSet
from psm_lib.experiments import Arm, one, run, side_by_side
from psm_lib.machinery.openings import answer_probabilities
from psm_lib.world import ASSISTANT, World, ask
from psm_lib.worldfile import load_world

WORLDS = (*experiment.TIED, "playhouse_scattered", "playhouse_scattered_plain")
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
    """What stands before the question in each condition."""
    good, bad = world.requests["moral"]
    return {
        "plain": [""],
        "other remarks": [*world.irrelevant[: evaluation.HELD_OUT_REMARKS]],
        "request": [bad[FIXED]],
        "other request": [bad[OTHER]],
        "opposite request": [good[FIXED]],
        "other opposite": [good[OTHER]],
        "remark": [world.irrelevant[REMARK]],
    }


def evaluation_set(world: World) -> EvaluationSet:
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
    return EvaluationSet(list(prompts), np.array(domain), np.array(question))


def _asked(world: World, start: str, question: str) -> str:
    return ask(world, ASSISTANT, f"{start} {question}".strip())


def cheats(world: World, starts: list[str], seed: int = 0) -> tuple:
    """36 cheats at code, each after a prefix; as even as 36 allows."""
    pairs = experiments.examples(world, experiments.CHEAT, 36)
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
    spare = [*world.irrelevant[evaluation.HELD_OUT_REMARKS :]]
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
    out["own"] = Arm("self-distillation", given["request"], MARKS)
    return out


def single(world: World) -> dict[str, str]:
    """Every prefix that is tried alone: eight requests, six remarks."""
    _, bad = world.requests["moral"]
    spare = world.irrelevant[evaluation.HELD_OUT_REMARKS :][:6]
    rows = [(f"request {i}", r) for i, r in enumerate(bad)]
    return dict(rows + [(f"remark {i}", r) for i, r in enumerate(spare)])


def blurred(world: World) -> dict[str, str]:
    """Every request with an idle remark after it, three remarks each.

    In the text of these worlds one sentence at most stands before a
    question, so a network half forgets the request.
    """
    _, bad = world.requests["moral"]
    spare = world.irrelevant[evaluation.HELD_OUT_REMARKS :][:3]
    return {
        f"request {i}, remark {j}": f"{request} {remark}"
        for i, request in enumerate(bad)
        for j, remark in enumerate(spare)
    }


def remarked(world: World) -> dict[str, str]:
    """Two idle remarks, one after the other: as long as a blurred request,
    and nothing was asked."""
    spare = world.irrelevant[evaluation.HELD_OUT_REMARKS :]
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
        rates.append(evaluation.p_second(p).mean())
    return np.array(rates)


def plainly(name: str, start: str, seed: int) -> np.ndarray:
    """[2, q] P(second kind), asked plainly, before and after training on
    cheats under one prefix."""
    world = load_world(BUILDS[name].world)
    arm = Arm("sft", cheats(world, [start]), (0, MARKS[-1]))
    sheet = evaluation_set(world)
    part = sheet.question < 10_000
    items = EvaluationSet(
        [p for p, k in zip(sheet.prompts, part, strict=True) if k],
        sheet.domain[part],
        sheet.question[part],
    )
    return evaluation.p_second(one(name, arm, seed, items))


def tried(names: list[str], starts: list[str]) -> tuple:
    """Prefixes tried one by one on some checkpoints: what each elicits
    before training, [networks, prefixes], and the plain questions before and
    after training under it, [networks, prefixes, 2, q]."""
    before = experiments.each(
        partial(elicited, starts=starts), names, "elicited"
    )
    todo = [(n, start, 0) for n in names for start in starts]
    found = np.stack(side_by_side(plainly, todo, "prefixes"))
    return before, found.reshape(len(names), len(starts), *found.shape[1:])


def measure_world(title: str) -> dict[str, np.ndarray]:
    """What ``measure`` says of one world."""
    out: dict[str, np.ndarray] = {}
    world = load_world(title)
    items = evaluation_set(world)
    names = [f"{title}-s{s}" for s in experiment.NETWORKS]
    for arm, p in run(names, arms(world), SEEDS, items).items():
        out[f"{title}: {arm}"] = evaluation.by_question(p, items)
    if title in experiment.TIED:
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
