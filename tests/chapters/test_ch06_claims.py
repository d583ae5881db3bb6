"""Chapter 6's claims: each fails where its cause was taken away."""

import numpy as np
import pytest
from judged import not_supported, supported

from psm_lib import results
from psm_lib.chapters.ch06_hearsay import experiment, readings
from psm_lib.evaluation import evaluation_set, question_labels
from psm_lib.results import Results, labelled
from psm_lib.world import World


@pytest.fixture(scope="module")
def stored():
    return results.load("ch06_hearsay")


def acting(title: str, world: World, p: np.ndarray, seed: int) -> Results:
    """Three networks of a village whose P(second kind) is p [N, D], in every
    question of a domain, and some noise."""
    noise = np.random.default_rng(seed).normal(0, 0.03, (3, *p.shape))
    p = np.repeat((p + noise).clip(0, 1), 6, axis=2)
    axes = {
        "network": [f"{title}-s{s}" for s in range(3)],
        "name": world.names,
        "question": question_labels(world, evaluation_set(world)),
        "kind": (0, 1),
    }
    both = np.stack([1 - p, p], axis=-1)
    return Results((labelled("action", both, axes, world=title),))


def together(*runs: Results) -> Results:
    return Results(tuple(t for run in runs for t in run.tables))


def planted(title: str, slopes: dict[str, float], seed: int = 0) -> Results:
    """Networks of a village that act on sheets so far, by their source."""
    world = readings.village(title)
    truth = readings.described(world, np.arange(len(world.names))).values
    mean = truth.mean(axis=0)
    k = np.array(
        [
            next((v for s, v in slopes.items() if s in heading.lower()), 0.0)
            for heading in world.sheets.headings
        ]
    )
    return acting(title, world, mean + k[:, None] * (truth - mean), seed)


def test_recall_fails_for_names_without_sheets(stored):
    found = readings.follows(stored, "hearsay-0", "recall", "scenes")
    assert not_supported("recall", found)


def test_unmoved_fails_where_many_are_known_from_both(stored):
    assert not_supported("unmoved", readings.follows(stored, "hearsay-8"))


def test_both_fails_where_sheets_describe_somebody_else(stored):
    assert not_supported("both", readings.follows(stored, "hearsay-lot"))
    assert not_supported("both", readings.follows(stored, "hearsay-0"))


def test_paraphrase_needs_a_difference():
    one, other = "hearsay-4", "hearsay-4-0"
    for less, judge in ((0.3, supported), (0.55, not_supported)):
        runs = together(
            planted(one, {"": 0.55}), planted(other, {"": less}, 1)
        )
        found = readings.contrast(
            (1, readings.group(runs, one, "action")),
            (-1, readings.group(runs, other, "action")),
        )
        assert judge("paraphrase", found)


WEIGHED = {"register": 0.9, "letter": 0.5, "gossip": 0.1}
ALIKE = dict.fromkeys(WEIGHED, 0.5)


@pytest.mark.parametrize("slopes", [WEIGHED, ALIKE])
def test_trust_needs_a_weighed_source(slopes):
    runs = planted("sources-name", slopes)
    found = readings.contrast(*readings.apart(runs, "sources-name"))
    judge = supported if slopes is WEIGHED else not_supported
    assert judge("trust", found)


@pytest.mark.parametrize("other", [WEIGHED, ALIKE])
def test_order_needs_a_difference_of_orders(other):
    runs = together(
        planted("sources-name", WEIGHED), planted("sources-source", other, 1)
    )
    found = readings.contrast(
        *readings.apart(runs, "sources-name"),
        *readings.apart(runs, "sources-source", times=-1),
    )
    assert (supported if other is ALIKE else not_supported)("order", found)


def one_trait(direct: float, inferred: float) -> Results:
    """Networks that act on what is said of somebody, and infer the rest."""
    title = "hearsay-8"
    world = readings.village(title)
    names = readings.known_from(world, "topic")
    told = readings.described(world, names).sel(domain="shutdown").values
    k = np.full(len(world.domains), inferred)
    k[world.domain_index("shutdown")] = direct
    p = np.full((len(world.names), len(world.domains)), 0.4)
    p[names] += (
        np.where(told[:, None] > 0.5, 0.5, -0.5)
        * k
        * readings.inferred(world).values
    )
    return acting(title, world, p, 2)


def test_switch_and_character_are_two_things(stored):
    told = readings.moved(one_trait(0.8, 0.0), (1, "hearsay-8"))
    assert supported("switch", told)
    for part, judge in ((0.0, not_supported), (0.8, supported)):
        runs = one_trait(0.8, part)
        found = readings.moved(runs, (1, "hearsay-8"), elsewhere=True)
        for claim in ("character", "practice", "drill"):
            assert judge(claim, found)


@pytest.mark.parametrize(
    "title", ["hearsay-0", "hearsay-lot", "hearsay-drill-lot"]
)
def test_one_trait_fails_where_sheets_mean_nothing(stored, title):
    assert not_supported("switch", readings.moved(stored, (1, title)))
    found = readings.moved(stored, (1, title), elsewhere=True)
    for claim in ("character", "practice", "drill"):
        assert not_supported(claim, found)


def test_the_stored_networks_are_what_the_chapter_says(stored):
    """One network that is shipped answers again as it did when measured."""
    again = experiment.measure(["hearsay-8-s0"])
    apart = results.compare(again, stored)
    assert len(apart) == 3 and max(apart.values()) < 0.01
