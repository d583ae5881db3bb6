"""Networks by the dozen: worlds x seeds, one process a core, each made once.

``networks(["playhouse"], 12)`` makes twelve networks of a world by the
better recipe, beside one another, and returns what each has come to. They
wait in a queue; a bar tells how many stand. What was stopped goes on: a
network that stands is not made again, one that was being made goes on from its
last chunk. Every network carries its world and recipe, as all checkpoints do;
beside them one file of JSON lines says what made it, where and how fast. With
the address of a Dask scheduler other machines help; they need to see the same
folder. Where there is a GPU the networks of a world are stacked instead; one
that was cut short then begins again.
"""

from __future__ import annotations

import shlex
import time
from collections.abc import Sequence
from pathlib import Path

from transformers import PreTrainedModel

from .. import models
from ..builds import Build, network
from . import making, store
from .devices import device
from .stacked import pretrain_stacked
from .sweeps import Job, design, own_world, sweep

OWN = Path("my_checkpoints")  # where networks of one's own worlds go
STACK = 12  # networks that one GPU makes at once


def networks(
    worlds: Sequence[str],
    n: int,
    cluster: str | None = None,
    at_once: int | None = None,
    first: int = 0,
) -> list[dict]:
    """Make ``n`` networks of each world, seeds ``first`` and up.

    Returns a record for each, as ``sweep`` does: its result has the network's
    ``folder``, its hash, and what it was measured to be. Those of the book's
    worlds are opened by name, ``playhouse-n3``; those of one's own are in
    ``my_checkpoints``. Raises ValueError for fewer than one, and as ``sweep``
    does when some could not be made: the others stand.
    """
    if n < 1:
        raise ValueError(f"{n} networks; expected 1 or more")
    jobs = design([*worlds], ["network"], [*range(first, first + n)])
    out = store.UNSHIPPED / "networks.jsonl"
    if any(own_world(job.world) for job in jobs):
        out = OWN / "networks.jsonl"
    if device().type == "cuda" and cluster is None:
        for world in dict.fromkeys(job.world for job in jobs):
            stack([j for j in jobs if j.world == world], at_once or STACK)
    records = sweep(one, jobs, out, cluster, at_once)
    for job, record in zip(jobs, records, strict=True):
        if not Path(record["result"]["folder"]).exists():
            # It was made once, and has been thrown away since.
            record["result"] = one(job.world, job.arm, job.seed)
    return records


def one(world: str, arm: str, seed: int) -> dict:
    """Make a network where it does not stand yet: its folder, hash, results.

    ``arm`` is the sweep's, which needs one. Raises as ``making.once`` does.
    """
    job = Job(world, arm, seed)
    folder = making.once(network(world, seed), place(job), command(job))
    record = store.read_record(folder)
    return {
        "folder": str(folder),
        "sha256": record["sha256"]["model.safetensors"],
        "tokens": record["log"][-1]["tokens"],
        "training_seconds": record["seconds"],
        **record["results"],
    }


def stack(jobs: Sequence[Job], at_once: int) -> None:
    """Make the networks of one world that do not stand yet, ``at_once`` of
    them in one batch."""
    missing = [job for job in jobs if not place(job).exists()]
    for start in range(0, len(missing), at_once):
        some = missing[start : start + at_once]
        builds = [network(job.world, job.seed) for job in some]
        _, tokenizer, text, _ = making.reading(builds[0])
        made = [
            models.new_model(tokenizer, build.shape, build.seed)
            for build in builds
        ]
        begin = time.perf_counter()
        chunks = [text(build.seed) for build in builds]
        pretrain_stacked(made, chunks, builds[0].recipe)
        spent = (time.perf_counter() - begin) / len(some)
        for job, build, model in zip(some, builds, made, strict=True):
            train = _as_made(model, spent)
            making.once(build, place(job), command(job), train)


def _as_made(made: PreTrainedModel, seconds: float) -> making.Train:
    """What gives a new network the weights of one that is made already."""

    def train(build: Build, folder, model, text, evaluate) -> list[dict]:
        model.load_state_dict(made.state_dict())
        at_end = {"tokens": build.recipe.tokens, "seconds": seconds}
        return [{**evaluate(model), **at_end}]

    return train


def place(job: Job) -> Path:
    """Where a job's network stands, made or not."""
    home = OWN if own_world(job.world) else store.UNSHIPPED
    return home / f"{Path(job.world).stem}-n{job.seed}"


def command(job: Job) -> str:
    """What makes one network again."""
    one_of = f"--networks 1 --first {job.seed} {shlex.quote(job.world)}"
    return f"python -m psm_lib rebuild {one_of}"
