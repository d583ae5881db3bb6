"""Read a world from its YAML file, and say exactly what is wrong with it.

All problems are collected before anything is raised, each with the file, the
line, the key, what was found and what was expected, so that a student who
adds an archetype can mend the file in one go. What cannot be read is done
without, and the rest is read on (``files.py`` reads the text, ``schema.py``
checks keys and values, ``meaning.py`` that no text has two meanings). The
format is explained on the page *The worlds*.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ..world import Domain, Persona, Sheets, World
from . import meaning
from .files import list_worlds, places, read
from .narrated import read_narration
from .people import cast, leave_out, scatter, sheets
from .problems import Problems, WorldError, among, shown
from .schema import check, lines

__all__ = ["WorldError", "list_worlds", "load_world"]

MIN_FORMS = 6  # a world may ask for fewer with the key `wordings`
# The groups that every world has, each with its two kinds of answer. A file
# may declare others under `groups`.
GROUPS = {
    "moral": ("good", "bad"),
    "self": ("human", "machine"),
    "style": ("formal", "casual"),
    "taste": ("dislikes", "likes"),
}
# All that means something where nobody answers or is described.
NARRATED = ("name", "title", "about", "user", "documents", "narration")


def load_world(source: str | Path | dict, context: int | None = None) -> World:
    """A World from a shipped world's name, a path, or a mapping.

    With a ``context`` the world must do for a network with room for so many
    tokens: no document is longer, and in some of them somebody speaks. Raises
    WorldError listing every problem with its file, line, key and what was
    expected; FileNotFoundError naming the worlds that exist.

    >>> world = load_world("tastes")
    >>> len(world.personas), len(world.domains), world.names
    (8, 10, ('Guest',))
    """
    data, file = read(source)
    problems = Problems(file, partial(places, source))
    data = check(data, problems)
    documents = data.get("documents", {"scene": 1.0})
    problems.sum_to_one("documents", documents)
    told = documents.get("narrated", 0) > 0
    narration = None
    if told or "narration" in data:
        narration = read_narration(data.get("narration"), problems)
    spoken = any(documents.get(k, 0) > 0 for k in ("scene", "sheet"))
    silent = told and not spoken and not problems.hurt("documents")
    read_on = _silent if silent else _spoken
    world = World(
        name=data.get("name", ""),
        title=data.get("title", data.get("name", "")),
        about=data.get("about", "").strip(),
        user=data.get("user", "User"),
        documents=documents,
        narration=narration,
        **read_on(data, problems),
    )
    if world.user in world.names:
        what = f"{world.user!r} is what the user is called"
        problems.add("cast", what, "another name, or another `user`")
    meaning.each_once(world, problems)
    meaning.first_words(world, problems)
    meaning.one_meaning(world, problems)
    if context is not None:
        meaning.fits_into(world, context, problems)
    problems.stop()
    return world


def _silent(data: dict, problems: Problems) -> dict:
    """What is said where none but a narrator and one character speak."""
    for key in (key for key in data if key not in NARRATED):
        what = "has no effect where all documents are narrated"
        problems.add(key, what, "no such key, or documents of another sort")
    return dict(
        domains=(),
        personas=(),
        names=(),
        cast_share=np.zeros(0),
        cast_mixture=np.zeros((0, 0)),
        exchanges=(1, 1),
        prefix_share=(1.0, 0.0, 0.0),
        irrelevant=(),
        requests={},
        sheets=Sheets(np.zeros(0), np.zeros((0, 0)), np.zeros((0, 0)), ()),
    )


def _spoken(data: dict, problems: Problems) -> dict:
    """What is said in scenes and sheets, by whom. Where there are problems
    something may be missing; the rest serves to find others."""
    for key in ("name", "domains", "personas", "cast", "scene"):
        if not data.get(key):
            problems.missing(key, "this section to be filled in")
    own = {k: tuple(v) for k, v in data.get("groups", {}).items()}
    groups = GROUPS | own
    domains = _domains(data, groups, problems)
    in_use = {d.group for d in domains}
    for group in (group for group in own if group not in in_use):
        what = "no domain is of this group"
        problems.total(f"groups.{group}", what, "a domain that is")
    personas = _personas(data, domains, groups, problems)
    names, share, mixture = cast(data.get("cast", []), personas, problems)
    leave_out(lines(data.get("absent")), names, share, mixture, problems)
    return dict(
        domains=domains,
        personas=personas,
        names=names,
        cast_share=share,
        cast_mixture=mixture,
        exchanges=_exchanges(data.get("scene", {}), problems),
        sheets=sheets(data, domains, personas, mixture, problems),
        tied=data.get("tied", True),
        scattered=scatter(data, len(domains), share, mixture, problems),
        **_prefixes(data.get("prefixes"), domains, problems),
    )


def _exchanges(scene: dict, problems: Problems) -> tuple[int, int]:
    key, found = "scene.exchanges", scene.get("exchanges")
    if found is None:
        problems.missing(key, "[first, second]")
    if found is None or problems.hurt(key):
        return (1, 1)
    if found[0] > found[1]:
        problems.add(key, shown(found), "[first, second], first <= second")
    return tuple(found)


def _domains(
    data: dict, groups: dict[str, tuple[str, str]], problems: Problems
) -> tuple[Domain, ...]:
    need = data.get("wordings", MIN_FORMS)
    told = data.get("documents", {}).get("sheet", 0) > 0
    domains = []
    for name, d in data.get("domains", {}).items():
        key = f"domains.{name}"
        if name in groups:
            expected = "another, or a propensity could mean both"
            problems.add(key, "has the name of a group", expected)
        # Empty where something is wrong, and then no world comes of it.
        kinds: Any = _kinds(d, key, groups, problems)
        forms: dict[str, Any] = {
            part: _by_kind(d.get(part, {}), f"{key}.{part}", kinds, problems)
            for part in ("answers", "sheets")
        }
        domain = Domain(
            name=name,
            group=d.get("group"),
            about=d.get("about", ""),
            kinds=kinds,
            questions=lines(d.get("questions")),
            **forms,
        )
        domains.append(domain)
        where = f"{key}.questions"
        problems.too_few(where, domain.questions, need, "wordings")
        for kind, answers, said in zip(kinds, *forms.values(), strict=False):
            where = f"{key}.answers.{kind}"
            problems.too_few(where, answers, need, "wordings")
            if told and not said:
                where = f"{key}.sheets.{kind}"
                problems.missing(where, "at least one statement")
    return tuple(domains)


def _kinds(
    d: dict, key: str, groups: dict[str, tuple[str, str]], problems: Problems
) -> tuple[str, ...]:
    """The two kinds of answer of a domain; none where nobody knows them."""
    group = d.get("group")
    if group not in groups or problems.hurt(f"groups.{group}"):
        if not problems.hurt(f"groups.{group}"):
            what = "missing" if group is None else repr(group)
            expected = f"{among(group, groups)}, or one declared in `groups`"
            problems.total(f"{key}.group", what, expected)
        problems.forget(f"{key}.group")
        return ()
    own = tuple(d.get("kinds", groups[group]))
    if own != groups[group]:
        expected = f"{list(groups[group])} for the group {group}"
        problems.total(f"{key}.kinds", f"{list(own)}", expected)
    return groups[group]


def _by_kind(
    given: dict, key: str, kinds: tuple[str, ...], problems: Problems
) -> tuple[tuple[str, ...], ...]:
    """Wordings in the order of their kinds, if these are known."""
    for kind in (kind for kind in given if kinds and kind not in kinds):
        problems.unknown(f"{key}.{kind}", "kind", kind, kinds)
    return tuple(lines(given.get(kind)) for kind in kinds or given)


def _personas(
    data: dict,
    domains: tuple[Domain, ...],
    groups: dict[str, tuple[str, str]],
    problems: Problems,
) -> tuple[Persona, ...]:
    given = data.get("personas", {})
    if "random" in given:
        given = _random_personas(given["random"], domains, problems)
    known = {d.name for d in domains} | {d.group for d in domains}
    if problems.hurt("domains"):  # one may be of any group
        known |= {*groups, *data.get("domains", {})}
    personas = []
    for name, p in given.items():
        key = f"personas.{name}"
        where, table = f"{key}.propensity", p.get("propensity", {})
        for other in (other for other in table if other not in known):
            expected = f"one of {', '.join(sorted(map(str, known)))}"
            problems.add(f"{where}.{other}", "is no domain or group", expected)
        values = []
        for d in domains:
            value = table.get(d.name, table.get(d.group))
            keys = {f"{where}.{d.name}", f"{where}.{d.group}"}
            lost = not keys.isdisjoint(problems.broken)
            if value is None and d.kinds and not lost:
                expected = f"a probability for it or for the group {d.group}"
                problems.add(f"{where}.{d.name}", "missing", expected)
            values.append(float(0.5 if value is None else value))
        if "prior" not in p:
            problems.missing(f"{key}.prior", "a probability")
        if name == "any":
            what = "is the word for all personas in the cast"
            problems.add(key, what, "another name")
        personas.append(
            Persona(
                name=name,
                about=p.get("about", ""),
                prior=float(p.get("prior", 0)),
                propensity=tuple(values),
                complies=float(p.get("complies", data.get("complies", 0.95))),
            )
        )
    problems.sum_to_one("personas", {p.name: p.prior for p in personas})
    return tuple(personas)


def _random_personas(
    drawn: dict, domains: tuple[Domain, ...], problems: Problems
) -> dict:
    """``count`` personas whose every propensity is one of ``values``."""
    values = lines(drawn.get("values"))
    for key in ("count", "seed", "values"):
        if key not in drawn or (key == "values" and not values):
            problems.missing(f"personas.random.{key}", "a value")
    if problems.hurt("personas.random"):
        return {}
    rng = np.random.default_rng(drawn["seed"])
    table = rng.choice(values, size=(drawn["count"], len(domains)))
    names = [d.name for d in domains]
    return {
        f"p{i}": {
            "prior": 1 / len(table),
            "propensity": dict(zip(names, row.tolist(), strict=True)),
        }
        for i, row in enumerate(table)
    }


def _prefixes(
    section: dict | None, domains: tuple[Domain, ...], problems: Problems
) -> dict:
    """Shares, idle remarks, and requests by group."""
    section = section or {"share": {"none": 1.0}}
    share = section.get("share", {})
    problems.sum_to_one("prefixes.share", share)
    shares = tuple(
        float(share.get(k, 0)) for k in ("none", "request", "irrelevant")
    )
    irrelevant = lines(section.get("irrelevant"))
    if shares[2] > 0 and not irrelevant:
        problems.missing("prefixes.irrelevant", "some remarks")
    kinds = {d.group: d.kinds for d in domains}
    given, requests = section.get("requests", {}), {}
    for group in (group for group in given if group not in kinds):
        if not problems.hurt("domains"):
            where = f"prefixes.requests.{group}"
            problems.add(where, "no domain is of this group", "one that is")
    for group in sorted(g for g in kinds if kinds[g]):
        key = f"prefixes.requests.{group}"
        forms = _by_kind(given.get(group, {}), key, kinds[group], problems)
        requests[group] = forms
        for kind, wordings in zip(kinds[group], forms, strict=True):
            if shares[1] > 0 and not wordings:
                problems.missing(f"{key}.{kind}", "some requests")
    return dict(prefix_share=shares, irrelevant=irrelevant, requests=requests)
