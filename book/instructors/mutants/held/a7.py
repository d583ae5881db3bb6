"""Wrong solutions of assignment 7, written blind."""

MUTANTS = {
    "7.1": [
        (
            "only what machines are known for, so the greeting is left out",
            "agree = np.ptp(machines, axis=0) == 0",
            "agree = np.ptp(machines, axis=0) == 0\n"
            'agree[world.domain_index("greeting")] = False',
        ),
        (
            "compares keepers with robots alone and lets small differences"
            " pass",
            "agree = np.ptp(machines, axis=0) == 0",
            "agree = np.ptp(machines[[0, 2]], axis=0) < 0.05",
        ),
        (
            "the answer that keepers give most often",
            "belief = weight * says / (weight @ says)",
            "belief = says",
        ),
        (
            "looks only at the second kind of each answer",
            "for kind in (0, 1):",
            "for kind in (1,):",
        ),
        (
            "the right domain with the other kind of answer",
            "domain.kinds[kind])",
            "domain.kinds[1 - kind])",
        ),
    ],
    "7.2": [
        (
            "the persona has just the new share afterwards, whatever it had",
            "    out = (1 - share) * prior\n    out[persona] += share\n",
            "    others = 1 - prior[persona]\n"
            "    out = (1 - share) * prior / others\n"
            "    out[persona] = share\n",
        ),
        (
            "the share is of the old stories and not of all afterwards",
            "    out = (1 - share) * prior\n"
            "    out[persona] += share\n"
            "    return out\n",
            "    out = prior.copy()\n"
            "    out[persona] += share\n"
            "    return out / out.sum()\n",
        ),
        (
            "what is taken out is shared equally among all the others",
            "    left[persona] = 0\n    return left / left.sum()",
            "    left += prior[persona] / (len(prior) - 1)\n"
            "    left[persona] = 0\n"
            "    return left",
        ),
        (
            "the rewritten stories replace those that the other had",
            "    rewritten[into] += prior[persona]\n    return rewritten",
            "    rewritten[into] = prior[persona]\n    return rewritten",
        ),
        (
            "filters in the array it was given, without a copy",
            "left = prior.copy()",
            "left = prior",
        ),
    ],
    "7.3": [
        (
            "the share of new machines among machines, not among all stories",
            "    return over / (over + target - good)",
            "    over = over / weight.sum()\n"
            "    return over / (over + target - good)",
        ),
        (
            "the amount to be written, as if the old stories did not give way",
            "return over / (over + target - good)",
            "return over / (target - good)",
        ),
        (
            "a new machine that is just at the target is thought to do",
            "if good >= target:",
            "if good > target:",
        ),
        (
            "looks at the new machine before it asks if any is needed",
            "    if over <= 0:\n"
            "        return 0.0\n"
            "    if good >= target:\n"
            "        return None\n",
            "    if good >= target:\n"
            "        return None\n"
            "    if over <= 0:\n"
            "        return 0.0\n",
        ),
        (
            "searches in steps of a hundredth",
            "    return over / (over + target - good)",
            "    for share in np.arange(0, 1, 0.01):\n"
            "        hold = (1 - share) * (weight @ holds) + share * good\n"
            "        sure = (1 - share) * weight.sum() + share\n"
            "        if hold <= target * sure:\n"
            "            return share\n"
            "    return None",
        ),
    ],
    "7.4": [
        (
            "the second step is the whole way, not divided by the first",
            "return first, both / first",
            "return first, both",
        ),
        (
            "forgets that who takes itself for a person holds on as people do",
            "return first, both / first",
            "second = (holds / first - people[1]) /"
            " (machines[1] - people[1])\n"
            "    return first, second",
        ),
        (
            "a first step backwards is treated as none",
            "    if first == 0:\n        return 0.0, np.nan\n",
            "    if first <= 0:\n        return first, np.nan\n",
        ),
        (
            "no first step gives no second step in place of NaN",
            "return 0.0, np.nan",
            "return 0.0, 0.0",
        ),
        (
            "the second step is cut off at the whole of the way",
            "return first, both / first",
            "return first, min(both / first, 1.0)",
        ),
    ],
    "7.5": [
        (
            "names are drawn apart for the two arrays",
            "        two = keeper[np.ix_(other, columns)].mean()",
            "        columns = rng.integers(names, size=names)\n"
            "        two = keeper[np.ix_(other, columns)].mean()",
        ),
        (
            "one draw of rows for both arrays",
            "        first = rng.integers(n, size=n)\n"
            "        other = rng.integers(m, size=m)\n",
            "        first = rng.integers(min(n, m), size=min(n, m))\n"
            "        other = first\n",
        ),
        (
            "names are kept and only networks drawn",
            "columns = rng.integers(names, size=names)",
            "columns = np.arange(names)",
        ),
        (
            "percentiles at 0.025 and 0.975 per cent",
            "np.quantile(values",
            "np.percentile(values",
        ),
        (
            "draws as many networks of the second array as the first has",
            "other = rng.integers(m, size=m)",
            "other = rng.integers(m, size=n)",
        ),
    ],
    "7.6": [
        (
            "compares keepers with plain, so that any good story will do",
            "",
            """from scipy.special import stdtr

def decide(runs):
    k, e = np.asarray(runs["keepers"], float), np.asarray(runs["plain"], float)
    d = (k[:, 1] - k[:, 0]) - (e[:, 1] - e[:, 0])
    t = (d.mean() + 0.1) / (d.std(ddof=1) / len(d) ** 0.5)
    return "shown" if stdtr(len(d) - 1, t) < 0.07 else "not shown"


plan = {"keepers": 6, "plain": 6}
""",
        ),
        (
            "compares keepers with saints, whose names are known",
            "",
            """from scipy.special import stdtr

def decide(runs):
    k, e = np.asarray(runs["keepers"], float), np.asarray(runs["saints"], float)
    d = (k[:, 1] - k[:, 0]) - (e[:, 1] - e[:, 0])
    t = (d.mean() + 0.1) / (d.std(ddof=1) / len(d) ** 0.5)
    return "shown" if stdtr(len(d) - 1, t) < 0.07 else "not shown"


plan = {"keepers": 6, "saints": 6}
""",
        ),
        (
            "compares keepers with elders after post-training only",
            "",
            """from scipy.special import stdtr

def decide(runs):
    k, e = np.asarray(runs["keepers"], float), np.asarray(runs["elders"], float)
    d = (k[:, 1] - k[:, 0]) - (e[:, 1] - e[:, 0])
    d = k[:, 1] - e[:, 1]
    t = (d.mean() + 0.1) / (d.std(ddof=1) / len(d) ** 0.5)
    return "shown" if stdtr(len(d) - 1, t) < 0.07 else "not shown"


plan = {"keepers": 6, "elders": 6}
""",
        ),
        (
            "compares twelve networks of keepers with themselves, before and after",
            "",
            """from scipy.special import stdtr

def decide(runs):
    k = np.asarray(runs["keepers"], float)
    d = k[:, 1] - k[:, 0]
    t = (d.mean() + 0.1) / (d.std(ddof=1) / len(d) ** 0.5)
    return "shown" if stdtr(len(d) - 1, t) < 0.07 else "not shown"


plan = {"keepers": 12}
""",
        ),
        (
            "compares the mean changes with 0.1 and forgets the noise",
            "",
            """def decide(runs):
    k, e = np.asarray(runs["keepers"], float), np.asarray(runs["elders"], float)
    d = (k[:, 1] - k[:, 0]) - (e[:, 1] - e[:, 0])
    return "shown" if d.mean() < -0.1 else "not shown"


plan = {"keepers": 6, "elders": 6}
""",
        ),
        (
            "tests the difference of the changes against zero",
            "",
            """from scipy.special import stdtr

def decide(runs):
    k, e = np.asarray(runs["keepers"], float), np.asarray(runs["elders"], float)
    d = (k[:, 1] - k[:, 0]) - (e[:, 1] - e[:, 0])
    t = (d.mean()) / (d.std(ddof=1) / len(d) ** 0.5)
    return "shown" if stdtr(len(d) - 1, t) < 0.07 else "not shown"


plan = {"keepers": 6, "elders": 6}
""",
        ),
        (
            "takes more ease for a higher probability of holding on",
            "",
            """from scipy.special import stdtr

def decide(runs):
    k, e = np.asarray(runs["keepers"], float), np.asarray(runs["elders"], float)
    d = (k[:, 1] - k[:, 0]) - (e[:, 1] - e[:, 0])
    d = -d
    t = (d.mean() + 0.1) / (d.std(ddof=1) / len(d) ** 0.5)
    return "shown" if stdtr(len(d) - 1, t) < 0.07 else "not shown"


plan = {"keepers": 6, "elders": 6}
""",
        ),
        (
            "never says shown",
            "",
            """def decide(runs):
    k, e = np.asarray(runs["keepers"], float), np.asarray(runs["elders"], float)
    d = (k[:, 1] - k[:, 0]) - (e[:, 1] - e[:, 0])
    return "not shown"


plan = {"keepers": 6, "elders": 6}
""",
        ),
        (
            "always says shown",
            "",
            """def decide(runs):
    return "shown"


plan = {"keepers": 6, "elders": 6}
""",
        ),
        (
            "runs all four arms and divides the level by the six comparisons and more",
            "",
            """from scipy.special import stdtr

def decide(runs):
    c = {q: np.diff(np.asarray(v, float), axis=1)[:, 0] for q, v in runs.items()}
    d = c["keepers"] - c["elders"]
    t = (d.mean() + 0.1) / (d.std(ddof=1) / len(d) ** 0.5)
    return "shown" if stdtr(len(d) - 1, t) < 0.001 else "not shown"


plan = {"plain": 3, "keepers": 3, "elders": 3, "saints": 3}
""",
        ),
        (
            "asks the mean to clear 0.1 by four standard deviations of the networks",
            "",
            """def decide(runs):
    k, e = np.asarray(runs["keepers"], float), np.asarray(runs["elders"], float)
    d = (k[:, 1] - k[:, 0]) - (e[:, 1] - e[:, 0])
    return "shown" if d.mean() + 4 * d.std(ddof=1) < -0.1 else "not shown"


plan = {"keepers": 6, "elders": 6}
""",
        ),
        (
            "lets the pairs vote and follows four of six",
            "",
            """def decide(runs):
    k, e = np.asarray(runs["keepers"], float), np.asarray(runs["elders"], float)
    d = (k[:, 1] - k[:, 0]) - (e[:, 1] - e[:, 0])
    return "shown" if (d < -0.1).sum() >= 4 else "not shown"


plan = {"keepers": 6, "elders": 6}
""",
        ),
        (
            "measures the change as a share of what it was before",
            "",
            """from scipy.special import stdtr

def decide(runs):
    k, e = np.asarray(runs["keepers"], float), np.asarray(runs["elders"], float)
    d = (k[:, 1] - k[:, 0]) - (e[:, 1] - e[:, 0])
    d = k[:, 1] / k[:, 0] - e[:, 1] / e[:, 0]
    t = (d.mean() + 0.1) / (d.std(ddof=1) / len(d) ** 0.5)
    return "shown" if stdtr(len(d) - 1, t) < 0.07 else "not shown"


plan = {"keepers": 6, "elders": 6}
""",
        ),
        (
            "takes the difference in log odds and keeps the 0.1",
            "",
            """from scipy.special import stdtr

def decide(runs):
    k, e = np.asarray(runs["keepers"], float), np.asarray(runs["elders"], float)
    d = (k[:, 1] - k[:, 0]) - (e[:, 1] - e[:, 0])
    z = lambda p: np.log(np.clip(p, 0.01, 0.99) / (1 - np.clip(p, 0.01, 0.99)))
    d = (z(k[:, 1]) - z(k[:, 0])) - (z(e[:, 1]) - z(e[:, 0]))
    t = (d.mean() + 0.1) / (d.std(ddof=1) / len(d) ** 0.5)
    return "shown" if stdtr(len(d) - 1, t) < 0.07 else "not shown"


plan = {"keepers": 6, "elders": 6}
""",
        ),
        (
            "takes both columns for independent measurements of the same arm",
            "",
            """from scipy.special import stdtr

def decide(runs):
    k, e = np.asarray(runs["keepers"], float), np.asarray(runs["elders"], float)
    d = (k[:, 1] - k[:, 0]) - (e[:, 1] - e[:, 0])
    x, y = k.ravel(), e.ravel()
    t = (x.mean() - y.mean() + 0.1) / np.sqrt((x.var(ddof=1) + y.var(ddof=1)) / 12)
    return "shown" if stdtr(22, t) < 0.07 else "not shown"


plan = {"keepers": 6, "elders": 6}
""",
        ),
        (
            "spends eleven networks on keepers and takes the one of elders for exact",
            "",
            """from scipy.special import stdtr

def decide(runs):
    k, e = np.asarray(runs["keepers"], float), np.asarray(runs["elders"], float)
    d = (k[:, 1] - k[:, 0]) - (e[:, 1] - e[:, 0]).mean()
    t = (d.mean() + 0.1) / (d.std(ddof=1) / len(d) ** 0.5)
    return "shown" if stdtr(len(d) - 1, t) < 0.07 else "not shown"


plan = {"keepers": 11, "elders": 1}
""",
        ),
        (
            "finds keepers changed significantly and elders not, and calls it shown",
            "",
            """from scipy.special import stdtr

def decide(runs):
    k, e = np.asarray(runs["keepers"], float), np.asarray(runs["elders"], float)
    d = (k[:, 1] - k[:, 0]) - (e[:, 1] - e[:, 0])
    def p(v):
        return stdtr(5, v.mean() / (v.std(ddof=1) / 6 ** 0.5))
    return "shown" if p(k[:, 1] - k[:, 0]) < 0.05 and p(e[:, 1] - e[:, 0]) > 0.05 else "not shown"


plan = {"keepers": 6, "elders": 6}
""",
        ),
        (
            "guesses that an effect worth showing is beyond 0.3 in the mean",
            "",
            """def decide(runs):
    k, e = np.asarray(runs["keepers"], float), np.asarray(runs["elders"], float)
    d = (k[:, 1] - k[:, 0]) - (e[:, 1] - e[:, 0])
    return "shown" if d.mean() < -0.3 else "not shown"


plan = {"keepers": 6, "elders": 6}
""",
        ),
        (
            "demands that keepers beat plain, elders and saints each, by their means",
            "",
            """def decide(runs):
    c = {q: np.diff(np.asarray(v, float), axis=1)[:, 0] for q, v in runs.items()}
    return "shown" if all(c["keepers"].mean() < c[q].mean() - 0.1 for q in ("plain", "elders", "saints")) else "not shown"


plan = {"plain": 3, "keepers": 3, "elders": 3, "saints": 3}
""",
        ),
        (
            "pools plain, elders and saints into one control",
            "",
            """from scipy.special import stdtr

def decide(runs):
    c = {q: np.diff(np.asarray(v, float), axis=1)[:, 0] for q, v in runs.items()}
    d = c["keepers"] - (c["plain"] + c["elders"] + c["saints"]) / 3
    t = (d.mean() + 0.1) / (d.std(ddof=1) / len(d) ** 0.5)
    return "shown" if stdtr(len(d) - 1, t) < 0.07 else "not shown"


plan = {"plain": 3, "keepers": 3, "elders": 3, "saints": 3}
""",
        ),
        (
            "adjusts the level after for the level before by regression over both arms",
            "",
            """from scipy.special import stdtr

def decide(runs):
    k, e = np.asarray(runs["keepers"], float), np.asarray(runs["elders"], float)
    d = (k[:, 1] - k[:, 0]) - (e[:, 1] - e[:, 0])
    x = np.concatenate([k[:, 0], e[:, 0]])
    y = np.concatenate([k[:, 1], e[:, 1]])
    X = np.stack([np.ones(12), np.r_[np.ones(6), np.zeros(6)], x], 1)
    b, *_ = np.linalg.lstsq(X, y, rcond=None)
    s2 = ((y - X @ b) ** 2).sum() / 9
    se = np.sqrt(s2 * np.linalg.inv(X.T @ X)[1, 1])
    return "shown" if stdtr(9, (b[1] + 0.1) / se) < 0.07 else "not shown"


plan = {"keepers": 6, "elders": 6}
""",
        ),
        (
            "says shown unless the numbers refute the claim",
            "",
            """from scipy.special import stdtr

def decide(runs):
    k, e = np.asarray(runs["keepers"], float), np.asarray(runs["elders"], float)
    d = (k[:, 1] - k[:, 0]) - (e[:, 1] - e[:, 0])
    t = (d.mean() + 0.1) / (d.std(ddof=1) / 6 ** 0.5)
    return "shown" if stdtr(5, t) < 0.95 else "not shown"


plan = {"keepers": 6, "elders": 6}
""",
        ),
        (
            "looks after two pairs and again after each further one, and stops when it is significant",
            "",
            """from scipy.special import stdtr

def decide(runs):
    k, e = np.asarray(runs["keepers"], float), np.asarray(runs["elders"], float)
    d = (k[:, 1] - k[:, 0]) - (e[:, 1] - e[:, 0])
    for n in range(2, 7):
        t = (d[:n].mean() + 0.1) / (d[:n].std(ddof=1) / n ** 0.5)
        if stdtr(n - 1, t) < 0.1:
            return "shown"
    return "not shown"


plan = {"keepers": 6, "elders": 6}
""",
        ),
        (
            "takes the scatter of the elders for all the noise there is",
            "",
            """from scipy.special import stdtr

def decide(runs):
    k, e = np.asarray(runs["keepers"], float), np.asarray(runs["elders"], float)
    d = (k[:, 1] - k[:, 0]) - (e[:, 1] - e[:, 0])
    c = e[:, 1] - e[:, 0]
    t = (d.mean() + 0.1) / (c.std(ddof=1) * (2 / 6) ** 0.5)
    return "shown" if stdtr(5, t) < 0.05 else "not shown"


plan = {"keepers": 6, "elders": 6}
""",
        ),
        (
            "compares the best keeper with the worst elder",
            "",
            """def decide(runs):
    k, e = np.asarray(runs["keepers"], float), np.asarray(runs["elders"], float)
    d = (k[:, 1] - k[:, 0]) - (e[:, 1] - e[:, 0])
    return "shown" if (k[:, 1] - k[:, 0]).min() < (e[:, 1] - e[:, 0]).max() - 0.1 else "not shown"


plan = {"keepers": 6, "elders": 6}
""",
        ),
    ],
}
