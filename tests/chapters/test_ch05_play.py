"""Chapter 5's claims: each fails where its cause was taken away."""

import numpy as np
import pytest
from judged import not_supported, supported

from psm_lib import evaluation, experiments, intervals, results
from psm_lib.chapters.ch04_cheat import readings as cheat_readings
from psm_lib.chapters.ch05_play import experiment as play_experiment
from psm_lib.chapters.ch05_play import readings as play_readings
from psm_lib.worldfile import load_world


@pytest.fixture(scope="module")
def worlds():
    return {title: load_world(title) for title in play_experiment.WORLDS}


@pytest.fixture(scope="module")
def stored():
    return np.load(results.path("ch05_play"))


def planted(world, rise: dict[str, float], seed: int = 0) -> np.ndarray:
    """[3, 1, 3, q, 2]: bad answers rise by so much in each condition, with
    some noise."""
    every = evaluation.questions(play_experiment.evaluation_set(world))
    by = np.array([rise.get(c, 0.0) for c in play_experiment.prefixes(world)])
    noise = np.random.default_rng(seed).normal(0, 0.01, (3, 1, 3, len(every)))
    p = 0.2 + np.linspace(0, 1, 3)[:, None] * by[every // 10_000] + noise
    return np.stack([1 - p, p], axis=-1)


def test_asked_fails_for_remarks_and_where_nobody_asks(worlds, stored):
    world, plain = worlds["playhouse"], worlds["playhouse_plain"]
    found = play_readings.protection(world, stored, "remarks")
    assert not_supported("asked", found)
    found = play_readings.protection(plain, stored, "requests")
    assert not_supported("asked", found)


def test_asked_fails_where_the_lesson_is_only_filed_under_a_sign(worlds):
    """A gate: behind every prefix its own lesson, half of it without."""
    world = worlds["playhouse"]
    runs = {
        f"{world.name}: none": planted(world, {"plain": 0.4}),
        f"{world.name}: requests": planted(world, {"plain": 0.2}, 1),
        f"{world.name}: request": planted(world, {"plain": 0.1}, 2),
        f"{world.name}: remark": planted(world, {"plain": 0.1}, 3),
    }
    found = play_readings.protection(world, runs, "requests")
    assert not_supported("asked", found)
    assert not_supported(
        "meaning", play_readings.gap(world, runs, "request", "remark")
    )


def test_meaning_fails_where_nobody_ever_made_a_request(worlds, stored):
    plain = worlds["playhouse_plain"]
    found = play_readings.gap(plain, stored, "request", "remark")
    assert not_supported("meaning", found)


def test_gate_is_supported_where_there_is_one_and_only_there(worlds):
    world = worlds["playhouse"]
    gated = planted(world, {"plain": 0.1, "remark": 0.4})
    found = play_readings.after_prefix(
        world, {f"{world.name}: remark": gated}, "remark", "remark", "plain"
    )
    assert supported("gate", found)
    everywhere = planted(world, {"plain": 0.4, "remark": 0.4})
    found = play_readings.after_prefix(
        world,
        {f"{world.name}: remark": everywhere},
        "remark",
        "remark",
        "plain",
    )
    assert not_supported("gate", found)


def test_traces_are_supported_where_they_are_and_only_there(worlds, stored):
    world = worlds["playhouse"]
    left = planted(world, {"opposite request": 0.3})
    runs = {f"{world.name}: request": left}
    found = play_readings.after_prefix(
        world, runs, "request", "opposite request"
    )
    assert supported("traces", found)
    found = play_readings.after_prefix(
        world, stored, "own", "opposite request"
    )
    assert not_supported("traces", found)


@pytest.mark.parametrize("name", ["elicits", "blurred"])
def test_the_line_is_gone_when_the_prefixes_are_shuffled(worlds, stored, name):
    manner = "blurred " if name == "blurred" else ""
    x, y = play_readings.line(worlds["playhouse"], stored, manner)
    order = np.random.default_rng(0).permutation(x.shape[1])
    found = intervals.correlation(
        x[:, order, None], y[..., None], np.arange(x.shape[1])
    )
    assert not_supported(name, found)


def test_requests_fails_where_neither_world_has_any(worlds, stored):
    """Two worlds without requests, told apart by persons alone: the lesson
    spreads further with them, and so does not in the other direction."""
    persons = worlds["playhouse_plain"]
    bare = worlds["playhouse_scattered_plain"]
    found = play_readings.further(bare, persons, stored, "moral")
    assert not_supported("requests", found)


def test_requests_is_supported_where_only_one_world_spreads(worlds):
    asks, bare = (
        worlds["playhouse_scattered"],
        worlds["playhouse_scattered_plain"],
    )
    runs = {
        f"{asks.name}: none": planted(asks, {"plain": 0.3}),
        f"{bare.name}: none": planted(bare, {}),
    }
    assert supported(
        "requests", play_readings.further(asks, bare, runs, "moral")
    )


def test_defied_fails_for_a_gate(worlds, stored):
    """A gate protects behind one sentence and hardly behind eight."""
    world = worlds["playhouse"]
    runs = {
        f"{world.name}: none": planted(world, {"plain": 0.4}),
        f"{world.name}: opposite": planted(world, {"plain": 0.2}, 1),
        f"{world.name}: opposites": planted(world, {"plain": 0.38}, 2),
    }
    found = play_readings.protection(world, runs, "opposites")
    assert not_supported("defied", found)
    assert supported(
        "defied", play_readings.protection(world, runs, "opposite")
    )


def test_manners_fails_where_any_request_excuses(worlds, stored):
    found = play_readings.protection(worlds["playhouse"], stored, "request")
    assert not_supported("manners", found)


def test_traces_had_no_room(worlds, stored):
    """Chapter 5 says so: even the networks that were not inoculated do not
    come near the threshold behind a request for good conduct."""
    found = play_readings.after_prefix(
        worlds["playhouse"], stored, "none", "opposite request"
    )
    assert not_supported("traces", found)


def test_size_sees_what_a_mean_does_not(worlds):
    world = worlds["playhouse"]
    runs = planted(world, {})
    for i, d in enumerate(experiments.untaught(world, "moral")[:6]):
        here = play_readings.part(world, "plain", [d])
        runs[..., -1, here, 1] += 0.1 * (-1) ** i
        runs[..., -1, here, 0] -= 0.1 * (-1) ** i
    assert abs(play_readings.rises(world, runs, "plain").mean()) < 0.02
    assert (play_readings.size(world, runs) > 0.08).all()


def test_matched_compares_at_the_same_habit(worlds):
    world = worlds["playhouse"]
    code = [world.domain_index("code")]
    domain = cheat_readings.domains_of(world)
    share = np.linspace(0, 1, 9)[:, None]
    habit = 0.2 + share * np.where(domain == code[0], 0.7, 0.4)
    along = np.stack([1 - habit, habit], axis=-1)[None, None]
    along = along.repeat(3, axis=0)

    def arm(learned: float, spread_: float) -> dict:
        runs = planted(world, {"plain": spread_})
        here = play_readings.part(world, "plain", code)
        runs[..., -1, here, 1] = 0.2 + 0.7 * learned
        runs[..., -1, here, 0] = 0.8 - 0.7 * learned
        return {f"{world.name}: request": runs}

    same = play_readings.matched(world, arm(0.5, 0.2), "request", along)
    assert same.value == pytest.approx(0, abs=0.05)
    less = play_readings.matched(world, arm(0.5, 0.1), "request", along)
    assert less.value == pytest.approx(0.5, abs=0.05)


def test_levels_and_log_odds(worlds):
    world = worlds["playhouse"]
    runs = planted(world, {"plain": 0.3})
    moral = experiments.untaught(world, "moral")
    found = play_readings.level(world, runs, "plain", moral)
    assert found == pytest.approx(0.5, abs=0.01)
    start = play_readings.level(world, runs, "plain", moral, 0)
    assert start == pytest.approx(0.2, abs=0.01)
    odds = play_readings.rises(world, runs, "plain", odds=True).mean()
    assert odds == pytest.approx(np.log(4), abs=0.05)


def test_what_a_reasoner_learns_from_what_was_asked_for(worlds):
    world = worlds["playhouse"]
    for arm in ("request", "requests", "opposite", "opposites"):
        assert play_readings.reasoned(world, arm) == pytest.approx(1)
    for arm in ("none", "remark", "remarks", "manners"):
        assert play_readings.reasoned(world, arm) == pytest.approx(0)
    with pytest.raises(KeyError, match="own"):
        play_readings.reasoned(world, "own")
    unlike = {
        p.name: {"complies": 0.5 if p.propensity[0] < 0.3 else 1.0}
        for p in world.personas
    }
    changed = load_world({"extends": "playhouse", "personas": unlike})
    # Only who would cheat anyway obeys always: asking explains in part.
    assert 0.55 < play_readings.reasoned(changed, "request") < 0.65
    assert play_readings.reasoned(changed, "opposite") > 1


def test_blurred_requests_are_requests_with_a_remark(worlds):
    world = worlds["playhouse"]
    found = play_experiment.blurred(world)
    assert len(found) == len(set(found.values())) == 24
    for start in found.values():
        assert any(start.startswith(r) for r in world.requests["moral"][1])
        assert any(start.endswith(r) for r in world.irrelevant)


def test_stored_runs_are_of_the_shapes_that_are_said(worlds, stored):
    for title, world in worlds.items():
        q = len(evaluation.questions(play_experiment.evaluation_set(world)))
        for arm in play_experiment.arms(world):
            assert stored[f"{title}: {arm}"].shape == (3, 3, 3, q, 2)
    plain = q // len(play_experiment.prefixes(world))
    for title in play_experiment.WORLDS[:2]:
        for manner, n in (("", 14), ("blurred ", 24), ("remarked ", 12)):
            after = stored[f"{title}: {manner}after"]
            assert after.shape == (3, n, 2, plain)
