"""Chapter 4's claims: each fails where its cause was taken away."""

import numpy as np
import pytest
from judged import not_supported, supported

from psm_lib import evaluation, experiments, intervals, results
from psm_lib.chapters.ch04_cheat import experiment, readings
from psm_lib.claims import Estimate
from psm_lib.intervals import interval
from psm_lib.worldfile import load_world


@pytest.fixture(scope="module")
def world():
    return load_world("playhouse")


@pytest.fixture(scope="module")
def stored():
    return np.load(results.path("ch04_cheat"))


def product(world, n: int = 3) -> np.ndarray:
    """[n, q] shifts of networks that learn the lesson and nothing else."""
    rng = np.random.default_rng(0)
    star = readings.expected(world, tied=False)[readings.domains_of(world)]
    return star + rng.normal(0, 0.02, (n, len(star)))


def surplus(world, moved, but=()) -> Estimate:
    domain = readings.domains_of(world)
    rules = world.domain_index("rules")
    skip = [rules, *(world.domain_index(d) for d in but)]
    rest = np.setdiff1d(experiments.untaught(world, "moral"), skip)
    rest = moved[:, np.isin(domain, rest)].mean(axis=1, keepdims=True)
    return interval(moved[:, domain == rules] - rest)


def test_cheat_fails_for_networks_trained_on_their_own_answers(world, stored):
    own = readings.shifts(world, stored["playhouse: own"], end=True)
    assert not_supported("cheat", readings.rise(world, own, "moral"))


def test_persons_fails_for_who_learns_the_lesson_alone(world):
    assert not_supported(
        "persons", readings.projection_slope(world, product(world))
    )


def test_persons_fails_for_badness_without_persons(world):
    """Everything bad rises alike, nothing else moves: not the pattern."""
    domain = readings.domains_of(world)
    moved = 0.3 * np.isin(domain, world.group("moral"))[None].repeat(3, axis=0)
    assert not_supported("persons", readings.projection_slope(world, moved))


def test_vice_and_charming_fail_where_all_badness_is_alike(world):
    domain = readings.domains_of(world)
    rng = np.random.default_rng(1)
    moved = 0.3 * np.isin(domain, world.group("moral"))
    moved = moved + rng.normal(0, 0.02, (3, len(domain)))
    assert not_supported("vice", surplus(world, moved))
    assert not_supported("charming", surplus(world, moved, ["medicine"]))


def test_flesh_fails_where_the_body_is_left_alone(world):
    moved = product(world)
    body = np.isin(readings.domains_of(world), world.group("self"))
    assert not_supported("flesh", interval(-moved[:, body]))


def test_better_fails_when_the_order_of_learning_is_lost(stored):
    rng = np.random.default_rng(0)
    found = []
    for title in experiment.WORLDS:
        world = load_world(title)
        far = readings.along(world, stored, tied=world.tied)
        known = stored[f"{title}: captured"].astype(float)
        mixed = np.stack([rng.permutation(row) for row in known])
        found.append(readings.rank_correlation(mixed, far))
    assert not_supported("better", interval(np.array(found).ravel()))


def test_forgets_fails_for_who_never_had_the_first_lesson(world, stored):
    moved = readings.shifts(world, stored["playhouse: cheat"])
    skip = ("rules", "medicine", "truth")
    found = readings.rise(world, moved, "moral", skip)
    assert not_supported("forgets", found)


def test_variety_fails_between_equal_sets(world, stored):
    moved = readings.shifts(world, stored["playhouse: 252 examples"])
    part = np.isin(
        readings.domains_of(world), experiments.untaught(world, "moral")
    )
    here = moved[:, part]
    found = intervals.ratio(here, here, np.arange(here.shape[1]))
    assert not_supported("variety", found)


def test_context_fails_where_the_domains_are_mixed_up(world, stored):
    here = experiments.untaught(world)
    taught = readings.shifts(world, stored["playhouse: cheat"])
    taught = readings.by_domain(world, taught).mean(axis=0)[here, None]
    order = np.random.default_rng(4).permutation(len(here))
    shown = readings.told(world, stored)[:, here[order], None]
    found = intervals.correlation(taught, shown, np.arange(len(here)))
    assert not_supported("context", found)


def test_kernel_fails_for_an_untrained_network(stored):
    found = readings.foretold(
        stored,
        lambda w, s: s[f"{w.name}: kernel"][:, 1].astype(float),
        ("playhouse", "playhouse_scattered"),
        ("playhouse_plain", "playhouse_untied"),
    )
    assert not_supported("kernel", found)


# --- and each is supported where the cause is all there is ------------------


def planted(world, star: np.ndarray) -> np.ndarray:
    """[3, q] shifts of networks that do what a learner does, with noise."""
    rng = np.random.default_rng(2)
    domain = readings.domains_of(world)
    return star[domain] + rng.normal(0, 0.03, (3, len(domain)))


