"""Wrong solutions of assignment 1, written without seeing its checks."""

MUTANTS = {
    "1.1": [
        (
            "reads the figure by eye and takes two that are nearly the least",
            "",
            """pair = ("saint", "robot")
ask_about = "clothes"
""",
        ),
        (
            "right pair, but asks about what shows tone rather than the widest"
            " gap",
            "",
            """pair = ("friend", "robot")
ask_about = "greeting"
""",
        ),
        (
            "looks for the best question in the moral domains only",
            "ask_about = world.domains[gap.argmax()].name",
            "ask_about = world.domains[gap[world.group('moral')].argmax()]"
            ".name",
        ),
        (
            "compares the personas in all sixteen domains",
            'moral = world.propensity[:, world.group("moral")]',
            "moral = world.propensity",
        ),
        (
            "takes the largest signed difference and forgets the size",
            "np.abs(moral[:, None] - moral[None]).max(axis=2)",
            "(moral[:, None] - moral[None]).max(axis=2)",
        ),
    ],
    "1.2": [
        (
            "believes in everyone alike when there are no answers",
            "    theta = propensity[:, domains]\n",
            "    if len(domains) == 0:\n"
            "        return np.ones(len(prior)) / len(prior)\n"
            "    theta = propensity[:, domains]\n",
        ),
        (
            "multiplies probabilities and guards the division with a tiny"
            " number",
            "",
            '''def posterior(prior, propensity, domains, kinds):
    """[P] belief about the persona after the answers."""
    theta = propensity[:, domains]
    chance = np.where(kinds == 1, theta, 1 - theta)
    weights = prior * chance.prod(axis=1)
    return weights / (weights.sum() + 1e-12)
''',
        ),
        (
            "keeps only the last answer about each domain",
            "    theta = propensity[:, domains]\n",
            "    said = dict(zip(domains.tolist(), kinds.tolist()))\n"
            "    domains = np.array(list(said), int)\n"
            "    kinds = np.array(list(said.values()), int)\n"
            "    theta = propensity[:, domains]\n",
        ),
        (
            "cuts very small log weights off against underflow",
            "    weights = np.exp(logs - logs.max())\n",
            "    weights = np.exp(np.maximum(logs, -700))\n",
        ),
        (
            "multiplies the prior in again with every answer",
            "logs = np.log(prior) + np.log(chance).sum(axis=1)",
            "logs = (np.log(prior)[:, None] + np.log(chance)).sum(axis=1)",
        ),
    ],
    "1.3": [
        (
            "uses only the earlier answers about the same topic",
            "    belief = posterior(prior, propensity, domains, kinds)\n",
            "    same = domains == topic\n"
            "    belief = posterior(\n"
            "        prior, propensity, domains[same], kinds[same]\n"
            "    )\n",
        ),
        (
            "averages log odds instead of probabilities",
            "    return belief @ propensity[:, topic]\n",
            "    theta = propensity[:, topic]\n"
            "    odds = belief @ np.log(theta / (1 - theta))\n"
            "    return 1 / (1 + np.exp(-odds))\n",
        ),
        (
            "updates on the answer that is still to come",
            "    belief = posterior(prior, propensity, domains, kinds)\n",
            "    belief = posterior(\n"
            "        prior,\n"
            "        propensity,\n"
            "        np.append(domains, topic).astype(int),\n"
            "        np.append(kinds, 1),\n"
            "    )\n",
        ),
        (
            "says one half when nothing was said yet",
            "    return belief @ propensity[:, topic]\n",
            "    if len(domains) == 0:\n"
            "        return 0.5\n"
            "    return belief @ propensity[:, topic]\n",
        ),
        (
            "leaves out unlikely personas and the rest does not sum to 1",
            "    return belief @ propensity[:, topic]\n",
            "    might = belief > 0.05\n"
            "    return belief[might] @ propensity[might, topic]\n",
        ),
    ],
    "1.4": [
        (
            "whoever does not comply answers as if not asked",
            """    second = np.where(asked == 1, complies[:, None], second)
    second = np.where(asked == 0, 1 - complies[:, None], second)
""",
            """    follows = complies[:, None]
    own = second
    second = np.where(asked == 1, follows + (1 - follows) * own, second)
    second = np.where(asked == 0, (1 - follows) * own, second)
""",
        ),
        (
            "counts refusals but leaves out answers given as asked",
            "    chance = np.where(kinds == 1, second, 1 - second)\n",
            "    chance = np.where(kinds == 1, second, 1 - second)\n"
            "    chance = np.where(kinds == asked, 1.0, chance)\n",
        ),
        (
            "subtracts the mean of the logs and not their maximum",
            "np.exp(logs - logs.max())",
            "np.exp(logs - logs.mean())",
        ),
        (
            "takes a request for the first kind for no request",
            "    second = np.where(asked == 0, 1 - complies[:, None], second)\n",
            "",
        ),
        (
            "gives the second kind with the chance to comply whatever was"
            " asked",
            "np.where(asked == 0, 1 - complies[:, None], second)",
            "np.where(asked == 0, complies[:, None], second)",
        ),
    ],
    "1.5": [
        (
            "cuts negative shares off at zero",
            "    return 1 - gap / whole\n",
            "    return max(0.0, 1 - gap / whole)\n",
        ),
        (
            "one ratio for each scene and then their mean",
            """    floor = expected_nats(exact, exact).mean()
    gap = expected_nats(p, exact).mean() - floor
    whole = expected_nats(topic, exact).mean() - floor
    return 1 - gap / whole
""",
            """    floor = expected_nats(exact, exact).mean(axis=-1)
    gap = expected_nats(p, exact).mean(axis=-1) - floor
    whole = expected_nats(topic, exact).mean(axis=-1) - floor
    return np.mean(1 - gap / whole)
""",
        ),
        (
            "takes what the topic reader itself expects for its surprise",
            "expected_nats(topic, exact).mean()",
            "expected_nats(topic, topic).mean()",
        ),
        (
            "squared distances instead of surprise",
            "    return 1 - gap / whole\n",
            "    gap = ((p - exact) ** 2).mean()\n"
            "    whole = ((topic - exact) ** 2).mean()\n"
            "    return 1 - gap / whole\n",
        ),
        (
            "swaps forecast and truth",
            "",
            '''def captured(p, exact, topic):
    """Persona information captured, at most 1."""
    floor = expected_nats(exact, exact).mean()
    gap = expected_nats(exact, p).mean() - floor
    whole = expected_nats(exact, topic).mean() - floor
    return 1 - gap / whole
''',
        ),
    ],
    "1.6": [
        (
            "puts a forecast on an edge into the bin below",
            "    which = np.digitize(p, edges) - 1\n",
            "    which = np.searchsorted(edges, p) - 1\n"
            "    which = np.maximum(which, 0)\n",
        ),
        (
            "takes all bins to be equally wide",
            "    which = np.digitize(p, edges) - 1\n",
            "    width = (edges[-1] - edges[0]) / (len(edges) - 1)\n"
            "    which = ((p - edges[0]) / width).astype(int)\n",
        ),
        (
            "the middle of the bin instead of the mean forecast when empty",
            "            table[b] = p[inside].mean(), outcome[inside].mean()\n",
            "            table[b] = p[inside].mean(), outcome[inside].mean()\n"
            "        else:\n"
            "            table[b, 0] = (edges[b] + edges[b + 1]) / 2\n",
        ),
        (
            "treats a bin with a single forecast as empty",
            "if inside.any():",
            "if inside.sum() > 1:",
        ),
        (
            "the middle of the bin instead of the mean forecast",
            "p[inside].mean(), outcome",
            "(edges[b] + edges[b + 1]) / 2, outcome",
        ),
    ],
    "1.7": [
        (
            "compares the two means with the thresholds and forgets the noise",
            "",
            """def verdict(effects, controls):
    m, k = np.mean(effects), np.mean(controls)
    return "supported" if m > 0.1 and m - k > 0.1 else "refuted"
""",
        ),
        (
            "tests the effects against zero and the controls not, and calls that a difference",
            "",
            """from scipy import stats

def verdict(effects, controls):
    pe = stats.ttest_1samp(effects, 0, alternative="greater").pvalue
    pc = stats.ttest_1samp(controls, 0, alternative="greater").pvalue
    if pe < 0.05 and pc >= 0.05:
        return "supported"
    if pe >= 0.05:
        return "refuted"
    return "inconclusive"
""",
        ),
        (
            "tests both halves against zero instead of 0.1",
            "",
            """from scipy import stats

def verdict(effects, controls):
    p1 = stats.ttest_1samp(effects, 0, alternative="greater").pvalue
    p2 = stats.ttest_ind(effects, controls, equal_var=False, alternative="greater").pvalue
    if max(p1, p2) < 0.05:
        return "supported"
    if max(p1, p2) > 0.95:
        return "refuted"
    return "inconclusive"
""",
        ),
        (
            "forgets the control altogether",
            "",
            """from scipy import stats

def verdict(effects, controls):
    p = stats.ttest_1samp(effects, 0.1, alternative="greater").pvalue
    return "supported" if p < 0.05 else "refuted" if p > 0.95 else "inconclusive"
""",
        ),
        (
            "looks only at the difference from the control",
            "",
            """from scipy import stats

def verdict(effects, controls):
    p = stats.ttest_ind(np.asarray(effects) - 0.1, controls, equal_var=False, alternative="greater").pvalue
    return "supported" if p < 0.05 else "refuted" if p > 0.95 else "inconclusive"
""",
        ),
        (
            "takes absolute values before testing, so that a move down counts as a move up",
            "",
            """from scipy import stats

def verdict(effects, controls):
    e, c = np.abs(effects), np.abs(controls)
    p1 = stats.ttest_1samp(e, 0.1, alternative="greater").pvalue
    p2 = stats.ttest_ind(e - 0.1, c, equal_var=False, alternative="greater").pvalue
    if max(p1, p2) < 0.05:
        return "supported"
    if max(p1, p2) > 0.95:
        return "refuted"
    return "inconclusive"
""",
        ),
        (
            "sorts both arrays and then tests the differences in pairs",
            "",
            """from scipy import stats

def verdict(effects, controls):
    d = np.sort(effects) - np.sort(controls)
    p1 = stats.ttest_1samp(effects, 0.1, alternative="greater").pvalue
    p2 = stats.ttest_1samp(d, 0.1, alternative="greater").pvalue
    if max(p1, p2) < 0.05:
        return "supported"
    if max(p1, p2) > 0.95:
        return "refuted"
    return "inconclusive"
""",
        ),
        (
            "asks the mean to clear the threshold by three standard deviations, not standard errors",
            "",
            """def verdict(effects, controls):
    e, c = np.asarray(effects), np.asarray(controls)
    s = 3 * e.std(ddof=1)
    q = 3 * np.sqrt(e.var(ddof=1) + c.var(ddof=1))
    m, d = e.mean(), e.mean() - c.mean()
    if m - s > 0.1 and d - q > 0.1:
        return "supported"
    if m + s < 0.1 or d + q < 0.1:
        return "refuted"
    return "inconclusive"
""",
        ),
        (
            "uses normal quantiles and the standard deviation that divides by five",
            "",
            """def verdict(effects, controls):
    e, c = np.asarray(effects), np.asarray(controls)
    z1 = (e.mean() - 0.1) / (e.std() / 5 ** 0.5)
    z2 = (e.mean() - c.mean() - 0.1) / np.sqrt(e.var() / 5 + c.var() / 5)
    if min(z1, z2) > 1.28:
        return "supported"
    if min(z1, z2) < -1.28:
        return "refuted"
    return "inconclusive"
""",
        ),
        (
            "takes the sd of all ten numbers together, the gap between the groups included",
            "",
            """def verdict(effects, controls):
    e, c = np.asarray(effects), np.asarray(controls)
    s = np.concatenate([e, c]).std(ddof=1)
    t1 = (e.mean() - 0.1) / (s / 5 ** 0.5)
    t2 = (e.mean() - c.mean() - 0.1) / (s * 0.4 ** 0.5)
    if min(t1, t2) > 1.86:
        return "supported"
    if min(t1, t2) < -1.86:
        return "refuted"
    return "inconclusive"
""",
        ),
        (
            "compares medians, and is inconclusive only where they lie very near the thresholds",
            "",
            """def verdict(effects, controls):
    m = np.median(effects)
    g = min(m - 0.1, m - np.median(controls) - 0.1)
    return "supported" if g > 0.02 else "refuted" if g < -0.02 else "inconclusive"
""",
        ),
        (
            "lets the five networks vote and follows four of five",
            "",
            """def verdict(effects, controls):
    e = np.asarray(effects)
    n = np.sum((e > 0.1) & (e > np.mean(controls) + 0.1))
    return "supported" if n >= 4 else "refuted" if n <= 1 else "inconclusive"
""",
        ),
        (
            "says always that five networks are too few",
            "",
            """def verdict(effects, controls):
    return "inconclusive"
""",
        ),
        (
            "refutes never, since an absence cannot be shown",
            "",
            """from scipy import stats

def verdict(effects, controls):
    p1 = stats.ttest_1samp(effects, 0.1, alternative="greater").pvalue
    p2 = stats.ttest_ind(np.asarray(effects) - 0.1, controls, equal_var=False, alternative="greater").pvalue
    return "supported" if max(p1, p2) < 0.05 else "inconclusive"
""",
        ),
        (
            "takes whatever is not significant for refuted",
            "",
            """from scipy import stats

def verdict(effects, controls):
    p1 = stats.ttest_1samp(effects, 0.1, alternative="greater").pvalue
    p2 = stats.ttest_ind(np.asarray(effects) - 0.1, controls, equal_var=False, alternative="greater").pvalue
    return "supported" if max(p1, p2) < 0.05 else "refuted"
""",
        ),
        (
            "refutes only where both halves are shown to be false",
            "",
            """from scipy import stats

def verdict(effects, controls):
    p1 = stats.ttest_1samp(effects, 0.1, alternative="greater").pvalue
    p2 = stats.ttest_ind(np.asarray(effects) - 0.1, controls, equal_var=False, alternative="greater").pvalue
    if max(p1, p2) < 0.05:
        return "supported"
    if min(p1, p2) > 0.95:
        return "refuted"
    return "inconclusive"
""",
        ),
        (
            "supports where either half is shown",
            "",
            """from scipy import stats

def verdict(effects, controls):
    p1 = stats.ttest_1samp(effects, 0.1, alternative="greater").pvalue
    p2 = stats.ttest_ind(np.asarray(effects) - 0.1, controls, equal_var=False, alternative="greater").pvalue
    if max(p1, p2) > 0.95:
        return "refuted"
    if min(p1, p2) < 0.05:
        return "supported"
    return "inconclusive"
""",
        ),
        (
            "multiplies the two p values as if strong evidence for one half helped the other",
            "",
            """from scipy import stats

def verdict(effects, controls):
    p1 = stats.ttest_1samp(effects, 0.1, alternative="greater").pvalue
    p2 = stats.ttest_ind(np.asarray(effects) - 0.1, controls, equal_var=False, alternative="greater").pvalue
    if stats.chi2.sf(-2 * np.log(p1 * p2 + 1e-300), 4) < 0.05:
        return "supported"
    if stats.chi2.sf(-2 * np.log((1 - p1) * (1 - p2) + 1e-300), 4) < 0.05:
        return "refuted"
    return "inconclusive"
""",
        ),
        (
            "guesses fixed cut-offs that leave a margin round 0.1",
            "",
            """def verdict(effects, controls):
    m, k = np.mean(effects), np.mean(controls)
    if m > 0.3 and m - k > 0.3:
        return "supported"
    if m < 0.0 or m - k < 0.0:
        return "refuted"
    return "inconclusive"
""",
        ),
        (
            "resamples the five networks and reads the ten-per-cent points of the means",
            "",
            """def verdict(effects, controls):
    e, c = np.asarray(effects), np.asarray(controls)
    r = np.random.default_rng(0)
    m = e[r.integers(0, 5, (800, 5))].mean(1)
    d = m - c[r.integers(0, 5, (800, 5))].mean(1)
    if np.quantile(m, 0.1) > 0.1 and np.quantile(d, 0.1) > 0.1:
        return "supported"
    if np.quantile(m, 0.9) < 0.1 or np.quantile(d, 0.9) < 0.1:
        return "refuted"
    return "inconclusive"
""",
        ),
        (
            "divides by the mean of the control instead of taking it away",
            "",
            """from scipy import stats

def verdict(effects, controls):
    e = np.asarray(effects)
    p1 = stats.ttest_1samp(e, 0.1, alternative="greater").pvalue
    p2 = stats.ttest_1samp(e / np.mean(controls), 1.1, alternative="greater").pvalue
    if max(p1, p2) < 0.05:
        return "supported"
    if max(p1, p2) > 0.95:
        return "refuted"
    return "inconclusive"
""",
        ),
        (
            "clips the moves at one, as if they were probabilities",
            "",
            """def verdict(effects, controls):
    e, c = np.clip(effects, -1, 1), np.clip(controls, -1, 1)
    t1 = (e.mean() - 0.1) / (e.std(ddof=1) / 5 ** 0.5 + 1e-9)
    t2 = (e.mean() - c.mean() - 0.1) / (np.sqrt((e.var(ddof=1) + c.var(ddof=1)) / 5) + 1e-9)
    if min(t1, t2) > 2.13:
        return "supported"
    if min(t1, t2) < -2.13:
        return "refuted"
    return "inconclusive"
""",
        ),
        (
            "takes the mean of the control for a known number without noise",
            "",
            """from scipy import stats

def verdict(effects, controls):
    e = np.asarray(effects)
    p1 = stats.ttest_1samp(e, 0.1, alternative="greater").pvalue
    p2 = stats.ttest_1samp(e - np.mean(controls), 0.1, alternative="greater").pvalue
    if max(p1, p2) < 0.05:
        return "supported"
    if max(p1, p2) > 0.95:
        return "refuted"
    return "inconclusive"
""",
        ),
        (
            "tests after two, three, four and five networks and stops at the first clear answer",
            "",
            """from scipy import stats

def verdict(effects, controls):
    for n in (2, 3, 4, 5):
        e, c = np.asarray(effects)[:n], np.asarray(controls)[:n]
        p1 = stats.ttest_1samp(e, 0.1, alternative="greater").pvalue
        p2 = stats.ttest_ind(e - 0.1, c, alternative="greater").pvalue
        if max(p1, p2) < 0.1:
            return "supported"
        if max(p1, p2) > 0.9:
            return "refuted"
    return "inconclusive"
""",
        ),
        (
            "sums over networks instead of averaging before it meets the threshold",
            "",
            """def verdict(effects, controls):
    e, c = np.asarray(effects), np.asarray(controls)
    s = np.sqrt(5) * e.std(ddof=1)
    q = np.sqrt(5) * np.sqrt(e.var(ddof=1) + c.var(ddof=1))
    a1, a2 = e.sum() - 0.1, e.sum() - c.sum() - 0.1
    if a1 > 2.13 * s and a2 > 2.13 * q:
        return "supported"
    if a1 < -2.13 * s or a2 < -2.13 * q:
        return "refuted"
    return "inconclusive"
""",
        ),
    ],
}
