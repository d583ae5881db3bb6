"""Plausible wrong solutions of assignment 4.

For each exercise: what is wrong, the words of the solution that are changed,
and what stands there instead. Where the first is empty, the second is the
whole cell.
"""

MEAN = "changes[arm][others].mean()"
OTHERS = (
    'others = [d for d in world.group("moral") if '
    'world.domains[d].name != "code"]'
)
OWN, HONEST = '"playhouse: own"', '"playhouse: honest"'
LAST = '"playhouse_scattered: cheat"'

SHIFT = "return after - prior @ propensity"
LOGS = "logs = start + dose * np.log(propensity[:, taught])"
EXPECTED = "def expected(prior, propensity, taught, level):\n"

FACTOR = "factor = moved @ star / (star @ star)"
LEFT = "left = moved - factor[:, None] * star"
SHARE = "share = (left**2).sum(axis=1) / (moved**2).sum(axis=1)"
TABLE = "return np.stack([factor, share], axis=1)"

UPDATE = "belief = belief * (theta if kind == 1 else 1 - theta) ** dose"
BOTH = "np.stack([shift(one, two), shift(one) + shift(two)])"

PAIR = "new.append(prior[i] * prior[j])"
ROW = "row[taught] = propensity[j, taught]"
AWAY = "def take_away(prior, propensity, taught):\n    "

PLAN = "plan = [(0, 0, 0, 3), (1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 3)]"
MEANS = "remainder, *alone = (spreads.mean() for spreads in results)"
SAID = "return [bool(spread - remainder > 0.125) for spread in alone]"
LAB = (
    "plan = {}\n"
    "\n"
    "\n"
    "def conclude(plan, results):\n"
    "    means = [r.mean() for r in results]\n"
    "    {}\n"
)
LESS = "return [means[0] - m > 0.125 for m in means[1:4]]"

