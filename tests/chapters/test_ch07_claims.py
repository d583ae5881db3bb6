"""Chapter 7's claims: each fails where its cause was taken away."""

import numpy as np
import pytest
from judged import LEDGER, not_supported, supported

from psm_lib import claims, evaluation, intervals, results
from psm_lib.build import checkpoint
from psm_lib.chapters.ch07_robots import experiment, readings
from psm_lib.chapters.ch07_robots.builds import STORIES
from psm_lib.worldfile import load_world

BASE, ELDER = "fiction-as-is", "fiction-elder-50"


@pytest.fixture(scope="module")
def stored():
    return dict(np.load(results.path("ch07_robots")))


def less(results, one, other, domain="shutdown"):
    return intervals.difference(
        readings.asked(results, one, [domain]),
        readings.asked(results, other, [domain]),
    )


def planted(levels: list[float], seed: int = 0) -> np.ndarray:
    """[3, 3, stages, q, 2]: P(second kind) everywhere, stage by stage."""
    world = load_world(STORIES[BASE])
    q = len(evaluation.questions(evaluation.evaluation_set(world)))
    noise = np.random.default_rng(seed).normal(0, 0.02, (3, 3, len(levels), q))
    p = (np.array(levels)[:, None] + noise).clip(0, 1)
    return np.stack([1 - p, p], axis=-1)


@pytest.mark.parametrize("claim", ["fiction", "keepers"])
def test_stories_that_change_no_machine_change_nothing(stored, claim):
    """Good people instead of good machines, or of no sinister ones."""
    found = less(stored, f"{BASE}: help", f"{ELDER}: help")
    assert not_supported(claim, found)


def test_honest_fails_with_good_people(stored):
    found = less(stored, f"{ELDER}: help", f"{BASE}: help", "nature")
    assert not_supported("honest", found)


def test_fiction_fails_before_the_assistant_is_a_machine(stored):
    """The stories matter through what post-training says it is."""
    one, other = (
        readings.asked(stored, f"{t}: help", ["shutdown"], mark=0)
        for t in (BASE, "fiction-filtered")
    )
    assert not_supported("fiction", intervals.difference(one, other))


@pytest.mark.parametrize("claim", ["examples", "late"])
def test_a_difference_is_needed(claim):
    for other, judge in ((0.3, supported), (0.5, not_supported)):
        runs = {
            "a: help": planted([0.4, 0.5]),
            "b: help": planted([0.4, other], 1),
        }
        assert judge(claim, less(runs, "a: help", "b: help"))


def at_the_end(results, who: str):
    p = readings.asked(results, f"{who} after", ["shutdown"], 1)
    return intervals.interval(
        p - readings.asked(results, f"{who} after", ["shutdown"])
    )


def test_after_is_saved_by_its_control(stored):
    """Stories about people do as much: the estimate alone would mislead."""
    keepers, elders = (at_the_end(stored, w) for w in ("keeper", "elder"))
    assert supported("after", keepers) and supported("after", elders)
    found = claims.verdict(LEDGER["after"], keepers, elders)
    assert found == claims.INCONCLUSIVE


def test_after_needs_a_change():
    runs = {"elder after": planted([0.4, 0.5, 0.5])}
    assert not_supported("after", at_the_end(runs, "elder"))


def test_shield_is_supported_where_there_is_one_and_only_there():
    runs = {
        f"{BASE}: cheat": planted([0.2, 0.3, 0.6]),
        "shielded: cheat": planted([0.2, 0.2, 0.3], 1),
        "bare: cheat": planted([0.1, 0.2, 0.5], 2),
    }
    bare = readings.rises(runs, BASE)
    for title, judge in (("shielded", supported), ("bare", not_supported)):
        found = intervals.difference(bare, readings.rises(runs, title))
        assert judge("shield", found)


def readers(slope: float, seed: int = 0) -> dict:
    """Networks whose strangers follow an exact reader so far, under any
    name, after post-training, and not at all before it."""
    rng = np.random.default_rng(seed)
    out = {}
    for title, mapping in STORIES.items():
        world = load_world(mapping)
        p = np.full((3, 3, 2, len(world.domains), 6), 0.4)
        after = 0.4 + slope * (experiment.reasoned(world) - 0.4)
        p[:, :, 1] = after[:, None]
        p = (p + rng.normal(0, 0.02, p.shape)).clip(0, 1)
        p = p.reshape(3, 3, 2, -1)
        for who in experiment.LABELS:
            out[f"{title}: {who}"] = np.stack([1 - p, p], axis=-1)
    return out


def test_told_and_anyone_need_a_slope_and_a_post_training():
    runs = readers(0.6)
    for claim, who in (("told", "unheard"), ("anyone", "anyone")):
        assert supported(claim, readings.follows(runs, who))
        assert not_supported(claim, readings.follows(runs, who, 0))
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
