"""Read the cast of a world file: who is on stage, how often, and as whom.

A part of reading a world; see ``worldfile.py``.
"""

from __future__ import annotations

import math

import numpy as np

from .world import Domain, Persona, Sheets
from .worldshape import Problems, fills, sums_to_one, unknown


def cast(
    data: list, personas: tuple[Persona, ...], problems: Problems
) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    index = {p.name: i for i, p in enumerate(personas)}
    prior = np.array([p.prior for p in personas])
    names: list[str] = []
    shares: list[float] = []
    rows: list[np.ndarray] = []
    by_prior: list[bool] = []
    for i, entry in enumerate(data):
        key = f"cast[{i}]"
        row = _who(entry, key, index, prior, problems)
        for name in entry.get("names") or ():
            if name in names:
                problems.add(
                    f"{key}.names",
                    f"{name!r} is already in the cast",
                    "every name once",
                )
            names.append(name)
            rows.append(row)
            shares.append(_share(entry, prior, index))
            by_prior.append(entry.get("share") == "prior")
    if not names:
        problems.add("cast", "has no names", "at least one name")
        problems.stop()
    share, follows = np.array(shares), np.array(by_prior)
    if follows.any():
        fixed = np.nansum(share[~follows])
        if np.isnan(share).any() or fixed >= 1:
            expected = "`share: prior` or a number in every entry, below 1"
            problems.add("cast", "shares do not add up", expected)
        total = share[follows].sum() or 1.0
        share[follows] *= (1 - fixed) / total
    equal, fixed = np.isnan(share), np.nansum(share)
    if equal.any() and fixed >= 1:
        problems.add("cast", f"shares sum to {fixed:g}", "less than 1")
    if not equal.any() and abs(fixed - 1) > 1e-6:
        problems.add("cast", f"shares sum to {fixed:g}", "a sum of 1")
    share = np.where(equal, (1 - fixed) / max(equal.sum(), 1), share)
    return tuple(names), share / share.sum(), np.array(rows)


def _share(entry: dict, prior: np.ndarray, index: dict) -> float:
    """How often each name of an entry is on stage; nan: as the others.

    ``share: prior`` is the prior of the entry's persona, among its names.
    """
    share = entry.get("share", math.nan)
    if share != "prior":
        return float(share)
    persona = index.get(entry.get("persona"))
    return 0.0 if persona is None else prior[persona] / len(entry["names"])


def _who(
    entry: dict,
    key: str,
    index: dict[str, int],
    prior: np.ndarray,
    problems: Problems,
) -> np.ndarray:
    """[P] whom an entry means: a mixture, or one persona more or less."""
    if "mixture" in entry:
        row = np.zeros(len(prior))
        sums_to_one(entry["mixture"], f"{key}.mixture", problems)
        for persona, weight in entry["mixture"].items():
            if persona in index:
                row[index[persona]] = weight
            else:
                unknown(f"{key}.mixture", persona, index, problems)
        return row
    if entry.get("persona") == "any":
        return prior.copy()
    certainty = entry.get("certainty", 1.0)
    row = (1 - certainty) * prior
    if entry.get("persona") in index:
        row[index[entry["persona"]]] += certainty
    else:
        unknown(f"{key}.persona", entry.get("persona"), index, problems)
    return row


