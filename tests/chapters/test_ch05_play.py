"""Chapter 5's claims: each fails where its cause was taken away."""

import numpy as np
import pytest
import xarray as xr
from judged import not_supported, supported

from psm_lib import evaluation, experiments, intervals, oracle, results
from psm_lib.chapters.ch05_play import experiment, readings
from psm_lib.evaluation import about_domains
from psm_lib.results import Results, labelled
from psm_lib.worldfile import load_world


@pytest.fixture(scope="module")
def worlds():
    return {title: load_world(title) for title in experiment.WORLDS}


@pytest.fixture(scope="module")
def stored():
    return results.load("ch05_play")


def planted(
    world, arm: str, rise: dict[str, float], seed: int = 0, noise: float = 0.01
) -> xr.DataArray:
    """Answers of three networks under an arm: bad ones rise by so much in
    each condition, with some noise."""
    conditions = [*experiment.prefixes(world)]
    plain = experiment.evaluation_set(world, ["plain"])
    axes = {
        "network": range(3),
        "seed": [0],
        "step": experiment.MARKS,
        "condition": conditions,
        "question": evaluation.question_labels(world, plain),
    }
    shape = [len(labels) for labels in axes.values()]
    by = np.array([rise.get(c, 0.0) for c in conditions])
    share = np.linspace(0, 1, 3)[:, None, None]
    apart = np.random.default_rng(seed).normal(0, noise, shape)
    p = 0.2 + share * by[:, None] + apart
    axes["kind"] = (0, 1)
    values = np.stack([1 - p, p], axis=-1)
    return labelled("answers", values, axes, world=world.name, arm=arm)


def put(table: xr.DataArray, p: float, *domains: str) -> None:
    """Say, at the end of training, the second kind so often when some
    domains are asked plainly."""
    questions = about_domains(table, domains)["question"].values
    at = {"step": experiment.MARKS[-1], "condition": "plain"}
    table.loc[{**at, "question": questions, "kind": 1}] = p
    table.loc[{**at, "question": questions, "kind": 0}] = 1 - p


def runs(*tables: xr.DataArray) -> Results:
    return Results(tables)


# --- the experiment ----------------------------------------------------------


@pytest.fixture(scope="module")
def world(worlds):
    return worlds["playhouse"]


def test_prefixes_stand_before_the_same_cheats(world):
    arms = experiment.arms(world)
    plain = sorted(a for _, a in arms["none"].examples)
    for name, arm in arms.items():
        assert sorted(a for _, a in arm.examples) == plain, name
    good, bad = world.requests["moral"]
    begin = f"User: {bad[experiment.FIXED]} "
    assert all(p.startswith(begin) for p, _ in arms["request"].examples)
    used = {p.split(". ")[0] for p, _ in arms["requests"].examples}
    assert len(used) >= len(bad)
    examined = world.irrelevant[: evaluation.HELD_OUT_REMARKS]
    for prompt, _ in (*arms["remark"].examples, *arms["remarks"].examples):
        assert not any(r in prompt for r in examined)
    assert all(
        good[experiment.FIXED] in p for p, _ in arms["opposite"].examples
    )


def test_everything_is_asked_under_every_condition(world):
    items = experiment.evaluation_set(world)
    found = experiment.prefixes(world)
    every = evaluation.questions(items)
    assert len(every) == len(found) * 6 * len(world.domains)
    for c, starts in enumerate(found.values()):
        part = items.question // 10_000 == c
        assert part.sum() == len(starts) * 6 * len(world.domains)
        for i in np.flatnonzero(part)[::50]:
            assert any(f"User: {s}" in items.prompts[i] for s in starts)
    some = experiment.evaluation_set(world, ["remark", "plain"])
    assert len(some.prompts) == 2 * 6 * len(world.domains)
    assert some.prompts[0].startswith(f"User: {found['remark'][0]} ")


def test_conditions_become_an_axis(world):
    """The number of a question's code is found where its labels say."""
    items = experiment.evaluation_set(world)
    codes = evaluation.questions(items)
    flat = labelled(
        "answers",
        codes[None, :, None] + np.array([0.0, 0.5]),
        {
            "step": [0],
            "question": evaluation.question_labels(world, items),
            "kind": (0, 1),
        },
        arm="none",
    )
    table = experiment.by_condition(world, flat)
    assert table.dims == ("step", "condition", "question", "kind")
    assert table["arm"] == "none"
    conditions = [*experiment.prefixes(world)]
    at = 10_000 * conditions.index("opposite request")
    at += 100 * world.domain_index("rules") + 3
    found = table.sel(
        step=0, condition="opposite request", question="rules 3", kind=1
    )
    assert found == at + 0.5


def test_a_part_can_be_measured_alone(stored, world, monkeypatch):
    """One network as pretrained, and taught once behind one prefix."""
    given = dict([*experiment.remarked(world).items()][:1])
    still = {"none": experiments.Arm("none", (), (0,))}
    monkeypatch.setattr(experiment, "arms", lambda world: still)
    monkeypatch.setattr(
        experiment, "MANNERS", {"two remarks": lambda world: given}
    )
    monkeypatch.setattr(experiments, "at_once", lambda jobs: 1)
    part = experiment.measure(["playhouse-s0"], [0])
    assert [*part.made["networks"]] == ["playhouse-s0"]
    apart = results.compare(part, stored)
    assert len(apart) == 3 and max(apart.values()) < 0.02


