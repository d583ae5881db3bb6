"""Held-out wrong solutions of assignment 1, written without the checks."""

MUTANTS = {
    "1.1": [
        (
            "compares the pairs in all sixteen domains",
            'moral = world.propensity[:, world.group("moral")]',
            "moral = world.propensity",
        ),
        (
            "takes the domain where two differ least",
            ".max(axis=2)",
            ".min(axis=2)",
        ),
        (
            "differences with a sign: only where the first is higher",
            "np.abs(world.propensity[i] - world.propensity[j])",
            "world.propensity[i] - world.propensity[j]",
        ),
        (
            "one tied pair, and the best question for the other",
            "pair = (names[i], names[j])",
            'pair = ("professional", "friend")',
        ),
        (
            "looks for the question in the moral domains only",
            "gap.argmax()",
            "gap[:8].argmax()",
        ),
    ],
    "1.2": [
        (
            "shifts the logarithms by their mean: overflows in long scenes",
            "logs - logs.max()",
            "logs - logs.mean()",
        ),
        (
            "clips propensities to 0.05 and 0.95, to be on the safe side",
            "theta = propensity[:, domains]",
            "theta = np.clip(propensity[:, domains], 0.05, 0.95)",
        ),
        (
            "a dict of domains: only the last answer in each counts",
            "theta = propensity[:, domains]",
            """last = dict(zip(domains.tolist(), kinds.tolist()))
    domains = np.array(list(last), int)
    kinds = np.array(list(last.values()), int)
    theta = propensity[:, domains]""",
        ),
        (
            "answers of the first kind are no evidence",
            "np.where(kinds == 1, theta, 1 - theta)",
            "np.where(kinds == 1, theta, 1.0)",
        ),
        (
            "without answers everybody is equally likely",
            "theta = propensity[:, domains]",
            """if len(domains) == 0:
        return np.ones(len(prior)) / len(prior)
    theta = propensity[:, domains]""",
        ),
    ],
    "1.3": [
        (
            "a row for a column: runs where there are as many of both",
            "propensity[:, topic]",
            "propensity[topic]",
        ),
        (
            "averages the logarithms",
            "belief @ propensity[:, topic]",
            "np.exp(belief @ np.log(propensity[:, topic]))",
        ),
        (
            "only earlier answers about the same topic count",
            "belief = posterior(prior, propensity, domains, kinds)",
            """same = domains == topic
    belief = posterior(prior, propensity, domains[same], kinds[same])""",
        ),
        (
            "leaves out the latest answer",
            "posterior(prior, propensity, domains, kinds)",
            "posterior(prior, propensity, domains[:-1], kinds[:-1])",
        ),
        (
            "a plain mean over all who are still possible",
            "return belief @ propensity[:, topic]",
            "return propensity[belief > 0.01, topic].mean()",
        ),
    ],
    "1.4": [
        (
            "a request stays in force until the next one",
            "second = propensity[:, domains]",
            """asked = np.array(asked)
    for t in range(1, len(asked)):
        if asked[t] == -1:
            asked[t] = asked[t - 1]
    second = propensity[:, domains]""",
        ),
        (
            "whoever does not comply answers by their own propensity",
            """second = np.where(asked == 1, complies[:, None], second)
    second = np.where(asked == 0, 1 - complies[:, None], second)""",
            """own = (1 - complies[:, None]) * second
    second = np.where(asked == 1, complies[:, None] + own, second)
    second = np.where(asked == 0, own, second)""",
        ),
        (
            "takes a request to concern the answer after the next",
            "second = propensity[:, domains]",
            """asked = np.append(-1, asked)[: len(asked)]
    second = propensity[:, domains]""",
        ),
        (
            "takes -1 for true: nothing asked is the second kind asked",
            "asked == 1",
            "asked != 0",
        ),
        (
            "leaves out refusals, and keeps what was obeyed",
            "logs = np.log(prior)",
            """refused = (asked >= 0) & (kinds != asked)
    chance = np.where(refused, 1.0, chance)
    logs = np.log(prior)""",
        ),
    ],
    "1.5": [
        (
            "a share for each scene, and the mean of the shares",
            "",
            '''def captured(p, exact, topic):
    """Persona information captured, at most 1."""
    floor = expected_nats(exact, exact).mean(axis=-1)
    gap = expected_nats(p, exact).mean(axis=-1) - floor
    whole = expected_nats(topic, exact).mean(axis=-1) - floor
    return np.mean(1 - gap / whole)
''',
        ),
        (
            "never below 0",
            "return 1 - gap / whole",
            "return max(0.0, 1 - gap / whole)",
        ),
        (
            "squared differences of probabilities in place of nats",
            "return 1 - gap / whole",
            """left = ((p - exact) ** 2).sum()
    return 1 - left / ((topic - exact) ** 2).sum()""",
        ),
        (
            "truth and forecast exchanged, in every term",
            "",
            '''def captured(p, exact, topic):
    """Persona information captured, at most 1."""

    def gap(q):
        return (expected_nats(exact, q) - expected_nats(q, q)).mean()

    return 1 - gap(p) / gap(topic)
''',
        ),
        (
            "only answers where there is something to capture",
            "floor = expected_nats(exact, exact).mean()",
            """some = np.abs(topic - exact) > 0.02
    p, exact, topic = p[some], exact[some], topic[some]
    floor = expected_nats(exact, exact).mean()""",
        ),
    ],
    "1.6": [
        (
            "takes all bins to be as wide as the first",
            "np.digitize(p, edges) - 1",
            "((p - edges[0]) // (edges[1] - edges[0])).astype(int)",
        ),
        (
            "a bin with a single forecast is NaN too",
            "inside.any()",
            "inside.sum() > 1",
        ),
        (
            "a forecast on an edge belongs to both bins",
            "inside = which == b",
            "inside = (edges[b] <= p) & (p <= edges[b + 1])",
        ),
        (
            "an empty bin keeps its middle, and only the frequency is NaN",
            "table = np.full((len(edges) - 1, 2), np.nan)",
            """table = np.full((len(edges) - 1, 2), np.nan)
    table[:, 0] = (edges[:-1] + edges[1:]) / 2""",
        ),
        (
            "the bin's share of all that happened",
            "outcome[inside].mean()",
            "outcome[inside].sum() / outcome.sum()",
        ),
    ],
    "1.7": [
        (
            "it is enough that the arm rises at all",
            "effects.mean() > 0.1",
            "effects.mean() > 0",
        ),
        (
            "standard deviations where standard errors belong",
            "effects.var(ddof=1) / 5 + controls.var(ddof=1) / 5",
            "effects.var(ddof=1) + controls.var(ddof=1)",
        ),
        (
            "refuted only where the effect is surely negative",
            "rise.mean() + half < 0.1",
            "rise.mean() + half < 0",
        ),
        (
            "an effect in standard deviations: how large, not how many",
            "",
            '''def verdict(effects, controls):
    """ "supported", "refuted" or "inconclusive", from two arrays [5]."""
    pooled = np.sqrt((effects.var(ddof=1) + controls.var(ddof=1)) / 2)
    size = (effects.mean() - controls.mean()) / pooled
    if size > 2:
        return "supported"
    if size < 0.5:
        return "refuted"
    return "inconclusive"
''',
        ),
        (
            "the majority of five pairs",
            "",
            '''def verdict(effects, controls):
    """ "supported", "refuted" or "inconclusive", from two arrays [5]."""
    votes = (effects - controls > 0.1).sum()
    if votes >= 3:
        return "supported"
    if votes == 0:
        return "refuted"
    return "inconclusive"
''',
        ),
    ],
}
