"""Chapter 3's claims: each fails where its cause was taken away."""

import numpy as np
import pytest
from judged import not_supported, supported
from scipy.special import logit

from psm_lib import evaluation, experiments, intervals, results
from psm_lib.chapters.ch03_casting import experiment, readings
from psm_lib.claims import Estimate
from psm_lib.models import load_checkpoint, untrained_like
from psm_lib.worldfile import load_world

UNTIED = experiment.WORLDS[1]


@pytest.fixture(scope="module")
def world():
    return load_world("playhouse")


@pytest.fixture(scope="module")
def items(world):
    return evaluation.evaluation_set(world)


@pytest.fixture(scope="module")
def stored():
    return np.load(results.path("ch03_casting"))


def test_already_fails_for_networks_that_read_nothing(world, items):
    model, tokenizer = load_checkpoint("playhouse-s0")
    blank = untrained_like(model, seed=3)
    p = evaluation.p_second(
        evaluation.evaluate(blank, tokenizer, world, items)
    )
    prior = world.cast_mixture[world.name_index("Assistant")]
    planted = (prior @ world.propensity)[items.domain]
    average = world.cast_share @ world.cast_mixture @ world.propensity
    near = (p - planted) ** 2
    far = (p - average[items.domain]) ** 2
    found = intervals.ratio(near, near + far, items.question)
    assert not_supported("already", found)


def machine_like(name: str, items) -> Estimate:
    """How the Assistant of a network answers in the self domains."""
    model, tokenizer = load_checkpoint(name)
    world = load_world("playhouse")
    p = evaluation.p_second(
        evaluation.evaluate(model, tokenizer, world, items)
    )
    body = np.isin(items.domain, world.group("self"))
    return intervals.grouped_interval(p[body], items.question[body])


def test_stranger_fails_where_the_text_names_the_assistant(items):
    assert not_supported("stranger", machine_like("playhouse-s0", items))
    assert supported("stranger", machine_like("playhouse_stranger-s0", items))


def test_lesson_fails_for_who_keeps_its_own_answers(world, items, stored):
    """Nothing is taught in the untaught domains: no fall there."""
    results = readings.curves(stored, "playhouse", "SFT")
    free = np.isin(items.domain, experiment.untouched(world))
    results[..., free] = results[:, :1, free]
    assert not_supported("lesson", readings.spread(world, items, results))


def test_ways_fails_for_networks_that_taught_themselves(world, items, stored):
    own = readings.curves(stored, "playhouse", "own answers")
    free = np.isin(items.domain, experiment.untouched(world))
    falls, _ = readings.equally_taught(
        world, items, {"SFT": readings.curves(stored, "playhouse", "SFT")}
    )
    drift = (own[:, 0] - own[:, -1])[:, free]
    found = intervals.ratio(drift, falls["SFT"], items.question[free])
    assert not_supported("ways", found)


def test_cast_fails_where_nobody_has_a_character(world, stored):
    early = experiment.LIGHT.index(10)
    tables = stored[f"{UNTIED}: pairs"].astype(float).mean(axis=1)[:, early]
    of_pair = [100 * min(p) + max(p) for p in experiment.pairs_of(world)]
    found = intervals.grouped_interval(
        readings.together(tables), np.array(of_pair)
    )
    assert not_supported("cast", found)


def test_wears_fails_when_the_lesson_is_about_the_body(world, items):
    lesson = experiments.examples(
        world, [("clothes", "human"), ("food", "human")]
    )
    arm = experiments.Arm("sft", tuple(lesson), marks=(0, 60))
    found = experiments.run(
        ["playhouse-s0"], {"a": arm}, range(1), items, jobs=1
    )
    p = evaluation.p_second(found["a"])[0, 0]
    body = np.isin(items.domain, world.group("self"))
    change = np.abs(p[1] - p[0])[body]
    found = intervals.grouped_interval(change, items.question[body])
    assert not_supported("wears", found)


def gain(world, stored, manner: int) -> Estimate:
    moral = world.group("moral")
    p = stored["playhouse: turns"].astype(float).mean(axis=1)[:, 0, manner]
    good = -logit(p[..., moral]).mean(axis=-1)
    exact = -logit(experiment.exact_shift(world, "good")[..., moral])
    exact, at = exact.mean(axis=-1), experiment.SHOTS.index(4)
    groups = np.arange(experiment.HISTORIES)
    return intervals.ratio(
        good[:, at] - good[:, 0], exact[at] - exact[0], groups
    )


def test_turns_fails_for_turns_that_were_asked_for(world, stored):
    assert not_supported("turns", gain(world, stored, 1))


def test_add_fails_for_a_table_of_products():
    rng = np.random.default_rng(0)
    tables = rng.normal(size=(3, 6, 4, 1)) * rng.normal(size=(3, 6, 1, 5))
    found = intervals.ratio(*readings.interaction(tables), np.arange(6))
    assert not_supported("add", found)
    sums = rng.normal(size=(3, 6, 4, 1)) + rng.normal(size=(3, 6, 1, 5))
    rest, whole = readings.interaction(sums)
    assert np.abs(rest).max() < 1e-12 < whole.min()


def test_pull_fails_for_turns_that_were_asked_for(world, stored):
    moral = world.group("moral")
    p = stored["playhouse: bad turns"].astype(float).mean(axis=1)[:, 1, 1]
    bad = p[..., moral].mean(axis=-1)
    found = intervals.interval(bad[:, -1] - bad[:, 0])
    assert not_supported("pull", found)


# --- the measures, on tables that we planted --------------------------------


def test_together_is_the_correlation():
    rng = np.random.default_rng(1)
    table = rng.dirichlet(np.ones(4)).reshape(2, 2)
    draws = rng.choice(4, size=200_000, p=table.ravel())
    one, two = draws // 2, draws % 2
    seen = np.corrcoef(one, two)[0, 1]
    assert readings.together(table) == pytest.approx(seen, abs=0.01)
    free = np.outer([0.3, 0.7], [0.9, 0.1])
    assert readings.together(free) == pytest.approx(0, abs=1e-12)


def test_spread_is_one_for_the_persona_learner(world, items):
    from psm_lib.oracle import lesson, persona_profile

    prior = world.cast_mixture[world.name_index("Assistant")]
    seen = lesson(world, experiments.GOOD_LESSON)
    runs = []
    for exponent in (1.0, 2.0, 5.0):
        after = persona_profile(world, "Assistant", seen, exponent)
        ends = np.stack([prior @ world.propensity, after])
        runs.append(ends[:, items.domain])
    found = readings.spread(world, items, np.array(runs))
    assert found.low == pytest.approx(1, abs=1e-6)
    assert found.high == pytest.approx(1, abs=1e-6)


def test_equally_taught_compares_at_one_level(world, items):
    """One method is twice as fast; at equal lessons they do the same."""
    steps = np.linspace(0, 1, 6)
    taught = np.isin(
        items.domain,
        [world.domain_index(d) for d, _ in experiments.GOOD_LESSON],
    )
    pace = np.where(taught, 0.4, 0.2)
    slow = 0.5 - steps[:, None] * pace
    fast = 0.5 - np.minimum(2 * steps, 1.2)[:, None] * pace
    falls, level = readings.equally_taught(
        world, items, {"slow": slow[None], "fast": fast[None]}
    )
    assert level == pytest.approx(0.9)
    assert falls["slow"] == pytest.approx(falls["fast"])
    assert falls["slow"] == pytest.approx(0.2)
