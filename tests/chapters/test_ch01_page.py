"""Chapter 1: what its page writes out, and what it reads by probes."""

import re

import numpy as np
import pytest
from conftest import ROOT
from shown import shown, stored_difference

from psm_lib import evaluation, oracle
from psm_lib.chapters.ch01_characters import readings
from psm_lib.machinery import store
from psm_lib.machinery.making import checkpoint
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


@pytest.mark.parametrize("name", ["Sam", "Silas"])
@pytest.mark.parametrize("seed", range(5))
def test_bayes_rule_is_the_oracles_in_any_dialogue(world, names, seed, name):
    source = shown("ch01_characters")[0].source
    changed = source.replace("default_rng(27)", f"default_rng({seed})")
    for old, new in (
        ('persona="rogue"', 'persona="villain"'),
        ("length=3", "length=5"),
        ('name = "Sam"', f'name = "{name}"'),
    ):
        assert changed.count(old) == 1
        changed = changed.replace(old, new)
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


def test_whom_the_first_network_believes_in():
    """The sentence before the cell has the sum of what the cell prints."""
    cell = shown("ch01_characters")[1]
    printed = "".join(o.get("text", "") for o in cell.outputs)
    belief = dict(re.findall(r"^(\w+) +(\d\.\d\d)$", printed, re.MULTILINE))
    both = float(belief["villain"]) + float(belief["scoundrel"])
    text = (ROOT / "book" / "ch01_characters.ipynb").read_text("utf-8")
    assert f"in a villain or a scoundrel with {both:.2f}; Sam is a" in text


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
