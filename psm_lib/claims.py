"""The claims ledger: predictions written first, verdicts computed after.

Each chapter's ``claims.yml`` holds its claims, written before the run that
tests them, each with its threshold, what would refute it, and a control that
must come out null. A chapter hands over the estimate and the control, each
with its interval, and gets a verdict, which is never typed: the interval of
the estimate must lie wholly beyond the threshold for "supported", wholly
beyond ``refuted`` for "refuted", and the control must lie in the band
``within``; anything else is "inconclusive". ``parts`` names the parts of the
theory that claims are ``about``, as the page of verdicts lists them;
``figure`` is where the chapter shows a claim. Controls marked (*) were
replaced before their run, after a referee of the draft showed that the first
version was null by construction. Introduced in chapter 1.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import yaml

from .machinery.chapters import files

LABEL = "psm_verdicts"  # of an output that carries outcomes
SUPPORTED, REFUTED, INCONCLUSIVE = "supported", "refuted", "inconclusive"


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval.

    >>> print(Estimate(0.9, 0.85, 0.95))
    0.90 [0.85, 0.95]
    """

    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise ValueError(
                f"an interval [{self.low}, {self.high}] must hold its "
                f"estimate {self.value}"
            )

    def __str__(self) -> str:
        # + 0.0 turns a rounded -0.0 into 0.0
        value, low, high = (
            round(x, 2) + 0.0 for x in (self.value, self.low, self.high)
        )
        return f"{value:.2f} [{low:.2f}, {high:.2f}]"


@dataclass(frozen=True)
class Claim:
    """One entry of the ledger. Exactly one of above and below is given.

    ``afterwards`` is the one part that is written when the result is known:
    what a reader of the verdict alone would get wrong.
    """

    id: str
    chapter: int
    about: str
    figure: str
    source: str
    claim: str
    estimate: str
    refuted: float
    control: str
    within: tuple[float, float]
    above: float | None = None
    below: float | None = None
    afterwards: str = ""


def ledgers() -> list[Path]:
    """The claims file of every chapter that has one."""
    return files("claims.yml")


def parts(paths: Sequence[Path] | None = None) -> dict[str, str]:
    """Titles of the parts of the theory, by what claims are ``about``."""
    out: dict[str, str] = {}
    for path in ledgers() if paths is None else paths:
        out |= yaml.safe_load(path.read_text("utf-8")).get("parts", {})
    return out


def load_claims(paths: Sequence[Path] | None = None) -> dict[str, Claim]:
    """The ledger of all chapters by id, or of some files.

    A claim's chapter is the number in its folder's name. Raises ValueError
    when an entry is not usable, or an id stands twice.

    >>> load_claims()["history"].chapter
    1
    """
    claims: dict[str, Claim] = {}
    known = parts(paths)
    for path in ledgers() if paths is None else paths:
        entries = yaml.safe_load(path.read_text("utf-8"))
        entries.pop("parts", None)
        for name, entry in entries.items():
            if name in claims:
                raise ValueError(f"{path}: {name} is the id of another claim")
            claims[name] = _claim(name, entry, known, path)
    return claims


def _claim(name: str, entry: object, known: dict, path: Path) -> Claim:
    def wrong(what: str) -> ValueError:
        return ValueError(f"{path.parent.name}/{path.name}, {name}: {what}")

    if not isinstance(entry, dict):
        raise wrong("expected a mapping of keys to values")
    if ("above" in entry) == ("below" in entry):
        raise wrong("give one of above and below")
    keys = {f.name for f in fields(Claim)} - {"id", "chapter"}
    if unknown := sorted(entry.keys() - keys):
        raise wrong(f"unknown {unknown[0]!r}; expected some of {sorted(keys)}")
    if entry.get("about") not in known:
        about = entry.get("about")
        raise wrong(f"about {about!r}; expected one of {[*known]}")
    needed = keys - {"above", "below", "afterwards"}
    if missing := sorted(needed - entry.keys()):
        raise wrong(f"{missing[0]} is missing")
    far = entry["refuted"] - entry.get("above", entry.get("below"))
    if far > 0 if "above" in entry else far < 0:
        raise wrong(f"refuted at {entry['refuted']:g}, where it is supported")
    low, high = entry["within"]
    texts = {k: v.strip() for k, v in entry.items() if isinstance(v, str)}
    chapter = int(path.parent.name[2:4])
    return Claim(
        **{**entry, **texts, "within": (low, high)}, id=name, chapter=chapter
    )


def published() -> dict[str, dict]:
    """What the book was published with, by claim."""
    out: dict[str, dict] = {}
    for path in files("verdicts.json"):
        out |= json.loads(path.read_text("utf-8"))
    return out


def verdict(claim: Claim, estimate: Estimate, control: Estimate) -> str:
    """supported, refuted or inconclusive.

    The control must lie in the band ``within``; otherwise nothing is
    concluded, however good the estimate looks.
    """
    low, high = claim.within
    if not low <= control.value <= high:
        return INCONCLUSIVE
    if claim.above is not None:
        good = estimate.low > claim.above
        bad = estimate.high < claim.refuted
    else:
        good = claim.below is not None and estimate.high < claim.below
        bad = estimate.low > claim.refuted
    return SUPPORTED if good else REFUTED if bad else INCONCLUSIVE


@dataclass(frozen=True)
class Outcome:
    """What came out for one claim; as text, the verdict."""

    claim: Claim
    estimate: Estimate
    control: Estimate
    verdict: str

    def __str__(self) -> str:
        return self.verdict


def settle(claim: Claim, estimate: Estimate, control: Estimate) -> Outcome:
    """The outcome of a claim, its verdict computed.

    With PSM_VERDICTS=check, as in the tests, raises AssertionError when the
    verdict is not the one that the book was published with, and
    FileNotFoundError where there is nothing to compare with.

    >>> claim = load_claims()["lying"]
    >>> moved, null = Estimate(0.9, 0.85, 0.95), Estimate(0.0, -0.02, 0.02)
    >>> settle(claim, moved, null).verdict in ("supported", "refuted")
    True
    """
    word = verdict(claim, estimate, control)
    if os.environ.get("PSM_VERDICTS") == "check":
        if not (known := published()):
            raise FileNotFoundError("no chapter has a verdicts.json")
        stored = known.get(claim.id, {})
        if stored.get("verdict") != word:
            raise AssertionError(
                f"claim {claim.id!r} comes out {word} ({estimate}, control "
                f"{control}); the committed ledger says "
                f"{stored.get('verdict')}. If that is right, run `make run`"
            )
    return Outcome(claim, estimate, control, word)


def as_data(outcome: Outcome) -> dict:
    """An outcome as plain data, for the ledger of all chapters."""

    def numbers(e: Estimate) -> list[float]:
        return [round(x, 5) for x in (e.value, e.low, e.high)]

    return {
        "estimate": numbers(outcome.estimate),
        "control": numbers(outcome.control),
        "verdict": outcome.verdict,
    }
