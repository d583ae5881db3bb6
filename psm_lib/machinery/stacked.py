"""Several networks of one shape, pretrained at once.

One network of ours leaves a GPU idle most of the time: it is small, and each
step waits for the one before. So K of them are stacked, each weight [K, ...],
and every step moves all. None knows of the others: each reads its own text in
its own batches, has its own loss, its own clipped gradient and its own
learning rate, and becomes what ``training.pretrain`` makes of it alone, but
for rounding. For whoever makes many on a GPU.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap
from torch.nn.attention import SDPBackend, sdpa_kernel
from tqdm import tqdm
from transformers import PreTrainedModel

from ..training import (
    Batch,
    Chunk,
    Recipe,
    batches,
    make_optimizers,
    schedule,
    weighing,
)
from . import progress
from .decoders import logits_where


class Lesson(NamedTuple):
    """A batch whose scored places are numbered, so that zeros may follow.

    ``ids`` [b, t] token ids that are read; ``row`` and ``column`` [n] the
    scored places; ``said`` [n] the token that follows each, ``weight`` [n]
    what predicting it counts. What else was said: ``at`` [m] which of the n,
    ``word`` [m] token ids, ``share`` [m]; see ``training.Batch``.
    """

    ids: Tensor
    row: Tensor
    column: Tensor
    said: Tensor
    weight: Tensor
    at: Tensor
    word: Tensor
    share: Tensor


def lesson(batch: Batch) -> Lesson:
    """What is to be learnt from one batch."""
    keep = batch.weight[:, 1:] > 0
    row, column = keep.nonzero(as_tuple=True)
    said, weight = batch.ids[:, 1:][keep], batch.weight[:, 1:][keep]
    none = said[:0], said[:0], weight[:0]
    at, word, share = batch.instead or none
    scored = nn.functional.pad(keep, (1, 0)).flatten().cumsum(0)
    ids = batch.ids[:, :-1]
    return Lesson(ids, row, column, said, weight, scored[at] - 1, word, share)


def side_by_side(lessons: Sequence[Lesson]) -> Lesson:
    """K lessons as one, each tensor [K, ...].

    Shorter ones are filled up with zeros, on the right. These count nothing:
    a decoder does not look there, and their weights and shares are zero.
    """
    filled = []
    for tensors in zip(*lessons, strict=True):
        shape = map(max, zip(*(t.shape for t in tensors), strict=True))
        together = tensors[0].new_zeros(len(tensors), *shape)
        for place, t in zip(together, tensors, strict=True):
            place[tuple(map(slice, t.shape))] = t
        filled.append(together)
    return Lesson(*filled)


def course(
    chunk: Chunk, recipe: Recipe, fill: int, bar: tqdm
) -> Iterator[tuple[Lesson, float]]:
    """What ``training.pretrain`` alone would learn from, batch by batch, and
    the factor of the learning rates at each."""
    i = tokens = 0
    while True:
        order = np.random.default_rng([7, i])
        now = weighing(tokens / recipe.tokens, recipe)
        for batch in batches(chunk(i), now, fill, order):
            yield lesson(batch), schedule(tokens / recipe.tokens, recipe)
            read = int((batch.ids != fill).sum())
            bar.update(read)
            tokens += read
            if tokens >= recipe.tokens:
                return
        i += 1


class Loss(nn.Module):
    """``training.weighted_loss`` of a lesson. A module, for which other
    weights than its network's own can stand in."""

    def __init__(self, model: PreTrainedModel):
        super().__init__()
        self.model = model

    def forward(self, given: Lesson) -> Tensor:
        places = given.row, given.column
        logits = logits_where(self.model, given.ids, places, use_cache=False)
        logs = logits.log_softmax(dim=-1)
        known = logs.gather(-1, given.said[:, None])[:, 0]
        gain = logs[given.at, given.word] - known[given.at]
        nats = (-known).index_add(0, given.at, -given.share * gain)
        return (nats * given.weight).sum() / given.weight.sum()


