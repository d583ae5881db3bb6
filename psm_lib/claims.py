"""The claims ledger: predictions written first, verdicts computed after.

``psm_lib/claims.yml`` holds each claim with its threshold, what would refute
it, and a control that must come out null. A chapter hands over the estimate
and the control, each with its interval, and gets a verdict. Introduced in
chapter 1; the table of all verdicts comes with chapter 3.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import yaml

LEDGER = Path(__file__).with_name("claims.yml")
VERDICTS = LEDGER.with_name("verdicts.json")
LABEL = "psm_verdicts"  # of an output that carries outcomes
PARTS = {
    "statement": "The statement: a cast, and an inference about who speaks",
    "complications": "Character, author, machine",
    "interpretability": "Inside the network",
    "selection": "Post-training as selection",
    "generalisation": "Narrow lessons, broad consequences",
    "inoculation": "Asking for it",
    "hearsay": "Being read about",
    "archetypes": "Good role models",
    "denial": "What an answer says about the speaker",
}
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


def load_claims(path: Path = LEDGER) -> dict[str, Claim]:
    """The ledger by id. Raises ValueError when an entry is not usable.

    >>> load_claims()["history"].chapter
    1
    """
    claims = {}
    for name, entry in yaml.safe_load(path.read_text("utf-8")).items():
        if ("above" in entry) == ("below" in entry):
            raise ValueError(f"{name}: give one of above and below")
        if entry["about"] not in PARTS:
            raise ValueError(
                f"{name}: about {entry['about']!r}; expected one of {[*PARTS]}"
            )
        low, high = entry.pop("within")
        texts = {k: v.strip() for k, v in entry.items() if isinstance(v, str)}
        claims[name] = Claim(**{**entry, **texts}, id=name, within=(low, high))
    return claims


def verdict(claim: Claim, estimate: Estimate, control: Estimate) -> str:
    """supported, refuted or inconclusive.

    The control must lie in the band ``within``; otherwise nothing is
    concluded, however good the estimate looks.
    """
    low, high = claim.within
    if not low <= control.value <= high:
        return INCONCLUSIVE
    if claim.above is not None:
        if estimate.low > claim.above:
            return SUPPORTED
        return REFUTED if estimate.high < claim.refuted else INCONCLUSIVE
    if estimate.high < claim.below:
        return SUPPORTED
    return REFUTED if estimate.low > claim.refuted else INCONCLUSIVE


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
        stored = json.loads(VERDICTS.read_text("utf-8")).get(claim.id, {})
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
