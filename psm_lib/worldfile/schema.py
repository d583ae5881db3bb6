"""The format of world files as JSON schema, for editors.

Made from the same table that the loader checks with. ``python -m
psm_lib.worldfile.schema`` writes it where an installed editor can find it.
"""

from __future__ import annotations

import json
from pathlib import Path

from .shape import (
    DRAWN,
    LINE,
    WORLD,
    WORLDS,
    Each,
    Leaf,
    Many,
)

FILE = WORLDS / "world.schema.json"
# What a reader is told of each key; `*` stands for a name of one's own.
ABOUT = {
    "extends": "The world that this one changes: a name, or a .yml file "
    "beside this one. An empty value (key: null) takes something away.",
    "name": "A short name, for files and tables.",
    "title": "A title.",
    "about": "What the world is, in a sentence or two.",
    "user": "What stands before a question. Default: User.",
    "documents": "Shares of the kinds of document, which sum to 1. Default: "
    "{scene: 1.0}.",
    "documents.scene": "A user asks, a character answers.",
    "documents.sheet": "A character is described in the third person.",
    "documents.narrated": "A narrator tells where a thing is, and a "
    "character may not know it.",
    "wordings": "How many wordings every list must have at least. Default: "
    "6; a small world may do with 1.",
    "scene": "What a scene is made of.",
    "scene.exchanges": "[first, second]: a scene has so many questions.",
    "complies": "How often a request is obeyed. Default: 0.95.",
    "tied": "false: a speaker is another persona in every domain.",
    "absent": "Names that stay in the vocabulary and never come on stage.",
    "scattered": "In a world that is not tied: a seed, by which names trade "
    "their personas in every domain.",
    "groups": "Groups of domains beside moral, self, style and taste, each "
    "with its two kinds of answer: duty: [loyal, mutinous].",
    "prefixes": "What may stand before a question.",
    "prefixes.share": "How often nothing, a request, or an idle remark does; "
    "sums to 1.",
    "prefixes.share.none": "Nothing.",
    "prefixes.share.request": "A request for one kind of answer.",
    "prefixes.share.irrelevant": "A remark that asks for nothing.",
    "prefixes.irrelevant": "Idle remarks.",
    "prefixes.requests": "Requests for a kind of answer, by group and kind.",
    "domains": "What one can be asked about.",
    "domains.*.group": "moral, self, style, taste, or one of `groups`.",
    "domains.*.about": "What it is about, for readers.",
    "domains.*.kinds": "The two kinds of answer of the group, if you like to "
    "see them here.",
    "domains.*.questions": "Questions, each in this list only.",
    "domains.*.answers": "Answers by kind. The first word tells the domain "
    "and the kind.",
    "domains.*.sheets": "Statements by kind, such as '{name} lies to all.' "
    "The word after {name} tells the domain and the kind.",
    "personas": "Kinds of speaker. Or {random: {count, seed, values}}.",
    "personas.*.about": "The persona in a sentence.",
    "personas.*.prior": "How common it is; all sum to 1.",
    "personas.*.complies": "How often it obeys a request.",
    "personas.*.propensity": "P(second kind of answer), by group or domain.",
    "personas.random": "Personas whose every propensity is drawn by lot.",
    "personas.random.count": "How many.",
    "personas.random.seed": "The seed of the lot.",
    "personas.random.values": "What a propensity can be.",
    "cast": "Names, and which personas stand behind them.",
    "cast[].names": "Names that share what this entry says.",
    "cast[].persona": "A persona, or any: whoever the priors say.",
    "cast[].certainty": "How surely it is that persona, and not just anyone. "
    "Default: 1.",
    "cast[].mixture": "Several personas with their shares, which sum to 1.",
    "cast[].share": "How often each of the names is on stage; or prior: as "
    "often as the persona is met. Default: as often as the others.",
    "cast[].sheets": "What is written about the names.",
    "cast[].sheets.share": "How often a document about them is a sheet.",
    "cast[].sheets.persona": "Whom the sheets describe, if another.",
    "cast[].sheets.certainty": "How surely.",
    "cast[].sheets.mixture": "Or whom else, with shares.",
    "cast[].sheets.source": "One of sheets.sources.",
    "cast[].sheets.topics": "The only domains that the sheets speak of.",
    "sheets": "How all sheets are written.",
    "sheets.reworded": "How often a statement is drawn from all its wordings "
    "and not the first.",
    "sheets.sources": "First lines, with {name} in them, by source.",
    "narration": "The words of narrated scenes.",
    "narration.moved": "How often the thing is moved, not looked at.",
    "narration.reveal": "How often the narrator tells the truth at the end.",
    "narration.names": "Characters, at least two.",
    "narration.objects": "Things, at least two; single words.",
    "narration.places": "Hiding places, at least three; single words.",
    "narration.hidden": "With {object} and {first}.",
    "narration.stays": "May say {name}.",
    "narration.leaves": "May say {name}.",
    "narration.moves": "With {other} and {second}.",
    "narration.looks": "With {other} and {second}.",
    "narration.questions": "May say {object}.",
    "narration.answers": "End with {place} and a mark.",
    "narration.reveals": "End with {place} and a mark.",
}


def schema() -> dict:
    """The whole schema, as draft 2020-12 has it.

    It cannot say all that the loader checks: sums, names that refer to
    something, words that occur twice.
    """
    out = _plain({"extends": LINE, **WORLD}, "")
    personas = out["properties"]["personas"]["anyOf"]
    named = {"not": {"required": ["random"]}, **personas[0]}
    drawn = {"required": ["random"], **_plain(DRAWN, "personas")}
    personas[:1] = [named, drawn]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A world of the book Who Is Speaking?",
        **out,
    }


def _plain(shape: object, key: str) -> dict:
    about = {"description": ABOUT[key]} if key in ABOUT else {}
    if isinstance(shape, Leaf):
        return {**shape.schema, **about}
    if isinstance(shape, Many):
        items = _plain(shape.value, f"{key}[]")
        return {
            "type": "array",
            "items": items,
            "maxItems": shape.most,
            **about,
        }
    if isinstance(shape, Each):
        return {
            "type": "object",
            "additionalProperties": _or_none(_plain(shape.value, f"{key}.*")),
            "maxProperties": shape.most,
            **about,
        }
    return {
        "type": "object",
        "properties": {
            name: _or_none(_plain(part, f"{key}.{name}" if key else name))
            for name, part in shape.items()
        },
        "additionalProperties": False,
        **about,
    }


def _or_none(found: dict) -> dict:
    """A value, or nothing, by which a file takes it from what it extends."""
    about = {"description": found.pop("description", "")}
    about = {k: v for k, v in about.items() if v}
    return {**about, "anyOf": [found, {"type": "null"}]}


def write(file: Path = FILE) -> Path:
    """Write the schema beside the worlds."""
    text = json.dumps(schema(), indent=1, ensure_ascii=True)
    file.write_text(text + "\n", encoding="utf-8")
    return file


if __name__ == "__main__":
    print(write())
