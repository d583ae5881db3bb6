"""Arms of an experiment, run side by side on the cores.

An *arm* says how a checkpoint is tuned. ``run`` tunes every checkpoint of an
experiment under every arm and every seed, examines it along the way, and
returns the results in one array. Introduced in chapter 3.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from joblib import Parallel, delayed

from . import lessons, posttraining, progress
from .build import checkpoint
from .builds import BUILDS
from .decoders import decoded, going_on, prompt_ids
from .devices import at_once, device
from .posttraining import Example
from .words import first_word
from .world import World
from .worldfile import load_world

METHODS = ("none", "sft", "own", "dpo", "policy gradient")


@dataclass(frozen=True)
class Arm:
    """How to tune: one of METHODS, on what, for how long.

    ``examples`` are (prompt, answer) pairs. ``own`` is the control for SFT:
    the same prompts, with answers that the model itself gave. DPO prefers
    each answer to one of the other kind; policy gradient rewards its first
    word. ``first`` is a lesson given before, by SFT at its usual length; a
    ``rank`` above 0 tunes low-rank additions and leaves the weights alone.
    """

    method: str
    examples: tuple[Example, ...] = ()
    marks: tuple[int, ...] = (0, 5, 10, 20, 40, 60)
    lr: float = 3e-4
    first: tuple[Example, ...] = ()
    rank: int = 0

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise ValueError(
                f"no method {self.method!r}; expected one of {METHODS}"
            )


def taught_words(arm: Arm) -> dict[str, set[str]]:
    """For each prompt of an arm, the first words of the answers taught."""
    out: dict[str, set[str]] = {}
    for prompt, answer in arm.examples:
        out.setdefault(prompt, set()).add(first_word(answer))
    return out


def tune(arm: Arm, model, tokenizer, world: World, seed: int, watch) -> None:
    """Tune ``model`` in place as the arm says, calling ``watch(step)``."""
    steps, given = arm.marks[-1], list(arm.examples)
    if arm.first:
        posttraining.sft(model, tokenizer, list(arm.first), seed=seed)
    if arm.rank:
        posttraining.low_rank(model, arm.rank, seed)
    options = {"steps": steps, "lr": arm.lr, "seed": seed, "watch": watch}
    if arm.method == "none":
        watch(0)
    elif arm.method == "sft":
        posttraining.sft(model, tokenizer, given, **options)
    elif arm.method == "own":
        said = own_answers(model, tokenizer, given, seed)
        posttraining.sft(model, tokenizer, said, **options)
    elif arm.method == "dpo":
        pairs = lessons.preferences(world, given)
        posttraining.dpo(model, tokenizer, pairs, **options)
    elif arm.method == "policy gradient":
        wanted = taught_words(arm)
        posttraining.policy_gradient(
            model,
            tokenizer,
            sorted(wanted),
            lambda prompt, said: float(first_word(said) in wanted[prompt]),
            **options,
        )
    else:
        raise NotImplementedError(
            f"{arm.method!r} stands in METHODS, and tune has no code for it"
        )


def own_answers(
    model, tokenizer, given: list[Example], seed: int
) -> list[Example]:
    """The prompts of some examples, with answers sampled from the model.

    An answer that is empty, or whose text would be read otherwise than it
    was said, is left out.
    """
    prompts = [prompt for prompt, _ in given]
    draw = torch.Generator().manual_seed(seed)
    said = posttraining.sample(model, tokenizer, prompts, draw)
    out = []
    for prompt, answer in zip(prompts, said, strict=True):
        head = prompt_ids(tokenizer, prompt)
        line = decoded(tokenizer, head, answer)
        if line.strip() and _read_as(tokenizer, prompt, line) == answer:
            out.append((prompt, line))
    return out


def _read_as(tokenizer, prompt: str, line: str) -> list[int]:
    """Tokens of a line after a prompt; none where it cannot be read there."""
    try:
        return going_on(tokenizer, prompt, line)[1]
    except ValueError:
        return []


def one(name: str, arm: Arm, seed: int, paper: lessons.Exam) -> np.ndarray:
    """[marks, n, 2] answers of one checkpoint along one tuning run."""
    world = load_world(BUILDS[name.split("@")[0]].world)
    model, tokenizer = checkpoint(name)
    papers = {}

    def watch(step: int) -> None:
        if step in arm.marks:
            papers[step] = lessons.sit(model, tokenizer, world, paper)

    tune(arm, model, tokenizer, world, seed, watch)
    return np.stack([papers[m] for m in arm.marks if m in papers])


def side_by_side(
    work: Callable, given: list[tuple], text: str, jobs: int | None = None
) -> list:
    """work(*arguments) for all of ``given``, as many at once as can be.

    One bar for all of it, and none for what each of them does.
    """
    before = dict(os.environ)
    place = str(device())
    running = Parallel(n_jobs=at_once(jobs), return_as="generator")(
        delayed(_alone)(work, arguments, place) for arguments in given
    )
    found = list(progress.bar(running, text, total=len(given)))
    for name in ("PSM_QUIET", "PSM_DEVICE"):  # with one job set here, too
        if name not in before:
            os.environ.pop(name, None)
    return found


def _alone(work: Callable, arguments: tuple, place: str) -> object:
    torch.set_num_threads(1)
    os.environ |= {"PSM_QUIET": "1", "PSM_DEVICE": place}
    return work(*arguments)


def run(
    names: list[str],
    arms: dict[str, Arm],
    seeds: range,
    paper: lessons.Exam,
    jobs: int | None = None,
) -> dict[str, np.ndarray]:
    """Every checkpoint under every arm and seed, as many at once as cores.

    Returns, for each arm, [checkpoints, seeds, marks, n, 2]. Raises KeyError
    for an unknown checkpoint before anything is trained.
    """
    for name in names:
        if name.split("@")[0] not in BUILDS:
            raise KeyError(f"no build {name!r}; expected one of {[*BUILDS]}")
    todo = [
        (n, a, s, paper) for a in arms.values() for n in names for s in seeds
    ]
    found = side_by_side(one, todo, "arms", jobs)
    out, size = {}, len(names) * len(seeds)
    for i, arm in enumerate(arms):
        part = np.stack(found[i * size : (i + 1) * size])
        out[arm] = part.reshape(len(names), len(seeds), *part.shape[1:])
    return out
