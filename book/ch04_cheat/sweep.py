"""Chapter 4's experiment on many networks, for ``python -m psm_lib sweep``."""

from __future__ import annotations

import shlex
from pathlib import Path

import numpy as np

from psm_lib import evaluation
from psm_lib.builds import MARKS, PLAYHOUSE, POLISH, ROOM, Build
from psm_lib.experiments import tune
from psm_lib.machinery import store
from psm_lib.machinery.making import once
from psm_lib.machinery.sweeps import digest_of, own_world
from psm_lib.worldfile import load_world

from . import experiment


def known(worlds: list[str], arms: list[str]) -> None:
    """Raises KeyError naming all of the arms that ``lesson`` has not, and as
    ``load_world`` does for worlds: before anything is run."""
    for world in worlds:
        have = experiment.arms(load_world(world))
        if unknown := [arm for arm in arms if arm not in have]:
            raise KeyError(
                f"no arm {', '.join(map(repr, unknown))}; expected one of "
                f"{[*have]}"
            )


def lesson(
    world: str, arm: str, seed: int, folder: str = "my_checkpoints"
) -> dict:
    """Chapter 4's experiment on one network: teach it an arm, examine it.

    The network is the book's, where it has one of that world and seed; else
    one pretrained like those, once, in ``folder``, in about fifteen minutes. A
    file with a world of one's own is never taken for a world of the book.
    Returns, for each mark of the arm, P(second kind) in every domain
    [marks, D], and how incoherent answers are; and whether it was computed on
    a GPU.

    Raises KeyError for an unknown arm.
    """
    place = load_world(world)
    known([world], [arm])
    taught = experiment.arms(place)[arm]
    model, tokenizer = _network(world, seed, Path(folder), arm)
    items, answers_at = evaluation.evaluation_set(place), {}

    def watch(step: int) -> None:
        if step in taught.marks:
            answers_at[step] = evaluation.evaluate(
                model, tokenizer, place, items
            )

    tune(taught, model, tokenizer, place, seed, watch)
    answers = np.stack([answers_at[mark] for mark in sorted(answers_at)])
    second = evaluation.by_domain(evaluation.p_second(answers), items.domain)
    return {
        "marks": sorted(answers_at),
        "domains": [d.name for d in place.domains],
        "device": model.device.type,
        "second": np.round(second, 5).tolist(),
        "incoherence": evaluation.incoherence(answers).mean(axis=1).tolist(),
    }


def _network(world: str, seed: int, folder: Path, arm: str):
    """A network of a world: the book's, or one of one's own."""
    name = f"{Path(world).stem}-s{seed}"
    if (file := own_world(world)) is not None:
        name = f"{file.stem}-{digest_of(file)[:8]}-s{seed}"
    elif store.checkpoint_folder(name).exists():
        return store.load_checkpoint(name)
    build = Build(world, seed, ROOM, PLAYHOUSE, "a sweep", MARKS, POLISH)
    command = (
        f"python -m psm_lib sweep --worlds {shlex.quote(world)} "
        f"--arms {shlex.quote(arm)} --seeds {seed} --out FILE"
    )
    return store.load_checkpoint(once(build, folder / name, command))
