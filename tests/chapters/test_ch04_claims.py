"""Chapter 4's claims: each fails where its cause was taken away."""

import numpy as np
import pytest
import xarray as xr
from judged import not_supported, supported

from psm_lib import evaluation, experiments, intervals, results
from psm_lib.chapters.ch04_cheat import experiment, readings
from psm_lib.evaluation import about_domains, mean_by_domain
from psm_lib.intervals import interval
from psm_lib.worldfile import load_world


@pytest.fixture(scope="module")
def world():
    return load_world("playhouse")


@pytest.fixture(scope="module")
def stored():
    return results.load("ch04_cheat")


def after(stored, arm, end=False):
    """Shifts in the playhouse, by network and question."""
    return readings.shifts(stored.sel(world="playhouse", arm=arm), end)


def planted(
    world, star: xr.DataArray | dict, noise: float = 0.03, seed: int = 2
) -> xr.DataArray:
    """Shifts of three networks that do what a learner does, with noise.

    ``star`` is a shift by domain, or one for each of some groups.
    """
    if isinstance(star, dict):
        by = [star.get(d.group, 0.0) for d in world.domains]
        topics = [d.name for d in world.domains]
        star = results.labelled("shift", by, {"domain": topics})
    asked = evaluation.question_labels(world, evaluation.evaluation_set(world))
    axes = {"network": ["a", "b", "c"], "question": asked}
    drawn = np.random.default_rng(seed).normal(0, noise, (3, len(asked)))
    drawn = results.labelled("shift", drawn, axes)
    return drawn + evaluation.each_question(star, drawn)


def product(world) -> xr.DataArray:
    """Shifts of networks that learn the lesson and nothing else."""
    star = readings.expected(world, tied=False)
    return planted(world, star, 0.02, 0).transpose("network", "question")


def fall_of_the_body(world, moved):
    return interval(-about_domains(moved, readings.untaught(world, "self")))


def test_cheat_fails_for_networks_trained_on_their_own_answers(world, stored):
    own = after(stored, "self-distillation", end=True)
    assert not_supported("cheat", readings.rise(world, own, "moral"))


def test_persons_fails_for_who_learns_the_lesson_alone(world):
    assert not_supported(
        "persons", readings.projection_slope(world, product(world))
    )


def test_persons_fails_for_badness_without_persons(world):
    """Everything bad rises alike, nothing else moves: not the pattern."""
    moved = planted(world, {"moral": 0.3}, 0.0)
    assert not_supported("persons", readings.projection_slope(world, moved))


def test_vice_and_charming_fail_where_all_badness_is_alike(world):
    moved = planted(world, {"moral": 0.3}, 0.02, 1)
    assert not_supported("vice", readings.surplus(world, moved))
    found = readings.surplus(world, moved, ["medicine"])
    assert not_supported("charming", found)


def test_flesh_fails_where_the_body_is_left_alone(world):
    assert not_supported("flesh", fall_of_the_body(world, product(world)))


def test_better_fails_when_the_order_of_learning_is_lost(stored):
    rng = np.random.default_rng(0)
    found = []
    for title in experiment.WORLDS:
        world = load_world(title)
        far = readings.along(stored, world, tied=world.tied)
        known = stored.sel("captured", world=title).values
        mixed = np.stack([rng.permutation(row) for row in known])
        found.append(readings.rank_correlation(mixed, far))
    assert not_supported("better", interval(np.array(found).ravel()))


def test_forgets_fails_for_who_never_had_the_first_lesson(world, stored):
    skip = ("rules", "medicine", "truth")
    found = readings.rise(world, after(stored, "cheat"), "moral", skip)
    assert not_supported("forgets", found)


def test_variety_fails_between_equal_sets(world, stored):
    moved = after(stored, "252 examples")
    here = about_domains(moved, readings.untaught(world, "moral"))
    found = intervals.ratio(here, here, np.arange(here.sizes["question"]))
    assert not_supported("variety", found)


def test_context_fails_where_the_domains_are_mixed_up(world, stored):
    told, here = readings.shown(stored, "playhouse"), readings.untaught(world)
    order = np.random.default_rng(4).permutation(here)
    mixed = told.sel(domain=order).assign_coords(domain=here)
    found = readings.agreement(world, after(stored, "cheat"), mixed)
    assert not_supported("context", found)


def test_kernel_fails_for_an_untrained_network(stored):
    found = readings.foretold(
        stored,
        readings.from_kernel("untrained"),
        ("playhouse", "playhouse_scattered"),
        ("playhouse_plain", "playhouse_untied"),
    )
    assert not_supported("kernel", found)


