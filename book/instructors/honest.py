"""Right answers to the exercises that ask for a rule, besides the masters'.

For each exercise: a way to do it, and the whole cell. A check that refuses one
of these is too narrow, or leaves too much to chance; a test tries them all.
"""

INTERVALS = """
    if all(low > 0.1 for low, _ in ends):
        return "supported"
    return "refuted" if any(high < 0.1 for _, high in ends) else "inconclusive"
"""

# What is left in an arm, less a share of what spreads without a prefix, is
# ``surely`` above 0 or not.
READ = """
    names = {codes}
    base, seen = rises["none"], ""
    for arm in chosen:
        if surely(0.25 * base - rises[arm]):
            seen += "L"
        elif surely(rises[arm] - 0.75 * base):
            seen += "M"
        elif surely(rises[arm] - 0.25 * base) and surely(
            0.75 * base - rises[arm]
        ):
            seen += "S"
        else:
            seen += "?"
    return names.get(seen, "undecided") if surely(base) else "undecided"
"""
FIXED = """{
        "LML": "explained away", "LMM": "no surprise",
        "LLL": "gate", "MMM": "idle",
    }"""
CHANGING = """{
        "LML": "explained away", "LMM": "no surprise",
        "SLS": "gate", "MMM": "idle",
    }"""

WITHIN = """
    x, y = x.copy(), y.copy()
    for kind in (0, 1):
        here = request == kind
        x[:, here] -= x[:, here].mean(axis=1, keepdims=True)
        y[:, here] -= y[:, here].mean(axis=1, keepdims=True)
"""
SAID = """
    if high < -0.2:
        return "graded"
    return "step" if low > -0.2 else "undecided"
"""

