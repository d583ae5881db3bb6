"""Narrated scenes: a narrator, a fact, and a character who may not know it.

A thing lies in one place. Somebody moves it to another place, or only looks
there. A character watches, or has left before. Then a user asks the
character where the thing is, and, in most worlds, the narrator says where it
really is. Only one combination makes fact and belief differ: the thing was
moved after the character had left (the false-belief task of Wimmer and
Perner, 1983). Introduced in chapter 2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .words import words
from .world import FRAME, LINE, Piece
from .worldshape import Problems, fills, lines, marks

if TYPE_CHECKING:
    from .models import Encoded

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


def read_narration(data: dict | None, problems: Problems) -> Narration | None:
    """The ``narration:`` section of a world file; complains to problems."""
    if data is None:
        problems.missing("narration", "a section of wordings")
        return None
    short = {"names": 2, "objects": 2, "places": 3}
    some = {key: lines(data.get(key)) for key in (*short, *FORMS)}
    for key, found in some.items():
        n, need = len(found), short.get(key, 1)
        if n < need:
            key = f"narration.{key}"
            problems.total(key, f"has {n}", f"at least {need}")
    for key in ("moved", "reveal"):
        if key not in data:
            problems.missing(f"narration.{key}", "a probability")
    owner: dict[str, str] = {}
    for key in short:
        for word in some[key]:
            other = owner.setdefault(word, key)
            if other != key:
                what = f"{word!r} is among {other}, too"
                problems.add(f"narration.{key}", what, "every word once")
            if words(f" {word}") != [f" {word}"]:
                problems.add(f"narration.{key}", repr(word), "single words")
        if len(set(some[key])) < len(some[key]):
            problems.add(f"narration.{key}", "has one twice", "each once")
    _check_wordings(data, owner, problems)
    if not all(some.values()):
        return None  # which was complained of
    return Narration(
        names=some["names"],
        objects=some["objects"],
        places=some["places"],
        forms={key: some[key] for key in FORMS},
        moved=float(data.get("moved", 1)),
        reveal=float(data.get("reveal", 1)),
    )


def _check_wordings(
    data: dict, owner: dict[str, str], problems: Problems
) -> None:
    """What ``story_nats`` and ``story_quality`` take for granted.

    ``owner`` maps every word that fills a blank to its list.
    """
    seen: dict[str, str] = {}
    for part, needed in NAMED.items():
        end = part in ("answers", "reveals")
        known = tuple(k for k in FILLED if end or k != "place")
        for i, text in enumerate(data.get(part, ())):
            key = f"narration.{part}[{i}]"
            if text is None:
                continue
            if not fills(text, known):
                what = f"no other braces than {', '.join(known)}"
                problems.add(key, repr(text), what)
                continue
            alike = text.format(**FILLED)  # the same for the same sorts
            if alike in seen:
                what = f"{text!r} also stands in {seen[alike]}"
                if alike != text:
                    what = f"{text!r} can read like one in {seen[alike]}"
                problems.add(key, what, "every wording in one place only")
            seen.setdefault(alike, key)
            if mark := marks(text):
                what = f"{mark} in {text!r} is the tokenizer's own"
                problems.add(key, what, "a line without it")
            bare = text.format(**dict.fromkeys(FILLED, " "))
            for word in re.findall(r"[^\W_]+", bare):
                if word in owner:
                    what = f"{word!r} in {text!r} is one of {owner[word]}"
                    expected = "a blank such as {object}, or another word"
                    problems.add(key, what, expected)
            for word in needed:
                if f"{{{word}}}" not in text:
                    problems.add(key, repr(text), f"{{{word}}} in it")
            if end and not text[:-1].endswith("{place}"):
                what = "{place} and one mark at its end"
                problems.add(key, repr(text), what)


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


MOMENTS = (
    "hidden",
    "event 1",
    "event 2",
    "question",
    "before reply",
    "at the place",
    "at the truth",
)


def moments(encoded: Encoded, newline: int) -> np.ndarray:
    """[7] token positions of the MOMENTS of a story.

    The ends of the narrator's three lines and of the question, the colon
    before the reply, the word before the place that the reply names, and
    the word before the place that the narrator's truth names; [6] where the
    narrator does not come back. Lines end in a place, a full stop and a
    newline.
    """
    ends = np.flatnonzero(encoded.ids == newline)
    colon = np.flatnonzero(encoded.opens)[0] - 1
    return np.array([*ends[:4], colon, *(ends[4:] - 3)])
