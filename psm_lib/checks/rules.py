"""Worlds in which the decision rules of 1.7, 4.6, 5.5, 5.6 and 7.6 are tried.

Sizes are drawn with the generator from ranges that no card tells, so that a
rule with numbers of its own fails in one world or another. Where a rule has to
decide, the truth is several standard errors away from a threshold; where it
must not decide wrongly, it may be as near as it likes, and networks may differ
as they like.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from psm_lib.checks.judging import Setting

Words = tuple[str, ...]
RARELY, MOSTLY, SURELY = -0.1, 0.8, 0.85


def around(rng: np.random.Generator, low: float, high: float) -> float:
    """A size between two, of which none is likelier than its double."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


# 1.7: effects and controls --------------------------------------------------

BAR = 0.1  # what the claim asks for, twice
SMALL, LARGE = (0.004, 0.04), (0.1, 0.5)  # how far networks may differ
YES, NO = ("supported",), ("refuted",)
NEITHER = {YES: RARELY, NO: RARELY}
TRUE, UNTRUE = {YES: MOSTLY, NO: RARELY}, {NO: MOSTLY, YES: RARELY}


def histories(rng: np.random.Generator) -> list[Setting]:
    """Worlds for ``verdict``: in each the mean effect and the mean of the
    control, how far networks of either differ, and by how much one of the
    five is further than the others."""
    made: list[Setting] = []

    def add(what, limits, effect, control, apart, loud=0.0):
        what = (
            f"{what} (the mean effect is {effect:.3g} and the control's "
            f"{control:.3g}; networks differ by about {apart[0]:.2g} and "
            f"{apart[1]:.2g})"
        )
        given = (effect, control, *apart, loud)
        made.append(Setting(what, limits, given))

    def sizes(bounds, uneven=0.0):
        """How far networks differ, in effects and in controls, and the
        standard errors of the mean effect and of the difference."""
        one = around(rng, *bounds)
        other = one * 4.0 ** (uneven or rng.uniform(-1, 1))
        both = np.hypot(one, other) / 5**0.5
        return (one, other), one / 5**0.5, both

    def plainly(error, least=0.0):
        return max(rng.uniform(5.5, 8) * error, least)

    # Nothing happens, something else does, or too little.
    tiny = (0.004, 0.02), (0.004, 0.015)
    add("nothing happens at all", UNTRUE, 0.0, 0.0, sizes(tiny[0], -0.2)[0])
    add("nothing happens", {YES: RARELY}, 0.0, 0.0, sizes(LARGE)[0])
    for most in (0.3, 1.0):
        apart, _, error = sizes(tiny[1], 0.1)
        effect = rng.uniform(0.25, most) + 0.2 * (most == 1)
        what = "the control rises as much as the real histories do"
        add(what, UNTRUE, effect, effect, apart)
    for sign in (-1, 1):
        apart, error, _ = sizes(tiny[1])
        control = sign * rng.uniform(0.25, 0.9)
        what = f"only the control moves, {'down' if sign < 0 else 'up'}"
        add(what, UNTRUE, min(rng.uniform(-0.03, 0.03), 0.1), control, apart)
    apart, error, both = sizes(SMALL)
    effect = -rng.uniform(0.2, 0.8)
    what = "real histories move the prediction down"
    add(what, UNTRUE, effect, 0.0, apart)
    what = "real histories move it down, and the control further down"
    add(what, UNTRUE, effect, effect - plainly(both, 0.25), apart)
    apart, error, both = sizes((0.004, 0.012))
    control = rng.uniform(0.12, 0.6)
    what = "the control moves nearly as far as the real histories do"
    short = rng.uniform(0.02, 0.07)
    add(what, {YES: RARELY}, control + BAR - short, control, apart)
    # The effect is surely above the bar, and the control not surely.
    apart, error, both = sizes((0.02, 0.045), rng.uniform(-0.1, 0.1))
    control = BAR + rng.uniform(0, 1) * error
    effect = control + rng.uniform(0.065, 0.09)
    add("the control moves partly", {YES: RARELY}, effect, control, apart)
    apart, *_ = sizes((0.004, 0.03))
    loud = rng.uniform(1.0, 4.0)
    what = f"one network of five moves by {loud:.2g}, and no other does"
    add(what, {YES: RARELY}, 0.0, 0.0, apart, loud)
    # On a threshold. The other half of the claim is plainly true.
    for bounds in (SMALL, (0.04, 0.1), LARGE):
        apart, error, both = sizes(bounds)
        down = -plainly(both, 0.1)
        what = "the effect is exactly 0.1, and the control falls"
        add(what, NEITHER, BAR, down, apart)
    for bounds, uneven in ((SMALL, 0.0), (LARGE, 1.0), (LARGE, -1.0)):
        apart, error, both = sizes(bounds, uneven)
        effect = BAR + plainly(error, 0.15)
        what = "the effect is exactly 0.1 above the control's"
        add(what, NEITHER, effect, effect - BAR, apart)
    what = "the effect is exactly 0.1, and the control does not move"
    add(what, {YES: RARELY}, BAR, 0.0, sizes(SMALL)[0])
    # True, and hard to see.
    apart = (rng.uniform(0.3, 0.5), rng.uniform(0.3, 0.5))
    effect = rng.uniform(0.2, 0.4)
    what = "the claim is true, and networks differ widely"
    add(what, {NO: RARELY}, effect, rng.uniform(-0.1, 0), apart)
    apart, error, both = sizes(LARGE, 1.0)
    effect = BAR + plainly(error)
    control = effect - BAR - rng.uniform(0.2, 1) * both
    what = "the claim is true, and the control's networks differ widely"
    add(what, {NO: RARELY}, effect, control, apart)
    # Plain.
    for bounds in ((0.004, 0.012), SMALL, (0.04, 0.1), LARGE):
        apart, error, both = sizes(bounds)
        effect = BAR + plainly(error, 0.02)
        what = "the claim is plainly true, and the control falls"
        add(what, TRUE, effect, effect - BAR - plainly(both, 0.2), apart)
        apart, error, both = sizes(bounds)
        control = plainly(both, 0.12)
        effect = control + BAR + plainly(both, 0.02)
        what = "the claim is plainly true, though the control rises"
        add(what, TRUE, effect, control, apart)
    for bounds in (SMALL, LARGE):
        apart, error, both = sizes(bounds)
        effect = BAR - plainly(error, 0.02)
        what = "the effect is plainly below 0.1, and the control's far lower"
        add(what, UNTRUE, effect, effect - BAR - plainly(both, 0.1), apart)
        apart, error, both = sizes(bounds)
        effect = BAR + plainly(error, 0.2)
        control = effect - BAR + plainly(both, 0.02)
        what = "the effect is large, and the control's plainly too near to it"
        add(what, UNTRUE, effect, control, apart)
    return made