HONEST = {
    "1.7": [
        (
            "Student's t, from a library",
            """from scipy import stats


def verdict(effects, controls):
    one = stats.ttest_1samp(effects, 0.1).confidence_interval(0.95)
    two = stats.ttest_ind(effects - 0.1, controls, equal_var=False)
    two = two.confidence_interval(0.95)
    ends = [(one.low, one.high), (two.low + 0.1, two.high + 0.1)]
"""
            + INTERVALS,
        ),
        (
            "a bootstrap of each five",
            """def verdict(effects, controls):
    rng = np.random.default_rng(0)
    arm = effects[rng.integers(5, size=(1000, 5))].mean(axis=1)
    null = controls[rng.integers(5, size=(1000, 5))].mean(axis=1)
    ends = [np.quantile(v, [0.025, 0.975]) for v in (arm, arm - null)]
"""
            + INTERVALS,
        ),
        (
            "permutations, and signs exchanged",
            """from itertools import combinations, product

HALVES = np.array([[i in c for i in range(10)]
                   for c in combinations(range(10), 5)])
SIGNS = np.array([*product((-1, 1), repeat=5)])


def verdict(effects, controls):
    x = effects - 0.1
    flipped = SIGNS @ x
    every = np.concatenate([x, controls])
    sums = HALVES @ every
    up = (
        np.mean(flipped >= x.sum() - 1e-12),
        np.mean(sums >= x.sum() - 1e-12),
    )
    down = (
        np.mean(flipped <= x.sum() + 1e-12),
        np.mean(sums <= x.sum() + 1e-12),
    )
    if max(up) < 0.05:
        return "supported"
    return "refuted" if min(down) < 0.05 else "inconclusive"
""",
        ),
        (
            "pairs, with Student's t for each half",
            """def verdict(effects, controls):
    ends = []
    for x in (effects, effects - controls):
        half = 2.78 * x.std(ddof=1) / np.sqrt(5)
        ends.append((x.mean() - half, x.mean() + half))
"""
            + INTERVALS,
        ),
    ],
    "4.6": [
        (
            "half of the networks without ties",
            """plan = [(0, 0, 0, 6), (1, 0, 0, 2), (0, 1, 0, 2), (0, 0, 1, 2)]


def conclude(plan, results):
    off = np.concatenate([r - r.mean() for r in results])
    noise = np.sqrt((off**2).sum() / (len(off) - len(results)))
    error = noise * np.sqrt(1 / 6 + 1 / 2)
    return [r.mean() - results[0].mean() > 3.5 * error for r in results[1:]]
""",
        ),
        (
            "five per cent for three questions together",
            """plan = [(0, 0, 0, 3), (1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 3)]


def conclude(plan, results):
    noise = np.mean([r.var(ddof=1) for r in results])
    t = [(r.mean() - results[0].mean()) / np.sqrt(noise * 2 / 3)
         for r in results[1:]]
    return [x > 2.9 for x in t]
""",
        ),
        (
            "the likeliest of the eight answers, with a price for each tie",
            """from itertools import product

plan = [(0, 0, 0, 3), (1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 3)]


def conclude(plan, results):
    best = None
    for answer in product((0, 1), repeat=3):
        free = [r for r, c in zip(results[1:], answer) if c]
        if any(r.mean() < results[0].mean() for r in free):
            continue
        null = [results[0]]
        null += [r for r, c in zip(results[1:], answer) if not c]
        groups = [np.concatenate(null), *free]
        rest = sum(((g - g.mean()) ** 2).sum() for g in groups)
        cost = 12 * np.log(rest) + 6 * sum(answer)
        if best is None or cost < best[0]:
            best = cost, answer
    return list(best[1])
""",
        ),
    ],
    "5.5": [
        (
            "least squares with a level for each kind in each network",
            """from scipy import stats


def relation(x, y, request):
    networks, n = x.shape
    levels = np.eye(2 * networks)
    which = 2 * np.arange(networks)[:, None] + request
    design = np.c_[levels[which.ravel()], x.ravel()]
    fit, *_ = np.linalg.lstsq(design, y.ravel(), rcond=None)
    left = y.ravel() - design @ fit
    free = x.size - design.shape[1]
    cover = np.linalg.pinv(design.T @ design) * (left @ left) / free
    half = stats.t.ppf(0.975, free) * np.sqrt(cover[-1, -1])
    low, high = fit[-1] - half, fit[-1] + half
"""
            + SAID,
        ),
        (
            "signs of what is left, exchanged",
            """def relation(x, y, request):
"""
            + WITHIN
            + """
    rng = np.random.default_rng(0)
    weights = (x * (y + 0.2 * x)).ravel()
    got = weights.sum()
    signs = rng.choice([-1.0, 1.0], (400, weights.size))
    chance = signs @ weights
    if np.mean(chance <= got) < 0.025:
        return "graded"
    return "step" if np.mean(chance >= got) < 0.025 else "undecided"
""",
        ),
        (
            "a bootstrap of all prefixes of all networks",
            """def relation(x, y, request):
"""
            + WITHIN
            + """
    rng = np.random.default_rng(0)
    pick = rng.integers(x.size, size=(400, x.size))
    a, b = x.ravel()[pick], y.ravel()[pick]
    slopes = (a * b).sum(axis=1) / (a * a).sum(axis=1)
    low, high = np.quantile(slopes, [0.02, 0.98])
"""
            + SAID,
        ),
        (
            "three standard errors",
            """def relation(x, y, request):
"""
            + WITHIN
            + """
    slope = (x * y).sum() / (x * x).sum()
    free = x.size - 2 * len(x) - 1
    noise = ((y - slope * x) ** 2).sum() / free
    half = 3 * np.sqrt(noise / (x * x).sum())
    low, high = slope - half, slope + half
"""
            + SAID,
        ),
    ],
    "5.6": [
        (
            "a bootstrap of networks",
            """chosen = ["request", "remark", "opposite"]
PICK = np.random.default_rng(0).integers(5, size=(1000, 5))


def story(rises):
    def surely(x):
        return np.quantile(x[PICK].mean(axis=1), 0.025) > 0
"""
            + READ.replace("{codes}", FIXED),
        ),
        (
            "sentences that change, and some that do not",
            """chosen = ["requests", "remark", "opposites"]


def story(rises):
    def surely(x):
        return x.mean() > 2.78 * x.std(ddof=1) / np.sqrt(5)
"""
            + READ.replace("{codes}", CHANGING),
        ),
        (
            "manners for the remark, and signs exchanged",
            """from itertools import product

chosen = ["request", "manners", "opposite"]
SIGNS = np.array([*product((-1, 1), repeat=5)])


def story(rises):
    def surely(x):
        return np.mean(SIGNS @ x >= x.sum() - 1e-12) < 0.05
"""
            + READ.replace("{codes}", FIXED),
        ),
        (
            "networks not paired",
            """chosen = ["request", "remark", "opposite"]


def story(rises):
    base = rises["none"]
    seen = ""
    for arm in chosen:
        x = rises[arm]

        def apart(share):
            gap = x.mean() - share * base.mean()
            error = (x.var(ddof=1) + share**2 * base.var(ddof=1)) / 5
            return gap / np.sqrt(error)

        low, high = apart(0.25) < -2.6, apart(0.75) > 2.6
        seen += "L" if low else "M" if high else "?"
    names = """
            + FIXED
            + """
    if base.mean() < 2.6 * base.std(ddof=1) / np.sqrt(5):
        return "undecided"
    return names.get(seen, "undecided")
""",
        ),
    ],
    "7.6": [
        (
            "networks not paired",
            """plan = {"keepers": 6, "elders": 6}


def decide(runs):
    fell = {arm: p[:, 0] - p[:, 1] for arm, p in runs.items()}
    gap = fell["keepers"].mean() - fell["elders"].mean()
    error = sum(x.var(ddof=1) / len(x) for x in fell.values()) ** 0.5
    return "shown" if gap - 2.5 * error > 0.1 else "not shown"
""",
        ),
        (
            "a bootstrap of networks",
            """plan = {"keepers": 6, "elders": 6}
PICK = np.random.default_rng(0).integers(6, size=(2000, 6))


def decide(runs):
    fell = {arm: p[:, 0] - p[:, 1] for arm, p in runs.items()}
    extra = (fell["keepers"] - fell["elders"])[PICK].mean(axis=1)
    return "shown" if np.quantile(extra, 0.025) > 0.1 else "not shown"
""",
        ),
        (
            "signs exchanged",
            """from itertools import product

plan = {"keepers": 6, "elders": 6}
SIGNS = np.array([*product((-1, 1), repeat=6)])


def decide(runs):
    fell = {arm: p[:, 0] - p[:, 1] for arm, p in runs.items()}
    x = fell["keepers"] - fell["elders"] - 0.1
    p = np.mean(SIGNS @ x >= x.sum() - 1e-12)
    return "shown" if p < 0.05 else "not shown"
""",
        ),
        (
            "two networks for a look at the rest",
            """plan = {"keepers": 5, "elders": 5, "plain": 1, "saints": 1}


def decide(runs):
    fell = {arm: p[:, 0] - p[:, 1] for arm, p in runs.items()}
    x = fell["keepers"] - fell["elders"]
    low = x.mean() - 2.13 * x.std(ddof=1) / np.sqrt(5)
    return "shown" if low > 0.1 else "not shown"
""",
        ),
    ],
}
