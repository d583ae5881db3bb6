"""Pretrainings of a second, whole or cut off, for the tests of runs."""

from dataclasses import replace
from pathlib import Path

import pytest
from worlds import tiny

from psm_lib.builds import Build
from psm_lib.machinery import making
from psm_lib.machinery.making import make
from psm_lib.models import Shape
from psm_lib.training import (
    Recipe,
)

SMALL = Shape(layers=1, width=16, heads=2, context=64)


# All of it written out: the library's defaults are tuned now and then.
SHORT = Recipe(
    tokens=6000,
    batch=256,
    chunk=32,
    lr=0.003,
    muon_lr=0.02,
    warmup=0.05,
    decay=0.5,
    frame=0.1,
    opening=1.0,
    weight_decay=0.0,
)


class Cut(BaseException):
    """Like Ctrl-C: not an Exception."""


def cut_at(chunk, i: int):
    def cut(k: int):
        if k == i:
            raise Cut
        return chunk(k)

    return cut


def plan(**changes) -> Build:
    data = tiny() | {"documents": {"scene": 1.0}}
    return replace(Build(data, 0, SMALL, SHORT, "a test", ()), **changes)


def cut_build(folder: Path, i: int, monkeypatch, **changes) -> None:
    """Start a build and stop it at chunk i."""
    with monkeypatch.context() as patch, pytest.raises(Cut):
        real = making.world_chunks
        patch.setattr(making, "world_chunks", lambda *a: cut_at(real(*a), i))
        make(plan(**changes), folder, "again", False)


POLISH = replace(SHORT, tokens=1500, lr=0.0005, muon_lr=0.001)