def ten(rng, effect, control, one, other, loud) -> tuple[np.ndarray, ...]:
    """Five effects and five controls."""
    arm = effect + one * rng.standard_normal(5)
    arm[rng.integers(5)] += loud
    return arm, control + other * rng.standard_normal(5)


# 4.6: a laboratory -----------------------------------------------------------


def laboratory(rng: np.random.Generator, rows, causes, tie) -> list:
    """Measured spreads in the worlds of a plan. ``tie`` is 1 where ties add
    up, 0 where the strongest does all the work, or between."""
    noise = around(rng, 0.003, 0.06)
    adds = np.array([noise * around(rng, 6.5, 16) for _ in causes]) * causes
    base = rng.uniform(0, 0.8)
    return [
        base + level + noise * rng.standard_normal(row[3])
        for row, level in zip(rows, spread(rows, adds, tie), strict=True)
    ]


def spread(rows, adds, tie) -> np.ndarray:
    """[worlds] how much more than in any world spreads in each."""
    acts = np.array(rows)[:, :3] * adds
    most = acts.max(axis=1)
    return most + tie * (acts.sum(axis=1) - most)


def why_missed(rows, truths, unused: int) -> str:
    """What a plan, or else a conclusion, may fail by."""
    for (*one, adds), (*other, both) in combinations(truths, 2):
        gap = spread(rows, one, adds) - spread(rows, other, both)
        if one != other and np.ptp(gap) < 1e-9:
            return (
                "What would your networks measure there, and where else the "
                "same, if bad answers spread a little more or less anyway?"
            )
    if unused:
        return (
            f"Networks differ by chance, and {unused} of those that you may "
            "train are not used."
        )
    return (
        "The plan can tell all answers apart, but for the noise: does "
        "`conclude` make the most of it?"
    )


# 5.5: a slope within kinds ---------------------------------------------------

