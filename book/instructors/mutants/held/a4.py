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
}
