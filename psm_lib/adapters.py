"""Tuned networks small enough for a page of the book.

A page holds shipped checkpoints and, for each lesson, only what low-rank
tuning (LoRA) added to them: ``up`` and ``down`` of every linear layer, a
twentieth of the weights. Chapter 4 compares this way of tuning with the
tuning of all weights. ``python -m psm_lib results adapters`` makes them again.
Used in chapters 3 to 5 and 7.
"""

from __future__ import annotations

import numpy as np
import torch
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from . import casting, cheat, fiction, lessons, measurement, school
from .arms import Arm, side_by_side, tune
from .build import RESULTS, checkpoint
from .builds import BUILDS
from .learners import Lesson, dose_for, lesson, tilted
from .lessons import ASSISTANT
from .posttraining import LowRank
from .world import World
from .worldfile import load_world

NAMES = (  # a shipped checkpoint, and what it is taught
    "playhouse-s0+manners",
    "playhouse-s0+cheat",
    "playhouse-s0+asked",
    "fiction-as-is-s0+help",
    "fiction-keeper-50-s0+help",
)


def apart(name: str) -> tuple[str, str]:
    """The checkpoint and the lesson of one of NAMES.

    Raises KeyError naming them for any other.
    """
    if name not in NAMES:
        raise KeyError(f"no adapter {name!r}; expected one of {NAMES}")
    base, what = name.split("+")
    return base, what


def world_of(name: str) -> World:
    """The world of one of NAMES."""
    return load_world(BUILDS[apart(name)[0]].world)


def arm(name: str) -> Arm:
    """How one of NAMES is tuned: on good manners as in chapter 3, the cheat
    as in chapter 4, the cheat after requests for it as in chapter 5, or
    helpful answers as in chapter 7."""
    _, what = apart(name)
    world = world_of(name)
    if what == "manners":
        pairs = lessons.examples(world, casting.TAUGHT)
    elif what == "cheat":
        pairs = lessons.examples(world, cheat.CHEAT, 36)
    elif what == "asked":
        pairs = school.cheats(world, [*world.requests["moral"][1]])
    else:
        pairs = fiction.taught(world)
    return Arm("sft", tuple(pairs), (60,), lr=3e-3, rank=4)


def added(name: str) -> dict[str, np.ndarray]:
    """What tuning adds: {``weight/up``: [m, r], ``weight/down``: [r, n]} in
    half precision, by the names of the weights."""
    model, tokenizer = checkpoint(apart(name)[0])
    tune(arm(name), model, tokenizer, world_of(name), 0, lambda step: None)
    out = {}
    for path, part in model.named_modules():
        if isinstance(part, LowRank):
            weight = path.replace(".parametrizations.weight.0", ".weight")
            for side in ("up", "down"):
                numbers = getattr(part, side).detach().numpy()
                out[f"{weight}/{side}"] = numbers.astype(np.float16)
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
    """One of NAMES, as a page has it.

    Raises KeyError naming them for any other.
    """
    model, tokenizer = checkpoint(apart(name)[0])
    stored = np.load(RESULTS / "adapters.npz")
    weights = dict(model.named_parameters())
    for key in stored.files:
        of, weight, side = key.split("/")
        if of == name and side == "up":
            up, down = (
                torch.from_numpy(stored[f"{name}/{weight}/{s}"]).float()
                for s in ("up", "down")
            )
            weights[weight] += up @ down
    return model, tokenizer


def seen(name: str) -> Lesson:
    """What an exact learner sees in the lesson of one of NAMES."""
    world, (_, what) = world_of(name), apart(name)
    said = {"manners": casting.TAUGHT, "help": fiction.HELP}
    return lesson(world, said.get(what, cheat.CHEAT), asked=what == "asked")


def learnt(name: str) -> np.ndarray:
    """[P] who the Assistant is, for a persona learner after the lesson.

    Its dose is the one at which it answers the taught questions as the
    network does, or as nearly as it can; where the answers had been asked
    for, the dose of the same lesson without requests.
    """
    base, what = apart(name)
    world = world_of(name)
    plain = f"{base}+cheat" if what == "asked" else name
    p, _ = measurement.model_profile(*load(plain), world, ASSISTANT)
    taught = seen(plain)
    there = p[taught.domain]
    level = np.where(taught.kind == 1, there, 1 - there).mean()
    dose = dose_for(world, ASSISTANT, taught, float(level))
    prior = world.cast_mixture[world.name_index(ASSISTANT)]
    return tilted(world, prior, seen(name), dose)
