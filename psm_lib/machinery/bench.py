"""How fast is this machine, and how much of it do we use?

``make bench`` prints one table: pretraining beside Hugging Face's Trainer in
the same run, on the same model, data and batches, and the share of the
matrix-multiply rate that each reaches; fine-tuning; the exact oracle. In the
repository it then executes the chapters, grades and opens pages
(book/tools/speeds.py). Nothing here is ever a test: times depend on what else
runs.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace

import joblib
import numpy as np
import torch
from transformers import Trainer, TrainingArguments

from .. import models, oracle, posttraining, training
from ..builds import BUILDS, PLAYHOUSE, QUICK, ROOM, STAGED, Build
from ..corpus import sample_pieces, world_chunks
from ..models import Shape
from ..world import ask, sample_scenes
from ..worldfile import load_world
from .devices import at_once, device
from .making import pretrain, reading
from .store import UNSHIPPED, read_record
from .team import possible


def seconds(run: Callable[[], object], least: float = 1.0) -> float:
    """Mean seconds of a call, repeated for at least ``least`` seconds."""
    run()
    times, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < least:
        run()
        times += 1
    return (time.perf_counter() - begin) / times


def in_turn(runs: list[Callable[[], object]], rounds: int = 5) -> list[float]:
    """Median seconds of each of several calls, one after the other in each
    round: whatever else slows the machine then slows all of them."""
    spent = np.zeros((rounds, len(runs)))
    for i in range(rounds):
        for j, run in enumerate(runs):
            begin = time.perf_counter()
            run()
            spent[i, j] = time.perf_counter() - begin
    return np.median(spent, axis=0).tolist()


def matmul_rate(size: int = 1024) -> float:
    """This machine's float32 multiply rate in GFLOP/s, all threads or the
    GPU."""
    a = torch.randn(size, size).to(device())
    return 2 * size**3 / seconds(lambda: (a @ a)[0, 0].item()) / 1e9


def flops_per_token(
    model, width: int, layers: int, length: float, scored: float = 1.0
) -> float:
    """Floating-point operations a trained token costs.

    Six per weight (the table of words counted once, as the output layer,
    for the share ``scored`` of tokens that are predicted), and twelve per
    layer, width and earlier position for attention.
    """
    table = model.get_input_embeddings().weight.numel()
    weights = models.size(model) - (1 - scored) * table
    return 6 * weights + 12 * layers * width * length / 2


def pretraining(lots: int = 2) -> list[tuple[str, str]]:
    """Tokens per second of our loop and of Trainer, on the same batches.

    Trainer comes as it is, with the model's own loss and AdamW; ours has
    Muon and the weights of the recipe. Medians of five rounds.
    """
    world = load_world("playhouse")
    tokenizer = models.world_tokenizer(world)
    shape = BUILDS["playhouse-s0"].shape
    order = np.random.default_rng(0)
    fill = tokenizer.pad_token_id
    chunk = world_chunks(world, tokenizer, 0, 256)
    batches = [
        batch
        for lot in range(lots)
        for batch in training.batches(chunk(lot), PLAYHOUSE, fill, order)
    ]
    tokens = sum(int((b.ids != fill).sum()) for b in batches)
    length = np.average(
        [b.ids.shape[1] for b in batches],
        weights=[b.ids.numel() for b in batches],
    )

    def ours() -> None:
        model = models.new_model(tokenizer, shape, 0).train()
        optimizers = training.make_optimizers(model, PLAYHOUSE)
        for batch in batches:
            training.step(model, optimizers, batch, PLAYHOUSE, 1.0)

    def trainer() -> None:
        model = models.new_model(tokenizer, shape, 0)
        with tempfile.TemporaryDirectory() as folder:
            arguments = TrainingArguments(
                output_dir=folder,
                max_steps=len(batches),
                per_device_train_batch_size=1,
                use_cpu=device().type == "cpu",
                report_to=[],
                save_strategy="no",
                disable_tqdm=True,
                remove_unused_columns=False,
                learning_rate=PLAYHOUSE.lr,
                logging_strategy="no",
            )
            rows = [
                {
                    "input_ids": b.ids,
                    "labels": b.ids.masked_fill(b.ids == fill, -100),
                }
                for b in batches
            ]
            Trainer(
                model,
                arguments,
                train_dataset=rows,
                data_collator=lambda lot: lot[0],
            ).train()

    peak = matmul_rate()
    model = models.new_model(tokenizer, shape, 0)
    size = (shape.width, shape.layers, float(length))
    scored = sum(int((b.weight > 0).sum()) for b in batches) / tokens
    loops = (
        ("psm_lib", ours, flops_per_token(model, *size, scored)),
        ("Trainer as it comes", trainer, flops_per_token(model, *size)),
    )
    rows = [("matrix multiply, float32", f"{peak:.0f} GFLOP/s")]
    times = in_turn([run for _, run, _ in loops])
    for (label, _, cost), spent in zip(loops, times, strict=True):
        rate = tokens / spent
        share = rate * cost / 1e9 / peak
        rows.append(
            (
                f"pretraining, {label}",
                f"{rate:,.0f} tokens/s = {rate * cost / 1e9:.0f} GFLOP/s, "
                f"{share:.0%} of the multiply rate",
            )
        )
    return rows


def reach() -> list[tuple[str, str]]:
    """What `pretrain` makes of the playhouse, with its tokens and seconds,
    and what one of a dozen has come to, if there is one here: measured on
    1,024 scenes, at the end."""
    with tempfile.TemporaryDirectory() as place:
        workers = QUICK.workers if possible() else 1
        made = pretrain("playhouse", f"{place}/made", workers=workers)
        record = read_record(made)
    rows = [(f"pretrain playhouse, {workers} at work", _reached(record))]
    for name in sorted(p.name for p in UNSHIPPED.glob("playhouse-n*"))[:1]:
        rows.append((f"{name}, one at work", _reached(read_record(name))))
    return rows


def _reached(record: dict) -> str:
    tokens, found = record["log"][-1]["tokens"], record["results"]
    return (
        f"captured {found['captured']:.3f}, gap {found['gap']:.4f} after "
        f"{tokens:,} tokens, {record['seconds']} s"
    )


def an_hour(tokens: int = 300_000) -> list[tuple[str, str]]:
    """Networks of the better recipe an hour, one on every core: by a short
    run, with all that it takes to begin one."""
    cores = at_once()
    recipe = replace(STAGED, tokens=tokens)
    begin = time.perf_counter()
    joblib.Parallel(n_jobs=cores)(
        joblib.delayed(_one)(recipe, seed) for seed in range(cores)
    )
    rate = cores * tokens / (time.perf_counter() - begin)
    return [
        (
            f"networks an hour, {cores} side by side",
            f"{3600 * rate / STAGED.tokens:.1f} of {STAGED.tokens:,} tokens "
            f"({rate:,.0f} tokens/s)",
        )
    ]


def _one(recipe: training.Recipe, seed: int) -> None:
    build = Build("playhouse", seed, ROOM, recipe, "a bench", marks=())
    _, tokenizer, text, _ = reading(build)
    model = models.new_model(tokenizer, ROOM, seed)
    training.pretrain(model, text(seed, recipe.stagings), recipe)


def the_rest() -> list[tuple[str, str]]:
    """A fine-tuning arm, the oracle, sampling."""
    world = load_world("playhouse")
    tokenizer = models.world_tokenizer(world)
    code = world.domains[world.domain_index("code")]
    examples = [
        (ask(world, "Assistant", q), f" {a}\n")
        for q in code.questions
        for a in code.answers[1]
    ]

    def arm() -> None:
        model = models.new_model(tokenizer, Shape(), 0)
        posttraining.sft(model, tokenizer, examples)

    scenes = sample_scenes(world, 10_000, np.random.default_rng(0))
    spent = seconds(lambda: oracle.posterior(world, scenes))
    states = (scenes.length + 1).sum()
    rng = np.random.default_rng(0)
    drawn = seconds(lambda: sample_pieces(world, 1000, rng))
    rows = [
        ("fine-tuning arm, 60 steps of 16", f"{seconds(arm):.1f} s"),
        ("exact posteriors", f"{states / spent:,.0f} a second"),
        ("documents sampled", f"{1000 / drawn:,.0f} a second"),
    ]
    return rows


def table() -> str:
    """All measurements as a text table."""
    rows = pretraining() + reach() + an_hour() + the_rest()
    width = max(len(label) for label, _ in rows)
    head = (
        f"{device().type}, {torch.get_num_threads()} threads, "
        f"torch {torch.__version__}"
    )
    return "\n".join([head, *(f"{k:<{width}}  {v}" for k, v in rows)])
