"""Pretraining by several processes."""

from dataclasses import replace

import members
import pytest
import torch
from members import Cut, Task, train
from worlds import tiny

from psm_lib.machinery.team import ALONE, Team, TeamError, lead, possible
from psm_lib.training import Recipe, deal

ONE = Recipe(
    tokens=6000,
    batch=128,
    chunk=32,
    lr=0.003,
    muon_lr=0.02,
    warmup=0.05,
    decay=0.5,
    frame=1.0,
    opening=1.0,
)
PAIR = replace(ONE, workers=2, meet=3)


def together(task: Task, *rest):
    """What the leader of a team of two has at the end."""
    with lead(2, train, task, *rest) as team:
        return train(team, task, *rest)


def same(one: dict, two: dict) -> bool:
    return one.keys() == two.keys() and all(
        torch.equal(one[k], two[k]) for k in one
    )


@pytest.fixture(scope="module")
def pair():
    """A pretraining by two that is not interrupted."""
    return together(Task(tiny(), PAIR, dropout=0.2))


def test_alone_nothing_is_averaged():
    tensors = [torch.arange(3.0)]
    ALONE.average(tensors)
    assert tensors[0].tolist() == [0, 1, 2]
    with lead(1, members.leave) as team:  # nobody is started
        assert team == ALONE


def test_the_mean_over_three():
    threads = torch.get_num_threads()
    with lead(3, members.mean_of_ranks) as team:
        assert team == Team(0, 3) and torch.get_num_threads() == 1
        flat, slope = members.mean_of_ranks(team)
    assert torch.equal(flat, torch.ones(2, 3))
    assert slope.tolist() == [0, 2, 4, 6]
    assert torch.get_num_threads() == threads
    assert not torch.distributed.is_initialized()


def test_two_who_read_the_same_are_as_one():
    alone, pair = (replace(r, batch=1) for r in (ONE, PAIR))
    half = replace(alone, tokens=alone.tokens // 2)
    one, log_one = train(ALONE, Task(tiny(), half, alike=True))
    two, log_two = together(Task(tiny(), pair, alike=True))
    # Twice the tokens at each step, so that the marks are passed sooner.
    assert log_two[-1]["tokens"] == 2 * log_one[-1]["tokens"]
    assert same(one, two) and log_two[-1]["sum"] == log_one[-1]["sum"]
    # Those who read different text have learnt something else.
    other, _ = together(Task(tiny(), pair))
    assert not same(one, other)


def test_they_meet_in_the_middle():
    """One chunk, one meeting at its end: the mean of two who never met."""
    task = Task(tiny(), replace(PAIR, meet=10**6))
    (_, tokens), _ = (members.by_hand(rank, task) for rank in (0, 1))
    task = replace(task, recipe=replace(task.recipe, tokens=tokens))
    halves = [members.by_hand(rank, task)[0] for rank in (0, 1)]
    assert not same(*halves)
    met, _ = together(task)
    for name, weight in met.items():
        mean = (halves[0][name] + halves[1][name]) / 2
        assert torch.allclose(weight, mean, atol=1e-7), name


def test_a_pair_does_the_same_again_even_when_cut(pair, tmp_path):
    task, state = Task(tiny(), PAIR, dropout=0.2), tmp_path / "state"
    for i in (1, 2):
        with pytest.raises(Cut):
            together(task, state, i)
        assert state.exists()
    weights, log = together(task, state)
    assert same(weights, pair[0]) and log == pair[1] and len(log) == 3
    assert list(tmp_path.iterdir()) == []


def test_how_often_they_meet_matters(pair):
    weights, _ = together(Task(tiny(), replace(PAIR, meet=1), dropout=0.2))
    assert not same(weights, pair[0])


def test_a_helper_that_dies_is_reported():
    with (
        pytest.raises(RuntimeError, match="ended with code 7"),
        lead(2, members.leave) as team,
    ):
        members.leave(team)
    assert not torch.distributed.is_initialized()


def test_a_helper_that_fails_is_reported(capfd):
    with (
        pytest.raises(RuntimeError, match="ended with code 1"),
        lead(2, members.mean_of_ranks, "one argument too many") as team,
    ):
        members.mean_of_ranks(team)
    assert "TypeError" in capfd.readouterr().err


def test_a_helper_says_in_the_leader_s_line_what_can_be_mended(capfd):
    with (
        pytest.raises(TeamError, match="code 1 .ValueError: too little text"),
        lead(2, members.refuse) as team,
    ):
        members.refuse(team)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("missing", ["is_available", "is_gloo_available"])
def test_where_there_is_no_gloo(monkeypatch, missing):
    assert possible()
    monkeypatch.setattr(torch.distributed, missing, lambda: False)
    assert not possible()
    with (
        pytest.raises(TeamError, match="gloo.*expected --workers 1"),
        lead(2, members.leave),
    ):
        pass
    with lead(1, members.leave) as team:
        assert team == ALONE


def test_the_team_must_be_the_one_of_the_recipe():
    with pytest.raises(ValueError, match="2 workers and a team of 1"):
        train(ALONE, Task(tiny(), PAIR))


def test_batches_deal():
    made = [f"batch {i}" for i in range(7)]
    assert deal(iter(made), ALONE) == [[b] for b in made]
    lots = deal(iter(made), Team(1, 3))
    assert lots == [made[:3], made[3:6]]
    with pytest.raises(ValueError, match="1 batches, expected at least one"):
        deal(iter(made[:1]), Team(0, 2))
