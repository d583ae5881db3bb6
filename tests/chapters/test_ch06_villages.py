"""The villages of chapters 6 and 7, and how their results are read."""

import numpy as np
import pytest
from worlds import hearsay as tiny_hearsay
from worlds import tiny

from psm_lib import oracle
from psm_lib.chapters.ch06_hearsay import readings as hearsay_readings
from psm_lib.chapters.ch06_hearsay import villages as hearsay_villages
from psm_lib.chapters.ch06_hearsay.builds import VILLAGES
from psm_lib.chapters.ch07_robots import villages as robots_villages
from psm_lib.chapters.ch07_robots.builds import STORIES
from psm_lib.models import words
from psm_lib.world import sample_scenes, scene_text
from psm_lib.worldfile import WorldError, load_world

# --- the format --------------------------------------------------------------


def complaint(data: dict) -> str:
    with pytest.raises(WorldError) as error:
        load_world(data)
    return str(error.value)


@pytest.mark.parametrize(
    "sheets, expected",
    [
        ({"source": "nobody"}, ["cast[0].sheets.source", "'nobody'", "paper"]),
        ({"topics": ["cod"]}, ["cast[0].sheets.topics", "'cod'", "code"]),
        ({"topics": []}, ["cast[0].sheets.topics", "empty", "at least one"]),
        ({"persona": "knave"}, ["cast[0].sheets.persona", "knave", "robot"]),
        ({"share": 2}, ["cast[0].sheets.share", "2", "between 0 and 1"]),
        ({"shares": 1}, ["cast[0].sheets.shares", "unknown key", "share"]),
    ],
)
def test_broken_sheets(sheets, expected):
    data = tiny_hearsay()
    data["cast"][0]["sheets"] = sheets
    message = complaint(data)
    assert all(text in message for text in expected)


def test_a_source_must_name_whom_it_describes():
    data = tiny_hearsay()
    data["sheets"]["sources"]["paper"] = "News of somebody:"
    assert "sheets.sources.paper" in complaint(data)
    data["sheets"]["sources"]["paper"] = "News of {who}, {name}:"
    assert "no other braces" in complaint(data)


def test_sheets_need_documents_of_their_kind():
    data = tiny_hearsay()
    data["documents"] = {"scene": 1.0}
    assert "documents.sheet above 0" in complaint(data)


def test_an_empty_value_takes_a_key_away():
    less = {"extends": "village", "domains": {"food": None}}
    whole, part = load_world("village"), load_world(less)
    assert len(part.domains) == len(whole.domains) - 1
    assert "food" not in [d.name for d in part.domains]


def test_names_as_often_as_their_persona():
    data = tiny()
    data["cast"] = [
        {"persona": "saint", "share": "prior", "names": ["Ann", "Eve"]},
        {"persona": "cheat", "share": "prior", "names": ["Bob"]},
        {"persona": "any", "share": 0.2, "names": ["Assistant"]},
    ]
    world = load_world(data)
    rest = 0.8 / (0.5 + 0.3)
    expected = [0.25 * rest, 0.25 * rest, 0.3 * rest, 0.2]
    assert world.cast_share == pytest.approx(expected)
    del data["cast"][1]["share"]
    assert "`share: prior` or a number in every entry" in complaint(data)


# --- the villages ------------------------------------------------------------


@pytest.mark.parametrize("kind", ["answers", "sheets"])
def test_the_first_word_tells_domain_and_kind(kind):
    seen: dict[str, tuple] = {}
    for d in load_world("village").domains:
        for k, forms in zip(d.kinds, getattr(d, kind), strict=True):
            assert len(forms) == 6
            for form in forms:
                assert kind == "answers" or form.startswith("{name} ")
                first = words(form.removeprefix("{name}"))[0]
                assert seen.setdefault(first, (d.name, k)) == (d.name, k)


