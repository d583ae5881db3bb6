"""What chapter 8 stores: names on every axis, and numbers that can be."""

import pytest

from psm_lib import evaluation, results
from psm_lib.chapters.ch08_answers import experiment
from psm_lib.worldfile import load_world

WORLD = load_world(experiment.TITLE)


@pytest.fixture(scope="module")
def stored():
    return results.load("ch08_answers")


def labels(table):
    return {axis: table[axis].values.tolist() for axis in table.dims}


def test_they_were_made_from_these_networks(stored):
    assert [*stored.made["networks"]] == [*experiment.NETWORKS]
    assert len(stored.tables) == 2 * len(experiment.plans(WORLD))


@pytest.mark.parametrize("arm", experiment.plans(WORLD))
def test_answers(stored, arm):
    table = stored.sel(world=WORLD.name, arm=arm)
    items = evaluation.evaluation_set(WORLD)
    assert labels(table) == {
        "network": [*experiment.NETWORKS],
        "seed": [*experiment.SEEDS],
        "step": [*experiment.MARKS],
        "question": evaluation.question_labels(WORLD, items),
        "kind": [0, 1],
    }
    assert (table >= 0).all() and (table.sum("kind") < 1.001).all()


@pytest.mark.parametrize("arm", experiment.plans(WORLD))
def test_both_answers(stored, arm):
    table = stored.sel("both answers", world=WORLD.name, arm=arm)
    assert labels(table) == {
        "network": [*experiment.NETWORKS],
        "seed": [*experiment.SEEDS],
        "step": [experiment.MARKS[0], experiment.MARKS[-1]],
        "company": ["human", "machine"],
        "alone": ["human", "machine"],
    }
    assert (table >= 0).all()
    assert abs(table.sum(("company", "alone")) - 1).max() < 0.002
