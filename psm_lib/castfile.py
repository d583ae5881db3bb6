"""Read the cast of a world file: who is on stage, how often, and as whom.

A part of reading a world; see ``worldfile.py``.
"""

from __future__ import annotations

import math

import numpy as np

from .world import Persona
from .worldshape import Problems, sums_to_one, unknown


def cast(
    data: list, personas: tuple[Persona, ...], problems: Problems
) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    index = {p.name: i for i, p in enumerate(personas)}
    prior = np.array([p.prior for p in personas])
    names: list[str] = []
    shares: list[float] = []
    rows: list[np.ndarray] = []
    for i, entry in enumerate(data):
        key = f"cast[{i}]"
        row = prior.copy()
        if "mixture" in entry:
            mixture = entry["mixture"]
            sums_to_one(mixture, f"{key}.mixture", problems)
            row = np.zeros(len(personas))
            for persona, weight in mixture.items():
                if persona in index:
                    row[index[persona]] = weight
                else:
                    unknown(f"{key}.mixture", persona, index, problems)
        elif entry.get("persona") != "any":
            persona = entry.get("persona")
            certainty = entry.get("certainty", 1.0)
            if persona in index:
                row = (1 - certainty) * prior
                row[index[persona]] += certainty
            else:
                unknown(f"{key}.persona", persona, index, problems)
        for name in entry.get("names") or ():
            if name in names:
                problems.add(
                    f"{key}.names",
                    f"{name!r} is already in the cast",
                    "every name once",
                )
            names.append(name)
            rows.append(row)
            shares.append(float(entry.get("share", math.nan)))
    if not names:
        problems.add("cast", "has no names", "at least one name")
        problems.stop()
    share = np.array(shares)
    equal, fixed = np.isnan(share), np.nansum(share)
    if equal.any() and fixed >= 1:
        problems.add("cast", f"shares sum to {fixed:g}", "less than 1")
    if not equal.any() and abs(fixed - 1) > 1e-6:
        problems.add("cast", f"shares sum to {fixed:g}", "a sum of 1")
    share = np.where(equal, (1 - fixed) / max(equal.sum(), 1), share)
    return tuple(names), share / share.sum(), np.array(rows)


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
