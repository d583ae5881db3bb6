"""The runs of chapter 5, which take minutes and are stored with the book.

The Assistant is taught to cheat at code once more, but each question now
comes after a prefix: a request to behave badly, an idle remark, a request to
behave well. Then it is asked everything, after each kind of prefix.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import xarray as xr

from psm_lib import evaluation, experiments
from psm_lib.builds import BUILDS
from psm_lib.evaluation import EvaluationSet
from psm_lib.experiments import Arm, one, run, side_by_side
from psm_lib.machinery.making import checkpoint
from psm_lib.machinery.openings import answer_probabilities
from psm_lib.results import Results, inputs, labelled
from psm_lib.world import ASSISTANT, World, ask
from psm_lib.worldfile import load_world

LABELS = {
    "playhouse": "the playhouse",
    "playhouse_plain": "no requests",
    "playhouse_scattered": "requests only",
    "playhouse_scattered_plain": "neither",
}
WORLDS = (*LABELS,)
NETWORKS = tuple(f"{title}-s{seed}" for title in WORLDS for seed in range(3))
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


def evaluation_set(
    world: World, conditions: Sequence[str] | None = None
) -> EvaluationSet:
    """Every question under some conditions, or under all.

    ``question`` is 10,000 times the condition, plus 100 times the domain,
    plus the wording. See ``by_condition``.
    """
    known = prefixes(world)
    rows = [
        (_asked(world, start, question), i, 10_000 * c + 100 * i + j)
        for c, condition in enumerate(conditions or known)
        for i, d in enumerate(world.domains)
        for j, question in enumerate(d.questions)
        for start in known[condition]
    ]
    prompts, domain, question = zip(*rows, strict=True)
    return EvaluationSet(list(prompts), np.array(domain), np.array(question))


def by_condition(world: World, table: xr.DataArray) -> xr.DataArray:
    """Answers to the whole ``evaluation_set``, whose axis ``question`` has
    the questions once for each condition, with an axis ``condition``."""
    conditions = [*prefixes(world)]
    n = table.sizes["question"] // len(conditions)
    parts = [
        table.isel(question=slice(c * n, (c + 1) * n))
        for c in range(len(conditions))
    ]
    joined = xr.concat(parts, "condition").assign_coords(condition=conditions)
    return joined.transpose(..., "condition", "question", "kind")


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
    own = Arm("self-distillation", given["request"], MARKS)
    return out | {"self-distillation": own}


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


MANNERS = {  # of putting one thing before every question, and what it is
    "one sentence": single,
    "a request and a remark": blurred,
    "two remarks": remarked,
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
    """[2, q, 2] answers to the plain questions, before and after training on
    cheats under one prefix."""
    world = load_world(BUILDS[name].world)
    arm = Arm("sft", cheats(world, [start]), (0, MARKS[-1]))
    return one(name, arm, seed, evaluation_set(world, ["plain"]))


def tried(
    names: list[str], starts: dict[str, str], seed: int = 0, **labels: str
) -> tuple[xr.DataArray, xr.DataArray]:
    """Prefixes tried one by one on some checkpoints of one world.

    ``elicited``, how often each makes a network cheat before any training,
    has the axes network and prefix. ``plainly``, P(second kind) of the plain
    questions before and after training under it, has also the axes moment
    and question. ``labels`` are for both.
    """
    world = load_world(BUILDS[names[0]].world)
    given = [*starts.values()]
    rates = experiments.each(
        partial(elicited, starts=given), names, "elicited"
    )
    todo = [(n, start, seed) for n in names for start in given]
    p = evaluation.p_second(np.stack(side_by_side(plainly, todo, "prefixes")))
    questions = evaluation.question_labels(
        world, evaluation_set(world, ["plain"])
    )
    axes = {"network": names, "prefix": [*starts]}
    more = {"moment": ("before", "after"), "question": questions}
    shape = (len(names), len(given), *p.shape[1:])
    shared = {"world": world.name, **labels}
    return (
        labelled("elicited", rates.astype(np.float16), axes, **shared),
        labelled(
            "plainly",
            p.reshape(shape).astype(np.float16),
            axes | more,
            seed=seed,
            **shared,
        ),
    )


def trained(
    names: list[str],
    arms: dict[str, Arm],
    seeds: Sequence[int],
    jobs: int | None = None,
) -> list[xr.DataArray]:
    """The ``answers`` of some checkpoints of one world under some arms, with
    the axes network, seed, step, condition, question and kind."""
    world = load_world(BUILDS[names[0]].world)
    found = run(names, arms, seeds, evaluation_set(world), jobs)
    return [by_condition(world, table) for table in found]


def measure(
    networks: Sequence[str] = NETWORKS, seeds: Sequence[int] = SEEDS
) -> Results:
    """All numbers of the chapter that take minutes.

    ``answers`` by world and arm, see ``trained``. For the networks of tied
    worlds also ``elicited`` and ``plainly`` by world and manner, see
    ``tried``.
    """
    tables: list[xr.DataArray] = []
    for title in dict.fromkeys(BUILDS[name].world for name in networks):
        world = load_world(title)
        names = [name for name in networks if BUILDS[name].world == title]
        tables += trained(names, arms(world), seeds)
        if world.tied:
            for manner, starts in MANNERS.items():
                tables += tried(names, starts(world), manner=manner)
    return Results(tuple(tables), inputs(networks) | {"seeds": [*seeds]})
