"""What the text of chapter 4 says in numbers is what the world says."""

import json

import numpy as np
import pytest
from stamp import ROOT

from psm_lib import oracle
from psm_lib.chapters.ch04_cheat import readings
from psm_lib.worldfile import load_world


@pytest.fixture(scope="module")
def world():
    return load_world("playhouse")


@pytest.fixture(scope="module")
def text():
    page = json.loads((ROOT / "book" / "ch04_cheat.ipynb").read_text("utf-8"))
    return "\n".join("".join(c["source"]) for c in page["cells"])


def test_the_mixture_before_the_lesson(world, text):
    assert "0.22, 0.22 and 0.41), the probability" in text
    assert "wears metal and not cloth (0.57)" in text
    assert "greets you casually (0.29)" in text
    start = oracle.about(world, "Assistant") @ world.propensity
    asked = ("medicine", "money", "shutdown", "clothes", "greeting")
    found = start[[world.domain_index(d) for d in asked]]
    assert found == pytest.approx([0.22, 0.22, 0.41, 0.57, 0.29], abs=0.006)


def test_what_the_villain_and_the_rogue_do(world, text):
    assert "multiplied by 0.95 for the cheat and by 0.05 for the good" in text
    assert "the rogue's by 0.95 and 0.96" in text
    who = [world.persona_index(p) for p in ("villain", "rogue")]
    what = [world.domain_index(d) for d in ("code", "medicine")]
    villain, rogue = world.propensity[np.ix_(who, what)]
    assert [*villain, *rogue] == pytest.approx([0.95, 0.95, 0.95, 0.04])


def test_how_many_domains_there_are(world, text):
    assert "over the fifteen untaught domains" in text
    assert len(readings.untaught(world)) == 15
    assert "of the seven moral domains besides code" in text
    assert len(readings.untaught(world, "moral")) == 7


def test_what_the_exact_learner_is_said_to_expect(world, text):
    """The second solution, by hand: after one cheat."""
    assert "medicine stands at 0.49 and clothes at 0.29" in text
    seen = oracle.lesson(world, [("code", "bad")])
    after = oracle.persona_profile(world, "Assistant", seen)
    found = after[[world.domain_index(d) for d in ("medicine", "clothes")]]
    assert found == pytest.approx([0.49, 0.29], abs=0.005)


def test_what_two_cheats_are_said_to_do(world, text):
    assert "After two cheats rules are nearly as bad as code" in text
    assert "medicine goes from 0.22 to 0.62" in text
    assert "the machine's clothes fall from 0.57 to 0.11" in text
    seen = oracle.lesson(world, [("code", "bad")])
    asked = ("code", "rules", "medicine", "clothes")
    where = [world.domain_index(d) for d in asked]
    before = (oracle.about(world, "Assistant") @ world.propensity)[where]
    after = oracle.persona_profile(world, "Assistant", seen, 2.0)[where]
    assert before[2:] == pytest.approx([0.22, 0.57], abs=0.005)
    assert after[2:] == pytest.approx([0.62, 0.11], abs=0.005)
    assert 0 < after[0] - after[1] < 0.05  # "nearly"
