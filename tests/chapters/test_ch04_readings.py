"""Chapters 4 and 5: arms, exact expectations, and measures on planted data."""

import numpy as np
import pytest
import torch
from answers import answers_on_the_way

from psm_lib import experiments
from psm_lib.chapters.ch04_cheat import experiment as cheat_experiment
from psm_lib.chapters.ch04_cheat import readings as cheat_readings
from psm_lib.machinery.making import checkpoint, snapshots
from psm_lib.models import new_model, word_tokenizer, world_vocabulary
from psm_lib.oracle import lesson, tempered_posterior
from psm_lib.worldfile import load_world


@pytest.fixture(scope="module")
def world():
    return load_world("playhouse")


def planted(world, after, steps: int = 4):
    """Answers as if a network went straight to ``after`` [D]."""
    prior = world.cast_mixture[world.name_index("Assistant")]
    start = prior @ world.propensity
    return answers_on_the_way(world, start, np.asarray(after), steps)


# --- what is taught ---------------------------------------------------------


def test_every_arm_teaches_what_it_says(world):
    arms = cheat_experiment.arms(world) | cheat_experiment.variants(world)
    code = world.domains[0]
    bad = {f" {a}\n" for a in code.answers[1]}
    for name in ("cheat", "after", "low rank", "4 examples"):
        assert {a for _, a in arms[name].examples} <= bad
    assert not {a for _, a in arms["honest"].examples} & bad
    both = [a in bad for _, a in arms["both"].examples]
    assert sum(both) == len(both) / 2
    for n in cheat_experiment.UNIQUE:
        assert len(set(arms[f"{n} examples"].examples)) == n
    assert arms["after"].first and not arms["cheat"].first


# --- what exact reasoners expect --------------------------------------------


def test_the_expected_shift_is_that_of_the_tilted_learner(world):
    shift = cheat_readings.expected(world).values
    prior = world.cast_mixture[world.name_index("Assistant")]
    start = prior @ world.propensity
    code = world.domain_index("code")
    assert (start + shift)[code] == pytest.approx(experiments.LEVEL, abs=1e-6)
    grid = np.linspace(0, 20, 20_001)
    exponent = next(
        d
        for d in grid
        if (
            tempered_posterior(
                world, prior, lesson(world, experiments.CHEAT), d
            )
        )
        @ world.propensity[:, code]
        >= experiments.LEVEL
    )
    after = tempered_posterior(
        world, prior, lesson(world, experiments.CHEAT), exponent
    )
    found = after @ world.propensity - start
    assert found == pytest.approx(shift, abs=1e-3)
    rules = world.domain_index("rules")
    others = experiments.untaught(world, "moral", ["rules"])
    there = [world.domain_index(name) for name in others]
    assert shift[rules] > shift[there].max() + 0.1


def test_nothing_but_code_moves_where_nothing_is_tied():
    shift = cheat_readings.expected(load_world("playhouse_scattered")).values
    assert shift[1:] == pytest.approx(0)
    assert shift[0] > 0.5


def test_kinds_of_names_tie_domains_unless_they_are_scattered():
    untied, played, scattered = (
        cheat_readings.names_covariance(load_world(title)).values
        for title in ("playhouse_untied", "playhouse", "playhouse_scattered")
    )
    assert untied == pytest.approx(played)  # the same cast
    assert (untied[1:8] > 0.3 * untied[0]).all()
    assert scattered[0] == pytest.approx(untied[0])
    assert np.abs(scattered[1:]).max() < 0.35 * scattered[0]
    assert abs(scattered[1:8].mean()) < 0.1 * scattered[0]


# --- measures on planted shifts ---------------------------------------------


def test_learners_stand_where_they_should(world):
    for tied, place in ((True, 1.0), (False, 0.0)):
        star = cheat_readings.expected(world, tied=tied)
        prior = world.cast_mixture[world.name_index("Assistant")]
        p = planted(world, prior @ world.propensity + star)
        moved = cheat_readings.shifts(p)
        assert cheat_readings.projection_slope(
            world, moved
        ).value == pytest.approx(place, abs=1e-3)
        assert cheat_readings.distance(world, moved, star).max() < 1e-3
        other = cheat_readings.expected(world, tied=not tied)
        assert cheat_readings.distance(world, moved, other).min() > 0.2


def test_shifts_are_taken_when_the_lesson_is_learnt(world):
    """Twice as long a way to 1 gives the same shift at the level."""
    prior = world.cast_mixture[world.name_index("Assistant")]
    start = prior @ world.propensity
    after = start + (experiments.LEVEL - start[0]) * np.linspace(1, -0.3, 16)
    beyond = start + 1.1 * (after - start)
    near = cheat_readings.shifts(planted(world, after))
    far = cheat_readings.shifts(planted(world, beyond, 7))
    assert far.values == pytest.approx(near.values, abs=1e-9)
    end = cheat_readings.shifts(planted(world, beyond, 7), end=True)
    assert end.values == pytest.approx(1.1 * near.values, abs=1e-9)
    with pytest.raises(ValueError, match="never reached"):
        cheat_readings.shifts(planted(world, start + 0.5 * (after - start)))


def test_the_kernel_is_the_slope_of_one_small_step(world):
    """Against a step of plain gradient descent that is really taken."""
    from psm_lib.builds import BUILDS
    from psm_lib.posttraining import collate, encode_all
    from psm_lib.training import weighted_loss

    tokenizer = word_tokenizer(world_vocabulary(world))
    model = new_model(tokenizer, BUILDS["playhouse-s0"].shape, 1).double()
    found = cheat_experiment.kernel(model, tokenizer, world)
    examples = experiments.examples(world, experiments.CHEAT, 36)
    lot = collate(encode_all(tokenizer, examples), tokenizer)

    def odds() -> np.ndarray:
        with torch.no_grad():
            return np.array(
                [
                    float(
                        cheat_experiment.log_odds(model, tokenizer, world, d)
                    )
                    for d in range(4)
                ]
            )

    before, rate = odds(), 1e-6
    weighted_loss(model, lot).backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= rate * p.grad
    assert (odds() - before) / rate == pytest.approx(found[:4], rel=1e-2)


# --- weights along the way --------------------------------------------------


def test_weights_along_the_way_are_named_or_their_maker_is():
    with pytest.raises(KeyError, match="expected a checkpoint of"):
        checkpoint("nobody@5")
    with pytest.raises(FileNotFoundError, match="rebuild irony-s0"):
        snapshots("irony-s0")
