"""The ``narration:`` section of a world file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..machinery.words import words
from .shape import Problems, fills, lines, marks

if TYPE_CHECKING:
    pass
from ..narration import FILLED, FORMS, NAMED, Narration


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
