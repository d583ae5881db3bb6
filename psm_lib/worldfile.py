"""Read a world from its YAML file, and say exactly what is wrong with it.

Problems are collected before anything is raised, each with the file, the key
and what was expected, so that a student who adds an archetype can mend the
file in one go: first all keys and values of a wrong sort (worldshape.py),
then all that do not go together. The format is explained on the page *The
worlds*.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from .castfile import cast, leave_out, scatter, sheets
from .narration import Narration, read_narration
from .world import Domain, Persona, Sheets, World
from .worldshape import (
    GROUPS,
    Problems,
    WorldError,
    check,
    fills,
    list_worlds,
    read,
    sums_to_one,
)

__all__ = ["WorldError", "list_worlds", "load_world"]

DOCUMENTS = ("scene", "sheet", "narrated")
MIN_FORMS = 6  # a world may ask for fewer with the key `wordings`


def load_world(source: str | Path | dict) -> World:
    """A World from a shipped world's name, a path, or a mapping.

    Raises WorldError listing every problem with its file, key and what was
    expected; FileNotFoundError naming the worlds that exist.
    """
    data, file = read(source)
    problems = Problems(file)
    check(data, problems)
    problems.stop()
    world = _build(data, problems)
    problems.stop()
    return world


def _build(data: dict, problems: Problems) -> World | None:
    documents = data.get("documents", {"scene": 1.0})
    for kind in documents:
        if kind not in DOCUMENTS:
            expected = f"one of {', '.join(DOCUMENTS)}"
            problems.add(f"documents.{kind}", "unknown document", expected)
    sums_to_one(documents, "documents", problems)
    narration: Narration | None = None
    if documents.get("narrated", 0) > 0 or "narration" in data:
        narration = read_narration(data.get("narration"), problems)
    spoken = any(documents.get(k, 0) > 0 for k in ("scene", "sheet"))
    if not spoken:
        return World(
            name=str(data.get("name", "")),
            title=str(data.get("title", "")),
            about=str(data.get("about", "")).strip(),
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
    for key in ("name", "domains", "personas", "cast", "scene"):
        if not data.get(key):
            problems.add(key, "missing", "this section to be filled in")
    problems.stop()
    need = data.get("wordings", MIN_FORMS)
    domains = _domains(data["domains"], need, problems)
    if "random" in data["personas"]:
        drawn = _random_personas(data["personas"]["random"], domains, problems)
        data = {**data, "personas": drawn}
    personas = _personas(data, domains, problems)
    names, share, mixture = cast(data["cast"], personas, problems)
    leave_out(data.get("absent") or [], names, share, mixture, problems)
    prefixes = _prefixes(data, domains, problems)
    _sheets(domains, documents.get("sheet", 0) > 0, problems)
    _unique_forms(domains, *prefixes[1:], problems)
    exchanges = data["scene"].get("exchanges")
    if not exchanges:
        problems.add("scene.exchanges", "missing", "[first, second]")
    problems.stop()
    return World(
        name=data["name"],
        title=data.get("title", data["name"]),
        about=data.get("about", "").strip(),
        user=data.get("user", "User"),
        domains=domains,
        personas=personas,
        names=names,
        cast_share=share,
        cast_mixture=mixture,
        exchanges=tuple(exchanges),
        prefix_share=prefixes[0],
        irrelevant=prefixes[1],
        requests=prefixes[2],
        documents=documents,
        sheets=sheets(data, domains, personas, mixture, problems),
        narration=narration,
        tied=data.get("tied", True),
        scattered=scatter(data, len(domains), share, mixture, problems),
    )


def _random_personas(
    drawn: dict, domains: tuple[Domain, ...], problems: Problems
) -> dict:
    """``count`` personas whose every propensity is one of ``values``."""
    for key in ("count", "seed", "values"):
        if drawn.get(key) in (None, []):
            problems.add(f"personas.random.{key}", "missing", "a value")
    problems.stop()
    rng = np.random.default_rng(drawn["seed"])
    table = rng.choice(drawn["values"], size=(drawn["count"], len(domains)))
    names = [d.name for d in domains]
    return {
        f"p{i}": {
            "prior": 1 / len(table),
            "propensity": dict(zip(names, row.tolist(), strict=True)),
        }
        for i, row in enumerate(table)
    }


def _domains(data: dict, need: int, problems: Problems) -> tuple[Domain, ...]:
    domains = []
    for name, d in data.items():
        key = f"domains.{name}"
        group = d.get("group")
        if group not in GROUPS:
            expected = f"one of {', '.join(GROUPS)}"
            problems.add(f"{key}.group", f"{group!r}", expected)
            continue
        kinds = tuple(d.get("kinds", ()))
        if kinds != GROUPS[group]:
            expected = f"{list(GROUPS[group])} for the group {group}"
            problems.add(f"{key}.kinds", f"{list(kinds)}", expected)
            continue
        enough = f"at least {need} wordings"
        questions = tuple(d.get("questions") or ())
        if len(questions) < need:
            problems.add(f"{key}.questions", f"has {len(questions)}", enough)
        answers, sheets = [], []
        for kind in kinds:
            forms = tuple((d.get("answers") or {}).get(kind) or ())
            if len(forms) < need:
                where = f"{key}.answers.{kind}"
                problems.add(where, f"has {len(forms)} answers", enough)
            answers.append(forms)
            sheets.append(tuple((d.get("sheets") or {}).get(kind) or ()))
        domains.append(
            Domain(
                name=name,
                group=group,
                about=d.get("about", ""),
                kinds=kinds,
                questions=questions,
                answers=tuple(answers),
                sheets=tuple(sheets),
            )
        )
    return tuple(domains)


def _personas(
    data: dict, domains: tuple[Domain, ...], problems: Problems
) -> tuple[Persona, ...]:
    personas = []
    default = data.get("complies", 0.95)
    known = {d.name for d in domains} | {d.group for d in domains}
    for name, p in data["personas"].items():
        key = f"personas.{name}"
        table = p.get("propensity") or {}
        for where in table:
            if where not in known:
                problems.add(
                    f"{key}.propensity.{where}",
                    "is no domain or group",
                    f"one of {', '.join(sorted(known))}",
                )
        values = []
        for domain in domains:
            value = table.get(domain.name, table.get(domain.group))
            if value is None:
                problems.add(
                    f"{key}.propensity.{domain.name}",
                    "missing",
                    f"a probability for it or for the group {domain.group}",
                )
                value = 0.5
            values.append(float(value))
        if "prior" not in p:
            problems.add(f"{key}.prior", "missing", "a probability")
        personas.append(
            Persona(
                name=name,
                about=p.get("about", ""),
                prior=float(p.get("prior", 0)),
                propensity=tuple(values),
                complies=float(p.get("complies", default)),
            )
        )
    sums_to_one({p.name: p.prior for p in personas}, "personas", problems)
    return tuple(personas)


def _prefixes(
    data: dict, domains: tuple[Domain, ...], problems: Problems
) -> tuple[tuple[float, ...], tuple[str, ...], dict]:
    section = data.get("prefixes") or {"share": {"none": 1.0}}
    share = section.get("share", {})
    sums_to_one(share, "prefixes.share", problems)
    shares = tuple(
        float(share.get(k, 0)) for k in ("none", "request", "irrelevant")
    )
    irrelevant = tuple(section.get("irrelevant") or ())
    if shares[2] > 0 and not irrelevant:
        problems.add("prefixes.irrelevant", "missing", "some remarks")
    requests = {}
    for group in sorted({d.group for d in domains}):
        forms = (section.get("requests") or {}).get(group) or {}
        pair = tuple(tuple(forms.get(k) or ()) for k in GROUPS[group])
        for kind, wordings in zip(GROUPS[group], pair, strict=True):
            if shares[1] > 0 and not wordings:
                where = f"prefixes.requests.{group}.{kind}"
                problems.add(where, "missing", "some requests")
        requests[group] = pair
    return shares, irrelevant, requests


def _sheets(
    domains: tuple[Domain, ...], used: bool, problems: Problems
) -> None:
    for d in domains:
        for kind, forms in zip(d.kinds, d.sheets, strict=True):
            where = f"domains.{d.name}.sheets.{kind}"
            if used and not forms:
                problems.add(where, "missing", "at least one statement")
            for text in forms:
                if not fills(text, {"name": ""}):
                    expected = "no other braces than {name}"
                    problems.add(where, repr(text), expected)


def _unique_forms(
    domains: tuple[Domain, ...],
    irrelevant: tuple[str, ...],
    requests: dict,
    problems: Problems,
) -> None:
    """No sentence may have two meanings; the first word tells the kind."""
    seen: dict[str, str] = {}

    def claim(text: str, place: str) -> None:
        if text in seen:
            problems.add(
                place,
                f"{text!r} also stands in {seen[text]}",
                "every wording in one place only",
            )
        seen[text] = place

    for d in domains:
        for text in d.questions:
            claim(text, f"domains.{d.name}.questions")
        firsts: list[set[str]] = []
        for kind, forms in zip(d.kinds, d.answers, strict=True):
            for text in forms:
                claim(text, f"domains.{d.name}.answers.{kind}")
                if not first_word(text):
                    problems.add(
                        f"domains.{d.name}.answers.{kind}",
                        repr(text),
                        "an answer to begin with a word",
                    )
            firsts.append({first_word(text) for text in forms} - {""})
        for kind, forms in zip(d.kinds, d.sheets, strict=True):
            for text in forms:
                claim(text, f"domains.{d.name}.sheets.{kind}")
        both = sorted(firsts[0] & firsts[1])
        if both:
            problems.add(
                f"domains.{d.name}.answers",
                f"both kinds begin with {', '.join(both)}",
                "the first word of an answer to tell its kind",
            )
    for text in irrelevant:
        claim(text, "prefixes.irrelevant")
    for group, pair in requests.items():
        for kind, forms in zip(GROUPS[group], pair, strict=True):
            for text in forms:
                claim(text, f"prefixes.requests.{group}.{kind}")


def first_word(text: str) -> str:
    """The word a sentence begins with, as the tokenizer sees it, or ''."""
    found = re.match(r"[A-Za-z']+|[0-9]+", text)
    return found.group() if found else ""
