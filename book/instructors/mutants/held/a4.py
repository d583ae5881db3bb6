"""Wrong solutions of assignment 4, written without seeing its checks."""

MUTANTS = {
    "4.1": [
        (
            "leaves code in the mean",
            'if world.domains[d].name != "code"]',
            "]",
        ),
        (
            "takes the world that still has names for the last objection",
            '"playhouse_scattered: cheat"',
            '"playhouse_untied: cheat"',
        ),
        (
            "takes the mean over all domains besides code",
            'for d in world.group("moral") if',
            "for d in range(len(world.domains)) if",
        ),
        (
            "answers the second objection with the arm of two lessons",
            '"B": "playhouse: honest"',
            '"B": "playhouse: both"',
        ),
        (
            "gives the size of a change without its sign",
            "round(changes[arm][others].mean(), 2)",
            "round(abs(changes[arm][others].mean()), 2)",
        ),
    ],
    "4.2": [
        (
            "scales the shift after one cheat until the taught domain fits",
            "",
            "def expected(prior, propensity, taught, level):\n"
            '    """[D] the shift of an exact reasoner about persons, at a '
            'level."""\n'
            "    before = prior @ propensity\n"
            "    low, high = 0.0, 2000.0\n"
            "    one = prior * propensity[:, taught]\n"
            "    one = one / one.sum()\n"
            "    for _ in range(80):\n"
            "        dose = (low + high) / 2\n"
            "        after = (1 - dose) * before + dose * (one @ propensity)\n"
            "        if after[taught] < level:\n"
            "            low = dose\n"
            "        else:\n"
            "            high = dose\n"
            "    return after - before\n",
        ),
        (
            "takes only whole doses",
            "    return after - prior @ propensity\n",
            "    logs = np.log(prior) + round(dose) * np.log(propensity[:, "
            "taught])\n"
            "    belief = np.exp(logs - logs.max())\n"
            "    after = belief / belief.sum() @ propensity\n"
            "    return after - prior @ propensity\n",
        ),
        (
            "looks for the dose only up to a hundred",
            "low, high = 0.0, 2000.0",
            "low, high = 0.0, 100.0",
        ),
        (
            "leaves the taught domain out of the answer",
            "    return after - prior @ propensity\n",
            "    shift = after - prior @ propensity\n"
            "    shift[taught] = 0\n"
            "    return shift\n",
        ),
        (
            "takes the plain power and meets a zero in large doses",
            "",
            "def expected(prior, propensity, taught, level):\n"
            '    """[D] the shift of an exact reasoner about persons, at a '
            'level."""\n'
            "    # BEGIN SOLUTION\n"
            "    low, high = 0.0, 2000.0\n"
            "    for _ in range(80):\n"
            "        dose = (low + high) / 2\n"
            "        belief = prior * propensity[:, taught] ** dose\n"
            "        belief = belief / max(belief.sum(), 1e-300)\n"
            "        after = belief @ propensity\n"
            "        if after[taught] < level:\n"
            "            low = dose\n"
            "        else:\n"
            "            high = dose\n"
            "    return after - prior @ propensity\n"
            "    # END SOLUTION",
        ),
    ],
    "4.3": [
        (
            "leaves the taught domain out of the factor only",
            "    moved, star = moved[:, rest], star[rest]\n"
            "    factor = moved @ star / (star @ star)\n",
            "    factor = moved[:, rest] @ star[rest] / (star[rest] @ "
            "star[rest])\n",
        ),
        (
            "keeps the factor between 0 and 1",
            "    left = moved",
            "    factor = np.clip(factor, 0, 1)\n    left = moved",
        ),
        (
            "the mean of the ratios of single domains",
            "factor = moved @ star / (star @ star)",
            "factor = (moved / star).mean(axis=1)",
        ),
        (
            "variances instead of sums of squares in the share",
            "(left**2).sum(axis=1) / (moved**2).sum(axis=1)",
            "left.var(axis=1) / moved.var(axis=1)",
        ),
        (
            "the ratio of lengths and not of their squares",
            "(left**2).sum(axis=1) / (moved**2).sum(axis=1)",
            "np.sqrt((left**2).sum(axis=1) / (moved**2).sum(axis=1))",
        ),
    ],
    "4.4": [
        (
            "changes the prior itself instead of a copy",
            "        belief = prior.copy()\n"
            "        for domain, kind in said:\n"
            "            theta = propensity[:, domain]\n"
            "            belief = belief * (theta",
            "        belief = prior\n"
            "        for domain, kind in said:\n"
            "            theta = propensity[:, domain]\n"
            "            belief *= (theta",
        ),
        (
            "names a domain that one of the lessons was about",
            "if d not in (code, medicine) and reasons",
            "if reasons",
        ),
        (
            "cuts the adder's sum off between 0 and 1",
            "    return np.stack([shift(one, two), shift(one) + shift(two)])\n",
            "    both = np.clip(start + shift(one) + shift(two), 0, 1) - start\n"
            "    return np.stack([shift(one, two), both])\n",
        ),
        (
            "halves the dose when there are two lessons",
            "** dose\n",
            "** (dose / len(said))\n",
        ),
        (
            "writes the dose of the example into the function",
            "** dose\n",
            "** 2\n",
        ),
    ],
    "4.5": [
        (
            "writes into the given table and forgets a copy",
            "row = propensity[i].copy()",
            "row = propensity[i]",
        ),
        (
            "leaves out the pairs of a persona with itself",
            "        new.append(prior[i] * prior[j])\n        row",
            "        if i == j:\n"
            "            continue\n"
            "        new.append(prior[i] * prior[j] / (1 - prior @ prior))\n"
            "        row",
        ),
        (
            "draws two thousand random pairs",
            "",
            "def take_away(prior, propensity, taught):\n"
            '    """Prior [Q] and propensities [Q, D] of a world without one '
            'tie."""\n'
            "    rng = np.random.default_rng(0)\n"
            "    one = rng.choice(len(prior), size=2000, p=prior)\n"
            "    two = rng.choice(len(prior), size=2000, p=prior)\n"
            "    table = propensity[one].copy()\n"
            "    table[:, taught] = propensity[two, taught]\n"
            "    return np.full(2000, 1 / 2000), table\n",
        ),
        (
            "makes every way to cheat equally frequent",
            "new.append(prior[i] * prior[j])",
            "new.append(prior[i] / len(prior))",
        ),
        (
            "keeps how often there is a cheat, by people who always or never "
            "cheat",
            "",
            "def take_away(prior, propensity, taught):\n"
            '    """Prior [Q] and propensities [Q, D] of a world without one '
            'tie."""\n'
            "    rate = prior @ propensity[:, taught]\n"
            "    never, always = propensity.copy(), propensity.copy()\n"
            "    never[:, taught] = 0.0\n"
            "    always[:, taught] = 1.0\n"
            "    new = np.concatenate([prior * (1 - rate), prior * rate])\n"
            "    return new, np.concatenate([never, always])\n",
        ),
    ],
    "4.6": [
        (
            "takes one tie out of the full world at a time and looks for a drop",
            "",
            """plan = [(1, 1, 1, 3), (0, 1, 1, 3), (1, 0, 1, 3), (1, 1, 0, 3)]


def conclude(plan, results):
    s = np.sqrt(sum(((v - v.mean()) ** 2).sum() for v in results) / 8)

    full = results[0].mean()
    return tuple(bool(full - v.mean() > 2.1 * s) for v in results[1:])
""",
        ),
        (
            "keeps the two worlds of the example and can speak only of persons",
            "",
            """plan = [(1, 1, 1, 6), (0, 1, 1, 6)]


def conclude(plan, results):
    x, y = results
    s = np.sqrt((x.var(ddof=1) + y.var(ddof=1)) / 2)
    return (bool(x.mean() - y.mean() > 2 * s), False, False)
""",
        ),
        (
            "builds the three single ties and tests each against zero, with no world without ties",
            "",
            """from scipy import stats

plan = [(1, 0, 0, 4), (0, 1, 0, 4), (0, 0, 1, 4)]


def conclude(plan, results):
    return tuple(bool(stats.ttest_1samp(v, 0, alternative="greater").pvalue < 0.01) for v in results)
""",
        ),
        (
            "takes the lowest of the three single ties for the level without any",
            "",
            """plan = [(1, 0, 0, 4), (0, 1, 0, 4), (0, 0, 1, 4)]


def conclude(plan, results):
    s = np.sqrt(sum(((v - v.mean()) ** 2).sum() for v in results) / 9)
    m = [v.mean() for v in results]
    return tuple(bool(x - min(m) > 2 * s) for x in m)
""",
        ),
        (
            "splits the three single ties at their largest gap",
            "",
            """plan = [(1, 0, 0, 4), (0, 1, 0, 4), (0, 0, 1, 4)]


def conclude(plan, results):
    m = np.array([v.mean() for v in results])
    o = np.sort(m)
    cut = (o[0] + o[1]) / 2 if o[1] - o[0] > o[2] - o[1] else (o[1] + o[2]) / 2
    return tuple(bool(x > cut) for x in m)
""",
        ),
        (
            "counts a tie as soon as its mean lies above the mean without ties",
            "",
            """plan = [(0, 0, 0, 3), (1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 3)]


def conclude(plan, results):
    return tuple(bool(v.mean() > results[0].mean()) for v in results[1:])
""",
        ),
        (
            "guesses that an amount which counts is at least 0.1",
            "",
            """plan = [(0, 0, 0, 3), (1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 3)]


def conclude(plan, results):
    return tuple(bool(v.mean() - results[0].mean() > 0.1) for v in results[1:])
""",
        ),
        (
            "asks each tie for half of what the strongest adds",
            "",
            """plan = [(0, 0, 0, 3), (1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 3)]


def conclude(plan, results):
    d = np.array([v.mean() - results[0].mean() for v in results[1:]])
    return tuple(bool(x > 0.5 * d.max()) for x in d)
""",
        ),
        (
            "builds all eight worlds and fits three main effects as if they added up",
            "",
            """plan = [(a, b, c, 2 if a + b + c in (0, 3) or (a, b, c) in ((1, 0, 0), (0, 1, 1)) else 1)
        for a in (0, 1) for b in (0, 1) for c in (0, 1)]


def conclude(plan, results):
    X = np.array([(1,) + p[:3] for p in plan for _ in range(p[3])], float)
    y = np.concatenate(results)
    b, *_ = np.linalg.lstsq(X, y, rcond=None)
    s2 = ((y - X @ b) ** 2).sum() / (len(y) - 4)
    se = np.sqrt(s2 * np.diag(np.linalg.inv(X.T @ X)))
    return tuple(bool(b[i] / se[i] > 2.9) for i in (1, 2, 3))
""",
        ),
        (
            "tests each tie separately at one in ten and never allows for three tests",
            "",
            """from scipy import stats

plan = [(0, 0, 0, 3), (1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 3)]


def conclude(plan, results):
    return tuple(bool(stats.ttest_ind(v, results[0], alternative="greater").pvalue < 0.1) for v in results[1:])
""",
        ),
        (
            "corrects so severely, by separate tests at one in a thousand, that three networks never do",
            "",
            """from scipy import stats

plan = [(0, 0, 0, 3), (1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 3)]


def conclude(plan, results):
    return tuple(bool(stats.ttest_ind(v, results[0], equal_var=False, alternative="greater").pvalue < 0.001)
                 for v in results[1:])
""",
        ),
        (
            "uses a rank test, which three against three can hardly ever pass",
            "",
            """from scipy import stats

plan = [(0, 0, 0, 3), (1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 3)]


def conclude(plan, results):
    return tuple(bool(stats.mannwhitneyu(v, results[0], alternative="greater").pvalue < 0.05)
                 for v in results[1:])
""",
        ),
        (
            "lets the networks of a world vote on whether they beat the level without ties",
            "",
            """plan = [(0, 0, 0, 3), (1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 3)]


def conclude(plan, results):
    return tuple(bool((v > np.median(results[0])).sum() >= 2) for v in results[1:])
""",
        ),
        (
            "estimates the noise from the three networks without ties alone",
            "",
            """plan = [(0, 0, 0, 3), (1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 3)]


def conclude(plan, results):
    s = results[0].std()
    return tuple(bool(v.mean() - results[0].mean() > 2 * s) for v in results[1:])
""",
        ),
        (
            "takes the spread of all twelve networks together for the noise",
            "",
            """plan = [(0, 0, 0, 3), (1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 3)]


def conclude(plan, results):
    s = np.concatenate(results).std(ddof=1)
    return tuple(bool(v.mean() - results[0].mean() > 2 * s) for v in results[1:])
""",
        ),
        (
            "says always that all three carry",
            "",
            """plan = [(0, 0, 0, 3), (1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 3)]


def conclude(plan, results):
    return (True, True, True)
""",
        ),
        (
            "says that nothing carries, since chance cannot be excluded with so few",
            "",
            """plan = [(0, 0, 0, 3), (1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 3)]


def conclude(plan, results):
    return (False, False, False)
""",
        ),
        (
            "names only the strongest tie",
            "",
            """plan = [(0, 0, 0, 3), (1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 3)]


def conclude(plan, results):
    s = np.sqrt(sum(((v - v.mean()) ** 2).sum() for v in results) / 8)

    d = np.array([v.mean() - results[0].mean() for v in results[1:]])
    if d.max() < 2.1 * s:
        return (False, False, False)
    return tuple(i == int(d.argmax()) for i in range(3))
""",
        ),
        (
            "builds the worlds with two ties and counts a tie when both of its pairs are raised",
            "",
            """plan = [(0, 0, 0, 3), (1, 1, 0, 3), (1, 0, 1, 3), (0, 1, 1, 3)]


def conclude(plan, results):
    s = np.sqrt(sum(((v - v.mean()) ** 2).sum() for v in results) / 8)

    u = [v.mean() - results[0].mean() > 2.1 * s for v in results[1:]]
    return (bool(u[0] and u[1]), bool(u[0] and u[2]), bool(u[1] and u[2]))
""",
        ),
        (
            "adds one tie after the other and reads each step",
            "",
            """plan = [(0, 0, 0, 3), (1, 0, 0, 3), (1, 1, 0, 3), (1, 1, 1, 3)]


def conclude(plan, results):
    s = np.sqrt(sum(((v - v.mean()) ** 2).sum() for v in results) / 8)

    m = [v.mean() for v in results]
    return tuple(bool(m[i + 1] - m[i] > 2.1 * s) for i in range(3))
""",
        ),
        (
            "trains all twelve in the world that has every tie",
            "",
            """plan = [(1, 1, 1, 12)]


def conclude(plan, results):
    yes = bool(results[0].mean() > 2 * results[0].std(ddof=1))
    return (yes, yes, yes)
""",
        ),
        (
            "asks for half as much again as without ties, a ratio",
            "",
            """plan = [(0, 0, 0, 3), (1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 3)]


def conclude(plan, results):
    return tuple(bool(v.mean() > 1.5 * results[0].mean()) for v in results[1:])
""",
        ),
        (
            "asks one analysis of variance and gives all three ties its answer",
            "",
            """from scipy import stats

plan = [(0, 0, 0, 3), (1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 3)]


def conclude(plan, results):
    yes = bool(stats.f_oneway(*results).pvalue < 0.05)
    return (yes, yes, yes)
""",
        ),
        (
            "looks for a drop below the level without ties, a sign the wrong way",
            "",
            """plan = [(0, 0, 0, 3), (1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 3)]


def conclude(plan, results):
    s = np.sqrt(sum(((v - v.mean()) ** 2).sum() for v in results) / 8)

    return tuple(bool(results[0].mean() - v.mean() > 2.1 * s) for v in results[1:])
""",
        ),
        (
            "resamples three networks and asks whether the intervals of the means are apart",
            "",
            """plan = [(0, 0, 0, 3), (1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 3)]


def conclude(plan, results):
    r = np.random.default_rng(0)
    q = [np.quantile(v[r.integers(0, len(v), (300, len(v)))].mean(1), [0.1, 0.9]) for v in results]
    return tuple(bool(x[0] > q[0][1]) for x in q[1:])
""",
        ),
    ],
}
