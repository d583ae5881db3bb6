"""The stored results of chapter 3 are what the chapter says they are."""

import numpy as np
import pytest

from psm_lib import evaluation, results
from psm_lib.chapters.ch03_casting import experiment
from psm_lib.worldfile import load_world


@pytest.fixture(scope="module")
def stored():
    return results.load("ch03_casting")


def labels(table) -> dict:
    return {axis: table[axis].values.tolist() for axis in table.dims}


def test_all_tables_are_there_with_the_axes_that_are_said(stored):
    for title in experiment.WORLDS:
        world = load_world(title)
        runs = {"network": [f"{title}-s{i}" for i in range(3)]}
        runs["seed"] = [0, 1, 2]
        items = evaluation.evaluation_set(world)
        asked = {
            "question": evaluation.question_labels(world, items),
            "prefix": [*experiment.PREFIXES],
            "kind": [0, 1],
        }
        for way, arm in experiment.arms(world).items():
            found = labels(stored.sel(world=title, arm=way))
            whole = runs | {"step": [*arm.marks]} | asked
            assert found == whole and [*found] == [*whole]
        pairs = {"pair": experiment.pair_labels(world)}
        pairs |= {"first": [0, 1], "second": [0, 1]}
        found = labels(stored.sel("pairs", world=title))
        assert found == runs | {"step": [*experiment.LIGHT]} | pairs
        shown = {"shots": [*experiment.SHOTS], "history": [*range(6)]}
        shown["domain"] = [d.name for d in world.domains]
        tables = stored.stack("turns", world=title)
        tied = title == experiment.WORLDS[0]
        assert len(tables) == (len(experiment.MANNERS) if tied else 0)
        for table in tables:
            steps = [*experiment.steps_of(str(table["manner"].item()))]
            assert labels(table) == runs | {"step": steps} | shown


def test_probabilities_are_such(stored):
    for table in stored.tables:
        assert np.isfinite(table).all()
        assert float(table.min()) >= 0 and float(table.max()) <= 1
        if table.name == "answers":
            assert float(table.sum("kind").max()) <= 1.002
        if table.name == "pairs":
            assert np.allclose(table.sum(("first", "second")), 1, atol=0.002)
