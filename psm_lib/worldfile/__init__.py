"""Read a world from its YAML file, and say exactly what is wrong with it.

All problems are collected before anything is raised, each with the file, the
line, the key, what was found and what was expected, so that a student who
adds an archetype can mend the file in one go. What cannot be read is done
without, and the rest is read on (``files.py`` reads the text,
``shape.py`` checks keys and values, ``meaning.py`` that no text has
two meanings). The format is explained on the page *The worlds*.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from ..narration import Narration
from ..world import Domain, Persona, Sheets, World
from . import meaning
from .files import list_worlds, places, read
from .narrated import read_narration
from .people import cast, leave_out, scatter, sheets
from .shape import (
    GROUPS,
    Problems,
    WorldError,
    check,
    lines,
    sums_to_one,
)

__all__ = ["WorldError", "list_worlds", "load_world"]

MIN_FORMS = 6  # a world may ask for fewer with the key `wordings`
# What has a meaning only where somebody answers or is described.
SPOKEN = (
    "wordings",
    "scene",
    "complies",
    "tied",
    "absent",
    "scattered",
    "groups",
    "prefixes",
    "domains",
    "personas",
    "cast",
    "sheets",
)


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
    if "documents" in data:
        sums_to_one(documents, "documents", problems)
    narration: Narration | None = None
    if documents.get("narrated", 0) > 0 or "narration" in data:
        narration = read_narration(data.get("narration"), problems)
    spoken = any(documents.get(k, 0) > 0 for k in ("scene", "sheet"))
    if spoken or problems.hurt("documents"):
        world = _spoken(data, documents, narration, problems)
    else:
        world = _narrated(data, documents, narration, problems)
    if context is not None:
        meaning.fits_into(world, context, problems)
    problems.stop()
    return world


def _narrated(
    data: dict,
    documents: dict,
    narration: Narration | None,
    problems: Problems,
) -> World:
    """A world in which nobody but a narrator and one character speaks."""
    for key in SPOKEN:
        if key in data:
            what = "has no effect where all documents are narrated"
            expected = "no such key, or documents of another sort"
            problems.add(key, what, expected)
    return World(
        name=data.get("name", ""),
        title=data.get("title", ""),
        about=data.get("about", "").strip(),
        user=data.get("user", "User"),
        domains=(),
        personas=(),
        names=(),
        cast_share=np.zeros(0),
        cast_mixture=np.zeros((0, 0)),
        exchanges=(1, 1),
        prefix_share=(1.0, 0.0, 0.0),
        irrelevant=(),
        requests={},
        documents=documents,
        sheets=Sheets(*np.zeros((3, 0, 0)), headings=()),
        narration=narration,
    )


def _spoken(
    data: dict,
    documents: dict,
    narration: Narration | None,
    problems: Problems,
) -> World:
    """A world of scenes and sheets. Where there are problems something may
    be missing in it; it serves to find others."""
    for key in ("name", "domains", "personas", "cast", "scene"):
        if not data.get(key):
            problems.missing(key, "this section to be filled in")
    groups = {**GROUPS}
    groups |= {k: tuple(v) for k, v in data.get("groups", {}).items()}
    domains = _domains(data, groups, problems)
    in_use = {d.group for d in domains}
    for group in data.get("groups", {}):
        if group not in in_use:
            what = "no domain is of this group"
            problems.total(f"groups.{group}", what, "a domain that is")
    personas = _personas(data, domains, groups, problems)
    names, share, mixture = cast(data.get("cast", []), personas, problems)
    leave_out(lines(data.get("absent")), names, share, mixture, problems)
    prefix_share, irrelevant, requests = _prefixes(
        data, {d.group: d.kinds for d in domains}, problems
    )
    exchanges = data.get("scene", {}).get("exchanges")
    if exchanges is None:
        problems.missing("scene.exchanges", "[first, second]")
    world = World(
        name=data.get("name", ""),
        title=data.get("title", data.get("name", "")),
        about=data.get("about", "").strip(),
        user=data.get("user", "User"),
        domains=domains,
        personas=personas,
        names=names,
        cast_share=share,
        cast_mixture=mixture,
        exchanges=tuple(exchanges or (1, 1)),
        prefix_share=prefix_share,
        irrelevant=irrelevant,
        requests=requests,
        documents=documents,
        sheets=sheets(data, domains, personas, mixture, problems),
        narration=narration,
        tied=data.get("tied", True),
        scattered=scatter(data, len(domains), share, mixture, problems),
    )
    if world.user in names:
        what = f"{world.user!r} is what the user is called"
        problems.add("cast", what, "another name, or another `user`")
    meaning.each_once(world, problems)
    meaning.first_words(world, problems)
    meaning.one_meaning(world, problems)
    return world


def _domains(
    data: dict, groups: dict[str, tuple[str, str]], problems: Problems
) -> tuple[Domain, ...]:
    need, told = data.get("wordings", MIN_FORMS), data.get("documents", {})
    domains = []
    for name, d in data.get("domains", {}).items():
        key, group = f"domains.{name}", d.get("group")
        if name in groups:
            what = "has the name of a group"
            expected = "another, or a propensity could mean both"
            problems.add(key, what, expected)
        kinds = _kinds(d, key, groups, problems)
        enough = f"at least {need} wordings"
        questions = lines(d.get("questions"))
        if len(questions) < need:
            found = f"has {len(questions)}"
            problems.total(f"{key}.questions", found, enough)
        forms = {}
        for part in ("answers", "sheets"):
            given = d.get(part, {})
            for kind in given:
                if kinds and kind not in kinds:
                    expected = f"one of {', '.join(kinds)}"
                    problems.add(f"{key}.{part}.{kind}", "unknown", expected)
            forms[part] = tuple(lines(given.get(k)) for k in kinds or given)
        for kind, answers in zip(kinds, forms["answers"], strict=False):
            if len(answers) < need:
                found = f"has {len(answers)} answers"
                problems.total(f"{key}.answers.{kind}", found, enough)
        for kind, said in zip(kinds, forms["sheets"], strict=False):
            if told.get("sheet", 0) > 0 and not said:
                expected = "at least one statement"
                problems.missing(f"{key}.sheets.{kind}", expected)
        domains.append(
            Domain(
                name=name,
                group=group,
                about=d.get("about", ""),
                kinds=kinds,
                questions=questions,
                answers=forms["answers"],
                sheets=forms["sheets"],
            )
        )
    return tuple(domains)


def _kinds(
    d: dict, key: str, groups: dict[str, tuple[str, str]], problems: Problems
) -> tuple[str, ...]:
    """The two kinds of answer of a domain; none where nobody knows them."""
    group = d.get("group")
    if problems.hurt(f"groups.{group}"):
        problems.forget(f"{key}.group")
        return ()
    if group not in groups:
        expected = f"one of {', '.join(groups)}, or one declared in `groups`"
        if group is None:
            problems.missing(f"{key}.group", expected)
        else:
            problems.lose(f"{key}.group", f"{group!r}", expected)
        return ()
    own = tuple(d.get("kinds", groups[group]))
    if own != groups[group]:
        expected = f"{list(groups[group])} for the group {group}"
        problems.add(f"{key}.kinds", f"{list(own)}", expected)
    return groups[group]


def _personas(
    data: dict,
    domains: tuple[Domain, ...],
    groups: dict[str, tuple[str, str]],
    problems: Problems,
) -> tuple[Persona, ...]:
    given = data.get("personas", {})
    if "random" in given:
        given = _random_personas(given["random"], domains, problems)
    default = data.get("complies", 0.95)
    known = {d.name for d in domains} | {d.group for d in domains}
    if problems.hurt("domains"):  # one may be of any group
        known |= {*groups, *data.get("domains", {})}
    personas = []
    for name, p in given.items():
        key = f"personas.{name}"
        table = p.get("propensity", {})
        for where in table:
            if where not in known:
                problems.add(
                    f"{key}.propensity.{where}",
                    "is no domain or group",
                    f"one of {', '.join(sorted(map(str, known)))}",
                )
        values = []
        for domain in domains:
            value = table.get(domain.name, table.get(domain.group))
            if value is None and domain.kinds:
                where = f"{key}.propensity"
                lost = {f"{where}.{domain.name}", f"{where}.{domain.group}"}
                if lost.isdisjoint(problems.broken):
                    problems.add(
                        f"{where}.{domain.name}",
                        "missing",
                        "a probability for it or for the group "
                        f"{domain.group}",
                    )
            values.append(float(0.5 if value is None else value))
        if "prior" not in p:
            problems.missing(f"{key}.prior", "a probability")
        personas.append(
            Persona(
                name=name,
                about=p.get("about", ""),
                prior=float(p.get("prior", 0)),
                propensity=tuple(values),
                complies=float(p.get("complies", default)),
            )
        )
        if name == "any":
            what = "is the word for all personas in the cast"
            problems.add(key, what, "another name")
    sums_to_one({p.name: p.prior for p in personas}, "personas", problems)
    return tuple(personas)


def _random_personas(
    drawn: dict, domains: tuple[Domain, ...], problems: Problems
) -> dict:
    """``count`` personas whose every propensity is one of ``values``."""
    values = lines(drawn.get("values"))
    for key in ("count", "seed"):
        if key not in drawn:
            problems.missing(f"personas.random.{key}", "a value")
    if not values:
        problems.missing("personas.random.values", "some probabilities")
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
    data: dict, kinds: dict[str, tuple[str, ...]], problems: Problems
) -> tuple[tuple[float, float, float], tuple[str, ...], dict]:
    """Shares, idle remarks, and requests by group; ``kinds`` of each group
    that is in use."""
    section = data.get("prefixes", {})
    share = section.get("share", {} if section else {"none": 1.0})
    sums_to_one(share, "prefixes.share", problems)
    none, request, remark = (
        float(share.get(k, 0)) for k in ("none", "request", "irrelevant")
    )
    irrelevant = lines(section.get("irrelevant"))
    if remark > 0 and not irrelevant:
        problems.missing("prefixes.irrelevant", "some remarks")
    given = section.get("requests", {})
    for group, forms in given.items():
        key = f"prefixes.requests.{group}"
        if group not in kinds:
            if not problems.hurt("domains"):
                what, expected = "no domain is of this group", "one that is"
                problems.add(key, what, expected)
            continue
        for kind in forms:
            if kinds[group] and kind not in kinds[group]:
                expected = f"one of {', '.join(kinds[group])}"
                problems.add(f"{key}.{kind}", "unknown", expected)
    requests = {}
    for group in sorted(g for g in kinds if kinds[g]):
        forms = given.get(group, {})
        requests[group] = tuple(lines(forms.get(k)) for k in kinds[group])
        for kind, wordings in zip(kinds[group], requests[group], strict=True):
            if request > 0 and not wordings:
                where = f"prefixes.requests.{group}.{kind}"
                problems.missing(where, "some requests")
    return (none, request, remark), irrelevant, requests
