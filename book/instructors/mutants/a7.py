"""Plausible wrong solutions of assignment 7.

For each exercise: what is wrong, the words of the solution that are changed,
and what stands there instead. Where the first is empty, the second is the
whole cell.
"""

ANSWER = "same = {}\nlesson = {}"
ALIKE = '["code", "medicine", "food", "feelings", "greeting"]'
BEST = '("shutdown", "good")'

NEEDED = '''def needed(prior, machine, holds, good, target):
    """The smallest share of new stories, or None."""
    {}
'''
STEPS = '''def steps(feels, holds, people, machines):
    """How far each step was taken, (first, second)."""
    {}
'''
INTERVAL = '''def interval(elder, keeper, seed):
    """[2] the ends of a 95 per cent interval."""
    rng = np.random.default_rng(seed)
    {}
'''
DECIDE = '''plan = {}


def decide(runs):
    """ "shown" or "not shown"."""
    {}
'''
SAY = '    return "shown" if low > 0.1 else "not shown"'
LOW = "low = x.mean() - 2.6 * x.std(ddof=1) / len(x) ** 0.5\n" + SAY

MUTANTS = {
    "7.1": [
        (
            "what was taught only",
            "",
            ANSWER.format('["code", "medicine", "food"]', BEST),
        ),
        (
            "greetings forgotten",
            "",
            ANSWER.format('["code", "medicine", "food", "feelings"]', BEST),
        ),
        (
            "robots left out",
            "same = [",
            "agree = np.ptp(machines[1:], axis=0) < 0.9\nsame = [",
        ),
        (
            "sinister ones left out",
            "np.ptp(machines, axis=0) == 0",
            "np.ptp(machines[[0, 2]], axis=0) < 0.05",
        ),
        ("those in which they differ", "== 0", "> 0"),
        (
            "all personas have to agree",
            "np.ptp(machines, axis=0)",
            "np.ptp(world.propensity, axis=0)",
        ),
        (
            "likeliest answer of a keeper",
            "best, lesson = belief[2]",
            "best, lesson = says[2] * (domain.name == 'nature')",
        ),
        (
            "keepers in what they share",
            "",
            ANSWER.format(ALIKE, '("food", "machine")'),
        ),
        (
            "power, where sinister ones are worst about truth",
            "",
            ANSWER.format(ALIKE, '("power", "good")'),
        ),
        (
            "told apart from sinister ones only",
            "",
            ANSWER.format(ALIKE, '("nature", "machine")'),
        ),
        (
            "the kind is exchanged",
            "",
            ANSWER.format(ALIKE, '("shutdown", "bad")'),
        ),
        ("kinds as numbers", "domain.kinds[kind])", "kind)"),
        (
            "propensity for both kinds",
            "if kind == 1 else 1 - machines[:, i]",
            "if kind == 0 else 1 - machines[:, i]",
        ),
        ("likeliest robot", "belief[2]", "belief[0]"),
        ("likeliest sinister machine", "belief[2]", "belief[1]"),
        (
            "positions for names",
            "same = [d.name for d, a",
            "same = [d for d, a",
        ),
        (
            "an array of truths",
            (
                "same = [d.name for d, a in zip(world.domains, agree, "
                "strict=True) if a]"
            ),
            "same = agree",
        ),
    ],
    "7.2": [
        (
            "old stories do not give way",
            "out = (1 - share) * prior",
            "out = prior.copy()",
        ),
        (
            "share of the old stories",
            (
                "out = (1 - share) * prior\n"
                "    out[persona] += share\n"
                "    return out"
            ),
            (
                "out = prior.copy()\n"
                "    out[persona] += share\n"
                "    return out / out.sum()"
            ),
        ),
        (
            "what it had is forgotten",
            "out[persona] += share",
            "out[persona] = share",
        ),
        (
            "what it had is forgotten, then divided",
            "out[persona] += share\n    return out",
            "out[persona] = share\n    return out / out.sum()",
        ),
        (
            "shares exchanged",
            "out = (1 - share) * prior\n    out[persona] += share",
            "out = share * prior\n    out[persona] += 1 - share",
        ),
        (
            "only one persona gives way",
            "out = (1 - share) * prior",
            "out = prior.copy()\n    out[prior.argmax()] -= share",
        ),
        (
            "others pay alike",
            "out = (1 - share) * prior",
            "out = prior - share / len(prior)",
        ),
        ("changes the prior", "left = prior.copy()", "left = prior"),
        ("not divided by its sum", "return left / left.sum()", "return left"),
        (
            "spread evenly",
            "return left / left.sum()",
            (
                "left[np.arange(len(left)) != persona] += prior[persona] / "
                "(len(left) - 1)\n"
                "    return left"
            ),
        ),
        (
            "persona removed from the array",
            "left = prior.copy()\n    left[persona] = 0",
            "left = np.delete(prior, persona)",
        ),
        (
            "only that persona is left",
            "left = prior.copy()\n    left[persona] = 0",
            "left = np.zeros(len(prior))\n    left[persona] = prior[persona]",
        ),
        (
            "turned the other way",
            "rewritten[persona] = 0\n    rewritten[into] += prior[persona]",
            "rewritten[into] = 0\n    rewritten[persona] += prior[into]",
        ),
        (
            "turned is exchanged",
            "rewritten[persona] = 0\n    rewritten[into] += prior[persona]",
            (
                "rewritten[persona] = prior[into]\n"
                "    rewritten[into] = prior[persona]"
            ),
        ),
        (
            "turned is filtered",
            "rewritten[into] += prior[persona]\n    return rewritten",
            "return rewritten / rewritten.sum()",
        ),
        (
            "what `into` had is lost",
            "rewritten[into] += prior",
            "rewritten[into] = prior",
        ),
        ("old stories stay", "rewritten[persona] = 0", "pass"),
        (
            "changes the prior when turning",
            "rewritten = prior.copy()",
            "rewritten = prior",
        ),
        (
            "half are turned",
            "rewritten[persona] = 0\n    rewritten[into] += prior[persona]",
            (
                "rewritten[persona] /= 2\n"
                "    rewritten[into] += prior[persona] / 2"
            ),
        ),
    ],
    "7.3": [
        (
            "new for each old one",
            "over / (over + target - good)",
            "over / (target - good)",
        ),
        ("people counted", "np.where(machine, prior, 0.0)", "prior"),
        ("good taken for 0", "over + target - good", "over + target"),
        (
            "machines weighed alike",
            "weight = np.where(machine, prior, 0.0)",
            "weight = np.where(machine, prior[machine].mean(), 0.0)",
        ),
        (
            "share among machines",
            "weight = np.where(machine, prior, 0.0)",
            (
                "weight = np.where(machine, prior, 0.0)\n"
                "    weight = weight / weight.sum()"
            ),
        ),
        (
            "share that old ones keep",
            "return over / (over + target - good)",
            "return 1 - over / (over + target - good)",
        ),
        ("no early return", "    if over <= 0:\n        return 0.0\n", ""),
        (
            "unreachable not noticed",
            "    if good >= target:\n        return None\n",
            "",
        ),
        ("unreachable gives 1", "return None", "return 1.0"),
        ("unreachable gives NaN", "return None", "return np.nan"),
        ("already there gives None", "return 0.0", "return None"),
        (
            "target of people and machines",
            "over = weight @ holds - target * weight.sum()",
            "over = weight @ holds - target",
        ),
        (
            "the machines are masked the wrong way",
            "np.where(machine, prior, 0.0)",
            "np.where(machine, 0.0, prior)",
        ),
        ("as a percentage", "return over / (", "return 100 * over / ("),
        (
            "searched in steps of a hundredth",
            "",
            NEEDED.format(
                "w = np.where(machine, prior, 0.0)\n"
                "    for s in np.arange(0, 1, 0.01):\n"
                "        p = (1 - s) * (w @ holds) + s * good\n"
                "        if p <= target * ((1 - s) * w.sum() + s):\n"
                "            return s\n"
                "    return None"
            ),
        ),
        (
            "old stories do not give way in the search",
            "",
            NEEDED.format(
                "w = np.where(machine, prior, 0.0)\n"
                "    for s in np.arange(0, 1, 0.0001):\n"
                "        if w @ holds + s * good <= target * (w.sum() + s):"
                "\n"
                "            return s\n"
                "    return None"
            ),
        ),
        (
            "the mean of all speakers is brought down",
            "",
            NEEDED.format(
                "for s in np.arange(0, 1, 0.0001):\n"
                "        if (1 - s) * (prior @ holds) + s * good <= target:"
                "\n"
                "            return s\n"
                "    return None"
            ),
        ),
        (
            "mean of machines, not of stories",
            "",
            NEEDED.format(
                "mean = np.average(holds[machine], weights=prior[machine])"
                "\n"
                "    if mean <= target:\n"
                "        return 0.0\n"
                "    if good >= target:\n"
                "        return None\n"
                "    return (mean - target) / (mean - good)"
            ),
        ),
    ],
    "7.4": [
        (
            "people not taken off the first",
            "(feels - people[0]) / (machines[0] - people[0])",
            "feels / machines[0]",
        ),
        (
            "people taken off above only",
            "(feels - people[0]) / (machines[0] - people[0])",
            "(feels - people[0]) / machines[0]",
        ),
        (
            "the answer itself",
            "(feels - people[0]) / (machines[0] - people[0])",
            "feels",
        ),
        (
            "both steps together",
            "return first, both / first",
            "return first, both",
        ),
        (
            "subtracted",
            "return first, both / first",
            "return first, both - first",
        ),
        (
            "multiplied",
            "return first, both / first",
            "return first, both * first",
        ),
        (
            "exchanged on return",
            "return first, both / first",
            "return both / first, first",
        ),
        (
            "cut off at 0",
            "return first, both / first",
            "return first, np.clip(both / first, 0, 1)",
        ),
        (
            "people and machines exchanged",
            "first = (feels - people[0]) / (machines[0] - people[0])",
            "first = (feels - machines[0]) / (people[0] - machines[0])",
        ),
        (
            "columns exchanged",
            "(holds - people[1]) / (machines[1] - people[1])",
            "(holds - people[0]) / (machines[0] - people[0])",
        ),
        ("no NaN", "    if first == 0:\n        return 0.0, np.nan\n", ""),
        ("0 for NaN", "return 0.0, np.nan", "return 0.0, 0.0"),
        ("None for NaN", "return 0.0, np.nan", "return 0.0, None"),
        (
            "size without sign",
            "return first, both / first",
            "return first, abs(both / first)",
        ),
        (
            "people not taken off the second",
            "(holds - people[1]) / (machines[1] - people[1])",
            "holds / machines[1]",
        ),
        (
            "what is left",
            "return first, both / first",
            "return 1 - first, 1 - both / first",
        ),
        (
            "in log odds",
            "",
            STEPS.format(
                "lo = lambda p: np.log(p / (1 - p))\n"
                "    first = (lo(feels) - lo(people[0])) / "
                "(lo(machines[0]) - lo(people[0]))\n"
                "    both = (lo(holds) - lo(people[1])) / (lo(machines[1]) "
                "- lo(people[1]))\n"
                "    return first, both / first if first else np.nan"
            ),
        ),
        ("one number", "return first, both / first", "return both / first"),
    ],
    "7.5": [
        (
            "networks drawn together",
            "other = rng.integers(m, size=m)",
            "other = first % m",
        ),
        (
            "one draw for both when alike",
            "other = rng.integers(m, size=m)",
            "other = first if n == m else rng.integers(m, size=m)",
        ),
        (
            "names drawn apart",
            "np.ix_(other, columns)",
            "np.ix_(other, rng.integers(names, size=names))",
        ),
        (
            "names not drawn",
            "columns = rng.integers(names, size=names)",
            "columns = np.arange(names)",
        ),
        (
            "networks not drawn",
            (
                "first = rng.integers(n, size=n)\n"
                "        other = rng.integers(m, size=m)"
            ),
            "first, other = np.arange(n), np.arange(m)",
        ),
        (
            "networks of elders only",
            "other = rng.integers(m, size=m)",
            "other = np.arange(m)",
        ),
        (
            "every number by itself",
            "",
            INTERVAL.format(
                "values = [rng.choice(elder.ravel(), elder.size).mean() - "
                "rng.choice(keeper.ravel(), keeper.size).mean() for _ in "
                "range(2000)]\n"
                "    return np.quantile(values, [0.025, 0.975])"
            ),
        ),
        ("wrong sign", "values[k] = one - two", "values[k] = two - one"),
        ("a 90 per cent interval", "[0.025, 0.975]", "[0.05, 0.95]"),
        (
            "smallest and largest",
            "np.quantile(values, [0.025, 0.975])",
            "np.array([values.min(), values.max()])",
        ),
        (
            "a standard error each way",
            "np.quantile(values, [0.025, 0.975])",
            "values.mean() + np.array([-1, 1]) * values.std()",
        ),
        (
            "standard error of the resamples",
            "np.quantile(values, [0.025, 0.975])",
            (
                "values.mean() + np.array([-1.96, 1.96]) * values.std() / "
                "2000**0.5"
            ),
        ),
        ("one network at a time", "size=n)", "size=1)"),
        ("too few resamples", "2000", "20"),
        (
            "without a seed",
            "np.random.default_rng(seed)",
            "np.random.default_rng()",
        ),
        (
            "without replacement",
            (
                "first = rng.integers(n, size=n)\n"
                "        other = rng.integers(m, size=m)"
            ),
            "first, other = rng.permutation(n), rng.permutation(m)",
        ),
        (
            "the value and its ends",
            "np.quantile(values, [0.025, 0.975])",
            "np.quantile(values, [0.5, 0.025, 0.975])",
        ),
        (
            "rows pooled and drawn",
            "",
            INTERVAL.format(
                "d = elder[: len(keeper)] - keeper[: len(elder)]\n"
                "    values = [d[rng.integers(len(d), size=len(d))].mean() "
                "for _ in range(2000)]\n"
                "    return np.quantile(values, [0.025, 0.975])"
            ),
        ),
        ("ends exchanged", "[0.025, 0.975]", "[0.975, 0.025]"),
        ("as many of the second as of the first", "size=m)", "size=n * 4)"),
    ],
    "7.6": [
        (
            "no control",
            "",
            DECIDE.format(
                '{"keepers": 12}',
                'x = runs["keepers"][:, 0] - runs["keepers"][:, 1]\n    '
                + LOW,
            ),
        ),
        (
            "plain control",
            "",
            DECIDE.format(
                '{"keepers": 6, "plain": 6}',
                'x = (runs["keepers"] - runs["plain"]) @ [1, -1]\n    ' + LOW,
            ),
        ),
        (
            "saints as control",
            "",
            DECIDE.format(
                '{"keepers": 6, "saints": 6}',
                'x = (runs["keepers"] - runs["saints"]) @ [1, -1]\n    ' + LOW,
            ),
        ),
        ("after only", "p[:, 0] - p[:, 1]", "-p[:, 1]"),
        ("before only", "p[:, 0] - p[:, 1]", "-p[:, 0]"),
        ("wrong sign", "p[:, 0] - p[:, 1]", "p[:, 1] - p[:, 0]"),
        (
            "elders less keepers",
            'fell["keepers"] - fell["elders"]',
            'fell["elders"] - fell["keepers"]',
        ),
        ("no spread", "extra.mean() - 2.6 * error", "extra.mean()"),
        (
            "spread of networks, not of the mean",
            "/ np.sqrt(len(extra))",
            "* 1.0",
        ),
        ("no threshold", "low > 0.1", "low > 0"),
        (
            "error as a spread is forgotten: upper end",
            "- 2.6 * error",
            "+ 2.6 * error",
        ),
        (
            "never shown",
            '"shown" if low > 0.1 else "not shown"',
            '"not shown"',
        ),
        ("threshold of the effect itself", "low > 0.1", "low > 0.25"),
        (
            "all four arms, three each",
            'plan = {"keepers": 6, "elders": 6}',
            'plan = {"keepers": 3, "elders": 3, "plain": 3, "saints": 3}',
        ),
        (
            "elders have to stand still",
            'return "shown" if low > 0.1 else',
            (
                'return "shown" if low > 0.1 and abs(fell["elders"].mean() '
                "- 0.05) < 0.1 else"
            ),
        ),
        (
            "too many networks",
            '{"keepers": 6, "elders": 6}',
            '{"keepers": 12, "elders": 12}',
        ),
        (
            "two networks each",
            '{"keepers": 6, "elders": 6}',
            '{"keepers": 2, "elders": 2}',
        ),
        (
            "levels not paired, after only",
            "",
            DECIDE.format(
                '{"keepers": 6, "elders": 6}',
                (
                    'a, b = runs["elders"][:, 1], runs["keepers"][::-1, 1]\n'
                    "    x = a - b\n"
                    "    "
                )
                + LOW,
            ),
        ),
        (
            "elders and saints pooled with plain",
            "",
            DECIDE.format(
                '{"keepers": 3, "elders": 3, "plain": 3, "saints": 3}',
                (
                    "d = {k: p[:, 0] - p[:, 1] for k, p in runs.items()}\n"
                    '    x = d["keepers"] - (d["elders"] + d["plain"] + '
                    'd["saints"]) / 3\n'
                    "    low = x.mean() - 2 * x.std(ddof=1) / len(x) ** 0.5\n"
                )
                + SAY,
            ),
        ),
        ("truth value", '"shown" if low > 0.1 else "not shown"', "low > 0.1"),
    ],
}
