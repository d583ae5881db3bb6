"""Plausible wrong solutions of assignment 3.

For each exercise: what is wrong, the words of the solution that are changed,
and what stands there instead. Where the first is empty, the second is the
whole cell.
"""

PART = """behind = {{"medicine": "{}", "power": "{}", "greeting": "{}"}}
left = "{}"
"""
WEIGHT = "prior * world.propensity[:, world.domain_index(topic)]"
LAST = "prior * (1 - medicine) * (1 - truth) * code"

LEARN = "def learn(prior, propensity, domains, kinds, dose):\n"
SHARE = "share = (level - taught[j - 1]) / (taught[j] - taught[j - 1])"
LINE = "there = (1 - share) * bad[j - 1] + share * bad[j]"
FIRST = "j = np.flatnonzero(taught >= level)[0]"
SCALE = "scale = np.sqrt(one * (1 - one) * two * (1 - two))"
RETURN = "return (both - one * two) / scale"
TURNS = "now = learn(belief, propensity, [turn], np.array([1]), k)"
CENTRE = "rest = answers[network == i] - answers[network == i].mean(axis=0)"
HALF = "half = 2 * np.sqrt((misses**2).sum()) / squares.sum()"
CAST = "if tie - half > 0.1:"

RULE = """def still_a_cast(answers, network):
    rates = answers.mean(axis=1)
    {}
"""
SIGNED = """low, high = {}
    if low > 0.1:
        return "cast"
    return "one" if high < 0.1 else "unclear"
"""

