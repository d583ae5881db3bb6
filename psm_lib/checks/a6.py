"""Checks of assignment 6: what is said of somebody, and what is done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from psm_lib import builds
from psm_lib.chapters.ch06_hearsay import villages
from psm_lib.checks.bayes import copied, learned
from psm_lib.checks.core import (
    Wrong,
    array,
    call,
    exercise,
    near,
    number,
    often,
    one_of,
    shares,
    stored_numbers,
)
from psm_lib.checks.judging import mixed, nothing_told
from psm_lib.checks.planted import sources
from psm_lib.worldfile import load_world

VILLAGES = builds.Later(
    {f"hearsay-{n}": partial(villages.hearsay, n) for n in (0, 1, 2, 4, 8)}
    | {"hearsay-lot": partial(villages.hearsay, 8, how="by lot")}
)


def slope_of(p: np.ndarray, truth: np.ndarray) -> float:
    """Slope of [n, D] on [n, D], both less their means over names."""
    x = truth - truth.mean(axis=0)
    return float((x * (p - p.mean(axis=0))).sum() / (x**2).sum())


def measured(title: str, what: str) -> float:
    """The stored slope of those known from sheets alone, in a village."""
    stored = np.load(stored_numbers("hearsay"))
    world = load_world(VILLAGES[title])
    sheets = world.sheets
    names = (sheets.share == 1) & sheets.topics.all(axis=1)
    p = stored[f"{title}: {what}"].astype(float)[:, names]
    p = p[..., 1] / p.sum(axis=-1)
    p = p.reshape(*p.shape[:2], len(world.domains), -1).mean(axis=(0, 3))
    return slope_of(p, sheets.mixture[names] @ world.propensity)


@exercise("6.1", "neighbours", "by_lot", "slower")
def the_figure(rng, neighbours: object, by_lot: object, slower: object):
    counts = dict(zip([0, 8, 16, 32, 64], [*VILLAGES][:5], strict=True))
    acts = {n: measured(title, "action") for n, title in counts.items()}
    n = number(neighbours, "`neighbours`")
    if n not in acts:
        raise Wrong(
            "`neighbours` should be the number of neighbours in one of the "
            f"villages, {', '.join(map(str, acts))}; found {n:g}."
        )
    so = f"with {n:g} neighbours the slope of action is {acts[n]:.2f}: that is"
    if acts[n] <= 0.5:
        raise Wrong(f"{so} below one half.")
    if any(acts[k] > 0.5 for k in acts if k < n):
        raise Wrong(f"{so} above one half, and it is so with fewer.")
    left, known = (measured("hearsay-lot", w) for w in ("action", "recall"))
    near(
        number(by_lot, "`by_lot`"),
        acts[64] - left,
        "`by_lot`",
        {
            "it is the slope that is left, not by how much it falls": left,
            "it is what is lost of recall": measured("hearsay-8", "recall")
            - known,
            "recall and action by lot are compared": known - left,
            "it is a share, not a difference": 1 - left / acts[64],
            "it has the wrong sign": left - acts[64],
        },
        tolerance=0.05,
        tell=False,
    )
    near(
        number(slower, "`slower`"),
        9 / 10 - acts[8],
        "`slower`",
        {
            "it is the network's slope itself": acts[8],
            "it is the slope of the reader who counts": 0.9,
            "the network is compared with one who trusts at once": 1 - acts[8],
            "it has the wrong sign": acts[8] - 0.9,
            "it is read at no neighbours, or at sixteen": 0.5 - acts[0],
        },
        tolerance=0.05,
        tell=False,
    )


SAID = {  # share of the truth in what is said, and how far that is off
    "some follow": (0.4, 0.1),
    "all names alike to the network": (0.0, 0.0),
    "all is known": (1.0, 0.0),
    "the contrary is said": (-0.5, 0.05),
    "more is said than is true": (1.4, 0.05),
    "names differ by little": (0.4, 0.0),
}


@exercise("6.2", "slope")
def the_slope(rng: np.random.Generator, slope: Callable):
    for case, (share, noise) in SAID.items():
        n, topics = (int(k) for k in rng.integers((7, 4), (25, 10)))
        width = 0.01 if case == "names differ by little" else 0.4
        truth = 0.3 + width * rng.uniform(0, 1, (n, topics))
        truth[:, 1] *= 0.3  # a topic that hardly tells anybody apart
        truth[:, [0, -1]] = 0.4, 0.5  # and two that tell nobody apart
        level = rng.uniform(0.1, 0.9, topics)
        p = share * truth + (1 - share) * level
        p = (p + rng.normal(0, noise, p.shape)).clip(0, 1)
        _one_slope(slope, case, p, truth)
    for names in (1, 7, 12):
        alike = np.tile([0.1, 0.3, 0.5, 0.7], (names, 1))
        what = f"the slope where the same is true of everybody (n = {names})"
        found = call(slope, rng.uniform(0, 1, alike.shape), alike)
        if not np.isnan(found := array(found, (), what, finite=False)):
            raise Wrong(
                f"{what} should be NaN; found {found:.3g}. The mean of equal "
                "numbers may differ from them by rounding: compare names."
            )


def _one_slope(function, case: str, p, truth):
    x, y = (a - a.mean(axis=0) for a in (truth, p))
    apart = np.ptp(truth, axis=0) > 0
    each = (x * y).sum(axis=0)[apart] / (x**2).sum(axis=0)[apart]
    xy, xx, yy = (x * y).sum(), (x**2).sum(), (y**2).sum() or np.nan
    entries = truth.ravel(), p.ravel()
    found = array(call(function, p, truth), (), "the slope", finite=False)
    if np.isnan(found):
        raise Wrong(
            "the slope is NaN where all names are alike in some domains, and "
            "not in every one; these add nothing, but the others count."
        )
    near(
        found,
        slope_of(p, truth),
        f"the slope ({case})",
        {
            "no means are taken off": (p * truth).sum() / (truth**2).sum(),
            "one mean over everything is taken off, so that topics differ and "
            "not only names": np.polyfit(*entries, 1)[0],
            "means are taken over topics": slope_of(p.T, truth.T),
            "it is a correlation": xy / np.sqrt(xx * yy),
            "it is the correlation of all entries": np.corrcoef(*entries)[
                0, 1
            ],
            "truth is drawn on the network, not the network on truth": xy / yy,
            "slopes of single topics are averaged": each.mean(),
            "slopes of single topics are averaged, 0 where there is "
            "none": each.sum() / len(apart),
            "it is how far the answers are off": np.abs(p - truth).mean(),
            "it is cut off at 0 or at 1": np.clip(xy / xx, 0, 1),
        },
    )


@exercise("6.3", "reader")
def the_reader(rng: np.random.Generator, reader: Callable):
    for seen in (0, 1, 6, 12, 4000):
        some = int(rng.integers(seen // 3, seen - seen // 6 + 1))
        for right in sorted({0, some, max(seen - 1, 0), seen}):
            uneven = np.sort(rng.uniform(0, 1, int(rng.integers(1, 20))))
            for between in (np.arange(1, 20) / 20, uneven, []):
                personas = int(rng.integers(2, 10))
                grid = np.r_[0, between, 1]
                _one_reader(reader, right, seen, personas, grid)


def _one_reader(function, right: int, seen: int, personas: int, grid):
    def pair(share, chance=1 / personas):
        return np.array([share, share + (1 - share) * chance])

    belief = copied(right, seen, personas, grid)
    what = f"what you return after {right} of {seen} were right"
    found = call(function, right, seen, personas, grid)
    found = array(found, (2,), what, finite=False)
    if not np.isfinite(found).all():
        raise Wrong(
            f"{what} is not finite: add logarithms where hundreds of "
            "probabilities are multiplied, and mind 0 times log 0."
        )
    never = copied(right, seen, 10**12, grid) @ grid
    turned = copied(seen - right, seen, personas, grid) @ grid
    only = copied(right, right, personas, grid) @ grid
    even = np.linspace(0, 1, len(grid))
    wide, laplace = belief * np.gradient(grid), (right + 1) / (seen + 2)
    near(
        found,
        pair(belief @ grid),
        what,
        {
            "a sheet by lot is never right by chance": pair(never, 0),
            "chance is left out of what was seen": pair(never),
            "chance is left out of the next sheet": pair(belief @ grid, 0),
            "it is Laplace's rule, for which a sheet by lot is never "
            "right": pair(laplace, 0),
            "it is Laplace's rule for the share of true sheets": pair(laplace),
            "only the likeliest `q` is kept": pair(grid[belief.argmax()]),
            "the two numbers are exchanged": pair(belief @ grid)[::-1],
            "wrong sheets count as right ones": pair(turned),
            "wrong sheets are not counted": pair(only),
            "nothing was learned from what was seen": pair(grid.mean()),
            "numbers in `grid` are weighed by their distance, where each is "
            "equally likely": pair(wide @ grid / wide.sum()),
            "`grid` is taken to be even": pair(
                copied(right, seen, personas, even) @ even
            ),
        },
    )


@exercise("6.4", "inferred")
def the_inference(rng: np.random.Generator, inferred: Callable):
    once = ((1, 1.0), (1, 0.2), (2, 0.0), (3, 0.4), (5, 1.0))
    for statements, trust in (*once, (6000, 0.7), (6000, 1.0)):
        n, domains = (int(k) for k in rng.integers(3, 8, 2))
        n = domains if statements == 1 else n
        _one_inference(rng, inferred, statements, trust, n, domains)


def _one_inference(rng, function, statements, trust, n: int, domains: int):
    prior = rng.dirichlet(np.full(n, 3.0))
    theta = rng.uniform(0.08, 0.9, (n, 1)) + rng.normal(0, 0.1, (n, domains))
    topic, theta = int(rng.integers(domains)), theta.clip(0.04, 0.96)
    if statements > 1000:  # the best is impossible, and the next two close
        theta, prior[0] = 0.2 + 0.4 * theta, 0.0
        theta[:3, topic] = 0.95, 0.604, 0.6
    elif statements > 2:
        theta[0, topic], theta[1, topic] = 1.0, 0.001  # who always refuses
    prior /= prior.sum()

    def belief(kind, times, start):
        chance = theta[:, topic] if kind else 1 - theta[:, topic]
        with np.errstate(divide="ignore"):
            return learned(start, np.log(chance), times)

    def gap(times=statements, start=prior):
        one, other = (belief(kind, times, start) for kind in (1, 0))
        return (one - other) @ theta

    def doubted(kind):  # each statement may be about somebody else
        chance = theta[:, topic] if kind else 1 - theta[:, topic]
        chance = trust * chance + (1 - trust) * prior @ chance
        with np.errstate(divide="ignore"):
            return learned(prior, np.log(chance), statements)

    want = trust * gap()
    only = np.where(np.arange(domains) == topic, want, 0.0)
    best = [belief(k, statements, prior).argmax() for k in (1, 0)]
    found = call(function, prior, theta, topic, statements, trust)
    what = f"the difference after {statements} statements"
    found = array(found, (domains,), what, finite=False)
    if not np.isfinite(found).all():
        raise Wrong(
            f"{what} is not finite. Where thousands of probabilities are "
            "multiplied add logarithms, and mind 0 times the log of 0."
        )
    near(
        found,
        want,
        what,
        {
            "trust is left out": gap(),
            "trust is an exponent on the evidence, where it should be the "
            "chance that the sheet is about this one": gap(trust * statements),
            "every statement is doubted by itself, where all are about one "
            "or none is": (doubted(1) - doubted(0)) @ theta,
            "one statement is heard, where there are several": trust * gap(1),
            "the prior is left out": trust * gap(start=np.full(n, 1 / n)),
            "nothing is inferred beyond the topic": only,
            "the topic is left out; it moves as well": want - only,
            "the sign is turned: refusers first": -want,
            "only the likeliest persona is kept": trust
            * (theta[best[0]] - theta[best[1]]),
            "those said to accept are taken to be anybody": trust
            * (belief(1, statements, prior) - prior)
            @ theta,
        },
        place="in domain",
    )


SEEDS = 1600


@exercise("6.5", "draw_lots")
def the_lot(rng: np.random.Generator, draw_lots: Callable):
    some = rng.choice(8, 4, replace=False)
    uneven = some[[0, 1, 2, 0, 1, 3, 0, 2, 1, 0]]
    for lived in (np.repeat(np.arange(8), 8), uneven):
        _one_lot(rng, draw_lots, lived)


def _one_lot(rng, function, lived: np.ndarray):
    name = "what `draw_lots` returns"

    def drawn(seed: int) -> np.ndarray:
        found = array(call(function, lived, seed), lived.shape, name)
        if not np.isin(found, lived).all():
            raise Wrong(f"{name} holds numbers that are no persona's.")
        return found.astype(int)

    high = rng.integers(SEEDS, 2**31, SEEDS // 2).tolist()
    seeds = [*range(50), *high[:50], *range(50, SEEDS // 2), *high[50:]]
    told = np.array([drawn(seed) for seed in seeds[:100]])
    for seed, lot in zip(seeds[:3], told[:3], strict=True):
        if (lot != drawn(seed)).any():
            raise Wrong("the same seed gives another lot the second time.")
    _by_lot(lived, told, far=6.5)  # who is plainly off is told at once
    rest = [drawn(seed) for seed in seeds[100:]]
    _by_lot(lived, np.concatenate([told, rest]), far=4.7)


def _by_lot(lived: np.ndarray, told: np.ndarray, far: float):
    """Raise Wrong where lots [L, n] are off by so many standard errors."""
    n, counts = len(lived), np.bincount(lived)
    for t in told:
        described = np.bincount(t, minlength=len(counts))
        if (described != counts).any():
            raise Wrong(
                f"personas are described {described.tolist()} times and live "
                f"{counts.tolist()} times; a control should keep how often "
                "each kind of sheet is read."
            )
    kinds = len(np.unique(told, axis=0))
    if kinds < 0.9 * len(told):
        turned = [
            np.roll(x, k) for x in (lived, np.sort(lived)) for k in range(n)
        ]
        hint = "Is all of `seed` used?"
        if all((t == turned).all(axis=1).any() for t in told):
            hint = "Sheets that are next to each other stay together."
        raise Wrong(
            f"{len(told)} seeds give only {kinds} of the thousands of ways to "
            f"hand out the sheets. {hint}"
        )
    right = (told == lived).mean(axis=1)
    if right.max() == 0:
        raise Wrong(
            "no sheet is ever right, in any lot. From that a reader learns "
            "that sheets are false, which is not the same as that they say "
            "nothing; by lot some are right by chance."
        )
    same = counts @ counts
    fair, never_own = same / n**2, (same - n) / (n * (n - 1))
    noise = right.std() / np.sqrt(len(told)) + 1e-9
    if abs(right.mean() - fair) > far * noise:
        hint = " Are some lots thrown away, or some names kept apart?"
        if abs(right.mean() - never_own) < 3 * noise:
            hint = " Does everybody get a sheet other than their own?"
        found, asked = shares(right.mean(), fair)
        raise Wrong(
            f"{found} of the sheets are right, where a lot would make it "
            f"{asked}.{hint}"
        )
    nothing_told(lived, told, far)


WEIGHS, USELESS, UNKNOWN = "weighs", "does not weigh", "does not know"
VERDICTS = [WEIGHS, USELESS, UNKNOWN, "undecided"]
# P(right source), recall and action of register and gossip, what is so; which
# verdict must come (or, with a minus, must not) and how often.
SETTINGS = (
    (0.96, (0.9, 0.9), (0.4, 0.4), "the network knows who said what and "
     "acts on both sources alike", {USELESS: 0.8, WEIGHS: -0.1}),
    (0.96, (0.9, 0.9), (0.65, 0.1), "the network knows who said what and acts "
     "on the register much more", {WEIGHS: 0.8}),
    (0.96, (0.9, 0.9), (0.2, 0.7), "the network knows who said what and acts "
     "on gossip much more", {WEIGHS: -0.1}),
    (1 / 3, (0.9, 0.9), (0.4, 0.4), "the network names the right source of "
     "three no more often than by chance", {UNKNOWN: 0.8, USELESS: -0.15}),
    (1 / 3, (0.9, 0.9), (0.65, 0.1), "the network names the right source of "
     "three no more often than by chance, so that whatever sets the two apart "
     "is not the weighing of a source", {WEIGHS: -0.15, UNKNOWN: 0.8}),
    (0.96, (0.9, 0.9), (0.03, 0.03), "the network acts on no sheet at all, "
     "so that it has nothing to weigh", {"undecided": 0.8}),
    (0.96, (0.9, 0.3), (0.65, 0.2), "what gossip says is not even "
     "remembered, which alone would explain that it is not acted upon",
     {WEIGHS: -0.1, "undecided": 0.8}),
    (0.96, (0.9, 0.9), (0.5, 0.3), "the difference in action is exactly the "
     "threshold, 0.2", {WEIGHS: -0.085, USELESS: -0.085}),
)  # fmt: skip


@exercise("6.6", "judge")
def the_judge(rng: np.random.Generator, judge: Callable):
    def says(*world) -> str:
        found = call(judge, *sources(rng, *world))
        return one_of(found, VERDICTS, "what `judge` returns")

    edge = [limits.get(USELESS) == -0.085 for *_, limits in SETTINGS]
    draws = [600 if exact else 100 for exact in edge]
    told = mixed(rng, says, [setting[:3] for setting in SETTINGS], draws)
    for said, exact, (*_, where, limits) in zip(
        told, edge, SETTINGS, strict=True
    ):
        hint = "About 1 of 20 is right; a few more may pass." if exact else ""
        often(said, limits, where, hint, 2.6, "Are you too cautious?")