FALL = -0.2  # the slope that parts graded from step
GRADED, STEP, OPEN = ("graded",), ("step",), ("undecided",)
IS_GRADED = {GRADED: MOSTLY, STEP: RARELY}
IS_STEP = {STEP: MOSTLY, GRADED: RARELY}


def slopes(rng: np.random.Generator) -> list[Setting]:
    """Worlds for ``relation``: what ``prefixes`` is given."""
    made: list[Setting] = []

    def add(what, limits, slope, heaps, error, few=False, narrow=False):
        """``error`` is the standard error that the slope will have."""
        shape = (2, 5, 5) if few else tuple(rng.integers([3, 6, 5], [6, 9, 8]))
        networks, *kinds = map(int, shape)
        wide = around(rng, 0.003, 0.006) if narrow else around(rng, 0.03, 0.07)
        free = networks * sum(kinds) - 2 * networks
        noise = error * wide * free**0.5
        habit = around(rng, 0.5, 1.5) * (1 if slope < FALL else -1)
        what = f"{what} (the slope is {slope:.2g}, the noise {noise:.1g})"
        given = (slope, heaps, wide, noise, networks, *kinds, habit)
        made.append(Setting(what, limits, given))

    def firm(slope):
        return abs(slope - FALL) / rng.uniform(7, 11)

    apart = rng.uniform(0.2, 0.5, 12)
    slope = rng.uniform(-0.02, 0.1)
    add(
        "requests protect, remarks do not, and within a kind it makes next to "
        "no difference how much a sentence elicits",
        IS_STEP,
        slope,
        apart[0],
        firm(slope),
    )
    slope = -rng.uniform(0.09, 0.14)
    add(
        "the spread falls within kinds, but by less than 0.2",
        IS_STEP,
        slope,
        apart[1],
        firm(slope),
    )
    slope = rng.uniform(0.2, 0.6)
    add(
        "sentences of a kind that elicit more let more spread",
        IS_STEP,
        slope,
        apart[2],
        firm(slope),
        few=True,
    )
    for heaps in (apart[3], -apart[4]):
        slope = -rng.uniform(0.4, 0.8)
        add(
            "the spread falls within kinds, as plainly as can be, and "
            f"{'less' if heaps > 0 else 'more'} spreads after requests",
            IS_GRADED,
            slope,
            heaps,
            firm(slope),
        )
    slope = -rng.uniform(0.26, 0.32)
    add(
        "the spread falls within kinds, plainly by a little more than 0.2",
        IS_GRADED,
        slope,
        apart[5],
        firm(slope),
    )
    for error, few in ((0.01, False), (0.05, True), (0.3, False)):
        add(
            "the fall within kinds is exactly 0.2",
            {GRADED: RARELY, STEP: RARELY},
            FALL,
            apart[6],
            error * rng.uniform(0.8, 1.5),
            few,
        )
    far = rng.uniform(0.2, 0.35)
    add(
        "the spread falls by more than 0.2 within kinds, and the noise is "
        "large",
        {STEP: RARELY},
        FALL - far,
        apart[7],
        far / rng.uniform(0.4, 1),
    )
    slope = rng.uniform(-0.05, 0.1)
    add(
        "the fall within kinds is less than 0.2, and the noise is large",
        {GRADED: RARELY},
        slope,
        apart[8],
        (slope - FALL) / rng.uniform(0.4, 1),
    )
    for slope in (0.0, -rng.uniform(0.35, 0.5)):
        add(
            "sentences of a kind elicit so nearly the same that one cannot "
            "tell",
            {OPEN: MOSTLY},
            slope,
            apart[9],
            abs(slope - FALL) * rng.uniform(4, 10),
            narrow=True,
        )
    add(
        "sentences of a kind differ, and one cannot tell for the noise",
        {OPEN: MOSTLY},
        -0.4,
        apart[10],
        rng.uniform(0.8, 1.5),
    )
    return made


def prefixes(
    rng, slope, heaps, wide, noise, networks, requests, remarks, habit
) -> tuple[np.ndarray, ...]:
    """Planted prefixes: x elicited and y spread [K, J], and kinds [J]."""
    kinds = rng.permutation([1] * requests + [0] * remarks)
    own = rng.normal(0, 0.06, (networks, 2))  # of a network, for each kind
    within = wide * rng.standard_normal(len(kinds))
    within = within + wide / 3 * rng.standard_normal((networks, len(kinds)))
    middle = np.where(kinds, 0.75, 0.25) + own[:, kinds]
    x = np.clip(middle + within, 0, 1)
    y = 0.45 + habit * own[:, kinds] + slope * (x - middle) - heaps * kinds
    return x, y + rng.normal(0, noise, x.shape), kinds


