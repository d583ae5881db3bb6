"""Read the cast of a world file: who is on stage, how often, and as whom.

A part of reading a world; see ``worldfile.py``.
"""

from __future__ import annotations

import math

import numpy as np

from ..world import Domain, Persona, Sheets
from .shape import (
    LIMITS,
    Problems,
    fills,
    lines,
    sums_to_one,
    unknown,
)


def cast(
    data: list, personas: tuple[Persona, ...], problems: Problems
) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """Names, how often each is on stage [N], and as whom [N, P]."""
    index = {p.name: i for i, p in enumerate(personas)}
    prior = np.array([p.prior for p in personas])
    names: list[str] = []
    shares: list[float] = []
    rows: list[np.ndarray] = []
    by_prior: list[bool] = []
    known: set[str] = set()
    for i, entry in enumerate(data):
        key = f"cast[{i}]"
        row = _who(entry, key, index, prior, problems)
        own = lines(entry.get("names"))
        if not own:
            problems.missing(f"{key}.names", "at least one name")
        if entry.get("share") == "prior" and (
            "mixture" in entry or entry.get("persona") == "any"
        ):
            what = "prior, beside no persona of its own"
            problems.add(f"{key}.share", what, "a number, or one persona")
        for name in own:
            if name in known:
                problems.add(
                    f"{key}.names",
                    f"{name!r} is already in the cast",
                    "every name once",
                )
            known.add(name)
            names.append(name)
            rows.append(row)
            shares.append(_share(entry, prior, index))
            by_prior.append(entry.get("share") == "prior")
    if len(names) > LIMITS["names"]:
        what = f"has {len(names):,} names"
        problems.add("cast", what, f"at most {LIMITS['names']}")
    if not names:
        problems.total("cast", "has no names", "at least one name")
        return (), np.zeros(0), np.zeros((0, len(prior)))
    share, follows = np.array(shares), np.array(by_prior)
    if follows.any():
        fixed = np.nansum(share[~follows])
        if np.isnan(share).any() or fixed >= 1:
            expected = "`share: prior` or a number in every entry, below 1"
            problems.total("cast", "shares do not add up", expected)
        total = share[follows].sum() or 1.0
        share[follows] *= (1 - fixed) / total
    equal, fixed = np.isnan(share), np.nansum(share)
    if equal.any() and fixed >= 1:
        problems.total("cast", f"shares sum to {fixed:g}", "less than 1")
    if not equal.any() and abs(fixed - 1) > 1e-6:
        problems.total("cast", f"shares sum to {fixed:g}", "a sum of 1")
    share = np.where(equal, (1 - fixed) / max(equal.sum(), 1), share)
    if share.sum() <= 0:
        what = "nobody ever comes on stage"
        problems.total("cast", what, "a name with a share above 0")
    return tuple(names), share / (share.sum() or 1.0), np.array(rows)


def _share(entry: dict, prior: np.ndarray, index: dict) -> float:
    """How often each name of an entry is on stage; nan: as the others.

    ``share: prior`` is the prior of the entry's persona, among its names.
    """
    share = entry.get("share", math.nan)
    if share != "prior":
        return float(share)
    persona = index.get(entry.get("persona"))
    names = lines(entry.get("names"))
    return 0.0 if persona is None else prior[persona] / len(names)


