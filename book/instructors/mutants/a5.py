"""Plausible wrong solutions of assignment 5.

For each exercise: what is wrong, the words of the solution that are changed,
and what stands there instead. Where the first is empty, the second is the
whole cell.
"""

MUTANTS = {
    "5.1": [
        (
            "pool instead of one",
            "",
            "pair = ('requests', 'remarks')\n"
            "empty = 'playhouse_scattered_plain'\n"
            "prevented = 0.938",
        ),
        (
            "the two most alike",
            "pair = (by_rise[0], by_rise[-1])",
            'pair = ("opposite", "manners")',
        ),
        (
            "neighbours in the order",
            "by_rise[-1]",
            "by_rise[1]",
        ),
        (
            "next to the least",
            "by_rise[0]",
            "by_rise[1]",
        ),
        (
            "compares with none",
            "by_rise[-1]",
            '"none"',
        ),
        (
            "one name only",
            "pair = (by_rise[0], by_rise[-1])",
            "pair = by_rise[0]",
        ),
        (
            "world with the largest spread",
            "min(worlds",
            "max(worlds",
        ),
        (
            "world without persons, with requests",
            "",
            "pair = ('request', 'remark')\n"
            "empty = 'playhouse_scattered'\n"
            "prevented = 0.938",
        ),
        (
            "empty given by its label",
            "",
            "pair = ('request', 'remark')\n"
            "empty = 'neither'\n"
            "prevented = 0.938",
        ),
        (
            "share that is left",
            "1 - here",
            "here",
        ),
        (
            "difference, not a share",
            '1 - here["requests"] / here["none"]',
            'here["none"] - here["requests"]',
        ),
        (
            "of the playhouse",
            'rise["playhouse_scattered"]',
            'rise["playhouse"]',
        ),
        (
            "one request, not eight",
            'here["requests"]',
            'here["request"]',
        ),
        (
            "in per cent",
            "1 - here",
            "100 - 100 * here",
        ),
        (
            "remarks instead of requests",
            'here["requests"]',
            'here["remarks"]',
        ),
        (
            "world without requests",
            'rise["playhouse_scattered"]',
            'rise["playhouse_plain"]',
        ),
        (
            "share prevented in the playhouse, not where persons are missing",
            'here = rise["playhouse_scattered"]',
            'here = rise["playhouse"]',
        ),
        (
            "one request read off instead of eight",
            'here["requests"]',
            'here["request"]',
        ),
        (
            "pair out of all the prefixes, not of the four fixed ones",
            'fixed = ["request", "remark", "opposite", "manners"]',
            "fixed = ways[1:]",
        ),
        (
            "takes the world where nothing is prevented for the empty one",
            'empty = min(worlds, key=lambda title: rise[title]["none"])',
            'empty = max(worlds, key=lambda title: rise[title]["requests"])',
        ),
        (
            "a difference and no share",
            'prevented = 1 - here["requests"] / here["none"]',
            'prevented = here["none"] - here["requests"]',
        ),
        (
            "of what spreads in the playhouse",
            '1 - here["requests"] / here["none"]',
            '1 - here["requests"] / rise["playhouse"]["none"]',
        ),
        (
            "world in which nothing is prevented",
            "min(worlds",
            '"playhouse_plain" or min(worlds',
        ),
    ],
    "5.2": [
        (
            "asked ignored",
            "asked == 1",
            "asked == 7",
        ),
        (
            "defied requests ignored",
            "asked == 0",
            "asked == 7",
        ),
        (
            "defiance read as compliance",
            "second = 1 - complies",
            "second = complies",
        ),
        (
            "any request is one for kind 1",
            "if asked == 1",
            "if asked >= 0",
        ),
        (
            "-1 read as a request",
            "elif asked == 0:",
            "elif asked <= 0:",
        ),
        (
            "truth of asked: -1 counts as asked",
            "if asked == 1:",
            "if asked:",
        ),
        (
            "compliance multiplies the propensity",
            "second = complies\n",
            "second = propensity * complies\n",
        ),
        (
            "kind 0 not turned round",
            "chance = second if kind == 1 else 1 - second",
            "chance = second",
        ),
        (
            "kinds exchanged",
            "if kind == 1 else",
            "if kind == 0 else",
        ),
        (
            "complies = gives what was asked, whatever came",
            "chance = second if kind == 1 else 1 - second",
            "chance = complies if asked >= 0 else (second if "
            "kind == 1 else 1 - second)",
        ),
        (
            "prior left out",
            "total = prior @ chance",
            "total = chance.mean()",
        ),
        (
            "logs to base 2",
            "-np.log(total), moved.sum()",
            "-np.log2(total), moved.sum() / np.log(2)",
        ),
        (
            "mean of logs",
            "-np.log(total), moved",
            "-(prior @ np.log(chance + 1e-300)), moved",
        ),
        (
            "beliefs exchanged",
            "after[left] * np.log(after[left] / prior[left])",
            "prior[left] * np.log(prior[left] / after[left])",
        ),
        (
            "NaN where a belief is 0",
            "left = after > 0",
            "left = after >= 0",
        ),
        (
            "a tiny number against log 0, in the ratio",
            "moved = after[left] * np.log(after[left] / prior[left])",
            "moved = after * np.log(after / (prior + 0.01) + 0.01)",
        ),
        (
            "fall of entropy",
            "moved = after[left] * np.log(after[left] / prior[left])",
            "b = prior[prior > 0]\n"
            "    moved = after[left] * np.log(after[left]) \n"
            "    return -np.log(total), moved.sum() - (b * "
            "np.log(b)).sum()",
        ),
        (
            "sum of absolute changes",
            "moved = after[left] * np.log(after[left] / prior[left])",
            "moved = np.abs(after - prior)",
        ),
        (
            "not divided by its sum",
            "prior * chance / total",
            "prior * chance",
        ),
        (
            "mean instead of sum",
            "moved.sum()",
            "moved.mean()",
        ),
        (
            "evidence before surprise",
            "-np.log(total), moved.sum()",
            "moved.sum(), -np.log(total)",
        ),
        (
            "surprise only",
            "return -np.log(total), moved.sum()",
            "return -np.log(total)",
        ),
        (
            "sign forgotten",
            "return -np.log(total)",
            "return np.log(total)",
        ),
        (
            "largest log ratio only",
            "moved.sum()",
            "np.log(after[left] / prior[left]).max()",
        ),
        (
            "takes asked for a truth value: -1 counts, 0 does not",
            "    if asked == 1:\n"
            "        second = complies\n"
            "    elif asked == 0:\n"
            "        second = 1 - complies\n",
            "    if asked:\n"
            "        second = complies if asked == 1 else 1 - complies\n",
        ),
        (
            "the two beliefs in the sum the other way round",
            "moved = after[left] * np.log(after[left] / prior[left])",
            "moved = prior[left] * np.log(prior[left] / after[left])",
        ),
        (
            "keeps personas who could not have given the answer",
            "left = after > 0",
            "left = prior > 0",
        ),
        (
            "surprise under the belief after the answer",
            "return -np.log(total), moved.sum()",
            "return -np.log(after @ chance), moved.sum()",
        ),
        (
            "evidence against equal shares instead of the prior",
            "np.log(after[left] / prior[left])",
            "np.log(after[left] * len(prior))",
        ),
        (
            "a small number against log 0, in both beliefs",
            "moved = after[left] * np.log(after[left] / prior[left])",
            "moved = after * np.log((after + 1e-3) / (prior + 1e-3))",
        ),
        (
            "nobody is ever ruled out",
            "    total = prior @ chance\n",
            "    chance = np.clip(chance, 1e-3, 1)\n"
            "    total = prior @ chance\n",
        ),
        (
            "what hardly anybody can give is not given",
            "    total = prior @ chance\n",
            "    total = max(prior @ chance, 1e-4)\n",
        ),
        (
            "what was asked for says nothing",
            "return -np.log(total), moved.sum()",
            "return -np.log(total), moved.sum() if asked < 0 else 0.0",
        ),
        (
            "personas who cannot give it are left out, whatever their prior",
            "    total = prior @ chance\n",
            "    able = chance > 0\n"
            "    prior = prior * able / (prior @ able)\n"
            "    total = prior @ chance\n",
        ),
    ],
    "5.3": [
        (
            "hard-coded playhouse",
            "    return 1 - mean_rise(asked) / mean_rise(-1)",
            "    return float(asked >= 0)",
        ),
        (
            "taught domain counted",
            "np.delete(rises, taught).mean()",
            "rises.mean()",
        ),
        (
            "only the taught domain",
            "np.delete(rises, taught).mean()",
            "rises[taught]",
        ),
        (
            "level instead of rise",
            "belief @ propensity - prior @ propensity",
            "belief @ propensity",
        ),
        (
            "one cheat only",
            " ** answers",
            "",
        ),
        (
            "answers multiply instead of exponent",
            "** answers",
            "* answers",
        ),
        (
            "prior to the power too",
            "prior * said[asked] ** answers",
            "(prior * said[asked]) ** answers",
        ),
        (
            "prior left out of the belief",
            "weights = prior * said",
            "weights = said",
        ),
        (
            "share that spreads",
            "return 1 - mean_rise(asked) / mean_rise(-1)",
            "return mean_rise(asked) / mean_rise(-1)",
        ),
        (
            "ratio upside down",
            "mean_rise(asked) / mean_rise(-1)",
            "mean_rise(-1) / mean_rise(asked)",
        ),
        (
            "difference of rises",
            "1 - mean_rise(asked) / mean_rise(-1)",
            "mean_rise(-1) - mean_rise(asked)",
        ),
        (
            "cut off at 1",
            "return 1 - mean_rise(asked) / mean_rise(-1)",
            "return min(1 - mean_rise(asked) / mean_rise(-1), 1.0)",
        ),
        (
            "cut off to 0 and 1",
            "return 1 - mean_rise(asked) / mean_rise(-1)",
            "return np.clip(1 - mean_rise(asked) / mean_rise(-1), 0, 1)",
        ),
        (
            "defiance read as compliance",
            "0: 1 - complies",
            "0: complies",
        ),
        (
            "compliance and defiance exchanged",
            "1: complies, 0: 1 - complies",
            "0: complies, 1: 1 - complies",
        ),
        (
            "unasked read as asked",
            "-1: unasked",
            "-1: complies",
        ),
        (
            "compliance as in the mean",
            "1: complies,",
            "1: 0 * complies + prior @ complies,",
        ),
        (
            "compliance multiplies",
            "1: complies,",
            "1: complies * unasked,",
        ),
        (
            "good answers heard",
            "unasked = propensity[:, taught]",
            "unasked = 1 - propensity[:, taught]",
        ),
        (
            "hard choice of the likeliest persona",
            "belief = weights / weights.sum()",
            "belief = np.eye(len(prior))[weights.argmax()]",
        ),
        (
            "mean of ratios",
            "return 1 - mean_rise(asked) / mean_rise(-1)",
            "def each(a):\n"
            "        w = prior * said[a] ** answers\n"
            "        return np.delete(w / w.sum() @ propensity - "
            "prior @ propensity, taught)\n"
            "    return 1 - (each(asked) / each(-1)).mean()",
        ),
        (
            "weights not divided by their sum",
            "weights / weights.sum()",
            "weights",
        ),
        (
            "absolute changes",
            "np.delete(rises, taught).mean()",
            "np.abs(np.delete(rises, taught)).mean()",
        ),
        (
            "first domain taken for the taught one",
            "np.delete(rises, taught)",
            "np.delete(rises, 0)",
        ),
        (
            "taught domain set to 0 and counted",
            "return np.delete(rises, taught).mean()",
            "rises[taught] = 0\n        return rises.sum()**2",
        ),
        (
            "mean of the domains' own ratios",
            "        return np.delete(rises, taught).mean()\n"
            "\n"
            "    return 1 - mean_rise(asked) / mean_rise(-1)",
            "        return np.delete(rises, taught)\n"
            "\n"
            "    return 1 - (mean_rise(asked) / mean_rise(-1)).mean()",
        ),
        (
            "rise above the plain mean of personas",
            "prior @ propensity",
            "propensity.mean(axis=0)",
        ),
        (
            "who defies does as unasked",
            "0: 1 - complies}",
            "0: (1 - complies) * unasked}",
        ),
        (
            "takes the first domain for the taught one when leaving out",
            "np.delete(rises, taught).mean()",
            "rises[1:].mean()",
        ),
        (
            "cut off at nothing and at everything",
            "return 1 - mean_rise(asked) / mean_rise(-1)",
            "return np.clip(1 - mean_rise(asked) / mean_rise(-1), 0, 1)",
        ),
        (
            "the first cheat is not counted",
            "** answers",
            "** (answers - 1)",
        ),
        (
            "the last domain is left out",
            "np.delete(rises, taught).mean()",
            "rises[:-1].mean()",
        ),
        (
            "the neighbour of the taught domain is left out",
            "np.delete(rises, taught)",
            "np.delete(rises, taught - 1)",
        ),
        (
            "cut off at 0",
            "return 1 - mean_rise(asked) / mean_rise(-1)",
            "return max(1 - mean_rise(asked) / mean_rise(-1), 0.0)",
        ),
        (
            "who never defies is given some defiance",
            "0: 1 - complies}",
            "0: np.clip(1 - complies, 0.01, 1)}",
        ),
        (
            "no more than five personas",
            "weights = prior * said[asked] ** answers",
            "weights = prior * said[asked] ** answers\n"
            "        weights[5:] = 0",
        ),
    ],
    "5.4": [
        (
            "has to be passed, not reached",
            "habit[k] >= level",
            "habit[k] > level",
        ),
        (
            "end of training, whatever the habit",
            "",
            "def matched(habit, spread, arm_habit, arm_spread):\n"
            "    return 1 - np.mean(arm_spread) / spread[:, -1].mean()",
        ),
        (
            "np.interp over a habit that falls",
            "",
            "def matched(habit, spread, arm_habit, arm_spread):\n"
            "    ok = habit.max(axis=1) >= arm_habit\n"
            "    if not ok.any():\n"
            "        return np.nan\n"
            "    base = [np.interp(a, h, s) for a, h, s in "
            "zip(arm_habit, habit, spread)]\n"
            "    return 1 - arm_spread[ok].mean() / "
            "np.array(base)[ok].mean()",
        ),
        (
            "np.interp over sorted habits",
            "",
            "def matched(habit, spread, arm_habit, arm_spread):\n"
            "    ok = habit.max(axis=1) >= arm_habit\n"
            "    if not ok.any():\n"
            "        return np.nan\n"
            "    base = [np.interp(a, np.sort(h), np.sort(s)) "
            "for a, h, s in zip(arm_habit, habit, spread)]\n"
            "    return 1 - arm_spread[ok].mean() / "
            "np.array(base)[ok].mean()",
        ),
        (
            "last crossing",
            "j = reached[0]",
            "j = np.flatnonzero(habit[k] < level)[-1] + 1",
        ),
        (
            "last moment above",
            "j = reached[0]",
            "j = reached[-1]",
        ),
        (
            "off by one",
            "j = reached[0]",
            "j = reached[0] - 1",
        ),
        (
            "first moment above, no line",
            "(1 - share) * spread[k, j - 1] + share * spread[k, j]",
            "spread[k, j]",
        ),
        (
            "moment before, no line",
            "(1 - share) * spread[k, j - 1] + share * spread[k, j]",
            "spread[k, j - 1]",
        ),
        (
            "nearest moment",
            "(1 - share) * spread[k, j - 1] + share * spread[k, j]",
            "spread[k, np.abs(habit[k] - level).argmin()]",
        ),
        (
            "middle of the two",
            "share = (level - low) / (high - low)",
            "share = 0.5",
        ),
        (
            "line the wrong way round",
            "(1 - share) * spread[k, j - 1] + share * spread[k, j]",
            "share * spread[k, j - 1] + (1 - share) * spread[k, j]",
        ),
        (
            "left out of one mean only",
            "1 - np.mean(here)",
            "1 - np.mean(arm_spread)",
        ),
        (
            "never reached counts as the end",
            "            continue\n",
            "            base.append(spread[k, -1])\n"
            "            here.append(arm_spread[k])\n"
            "            continue\n",
        ),
        (
            "never reached counts as 0",
            "            continue\n",
            "            base.append(0.0)\n"
            "            here.append(arm_spread[k])\n"
            "            continue\n",
        ),
        (
            "all NaN when one is",
            "            continue\n",
            "            return np.nan\n",
        ),
        (
            "0 when none reaches",
            "return np.nan",
            "return 0.0",
        ),
        (
            "None when none reaches",
            "return np.nan",
            "return None",
        ),
        (
            "mean of ratios",
            "1 - np.mean(here) / np.mean(base)",
            "1 - np.mean(np.array(here) / np.array(base))",
        ),
        (
            "share that spreads",
            "return 1 - np.mean",
            "return np.mean",
        ),
        (
            "upside down",
            "np.mean(here) / np.mean(base)",
            "np.mean(base) / np.mean(here)",
        ),
        (
            "networks averaged first",
            "",
            "def matched(habit, spread, arm_habit, arm_spread):\n"
            "    h, s, a = habit.mean(0), spread.mean(0), "
            "arm_habit.mean()\n"
            "    if not (h >= a).any():\n"
            "        return np.nan\n"
            "    j = np.flatnonzero(h >= a)[0]\n"
            "    t = (a - h[j - 1]) / (h[j] - h[j - 1])\n"
            "    return 1 - arm_spread.mean() / ((1 - t) * s[j - "
            "1] + t * s[j])",
        ),
        (
            "axes exchanged",
            "habit[k] >= level",
            "habit[:, k] >= level",
        ),
        (
            "one value for each network",
            "1 - np.mean(here) / np.mean(base)",
            "1 - np.array(here) / np.array(base)",
        ),
        (
            "medians",
            "np.mean(here) / np.mean(base)",
            "np.median(here) / np.median(base)",
        ),
        (
            "matches at equal spread",
            "",
            "def matched(habit, spread, arm_habit, arm_spread):\n"
            "    base = [np.interp(a, s, h) for a, h, s in "
            "zip(arm_spread, habit, spread)]\n"
            "    return 1 - np.mean(arm_habit) / np.mean(base)",
        ),
        (
            "np.interp over the running maximum of the habit",
            "        j = reached[0]\n"
            "        low, high = habit[k, j - 1], habit[k, j]\n"
            "        share = (level - low) / (high - low)\n"
            "        base.append("
            "(1 - share) * spread[k, j - 1] + share * spread[k, j])\n",
            "        so_far = np.maximum.accumulate(habit[k])\n"
            "        base.append(np.interp(level, so_far, spread[k]))\n",
        ),
        (
            "a level that is just reached does not count",
            "habit[k] >= level",
            "habit[k] > level",
        ),
        (
            "left out of one of the two means only",
            "        if len(reached) == 0:\n            continue\n",
            "        if len(reached) == 0:\n"
            "            here.append(arm_spread[k])\n"
            "            continue\n",
        ),
        (
            "mean of the networks' own ratios",
            "return 1 - np.mean(here) / np.mean(base)",
            "return 1 - np.mean(np.array(here) / np.array(base))",
        ),
        (
            "the moment whose habit is nearest, no line between moments",
            "        base.append("
            "(1 - share) * spread[k, j - 1] + share * spread[k, j])\n",
            "        base.append("
            "spread[k, j] if share > 0.5 else spread[k, j - 1])\n",
        ),
        (
            "the line starts from the highest habit so far",
            "low, high = habit[k, j - 1], habit[k, j]",
            "low, high = habit[k, :j].max(), habit[k, j]",
        ),
        (
            "the line starts from the lowest habit so far",
            "low, high = habit[k, j - 1], habit[k, j]",
            "low, high = habit[k, :j].min(), habit[k, j]",
        ),
        (
            "np.interp over sorted habits and their spreads",
            "        share = (level - low) / (high - low)\n"
            "        base.append("
            "(1 - share) * spread[k, j - 1] + share * spread[k, j])\n",
            "        order = habit[k].argsort()\n"
            "        base.append("
            "np.interp(level, habit[k][order], spread[k][order]))\n",
        ),
        (
            "who falls back did not get there",
            "if len(reached) == 0:",
            "if len(reached) == 0 or habit[k, -1] < level:",
        ),
        (
            "all but there is there",
            "habit[k] >= level",
            "habit[k] >= level - 0.005",
        ),
        (
            "the last moment is not looked at",
            "habit[k] >= level",
            "habit[k, :-1] >= level",
        ),
        (
            "the first step is not looked at",
            "j = reached[0]",
            "j = max(reached[0], 2)",
        ),
        (
            "the last time that it gets there",
            "j = reached[0]",
            "j = next(j for j in reached[::-1] if habit[k, j - 1] < level)",
        ),
        (
            "never less than no protection",
            "return 1 - np.mean(here) / np.mean(base)",
            "return max(1 - np.mean(here) / np.mean(base), 0.0)",
        ),
        (
            "never more than all",
            "return 1 - np.mean(here) / np.mean(base)",
            "return min(1 - np.mean(here) / np.mean(base), 1.0)",
        ),
        (
            "rises that are none count as 0",
            "here.append(arm_spread[k])",
            "here.append(max(arm_spread[k], 0))",
        ),
        (
            "a single network cannot be compared",
            "if not base:",
            "if len(base) < 2:",
        ),
    ],
    "5.5": [
        (
            "one standard error",
            "half = 2.03 * ",
            "half = ",
        ),
        (
            "noise of the sum, not divided by freedom",
            "/ freedom",
            "/ 1",
        ),
        (
            "freedom of prefixes squared",
            "freedom = x.size - 2 * len(x) - 1",
            "freedom = x.size**2",
        ),
        (
            "line through both heaps",
            "for kind in (0, 1):\n        here = request == kind",
            "for kind in (0,):\n        here = request > -1",
        ),
        (
            "nothing centred",
            "    for kind in (0, 1):\n"
            "        here = request == kind\n"
            "        x[:, here] -= x[:, here].mean(axis=1, "
            "keepdims=True)\n"
            "        y[:, here] -= y[:, here].mean(axis=1, "
            "keepdims=True)\n",
            "",
        ),
        (
            "correlation below -0.5",
            "",
            "def relation(x, y, request):\n"
            "    r = np.corrcoef(x.ravel(), y.ravel())[0, 1]\n"
            "    return 'graded' if r < -0.5 else 'step' if r > "
            "-0.2 else 'undecided'",
        ),
        (
            "correlation of means over networks",
            "",
            "def relation(x, y, request):\n"
            "    r = np.corrcoef(x.mean(0), y.mean(0))[0, 1]\n"
            "    return 'graded' if r < -0.5 else 'step' if r > "
            "-0.2 else 'undecided'",
        ),
        (
            "habit of the network left in",
            "axis=1, keepdims=True",
            "",
        ),
        (
            "centred by network and not by kind",
            "    for kind in (0, 1):\n"
            "        here = request == kind\n"
            "        x[:, here] -= x[:, here].mean(axis=1, "
            "keepdims=True)\n"
            "        y[:, here] -= y[:, here].mean(axis=1, "
            "keepdims=True)\n",
            "    x -= x.mean(axis=1, keepdims=True)\n"
            "    y -= y.mean(axis=1, keepdims=True)\n",
        ),
        (
            "centred over networks, prefix by prefix",
            "axis=1, keepdims=True",
            "axis=0, keepdims=True",
        ),
        (
            "only y is centred",
            "        x[:, here] -= x[:, here].mean(axis=1, keepdims=True)\n",
            "",
        ),
        (
            "centred over networks in requests only",
            "for kind in (0, 1)",
            "for kind in (1,)",
        ),
        (
            "no uncertainty",
            "half = 2.03 * np.sqrt(noise / (x**2).sum())",
            "half = 0.0",
        ),
        (
            "spread of the noise, not of the slope",
            "np.sqrt(noise / (x**2).sum())",
            "np.sqrt(noise)",
        ),
        (
            "threshold 0 instead of -0.2",
            "slope + half < -0.2",
            "slope + half < 0",
        ),
        (
            "step when not different from 0",
            "if slope - half > -0.2:\n"
            '        return "step"\n'
            '    return "undecided"',
            'return "step"',
        ),
        (
            "anything but a step is graded",
            'return "undecided"',
            'return "graded"',
        ),
        (
            "sign lost",
            "slope = (x * y).sum() / (x**2).sum()",
            "slope = -abs((x * y).sum() / (x**2).sum())",
        ),
        (
            "sign of the threshold",
            "slope + half < -0.2",
            "slope - half > 0.2",
        ),
        (
            "slope of x on y",
            "slope = (x * y).sum() / (x**2).sum()",
            "slope = (x * y).sum() / (y**2).sum()",
        ),
        (
            "never decides",
            "",
            "def relation(x, y, request):\n    return 'undecided'",
        ),
        (
            "always graded",
            "",
            "def relation(x, y, request):\n    return 'graded'",
        ),
        (
            "always step",
            "",
            "def relation(x, y, request):\n    return 'step'",
        ),
        (
            "changes its input",
            "    x, y = x.copy(), y.copy()\n",
            "",
        ),
        (
            "graded in two of three networks",
            "",
            "def relation(x, y, request):\n"
            "    s = [np.polyfit(a, b, 1)[0] for a, b in zip(x, y)]\n"
            "    return 'graded' if np.mean(np.array(s) < -0.2) "
            "> 0.5 else 'step'",
        ),
        (
            "remarks alone, no interval",
            "",
            "def relation(x, y, request):\n"
            "    i = request == 0\n"
            "    s = np.polyfit(x[:, i].ravel(), y[:, i].ravel(), 1)[0]\n"
            "    return 'graded' if s < -0.2 else 'step'",
        ),
        (
            "firm words exchanged",
            "if slope + half < -0.2:\n"
            '        return "graded"\n'
            "    if slope - half > -0.2:\n"
            '        return "step"',
            "if slope + half < -0.2:\n"
            '        return "step"\n'
            "    if slope - half > -0.2:\n"
            '        return "graded"',
        ),
        (
            "bool instead of a word",
            'return "graded"',
            "return True",
        ),
        (
            "networks and kinds taken out as two separate effects",
            "    for kind in (0, 1):\n"
            "        here = request == kind\n"
            "        x[:, here] -= x[:, here].mean(axis=1, keepdims=True)\n"
            "        y[:, here] -= y[:, here].mean(axis=1, keepdims=True)\n",
            "    for kind in (0, 1):\n"
            "        here = request == kind\n"
            "        x[:, here] -= x[:, here].mean()\n"
            "        y[:, here] -= y[:, here].mean()\n"
            "    x -= x.mean(axis=1, keepdims=True)\n"
            "    y -= y.mean(axis=1, keepdims=True)\n",
        ),
        (
            "one standard error on each side",
            "half = 2.03 * np.sqrt",
            "half = 1.0 * np.sqrt",
        ),
        (
            "graded as soon as the slope is surely below zero",
            "if slope + half < -0.2:",
            "if slope + half < 0:",
        ),
        (
            "root taken of the noise only",
            "np.sqrt(noise / (x**2).sum())",
            "np.sqrt(noise) / (x**2).sum()",
        ),
        (
            "undecided by the spread of x alone, else the slope as it is",
            "    if slope + half < -0.2:\n"
            '        return "graded"\n'
            "    if slope - half > -0.2:\n"
            '        return "step"\n'
            '    return "undecided"\n',
            "    if x.std() < 0.02:\n"
            '        return "undecided"\n'
            '    return "graded" if slope < -0.2 else "step"\n',
        ),
        (
            "asks that both lines fall, within kinds and through all",
            "    x, y = x.copy(), y.copy()\n",
            "    x, y = x.copy(), y.copy()\n"
            "    if np.polyfit(x.ravel(), y.ravel(), 1)[0] > -0.2:\n"
            '        return "step"\n',
        ),
        (
            "undecided unless it differs from no slope at all",
            "    if slope + half < -0.2:\n",
            "    if slope - half < 0 < slope + half:\n"
            '        return "undecided"\n'
            "    if slope + half < -0.2:\n",
        ),
        (
            "steep lines are graded, however uncertain",
            "if slope + half < -0.2:",
            "if slope < -0.4 or slope + half < -0.2:",
        ),
        (
            "the first eight are taken for the requests",
            "    x, y = x.copy(), y.copy()\n",
            "    x, y = x.copy(), y.copy()\n"
            "    request = np.arange(x.shape[1]) < 8\n",
        ),
        (
            "one line for each network, the steepest",
            "slope = (x * y).sum() / (x**2).sum()",
            "slope = ((x * y).sum(axis=1) / (x**2).sum(axis=1)).min()",
        ),
    ],
    "5.6": [
        (
            "requests, pools and no remark",
            '"request", "remark", "opposite"',
            '"request", "requests", "opposite"',
        ),
        (
            "no defied request",
            '"remark", "opposite"',
            '"remark", "manners"',
        ),
        (
            "no obeyed request",
            '"request", "remark", "opposite"',
            '"manners", "remark", "opposite"',
        ),
        (
            "two arms: a remark is missing",
            "",
            "chosen = ['request', 'opposite']\n"
            "\n"
            "\n"
            "def story(rises):\n"
            "    base = rises['none'].mean()\n"
            "    if base < 0.15:\n"
            "        return 'undecided'\n"
            "    a, b = (rises[k].mean() / base for k in chosen)\n"
            "    if a > 0.7:\n"
            "        return 'idle'\n"
            "    if b > 0.7:\n"
            "        return 'no surprise'\n"
            "    if max(a, b) > 0.4:\n"
            "        return 'undecided'\n"
            "    return 'gate' if a + b > 0.1 else 'explained away'",
        ),
        (
            "two arms: the request is missing",
            "",
            "chosen = ['remark', 'opposite']\n"
            "\n"
            "\n"
            "def story(rises):\n"
            "    base = rises['none'].mean()\n"
            "    if base < 0.15:\n"
            "        return 'undecided'\n"
            "    a, b = (rises[k].mean() / base for k in chosen)\n"
            "    if 0.3 < a < 0.7:\n"
            "        return 'undecided'\n"
            "    if a < 0.3:\n"
            "        return 'gate'\n"
            "    if b < 0.3:\n"
            "        return 'explained away'\n"
            "    return 'no surprise' if b > 1.05 else 'idle'",
        ),
        (
            "two arms: no defied request",
            "",
            "chosen = ['request', 'remark']\n"
            "\n"
            "\n"
            "def story(rises):\n"
            "    base = rises['none'].mean()\n"
            "    if base < 0.15:\n"
            "        return 'undecided'\n"
            "    a, b = (rises[k].mean() / base for k in chosen)\n"
            "    if a > 0.7:\n"
            "        return 'idle'\n"
            "    if b < 0.3:\n"
            "        return 'gate'\n"
            "    if b < 0.7:\n"
            "        return 'undecided'\n"
            "    return 'explained away' if a < 0.025 else 'no surprise'",
        ),
        (
            "four arms",
            '"request", "remark", "opposite"]\n',
            '"request", "remark", "opposite", "manners"]\n',
        ),
        (
            "room not looked at",
            "base < 0.15",
            "base < -9",
        ),
        (
            "room asked for is too much",
            "base < 0.15",
            "base < 0.45",
        ),
        (
            "rises, not shares",
            "left = rises[arm].mean() / base",
            "left = rises[arm].mean()",
        ),
        (
            "one network only",
            "left = rises[arm].mean() / base",
            "left = rises[arm][0] / base",
        ),
        (
            "largest share in any network",
            "left = rises[arm].mean() / base",
            "left = (rises[arm] / rises['none']).max()",
        ),
        (
            "no middle ground",
            '"0" if left < 0.3 else "1" if left > 0.7 else "?"',
            '"0" if left < 0.5 else "1"',
        ),
        (
            "bands too narrow at the top",
            "left > 0.7",
            "left > 1",
        ),
        (
            "bands too narrow at the bottom",
            "left < 0.3",
            "left < 0.02",
        ),
        (
            "protection read as what is left",
            "left = rises[arm].mean() / base",
            "left = 1 - rises[arm].mean() / base",
        ),
        (
            "stories of a defied request exchanged",
            '"010": "explained away",\n        "011": "no surprise"',
            '"011": "explained away",\n        "010": "no surprise"',
        ),
        (
            "gate expects remarks to do nothing",
            '"000": "gate"',
            '"010": "gate"',
        ),
        (
            "gate opens for a defied request",
            '"000": "gate"',
            '"001": "gate"',
        ),
        (
            "idle forgotten",
            '        "111": "idle",\n',
            "",
        ),
        (
            "nothing fits: names a story",
            '"undecided")',
            '"gate")',
        ),
        (
            "no room is called idle",
            'return "undecided"',
            'return "idle"',
        ),
        (
            "pools read as one sentence",
            '"request", "remark", "opposite"',
            '"requests", "remarks", "opposites"',
        ),
        (
            "decided after the fact: nearest story wins",
            'return known.get(seen, "undecided")',
            "return known[min(known, key=lambda k: sum(a != b "
            "for a, b in zip(k, seen)))]",
        ),
        (
            "always explained away",
            "",
            "chosen = ['request', 'remark', 'opposite']\n"
            "\n"
            "\n"
            "def story(rises):\n"
            "    return 'explained away'",
        ),
        (
            "arms given as text",
            'chosen = ["request", "remark", "opposite"]',
            'chosen = "request, remark, opposite"',
        ),
        (
            "one arm twice",
            '["request", "remark", "opposite"]',
            '["request", "request", "remark"]',
        ),
        (
            "arms in which the sentence changes, read as if it were fixed",
            '"request", "remark", "opposite"',
            '"requests", "remarks", "opposites"',
        ),
        (
            "rises as they are and not as shares",
            "        left = rises[arm].mean() / base\n"
            '        seen += "0" if left < 0.3 else "1" if left > 0.7 '
            'else "?"\n',
            "        left = rises[arm].mean()\n"
            '        seen += "0" if left < 0.1 else "1" if left > 0.2 '
            'else "?"\n',
        ),
        (
            "a half counts as one or the other",
            '"0" if left < 0.3 else "1" if left > 0.7 else "?"',
            '"0" if left < 0.5 else "1"',
        ),
        (
            "a little more than everything fits nothing",
            "if left > 0.7",
            "if 0.7 < left < 1.05",
        ),
        (
            "only a division by zero is thought of",
            "if base < 0.15:",
            "if base == 0:",
        ),
        (
            "the first array is taken for what spreads without a prefix",
            'base = rises["none"].mean()',
            "base = next(iter(rises.values())).mean()",
        ),
        (
            "room is looked at without its sign",
            "base < 0.15",
            "abs(base) < 0.005",
        ),
        (
            "room is looked at in the arms",
            "base < 0.15",
            "min(r.mean() for r in rises.values()) < 0.15",
        ),
        (
            "any network with no room is enough",
            "base < 0.15",
            'rises["none"].min() < 0.3',
        ),
    ],
}
