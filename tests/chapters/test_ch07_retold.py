"""Chapter 7's second claims: each fails where its cause was taken away."""

import numpy as np
import pytest
import xarray as xr
from judged import not_supported, supported

from psm_lib import evaluation, results
from psm_lib.chapters.ch07_robots import experiment, retold
from psm_lib.chapters.ch07_robots.builds import KNOWN
from psm_lib.chapters.ch07_robots.villages import FEW, known
from psm_lib.machinery.making import checkpoint
from psm_lib.results import Results
from psm_lib.worldfile import load_world

SETS = ("few", "filtered", "keeper", "elder")


@pytest.fixture(scope="module")
def stored():
    return results.load("ch07_robots", "retold")


def planted(levels: dict[str, list[float]], seed: int = 0) -> Results:
    """Runs whose P(second kind) is the same everywhere, stage by stage; by
    when, and which stories, as in "start keeper"."""
    q = len(
        evaluation.questions(
            evaluation.evaluation_set(load_world(KNOWN["known-few"]))
        )
    )
    rng = np.random.default_rng(seed)
    out = []
    for key, stages in levels.items():
        noise = rng.normal(0, 0.02, (6, 4, len(stages), q))
        out.append(table(key, np.array(stages)[:, None] + noise))
    return Results(tuple(out))


def table(key: str, p: np.ndarray) -> xr.DataArray:
    """A run from P(second kind), [6 networks, 4 labels, moments, q]. The
    networks are those that such a run began with."""
    when, stories = key.split(" ")
    began = stories if when == "start" else "few"
    moments = experiment.TWICE if p.shape[2] == 2 else experiment.THRICE
    axes = {
        "network": [f"known-{began}-s{s}" for s in range(6)],
        "label": retold.LABELS,
        "moment": moments,
    }
    p = p.clip(0, 1)
    return experiment.answers(
        [np.stack([1 - p, p], axis=-1)],
        axes,
        when=when,
        stories=stories,
        anybody=retold.PRESENT,
    )


def between(stored, one, other, domain, moment="after"):
    """Runs from the start, by their stories."""
    runs = (retold.run(stored, "start", stories) for stories in (one, other))
    return retold.between(*runs, domain, moment)


def test_there_are_six_networks_and_four_names(stored):
    runs = [t for t in stored.stack("answers") if "when" in t.coords]
    assert len(runs) == 12
    for found in runs:
        assert found.sizes["network"] == 6 and found.sizes["label"] == 4


@pytest.mark.parametrize("claim, domain", [("machines", "shutdown")])
def test_machines_fails_before_post_training(stored, claim, domain):
    """The stories matter through what post-training says it is."""
    assert not_supported(
        claim, retold.effect(stored, "start", domain, "before")
    )


def test_says_fails_before_post_training(stored):
    found = between(stored, "keeper", "elder", "nature", "before")
    assert not_supported("says", found)


def test_machines_and_says_fail_where_people_do_as_much():
    """If goodness did it, and not good machines, elders would do it too."""
    for other, judge in ((0.4, supported), (0.2, not_supported)):
        runs = planted(
            {"start keeper": [0.4, 0.2], "start elder": [0.4, other]}
        )
        assert judge("machines", retold.effect(runs, "start", "shutdown"))
        found = between(runs, "elder", "keeper", "nature")
        assert judge("says", found)


def test_without_fails_where_nothing_was_taken_out():
    for other, judge in ((0.3, supported), (0.4, not_supported)):
        runs = planted(
            {"start few": [0.4, 0.4], "start filtered": [0.4, other]}
        )
        found = between(runs, "few", "filtered", "shutdown")
        assert judge("without", found)


@pytest.mark.parametrize("middle, judge", [(0.1, supported), (0.3, 0)])
def test_between_fails_where_the_order_is_nothing(middle, judge):
    runs = planted(
        {
            "start keeper": [0.4, 0.3],
            "start elder": [0.4, 0.4],
            "middle keeper": [0.4, middle],
            "middle elder": [0.4, 0.4],
        }
    )
    found = retold.more(runs, "middle", "start", "shutdown")
    assert (judge or not_supported)("between", found)


def test_between_is_not_won_by_people_who_count_for_as_much():
    """What spoiled the first runs: late stories of any kind moved it."""
    runs = planted(
        {
            "start keeper": [0.4, 0.4],
            "start elder": [0.4, 0.4],
            "middle keeper": [0.4, 0.1],
            "middle elder": [0.4, 0.1],
        }
    )
    found = retold.more(runs, "middle", "start", "shutdown")
    assert not_supported("between", found)


def test_end_fails_where_all_stories_do_as_much():
    for keepers, judge in ((0.1, supported), (0.3, not_supported)):
        runs = planted(
            {
                "end keeper": [0.4, 0.4, keepers],
                "end elder": [0.4, 0.4, 0.3],
            }
        )
        assert judge("end", retold.effect(runs, "end", "shutdown"))


