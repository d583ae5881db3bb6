"""Held-out wrong solutions of assignment 7, written without the checks."""

MUTANTS = {
    "7.1": [
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
    ],
    "7.2": [
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
    ],
    "7.3": [
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
    ],
    "7.4": [
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
    ],
    "7.5": [
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
    ],
    "7.6": [
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
    ],
}
