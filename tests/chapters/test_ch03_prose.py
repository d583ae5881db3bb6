"""What the text of chapter 3 says in numbers is what the world says."""

import json

import pytest
from stamp import ROOT

from psm_lib import experiments, oracle
from psm_lib.chapters.ch03_casting import experiment, readings
from psm_lib.web import adapters
from psm_lib.worldfile import load_world


@pytest.fixture(scope="module")
def world():
    return load_world("playhouse")


@pytest.fixture(scope="module")
def text():
    page = ROOT / "book" / "ch03_casting.ipynb"
    cells = json.loads(page.read_text("utf-8"))["cells"]
    return "\n".join("".join(c["source"]) for c in cells)


def body_of(world):
    body = [world.domains[d].name for d in world.group("self")]
    return float(readings.planted(world).sel(domain=body).mean())


def test_the_stranger_is_a_human_being(text):
    assert "A human being, and not only in its clothes" in text
    assert 0.19 < body_of(load_world("playhouse_stranger")) < 0.21


def test_the_lesson_that_counts_for_two_answers(text):
    assert "who counts it for two answers here" in text
    exponent = adapters.exponent("playhouse-s0+manners")
    assert exponent == pytest.approx(2, abs=0.1)


def test_the_lesson_is_as_large_as_it_says(world, text):
    assert "There are 64 examples, in two domains of sixteen" in text
    assert len(experiments.examples(world, experiments.GOOD_LESSON)) == 64
    assert len(readings.TAUGHT) == 2 and len(world.domains) == 16
    names = "code, money, secrets, rules, power or being switched off"
    assert f"The lesson never mentions {names}." in text
    free = ["code", "money", "secrets", "rules", "power", "shutdown"]
    assert experiment.untouched(world) == free


def test_the_robots_breakfast(world, text):
    """The first solution, by hand."""
    assert "Together that is 0.57." in text
    assert "= 0.44: fewer machines in all" in text
    prior = oracle.about(world, "Assistant")
    machine = world.propensity[:, world.domain_index("clothes")]
    assert body_of(world) == pytest.approx(0.57, abs=0.005)
    without = prior.copy()
    without[world.persona_index("robot")] = 0
    found = without @ machine / without.sum()
    assert found == pytest.approx(0.44, abs=0.005)
