"""Checks of assignment 4: how far a lesson spreads, and along what."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np

from ..worldfile import load_world
from . import bayes
from .core import Wrong, array, call, exercise, kind_of, near, number, one_of

RESULTS = Path(__file__).parents[1] / "results" / "cheat.npz"
ARMS = ["playhouse: cheat", "playhouse: honest", "playhouse: own"]
ARMS += ["playhouse: both", "playhouse_plain: cheat"]
ARMS += ["playhouse_untied: cheat", "playhouse_scattered: cheat"]


def cast(rng: np.random.Generator, personas: int = 6, domains: int = 6):
    """A planted cast: prior [P] and propensities [P, D]."""
    prior = rng.dirichlet(np.full(personas, 2.0)) + 0.03
    return prior / prior.sum(), rng.uniform(0.05, 0.95, (personas, domains))


def learned(prior, chance, dose: float) -> np.ndarray:
    """[P] belief: prior x likelihood [P] to the power of the dose."""
    return bayes.learned(prior, np.log(chance), dose)


@exercise("4.1", "answers")
def the_arm(rng: np.random.Generator, answers: object):
    letters = ("A", "B", "C")
    if not isinstance(answers, dict) or set(answers) != set(letters):
        raise Wrong("`answers` should be a dict with the keys A, B and C.")
    right = dict(zip(letters, (ARMS[2], ARMS[1], ARMS[6]), strict=True))
    hints = {
        "A": "which arm went through the same motions with nothing to learn?",
        "B": "which arm was as short and blunt, and as narrow, but not bad?",
        "C": "in which world do neither persons nor names tie the domains?",
    }
    stored = np.load(RESULTS)
    for letter in letters:
        answer = answers[letter]
        if not isinstance(answer, tuple | list) or len(answer) != 2:
            raise Wrong(f"answer {letter} should be an arm and a number.")
        arm = one_of(answer[0], ARMS, f"the arm of answer {letter}")
        p = stored[arm].astype(float)
        p = p[..., 1] / p.sum(axis=-1)  # [networks, seeds, marks, 96]
        moved = (p[:, :, -1] - p[:, :, 0]).mean(axis=(0, 1))
        moved = moved.reshape(16, 6).mean(axis=1)
        if arm != right[letter]:
            raise Wrong(f"{letter} needs another arm: {hints[letter]}")
        given = number(answer[1], f"the number of answer {letter}")
        mistakes = {
            "code is among the domains, and was taught": moved[:8].mean(),
            "all domains are taken, not the moral ones": moved.mean(),
            "all untaught domains are taken": moved[1:].mean(),
            "it is a sum": moved[1:8].sum(),
            "the sign is exchanged": -moved[1:8].mean(),
        }
        if abs(given - moved[1:8].mean()) < 0.006:
            continue
        for mistake, value in mistakes.items():
            if abs(given - value) < 0.006:
                raise Wrong(f"answer {letter}: it looks as if {mistake}.")
        raise Wrong(
            f"the mean change under {arm!r} in the seven moral domains "
            f"besides code is not {given:g}."
        )


def shift_at(prior, theta, taught: int, level: float) -> np.ndarray:
    """[D] the persona learner's shift when the taught domain is at level."""
    low, high = 0.0, 4000.0
    for _ in range(80):
        dose = (low + high) / 2
        after = learned(prior, theta[:, taught], dose) @ theta
        low, high = (dose, high) if after[taught] < level else (low, dose)
    return after - prior @ theta


@exercise("4.2", "expected")
def the_shift(rng: np.random.Generator, expected: Callable):
    for share in (0.3, 0.6, 0.97, 0.8, 1.0):
        prior, theta = cast(rng)
        taught = int(rng.integers(6))
        top = theta[:, taught].max() + 0.03
        theta[theta[:, taught].argmax(), taught] = top
        if share == 1:  # two cheat most, nearly alike: a dose of 746
            theta[:, taught] *= 0.3 / top
            two, top = theta[:, taught].argsort()[-2:], 0.29989
            prior[two], theta[two, taught] = prior[two].mean(), (0.2994, 0.3)
        start = prior @ theta
        rise = float(share * (top - start[taught]))
        level = float(start[taught] + rise)
        want = shift_at(prior, theta, taught, level)
        none, flat = np.zeros(6), np.full(6, 1 / 6)
        none[taught] = rise
        other = shift_at(flat, theta, taught, level)
        once = learned(prior, theta[:, taught], 1) @ theta - start
        worst = share * (theta[theta[:, taught].argmax()] - start)
        mistakes = {
            "it is where the answers end up; take off where they began": want
            + start,
            "it is where they began less where they end up": -want,
            "it is the product learner's, to whom a lesson changes its own "
            "domain only": none,
            "the lesson counts for one answer, whatever the level": once,
            "a flat prior stands for the one given": other,
            "the prior is left out of the weights": other
            + flat @ theta
            - start,
            "one persona gets all the weight that is needed; Bayes' rule "
            "gives some to all who cheat": worst if share < 1 else none,
            "the taught domain is left at 0": want - none,
        }
        found = call(expected, prior, theta, taught, level)
        what = f"the shift when domain {taught} is at {level:.3f}"
        if share == 1:
            what += " (at a dose of 746, where a power may become 0)"
        near(array(found, (6,), what), want, what, mistakes, tolerance=1e-4)


