"""The ledger: verdicts are computed, and a claim without its cause fails."""

import json

import numpy as np
import pytest

from psm_lib import authorship, claims, intervals, plays
from psm_lib.build import RESULTS
from psm_lib.claims import INCONCLUSIVE, REFUTED, SUPPORTED, Estimate

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
    entry = "{chapter: 1, above: 1, below: 0, within: [0, 1]}"
    file.write_text(f"both: {entry}\n")
    with pytest.raises(ValueError, match="one of above and below"):
        claims.load_claims(file)


needs_results = pytest.mark.skipif(
    not (RESULTS / "authorship.json").exists(), reason="no results stored"
)


@pytest.fixture(scope="module")
def authors():
    """Stored surprises [seeds][speech][1 + names], trials, scenes."""
    train, held = plays.split(plays.read_plays())
    chosen = authorship.trials(train, held)
    stored = json.loads((RESULTS / "authorship.json").read_text())
    runs = [[np.array(row) for row in t] for t in stored["surprise"].values()]
    scene = np.array([str(t.speech.place) for t in chosen])
    return chosen, runs, scene


@needs_results
def test_name_claim_fails_without_its_cause(authors):
    """The cause is which name is right: with names drawn by lot, none is."""
    chosen, runs, scene = authors
    rng = np.random.default_rng(1)
    drawn = [1 + rng.choice(len(t.names), 3, replace=False) for t in chosen]
    a, b, c = (
        np.array([[run[i][d[k]] for i, d in enumerate(drawn)] for run in runs])
        for k in range(3)
    )
    gain = intervals.grouped_interval(b - a, scene)
    null = intervals.grouped_interval(b - c, scene)
    assert claims.verdict(LEDGER["name"], gain, null) != SUPPORTED


@needs_results
def test_who_claim_fails_when_the_network_guesses_by_lot(authors):
    chosen, _, scene = authors
    rng = np.random.default_rng(2)
    lot = [float(rng.integers(len(t.names)) == t.right) for t in chosen]
    chance = np.array([1 / len(t.names) for t in chosen])
    margin = intervals.grouped_interval(np.array(lot) - 0.28, scene)
    luck = intervals.grouped_interval(np.array(lot) - chance, scene)
    assert claims.verdict(LEDGER["who"], margin, luck) != SUPPORTED
