"""Plausible wrong solutions of assignment 6.

For each exercise: what is wrong, the words of the solution that are changed,
and what stands there instead. Where the first is empty, the second is the
whole cell.
"""

MUTANTS = {
    "6.1": [
        (
            "one village too early",
            "",
            "neighbours = 16\nby_lot = 0.81\nslower = 0.71",
        ),
        (
            "largest below a half",
            "min(n for n in acts if acts[n] > acts[64] / 2)",
            "max(n for n in acts if acts[n] < acts[64] / 2)",
        ),
        (
            "all of what it is with sixty-four",
            "acts[64] / 2",
            "0.95 * acts[64]",
        ),
        (
            "any effect at all",
            "acts[64] / 2",
            "0.1",
        ),
        (
            "for each persona, not in all",
            "neighbours = min(",
            "neighbours = 1 / 8 * min(",
        ),
        (
            "name of a village",
            "neighbours = min(n for n in acts if acts[n] > acts[64] / 2)",
            'neighbours = "hearsay-4"',
        ),
        (
            "what is left by lot",
            'by_lot = acts[64] - slope_of("hearsay-lot")',
            'by_lot = slope_of("hearsay-lot")',
        ),
        (
            "recall by lot",
            'acts[64] - slope_of("hearsay-lot")',
            "0.92 - 0.92",
        ),
        (
            "recall less action by lot",
            'by_lot = acts[64] - slope_of("hearsay-lot")',
            'by_lot = 0.93 - slope_of("hearsay-lot")',
        ),
        (
            "sign of the difference by lot",
            'acts[64] - slope_of("hearsay-lot")',
            'slope_of("hearsay-lot") - acts[64]',
        ),
        (
            "from no neighbours, not from a lot",
            'slope_of("hearsay-lot")',
            "0.5",
        ),
        (
            "per cent",
            'by_lot = acts[64] - slope_of("hearsay-lot")',
            'by_lot = 100 * (acts[64] - slope_of("hearsay-lot"))',
        ),
        (
            "network's own slope",
            "slower = 9 / 10 - acts[8]",
            "slower = acts[8]",
        ),
        (
            "reader's own slope",
            "slower = 9 / 10 - acts[8]",
            "slower = 9 / 10",
        ),
        (
            "reader at a half, before any",
            "9 / 10 - acts[8]",
            "1 / 2 - acts[8]",
        ),
        (
            "without neighbours",
            "9 / 10 - acts[8]",
            "1 / 2 - acts[0]",
        ),
        (
            "at sixty-four",
            "9 / 10 - acts[8]",
            "65 / 66 - acts[64]",
        ),
        (
            "at sixteen",
            "9 / 10 - acts[8]",
            "17 / 18 - acts[16]",
        ),
        (
            "sign of the last",
            "9 / 10 - acts[8]",
            "acts[8] - 9 / 10",
        ),
        (
            "recall, not action",
            'read(title, "action")',
            'read(title, "recall")',
        ),
        (
            "below an exact reader, who is at 1, at 16",
            "9 / 10 - acts[8]",
            "1 - acts[16]",
        ),
    ],
    "6.2": [
        (
            "nothing centred",
            "    x = truth - truth.mean(axis=0)\n"
            "    y = p - p.mean(axis=0)\n"
            "    if not (x**2).sum() > 0:\n"
            "        return np.nan\n"
            "    return (x * y).sum() / (x**2).sum()\n",
            "    return (p * truth).sum() / (truth**2).sum()\n",
        ),
        (
            "only truth centred over everything",
            "truth.mean(axis=0)",
            "truth.mean()",
        ),
        (
            "one mean over everything",
            "    x = truth - truth.mean(axis=0)\n"
            "    y = p - p.mean(axis=0)\n"
            "    if not (x**2).sum() > 0:\n"
            "        return np.nan\n"
            "    return (x * y).sum() / (x**2).sum()\n",
            "    x = truth - truth.mean()\n"
            "    y = p - p.mean()\n"
            "    if not (x**2).sum() > 0:\n"
            "        return np.nan\n"
            "    return (x * y).sum() / (x**2).sum()\n",
        ),
        (
            "means over domains",
            "axis=0",
            "axis=1, keepdims=True",
        ),
        (
            "line with np.polyfit",
            "    x = truth - truth.mean(axis=0)\n"
            "    y = p - p.mean(axis=0)\n"
            "    if not (x**2).sum() > 0:\n"
            "        return np.nan\n"
            "    return (x * y).sum() / (x**2).sum()\n",
            "    return np.polyfit(truth.ravel(), p.ravel(), 1)[0]\n",
        ),
        (
            "correlation",
            "(x * y).sum() / (x**2).sum()",
            "(x * y).sum() / np.sqrt((x**2).sum() * (y**2).sum())",
        ),
        (
            "correlation of all entries",
            "    x = truth - truth.mean(axis=0)\n"
            "    y = p - p.mean(axis=0)\n"
            "    if not (x**2).sum() > 0:\n"
            "        return np.nan\n"
            "    return (x * y).sum() / (x**2).sum()\n",
            "    return np.corrcoef(truth.ravel(), p.ravel())[0, 1]\n",
        ),
        (
            "truth on network",
            "(x * y).sum() / (x**2).sum()",
            "(x * y).sum() / (y**2).sum()",
        ),
        (
            "mean of domains' slopes",
            "(x * y).sum() / (x**2).sum()",
            "np.mean((x * y).sum(axis=0) / (x**2).sum(axis=0))",
        ),
        (
            "mean of domains' slopes, without NaN",
            "(x * y).sum() / (x**2).sum()",
            "np.nanmean(np.where((x**2).sum(0) > 1e-9, (x * "
            "y).sum(0) / np.maximum((x**2).sum(0), 1e-9), np.nan))",
        ),
        (
            "one slope for each domain",
            "(x * y).sum() / (x**2).sum()",
            "(x * y).sum(axis=0) / (x**2).sum(axis=0)",
        ),
        (
            "mean of products over sum of squares",
            "(x * y).sum() / (x**2).sum()",
            "(x * y).mean() / (x**2).sum()",
        ),
        (
            "distance to truth",
            "(x * y).sum() / (x**2).sum()",
            "1 - np.abs(p - truth).mean()",
        ),
        (
            "share of variance explained",
            "(x * y).sum() / (x**2).sum()",
            "1 - ((y - x) ** 2).sum() / (x**2).sum()",
        ),
        (
            "spread of one over spread of the other",
            "(x * y).sum() / (x**2).sum()",
            "y.std() / x.std()",
        ),
        (
            "0 where all are alike",
            "return np.nan",
            "return 0.0",
        ),
        (
            "1 where all are alike",
            "return np.nan",
            "return 1.0",
        ),
        (
            "None where all are alike",
            "return np.nan",
            "return None",
        ),
        (
            "cut off to 0 and 1 and rounded",
            "(x * y).sum() / (x**2).sum()",
            "round((x * y).sum() / (x**2).sum(), 1)",
        ),
        (
            "mean of ratios of entries",
            "(x * y).sum() / (x**2).sum()",
            "np.median(y / np.where(x == 0, 1, x))",
        ),
        (
            "changes its input",
            "    x = truth - truth.mean(axis=0)\n",
            "    truth -= truth.mean(axis=0)\n    x = truth\n",
        ),
        (
            "first domain only",
            "(x * y).sum() / (x**2).sum()",
            "(x[:, 0] * y[:, 0]).sum() / (x[:, 0] ** 2).sum()",
        ),
        (
            "squares forgotten",
            "(x * y).sum() / (x**2).sum()",
            "(x * y).sum() / np.abs(x).sum()",
        ),
    ],
    "6.3": [
        (
            "Laplace's rule",
            "    return belief @ grid, belief @ hit\n",
            "    q = (right + 1) / (seen + 2)\n    return q, q\n",
        ),
        (
            "Laplace's rule, chance in the next",
            "    return belief @ grid, belief @ hit\n",
            "    q = (right + 1) / (seen + 2)\n"
            "    return q, q + (1 - q) / personas\n",
        ),
        (
            "share that was right",
            "    return belief @ grid, belief @ hit\n",
            "    q = right / max(seen, 1)\n"
            "    return q, q + (1 - q) / personas\n",
        ),
        (
            "by lot never right",
            "hit = grid + (1 - grid) / personas",
            "hit = grid + 0 * personas",
        ),
        (
            "by lot right half of the time",
            "(1 - grid) / personas",
            "(1 - grid) / 2",
        ),
        (
            "the right one is not among the lots",
            "(1 - grid) / personas",
            "(1 - grid) / (personas - 1)",
        ),
        (
            "chance for all sheets, copied ones too",
            "grid + (1 - grid) / personas",
            "np.minimum(grid + 1 / personas, 1)",
        ),
        (
            "chance not in the next",
            "belief @ hit",
            "belief @ grid",
        ),
        (
            "likeliest q",
            "return belief @ grid, belief @ hit",
            "k = belief.argmax()\n    return grid[k], hit[k]",
        ),
        (
            "exchanged",
            "belief @ grid, belief @ hit",
            "belief @ hit, belief @ grid",
        ),
        (
            "wrong sheets not counted",
            "if seen > right:",
            "if False:",
        ),
        (
            "seen taken for wrong",
            "(seen - right) * np.log",
            "seen * np.log",
        ),
        (
            "wrong and right exchanged",
            "logs = right * np.log(hit)",
            "right = seen - right\n"
            "    with np.errstate(divide='ignore'):\n"
            "        logs = right * np.log(hit)",
        ),
        (
            "0 times log 0",
            "    if seen > right:\n",
            "    if True:\n",
        ),
        (
            "product instead of logs",
            "    logs = right * np.log(hit)\n"
            "    if seen > right:\n"
            '        with np.errstate(divide="ignore"):\n'
            "            logs = logs + (seen - right) * np.log(1 - hit)\n"
            "    weights = np.exp(logs - logs.max())\n",
            "    weights = hit**right * (1 - hit) ** (seen - right)\n",
        ),
        (
            "largest log not taken off",
            "np.exp(logs - logs.max())",
            "np.exp(logs)",
        ),
        (
            "not divided by the sum",
            "weights / weights.sum()",
            "weights",
        ),
        (
            "only whether most were right",
            "logs = right * np.log(hit)",
            "logs = (right > seen / 2) * np.log(hit)",
        ),
        (
            "nothing learned",
            "weights = np.exp(logs - logs.max())",
            "weights = np.ones(len(grid))",
        ),
        (
            "plug-in: hit of the mean, squared",
            "belief @ hit",
            "(belief @ grid) ** 2 + (1 - belief @ grid) / personas",
        ),
        (
            "belief over hits, not q",
            "return belief @ grid,",
            "return (belief @ hit),",
        ),
        (
            "dict instead of two numbers",
            "return belief @ grid, belief @ hit",
            "return {'q': belief @ grid, 'next': belief @ hit}",
        ),
        (
            "ends of the grid left out",
            "belief = weights / weights.sum()",
            "weights[[0, -1]] = 0\n    belief = weights / weights.sum()",
        ),
    ],
    "6.4": [
        (
            "trust left out",
            "return trust * (profiles[0] - profiles[1])",
            "return profiles[0] - profiles[1]",
        ),
        (
            "trust as an exponent",
            "statements * np.log(chance)",
            "trust * statements * np.log(chance)",
        ),
        (
            "trust in the likelihood",
            "np.log(chance)\n",
            "np.log(trust * chance + (1 - trust) / 2)\n",
        ),
        (
            "one statement",
            "statements * np.log(chance)",
            "np.log(chance)",
        ),
        (
            "prior left out",
            "np.log(prior) + ",
            "",
        ),
        (
            "prior as often as statements",
            "np.log(prior) + statements * np.log(chance)",
            "statements * (np.log(prior) + np.log(chance))",
        ),
        (
            "second kind for both",
            "(second, 1 - second)",
            "(second, second)",
        ),
        (
            "sign",
            "profiles[0] - profiles[1]",
            "profiles[1] - profiles[0]",
        ),
        (
            "refusing against anybody",
            "profiles[0] - profiles[1]",
            "profiles[0] - prior @ propensity",
        ),
        (
            "refuses with certainty in the topic",
            "return trust * (profiles[0] - profiles[1])",
            "out = trust * (profiles[0] - profiles[1])\n"
            "    out[topic] = trust\n"
            "    return out",
        ),
        (
            "only the topic",
            "return trust * (profiles[0] - profiles[1])",
            "out = np.zeros(propensity.shape[1])\n"
            "    out[topic] = trust * (profiles[0] - "
            "profiles[1])[topic]\n"
            "    return out",
        ),
        (
            "only the topic, as a number",
            "return trust * (profiles[0] - profiles[1])",
            "return trust * (profiles[0] - profiles[1])[topic]",
        ),
        (
            "topic left out",
            "return trust * (profiles[0] - profiles[1])",
            "return np.delete(trust * (profiles[0] - profiles[1]), topic)",
        ),
        (
            "topic set to 0",
            "return trust * (profiles[0] - profiles[1])",
            "out = trust * (profiles[0] - profiles[1])\n"
            "    out[topic] = 0\n"
            "    return out",
        ),
        (
            "product instead of logs",
            "        logs = np.log(prior) + statements * np.log(chance)\n"
            "        weights = np.exp(logs - logs.max())\n",
            "        weights = prior * chance**statements\n",
        ),
        (
            "likeliest persona",
            "profiles.append(weights / weights.sum() @ propensity)",
            "profiles.append(propensity[weights.argmax()])",
        ),
        (
            "largest log not taken off",
            "np.exp(logs - logs.max())",
            "np.exp(logs)",
        ),
        (
            "not divided by the sum",
            "weights / weights.sum() @",
            "weights @",
        ),
        (
            "wrong axis: row of the topic",
            "propensity[:, topic]",
            "propensity[topic]",
        ),
        (
            "share of the exact, not the difference",
            "return trust * (profiles[0] - profiles[1])",
            "return trust * (profiles[0] - profiles[1]) / "
            "(profiles[0] - profiles[1])[topic]",
        ),
        (
            "trust twice",
            "return trust * (",
            "return trust**2 * (",
        ),
        (
            "distrust says the contrary",
            "return trust * (",
            "return (2 * trust - 1) * (",
        ),
        (
            "personas instead of domains",
            "profiles.append(weights / weights.sum() @ propensity)",
            "profiles.append(weights / weights.sum())",
        ),
        (
            "absolute difference",
            "return trust * (profiles[0] - profiles[1])",
            "return trust * (profiles[0] - profiles[1]) ** 2",
        ),
    ],
    "6.5": [
        (
            "nobody described as what they are",
            "    return np.random.default_rng(seed).permutation(lived)\n",
            "    rng = np.random.default_rng(seed)\n"
            "    for _ in range(5000):\n"
            "        out = rng.permutation(lived)\n"
            "        bad = np.flatnonzero(out == lived)\n"
            "        while len(bad):\n"
            "            i, j = bad[0], rng.integers(len(lived))\n"
            "            if out[j] != lived[i] and lived[j] != out[i]:\n"
            "                out[i], out[j] = out[j], out[i]\n"
            "                bad = np.flatnonzero(out == lived)\n"
            "        return out\n",
        ),
        (
            "personas exchanged by a rule",
            ".permutation(lived)",
            ".permutation(lived) * 0 + (lived.max() - lived)",
        ),
        (
            "personas renamed by lot",
            "return np.random.default_rng(seed).permutation(lived)",
            "code = np.random.default_rng(seed).permutation(liv"
            "ed.max() + 1)\n"
            "    return code[lived]",
        ),
        (
            "next persona",
            "return np.random.default_rng(seed).permutation(lived)",
            "return (lived + 1 + seed) % (lived.max() + 1)",
        ),
        (
            "shifted along the list",
            "np.random.default_rng(seed).permutation(lived)",
            "np.roll(lived, seed)",
        ),
        (
            "shifted along the list by lot",
            "np.random.default_rng(seed).permutation(lived)",
            "np.roll(lived, np.random.default_rng(seed).integers(len(lived)))",
        ),
        (
            "turned round",
            "np.random.default_rng(seed).permutation(lived)",
            "lived[::-1].copy()",
        ),
        (
            "drawn afresh, even",
            ".permutation(lived)",
            ".integers(0, lived.max() + 1, len(lived))",
        ),
        (
            "drawn afresh from those who live",
            ".permutation(lived)",
            ".choice(lived, len(lived))",
        ),
        (
            "global generator, no seed",
            "np.random.default_rng(seed).permutation(lived)",
            "np.random.permutation(lived)",
        ),
        (
            "fixed seed",
            "default_rng(seed)",
            "default_rng(0)",
        ),
        (
            "seed given to nothing",
            "default_rng(seed)",
            "default_rng()",
        ),
        (
            "shuffles its input",
            "return np.random.default_rng(seed).permutation(lived)",
            "np.random.default_rng(seed).shuffle(lived)\n    return lived",
        ),
        (
            "shuffle returns None",
            "return np.random.default_rng(seed).permutation(lived)",
            "return np.random.default_rng(seed).shuffle(lived.copy())",
        ),
        (
            "truth kept",
            "np.random.default_rng(seed).permutation(lived)",
            "lived.copy()",
        ),
        (
            "positions, not personas",
            ".permutation(lived)",
            ".permutation(len(lived))",
        ),
        (
            "half of them traded",
            "return np.random.default_rng(seed).permutation(lived)",
            "rng = np.random.default_rng(seed)\n"
            "    out = lived.copy()\n"
            "    some = rng.permutation(len(lived))[: len(lived) // 2]\n"
            "    out[some] = rng.permutation(out[some])\n"
            "    return out",
        ),
        (
            "neighbours in the list trade places",
            "return np.random.default_rng(seed).permutation(lived)",
            "rng = np.random.default_rng(seed)\n"
            "    out = lived.copy()\n"
            "    for i in range(0, len(out) - 3, 4):\n"
            "        out[i : i + 4] = rng.permutation(out[i : i + 4])\n"
            "    return out",
        ),
        (
            "two personas trade",
            "return np.random.default_rng(seed).permutation(lived)",
            "i, j = np.random.default_rng(seed).choice(lived.ma"
            "x() + 1, 2, replace=False)\n"
            "    out = lived.copy()\n"
            "    out[lived == i], out[lived == j] = j, i\n"
            "    return out",
        ),
        (
            "unique personas only",
            ".permutation(lived)",
            ".permutation(np.unique(lived))",
        ),
        (
            "sorted first, then shifted by lot",
            "np.random.default_rng(seed).permutation(lived)",
            "np.roll(np.sort(lived), "
            "np.random.default_rng(seed).integers(len(lived)))",
        ),
        (
            "right ones drawn again once",
            "return np.random.default_rng(seed).permutation(lived)",
            "rng = np.random.default_rng(seed)\n"
            "    out = rng.permutation(lived)\n"
            "    i = np.flatnonzero(out == lived)\n"
            "    j = np.flatnonzero(out != lived)[: len(i)]\n"
            "    out[i], out[j] = out[j].copy(), out[i].copy()\n"
            "    return out",
        ),
        (
            "everybody described as one persona",
            "return np.random.default_rng(seed).permutation(lived)",
            "return np.full(len(lived), "
            "np.random.default_rng(seed).choice(lived))",
        ),
    ],
    "6.6": [
        (
            "one standard error",
            "half = 2.57 * ",
            "half = ",
        ),
        (
            "knowing judged by the best network",
            "around(said)[1] < 0.6",
            "said.max() < 0.3",
        ),
        (
            "recall averaged over both sources",
            "abs(recall[:, 0] - recall[:, 1]).mean() > 0.2",
            "recall.mean() < 0.5",
        ),
        (
            "action as a share of recall, no check of recall",
            "    if abs(recall[:, 0] - recall[:, 1]).mean() > 0.2:\n"
            '        return "undecided"\n',
            "    action = action / recall.mean()\n",
        ),
        (
            "difference alone",
            "",
            "def judge(said, recall, action):\n"
            "    d = (action[:, 0] - action[:, 1]).mean()\n"
            "    return 'weighs' if d > 0.2 else 'does not weigh'",
        ),
        (
            "knowing not asked",
            "    if around(said)[1] < 0.6:\n"
            '        return "does not know"\n'
            "    if around(said)[0] < 0.8 or action.mean() < 0.15:\n",
            "    if action.mean() < 0.15:\n",
        ),
        (
            "does not know becomes undecided",
            'return "does not know"',
            'return "undecided"',
        ),
        (
            "chance is a half",
            "around(said)[1] < 0.6",
            "around(said)[1] < 0.3",
        ),
        (
            "knows only at nearly 1",
            "around(said)[0] < 0.8",
            "around(said)[0] < 0.97",
        ),
        (
            "floor not looked at",
            " or action.mean() < 0.15",
            "",
        ),
        (
            "floor of the difference",
            "action.mean() < 0.15",
            "(action[:, 0] - action[:, 1]).mean() < 0.15",
        ),
        (
            "floor of gossip alone",
            "action.mean() < 0.15",
            "action[:, 1].mean() < 0.15",
        ),
        (
            "floor too high",
            "action.mean() < 0.15",
            "action.mean() < 0.6",
        ),
        (
            "recall not controlled",
            "    if abs(recall[:, 0] - recall[:, 1]).mean() > 0.2:\n"
            '        return "undecided"\n',
            "",
        ),
        (
            "recall of the register only",
            "abs(recall[:, 0] - recall[:, 1]).mean() > 0.2",
            "recall[:, 0].mean() < 0.5",
        ),
        (
            "recall must differ",
            "abs(recall[:, 0] - recall[:, 1]).mean() > 0.2",
            "abs(recall[:, 0] - recall[:, 1]).mean() < 0.2",
        ),
        (
            "no interval",
            "half = 2.57 * values.std(ddof=1) / np.sqrt(len(values))",
            "half = 0",
        ),
        (
            "spread of one network, not of the mean",
            " / np.sqrt(len(values))",
            " * 2",
        ),
        (
            "columns not paired",
            "around(action[:, 0] - action[:, 1])",
            "(around(action[:, 0])[0] - around(action[:, 1])[1], "
            "around(action[:, 0])[1] - around(action[:, 1])[0])",
        ),
        (
            "columns exchanged",
            "action[:, 0] - action[:, 1])\n",
            "action[:, 1] - action[:, 0])\n",
        ),
        (
            "threshold 0",
            "low > 0.2",
            "low > 0",
        ),
        (
            "estimate for the bound",
            "low > 0.2",
            "(low + high) / 2 > 0.2",
        ),
        (
            "not refuted is supported",
            "low > 0.2",
            "high > 0.2",
        ),
        (
            "anything not weighed is said not to be",
            "if high < 0.2:\n"
            '        return "does not weigh"\n'
            '    return "undecided"',
            'return "does not weigh"',
        ),
        (
            "does not weigh only if below 0",
            "high < 0.2",
            "high < 0",
        ),
        (
            "never says does not weigh",
            'return "does not weigh"',
            'return "undecided"',
        ),
        (
            "rows taken for columns",
            "action[:, 0] - action[:, 1])\n",
            "action[0] - action[1])\n",
        ),
        (
            "action in place of recall",
            "abs(recall[:, 0] - recall[:, 1]).mean()",
            "abs(action[:, 0] - action[:, 1]).mean()",
        ),
        (
            "always undecided",
            "",
            "def judge(said, recall, action):\n    return 'undecided'",
        ),
        (
            "the words of the ledger",
            'return "weighs"',
            'return "supported"',
        ),
        (
            "first network only",
            "around(action[:, 0] - action[:, 1])",
            "((action[0, 0] - action[0, 1]),) * 2",
        ),
    ],
}