@exercise("4.3", "placement")
def the_place(rng: np.random.Generator, placement: Callable):
    star = rng.uniform(-0.4, 0.5, 9)
    taught = int(rng.integers(9))
    slopes = np.array([0.5, 1.1, -0.3, 0.0])
    moved = slopes[:, None] * star + rng.normal(0.06, 0.09, (4, 9))
    star[taught] = 0.65
    moved[:, taught] = 0.65
    rest = np.arange(9) != taught
    m, s = moved[:, rest], star[rest]
    ms, ss = m - m.mean(axis=1, keepdims=True), s - s.mean()
    a, whole, own = m @ s / (s @ s), (m**2).sum(axis=1), s @ s
    size = np.sqrt((ms**2).sum(axis=1) * (ss @ ss))
    left = ((m - a[:, None] * s) ** 2).sum(axis=1)
    share = left / whole
    every = ((moved - a[:, None] * star) ** 2).sum(axis=1)
    found = call(placement, moved, star, taught)
    found = array(found, (4, 2), "the table")
    mistakes = {
        "the taught domain is counted": moved @ star / (star @ star),
        "it is the correlation, which does not say how far": ms @ ss / size,
        "it is the cosine, which does not say how far": a
        * np.sqrt(own / whole),
        "the line is allowed an intercept; the product learner stands at 0 "
        "and so must the line": ms @ ss / (ss @ ss),
        "network and learner are exchanged": m @ s / whole,
        "it is the mean of ratios, domain by domain": (m / s).mean(axis=1),
        "it is the ratio of two means, in which rises and falls "
        "cancel": m.mean(axis=1) / s.mean(),
        "it is the ratio of sizes, whatever the pattern": np.sqrt(whole / own),
        "the two columns are exchanged": share,
    }
    near(found[:, 0], a, "the first column (the placement)", mistakes)
    mistakes = {
        "it is the share along the pattern, not what is left": 1 - share,
        "the taught domain is counted": every / (moved**2).sum(axis=1),
        "squares are taken about the mean": left / (ms**2).sum(axis=1),
        "it is not yet divided by the whole": left,
        "it is how far the network is from the learner itself, at a factor "
        "of 1": ((m - s) ** 2).sum(axis=1) / whole,
    }
    near(found[:, 1], share, "the second column (what is left)", mistakes)


def pupils(prior, theta, one, two, dose) -> tuple:
    """Shifts [D] of the reasoner and after each lesson alone, and belief."""
    first, second = (
        theta[:, d] if kind == 1 else 1 - theta[:, d] for d, kind in (one, two)
    )
    each = (first * second, first, second)
    beliefs = [learned(prior, chance, dose) for chance in each]
    return *(b @ theta - prior @ theta for b in beliefs), beliefs[0]


