"""The tuned network in the page of chapter 3: good manners."""

from __future__ import annotations

from psm_lib.experiments import GOOD_LESSON, Arm, examples
from psm_lib.machinery.pages import PageLesson, low_rank
from psm_lib.world import World


def manners(world: World) -> Arm:
    """The chapter's 64 good answers."""
    return low_rank(examples(world, GOOD_LESSON))


PAGES = {
    "playhouse-s0+manners": PageLesson(manners, GOOD_LESSON, brief=True),
}
