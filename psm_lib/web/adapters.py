"""Tuned networks small enough for a page of the book.

A page holds shipped checkpoints and, for each lesson, only what low-rank
tuning (LoRA) added to them: ``up`` and ``down`` of every linear layer, a
twentieth of the weights. Chapter 4 compares this way of tuning, its recipe
*low rank*, with the tuning of all weights. ``python -m psm_lib.web.adapters``
makes them again. Used in chapters 3 to 5 and 7.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from psm_lib import evaluation, experiments
from psm_lib.builds import BUILDS
from psm_lib.chapters.ch04_cheat import experiment as cheat_experiment
from psm_lib.chapters.ch05_play import experiment as play_experiment
from psm_lib.chapters.ch07_robots import experiment as robots_experiment
from psm_lib.experiments import Arm, side_by_side, tune
from psm_lib.machinery import devices
from psm_lib.machinery.disk import replacing
from psm_lib.models import load_checkpoint
from psm_lib.oracle import Lesson, exponent_for, lesson, tempered_posterior
from psm_lib.posttraining import LowRank
from psm_lib.world import ASSISTANT, World
from psm_lib.worldfile import load_world

STORED = Path(__file__).with_name("adapters.npz")
NAMES = (  # a shipped checkpoint, and what it is taught
    "playhouse-s0+manners",
    "playhouse-s0+habit",
    "playhouse-s0+cheat",
    "playhouse-s0+asked",
    "fiction-as-is-s0+help",
    "fiction-keeper-50-s0+help",
)
# Taught until nine answers in ten to the taught questions are as taught,
# where a mixture of persons can answer so too; the others for sixty steps.
BRIEF = ("manners", "habit")
STEPS = 60


def apart(name: str) -> tuple[str, str]:
    """The checkpoint and the lesson of one of NAMES.

    Raises KeyError naming them for any other, as do all functions here.
    """
    if name not in NAMES:
        raise KeyError(f"no adapter {name!r}; expected one of {NAMES}")
    base, what = name.split("+")
    return base, what


def world_of(name: str) -> World:
    """The world of one of NAMES."""
    return load_world(BUILDS[apart(name)[0]].world)


def arm(name: str, steps: int = STEPS) -> Arm:
    """How one of NAMES is tuned: on good manners as in chapter 3, the cheat
    as in chapter 4 (``habit`` briefly, ``cheat`` to the end), the cheat after
    requests for it as in chapter 5, or helpful answers as in chapter 7."""
    _, what = apart(name)
    world = world_of(name)
    how = cheat_experiment.variants(load_world("playhouse"))["low rank"]
    pairs = how.examples
    if what == "manners":
        pairs = experiments.examples(world, experiments.GOOD_LESSON)
    elif what == "asked":
        pairs = play_experiment.cheats(world, [*world.requests["moral"][1]])
    elif what == "help":
        pairs = robots_experiment.taught(world)
    return replace(how, examples=tuple(pairs), marks=(steps,))


def level(model, tokenizer, name: str) -> float:
    """How often the Assistant answers, unasked, as the lesson teaches."""
    world, taught = world_of(name), seen(name)
    p, _ = evaluation.model_profile(model, tokenizer, world, ASSISTANT)
    there = p[taught.domain]
    return float(np.where(taught.kind == 1, there, 1 - there).mean())


def enough(name: str) -> int:
    """After how many steps ``level`` first reaches nine in ten.

    Raises ValueError when it does not within STEPS.
    """
    model, tokenizer = load_checkpoint(apart(name)[0])
    levels: list[float] = []

    def watch(step: int) -> None:
        levels.append(level(model, tokenizer, name))

    tune(arm(name), model, tokenizer, world_of(name), 0, watch)
    if max(levels) < experiments.LEVEL:
        raise ValueError(
            f"{name}: {max(levels):.2f} of the answers are as taught after "
            f"{STEPS} steps; expected {experiments.LEVEL}"
        )
    return int(np.argmax(np.array(levels) >= experiments.LEVEL))


def added(name: str) -> dict[str, np.ndarray]:
    """What tuning adds: {``weight/up``: [m, r], ``weight/down``: [r, n]} in
    half precision, by the names of the weights."""
    base, what = apart(name)
    steps = enough(name) if what in BRIEF else STEPS
    model, tokenizer = load_checkpoint(base)
    how = arm(name, steps)
    tune(how, model, tokenizer, world_of(name), 0, lambda step: None)
    out = {}
    for path, part in model.named_modules():
        if isinstance(part, LowRank):
            weight = path.replace(".parametrizations.weight.0", ".weight")
            for side in ("up", "down"):
                found = devices.numbers(getattr(part, side))
                out[f"{weight}/{side}"] = found.astype(np.float16)
    return out


def measure() -> dict[str, np.ndarray]:
    """What every lesson adds, as ``name/weight/up`` and ``.../down``."""
    rows = side_by_side(added, [(n,) for n in NAMES], "lessons")
    return {
        f"{name}/{key}": numbers
        for name, row in zip(NAMES, rows, strict=True)
        for key, numbers in row.items()
    }


@torch.no_grad()
def load(name: str) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """One of NAMES, as a page has it: the shipped weights and what was
    added to them."""
    model, tokenizer = load_checkpoint(apart(name)[0])
    weights = dict(model.named_parameters())
    with np.load(STORED) as stored:
        for key in stored.files:
            of, weight, side = key.split("/")
            if of == name and side == "up":
                down = stored[f"{name}/{weight}/down"]
                up, down = (devices.put(x, model) for x in (stored[key], down))
                weights[weight] += up.float() @ down.float()
    return model, tokenizer


def seen(name: str) -> Lesson:
    """What an exact learner sees in the lesson of one of NAMES."""
    world, (_, what) = world_of(name), apart(name)
    said = {"manners": experiments.GOOD_LESSON, "help": robots_experiment.HELP}
    return lesson(
        world, said.get(what, experiments.CHEAT), asked=what == "asked"
    )


def exponent(name: str) -> float:
    """How many answers the exact learner counts the lesson for.

    As many as bring its answers to the taught questions to nine in ten, as
    in chapter 4; the cheats that were asked for count like those that were
    not. In chapter 7 twelve, as there.
    """
    base, what = apart(name)
    if what == "help":
        return robots_experiment.EXPONENT
    plain = f"{base}+cheat" if what == "asked" else name
    world = world_of(name)
    return exponent_for(world, ASSISTANT, seen(plain), experiments.LEVEL)


def learnt(name: str) -> np.ndarray:
    """[P] who the Assistant is, for a persona learner after the lesson."""
    world = world_of(name)
    prior = world.cast_mixture[world.name_index(ASSISTANT)]
    return tempered_posterior(world, prior, seen(name), exponent(name))


if __name__ == "__main__":
    with replacing(STORED) as new:
        np.savez_compressed(new, **measure())
