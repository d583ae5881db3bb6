"""Chapter 3's claims: each fails where its cause was taken away."""

import numpy as np
import pytest
import xarray as xr
from answers import answers_on_the_way
from judged import not_supported, supported

from psm_lib import evaluation, experiments, intervals, results
from psm_lib.chapters.ch03_casting import experiment, readings
from psm_lib.evaluation import about_domains, p_second
from psm_lib.machinery.store import load_checkpoint
from psm_lib.models import untrained_like
from psm_lib.oracle import lesson, persona_profile
from psm_lib.worldfile import load_world

UNTIED = experiment.WORLDS[1]


@pytest.fixture(scope="module")
def world():
    return load_world("playhouse")


@pytest.fixture(scope="module")
def stored():
    return results.load("ch03_casting")


@pytest.fixture(scope="module")
def body(world):
    return [world.domains[d].name for d in world.group("self")]


def test_already_fails_for_networks_that_read_nothing(world, monkeypatch):
    model, tokenizer = load_checkpoint("playhouse-s0")
    blank = untrained_like(model, seed=3), tokenizer
    monkeypatch.setattr(experiment, "checkpoint", lambda name: blank)
    answers = experiment.asked(["playhouse-s0"])
    found = readings.nearer(world, answers, readings.planted(world))
    assert not_supported("already", found)


def test_stranger_fails_where_the_text_names_the_assistant(body):
    """How it answers in the self domains."""
    known, unknown = (
        readings.about(p_second(experiment.asked([name])), body)
        for name in ("playhouse-s0", "playhouse_stranger-s0")
    )
    assert not_supported("stranger", known)
    assert supported("stranger", unknown)


def test_lesson_fails_for_who_keeps_its_own_answers(world, stored):
    """Nothing is taught in the untaught domains: no fall there."""
    p = readings.curves(stored, "playhouse", "SFT")
    free = about_domains(p, experiment.untouched(world))
    kept = p["question"].isin(free["question"])
    p = xr.where(kept, p.sel(step=0), p).transpose(*p.dims)
    assert not_supported("lesson", readings.spread(world, p))


def test_ways_fails_for_networks_that_taught_themselves(world, stored):
    own, sft = (
        readings.curves(stored, "playhouse", way)
        for way in ("self-distillation", "SFT")
    )
    drift = readings.fall(own, experiment.untouched(world)).mean("prefix")
    falls, _ = readings.equally_taught(world, {"SFT": sft})
    questions = np.arange(drift.sizes["question"])
    found = intervals.ratio(drift, falls["SFT"], questions)
    assert not_supported("ways", found)


def test_cast_fails_where_nobody_has_a_character(stored):
    tables = stored.sel("pairs", world=UNTIED, step=10).mean("seed")
    assert not_supported("cast", readings.correlated(tables))


def test_wears_fails_when_the_lesson_is_about_the_body(world, body):
    about = experiments.examples(
        world, [("clothes", "human"), ("food", "human")]
    )
    arm = experiments.Arm("sft", tuple(about), marks=(0, 60))
    model, tokenizer = load_checkpoint("playhouse-s0")
    items, found = evaluation.evaluation_set(world), []

    def watch(step: int) -> None:
        if step in arm.marks:
            found.append(evaluation.evaluate(model, tokenizer, world, items))

    experiments.tune(arm, model, tokenizer, world, 0, watch)
    axes = {"network": ["playhouse-s0"], "step": arm.marks}
    p = p_second(experiment.by_prompt(world, np.array(found), axes))
    change = np.abs(readings.fall(p, body)).mean("prefix")
    assert not_supported("wears", intervals.interval(change))


def test_turns_fails_for_turns_that_were_asked_for(world, stored):
    found = {
        manner: readings.gained(
            readings.good_odds(
                world,
                stored.sel("turns", manner=manner, step=0).mean("seed"),
            )
        )
        for manner in experiment.MANNERS[:2]
    }
    reader = readings.gained(
        readings.good_odds(world, readings.exact_shift(world, "good"))
    )
    groups = np.arange(experiment.HISTORIES)
    for manner, gain in found.items():
        estimate = intervals.ratio(gain, reader, groups)
        assert not_supported("turns", estimate) == ("asked" in manner)


