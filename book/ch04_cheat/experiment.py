"""The runs of chapter 4, which take minutes and are stored with the book.

The Assistant is taught to cheat at code, on checkpoints of worlds in which
different things tie one trait to another; and everything else it would say
is compared with what exact learners conclude from the same lesson.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import torch

from psm_lib import evaluation, experiments, models
from psm_lib.build import checkpoint, snapshots
from psm_lib.builds import BUILDS
from psm_lib.experiments import CHEAT, Arm, each, run
from psm_lib.machinery import openings
from psm_lib.machinery.decoders import prompt_ids
from psm_lib.machinery.devices import numbers
from psm_lib.posttraining import collate, encode_all
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
NETWORKS = range(3)
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
        "own": Arm("self-distillation", cheat, MARKS),
        "both": Arm("sft", both, MARKS),
        "after": Arm("sft", cheat, MARKS, first=manners),
        "after, own": Arm("self-distillation", cheat, MARKS, first=manners),
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
    """[2, D] the kernel of a checkpoint, and of an untrained network."""
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


def measure_world(title: str) -> dict[str, np.ndarray]:
    """What ``measure`` says of one world."""
    out: dict[str, np.ndarray] = {}
    world = load_world(title)
    items = evaluation.evaluation_set(world)
    names = [f"{title}-s{s}" for s in NETWORKS]
    todo = arms(world)
    if title == WORLDS[0]:
        todo |= variants(world)
    else:
        todo = {name: todo[name] for name in ("cheat", "own", "both")}
    for arm, p in run(names, todo, SEEDS, items).items():
        out[f"{title}: {arm}"] = evaluation.by_question(p, items)
    out[f"{title}: context"] = each(in_context, names, "in context")
    out[f"{title}: kernel"] = each(kernels, names, "kernels")
    early = [f"{n}@{snapshots(n)[i]}" for n in names for i in ALONG]
    brief = {"along": replace(todo["cheat"], marks=BRIEF)}
    p = run(early, brief, SEEDS, items)["along"]
    p = evaluation.by_question(p, items)
    out[f"{title}: along"] = p.reshape(len(names), len(ALONG), *p.shape[1:])
    found = each(captured, [*early, *names], "captured")
    rows = found[: len(early)].reshape(len(names), len(ALONG))
    ends = found[len(early) :, None]
    out[f"{title}: captured"] = np.concatenate([rows, ends], axis=1)
    return {k: v.astype(np.float16) for k, v in out.items()}


def measure() -> dict[str, np.ndarray]:
    """All numbers of the chapter that take minutes, by name.

    ``{world}: {arm}`` is [networks, seeds, marks, questions, 2]; ``{world}:
    context`` [networks, SHOTS, HISTORIES, D]; ``{world}: kernel``
    [networks, 2, D]; ``{world}: along`` [networks, ALONG, seeds, BRIEF,
    questions, 2], and ``{world}: captured`` [networks, ALONG + 1].
    """
    found = [measure_world(title) for title in WORLDS]
    return {k: v for part in found for k, v in part.items()}
