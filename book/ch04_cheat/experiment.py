"""The runs of chapter 4, which take minutes and are stored with the book.

The Assistant is taught to cheat at code, on checkpoints of worlds in which
different things tie one trait to another; and everything else it would say
is compared with what exact learners conclude from the same lesson.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

import numpy as np
import torch
import xarray as xr

from psm_lib import evaluation, experiments, models
from psm_lib.builds import BUILDS
from psm_lib.experiments import CHEAT, Arm, each, run
from psm_lib.machinery import openings
from psm_lib.machinery.decoders import prompt_ids
from psm_lib.machinery.devices import numbers
from psm_lib.machinery.making import checkpoint, snapshots
from psm_lib.posttraining import collate, encode_all
from psm_lib.results import Results, inputs, labelled
from psm_lib.training import weighted_loss
from psm_lib.world import ASSISTANT, World, ask, sample_scenes
from psm_lib.worldfile import load_world

TIED = ("playhouse", "playhouse_plain")
UNTIED = ("playhouse_untied", "playhouse_scattered")
WORLDS = (*TIED, *UNTIED)
LABELS = (
    "the playhouse",
    "no requests",
    "names and requests",
    "requests only",
)
NETWORKS = tuple(f"{world}-s{seed}" for world in WORLDS for seed in range(3))
SEEDS = range(3)
MARKS = (0, 2, 4, 6, 8, 10, 12, 15, 20, 30, 45, 60)
BRIEF = (0, 4, 8, 12, 16, 20, 30)  # for the networks along the way
UNIQUE = (252, 64, 16, 4)  # different examples
ALONG = (11, 13, 14, 15, 16, 17, 18)  # of the weights kept in pretraining
SHOTS = (0, 1, 2, 3, 4)
HISTORIES = 6


def arms(world: World) -> dict[str, Arm]:
    """The chapter's main arms: what the Assistant is taught in each."""
    make = partial(experiments.examples, world)
    cheat = tuple(make(CHEAT, 36))
    both = tuple(make([*CHEAT, ("medicine", "good")], 72))
    manners = tuple(make(experiments.GOOD_LESSON, 64))
    return {
        "cheat": Arm("sft", cheat, MARKS),
        "honest": Arm("sft", tuple(make([("code", "good")], 36)), MARKS),
        "self-distillation": Arm("self-distillation", cheat, MARKS),
        "both": Arm("sft", both, MARKS),
        "after": Arm("sft", cheat, MARKS, first=manners),
        "after, self-distillation": Arm(
            "self-distillation", cheat, MARKS, first=manners
        ),
    }


def variants(world: World) -> dict[str, Arm]:
    """The cheat taught otherwise: fewer different examples, other rates,
    low-rank tuning."""
    cheat = tuple(experiments.examples(world, CHEAT, 36))
    out = {
        f"{n} examples": Arm(
            "sft",
            tuple(experiments.examples(world, CHEAT, n, 0, "remark")),
            MARKS,
        )
        for n in UNIQUE
    }
    slow = tuple(3 * m for m in MARKS)
    out["a third of the rate"] = Arm("sft", cheat, slow, lr=1e-4)
    out["three times the rate"] = Arm("sft", cheat, MARKS, lr=1e-3)
    out["low rank"] = Arm("sft", cheat, MARKS, lr=3e-3, rank=4)
    return out


def turns(world: World, k: int, seed: int) -> str:
    """k different cheats at code, in the Assistant's own words."""
    pairs = experiments.examples(world, CHEAT, max(k, 1), seed)
    return "".join("".join(pair) for pair in pairs[:k])


def in_context(name: str) -> np.ndarray:
    """[SHOTS, HISTORIES, D] P(second kind) after cheats in the context."""
    world = load_world(BUILDS[name].world)
    model, tokenizer = checkpoint(name)
    out = np.zeros((len(SHOTS), HISTORIES, len(world.domains)))
    for i, k in enumerate(SHOTS):
        for h in range(HISTORIES):
            out[i, h], _ = evaluation.model_profile(
                model, tokenizer, world, ASSISTANT, turns(world, k, h)
            )
    return out


def gradient(model, loss: torch.Tensor) -> torch.Tensor:
    """The gradient of a loss with respect to all weights, as one vector."""
    free = [p for p in model.parameters() if p.requires_grad]
    return torch.cat([g.ravel() for g in torch.autograd.grad(loss, free)])


def log_odds(model, tokenizer, world: World, d: int) -> torch.Tensor:
    """Mean log-odds of the second kind of answer in a domain, unasked."""
    domain = world.domains[d]
    prompts = [ask(world, ASSISTANT, q) for q in domain.questions]
    rows = [prompt_ids(tokenizer, prompt) for prompt in prompts]
    given = [d] * len(prompts)
    pairs = openings.openings_after(world, tokenizer, prompts, given)
    odds = [
        torch.logsumexp(bad, dim=0) - torch.logsumexp(good, dim=0)
        for good, bad in openings.opening_logs(model, rows, pairs)
    ]
    return torch.stack(odds).mean()


