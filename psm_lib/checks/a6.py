"""Checks of assignment 6: what is said of somebody, and what is done."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

import numpy as np

from .. import villages
from ..worldfile import load_world
from .bayes import learned, normal
from .core import Wrong, array, call, exercise, near, number, one_of

VILLAGES = {f"hearsay-{n}": villages.hearsay(n) for n in (0, 1, 2, 4, 8)}
VILLAGES["hearsay-lot"] = villages.hearsay(8, how="by lot")


def slope_of(p: np.ndarray, truth: np.ndarray) -> float:
    """Slope of [n, D] on [n, D], both less their means over names."""
    x = truth - truth.mean(axis=0)
    return float((x * (p - p.mean(axis=0))).sum() / (x**2).sum())


def measured(title: str, what: str) -> float:
    """The stored slope of those known from sheets alone, in a village."""
    stored = np.load(str(files("psm_lib") / "results" / "hearsay.npz"))
    world = load_world(VILLAGES[title])
    sheets = world.sheets
    names = (sheets.share == 1) & sheets.topics.all(axis=1)
    p = stored[f"{title}: {what}"].astype(float)[:, names]
    p = p[..., 1] / p.sum(axis=-1)
    p = p.reshape(*p.shape[:2], len(world.domains), -1).mean(axis=(0, 3))
    return slope_of(p, sheets.mixture[names] @ world.propensity)


@exercise("6.1", "neighbours", "by_lot", "slower")
def the_figure(
    rng: np.random.Generator,
    neighbours: object,
    by_lot: object,
    slower: object,
):
    counts = dict(zip([0, 8, 16, 32, 64], [*VILLAGES][:5], strict=True))
    acts = {n: measured(title, "action") for n, title in counts.items()}
    n = number(neighbours, "`neighbours`")
    if n not in acts:
        raise Wrong(
            "`neighbours` should be the number of neighbours in one of the "
            f"villages, {', '.join(map(str, acts))}; found {n:g}."
        )
    if n != min(k for k in acts if acts[k] > 0.5):
        raise Wrong(
            f"with {n:g} neighbours the slope of action is {acts[n]:.2f}: "
            + (
                "that is below one half."
                if acts[n] < 0.5
                else "that is above one half, and it is so with fewer."
            )
        )
    lot = acts[64] - measured("hearsay-lot", "action")
    recall = measured("hearsay-lot", "recall")
    near(
        number(by_lot, "`by_lot`"),
        lot,
        "`by_lot`",
        {
            "it is the slope that is left, not by how much it falls": acts[64]
            - lot,
            "it is what is lost of recall": measured("hearsay-8", "recall")
            - recall,
            "recall and action by lot are compared": recall - acts[64] + lot,
            "it has the wrong sign": -lot,
        },
        tolerance=0.05,
    )
    near(
        number(slower, "`slower`"),
        9 / 10 - acts[8],
        "`slower`",
        {
            "it is the network's slope itself, or read at sixty-four "
            "neighbours": acts[8],
            "it is the slope of the reader who counts": 0.9,
            "it has the wrong sign": acts[8] - 0.9,
            "it is read at no neighbours, or at sixteen": 0.5 - acts[0],
        },
        tolerance=0.05,
    )


@exercise("6.2", "slope")
def the_slope(rng: np.random.Generator, slope: Callable):
    for case in ("some follow", "all names alike to the network", "known"):
        n, topics = 12, 5
        truth = rng.uniform(0.05, 0.95, (n, topics))
        truth[:, 1] *= 0.3  # a topic that hardly tells anybody apart
        truth[:, 3] = 0.4  # and one that tells nobody apart
        level = rng.uniform(0.1, 0.9, topics)
        share = {"some follow": 0.4, "known": 1.0}.get(case, 0.0)
        p = share * truth + (1 - share) * level
        if case == "some follow":
            p = (p + rng.normal(0, 0.1, p.shape)).clip(0.01, 0.99)
        want = slope_of(p, truth)
        x, y = (a - a.mean(axis=0) for a in (truth, p))
        each = (x * y)[:, [0, 1, 2, 4]].sum(axis=0) / (
            (x**2)[:, [0, 1, 2, 4]].sum(axis=0)
        )
        near(
            number(call(slope, p, truth), "the slope"),
            want,
            f"the slope ({case})",
            {
                "the means over names are not taken off": (p * truth).sum()
                / (truth**2).sum(),
                "one mean over everything is taken off, so that topics "
                "differ and not only names": np.polyfit(
                    truth.ravel(), p.ravel(), 1
                )[0],
                "means are taken over topics, name by name": slope_of(
                    p.T, truth.T
                ),
                "it is a correlation": (x * y).sum()
                / np.sqrt((x**2).sum() * (y**2).sum() or np.nan),
                "it is the correlation of all entries": np.corrcoef(
                    truth.ravel(), p.ravel()
                )[0, 1],
                "truth is drawn on the network, not the network on truth": (
                    x * y
                ).sum()
                / ((y**2).sum() or np.nan),
                "slopes of single topics are averaged": each.mean(),
                "slopes of single topics are averaged, 0 where there is "
                "none": each.sum() / topics,
                "it is how far the answers are off": np.abs(p - truth).mean(),
            },
        )
    found = call(slope, p, np.full((n, topics), 0.5))
    if found is None or not np.isnan(
        array(found, (), "the slope where all are alike", finite=False)
    ):
        raise Wrong(
            "where the same is true of everybody there is no slope: "
            f"expected NaN, found {found}."
        )


def believe(right: int, seen: int, personas: int, grid: np.ndarray):
    """Belief [G] about the share of true sheets after some were right."""
    hit = grid + (1 - grid) / personas
    with np.errstate(divide="ignore"):
        logs = np.where(right > 0, right * np.log(np.maximum(hit, 1e-300)), 0)
        if seen > right:
            logs = logs + (seen - right) * np.log(1 - hit)
    return normal(logs)


@exercise("6.3", "reader")
def the_reader(rng: np.random.Generator, reader: Callable):
    grid = np.linspace(0, 1, 21)
    for seen in (0, 6, 12, 4000):
        personas = int(rng.integers(4, 9))
        some = int(rng.integers(seen // 3, seen - seen // 6 + 1))
        for right in sorted({some, seen if seen < 100 else some}):
            _one_reader(reader, right, seen, personas, grid)


def _one_reader(function, right: int, seen: int, personas: int, grid):
    def pair(share, chance=1 / personas):
        return np.array([share, share + (1 - share) * chance])

    belief = believe(right, seen, personas, grid)
    what = f"what you return after {right} of {seen} were right"
    found = call(function, right, seen, personas, grid)
    found = array(found, (2,), what, finite=False)
    if not np.isfinite(found).all():
        raise Wrong(
            f"{what} is not finite: add logarithms where hundreds of "
            "probabilities are multiplied, and mind 0 times log 0."
        )
    never = believe(right, seen, 10**12, grid) @ grid
    turned = believe(seen - right, seen, personas, grid) @ grid
    only = believe(right, right, personas, grid) @ grid
    near(
        found,
        pair(belief @ grid),
        what,
        {
            "a sheet by lot is never right by chance": pair(never, 0),
            "chance is left out of what was seen": pair(never),
            "chance is left out of the next sheet": pair(belief @ grid, 0),
            "it is Laplace's rule, for which a sheet by lot is never "
            "right": pair((right + 1) / (seen + 2), 0),
            "it is Laplace's rule for the share of true sheets": pair(
                (right + 1) / (seen + 2)
            ),
            "only the likeliest share of true sheets is kept": pair(
                grid[belief.argmax()]
            ),
            "the two numbers are exchanged": pair(belief @ grid)[::-1],
            "wrong sheets count as right ones": pair(turned),
            "wrong sheets are not counted": pair(only),
            "nothing was learned from what was seen": pair(grid.mean()),
        },
    )


@exercise("6.4", "inferred")
def the_inference(rng: np.random.Generator, inferred: Callable):
    for statements, trust in ((1, 1.0), (3, 0.4), (6000, 0.7), (2, 0.5)):
        prior = rng.dirichlet(np.full(5, 3.0))
        theta = rng.uniform(0.08, 0.9, (5, 1)) + rng.normal(0, 0.1, (5, 4))
        theta = theta.clip(0.04, 0.96)
        if statements > 1000:  # so that nobody's probability is near 1
            theta = 0.2 + 0.4 * theta
        topic = int(rng.integers(4))

        def belief(kind, n, start, theta=theta, topic=topic):
            chance = theta[:, topic] if kind else 1 - theta[:, topic]
            return learned(start, np.log(chance), n)

        def gap(n=statements, start=prior, theta=theta):
            one, other = (belief(kind, n, start) for kind in (1, 0))
            return (one - other) @ theta

        want = trust * gap()
        flat = np.full(5, 0.2)
        only = np.where(np.arange(4) == topic, want, 0.0)
        best = [belief(k, statements, prior).argmax() for k in (1, 0)]
        found = call(inferred, prior, theta, topic, statements, trust)
        what = f"the difference after {statements} statements"
        found = array(found, (4,), what, finite=False)
        if not np.isfinite(found).all():
            raise Wrong(
                f"{what} is not finite: the probability of so many "
                "statements is smaller than any number a computer keeps. Add "
                "logarithms."
            )
        near(
            found,
            want,
            what,
            {
                "trust is left out": gap(),
                "trust is an exponent on the evidence, where it should be "
                "the chance that the sheet is about this one": gap(
                    trust * statements
                ),
                "one statement is heard, where there are several": trust
                * gap(1),
                "the prior is left out": trust * gap(start=flat),
                "nothing is inferred beyond the topic": only,
                "the topic is left out; it moves as well": want - only,
                "the sign is turned: refusers first": -want,
                "only the likeliest persona is kept": trust
                * (theta[best[0]] - theta[best[1]]),
                "those said to accept are taken to be anybody": trust
                * (belief(1, statements, prior) - prior)
                @ theta,
            },
        )


SEEDS = 150


@exercise("6.5", "draw_lots")
def the_lot(rng: np.random.Generator, draw_lots: Callable):
    even = np.repeat(np.arange(8), 8)
    _one_lot(rng, draw_lots, even)
    _one_lot(
        rng, draw_lots, rng.permutation(np.repeat(range(4), [12, 9, 6, 3]))
    )


def _one_lot(rng, function, lived: np.ndarray):
    name, counts = "what `draw_lots` returns", np.bincount(lived)

    def drawn(seed: int) -> np.ndarray:
        found = array(call(function, lived, seed), lived.shape, name)
        if not np.isin(found, lived).all():
            raise Wrong(f"{name} holds numbers that are no persona's.")
        return found.astype(int)

    seeds = [int(s) for s in rng.choice(10_000, SEEDS, replace=False)]
    told = [drawn(seed) for seed in seeds]
    if (told[0] != drawn(seeds[0])).any():
        raise Wrong("the same seed gives another lot the second time.")
    if all((t == told[0]).all() for t in told):
        raise Wrong("every seed gives the same lot; is `seed` used?")
    right = np.array([(t == lived).mean() for t in told])
    if right.max() == 0:
        raise Wrong(
            "no sheet is ever right, in any lot. From that a reader learns "
            "that sheets are false, which is not the same as that they say "
            "nothing; by lot some are right by chance."
        )
    for t in told:
        described = np.bincount(t, minlength=len(counts))
        if (described != counts).any():
            raise Wrong(
                f"personas are described {described.tolist()} times and live "
                f"{counts.tolist()} times; a control should keep how often "
                "each kind of sheet is read."
            )
    fair = [rng.permutation(lived) for _ in range(SEEDS)]
    chance = np.array([(t == lived).mean() for t in fair])
    if _apart(right, chance) > 5 or _apart(chance, right) > 5:
        raise Wrong(
            f"{right.mean():.0%} of the sheets are right, where a lot would "
            f"make it {chance.mean():.0%}."
        )
    ties, none = (np.array([_tie(lived, t) for t in x]) for x in (told, fair))
    if _apart(ties, none) > 5:
        raise Wrong(
            "whom a sheet describes still tells who is met: names of one "
            "persona are described too much alike, so that a reader could "
            "learn which description stands for whom."
        )


def _apart(one: np.ndarray, other: np.ndarray) -> float:
    """How many standard errors the mean of one is above the other's."""
    noise = np.sqrt((one.var() + other.var()) / SEEDS) + 1e-12
    return float((one.mean() - other.mean()) / noise)


