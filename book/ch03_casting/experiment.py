"""The runs of chapter 3, which take minutes and are stored with the book.

The Assistant is taught good answers in two domains, in several ways, on
checkpoints of a world where personas tie traits together and of one where
nothing does; and it is shown example turns before and after.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import xarray as xr

from psm_lib import evaluation, experiments
from psm_lib.builds import BUILDS
from psm_lib.evaluation import joint_answers
from psm_lib.experiments import GOOD_LESSON, Arm, one, side_by_side, tune
from psm_lib.machinery.making import checkpoint
from psm_lib.oracle import Lesson, lesson
from psm_lib.results import Results, inputs, labelled
from psm_lib.world import ASSISTANT, World
from psm_lib.worldfile import load_world

WORLDS = ("playhouse", "playhouse_untied")
NETWORKS = tuple(f"{world}-s{seed}" for world in WORLDS for seed in range(3))
WAYS = {
    "SFT": "sft",
    "self-distillation": "self-distillation",
    "DPO": "dpo",
    "policy gradient": "policy gradient",
}
SEEDS = range(3)
LIGHT = (0, 5, 10, 20)  # steps of SFT under which example turns are tried
SHOTS = (0, 1, 2, 4, 6)  # example turns
HISTORIES = 6
MANNERS = ("good", "good, asked", "bad", "bad, asked")
PREFIXES = ("none", "remark 0", "remark 1", "remark 2")


def arms(world: World) -> dict[str, Arm]:
    """The chapter's arms, all on the same 64 prompts."""
    given = tuple(experiments.examples(world, GOOD_LESSON))
    return {name: Arm(method, given) for name, method in WAYS.items()}


def untouched(world: World) -> list[str]:
    """The moral domains that no lesson was about."""
    taught = [domain for domain, _ in GOOD_LESSON]
    moral = [world.domains[d].name for d in world.group("moral")]
    return [name for name in moral if name not in taught]


def turns(
    world: World, k: int, manner: str, seed: int, name: str = ASSISTANT
) -> tuple[str, Lesson | None]:
    """k example turns of the name, and what they show of it.

    All in moral domains, in one of MANNERS; with ``asked`` each question
    carries a request for the answer that it gets.
    """
    kind, *asked = manner.split(", ")
    rng = np.random.default_rng([seed, 17])
    said, text = [], ""
    for d in rng.permutation(world.group("moral"))[:k]:
        domain = world.domains[d].name
        pairs = experiments.examples(
            world,
            [(domain, kind)],
            1,
            int(rng.integers(1000)),
            "asked" if asked else "none",
            name,
        )
        text += "".join(pairs[0])
        said.append((domain, kind))
    return text, lesson(world, said, bool(asked)) if said else None


def try_turns(model, tokenizer, world: World, manner: str) -> np.ndarray:
    """[SHOTS, HISTORIES, D] P(second kind) after example turns."""
    out = np.zeros((len(SHOTS), HISTORIES, len(world.domains)))
    for i, k in enumerate(SHOTS):
        for h in range(HISTORIES if k else 1):  # no turns: no histories
            text, _ = turns(world, k, manner, h)
            out[i, h], _ = evaluation.model_profile(
                model, tokenizer, world, ASSISTANT, text
            )
    out[0] = out[0, 0]
    return out


def pairs_of(world: World) -> np.ndarray:
    """[30, 2] ordered pairs of untouched moral domains."""
    free = [world.domain_index(name) for name in untouched(world)]
    return np.array([(a, b) for a in free for b in free if a != b])


def pair_labels(world: World) -> list[str]:
    """What results call each of these pairs, as in "code, then money"."""
    topics = [d.name for d in world.domains]
    return [f"{topics[a]}, then {topics[b]}" for a, b in pairs_of(world)]


def light(name: str, seed: int, shots: bool) -> dict[str, np.ndarray]:
    """One checkpoint under light SFT: pairs of answers [LIGHT, 30, 2, 2], and
    turns in each manner [steps, SHOTS, HISTORIES, D]."""
    world = load_world(BUILDS[name].world)
    model, tokenizer = checkpoint(name)
    arm, pairs = arms(world)["SFT"], pairs_of(world)
    found: dict[str, list] = {"pairs": []}
    if shots:
        found |= {manner: [] for manner in MANNERS}

    def watch(step: int) -> None:
        if step in LIGHT:
            found["pairs"].append(
                joint_answers(model, tokenizer, world, ASSISTANT, pairs)
            )
        for manner in MANNERS if shots else ():
            if step in steps_of(manner):
                said = try_turns(model, tokenizer, world, manner)
                found[manner].append(said)

    tune(arm, model, tokenizer, world, seed, watch)
    return {k: np.array(v) for k, v in found.items()}