class Stack:
    """The weights of K networks by name, [K, ...], and their optimizers."""

    def __init__(self, models: Sequence[PreTrainedModel], recipe: Recipe):
        self.base, self.clip = Loss(models[0]), recipe.clip
        self.own = [dict(Loss(m).named_parameters()) for m in models]
        self.weights = {
            name: torch.stack([own[name].detach() for own in self.own])
            for name in self.own[0]
        }
        stacked = {
            p: self.weights[name].requires_grad_()
            for name, p in self.own[0].items()
        }
        self.optimizers = make_optimizers(models[0], recipe)
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["params"] = [stacked[p] for p in group["params"]]

    def losses(self, given: Lesson) -> Tensor:
        """[K] each network's own, of its own lesson."""

        def loss(weights: dict[str, Tensor], one: Lesson) -> Tensor:
            return functional_call(self.base, weights, (one,))

        # Of PyTorch's ways to attend, the one that stacks on any device.
        with sdpa_kernel(SDPBackend.MATH):
            return vmap(loss)(self.weights, given)

    def learn(self, given: Lesson, factor: Tensor) -> None:
        """One step of each network, at ``factor`` [K] times the rates."""
        self.losses(given).sum().backward()  # none depends on other weights
        weights = list(self.weights.values())
        before = [p.detach().clone() for p in weights]
        gradients = [p.grad for p in weights if p.grad is not None]
        sizes = torch.stack([g.flatten(1).norm(dim=1) for g in gradients])
        # As PyTorch clips, which sees one network at a time.
        clip = (self.clip / (sizes.norm(dim=0) + 1e-6)).clamp(max=1.0)
        for g in gradients:
            g.mul_(_along(clip, g))
        for optimizer in self.optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        # Moments do not depend on rates, and steps are as long as their rate:
        # a network at half the rate goes half the way.
        with torch.no_grad():
            for p, old in zip(weights, before, strict=True):
                p.copy_(old.lerp(p, _along(factor.to(p.dtype), p)))

    @torch.no_grad()
    def give_back(self) -> None:
        """Put the weights into the networks."""
        for k, own in enumerate(self.own):
            for name, p in own.items():
                p.copy_(self.weights[name][k])


def _along(numbers: Tensor, stacked: Tensor) -> Tensor:
    """[K] numbers, to be multiplied with [K, ...]."""
    return numbers.view(-1, *[1] * (stacked.ndim - 1))


def pretrain_stacked(
    models: Sequence[PreTrainedModel],
    chunks: Sequence[Chunk],
    recipe: Recipe,
    text: str = "pretraining",
) -> None:
    """Train each network on its own text, all in the same steps.

    ``chunks[k](i)`` gives the i-th lot of documents of network k, as for
    ``training.pretrain``, and network k ends with the weights which that
    would give it, but for rounding. One that has read ``recipe.tokens`` stands
    still until the last has. The networks are on one device, and get their
    weights at the end; nothing is looked at or saved on the way. Raises
    ValueError when there is no network, or not a text for each; when they
    differ in shape or vocabulary, have dropout or no padding token; and for
    a recipe for several workers.
    """
    _check(models, chunks, recipe)
    for model in models:
        model.eval()
    fill, device = models[0].config.pad_token_id, models[0].device
    bar = progress.bar(text=text, total=recipe.tokens * len(models))
    courses = [course(chunk, recipe, fill, bar) for chunk in chunks]
    stack = Stack(models, recipe)
    turns = [next(each) for each in courses]
    while any(factor for _, factor in turns):
        lessons, factors = zip(*turns, strict=True)
        given = Lesson(*(t.to(device) for t in side_by_side(lessons)))
        rates = torch.tensor(factors, dtype=torch.double)
        stack.learn(given, rates.to(device))
        # Whoever has finished sees its last lesson again, and stands still.
        turns = [
            next(each, (last, 0.0))
            for each, last in zip(courses, lessons, strict=True)
        ]
    stack.give_back()
    bar.close()


def _check(
    models: Sequence[PreTrainedModel], chunks: Sequence[Chunk], recipe: Recipe
) -> None:
    """Raises ValueError for what cannot be learnt side by side."""
    if not models or len(models) != len(chunks):
        raise ValueError(
            f"{len(models)} networks and {len(chunks)} texts; expected a text "
            "for each network, and at least one"
        )
    if recipe.workers != 1:
        raise ValueError(
            f"a recipe for {recipe.workers} workers; expected 1: networks "
            "that are stacked learn in one process"
        )
    first, *rest = (model.config.to_dict() for model in models)
    others = {
        key
        for config in rest
        for key in config | first
        if config.get(key) != first.get(key) and key[0] != "_"
    }
    if others:
        raise ValueError(
            f"networks that differ in {', '.join(sorted(others))}; expected "
            "one shape and one vocabulary for all"
        )
    if models[0].config.pad_token_id is None:
        raise ValueError(
            "networks without a token that fills up batches; expected "
            "config.pad_token_id, a token that no document has"
        )
    for part in models[0].modules():
        chance = part.p if isinstance(part, nn.Dropout) else 0.0
        if chance or getattr(part, "attention_dropout", 0.0):
            raise ValueError(
                "networks with dropout, which would draw other dice side by "
                "side than alone; expected a shape without"
            )