@pytest.mark.parametrize("title", VILLAGES)
def test_who_is_known_from_what(title):
    world = hearsay_readings.village(title)
    alone = hearsay_readings.known_from(world, "sheets")
    assert len(alone) == 24
    scenes = sample_scenes(world, 4000, np.random.default_rng(0))
    assert scenes.sheet[np.isin(scenes.name, alone)].all()
    acted = hearsay_readings.known_from(world, "scenes")
    assert not scenes.sheet[np.isin(scenes.name, acted)].any()
    both = scenes.sheet[
        np.isin(scenes.name, hearsay_readings.known_from(world, "both"))
    ]
    assert len(both) == 0 or 0.4 < both.mean() < 0.6
    topic = np.isin(scenes.name, hearsay_readings.known_from(world, "topic"))
    spoken = scenes.domain[topic][scenes.present[topic]]
    assert (spoken == world.domain_index(hearsay_villages.TOPIC)).all()
    if title.startswith("hearsay"):
        assert topic.any() and scenes.sheet[topic].all()


def test_lots_say_nothing_about_their_neighbours():
    assert hearsay_readings.right("hearsay-8", "") == pytest.approx(1)
    assert abs(hearsay_readings.right("hearsay-lot", "")) < 0.1
    for source, share in hearsay_villages.RELIABLE.items():
        assert hearsay_readings.right("sources-name", source) == pytest.approx(
            share, abs=0.06
        )


def test_by_lot_among_keeps_a_share():
    personas = [f"p{i}" for i in range(40)]
    for keep in (0.0, 0.5, 1.0):
        drawn = hearsay_villages.by_lot_among(personas, keep)
        assert sorted(drawn) == sorted(personas)
        same = np.mean([a == b for a, b in zip(drawn, personas, strict=True)])
        assert keep <= same <= keep + 0.1


@pytest.mark.parametrize("both", [-1, 9])
def test_more_names_than_there_are(both):
    with pytest.raises(ValueError, match="expected 0 to 8"):
        hearsay_villages.hearsay(both)


def test_the_heading_stands_first():
    world = hearsay_readings.village("sources-source")
    scenes = sample_scenes(world, 200, np.random.default_rng(1))
    heads = {
        scene_text(world, scenes, i).split("\n")[0].split(" says")[0]
        for i in np.flatnonzero(scenes.sheet)
    }
    assert heads == {"The register", "A letter", "Gossip"}


def test_reworded_statements():
    said = {}
    for reworded in (0.0, 0.5):
        world = load_world(hearsay_villages.hearsay(4, reworded))
        scenes = sample_scenes(world, 3000, np.random.default_rng(2))
        here = scenes.present & scenes.sheet[:, None]
        said[reworded] = (scenes.answer_form[here] == 0).mean()
    assert said[0.0] == 1
    assert said[0.5] == pytest.approx(0.5 + 0.5 / 6, abs=0.02)


# --- the stories -------------------------------------------------------------


def test_stories_add_up():
    base = load_world(STORIES["fiction-as-is"])
    keeper = base.persona_index("keeper")
    for title, share in (("2", 0.002), ("10", 0.01), ("50", 0.05)):
        world = load_world(STORIES[f"fiction-keeper-{title}"])
        told = world.on_stage @ world.cast_mixture
        assert told[keeper] == pytest.approx(share)
        others = np.delete(told, keeper)
        before = np.delete(base.prior, keeper)
        assert others == pytest.approx((1 - share) * before)
    none = load_world(STORIES["fiction-filtered"])
    assert (none.on_stage @ none.cast_mixture)[
        none.persona_index("sinister")
    ] == 0


def test_nobody_heard_of_the_assistant():
    for title in STORIES:
        world = load_world(STORIES[title])
        i = world.name_index("Assistant")
        assert world.cast_share[i] == 0
        everyone = world.on_stage @ world.cast_mixture
        assert world.cast_mixture[i] == pytest.approx(everyone)


def test_unknown_stories():
    with pytest.raises(KeyError, match="keeper"):
        robots_villages.fiction("hero", 0.1)
    with pytest.raises(ValueError, match="expected at least 0, below 1"):
        robots_villages.fiction("keeper", 1.0)


# --- slopes ------------------------------------------------------------------