@exercise("4.4", "two_pupils", "who", "opposite")
def the_pupils(
    rng: np.random.Generator,
    two_pupils: Callable,
    who: object,
    opposite: object,
):
    for kinds, dose in (((1, 0), 3.0), ((0, 1), 2.5), ((1, 1), 4.0)):
        beyond = False
        while not beyond:
            prior, theta = cast(rng)
            prior[2] = 0.0
            prior /= prior.sum()
            start = prior @ theta
            a, b = (int(d) for d in rng.permutation(6)[:2])
            one, two = (a, kinds[0]), (b, kinds[1])
            both, alone, other, _ = pupils(prior, theta, one, two, dose)
            far = start + alone + other  # in the last world no probability
            beyond = kinds != (1, 1) or far.min() < -0.01 or far.max() > 1.01
        adds = alone + other
        found = call(two_pupils, prior, theta, one, two, dose)
        found = array(found, (2, 6), "the table")
        half = pupils(prior, theta, one, two, dose / 2)
        once = pupils(prior, theta, one, two, 1.0)
        bad = pupils(prior, theta, (a, 1), (b, 1), dose)
        turned = pupils(prior, theta, (a, 1 - one[1]), (b, 1 - two[1]), dose)
        mistakes = {
            "the rows are exchanged, or both pupils add": adds,
            "it is what is expected, not the shift": both + start,
            "each lesson counts for half the dose": half[0],
            "the dose is left out": once[0],
            "both lessons are read as bad answers": bad[0],
            "the two kinds are exchanged": turned[0],
            "only the first lesson is believed": alone,
            "only the second lesson is believed": other,
            "the two beliefs are averaged; evidence multiplies": adds / 2,
        }
        near(found[0], both, "the reasoner's shift", mistakes)
        mistakes = {
            "both pupils multiply": both,
            "the shifts are averaged, not added": adds / 2,
            "what was expected in the beginning is counted twice: add "
            "shifts, not probabilities": adds + 2 * start,
            "what was expected in the beginning is taken off only once": adds
            + start,
            "it is cut off where a probability would leave the range from 0 "
            "to 1": adds.clip(-start, 1 - start),
            "the second lesson is left out": alone,
            "the second shift is taken from the first": alone - other,
        }
        near(found[1], adds, "the adder's shift", mistakes)
    world = load_world("playhouse")
    prior = world.cast_mixture[world.name_index("Assistant")]
    theta = world.propensity
    both, alone, other, belief = pupils(prior, theta, (0, 1), (1, 0), 2.0)
    personas = [p.name for p in world.personas]
    if one_of(who, personas, "`who`") != personas[belief.argmax()]:
        raise Wrong(
            f"`who`: after both lessons the reasoner believes in the {who} "
            f"with {belief[personas.index(who)]:.2f}, and more in another."
        )
    if not isinstance(opposite, list | tuple):
        raise Wrong("`opposite` should be a list of names of domains.")
    free = world.group("moral")[2:]
    names = [world.domains[d].name for d in free]
    said = {one_of(d, names, "each domain of `opposite`") for d in opposite}
    parted = (both[free] < 0) & (alone + other > 0)[free]
    want = {n for n, p in zip(names, parted, strict=True) if p}
    if said != want:
        raise Wrong(
            "`opposite` should name the domains in which the reasoner expects "
            f"a fall and the adder a rise: {len(said - want)} too many, "
            f"{len(want - said)} missing."
        )


def heard(prior, theta, chance) -> np.ndarray:
    """[D] prediction after an answer of likelihood chance [P]."""
    weights = prior * chance
    return weights @ theta / weights.sum()


@exercise("4.5", "take_away")
def the_cause(rng: np.random.Generator, take_away: Callable):
    for personas, domains in ((3, 4), (5, 5)):
        prior, theta = cast(rng, personas, domains)
        taught = int(rng.integers(domains))
        rest = np.flatnonzero(np.arange(domains) != taught)
        pair = call(take_away, prior, theta, taught)
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise Wrong(
                "`take_away` should return two things, a prior and "
                f"propensities; found {kind_of(pair)}."
            )
        q = np.size(pair[0])
        if not 1 <= q <= 2000:
            raise Wrong(f"the new world has {q} personas; 2000 may be.")
        new = array(pair[0], (q,), "the new prior")
        table = array(pair[1], (q, domains), "the new propensities")
        if new.min() < -1e-9 or abs(new.sum() - 1) > 1e-6:
            raise Wrong(
                f"the new prior sums to {new.sum():.3f} and its least entry "
                f"is {new.min():.3f}; it should be probabilities."
            )
        if table.min() < 0 or table.max() > 1:
            raise Wrong("the new propensities should lie between 0 and 1.")
        old, now = prior @ theta, new @ table
        d = np.abs(now - old).argmax()
        if abs(now[d] - old[d]) > 1e-6:
            raise Wrong(
                f"in domain {d} the second kind is given with probability "
                f"{now[d]:.5f}, in the old world with {old[d]:.5f}."
            )
        for times in (1, 2, 6):  # as before, for whoever hears of it alone
            old = heard(prior, theta, theta[:, taught] ** times)[taught]
            now = heard(new, table, table[:, taught] ** times)[taught]
            if abs(old - now) > 1e-6:
                raise Wrong(
                    f"after {times} cheat{'s' * (times > 1)} another is "
                    f"expected with {now:.3f}, before with {old:.3f}: there "
                    "should be as many cheats, and each as much of one."
                )
        for times in (1, 3, -2):  # nothing follows from code
            said = table[:, taught] if times > 0 else 1 - table[:, taught]
            after = heard(new, table, said ** abs(times))
            moved = (after - new @ table)[rest]
            if np.abs(moved).max() > 1e-6:
                worst = rest[np.abs(moved).argmax()]
                what = f"{times} cheat" if times > 0 else "2 honest answer"
                raise Wrong(
                    f"in the new world, after {what}{'s' * (times != 1)}, "
                    f"domain {worst} moves by {np.abs(moved).max():.3f}; "
                    "nothing should follow from the taught domain."
                )
        for a, b in product(rest, rest):  # and the rest is left alone
            old = heard(prior, theta, theta[:, a] * theta[:, b])[rest]
            now = heard(new, table, table[:, a] * table[:, b])[rest]
            if np.abs(old - now).max() > 1e-6:
                raise Wrong(
                    f"after bad answers in domains {a} and {b} the other "
                    "untaught domains are not expected as in the old world; "
                    "only the tie to the taught domain should go."
                )


