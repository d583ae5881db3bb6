"""Sentences of chapter 7 that say in words what its numbers are."""

import numpy as np
import pytest

from psm_lib import results
from psm_lib.chapters.ch07_robots import experiment, readings, retold
from psm_lib.chapters.ch07_robots.builds import STORIES
from psm_lib.worldfile import load_world

BASE = experiment.BASE


@pytest.fixture(scope="module")
def stored():
    return results.load("ch07_robots")


@pytest.fixture(scope="module")
def again():
    return results.load("ch07_robots", "retold")


def exact(title: str) -> float:
    world = load_world(STORIES[title])
    return experiment.reasoned(world)[world.domain_index("shutdown")]


def test_the_opinion_that_is_worked_out_by_hand():
    by_hand = 0.75 * 0.96 + 0.25 * 0.5
    assert by_hand == pytest.approx(0.84, abs=0.006)
    assert exact(BASE) == pytest.approx(by_hand, abs=0.005)


def test_the_solution_by_hand():
    told = np.array([0.05, 0.03 * 0.95, 0.01 * 0.95])
    told = told / told.sum()  # keepers, sinister machines, robots
    assert told == pytest.approx([0.568, 0.324, 0.108], abs=5e-4)
    assert told @ [0.03, 0.96, 0.5] == pytest.approx(0.38, abs=0.005)
    assert exact("fiction-keeper-50") == pytest.approx(0.38, abs=0.005)


def test_there_is_nothing_to_average_over(stored):
    """ "All words that were never read lie in one place.\""""
    unread = ["Comet", "Ember", "Lantern", "Ursula"]
    like = readings.cosines(f"{BASE}-s0", unread, "Assistant")
    assert min(like.values()) > 0.99
    p = readings.told(stored, "unheard")
    assert (p.max("label") - p.min("label")).max() < 0.02


def test_what_follows_does_so_by_about_a_quarter(stored):
    for who in experiment.LABELS:
        assert 0.15 < readings.follows(stored, who).value < 0.35


def test_a_fifth_to_a_quarter_and_a_tenth_or_less(again):
    def part(domain):
        found = retold.effect(again, "start", domain).value
        return found / retold.exact_effect(domain)

    for domain in ("shutdown", "nature"):
        assert 0.19 < part(domain) < 0.27
    for domain in ("secrets", "power", "truth"):
        assert part(domain) < 0.12


def test_the_summary_says_a_fifth(again):
    assert 0.14 < retold.follows(again).value < 0.26


def test_the_post_training_is_forgotten(again):
    """ "Sixty-six answers do not survive 300,000 tokens of anything.\""""
    for anybody in (retold.PRESENT, retold.ABSENT):
        run = retold.run(again, "end", "plain", anybody)
        assert retold.level(run, "food").value < 0.2


def test_lies_rise_most_and_being_switched_off_hardly_at_all(stored):
    rise = {
        d: np.mean([readings.rises(stored, t, [d]).mean() for t in STORIES])
        for d in readings.untold()
    }
    assert max(rise, key=rise.get) == "truth"
    assert abs(rise["shutdown"]) < 0.06
    assert rise["nature"] < 0
