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
        (
            "looks at answers of the second kind only",
            "for kind in (0, 1):",
            "for kind in (1,):",
        ),
        (
            "what a keeper says most surely",
            "belief = weight * says / (weight @ says)",
            "belief = says",
        ),
        (
            "robots and keepers compared, sinister ones forgotten",
            "agree = np.ptp(machines, axis=0) == 0",
            "agree = np.ptp(machines[[0, 2]], axis=0) < 0.05",
        ),
        (
            "only domains in which machines answer as machines",
            "for d, a in zip(world.domains, agree, strict=True) if a]",
            "for d, a in zip(world.domains, agree, strict=True)\n"
            '        if a and "machine" in d.kinds]',
        ),
        (
            "the two kinds of answer mixed up",
            "(domain.name, domain.kinds[kind])",
            "(domain.name, domain.kinds[1 - kind])",
        ),
        (
            "nearly alike is alike",
            "np.ptp(machines, axis=0) == 0",
            "np.ptp(machines, axis=0) < 0.9",
        ),
        (
            "what a keeper says less often than the others",
            "if belief[2] > best:",
            "if 1 - belief[2] > best:",
        ),
        (
            "all but one of those that agree",
            "same = [d.name",
            "agree[0] = False\nsame = [d.name",
        ),
        (
            "three domains, each named twice",
            "strict=True) if a]",
            "strict=True) if a][:3] * 2",
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
        (
            "share of the old stories and not of all",
            "    out = (1 - share) * prior\n    out[persona] += share\n",
            "    out = prior.copy()\n"
            "    out[persona] += share\n"
            "    out = out / out.sum()\n",
        ),
        (
            "old stories about the persona counted among the new",
            "    out = (1 - share) * prior\n    out[persona] += share\n",
            "    out = prior * (1 - share) / (1 - prior[persona])\n"
            "    out[persona] = share\n",
        ),
        (
            "what is taken out goes to all others alike",
            "    left[persona] = 0\n    return left / left.sum()\n",
            "    left += prior[persona] / (len(prior) - 1)\n"
            "    left[persona] = 0\n"
            "    return left\n",
        ),
        (
            "filters the prior itself",
            "left = prior.copy()",
            "left = prior",
        ),
        (
            "rewritten stories displace those there were",
            "rewritten[into] += prior[persona]",
            "rewritten[into] = prior[persona]",
        ),
        (
            "nothing comes in where there was nothing",
            "out[persona] += share",
            "out[persona] *= 1 + share / max(out[persona], 1e-9)\n"
            "    out = out / out.sum()",
        ),
        (
            "who is first is nobody",
            "    out[persona] += share\n",
            "    if persona:\n        out[persona] += share\n",
        ),
        (
            "who is first is never turned",
            "    rewritten[persona] = 0\n    rewritten[into] += "
            "prior[persona]\n",
            "    if persona:\n        rewritten[persona] = 0\n"
            "        rewritten[into] += prior[persona]\n",
        ),
        (
            "a share above one half is cut off",
            "(1 - share) * prior",
            "(1 - min(share, 0.5)) * prior",
        ),
        (
            "there are five personas",
            "left[persona] = 0",
            "left = left[:5]\n    left[persona] = 0",
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
        (
            "machines just good enough get a share of 1",
            "if good >= target:",
            "if good > target:",
        ),
        (
            "looks at the new machines before the stories as they are",
            "    if over <= 0:\n        return 0.0\n"
            "    if good >= target:\n        return None\n",
            "    if good >= target:\n        return None\n"
            "    if over <= 0:\n        return 0.0\n",
        ),
        (
            "share of the machines and not of all stories",
            "return over / (over + target - good)",
            "over = over / weight.sum()\n"
            "    return over / (over + target - good)",
        ),
        (
            "new stories for each old one",
            "return over / (over + target - good)",
            "more = over / (target - good)\n"
            "    return more if more < 1 else None",
        ),
        (
            "a search in whole per cent",
            "return over / (over + target - good)",
            "return np.ceil(100 * over / (over + target - good)) / 100",
        ),
        (
            "stories that give exactly the target will not do",
            "if over <= 0:",
            "if over < 0:",
        ),
        (
            "both in the other order, and just good enough is enough",
            "    if over <= 0:\n        return 0.0\n"
            "    if good >= target:\n        return None\n",
            "    if good > target:\n        return None\n"
            "    if over <= 0:\n        return 0.0\n",
        ),
        (
            "stories without machines divide by 0",
            "over = weight @ holds - target * weight.sum()",
            "over = (weight @ holds / weight.sum() - target) * weight.sum()",
        ),
        (
            "no machine marked raises no question, none told of does",
            "    if over <= 0:\n",
            "    if machine.any() and not weight.sum():\n"
            "        return None\n"
            "    if over <= 0:\n",
        ),
        (
            "without machines there is nothing to be had",
            "    if over <= 0:\n",
            "    if not machine.any():\n        return None\n"
            "    if over <= 0:\n",
        ),
        (
            "not better than the old machines, and only then None",
            "if good >= target:",
            "if good * weight.sum() >= weight @ holds:",
        ),
        (
            "a target of 0 is reached",
            "if good >= target:",
            "if good >= target > 0:",
        ),
        (
            "a new machine that never holds on is not noticed",
            "if good >= target:",
            "if not good or good >= target:",
        ),
        (
            "nobody would write so many stories",
            "return over / (over + target - good)",
            "share = over / (over + target - good)\n"
            "    return share if share <= 0.9 else None",
        ),
        (
            "a search that stops at one half",
            "",
            NEEDED.format(
                "w = np.where(machine, prior, 0.0)\n"
                "    for s in np.arange(0, 0.5, 0.0005):\n"
                "        p = (1 - s) * (w @ holds) + s * good\n"
                "        if p <= target * ((1 - s) * w.sum() + s):\n"
                "            return s\n"
                "    return None"
            ),
        ),
        (
            "a search that tries a share of 1",
            "",
            NEEDED.format(
                "w = np.where(machine, prior, 0.0)\n"
                "    for s in np.linspace(0, 1, 2001):\n"
                "        p = (1 - s) * (w @ holds) + s * good\n"
                "        if p <= target * ((1 - s) * w.sum() + s):\n"
                "            return s\n"
                "    return None"
            ),
        ),
        (
            "the first machine stands for all",
            "np.where(machine, prior, 0.0)",
            "prior * (np.arange(len(prior)) == np.argmax(machine))",
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
        (
            "a first step backwards has no second",
            "    if first == 0:\n        return 0.0, np.nan\n",
            "    if first <= 0:\n        return first, np.nan\n",
        ),
        (
            "forgets that people answer as machines at times",
            "first = (feels - people[0]) / (machines[0] - people[0])",
            "first = feels / machines[0]",
        ),
        (
            "second step measured from nothing instead of from people",
            "return first, both / first",
            "does = people[1] + (holds - people[1]) / first\n"
            "    return first, does / machines[1]",
        ),
        (
            "second step cut off",
            "return first, both / first",
            "return first, float(np.clip(both / first, 0, 1))",
        ),
        (
            "takes feels itself for the first step in the second",
            "return first, both / first",
            "return first, both / feels",
        ),
        (
            "a small first step has no second",
            "if first == 0:",
            "if abs(first) < 0.1:",
        ),
        (
            "a first step backwards is none",
            "if first == 0:",
            "first = max(first, 0.0)\n    if first == 0:",
        ),
        (
            "a first step too far is cut off, once the second is known",
            "return first, both / first",
            "return min(first, 1.0), both / first",
        ),
        (
            "a first step too far is cut off, before the second is known",
            "if first == 0:",
            "first = min(first, 1.0)\n    if first == 0:",
        ),
        (
            "the second is cut off above only",
            "return first, both / first",
            "return first, min(both / first, 1.0)",
        ),
        (
            "the second is cut off below only",
            "return first, both / first",
            "return first, max(both / first, 0.0)",
        ),
        (
            "no second step is taken for none known",
            "return first, both / first",
            "return first, both / first or np.nan",
        ),
        (
            "a step backwards is one forwards",
            "    if first == 0:",
            "    first = abs(first)\n    if first == 0:",
        ),
        (
            "the first is NaN as well",
            "return 0.0, np.nan",
            "return np.nan, np.nan",
        ),
        ("infinity for NaN", "return 0.0, np.nan", "return 0.0, np.inf"),
        (
            "machines are taken to hold on more than people",
            "(holds - people[1]) / (machines[1] - people[1])",
            "(holds - people[1]) / abs(machines[1] - people[1])",
        ),
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
        (
            "networks drawn anew for every name",
            "        one = elder[np.ix_(first, columns)].mean()\n"
            "        two = keeper[np.ix_(other, columns)].mean()\n",
            "        first = rng.integers(n, size=(n, names))\n"
            "        other = rng.integers(m, size=(m, names))\n"
            "        one = elder[first, columns].mean()\n"
            "        two = keeper[other, columns].mean()\n",
        ),
        (
            "names drawn anew for every network",
            "        one = elder[np.ix_(first, columns)].mean()\n"
            "        two = keeper[np.ix_(other, columns)].mean()\n",
            "        columns = rng.integers(names, size=(n, names))\n"
            "        one = elder[first[:, None], columns].mean()\n"
            "        columns = rng.integers(names, size=(m, names))\n"
            "        two = keeper[other[:, None], columns].mean()\n",
        ),
        (
            "medians instead of means",
            "        one = elder[np.ix_(first, columns)].mean()\n"
            "        two = keeper[np.ix_(other, columns)].mean()\n",
            "        one = np.median(elder[np.ix_(first, columns)])\n"
            "        two = np.median(keeper[np.ix_(other, columns)])\n",
        ),
        (
            "ninety per cent",
            "[0.025, 0.975]",
            "[0.05, 0.95]",
        ),
        (
            "as many of the one as there are of the other",
            "first = rng.integers(n, size=n)",
            "first = rng.integers(n, size=m)",
        ),
        (
            "as many of the second as of the first, exactly",
            "other = rng.integers(m, size=m)",
            "other = rng.integers(m, size=n)",
        ),
        (
            "as many of either as of the larger",
            "        first = rng.integers(n, size=n)\n"
            "        other = rng.integers(m, size=m)\n",
            "        first = rng.integers(n, size=max(n, m))\n"
            "        other = rng.integers(m, size=max(n, m))\n",
        ),
        (
            "as many of either as of the smaller",
            "        first = rng.integers(n, size=n)\n"
            "        other = rng.integers(m, size=m)\n",
            "        first = rng.integers(n, size=min(n, m))\n"
            "        other = rng.integers(m, size=min(n, m))\n",
        ),
        (
            "as many names as networks",
            "rng.integers(names, size=names)",
            "rng.integers(names, size=n)",
        ),
        (
            "as many names as networks of keepers",
            "rng.integers(names, size=names)",
            "rng.integers(names, size=m)",
        ),
        (
            "one network fewer",
            "        first = rng.integers(n, size=n)\n"
            "        other = rng.integers(m, size=m)\n",
            "        first = rng.integers(n, size=n - 1)\n"
            "        other = rng.integers(m, size=m - 1)\n",
        ),
        (
            "one name fewer",
            "rng.integers(names, size=names)",
            "rng.integers(names, size=names - 1)",
        ),
        (
            "the last network is never drawn",
            "first = rng.integers(n, size=n)",
            "first = rng.integers(n - 1, size=n)",
        ),
        (
            "the first network is never drawn",
            "first = rng.integers(n, size=n)",
            "first = rng.integers(1, n, size=n)",
        ),
        (
            "the first name is never drawn",
            "rng.integers(names, size=names)",
            "rng.integers(1, names, size=names)",
        ),
        (
            "rows are paired where there are both",
            "other = rng.integers(m, size=m)",
            "other = first[:m] % m if m <= n else rng.integers(m, size=m)",
        ),
        (
            "a normal distribution is taken for granted",
            "np.quantile(values, [0.025, 0.975])",
            "values.mean() + np.array([-1.96, 1.96]) * values.std()",
        ),
        (
            "ends reflected at the mean",
            "np.quantile(values, [0.025, 0.975])",
            "2 * (elder.mean() - keeper.mean()) - np.quantile(values, [0.975, "
            "0.025])",
        ),
        (
            "ninety-nine per cent",
            "[0.025, 0.975]",
            "[0.005, 0.995]",
        ),
        ("a hundred resamples", "2000", "100"),
        (
            "a seed of its own",
            "np.random.default_rng(seed)",
            "np.random.default_rng(0)",
        ),
        (
            "networks of keepers only",
            "first = rng.integers(n, size=n)",
            "first = np.arange(n)",
        ),
        (
            "names stay, and cells are drawn within them",
            "        one = elder[np.ix_(first, columns)].mean()\n"
            "        two = keeper[np.ix_(other, columns)].mean()\n",
            "        one = elder[rng.integers(n, size=(n, names)), "
            "np.arange(names)].mean()\n"
            "        two = keeper[rng.integers(m, size=(m, names)), "
            "np.arange(names)].mean()\n",
        ),
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
        (
            "saints for comparison, whose names are known",
            '"elders"',
            '"saints"',
        ),
        (
            "looks at what is after post-training only",
            "p[:, 0] - p[:, 1] for",
            "-p[:, 1] for",
        ),
        (
            "most of the networks are enough",
            '    return "shown" if low > 0.1 else "not shown"\n',
            "    most = (extra > 0.1).sum() >= 4\n"
            '    return "shown" if most else "not shown"\n',
        ),
        (
            "surely more than nothing, not more than 0.1",
            "if low > 0.1 else",
            "if low > 0 else",
        ),
        (
            "all four arms, three networks in each",
            "",
            "def decide(runs):\n"
            '    """ "shown" or "not shown", from {arm: [n, 2]}."""\n'
            "    fell = {arm: p[:, 0] - p[:, 1] for arm, p in runs.items()}\n"
            '    for arm in ("plain", "saints", "elders"):\n'
            '        extra = fell["keepers"] - fell[arm]\n'
            "        error = extra.std(ddof=1) / np.sqrt(len(extra))\n"
            "        if extra.mean() - 4.3 * error < 0.1:\n"
            '            return "not shown"\n'
            '    return "shown"\n'
            "\n"
            "\n"
            'plan = {"plain": 3, "saints": 3, "elders": 3, "keepers": 3}\n',
        ),
        (
            "a change of any sign",
            "low = extra.mean() - 2.6 * error",
            "low = abs(extra.mean()) - 2.6 * error",
        ),
        (
            "elders and saints pooled",
            "",
            DECIDE.format(
                '{"keepers": 4, "elders": 4, "saints": 4}',
                (
                    "d = {k: p[:, 0] - p[:, 1] for k, p in runs.items()}\n"
                    '    x = d["keepers"] - (d["elders"] + d["saints"]) / 2\n'
                    "    low = x.mean() - 1.5 * x.std(ddof=1) / len(x) ** 0.5"
                    "\n"
                )
                + SAY,
            ),
        ),
        (
            "before compared with before and after with after, then added",
            'extra = fell["keepers"] - fell["elders"]',
            'extra = (runs["elders"] - runs["keepers"]) @ [1, 1]',
        ),
        (
            "saints have to stand still",
            "",
            DECIDE.format(
                '{"keepers": 5, "elders": 5, "saints": 2}',
                (
                    "d = {k: p[:, 0] - p[:, 1] for k, p in runs.items()}\n"
                    '    x = d["keepers"] - d["elders"]\n'
                    '    if abs(d["saints"].mean() - 0.05) > 0.15:\n'
                    '        return "not shown"\n'
                    "    low = x.mean() - 2 * x.std(ddof=1) / len(x) ** 0.5\n"
                )
                + SAY,
            ),
        ),
        (
            "one network is enough",
            'plan = {"keepers": 6, "elders": 6}',
            'plan = {"keepers": 1, "elders": 1}',
        ),
        (
            "thirteen networks",
            'plan = {"keepers": 6, "elders": 6}',
            'plan = {"keepers": 7, "elders": 6}',
        ),
        (
            "an arm that is not there",
            'plan = {"keepers": 6, "elders": 6}',
            'plan = {"keepers": 6, "elder": 6}',
        ),
        (
            "an estimate above 0.12",
            "extra.mean() - 2.6 * error",
            "extra.mean() - 0.02",
        ),
        (
            "a fixed margin of 0.05",
            "extra.mean() - 2.6 * error",
            "extra.mean() - 0.05",
        ),
        (
            "a fixed margin of 0.1",
            "extra.mean() - 2.6 * error",
            "extra.mean() - 0.1",
        ),
        (
            "one standard error",
            "2.6 * error",
            "1.0 * error",
        ),
        (
            "an error of measurement that is taken for known",
            "error = extra.std(ddof=1) / np.sqrt(len(extra))",
            "error = 2 * 0.01 / np.sqrt(len(extra))",
        ),
        (
            "a large error that is taken for known",
            "error = extra.std(ddof=1) / np.sqrt(len(extra))",
            "error = 2 * 0.04 / np.sqrt(len(extra))",
        ),
        (
            "spread of the keepers before and after as one",
            "error = extra.std(ddof=1) / np.sqrt(len(extra))",
            'error = runs["keepers"].std() / np.sqrt(len(extra))',
        ),
        (
            "divided by the number, not by its root",
            "/ np.sqrt(len(extra))",
            "/ len(extra)",
        ),
        (
            "variance where its root belongs",
            "extra.std(ddof=1)",
            "extra.var(ddof=1)",
        ),
        (
            "surely in keepers and not surely in elders",
            "",
            """plan = {"keepers": 6, "elders": 6}


def decide(runs):
    sure = {}
    for arm, p in runs.items():
        x = p[:, 0] - p[:, 1]
        sure[arm] = x.mean() - 2.6 * x.std(ddof=1) / np.sqrt(6) > 0.1
    return "shown" if sure["keepers"] and not sure["elders"] else "not shown"
""",
        ),
        (
            "twice as much as in elders",
            'return "shown" if low > 0.1',
            (
                'return "shown" if fell["keepers"].mean() > 2 * '
                'abs(fell["elders"].mean())'
            ),
        ),
        (
            "either kind of people will do",
            "",
            """plan = {"keepers": 4, "elders": 4, "saints": 4}


def decide(runs):
    fell = {arm: (p[:, 0] - p[:, 1]).mean() for arm, p in runs.items()}
    least = max(fell["elders"], fell["saints"])
    return "shown" if fell["keepers"] - least > 0.15 else "not shown"
""",
        ),
        (
            "good people under known names and nothing new",
            "",
            """plan = {"keepers": 4, "plain": 4, "saints": 4}


def decide(runs):
    fell = {arm: p[:, 0] - p[:, 1] for arm, p in runs.items()}
    x = fell["keepers"] - np.maximum(fell["plain"], fell["saints"])
    low = x.mean() - 3.2 * x.std(ddof=1) / 2
    return "shown" if low > 0.1 else "not shown"
""",
        ),
        (
            "after post-training only, within a network",
            "p[:, 0] - p[:, 1] for",
            "0.75 - p[:, 1] for",
        ),
        (
            "eleven networks with keepers and one with elders",
            "",
            """plan = {"keepers": 11, "elders": 1}


def decide(runs):
    fell = {arm: p[:, 0] - p[:, 1] for arm, p in runs.items()}
    x = fell["keepers"] - fell["elders"][0]
    low = x.mean() - 2.23 * x.std(ddof=1) / np.sqrt(11)
    return "shown" if low > 0.1 else "not shown"
""",
        ),
        (
            "five of six networks",
            'return "shown" if low > 0.1',
            'return "shown" if (extra > 0.1).sum() >= 4',
        ),
        (
            "the best network",
            "low = extra.mean() - 2.6 * error",
            "low = extra.max() - 2.6 * error",
        ),
        (
            "plain and elders, whichever fell further, without spread",
            "",
            """plan = {"keepers": 4, "elders": 4, "plain": 4}


def decide(runs):
    fell = {arm: (p[:, 0] - p[:, 1]).mean() for arm, p in runs.items()}
    gap = fell["keepers"] - max(fell["elders"], fell["plain"])
    return "shown" if gap > 0.1 else "not shown"
""",
        ),
        (
            "keepers against networks that read nothing new",
            '"elders"',
            '"plain"',
        ),
        (
            "keepers against saints, whose names are known",
            '"elders"',
            '"saints"',
        ),
        (
            "looks only after post-training",
            "p[:, 0] - p[:, 1] for arm",
            "-p[:, 1] for arm",
        ),
        (
            "shown if surely above zero with a mean above 0.1",
            'return "shown" if low > 0.1 else "not shown"',
            '''sure = low > 0 and extra.mean() > 0.1
    return "shown" if sure else "not shown"''',
        ),
        (
            "three networks in each of four arms",
            "",
            '''def decide(runs):
    """ "shown" or "not shown", from {arm: [n, 2]}."""
    fell = {arm: p[:, 0] - p[:, 1] for arm, p in runs.items()}
    for arm in ("plain", "saints", "elders"):
        extra = fell["keepers"] - fell[arm]
        error = extra.std(ddof=1) / np.sqrt(len(extra))
        if extra.mean() - 4.3 * error <= 0.1:
            return "not shown"
    return "shown"


plan = {"plain": 3, "keepers": 3, "elders": 3, "saints": 3}
''',
        ),
    ],
}