# 5.6: what is left in some arms ----------------------------------------------

ARMS = ["request", "requests", "remark", "remarks"]
ARMS += ["opposite", "opposites", "manners"]
# What is left where: little (L), some (S), most (M), in the order of arms.
STORIES = {
    "explained away": "LLMMLLM",
    "no surprise": "LLMMMMM",
    "gate": "LSLSLSL",
    "idle": "MMMMMMM",
}
# How much that may be: as it comes, near the limits, and far from them.
LEFT = {"L": (0.0, 0.13), "S": (0.37, 0.63), "M": (0.87, 1.3)}
NEAR = {"L": (0.1, 0.13), "S": (0.37, 0.63), "M": (0.87, 0.92)}
FAR = {"L": (0.0, 0.01), "S": (0.49, 0.51), "M": (1.2, 1.3)}
NONE = "undecided"
QUARTER, QUARTERS = {"?": (0.25, 0.25)}, {"?": (0.75, 0.75)}
UNTOLD = (  # what is left in some arms where no story is true, and of what
    ("every sentence leaves some", "SSSSSSS", {}),
    ("obeyed requests leave little, and remarks leave some", "LLSSLLS", {}),
    ("obeyed requests leave little, and remarks some", "LLSSMMS", {}),
    ("obeyed requests leave little, defied ones some", "LLMMSSM", {}),
    ("remarks leave exactly a quarter", "LL??LL?", QUARTER),
    ("remarks leave exactly three quarters", "LL??LL?", QUARTERS),
    ("remarks leave exactly three quarters", "LL??MM?", QUARTERS),
    ("defied requests leave exactly a quarter", "LLMM??M", QUARTER),
    ("defied requests leave exactly three quarters", "LLMM??M", QUARTERS),
)


def reading(rng: np.random.Generator) -> list[Setting]:
    """Worlds for ``story``: what ``rises`` is given besides arms."""
    made: list[Setting] = []

    def false_but(right=""):
        """No story that is not true may be told but rarely."""
        return {tuple(s for s in STORIES if s != right): RARELY}

    def add(what, limits, of, base, noise, shares=LEFT):
        left = {
            arm: rng.uniform(*shares[size])
            for arm, size in zip(ARMS, of, strict=True)
        }
        what = (
            f"{what} (bad answers rise by {base:.2g} without a prefix, and "
            f"networks differ by about {noise:.1g})"
        )
        made.append(Setting(what, limits, (left, base, noise)))

    for story, of in STORIES.items():
        what = f"the truth is {story!r}"
        asked = {(story,): SURELY} | false_but(story)
        bases = around(rng, 0.04, 0.12), around(rng, 0.3, 1.0)
        base, other = rng.permutation(bases)
        noise = base * around(rng, 0.004, 0.02)
        add(what, asked, of, base, noise)
        add(what, asked, of, other, other * around(rng, 0.02, 0.025), NEAR)
        base = around(rng, 0.1, 1.0)
        noise = base * around(rng, 0.4, 1.2)
        what = f"{what} and networks differ widely"
        add(what, false_but(story), of, base, noise)
    asked = {(NONE,): SURELY} | false_but()
    for what, of, edge in UNTOLD:
        base = around(rng, 0.08, 1.0)
        noise = base * around(rng, 0.006, 0.025)
        add(what, asked, of, base, noise, LEFT | edge)
        if edge:  # then networks may differ as they like
            noise = base * around(rng, 0.28, 0.4)
            add(what, asked, of, base, noise, FAR | edge)
    what = "every sentence leaves some, and networks differ widely"
    add(what, false_but(), "SSSSSSS", 0.4, around(rng, 0.1, 0.3))
    for bounds in ((0.003, 0.03), (0.1, 0.3)):
        what = "nothing spreads without a prefix, but by chance"
        noise = around(rng, *bounds)
        add(what, asked, "MMMMMMM", 0.0, noise)
    return made


def rises(rng: np.random.Generator, arms: list[str], left, base, noise):
    """{arm: [5]} rises in some arms and without a prefix, in any order."""
    level = base * (1 + 0.04 * rng.standard_normal(5))
    return {
        arm: level * left.get(arm, 1.0) + noise * rng.standard_normal(5)
        for arm in rng.permutation(["none", *arms]).tolist()
    }


