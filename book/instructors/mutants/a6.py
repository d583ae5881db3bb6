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
            "min(n for n in acts if acts[n] > 0.5)",
            "max(n for n in acts if acts[n] < 0.5)",
        ),
        (
            "all of what it is with sixty-four",
            "> 0.5",
            "> 0.95 * acts[64]",
        ),
        (
            "any effect at all",
            "> 0.5",
            "> 0.1",
        ),
        (
            "for each persona, not in all",
            "neighbours = min(",
            "neighbours = 1 / 8 * min(",
        ),
        (
            "name of a village",
            "neighbours = min(n for n in acts if acts[n] > 0.5)",
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
        (
            "sixteen is just below a half, and taken by eye",
            "neighbours = min(n for n in acts if acts[n] > 0.5)",
            "neighbours = 16",
        ),
        (
            "neighbours of each persona instead of all neighbours",
            "neighbours = min(n for n in acts if acts[n] > 0.5)",
            "neighbours = min(n for n in acts if acts[n] > 0.5) // 8",
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
        (
            "the largest above one half",
            "neighbours = min(",
            "neighbours = max(",
        ),
        (
            "any slope, if it is clear of nothing",
            "> 0.5)",
            "> 0.05)",
        ),
        (
            "a reader who has seen none",
            "slower = 9 / 10 - acts[8]",
            "slower = 1 / 2 - acts[8]",
        ),
    ],
    "6.2": [
        (
            "nothing centred",
            "    if (truth == truth[0]).all():\n"
            "        return np.nan\n"
            "    x = truth - truth.mean(axis=0)\n"
            "    y = p - p.mean(axis=0)\n"
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
            "    if (truth == truth[0]).all():\n"
            "        return np.nan\n"
            "    x = truth - truth.mean(axis=0)\n"
            "    y = p - p.mean(axis=0)\n"
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
            "    if (truth == truth[0]).all():\n"
            "        return np.nan\n"
            "    x = truth - truth.mean(axis=0)\n"
            "    y = p - p.mean(axis=0)\n"
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
            "    if (truth == truth[0]).all():\n"
            "        return np.nan\n"
            "    x = truth - truth.mean(axis=0)\n"
            "    y = p - p.mean(axis=0)\n"
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
            "if (truth == truth[0]).all():",
            "if (truth == truth[0]).all(axis=0).any():",
        ),
        (
            "means over domains taken off as well",
            "    y = p - p.mean(axis=0)\n",
            "    y = p - p.mean(axis=0)\n"
            "    x = x - x.mean(axis=1, keepdims=True)\n"
            "    y = y - y.mean(axis=1, keepdims=True)\n",
        ),
        (
            "mean of the slopes of the domains in which names differ",
            "return (x * y).sum() / (x**2).sum()",
            "some = (x**2).sum(axis=0) > 0\n"
            "    x, y = x[:, some], y[:, some]\n"
            "    return ((x * y).sum(axis=0) / (x**2).sum(axis=0)).mean()",
        ),
        (
            "a speck left by rounding counts as a difference",
            "if (truth == truth[0]).all():",
            "if ((truth - truth.mean(axis=0)) ** 2).sum() == 0:",
        ),
        (
            "nan where two names are alike",
            "(truth == truth[0]).all()",
            "(truth[0] == truth[1:]).any()",
        ),
        (
            "looks at the first domain only",
            "(truth == truth[0]).all()",
            "(truth[:, 0] == truth[0, 0]).all()",
        ),
        (
            "nearly alike is alike",
            "(truth == truth[0]).all()",
            "np.ptp(truth, axis=0).max() < 0.02",
        ),
        (
            "a single name has a slope of 0",
            "        return np.nan\n",
            "        return np.nan if len(truth) > 1 else 0.0\n",
        ),
        (
            "never below 0",
            "return (x * y).sum() / (x**2).sum()",
            "return max((x * y).sum() / (x**2).sum(), 0.0)",
        ),
        (
            "never above 1",
            "return (x * y).sum() / (x**2).sum()",
            "return min((x * y).sum() / (x**2).sum(), 1.0)",
        ),
        (
            "the sign is lost",
            "(x * y).sum() / (x**2).sum()",
            "abs((x * y).sum()) / (x**2).sum()",
        ),
        (
            "every domain weighs the same",
            "    y = p - p.mean(axis=0)\n",
            "    y = p - p.mean(axis=0)\n"
            "    wide = x.std(axis=0)\n"
            "    wide[np.ptp(truth, axis=0) == 0] = 1\n"
            "    x, y = x / wide, y / wide\n",
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
        (
            "the grid is made anew, with even steps",
            "hit = grid + (1 - grid) / personas",
            "grid = np.linspace(0, 1, len(grid))\n"
            "    hit = grid + (1 - grid) / personas",
        ),
        (
            "each number weighs as far as it is from the one before",
            "weights = np.exp(logs - logs.max())",
            "weights = np.exp(logs - logs.max()) * np.diff(grid, prepend=0)",
        ),
        (
            "the ends weigh half",
            "weights = np.exp(logs - logs.max())",
            "weights = np.exp(logs - logs.max())\n    weights[[0, -1]] /= 2",
        ),
        (
            "the lower end is left out",
            "belief = weights / weights.sum()",
            "weights[0] = 0\n    belief = weights / weights.sum()",
        ),
        (
            "the upper end is left out",
            "belief = weights / weights.sum()",
            "weights[-1] = 0\n    belief = weights / weights.sum()",
        ),
        (
            "a half before anything is seen",
            "    return belief @ grid, belief @ hit\n",
            "    if seen == 0:\n"
            "        return 0.5, 0.5 + 0.5 / personas\n"
            "    return belief @ grid, belief @ hit\n",
        ),
        (
            "a source that was never wrong never is",
            "    return belief @ grid, belief @ hit\n",
            "    if right == seen > 0:\n"
            "        return 1.0, 1.0\n"
            "    return belief @ grid, belief @ hit\n",
        ),
        (
            "a source that was never right never is",
            "    return belief @ grid, belief @ hit\n",
            "    if right == 0 < seen:\n"
            "        return 0.0, 1 / personas\n"
            "    return belief @ grid, belief @ hit\n",
        ),
        (
            "hundreds of sheets are enough",
            "    logs = right * np.log(hit)\n",
            "    right, seen = min(right, 999), min(seen, 999)\n"
            "    logs = right * np.log(hit)\n",
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
            '        with np.errstate(divide="ignore"):\n'
            "            logs = np.log(prior) + statements * np.log(chance)\n"
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
        (
            "every statement is trusted or not for itself",
            '        with np.errstate(divide="ignore"):\n'
            "            logs = np.log(prior) + statements * np.log(chance)\n"
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
            '        with np.errstate(divide="ignore"):\n'
            "            logs = np.log(prior) + statements * np.log(chance)\n"
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
        (
            "the impossible is only unlikely",
            "np.log(prior) + ",
            "np.log(prior + 1e-12) + ",
        ),
        (
            "scales by the best likelihood, though that one's prior is 0",
            '        with np.errstate(divide="ignore"):\n'
            "            logs = np.log(prior) + statements * np.log(chance)\n"
            "        weights = np.exp(logs - logs.max())\n",
            "        logs = statements * np.log(chance)\n"
            "        weights = prior * np.exp(logs - logs.max())\n",
        ),
        (
            "nobody always refuses",
            "second = propensity[:, topic]",
            "second = propensity[:, topic].clip(0.01, 0.99)",
        ),
        (
            "the first domain is taken for the topic",
            "second = propensity[:, topic]",
            "second = propensity[:, 0]",
        ),
        (
            "no trust is no opinion on trust",
            "return trust * (",
            "return (trust or 1.0) * (",
        ),
        (
            "a statement fewer",
            "statements * np.log(chance)",
            "(statements - 1) * np.log(chance)",
        ),
        (
            "hundreds of statements are enough",
            "statements * np.log(chance)",
            "min(statements, 400) * np.log(chance)",
        ),
        (
            "trust grows with what is said",
            "return trust * (",
            "return (1 - (1 - trust) ** statements) * (",
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
        (
            "everybody trades with anybody, one after the other",
            "return np.random.default_rng(seed).permutation(lived)",
            "rng = np.random.default_rng(seed)\n"
            "    sheets = lived.copy()\n"
            "    for i in range(len(lived)):\n"
            "        j = (i + rng.integers(1, len(lived))) % len(lived)\n"
            "        sheets[i], sheets[j] = sheets[j], sheets[i]\n"
            "    return sheets",
        ),
        (
            "everybody trades with anybody, themselves among them",
            "return np.random.default_rng(seed).permutation(lived)",
            "rng = np.random.default_rng(seed)\n"
            "    sheets = lived.copy()\n"
            "    for i in range(len(lived)):\n"
            "        j = rng.integers(len(lived))\n"
            "        sheets[i], sheets[j] = sheets[j], sheets[i]\n"
            "    return sheets",
        ),
        (
            "the first two never trade",
            "return np.random.default_rng(seed).permutation(lived)",
            "rng = np.random.default_rng(seed)\n"
            "    sheets = lived.copy()\n"
            "    for i in range(len(lived) - 1, 1, -1):\n"
            "        j = rng.integers(i + 1)\n"
            "        sheets[i], sheets[j] = sheets[j], sheets[i]\n"
            "    return sheets",
        ),
        (
            "the first keeps the first sheet",
            "return np.random.default_rng(seed).permutation(lived)",
            "rng = np.random.default_rng(seed)\n"
            "    return np.append(lived[:1], rng.permutation(lived[1:]))",
        ),
        (
            "the last keeps the last sheet",
            "return np.random.default_rng(seed).permutation(lived)",
            "rng = np.random.default_rng(seed)\n"
            "    return np.append(rng.permutation(lived[:-1]), lived[-1])",
        ),
        (
            "halves are shuffled apart",
            "return np.random.default_rng(seed).permutation(lived)",
            "rng, half = np.random.default_rng(seed), len(lived) // 2\n"
            "    halves = lived[:half], lived[half:]\n"
            "    return np.concatenate([rng.permutation(h) for h in halves])",
        ),
        (
            "ten seeds give one lot",
            "default_rng(seed)",
            "default_rng(seed // 10)",
        ),
        (
            "a hundred lots in all",
            "default_rng(seed)",
            "default_rng(seed % 100)",
        ),
        (
            "seed 0 is no seed",
            "default_rng(seed)",
            "default_rng(seed or None)",
        ),
        (
            "shuffled until one in ten at most is right",
            "return np.random.default_rng(seed).permutation(lived)",
            "rng = np.random.default_rng(seed)\n"
            "    sheets = rng.permutation(lived)\n"
            "    while (sheets == lived).mean() > 0.1:\n"
            "        sheets = rng.permutation(lived)\n"
            "    return sheets",
        ),
        (
            "nobody may draw their own sheet, or else all draw again",
            "return np.random.default_rng(seed).permutation(lived)",
            "rng = np.random.default_rng(seed)\n"
            "    order = rng.permutation(len(lived))\n"
            "    while (order == np.arange(len(lived))).any():\n"
            "        order = rng.permutation(len(lived))\n"
            "    return lived[order]",
        ),
        (
            "half of the sheets are dealt in order",
            "return np.random.default_rng(seed).permutation(lived)",
            "rng = np.random.default_rng(seed)\n"
            "    sheets = rng.permutation(lived)\n"
            "    some = rng.permutation(len(lived))[: len(lived) // 2]\n"
            "    sheets[np.sort(some)] = np.sort(sheets[some])\n"
            "    return sheets",
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
        (
            "any difference is weighing, whichever way",
            "low, high = around(action[:, 0] - action[:, 1])",
            "low, high = around(abs(action[:, 0] - action[:, 1]))",
        ),
        (
            "who does not know and acts on one of them is undecided",
            'return "does not know"',
            "gap = (action[:, 0] - action[:, 1]).mean()\n"
            '        return "undecided" if gap > 0.2 else "does not know"',
        ),
        (
            "gossip that is forgotten is not weighed",
            "    if abs(recall[:, 0] - recall[:, 1]).mean() > 0.2:\n"
            '        return "undecided"\n',
            "    if abs(recall[:, 0] - recall[:, 1]).mean() > 0.2:\n"
            '        return "does not weigh"\n',
        ),
        (
            "one and a quarter standard errors",
            "half = 2.57 * ",
            "half = 1.25 * ",
        ),
        (
            "nothing is acted upon, so nothing is weighed",
            "action.mean() < 0.15:\n",
            'action.mean() < 0.15:\n        return "does not weigh"\n',
        ),
    ],
}
