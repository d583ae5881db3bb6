"""Several processes that pretrain one network together.

Each has a copy and a core of its own, learns from its own share of the
batches, and every so many steps all take the mean of what they have: weights
and the optimizers' moments. This is local SGD (Stich, 2019) with more than
the weights averaged. On two cores it reads more tokens a second than one
process with two threads, to whom matrices this small leave little to do.
Used by ``python -m psm_lib pretrain``.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import torch
import torch.distributed as dist
from torch import Tensor

PATIENCE = timedelta(minutes=10)
# What a reader can mend: told in one line. Anything else keeps its traceback.
MENDED = (OSError, ValueError, KeyError, RuntimeError, MemoryError)


class TeamError(RuntimeError):
    """The other processes of a pretraining cannot be had, or are gone."""


def possible() -> bool:
    """Whether this PyTorch can have processes that share a network."""
    return dist.is_available() and dist.is_gloo_available()


@dataclass(frozen=True)
class Team:
    """Which of how many processes this is; the first, 0, leads."""

    rank: int = 0
    size: int = 1

    @torch.no_grad()
    def average(self, tensors: list[Tensor]) -> None:
        """Put the mean over the team in place of each tensor.

        Every member must call it at the same step, with tensors of the same
        shapes. Alone it does nothing. Raises TeamError when another member
        is gone.
        """
        if self.size == 1:
            return
        flat = torch.cat([t.reshape(-1) for t in tensors]).cpu()
        try:
            dist.all_reduce(flat)
        except RuntimeError as error:
            raise TeamError(
                "another process of this pretraining is gone, or has not "
                f"answered for {PATIENCE}; the same command goes on from the "
                "last chunk"
            ) from error
        flat /= self.size
        sizes = [t.numel() for t in tensors]
        for t, mean in zip(tensors, flat.split(sizes), strict=True):
            t.copy_(mean.view_as(t))


ALONE = Team()


@contextmanager
def lead(size: int, helper: Callable, *arguments) -> Iterator[Team]:
    """A team of ``size``: this process, and helpers until the block ends.

    Each helper is a new process that calls ``helper(team, *arguments)``; the
    function must be importable and the arguments picklable. Every member
    computes with one thread. Raises TeamError when a helper died, or where
    PyTorch has no gloo.
    """
    if size == 1:
        yield ALONE
        return
    if not possible():
        raise TeamError(
            f"{size} processes need PyTorch's gloo, which this one does not "
            "have; expected --workers 1"
        )
    threads = torch.get_num_threads()
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        place = str(Path(folder) / "meeting")
        helpers, ears = [], []
        for rank in range(1, size):
            ear, mouth = spawn.Pipe(duplex=False)
            arguments_ = (Team(rank, size), place, mouth, helper, arguments)
            helpers.append(
                spawn.Process(target=_help, args=arguments_, daemon=True)
            )
            ears.append(ear)
        try:
            with _deaf():
                for process in helpers:
                    process.start()
            torch.set_num_threads(1)
            store = dist.FileStore(place, size)
            while not store.check([str(p) for p in range(1, size)]):
                _all_alive(helpers, ears)
                time.sleep(0.05)
            _join(store, Team(0, size))
            yield Team(0, size)
            for process in helpers:
                process.join()
        except RuntimeError as error:
            for process in helpers:  # one that failed may not be gone yet
                process.join(timeout=5)
            _all_alive(helpers, ears, error)
            raise
        finally:
            for process in helpers:
                if process.pid is not None:
                    process.terminate()
                    process.join()
            if dist.is_initialized():
                dist.destroy_process_group()
            torch.set_num_threads(threads)


@contextmanager
def _deaf() -> Iterator[None]:
    """What is started in the block does not hear Ctrl-C: the leader does, and
    ends them. Set before, for a process that still imports would tell it."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main one may set it; helpers do so once they can
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _join(store: dist.Store, team: Team) -> None:
    dist.init_process_group(
        "gloo",
        store=store,
        rank=team.rank,
        world_size=team.size,
        timeout=PATIENCE,
    )


def _help(
    team: Team, place: str, mouth: Connection, helper: Callable, arguments
) -> None:
    """What a helper process does. Its errors are told by the leader."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    leader = multiprocessing.parent_process()
    try:
        torch.set_num_threads(1)
        store = dist.FileStore(place, team.size)
        store.set(str(team.rank), "here")
        _join(store, team)
        helper(team, *arguments)
    except MENDED as error:
        if leader is not None:  # it may be the leader that is gone
            leader.join(timeout=2)
        if leader is not None and leader.is_alive():
            mouth.send(f"{type(error).__name__}: {error}")
        sys.exit(1)
    dist.destroy_process_group()


def _all_alive(
    helpers: Sequence[BaseProcess],
    ears: list[Connection],
    error: Exception | None = None,
) -> None:
    """Raises TeamError for a helper that ended before its time."""
    for process, ear in zip(helpers, ears, strict=True):
        code = process.exitcode
        if not code:
            continue
        why = "its own message is above"
        if code < 0:
            why = "it was killed, often for want of memory"
        elif ear.poll():
            why = ear.recv()
        raise TeamError(
            f"a helper process of this pretraining ended with code {code} "
            f"({why}); the same command goes on from the last chunk"
        ) from error
