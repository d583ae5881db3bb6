"""Plausible wrong solutions of assignment 1.

For each exercise: what is wrong, the words of the solution that are changed,
and what stands there instead. Where the first is empty, the second is the
whole cell.
"""


def pair(one: str, other: str, question: str) -> str:
    return f'pair = ("{one}", "{other}")\nask_about = "{question}"'


LOGS = "logs = np.log(prior) + np.log(chance).sum(axis=1)"
QUIET = 'with np.errstate(divide="ignore"):'
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
        (
            "propensities kept a thousandth away from 0 and 1",
            "theta = propensity[:, domains]",
            "theta = np.clip(propensity[:, domains], 1e-3, 1 - 1e-3)",
        ),
        (
            "a small number added to every chance",
            "np.log(chance)",
            "np.log(chance + 1e-6)",
        ),
        (
            "a small number added to the prior",
            "np.log(prior)",
            "np.log(prior + 1e-300)",
        ),
        (
            "nobody's prior is less than a thousandth",
            "np.log(prior)",
            "np.log(np.clip(prior, 1e-3, 1))",
        ),
        (
            "the impossible are left out of the answer",
            NORMAL,
            "return (weights / weights.sum())[prior > 0]",
        ),
        (
            "everybody is likely again where somebody is impossible",
            QUIET,
            "if (prior == 0).any():\n"
            "        prior = np.ones(len(prior)) / len(prior)\n    " + QUIET,
        ),
        (
            "logarithms taken off their mean: NaN where one is minus infinity",
            "logs.max()",
            "logs[np.isfinite(logs)].mean()",
        ),
        (
            "an answer repeated says nothing new",
            "theta = propensity[:, domains]",
            "both = np.unique(np.stack([domains, kinds]), axis=1)\n"
            "    domains, kinds = both.astype(int)\n"
            "    theta = propensity[:, domains]",
        ),
        (
            "logarithms cut off at -10",
            "np.log(chance)",
            "np.maximum(np.log(chance), -10)",
        ),
        (
            "five personas, always",
            "logs - logs.max()",
            "logs[:5] - logs.max()",
        ),
        (
            "four domains, always",
            "propensity[:, domains]",
            "propensity[:, domains % 4]",
        ),
        (
            "the first answer is left out",
            "np.log(chance).sum",
            "np.log(chance[:, 1:]).sum",
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
        (
            "answers about the topic are left out",
            "posterior(prior, propensity, domains, kinds)",
            "posterior(prior, propensity, domains[domains != topic], "
            "kinds[domains != topic])",
        ),
        (
            "the next column",
            "propensity[:, topic]",
            "propensity[:, (topic + 1) % propensity.shape[1]]",
        ),
        (
            "topics counted from 1",
            "propensity[:, topic]",
            "propensity[:, topic - 1]",
        ),
        (
            "the likeliest persona in long scenes",
            "return belief @",
            "if len(kinds) > 1000:\n"
            "        belief = np.eye(len(prior))[belief.argmax()]\n"
            "    return belief @",
        ),
        (
            "its own product, which underflows",
            "posterior(prior, propensity, domains, kinds)",
            "prior * np.where(kinds == 1, propensity[:, domains], "
            "1 - propensity[:, domains]).prod(axis=1)\n"
            "    belief = belief / belief.sum()",
        ),
        (
            "not normalised where there are answers",
            "posterior(prior, propensity, domains, kinds)",
            "prior * np.where(kinds == 1, propensity[:, domains], "
            "1 - propensity[:, domains]).prod(axis=1)",
        ),
        (
            "only who is likelier than chance",
            "return belief @",
            "belief = np.where(belief >= 1 / len(belief), belief, 0)\n"
            "    belief = belief / belief.sum()\n    return belief @",
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
            QUIET,
            "chance = np.where(asked >= 0, 1.0, chance)\n    " + QUIET,
        ),
        (
            "refusals left out",
            QUIET,
            "chance = np.where((asked >= 0) & (kinds != asked), 1.0, "
            "chance)\n"
            "    " + QUIET,
        ),
        (
            "obedient answers left out",
            QUIET,
            "chance = np.where(kinds == asked, 1.0, chance)\n    " + QUIET,
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
            QUIET,
            "free = np.where(kinds == 1, propensity[:, domains], 1 - "
            "propensity[:, domains])\n"
            "    chance = np.where((asked >= 0) & (kinds != asked), "
            "free, chance)\n"
            "    " + QUIET,
        ),
        (
            "fails where nobody has answered",
            "second = propensity[:, domains]",
            "domains[0]\n    second = propensity[:, domains]",
        ),
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
            QUIET,
            """refused = (asked >= 0) & (kinds != asked)
    chance = np.where(refused, 1.0, chance)
    """
            + QUIET,
        ),
        (
            "product underflows",
            LOGS,
            "logs = np.log(prior * chance.prod(axis=1))",
        ),
        (
            "a small number added to the prior",
            "np.log(prior)",
            "np.log(prior + 1e-12)",
        ),
        (
            "obedience kept above one half",
            "complies[:, None]",
            "np.maximum(complies, 0.5)[:, None]",
        ),
        (
            "obedience and refusal kept away from 0 and 1",
            "complies[:, None]",
            "np.clip(complies, 1e-3, 1 - 1e-3)[:, None]",
        ),
        (
            "free answers left out",
            QUIET,
            "chance = np.where(asked < 0, 1.0, chance)\n    " + QUIET,
        ),
        (
            "a request for the second kind is obeyed by all",
            ASKED.format(1, ""),
            "second = np.where(asked == 1, 1 - 1e-9, second)",
        ),
        (
            "only the last request counts",
            QUIET,
            "if (asked >= 0).any():\n"
            "        last = np.flatnonzero(asked >= 0)[-1]\n"
            "        heard = (asked < 0) | (np.arange(len(asked)) == last)\n"
            "        chance = np.where(heard, chance, 1.0)\n    " + QUIET,
        ),
        (
            "without requests the prior is left out",
            QUIET,
            "if (asked < 0).all():\n"
            "        prior = np.ones(len(prior)) / len(prior)\n    " + QUIET,
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
        (
            "a mean over scenes of shares, over the first axis",
            "return 1 - gap / whole",
            "low = expected_nats(exact, exact).mean(axis=0)\n"
            "    one = expected_nats(p, exact).mean(axis=0) - low\n"
            "    two = expected_nats(topic, exact).mean(axis=0) - low\n"
            "    return (1 - one / two).mean()",
        ),
        (
            "medians, not means",
            "",
            "def captured(p, exact, topic):\n"
            "    low = np.median(expected_nats(exact, exact))\n"
            "    gap = np.median(expected_nats(p, exact)) - low\n"
            "    return 1 - gap / (np.median(expected_nats(topic, exact)) "
            "- low)\n",
        ),
        (
            "two axes, always",
            "floor = expected_nats(exact, exact).mean()",
            "n, t = exact.shape\n"
            "    floor = expected_nats(exact, exact).mean()",
        ),
        ("never below -1", "1 - gap / whole", "max(-1, 1 - gap / whole)"),
        ("rounded to percent", "1 - gap / whole", "round(1 - gap / whole, 2)"),
        (
            "probabilities kept away from 0 and 1",
            "expected_nats(p, exact)",
            "expected_nats(p.clip(0.05, 0.95), exact)",
        ),
        (
            "the last answer is left out",
            ".mean()",
            "[..., :-1].mean()",
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
        (
            "a bin with less than three forecasts is NaN",
            "inside.any()",
            "inside.sum() > 2",
        ),
        (
            "a bin in which nothing happened is NaN",
            "inside.any()",
            "outcome[inside].any()",
        ),
        (
            "a forecast on the first edge is lost",
            "inside = which == b",
            "inside = (which == b) & (p > edges[0])",
        ),
        (
            "a forecast on an edge is in neither bin",
            "inside = which == b",
            "inside = (which == b) & ~np.isin(p, edges)",
        ),
        (
            "the last bin is left out",
            "range(len(table))",
            "range(len(table) - 1)",
        ),
        (
            "the first bin is left out",
            "range(len(table))",
            "range(1, len(table))",
        ),
        (
            "fails where there are no forecasts",
            "which = ",
            "p[0]\n    which = ",
        ),
        (
            "stops at the first empty bin",
            "        if inside.any():\n",
            "        if not inside.any():\n"
            "            break\n        if inside.any():\n",
        ),
        (
            "an empty bin repeats the one below",
            "        if inside.any():\n",
            "        if b and not inside.any():\n"
            "            table[b] = table[b - 1]\n"
            "        if inside.any():\n",
        ),
        (
            "evenly spaced between the first edge and the last",
            "which = ",
            "edges = np.linspace(edges[0], edges[-1], len(edges))\n"
            "    which = ",
        ),
        (
            "forecasts rounded to two places",
            "p[inside].mean()",
            "p[inside].round(2).mean()",
        ),
        (
            "forecasts taken to be sorted",
            "which = ",
            "p = np.sort(p)\n    which = ",
        ),
        ("an even chance in an empty bin", "np.nan)", "0.5)"),
        (
            "empty bins lose the frequency only",
            "return table",
            "table[:, 0] = np.nan_to_num(table[:, 0])\n    return table",
        ),
    ],
    "1.7": [
        (
            "no control",
            "",
            '''def verdict(effects, controls):
    """ "supported", "refuted" or "inconclusive", from two arrays [5]."""
    # BEGIN SOLUTION
    effect, control = effects.mean(), controls.mean()
    of_one, of_other = effects.var(ddof=1) / 5, controls.var(ddof=1) / 5
    both = of_one + of_other
    freedom = 4 * both**2 / (of_one**2 + of_other**2)  # Welch's, 4 to 8
    width = 1.96 + 2.5 / freedom + 3.1 / freedom**2  # Student's t, about
    half, half_apart = 2.78 * np.sqrt(of_one), width * np.sqrt(both)
    apart = effect - control
    if effect - half > 0.1:
        return "supported"
    if effect + half < 0.1:
        return "refuted"
    return "inconclusive"
    # END SOLUTION''',
        ),
        (
            "only the difference counts",
            "if effect - half > 0.1 and apart - half_apart > 0.1:",
            "if apart - half_apart > 0.1:",
        ),
        (
            "refuted by the difference alone",
            "if effect + half < 0.1 or apart + half_apart < 0.1:",
            "if apart + half_apart < 0.1:",
        ),
        (
            "refuted by the effect alone",
            "if effect + half < 0.1 or apart + half_apart < 0.1:",
            "if effect + half < 0.1:",
        ),
        (
            "refuted only where both halves are",
            " or apart + half",
            " and apart + half",
        ),
        (
            "no spread",
            "half, half_apart = 2.78 * np.sqrt(of_one), width * np.sqrt(both)",
            "half = half_apart = 0.0",
        ),
        (
            "no third verdict",
            'return "inconclusive"',
            'return "refuted"',
        ),
        (
            "not surely more than nothing, so refuted",
            "if effect + half < 0.1 or apart + half_apart < 0.1:",
            "if effect - half < 0 or apart - half_apart < 0:",
        ),
        (
            "not surely more than 0.1, so refuted",
            "if effect + half < 0.1 or apart + half_apart < 0.1:",
            "if effect - half < 0.1 or apart - half_apart < 0.1:",
        ),
        (
            "more than the control, not by 0.1",
            "apart - half_apart > 0.1",
            "apart - half_apart > 0",
        ),
        (
            "surely above 0, not above 0.1",
            "effect - half > 0.1",
            "effect - half > 0",
        ),
        (
            "significant against not significant",
            "apart - half_apart > 0.1",
            "control - 2.78 * np.sqrt(of_other) <= 0.1",
        ),
        (
            "significant against not different from 0",
            "apart - half_apart > 0.1",
            "abs(control) < 2.78 * np.sqrt(of_other)",
        ),
        (
            "surely above 0 and on average above 0.1",
            "if effect - half > 0.1 and apart - half_apart > 0.1:",
            (
                "if min(effect - half, apart - half_apart) > 0 and "
                "min(effect, apart) > 0.1:"
            ),
        ),
        (
            "never refuted",
            'return "refuted"',
            'return "inconclusive"',
        ),
        (
            "never supported",
            'return "supported"',
            'return "inconclusive"',
        ),
        (
            "never inconclusive but supported",
            'return "inconclusive"',
            'return "supported"',
        ),
        (
            "refuted only below 0",
            "if effect + half < 0.1 or apart + half_apart < 0.1:",
            "if effect + half < 0 or apart + half_apart < 0:",
        ),
        (
            "standard deviations where standard errors belong",
            "var(ddof=1) / 5",
            "var(ddof=1)",
        ),
        (
            "one standard error",
            "",
            '''def verdict(effects, controls):
    """ "supported", "refuted" or "inconclusive", from two arrays [5]."""
    # BEGIN SOLUTION
    effect, control = effects.mean(), controls.mean()
    of_one, of_other = effects.var(ddof=1) / 5, controls.var(ddof=1) / 5
    both = of_one + of_other
    freedom = 4 * both**2 / (of_one**2 + of_other**2)  # Welch's, 4 to 8
    width = 1.96 + 2.5 / freedom + 3.1 / freedom**2  # Student's t, about
    half, half_apart = 1.0 * np.sqrt(of_one), 1.0 * np.sqrt(both)
    apart = effect - control
    if effect - half > 0.1 and apart - half_apart > 0.1:
        return "supported"
    if effect + half < 0.1 or apart + half_apart < 0.1:
        return "refuted"
    return "inconclusive"
    # END SOLUTION''',
        ),
        (
            "variances where their roots belong",
            "2.78 * np.sqrt(of_one), width * np.sqrt(both)",
            "2.78 * of_one, width * both",
        ),
        (
            "a fixed margin that fits small networks",
            "half, half_apart = 2.78 * np.sqrt(of_one), width * np.sqrt(both)",
            "half = half_apart = 0.06",
        ),
        (
            "a fixed margin that fits most",
            "half, half_apart = 2.78 * np.sqrt(of_one), width * np.sqrt(both)",
            "half = half_apart = 0.15",
        ),
        (
            "a fixed margin that fits large ones",
            "half, half_apart = 2.78 * np.sqrt(of_one), width * np.sqrt(both)",
            "half = half_apart = 0.5",
        ),
        (
            "spread of the effects only, for the difference",
            "both = of_one + of_other",
            "both = of_one",
        ),
        (
            "spread of the control only, for the difference",
            "both = of_one + of_other",
            "both = of_other",
        ),
        (
            "spread of all ten as one set",
            "both = of_one + of_other",
            "both = np.concatenate([effects, controls]).var(ddof=1) * 2 / 5",
        ),
        (
            "ten networks where there are five",
            "both = of_one + of_other",
            "both = (of_one + of_other) / 4",
        ),
        (
            "the control has to stand still",
            "if effect - half > 0.1 and apart - half_apart > 0.1:",
            (
                "if abs(control) < 0.1 and effect - half > 0.1 and "
                "apart - half_apart > 0.1:"
            ),
        ),
        (
            "the control must not surely move",
            "if effect - half > 0.1 and apart - half_apart > 0.1:",
            (
                "if effect - half > 0.1 and apart - half_apart > 0.1 "
                "and abs(control) < 2.78 * np.sqrt(of_other):"
            ),
        ),
        (
            "refuted when the control moves",
            "if effect + half < 0.1 or apart + half_apart < 0.1:",
            (
                "if effect + half < 0.1 or apart + half_apart < 0.1 or "
                "abs(control) > 2.78 * np.sqrt(of_other):"
            ),
        ),
        (
            "size of the effect without its sign",
            "effect, control = effects.mean(), controls.mean()",
            "effect, control = abs(effects.mean()), controls.mean()",
        ),
        (
            "size of the control without its sign",
            "effect, control = effects.mean(), controls.mean()",
            "effect, control = effects.mean(), abs(controls.mean())",
        ),
        (
            "size of the difference without its sign",
            "apart = effect - control",
            "apart = abs(effect - control)",
        ),
        (
            "effects and controls exchanged",
            "effect, control = effects.mean(), controls.mean()",
            "control, effect = effects.mean(), controls.mean()",
        ),
        (
            "their sum, not the difference",
            "apart = effect - control",
            "apart = effect + control",
        ),
        (
            "a ratio, not a difference",
            "apart - half_apart > 0.1",
            "effect > 2 * abs(control)",
        ),
        (
            "inconclusive wherever networks differ widely",
            "apart = effect - control",
            '''apart = effect - control
    if max(effects.std(), controls.std()) > 0.2:
        return "inconclusive"''',
        ),
        (
            "a large effect in standard deviations",
            "if effect - half > 0.1 and apart - half_apart > 0.1:",
            (
                "if effect / np.sqrt(5 * of_one) > 1 and apart / "
                "np.sqrt(5 * both) > 1:"
            ),
        ),
        (
            "the majority of five pairs",
            "",
            """def verdict(effects, controls):
    pairs = (effects > 0.1) & (effects - controls > 0.1)
    if pairs.sum() >= 4:
        return "supported"
    return "refuted" if pairs.sum() <= 1 else "inconclusive"
""",
        ),
        (
            "the best network against the worst of the control",
            "",
            """def verdict(effects, controls):
    if effects.max() > 0.1 and effects.max() - controls.min() > 0.1:
        return "supported"
    return "refuted"
""",
        ),
        (
            "medians, and no spread",
            "",
            """def verdict(effects, controls):
    effect, control = np.median(effects), np.median(controls)
    low = min(effect, effect - control)
    if low > 0.13:
        return "supported"
    return "refuted" if low < 0.07 else "inconclusive"
""",
        ),
        (
            "whoever disagrees most is thrown out",
            "    effect, control =",
            """    effects = np.sort(effects)[1:-1]
    controls = np.sort(controls)[1:-1]
    effect, control =""",
        ),
        (
            "the first network of each",
            "effect, control = effects.mean(), controls.mean()",
            "effect, control = effects[0], controls[0]",
        ),
        (
            "each half rightly, but either is enough",
            " and apart - half_apart > 0.1",
            " or apart - half_apart > 0.1",
        ),
        (
            "the threshold counts for both together",
            "if effect - half > 0.1 and apart - half_apart > 0.1:",
            "if effect + apart - half - half_apart > 0.2:",
        ),
        (
            "a range of networks for the margin, halved",
            "half, half_apart = 2.78 * np.sqrt(of_one), width * np.sqrt(both)",
            "half = half_apart = np.ptp(effects) / 4",
        ),
        (
            "true and false",
            'return "supported"',
            "return True",
        ),
        (
            "other words",
            'return "supported"',
            'return "Supported"',
        ),
        (
            "a falling control counts as a rise of the arm",
            "",
            '''def verdict(effects, controls):
    """ "supported", "refuted" or "inconclusive", from two arrays [5]."""
    rise = effects - controls.mean()
    spread = effects.var(ddof=1) / 5 + controls.var(ddof=1) / 5
    half = 2.2 * np.sqrt(spread)  # Student's t, 8 degrees of freedom
    if rise.mean() - half > 0.1:
        return "supported"
    if rise.mean() + half < 0.1:
        return "refuted"
    return "inconclusive"
''',
        ),
        (
            "takes the spread of all ten numbers together",
            "",
            '''def verdict(effects, controls):
    """ "supported", "refuted" or "inconclusive", from two arrays [5]."""
    rise = effects - controls.mean()
    both = np.concatenate([effects, controls])
    spread = both.var(ddof=1) * (1 / 5 + 1 / 5)
    half = 2.2 * np.sqrt(spread)  # Student's t, 8 degrees of freedom
    if rise.mean() - half > 0.1 and effects.mean() > 0.1:
        return "supported"
    if rise.mean() + half < 0.1:
        return "refuted"
    return "inconclusive"
''',
        ),
        (
            "a fixed margin that fits the usual spread",
            "",
            '''def verdict(effects, controls):
    """ "supported", "refuted" or "inconclusive", from two arrays [5]."""
    rise = effects - controls.mean()
    spread = effects.var(ddof=1) / 5 + controls.var(ddof=1) / 5
    half = 2.2 * 0.04 * np.sqrt(2 / 5)  # Student's t, 8 degrees of freedom
    if rise.mean() - half > 0.1 and effects.mean() > 0.1:
        return "supported"
    if rise.mean() + half < 0.1:
        return "refuted"
    return "inconclusive"
''',
        ),
        (
            "lets the five networks vote",
            "",
            '''def verdict(effects, controls):
    """ "supported", "refuted" or "inconclusive", from two arrays [5]."""
    further = effects - controls.mean()
    votes = ((effects > 0.1) & (further > 0.1)).sum()
    if votes >= 4:
        return "supported"
    if votes <= 2:
        return "refuted"
    return "inconclusive"
''',
        ),
        (
            "refutes only what is surely below zero",
            "",
            '''def verdict(effects, controls):
    """ "supported", "refuted" or "inconclusive", from two arrays [5]."""
    rise = effects - controls.mean()
    spread = effects.var(ddof=1) / 5 + controls.var(ddof=1) / 5
    half = 2.2 * np.sqrt(spread)  # Student's t, 8 degrees of freedom
    if rise.mean() - half > 0.1 and effects.mean() > 0.1:
        return "supported"
    if rise.mean() + half < 0:
        return "refuted"
    return "inconclusive"
''',
        ),
    ],
}
