"""Tuned networks small enough for a page of the book.

A page holds shipped checkpoints and, for each lesson, only what low-rank
tuning (LoRA) added to them: ``up`` and ``down`` of every linear layer, a
twentieth of the weights. Chapter 4 compares this way of tuning, its recipe
*low rank*, with the tuning of all weights. Chapters say in their ``pages.py``
which they use (``machinery.pages``); ``python -m
psm_lib.web.adapters`` makes them again. What is stored is loaded without
asking the chapters.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import torch
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from psm_lib import evaluation, experiments
from psm_lib.builds import BUILDS
from psm_lib.experiments import Arm, side_by_side, tune
from psm_lib.machinery import chapters, devices
from psm_lib.machinery.disk import replacing
from psm_lib.machinery.pages import PAGE_STEPS, PageLesson
from psm_lib.machinery.store import load_checkpoint
from psm_lib.oracle import Lesson, exponent_for, lesson, tempered_posterior
from psm_lib.posttraining import LowRank
from psm_lib.web.live import scripts
from psm_lib.world import ASSISTANT, World
from psm_lib.worldfile import load_world

STORED = Path(__file__).with_name("adapters.npz")


@cache
def lessons() -> dict[str, PageLesson]:
    """The tuned networks of all chapters' pages, by name."""
    return chapters.gathered("pages", "PAGES")


def taught(name: str) -> PageLesson:
    """One of ``lessons``.

    Raises KeyError naming them for any other, as do all functions here but
    ``load``, which looks at what is stored.
    """
    if name not in lessons():
        raise KeyError(f"no adapter {name!r}; expected one of {[*lessons()]}")
    return lessons()[name]


def world_of(name: str) -> World:
    """The world of one of ``lessons``."""
    taught(name)
    return load_world(BUILDS[scripts.base(name)].world)


def arm(name: str, steps: int = PAGE_STEPS) -> Arm:
    """How one of ``lessons`` is tuned."""
    return replace(taught(name).arm(world_of(name)), marks=(steps,))


def level(model, tokenizer, name: str) -> float:
    """How often the Assistant answers, unasked, as the lesson teaches."""
    world, given = world_of(name), seen(name)
    p, _ = evaluation.model_profile(model, tokenizer, world, ASSISTANT)
    there = p[given.domain]
    return float(np.where(given.kind == 1, there, 1 - there).mean())


def enough(name: str) -> int:
    """After how many steps ``level`` first reaches nine in ten.

    Raises ValueError when it does not within PAGE_STEPS.
    """
    model, tokenizer = load_checkpoint(scripts.base(name))
    levels: list[float] = []

    def watch(step: int) -> None:
        levels.append(level(model, tokenizer, name))

    tune(arm(name), model, tokenizer, world_of(name), 0, watch)
    if max(levels) < experiments.LEVEL:
        raise ValueError(
            f"{name}: {max(levels):.2f} of the answers are as taught after "
            f"{PAGE_STEPS} steps; expected {experiments.LEVEL}"
        )
    return int(np.argmax(np.array(levels) >= experiments.LEVEL))


def added(name: str) -> dict[str, np.ndarray]:
    """What tuning adds: {``weight/up``: [m, r], ``weight/down``: [r, n]} in
    half precision, by the names of the weights."""
    steps = enough(name) if taught(name).brief else PAGE_STEPS
    model, tokenizer = load_checkpoint(scripts.base(name))
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
    names = [*lessons()]
    rows = side_by_side(added, [(n,) for n in names], "lessons")
    return {
        f"{name}/{key}": numbers
        for name, row in zip(names, rows, strict=True)
        for key, numbers in row.items()
    }


@torch.no_grad()
def load(name: str) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """A stored network as a page has it: the shipped weights and what was
    added to them. Raises KeyError for any but ``scripts.adapters()``."""
    scripts.known(name)
    model, tokenizer = load_checkpoint(scripts.base(name))
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
    """What an exact learner sees in the lesson of one of ``lessons``."""
    given = taught(name)
    return lesson(world_of(name), given.said, asked=given.asked)


def exponent(name: str) -> float:
    """How many answers the exact learner counts the lesson for.

    As many as bring its answers to the taught questions to nine in ten, as
    in chapter 4, unless the chapter gives a number; those that were asked
    for count like those that were not.
    """
    given = taught(name)
    if given.exponent is not None:
        return given.exponent
    world = world_of(name)
    plain = lesson(world, given.said)
    return exponent_for(world, ASSISTANT, plain, experiments.LEVEL)


def learnt(name: str) -> np.ndarray:
    """[P] who the Assistant is, for a persona learner after the lesson."""
    world = world_of(name)
    prior = world.cast_mixture[world.name_index(ASSISTANT)]
    return tempered_posterior(world, prior, seen(name), exponent(name))


if __name__ == "__main__":
    with replacing(STORED) as new:
        np.savez_compressed(new, **measure())