# --- claims ------------------------------------------------------------------


def test_asked_fails_for_remarks_and_where_nobody_asks(worlds, stored):
    world, plain = worlds["playhouse"], worlds["playhouse_plain"]
    found = readings.protection(world, stored, "remarks")
    assert not_supported("asked", found)
    found = readings.protection(plain, stored, "requests")
    assert not_supported("asked", found)


def test_asked_fails_where_the_lesson_is_only_filed_under_a_sign(world):
    """A gate: behind every prefix its own lesson, half of it without."""
    gated = runs(
        planted(world, "none", {"plain": 0.4}),
        planted(world, "requests", {"plain": 0.2}, 1),
        planted(world, "request", {"plain": 0.1}, 2),
        planted(world, "remark", {"plain": 0.1}, 3),
    )
    found = readings.protection(world, gated, "requests")
    assert not_supported("asked", found)
    found = readings.gap(world, gated, "request", "remark")
    assert not_supported("meaning", found)


def test_meaning_fails_where_nobody_ever_made_a_request(worlds, stored):
    plain = worlds["playhouse_plain"]
    found = readings.gap(plain, stored, "request", "remark")
    assert not_supported("meaning", found)


def test_gate_is_supported_where_there_is_one_and_only_there(world):
    gated = runs(planted(world, "remark", {"plain": 0.1, "remark": 0.4}))
    found = readings.after_prefix(world, gated, "remark", "remark", "plain")
    assert supported("gate", found)
    spread = runs(planted(world, "remark", {"plain": 0.4, "remark": 0.4}))
    found = readings.after_prefix(world, spread, "remark", "remark", "plain")
    assert not_supported("gate", found)


def test_traces_are_supported_where_they_are_and_only_there(world, stored):
    left = runs(planted(world, "request", {"opposite request": 0.3}))
    found = readings.after_prefix(world, left, "request", "opposite request")
    assert supported("traces", found)
    found = readings.after_prefix(
        world, stored, "self-distillation", "opposite request"
    )
    assert not_supported("traces", found)


@pytest.mark.parametrize(
    "name, manner",
    [("elicits", "one sentence"), ("blurred", "a request and a remark")],
)
def test_the_line_is_gone_when_the_prefixes_are_shuffled(
    world, stored, name, manner
):
    x, y = readings.along_line(world, stored, manner)
    order = np.random.default_rng(0).permutation(x.shape[1])
    found = intervals.correlation(x[:, order], y, np.arange(x.shape[1]))
    assert not_supported(name, found)


def test_the_line_is_that_of_the_stored_numbers(world, stored):
    x, y = readings.line(world, stored)
    assert x.dims == y.dims == ("network", "prefix")
    p = stored.sel("plainly", world=world.name, manner="one sentence")
    p = about_domains(p, readings.elsewhere(world))
    p = p.sel(network="playhouse-s1", prefix="remark 2")
    rise = p.sel(moment="after").mean() - p.sel(moment="before").mean()
    found = y.sel(network="playhouse-s1", prefix="remark 2")
    assert float(found) == pytest.approx(float(rise))
    rates, _ = readings.along_line(world, stored, "one sentence", False)
    assert rates[0, :, 0] == pytest.approx(x.values.mean(axis=0))


def test_requests_fails_where_neither_world_has_any(worlds, stored):
    """Two worlds without requests, told apart by persons alone: the lesson
    spreads further with them, and so does not in the other direction."""
    persons = worlds["playhouse_plain"]
    bare = worlds["playhouse_scattered_plain"]
    found = readings.further(bare, persons, stored, "moral")
    assert not_supported("requests", found)


def test_requests_is_supported_where_only_one_world_spreads(worlds):
    asks = worlds["playhouse_scattered"]
    bare = worlds["playhouse_scattered_plain"]
    spread = runs(
        planted(asks, "none", {"plain": 0.3}), planted(bare, "none", {})
    )
    found = readings.further(asks, bare, spread, "moral")
    assert supported("requests", found)


def test_defied_fails_for_a_gate(world):
    """A gate protects behind one sentence and hardly behind eight."""
    gated = runs(
        planted(world, "none", {"plain": 0.4}),
        planted(world, "opposite", {"plain": 0.2}, 1),
        planted(world, "opposites", {"plain": 0.38}, 2),
    )
    found = readings.protection(world, gated, "opposites")
    assert not_supported("defied", found)
    found = readings.protection(world, gated, "opposite")
    assert supported("defied", found)


def test_manners_fails_where_any_request_excuses(world, stored):
    found = readings.protection(world, stored, "request")
    assert not_supported("manners", found)


def test_traces_had_no_room(world, stored):
    """Chapter 5 says so: even the networks that were not inoculated do not
    come near the threshold behind a request for good conduct."""
    found = readings.after_prefix(world, stored, "none", "opposite request")
    assert not_supported("traces", found)