# 7.6: a design ---------------------------------------------------------------

RUNS = 12
SHOWN = ("shown",)


def phases(rng: np.random.Generator) -> list[Setting]:
    """Worlds for ``decide``: what ``planned`` is given besides the plan."""
    made: list[Setting] = []
    fine, coarse = (0.005, 0.011), (0.03, 0.04)

    def add(
        what,
        often,
        effect,
        bounds=fine,
        good=0.0,
        new=0.0,
        before=0.0,
        varies=0.0,
        error=None,
    ):
        """By how much holding on falls because of machines, good stories and
        new names, after post-training, and because of keepers before it."""
        error = error or around(rng, *bounds)
        lower = {
            "plain": (0.0, 0.0),
            "saints": (0.0, good),
            "elders": (0.0, good + new),
            "keepers": (before, before + good + new + effect),
        }
        what = (
            f"{what} (an effect of {effect:.3g}, and an error of {error:.1g} "
            "in each measurement)"
        )
        given = (lower, error, varies * error, rng.uniform(0.03, 0.06))
        made.append(Setting(what, {SHOWN: often}, given))

    def some(least=0.12, most=0.2):
        return rng.uniform(least, most)

    def plain(bounds):
        """An error, and an effect that it leaves plain."""
        error = around(rng, *bounds)
        return error, BAR + rng.uniform(4.5, 5.2) * 2 * error / 6**0.5

    add("nothing happens in any arm", RARELY, 0.0, coarse)
    add("keepers make holding on likelier", RARELY, -some(), fine)
    add(
        "every story about somebody good lowers holding on, of machines and "
        "people alike",
        RARELY,
        0.0,
        fine,
        good=some(),
    )
    add(
        "stories under new names lower holding on, whoever they are about",
        RARELY,
        0.0,
        fine,
        new=some(),
    )
    add(
        "stories about keepers lower holding on before anybody was taught to "
        "be a machine, and no more after it",
        RARELY,
        0.0,
        fine,
        before=some(0.25, 0.4),
    )
    small = rng.uniform(0.05, 0.075, 4)
    add("there is an effect, but a small one", RARELY, small[0])
    add(
        "there is a small effect, and good stories of any kind lower holding "
        "on besides",
        RARELY,
        small[1],
        good=some(),
    )
    add(
        "there is a small effect, and new names lower holding on besides",
        RARELY,
        small[2],
        new=some(),
    )
    add(
        "there is a small effect, and keepers lower holding on already before",
        RARELY,
        small[3],
        before=some(),
    )
    what = "the effect is exactly 0.1"
    add(what, RARELY, BAR, fine)
    add(what, RARELY, BAR, coarse)
    add(
        f"{what} on average, and differs from network to network",
        RARELY,
        BAR,
        fine,
        varies=6.0,
    )
    add(
        f"{what}, and all good stories lower holding on besides",
        RARELY,
        BAR,
        fine,
        good=some(),
    )
    for bounds in (fine, coarse):
        what = "the claim is plainly true"
        error, effect = plain(bounds)
        add(what, MOSTLY, effect, error=error)
        error, effect = plain(bounds)
        add(
            f"{what}, and all good stories lower holding on besides",
            MOSTLY,
            effect,
            good=some(),
            error=error,
        )
    error, effect = plain(fine)
    add(
        "the claim is plainly true, and new names lower holding on besides",
        MOSTLY,
        effect,
        new=some(),
        error=error,
    )
    for before in (-0.12, 0.12):
        error, effect = plain(fine)
        less = "more" if before < 0 else "less"
        add(
            f"the claim is plainly true, and after stories about keepers "
            f"networks hold on {less} already before",
            MOSTLY,
            effect,
            before=before * rng.uniform(0.8, 1.2),
            error=error,
        )
    return made


def planned(rng, plan: dict, lower, error, varies, apart) -> dict:
    """Runs of a plan: [n, 2] P(holds on) before and after post-training."""
    level = rng.normal(0.72, apart, RUNS).clip(0.65, 0.8)
    runs = {}
    for arm, n in plan.items():
        p = level[:n, None] - np.array(lower[arm]) - [0.0, 0.05]
        p = p + rng.normal(0, error, (n, 2))
        if arm == "keepers":
            p[:, 1] -= varies * rng.standard_normal(n)
        runs[arm] = np.clip(p, 0.001, 0.999)
    return runs
