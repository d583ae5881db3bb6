"""The ``narration:`` section of a world file."""

from __future__ import annotations

import re

from ..narration import FILLED, FORMS, Narration
from .meaning import ONCE
from .problems import Problems
from .schema import lines

SORTS = ("names", "objects", "places")


def read_narration(data: dict | None, problems: Problems) -> Narration | None:
    """The ``narration:`` section of a world file; complains to problems."""
    if data is None:
        problems.missing("narration", "a section of wordings")
        return None
    for key in (*SORTS, *FORMS, "moved", "reveal"):
        if key not in data:
            problems.missing(f"narration.{key}", "this key to be filled in")
    some = {key: lines(data.get(key)) for key in (*SORTS, *FORMS)}
    owner: dict[str, str] = {}
    for sort in SORTS:
        key = f"narration.{sort}"
        for word in some[sort]:
            other = owner.setdefault(word, sort)
            if other != sort:
                what = f"{word!r} is among {other}, too"
                problems.add(key, what, "every word once")
        if len(set(some[sort])) < len(some[sort]):
            problems.add(key, "has one twice", "each once")
    _check_wordings(data, owner, problems)
    if not all(some.values()):
        return None  # which was complained of
    return Narration(
        **{sort: some[sort] for sort in SORTS},
        forms={part: some[part] for part in FORMS},
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
    for part in FORMS:
        for i, text in enumerate(data.get(part, ())):
            if text is None:
                continue
            key = f"narration.{part}[{i}]"
            alike = text.format(**FILLED)  # the same for the same sorts
            if alike in seen:
                what = f"{text!r} can read like one in {seen[alike]}"
                problems.add(key, what, ONCE)
            seen.setdefault(alike, key)
            bare = text.format(**dict.fromkeys(FILLED, " "))
            for word in re.findall(r"[^\W_]+", bare):
                if word in owner:
                    what = f"{word!r} in {text!r} is one of {owner[word]}"
                    expected = "a blank such as {object}, or another word"
                    problems.add(key, what, expected)
