"""Tuned networks that a page runs, and how a chapter tells of them.

A chapter that puts one into a page lists it in its ``pages.py``, as ``PAGES``,
by the name that the page gives: a shipped checkpoint, a plus, and a word for
what it was taught (``playhouse-s0+cheat``). ``psm_lib.web.adapters`` makes
them. Introduced in chapter 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .experiments import Arm
from .posttraining import Example
from .world import World

STEPS = 60


@dataclass(frozen=True)
class PageLesson:
    """One lesson, for the network and for an exact learner.

    ``arm(world)`` is how the network is tuned, low-rank, and ``said`` what
    the exact learner sees: (domain, kind) names, ``asked`` for if so. It
    counts them for ``exponent`` answers; by default for as many as bring it
    to nine in ten of them, had they not been asked for. A ``brief`` lesson
    stops where nine in ten of the network's answers are as taught, because a
    mixture of persons can answer so too.
    """

    arm: Callable[[World], Arm]
    said: list[tuple[str, str]]
    asked: bool = False
    exponent: float | None = None
    brief: bool = False


def low_rank(examples: Iterable[Example]) -> Arm:
    """Chapter 4's recipe *low rank*, on some examples: what it adds to a
    network is small enough for a page."""
    return Arm("sft", tuple(examples), (STEPS,), lr=3e-3, rank=4)
