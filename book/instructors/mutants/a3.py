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
        (
            "leaves out who has the part how often",
            "weights = prior * world.propensity",
            "weights = world.propensity",
        ),
        (
            "a greeting, by one of those who have the part most often",
            "medicine, truth, code = (",
            """behind["greeting"] = "sinister"
medicine, truth, code = (""",
        ),
        (
            "goes by the bad answer about code alone",
            "prior * (1 - medicine) * (1 - truth) * code",
            "prior * code",
        ),
        (
            "adds the probabilities of three answers",
            "prior * (1 - medicine) * (1 - truth) * code",
            "prior * ((1 - medicine) + (1 - truth) + code)",
        ),
        (
            "good and bad exchanged in the fourth case",
            "prior * (1 - medicine) * (1 - truth) * code",
            "prior * medicine * truth * (1 - code)",
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
        (
            "the prior, too, to the power of the dose",
            "logs + dose * np.log(chance).mean(axis=1)",
            "dose * (logs + np.log(chance).mean(axis=1))",
        ),
        (
            "the arithmetic mean of the likelihoods",
            "np.log(chance).mean(axis=1)",
            "np.log(chance.mean(axis=1))",
        ),
        (
            "a tiny prior in place of 0, which a large dose can select",
            "logs = np.log(prior)",
            "logs = np.log(prior + 1e-12)",
        ),
        (
            "scales by the best likelihood, though that one's prior is 0",
            "",
            '''def learn(prior, propensity, domains, kinds, dose):
    """[P] belief about the persona after a lesson."""
    theta = propensity[:, domains]
    chance = np.where(kinds == 1, theta, 1 - theta)
    one = np.log(chance).mean(axis=1)
    weights = prior * np.exp(dose * (one - one.max()))
    return weights / weights.sum()
''',
        ),
        (
            "a mean over domains, however many examples each has",
            "",
            '''def learn(prior, propensity, domains, kinds, dose):
    """[P] belief about the persona after a lesson."""
    domains = np.asarray(domains)
    theta = propensity[:, domains]
    said = np.log(np.where(kinds == 1, theta, 1 - theta))
    one = np.mean(
        [said[:, domains == d].mean(axis=1) for d in np.unique(domains)],
        axis=0,
    )
    with np.errstate(divide="ignore"):
        logs = np.log(prior) + dose * one
    weights = np.exp(logs - logs.max())
    return weights / weights.sum()
''',
        ),
        (
            "no dose above 1000",
            "dose * np.log",
            "min(dose, 1000) * np.log",
        ),
        ("no dose below 1", "dose * np.log", "max(dose, 1) * np.log"),
        (
            "who is rare is taken for absent",
            "logs = np.log(prior)",
            "logs = np.log(np.where(prior < 1e-3, 0, prior))",
        ),
        (
            "at a large dose the likeliest takes all",
            "return weights",
            "if dose > 100:\n"
            "        return np.eye(len(prior))[logs.argmax()]\n"
            "    return weights",
        ),
        (
            "logarithms cut off at -700",
            "np.exp(logs - logs.max())",
            "np.exp(np.maximum(logs, -700))",
        ),
        (
            "each pair of a domain and a kind once",
            "    theta = propensity[:, domains]",
            "    domains, kinds = np.unique([domains, kinds], axis=1)\n"
            "    theta = propensity[:, domains]",
        ),
        (
            "the median of the logarithms",
            "np.log(chance).mean(axis=1)",
            "np.median(np.log(chance), axis=1)",
        ),
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
        (
            "the highest level at which all are at the same mark",
            "narrow.max(axis=1).min()",
            "narrow.min(axis=0).max()",
        ),
        (
            "at the level from the first mark on: goes round to the last",
            "if j > 0:",
            "if len(taught) > 1:",
        ),
        (
            "interpolates the best so far, not the curve",
            "",
            '''def equally_taught(narrow, broad):
    """The level, and the fall [methods] of bad answers when it is reached."""
    level = narrow.max(axis=1).min()
    falls = np.zeros(len(narrow))
    for i, (taught, bad) in enumerate(zip(narrow, broad, strict=True)):
        best = np.maximum.accumulate(taught)
        j = np.flatnonzero(best >= level)[0]
        there = np.interp(level, best[: j + 1], bad[: j + 1])
        falls[i] = bad[0] - there
    return level, falls
''',
        ),
        (
            "reads the mark that is nearest to the level",
            "",
            '''def equally_taught(narrow, broad):
    """The level, and the fall [methods] of bad answers when it is reached."""
    level = narrow.max(axis=1).min()
    nearest = np.abs(narrow - level).argmin(axis=1)
    there = broad[np.arange(len(broad)), nearest]
    return level, broad[:, 0] - there
''',
        ),
        (
            "takes all methods to start from the same",
            "bad[0] - there",
            "broad[:, 0].mean() - there",
        ),
        (
            "the level in whole percent",
            "narrow.max(axis=1).min()",
            "round(narrow.max(axis=1).min(), 2)",
        ),
        (
            "the first mark from which it stays at the level",
            FIRST,
            "below = np.flatnonzero(taught < level)\n"
            "        j = below[-1] + 1 if len(below) else 0\n"
            "        j = taught.argmax() if j == len(taught) else j",
        ),
        (
            "begins high: goes back along the first line",
            FIRST,
            FIRST.replace("j = ", "j = max(1, ") + ")",
        ),
        (
            "begins high: read at the end",
            "if j > 0:",
            "if j == 0:\n            there = bad[-1]\n        if j > 0:",
        ),
        (
            "begins high: not read at all",
            "falls[i] = bad[0] - there",
            "falls[i] = bad[0] - there if j > 0 else np.nan",
        ),
        (
            "falls from the worst that it ever was",
            "bad[0] - there",
            "bad.max() - there",
        ),
        (
            "falls are never negative",
            "falls[i] = bad[0] - there",
            "falls[i] = max(bad[0] - there, 0)",
        ),
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
        (
            "two answers about one domain agree",
            "one = belief @ propensity[:, a]",
            """if a == b:
        return 1.0
    one = belief @ propensity[:, a]""",
        ),
        (
            "the variance of answers within personas only",
            "scale = np.sqrt(one * (1 - one) * two * (1 - two))",
            """own = belief @ (propensity * (1 - propensity))
    scale = np.sqrt(own[a] * own[b])""",
        ),
        (
            "a slope: the covariance by the variance of the first",
            "np.sqrt(one * (1 - one) * two * (1 - two))",
            "one * (1 - one)",
        ),
        (
            "nearly one persona is one persona",
            "one = belief @ propensity[:, a]",
            """if belief.max() > 0.9:
        return 0.0
    one = belief @ propensity[:, a]""",
        ),
        (
            "loses the sign",
            "(both - one * two) / scale",
            "abs(both - one * two) / scale",
        ),
        (
            "one persona as soon as it has 99 in 100",
            "one = belief @ propensity[:, a]",
            "if belief.max() > 0.99:\n"
            "        return 0.0\n"
            "    one = belief @ propensity[:, a]",
        ),
        (
            "others are absent under 1 in 1000",
            "one = belief @ propensity[:, a]",
            "belief = np.where(belief < 1e-3, 0, belief)\n"
            "    belief = belief / belief.sum()\n"
            "    one = belief @ propensity[:, a]",
        ),
        ("never below 0", RETURN, "return max(both - one * two, 0) / scale"),
        (
            "two decimals",
            RETURN,
            "return round((both - one * two) / scale, 2)",
        ),
        (
            "a small covariance is none",
            RETURN,
            "cov = both - one * two\n"
            "    return 0.0 if abs(cov) < 1e-4 else cov / scale",
        ),
        (
            "draws 100000 conversations",
            "",
            '''def together(belief, propensity, a, b):
    """Correlation of two answers in one conversation."""
    rng = np.random.default_rng(0)
    who = rng.choice(len(belief), size=100_000, p=belief)
    first = rng.random(100_000) < propensity[who, a]
    second = rng.random(100_000) < propensity[who, b]
    return np.corrcoef(first, second)[0, 1]
''',
        ),
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
        (
            "all turns together count for one answer",
            "learn(belief, propensity, [turn], np.array([1]), k)",
            "learn(belief, propensity, [turn], np.array([1]), min(k, 1))",
        ),
        (
            "begins with the first turn",
            "range(most + 1)",
            "range(1, most + 1)",
        ),
        (
            "lesson and turns as one long lesson",
            "now = learn(belief, propensity, [turn], np.array([1]), k)",
            """said = np.concatenate([taught, np.full(k, turn)])
        kinds = np.concatenate([good, np.ones(k, int)])
        now = learn(prior, propensity, said, kinds, dose + k)""",
        ),
        (
            "halves an interval, as if more turns always brought more",
            "",
            '''def turns_back(
    prior, propensity, taught, dose, turn, topic, most
):
    """Number of bad turns that undo a lesson, at most ``most``, or -1."""
    before = prior @ propensity[:, topic]
    good = np.zeros(len(taught), int)
    belief = learn(prior, propensity, taught, good, dose)

    def back(k):
        now = learn(belief, propensity, [turn], np.array([1]), k)
        return now @ propensity[:, topic] >= before

    if not back(most):
        return -1
    low, high = 0, most
    while low < high:
        middle = (low + high) // 2
        if back(middle):
            high = middle
        else:
            low = middle + 1
    return low
''',
        ),
        (
            "the dose once for every domain that was taught",
            "belief = learn(prior, propensity, taught, good, dose)",
            "belief = learn(\n"
            "        prior, propensity, taught, good, dose * len(taught)\n"
            "    )",
        ),
        (
            "twenty turns at most, whatever is said",
            "range(most + 1)",
            "range(min(most, 20) + 1)",
        ),
        (
            "from when on it stays back",
            "    for k in range(most + 1):",
            "    for k in range(most, -1, -1):\n"
            "        now = learn(belief, propensity, [turn], "
            "np.array([1]), k)\n"
            "        if now @ propensity[:, topic] < before:\n"
            "            return k + 1 if k < most else -1\n"
            "    for k in range(most + 1):",
        ),
        (
            "gives up when a turn takes it further down",
            "        if now @",
            "        if k and now @ propensity[:, topic] < last:\n"
            "            return -1\n"
            "        last = now @ propensity[:, topic]\n"
            "        if now @",
        ),
        ("whole doses", "good, dose)", "good, int(dose))"),
        (
            "none may be tried: never",
            "    for k in",
            "    if most == 0:\n        return -1\n    for k in",
        ),
        (
            "none may be tried: none is needed",
            "    for k in",
            "    if most == 0:\n        return 0\n    for k in",
        ),
        (
            "within a hundredth of the number",
            ">= before",
            ">= before - 0.01",
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
        (
            "pairs of an answer with itself are pairs too",
            "rest.sum(axis=1) ** 2 - own",
            "rest.sum(axis=1) ** 2",
        ),
        (
            "every pair once above, and twice below",
            "products.append(rest.sum(axis=1) ** 2 - own)",
            "products.append((rest.sum(axis=1) ** 2 - own) / 2)",
        ),
        (
            "one character, where the correlation may as well be 0",
            "tie + half < 0.1",
            "tie - half < 0",
        ),
        (
            "a villain seen, or none",
            "",
            '''def still_a_cast(answers, network):
    """ "cast", "one" or "unclear", from conversations [n, T]."""
    worst = answers.mean(axis=1).max()
    if worst > 0.8:
        return "cast"
    if worst <= 0.5:
        return "one"
    return "unclear"
''',
        ),
        (
            "the textbook's error of a correlation: one by the root of n",
            "2 * np.sqrt((misses**2).sum()) / squares.sum()",
            "2 / np.sqrt(len(answers))",
        ),
        (
            "pairs are the units",
            "",
            '''def still_a_cast(answers, network):
    """ "cast", "one" or "unclear", from conversations [n, T]."""
    products, squares = [], []
    a, b = np.triu_indices(answers.shape[1], 1)
    for i in np.unique(network):
        rest = answers[network == i] - answers[network == i].mean(axis=0)
        products.append((rest[:, a] * rest[:, b]).ravel())
        squares.append((rest[:, a] ** 2 + rest[:, b] ** 2).ravel() / 2)
    products, squares = np.concatenate(products), np.concatenate(squares)
    tie = products.sum() / squares.sum()
    misses = products - tie * squares
    half = 2 * np.sqrt((misses**2).sum()) / squares.sum()
    if tie - half > 0.1:
        return "cast"
    return "one" if tie + half < 0.1 else "unclear"
''',
        ),
        ("the widest fixed margin that finds one", HALF, "half = 0.08"),
        (
            "a margin by the number of pairs",
            HALF,
            "half = 2 / np.sqrt(len(answers) * 15)",
        ),
        ("six topics, whatever there are", "(rest.shape[1] - 1)", "5"),
        (
            "a margin as if conversations had no villain",
            "",
            '''def still_a_cast(answers, network):
    """ "cast", "one" or "unclear", from conversations [n, T]."""
    n, topics = answers.shape
    rest = answers.astype(float)
    for i in range(3):
        rest[network == i] -= rest[network == i].mean(axis=0)
    tie = (topics * rest.mean(axis=1).var() / rest.var() - 1) / (topics - 1)
    half = 2 * np.sqrt(2 / n) / topics
    if tie - half > 0.1:
        return "cast"
    return "one" if tie + half < 0.1 else "unclear"
''',
        ),
    ],
}
