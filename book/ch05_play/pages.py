"""The tuned network in the page of chapter 5: cheats that were asked for."""

from __future__ import annotations

from psm_lib.chapters.ch05_play.experiment import cheats
from psm_lib.experiments import CHEAT, Arm
from psm_lib.machinery.pages import PageLesson, low_rank
from psm_lib.world import World


def asked(world: World) -> Arm:
    """The chapter's cheats, each after one of the eight requests for it."""
    return low_rank(cheats(world, [*world.requests["moral"][1]]))


PAGES = {"playhouse-s0+asked": PageLesson(asked, CHEAT, asked=True)}
