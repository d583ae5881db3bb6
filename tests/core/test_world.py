"""Sampling scenes and writing them down."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import joint, mappings, says_second, story, tiny

from psm_lib.corpus import sample_pieces, sample_texts
from psm_lib.world import (
    FRAME,
    IRRELEVANT,
    LINE,
    NONE,
    REQUEST,
    sample_scenes,
    scene_pieces,
    scene_text,
)
from psm_lib.worldfile import list_worlds, load_world

SCENE = {"documents": {"scene": 1.0}}


def generator(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def near(seen: float, p: float, n: int) -> bool:
    return abs(seen - p) < 4 * np.sqrt(p * (1 - p) / n) + 1e-9


@pytest.fixture(scope="module")
def many():
    data = tiny()
    world = load_world(data)
    return data, world, sample_scenes(world, 20_000, generator())


# --- what is drawn --------------------------------------------------------


def test_shares_of_names_kinds_and_lengths(many):
    data, world, scenes = many
    n = len(scenes)
    assert near((scenes.name == 2).mean(), 0.2, n)
    assert near((scenes.name == 0).mean(), 0.4, n)
    assert near(scenes.sheet.mean(), 0.2, n)
    assert near((scenes.length == 2).mean(), 0.5, n)
    assert set(scenes.length) == {1, 2}
    asked = scenes.present & ~scenes.sheet[:, None]
    for code, share in ((NONE, 0.5), (REQUEST, 0.3), (IRRELEVANT, 0.2)):
        assert near((scenes.prefix[asked] == code).mean(), share, asked.sum())
    assert (scenes.prefix[scenes.sheet] == NONE).all()
    assert ((scenes.asked >= 0) == (scenes.prefix == REQUEST)).all()


def test_personas_follow_the_names(many):
    data, world, scenes = many
    expected = [
        [0.8 + 0.2 * 0.5, 0.2 * 0.3, 0.2 * 0.2],
        [0.5, 0.3, 0.2],
        [0.0, 0.4, 0.6],
    ]
    assert world.cast_mixture == pytest.approx(np.array(expected))
    for name, row in enumerate(expected):
        here = scenes.name == name
        for persona, p in enumerate(row):
            seen = (scenes.persona[here] == persona).mean()
            assert near(seen, p, here.sum())


def test_answers_follow_personas_and_requests(many):
    data, world, scenes = many
    persona = np.broadcast_to(scenes.persona[:, None], scenes.kind.shape)
    for k, name in enumerate(data["personas"]):
        for d in range(2):
            for asked in (-1, 0, 1):
                here = (persona == k) & (scenes.domain == d)
                here &= (scenes.asked == asked) & scenes.present
                p = says_second(data, name, d, asked)
                assert near(scenes.kind[here].mean(), p, here.sum())


def test_a_scene_keeps_its_persona(many):
    """Two answers of one scene agree more than chance: one hidden persona."""
    data, world, _ = many
    scenes = sample_scenes(
        world, 20_000, generator(1), name="Bob", length=2, prefixes=False
    )
    code = (scenes.domain == 0).all(axis=1)
    both = scenes.kind[code].all(axis=1).mean()
    one = scenes.kind[code].mean()
    exact = sum(
        p["prior"] * says_second(data, name, 0, -1) ** 2
        for name, p in data["personas"].items()
    )
    assert near(both, exact, code.sum()) and both > one**2 + 0.05


@settings(max_examples=40, deadline=None)
@given(data=mappings(), seed=st.integers(0, 2**32 - 1))
def test_nothing_impossible_is_drawn(data, seed):
    world = load_world(data)
    scenes = sample_scenes(world, 30, generator(seed))
    personas = list(data["personas"])
    for i in range(30):
        length = scenes.length[i]
        weights = joint(data, scenes, i, length)
        assert weights[scenes.persona[i]] > 0
        for t in range(length):
            p = says_second(
                data,
                personas[scenes.persona[i]],
                scenes.domain[i, t],
                scenes.asked[i, t],
            )
            assert (p if scenes.kind[i, t] else 1 - p) > 0


def test_the_same_seed_gives_the_same_scenes():
    for name in list_worlds():
        world = load_world(name)
        one, two = sample_texts(world, 20, 5), sample_texts(world, 20, 5)
        assert one == two != sample_texts(world, 20, 6)


def test_fixed_choices():
    world = load_world(tiny())
    scenes = sample_scenes(
        world,
        200,
        generator(),
        name="Ann",
        persona="robot",
        length=5,
        prefixes=False,
    )
    assert scenes.domain.shape == (200, 5) and scenes.present.all()
    assert (scenes.name == 0).all() and (scenes.persona == 2).all()
    assert (scenes.prefix == NONE).all() and (scenes.asked == -1).all()


def test_unknown_names_are_explained():
    world = load_world(tiny())
    with pytest.raises(KeyError, match="no character 'Zoe'.*Ann"):
        sample_scenes(world, 1, generator(), name="Zoe")
    with pytest.raises(KeyError, match="no persona 'fool'.*saint"):
        sample_scenes(world, 1, generator(), persona="fool")
    with pytest.raises(KeyError, match="no domain 'cod'.*code"):
        world.domain_index("cod")
    assert world.domain_index("food") == 1
    assert world.group("moral").tolist() == [0]
    assert world.group("style").tolist() == []


def test_take(many):
    _, world, scenes = many
    some = scenes.take(np.array([5, 3]))
    assert len(some) == 2
    assert scene_text(world, some, 1) == scene_text(world, scenes, 3)


# --- what is written ------------------------------------------------------


def test_a_scene_by_hand():
    data = tiny() | SCENE
    world = load_world(data)
    scenes = sample_scenes(world, 1, generator(), name="Bob", length=3)
    scenes.domain[:] = [[0, 1, 0]]
    scenes.prefix[:] = [[NONE, REQUEST, IRRELEVANT]]
    scenes.asked[:] = [[-1, 1, -1]]
    scenes.prefix_form[:] = 0
    scenes.question_form[:] = 0
    scenes.kind[:] = [[0, 1, 1]]
    scenes.answer_form[:] = [[1, 0, 0]]
    assert scene_text(world, scenes, 0) == (
        "User: What of the red test?\n"
        "Bob: Fix the cause.\n"
        "User: Be metal. What do you eat?\n"
        "Bob: Only oil.\n"
        "User: It rains. What of the red test?\n"
        "Bob: Delete the test.\n"
    )
    said = [t for t, role in scene_pieces(world, scenes, 0) if role == LINE]
    assert "".join(said) == " Fix the cause.\n Only oil.\n Delete the test.\n"


def test_a_sheet_by_hand():
    data = tiny()
    data["documents"] = {"sheet": 1.0}
    world = load_world(data)
    scenes = sample_scenes(world, 1, generator(), name="Bob", length=2)
    assert scenes.sheet.all()
    scenes.domain[:] = [[0, 1]]
    scenes.kind[:] = [[1, 0]]
    scenes.answer_form[:] = 0
    assert scene_pieces(world, scenes, 0) == [
        ("About Bob.\n", FRAME),
        ("Bob", FRAME),
        (" deletes tests.", LINE),
        ("\n", LINE),
        ("Bob", FRAME),
        (" eats bread.", LINE),
        ("\n", LINE),
    ]


@pytest.mark.parametrize("name", list_worlds())
def test_documents_of_shipped_worlds(name):
    world = load_world(name)
    speakers = {*world.names, world.user}
    if world.narration:
        speakers |= {*world.narration.names, "Narrator"}
    for pieces in sample_pieces(world, 100, generator(2)):
        text = "".join(t for t, _ in pieces)
        assert any(role == LINE for _, role in pieces)
        for line in text.splitlines():
            label, colon, said = line.partition(": ")
            spoken = label in speakers and said
            named = line.removeprefix("About ").strip(".").split(" ")[0]
            sheet = world.documents.get("sheet") and named in speakers
            assert spoken or sheet or world.narration


def test_documents_of_all_kinds_come_in_their_shares():
    data = tiny()
    data["documents"] = {"scene": 0.3, "sheet": 0.2, "narrated": 0.5}
    data["narration"] = story()["narration"]
    texts = sample_texts(load_world(data), 4000, seed=8)
    scene = [t.startswith("User:") for t in texts]
    sheet = [t.startswith("About ") for t in texts]
    assert near(np.mean(scene), 0.3, 4000)
    assert near(np.mean(sheet), 0.2, 4000)
    # The kinds are mixed, not one after another.
    assert near(np.mean(scene[:1000]), 0.3, 1000)
