"""What chapter 5 stores: names on every axis, and numbers that can be."""

import pytest

from psm_lib import evaluation, results
from psm_lib.chapters.ch05_play import experiment
from psm_lib.worldfile import load_world


@pytest.fixture(scope="module")
def stored():
    return results.load("ch05_play")


def networks(title):
    return [f"{title}-s{seed}" for seed in range(3)]


def plain_questions(world):
    plain = experiment.evaluation_set(world, ["plain"])
    return evaluation.question_labels(world, plain)


def labels(table):
    return {axis: table[axis].values.tolist() for axis in table.dims}


def test_they_were_made_from_these_networks(stored):
    assert [*stored.made["networks"]] == [*experiment.NETWORKS]


@pytest.mark.parametrize("title", experiment.WORLDS)
def test_answers(stored, title):
    world = load_world(title)
    assert len(stored.stack(world=title)) == len(experiment.arms(world))
    for arm in experiment.arms(world):
        table = stored.sel(world=title, arm=arm)
        assert labels(table) == {
            "network": networks(title),
            "seed": [*experiment.SEEDS],
            "step": [*experiment.MARKS],
            "condition": [*experiment.prefixes(world)],
            "question": plain_questions(world),
            "kind": [0, 1],
        }
        assert (table >= 0).all() and (table.sum("kind") < 1.001).all()


@pytest.mark.parametrize("manner", experiment.MANNERS)
def test_single_prefixes(stored, manner):
    found = stored.stack("plainly", manner=manner)
    assert [t["world"].item() for t in found] == [*experiment.WORLDS[:2]]
    for after in found:
        world = load_world(after["world"].item())
        assert labels(after) == {
            "network": networks(world.name),
            "prefix": [*experiment.MANNERS[manner](world)],
            "moment": ["before", "after"],
            "question": plain_questions(world),
        }
        before = stored.sel("elicited", world=world.name, manner=manner)
        assert before.dims == ("network", "prefix")
        for table in (before, after):
            assert (table >= 0).all() and (table <= 1).all()
