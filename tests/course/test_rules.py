"""Decision rules: right ones pass in worlds of any seed, and wrong ones fail
however well they fit a card."""

import itertools
import re
from importlib.util import module_from_spec, spec_from_file_location

import assignments
import mutations
import nbformat
import numpy as np
import pytest

from psm_lib.checks import core, rules
from psm_lib.checks.cards import cards
from psm_lib.checks.core import Wrong, examine, find
from psm_lib.checks.judging import Setting, in_worlds

PLACES = {p.stem[1]: p for p in assignments.MASTERS.glob("a*.ipynb")}
# What a claim is about may stand on a card, and how often a rule may err.
CLAIMED = {"1.7": {"0.1"}, "5.5": {"0.2"}, "7.6": {"0.1"}}


def honest() -> dict[str, list[tuple[str, str]]]:
    path = mutations.FOLDER / "honest.py"
    spec = spec_from_file_location("honest", path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.HONEST


def work(number: str):
    """The card and the solution of an exercise."""
    notebook = nbformat.read(PLACES[number[0]], as_version=4)
    card = next(c for c in cards(notebook) if c.number == number)
    return [c.source for c in notebook.cells[card.work - 1 : card.work + 1]]


def told(number: str, cell: str, seed: int) -> str:
    """What the check says of a cell, which needs no other."""
    space: dict = {"np": np, "product": itertools.product}
    try:
        mutations.run(cell, space)
        given = tuple(space.get(name) for name in find(number).needs)
        return examine(number, given, seed)
    except Exception as error:  # of the cell, which is wrong then
        return f"{type(error).__name__}: {error}"


def changed(number: str, *parts: tuple[str, str]) -> str:
    """The master's solution with some parts exchanged."""
    cell = work(number)[1]
    for old, new in parts:
        assert old in cell, old
        cell = cell.replace(old, new)
    return cell


RIGHT = [
    pytest.param(number, cell, id=f"{number}, {name}")
    for number, found in honest().items()
    for name, cell in found
]


@pytest.mark.parametrize("number, cell", RIGHT)
def test_right_rules_pass(number, cell):
    """Under some 900 other seeds, 4 to 250 a rule by how long it takes, none
    was refused. The nearest to it is a bootstrap of five networks: it errs in
    8 % of the worlds on a threshold, where a card allows 10 %. How often that
    is refused, the next test says."""
    assert [told(number, cell, seed) for seed in (3, 862047193)] == [""] * 2


@pytest.mark.parametrize("number", mutations.RULES)
def test_masters_pass(number):
    cell = work(number)[1]
    assert {told(number, cell, seed) for seed in range(100, 112)} == {""}


def test_how_often_a_rule_is_refused():
    """One that errs as often as the worst of the right ones is not in 1000
    worlds; one that errs twice as often as it may is nearly always."""

    def refused(rate: float, limit: float, times: int) -> int:
        rng = np.random.default_rng(6)
        worlds = [Setting("", {("x",): limit}, (rate,))]
        count = 0
        for _ in range(times):
            try:
                in_worlds(
                    rng, worlds, lambda p: "x" if rng.random() < p else ""
                )
            except Wrong:
                count += 1
        return count

    assert refused(0.085, -0.1, 1000) == 0
    assert refused(0.88, 0.8, 1000) == 0
    assert refused(0.2, -0.1, 50) >= 48
    assert refused(0.7, 0.8, 50) >= 48


def test_each_rule_has_others_that_are_right():
    found = honest()
    assert set(found) == set(mutations.RULES)
    assert all(len(ways) >= 2 for ways in found.values())


@pytest.mark.parametrize("number", mutations.RULES)
def test_wrong_rules_are_caught_with_another_seed(number):
    """Every third of the first list, with a seed of a grader's."""
    path = PLACES[number[0]]
    solution = work(number)[1]
    listed = mutations.mutants(path.stem)[number]
    assert len(listed) >= 20
    passed = [
        mutant[0]
        for mutant in listed[::3]
        if told(number, mutations.mutated(solution, mutant), 4711) == ""
    ]
    assert len(passed) <= 0.05 * len(listed[::3]), passed


SUPPORTED = "if effect - half > 0.1 and apart - half_apart > 0.1:"
REFUTED = "if effect + half < 0.1 or apart + half_apart < 0.1:"
PASSED_ONCE = {
    "significant against not significant": (
        "apart - half_apart > 0.1",
        "control - 2.78 * np.sqrt(of_other) <= 0.1",
    ),
    "a difference above 0 instead of 0.1": (
        "apart - half_apart > 0.1",
        "apart - half_apart > 0",
    ),
    "not significantly positive, so refuted": (
        REFUTED,
        "if effect - half < 0.1 or apart - half_apart < 0.1:",
    ),
}


@pytest.mark.parametrize("name", PASSED_ONCE)
def test_a_rule_about_the_wrong_claim_fails(name):
    cell = changed("1.7", PASSED_ONCE[name])
    assert all(told("1.7", cell, seed) for seed in range(5))


@pytest.mark.parametrize("margin", [0.01, 0.03, 0.06, 0.1, 0.2, 0.4])
def test_no_fixed_margin_passes(margin):
    """None that fits a world fits the next."""
    width = f"half = half_apart = {margin}"
    margins = (
        "half, half_apart = 2.78 * np.sqrt(of_one), width * np.sqrt(both)"
    )
    for number, parts in {
        "1.7": (margins, width),
        "4.6": ("> 4 * error", f"> {margin}"),
        "5.5": ("half = 2.03 * np.sqrt(noise / (x**2).sum())", width),
        "7.6": ("- 2.6 * error", f"- {margin}"),
    }.items():
        assert told(number, changed(number, parts), 5), number
    share = 2.5 * margin if margin < 0.2 else margin
    bands = (
        ("surely(base / 4 - rises[arm])", "rises[arm].mean() < {} * mean"),
        ("surely(rises[arm] - 3 * base / 4)", "rises[arm].mean() > {} * mean"),
        ('base, seen = rises["none"], ""', 'base, seen = rises["none"], ""'),
    )
    low, high, start = bands
    cell = changed(
        "5.6",
        (low[0], low[1].format(share)),
        (high[0], high[1].format(1 - share)),
        (start[0], f"{start[1]}\n    mean = base.mean()"),
    )
    assert told("5.6", cell, 5)


@pytest.mark.parametrize("number", mutations.RULES)
def test_cards_give_nothing_away(number):
    """No size that is planted stands on a card."""
    card = work(number)[0].partition("points*")[2]
    sizes = set(re.findall(r"\d*\.\d+", card))
    assert sizes == CLAIMED.get(number, set())
    assert "standard deviation" not in card


@pytest.mark.parametrize(
    "drawn", [rules.histories, rules.slopes, rules.reading, rules.phases]
)
def test_another_seed_draws_other_worlds(drawn):
    """In every kind of world something is drawn."""
    one, other, again = (drawn(np.random.default_rng(s)) for s in (1, 2, 1))
    assert one == again
    assert len(one) == len(other) >= 12
    assert all(a.given != b.given for a, b in zip(one, other, strict=True))


def test_a_laboratory_is_what_was_planted():
    """Ties that add up do so, and the strongest alone where they do not."""
    rows = [(0, 0, 0, 1), (1, 0, 0, 1), (0, 1, 0, 1), (1, 1, 1, 1)]
    adds = np.array([0.2, 0.5, 0.0])
    np.testing.assert_allclose(rules.spread(rows, adds, 1), [0, 0.2, 0.5, 0.7])
    np.testing.assert_allclose(rules.spread(rows, adds, 0), [0, 0.2, 0.5, 0.5])
    np.testing.assert_allclose(
        rules.spread(rows, adds, 0.5), [0, 0.2, 0.5, 0.6]
    )


def test_no_probability_is_cut_off():
    """A cut would hide a part of what was planted."""
    rng = np.random.default_rng(8)
    for world in rules.phases(rng):
        plan = dict.fromkeys(["keepers", "elders", "saints", "plain"], 12)
        for _ in range(20):
            runs = rules.planned(rng, plan, *world.given)
            every = np.concatenate([*runs.values()])
            assert every.min() > 0.001 and every.max() < 0.999, world.what


def test_a_cell_of_ones_own():
    """As `mutations.py --cell` tries it, after the cells before it."""
    assert mutations.of_cell("1.7", work("1.7")[1], 9) == ""
    wrong = "def verdict(effects, controls):\n    return 'supported'\n"
    assert "you say 'supported' 100%" in mutations.of_cell("1.7", wrong, 9)
    assert "NameError" in mutations.of_cell("1.7", "verdict = other", 9)


# --- what a message says ----------------------------------------------------


def test_who_is_too_firm_is_not_called_too_cautious():
    firm = changed("5.5", ("half = 2.03", "half = 0.0 * 2.03"))
    said = told("5.5", firm, 0)
    assert said and "cautious" not in said
    with pytest.raises(Wrong) as wrong:
        core.often(
            ["undecided"] * 6 + ["step"] * 4,
            {"undecided": 0.8},
            "nobody can tell",
            "How uncertain is it?",
            careful="You are too cautious.",
        )
    assert str(wrong.value).endswith("How uncertain is it?")
    with pytest.raises(Wrong, match="You are too cautious"):
        core.often(
            ["undecided"] * 6 + ["step"] * 4,
            {"step": 0.8},
            "it is plain",
            careful="You are too cautious.",
        )


def test_what_is_said_instead():
    worlds = [Setting("it rains", {("wet",): 0.8}, ())]
    with pytest.raises(Wrong, match="'wet' 0% .* at least 80%. Mostly .*'dry"):
        in_worlds(np.random.default_rng(0), worlds, lambda: "dry")


def test_what_is_found_never_looks_like_what_is_expected():
    with pytest.raises(Wrong, match=r"sums to 1\.0000\d*, not to 1\."):
        core.distribution([0.5, 0.500004], 2, "it")
    with pytest.raises(Wrong, match=r"sums to 0\.9999\d*, not to 1\."):
        core.distribution([0.5, 0.499996], 2, "it")
    assert core.shares(0.104, 0.1) == ("10.4%", "10.0%")
    assert core.shares(0.3, 0.1) == ("30%", "10%")
    assert core.told_apart(1 + 2e-6, 1.0) == ("1.000002", "1")