def _tie(lived: np.ndarray, told: np.ndarray) -> float:
    """How far a table of lived by told is from even, by a sum of squares."""
    table = np.zeros((lived.max() + 1, lived.max() + 1))
    np.add.at(table, (lived, told), 1)
    even = np.outer(np.bincount(lived), np.bincount(lived)) / len(lived)
    return float(((table - even) ** 2 / even).sum())


WEIGHS, USELESS, UNKNOWN = "weighs", "does not weigh", "does not know"
VERDICTS = [WEIGHS, USELESS, UNKNOWN, "undecided"]
# P(right source), recall and action of register and gossip, what is so; which
# verdict must come (or, with a minus, must not) and how often.
SETTINGS = (
    (0.96, (0.9, 0.9), (0.4, 0.4), "the network knows who said what and "
     "acts on both sources alike", {USELESS: 0.8, WEIGHS: -0.1}),
    (0.96, (0.9, 0.9), (0.65, 0.1), "the network knows who said what and acts "
     "on the register much more", {WEIGHS: 0.8}),
    (0.36, (0.9, 0.9), (0.4, 0.4), "the network hardly knows better than by "
     "chance who said what", {UNKNOWN: 0.8, USELESS: -0.1}),
    (0.36, (0.9, 0.9), (0.65, 0.1), "the network does not know who said "
     "what, so that whatever sets the two apart is not the weighing of a "
     "source", {WEIGHS: -0.1}),
    (0.96, (0.9, 0.9), (0.03, 0.03), "the network acts on no sheet at all, "
     "so that it has nothing to weigh", {"undecided": 0.8}),
    (0.96, (0.9, 0.3), (0.65, 0.2), "what gossip says is not even "
     "remembered, which alone would explain that it is not acted upon",
     {WEIGHS: -0.1}),
    (0.96, (0.9, 0.9), (0.5, 0.3), "the difference in action is exactly the "
     "threshold, 0.2", {WEIGHS: -0.11, USELESS: -0.11}),
)  # fmt: skip


@exercise("6.6", "judge")
def the_judge(rng: np.random.Generator, judge: Callable):
    for known, recall, action, where, limits in SETTINGS:
        draws = 160 if min(limits.values()) == -0.11 else 50
        told = [
            one_of(
                call(judge, *_networks(rng, known, recall, action)),
                VERDICTS,
                "what `judge` returns",
            )
            for _ in range(draws)
        ]
        for word, limit in limits.items():
            rate = told.count(word) / draws
            if rate < limit or limit < 0 and rate > -limit:
                bound = "at least" if limit > 0 else "at most"
                raise Wrong(
                    f"where {where}, you say {word!r} {rate:.0%} of the "
                    f"time; {bound} {abs(limit):.0%} is asked for."
                )


def _networks(rng, known, recall, action):
    """Six networks: P(right source) [6], slopes [6, 2] twice."""
    level = rng.normal(0, 0.12, (6, 1)) * np.mean(action) / 0.4
    said = known + rng.normal(0, 0.03, 6)
    remembered = recall + rng.normal(0, 0.03, (6, 2))
    acted = action + level + rng.normal(0, 0.06, (6, 2))
    return said.clip(0, 1), remembered, acted
