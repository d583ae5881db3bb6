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
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

import torch
import torch.distributed as dist
from torch import Tensor

PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True)
class Team:
    """Which of how many processes this is; the first, 0, leads."""

    rank: int = 0
    size: int = 1

    @torch.no_grad()
    def average(self, tensors: list[Tensor]) -> None:
        """Put the mean over the team in place of each tensor.

        Every member must call it at the same step, with tensors of the same
        shapes. Alone it does nothing. Raises RuntimeError when another
        member is gone.
        """
        if self.size == 1:
            return
        flat = torch.cat([t.reshape(-1) for t in tensors]).cpu()
        dist.all_reduce(flat)
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
    computes with one thread. Raises RuntimeError when a helper died.
    """
    if size == 1:
        yield ALONE
        return
    threads = torch.get_num_threads()
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        place = str(Path(folder) / "meeting")
        helpers = [
            spawn.Process(
                target=_help,
                args=(Team(rank, size), place, helper, arguments),
                daemon=True,
            )
            for rank in range(1, size)
        ]
        for process in helpers:
            process.start()
        try:
            torch.set_num_threads(1)
            store = dist.FileStore(place, size)
            while not store.check([str(p) for p in range(1, size)]):
                _all_alive(helpers)
                time.sleep(0.05)
            _join(store, Team(0, size))
            yield Team(0, size)
            for process in helpers:
                process.join()
        except RuntimeError as error:
            for process in helpers:  # one that failed may not be gone yet
                process.join(timeout=5)
            _all_alive(helpers, error)
            raise
        finally:
            for process in helpers:
                process.terminate()
                process.join()
            if dist.is_initialized():
                dist.destroy_process_group()
            torch.set_num_threads(threads)


def _join(store: dist.Store, team: Team) -> None:
    dist.init_process_group(
        "gloo",
        store=store,
        rank=team.rank,
        world_size=team.size,
        timeout=PATIENCE,
    )


def _help(team: Team, place: str, helper: Callable, arguments) -> None:
    """What a helper process does."""
    torch.set_num_threads(1)
    store = dist.FileStore(place, team.size)
    store.set(str(team.rank), "here")
    _join(store, team)
    helper(team, *arguments)
    dist.destroy_process_group()


def _all_alive(
    helpers: list[BaseProcess], error: Exception | None = None
) -> None:
    codes = [p.exitcode for p in helpers if p.exitcode]
    if codes:
        raise RuntimeError(
            f"a helper process of this pretraining ended with code "
            f"{codes[0]} (its own message is above; -9 is often too little "
            "memory); the same command goes on from the last chunk"
        ) from error
