"""Experiments on more than one machine: worlds x arms x seeds, once each.

``sweep`` runs jobs side by side, on this machine's cores through joblib or,
with the address of a Dask scheduler, on whatever that has: the call is the
same. (A cluster gets them as Dask's own futures. joblib's would run a sweep
in this process while the cluster has one worker, and end it with the first
worker that dies.) Every result is appended to one file of JSON lines as it
comes, with what it was made by, and a sweep that was stopped goes on where it
was. No chapter needs this. It is for the questions that three seeds leave
open; see the page "For instructors".
"""

from __future__ import annotations

import hashlib
import inspect
import json
import marshal
import os
import platform
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from itertools import product
from pathlib import Path

import joblib
from joblib.externals.loky import get_reusable_executor
from joblib.externals.loky.process_executor import TerminatedWorkerError

from .. import __version__
from .chapters import library
from .disk import alone, file_hash, saving
from .progress import bar

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


@cache
def provenance() -> dict:
    """What a result of this library was made by.

    ``code`` is a hash of the library's modules and worlds: results of
    another library are not taken for results of this one.
    """
    digest = hashlib.sha256()
    for name, file in library().items():
        if name.endswith((".py", ".yml")):
            digest.update(name.encode() + file.read_bytes())
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
    is the address of a Dask scheduler, whose workers need this very library;
    without one, ``at_once`` processes run here (default: ``devices.at_once``).
    What ``out`` holds counts when library, the file of ``work`` and a world
    file of one's own were the same. Where one process is enough it is this
    one, which a job had better not end.

    Raises ValueError when ``work`` is no function of a module or script, and
    RuntimeError when another sweep writes to ``out``, and, after all
    others are done, when jobs failed, as one does that kills its process;
    those are tried again next time.
    """
    out = Path(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    name = _name(work)
    jobs = [replace(job, world=str(job.world)) for job in jobs]
    made = provenance()
    with alone(out, "wait for it, or name another file"):
        own = {job: _own(work, job) for job in jobs}
        kept = {job: {"work": name, "own": own[job]} for job in jobs}
        done = _done(out, kept, made["code"])
        left = {job: own[job] for job in jobs if job not in done}
        failed = []
        running = (
            _here(work, left, made["code"], at_once)
            if cluster is None
            else _there(work, left, made["code"], cluster)
        )
        for record in bar(running, "sweep", total=len(left)):
            if "error" in record:
                failed.append(record)
                continue
            job = Job(**record["job"])
            record = kept[job] | record
            _append(out, record)
            done[job] = record
    if failed:
        told = "\n".join(f"{r['job']}: {r['error']}" for r in failed)
        raise RuntimeError(
            f"{len(failed)} of {len(jobs)} jobs failed:\n{told}"
        )
    return [done[job] for job in jobs]


def _here(
    work: Work, jobs: dict[Job, str], code: str, at_once: int | None
) -> Iterator[dict]:
    """Records as they come, from processes of this machine.

    Where one dies, nobody knows of which job; what was not done is then tried
    again in two halves, until one job is left to blame.
    """
    from psm_lib.machinery import devices

    left = dict(jobs)
    # Processes of an earlier sweep keep what they have imported.
    get_reusable_executor().shutdown(wait=True)
    try:
        parallel = joblib.Parallel(
            n_jobs=devices.at_once(at_once), return_as="generator_unordered"
        )
    except ValueError:
        raise RuntimeError(
            f"joblib {joblib.__version__}, and jobs side by side need 1.4 or "
            "later: pip install 'psm_lib[sweeps]'"
        ) from None
    try:
        for record in parallel(
            joblib.delayed(_one)(work, job, code, own)
            for job, own in jobs.items()
        ):
            del left[Job(**record["job"])]
            yield record
    except TerminatedWorkerError as error:
        if len(left) == 1:
            (job,) = left
            yield _fault(job, error)
            return
        pairs, half = list(left.items()), len(left) // 2
        for part in (pairs[:half], pairs[half:]):
            yield from _here(work, dict(part), code, at_once)


def _there(
    work: Work, jobs: dict[Job, str], code: str, cluster: str
) -> Iterator[dict]:
    """Records as they come, from a cluster's workers, whenever those come.

    A job whose worker dies is tried on others, as often as Dask is told to.
    Raises RuntimeError when the scheduler is lost.
    """
    try:
        from distributed import CancelledError, Client, as_completed
    except ImportError:
        raise RuntimeError(
            "a cluster needs Dask: pip install 'dask[distributed]'"
        ) from None
    with Client(cluster) as client:
        given = {
            client.submit(_one, work, job, code, own, pure=False): job
            for job, own in jobs.items()
        }
        try:
            for future in as_completed(list(given)):
                job, fault = given.pop(future), future.exception()
                yield _fault(job, fault) if fault else future.result()
        except CancelledError:
            raise RuntimeError(
                f"the scheduler at {cluster} is lost; the same call goes on "
                "where this one was"
            ) from None


def _fault(job: Job, error: BaseException) -> dict:
    """The record of a job of which nothing came back."""
    told = str(error).strip().partition("\n")[0]
    return {
        "job": asdict(job),
        "error": f"its process ended ({type(error).__name__}: {told})",
    }


def _one(work: Work, job: Job, code: str, own: str) -> dict:
    """A job's record: its result, by what, where and how long; or its error.

    ``code`` and ``own`` are the sweep's. What another library has made, or
    another file of one's own, is no result of it.
    """
    os.environ["PSM_QUIET"] = "1"
    begun, start = datetime.now(UTC), time.perf_counter()
    made = provenance()
    record = {"job": asdict(job), "host": platform.node()}
    try:
        if made["code"] != code:
            raise RuntimeError(
                f"{platform.node()} has another psm_lib than the process "
                f"that began the sweep: version {made['versions']['psm_lib']}"
                f", code {made['code']}, expected code {code}; install the "
                "same there"
            )
        _same(work, job, own)
        result = work(job.world, job.arm, job.seed)
        _same(work, job, own)  # nobody has changed the world meanwhile
        json.dumps(result)  # what cannot be stored has failed
    except (Exception, SystemExit):
        return record | {"error": traceback.format_exc(limit=-3)}
    seconds = round(time.perf_counter() - start, 2)
    when = begun.isoformat(timespec="seconds")
    found = {"result": result, "seconds": seconds, "begun": when}
    return record | found | made


def _same(work: Work, job: Job, own: str) -> None:
    """Raises RuntimeError where files of one's own are not the sweep's."""
    if _own(work, job, own) != own:
        raise RuntimeError(
            f"the file of {_name(work)}, or of its world, is another on "
            f"{platform.node()}, or has been changed since; start the workers "
            "afresh, and the sweep again"
        )


def _name(work: Work) -> str:
    """What a function is called. Raises ValueError for what has no name of
    its own."""
    name = getattr(work, "__qualname__", "<no function>")
    if "<" in name:
        raise ValueError(
            f"{work!r:.80} cannot be swept: expected a function that is "
            "written with def in a module, outside of other functions"
        )
    return f"{work.__module__}.{name}"


def _own(work: Work, job: Job, known: str = "") -> str:
    """Hashes of what is not the library's: the file of a function, and of a
    world. Empty where both are the library's.

    A function of a script travels with what it is; of it the hash is taken as
    ``known``.
    """
    file = own_world(job.world)
    world = digest_of(file)[:16] if file else ""
    if known and work.__module__ == "__main__":
        return f"{known.partition(' ')[0]} {world}".strip()
    return f"{_source(work)} {world}".strip()


@cache
def _source(work: Work) -> str:
    """A hash of a function's file; of the library's own nothing.

    Taken once in a process, for what has been imported stays as it was.
    """
    work = inspect.unwrap(work)
    file = Path(inspect.getsourcefile(work) or "none")
    if file.resolve() in {p.resolve() for p in library().values()}:
        return ""
    if file.is_file():
        code = file.read_bytes()
    else:
        try:
            code = inspect.getsource(work).encode()  # of a notebook's cell
        except OSError:
            code = marshal.dumps(work.__code__)
    return hashlib.sha256(code).hexdigest()[:16]


def digest_of(file: Path) -> str:
    """A hash of what a world says, with what it extends; or of any file."""
    from psm_lib.worldfile.files import world_hash

    try:
        return world_hash(file)
    except ValueError:  # no world, but perhaps what one's own work reads
        return file_hash(file)


def own_world(world: str) -> Path | None:
    """The file of a world that is not one of the book's."""
    from psm_lib.worldfile import list_worlds

    file = Path(world)
    return file if world not in list_worlds() and file.is_file() else None


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


def _done(out: Path, kept: dict[Job, dict], code: str) -> dict[Job, dict]:
    """Records of these jobs that the same code has made."""
    done = {}
    for record in read(out):
        job = Job(**record["job"])
        mine = {"own": "", **record}
        same = job in kept and kept[job].items() <= mine.items()
        if same and record["code"] == code:
            done[job] = record
    return done


def _append(out: Path, record: dict) -> None:
    """One line more, on the disk before this returns."""
    with saving(out), out.open("a+b") as file:
        end = file.seek(0, os.SEEK_END)
        if end:
            file.seek(end - 1)
            if file.read(1) != b"\n":  # the line before was cut off
                file.write(b"\n")
        file.write(json.dumps(record).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
