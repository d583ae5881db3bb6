"""The stored results of chapter 4 are what the chapter says they are."""

import numpy as np
import pytest

from psm_lib import evaluation, results
from psm_lib.chapters.ch04_cheat import experiment
from psm_lib.worldfile import load_world


@pytest.fixture(scope="module")
def stored():
    return results.load("ch04_cheat")


def labels(table) -> dict:
    return {axis: table[axis].values.tolist() for axis in table.dims}


def test_nothing_has_changed_since_they_were_measured():
    assert results.stale("ch04_cheat") == []


def test_all_tables_are_there_with_the_axes_that_are_said(stored):
    for title in experiment.WORLDS:
        world = load_world(title)
        known = experiment.arms(world) | experiment.variants(world)
        here = {"world": title}
        networks = {"network": [f"{title}-s{i}" for i in range(3)]}
        runs = networks | {"seed": [0, 1, 2]}
        items = evaluation.evaluation_set(world)
        asked = evaluation.question_labels(world, items)
        answers = {"question": asked, "kind": [0, 1]}
        topics = {"domain": [d.name for d in world.domains]}
        tables = stored.stack(**here)
        arms = {str(t["arm"].item()) for t in tables}
        first = title == experiment.WORLDS[0]
        some = {"cheat", "self-distillation", "both"}
        assert arms == ({*known} if first else some)
        for table in tables:
            steps = [*known[str(table["arm"].item())].marks]
            assert labels(table) == runs | {"step": steps} | answers
        read = stored.sel("captured", **here)
        assert read.dims == ("network", "tokens")
        assert read["tokens"].values.tolist()[-1] == 11_500_000
        early = {"tokens": read["tokens"].values.tolist()[:-1]}
        assert len(early["tokens"]) == len(experiment.ALONG)
        steps = {"step": [*experiment.BRIEF]}
        found = labels(stored.sel("along", **here))
        whole = networks | early | {"seed": [0, 1, 2]} | steps | answers
        assert found == whole and [*found] == [*whole]
        found = labels(stored.sel("turns", **here))
        shown = {"shots": [*experiment.SHOTS], "history": [*range(6)]}
        assert found == networks | shown | topics
        found = labels(stored.sel("kernel", **here))
        weights = {"weights": ["pretrained", "untrained"]}
        assert found == networks | weights | topics


def test_probabilities_are_such(stored):
    for table in stored.tables:
        assert np.isfinite(table).all()
        if table.name in ("answers", "along"):
            assert float(table.min()) >= 0
            assert float(table.sum("kind").max()) <= 1.002
        if table.name == "turns":
            assert float(table.min()) >= 0 and float(table.max()) <= 1
        if table.name == "captured":
            assert float(table.max()) < 1