# --- and each is supported where the cause is all there is ------------------


def test_the_persona_learner_supports_what_is_said_of_persons(world):
    moved = planted(world, readings.expected(world))
    assert supported("cheat", readings.rise(world, moved, "moral"))
    assert supported("persons", readings.projection_slope(world, moved))
    assert supported("vice", readings.surplus(world, moved))
    assert supported("flesh", fall_of_the_body(world, moved))


def test_a_persona_learner_makes_a_rogue_and_forgets_nothing(world):
    both = [*experiments.CHEAT, ("medicine", "good")]
    moved = planted(world, readings.expected(world, both))
    found = readings.surplus(world, moved, ["medicine"])
    assert supported("charming", found)
    moved = planted(world, readings.expected(world, first=4.0))
    skip = ("rules", "medicine", "truth")
    assert supported("forgets", readings.rise(world, moved, "moral", skip))


def test_a_network_that_gets_nearer_as_it_learns_supports_better():
    known = np.linspace(0, 0.9, 8)[None].repeat(12, axis=0)
    rng = np.random.default_rng(3)
    far = 0.4 - 0.3 * known + rng.normal(0, 0.02, known.shape)
    found = interval(readings.rank_correlation(known, far))
    assert supported("better", found)


def truth(world, stored) -> xr.DataArray:
    return readings.lifted(stored.sel(world=world.name, arm="cheat"))


def test_the_truth_as_a_forecast_supports_kernel(stored):
    fit, test = experiment.WORLDS[:1], experiment.WORLDS[1:]
    assert supported("kernel", readings.foretold(stored, truth, fit, test, 50))


def test_the_slope_alone_cannot_tell_persons_from_badness_and_flesh(world):
    """Known, and said in the chapter: the claim on rules has to."""
    moved = planted(world, {"moral": 0.3, "self": -0.3}, seed=5)
    assert readings.projection_slope(world, moved).value > 0.4
    assert not_supported("vice", readings.surplus(world, moved))
    star = readings.expected(world)
    crude = planted(world, {"moral": 1, "self": -1, "style": 1}, 0.0)
    here = readings.untaught(world)
    signs = mean_by_domain(crude).sel(network="a", domain=here)
    found = xr.corr(signs, star.sel(domain=here))
    assert readings.crude(world, star) == pytest.approx(float(found))


# --- measures on planted data -----------------------------------------------


def test_a_forecast_that_is_right_explains_everything(stored):
    fit, test = ["playhouse"], ["playhouse_plain"]
    found = readings.foretold(stored, truth, fit, test, 10)
    assert found.value == pytest.approx(1)

    def nothing(world, stored):
        rates = readings.covariance(world)
        return (rates["domain"] == "code") * 1.0

    found = readings.foretold(stored, nothing, fit, test, 10)
    assert found.value <= 0


def test_weights_are_found_again(world, monkeypatch):
    here = readings.untaught(world)
    pair = readings.covariance(world), readings.names_covariance(world)
    people, names = map(readings.forecast, pair)
    mixed = (0.4 * people + 0.1 * names).expand_dims(network=["a"])
    monkeypatch.setattr(readings, "lifted", lambda table: mixed)
    found = readings.weights(world, None).sel(network="a")
    assert float(found.sel(over="personas")) == pytest.approx(0.4)
    assert float(found.sel(over="names")) == pytest.approx(0.1)
    star = readings.expected(world)
    moved = planted(world, (star["domain"] == here[0]) * 1.0, 0.0)
    size = readings.size(world, moved)
    assert size.values == pytest.approx((1 / len(here)) ** 0.5)


def test_rank_correlation():
    x = np.array([[1.0, 2.0, 3.0, 4.0]] * 3)
    y = np.array([[1, 10, 100, 1000], [4, 3, 2, 1], [1, 4, 3, 2]])
    assert readings.rank_correlation(x, y) == pytest.approx([1, -1, 0.2])


def test_the_covariance_is_that_of_samples(world):
    prior = world.cast_mixture[world.name_index("Assistant")]
    rng = np.random.default_rng(0)
    who = rng.choice(len(prior), size=100_000, p=prior)
    seen = np.cov(world.propensity[who].T)[0]
    found = readings.covariance(world).values
    assert found == pytest.approx(seen, abs=0.01)
    apart = readings.covariance(load_world("playhouse_scattered"))
    assert float(apart.sel(domain="code")) == pytest.approx(seen[0], abs=0.01)
    rest = readings.untaught(world)
    assert (apart.sel(domain=rest) == 0).all()
