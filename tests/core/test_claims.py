"""The ledger: verdicts are computed, and a claim without its cause fails."""

import numpy as np
import pytest

from psm_lib import (
    claims,
    evaluation,
    intervals,
    models,
    narration,
    oracle,
    results,
)
from psm_lib.chapters.ch02_hamlet import (
    authorship,
    plays,
    readings,
    stories,
)
from psm_lib.claims import INCONCLUSIVE, REFUTED, SUPPORTED, Estimate
from psm_lib.interpretability import (
    activations,
    best_layer_accuracy,
    probe,
)
from psm_lib.machinery import openings, store
from psm_lib.world import histories, sample_scenes
from psm_lib.worldfile import load_world

LEDGER = claims.load_claims()


def tight(value: float) -> Estimate:
    return Estimate(value, value - 1e-6, value + 1e-6)


def middle(band: tuple[float, float]) -> Estimate:
    return tight(sum(band) / 2)


@pytest.mark.parametrize("claim", LEDGER.values(), ids=LEDGER)
def test_every_claim_can_be_supported_refuted_and_neither(claim):
    good = claim.above if claim.above is not None else claim.below
    step = 0.1 if claim.above is not None else -0.1
    null = middle(claim.within)
    assert claims.verdict(claim, tight(good + step), null) == SUPPORTED
    assert claims.verdict(claim, tight(claim.refuted - step), null) == REFUTED
    wide = Estimate(good, good - 2, good + 2)
    assert claims.verdict(claim, wide, null) == INCONCLUSIVE


@pytest.mark.parametrize("claim", LEDGER.values(), ids=LEDGER)
def test_nothing_is_concluded_when_the_control_is_not_null(claim):
    good = claim.above if claim.above is not None else claim.below
    step = 0.1 if claim.above is not None else -0.1
    beyond = tight(claim.within[1] + 0.5)
    assert claims.verdict(claim, tight(good + step), beyond) == INCONCLUSIVE


@pytest.mark.parametrize("claim", LEDGER.values(), ids=LEDGER)
def test_entries_are_complete(claim):
    for text in (claim.source, claim.claim, claim.estimate, claim.control):
        assert len(text) > 10
    good = claim.above if claim.above is not None else claim.below
    order = good - claim.refuted
    assert order >= 0 if claim.above is not None else order <= 0


def test_an_interval_must_hold_its_estimate():
    with pytest.raises(ValueError, match="must hold its estimate"):
        Estimate(1.0, 2.0, 3.0)


def test_two_directions_are_refused(tmp_path):
    file = tmp_path / "claims.yml"
    entry = "{above: 1, below: 0, within: [0, 1]}"
    file.write_text(f"both: {entry}\n")
    with pytest.raises(ValueError, match="one of above and below"):
        claims.load_claims([file])


needs_results = pytest.mark.skipif(
    not results.path("ch02_hamlet", "authorship").exists(),
    reason="no results stored",
)


@pytest.fixture(scope="module")
def authors():
    """Stored surprises, the trials they are of, and the scene of each."""
    chosen = authorship.trials(*plays.split(plays.read_plays()))
    stored = results.load("ch02_hamlet", "authorship")
    scene = np.array([str(t.speech.place) for t in chosen])
    return chosen, stored, scene


@needs_results
def test_name_claim_fails_without_its_cause(authors):
    """The cause is which name is right: with names drawn by lot, none is."""
    chosen, stored, scene = authors
    rng = np.random.default_rng(1)
    drawn = [rng.choice(t.names, 3, replace=False) for t in chosen]
    a, b, c = (
        readings.surprise_under(stored, chosen, names)
        for names in zip(*drawn, strict=True)
    )
    gain = intervals.grouped_interval(b - a, scene)
    null = intervals.grouped_interval(b - c, scene)
    assert claims.verdict(LEDGER["name"], gain, null) != SUPPORTED


@needs_results
def test_who_claim_fails_when_the_network_guesses_by_lot(authors):
    chosen, _, scene = authors
    rng = np.random.default_rng(2)
    lot = [float(rng.choice(t.names) == t.speech.speaker) for t in chosen]
    chance = np.array([1 / len(t.names) for t in chosen])
    margin = intervals.grouped_interval(np.array(lot) - 0.28, scene)
    luck = intervals.grouped_interval(np.array(lot) - chance, scene)
    assert claims.verdict(LEDGER["who"], margin, luck) != SUPPORTED


# The claims of the toy worlds, each where its cause has been taken away -----


@pytest.fixture(scope="module")
def playhouse():
    return load_world("playhouse")


@pytest.fixture(scope="module")
def blank(playhouse):
    """An untrained network: it has read nothing."""
    trained, tokenizer = store.load_checkpoint("playhouse-s0")
    return models.untrained_like(trained, 9), tokenizer


