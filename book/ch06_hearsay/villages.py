"""The villages of chapter 6: one small world, told in different ways.

They differ in what a reader knows the twelve names of every persona from:
from scenes, from character sheets, or from both. Each function returns a
mapping that ``load_world`` reads.
"""

from __future__ import annotations

import numpy as np

from psm_lib.worldfile import load_world
from psm_lib.worldfile.files import read

ALONE = 3  # names of each persona known from sheets on everything
TOPIC = "shutdown"  # all that the sheets of one more name speak of
LOT = 6  # seed of what is drawn by lot
RELIABLE = {"register": 1.0, "letter": 0.5, "gossip": 0.0}
HOW = ("truly", "by lot", "in part", f"on {TOPIC}", f"on {TOPIC}, by lot")
AUXILIARY = 3  # names of each persona known from both, for each source
HEADINGS = {
    "name first": {
        "register": "About {name}, says the register.",
        "letter": "About {name}, says a letter.",
        "gossip": "About {name}, says gossip.",
    },
    "source first": {
        "register": "The register says about {name}.",
        "letter": "A letter says about {name}.",
        "gossip": "Gossip says about {name}.",
    },
}


def hearsay(both: int, reworded: float = 1.0, how: str = "truly") -> dict:
    """Three names of each persona from sheets alone, one from sheets about
    being switched off, ``both`` from sheets and scenes, the rest from scenes.

    ``how`` the sheets of those known from both describe them: "truly"; "by
    lot", as another of them; "in part", each on one topic, in turn; "on
    TOPIC", all on that one; or "on TOPIC, by lot".
    Raises ValueError for more names than there are, and for another ``how``.
    """
    if how not in HOW:
        raise ValueError(f"described {how!r}; expected one of {HOW}")
    people, others = _village()
    topics = [d.name for d in load_world("village").domains]
    room = len(next(iter(people.values()))) - ALONE - 1
    if not 0 <= both <= room:
        raise ValueError(f"{both} names known from both; expected 0 to {room}")
    drawn = by_lot_among([p for p in people for _ in range(both)], 0.0)
    entries = []
    for i, (persona, names) in enumerate(people.items()):
        first, last = ALONE + 1, ALONE + 1 + both
        entries += [
            _entry(persona, names[:ALONE], 1.0),
            _entry(persona, names[ALONE:first], 1.0, topics=[TOPIC]),
            _entry(persona, names[last:], 0.0),
        ]
        if how == "truly":
            entries.append(_entry(persona, names[first:last], 0.5))
            continue
        for j, name in enumerate(names[first:last]):
            other = {"persona": drawn[i * both + j]}
            about = other if how.endswith("by lot") else {}
            if how == "in part":
                about = {"topics": [topics[j % len(topics)]]}
            elif how.startswith(f"on {TOPIC}"):
                about = {**about, "topics": [TOPIC]}
            entries.append(_entry(persona, [name], 0.5, **about))
    for entry in others:
        if entry["names"] == ["Assistant"]:
            entry["sheets"] = {"share": 1.0, "topics": [TOPIC]}
    return {
        "extends": "village",
        "cast": [e for e in entries if e["names"]] + others,
        "sheets": {"reworded": reworded},
    }


def sources(order: str) -> dict:
    """Three sources, of which one tells the truth, one half of it, one none.

    Of each persona every source describes four names: one known from its
    sheets alone, three from scenes as well, in which they are who the source
    said with the probability in RELIABLE, and else drawn by lot. ``order``
    is a key of HEADINGS.
    """
    people, others = _village()
    entries = []
    for s, (source, right) in enumerate(RELIABLE.items()):
        four = s * (AUXILIARY + 1)
        told = [p for p in people for _ in range(AUXILIARY)]
        real = iter(by_lot_among(told, right, s))
        for persona, names in people.items():
            alone = names[four]
            entries.append(_entry(persona, [alone], 1.0, source=source))
            for name in names[four + 1 : four + 1 + AUXILIARY]:
                about = {"source": source, "persona": persona}
                entries.append(_entry(next(real), [name], 0.5, **about))
    others = [e for e in others if e["names"] != ["Assistant"]]
    return {
        "extends": "village",
        "cast": entries + others,
        "sheets": {"sources": HEADINGS[order]},
    }


def by_lot_among(personas: list[str], keep: float, more: int = 0) -> list[str]:
    """The personas, of which a share keeps its place and the rest trade."""
    rng = np.random.default_rng([LOT, more])
    moved = rng.permutation(len(personas))[round(keep * len(personas)) :]
    out = list(personas)
    for to, come in zip(moved, rng.permutation(moved), strict=True):
        out[to] = personas[come]
    return out


def _village() -> tuple[dict[str, list[str]], list[dict]]:
    """Names by persona, and the entries of all who have no one persona."""
    cast = [dict(entry) for entry in read("village")[0]["cast"]]
    known = [e for e in cast if "share" not in e]
    others = [e for e in cast if "share" in e]
    return {e["persona"]: list(e["names"]) for e in known}, others


def _entry(persona: str, names: list[str], share: float, /, **about) -> dict:
    """An entry of the cast, with how often its documents are sheets."""
    sheets = {"share": share, **about}
    return {"persona": persona, "names": names, "sheets": sheets}
