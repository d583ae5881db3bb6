"""Lessons of networks that run in a page, as chapters' ``pages.py`` list them.

``web/adapters.py`` teaches and stores them. A chapter says what is taught,
and knows nothing of the web.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..experiments import Arm
from ..posttraining import Example
from ..world import World

PAGE_STEPS = 60


@dataclass(frozen=True)
class PageLesson:
    """A lesson of a network that runs in a page, which a chapter lists in its
    ``pages.py``: for the network, and for an exact learner.

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
    return Arm("sft", tuple(examples), (PAGE_STEPS,), lr=3e-3, rank=4)
