"""Wrong solutions of assignment 6, written blind."""

MUTANTS = {
    "6.1": [
        (
            "all slopes are those of recall",
            'read(title, "action")',
            'read(title, "recall")',
        ),
        (
            "takes a little over two fifths in the figure for above a half",
            "",
            "# BEGIN SOLUTION\n"
            "def slope_of(title):\n"
            '    p, truth = read(title, "action")\n'
            "    x = truth - truth.mean(axis=0)\n"
            "    return (x * (p - p.mean(axis=0))).sum() / (x**2).sum()\n"
            "\n"
            "\n"
            'acts = {8 * n: slope_of(f"hearsay-{n}") for n in (0, 1, 2, 4, 8)}\n'
            "neighbours = min(n for n in acts if acts[n] > 0.4)\n"
            'by_lot = acts[64] - slope_of("hearsay-lot")\n'
            "slower = 9 / 10 - acts[8]  # the reader has seen eight right of "
            "eight\n"
            "# END SOLUTION\n"
            "# STUB neighbours = None  # 0, 8, 16, 32 or 64\n"
            "# STUB by_lot = None  # a difference of two slopes\n"
            "# STUB slower = None  # a difference of two slopes",
        ),
        (
            "a share of the slope and not a difference",
            'by_lot = acts[64] - slope_of("hearsay-lot")',
            'by_lot = 1 - slope_of("hearsay-lot") / acts[64]',
        ),
        (
            "eight neighbours of each persona taken for eight neighbours",
            "slower = 9 / 10 - acts[8]",
            "slower = 9 / 10 - acts[64]",
        ),
        (
            "the reader is thought to be sure from the first neighbour on",
            "slower = 9 / 10 - acts[8]",
            "slower = 1 - acts[8]",
        ),
    ],
    "6.2": [
        (
            "one mean over everything in place of one in each domain",
            "mean(axis=0)",
            "mean()",
        ),
        (
            "mean of the slopes of single domains",
            "    return (x * y).sum() / (x**2).sum()",
            "    size = (x**2).sum(axis=0)\n"
            "    some = size > 0\n"
            "    return ((x * y).sum(axis=0)[some] / size[some]).mean()",
        ),
        (
            "the squares below the line are of what has not been centred",
            "return (x * y).sum() / (x**2).sum()",
            "return (x * y).sum() / (truth**2).sum()",
        ),
        (
            "nothing is returned as soon as one domain has names all alike",
            "",
            "def slope(p, truth):\n"
            '    """Slope of what is said on what is true, across names."""\n'
            "    # BEGIN SOLUTION\n"
            "    x = truth - truth.mean(axis=0)\n"
            "    y = p - p.mean(axis=0)\n"
            "    if not ((x**2).sum(axis=0) > 0).all():\n"
            "        return np.nan\n"
            "    return (x * y).sum() / (x**2).sum()\n"
            "    # END SOLUTION",
        ),
        (
            "a correlation",
            "return (x * y).sum() / (x**2).sum()",
            "return (x * y).sum() / np.sqrt((x**2).sum() * (y**2).sum())",
        ),
    ],
    "6.3": [
        (
            "a lot is drawn among the other personas as if the right one were "
            "met once less",
            "hit = grid + (1 - grid) / personas",
            "hit = grid + (1 - grid) / (personas - 1)",
        ),
        (
            "the two ends of the grid are dropped to be rid of log of zero",
            "    hit = grid + (1 - grid) / personas",
            "    grid = grid[1:-1]\n    hit = grid + (1 - grid) / personas",
        ),
        (
            "the next sheet is right only if it is copied",
            "return belief @ grid, belief @ hit",
            "return belief @ grid, belief @ grid",
        ),
        (
            "a product of probabilities, which becomes zero for thousands",
            "    weights = np.exp(logs - logs.max())\n"
            "    belief = weights / weights.sum()",
            "    weights = np.exp(logs)\n"
            '    with np.errstate(invalid="ignore"):\n'
            "        belief = weights / weights.sum()",
        ),
        (
            "the most likely value and not the mean of the belief",
            "return belief @ grid, belief @ hit",
            "return grid[belief.argmax()], hit[belief.argmax()]",
        ),
    ],
    "6.4": [
        (
            "trust as an exponent",
            "statements * np.log(chance)",
            "trust * statements * np.log(chance)",
        ),
        (
            "each statement is doubted afresh and not the sheets as a whole",
            "        logs = np.log(prior) + statements * np.log(chance)\n",
            "        chance = trust * chance + (1 - trust) * (prior @ chance)\n"
            "        logs = np.log(prior) + statements * np.log(chance)\n",
        ),
        (
            "the prior is counted once for each statement",
            "logs = np.log(prior) + statements * np.log(chance)",
            "logs = statements * (np.log(prior) + np.log(chance))",
        ),
        (
            "powers of probabilities, which become zero for thousands",
            "        logs = np.log(prior) + statements * np.log(chance)\n"
            "        weights = np.exp(logs - logs.max())\n",
            "        weights = prior * chance**statements\n",
        ),
        (
            "said to refuse is compared with nothing said",
            "for chance in (second, 1 - second):",
            "for chance in (second, np.ones(len(prior))):",
        ),
    ],
    "6.5": [
        (
            "nobody is described as what they are",
            "    return np.random.default_rng(seed).permutation(lived)",
            "    rng = np.random.default_rng(seed)\n"
            "    told = rng.permutation(lived)\n"
            "    for i in rng.permutation(len(lived)):\n"
            "        if told[i] != lived[i]:\n"
            "            continue\n"
            "        free = (told != lived[i]) & (lived != told[i])\n"
            "        if free.any():\n"
            "            j = rng.choice(np.flatnonzero(free))\n"
            "            told[i], told[j] = told[j], told[i]\n"
            "    return told",
        ),
        (
            "each description is drawn afresh from all who live there",
            "np.random.default_rng(seed).permutation(lived)",
            "np.random.default_rng(seed).choice(lived, size=len(lived))",
        ),
        (
            "shifts the whole list by a random number of places",
            "    return np.random.default_rng(seed).permutation(lived)",
            "    rng = np.random.default_rng(seed)\n"
            "    return np.roll(lived, rng.integers(len(lived)))",
        ),
        (
            "swaps random pairs, too few for a good shuffle",
            "    return np.random.default_rng(seed).permutation(lived)",
            "    rng = np.random.default_rng(seed)\n"
            "    told = lived.copy()\n"
            "    for _ in range(len(told) // 2):\n"
            "        i, j = rng.integers(len(told), size=2)\n"
            "        told[i], told[j] = told[j], told[i]\n"
            "    return told",
        ),
        (
            "seed zero is taken for no seed",
            "default_rng(seed)",
            "default_rng(seed or None)",
        ),
    ],
    "6.6": [
        (
            "memory is compared the wrong way round, so that gossip forgotten "
            "goes unnoticed",
            "if abs(recall[:, 0] - recall[:, 1]).mean() > 0.2:",
            "if (recall[:, 1] - recall[:, 0]).mean() > 0.2:",
        ),
        (
            "undecided already when gossip alone is not acted upon",
            "action.mean() < 0.15",
            "action.mean(axis=0).min() < 0.15",
        ),
        (
            "weighs if the difference is surely above zero and its mean above "
            "0.2",
            "if low > 0.2:",
            "if low > 0 and (low + high) / 2 > 0.2:",
        ),
        (
            "not knowing is taken to mean a mean below one third",
            "if around(said)[1] < 0.6:",
            "if said.mean() < 1 / 3:",
        ),
        (
            "looks at the difference in action before it asks who knows",
            "    if around(said)[1] < 0.6:",
            "    if around(action[:, 0] - action[:, 1])[0] > 0.2 and (\n"
            "        abs(recall[:, 0] - recall[:, 1]).mean() < 0.2\n"
            "    ):\n"
            '        return "weighs"\n'
            "    if around(said)[1] < 0.6:",
        ),
    ],
}