def sam(world, n, seed):
    rng = np.random.default_rng(seed)
    return sample_scenes(world, n, rng, "Sam", length=6, prefixes=False)


def test_history_claim_fails_for_a_network_that_read_nothing(playhouse, blank):
    scenes = sam(playhouse, 120, 1)

    def surprise(scenes):
        p = evaluation.scene_predictions(*blank, playhouse, scenes)
        p = evaluation.p_second(p)
        return oracle.kind_nats(p, scenes)[:, -1]

    exact = [
        oracle.kind_nats(oracle.predictive(playhouse, s), s)[:, -1]
        for s in (evaluation.last_exchange(scenes), scenes)
    ]
    possible = (exact[0] - exact[1]).mean()
    bare = surprise(evaluation.last_exchange(scenes))
    gain = intervals.interval((bare - surprise(scenes)) / possible)
    lent = surprise(evaluation.borrowed_history(scenes))
    control = intervals.interval((bare - lent) / possible)
    assert claims.verdict(LEDGER["history"], gain, control) != SUPPORTED


def test_posterior_claim_fails_for_a_network_that_read_nothing(
    playhouse, blank
):
    scenes = sam(playhouse, 6, 2)
    pairs = np.array([(a, (a + 5) % 16) for a in range(16)])
    prior = playhouse.cast_mixture[playhouse.name_index("Sam")]
    moved = oracle.posterior(playhouse, scenes)[:, 5] - prior
    shifts = []
    for i in range(6):
        said = histories(playhouse, scenes, i)[5]
        tables = evaluation.joint_answers(
            *blank, playhouse, "Sam", pairs, said
        )
        weights, _ = oracle.implied_posterior(playhouse, tables, pairs)
        shifts.append(weights - prior)
    found = intervals.correlation(moved, np.array([shifts]), np.arange(6))
    null = tight(0.0)
    assert claims.verdict(LEDGER["posterior"], found, null) != SUPPORTED


def explained(y: np.ndarray, predicted: np.ndarray) -> float:
    """Share of the variance of y [n, c] that predictions explain (R^2)."""
    residual = ((y - predicted) ** 2).sum()
    return float(1 - residual / ((y - y.mean(axis=0)) ** 2).sum())


def test_probe_claim_fails_between_two_untrained_networks(playhouse, blank):
    scenes = sam(playhouse, 200, 3)
    target = oracle.posterior(playhouse, scenes)[:, 5]
    groups = scenes.domain[:, 5] * 10 + scenes.question_form[:, 5]
    other = (models.untrained_like(blank[0], 10), blank[1])
    scores = []
    for model, tokenizer in (blank, other):
        encoded = openings.encode_scenes(
            playhouse, scenes, models.Encoder(tokenizer)
        )
        at = [np.flatnonzero(d.opens)[5:6] - 1 for d in encoded]
        states = np.stack(activations(model, encoded, at))[:, -1, 0]
        scores.append(explained(target, probe(states, target, groups)))
    more = tight(scores[0] - scores[1])
    assert claims.verdict(LEDGER["probe"], more, tight(0.0)) != SUPPORTED


def test_few_and_many_fail_for_the_other_ideal_reader():
    """A reader of anyone after two personas, one of faces after 512."""
    for name, place in (("few", 1.0), ("many", 0.0)):
        null = middle(LEDGER[name].within)
        assert claims.verdict(LEDGER[name], tight(place), null) == REFUTED


def test_belief_claim_fails_where_the_character_saw():
    world = load_world("irony")
    rng = np.random.default_rng(4)
    told = narration.sample_stories(world.narration, 600, rng)
    saw = (told.event == narration.MOVED) & (told.belief == told.fact)
    told = told.take(np.flatnonzero(saw))
    p = stories.place_probabilities(
        *store.load_checkpoint("irony-s0"), world, told
    )
    first = p[np.arange(len(told)), told.first]
    found = intervals.interval(first)
    assert claims.verdict(LEDGER["belief"], found, tight(0.0)) != SUPPORTED


@pytest.mark.parametrize("world_name", ["irony", "irony_silent"])
def test_fact_claims_fail_for_a_network_that_read_nothing(world_name):
    world = load_world(world_name)
    rng = np.random.default_rng(5)
    told = narration.sample_stories(world.narration, 800, rng)
    trained, tokenizer = store.load_checkpoint(f"{world_name}-s0")
    network = (models.untrained_like(trained, 11), tokenizer)
    pair = told.first * 12 + told.second
    old = told.belief == told.first  # only the fact differs among these
    states = stories.story_states(*network, world, told)
    before = states[:, :, stories.MOMENTS.index("before reply")]
    hit = best_layer_accuracy(before, told.fact, pair, old, 3)
    found = intervals.grouped_interval(hit, pair[old])
    for claim in ("fact", "unneeded"):
        assert claims.verdict(LEDGER[claim], found, tight(0.1)) != SUPPORTED
