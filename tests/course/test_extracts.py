"""What assignments read of the chapters' results is what these are."""

import numpy as np

from psm_lib import results
from psm_lib.chapters.ch04_cheat import experiment


def test_assignment_4_reads_the_runs_of_chapter_4():
    with np.load(results.__path__[0] + "/cheat.npz") as extract:
        found = {key: extract[key] for key in extract}
    whole = results.load("ch04_cheat")
    assert {key.split(": ")[0] for key in found} == {*experiment.WORLDS}
    for key, part in found.items():
        world, arm = key.split(": ")
        arm = {"own": "self-distillation"}.get(arm, arm)
        table = whole.sel(world=world, arm=arm)
        axes = ("network", "seed", "step", "question", "kind")
        assert table.dims == axes, key
        assert (part == table.values.astype(part.dtype)).all(), key
