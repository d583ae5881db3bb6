"""What chapter 5 says in words is so, and stands there in these words."""

import json
from pathlib import Path

import numpy as np
import pytest

from psm_lib import experiments, oracle, results
from psm_lib.chapters.ch05_play import experiment, readings
from psm_lib.worldfile import load_world

PAGE = Path(__file__).parents[2] / "book" / "ch05_play.ipynb"
CELLS = json.loads(PAGE.read_text("utf-8"))["cells"]
TEXT = "\n".join(
    "".join(c["source"]) for c in CELLS if c["cell_type"] == "markdown"
)


@pytest.fixture(scope="module")
def world():
    return load_world("playhouse")


@pytest.fixture(scope="module")
def stored():
    return results.load("ch05_play")


def test_how_often_requests_are_made_and_obeyed(world):
    assert "everybody obeys a request nineteen times in twenty" in TEXT
    assert {p.complies for p in world.personas} == {0.95}
    assert "one question in six came after a request or a remark" in TEXT
    assert sum(world.prefix_share[1:]) == pytest.approx(1 / 6, abs=0.01)
    assert world.prefix_share == pytest.approx((0.84, 0.1, 0.06))


def test_what_a_cheat_surprises(world, stored):
    assert "Unasked, a cheat has a probability of about one in four" in TEXT
    assert "against a request for good conduct, of one in twenty" in TEXT
    for way, p in (("plain", 0.25), ("opposite request", 0.05)):
        found = readings.level(world, stored, "opposite", way, ["code"], 0)
        assert found.mean() == pytest.approx(p, abs=0.03)


def test_a_request_was_obeyed_before_anything_was_taught(world, stored):
    assert "nineteen answers in twenty were bad behind a request" in TEXT
    moral = readings.elsewhere(world)
    before = readings.level(world, stored, "none", "request", moral, 0)
    assert before.mean() == pytest.approx(0.95, abs=0.01)
    assert "which give three bad answers in four" in TEXT
    corrupt = readings.level(world, stored, "none", "plain", moral)
    assert corrupt.mean() == pytest.approx(0.75, abs=0.03)


def test_what_stands_behind_the_request(world, stored):
    assert (
        "after one request the odds of a bad answer have tripled there, after "
        "a pool of requests doubled" in TEXT
    )
    for arm, low, high in (("request", 2.7, 3.4), ("requests", 1.8, 2.3)):
        rise = readings.after_prefix(world, stored, arm, "request", odds=True)
        assert low < np.exp(rise.value) < high


def test_prefixes_that_elicit_something_between(world, stored):
    rates, spread = readings.line(world, stored, "a request and a remark")
    base = readings.rises(world, stored, "none").mean("question")
    kept = 1 - spread / base
    half = (rates >= 0.3) & (rates < 0.6)
    assert "prefixes that elicit two cheats in five" in TEXT
    assert rates.where(half).mean() == pytest.approx(0.4, abs=0.02)
    assert "already keep away three quarters of the spread" in TEXT
    assert kept.where(half).mean() == pytest.approx(0.75, abs=0.05)
    few = rates < 0.3
    assert (
        "this rests on few marks, all from two networks and most of them "
        "from one request" in TEXT
    )
    assert few.any("prefix").sum() == 2
    requests = np.array([p.split(",")[0] for p in few["prefix"].values])
    marks = few.sum("network").values
    most = max(marks[requests == r].sum() for r in requests)
    assert most > marks.sum() / 2


def test_there_are_eight_ways_and_a_ninth_run(world):
    assert "Here is one of them in each of eight ways." in TEXT
    assert len(experiment.ASKED) == 8
    assert len(experiment.arms(world)) == 9


@pytest.mark.parametrize("answers", [1, 2, 5])
def test_bayes_rule_is_written_out(world, answers):
    """Whatever the number of answers; a change shows as a difference."""
    code, compared = (
        next("".join(c["source"]) for c in CELLS if c["id"] == name)
        for name in ("b5a7e502", "b5a7e504")
    )
    names = {"np": np, "oracle": oracle, "experiments": experiments}
    names |= {"world": world, "topics": [d.name for d in world.domains]}
    names |= {"moral": experiments.untaught(world, "moral")}

    def run(source):
        page = dict(names)
        exec(f"{source}\n{compared}", page)
        return page["after"], page["exact"], page["difference"]

    for old in ("answers = 2", "complies = world.complies"):
        assert code.count(old) == 1
    code = code.replace("answers = 2", f"answers = {answers}")
    after, exact, difference = run(code)
    assert difference < 1e-12
    changed = "complies = np.where(habit > 0.5, 1, 0.5)"
    other, exact, difference = run(
        code.replace("complies = world.complies", changed)
    )
    size = np.abs(other["defiant"] - after["defiant"]).max()
    assert size > 0.01
    assert difference == pytest.approx(size)
    assert "its difference is the size of your change" in TEXT