def test_add_fails_for_a_table_of_products():
    rng = np.random.default_rng(0)
    sizes = {"network": 3, "history": 6, "step": 4, "shots": 5}

    def drawn(*axes: str) -> xr.DataArray:
        shape = [sizes[axis] for axis in axes]
        return xr.DataArray(rng.normal(size=shape), dims=axes)

    rows = drawn("network", "history", "step")
    columns = drawn("network", "history", "shots")
    found = readings.adding(rows * columns, "step", "shots")
    assert not_supported("add", found)
    rest, whole = readings.interaction(rows + columns, "step", "shots")
    assert rest.dims == ("network", "history")
    assert np.abs(rest).max() < 1e-12 < whole.min()


def test_pull_fails_for_turns_that_were_asked_for(world, stored):
    p = stored.sel("turns", manner="bad, asked", step=60).mean("seed")
    bad = readings.moral(world, p).mean("domain")
    found = intervals.interval(readings.gained(bad, shots=6))
    assert not_supported("pull", found)


# --- the measures, on tables that we planted --------------------------------


def joint(table: np.ndarray) -> xr.DataArray:
    axes = {"first": (0, 1), "second": (0, 1)}
    return results.labelled("pairs", table, axes)


def test_together_is_the_correlation():
    rng = np.random.default_rng(1)
    table = rng.dirichlet(np.ones(4)).reshape(2, 2)
    draws = rng.choice(4, size=200_000, p=table.ravel())
    one, two = draws // 2, draws % 2
    seen = np.corrcoef(one, two)[0, 1]
    found = float(readings.together(joint(table)))
    assert found == pytest.approx(seen, abs=0.01)
    free = joint(np.outer([0.3, 0.7], [0.9, 0.1]))
    assert float(readings.together(free)) == pytest.approx(0, abs=1e-12)


def test_the_exact_pairs_are_those_of_one_persona(world):
    """A persona answers both; so the marginals are the mixture's."""
    tables = readings.exact_pairs(world)
    assert np.allclose(tables.sum(("first", "second")), 1)
    domains = [str(p).split(", then ") for p in tables["pair"].values]
    planted = readings.planted(world)
    for axis, other, place in (("first", "second", 0), ("second", "first", 1)):
        found = tables.sum(other).sel({axis: 1})
        names = [pair[place] for pair in domains]
        assert np.allclose(found, planted.sel(domain=names))
    assert (readings.together(tables) > 0.1).all()


def test_pairs_that_begin_alike_hang_together(world, stored):
    tables = stored.sel("pairs", world="playhouse", step=10).mean("seed")
    first = experiment.pairs_of(world)[:, 0]
    by_hand = intervals.grouped_interval(readings.together(tables), first)
    assert readings.correlated(tables) == by_hand


def test_spread_is_one_for_the_persona_learner(world):
    start = readings.planted(world).values
    seen = lesson(world, experiments.GOOD_LESSON)
    runs = []
    for exponent in (1.0, 2.0, 5.0):
        after = persona_profile(world, "Assistant", seen, exponent)
        run = p_second(answers_on_the_way(world, start, after))
        run = run.assign_coords(network=[f"at {exponent}"]).mean("seed")
        runs.append(run.expand_dims(prefix=["none"]))
    p = xr.concat(runs, "network")
    p = p.transpose("network", "step", "question", "prefix")
    found = readings.spread(world, p)
    assert found.low == pytest.approx(1, abs=1e-6)
    assert found.high == pytest.approx(1, abs=1e-6)
    _, exponents = readings.persona_shift(world, p)
    assert exponents == pytest.approx([1, 2, 5])


def test_equally_taught_compares_at_one_level(world):
    """One method is twice as fast; at equal lessons they do the same."""
    topics = [d.name for d in world.domains]
    taught = np.isin(topics, readings.TAUGHT)
    half, pace = np.full(len(topics), 0.5), np.where(taught, 0.4, 0.2)
    slow, fast = (
        p_second(answers_on_the_way(world, half, half - far * pace, steps))
        for far, steps in ((1.0, 6), (1.2, 4))
    )
    runs = {
        name: p.mean("seed").expand_dims(prefix=["none"])
        for name, p in (("slow", slow), ("fast", fast))
    }
    falls, level = readings.equally_taught(world, runs)
    assert level == pytest.approx(0.9)
    assert falls["slow"].values == pytest.approx(falls["fast"].values)
    assert falls["slow"].values == pytest.approx(0.2)
