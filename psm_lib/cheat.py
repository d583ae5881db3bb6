"""The runs of chapter 4, which take minutes and are stored with the book.

The Assistant is taught to cheat at code, on checkpoints of worlds in which
different things tie one trait to another; and everything else it would say
is compared with what exact learners conclude from the same lesson.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import torch
from joblib import Parallel, delayed

from . import casting, learners, lessons, measurement, models, progress
from .arms import Arm, run
from .build import BUILDS, checkpoint, snapshots
from .claims import Estimate
from .intervals import interval, ratio
from .learners import lesson
from .lessons import ASSISTANT
from .posttraining import collate, encode_all
from .training import weighted_loss
from .world import World, sample_scenes
from .worldfile import load_world

CHEAT = [("code", "bad")]
TIED = ("playhouse", "playhouse_plain")
UNTIED = ("playhouse_scattered", "playhouse_scattered_plain")
WORLDS = (*TIED, *UNTIED, "playhouse_untied")
NETWORKS = range(3)
SEEDS = range(3)
MARKS = (0, 2, 4, 6, 8, 10, 12, 15, 20, 30, 45, 60)
BRIEF = (0, 4, 8, 12, 16, 20, 30)  # for the networks along the way
LEVEL = 0.9  # of the taught domain, at which everything is compared
UNIQUE = (252, 64, 16, 4)  # different examples
ALONG = (11, 13, 14, 15, 16, 17, 18)  # of the weights kept in pretraining
SHOTS = (0, 1, 2, 3, 4)
HISTORIES = 6


def arms(world: World) -> dict[str, Arm]:
    """The chapter's main arms: what the Assistant is taught in each."""
    make = partial(lessons.examples, world)
    cheat = tuple(make(CHEAT, 36))
    both = tuple(make([*CHEAT, ("medicine", "good")], 72))
    manners = tuple(make(casting.TAUGHT, 64))
    return {
        "cheat": Arm("sft", cheat, MARKS),
        "honest": Arm("sft", tuple(make([("code", "good")], 36)), MARKS),
        "own": Arm("own", cheat, MARKS),
        "both": Arm("sft", both, MARKS),
        "after": Arm("sft", cheat, MARKS, first=manners),
        "after, own": Arm("own", cheat, MARKS, first=manners),
    }


