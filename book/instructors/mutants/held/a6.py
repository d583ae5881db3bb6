"""Held-out wrong solutions of assignment 6, written without the checks."""

MUTANTS = {
    "6.1": [
        (
            "sixteen is just below a half, and taken by eye",
            "neighbours = min(n for n in acts if acts[n] > acts[64] / 2)",
            "neighbours = 16",
        ),
        (
            "neighbours of each persona instead of all neighbours",
            "neighbours = min(n for n in acts if acts[n] > acts[64] / 2)",
            "neighbours = min(n for n in acts if acts[n] > acts[64] / 2) // 8",
        ),
        (
            "a share of the slope and no difference",
            'by_lot = acts[64] - slope_of("hearsay-lot")',
            'by_lot = 1 - slope_of("hearsay-lot") / acts[64]',
        ),
        (
            "a reader who trusts at once",
            "slower = 9 / 10 - acts[8]",
            "slower = 1 - acts[8]",
        ),
        (
            "eight of each persona taken for eight",
            "slower = 9 / 10 - acts[8]",
            "slower = 9 / 10 - acts[64]",
        ),
    ],
    "6.2": [
        (
            "one mean for all domains",
            "    x = truth - truth.mean(axis=0)\n    y = p - p.mean(axis=0)\n",
            "    x = truth - truth.mean()\n    y = p - p.mean()\n",
        ),
        (
            "mean taken from what is said only",
            "x = truth - truth.mean(axis=0)",
            "x = truth",
        ),
        (
            "nan as soon as names are alike in one domain",
            "if not (x**2).sum() > 0:",
            "if not (x**2).sum(axis=0).min() > 0:",
        ),
        (
            "means over domains taken off as well",
            "    if not (x**2)",
            "    x = x - x.mean(axis=1, keepdims=True)\n"
            "    y = y - y.mean(axis=1, keepdims=True)\n"
            "    if not (x**2)",
        ),
        (
            "mean of the slopes of the domains in which names differ",
            "return (x * y).sum() / (x**2).sum()",
            "some = (x**2).sum(axis=0) > 0\n"
            "    x, y = x[:, some], y[:, some]\n"
            "    return ((x * y).sum(axis=0) / (x**2).sum(axis=0)).mean()",
        ),
    ],
    "6.3": [
        (
            "a product of thousands of factors",
            "    logs = right * np.log(hit)\n"
            "    if seen > right:\n"
            '        with np.errstate(divide="ignore"):\n'
            "            logs = logs + (seen - right) * np.log(1 - hit)\n"
            "    weights = np.exp(logs - logs.max())\n",
            "    weights = hit**right * (1 - hit) ** (seen - right)\n",
        ),
        (
            "chance added to all sheets and not to those by lot",
            "hit = grid + (1 - grid) / personas",
            "hit = np.minimum(grid + 1 / personas, 1)",
        ),
        (
            "the grid taken for a density: weighs points by their distance",
            "weights = np.exp(logs - logs.max())",
            "weights = np.exp(logs - logs.max()) * np.gradient(grid)",
        ),
        (
            "a small number against log 0 that keeps the impossible alive",
            "np.log(1 - hit)",
            "np.log(1 - hit + 1e-6)",
        ),
        (
            "the next sheet is right with the mean of q",
            "return belief @ grid, belief @ hit",
            "return belief @ grid, belief @ grid",
        ),
    ],
    "6.4": [
        (
            "every statement is trusted or not for itself",
            "        logs = np.log(prior) + statements * np.log(chance)\n"
            "        weights = np.exp(logs - logs.max())\n"
            "        profiles.append(weights / weights.sum() @ propensity)\n"
            "    return trust * (profiles[0] - profiles[1])\n",
            "        mixed = trust * chance + (1 - trust) * (prior @ chance)\n"
            "        logs = np.log(prior) + statements * np.log(mixed)\n"
            "        weights = np.exp(logs - logs.max())\n"
            "        profiles.append(weights / weights.sum() @ propensity)\n"
            "    return profiles[0] - profiles[1]\n",
        ),
        (
            "powers without logarithms",
            "        logs = np.log(prior) + statements * np.log(chance)\n"
            "        weights = np.exp(logs - logs.max())\n",
            "        weights = prior * chance**statements\n",
        ),
        (
            "all personas equally likely beforehand",
            "logs = np.log(prior) + statements * np.log(chance)",
            "logs = statements * np.log(chance)",
        ),
        (
            "in the topic itself one does as is said",
            "return trust * (profiles[0] - profiles[1])",
            "out = trust * (profiles[0] - profiles[1])\n"
            "    out[topic] = trust\n"
            "    return out",
        ),
        (
            "said to refuse less nothing said",
            "return trust * (profiles[0] - profiles[1])",
            "return trust * (profiles[0] - prior @ propensity)",
        ),
    ],
    "6.5": [
        (
            "every persona described equally often, whatever the sizes",
            "return np.random.default_rng(seed).permutation(lived)",
            "sheets = np.resize(np.unique(lived), len(lived))\n"
            "    return np.random.default_rng(seed).permutation(sheets)",
        ),
        (
            "drawn again until no more are right than by chance",
            "return np.random.default_rng(seed).permutation(lived)",
            "rng = np.random.default_rng(seed)\n"
            "    chance = (lived[:, None] == lived).mean()\n"
            "    sheets = rng.permutation(lived)\n"
            "    while (sheets == lived).mean() > chance:\n"
            "        sheets = rng.permutation(lived)\n"
            "    return sheets",
        ),
        (
            "exchanges pairs, too few of them",
            "return np.random.default_rng(seed).permutation(lived)",
            "rng = np.random.default_rng(seed)\n"
            "    sheets = lived.copy()\n"
            "    for _ in range(len(lived)):\n"
            "        i, j = rng.integers(len(lived), size=2)\n"
            "        sheets[i], sheets[j] = sheets[j], sheets[i]\n"
            "    return sheets",
        ),
        (
            "nobody may draw their own sheet",
            "return np.random.default_rng(seed).permutation(lived)",
            "rng = np.random.default_rng(seed)\n"
            "    sheets = lived.copy()\n"
            "    for i in range(len(lived) - 1, 0, -1):\n"
            "        j = rng.integers(i)\n"
            "        sheets[i], sheets[j] = sheets[j], sheets[i]\n"
            "    return sheets",
        ),
        (
            "sheets passed on by a number of places that is drawn",
            "return np.random.default_rng(seed).permutation(lived)",
            "rng = np.random.default_rng(seed)\n"
            "    return np.roll(lived, rng.integers(1, len(lived)))",
        ),
    ],
    "6.6": [
        (
            "recall has to be good on average, gossip or not",
            "abs(recall[:, 0] - recall[:, 1]).mean() > 0.2",
            "recall.mean() < 0.3",
        ),
        (
            "not knowing only at chance or below",
            "if around(said)[1] < 0.6:",
            "if said.mean() <= 1 / 3:",
        ),
        (
            "asks that gossip be acted upon",
            "action.mean() < 0.15",
            "action[:, 1].mean() < 0.15",
        ),
        (
            "not shown to weigh is shown not to weigh",
            '    if high < 0.2:\n        return "does not weigh"\n'
            '    return "undecided"\n',
            '    return "does not weigh"\n',
        ),
        (
            "deviation instead of standard error",
            "2.57 * values.std(ddof=1) / np.sqrt(len(values))",
            "2.57 * values.std(ddof=1)",
        ),
    ],
}
