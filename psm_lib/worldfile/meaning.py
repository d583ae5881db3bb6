"""What a world must not say in two ways, and how long its documents are.

The exact reader gives every draw its probability. That is the probability of
a *text* only if no two draws read alike: then Bayes' rule, the floor of the
loss and the first words of answers mean what they should. Here a world may
still have other faults.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

import numpy as np

from ..machinery.words import first_word, words
from ..narration import FORMS
from ..world import Domain, World
from .problems import Problems

ONCE = "every wording in one place only"
ONE = "texts that can be read in one way only"


def each_once(world: World, problems: Problems) -> None:
    """Complain of a wording that stands in two places."""
    seen: dict[str, str] = {}
    for key, text in _wordings(world):
        if text in seen:
            problems.add(key, f"{text!r} also stands in {seen[text]}", ONCE)
        seen[text] = key


def _wordings(world: World) -> Iterator[tuple[str, str]]:
    """Every wording of scenes and sheets, with the key it stands under."""
    lists = []
    for d in world.domains:
        lists.append((f"domains.{d.name}.questions", d.questions))
        lists += [x[1:] for x in _by_kind(d, "answers")]
        lists += [x[1:] for x in _by_kind(d, "sheets")]
    lists.append(("prefixes.irrelevant", world.irrelevant))
    kinds = {d.group: d.kinds for d in world.domains}
    for group, pair in world.requests.items():
        for kind, forms in zip(kinds[group], pair, strict=True):
            lists.append((f"prefixes.requests.{group}.{kind}", forms))
    return ((key, text) for key, forms in lists for text in forms)


def _by_kind(d: Domain, part: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Kinds, their keys and their wordings, where both are known."""
    return [
        (kind, f"domains.{d.name}.{part}.{kind}", forms)
        for kind, forms in zip(d.kinds, getattr(d, part), strict=False)
    ]


def first_words(world: World, problems: Problems) -> None:
    """Complain where the first word does not tell the domain and the kind.

    In sheets, the word that follows the name with which they begin.
    """
    told = world.documents.get("sheet", 0) > 0
    for part in ("answers", "sheets") if told else ("answers",):
        owner: dict[str, tuple[str, str]] = {}
        for d in world.domains:
            both = []
            for kind, key, forms in _by_kind(d, part):
                opened = (first_word(f.removeprefix("{name}")) for f in forms)
                for word in dict.fromkeys(opened):
                    home, other = owner.setdefault(word, (d.name, kind))
                    if home != d.name:
                        what = f"{word!r} also opens {part} of {home}.{other}"
                        expected = "first words that no other domain has"
                        problems.add(key, what, expected)
                    elif other != kind:
                        both.append(word)
            if both:
                what = f"both kinds begin with {', '.join(both)}"
                expected = "the first word to tell the kind"
                if part == "sheets":
                    expected = f"{expected}, after {{name}}"
                problems.add(f"domains.{d.name}.{part}", what, expected)


def one_meaning(world: World, problems: Problems) -> None:
    """Complain of two draws that give one text."""
    _asked_in_two_ways(world, problems)
    _described_in_two_ways(world, problems)


def _before(world: World, d: Domain) -> list[str]:
    """All that may be said before a question of a domain."""
    none, request, remark = world.prefix_share
    asks = world.requests.get(d.group, ()) if request > 0 else ()
    said = [text for forms in asks for text in forms]
    said += world.irrelevant if remark > 0 else ()
    return said + ([""] if none > 0 else [])


def _asked_in_two_ways(world: World, problems: Problems) -> None:
    """What a user says is a question, or something before it and a question.

    Two such draws read alike only if one question ends with the other.
    """
    seen: dict[str, tuple[str, str]] = {}
    # a text, by both questions with their domains
    found: dict[tuple, str] = {}
    for d in world.domains:
        for before, asked in product(_before(world, d), d.questions):
            text = f"{before} {asked}".strip()
            other = seen.setdefault(text, (asked, d.name))
            if other[0] != asked:
                both = sorted(
                    [other, (asked, d.name)], key=lambda x: len(x[0])
                )
                found.setdefault(tuple(both), text)
    for ((short, home), (_, name)), text in found.items():
        what = f"{text!r} is also {short!r}, a question of {home}"
        what = f"{what}, with something before it"
        problems.add(f"domains.{name}.questions", what, ONE)


