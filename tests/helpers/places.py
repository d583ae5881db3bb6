"""The same computations in one place or another: cpu, pretend, cuda.

    python tests/helpers/places.py pretend out.npz

Everything of the library that runs a network, small. ``test_devices.py``
compares what comes out. Each place has a process of its own, for a device
once made known to PyTorch stays known.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from safetensors.torch import load_file

from psm_lib import (
    evaluation,
    experiments,
    interpretability,
    models,
    narration,
    posttraining,
    training,
)
from psm_lib.chapters.ch02_hamlet import stories
from psm_lib.chapters.ch04_cheat import experiment as cheat_experiment
from psm_lib.corpus import world_chunks
from psm_lib.machinery import making, store
from psm_lib.machinery.team import Team
from psm_lib.models import Shape, new_model, word_tokenizer, world_vocabulary
from psm_lib.web import adapters
from psm_lib.world import ask, sample_scenes
from psm_lib.worldfile import load_world

SHAPE = Shape(layers=2, width=16, heads=2, context=256)
PLAYHOUSE = load_world("playhouse")
Found = dict[str, np.ndarray]


class Cut(BaseException):
    """Like Ctrl-C: not an Exception."""


def small(world=PLAYHOUSE, seed: int = 0):
    tokenizer = word_tokenizer(world_vocabulary(world))
    return new_model(tokenizer, SHAPE, seed), tokenizer


def lesson() -> list[posttraining.Example]:
    return experiments.examples(PLAYHOUSE, experiments.CHEAT, 12)


def answers(model, tokenizer) -> np.ndarray:
    ask = (model, tokenizer, PLAYHOUSE, "Assistant", "", 1)
    return np.stack(evaluation.model_profile(*ask))


def weights(model) -> Found:
    return {
        k: v.detach().float().cpu().numpy()
        for k, v in model.state_dict().items()
    }


def pretraining(folder: Path) -> Found:
    """Cut short, gone on with, looked at on the way, saved and loaded."""
    model, tokenizer = small()
    text = world_chunks(PLAYHOUSE, tokenizer, 0, 16)
    recipe = training.Recipe(tokens=6000, batch=512, chunk=16)
    look = making.evaluator(PLAYHOUSE, tokenizer, 8)

    def cut(i: int):
        if i == 2:
            raise Cut
        return text(i)

    folders = {"state": folder / "state", "snapshots": folder / "kept"}
    options = {"marks": (1500, 3000), **folders}
    try:
        training.pretrain(model, cut, recipe, look, **options)
    except Cut:
        model, _ = small(seed=1)
    log = training.pretrain(model, text, recipe, look, **options)
    on_the_way = [load_file(p) for p in sorted((folder / "kept").iterdir())]
    store.save_checkpoint(folder / "made", model, tokenizer, "", {})
    again, _ = store.load_checkpoint(folder / "made")
    return weights(model) | {
        "log": np.array([[row["captured"], row["gap"]] for row in log]),
        "kept": np.array([float(w.float().abs().mean()) for k in on_the_way
                          for w in k.values()]),
        "loaded": answers(again, tokenizer),
    }  # fmt: skip


def team(folder: Path) -> Found:
    """The mean of a team, of which the other half has nothing."""
    model, _ = small()
    store = dist.FileStore(str(folder / "meeting"), 1)
    dist.init_process_group("gloo", store=store, rank=0, world_size=1)
    Team(0, 2).average(list(model.parameters()))
    dist.destroy_process_group()
    return weights(model)


def speech(folder: Path) -> Found:
    """What is sampled: the same words everywhere."""
    model, tokenizer = making.checkpoint("playhouse-s0")
    prompt = ask(PLAYHOUSE, "Ada", PLAYHOUSE.domains[0].questions[0])
    said = [
        models.reply(model, tokenizer, prompt, seed, 12, heat)
        for seed, heat in ((0, 1.0), (1, 2.0), (2, 3.0), (None, 1.0))
    ]
    draw = torch.Generator().manual_seed(0)
    prompts = [prompt, *(p for p, _ in lesson()[:3])]
    drawn = posttraining.sample(model, tokenizer, prompts, draw, 8)
    own = experiments.own_answers(model, tokenizer, lesson()[:4], 0)
    return {
        "said": np.array(said),
        "drawn": np.array([i for row in drawn for i in row]),
        "own": np.array(own),
    }


def measures(folder: Path) -> Found:
    model, tokenizer = making.checkpoint("playhouse-s0")
    rng = np.random.default_rng(0)
    scenes = sample_scenes(PLAYHOUSE, 8, rng)
    scenes = scenes.take(np.flatnonzero(~scenes.sheet))
    ask = (model, tokenizer, PLAYHOUSE)
    quality = evaluation.quality(*ask, scenes)
    history = cheat_experiment.turns(PLAYHOUSE, 2, 0)
    after = evaluation.model_profile(*ask, "Assistant", history, 1)
    return {
        "quality": np.array([quality.gap, quality.captured]),
        "profile": answers(model, tokenizer),
        "after": np.stack(after),
        "scenes": evaluation.scene_predictions(*ask, scenes),
        "kernel": cheat_experiment.kernel(*small(), PLAYHOUSE),
        "control": np.array(
            [models.size(models.untrained_like(model, 3)), 0.0]
        ),
    }


def inside(folder: Path) -> Found:
    """Narrated scenes, and what stands in the residual stream."""
    world = load_world("irony")
    model, tokenizer = small(world)
    told = narration.sample_stories(
        world.narration, 6, np.random.default_rng(0)
    )
    states = stories.story_states(model, tokenizer, world, told)
    rows = states[:, -1, 0]
    groups = np.arange(len(rows))
    return {
        "places": stories.place_probabilities(model, tokenizer, world, told),
        "states": states,
        "probe": interpretability.probe(rows, rows[:, :1], groups, 3),
    }


def tuning(folder: Path) -> Found:
    """Every way to tune, in full and of low rank."""
    out: Found = {}
    marks = (0, 2)
    given = tuple(lesson())
    for method in experiments.METHODS:
        for rank in (0, 2):
            arm = experiments.Arm(method, given, marks, 3e-3, given[:4], rank)
            if method == "policy gradient":
                arm = replace(arm, examples=given[:2])
            model, tokenizer = making.checkpoint("playhouse-s0")
            answers_at: list[np.ndarray] = []

            def watch(step: int, of=(model, tokenizer), to=answers_at) -> None:
                to.append(answers(*of))

            with steps_of_first(2):
                experiments.tune(arm, model, tokenizer, PLAYHOUSE, 0, watch)
            out[f"{method}, rank {rank}"] = np.stack(answers_at)
    return out


class steps_of_first:
    """A first lesson of so many steps, where sixty are usual."""

    def __init__(self, steps: int):
        self.steps, self.usual = steps, posttraining.sft.__defaults__

    def __enter__(self) -> None:
        posttraining.sft.__defaults__ = (self.steps, *self.usual[1:])

    def __exit__(self, *_) -> None:
        posttraining.sft.__defaults__ = self.usual


def added(folder: Path) -> Found:
    """What a page of the book adds to a network, and a network with it."""
    adapters.STEPS = 1
    name = "playhouse-s0+cheat"
    tuned = adapters.added(name)
    model, tokenizer = adapters.load(name)
    return {**tuned, "profile": answers(model, tokenizer)}


CASES: list[Callable[[Path], Found]] = [
    pretraining, team, speech, measures, inside, tuning, added,
]  # fmt: skip


def main(place: str, out: str) -> None:
    if place == "pretend":
        import pretend  # noqa: F401  makes the device known

        # Weights that are tied stay tied where they go, as on a GPU.
        torch.__future__.set_swap_module_params_on_conversion(True)
    os.environ["PSM_DEVICE"] = place
    found: Found = {}
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            for key, value in case(Path(folder)).items():
                found[f"{case.__name__}: {key}"] = value
    found["place"] = np.array(small()[0].device.type)
    np.savez(out, **found)


if __name__ == "__main__":
    main(*sys.argv[1:])