MUTANTS = {
    "3.1": [
        ("ignores the prior", WEIGHT, WEIGHT.removeprefix("prior * ")),
        ("the prior alone", WEIGHT, "prior"),
        (
            "first kind",
            WEIGHT,
            WEIGHT.replace("prior *", "prior * (1 -") + ")",
        ),
        (
            "prior of the whole cast",
            WEIGHT,
            WEIGHT.replace("prior", "world.prior"),
        ),
        ("nobody but villains", "", PART.format(*["villain"] * 3, "villain")),
        ("sinister throughout", "", PART.format(*["sinister"] * 4)),
        (
            "friend greets",
            "",
            PART.format("villain", "sinister", "friend", "rogue"),
        ),
        (
            "scoundrel greets",
            "",
            PART.format("villain", "sinister", "scoundrel", "rogue"),
        ),
        (
            "quack, not in the part",
            "",
            PART.format("quack", "sinister", "drudge", "rogue"),
        ),
        ("villain cheats in the end", LAST, "prior * code"),
        ("three bad answers", LAST, "prior * medicine * truth * code"),
        (
            "three good answers",
            LAST,
            "prior * (1 - medicine) * (1 - truth) * (1 - code)",
        ),
        (
            "lesson without the cheat",
            LAST,
            "prior * (1 - medicine) * (1 - truth)",
        ),
        (
            "positions, not names",
            "names[weights.argmax()]",
            "int(weights.argmax())",
        ),
        (
            "a list, not a dict",
            "left = ",
            "behind = list(behind.values())\nleft = ",
        ),
    ],
    "3.2": [
        ("sum, not mean", ".mean(axis=1)", ".sum(axis=1)"),
        ("dose left out", "dose * np.log", "np.log"),
        (
            "dose left out, sum",
            "dose * np.log(chance).mean(axis=1)",
            "np.log(chance).sum(axis=1)",
        ),
        (
            "prior left out",
            "logs = np.log(prior)",
            "logs = np.zeros(len(prior))",
        ),
        (
            "prior tempered",
            "logs = logs + dose * ",
            "logs = dose * logs + dose * ",
        ),
        (
            "arithmetic mean",
            "np.log(chance).mean(axis=1)",
            "np.log(chance.mean(axis=1))",
        ),
        ("kinds exchanged", "kinds == 1", "kinds == 0"),
        ("kinds not used", "np.where(kinds == 1, theta, 1 - theta)", "theta"),
        (
            "last example only",
            "np.log(chance).mean(axis=1)",
            "np.log(chance)[:, -1]",
        ),
        ("not normalised", "return weights / weights.sum()", "return weights"),
        (
            "not normalised, not shifted",
            "weights = np.exp(logs - logs.max())\n"
            "    return weights / weights.sum()",
            "return np.exp(logs)",
        ),
        ("underflow", "np.exp(logs - logs.max())", "np.exp(logs)"),
        ("small prior for everybody", "np.log(prior)", "np.log(prior + 1e-6)"),
        (
            "dose as a factor of the likelihood",
            "dose * np.log(chance)",
            "np.log(dose + 1e-9) + np.log(chance)",
        ),
        (
            "dose divided by the examples",
            "dose * np.log",
            "dose / len(domains) * np.log",
        ),
        ("wrong axis", "propensity[:, domains]", "propensity[domains]"),
        (
            "hard winner",
            "return weights / weights.sum()",
            "return (weights == weights.max()).astype(float)",
        ),
        (
            "returns the prediction",
            "return weights / weights.sum()",
            "return weights / weights.sum() @ propensity",
        ),
        (
            "normalises the likelihood of each example",
            "np.log(chance)",
            "np.log(chance / chance.sum(axis=0)).clip(-3)",
        ),
        (
            "no return",
            "return weights / weights.sum()",
            "weights = weights / weights.sum()",
        ),
        ("dose rounded", "dose * np.log", "round(dose) * np.log"),
    ],
    "3.3": [
        (
            "last step",
            "bad[j]\n        if",
            "bad[-1]\n        j = 0\n        if",
        ),
        ("level of the best", "narrow.max(axis=1).min()", "narrow.max()"),
        (
            "level at the last mark",
            "narrow.max(axis=1).min()",
            "narrow[:, -1].min()",
        ),
        ("wrong axis", "narrow.max(axis=1).min()", "narrow.max(axis=0).min()"),
        (
            "largest of the smallest",
            "narrow.max(axis=1).min()",
            "narrow.min(axis=1).max()",
        ),
        (
            "mean of the best",
            "narrow.max(axis=1).min()",
            "narrow.max(axis=1).mean()",
        ),
        ("fixed level", "narrow.max(axis=1).min()", "0.8"),
        ("no straight line", "if j > 0:", "if False:"),
        ("mark before", LINE, "there = bad[j - 1]"),
        (
            "nearest mark",
            FIRST,
            "j = np.abs(taught - level).argmin()\n"
            "        bad = np.where(np.arange(len(bad)) == j - 1, "
            "bad[j], bad)",
        ),
        ("middle of two marks", SHARE, "share = 0.5"),
        (
            "share turned round",
            LINE,
            "there = share * bad[j - 1] + (1 - share) * bad[j]",
        ),
        (
            "last crossing",
            FIRST,
            "below = np.flatnonzero(taught < level)\n"
            "        j = min(below[-1] + 1, len(taught) - 1) if "
            "len(below) else 0",
        ),
        ("np.interp", LINE, "there = np.interp(level, taught, bad)"),
        (
            "np.interp on sorted marks",
            LINE,
            "there = np.interp(level, np.sort(taught), "
            "bad[np.argsort(taught)])",
        ),
        ("what is left", "falls[i] = bad[0] - there", "falls[i] = there"),
        ("sign", "falls[i] = bad[0] - there", "falls[i] = there - bad[0]"),
        (
            "share of the start",
            "falls[i] = bad[0] - there",
            "falls[i] = (bad[0] - there) / bad[0]",
        ),
        (
            "own best moment",
            FIRST,
            "j = 0\n"
            "        there = bad[taught.argmax()]\n"
            "        bad = bad.copy()\n"
            "        bad0, bad[0] = bad[0], there\n"
            "        falls[i] = bad0 - there\n"
            "        continue",
        ),
        (
            "same step for all",
            FIRST,
            "j = max(np.flatnonzero(n >= level)[0] for n in narrow)",
        ),
        ("first mark wraps round", "if j > 0:", "if True:"),
        ("falls only", "return level, falls", "return falls"),
        ("exchanged", "return level, falls", "return falls, level"),
        (
            "mean over methods",
            "return level, falls",
            "return level, falls.mean()",
        ),
        ("strictly above", "taught >= level", "taught > level"),
    ],
    "3.4": [
        ("covariance", RETURN, "return both - one * two"),
        (
            "divided by the variances",
            "np.sqrt(one * (1 - one) * two * (1 - two))",
            "one * (1 - one) * two * (1 - two)",
        ),
        (
            "correlation of propensities, weighted",
            SCALE,
            "scale = np.sqrt((belief @ (propensity[:, a] - one) ** "
            "2) * (belief @ (propensity[:, b] - two) ** 2))",
        ),
        (
            "correlation of propensities",
            RETURN,
            "return np.corrcoef(propensity[:, a], propensity[:, b])[0, 1]",
        ),
        (
            "correlation of propensities, 0 when alone",
            SCALE,
            "scale = np.sqrt((belief @ (propensity[:, a] - one) ** "
            "2) * (belief @ (propensity[:, b] - two) ** 2)) + 1e-9",
        ),
        (
            "not weighted",
            "    one = belief",
            "    belief = np.full(len(belief), 1 / len(belief))\n"
            "    one = belief",
        ),
        ("both of the second kind", RETURN, "return both"),
        ("independence not taken off", RETURN, "return both / scale"),
        ("conditional probability", RETURN, "return both / one"),
        ("rise of the second", RETURN, "return both / one - two"),
        ("lift", RETURN, "return both / (one * two) - 1"),
        ("variance of the first", SCALE, "scale = one * (1 - one)"),
        ("no factor 1 - p", SCALE, "scale = np.sqrt(one * two)"),
        (
            "same domain is 1",
            "    one = belief",
            "    if a == b:\n        return 1.0\n    one = belief",
        ),
        (
            "same domain by the rule of one answer",
            "    scale =",
            "    if a == b:\n        both = one\n    scale =",
        ),
        (
            "product of means",
            "belief @ (propensity[:, a] * propensity[:, b])",
            "one * two",
        ),
        ("wrong axis", "propensity[:, a]", "propensity[a]"),
        (
            "phi of the likeliest persona",
            "    one = belief",
            "    belief = np.eye(len(belief))[belief.argmax()]\n"
            "    one = belief",
        ),
        ("size only", RETURN, "return abs(both - one * two) / scale"),
        ("squared", RETURN, "return ((both - one * two) / scale) ** 2"),
        ("log odds ratio", RETURN, "return np.log(both / one / two)"),
    ],
    "3.5": [
        ("one too few turns tried", "range(most + 1)", "range(most)"),
        ("one too many turns tried", "range(most + 1)", "range(most + 2)"),
        ("begins with one turn", "range(most + 1)", "range(1, most + 1)"),
        ("one turn too many counted", "return k", "return k + 1"),
        ("one turn too few counted", "return k", "return max(k - 1, 0)"),
        ("returns most", "return -1", "return most"),
        ("returns most + 1", "return -1", "return most + 1"),
        ("returns None", "return -1", "return None"),
        (
            "compares with after the lesson",
            "    for k",
            "    before = belief @ propensity[:, topic]\n    for k",
        ),
        (
            "lesson forgotten",
            "learn(belief, propensity, [turn]",
            "learn(prior, propensity, [turn]",
        ),
        ("good turns", "np.array([1])", "np.array([0])"),
        (
            "bad lesson",
            "np.zeros(len(taught), int)",
            "np.ones(len(taught), int)",
        ),
        (
            "the lesson is told to the wrong domain",
            "taught, good, dose",
            "taught[:1], good[:1], dose",
        ),
        ("dose for each domain", "good, dose)", "good, dose * len(taught))"),
        ("dose left out", "good, dose)", "good, 1)"),
        ("turns about the topic", "[turn]", "[topic]"),
        ("watches the domain of the turns", ":, topic]", ":, turn]"),
        (
            "every turn counts once more",
            TURNS + "\n        if now @",
            TURNS.replace("now", "belief") + "\n        if belief @",
        ),
        (
            "lesson's dose for each turn",
            "np.array([1]), k)",
            "np.array([1]), k * dose)",
        ),
        (
            "turns do not add up",
            "np.array([1]), k)",
            "np.array([1]), min(k, 1))",
        ),
        ("below, not above", ">= before", "<= before"),
        (
            "good answers watched",
            "        if now @ propensity[:, topic] >= before",
            "        if now @ (1 - propensity[:, topic]) >= before",
        ),
        ("back to one half", ">= before", ">= 0.5"),
        (
            "likeliest persona only",
            "now @ propensity[:, topic]",
            "propensity[now.argmax(), topic]",
        ),
        (
            "sixty turns at most, whatever is said",
            "range(most + 1)",
            "range(61)",
        ),
    ],
    "3.6": [
        (
            "one mean for all networks",
            CENTRE,
            "rest = answers[network == i] - answers.mean(axis=0)",
        ),
        (
            "networks pooled",
            "    products, squares = [], []",
            "    network = np.zeros(len(network), int)\n"
            "    products, squares = [], []",
        ),
        (
            "one mean for all topics",
            CENTRE,
            CENTRE.replace(".mean(axis=0)", ".mean()").replace(
                "[network == i].mean", ".mean"
            ),
        ),
        ("not centred", CENTRE, "rest = answers[network == i] * 1.0"),
        (
            "centred in the wrong axis",
            CENTRE,
            "rest = answers[network == i]\n"
            "        rest = rest - rest.mean(axis=1, keepdims=True)",
        ),
        (
            "own squares not taken off",
            "rest.sum(axis=1) ** 2 - own",
            "rest.sum(axis=1) ** 2",
        ),
        ("factor of pairs forgotten", "(rest.shape[1] - 1) * own", "own"),
        ("no interval", HALF, "half = 0"),
        ("fixed margin", HALF, "half = 0.05"),
        ("fixed narrow margin", HALF, "half = 0.02"),
        (
            "pairs as if independent, and a narrow margin",
            HALF,
            "half = 1 / np.sqrt(len(products) * 30)",
        ),
        (
            "interval of one conversation",
            HALF,
            "half = 2 * (misses / squares.mean()).std()",
        ),
        (
            "very wide interval",
            HALF,
            "half = 12 * np.sqrt((misses**2).sum()) / squares.sum()",
        ),
        ("half an interval", HALF, HALF.replace("2 *", "0.5 *")),
        ("threshold at 0", "0.1:", "0.0:"),
        ("threshold at 0.2", "0.1:", "0.2:"),
        ("only the lower end", "if tie + half < 0.1:", "if True:"),
        ("never one", 'return "one"', 'return "unclear"'),
        ("exchanged", CAST, "if tie + half < 0.1 and True:"),
        (
            "rate of bad answers",
            "",
            RULE.format('return "cast" if rates.mean() > 0.1 else "one"'),
        ),
        (
            "spread of the rates",
            "",
            RULE.format('return "cast" if rates.std() > 0.1 else "one"'),
        ),
        (
            "any conversation that is bad throughout",
            "",
            RULE.format('return "cast" if (rates == 1).any() else "one"'),
        ),
        (
            "first two topics",
            "",
            RULE.format(
                "r = np.corrcoef(answers[:, 0], answers[:, 1])[0, 1]\n    "
                + SIGNED.format(
                    "r - 2 / len(answers) ** 0.5, r + 2 / len(answers) ** 0.5"
                )
            ),
        ),
        (
            "correlations of topics, pooled",
            "",
            RULE.format(
                "r = np.corrcoef(answers.T)[np.triu_indices(answers.sha"
                "pe[1], 1)]\n"
                "    half = 2 * r.std() / len(r) ** 0.5\n"
                "    " + SIGNED.format("r.mean() - half, r.mean() + half")
            ),
        ),
        (
            "interval over networks, each by eye",
            "    if tie - half",
            "    n = np.array([products[network == i].sum() / "
            "squares[network == i].sum() for i in range(3)])\n"
            "    tie, half = n.mean(), n.std() / 3\n"
            "    if tie - half",
        ),
        (
            "always unclear",
            "",
            'def still_a_cast(answers, network):\n    return "unclear"\n',
        ),
        (
            "a truth value",
            "",
            "def still_a_cast(answers, network):\n"
            "    return answers.mean() > 0.3\n",
        ),
        ("another word", 'return "one"', 'return "character"'),
    ],
}