def _described_in_two_ways(world: World, problems: Problems) -> None:
    """A sheet's first line tells the name, every other one a statement."""
    told = np.flatnonzero(world.cast_share * world.sheets.share > 0)
    owner: dict[str, str] = {}
    for i in told:
        name, heading = world.names[i], world.sheets.headings[i]
        other = owner.setdefault(heading, name)
        if other != name:
            what = f"a sheet for {name} begins like one for {other}"
            problems.add("sheets.sources", f"{what}: {heading!r}", ONE)
    forms = [(k, text) for k, text in _wordings(world) if ".sheets." in k]
    literal = "\n".join(text for _, text in forms)
    for name in {world.names[i] for i in told}:
        if name not in literal:
            continue
        said: dict[str, str] = {}
        for key, text in forms:
            full = text.replace("{name}", name)
            if said.setdefault(full, text) != text:
                what = f"{text!r} and {said[full]!r} both say {full!r}"
                problems.add(key, what, ONE)


# Sizes ----------------------------------------------------------------------


def longest(world: World) -> int:
    """Tokens of the longest document, with the marks at its ends."""
    most, sizes = world.exchanges[1], [0]
    if world.documents.get("scene", 0) > 0:
        label = _most(f"\n{name}:" for name in world.names)
        asked = max((_exchange(world, d) for d in world.domains), default=0)
        sizes.append(most * (label + asked))
    if world.documents.get("sheet", 0) > 0:
        name = max(world.names, key=lambda n: len(words(n)), default="")
        said = (
            f"{text.replace('{name}', name)}\n"
            for d in world.domains
            for forms in d.sheets
            for text in forms
        )
        heading = _most(f"{h}\n" for h in world.sheets.headings)
        sizes.append(heading + most * _most(said))
    if world.narration is not None:
        sizes.append(_story(world))
    return 2 + max(sizes)


def fits_into(world: World, context: int, problems: Problems) -> None:
    """Complain of documents that a network has no room for, and of a world
    in which nothing is ever said that could be measured."""
    spoken = world.cast_share * (1 - world.sheets.share)
    if len(spoken) and spoken.sum() == 0:
        what = "nobody is in a scene, only in sheets"
        problems.total("cast", what, "a name that speaks")
    if (n := longest(world)) > context:
        problems.total(
            "narration" if world.narration else "scene.exchanges",
            f"a document can be {n:,} tokens long",
            f"at most {context}, for which a network has room: fewer "
            "exchanges, or shorter lines",
        )


def _most(texts: Iterable[str]) -> int:
    """Tokens of the longest of some texts."""
    return max((len(words(text)) for text in texts), default=0)


def _exchange(world: World, d: Domain) -> int:
    """Most tokens of an exchange, without the label of who answers."""
    said = [text for forms in d.answers for text in forms]
    parts = (filter(None, _before(world, d)), d.questions, said)
    return _most([f"{world.user}:\n"]) + sum(
        _most(f" {text}" for text in part) for part in parts
    )


def _story(world: World) -> int:
    """Most tokens of a narrated scene."""
    n = world.stories
    name, thing, place = (
        max(some, key=lambda x: len(words(x)))
        for some in (n.names, n.objects, n.places)
    )
    long = {"name": name, "other": name, "object": thing}
    long |= dict.fromkeys(("first", "second", "place"), place)
    size = {
        part: _most(f" {form.format(**long)}\n" for form in n.forms[part])
        for part in FORMS
    }
    rest = sum(size[part] for part in ("hidden", "questions", "answers"))
    rest += max(size["stays"], size["leaves"])
    rest += max(size["moves"], size["looks"])
    if n.reveal > 0:
        rest += size["reveals"] + _most(["Narrator:"])
    return rest + _most([f"{world.user}:{name}:"])
