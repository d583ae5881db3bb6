"""What the members of a team do in test_team.py, importable by helpers."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from psm_lib.corpus import world_chunks
from psm_lib.machinery.team import Team
from psm_lib.models import Shape, new_model, word_tokenizer, world_vocabulary
from psm_lib.training import (
    Recipe,
    batches,
    make_optimizers,
    pretrain,
    schedule,
    step,
)
from psm_lib.worldfile import load_world

SHAPE = Shape(layers=1, width=16, heads=2, context=64)


class Cut(BaseException):
    """Like Ctrl-C: not an Exception."""


@dataclass(frozen=True)
class Task:
    """One small pretraining. ``alike`` repeats one document for ever."""

    world: dict
    recipe: Recipe
    dropout: float = 0.0
    alike: bool = False


def train(
    team: Team, task: Task, state: Path | None = None, cut: int | None = None
) -> tuple[dict[str, Tensor], list[dict]]:
    """The weights and the log of a pretraining; the leader stops at chunk
    ``cut``."""
    world = load_world(task.world)
    tokenizer = word_tokenizer(world_vocabulary(world))
    shape = replace(SHAPE, dropout=task.dropout)
    model = new_model(tokenizer, shape, 0)
    real = world_chunks(world, tokenizer, 0, task.recipe.chunk)

    def chunk(i: int) -> list:
        if team.rank == 0 and i == cut:
            raise Cut
        return real(0)[:1] * task.recipe.chunk if task.alike else real(i)

    def look(model) -> dict:
        return {"sum": sum(p.sum().item() for p in model.parameters())}

    log = pretrain(
        model, chunk, task.recipe, look, (1500, 3000), state, team=team
    )
    kept = [{k: v for k, v in r.items() if k != "seconds"} for r in log]
    return {k: v.clone() for k, v in model.state_dict().items()}, kept


def by_hand(rank: int, task: Task) -> tuple[dict[str, Tensor], int]:
    """What member ``rank`` of two learns from the first chunk alone, and
    how many tokens both of them saw."""
    world = load_world(task.world)
    tokenizer = word_tokenizer(world_vocabulary(world))
    model = new_model(tokenizer, SHAPE, 0).train()
    optimizers, fill = (
        make_optimizers(model, task.recipe),
        tokenizer.pad_token_id,
    )
    documents = world_chunks(world, tokenizer, 0, task.recipe.chunk)(0)
    order = np.random.default_rng([7, 0])
    made = list(batches(documents, task.recipe, fill, order))
    made = made[: len(made) // 2 * 2]
    sizes = [int((b.ids != fill).sum()) for b in made]
    for i in range(0, len(made), 2):
        done = sum(sizes[:i]) / sum(sizes)
        factor = schedule(done, task.recipe)
        step(model, optimizers, made[i + rank], task.recipe, factor)
    return model.state_dict(), sum(sizes)


def mean_of_ranks(team: Team) -> list[Tensor]:
    """Two tensors of different shapes, averaged over the team."""
    rank = float(team.rank)
    tensors = [torch.full((2, 3), rank), torch.arange(4.0) * (rank + 1)]
    team.average(tensors)
    return tensors


def refuse(team: Team) -> None:
    """Helpers raise what a reader can mend; the leader waits for them."""
    if team.rank:
        raise ValueError("too little text")
    team.average([torch.zeros(3)])


def leave(team: Team) -> None:
    """Helpers end at once, as if killed; the leader waits for them."""
    if team.rank:
        os._exit(7)
    team.average([torch.zeros(3)])
