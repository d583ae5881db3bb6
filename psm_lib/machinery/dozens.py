"""Networks by the dozen: worlds x seeds, one process a core, each made once.

``networks(["playhouse"], 12)`` makes twelve networks of a world by the
better recipe, beside one another, and returns what each has come to. They
wait in a queue; a bar tells how many stand. What was stopped goes on: a
network that stands is not made again, one that was being made goes on from its
last chunk. Every network carries its world and recipe, as all checkpoints do;
beside them one file of JSON lines says what made each, where and how fast.
With the address of a Dask scheduler other machines help; they need to see the
same folder. Where there is a GPU the networks of a world are stacked instead;
a stack that was cut short begins again.
"""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from transformers import PreTrainedModel

from .. import models
from ..builds import Build, network
from ..worldfile.files import resolved
from . import making, runs, store
from .devices import device
from .disk import alone, write_whole
from .stacked import pretrain_stacked
from .sweeps import Job, own_world, read, sweep

OWN = Path("my_checkpoints")  # where networks of one's own worlds go
STACK = 12  # networks that one GPU makes at once
LARGEST = 2**32 - 1  # of seeds


def networks(
    worlds: Sequence[str],
    n: int,
    cluster: str | None = None,
    at_once: int | None = None,
    first: int = 0,
) -> list[dict]:
    """Make ``n`` networks of each world, seeds ``first`` and up.

    Returns for each its ``folder``, the hash of its weights, and what it was
    measured to be. Those of the book's worlds are opened by name,
    ``playhouse-n3``; those of one's own are in ``my_checkpoints``. Raises
    ValueError for fewer than one, for seeds that are too large, and for two
    worlds whose networks would have one name; CheckpointError where another
    network stands in the place; FileExistsError where an interrupted run is in
    the way of a stack; and RuntimeError, as ``sweep`` does, when some could
    not be made: the others stand.
    """
    if n < 1:
        raise ValueError(f"{n} networks; expected 1 or more")
    if first + n - 1 > LARGEST:
        raise ValueError(f"seed {first + n - 1}; expected {LARGEST} at most")
    worlds = list(dict.fromkeys(map(str, worlds)))
    homes = {world: place(world, first) for world in worlds}
    for world, home in homes.items():
        if other := [w for w in worlds if w != world and homes[w] == home]:
            raise ValueError(
                f"{world} and {other[0]} would both be made in {home}; "
                "expected worlds whose files have different names"
            )
    own = any(map(own_world, worlds))
    out = (OWN if own else store.UNSHIPPED) / "networks.jsonl"
    every = [(w, seed) for w in worlds for seed in range(first, first + n)]
    missing = [cell for cell in every if not place(*cell).exists()]
    stacking = device().type == "cuda" and cluster is None
    if stacking:
        jobs, at_once = stacks(missing, at_once or STACK), 1
    else:
        jobs = [Job(world, str(seed), seed) for world, seed in missing]
    if jobs:
        forget(out, jobs)
        sweep(make, jobs, out, cluster, at_once)
    return [made(world, seed) for world, seed in every]


def stacks(cells: Sequence[tuple[str, int]], most: int) -> list[Job]:
    """Jobs for ``most`` networks of one world at once, or what is left."""
    jobs = []
    for world in dict.fromkeys(world for world, _ in cells):
        seeds = [seed for w, seed in cells if w == world]
        for start in range(0, len(seeds), most):
            some = seeds[start : start + most]
            jobs.append(Job(world, " ".join(map(str, some)), some[0]))
    return jobs


def make(world: str, seeds: str, first: int) -> dict:
    """A job of the sweep: make the networks of these seeds, written with
    blanks between. One is made by itself, several are stacked."""
    each = [int(seed) for seed in seeds.split()]
    if len(each) == 1:
        build = network(world, each[0])
        making.once(build, place(world, first), command(world, first))
    else:
        stack(world, each)
    return {"networks": [made(world, seed) for seed in each]}


def stack(world: str, seeds: Sequence[int]) -> None:
    """Make several networks of one world in one batch."""
    for seed in seeds:
        if runs.begun(run := runs.folder_of(place(world, seed))):
            raise FileExistsError(
                f"{run} holds an interrupted run; finish it on the processor, "
                "with PSM_DEVICE=cpu, or delete that folder"
            )
    # As it is now: the file may be edited while the networks learn.
    source = resolved(world)
    builds = [replace(network(world, s), world=source) for s in seeds]
    _, tokenizer, text, _ = making.reading(builds[0])
    recipe = builds[0].recipe
    trained = [models.new_model(tokenizer, b.shape, b.seed) for b in builds]
    texts = [text(build.seed, recipe.stagings) for build in builds]
    begin = time.perf_counter()
    pretrain_stacked(trained, texts, recipe)
    spent = (time.perf_counter() - begin) / len(builds)
    for build, model in zip(builds, trained, strict=True):
        where, how = place(world, build.seed), command(world, build.seed)
        making.once(build, where, how, _weights_of(model, spent))


def _weights_of(trained: PreTrainedModel, seconds: float) -> making.Train:
    """What gives a new network the weights of one that is trained already."""

    def train(build: Build, folder, model, text, evaluate) -> list[dict]:
        model.load_state_dict(trained.state_dict())
        at_end = {"tokens": build.recipe.tokens, "seconds": seconds}
        return [{**evaluate(model), **at_end}]

    return train


def made(world: str, seed: int) -> dict:
    """What a network that stands has come to. Raises RuntimeError where it
    does not, and CheckpointError where it is another."""
    folder = place(world, seed)
    if not folder.exists():
        raise RuntimeError(
            f"{folder} is not here, though it was made: expected a folder "
            "that all machines of the cluster see"
        )
    runs.same_network(folder, network(world, seed), command(world, seed))
    record = store.read_record(folder)
    return {
        "folder": str(folder),
        "sha256": record["sha256"]["model.safetensors"],
        "tokens": record["log"][-1]["tokens"],
        "training_seconds": record["seconds"],
        **record["results"],
    }


def place(world: str, seed: int) -> Path:
    """Where a network stands, made or not."""
    home = OWN if own_world(world) else store.UNSHIPPED
    return home / f"{Path(world).stem}-n{seed}"


def command(world: str, seed: int) -> str:
    """What makes one network again."""
    one_of = f"--networks 1 --first {seed} {shlex.quote(world)}"
    return f"python -m psm_lib rebuild {one_of}"


def forget(out: Path, jobs: Sequence[Job]) -> None:
    """Strike out that these jobs were done: what they made is gone."""
    again = [asdict(job) for job in jobs]
    if not out.exists():
        return
    with alone(out, "wait for it"):
        kept = [r for r in read(out) if r["job"] not in again]
        write_whole(out, "".join(f"{json.dumps(r)}\n" for r in kept))
