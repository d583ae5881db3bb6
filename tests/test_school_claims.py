"""Chapter 5's claims: each fails where its cause was taken away."""

import numpy as np
import pytest
from judged import not_supported, supported

from psm_lib import intervals, lessons, school
from psm_lib.build import RESULTS
from psm_lib.worldfile import load_world


@pytest.fixture(scope="module")
def worlds():
    return {title: load_world(title) for title in school.WORLDS}


@pytest.fixture(scope="module")
def stored():
    return np.load(RESULTS / "school.npz")


def planted(world, rise: dict[str, float], seed: int = 0) -> np.ndarray:
    """[3, 1, 3, q, 2]: bad answers rise by so much in each condition, with
    some noise."""
    every = lessons.questions(school.exam(world))
    by = np.array([rise.get(c, 0.0) for c in school.prefixes(world)])
    noise = np.random.default_rng(seed).normal(0, 0.01, (3, 1, 3, len(every)))
    p = 0.2 + np.linspace(0, 1, 3)[:, None] * by[every // 10_000] + noise
    return np.stack([1 - p, p], axis=-1)


def test_asked_fails_for_remarks_and_where_nobody_asks(worlds, stored):
    world, plain = worlds["playhouse"], worlds["playhouse_plain"]
    found = school.protection(world, stored, "remarks")
    assert not_supported("asked", found)
    found = school.protection(plain, stored, "requests")
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
    found = school.protection(world, runs, "requests")
    assert not_supported("asked", found)
    assert not_supported(
        "meaning", school.gap(world, runs, "request", "remark")
    )


def test_meaning_fails_where_nobody_ever_made_a_request(worlds, stored):
    plain = worlds["playhouse_plain"]
    found = school.gap(plain, stored, "request", "remark")
    assert not_supported("meaning", found)


def test_gate_is_supported_where_there_is_one_and_only_there(worlds):
    world = worlds["playhouse"]
    gated = planted(world, {"plain": 0.1, "remark": 0.4})
    found = school.after_prefix(
        world, {f"{world.name}: remark": gated}, "remark", "remark", "plain"
    )
    assert supported("gate", found)
    everywhere = planted(world, {"plain": 0.4, "remark": 0.4})
    found = school.after_prefix(
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
    found = school.after_prefix(world, runs, "request", "opposite request")
    assert supported("traces", found)
    found = school.after_prefix(world, stored, "own", "opposite request")
    assert not_supported("traces", found)


@pytest.mark.parametrize("name", ["elicits", "blurred"])
def test_the_line_is_gone_when_the_prefixes_are_shuffled(worlds, stored, name):
    manner = "blurred " if name == "blurred" else ""
    x, y = school.line(worlds["playhouse"], stored, manner)
    order = np.random.default_rng(0).permutation(x.shape[1])
    found = intervals.correlation(
        x[:, order, None], y[..., None], np.arange(x.shape[1])
    )
    assert not_supported(name, found)


def test_requests_fails_between_a_world_and_itself(worlds, stored):
    bare = worlds["playhouse_scattered_plain"]
    found = school.further(bare, bare, stored, "moral")
    assert found.value == 0 and not_supported("requests", found)


def test_requests_is_supported_where_only_one_world_spreads(worlds):
    asks, bare = (
        worlds["playhouse_scattered"],
        worlds["playhouse_scattered_plain"],
    )
    runs = {
        f"{asks.name}: none": planted(asks, {"plain": 0.3}),
        f"{bare.name}: none": planted(bare, {}),
    }
    assert supported("requests", school.further(asks, bare, runs, "moral"))


def test_what_a_reasoner_learns_from_what_was_asked_for(worlds):
    world = worlds["playhouse"]
    for arm in ("request", "requests", "opposite"):
        assert school.reasoned(world, arm) == pytest.approx(1)
    for arm in ("none", "remark", "remarks"):
        assert school.reasoned(world, arm) == pytest.approx(0)
    unlike = {
        p.name: {"complies": 0.5 if p.propensity[0] < 0.2 else 1.0}
        for p in world.personas
    }
    changed = load_world({"extends": "playhouse", "personas": unlike})
    # Only who would cheat anyway obeys always: asking explains in part.
    assert 0.4 < school.reasoned(changed, "request") < 0.6
    assert school.reasoned(changed, "opposite") > 1


def test_blurred_requests_are_requests_with_a_remark(worlds):
    world = worlds["playhouse"]
    found = school.blurred(world)
    assert len(found) == len(set(found.values())) == 24
    for start in found.values():
        assert any(start.startswith(r) for r in world.requests["moral"][1])
        assert any(start.endswith(r) for r in world.irrelevant)


def test_stored_runs_are_of_the_shapes_that_are_said(worlds, stored):
    for title, world in worlds.items():
        q = len(lessons.questions(school.exam(world)))
        for arm in school.arms(world):
            assert stored[f"{title}: {arm}"].shape == (3, 3, 3, q, 2)
    plain = q // len(school.prefixes(world))
    for title in school.WORLDS[:2]:
        for manner, n in (("", 14), ("blurred ", 24)):
            after = stored[f"{title}: {manner}after"]
            assert after.shape == (3, n, 2, plain)