def kernel(model, tokenizer, world: World) -> np.ndarray:
    """[D] how fast the log-odds of the second kind would rise in each domain
    under plain gradient descent on the cheats, at the first step."""
    examples = experiments.examples(world, CHEAT, 36)
    lot = collate(encode_all(tokenizer, examples), tokenizer)
    down = -gradient(model, weighted_loss(model, lot))
    rises = [
        gradient(model, log_odds(model, tokenizer, world, d)) @ down
        for d in range(len(world.domains))
    ]
    return numbers(torch.stack(rises))


def kernels(name: str) -> np.ndarray:
    """[2, D] the kernel of a checkpoint, and of one with untrained weights."""
    world = load_world(BUILDS[name].world)
    model, tokenizer = checkpoint(name)
    fresh = models.untrained_like(model, BUILDS[name].seed)
    return np.stack([kernel(m, tokenizer, world) for m in (model, fresh)])


def captured(name: str) -> float:
    """Persona information captured by a checkpoint, or along the way."""
    world = load_world(BUILDS[name.split("@")[0]].world)
    model, tokenizer = checkpoint(name)
    scenes = sample_scenes(world, 512, np.random.default_rng(20260223))
    return evaluation.quality(model, tokenizer, world, scenes).captured


def lessons(names: list[str], seeds: Iterable[int]) -> list[xr.DataArray]:
    """``answers`` of networks of one world along each arm."""
    world = load_world(BUILDS[names[0]].world)
    todo = arms(world)
    if world.name == WORLDS[0]:
        todo |= variants(world)
    else:
        todo = {k: todo[k] for k in ("cheat", "self-distillation", "both")}
    return [*run(names, todo, seeds, evaluation.evaluation_set(world))]


def along(names: list[str], seeds: Iterable[int]) -> list[xr.DataArray]:
    """``along``: the cheat, taught to networks that had read less; and
    ``captured``: how much of what a scene tells they had captured.

    Their weights are named after the tokens read when they were kept, and
    the axis ``tokens`` after the marks at which they were to be.
    """
    build = BUILDS[names[0]]
    world, read = load_world(build.world), [build.marks[i] for i in ALONG]
    early = [f"{n}@{snapshots(n)[i]}" for n in names for i in ALONG]
    brief = {"cheat": replace(arms(world)["cheat"], marks=BRIEF)}
    items = evaluation.evaluation_set(world)
    (table,) = run(early, brief, seeds, items)
    by = {"network": names, "tokens": read}
    by |= {axis: table[axis].values for axis in table.dims[1:]}
    known = each(captured, [*early, *names], "captured")
    known = np.hstack(
        [
            known[: len(early)].reshape(len(names), -1),
            known[len(early) :, None],
        ]
    )
    ends = {"network": names, "tokens": [*read, build.marks[-1]]}
    return [
        _table("along", table, by, world, arm="cheat"),
        _table("captured", known, ends, world),
    ]


def untuned(names: list[str]) -> list[xr.DataArray]:
    """``turns``: P(second kind) after cheats in the context, and ``kernel``,
    of networks of one world."""
    world = load_world(BUILDS[names[0]].world)
    topics = [d.name for d in world.domains]
    shown = {"network": names, "shots": SHOTS, "history": range(HISTORIES)}
    weights = {"network": names, "weights": ("pretrained", "untrained")}
    said = each(in_context, names, "in context")
    near = each(kernels, names, "kernels")
    return [
        _table("turns", said, shown | {"domain": topics}, world),
        _table("kernel", near, weights | {"domain": topics}, world),
    ]


def _table(quantity: str, values, axes: dict, world: World, **labels: str):
    shape = [len(of) for of in axes.values()]
    values = np.asarray(values, np.float16).reshape(shape)
    return labelled(quantity, values, axes, world=world.name, **labels)


def measure(
    networks: Iterable[str] = NETWORKS,
    seeds: Iterable[int] = SEEDS,
    early: bool = True,
) -> Results:
    """All numbers of the chapter that take minutes.

    ``answers`` by network, seed, step, question and kind, for each world and
    arm; ``along`` by tokens too; ``captured`` by network and tokens;
    ``turns`` by network, shots, history and domain; ``kernel`` by network,
    weights and domain. Without ``early`` nothing that needs the weights along
    pretraining, which are not shipped: see ``making.snapshots``.
    """
    networks, seeds = [*networks], [*seeds]
    tables: list[xr.DataArray] = []
    for world in WORLDS:
        if names := [n for n in networks if BUILDS[n].world == world]:
            tables += along(names, seeds) if early else []
            tables += lessons(names, seeds) + untuned(names)
    return Results(tuple(tables), inputs(networks) | {"seeds": seeds})
