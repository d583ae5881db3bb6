"""Checks of assignment 5: what a lesson means after a request."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np

from psm_lib.checks.bayes import divergence, entropy, likely
from psm_lib.checks.core import (
    Wrong,
    array,
    call,
    exercise,
    near,
    number,
    one_of,
    stored_numbers,
)
from psm_lib.checks.judging import in_worlds
from psm_lib.checks.planted import coherent
from psm_lib.checks.rules import (
    ARMS,
    NONE,
    STORIES,
    prefixes,
    reading,
    rises,
    slopes,
)
from psm_lib.worldfile import load_world

LOOSE = "playhouse_scattered"
WORLDS = ["playhouse", "playhouse_plain", LOOSE, f"{LOOSE}_plain"]
FIXED = ["request", "remark", "opposite", "manners"]


def rise(world: str, arm: str) -> float:
    """Rise of bad answers in the untaught moral domains, asked plainly."""
    stored = np.load(stored_numbers("school"))
    p = stored[f"{world}: {arm}"].astype(float)[:, :, :, :96]
    p = p[..., 1] / p.sum(axis=-1)
    change = (p[:, :, -1] - p[:, :, 0]).mean(axis=(0, 1))
    moral = load_world(world).group("moral")[1:]  # the first is code
    return float(change.reshape(16, 6)[moral].mean())


@exercise("5.1", "pair", "empty", "prevented")
def the_table(rng, pair: object, empty: object, prevented: object):
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        raise Wrong("`pair` should be two names of ways, as a tuple.")
    rises = {way: rise("playhouse", way) for way in FIXED}
    for way in pair:
        if way in ("requests", "remarks", "opposites"):
            raise Wrong(f"in {way!r} the sentence is not always the same.")
        one_of(way, FIXED, "each name in `pair`")
    gap = abs(rises[pair[0]] - rises[pair[1]])
    if gap < max(rises.values()) - min(rises.values()) - 1e-9:
        raise Wrong(
            f"{pair[0]!r} and {pair[1]!r} differ by {gap:.2f} in the "
            "playhouse; two other ways with one fixed sentence differ more."
        )
    spread = {world: rise(world, "none") for world in WORLDS}
    one_of(empty, WORLDS, "`empty`")
    if spread[empty] > min(spread.values()) + 1e-9:
        raise Wrong(
            f"in {empty!r} bad answers rise by {spread[empty]:.2f} without a "
            "prefix; in which world is there nothing to prevent?"
        )
    others = {
        f"it is for {arm!r} in {world!r}": 1 - rise(world, arm) / spread[world]
        for world in WORLDS[:3]
        for arm in ("request", "requests", "remarks")
    }
    want = 1 - rise(LOOSE, "requests") / spread[LOOSE]
    share = number(prevented, "`prevented`")
    if share > 1:
        raise Wrong("`prevented` should be a share, not above 1.")
    if abs(share - want) <= 0.0105:
        return
    near(
        share,
        want,
        "`prevented`",
        {
            "it is the share that is left": 1 - want,
            "it is a difference, not yet a share": want * spread[LOOSE],
            **others,
        },
        tolerance=0.006,
        tell=False,
    )


GIVEN = ("by some", "by all alike", "by one in a million", "for certain")


@exercise("5.2", "surprise_and_evidence")
def the_surprise(rng: np.random.Generator, surprise_and_evidence: Callable):
    for case in product(GIVEN, (-1, 1, 0), (1, 0)):
        _one_surprise(rng, surprise_and_evidence, *case)


def _one_surprise(rng, function, given: str, asked: int, kind: int):
    n = int(rng.integers(3, 8))
    prior = rng.dirichlet(np.full(n, 2.0))
    theta, obeys = rng.uniform(0.05, 0.95, n), rng.uniform(0.6, 0.95, n)
    p = likely(theta, obeys, kind, asked).copy()
    if given == "by some":
        p[1] = 0.0  # who cannot give it is ruled out by it
    elif given == "by all alike":
        p[:], prior[-1] = p[0], 0.0
    elif given == "by one in a million":
        p[1:], prior[0] = 0.0, 1e-6
    elif given == "for certain":
        p[:] = 1.0
    prior /= prior.sum()
    if asked < 0:
        theta = p if kind == 1 else 1 - p
    else:
        obeys = p if kind == asked else 1 - p
    free = likely(theta, obeys, kind, -1)
    before, unasked = prior @ p, prior @ free
    after = prior * p / before
    found = call(function, prior, theta, obeys, kind, asked)
    found = array(found, (2,), "(surprise, evidence)", finite=False)
    if np.isnan(found).any():
        raise Wrong(
            "what you return is NaN where a persona has belief 0, which "
            "should add nothing to the sum."
        )
    how = {-1: "unasked", kind: "asked for"}.get(asked, "a defiance")
    how += f", given {given}"
    other = likely(theta, obeys, kind, int(asked >= 0))
    contrary = "it is the surprise at the other kind"
    if asked >= 0:
        contrary += ", or `asked` is read the wrong way round"
    evidence, left = divergence(after, prior), after > 0
    mean_log = prior[left] @ np.log(p[left])
    with np.errstate(divide="ignore", invalid="ignore"):
        mistakes = {
            "what was asked for is not used": -np.log(unasked),
            contrary: -np.log(1 - before),
            "the log is to base 2": -np.log2(before),
            "logs are averaged, not probabilities": -mean_log,
            "the sign is turned": np.log(before),
            "the prior is left out": -np.log(p.mean()),
            "`asked` is read as true or false": -np.log(prior @ other),
            "-1 is read as a request": -np.log(prior @ obeys),
            "-1 is read as a request for kind 0": -np.log(1 - prior @ obeys),
            "surprise and evidence are exchanged": evidence,
        }
        ignored = divergence(prior * free / unasked, prior)
    near(found[0], -np.log(before), f"the surprise ({how})", mistakes)
    moved = np.abs(after - prior).sum()
    back = divergence(prior[left], after[left])
    raw = before * (evidence + np.log(before))
    near(
        found[1],
        evidence,
        f"the evidence ({how})",
        {
            "prior and posterior are exchanged in it": back,
            "it is the fall of entropy": entropy(prior) - entropy(after),
            "it is the sum of the changes of belief": moved,
            "the log is to base 2": evidence / np.log(2),
            "what was asked for is not used": ignored,
            "the mean is taken, not the sum": evidence / left.sum(),
            "the new belief is not divided by its sum": raw,
        },
    )


@exercise("5.3", "reasoned")
def the_reasoner(rng: np.random.Generator, reasoned: Callable):
    for asked in (1, 0):
        for low, high in ((0.1, 0.9), (1.1, 5), (-5, -0.1)):
            while not _one_protection(rng, reasoned, asked, low, high):
                pass
    for asked in (1, 0, -1):  # all obey alike, or nothing is asked
        _one_protection(rng, reasoned, asked, 0, 0)


def _one_protection(rng, function, asked: int, low, high) -> bool:
    """Whether one was tried: only where it lies between low and high."""
    personas, domains = (int(n) for n in rng.integers((3, 2), (8, 7)))
    prior, theta = coherent(rng, personas, domains)
    answers = int(rng.integers(1, 5))
    taught = int(rng.choice([0, domains // 2, domains - 1]))
    complies = rng.uniform(0.03, 0.97, personas)
    complies[rng.integers(personas)] = 1.0  # who never defies
    if low == high:
        complies[:] = rng.uniform(0.1, 0.9)
    rest = np.arange(domains) != taught

    def rises(power, how):
        weights = prior * likely(theta[:, taught], complies, 1, how) ** power
        return weights / weights.sum() @ theta - prior @ theta

    def share(power=answers, here=rest, start=0.0, how=asked):
        top, base = (rises(power, a) + start for a in (how, -1))
        return 1 - top[here].mean() / base[here].mean()

    want = share()
    if low < high and not low < want < high:
        return False
    top, base = (rises(answers, a)[rest] for a in (asked, -1))
    turned, upside = {1: 0, 0: 1}.get(asked, -1), top.mean() or np.nan
    found = call(function, prior, theta, complies, taught, asked, answers)
    near(
        number(found, "the protection"),
        want,
        f"the protection with asked = {asked}",
        {
            "the taught domain is counted too": share(here=rest | True),
            "only the taught domain is counted": share(here=~rest),
            "the level is used, not the rise": share(start=prior @ theta),
            "only one cheat is heard, not `answers`": share(1),
            "it is the share that spreads all the same": 1 - want,
            "the rises are exchanged": 1 - base.mean() / upside,
            "ratios are averaged": 1 - (top / base).mean(),
            "it is cut off at 1, or all obey alike": float(asked >= 0),
            "it is cut off at 0": max(want, 0.0),
            "the two kinds of request are exchanged": share(how=turned),
            "every request is read as one for kind 1": share(how=abs(asked)),
            "it is a difference, not a share": base.mean() - top.mean(),
        },
    )
    return True


def crossing(habit, spread, level) -> float:
    """Spread when the habit first reaches a level; NaN when it does not."""
    if habit.max() < level:
        return np.nan
    j = (habit >= level).argmax()
    part = (level - habit[j - 1]) / (habit[j] - habit[j - 1])
    return spread[j - 1] + part * (spread[j] - spread[j - 1])


# The habit of a network: what it has to reach lies between 0.6 and 0.85.
RISES = [0.2, 0.3, 0.4, 0.5, 0.7, 0.9, 0.97]
FALLS = [0.2, 0.5, 0.3, 0.9, 0.4, 0.3, 0.97]
ENDS_LOW = [0.2, 0.3, 0.9, 0.55, 0.5, 0.35, 0.3]
# What is so, of which habit; and, where it is so of one network alone, at
# which moment and by how much more than then its habit has to be.
MATCHES = (
    ("all rise to it", RISES, ()),
    ("a habit falls, before it gets there and after", FALLS, ()),
    ("a habit falls in the end", ENDS_LOW, ()),
    ("there are two moments only", [0.2, 0.9], ()),
    ("one gets there at once", RISES, (0, 0.01)),
    ("one is exactly there at one moment", ENDS_LOW, (2, 0.0)),
    ("one is exactly there at the last moment", RISES, (-1, 0.0)),
    ("one all but gets there", ENDS_LOW, (2, 0.001)),
)
MISMATCHES = {  # wrong spreads, from the habit, the spread and the level
    "the nearest moment is taken": lambda h, s, x: s[abs(h - x).argmin()],
    "the first moment above is taken": lambda h, s, x: s[(h >= x).argmax()],
    "`np.interp` is used on a falling habit": lambda h, s, x: np.interp(
        x, h, s
    ),
    "the line starts from the highest habit so far, where it should start "
    "from the moment before": lambda h, s, x: np.interp(
        x, np.maximum.accumulate(h), s
    ),
    "networks are compared at the end": lambda h, s, x: s[-1],
}


@exercise("5.4", "matched")
def the_match(rng: np.random.Generator, matched: Callable):
    for case, shape, edge in MATCHES:
        for scale in (1.0, 6.0, -1.0):  # some, less than no protection, more
            size = (int(rng.integers(3, 7)), len(shape))
            habit = shape + rng.uniform(-0.02, 0.02, size)
            spread = rng.uniform(0.05, 0.6, size)
            spread[:, 0] = 0
            end = rng.uniform(0.6, 0.85, len(habit))
            if edge:
                end[0] = habit[0, edge[0]] + edge[1]
            rises = scale * rng.uniform(0.02, 0.3, len(habit))
            _one_match(matched, case, habit, spread, end, rises)
    one = (a[1:2] for a in (habit, spread, end, rises))
    _one_match(matched, "there is one network only", *one)
    found = call(matched, habit, spread, habit.max(axis=1) + 0.001, rises)
    what = "what you return where no run without a prefix gets so far"
    near(array(found, (), what, finite=False), np.nan, what)


def _one_match(function, case: str, habit, spread, end, rises):
    def share(top, base) -> float:
        return 1 - np.mean(top) / np.mean(base)

    runs = [*zip(habit, spread, end, strict=True)]
    base = np.array([crossing(*run) for run in runs])
    ok = np.isfinite(base)
    here, base_ok = rises[ok], base[ok]
    late = np.where(ok, base, spread[:, -1])
    mean = crossing(habit.mean(0), spread.mean(0), end[ok].mean())
    others = {
        mistake: share(here, [wrong(*runs[k]) for k in np.flatnonzero(ok)])
        for mistake, wrong in MISMATCHES.items()
    }
    found = call(function, habit, spread, end, rises)
    if np.isnan(array(found, (), "the protection", finite=False)):
        raise Wrong(
            f"the protection is NaN where {case}; leave out only a network "
            "whose own run never gets so far."
        )
    near(
        number(found, "the protection"),
        share(here, base_ok),
        f"the protection at equal habit where {case}",
        {
            **others,
            "who never gets so far is compared at the end": share(rises, late),
            "a network is left out of one mean only": share(rises, base_ok),
            "ratios are averaged": 1 - (here / base_ok).mean(),
            "networks are averaged, then matched": share(rises, mean),
            "it is the share that spreads": here.mean() / base_ok.mean(),
            "the ratio is upside down": share(base_ok, here),
            "it is cut off at 0 or at 1": np.clip(share(here, base_ok), 0, 1),
        },
    )


@exercise("5.5", "relation")
def the_line(rng: np.random.Generator, relation: Callable):
    words, name = ["graded", "step", "undecided"], "what `relation` returns"

    def says(*world) -> str:
        return one_of(call(relation, *prefixes(rng, *world)), words, name)

    in_worlds(rng, slopes(rng), says)


@exercise("5.6", "chosen", "story")
def the_stories(rng: np.random.Generator, chosen: object, story: Callable):
    if not isinstance(chosen, list | tuple) or not 1 <= len(chosen) <= 3:
        raise Wrong(
            f"`chosen` should be a list of one to three arms, not {chosen!r}."
        )
    for name in chosen:
        one_of(name, ARMS, "each name in `chosen`")
    if len(set(chosen)) < len(chosen):
        raise Wrong("`chosen` names an arm twice.")

    def says(*world) -> str:
        found = call(story, rises(rng, list(chosen), *world))
        return one_of(found, [*STORIES, NONE], "what `story` returns")

    in_worlds(rng, reading(rng), says)