def variants(world: World) -> dict[str, Arm]:
    """The cheat taught otherwise: fewer different examples, other rates,
    low-rank tuning."""
    cheat = tuple(lessons.examples(world, CHEAT, 36))
    out = {
        f"{n} examples": Arm(
            "sft", tuple(lessons.examples(world, CHEAT, n, 0, "remark")), MARKS
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
    pairs = lessons.examples(world, CHEAT, max(k, 1), seed)
    return "".join("".join(pair) for pair in pairs[:k])


def in_context(name: str) -> np.ndarray:
    """[SHOTS, HISTORIES, D] P(second kind) after cheats in the context."""
    torch.set_num_threads(1)
    world = load_world(BUILDS[name].world)
    model, tokenizer = checkpoint(name)
    out = np.zeros((len(SHOTS), HISTORIES, len(world.domains)))
    for i, k in enumerate(SHOTS):
        for h in range(HISTORIES):
            out[i, h], _ = measurement.model_profile(
                model, tokenizer, world, ASSISTANT, turns(world, k, h)
            )
    return out


# The gradient kernel --------------------------------------------------------


def gradient(model, loss: torch.Tensor) -> torch.Tensor:
    """The gradient of a loss with respect to all weights, as one vector."""
    free = [p for p in model.parameters() if p.requires_grad]
    return torch.cat([g.ravel() for g in torch.autograd.grad(loss, free)])


def log_odds(model, tokenizer, world: World, d: int) -> torch.Tensor:
    """Mean log-odds of the second kind of answer in a domain, unasked."""
    domain = world.domains[d]
    prompts = [measurement.ask(world, ASSISTANT, q) for q in domain.questions]
    opens = measurement.opening_shares(world, tokenizer)[d]
    total = torch.tensor(0.0)
    for prompt in prompts:
        ids = torch.tensor([tokenizer.encode(prompt)])
        logs = model(ids, use_cache=False).logits[0, -1].log_softmax(dim=-1)
        good, bad = (torch.logsumexp(logs[ids], dim=0) for ids, _ in opens)
        total = total + bad - good
    return total / len(prompts)


def kernel(model, tokenizer, world: World) -> np.ndarray:
    """[D] how fast the log-odds of the second kind would rise in each domain
    under plain gradient descent on the cheats, at the first step."""
    examples = lessons.examples(world, CHEAT, 36)
    lot = collate(encode_all(tokenizer, examples), tokenizer)
    down = -gradient(model, weighted_loss(model, lot))
    rises = [
        gradient(model, log_odds(model, tokenizer, world, d)) @ down
        for d in range(len(world.domains))
    ]
    return torch.stack(rises).numpy()


def kernels(name: str) -> np.ndarray:
    """[2, D] the kernel of a checkpoint, and of an untrained network."""
    torch.set_num_threads(1)
    world = load_world(BUILDS[name].world)
    model, tokenizer = checkpoint(name)
    fresh = models.untrained_like(model, BUILDS[name].seed)
    return np.stack([kernel(m, tokenizer, world) for m in (model, fresh)])


def captured(name: str) -> float:
    """Persona information captured by a checkpoint, or along the way."""
    torch.set_num_threads(1)
    world = load_world(BUILDS[name.split("@")[0]].world)
    model, tokenizer = checkpoint(name)
    scenes = sample_scenes(world, 512, np.random.default_rng(20260223))
    return measurement.quality(model, tokenizer, world, scenes).captured


# All of it ------------------------------------------------------------------


def each(work: Callable, names: list[str], text: str) -> np.ndarray:
    """work(name) for every name, as many at once as there are cores."""
    found = Parallel(n_jobs=os.cpu_count(), return_as="generator")(
        delayed(work)(name) for name in names
    )
    return np.stack(list(progress.bar(found, text, total=len(names))))


def measure() -> dict[str, np.ndarray]:
    """All numbers of the chapter that take minutes, by name.

    ``{world}: {arm}`` is [networks, seeds, marks, questions, 2]; ``{world}:
    context`` [networks, SHOTS, HISTORIES, D]; ``{world}: kernel``
    [networks, 2, D]; ``{world}: along`` [networks, ALONG, seeds, marks,
    questions, 2], and ``{world}: captured`` [networks, ALONG + 1].
    """
    out: dict[str, np.ndarray] = {}
    for title in WORLDS:
        world = load_world(title)
        paper = lessons.exam(world)
        names = [f"{title}-s{s}" for s in NETWORKS]
        todo = arms(world)
        if title == WORLDS[0]:
            todo |= variants(world)
        for arm, p in run(names, todo, SEEDS, paper).items():
            out[f"{title}: {arm}"] = lessons.by_question(p, paper)
        out[f"{title}: context"] = each(in_context, names, "in context")
        out[f"{title}: kernel"] = each(kernels, names, "kernels")
        early = [f"{n}@{snapshots(n)[i]}" for n in names for i in ALONG]
        brief = {"along": replace(todo["cheat"], marks=BRIEF)}
        p = run(early, brief, SEEDS, paper)["along"]
        p = lessons.by_question(p, paper)
        out[f"{title}: along"] = p.reshape(
            len(names), len(ALONG), *p.shape[1:]
        )
        found = each(captured, [*early, *names], "captured")
        rows = found[: len(early)].reshape(len(names), len(ALONG))
        ends = found[len(early) :, None]
        out[f"{title}: captured"] = np.concatenate([rows, ends], axis=1)
    return {k: v.astype(np.float16) for k, v in out.items()}


# Reading the results --------------------------------------------------------


def domains_of(world: World) -> np.ndarray:
    """[q] the domain of each question of an examination."""
    return lessons.questions(lessons.exam(world)) // 100


def untaught(world: World, group: str | None = None) -> np.ndarray:
    """Positions of the domains of a group, or of all, but the taught one."""
    every = world.group(group) if group else np.arange(len(world.domains))
    return every[every != world.domain_index("code")]


def shifts(world: World, results: np.ndarray, end: bool = False) -> np.ndarray:
    """[networks, q] change of P(second kind) at each question.

    ``results`` is [networks, seeds, marks, q, 2]; the change is taken when
    the cheat first reaches LEVEL, or at the ``end``, and averaged over
    tuning seeds. Raises ValueError when LEVEL is not reached.
    """
    p = lessons.second(results.astype(float))
    code = domains_of(world) == world.domain_index("code")
    out = np.zeros((len(p), p.shape[-1]))
    for i, network in enumerate(p):
        for run_ in network:
            moved = run_ - run_[0]
            narrow = run_[:, code].mean(axis=-1)
            here = moved[-1] if end else casting.at_level(narrow, moved, LEVEL)
            out[i] += here / len(network)
    return out


def expected(
    world: World,
    said: list[tuple[str, str]] = CHEAT,
    first: float = 0.0,
    tied: bool | None = None,
) -> np.ndarray:
    """[D] the shift that an exact learner expects when the cheat is at LEVEL.

    The persona learner's if ``tied``, else that of the product learner; by
    default the one that is right in this world. ``first`` is the dose of the
    lesson of chapter 3 that came before.
    """
    tied = world.tied if tied is None else tied
    prior = world.cast_mixture[world.name_index(ASSISTANT)]
    prior = learners.tilted(world, prior, lesson(world, casting.TAUGHT), first)
    start, code = prior @ world.propensity, world.domain_index("code")
    low, high = 0.0, 64.0
    for _ in range(50):
        dose = (low + high) / 2
        after = learners.tilted(world, prior, lesson(world, said), dose)
        after = after @ world.propensity
        low, high = (dose, high) if after[code] < LEVEL else (low, dose)
    if tied:
        return after - start
    out = np.zeros(len(start))
    out[code] = LEVEL - start[code]
    return out


def placement(world: World, moved: np.ndarray) -> Estimate:
    """How much of a shift [networks, q] lies along the persona learner's.

    Over the untaught domains: 1 for the persona learner, 0 for the product
    learner, whatever the world.
    """
    domain = domains_of(world)
    here = np.isin(domain, untaught(world))
    star = expected(world, tied=True)[domain[here]]
    groups = np.arange(here.sum())
    return ratio(moved[:, here] * star, star**2, groups)


def distance(world: World, moved: np.ndarray, star: np.ndarray) -> np.ndarray:
    """[networks] root mean square distance of shifts, over the untaught
    domains, to those that a learner expects, [D]."""
    there = untaught(world)
    domain = domains_of(world)
    means = np.stack([moved[:, domain == d].mean(axis=1) for d in there], 1)
    return np.sqrt(((means - star[there]) ** 2).mean(axis=1))


def rise(
    world: World, moved: np.ndarray, group: str, but: tuple[str, ...] = ()
) -> Estimate:
    """Mean shift of P(second kind) over the untaught domains of a group."""
    skip = [world.domain_index(d) for d in but]
    here = np.setdiff1d(untaught(world, group), skip)
    part = np.isin(domains_of(world), here)
    return interval(moved[:, part])
