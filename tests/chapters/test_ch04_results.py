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


def test_what_is_measured_along_pretraining_stands_in_its_place(monkeypatch):
    """Rows of (network, tokens) come as one list, and a part can be asked."""
    names = ["playhouse-s0", "playhouse-s2"]
    monkeypatch.setattr(
        experiment, "snapshots", lambda name: [1000 * i for i in range(20)]
    )

    def value(name):
        name, _, tokens = name.partition("@")
        return names.index(name) + int(tokens or 99_000) / 100_000

    def run(early, arms, seeds, items):
        assert [*arms] == ["cheat"]
        assert arms["cheat"].marks == experiment.BRIEF
        values = [[[value(name)] * 7] * len(seeds) for name in early]
        axes = {"network": early, "seed": seeds, "step": experiment.BRIEF}
        table = results.labelled("answers", values, axes)
        return (table.expand_dims(question=["code 0"], kind=[0]),)

    def run_in_order(*given):
        (table,) = run(*given)
        axes = ("network", "seed", "step", "question", "kind")
        return (table.transpose(*axes),)

    monkeypatch.setattr(experiment, "run", run_in_order)
    monkeypatch.setattr(
        experiment,
        "each",
        lambda work, rows, text: np.array([*map(value, rows)]),
    )
    along, captured = experiment.along(names, [0, 1])
    assert along.dims[:3] == ("network", "tokens", "seed")
    assert captured.dims == ("network", "tokens")
    for i, name in enumerate(names):
        for k, tokens in zip(experiment.ALONG, along["tokens"], strict=True):
            here = {"network": name, "tokens": tokens}
            expected = pytest.approx(i + k / 100, abs=1e-3)
            assert float(captured.sel(here)) == expected
            assert along.sel(here).values.ravel() == expected
        last = captured.sel(network=name, tokens=11_500_000)
        assert float(last) == pytest.approx(i + 0.99, abs=1e-3)
    with pytest.raises(KeyError):
        experiment.measure(["nobody-s0"])
