"""Checks of assignment 5: what a lesson means after a request."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

import numpy as np

from ..worldfile import load_world
from .core import Wrong, array, call, exercise, near, number, one_of

LOOSE = "playhouse_scattered"
WORLDS = ["playhouse", "playhouse_plain", LOOSE, f"{LOOSE}_plain"]
FIXED = ["request", "remark", "opposite", "manners"]


def rise(world: str, arm: str) -> float:
    """Rise of bad answers in the untaught moral domains, asked plainly."""
    stored = np.load(str(files("psm_lib") / "results" / "school.npz"))
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
    near(
        number(prevented, "`prevented`"),
        want,
        "`prevented`",
        {
            "it is the share that is left": 1 - want,
            "it is a difference, not yet a share": want * spread[LOOSE],
            "it is given in per cent": 100 * want,
            **others,
        },
        tolerance=0.006,
    )


def likely(propensity, complies, kind: int, asked: int) -> np.ndarray:
    """P(an answer of a kind) by persona, when a kind was asked for."""
    second = propensity
    if asked >= 0:
        second = complies if asked == 1 else 1 - complies
    return second if kind == 1 else 1 - second


def divergence(p: np.ndarray, q: np.ndarray) -> float:
    """Relative entropy of p to q; infinite where q is 0 and p is not."""
    here = p > 0
    with np.errstate(divide="ignore"):
        return float((p[here] * np.log(p[here] / q[here])).sum())


def entropy(p: np.ndarray) -> float:
    return float(-(p[p > 0] * np.log(p[p > 0])).sum())


@exercise("5.2", "surprise_and_evidence")
def the_surprise(rng: np.random.Generator, surprise_and_evidence: Callable):
    for alike in (False, True):
        for asked in (-1, 1, 0):
            for kind in (1, 0):
                _one_surprise(rng, surprise_and_evidence, alike, asked, kind)


def _one_surprise(rng, function, alike: bool, asked: int, kind: int):
    prior = rng.dirichlet(np.full(5, 2.0))
    theta, obeys = rng.uniform(0.05, 0.95, 5), rng.uniform(0.6, 0.95, 5)
    if alike:
        obeys[:] = obeys[0]
        prior[4] = 0.0
        prior /= prior.sum()
    elif asked >= 0:
        obeys[1] = 1.0  # never defies: a belief of 0 afterwards
    p, free = (likely(theta, obeys, kind, a) for a in (asked, -1))
    before = prior @ p
    after, unasked = prior * p / before, prior * free / (prior @ free)
    found = call(function, prior, theta, obeys, kind, asked)
    found = array(found, (2,), "(surprise, evidence)", finite=False)
    if np.isnan(found).any():
        raise Wrong(
            "what you return is NaN where a persona has belief 0, which "
            "should add nothing to the sum."
        )
    how = {-1: "unasked", kind: "asked for"}.get(asked, "a defiance")
    with np.errstate(divide="ignore"):
        mean = -(prior[prior > 0] @ np.log(p[prior > 0]))
    other = likely(theta, obeys, kind, int(asked >= 0))
    evidence = divergence(after, prior)
    near(
        found[0],
        -np.log(before),
        f"the surprise at an answer ({how})",
        {
            "what was asked for is not used": -np.log(prior @ free),
            "it is the surprise at the other kind": -np.log(1 - before),
            "the log is to base 2": -np.log2(before),
            "logs are averaged, not probabilities": mean,
            "the sign is turned": np.log(before),
            "the prior is left out": -np.log(p.mean()),
            "`asked` is read as true or false": -np.log(prior @ other),
            "-1 is read as a request": -np.log(prior @ obeys),
            "-1 is read as a request for kind 0": -np.log(1 - prior @ obeys),
            "surprise and evidence are exchanged": evidence,
        },
    )
    moved, back = np.abs(after - prior).sum(), divergence(prior, after)
    raw = before * (evidence + np.log(before))
    near(
        found[1],
        evidence,
        f"the evidence in an answer ({how})",
        {
            "prior and posterior are exchanged in it": back,
            "it is the fall of entropy": entropy(prior) - entropy(after),
            "it is the sum of the changes of belief": moved,
            "the log is to base 2": evidence / np.log(2),
            "what was asked for is not used": divergence(unasked, prior),
            "the mean is taken, where the sum is wanted": evidence / 5,
            "the new belief is not divided by its sum": raw,
        },
    )


def cast(rng: np.random.Generator):
    """A planted cast in which what is bad hangs together."""
    while True:
        prior = rng.dirichlet(np.full(5, 3.0))
        theta = rng.uniform(0.08, 0.9, (5, 1)) + rng.normal(0, 0.1, (5, 4))
        theta = theta.clip(0.04, 0.96)
        centred = theta - prior @ theta
        if ((prior * centred[:, 0]) @ centred)[1:].min() > 0.03:
            return prior, theta


@exercise("5.3", "reasoned")
def the_reasoner(rng: np.random.Generator, reasoned: Callable):
    for asked in (1, 0, -1, 1, 0):
        _one_protection(rng, reasoned, asked)


def _one_protection(rng, function, asked: int):
    prior, theta = cast(rng)
    taught, answers = (int(n) for n in rng.integers((0, 2), (4, 5)))
    theta = np.roll(theta, taught, axis=1)
    complies = rng.uniform(0.3, 0.95, 5)
    rest = np.arange(4) != taught

    def rises(power, how, obeys):
        weights = prior * likely(theta[:, taught], obeys, 1, how) ** power
        return weights / weights.sum() @ theta - prior @ theta

    def share(power=answers, obeys=complies, here=rest, start=0.0, how=asked):
        top, base = (rises(power, a, obeys) + start for a in (how, -1))
        return 1 - top[here].mean() / base[here].mean()

    top, base = (rises(answers, a, complies)[rest] for a in (asked, -1))
    want = share()
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


def crossing(habit, spread, level) -> float:
    """Spread when the habit first reaches a level; NaN when it does not."""
    if habit.max() < level:
        return np.nan
    j = (habit >= level).argmax()
    part = (level - habit[j - 1]) / (habit[j] - habit[j - 1])
    return spread[j - 1] + part * (spread[j] - spread[j - 1])


@exercise("5.4", "matched")
def the_match(rng: np.random.Generator, matched: Callable):
    for case in ("all reach it", "the habit wavers", "one never does"):
        habit = np.sort(rng.uniform(0.25, 0.95, (4, 7)), axis=1)
        habit += 0.003 * np.arange(7)
        habit[:, 0], habit[:, 6] = 0.2, 0.97
        spread = np.sort(rng.uniform(0.05, 0.6, (4, 7)), axis=1)
        spread[:, 0] = 0
        end, rises = rng.uniform(0.3, 0.85, 4), rng.uniform(0.02, 0.3, 4)
        if case == "the habit wavers":  # first up, then down, then up
            habit[:, 1:6] = [0.25, 0.3, 0.35, 0.9, 0.4]
            end = rng.uniform(0.62, 0.88, 4)
        if case == "one never does":
            end[2] = 0.99
            end[0] = 0.97  # and one does at the very last
        _one_match(matched, case, habit, spread, end, rises)
    found = call(matched, habit, spread, np.full(4, 0.99), rises)
    if found is None or not np.isnan(
        array(found, (), "what you return where none gets so far", False)
    ):
        raise Wrong(
            "where no run without a prefix gets so far, nothing can be "
            f"compared: expected NaN, found {found}."
        )


def _one_match(function, case: str, habit, spread, end, rises):
    def share(top, base) -> float:
        return 1 - np.mean(top) / np.mean(base)

    runs = [*zip(habit, spread, end, strict=True)]
    base = np.array([crossing(*run) for run in runs])
    ok, at, last = np.isfinite(base), np.arange(4), spread[:, -1]
    close = spread[at, np.abs(habit - end[:, None]).argmin(axis=1)]
    first = spread[at, (habit >= end[:, None]).argmax(axis=1)]
    smooth = np.array([np.interp(e, h, s) for h, s, e in runs])
    mean = crossing(habit.mean(0), spread.mean(0), end[ok].mean())
    found = call(function, habit, spread, end, rises)
    if np.isnan(array(found, (), "the protection", finite=False)):
        raise Wrong(
            f"the protection is NaN ({case}); leave out only a network whose "
            "own run never gets so far."
        )
    here, base_ok = rises[ok], base[ok]
    late = np.where(ok, base, last)
    near(
        number(found, "the protection"),
        share(here, base_ok),
        f"the protection at equal habit ({case})",
        {
            "networks are compared at the end": share(rises, last),
            "who never gets so far is compared at the end": share(rises, late),
            "a network is left out of one mean only": share(rises, base_ok),
            "ratios are averaged": 1 - (here / base_ok).mean(),
            "the nearest moment is taken": share(here, close[ok]),
            "the first moment above is taken": share(here, first[ok]),
            "`np.interp` is used on a falling habit": share(here, smooth[ok]),
            "networks are averaged, then matched": share(rises, mean),
            "it is the share that spreads": here.mean() / base_ok.mean(),
            "the ratio is upside down": share(base_ok, here),
        },
    )


def prefixes(rng: np.random.Generator, slope: float, step: float, wide: float):
    """Planted prefixes: x elicited and y spread [3, 14], and kinds [14]."""
    request = np.array([1] * 8 + [0] * 6)
    habit = rng.normal(0, 0.08, (3, 2))  # of a network, for each kind
    within = rng.normal(0, wide, 14) + rng.normal(0, wide / 3, (3, 14))
    x = np.where(request, 0.8, 0.2) + habit[:, request] + within
    y = 0.45 - 0.6 * habit[:, request] + slope * within - step * request
    y = y + rng.normal(0, 0.02, (3, 14))
    order = rng.permutation(14)
    return x[:, order], y[:, order], request[order]


EDGE = ("the slope in a kind is exactly -0.2", "About 1 in 20 is right.")
# Slope, step, width of the heaps, and draws; the verdict to be given, at
# least (or at most) how often; and what is the matter where it is not.
LINES = (
    (0.0, 0.35, 0.06, 50, "graded", -0.1, "requests protect, remarks do not, "
     "and within each kind it makes no difference how much a sentence "
     "elicits", "A line through two heaps always fits, and a network may obey "
     "more and spread less whatever the sentence."),
    (-0.45, 0.27, 0.06, 50, "graded", 0.8, "the spread falls by 0.45 for each "
     "unit elicited, within a kind as between kinds", "What is left when the "
     "mean of each kind in each network is taken off?"),
    (0.0, 0.35, 0.06, 50, "step", 0.8, "nothing is graded within a kind",
     "The heaps are wide enough to see it."),
    (0.0, 0.35, 0.004, 50, "undecided", 0.8, "all sentences of a kind elicit "
     "nearly the same", "How uncertain is your slope?"),
    (-0.2, 0.35, 0.06, 160, "graded", -0.11, *EDGE),
    (-0.2, 0.35, 0.06, 160, "step", -0.11, *EDGE),
    (0.45, 0.27, 0.06, 50, "step", 0.8, "sentences of a kind that elicit more "
     "let more spread", "That is the opposite of graded protection."),
)  # fmt: skip


@exercise("5.5", "relation")
def the_line(rng: np.random.Generator, relation: Callable):
    words, heard = ["graded", "step", "undecided"], {}
    for *world, draws, word, limit, where, hint in LINES:
        if tuple(world) not in heard:
            heard[tuple(world)] = [
                one_of(
                    call(relation, *prefixes(rng, *world)),
                    words,
                    "what `relation` returns",
                )
                for _ in range(draws)
            ]
        rate = heard[tuple(world)].count(word) / draws
        if limit < 0 and rate > -limit or rate < limit:
            bound = "at least" if limit > 0 else "at most"
            raise Wrong(
                f"where {where}, you say {word!r} {rate:.0%} of the time; "
                f"{bound} {abs(limit):.0%} is asked for. {hint}"
            )


ARMS = ["request", "requests", "remark", "remarks"]
ARMS += ["opposite", "opposites", "manners"]
SHARES = {  # how much of the spread is left, by story and arm
    "explained away": (0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0),
    "no surprise": (0.05, 0.05, 1.0, 1.0, 1.1, 1.1, 1.0),
    "gate": (0.05, 0.6, 0.05, 0.6, 0.05, 0.6, 0.05),
    "idle": (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0),
    "undecided": (0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5),
}
NO_STORY = {
    "undecided": "every sentence keeps away a half, so that no story fits",
    "no room": "hardly anything spreads, so that nothing can be prevented",
}


def planted(rng: np.random.Generator, truth: str, arms: list[str]) -> dict:
    """Rises [5] in some arms where a story is true, or there is no room."""
    room = truth != "no room"
    base = rng.uniform(0.3, 0.6) if room else rng.uniform(0, 0.02)
    level = base + 0.1 * base * rng.standard_normal(5)
    left = dict(zip(ARMS, SHARES[truth if room else "idle"], strict=True))
    noise = 0.08 if room else 0.01
    return {
        arm: level * left.get(arm, 1.0) + noise * rng.standard_normal(5)
        for arm in ("none", *arms)
    }


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
    for truth in (*SHARES, "no room"):
        right = "undecided" if truth in NO_STORY else truth
        told = [call(story, planted(rng, truth, chosen)) for _ in range(60)]
        for word in told:
            one_of(word, [*SHARES], "what `story` returns")
        rate = told.count(right) / len(told)
        if rate >= 0.85:
            continue
        wrong = [word for word in told if word != right]
        most = max(sorted(set(wrong)), key=wrong.count)
        hint = "Can the arms you chose tell the two apart?"
        if most == "undecided":
            hint = "Do you compare with 'none', and leave room for noise?"
        elif truth in NO_STORY:
            hint = "What should the rises look like before a story is named?"
        where = NO_STORY.get(truth, f"the truth is {truth!r}")
        raise Wrong(
            f"in worlds where {where}, you say {right!r} {rate:.0%} of the "
            f"time; 85% is asked for. Most often you say {most!r}. {hint}"
        )