def _who(
    entry: dict,
    key: str,
    index: dict[str, int],
    prior: np.ndarray,
    problems: Problems,
) -> np.ndarray:
    """[P] whom an entry means: a mixture, or one persona more or less."""
    persona = entry.get("persona")
    beside = "a mixture" if "mixture" in entry else "`persona: any`"
    without = {"certainty"} if persona == "any" else set()
    without |= {"certainty", "persona"} if "mixture" in entry else set()
    for word in sorted(without & set(entry)):
        what = f"has no effect beside {beside}"
        problems.add(f"{key}.{word}", what, "one or the other")
    if "mixture" in entry:
        row = np.zeros(len(prior))
        sums_to_one(entry["mixture"], f"{key}.mixture", problems)
        for name, weight in entry["mixture"].items():
            if name in index:
                row[index[name]] = weight
            else:
                unknown(f"{key}.mixture", name, index, problems)
        return row
    if persona == "any":
        return prior.copy()
    certainty = entry.get("certainty", 1.0)
    row = (1 - certainty) * prior
    if persona in index:
        row[index[persona]] += certainty
    elif not problems.hurt(f"{key}.mixture"):
        unknown(f"{key}.persona", persona, index, problems)
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
    usual = documents.get("sheet", 0.0) / (told or 1.0)
    section = data.get("sheets", {})
    sources = section.get("sources", {})
    entries = data.get("cast", [])
    used = {entry.get("sheets", {}).get("source") for entry in entries}
    for source, heading in sources.items():
        key = f"sheets.sources.{source}"
        if "{name}" not in heading or not fills(heading, ("name",)):
            expected = "a first line with {name} in it, and no other braces"
            problems.add(key, repr(heading), expected)
        if source not in used:
            what = "no entry of the cast has this source"
            problems.total(key, what, "one that has")
    known = [d.name for d in domains]
    index = {p.name: i for i, p in enumerate(personas)}
    prior = np.array([p.prior for p in personas])
    about, share, topics, headings = mixture.copy(), [], [], []
    for i, entry in enumerate(entries):
        key, own = f"cast[{i}].sheets", entry.get("sheets", {})
        source, share_ = own.get("source"), own.get("share", usual)
        heading = sources.get(source, "About {name}.")
        if source not in (None, *sources):
            expected = f"one of {', '.join(sources) or 'sheets.sources'}"
            problems.add(f"{key}.source", f"unknown {source!r}", expected)
        for topic in lines(own.get("topics")):
            if topic not in known and not problems.hurt("domains"):
                expected = f"one of {', '.join(known)}"
                problems.add(f"{key}.topics", f"unknown {topic!r}", expected)
        if own.get("share", 0) > 0 and usual == 0:
            expected = "no sheets, or documents.sheet above 0"
            problems.add(f"{key}.share", f"{own['share']}", expected)
        for word in sorted(set(own) - {"share"} if share_ == 0 else ()):
            what = "has no effect where nothing is written about the names"
            problems.add(f"{key}.{word}", what, "a share of sheets above 0")
        spoken = [d in own.get("topics", known) for d in known]
        if "topics" in own and not any(spoken):
            what = "is empty"
            problems.total(f"{key}.topics", what, "at least one domain")
        about_ = {"persona", "mixture"} & set(own)
        if "certainty" in own and not about_:
            what = "has no effect without a persona"
            problems.add(f"{key}.certainty", what, "a persona beside it")
        row = _who(own, key, index, prior, problems) if about_ else None
        for name in lines(entry.get("names")):
            if row is not None:
                about[len(share)] = row
            share.append(float(share_))
            topics.append(spoken)
            headings.append(_heading(heading, name))
    return Sheets(
        share=np.array(share, float),
        mixture=about,
        topics=np.array(topics, bool).reshape(len(share), len(known)),
        headings=tuple(headings),
        reworded=section.get("reworded", 1.0),
    )


def _heading(heading: str, name: str) -> str:
    """A sheet's first line; one that cannot be filled was complained of."""
    if fills(heading, ("name",)):
        return heading.format(name=name)
    return heading


def leave_out(
    absent: tuple[str, ...],
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
        if name not in names and not problems.hurt("cast"):
            problems.add("absent", f"unknown name {name!r}", "a name of cast")
    gone = np.isin(names, absent)
    if not gone.any():
        return
    if share[~gone].sum() == 0:
        problems.total("absent", "leaves nobody on stage", "fewer names")
        return
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
