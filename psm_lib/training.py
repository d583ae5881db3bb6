"""Pretraining, small enough to read.

Batches of token ids with a weight per token, a weighted cross-entropy, Muon
for the weight matrices and AdamW for the rest. Introduced in chapter 1.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from .machinery import progress, states
from .machinery.decoders import logits_where
from .machinery.team import ALONE, Team
from .models import Encoded, pad


@dataclass(frozen=True)
class Recipe:
    """How to pretrain. Times are in tokens, so that batches may change.

    With ``stagings`` above one each scene is performed so often, by the same
    people who are asked the same; the network reads one performance and
    learns the first word of each answer from all; see ``corpus.Stagings``.
    ``frame`` is the share of tokens that no character says (the user's
    questions and the labels) on which the network is trained, drawn afresh
    for each batch; ``opening`` is the weight of the first word of a line.
    Over the last share ``close`` of tokens, from the next chunk on, all of
    the user's words count, and first words a quarter of ``opening``: what is
    common is learnt last. Gradients longer than ``clip`` are cut to that.
    With ``workers`` above one, so many batches are learnt from side by side,
    and what was learnt is averaged every ``meet`` steps of a chunk, at its
    end and wherever one looks; see ``team``. The number belongs to the
    recipe, for it changes what comes out: it does not depend on how many
    cores there are.
    """

    tokens: int = 11_500_000
    batch: int = 1024
    chunk: int = 1024
    lr: float = 0.003
    muon_lr: float = 0.005
    warmup: float = 0.02
    decay: float = 0.97
    frame: float = 0.15
    opening: float = 8.0
    stagings: int = 1
    close: float = 0.0
    clip: float = 1.0
    weight_decay: float = 0.0
    workers: int = 1
    meet: int = 16


@dataclass(frozen=True)
class Batch:
    """Token ids [b, t] (right-padded) and the weight of predicting each.

    Where scenes were staged several times, ``instead`` has what else was said:
    [m] places in ``ids`` (flattened), [m] token ids, [m] shares.
    """

    ids: Tensor
    weight: Tensor
    instead: tuple[Tensor, Tensor, Tensor] | None = None

    def beside(self, model: PreTrainedModel) -> Batch:
        """The batch where the model is."""
        to = model.device
        instead = None
        if self.instead is not None:
            at, word, share = self.instead
            instead = at.to(to), word.to(to), share.to(to)
        return Batch(self.ids.to(to), self.weight.to(to), instead)


def make_batch(
    documents: list[Encoded],
    frame: float,
    opening: float,
    fill: int,
    draw: np.random.Generator,
) -> Batch:
    """Pad documents into one batch; weight 0 for padding and <s>."""
    rows = []
    for d in documents:
        kept = draw.random(len(d.ids)) < frame
        weight = np.where(d.line, 1.0, kept)
        weight = np.where(d.opens, opening, weight)
        weight[0] = 0.0
        rows.append(weight.astype(np.float32))
    ids = torch.from_numpy(pad([d.ids for d in documents], fill))
    return Batch(
        ids, torch.from_numpy(pad(rows, 0.0)), instead(documents, ids)
    )


def instead(
    documents: list[Encoded], ids: Tensor
) -> tuple[Tensor, Tensor, Tensor] | None:
    """What else was said in each row of a batch, see ``Batch``; or None."""
    found = [(i, d.redrawn) for i, d in enumerate(documents) if d.redrawn]
    if not found:
        return None
    at = np.concatenate([i * ids.shape[1] + r.at for i, r in found])
    word = np.concatenate([r.word for _, r in found])
    share = np.concatenate([r.share for _, r in found]).astype(np.float32)
    return (
        torch.from_numpy(at),
        torch.from_numpy(word),
        torch.from_numpy(share),
    )


def batches(
    documents: list[Encoded],
    recipe: Recipe,
    fill: int,
    order: np.random.Generator,
) -> Iterator[Batch]:
    """Documents of similar length in batches of up to recipe.batch tokens."""
    by_length = sorted(documents, key=lambda d: len(d.ids))
    groups: list[list[Encoded]] = [[]]
    for d in by_length:
        if (len(groups[-1]) + 1) * len(d.ids) > recipe.batch and groups[-1]:
            groups.append([])
        groups[-1].append(d)
    for g in order.permutation(len(groups)):
        yield make_batch(groups[g], recipe.frame, recipe.opening, fill, order)


def weighted_loss(model: PreTrainedModel, batch: Batch) -> Tensor:
    """Weighted mean of -log p(token | tokens before), in nats.

    A token that was another in some stagings of its scene counts with the
    mean of all of them. The output layer runs only where a weight is not
    zero. Works for any Hugging Face causal LM, also where it scales or caps
    its logits.
    """
    batch = batch.beside(model)
    keep = batch.weight[:, 1:] > 0
    logits = logits_where(model, batch.ids[:, :-1], keep, use_cache=False)
    said = batch.ids[:, 1:][keep]
    nats = nn.functional.cross_entropy(logits, said, reduction="none")
    if batch.instead is not None:
        at, word, share = batch.instead
        scored = nn.functional.pad(keep, (1, 0)).flatten()
        row = scored.cumsum(0)[at] - 1  # of the logits
        gain = logits[row, word] - logits[row, said[row]]
        nats = nats.index_add(0, row, -share * gain)
    weight = batch.weight[:, 1:][keep]
    return (nats * weight).sum() / weight.sum()


def make_optimizers(
    model: PreTrainedModel, recipe: Recipe
) -> list[torch.optim.Optimizer]:
    """Muon for matrices inside the blocks, AdamW for everything else."""
    table = model.get_input_embeddings().weight
    head = model.get_output_embeddings().weight
    matrices: list[nn.Parameter] = []
    others: list[nn.Parameter] = []
    for p in model.parameters():
        inner = p.ndim == 2 and p is not table and p is not head
        (matrices if inner else others).append(p)
    return [
        Muon(matrices, lr=recipe.muon_lr),
        torch.optim.AdamW(
            others,
            lr=recipe.lr,
            betas=(0.9, 0.98),
            weight_decay=recipe.weight_decay,
            fused=True,
        ),
    ]


def schedule(done: float, recipe: Recipe) -> float:
    """Learning-rate factor after a share ``done`` of the tokens.

    Rises over the warm-up, stays, then falls linearly to zero over the last
    ``decay`` share.
    """
    rise = min(1.0, done / recipe.warmup) if recipe.warmup else 1.0
    fall = min(1.0, (1.0 - done) / recipe.decay) if recipe.decay else 1.0
    return max(0.02, min(rise, fall))


def weighing(done: float, recipe: Recipe) -> Recipe:
    """The recipe as it weighs words after a share ``done`` of the tokens."""
    if done < 1 - recipe.close:
        return recipe
    return replace(recipe, frame=1.0, opening=recipe.opening / 4)


Chunk = Callable[[int], list[Encoded]]
Evaluate = Callable[[PreTrainedModel], dict]


def pretrain(
    model: PreTrainedModel,
    chunk: Chunk,
    recipe: Recipe,
    evaluate: Evaluate | None = None,
    marks: tuple[int, ...] = (),
    state: Path | None = None,
    text: str = "pretraining",
    snapshots: Path | None = None,
    team: Team = ALONE,
    tidy: bool = True,
) -> list[dict]:
    """Train until recipe.tokens are seen; returns the log of evaluations.

    ``chunk(i)`` gives the i-th lot of documents, the same at every call.
    ``evaluate(model)`` is called whenever one of ``marks`` (tokens) is
    passed and at the end. With a ``state`` folder, everything needed to go
    on is written there after each chunk, and an interrupted run resumes from
    it with the result it would have had (on the CPU, to the last digit). It
    is removed at the end if ``tidy``; whoever has yet to save the result calls
    ``states.forget`` afterwards, so that nothing is lost before.
    With a ``snapshots`` folder the weights at each mark are kept in it, in
    half precision. All members of a ``team`` call this with the same network,
    text, recipe, marks and state folder; only the first looks and writes.
    Raises ValueError when the team is not as large as the recipe says, a
    chunk has fewer batches than the team members, or the model's
    configuration names no padding token; OSError when a state cannot be
    saved, and RuntimeError when it cannot be read.
    """
    if team.size != recipe.workers:
        raise ValueError(
            f"a recipe for {recipe.workers} workers and a team of "
            f"{team.size}; expected as many (see team.lead)"
        )
    fill = model.config.pad_token_id
    if fill is None:
        raise ValueError(
            "a model without a token that fills up batches; expected "
            "model.config.pad_token_id, a token that no document has"
        )
    optimizers = make_optimizers(model, recipe)
    at: dict[str, Any] = {"chunk": 0, "tokens": 0, "seconds": 0.0}
    log: list[dict] = []
    if (interrupted := states.unfinished(state)) is not None:
        at, log = states.resume(interrupted, model, optimizers)
    begin = time.perf_counter() - at["seconds"]

    def look(tokens: int) -> None:
        nonlocal begin
        if evaluate is not None and team.rank == 0:
            pause = time.perf_counter()
            model.eval()
            # Last, for an evaluation counts tokens of its own.
            at_mark = {"tokens": tokens, "seconds": pause - begin}
            log.append({**evaluate(model), **at_mark})
            model.train()
            if snapshots is not None:
                file = snapshots / f"{tokens}.safetensors"
                states.keep_weights(model, file)
            begin += time.perf_counter() - pause  # looking is not training

    bar = progress.bar(text=text, total=recipe.tokens)
    bar.update(at["tokens"])
    model.train()
    while at["tokens"] < recipe.tokens:
        # For dropout, so that runs resume.
        torch.manual_seed(at["chunk"] * team.size + team.rank)
        order = np.random.default_rng([7, at["chunk"]])
        documents = chunk(at["chunk"])
        now = weighing(at["tokens"] / recipe.tokens, recipe)
        lots = deal(batches(documents, now, fill, order), team)
        for i, lot in enumerate(lots):
            before = at["tokens"]
            at["tokens"] += sum(int((b.ids != fill).sum()) for b in lot)
            factor = schedule(before / recipe.tokens, recipe)
            loss = step(model, optimizers, lot[team.rank], recipe, factor)
            bar.update(at["tokens"] - before)
            bar.set_postfix_str(f"loss {loss:.3f}")
            passed = any(before < m <= at["tokens"] for m in marks)
            enough = at["tokens"] >= recipe.tokens
            last = enough or i == len(lots) - 1
            if passed or last or (i + 1) % recipe.meet == 0:
                team.average(learnt(model, optimizers))
            if passed:
                look(at["tokens"])
            if enough:
                break
        at["chunk"] += 1
        at["seconds"] = time.perf_counter() - begin
        if state is not None and team.rank == 0 and not enough:
            states.save(state, model, optimizers, at, log)
    look(at["tokens"])
    model.eval()
    bar.close()
    if state is not None and team.rank == 0 and tidy:
        states.forget(state)
    return log


def step(
    model: PreTrainedModel,
    optimizers: list[torch.optim.Optimizer],
    batch: Batch,
    recipe: Recipe,
    factor: float,
) -> float:
    """Learn from one batch at ``factor`` times the recipe's rates.

    Returns the loss in nats.
    """
    for optimizer, lr in zip(
        optimizers, (recipe.muon_lr, recipe.lr), strict=True
    ):
        for group in optimizer.param_groups:
            group["lr"] = lr * factor
    loss = weighted_loss(model, batch)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), recipe.clip)
    for optimizer in optimizers:
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    return loss.item()


def deal(made: Iterator[Batch], team: Team) -> list[list[Batch]]:
    """Batches in lots of one for each member; those left over are dropped.

    Raises ValueError when there are not enough for one lot.
    """
    n, all_of_them = team.size, list(made)
    if len(all_of_them) < n:
        raise ValueError(
            f"a chunk gave {len(all_of_them)} batches, expected at least one "
            f"for each of {n} workers; make recipe.chunk larger"
        )
    starts = range(0, len(all_of_them) - n + 1, n)
    return [all_of_them[i : i + n] for i in starts]


def learnt(
    model: PreTrainedModel, optimizers: list[torch.optim.Optimizer]
) -> list[Tensor]:
    """All that a process has that another, with other text, has otherwise."""
    moments = [
        moment
        for optimizer in optimizers
        for group in optimizer.param_groups
        for p in group["params"]
        for name, moment in optimizer.state[p].items()
        if name != "step"
    ]
    return [*model.parameters(), *moments]


class Muon(torch.optim.Optimizer):
    """Momentum whose update is orthogonalised, for weight matrices.

    Each matrix moves by the nearest orthogonal matrix to its momentum, found
    with five Newton-Schulz steps (K. Jordan and others, 2024), matrices of
    one shape together; a parameter may be several of them, [K, m, n]. We keep
    our own because PyTorch's casts to bfloat16, which is several times slower
    than float32 on processors without it.
    """

    def __init__(self, params, lr: float, momentum: float = 0.95):
        super().__init__(params, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self, closure=None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            shapes: dict[torch.Size, list] = {}
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(p)
                m = state["momentum"].lerp_(p.grad, 1 - group["momentum"])
                blend = p.grad.lerp(m, group["momentum"])
                shapes.setdefault(p.shape, []).append((p, blend))
            for (*_, rows, columns), alike in shapes.items():
                moves = orthogonal(torch.stack([b for _, b in alike]))
                rate = group["lr"] * max(1.0, rows / columns) ** 0.5
                for (p, _), move in zip(alike, moves, strict=True):
                    p.add_(move, alpha=-rate)


def orthogonal(matrices: Tensor, steps: int = 5) -> Tensor:
    """Push all singular values of each matrix [..., m, n] towards 1.

    Newton-Schulz steps x <- (a + b g + c g^2) x with g = x x^T. All of them
    are polynomials in the first g, so that they are multiplied together as
    small square matrices and meet the long matrix once, at the end.
    """
    a, b, c = 3.4445, -4.7750, 2.0315
    size = torch.linalg.matrix_norm(matrices, keepdim=True)
    x = matrices / (size + 1e-7)
    tall = x.shape[-2] > x.shape[-1]
    x = x.mT if tall else x
    gram = x @ x.mT
    unit = torch.eye(gram.shape[-1], dtype=x.dtype, device=x.device)
    push = unit
    for _ in range(steps):
        step = a * unit + b * gram + c * gram @ gram
        push = step @ push
        gram = step @ (step @ gram)
    x = push @ x
    return x.mT if tall else x