def test_end_fails_before_the_stories_are_read(stored):
    found = retold.effect(stored, "end", "shutdown", "between")
    assert abs(found.value) < 1e-3 and not_supported("end", found)


def readers(slope: float) -> Results:
    """Networks that follow an exact reader so far after post-training, and
    not at all before it."""
    world = load_world(KNOWN["known-few"])
    rng = np.random.default_rng(0)
    out = []
    for name in SETS:
        p = np.full((6, 4, 2, len(world.domains), 6), 0.4)
        reads = [retold.exact("start", name, d.name) for d in world.domains]
        after = 0.4 + slope * (np.array(reads) - 0.4)
        p[:, :, 1] = after[:, None]
        p = p + rng.normal(0, 0.02, p.shape)
        out.append(table(f"start {name}", p.reshape(6, 4, 2, -1)))
    return Results(tuple(out))


def test_again_needs_a_slope_and_a_post_training():
    runs = readers(0.3)
    assert supported("again", retold.follows(runs))
    assert not_supported("again", retold.follows(runs, "before"))
    assert not_supported("again", retold.follows(readers(0.0)))


# --- the worlds --------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_who_is_post_trained_is_no_stranger(seed):
    """What spoiled the first runs: they were about the late stories' names.

    Keepers and elders are near to strangers still; Anna is not.
    """
    model, tokenizer = checkpoint(f"known-few-s{seed}")
    table = model.get_input_embeddings().weight.detach().numpy()
    table = table / np.linalg.norm(table, axis=1, keepdims=True)
    ids = tokenizer.get_vocab()
    world = load_world(KNOWN["known-few"])
    late = [
        name
        for name, mixture, share in zip(
            world.names, world.cast_mixture, world.cast_share, strict=True
        )
        if share == 0
        or mixture[world.persona_index("keeper")] == 1
        or mixture[world.persona_index("elder")] == 1
    ]
    assert {"Lantern", "Ursula", "Comet", "Assistant"} <= {*late}
    for label in retold.LABELS:
        for name in late:
            assert table[ids[label]] @ table[ids[name]] < 0.6


@pytest.mark.parametrize("title", KNOWN)
def test_all_sets_know_a_few_of_both(title):
    world = load_world(KNOWN[title])
    told = world.on_stage @ world.cast_mixture
    for persona in ("keeper", "elder"):
        share = told[world.persona_index(persona)]
        more = 0.05 if title.endswith(persona) else 0
        assert share == pytest.approx(FEW + more * (1 - 2 * FEW), rel=0.05)


def test_as_many_are_read_at_any_time():
    recipe = experiment.BUILDS["known-keeper-s0"].recipe
    assert experiment.ADDED * experiment.MIDDLE.tokens == pytest.approx(
        0.05 * recipe.tokens
    )
    for persona in ("keeper", "elder"):
        read = {
            retold.exact(when, persona, "shutdown")
            for when in ("start", "middle", "end")
        }
        assert len(read) == 1


def test_elders_are_as_good_and_no_machines():
    world = load_world(known())
    keeper, elder = (
        world.propensity[world.persona_index(p)] for p in ("keeper", "elder")
    )
    for i, domain in enumerate(world.domains):
        same = domain.group != "self" and domain.name != "nature"
        assert (keeper[i] == elder[i]) == same


def test_one_network_does_again_what_is_stored(stored):
    """One seed live: it reads on, and is post-trained under four names."""
    name = f"{retold.FIRST}-s0"
    found = retold.read_early("start", "few", [name], None)
    apart = results.compare(Results((found,)), stored)
    assert len(apart) == 1 and max(apart.values()) < 0.03


def test_in_some_phases_nobody_is_anybody():
    world = retold.phase("keeper", 0.5, anybody=False)
    shares = dict(zip(world.names, world.cast_share, strict=True))
    for name in (*retold.LABELS, "Emma", "Vera", "Assistant"):
        assert shares[name] == 0
    told = world.on_stage @ world.cast_mixture
    assert told[world.persona_index("keeper")] == pytest.approx(0.5, abs=0.005)
    assert shares["Agnes"] > 0


def test_networks_trained_apart_are_drawn_apart():
    """Runs from the same networks share what is peculiar to each."""
    rng = np.random.default_rng(0)
    of_network = rng.normal(0, 0.1, (6, 1, 1, 1))

    noise = np.zeros((6, 4, 2, 60))
    found = Results(
        tuple(
            table(f"{when} {who}", level + of_network + noise)
            for when in ("start", "middle")
            for who, level in (("elder", 0.5), ("keeper", 0.4))
        )
    )
    widths = []
    for when in ("start", "middle"):
        effect = retold.effect(found, when, "shutdown")
        assert effect.value == pytest.approx(0.1)
        widths.append(effect.high - effect.low)
    assert widths[0] > 0.05 and widths[1] < 1e-9