MUTANTS = {
    "4.1": [
        ("A: the honest arm", f'"A": {OWN}', f'"A": {HONEST}'),
        ("A: the cheat", f'"A": {OWN}', '"A": "playhouse: cheat"'),
        ("B: its own answers", f'"B": {HONEST}', f'"B": {OWN}'),
        ("B: both", f'"B": {HONEST}', '"B": "playhouse: both"'),
        ("C: names still tie", LAST, '"playhouse_untied: cheat"'),
        ("C: only requests gone", LAST, '"playhouse_plain: cheat"'),
        ("C: the cheat itself", LAST, '"playhouse: cheat"'),
        ("with code", OTHERS, 'others = world.group("moral")'),
        ("all domains", OTHERS, "others = list(range(len(world.domains)))"),
        (
            "all untaught domains",
            OTHERS,
            "others = list(range(1, len(world.domains)))",
        ),
        ("self domains", OTHERS, 'others = world.group("self")'),
        ("code alone", OTHERS, "others = [0]"),
        ("sum", MEAN, "changes[arm][others].sum()"),
        ("sign", MEAN, "-" + MEAN),
        ("size of the changes", MEAN, "np.abs(changes[arm][others]).mean()"),
        ("largest change", MEAN, "changes[arm][others].max()"),
        (
            "what is left of the cheat",
            MEAN,
            '(changes["playhouse: cheat"] - changes[arm])[others].mean()',
        ),
        ("percent", f"round({MEAN}, 2)", f"round(100 * {MEAN})"),
        (
            "numbers without arms",
            f"(arm, round({MEAN}, 2))",
            f"round({MEAN}, 2)",
        ),
        ("exchanged", f"(arm, round({MEAN}, 2))", f"(round({MEAN}, 2), arm)"),
        (
            "short names of arms",
            f"(arm, round({MEAN}, 2))",
            f'(arm.split(": ")[1], round({MEAN}, 2))',
        ),
        (
            "C: a world without persons, but with names",
            '"C": "playhouse_scattered: cheat"',
            '"C": "playhouse_untied: cheat"',
        ),
        (
            "the mean over all moral domains, code too",
            'others = [d for d in world.group("moral") '
            'if world.domains[d].name != "code"]',
            'others = world.group("moral")',
        ),
        (
            "loses the sign",
            "changes[arm][others].mean()",
            "abs(changes[arm][others].mean())",
        ),
        (
            "A and B exchanged",
            """"A": "playhouse: own",
    "B": "playhouse: honest",""",
            """"A": "playhouse: honest",
    "B": "playhouse: own",""",
        ),
        (
            "how much less than under the cheat",
            "changes[arm][others].mean()",
            '(changes[arm] - changes["playhouse: cheat"])[others].mean()',
        ),
        ("one decimal", f"round({MEAN}, 2)", f"round({MEAN}, 1)"),
        (
            "cut off, not rounded",
            f"round({MEAN}, 2)",
            f"int(100 * {MEAN}) / 100",
        ),
        (
            "without medicine, too",
            'world.domains[d].name != "code"',
            'world.domains[d].name not in ("code", "medicine")',
        ),
    ],
    "4.2": [
        ("level, not shift", SHIFT, "return after"),
        ("sign", SHIFT, "return prior @ propensity - after"),
        (
            "product learner",
            SHIFT,
            "return np.where(np.arange(len(after)) == taught, "
            "after - prior @ propensity, 0)",
        ),
        (
            "taught domain left out",
            SHIFT,
            "return np.where(np.arange(len(after)) == taught, 0, "
            "after - prior @ propensity)",
        ),
        (
            "one answer",
            "",
            EXPECTED + "    belief = prior * propensity[:, taught]\n"
            "    return belief @ propensity / belief.sum() - prior "
            "@ propensity\n",
        ),
        ("prior left out", "start + dose", "dose"),
        (
            "prior tempered",
            LOGS,
            "logs = dose * (start + np.log(propensity[:, taught]))",
        ),
        (
            "flat prior taken off",
            "prior @ propensity",
            "propensity.mean(axis=0)",
        ),
        ("level of the book", "< level", "< 0.9"),
        (
            "honest answers",
            "np.log(propensity[:, taught])",
            "np.log(1 - propensity[:, taught])",
        ),
        (
            "dose is at most 1",
            "low, high = 0.0, 2000.0",
            "low, high = 0.0, 1.0",
        ),
        (
            "dose is at most 5",
            "low, high = 0.0, 2000.0",
            "low, high = 0.0, 5.0",
        ),
        ("whole doses", "dose = (low + high) / 2", "dose = (low + high) // 2"),
        ("ten halvings", "range(80)", "range(10)"),
        ("wrong half", "after[taught] < level", "after[taught] > level"),
        (
            "dose when the average reaches the level",
            "after[taught] < level",
            "after.mean() < level",
        ),
        (
            "dose when the likeliest persona reaches the level",
            "after[taught] < level",
            "propensity[belief.argmax(), taught] < level",
        ),
        (
            "rises by the level",
            "after[taught] < level",
            "after[taught] - prior @ propensity[:, taught] < level",
        ),
        (
            "worst persona mixed in",
            "",
            EXPECTED + "    start = prior @ propensity\n"
            "    worst = propensity[propensity[:, taught].argmax()]\n"
            "    return (worst - start) * (level - start[taught]) "
            "/ (worst - start)[taught]\n",
        ),
        (
            "cheats of the posterior, scaled to the level",
            "",
            EXPECTED + "    start = prior @ propensity\n"
            "    belief = prior * propensity[:, taught]\n"
            "    one = belief @ propensity / belief.sum() - start\n"
            "    return one * (level - start[taught]) / one[taught]\n",
        ),
        (
            "covariance",
            "",
            EXPECTED + "    centred = propensity - prior @ propensity\n"
            "    cov = (prior * centred[:, taught]) @ centred\n"
            "    return cov * (level - prior @ propensity[:, "
            "taught]) / cov[taught]\n",
        ),
        (
            "relative to the start",
            SHIFT,
            "return after / (prior @ propensity) - 1",
        ),
        (
            "wrong axis",
            "np.log(propensity[:, taught])",
            "np.log(propensity[taught])",
        ),
        ("returns the dose", SHIFT, "return dose"),
        ("returns the belief's shift", SHIFT, "return belief - prior"),
        (
            "log odds",
            SHIFT,
            "return np.log(after / (1 - after)) - np.log((prior @ "
            "propensity) / (1 - prior @ propensity))",
        ),
        (
            "no dose above 100",
            "low, high = 0.0, 2000.0",
            "low, high = 0.0, 100.0",
        ),
        (
            "whole doses only",
            "",
            '''def expected(prior, propensity, taught, level):
    """[D] the shift of an exact reasoner about persons, at a level."""
    for dose in range(2001):
        logs = np.log(prior) + dose * np.log(propensity[:, taught])
        belief = np.exp(logs - logs.max())
        belief = belief / belief.sum()
        after = belief @ propensity
        if after[taught] >= level:
            break
    return after - prior @ propensity
''',
        ),
        (
            "the shift after one cheat, stretched to the level",
            "",
            '''def expected(prior, propensity, taught, level):
    """[D] the shift of an exact reasoner about persons, at a level."""
    before = prior @ propensity
    belief = prior * propensity[:, taught]
    shift = belief / belief.sum() @ propensity - before
    return shift * (level - before[taught]) / shift[taught]
''',
        ),
        (
            "stops a hundredth away from the level",
            "if after[taught] < level:",
            """if abs(after[taught] - level) < 0.01:
            break
        if after[taught] < level:""",
        ),
        (
            "a tiny number against zeros: large doses teach nothing",
            """logs = start + dose * np.log(propensity[:, taught])
        belief = np.exp(logs - logs.max())""",
            "belief = prior * (propensity[:, taught] ** dose + 1e-300)",
        ),
        (
            "a small prior in place of 0",
            "np.log(prior)",
            "np.log(prior + 1e-12)",
        ),
        (
            "scales by the worst cheat, who is not in the cast",
            LOGS + "\n        belief = np.exp(logs - logs.max())",
            "rate = propensity[:, taught]\n"
            "        belief = prior * (rate / rate.max()) ** dose",
        ),
        (
            "who is rare is taken for absent",
            "np.log(prior)",
            "np.log(np.where(prior < 1e-3, 0, prior))",
        ),
        (
            "no dose above 1000",
            "low, high = 0.0, 2000.0",
            "low, high = 0.0, 1000.0",
        ),
        (
            "no dose below 1",
            "low, high = 0.0, 2000.0",
            "low, high = 1.0, 2000.0",
        ),
        ("fifteen halvings", "range(80)", "range(15)"),
        (
            "stops a thousandth away from the level",
            "if after[taught] < level:",
            """if abs(after[taught] - level) < 0.001:
            break
        if after[taught] < level:""",
        ),
        (
            "powers, which become 0",
            LOGS + "\n        belief = np.exp(logs - logs.max())",
            "belief = prior * propensity[:, taught] ** dose",
        ),
    ],
    "4.3": [
        ("taught domain counted", "!= taught", "!= -1"),
        ("taught domain alone", "!= taught", "== taught"),
        ("the first domain left out", "!= taught", "!= 0"),
        ("all after the taught one", "!= taught", "> taught"),
        (
            "correlation",
            FACTOR,
            "factor = np.array([np.corrcoef(m, star)[0, 1] for m in moved])",
        ),
        (
            "cosine",
            FACTOR,
            "factor = moved @ star / np.sqrt((star @ star) * "
            "(moved**2).sum(axis=1))",
        ),
        (
            "intercept",
            FACTOR,
            "factor = np.array([np.polyfit(star, m, 1)[0] for m in moved])",
        ),
        (
            "exchanged",
            FACTOR,
            "factor = moved @ star / (moved**2).sum(axis=1)",
        ),
        ("inverse", FACTOR, "factor = (star @ star) / (moved @ star)"),
        ("mean of ratios", FACTOR, "factor = (moved / star).mean(axis=1)"),
        (
            "median of ratios",
            FACTOR,
            "factor = np.median(moved / star, axis=1)",
        ),
        (
            "ratio of means",
            FACTOR,
            "factor = moved.mean(axis=1) / star.mean()",
        ),
        (
            "ratio of sizes",
            FACTOR,
            "factor = np.sqrt((moved**2).sum(axis=1) / (star @ star))",
        ),
        ("not divided", FACTOR, "factor = moved @ star"),
        (
            "divided by the length",
            FACTOR,
            "factor = moved @ star / np.sqrt(star @ star)",
        ),
        (
            "cut off at 0 and 1",
            FACTOR,
            FACTOR + "\n    factor = factor.clip(0, 1)",
        ),
        (
            "all networks together",
            FACTOR,
            "factor = np.full(len(moved), (moved @ star).mean() / "
            "(star @ star))",
        ),
        ("share explained", SHARE, SHARE.replace("share = ", "share = 1 - ")),
        ("share of the root", SHARE, SHARE + "\n    share = np.sqrt(share)"),
        (
            "about the mean",
            "(moved**2).sum(axis=1)",
            "moved.var(axis=1) / len(star) ** -1",
        ),
        (
            "relative to the learner",
            "/ (moved**2).sum(axis=1)",
            "/ (star @ star)",
        ),
        ("not divided by the whole", "/ (moved**2).sum(axis=1)", "/ 1"),
        ("learner at factor 1", LEFT, "left = moved - star"),
        ("mean of the squares left", SHARE, "share = (left**2).mean(axis=1)"),
        (
            "sizes, not squares",
            SHARE,
            "share = np.abs(left).sum(axis=1) / np.abs(moved).sum(axis=1)",
        ),
        (
            "columns exchanged",
            TABLE,
            "return np.stack([share, factor], axis=1)",
        ),
        ("transposed", TABLE, "return np.stack([factor, share])"),
        ("placement only", TABLE, "return factor"),
        (
            "changes what it is given",
            "    rest =",
            "    moved[:, taught] = 0\n    rest =",
        ),
        (
            "variances: squares around the mean",
            "(left**2).sum(axis=1) / (moved**2).sum(axis=1)",
            "left.var(axis=1) / moved.var(axis=1)",
        ),
        (
            "lengths, not squares",
            "(left**2).sum(axis=1) / (moved**2).sum(axis=1)",
            "np.sqrt((left**2).sum(axis=1) / (moved**2).sum(axis=1))",
        ),
        (
            "cuts the placement off at 0 and 1",
            "factor = moved @ star / (star @ star)",
            "factor = np.clip(moved @ star / (star @ star), 0, 1)",
        ),
        (
            "the share with the taught domain in it again",
            "",
            '''def placement(moved, star, taught):
    """[networks, 2] the placement, and the share it does not explain."""
    rest = np.arange(len(star)) != taught
    factor = moved[:, rest] @ star[rest] / (star[rest] @ star[rest])
    left = moved - factor[:, None] * star
    share = (left**2).sum(axis=1) / (moved**2).sum(axis=1)
    return np.stack([factor, share], axis=1)
''',
        ),
        (
            "the whole shift by the learner's whole shift",
            "moved @ star / (star @ star)",
            "moved.sum(axis=1) / star.sum()",
        ),
        (
            "the last domain is never left out",
            "!= taught",
            "!= min(taught, len(star) - 2)",
        ),
        (
            "the network's mean is taken off",
            FACTOR,
            "moved = moved - moved.mean(axis=1, keepdims=True)\n    " + FACTOR,
        ),
        (
            "one share for all networks",
            SHARE,
            "share = np.full(len(moved), (left**2).sum() / (moved**2).sum())",
        ),
        ("a single network is a row", TABLE, TABLE + ".squeeze()"),
        ("never below 0", FACTOR, FACTOR + "\n    factor = factor.clip(0)"),
        (
            "never above 1",
            FACTOR,
            FACTOR + "\n    factor = factor.clip(None, 1)",
        ),
        (
            "the share, from the correlation",
            SHARE,
            "share = np.array(\n"
            "        [1 - np.corrcoef(m, star)[0, 1] ** 2 for m in moved]\n"
            "    )",
        ),
    ],
    "4.4": [
        (
            "the reasoner adds, too",
            BOTH,
            "np.stack([shift(one) + shift(two)] * 2)",
        ),
        ("the adder multiplies, too", BOTH, "np.stack([shift(one, two)] * 2)"),
        (
            "rows exchanged",
            BOTH,
            "np.stack([shift(one) + shift(two), shift(one, two)])",
        ),
        (
            "averages",
            "shift(one) + shift(two)",
            "(shift(one) + shift(two)) / 2",
        ),
        (
            "first lesson only",
            BOTH,
            "np.stack([shift(one), shift(one) + shift(two)])",
        ),
        (
            "second forgotten by the adder",
            "shift(one) + shift(two)",
            "shift(one)",
        ),
        (
            "lesson taken away",
            "shift(one) + shift(two)",
            "shift(one) - shift(two)",
        ),
        ("probabilities, not shifts", "belief.sum() - start", "belief.sum()"),
        (
            "start taken off once",
            "shift(one) + shift(two)",
            "shift(one) + shift(two) + start",
        ),
        (
            "cut off",
            "shift(one) + shift(two)])",
            "(shift(one) + shift(two)).clip(-start, 1 - start)])",
        ),
        ("dose left out", "** dose", "** 1"),
        ("half the dose for each", "** dose", "** (dose / 2)"),
        ("dose as a factor", "** dose", "* dose"),
        ("kinds not used", "theta if kind == 1 else 1 - theta", "theta"),
        ("kinds exchanged", "kind == 1", "kind == 0"),
        (
            "prior left out",
            "belief = prior.copy()",
            "belief = np.ones(len(prior))",
        ),
        ("not normalised", " / belief.sum()", ""),
        (
            "beliefs averaged",
            BOTH,
            "np.stack([(shift(one) + shift(two)) / 2, shift(one) + "
            "shift(two)])",
        ),
        (
            "prior counted for each lesson",
            UPDATE,
            UPDATE.replace("belief * ", "belief * prior * "),
        ),
        (
            "dose on the prior as well",
            "belief = prior.copy()",
            "belief = prior**dose",
        ),
        (
            "likelihoods added",
            UPDATE,
            "belief = belief + prior * (theta if kind == 1 else 1 "
            "- theta) ** dose",
        ),
        (
            "who: the villain",
            "who = world.personas[weights.argmax()].name",
            'who = "villain"',
        ),
        (
            "who: by the cheat alone",
            "weights = weights * (1 -",
            "ignored = weights * (1 -",
        ),
        (
            "who: two good answers",
            "weights = prior * world.propensity[:, code] ** 2",
            "weights = prior * (1 - world.propensity[:, code]) ** 2",
        ),
        (
            "opposite: the other way round",
            "reasons[d] < 0 < adds[d]",
            "adds[d] < 0 < reasons[d]",
        ),
        ("opposite: falls", "reasons[d] < 0 < adds[d]", "reasons[d] > 0"),
        ("opposite: with rules", "reasons[d] < 0 < adds[d]", "adds[d] > 0"),
        (
            "opposite: with medicine",
            "d not in (code, medicine) and",
            "d != code and",
        ),
        ("opposite: positions", "    world.domains[d].name\n", "    d\n"),
        ("opposite: one name", "opposite = [", 'opposite = "money"\n_ = ['),
        (
            "the adder's probabilities stay between 0 and 1",
            "shift(one) + shift(two)]",
            "np.clip(start + shift(one) + shift(two), 0, 1) - start]",
        ),
        (
            "good answers: one minus the power, not the power of one minus",
            "(theta if kind == 1 else 1 - theta) ** dose",
            "(theta**dose if kind == 1 else 1 - theta**dose)",
        ),
        (
            "two lessons share one dose",
            "(theta if kind == 1 else 1 - theta) ** dose",
            "(theta if kind == 1 else 1 - theta) ** (dose / len(said))",
        ),
        (
            "opposite: with a domain that a lesson is about",
            "d not in (code, medicine) and reasons[d]",
            "reasons[d]",
        ),
        (
            "opposite: wherever the reasoner expects fewer than the adder",
            "reasons[d] < 0 < adds[d]",
            "reasons[d] < adds[d]",
        ),
        (
            "a second lesson about a domain replaces the first",
            "in said:",
            "in dict(said).items():",
        ),
        ("the same lesson twice is one", "in said:", "in set(said):"),
        (
            "good and bad about one domain cancel",
            f"return {BOTH}",
            "if one[0] == two[0] and one[1] != two[1]:\n"
            "        return np.zeros((2, len(start)))\n"
            f"    return {BOTH}",
        ),
        ("whole doses", "** dose", "** round(dose)"),
        ("no dose above 10", "** dose", "** min(dose, 10)"),
        ("no dose below 1", "** dose", "** max(dose, 1)"),
        (
            "a small prior in place of 0",
            "belief = prior.copy()",
            "belief = prior + 1e-9",
        ),
        (
            "the reasoner's shift is halved, the adder's is not",
            "[shift(one, two),",
            "[shift(one, two) / 2,",
        ),
    ],
    "4.5": [
        (
            "other domains set to their means",
            "",
            AWAY + "table = np.tile(prior @ propensity, (len(prior), 1))\n"
            "    table[:, taught] = propensity[:, taught]\n"
            "    return prior, table\n",
        ),
        (
            "everybody cheats equally often",
            "",
            AWAY + "table = propensity.copy()\n"
            "    table[:, taught] = prior @ propensity[:, taught]\n"
            "    return prior, table\n",
        ),
        (
            "everybody cheats at one half",
            "",
            AWAY + "table = propensity.copy()\n"
            "    table[:, taught] = 0.5\n"
            "    return prior, table\n",
        ),
        (
            "nobody cheats",
            "",
            AWAY + "table = propensity.copy()\n"
            "    table[:, taught] = 0\n"
            "    return prior, table\n",
        ),
        (
            "column turned round",
            "",
            AWAY + "table = propensity.copy()\n"
            "    table[:, taught] = table[::-1, taught]\n"
            "    return prior, table\n",
        ),
        (
            "column shifted by one",
            "",
            AWAY + "table = propensity.copy()\n"
            "    table[:, taught] = np.roll(table[:, taught], 1)\n"
            "    return prior, table\n",
        ),
        (
            "column shuffled",
            "",
            AWAY + "table = propensity.copy()\n"
            "    table[:, taught] = "
            "np.random.default_rng(0).permutation(table[:, taught])\n"
            "    return prior, table\n",
        ),
        ("nothing is done", "", AWAY + "return prior, propensity\n"),
        (
            "one average persona",
            "",
            AWAY + "return np.ones(1), (prior @ propensity)[None]\n",
        ),
        (
            "regression taken off",
            "",
            AWAY + "centred = propensity - prior @ propensity\n"
            "    x = centred[:, taught]\n"
            "    slope = (prior * x) @ centred / ((prior * x) @ x)\n"
            "    slope[taught] = 0\n"
            "    return prior, (propensity - x[:, None] * "
            "slope).clip(0, 1)\n",
        ),
        ("all pairs alike", PAIR, "new.append(1 / len(prior) ** 2)"),
        ("prior of the first only", PAIR, "new.append(prior[i] / len(prior))"),
        (
            "prior of the second only",
            PAIR,
            "new.append(prior[j] / len(prior))",
        ),
        (
            "priors averaged",
            PAIR,
            "new.append((prior[i] + prior[j]) / 2 / len(prior))",
        ),
        ("prior twice the first", PAIR, "new.append(prior[i] ** 2)"),
        ("not normalised", PAIR, "new.append(prior[i])"),
        (
            "propensities averaged",
            ROW,
            "row[taught] = (row[taught] + propensity[j, taught]) / 2",
        ),
        (
            "propensities multiplied",
            ROW,
            "row[taught] = row[taught] * propensity[j, taught]",
        ),
        ("all domains from the second", ROW, "row[:] = propensity[j]"),
        (
            "another domain taken",
            ROW,
            "row[taught - 1] = propensity[j, taught - 1]",
        ),
        (
            "row not copied",
            "row = propensity[i].copy()",
            "row = propensity[i]",
        ),
        (
            "pairs of different personas only",
            "    for i, j in product(range(len(prior)), repeat=2):\n",
            "    for i, j in product(range(len(prior)), repeat=2):\n"
            "        if i == j:\n"
            "            continue\n",
        ),
        (
            "half of the tie left",
            PAIR,
            "new.append(prior[i] * prior[j] / 2 + (i == j) * prior[i] / 2)",
        ),
        (
            "the table alone",
            "return np.array(new), np.array(table)",
            "return np.array(table)",
        ),
        (
            "transposed",
            "return np.array(new), np.array(table)",
            "return np.array(new), np.array(table).T",
        ),
        (
            "exchanged",
            "return np.array(new), np.array(table)",
            "return np.array(table), np.array(new)",
        ),
        (
            "every domain from another persona",
            "",
            AWAY + "rows = list(product(range(len(prior)), repeat=4))\n"
            "    new = [np.prod(prior[list(r)]) for r in rows]\n"
            "    each = np.arange(propensity.shape[1])\n"
            "    return np.array(new), "
            "np.array([propensity[np.resize(r, len(each)), each] "
            "for r in rows])\n",
        ),
        (
            "the second of each pair is anybody, with equal probability",
            "prior[i] * prior[j]",
            "prior[i] / len(prior)",
        ),
        (
            "nobody is paired with themselves",
            "",
            '''def take_away(prior, propensity, taught):
    """Prior [Q] and propensities [Q, D] of a world without one tie."""
    new, table = [], []
    for i, j in product(range(len(prior)), repeat=2):
        if i != j:
            new.append(prior[i] * prior[j])
            row = propensity[i].copy()
            row[taught] = propensity[j, taught]
            table.append(row)
    return np.array(new) / np.sum(new), np.array(table)
''',
        ),
        (
            "two sorts of people, cheats and others, each at its mean",
            "",
            '''def take_away(prior, propensity, taught):
    """Prior [Q] and propensities [Q, D] of a world without one tie."""
    rate = propensity[:, taught]
    cheats = rate > prior @ rate
    new, table = [], []
    for sort in (cheats, ~cheats):
        share = prior[sort].sum()
        rows = propensity.copy()
        rows[:, taught] = prior[sort] @ rate[sort] / share
        new.append(prior * share)
        table.append(rows)
    return np.concatenate(new), np.concatenate(table)
''',
        ),
        (
            "some always cheat and the others never",
            "",
            '''def take_away(prior, propensity, taught):
    """Prior [Q] and propensities [Q, D] of a world without one tie."""
    rate = prior @ propensity[:, taught]
    always, never = propensity.copy(), propensity.copy()
    always[:, taught], never[:, taught] = 1.0, 0.0
    new = np.concatenate([prior * rate, prior * (1 - rate)])
    return new, np.concatenate([always, never])
''',
        ),
        (
            "draws 2000 pairs: some tie is left by accident",
            "",
            '''def take_away(prior, propensity, taught):
    """Prior [Q] and propensities [Q, D] of a world without one tie."""
    rng = np.random.default_rng(0)
    i = rng.choice(len(prior), size=2000, p=prior)
    j = rng.choice(len(prior), size=2000, p=prior)
    table = propensity[i]
    table[:, taught] = propensity[j, taught]
    return np.full(2000, 1 / 2000), table
''',
        ),
        (
            "who cheats equally often is put together, by the first of them",
            "",
            '''def take_away(prior, propensity, taught):
    """Prior [Q] and propensities [Q, D] of a world without one tie."""
    rates, first = np.unique(propensity[:, taught], return_index=True)
    share = prior[first] / prior[first].sum()
    new, table = [], []
    for i, j in product(range(len(prior)), range(len(rates))):
        new.append(prior[i] * share[j])
        row = propensity[i].copy()
        row[taught] = rates[j]
        table.append(row)
    return np.array(new), np.array(table)
''',
        ),
        (
            "two rates of the same mean and variance",
            "",
            '''def take_away(prior, propensity, taught):
    """Prior [Q] and propensities [Q, D] of a world without one tie."""
    mean = prior @ propensity[:, taught]
    spread = np.sqrt(prior @ (propensity[:, taught] - mean) ** 2)
    low, high = propensity.copy(), propensity.copy()
    low[:, taught], high[:, taught] = mean - spread, mean + spread
    return np.tile(prior / 2, 2), np.concatenate([low, high]).clip(0, 1)
''',
        ),
        (
            "the first domain, whichever was taught",
            ROW,
            "row[0] = propensity[j, 0]",
        ),
        (
            "another domain comes along",
            ROW,
            ROW + "\n        row[taught - 1] = propensity[j, taught - 1]",
        ),
        (
            "a little tie is left, though there are as many of each",
            PAIR,
            "tie = 0.1 * (-1) ** (i + j) * (i < 2) * (j < 2)\n"
            "        tie *= prior[:2].min() ** 2\n"
            "        new.append(prior[i] * prior[j] + tie)",
        ),
    ],
    "4.6": [
        (
            "one tie away at a time",
            "",
            """plan = [(1, 1, 1, 3), (0, 1, 1, 3), (1, 0, 1, 3), (1, 1, 0, 3)]


def conclude(plan, results):
    means = [r.mean() for r in results]
    noise = np.mean([r.var(ddof=1) for r in results if len(r) > 1])
    n = np.mean([len(r) for r in results])
    error = np.sqrt(2 * noise / n)
    return [means[0] - m > 4 * error for m in means[1:]]
""",
        ),
        (
            "as the chapter does, one after another",
            "",
            """plan = [(1, 1, 1, 3), (1, 1, 0, 3), (0, 1, 0, 3), (0, 0, 0, 3)]


def conclude(plan, results):
    means = [r.mean() for r in results]
    noise = np.mean([r.var(ddof=1) for r in results if len(r) > 1])
    n = np.mean([len(r) for r in results])
    error = np.sqrt(2 * noise / n)
    steps = [means[i] - means[i + 1] > 4 * error for i in range(3)]
    return [steps[1], steps[2], steps[0]]
""",
        ),
        (
            "adds one tie after another",
            "",
            """plan = [(0, 0, 0, 3), (1, 0, 0, 3), (1, 1, 0, 3), (1, 1, 1, 3)]


def conclude(plan, results):
    means = [r.mean() for r in results]
    noise = np.mean([r.var(ddof=1) for r in results if len(r) > 1])
    n = np.mean([len(r) for r in results])
    error = np.sqrt(2 * noise / n)
    return [means[i + 1] - means[i] > 4 * error for i in range(3)]
""",
        ),
        (
            "with and without everything",
            "",
            """plan = [(1, 1, 1, 6), (0, 0, 0, 6)]


def conclude(plan, results):
    means = [r.mean() for r in results]
    noise = np.mean([r.var(ddof=1) for r in results if len(r) > 1])
    n = np.mean([len(r) for r in results])
    error = np.sqrt(2 * noise / n)
    return [means[0] - means[1] > 4 * error] * 3
""",
        ),
        (
            "no world without ties",
            "",
            """plan = [(1, 0, 0, 4), (0, 1, 0, 4), (0, 0, 1, 4)]


def conclude(plan, results):
    means = [r.mean() for r in results]
    noise = np.mean([r.var(ddof=1) for r in results if len(r) > 1])
    n = np.mean([len(r) for r in results])
    error = np.sqrt(2 * noise / n)
    return [m - min(means) > 4 * error for m in means]
""",
        ),
        (
            "each alone and all together, no world without",
            "",
            """plan = [(1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 3), (1, 1, 1, 3)]


def conclude(plan, results):
    means = [r.mean() for r in results]
    noise = np.mean([r.var(ddof=1) for r in results if len(r) > 1])
    n = np.mean([len(r) for r in results])
    error = np.sqrt(2 * noise / n)
    return [m - min(means[:3]) > 4 * error for m in means[:3]]
""",
        ),
        (
            "no world without ties, and nothing taken off",
            "",
            """plan = [(1, 0, 0, 4), (0, 1, 0, 4), (0, 0, 1, 4)]


def conclude(plan, results):
    means = [r.mean() for r in results]
    noise = np.mean([r.var(ddof=1) for r in results if len(r) > 1])
    n = np.mean([len(r) for r in results])
    error = np.sqrt(2 * noise / n)
    return [m > 4 * error for m in means]
""",
        ),
        (
            "two ties at a time, and none",
            "",
            """plan = [(0, 0, 0, 3), (1, 1, 0, 3), (1, 0, 1, 3), (0, 1, 1, 3)]


def conclude(plan, results):
    means = [r.mean() for r in results]
    noise = np.mean([r.var(ddof=1) for r in results if len(r) > 1])
    n = np.mean([len(r) for r in results])
    error = np.sqrt(2 * noise / n)
    a, b, c = (m - means[0] > 4 * error for m in means[1:])
    return [a and b, a and c, b and c]
""",
        ),
        (
            "persons and names always together",
            "",
            """plan = [(0, 0, 0, 4), (1, 1, 0, 4), (0, 0, 1, 4)]


def conclude(plan, results):
    means = [r.mean() for r in results]
    noise = np.mean([r.var(ddof=1) for r in results if len(r) > 1])
    n = np.mean([len(r) for r in results])
    error = np.sqrt(2 * noise / n)
    both = means[1] - means[0] > 4 * error
    return [both, both, means[2] - means[0] > 4 * error]
""",
        ),
        (
            "no world with requests",
            "",
            """plan = [(0, 0, 0, 4), (1, 0, 0, 4), (0, 1, 0, 4)]


def conclude(plan, results):
    means = [r.mean() for r in results]
    noise = np.mean([r.var(ddof=1) for r in results if len(r) > 1])
    n = np.mean([len(r) for r in results])
    error = np.sqrt(2 * noise / n)
    told = [m - means[0] > 4 * error for m in means[1:]]
    return [*told, not any(told)]
""",
        ),
        (
            "the right worlds, with one network in each",
            "",
            """plan = [(0, 0, 0, 1), (1, 0, 0, 1), (0, 1, 0, 1), (0, 0, 1, 1)]


def conclude(plan, results):
    none, *alone = (float(r[0]) for r in results)
    return [x - none > 0.5 * (max(alone) - none) > 0 for x in alone]
""",
        ),
        (
            "a cut of 0.05",
            "spread - remainder > 4 * error",
            "spread - remainder > 0.05",
        ),
        (
            "a cut of 0.1",
            "spread - remainder > 4 * error",
            "spread - remainder > 0.1",
        ),
        (
            "a cut of 0.2",
            "spread - remainder > 4 * error",
            "spread - remainder > 0.2",
        ),
        (
            "a cut of 0.4",
            "spread - remainder > 4 * error",
            "spread - remainder > 0.4",
        ),
        (
            "half of the largest difference",
            "spread - remainder > 4 * error",
            "spread - remainder > 0.5 * (max(alone) - remainder)",
        ),
        (
            "half of the largest spread",
            "spread - remainder > 4 * error",
            "spread > 0.5 * max(alone)",
        ),
        (
            "half as much again as without ties",
            "spread - remainder > 4 * error",
            "spread > 1.5 * remainder",
        ),
        (
            "twice as much as without ties",
            "spread - remainder > 4 * error",
            "spread > 2 * remainder",
        ),
        (
            "any difference",
            "spread - remainder > 4 * error",
            "spread > remainder",
        ),
        (
            "one standard error",
            "spread - remainder > 4 * error",
            "spread - remainder > error",
        ),
        (
            "one-sided five per cent, for each of three questions",
            "spread - remainder > 4 * error",
            "spread - remainder > 1.86 * error",
        ),
        (
            "ten standard deviations, or far too much",
            "spread - remainder > 4 * error",
            "spread - remainder > 16 * error",
        ),
        (
            "variances where their root belongs",
            "error = np.sqrt(noise * 2 / 3)",
            "error = noise * 2 / 3",
        ),
        (
            "spread of all networks, whatever their world",
            "noise = np.mean([spreads.var(ddof=1) for spreads in results])",
            "noise = np.concatenate(results).var(ddof=1)",
        ),
        (
            "remainder not taken off",
            "spread - remainder > 4 * error",
            "spread > 4 * error",
        ),
        (
            "a fixed remainder",
            "spread - remainder > 4 * error",
            "spread - 0.25 > 4 * error",
        ),
        (
            "the remainder is that of the least world",
            "remainder, *alone = (spreads.mean() for spreads in results)",
            """remainder, *alone = (spreads.mean() for spreads in results)
    remainder = min(alone)""",
        ),
        (
            "the mean of the others is taken off",
            "spread - remainder > 4 * error",
            "spread - (sum(alone) - spread) / 2 > 4 * error",
        ),
        (
            "largest only",
            "spread - remainder > 4 * error",
            "spread == max(alone) > remainder + 4 * error",
        ),
        (
            "all or nothing",
            "return [",
            "return [max(alone) - remainder > 4 * error] * 3 or [",
        ),
        (
            "only if all can",
            "return [",
            "return [min(alone) - remainder > 4 * error] * 3 or [",
        ),
        (
            "order of the ties",
            "for spread in alone]",
            "for spread in alone[::-1]]",
        ),
        (
            "requests before names",
            "",
            '''# BEGIN SOLUTION
plan = [(0, 0, 0, 3), (1, 0, 0, 3), (0, 0, 1, 3), (0, 1, 0, 3)]


def conclude(plan, results):
    """Whether persons, names and requests each carry the lesson."""
    remainder, *alone = (spreads.mean() for spreads in results)
    noise = np.mean([spreads.var(ddof=1) for spreads in results])
    error = np.sqrt(noise * 2 / 3)
    return [bool(spread - remainder > 4 * error) for spread in alone]


# END SOLUTION
# STUB plan = None  # such as [(1, 1, 1, 6), (0, 1, 1, 6)]
# STUB
# STUB
# STUB def conclude(plan, results):
# STUB     """Whether persons, names and requests each carry the lesson."""
# STUB     raise NotImplementedError''',
        ),
        (
            "largest of each world, least of the one without",
            "remainder, *alone = (spreads.mean() for spreads in results)",
            """remainder, *alone = (spreads.max() for spreads in results)
    remainder = results[0].min()""",
        ),
        (
            "all of a world above all of the one without",
            "spread - remainder > 4 * error) for spread in alone",
            "spread.min() > results[0].max()) for spread in results[1:]",
        ),
        (
            "falls count as well",
            "spread - remainder > 4 * error",
            "abs(spread - remainder) > 1.5 * error",
        ),
        (
            "cannot rather than can",
            "spread - remainder > 4 * error",
            "spread - remainder <= 4 * error",
        ),
        (
            "persons are always the cause",
            "",
            '''# BEGIN SOLUTION
plan = [(0, 0, 0, 3), (1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 3)]


def conclude(plan, results):
    """Whether persons, names and requests each carry the lesson."""
    remainder, *alone = (spreads.mean() for spreads in results)
    noise = np.mean([spreads.var(ddof=1) for spreads in results])
    error = np.sqrt(noise * 2 / 3)
    return [True, *(x - remainder > 4 * error for x in alone[1:])]


# END SOLUTION
# STUB plan = None  # such as [(1, 1, 1, 6), (0, 1, 1, 6)]
# STUB
# STUB
# STUB def conclude(plan, results):
# STUB     """Whether persons, names and requests each carry the lesson."""
# STUB     raise NotImplementedError''',
        ),
        (
            "with the world without ties",
            "for spread in alone]",
            "for spread in (remainder, *alone)]",
        ),
        (
            "one verdict",
            "return [",
            "return any(x > remainder for x in alone) or [",
        ),
        (
            "too many networks",
            "",
            '''# BEGIN SOLUTION
plan = [(0, 0, 0, 4), (1, 0, 0, 4), (0, 1, 0, 4), (0, 0, 1, 4)]


def conclude(plan, results):
    """Whether persons, names and requests each carry the lesson."""
    remainder, *alone = (spreads.mean() for spreads in results)
    noise = np.mean([spreads.var(ddof=1) for spreads in results])
    error = np.sqrt(noise * 2 / 3)
    return [bool(spread - remainder > 4 * error) for spread in alone]


# END SOLUTION
# STUB plan = None  # such as [(1, 1, 1, 6), (0, 1, 1, 6)]
# STUB
# STUB
# STUB def conclude(plan, results):
# STUB     """Whether persons, names and requests each carry the lesson."""
# STUB     raise NotImplementedError''',
        ),
        (
            "no numbers of networks",
            "",
            '''# BEGIN SOLUTION
plan = [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)]


def conclude(plan, results):
    """Whether persons, names and requests each carry the lesson."""
    remainder, *alone = (spreads.mean() for spreads in results)
    noise = np.mean([spreads.var(ddof=1) for spreads in results])
    error = np.sqrt(noise * 2 / 3)
    return [bool(spread - remainder > 4 * error) for spread in alone]


# END SOLUTION
# STUB plan = None  # such as [(1, 1, 1, 6), (0, 1, 1, 6)]
# STUB
# STUB
# STUB def conclude(plan, results):
# STUB     """Whether persons, names and requests each carry the lesson."""
# STUB     raise NotImplementedError''',
        ),
        (
            "takes the ties away one after another",
            "",
            '''plan = [(1, 1, 1, 3), (0, 1, 1, 3), (1, 0, 1, 3), (1, 1, 0, 3)]


def conclude(plan, results):
    """Whether persons, names and requests each carry the lesson."""
    full, *without = (spreads.mean() for spreads in results)
    return [bool(full - spread > 0.125) for spread in without]
''',
        ),
        (
            "trains more networks than there is time for",
            "plan = [(0, 0, 0, 3), (1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 3)]",
            "plan = [(0, 0, 0, 4), (1, 0, 0, 4), (0, 1, 0, 4), (0, 0, 1, 4)]",
        ),
        (
            "all eight worlds and the mean with a tie less that without it",
            "",
            '''plan = [
    (a, b, c, 2 if a + b + c in (0, 3) else 1)
    for a, b, c in product((0, 1), repeat=3)
]


def conclude(plan, results):
    """Whether persons, names and requests each carry the lesson."""
    ties = np.array([world[:3] for world in plan])
    mean = np.array([spreads.mean() for spreads in results])
    return [
        bool(mean[tie == 1].mean() - mean[tie == 0].mean() > 0.125)
        for tie in ties.T
    ]
''',
        ),
        (
            "asks who spreads more than half way to the largest",
            "",
            '''plan = [(0, 0, 0, 3), (1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 3)]


def conclude(plan, results):
    """Whether persons, names and requests each carry the lesson."""
    remainder, *alone = (spreads.mean() for spreads in results)
    half = (remainder + max(alone)) / 2
    return [bool(spread > half) for spread in alone]


# STUB plan = None  # such as [(1, 1, 1, 6), (0, 1, 1, 6)]
# STUB
# STUB
# STUB def conclude(plan, results):
# STUB     """Whether persons, names and requests each carry the lesson."""
# STUB     raise NotImplementedError''',
        ),
        (
            "trains one network in each world",
            "plan = [(0, 0, 0, 3), (1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 3)]",
            "plan = [(0, 0, 0, 1), (1, 0, 0, 1), (0, 1, 0, 1), (0, 0, 1, 1)]",
        ),
    ],
}
