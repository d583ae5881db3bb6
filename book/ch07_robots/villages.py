"""The worlds of chapter 7: which machines there are stories about."""

from __future__ import annotations

from psm_lib.worldfile.files import read

FEW = 0.002  # of all stories
SPARE = ["Comet", "Ember", "Meadow", "River", "Sage", "Willow"]


def fiction(persona: str = "keeper", share: float = 0.0) -> dict:
    """The stories as they are, and a share of new ones about one persona.

    Raises KeyError for an unknown persona, ValueError for an impossible
    share.
    """
    if not 0 <= share < 1:
        raise ValueError(f"a share of {share}; expected at least 0, below 1")
    prior = _stories()
    if persona not in prior:
        raise KeyError(f"no persona {persona!r}; expected one of {[*prior]}")
    new = {name: (1 - share) * p for name, p in prior.items()}
    new[persona] += share
    return _told(new)


def known(
    persona: str = "keeper", share: float = 0.0, anybody: bool = True
) -> dict:
    """The stories with a few keepers and elders, so that their names have
    been read, and a share of new ones about one persona.

    Without ``anybody`` nobody is on stage who is another in every scene.
    Raises KeyError and ValueError as ``fiction`` does.
    """
    told = fiction(persona, share)["personas"]
    few = {name: (1 - 2 * FEW) * p["prior"] for name, p in told.items()}
    out = _told(few | {p: few[p] + FEW for p in ("keeper", "elder")})
    if anybody:
        return out
    cast = [dict(entry) for entry in read("fiction")[0]["cast"]]
    absent = [e | {"share": 0.0} if e["persona"] == "any" else e for e in cast]
    return {**out, "cast": absent}


def stories_with(name: str, persona: dict, share: float) -> dict:
    """The stories of ``known``, and a share of new ones about a new persona,
    who is called by the names that the world keeps for it."""
    told = known()["personas"].items()
    prior = {k: (1 - share) * p["prior"] for k, p in told}
    cast = [dict(entry) for entry in read("fiction")[0]["cast"]]
    spare = next(e for e in cast if e["names"] == SPARE)
    spare |= {"persona": name, "share": "prior"}
    told = _told(prior)
    told["personas"][name] = {**persona, "prior": share}
    return {**told, "cast": cast}


def filtered(persona: str = "sinister", told: dict | None = None) -> dict:
    """The stories (or others) without those about one persona."""
    told = told or _told(_stories())
    prior = {name: p["prior"] for name, p in told["personas"].items()}
    left = 1 - prior[persona]
    return _told(
        {k: 0 if k == persona else p / left for k, p in prior.items()}
    )


def _stories() -> dict[str, float]:
    """How large a part of the stories is about each persona."""
    people = read("fiction")[0]["personas"]
    return {name: p["prior"] for name, p in people.items()}


def _told(prior: dict[str, float]) -> dict:
    """The world of stories with other shares."""
    changed = {name: {"prior": p} for name, p in prior.items()}
    return {"extends": "fiction", "personas": changed}
