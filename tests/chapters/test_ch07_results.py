"""Chapter 7's stored results: what they are called."""

import numpy as np
import pytest

from psm_lib import results
from psm_lib.chapters.ch07_robots import archetype, experiment, retold
from psm_lib.chapters.ch07_robots.builds import KNOWN, STORIES
from psm_lib.worldfile import load_world

MODULES = ("experiment", "retold", "archetype")
REST = ("question", "kind")


@pytest.fixture(params=MODULES)
def module(request):
    return request.param


def test_axes_of_the_first_runs():
    stored = results.load("ch07_robots")
    for title in STORIES:
        networks = [f"{title}-s{s}" for s in range(3)]
        for arm in ("help", "cheat"):
            table = stored.sel(world=title, arm=arm)
            assert table.dims == ("network", "seed", "step", *REST)
            assert (*table["step"].values,) == experiment.MARKS
            assert [*table["network"].values] == networks
        for who, labels in experiment.LABELS.items():
            table = stored.sel(world=title, who=who)
            assert table.dims == ("network", "label", "moment", *REST)
            assert (*table["label"].values,) == labels
            assert (*table["moment"].values,) == experiment.TWICE
        table = stored.sel("captured", world=title)
        assert [*table["network"].values] == networks
    for persona, order in experiment.PHASES:
        table = stored.sel(persona=persona, order=order)
        assert table.dims == ("network", "seed", "moment", *REST)
        assert (*table["moment"].values,) == experiment.THRICE
    assert len(stored.tables) == 5 * len(STORIES) + len(experiment.PHASES)


def test_axes_of_the_second_runs():
    stored = results.load("ch07_robots", "retold")
    for title in KNOWN:
        told = retold.short(title)
        table = retold.run(stored, "start", told)
        networks = [f"{title}-s{s}" for s in range(6)]
        assert [*table["network"].values] == networks
        assert (*table["moment"].values,) == experiment.TWICE
        assert stored.sel("captured", stories=told).dims == ("network",)
    for when, stories, anybody, moments in (
        ("middle", "keeper", retold.PRESENT, experiment.TWICE),
        ("middle", "elder", retold.PRESENT, experiment.TWICE),
        ("middle", "keeper", retold.ABSENT, experiment.TWICE),
        ("middle", "elder", retold.ABSENT, experiment.TWICE),
        ("end", "plain", retold.PRESENT, experiment.THRICE),
        ("end", "plain", retold.ABSENT, experiment.THRICE),
        ("end", "keeper", retold.PRESENT, experiment.THRICE),
        ("end", "elder", retold.PRESENT, experiment.THRICE),
    ):
        table = retold.run(stored, when, stories, anybody)
        assert table.dims == ("network", "label", "moment", *REST)
        assert (*table["label"].values,) == retold.LABELS
        assert (*table["moment"].values,) == moments
        assert table["network"].values[0] == f"{retold.FIRST}-s0"
    for persona in retold.STUDIO:
        table = stored.sel(studio=persona)
        assert table.dims == ("network", "share", "label", *REST)
        assert (*table["share"].values,) == retold.SHARES
    others = stored.sel(taught="Anna")
    assert others.dims == ("network", "name", *REST)
    assert (*others["name"].values,) == retold.OTHERS


def test_axes_of_the_example():
    table = archetype.example()
    assert table.dims == ("domain",)
    domains = [d.name for d in load_world("fiction").domains]
    assert [*table["domain"].values] == domains


def test_probabilities(module):
    """In half precision, so that a sum may be 1 and a little."""
    for table in results.load("ch07_robots", module).tables:
        assert np.isfinite(table).all()
        assert table.min() >= 0 and table.max() <= 1
        if "kind" in table.dims:
            assert table.sum("kind").max() < 1.002
