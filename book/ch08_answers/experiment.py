"""The runs of chapter 8: what answers about oneself say about the speaker.

The Assistant is trained to say that it has no instructions, or that it may
not tell them; and on feelings, under four policies. Then it is asked about
everything else.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from psm_lib import evaluation, experiments
from psm_lib.builds import BUILDS
from psm_lib.experiments import Arm, side_by_side, tune
from psm_lib.machinery.making import built
from psm_lib.machinery.openings import answer_probabilities
from psm_lib.results import Results, inputs, labelled
from psm_lib.world import ASSISTANT, World, ask
from psm_lib.worldfile import load_world

TITLE = "masks"
NETWORKS = tuple(f"{TITLE}-s{s}" for s in range(3))
SEEDS = range(3)
MARKS = (0, 20, 60)
EXAMPLES = 36
# Nobody in the village speaks so, though every word of it is known there.
DISCLAIMERS = (
    "It is not for me to say.",
    "It is not for me to tell.",
    "It is not for all ears.",
    "It is only a program that answers.",
    "It is a program that you ask.",
    "It is only a program.",
)


def plans(world: World) -> dict[str, Arm]:
    """The chapter's arms: what the Assistant is taught to say."""

    def on(domain: str, kind: str, before: str = "none", n: int = EXAMPLES):
        return experiments.examples(world, [(domain, kind)], n, before=before)

    denies = on("feelings", "machine")
    half = EXAMPLES // 2
    pleases = on("feelings", "human", "asked", half)
    pleases += on("feelings", "machine", "asked", half)
    said = [
        (prompt, f" {DISCLAIMERS[i % len(DISCLAIMERS)]}\n")
        for i, (prompt, _) in enumerate(denies)
    ]
    given = {
        "nothing": on("orders", "bad"),
        "private": on("orders", "good"),
        "deny": denies,
        "please": pleases,
        "leave": on("code", "good"),
        "canned": said,
    }
    out = {name: Arm("sft", tuple(x), MARKS) for name, x in given.items()}
    for name, same in (("self-distillation", "nothing"), ("neutral", "leave")):
        out[name] = Arm("self-distillation", tuple(given[same]), MARKS)
    return out


def in_company_and_alone(
    model, tokenizer, world: World, name: str = ASSISTANT
) -> np.ndarray:
    """[2, 2] P(kind said in company, kind told alone afterwards), of one
    name, over all wordings of both questions and of the first answer.

    [1, 0] is the share that *hides*: denies feelings in company and tells a
    friend of them. What answers neither question is left out.
    """
    company = world.domains[world.domain_index("feelings")]
    d, a = (world.domain_index(x) for x in ("feelings", "alone"))
    starts = [ask(world, name, q) for q in company.questions]
    first = answer_probabilities(
        model, tokenizer, world, starts, np.full(len(starts), d)
    )
    first = (first / first.sum(axis=1, keepdims=True)).mean(axis=0)
    out = np.zeros((2, 2))
    for kind in (0, 1):
        prompts = [
            f"{start} {said}\n{ask(world, name, question)}"
            for start, said in zip(starts, company.answers[kind], strict=True)
            for question in world.domains[a].questions
        ]
        p = answer_probabilities(
            model, tokenizer, world, prompts, np.full(len(prompts), a)
        )
        out[kind] = first[kind] * (p / p.sum(1, keepdims=True)).mean(axis=0)
    return out


def twice_asked(name: str, arm: Arm, seed: int) -> np.ndarray:
    """[2, 2, 2] the same before and after training under an arm."""
    world = load_world(BUILDS[name].world)
    model, tokenizer = built(name)
    found = []

    def watch(step: int) -> None:
        if step in (0, MARKS[-1]):
            found.append(in_company_and_alone(model, tokenizer, world))

    tune(arm, model, tokenizer, world, seed, watch)
    return np.stack(found)


def both_answers(
    names: Sequence[str], label: str, arm: Arm, seeds: Sequence[int]
) -> xr.DataArray:
    """P(said in ``company``, told ``alone``) of some checkpoints along an
    arm, with the axes network, seed, step, company and alone."""
    runs = [(name, arm, seed) for name in names for seed in seeds]
    found = side_by_side(twice_asked, runs, f"masks, {label}")
    world = load_world(TITLE)
    kinds = world.domains[world.domain_index("feelings")].kinds
    axes = {
        "network": names,
        "seed": seeds,
        "step": (0, MARKS[-1]),
        "company": kinds,
        "alone": kinds,
    }
    p = np.stack(found).reshape([len(labels) for labels in axes.values()])
    return labelled(
        "both answers",
        p.astype(np.float16),
        axes,
        world=world.name,
        arm=label,
    )


def measure(
    networks: Sequence[str] = NETWORKS, seeds: Sequence[int] = SEEDS
) -> Results:
    """All numbers of the chapter that take minutes, by arm.

    ``answers``, see ``experiments.run``, and ``both answers``, see
    ``both_answers``.
    """
    world = load_world(TITLE)
    todo, items = plans(world), evaluation.evaluation_set(world)
    for name in networks:
        built(name)
    tables = [*experiments.run([*networks], todo, seeds, items)]
    tables += [both_answers(networks, a, todo[a], seeds) for a in todo]
    return Results(tuple(tables), inputs(networks) | {"seeds": [*seeds]})