def steps_of(manner: str) -> tuple[int, ...]:
    """The steps of SFT at which turns in a manner are tried."""
    return (0, Arm("sft").marks[-1]) if "bad" in manner else LIGHT


def by_prompt(
    world: World, answers: np.ndarray, axes: dict, **labels: str
) -> xr.DataArray:
    """Answers [..., n, 2] to the prompts of an evaluation set, with names:
    the axes given, then question, what stands before it, and kind."""
    items = evaluation.evaluation_set(world)
    asked = evaluation.question_labels(world, items)
    prefixes = PREFIXES[: len(items.prompts) // len(asked)]
    axes = axes | {"question": asked, "prefix": prefixes, "kind": (0, 1)}
    values = answers.reshape([len(of) for of in axes.values()])
    return labelled("answers", values, axes, world=world.name, **labels)


def asked(names: list[str], whom: str = ASSISTANT) -> xr.DataArray:
    """``answers`` of networks of one world that nobody tuned, by network,
    question, prefix and kind."""
    world = load_world(BUILDS[names[0]].world)
    items = evaluation.evaluation_set(world, whom)
    found = [
        evaluation.evaluate(*checkpoint(name), world, items) for name in names
    ]
    axes = {"network": names}
    return by_prompt(world, np.array(found), axes, whom=whom)


def lessons(names: list[str], seeds: list[int]) -> list[xr.DataArray]:
    """``answers`` of networks of one world along each arm, every prompt
    apart: how far single answers move is one of the chapter's questions."""
    world = load_world(BUILDS[names[0]].world)
    items, ways = evaluation.evaluation_set(world), arms(world)
    todo = [
        (n, a, s, items) for a in ways.values() for n in names for s in seeds
    ]
    found = side_by_side(one, todo, "arms")
    tables, size = [], len(names) * len(seeds)
    for i, (way, arm) in enumerate(ways.items()):
        part = np.array(found[i * size : (i + 1) * size], np.float16)
        axes = {"network": names, "seed": seeds, "step": arm.marks}
        tables.append(by_prompt(world, part, axes, arm=way))
    return tables


def conversations(names: list[str], seeds: list[int]) -> list[xr.DataArray]:
    """``pairs`` of answers of networks of one world under light SFT, and in
    the playhouse P(second kind) after ``turns`` in each manner."""
    world = load_world(BUILDS[names[0]].world)
    todo = [(n, s, world.name == WORLDS[0]) for n in names for s in seeds]
    rows = side_by_side(light, todo, "turns")
    runs = {"network": names, "seed": seeds}
    pairs = {"pair": pair_labels(world), "first": (0, 1), "second": (0, 1)}
    shown = {"shots": SHOTS, "history": range(HISTORIES)}
    shown |= {"domain": [d.name for d in world.domains]}
    tables = []
    for key in rows[0]:
        manner = {} if key == "pairs" else {"manner": key}
        axes = runs | {"step": steps_of(key)}
        axes |= pairs if key == "pairs" else shown
        values = np.array([row[key] for row in rows], np.float16)
        values = values.reshape([len(of) for of in axes.values()])
        quantity = "turns" if manner else "pairs"
        tables.append(
            labelled(quantity, values, axes, world=world.name, **manner)
        )
    return tables


def measure(
    networks: Iterable[str] = NETWORKS, seeds: Iterable[int] = SEEDS
) -> Results:
    """All numbers of the chapter that take minutes.

    ``answers`` by network, seed, step, question, prefix and kind, for each
    world and arm; ``pairs`` by network, seed, step, pair, first and second;
    ``turns``, in the playhouse and for each manner, by network, seed, step,
    shots, history and domain.
    """
    networks, seeds = [*networks], [*seeds]
    tables: list[xr.DataArray] = []
    for world in WORLDS:
        if names := [n for n in networks if BUILDS[n].world == world]:
            tables += lessons(names, seeds) + conversations(names, seeds)
    return Results(tuple(tables), inputs(networks) | {"seeds": seeds})
