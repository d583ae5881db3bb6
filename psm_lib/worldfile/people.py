"""The cast of a world file: who is on stage, how often, and as whom."""

from __future__ import annotations

import math

import numpy as np

from ..world import Domain, Persona, Sheets
from .problems import Problems
from .schema import LIMITS, lines


def cast(
    data: list, personas: tuple[Persona, ...], problems: Problems
) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """Names, how often each is on stage [N], and as whom [N, P]."""
    prior = {p.name: p.prior for p in personas}
    names: list[str] = []
    shares, rows, follows = [], [], []
    known: set[str] = set()
    for i, entry in enumerate(data):
        key, persona = f"cast[{i}]", entry.get("persona")
        own, share = lines(entry.get("names")), entry.get("share", math.nan)
        row = _who(entry, key, personas, problems)
        if not own:
            problems.missing(f"{key}.names", "at least one name")
        by_prior = share == "prior"
        if by_prior:
            if "mixture" in entry or persona == "any":
                what = "prior, beside no persona of its own"
                problems.add(f"{key}.share", what, "a number, or one persona")
            # The prior of the entry's persona, among its names.
            share = prior.get(persona, 0.0) / max(len(own), 1)
        for name in own:
            if name in known:
                what = f"{name!r} is already in the cast"
                problems.add(f"{key}.names", what, "every name once")
            known.add(name)
        names += own
        rows += [row] * len(own)
        shares += [float(share)] * len(own)
        follows += [by_prior] * len(own)
    if len(names) > LIMITS["names"]:
        what = f"has {len(names):,} names"
        problems.add("cast", what, f"at most {LIMITS['names']}")
    if not names:
        problems.total("cast", "has no names", "at least one name")
        return (), np.zeros(0), np.zeros((0, len(prior)))
    share = _shares(np.array(shares), np.array(follows), problems)
    return tuple(names), share, np.array(rows)


def _shares(
    share: np.ndarray, follows: np.ndarray, problems: Problems
) -> np.ndarray:
    """[N] how often each name is on stage: as given; where it is not (nan),
    as the others; where it ``follows`` a prior, a part of what is left."""
    if follows.any():
        fixed = np.nansum(share[~follows])
        if np.isnan(share).any() or fixed >= 1:
            expected = "`share: prior` or a number in every entry, below 1"
            problems.total("cast", "shares do not add up", expected)
        share[follows] *= (1 - fixed) / (share[follows].sum() or 1.0)
    equal, fixed = np.isnan(share), np.nansum(share)
    if equal.any() and fixed >= 1:
        problems.total("cast", f"shares sum to {fixed:g}", "less than 1")
    if not equal.any() and abs(fixed - 1) > 1e-6:
        problems.total("cast", f"shares sum to {fixed:g}", "a sum of 1")
    share = np.where(equal, (1 - fixed) / max(equal.sum(), 1), share)
    if share.sum() <= 0:
        what = "nobody ever comes on stage"
        problems.total("cast", what, "a name with a share above 0")
    return share / (share.sum() or 1.0)


def _who(
    entry: dict, key: str, personas: tuple[Persona, ...], problems: Problems
) -> np.ndarray:
    """[P] whom an entry means: a mixture, or one persona more or less."""
    persona, mixture = entry.get("persona"), entry.get("mixture")
    without = {"certainty"} if persona == "any" else set()
    without |= {"certainty", "persona"} if mixture is not None else set()
    for word in sorted(without & set(entry)):
        beside = "a mixture" if mixture is not None else "`persona: any`"
        what = f"has no effect beside {beside}"
        problems.add(f"{key}.{word}", what, "one or the other")
    weights, rest = {}, 1.0  # and of the rest every persona has its prior
    if mixture is not None:
        key, weights, rest = f"{key}.mixture", mixture, 0.0
        problems.sum_to_one(key, mixture)
    elif persona != "any" and not problems.hurt(f"{key}.mixture"):
        key, certainty = f"{key}.persona", entry.get("certainty", 1.0)
        weights, rest = {persona: certainty}, 1 - certainty
    prior = {p.name: p.prior for p in personas}
    for name in (name for name in weights if prior and name not in prior):
        problems.unknown(key, "persona", name, prior, "personas")
    return np.array(
        [rest * p + weights.get(name, 0.0) for name, p in prior.items()]
    )


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
    section, entries = data.get("sheets", {}), data.get("cast", [])
    sources = section.get("sources", {})
    used = {entry.get("sheets", {}).get("source") for entry in entries}
    for source in (source for source in sources if source not in used):
        what = "no entry of the cast has this source"
        problems.total(f"sheets.sources.{source}", what, "one that has")
    known = [d.name for d in domains]
    about, topics, headings = mixture.copy(), [], []
    share: list[float] = []
    for i, entry in enumerate(entries):
        key, own = f"cast[{i}].sheets", entry.get("sheets", {})
        often, source = own.get("share", usual), own.get("source")
        if source not in (None, *sources):
            where, some = f"{key}.source", sources or ["sheets.sources"]
            problems.unknown(where, "source", source, some, "sheets.sources")
        for topic in lines(own.get("topics")):
            if topic not in known:
                where = f"{key}.topics"
                problems.unknown(where, "domain", topic, known, "domains")
        spoken = [d in own.get("topics", known) for d in known]
        if "topics" in own and not any(spoken):
            problems.total(f"{key}.topics", "is empty", "at least one domain")
        if own.get("share", 0) > 0 and usual == 0:
            expected = "no sheets, or documents.sheet above 0"
            problems.add(f"{key}.share", f"{own['share']}", expected)
        for word in sorted(set(own) - {"share"} if often == 0 else ()):
            what = "has no effect where nothing is written about the names"
            problems.add(f"{key}.{word}", what, "a share of sheets above 0")
        other = {"persona", "mixture"} & set(own)
        if "certainty" in own and not other:
            what = "has no effect without a persona"
            problems.add(f"{key}.certainty", what, "a persona beside it")
        row = _who(own, key, personas, problems) if other else None
        for name in lines(entry.get("names")):
            if row is not None:
                about[len(share)] = row
            share.append(float(often))
            topics.append(spoken)
            heading = sources.get(source, "About {name}.")
            headings.append(heading.replace("{name}", name))
    return Sheets(
        share=np.array(share, float),
        mixture=about,
        topics=np.array(topics, bool).reshape(len(share), len(known)),
        headings=tuple(headings),
        reworded=section.get("reworded", 1.0),
    )


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
    for name in (name for name in absent if name not in names):
        if not problems.hurt("cast"):
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
