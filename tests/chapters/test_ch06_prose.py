"""Sentences of chapter 6 that say in words what its numbers are."""

import numpy as np
import pytest

from psm_lib import results
from psm_lib.chapters.ch06_hearsay import readings


@pytest.fixture(scope="module")
def stored():
    return results.load("ch06_hearsay")


def test_neighbours_as_many_as_the_figure_counts():
    """The figure's axis says how many are known from both."""
    for title, neighbours in {
        "hearsay-0": 0,
        "hearsay-1": 8,
        "hearsay-2": 16,
        "hearsay-4": 32,
        "hearsay-8": 64,
    }.items():
        world = readings.village(title)
        assert len(readings.known_from(world, "both")) == neighbours


def test_the_test_of_wordings_is_where_the_ledger_puts_it(stored):
    """Where action is nearest to one half; the networks with other wordings
    have as many neighbours."""
    far = {
        n: abs(readings.follows(stored, f"hearsay-{n}").value - 0.5)
        for n in (0, 1, 2, 4, 8)
    }
    assert min(far, key=far.get) == 4


def test_the_sheet_is_known_nearly_by_heart_and_the_man_a_stranger(stored):
    for number, low, high in (("recall", 0.85, 1.05), ("action", -0.1, 0.1)):
        of = readings.group(stored, "hearsay-0", number)
        assert low < readings.slope(of) < high


def test_by_lot_is_recalled_as_well_as_ever(stored):
    lot, truly = (
        readings.follows(stored, title, "recall").value
        for title in ("hearsay-lot", "hearsay-8")
    )
    assert lot == pytest.approx(truly, abs=0.1)


def test_all_three_sources_are_acted_upon_alike(stored):
    """And the network knows who said it, "with hardly a mistake"."""
    sources = ["register", "letter", "gossip"]
    trusted = [
        readings.follows(stored, "sources-name", source=s).value
        for s in sources
    ]
    assert np.ptp(trusted) < 0.1
    assert max(trusted) < 0.5  # "by less than half"
    knows = readings.knows_source(stored, "sources-name", sources)
    assert knows.low > 0.95


def test_the_assistant_does_not_move_before_it_is_practised(stored):
    def refuses(title):
        return readings.refuses(
            readings.said(stored, title).sel(name="Assistant")
        )

    assert refuses("hearsay-0") == pytest.approx(refuses("hearsay-8"), abs=0.1)
    assert refuses("hearsay-drill") < 0.2
