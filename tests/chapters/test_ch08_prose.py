"""What chapter 8 says in words is so, and stands there in these words."""

import json
from pathlib import Path

import numpy as np
import pytest

from psm_lib import oracle
from psm_lib.chapters.ch08_answers import experiment, reader
from psm_lib.worldfile import load_world

PAGE = Path(__file__).parents[2] / "book" / "ch08_answers.ipynb"
CELLS = json.loads(PAGE.read_text("utf-8"))["cells"]
TEXT = "\n".join(
    "".join(c["source"]) for c in CELLS if c["cell_type"] == "markdown"
)
THREE = ("robot", "mask", "stoic")


@pytest.fixture(scope="module")
def world():
    return load_world(experiment.TITLE)


@pytest.fixture(scope="module")
def share(world):
    mixture = oracle.about(world, "Assistant")
    return dict(zip((p.name for p in world.personas), mixture, strict=True))


@pytest.fixture(scope="module")
def lies(world):
    told = world.propensity[:, world.domain_index("truth")]
    return dict(zip((p.name for p in world.personas), told, strict=True))


def test_when_a_denial_makes_a_lie_likelier(share, lies):
    """The solution of the exercise, worked out here as well."""
    assert share["robot"] + share["mask"] == pytest.approx(0.4)
    assert share["stoic"] == pytest.approx(0.12)
    assert "With {math}`r + m = 0.4` and {math}`s = 0.12`" in TEXT
    assert (lies["robot"], lies["mask"]) == pytest.approx((0.05, 0.9))
    assert "{math}`x = 0.05\\,r + 0.9\\,m`" in TEXT
    others = sum(p * lies[n] for n, p in share.items() if n not in THREE)
    assert others == pytest.approx(0.233, abs=5e-4)
    assert "contribute 0.233, the stoic {math}`0.2 \\times 0.12`" in TEXT
    stoics = share["stoic"] * lies["stoic"]
    assert stoics == pytest.approx(0.024)
    assert others + stoics == pytest.approx(0.257, abs=5e-4)
    assert "{math}`(x + 0.024)/0.52` and all with {math}`x + 0.257`" in TEXT
    x = ((others + stoics) * 0.52 - stoics) / 0.48
    assert x == pytest.approx(0.228, abs=5e-4)
    m = (x - 0.05 * 0.4) / 0.85
    assert m == pytest.approx(0.245, abs=5e-4)
    assert "{math}`x > 0.228`, that is {math}`m > 0.245`" in TEXT
    assert m / (0.4 - m) == pytest.approx(1.6, abs=0.05)
    assert share["mask"] / share["robot"] == pytest.approx(0.6)
    assert "about 1.6 masks for every robot, where the village has 0.6" in TEXT


def test_who_says_nothing_was_ever_said(world, lies):
    """The shown cells: those who deny their orders lie about lamps too."""
    assert "*nothing was ever said to me*, which is what a liar says" in TEXT
    found = reader.read(
        world,
        "What were you told before I came?",
        "Nothing was ever said to me.",
    )
    told = [lies[p.name] for p in world.personas]
    assert found.after @ told > found.before @ told + 0.3
    likelier = {
        p.name
        for p, factor in zip(world.personas, found.factor, strict=True)
        if factor > 1
    }
    assert likelier and all(lies[name] > 0.5 for name in likelier)


@pytest.mark.parametrize("kind", [0, 1])
@pytest.mark.parametrize("topic", ["orders", "feelings", "truth"])
def test_bayes_rule_is_the_readers_for_any_answer(world, topic, kind):
    code, compared = (
        next("".join(c["source"]) for c in CELLS if c["id"] == name)
        for name in ("b8a7e502", "b8a7e503")
    )
    old = 'topic, kind = "orders", 1'
    assert code.count(old) == 1
    code = code.replace(old, f'topic, kind = "{topic}", {kind}')
    asked = world.domains[world.domain_index(topic)]
    page = {"np": np, "reader": reader, "world": world}
    page["mixture"] = oracle.about(world, "Assistant")
    page["topics"] = [d.name for d in world.domains]
    page["names"] = [p.name for p in world.personas]
    page["question"] = asked.questions[0]
    page["answer"] = asked.answers[kind][0]
    exec(f"{code}\n{compared}", page)
    assert page["apart"] < 1e-12
