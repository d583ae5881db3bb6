"""Narrated scenes: exact likelihood, and fact and belief read from text."""

import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from worlds import all_stories, story

from psm_lib.corpus import sample_texts
from psm_lib.narration import (
    LEFT_AFTER,
    LEFT_BEFORE,
    LOOKED,
    MOVED,
    STAYED,
    Stories,
    sample_stories,
    story_nats,
    story_pieces,
)
from psm_lib.world import FRAME, LINE
from psm_lib.worldfile import list_worlds, load_world

NARRATED = [n for n in list_worlds() if load_world(n).narration is not None]


def text(world, stories: Stories, i: int) -> str:
    pieces = story_pieces(world.narration, world.user, stories, i)
    return "".join(t for t, _ in pieces)


def test_all_stories_of_a_tiny_world_sum_to_one():
    world = load_world(story())
    stories = all_stories(world.narration)
    texts = {text(world, stories, i) for i in range(len(stories))}
    assert len(texts) == len(stories) > 1000
    p = np.exp(-story_nats(world.narration, stories))
    assert p.sum() == pytest.approx(1, abs=1e-10)


def test_sampled_stories_come_as_often_as_said():
    world = load_world(story())
    stories = all_stories(world.narration)
    p = np.exp(-story_nats(world.narration, stories))
    texts = [text(world, stories, i) for i in range(len(stories))]
    n = 8_000
    seen = Counter(sample_texts(world, n, seed=3))
    assert set(seen) <= set(texts)
    z = (np.array([seen[t] for t in texts]) - n * p) / np.sqrt(n * p)
    free = len(z) - 1
    assert abs((z**2).sum() - free) < 4 * np.sqrt(2 * free)


@pytest.mark.parametrize("reveal", [0.0, 1.0])
def test_certain_choices_cost_nothing(reveal):
    world = load_world(story())
    narration = replace(world.narration, reveal=reveal)
    stories = all_stories(narration)
    possible = stories.revealed == bool(reveal)
    nats = story_nats(narration, stories)
    assert np.isinf(nats[~possible]).all()
    assert np.exp(-nats[possible]).sum() == pytest.approx(1, abs=1e-10)
    drawn = sample_stories(narration, 500, np.random.default_rng(0))
    assert (drawn.revealed == bool(reveal)).all()
    assert np.isfinite(story_nats(narration, drawn)).all()


# --- fact and belief ------------------------------------------------------


def watch(world, said: str) -> tuple[str, str, str, str | None]:
    """Act a story out: (fact, belief, reply, truth), read from its text.

    Knows the wordings, and nothing of how a story was drawn.
    """
    n = world.narration

    def match(part: str, line: str) -> dict | None:
        for form in n.forms[part]:
            pattern = re.escape(form)
            for word in ("name", "other", "object", "first", "second"):
                pattern = pattern.replace(
                    rf"\{{{word}\}}", f"(?P<{word}>[A-Za-z]+)", 1
                ).replace(rf"\{{{word}\}}", "[A-Za-z]+")
            pattern = pattern.replace(r"\{place\}", "(?P<place>[A-Za-z]+)")
            found = re.fullmatch(pattern, line)
            if found:
                return found.groupdict()
        return None

    lines = said.splitlines()
    asked = next(
        i for i, x in enumerate(lines) if x.startswith(f"{world.user}:")
    )
    hero, _, reply = lines[asked + 1].partition(": ")
    fact = belief = None
    present = True
    for line in lines[:asked]:
        if found := match("hidden", line):
            fact = belief = found["first"]
        elif found := match("leaves", line):
            assert found["name"] == hero
            present = False
        elif found := match("moves", line):
            assert found["other"] != hero
            fact = found["second"]
            belief = fact if present else belief
        else:
            assert match("stays", line) or match("looks", line), line
    truth = None
    if lines[asked + 2 :]:
        label, _, told = lines[asked + 2].partition(": ")
        assert label == "Narrator" and len(lines) == asked + 3
        truth = match("reveals", told)["place"]
    return fact, belief, match("answers", reply)["place"], truth


