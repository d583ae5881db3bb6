"""Plausible wrong solutions of assignment 1.

For each exercise: what is wrong, the words of the solution that are changed,
and what stands there instead. Where the first is empty, the second is the
whole cell.
"""


def pair(one: str, other: str, question: str) -> str:
    return f'pair = ("{one}", "{other}")\nask_about = "{question}"'


LOGS = "logs = np.log(prior) + np.log(chance).sum(axis=1)"
NORMAL = "return weights / weights.sum()"
SIGN = "def posterior(prior, propensity, domains, kinds):\n"
LOOP = (
    SIGN
    + """    belief = prior.copy()
    for d, k in zip(domains, kinds):
        theta = propensity[:, d]
        {}
    return belief / belief.sum()
"""
)
ASKED = "second = np.where(asked == {}, {}complies[:, None], second)"
DIGITIZE = "np.digitize(p, edges) - 1"
ROW = "p[inside].mean(), outcome[inside].mean()"
RULE = '''def verdict(effects, controls):
    """ "supported", "refuted" or "inconclusive", from two arrays [5]."""
'''

MUTANTS = {
    "1.1": [
        ("the pair that differs most", "np.inf)", "-1)\napart = -apart"),
        ("each is nearest to itself", "np.fill_diagonal(apart, np.inf)", ""),
        (
            "over all domains, not only the moral ones",
            'world.propensity[:, world.group("moral")]',
            "world.propensity[:, 1:]",
        ),
        (
            "differ by the domain where they differ least",
            ".max(axis=2)",
            ".min(axis=2)",
        ),
        (
            "signs kept, so that a large negative difference is least",
            "np.abs(moral[:, None] - moral[None])",
            "(moral[:, None] - moral[None])",
        ),
        (
            "the question that tells them apart worst",
            "gap.argmax()",
            "gap.argmin()",
        ),
        (
            "the question without the sign",
            "gap = np.abs(world.propensity[i] - world.propensity[j])",
            "gap = world.propensity[i] - world.propensity[j]",
        ),
        (
            "the moral question that tells them apart best",
            "gap.argmax()",
            "gap[:8].argmax()",
        ),
        ("positions, not names", "(names[i], names[j])", "(i, j)"),
        (
            "a position, not a domain's name",
            "world.domains[gap.argmax()].name",
            "gap.argmax()",
        ),
        ("one name only", "(names[i], names[j])", "names[i]"),
        ("the two alike at a glance", "", pair("saint", "friend", "greeting")),
        ("two villains", "", pair("villain", "scoundrel", "greeting")),
        (
            "the question of the other pair",
            "",
            pair("friend", "professional", "clothes"),
        ),
        ("the least likely two", "apart.argmin()", "world.prior.argmin()"),
    ],
    "1.2": [
        ("no prior", "np.log(prior) + ", ""),
        (
            "propensity for both kinds",
            "kinds == 1, theta, 1 - theta",
            "1, theta, 0",
        ),
        ("kinds exchanged", "kinds == 1", "kinds == 0"),
        ("not normalised", NORMAL, "return prior * chance.prod(axis=1)"),
        (
            "product underflows",
            LOGS,
            "logs = np.log(prior * chance.prod(axis=1))",
        ),
        (
            "product underflows, mended with a small number",
            LOGS,
            "logs = np.log(prior * chance.prod(axis=1) + 1e-300)",
        ),
        (
            "exponential underflows",
            "np.exp(logs - logs.max())",
            "np.exp(logs)",
        ),
        (
            "sum of likelihoods",
            LOGS,
            "logs = np.log(prior * chance.sum(axis=1))",
        ),
        ("mean of log-likelihoods", ".sum(axis=1)", ".mean(axis=1)"),
        (
            "summed over personas",
            "np.log(chance).sum(axis=1)",
            "np.log(chance).sum()",
        ),
        (
            "logarithms returned",
            NORMAL,
            "return np.log(weights / weights.sum())",
        ),
        (
            "softmax over weights",
            NORMAL,
            "return np.exp(weights) / np.exp(weights).sum()",
        ),
        (
            "prior at every answer",
            LOGS,
            "logs = np.log(prior[:, None] * chance).sum(axis=1)",
        ),
        (
            "hard choice of the likeliest",
            NORMAL,
            "return np.eye(len(prior))[logs.argmax()]",
        ),
        (
            "overwritten at each answer",
            "",
            LOOP.format("belief = prior * (theta if k == 1 else 1 - theta)"),
        ),
        (
            "returns after the first answer",
            "",
            LOOP.format(
                "return prior * (theta * k + (1 - theta) * (1 - k)) / "
                "(prior * (theta * k + (1 - theta) * (1 - k))).sum()"
            ),
        ),
        (
            "loop that never normalises on the way",
            "",
            LOOP.format("belief = belief * (theta if k == 1 else 1 - theta)"),
        ),
        (
            "changes the prior",
            "",
            LOOP.replace(".copy()", "").format(
                "belief *= theta if k == 1 else 1 - theta"
            ),
        ),
        (
            "long scenes decided by the likeliest persona",
            NORMAL,
            "if len(kinds) > 500:\n"
            "        return np.eye(len(prior))[logs.argmax()]\n    " + NORMAL,
        ),
        (
            "long scenes cut to their last 100 answers",
            "theta = propensity[:, domains]",
            "kinds = kinds[-100:]\n    theta = propensity[:, domains[-100:]]",
        ),
    ],
    "1.3": [
        (
            "likeliest persona only",
            "return belief @ propensity[:, topic]",
            "return propensity[belief.argmax(), topic]",
        ),
        (
            "prior, not posterior",
            "posterior(prior, propensity, domains, kinds)",
            "prior",
        ),
        ("first kind", "propensity[:, topic]", "(1 - propensity[:, topic])"),
        (
            "unweighted",
            "return belief @ propensity[:, topic]",
            "return propensity[:, topic].mean()",
        ),
        (
            "a vector",
            "belief @ propensity[:, topic]",
            "belief * propensity[:, topic]",
        ),
        ("all domains", "propensity[:, topic]", "propensity"),
        (
            "last domain",
            "propensity[:, topic]",
            "propensity[:, domains[-1]] if len(domains) else prior @ "
            "propensity[:, topic]",
        ),
        (
            "mean of the weighted, not sum",
            "belief @ propensity[:, topic]",
            "(belief * propensity[:, topic]).mean()",
        ),
        (
            "hard kind",
            "return belief @ propensity[:, topic]",
            "return int(belief @ propensity[:, topic] > 0.5)",
        ),
        (
            "prior counted twice",
            "return belief @",
            "belief = prior * belief / (prior @ belief)\n    return belief @",
        ),
        (
            "last answer not heard",
            "domains, kinds)\n    return",
            "domains[:-1], kinds[:-1])\n    return",
        ),
        (
            "a row for a column",
            "propensity[:, topic]",
            "propensity[topic][: len(belief)].mean() * np.ones(len(belief))",
        ),
        (
            "share of second kinds so far",
            "return belief @ propensity[:, topic]",
            "return kinds.mean() if len(kinds) else 0.5",
        ),
        (
            "only answers on the same topic are heard",
            "posterior(prior, propensity, domains, kinds)",
            "posterior(prior, propensity, domains[domains == topic], "
            "kinds[domains == topic])",
        ),
        (
            "equal prior",
            "posterior(prior, ",
            "posterior(np.ones_like(prior) / len(prior), ",
        ),
        (
            "weights by odds",
            "return belief @ propensity[:, topic]",
            "x = propensity[:, topic]\n"
            "    odds = belief @ (x / (1 - x))\n"
            "    return odds / (1 + odds)",
        ),
    ],
    "1.4": [
        (
            "requests ignored",
            "return weights",
            "return posterior(prior, propensity, domains, kinds)\n"
            "    return weights",
        ),
        (
            "request for the first kind read as one for the second",
            ASKED.format(0, "1 - "),
            ASKED.format(0, ""),
        ),
        ("request for the first kind ignored", "asked == 0", "asked == 5"),
        ("request for the second kind ignored", "asked == 1", "asked == 5"),
        (
            "answers to requests left out",
            "logs = np.log(prior)",
            "chance = np.where(asked >= 0, 1.0, chance)\n"
            "    logs = np.log(prior)",
        ),
        (
            "refusals left out",
            "logs = np.log(prior)",
            "chance = np.where((asked >= 0) & (kinds != asked), 1.0, "
            "chance)\n"
            "    logs = np.log(prior)",
        ),
        (
            "obedient answers left out",
            "logs = np.log(prior)",
            "chance = np.where(kinds == asked, 1.0, chance)\n"
            "    logs = np.log(prior)",
        ),
        ("everybody obeys alike", "complies[:, None]", "complies.mean()"),
        (
            "obey and refuse exchanged",
            "complies[:, None]",
            "(1 - complies[:, None])",
        ),
        (
            "multiplied with the propensity",
            ASKED.format(1, ""),
            "second = np.where(asked == 1, complies[:, None] * "
            "second, second)",
        ),
        ("no prior", "np.log(prior) + ", ""),
        (
            "-1 read as a request for the first kind",
            "asked == 0",
            "asked <= 0",
        ),
        ("-1 read as true", "asked == 1", "asked != 0"),
        (
            "kind for what was asked",
            "np.where(asked == 1",
            "np.where((asked >= 0) & (kinds == 1)",
        ),
        (
            "obedience averaged with the propensity",
            ASKED.format(1, ""),
            "second = np.where(asked == 1, (complies[:, None] + "
            "second) / 2, second)",
        ),
        ("not normalised", NORMAL, "return weights"),
        (
            "refusal as a free answer",
            "logs = np.log(prior)",
            "free = np.where(kinds == 1, propensity[:, domains], 1 - "
            "propensity[:, domains])\n"
            "    chance = np.where((asked >= 0) & (kinds != asked), "
            "free, chance)\n"
            "    logs = np.log(prior)",
        ),
        (
            "fails where nobody has answered",
            "second = propensity[:, domains]",
            "domains[0]\n    second = propensity[:, domains]",
        ),
    ],
    "1.5": [
        ("share that is missing", "1 - gap / whole", "gap / whole"),
        ("floor left in", " - floor", ""),
        (
            "mean of ratios",
            "return 1 - gap / whole",
            "low = expected_nats(exact, exact)\n"
            "    return 1 - ((expected_nats(p, exact) - low) / "
            "(expected_nats(topic, exact) - low)).mean()",
        ),
        (
            "mean over scenes of ratios",
            "return 1 - gap / whole",
            "low = expected_nats(exact, exact)\n"
            "    one = (expected_nats(p, exact) - low).mean(axis=-1)\n"
            "    return 1 - (one / (expected_nats(topic, exact) - "
            "low).mean(axis=-1)).mean()",
        ),
        (
            "squared errors",
            "",
            "def captured(p, exact, topic):\n"
            "    return 1 - ((p - exact) ** 2).mean() / ((topic - "
            "exact) ** 2).mean()\n",
        ),
        (
            "absolute errors",
            "",
            "def captured(p, exact, topic):\n"
            "    return 1 - np.abs(p - exact).mean() / np.abs(topic "
            "- exact).mean()\n",
        ),
        (
            "cut off at zero",
            "return 1 - gap / whole",
            "return max(0.0, 1 - gap / whole)",
        ),
        ("readers exchanged", "1 - gap / whole", "1 - whole / gap"),
        (
            "arguments exchanged",
            "expected_nats(p, exact)",
            "expected_nats(exact, p)",
        ),
        (
            "the network expects itself",
            "expected_nats(p, exact)",
            "expected_nats(p, p)",
        ),
        ("percent", "1 - gap / whole", "100 * (1 - gap / whole)"),
        ("the gap in nats", "1 - gap / whole", "gap"),
        ("nats captured", "1 - gap / whole", "whole - gap"),
        ("one number for each scene", ".mean()", ".mean(axis=-1)"),
        (
            "correlation with the exact reader",
            "return 1 - gap / whole",
            "return np.corrcoef(p.ravel(), exact.ravel())[0, 1]",
        ),
        (
            "the topic reader stands against itself",
            "expected_nats(topic, exact)",
            "expected_nats(topic, topic)",
        ),
        (
            "worst reader for the topic",
            "expected_nats(topic, exact)",
            "expected_nats(np.full_like(exact, 0.5), exact)",
        ),
        (
            "never more than one, whatever the sign",
            "1 - gap / whole",
            "1 - abs(gap) / max(whole, gap)",
        ),
    ],
    "1.6": [
        ("columns exchanged", ROW, "outcome[inside].mean(), p[inside].mean()"),
        (
            "middle of the bin",
            ROW,
            "(edges[b] + edges[b + 1]) / 2, outcome[inside].mean()",
        ),
        ("lower edge of the bin", ROW, "edges[b], outcome[inside].mean()"),
        ("edge below", DIGITIZE, "np.digitize(p, edges, right=True) - 1"),
        (
            "searchsorted from the left",
            DIGITIZE,
            "np.searchsorted(edges, p) - 1",
        ),
        ("zero in an empty bin", "np.nan", "0.0"),
        (
            "empty bins left out",
            "return table",
            "return table[~np.isnan(table).any(axis=1)]",
        ),
        ("off by one", DIGITIZE, "np.digitize(p, edges)"),
        ("counts", "outcome[inside].mean()", "outcome[inside].sum()"),
        (
            "share of all forecasts",
            "outcome[inside].mean()",
            "outcome[inside].sum() / len(p)",
        ),
        (
            "same frequency everywhere",
            "outcome[inside].mean()",
            "outcome.mean()",
        ),
        ("equally wide bins", DIGITIZE, "(p * (len(edges) - 1)).astype(int)"),
        ("one bin too many", "len(edges) - 1, 2", "len(edges), 2"),
        ("transposed", "return table", "return table.T"),
        ("cumulative bins", "which == b", "which <= b"),
        (
            "bins by count",
            DIGITIZE,
            "p.argsort().argsort() * (len(edges) - 1) // len(p)",
        ),
        (
            "outcomes rounded forecasts",
            "outcome[inside].mean()",
            "(p[inside] > 0.5).mean()",
        ),
        (
            "did not happen",
            "outcome[inside].mean()",
            "1 - outcome[inside].mean()",
        ),
        (
            "forecast of those that came true",
            "p[inside].mean()",
            "p[inside & (outcome == 1)].mean()",
        ),
    ],
    "1.7": [
        ("no control", "effects - controls.mean()", "effects"),
        ("no spread", "np.sqrt(spread)", "0 * spread"),
        ("control alone decides nothing", " and effects.mean() > 0.1", ""),
        (
            "size without sign",
            "rise.mean() - half > 0.1 and effects.mean() > 0.1",
            "abs(rise.mean()) - half > 0.1",
        ),
        (
            "significantly above zero, not above the threshold",
            "half > 0.1 and effects.mean() > 0.1",
            "half > 0",
        ),
        ("never refuted", '"refuted"', '"inconclusive"'),
        ("refuted only below zero", "half < 0.1", "half < 0"),
        ("no third verdict", '"inconclusive"', '"refuted"'),
        ("never supported", '"supported"', '"inconclusive"'),
        (
            "interval on the wrong side",
            "rise.mean() - half > 0.1",
            "rise.mean() + half > 0.1",
        ),
        (
            "spread of single networks, not of the mean",
            "effects.var(ddof=1) / 5 + controls.var(ddof=1) / 5",
            "25 * (effects.var() + controls.var())",
        ),
        (
            "threshold after the fact",
            "",
            RULE
            + (
                "    level = effects.mean() / 2\n"
                "    if effects.min() > level:\n"
                '        return "supported"\n'
                '    return "refuted" if effects.mean() < 0.1 else '
                '"inconclusive"\n'
            ),
        ),
        (
            "fixed margin that fits one spread",
            "half = 2.2 * np.sqrt(spread)",
            "half = 0.05",
        ),
        (
            "best of five",
            "rise.mean() - half > 0.1 and effects.mean() > 0.1",
            "rise.max() > 0.1",
        ),
        (
            "majority of networks",
            "",
            RULE
            + (
                "    if (effects - controls > 0.1).sum() >= 3:\n"
                '        return "supported"\n'
                '    return "refuted"\n'
            ),
        ),
        ("true and false", '"supported"', "True"),
        ("other words", '"supported"', '"Supported"'),
        ("supported unless refuted", '"inconclusive"', '"supported"'),
        (
            "all five above the threshold, no spread",
            "",
            RULE
            + (
                "    rise = effects - controls\n"
                "    if (rise > 0).all():\n"
                '        return "supported"\n'
                '    return "refuted" if (rise < 0.1).all() else '
                '"inconclusive"\n'
            ),
        ),
        (
            "control must only be quiet",
            "",
            RULE
            + (
                "    half = 2.8 * effects.std(ddof=1) / 5**0.5\n"
                "    if effects.mean() - half > 0.1 and "
                "abs(controls.mean()) < 0.5:\n"
                '        return "supported"\n'
                '    return "refuted" if effects.mean() + half < 0.1 '
                'else "inconclusive"\n'
            ),
        ),
        (
            "pairs with the wrong sign",
            "effects - controls.mean()",
            "controls - effects.mean()",
        ),
    ],
}