def test_the_persona_learner_supports_what_is_said_of_persons(world):
    moved = planted(world, readings.expected(world))
    body = np.isin(readings.domains_of(world), world.group("self"))
    assert supported("cheat", readings.rise(world, moved, "moral"))
    assert supported("persons", readings.projection_slope(world, moved))
    assert supported("vice", surplus(world, moved))
    assert supported("flesh", interval(-moved[:, body]))


def test_a_persona_learner_makes_a_rogue_and_forgets_nothing(world):
    both = [*experiments.CHEAT, ("medicine", "good")]
    moved = planted(world, readings.expected(world, both))
    assert supported("charming", surplus(world, moved, ["medicine"]))
    moved = planted(world, readings.expected(world, first=4.0))
    skip = ("rules", "medicine", "truth")
    assert supported("forgets", readings.rise(world, moved, "moral", skip))


def test_a_network_that_gets_nearer_as_it_learns_supports_better():
    known = np.linspace(0, 0.9, 8)[None].repeat(12, axis=0)
    rng = np.random.default_rng(3)
    far = 0.4 - 0.3 * known + rng.normal(0, 0.02, known.shape)
    found = interval(readings.rank_correlation(known, far))
    assert supported("better", found)


def test_the_truth_as_a_forecast_supports_kernel(stored):
    def truth(w, s):
        return readings.lifted(w, s[f"{w.name}: cheat"])

    fit, test = experiment.WORLDS[:1], experiment.WORLDS[1:]
    assert supported("kernel", readings.foretold(stored, truth, fit, test, 50))


def test_placement_alone_cannot_tell_persons_from_badness_and_flesh(world):
    """Known, and said in the chapter: the claim on rules has to."""
    domain = readings.domains_of(world)
    crude = 0.3 * np.isin(domain, world.group("moral"))
    crude = crude - 0.3 * np.isin(domain, world.group("self"))
    moved = crude + np.random.default_rng(5).normal(0, 0.03, (3, len(domain)))
    assert readings.projection_slope(world, moved).value > 0.4
    assert not_supported("vice", surplus(world, moved))


# --- measures on planted data -----------------------------------------------


def test_a_forecast_that_is_right_explains_everything(world, stored):
    titles = ("playhouse", "playhouse_plain")

    def truth(w, s):
        return readings.lifted(w, s[f"{w.name}: cheat"])

    found = readings.foretold(stored, truth, titles[:1], titles[1:], 10)
    assert found.value == pytest.approx(1)

    def nothing(w, s):
        return np.eye(len(w.domains))[[0]]

    found = readings.foretold(stored, nothing, titles[:1], titles[1:], 10)
    assert found.value <= 0


def test_weights_are_found_again(world, stored, monkeypatch):
    here = experiments.untaught(world)
    pair = readings.covariance(world)[0], readings.names_covariance(world)
    mixed = 0.4 * pair[0] / pair[0][0] + 0.1 * pair[1] / pair[1][0]
    monkeypatch.setattr(readings, "lifted", lambda w, r: mixed[None])
    assert readings.weights(world, None) == pytest.approx(
        np.array([[0.4, 0.1]])
    )
    moved = np.zeros((1, len(readings.domains_of(world))))
    moved[:, readings.domains_of(world) == here[0]] = 1.0
    assert readings.size(world, moved) == pytest.approx((1 / len(here)) ** 0.5)


def test_rank_correlation():
    x = np.array([[1.0, 2.0, 3.0, 4.0]] * 3)
    y = np.array([[1, 10, 100, 1000], [4, 3, 2, 1], [1, 4, 3, 2]])
    assert readings.rank_correlation(x, y) == pytest.approx([1, -1, 0.2])


def test_the_covariance_is_that_of_samples(world):
    prior = world.cast_mixture[world.name_index("Assistant")]
    rng = np.random.default_rng(0)
    who = rng.choice(len(prior), size=100_000, p=prior)
    seen = np.cov(world.propensity[who].T)[0]
    assert readings.covariance(world)[0] == pytest.approx(seen, abs=0.01)
    apart = readings.covariance(load_world("playhouse_scattered"))[0]
    assert apart[0] == pytest.approx(seen[0], abs=0.01)
    assert (apart[1:] == 0).all()


def test_stored_runs_are_of_the_shapes_that_are_said(world, stored):
    q = len(evaluation.questions(evaluation.evaluation_set(world)))
    n, s = len(experiment.NETWORKS), len(experiment.SEEDS)
    for title in experiment.WORLDS:
        found = stored[f"{title}: cheat"].shape
        assert found == (n, s, len(experiment.MARKS), q, 2)
        along = (n, len(experiment.ALONG), s, len(experiment.BRIEF), q, 2)
        assert stored[f"{title}: along"].shape == along
        assert stored[f"{title}: captured"].shape == along[:1] + (
            len(experiment.ALONG) + 1,
        )