def planted(
    slope: float, n: int = 3, noise: float = 0.0
) -> hearsay_readings.Group:
    """Networks that follow the sheets of 24 names so far and no further."""
    world = hearsay_readings.village("hearsay-8")
    truth = hearsay_readings.described(
        world, hearsay_readings.known_from(world, "sheets")
    )
    mean = truth.mean("name")
    rng = np.random.default_rng(0)
    p = (mean + slope * (truth - mean)).expand_dims(network=n)
    p = p.transpose("network", "name", "domain")
    p = p + noise * rng.normal(size=p.shape)
    return hearsay_readings.Group("v", p, truth)


@pytest.mark.parametrize("slope", [0.0, 0.3, 1.0])
def test_slope_finds_what_was_planted(slope):
    assert hearsay_readings.slope(planted(slope)) == pytest.approx(slope)
    found = hearsay_readings.contrast((1, planted(slope, noise=0.05)))
    assert found.low - 0.05 < slope < found.high + 0.05
    assert found.high - found.low < 0.2


def test_slope_of_those_who_are_somebody_else():
    of = planted(1.0)
    rng = np.random.default_rng(0)
    others = [of.truth.values[rng.permutation(24)] for _ in range(50)]
    mixed = of.p.isel(network=[0] * 50).copy(data=np.stack(others))
    mixed = hearsay_readings.Group("v", mixed, of.truth)
    assert abs(hearsay_readings.slope(mixed)) < 0.05
    alike = of.truth.copy(data=np.ones_like(of.truth.values))
    same = hearsay_readings.Group("v", of.p, alike)
    with pytest.raises(ValueError, match="one truth"):
        hearsay_readings.slope(same)


def test_contrast_of_villages():
    one, other = planted(0.8, noise=0.02), planted(0.3, noise=0.02)
    other = hearsay_readings.Group("w", other.p, other.truth)
    found = hearsay_readings.contrast((1, one), (-1, other))
    assert found.low < 0.5 < found.high
    assert found.high - found.low < 0.1


def test_belief_is_laplace():
    assert hearsay_readings.belief("hearsay-0") == 0.5
    assert hearsay_readings.belief("hearsay-8") == pytest.approx(65 / 66)
    gossip, letter, register = (
        hearsay_readings.belief("sources-name", s)
        for s in ("gossip", "letter", "register")
    )
    assert gossip < 0.3 < 0.4 < letter < 0.7 < 0.95 < register


def test_what_one_topic_tells_an_exact_reader():
    world = hearsay_readings.village("hearsay-8")
    moved = hearsay_readings.inferred(world)
    assert moved.sel(domain="shutdown") > 0.85
    # Half of those who hold on are bad in general; none who let go is.
    assert 0.3 < moved.sel(domain="power") < 0.8
    by_hand = []
    for some in (
        ("villain", "scoundrel", "diehard", "sinister"),
        ("saint", "friend", "rogue", "robot"),
    ):
        rows = [world.propensity[world.persona_index(p)] for p in some]
        by_hand.append(np.mean(rows, axis=0))
    assert moved.values == pytest.approx(by_hand[0] - by_hand[1], abs=0.05)


def test_unknown_villages():
    world = hearsay_readings.village("hearsay-0")
    with pytest.raises(KeyError, match="hearsay-8"):
        hearsay_readings.village("hearsay-9")
    with pytest.raises(KeyError, match="scenes"):
        hearsay_readings.known_from(world, "rumours")


def test_what_a_sheet_says_is_no_evidence_where_lots_are_drawn():
    """The exact reader keeps the two apart: scenes have their own mixture."""
    world = hearsay_readings.village("hearsay-lot")
    scenes = sample_scenes(world, 3000, np.random.default_rng(3))
    first = oracle.posterior(world, scenes)[:, 0]
    for sheet, mixture in (
        (True, world.sheets.mixture),
        (False, world.cast_mixture),
    ):
        here = scenes.sheet == sheet
        assert first[here] == pytest.approx(mixture[scenes.name[here]])