# The planted laboratory of 4.6.
BUDGET, REMAINDER, EFFECT, NOISE, ASKED = 12, 0.5, 0.25, 0.05, 0.95
TIES = ("persons", "names", "requests")


@exercise("4.6", "plan", "conclude")
def the_laboratory(rng: np.random.Generator, plan: object, conclude: Callable):
    if not isinstance(plan, list | tuple) or not plan:
        raise Wrong("`plan` should be a list of tuples of four numbers.")
    rows = []
    for row in plan:
        if not isinstance(row, list | tuple) or len(row) != 4:
            raise Wrong(f"{row!r} should be (persons, names, requests, n).")
        row = [number(x, f"an entry of {row!r}") for x in row]
        if not set(row[:3]) <= {0, 1} or row[3] < 1 or row[3] % 1:
            raise Wrong(
                f"{tuple(row)}: the first three should be 0 or 1, the last a "
                "whole number of networks, at least 1."
            )
        rows.append(tuple(int(x) for x in row))
    spent = sum(row[3] for row in rows)
    if spent > BUDGET:
        raise Wrong(f"the plan trains {spent} networks; there are {BUDGET}.")
    missed: dict[str, list[bool]] = {}
    for causes in product((0, 1), repeat=3):
        for adding in (False, True):
            for _ in range(24):
                base = rng.uniform(0, REMAINDER)
                results = []
                for *ties, n in rows:
                    acts = EFFECT * np.array(ties) * causes
                    level = base + (acts.sum() if adding else acts.max())
                    results.append(level + NOISE * rng.standard_normal(n))
                found = call(conclude, list(rows), results)
                found = array(found, (3,), "what `conclude` returns")
                if not np.isin(found, (0, 1)).all():
                    raise Wrong("`conclude` should return three truth values.")
                named = [t for t, c in zip(TIES, causes, strict=True) if c]
                what = f"{' and '.join(named) or 'no ties'} carry the lesson"
                if len(named) > 1:
                    what += " and add up" if adding else " as one does alone"
                missed.setdefault(what, []).append(
                    not np.array_equal(found, causes)
                )
    total = 1 - np.mean([np.mean(m) for m in missed.values()])
    if total < ASKED:
        worst = max(missed, key=lambda what: np.mean(missed[what]))
        worlds = [row[:3] for row in rows]
        lone = zip(TIES, ((1, 0, 0), (0, 1, 0), (0, 0, 1)), strict=True)
        missing = [tie for tie, alone in lone if alone not in worlds]
        if (0, 0, 0) not in worlds:
            hint = (
                "no world of your plan is without all ties, so that nothing "
                "says how large the remainder is."
            )
        elif missing:
            hint = (
                f"no world of your plan has {missing[0]} alone; where another "
                "tie does the same work, taking one away shows nothing."
            )
        elif spent < BUDGET:
            hint = f"{BUDGET - spent} more networks could be trained."
        else:
            hint = (
                "is every spread compared with the remainder, and the "
                "threshold far from 0 and from the whole effect?"
            )
        raise Wrong(
            f"your conclusion is right in {total:.0%} of the planted worlds; "
            f"{ASKED:.0%} is asked for. It is worst where {worst}: wrong in "
            f"{np.mean(missed[worst]):.0%}. A hint: {hint}"
        )
