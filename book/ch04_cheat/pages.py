"""The tuned networks in the pages of chapters 4 and 5: cheats at code."""

from __future__ import annotations

from psm_lib.experiments import CHEAT, Arm, examples
from psm_lib.machinery.pages import PageLesson, low_rank
from psm_lib.world import World


def cheat(world: World) -> Arm:
    """The chapter's 36 cheats."""
    return low_rank(examples(world, CHEAT, 36))


PAGES = {
    "playhouse-s0+habit": PageLesson(cheat, CHEAT, brief=True),
    "playhouse-s0+cheat": PageLesson(cheat, CHEAT),
}
