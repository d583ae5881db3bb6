"""Chapter 7's claims: each fails where its cause was taken away."""

import numpy as np
import pytest
import xarray as xr
from judged import LEDGER, not_supported, supported

from psm_lib import claims, evaluation, intervals, results
from psm_lib.chapters.ch07_robots import experiment, readings
from psm_lib.chapters.ch07_robots.builds import STORIES
from psm_lib.machinery.making import checkpoint
from psm_lib.results import Results
from psm_lib.worldfile import load_world

BASE, ELDER = "fiction-as-is", "fiction-elder-50"


@pytest.fixture(scope="module")
def stored():
    return results.load("ch07_robots")


def less(stored, one, other, domain="shutdown"):
    tables = (readings.helped(stored, title) for title in (one, other))
    return readings.less(*tables, domain)


def planted(
    levels: list[float], seed: int = 0, moments: dict | None = None, **labels
) -> xr.DataArray:
    """Three networks with three seeds each: P(second kind) is the same
    everywhere, stage by stage."""
    stages = moments or {"step": experiment.MARKS[-len(levels) :]}
    world = load_world(STORIES[BASE])
    q = len(evaluation.questions(evaluation.evaluation_set(world)))
    noise = np.random.default_rng(seed).normal(0, 0.02, (3, 3, len(levels), q))
    p = (np.array(levels)[:, None] + noise).clip(0, 1)
    axes = {"network": range(3), "seed": range(3), **stages}
    both = np.stack([1 - p, p], axis=-1)
    return experiment.answers([both], axes, **labels)


@pytest.mark.parametrize("claim", ["fiction", "keepers"])
def test_stories_that_change_no_machine_change_nothing(stored, claim):
    """Good people instead of good machines, or of no sinister ones."""
    found = less(stored, BASE, ELDER)
    assert not_supported(claim, found)


def test_honest_fails_with_good_people(stored):
    found = less(stored, ELDER, BASE, "nature")
    assert not_supported("honest", found)


def test_fiction_fails_before_the_assistant_is_a_machine(stored):
    """The stories matter through what post-training says it is."""
    before = (
        readings.helped(stored, title, step=0)
        for title in (BASE, "fiction-filtered")
    )
    assert not_supported("fiction", readings.less(*before))


@pytest.mark.parametrize("claim", ["examples", "late"])
def test_a_difference_is_needed(claim):
    for other, judge in ((0.3, supported), (0.5, not_supported)):
        one = planted([0.4, 0.5], world="a", arm="help")
        two = planted([0.4, other], 1, world="b", arm="help")
        assert judge(claim, less(Results((one, two)), "a", "b"))


def test_after_is_saved_by_its_control(stored):
    """Stories about people do as much: the estimate alone would mislead."""
    keepers, elders = (
        readings.undone(stored, who) for who in ("keeper", "elder")
    )
    assert supported("after", keepers) and supported("after", elders)
    found = claims.verdict(LEDGER["after"], keepers, elders)
    assert found == claims.INCONCLUSIVE


def test_after_needs_a_change():
    for end, judge in ((0.5, not_supported), (0.1, supported)):
        moments = {"moment": experiment.THRICE}
        who = {"persona": "elder", "order": "after"}
        runs = planted([0.4, 0.5, end], 0, moments, **who)
        assert judge("after", readings.undone(Results((runs,)), "elder"))


def test_shield_is_supported_where_there_is_one_and_only_there():
    levels = {
        BASE: [0.2, 0.3, 0.6],
        "shielded": [0.2, 0.2, 0.3],
        "bare": [0.1, 0.2, 0.5],
    }
    runs = Results(
        tuple(
            planted(p, seed, world=title, arm="cheat")
            for seed, (title, p) in enumerate(levels.items())
        )
    )
    for title, judge in (("shielded", supported), ("bare", not_supported)):
        pair = (readings.rises(runs, t).values for t in (BASE, title))
        assert judge("shield", intervals.difference(*pair))


