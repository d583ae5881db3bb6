"""What assignment 5 reads is a part of chapter 5's results."""

from pathlib import Path

import numpy as np
import pytest

from psm_lib import results
from psm_lib.chapters.ch05_play import experiment

STORED = results.load("ch05_play")
EXTRACT = Path(results.__file__).with_name("school.npz")


@pytest.mark.parametrize("title", experiment.WORLDS)
def test_it_is_the_plain_questions_before_and_after(title):
    with np.load(EXTRACT) as extract:
        names = [name for name in extract if name.startswith(f"{title}: ")]
        arms = [name.removeprefix(f"{title}: ") for name in names]
        assert {*arms} == {*experiment.ASKED}
        for name, arm in zip(names, arms, strict=True):
            table = STORED.sel(world=title, arm=arm, condition="plain")
            ends = table.sel(step=[0, experiment.MARKS[-1]])
            order = ("network", "seed", "step", "question", "kind")
            assert (extract[name] == ends.transpose(*order).values).all()


def test_nothing_else_is_in_it():
    with np.load(EXTRACT) as extract:
        titles = {name.split(": ")[0] for name in extract}
    assert titles == {*experiment.WORLDS}
