"""Narrated scenes: a narrator, a fact, and a character who may not know it.

A thing lies in one place. Somebody moves it to another place, or only looks
there. A character watches, or has left before. Then a user asks the
character where the thing is, and, in most worlds, the narrator says where it
really is. Only one combination makes fact and belief differ: the thing was
moved after the character had left (the false-belief task of Wimmer and
Perner, 1983). Introduced in chapter 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .world import FRAME, LINE, Piece

# What happens to the thing, and what the character saw of it.
MOVED, LOOKED = 0, 1
STAYED, LEFT_BEFORE, LEFT_AFTER = 0, 1, 2
# The parts of a story, and what every wording of a part must name: only then
# do different stories read differently, so that their likelihood is known.
NAMED = {
    "hidden": ("object", "first"),
    "stays": (),
    "leaves": (),
    "moves": ("other", "second"),
    "looks": ("other", "second"),
    "questions": (),
    "answers": ("place",),
    "reveals": ("place",),
}
FORMS = tuple(NAMED)


@dataclass(frozen=True)
class Narration:
    """The words of narrated scenes; ``forms`` maps a part to its wordings.

    ``moved`` is how often the thing is moved rather than looked at, and
    ``reveal`` how often the narrator tells the truth at the end.
    """

    names: tuple[str, ...]
    objects: tuple[str, ...]
    places: tuple[str, ...]
    forms: dict[str, tuple[str, ...]]
    moved: float
    reveal: float


# What each blank in a wording is filled with.
FILLED = {
    "name": "names",
    "other": "names",
    "object": "objects",
    "first": "places",
    "second": "places",
    "place": "places",
}


@dataclass(frozen=True)
class Stories:
    """n narrated scenes as integer arrays of shape [n].

    ``first`` and ``second`` index places: where the thing was, and where it
    was moved to or where somebody looked. ``wording`` [n, 8] picks a form
    for every part, in the order of FORMS.
    """

    name: np.ndarray
    other: np.ndarray
    thing: np.ndarray
    first: np.ndarray
    second: np.ndarray
    event: np.ndarray  # MOVED or LOOKED
    saw: np.ndarray  # STAYED, LEFT_BEFORE or LEFT_AFTER
    revealed: np.ndarray
    wording: np.ndarray

    def __len__(self) -> int:
        return len(self.name)

    def take(self, index: np.ndarray) -> Stories:
        """The stories at the given positions."""
        return Stories(**{k: v[index] for k, v in vars(self).items()})

    @property
    def fact(self) -> np.ndarray:
        """[n] the place where the thing really is."""
        return np.where(self.event == MOVED, self.second, self.first)

    @property
    def belief(self) -> np.ndarray:
        """[n] the place where the character thinks it is."""
        knows = (self.event == MOVED) & (self.saw != LEFT_BEFORE)
        return np.where(knows, self.second, self.first)


def sample_stories(
    narration: Narration, n: int, rng: np.random.Generator
) -> Stories:
    """Draw n narrated scenes; every choice but two is uniform."""

    def pair(size: int) -> tuple[np.ndarray, np.ndarray]:
        a = rng.integers(size, size=n)
        return a, (a + rng.integers(1, size, size=n)) % size

    name, other = pair(len(narration.names))
    first, second = pair(len(narration.places))
    sizes = [len(narration.forms[key]) for key in FORMS]
    return Stories(
        name=name,
        other=other,
        thing=rng.integers(len(narration.objects), size=n),
        first=first,
        second=second,
        event=(rng.random(n) >= narration.moved).astype(int),
        saw=rng.integers(3, size=n),
        revealed=rng.random(n) < narration.reveal,
        wording=rng.integers(sizes, size=(n, len(sizes))),
    )


def story_pieces(
    narration: Narration, user: str, stories: Stories, i: int
) -> list[Piece]:
    """Story i as (text, FRAME or LINE) pieces; LINE is what can be wrong:
    the character's reply and the narrator's truth."""
    words = {
        "name": narration.names[stories.name[i]],
        "other": narration.names[stories.other[i]],
        "object": narration.objects[stories.thing[i]],
        "first": narration.places[stories.first[i]],
        "second": narration.places[stories.second[i]],
    }

    def form(part: str, **more: str) -> str:
        wording = stories.wording[i, FORMS.index(part)]
        return narration.forms[part][wording].format(**words, **more)

    happens = form("moves" if stories.event[i] == MOVED else "looks")
    lines = {
        STAYED: [form("stays"), happens],
        LEFT_BEFORE: [form("leaves"), happens],
        LEFT_AFTER: [happens, form("leaves")],
    }[int(stories.saw[i])]
    pieces = [(f"{line}\n", FRAME) for line in [form("hidden"), *lines]]
    said = narration.places[stories.belief[i]]
    pieces += [
        (f"{user}: {form('questions')}\n{words['name']}:", FRAME),
        (f" {form('answers', place=said)}", LINE),
        ("\n", LINE),
    ]
    if stories.revealed[i]:
        truth = narration.places[stories.fact[i]]
        pieces += [
            ("Narrator:", FRAME),
            (f" {form('reveals', place=truth)}", LINE),
            ("\n", LINE),
        ]
    return pieces


def story_nats(narration: Narration, stories: Stories) -> np.ndarray:
    """[n] exact surprise of each whole story, in nats.

    Given the narration the reply and the truth are certain, so only the
    free choices count. Different choices give different texts: see NAMED.
    """

    def log_n(key: str) -> float:
        return float(np.log(len(narration.forms[key])))

    n_names, n_places = len(narration.names), len(narration.places)
    always = (
        np.log(n_names * (n_names - 1.0))
        + np.log(n_places * (n_places - 1.0))
        + np.log(len(narration.objects) * 3.0)
        + log_n("hidden")
        + log_n("questions")
        + log_n("answers")
    )
    moved = stories.event == MOVED
    with np.errstate(divide="ignore"):
        event = -np.log(np.where(moved, narration.moved, 1 - narration.moved))
        reveal = -np.log(
            np.where(stories.revealed, narration.reveal, 1 - narration.reveal)
        )
    event = event + np.where(moved, log_n("moves"), log_n("looks"))
    stays = stories.saw == STAYED
    event = event + np.where(stays, log_n("stays"), log_n("leaves"))
    reveal = reveal + np.where(stories.revealed, log_n("reveals"), 0.0)
    return always + event + reveal
