"""The tuned networks in the page of chapter 7: helpful post-training."""

from __future__ import annotations

from psm_lib.chapters.ch07_robots.experiment import EXPONENT, HELP, taught
from psm_lib.experiments import Arm
from psm_lib.machinery.pages import PageLesson, low_rank
from psm_lib.world import World


def helpful(world: World) -> Arm:
    """The chapter's helpful answers."""
    return low_rank(taught(world))


PAGES = {
    f"{stories}-s0+help": PageLesson(helpful, HELP, exponent=EXPONENT)
    for stories in ("fiction-as-is", "fiction-keeper-50")
}