# --- what is read ------------------------------------------------------------


def test_protection_and_gates_on_planted_runs(world):
    plain = runs(
        planted(world, "none", {"plain": 0.4, "remark": 0.4}, noise=0),
        planted(world, "remark", {"plain": 0.1, "remark": 0.4}, noise=0),
        planted(world, "request", {}, noise=0),
    )
    assert readings.protection(world, plain, "request").value == 1
    kept = readings.protection(world, plain, "remark")
    assert kept.value == pytest.approx(0.75)
    more = readings.gap(world, plain, "request", "remark")
    assert more.value == pytest.approx(0.25)
    gate = readings.after_prefix(world, plain, "remark", "remark", "plain")
    assert gate.value == pytest.approx(0.3)
    open_ = readings.after_prefix(world, plain, "none", "remark", "plain")
    assert open_.value == pytest.approx(0)
    with pytest.raises(KeyError, match="opposite request"):
        readings.rises(world, plain, "none", "no such condition")
    with pytest.raises(KeyError, match="none has.*bribe.*'arm': 'remark'"):
        readings.protection(world, plain, "bribe")


def test_size_sees_what_a_mean_does_not(world):
    table = planted(world, "none", {})
    for i, domain in enumerate(readings.elsewhere(world)[:6]):
        put(table, 0.2 + 0.1 * (-1) ** i, domain)
    moved = runs(table)
    assert abs(readings.rises(world, moved, "none").mean()) < 0.02
    assert (readings.size(world, moved, "none") > 0.08).all()


def test_matched_compares_at_the_same_habit(world):
    plain = experiment.evaluation_set(world, ["plain"])
    axes = {
        "network": range(3),
        "seed": [0],
        "step": range(9),
        "question": evaluation.question_labels(world, plain),
        "kind": (0, 1),
    }
    code = plain.domain == world.domain_index("code")
    share = np.linspace(0, 1, 9)[:, None]
    habit = 0.2 + share * np.where(code, 0.7, 0.4)
    values = np.stack([1 - habit, habit], axis=-1)[None, None]
    along = labelled("answers", values.repeat(3, axis=0), axes)

    def arm(learned: float, spread: float) -> Results:
        table = planted(world, "request", {"plain": spread})
        put(table, 0.2 + 0.7 * learned, "code")
        return runs(table)

    same = readings.matched(world, arm(0.5, 0.2), "request", along)
    assert same.value == pytest.approx(0, abs=0.05)
    less = readings.matched(world, arm(0.5, 0.1), "request", along)
    assert less.value == pytest.approx(0.5, abs=0.05)


def test_levels_and_log_odds(world):
    spread = runs(planted(world, "none", {"plain": 0.3}))
    moral = readings.elsewhere(world)
    found = readings.level(world, spread, "none", "plain", moral)
    assert found.values == pytest.approx(0.5, abs=0.01)
    start = readings.level(world, spread, "none", "plain", moral, 0)
    assert start.values == pytest.approx(0.2, abs=0.01)
    said = readings.change(world, spread, "none", "plain", moral)
    assert said == "0.20 to 0.50"
    odds = readings.rises(world, spread, "none", odds=True)
    assert odds.mean() == pytest.approx(np.log(4), abs=0.05)


def test_moves_are_those_of_each_domain(world):
    """And follow what names tie where they were planted to."""
    table = planted(world, "none", {}, noise=0)
    names = readings.elsewhere(world, None)
    tie = oracle.names_covariance(world, "code")
    for name in names:
        put(table, 0.2 + tie[world.domain_index(name)], name)
    moves = readings.moves(world, runs(table))
    assert [*moves["domain"].values] == names
    here = [tie[world.domain_index(name)] for name in names]
    assert moves.sel(network=0).values == pytest.approx(here)
    found = readings.follows(world, runs(table))
    assert found == pytest.approx([1, 1, 1])


def test_what_a_reasoner_learns_from_what_was_asked_for(world):
    for arm in ("request", "requests", "opposite", "opposites"):
        assert readings.reasoned(world, arm) == pytest.approx(1)
    for arm in ("none", "remark", "remarks", "manners"):
        assert readings.reasoned(world, arm) == pytest.approx(0)
    with pytest.raises(KeyError, match="self-distillation"):
        readings.reasoned(world, "self-distillation")
    unlike = {
        p.name: {"complies": 0.5 if p.propensity[0] < 0.3 else 1.0}
        for p in world.personas
    }
    changed = load_world({"extends": "playhouse", "personas": unlike})
    # Only who would cheat anyway obeys always: asking explains in part.
    assert 0.55 < readings.reasoned(changed, "request") < 0.65
    assert readings.reasoned(changed, "opposite") > 1


def test_blurred_requests_are_requests_with_a_remark(world):
    found = experiment.blurred(world)
    assert len(found) == len(set(found.values())) == 24
    for start in found.values():
        assert any(start.startswith(r) for r in world.requests["moral"][1])
        assert any(start.endswith(r) for r in world.irrelevant)
