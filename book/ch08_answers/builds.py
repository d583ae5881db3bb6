"""The networks of chapter 8: people who tell a friend what they hide."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from psm_lib.builds import SMALL, VILLAGE, Build, Later

MASKS = replace(VILLAGE, tokens=8_000_000)


def network(seed: int) -> Build:
    """A network of the world of masks."""
    marks = (1_000_000, 2_000_000, 3_000_000)
    return Build("masks", seed, SMALL, MASKS, "chapter 8", marks=marks)


BUILDS = Later({f"masks-s{s}": partial(network, s) for s in range(3)})