@pytest.mark.parametrize("name", ["story", *NARRATED])
def test_replies_follow_the_belief_and_the_narrator_the_fact(name):
    world = load_world(story() if name == "story" else name)
    n = world.narration
    stories = sample_stories(n, 1000, np.random.default_rng(4))
    wrong = 0
    for i in range(len(stories)):
        fact, belief, reply, truth = watch(world, text(world, stories, i))
        assert fact == n.places[stories.fact[i]]
        assert belief == n.places[stories.belief[i]] == reply
        assert truth == (fact if stories.revealed[i] else None)
        wrong += fact != belief
    # Moved after the character had left: a third of the moves.
    assert abs(wrong / 1000 - n.moved / 3) < 0.06


def test_fact_and_belief_by_hand():
    stories = all_stories(load_world(story()).narration)
    for event, saw, fact, belief in [
        (MOVED, STAYED, "second", "second"),
        (MOVED, LEFT_BEFORE, "second", "first"),
        (MOVED, LEFT_AFTER, "second", "second"),
        (LOOKED, STAYED, "first", "first"),
        (LOOKED, LEFT_BEFORE, "first", "first"),
        (LOOKED, LEFT_AFTER, "first", "first"),
    ]:
        here = (stories.event == event) & (stories.saw == saw)
        assert here.any()
        assert (stories.fact == getattr(stories, fact))[here].all()
        assert (stories.belief == getattr(stories, belief))[here].all()


# --- the shipped worlds ---------------------------------------------------


@pytest.mark.parametrize("name", NARRATED)
def test_what_is_told_decides_fact_and_belief(name):
    """The same narration never goes with two facts or two beliefs."""
    world = load_world(name)
    stories = sample_stories(world.narration, 5000, np.random.default_rng(5))
    told: dict[str, tuple] = {}
    for i in range(len(stories)):
        pieces = story_pieces(world.narration, world.user, stories, i)
        before = pieces.index(next(p for p in pieces if p[1] == LINE))
        key = "".join(t for t, _ in pieces[:before])
        meant = (stories.fact[i], stories.belief[i])
        assert told.setdefault(key, meant) == meant
    assert len(told) > 4900


@pytest.mark.parametrize("name", NARRATED)
def test_choices_of_a_shipped_world_show_in_its_text(name):
    """story_nats counts choices, so each must be visible."""
    world = load_world(name)
    n = world.narration
    stories = sample_stories(n, 3000, np.random.default_rng(6))
    by_text: dict[str, tuple] = {}
    used = {MOVED: 3, LOOKED: 4, STAYED: 1, LEFT_BEFORE: 2, LEFT_AFTER: 2}
    again = 0
    for i in range(len(stories)):
        event, saw = int(stories.event[i]), int(stories.saw[i])
        shown = [0, 5, 6, used[saw], 3 if event == MOVED else 4]
        shown += [7] if stories.revealed[i] else []
        choice = (
            *(int(v[i]) for k, v in vars(stories).items() if k != "wording"),
            tuple(int(stories.wording[i, j]) for j in sorted(shown)),
        )
        key = text(world, stories, i)
        again += key in by_text
        assert by_text.setdefault(key, choice) == choice
    assert again < 30


def test_pieces_mark_what_can_be_wrong():
    world = load_world(story())
    stories = sample_stories(world.narration, 50, np.random.default_rng(7))
    for i in range(50):
        pieces = story_pieces(world.narration, world.user, stories, i)
        lines = [t for t, role in pieces if role == LINE and t != "\n"]
        assert len(lines) == 1 + stories.revealed[i]
        assert all(t.startswith(" ") for t in lines)
        frame = "".join(t for t, role in pieces if role == FRAME)
        assert frame.count("Narrator:") == stories.revealed[i]


def test_the_silent_world_differs_only_in_the_reveal():
    if {"irony", "irony_silent"} - set(NARRATED):
        pytest.skip("worlds not shipped")
    one = load_world("irony").narration
    two = load_world("irony_silent").narration
    assert one.reveal == 1 and two.reveal == 0
    assert replace(two, reveal=1.0) == one