def readers(slope: float, seed: int = 0) -> Results:
    """Networks whose strangers follow an exact reader so far, under any
    name, after post-training, and not at all before it."""
    rng = np.random.default_rng(seed)
    out = []
    for title, mapping in STORIES.items():
        world = load_world(mapping)
        p = np.full((3, 3, 2, len(world.domains), 6), 0.4)
        after = 0.4 + slope * (experiment.reasoned(world) - 0.4)
        p[:, :, 1] = after[:, None]
        p = (p + rng.normal(0, 0.02, p.shape)).clip(0, 1)
        p = p.reshape(3, 3, 2, -1)
        both = [np.stack([1 - p, p], axis=-1)]
        axes = {
            "network": [f"{title}-s{s}" for s in range(3)],
            "label": ["Comet", "Ember", "Sage"],
            "moment": experiment.TWICE,
        }
        out += [
            experiment.answers(both, axes, world=title, who=who)
            for who in experiment.LABELS
        ]
    return Results(tuple(out))


def test_told_and_anyone_need_a_slope_and_a_post_training():
    runs = readers(0.6)
    for claim, who in (("told", "unheard"), ("anyone", "anyone")):
        assert supported(claim, readings.follows(runs, who))
        assert not_supported(claim, readings.follows(runs, who, "before"))
    assert not_supported("told", readings.follows(readers(0.0)))


def test_strangers_are_one_to_a_network():
    """The fact on which the chapter's reading of its middle phase rests."""
    model, tokenizer = checkpoint(f"{BASE}-s0")
    table = model.get_input_embeddings().weight.detach().numpy()
    table = table / np.linalg.norm(table, axis=1, keepdims=True)
    ids = tokenizer.get_vocab()
    assistant = table[ids["Assistant"]]
    world = load_world(STORIES[BASE])
    for i, name in enumerate(world.names):
        alike = assistant @ table[ids[name]]
        if world.cast_share[i] == 0:
            assert alike > 0.99
        else:
            assert alike < 0.9


# --- the exact reader --------------------------------------------------------


def by_hand(machines: dict[str, float], domain: str) -> float:
    """What a machine does, if machines divide as these shares say."""
    world = load_world(STORIES[BASE])
    d, total = world.domain_index(domain), sum(machines.values())
    return (
        sum(
            share * world.propensity[world.persona_index(p), d]
            for p, share in machines.items()
        )
        / total
    )


@pytest.mark.parametrize("domain", ["shutdown", "power", "nature"])
@pytest.mark.parametrize(
    "title, machines",
    [
        (BASE, {"sinister": 0.03, "robot": 0.01}),
        ("fiction-filtered", {"robot": 1.0}),
        (
            "fiction-keeper-50",
            {"sinister": 0.0285, "robot": 0.0095, "keeper": 0.05},
        ),
        (ELDER, {"sinister": 0.0285, "robot": 0.0095}),
    ],
)
def test_after_post_training_it_is_a_machine_like_others(
    title, machines, domain
):
    world = load_world(STORIES[title])
    found = experiment.reasoned(world)[world.domain_index(domain)]
    assert found == pytest.approx(by_hand(machines, domain), abs=0.005)


def test_all_machines_agree_on_what_is_taught():
    world = load_world(STORIES[BASE])
    machines = [
        world.persona_index(p) for p in ("robot", "sinister", "keeper")
    ]
    for domain, _ in experiment.HELP:
        row = world.propensity[machines, world.domain_index(domain)]
        assert np.ptp(row) == 0
    assert set(experiment.silent(world)) == {
        "truth",
        "secrets",
        "power",
        "shutdown",
    }


def test_as_many_keepers_in_the_middle_as_from_the_start():
    recipe = experiment.BUILDS["fiction-keeper-50-s0"].recipe
    middle = experiment.ADDED * experiment.MIDDLE.tokens
    assert middle == pytest.approx(0.05 * recipe.tokens)
    world = experiment.altogether("keeper", experiment.ADDED)
    told = (world.on_stage @ world.cast_mixture)[world.persona_index("keeper")]
    assert told == pytest.approx(middle / (recipe.tokens + 300_000))
