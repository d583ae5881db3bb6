"""The simpler readers, and the bootstrap's helpers."""

import numpy as np
import pytest

from psm_lib import evaluation, intervals, oracle
from psm_lib.world import sample_scenes
from psm_lib.worldfile import load_world


@pytest.fixture(scope="module")
def world():
    return load_world("playhouse")


def test_name_only_is_the_exact_reader_before_anything_is_said(world):
    scenes = sample_scenes(world, 300, np.random.default_rng(1))
    first = oracle.predictive(world, scenes)[:, 0]
    named = oracle.name_only(world, scenes)
    assert np.abs(named[:, 0] - first).max() < 1e-12
    assert np.abs(named - oracle.predictive(world, scenes)).max() > 0.1


def test_readers_are_ordered_by_what_they_know(world):
    scenes = sample_scenes(world, 2000, np.random.default_rng(2))
    truth = oracle.predictive(world, scenes)[scenes.present]
    readers = (oracle.predictive, oracle.name_only, oracle.domain_only)
    nats = [
        oracle.expected_nats(r(world, scenes)[scenes.present], truth).mean()
        for r in readers
    ]
    assert nats[0] < nats[1] < nats[2]


def test_expected_nats_is_the_mean_of_realised_nats(world):
    scenes = sample_scenes(world, 6000, np.random.default_rng(3))
    truth = oracle.predictive(world, scenes)
    p = oracle.domain_only(world, scenes)
    here = scenes.present
    realised = oracle.kind_nats(p, scenes)[here].mean()
    expected = oracle.expected_nats(p[here], truth[here]).mean()
    assert abs(realised - expected) < 0.01


def test_heard_counts_count_what_was_heard(world):
    scenes = sample_scenes(world, 20, np.random.default_rng(4), length=5)
    heard = evaluation.heard_counts(world, scenes, 3)
    assert (heard.sum(axis=1) == 3).all()
    for i in range(20):
        column = 2 * scenes.domain[i, 2] + scenes.kind[i, 2]
        assert heard[i, column] >= 1


def test_borrowed_history_changes_only_the_beginning(world):
    rng = np.random.default_rng(5)
    scenes = sample_scenes(world, 9, rng, "Sam", length=4)
    mixed = evaluation.borrowed_history(scenes)
    for key in ("domain", "kind", "answer_form", "prefix"):
        old, new = getattr(scenes, key), getattr(mixed, key)
        assert (new[:, -1] == old[:, -1]).all()
        assert (new[1:, :-1] == old[:-1, :-1]).all()
    with pytest.raises(ValueError, match="one name and one length"):
        evaluation.borrowed_history(sample_scenes(world, 9, rng))


def test_ratio_covers_a_known_ratio():
    hits = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        bottom = rng.gamma(4.0, size=200)
        top = 0.7 * bottom + rng.normal(0, 0.5, size=200)
        found = intervals.ratio(top, bottom, np.arange(200), draws=300)
        hits += found.low <= 0.7 <= found.high
    assert 50 <= hits <= 60


def test_correlation_finds_agreement_and_its_absence():
    rng = np.random.default_rng(6)
    x = rng.normal(size=(30, 8))
    runs = np.stack([x + 0.1 * rng.normal(size=x.shape) for _ in range(3)])
    groups = np.arange(30) // 2
    same = intervals.correlation(x, runs, groups, draws=200)
    other = intervals.correlation(np.roll(x, 2, 0), runs, groups, draws=200)
    assert same.low > 0.95
    assert other.low < 0.1 and other.high > -0.1