def sheets(
    data: dict,
    domains: tuple[Domain, ...],
    personas: tuple[Persona, ...],
    mixture: np.ndarray,
    problems: Problems,
) -> Sheets:
    """What is written about each name of the cast; see ``Sheets``.

    An entry of the cast may say with ``sheets:`` how often a document about
    its names is a sheet, whom that describes, on which topics, by whom.
    """
    documents = data.get("documents", {"scene": 1.0})
    told = sum(documents.get(k, 0.0) for k in ("scene", "sheet"))
    usual = documents.get("sheet", 0.0) / told
    section = data.get("sheets") or {}
    sources = section.get("sources") or {}
    for source, heading in sources.items():
        if "{name}" not in heading or not fills(heading, {"name": ""}):
            expected = "a first line with {name} in it, and no other braces"
            problems.add(f"sheets.sources.{source}", repr(heading), expected)
    known = [d.name for d in domains]
    index = {p.name: i for i, p in enumerate(personas)}
    prior = np.array([p.prior for p in personas])
    about, share, topics, headings = mixture.copy(), [], [], []
    for i, entry in enumerate(data["cast"]):
        key, own = f"cast[{i}].sheets", entry.get("sheets") or {}
        source = own.get("source")
        heading = sources.get(source, "About {name}.")
        if source not in (None, *sources):
            expected = f"one of {', '.join(sources) or 'sheets.sources'}"
            problems.add(f"{key}.source", f"unknown {source!r}", expected)
        for topic in own.get("topics", known):
            if topic not in known:
                expected = f"one of {', '.join(known)}"
                problems.add(f"{key}.topics", f"unknown {topic!r}", expected)
        if own.get("share", 0) > 0 and usual == 0:
            expected = "no sheets, or documents.sheet above 0"
            problems.add(f"{key}.share", f"{own['share']}", expected)
        spoken = [d in own.get("topics", known) for d in known]
        if not any(spoken):
            problems.add(f"{key}.topics", "is empty", "at least one domain")
        for name in entry.get("names") or ():
            if {"persona", "mixture"} & set(own):
                row = _who(own, key, index, prior, problems)
                about[len(share)] = row
            share.append(float(own.get("share", usual)))
            topics.append(spoken)
            headings.append(_heading(heading, name))
    return Sheets(
        share=np.array(share),
        mixture=about,
        topics=np.array(topics),
        headings=tuple(headings),
        reworded=section.get("reworded", 1.0),
    )


def _heading(heading: str, name: str) -> str:
    """A sheet's first line; one that cannot be filled was complained of."""
    if fills(heading, {"name": name}):
        return heading.format(name=name)
    return heading


def leave_out(
    absent: list[str],
    names: tuple[str, ...],
    share: np.ndarray,
    mixture: np.ndarray,
    problems: Problems,
) -> None:
    """Names that stay in the vocabulary and never come on stage.

    Nobody can know more about them than about anyone: their mixture becomes
    that of the cast. Changes ``share`` and ``mixture`` in place.
    """
    for name in absent:
        if name not in names:
            problems.add("absent", f"unknown name {name!r}", "a name of cast")
    gone = np.isin(names, absent)
    if gone.all():
        problems.add("absent", "leaves nobody in the cast", "fewer names")
    elif gone.any():
        share[gone] = 0.0
        share /= share.sum()
        mixture[gone] = share @ mixture


def scatter(
    data: dict,
    n_domains: int,
    share: np.ndarray,
    mixture: np.ndarray,
    problems: Problems,
) -> np.ndarray | None:
    """[N, D] whose mixture each name has in each domain, drawn by lot.

    Names with one mixture stay together, as they are learned together; such
    groups trade places, each domain apart, with groups as large and as often
    on stage. What the cast says in a domain is unchanged.
    """
    if "scattered" not in data:
        return None
    if data.get("tied", True):
        expected = "`tied: false` beside it: one speaker, one persona"
        problems.add("scattered", "given in a tied world", expected)
    rng = np.random.default_rng(data["scattered"])
    alike: dict[bytes, list[int]] = {}
    for i, row in enumerate(mixture):
        alike.setdefault(row.tobytes(), []).append(i)
    places: dict[tuple[int, float], list[list[int]]] = {}
    for names in alike.values():
        kind = (len(names), float(share[names[0]]))
        places.setdefault(kind, []).append(names)
    guise = np.repeat(np.arange(len(share))[:, None], n_domains, axis=1)
    for groups in places.values():
        own = np.array(groups)  # [groups, names]
        for d in range(n_domains):
            guise[own, d] = own[rng.permutation(len(own))]
    return guise
