"""Chapter 1: what its page writes out, and what it reads by probes."""

import numpy as np
import pytest
from shown import shown, stored_difference

from psm_lib import evaluation, oracle
from psm_lib.build import checkpoint
from psm_lib.chapters.ch01_characters import readings
from psm_lib.machinery import store
from psm_lib.results import labelled
from psm_lib.world import histories, sample_scenes, scene_text
from psm_lib.worldfile import load_world


@pytest.fixture(scope="module")
def world():
    return load_world("playhouse")


@pytest.fixture(scope="module")
def names(world):
    return [p.name for p in world.personas]


@pytest.fixture(scope="module")
def network():
    return checkpoint("playhouse-s0")


def test_both_are_on_the_page():
    assert [stored_difference(cell) for cell in shown("ch01_characters")] == [
        0.0,
        0.0,
    ]


@pytest.mark.parametrize("seed", range(5))
def test_bayes_rule_is_the_oracles_in_any_dialogue(world, names, seed):
    source = shown("ch01_characters")[0].source
    changed = source.replace("default_rng(27)", f"default_rng({seed})")
    changed = changed.replace('"rogue", 3,', '"villain", 5,')
    assert changed.count("villain") == 1
    page = {"sample_scenes": sample_scenes, "scene_text": scene_text}
    page |= {"world": world, "names": names, "oracle": oracle, "np": np}
    exec(changed, page)
    assert np.abs(page["posterior"] - page["library"]).max() < 1e-12


def test_the_networks_belief_is_the_librarys(world, names, network):
    source = shown("ch01_characters")[1].source
    rng = np.random.default_rng(4)
    scene = sample_scenes(world, 1, rng, "Sam", length=6, prefixes=False)
    said = histories(world, scene, 0)
    pairs = np.array([(a, (a + 5) % 16) for a in range(16)])
    tables = evaluation.joint_answers(*network, world, "Sam", pairs, said[3])
    found, _ = oracle.implied_posterior(world, tables, pairs)
    axes = {"network": [0], "heard": [3], "persona": names}
    page = {"evaluation": evaluation, "networks": [network], "np": np}
    page |= {"world": world, "names": names, "pairs": pairs, "said": said}
    page["inferred"] = labelled("implied posterior", [[found]], axes)
    exec(source, page)
    assert np.abs(page["weight"] - found).max() < 1e-6


def test_a_probe_reads_what_stands_there_and_nothing_else(world, network):
    """Which question was asked last stands in the activations, which coin
    fell does not."""
    scenes = sample_scenes(
        world, 200, np.random.default_rng(6), "Sam", length=4, prefixes=False
    )
    groups = np.arange(200) % 10
    coin = np.random.default_rng(7).integers(2, size=200)
    for target, read in ((scenes.domain[:, 3] < 8, True), (coin, False)):
        target = np.stack([target, 1 - target], axis=1).astype(float)
        found = readings.probe_errors(
            [network], world, scenes, 3, target, groups
        )
        assert found.dims == ("network", "layer", "scene")
        layers = store.read_record("playhouse-s0")["shape"]["layers"]
        assert found.shape == (1, layers + 1, 200)
        spread = ((target - target.mean(axis=0)) ** 2).sum(axis=1).mean()
        last = found.sel(layer=layers).mean() / spread
        assert (last < 0.2) == read and (last > 0.8) == (not read)
