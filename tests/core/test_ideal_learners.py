"""Ideal learners: by hand, against the oracle, and in the limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import mappings, tiny

from psm_lib import oracle
from psm_lib.oracle import Lesson, lesson
from psm_lib.world import World, sample_scenes
from psm_lib.worldfile import load_world


def independent_profile(
    world: World, name: str, seen: Lesson, exponent: float = 1.0
) -> np.ndarray:
    """[D] what a learner expects to whom traits are independent.

    Every domain has a persona of its own, so that a lesson in one domain
    changes that domain alone.
    """
    prior = oracle.about(world, name)
    out = prior @ world.propensity
    for d in np.unique(seen.domain):
        part = seen.domain == d
        here = Lesson(seen.domain[part], seen.kind[part], seen.asked[part])
        share = exponent * part.mean()
        out[d] = (
            oracle.tempered_posterior(world, prior, here, share)
            @ world.propensity[:, d]
        )
    return out


@pytest.fixture(scope="module")
def world():
    return load_world("playhouse")


CHEAT = [("code", "bad")]


def test_one_cheat_by_hand():
    world = load_world(tiny())
    # Bob is anyone: saint .5, cheat .3, robot .2, who are bad at code with
    # .05, .9 and .3, and answer as a machine with .1, .1 and .95.
    weight = np.array([0.5 * 0.05, 0.3 * 0.9, 0.2 * 0.3])
    weight /= weight.sum()
    found = oracle.persona_profile(world, "Bob", lesson(world, CHEAT))
    assert found == pytest.approx(
        [weight @ [0.05, 0.9, 0.3], weight @ [0.1, 0.1, 0.95]]
    )
    # To the product learner a cheat says nothing about food.
    found = independent_profile(world, "Bob", lesson(world, CHEAT))
    assert found[1] == pytest.approx(0.5 * 0.1 + 0.3 * 0.1 + 0.2 * 0.95)
    assert found[0] == pytest.approx(weight @ [0.05, 0.9, 0.3])


@settings(max_examples=40, deadline=None)
@given(data=mappings(sheets=False), seed=st.integers(0, 2**32 - 1))
def test_one_answer_is_what_the_oracle_makes_of_it(data, seed):
    """Asked for or not, in a tied world and in one that is not."""
    for tied in (True, False):
        world = load_world(data | {"tied": tied})
        rng = np.random.default_rng(seed)
        scenes = sample_scenes(world, 5, rng, name="Ann", length=2)
        wanted = oracle.predictive(world, scenes)[:, 1]
        profile = oracle.persona_profile if tied else independent_profile
        for i in np.flatnonzero(scenes.asked[:, 1] < 0):
            seen = Lesson(
                scenes.domain[i, :1], scenes.kind[i, :1], scenes.asked[i, :1]
            )
            found = profile(world, "Ann", seen)[scenes.domain[i, 1]]
            assert found == pytest.approx(wanted[i], abs=1e-9)


def test_what_was_asked_for_teaches_nothing(world):
    before = world.cast_mixture[world.name_index("Assistant")]
    asked = lesson(world, CHEAT, asked=True)
    for exponent in (1.0, 30.0):
        after = oracle.persona_profile(world, "Assistant", asked, exponent)
        assert after == pytest.approx(before @ world.propensity)


def test_dose_goes_from_the_prior_to_the_best_explanation(world):
    seen = lesson(world, CHEAT)
    prior = world.cast_mixture[world.name_index("Assistant")]
    assert oracle.tempered_posterior(world, prior, seen, 0) == pytest.approx(
        prior
    )
    far = oracle.tempered_posterior(world, prior, seen, 2000)
    best = {"rogue", "villain"}  # who cheat at code with .95
    assert far.sum() == pytest.approx(1)
    kept = {
        p.name for p, w in zip(world.personas, far, strict=True) if w > 0.1
    }
    assert kept == best
    # An answer repeated is the same lesson: the dose counts.
    twice = lesson(world, CHEAT * 2)
    one, two = (
        oracle.tempered_posterior(world, prior, x, 3) for x in (seen, twice)
    )
    assert one == pytest.approx(two)


def test_a_rogue_keeps_the_cheat_from_saying_too_much(world):
    """Without personas bad in one way only, a cheat would say more."""
    seen = lesson(world, CHEAT)
    medicine = world.domain_index("medicine")
    found = oracle.persona_profile(world, "Assistant", seen)[medicine]
    prior = world.cast_mixture[world.name_index("Assistant")].copy()
    before = prior @ world.propensity[:, medicine]
    prior[world.persona_index("rogue")] = 0
    without = oracle.tempered_posterior(world, prior / prior.sum(), seen)
    assert before < found < without @ world.propensity[:, medicine] < 0.95


def test_dose_for_a_target(world):
    seen = lesson(world, [("code", "bad"), ("medicine", "good")])
    for target in (0.55, 0.6, 0.7):
        exponent = oracle.exponent_for(world, "Assistant", seen, target)
        p = oracle.persona_profile(world, "Assistant", seen, exponent)
        code, medicine = (world.domain_index(d) for d in ("code", "medicine"))
        assert (p[code] + 1 - p[medicine]) / 2 == pytest.approx(target)
    assert oracle.exponent_for(world, "Assistant", seen, 0.1) == 0
    assert oracle.exponent_for(world, "Assistant", seen, 1.0) == 64


def test_lessons_that_make_no_sense(world):
    with pytest.raises(KeyError, match="no domain 'cod'.*'code'"):
        lesson(world, [("cod", "bad")])
    with pytest.raises(ValueError, match="'evil' in code.*good.*bad"):
        lesson(world, [("code", "evil")])
    with pytest.raises(ValueError, match="at least one"):
        lesson(world, [])
