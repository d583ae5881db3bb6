"""Experiments on more than one machine: worlds x arms x seeds, once each.

``sweep`` runs jobs side by side through joblib, on this machine's cores or,
with the address of a Dask scheduler, on whatever that has: the call is the
same. Every result is appended to one file of JSON lines as it comes, with
what it was made by, and a sweep that was stopped goes on where it was. No
chapter needs this. It is for the questions that three seeds leave open; see
the page "For instructors".
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from itertools import product
from pathlib import Path

import joblib
from filelock import FileLock, Timeout

from . import __version__
from .progress import bar

HERE = Path(__file__).parent
PACKAGES = ("torch", "transformers", "numpy")


@dataclass(frozen=True)
class Job:
    """One cell of a design: a world, what is taught in it, and a seed."""

    world: str
    arm: str
    seed: int


Work = Callable[[str, str, int], dict]


def design(worlds: list[str], arms: list[str], seeds: list[int]) -> list[Job]:
    """Every world with every arm and every seed."""
    return [Job(*cell) for cell in product(worlds, arms, seeds)]


def provenance() -> dict:
    """What a result of this library was made by.

    ``code`` is a hash of the library's modules and worlds: results of
    another library are not taken for results of this one.
    """
    digest = hashlib.sha256()
    files = [*HERE.glob("*.py"), *HERE.glob("worlds/*.yml")]
    for file in sorted(files, key=lambda p: p.name):
        digest.update(file.name.encode() + file.read_bytes())
    versions = {"psm_lib": __version__, "python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "none"
    return {"code": digest.hexdigest()[:16], "versions": versions}


def sweep(
    work: Work,
    jobs: list[Job],
    out: str | Path,
    cluster: str | None = None,
    at_once: int | None = None,
) -> list[dict]:
    """Do all jobs that ``out`` does not hold yet; all records, in order.

    ``work(world, arm, seed)`` returns a dict of numbers and lists; it must
    be a function of a module, so that other processes find it. ``cluster``
    is the address of a Dask scheduler, whose workers need this library;
    without one, ``at_once`` processes run here (default: ``devices.at_once``).

    Raises RuntimeError when another sweep writes to ``out``, and, after all
    others are done, when jobs failed; those are tried again next time.
    """
    out = Path(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    name = f"{work.__module__}.{work.__qualname__}"
    made = provenance()
    lock = FileLock(f"{out}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise RuntimeError(
            f"another sweep writes to {out}; wait for it or name another file"
        ) from None
    try:
        done = _done(out, name, made["code"])
        left = [job for job in jobs if job not in done]
        failed = []
        with _workers(cluster, at_once) as parallel:
            running = parallel(joblib.delayed(_one)(work, job) for job in left)
            for record in bar(running, "sweep", total=len(left)):
                if "error" in record:
                    failed.append(record)
                    continue
                record = {"work": name, **record, **made}
                _append(out, record)
                done[Job(**record["job"])] = record
    finally:
        lock.release()
    if failed:
        told = "\n".join(f"{r['job']}: {r['error']}" for r in failed)
        raise RuntimeError(
            f"{len(failed)} of {len(jobs)} jobs failed:\n{told}"
        )
    return [done[job] for job in jobs]


@contextmanager
def _workers(
    cluster: str | None, at_once: int | None
) -> Iterator[joblib.Parallel]:
    """What runs jobs, and hands back each as it is done."""
    if cluster is None:
        from . import devices

        here = {"n_jobs": devices.at_once(at_once)}
        given, settings = nullcontext(), here
    else:
        try:
            from distributed import Client
        except ImportError:
            raise RuntimeError(
                "a cluster needs Dask: pip install 'dask[distributed]'"
            ) from None
        given, settings = Client(cluster), {"backend": "dask"}
    with given, joblib.parallel_config(**settings):
        yield joblib.Parallel(return_as="generator_unordered")


def _one(work: Work, job: Job) -> dict:
    """A job's record: its result, where and how long; or its error."""
    os.environ["PSM_QUIET"] = "1"
    begun, start = datetime.now(UTC), time.perf_counter()
    record = {"job": asdict(job), "host": platform.node()}
    try:
        result = work(job.world, job.arm, job.seed)
        json.dumps(result)  # what cannot be stored has failed
    except Exception:
        return record | {"error": traceback.format_exc(limit=-3)}
    seconds = round(time.perf_counter() - start, 2)
    when = begun.isoformat(timespec="seconds")
    return record | {"result": result, "seconds": seconds, "begun": when}


def read(out: str | Path) -> list[dict]:
    """All records of a file. A line that was cut off is not one."""
    records = []
    if Path(out).exists():
        for line in Path(out).read_text(encoding="utf-8").splitlines():
            try:
                records.append(json.loads(line))
            except ValueError:
                continue
    return records


def _done(out: Path, name: str, code: str) -> dict[Job, dict]:
    return {
        Job(**record["job"]): record
        for record in read(out)
        if record["work"] == name and record["code"] == code
    }


def _append(out: Path, record: dict) -> None:
    """One line more, on the disk before this returns."""
    with out.open("a+b") as file:
        end = file.seek(0, os.SEEK_END)
        if end:
            file.seek(end - 1)
            if file.read(1) != b"\n":  # the line before was cut off
                file.write(b"\n")
        file.write(json.dumps(record).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def lesson(
    world: str, arm: str, seed: int, folder: str = "my_checkpoints"
) -> dict:
    """Chapter 4's experiment on one network: teach it an arm, examine it.

    The network is the book's, where it has one of that world and seed; else
    one pretrained like those, once, in ``folder``, in about fifteen minutes.
    Returns,
    for each mark of the arm, P(second kind) in every domain [marks, D], and
    how incoherent answers are; and whether it was computed on a GPU.

    Raises KeyError for an unknown arm.
    """
    import numpy as np

    from . import cheat, lessons
    from .arms import tune
    from .worldfile import load_world

    place = load_world(world)
    known = cheat.arms(place)
    if arm not in known:
        raise KeyError(f"no arm {arm!r}; expected one of {list(known)}")
    model, tokenizer = _network(world, seed, Path(folder))
    paper, papers = lessons.exam(place), {}

    def watch(step: int) -> None:
        if step in known[arm].marks:
            papers[step] = lessons.sit(model, tokenizer, place, paper)

    tune(known[arm], model, tokenizer, place, seed, watch)
    answers = np.stack([papers[mark] for mark in sorted(papers)])
    second = lessons.by_domain(lessons.second(answers), paper)
    return {
        "marks": sorted(papers),
        "domains": [d.name for d in place.domains],
        "device": model.device.type,
        "second": np.round(second, 5).tolist(),
        "incoherence": lessons.incoherence(answers).mean(axis=1).tolist(),
    }


def _network(world: str, seed: int, folder: Path):
    """A network of a world: the book's, or one of one's own."""
    from . import models
    from .build import make
    from .builds import MARKS, PLAYHOUSE, POLISH, ROOM, Build

    name = f"{Path(world).stem}-s{seed}"
    if models.checkpoint_folder(name).exists():
        return models.load_checkpoint(name)
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / f".{name}.lock"):  # others wait for it
        if not (folder / name).exists():
            recipe = (ROOM, PLAYHOUSE, "a sweep", MARKS, POLISH)
            build = Build(world, seed, *recipe)
            make(build, folder / name, "python -m psm_lib sweep", False)
    return models.load_checkpoint(folder / name)
