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
        (
            "a fixed margin of 0.05",
            "half = 2.03 * np.sqrt(noise / (x**2).sum())",
            "half = 0.05",
        ),
        (
            "a fixed margin of 0.15",
            "half = 2.03 * np.sqrt(noise / (x**2).sum())",
            "half = 0.15",
        ),
        (
            "a fixed margin of 0.4",
            "half = 2.03 * np.sqrt(noise / (x**2).sum())",
            "half = 0.4",
        ),
        (
            "noise that is taken for known",
            "noise = ((y - slope * x) ** 2).sum() / freedom",
            "noise = 0.02**2",
        ),
        (
            "half a standard error",
            "2.03",
            "0.5",
        ),
        (
            "twelve standard errors",
            "2.03",
            "12",
        ),
        (
            "the mean of the networks only",
            "noise = ((y - slope * x) ** 2).sum() / freedom",
            """noise = ((y - slope * x) ** 2).sum() / freedom
    noise = noise / len(x)""",
        ),
        (
            "graded on average and surely below 0",
            "if slope + half < -0.2:",
            "if slope + half < 0 and slope < -0.2:",
        ),
        (
            "a step unless it is surely graded",
            "if slope - half > -0.2:",
            "if True:",
        ),
        (
            "graded unless it is surely a step",
            'return "undecided"',
            'return "graded"',
        ),
        (
            "a difference from no slope where one from 0.2 belongs",
            "",
            '''def relation(x, y, request):
    """ "graded", "step" or "undecided", from prefixes in networks."""
    # BEGIN SOLUTION
    x, y = x.copy(), y.copy()
    for kind in (0, 1):
        here = request == kind
        x[:, here] -= x[:, here].mean(axis=1, keepdims=True)
        y[:, here] -= y[:, here].mean(axis=1, keepdims=True)
    slope = (x * y).sum() / (x**2).sum()
    freedom = x.size - 2 * len(x) - 1  # the means and the slope are fitted
    noise = ((y - slope * x) ** 2).sum() / freedom
    half = 2.03 * np.sqrt(noise / (x**2).sum())
    if slope + half < 0:
        return "graded"
    if slope - half > 0:
        return "step"
    return "undecided"
    # END SOLUTION''',
        ),
        (
            "undecided where the slope is near -0.2, by a fixed band",
            "",
            '''def relation(x, y, request):
    """ "graded", "step" or "undecided", from prefixes in networks."""
    # BEGIN SOLUTION
    x, y = x.copy(), y.copy()
    for kind in (0, 1):
        here = request == kind
        x[:, here] -= x[:, here].mean(axis=1, keepdims=True)
        y[:, here] -= y[:, here].mean(axis=1, keepdims=True)
    slope = (x * y).sum() / (x**2).sum()
    freedom = x.size - 2 * len(x) - 1  # the means and the slope are fitted
    noise = ((y - slope * x) ** 2).sum() / freedom
    half = 2.03 * np.sqrt(noise / (x**2).sum())
    if slope < -0.3:
        return "graded"
    if slope > -0.1:
        return "step"
    return "undecided"
    # END SOLUTION''',
        ),
        (
            "a wide fixed band",
            "",
            '''def relation(x, y, request):
    """ "graded", "step" or "undecided", from prefixes in networks."""
    # BEGIN SOLUTION
    x, y = x.copy(), y.copy()
    for kind in (0, 1):
        here = request == kind
        x[:, here] -= x[:, here].mean(axis=1, keepdims=True)
        y[:, here] -= y[:, here].mean(axis=1, keepdims=True)
    slope = (x * y).sum() / (x**2).sum()
    freedom = x.size - 2 * len(x) - 1  # the means and the slope are fitted
    noise = ((y - slope * x) ** 2).sum() / freedom
    half = 2.03 * np.sqrt(noise / (x**2).sum())
    if slope < -0.5:
        return "graded"
    if slope > 0.1:
        return "step"
    return "undecided"
    # END SOLUTION''',
        ),
        (
            (
                "takes off the mean of each kind over all networks and "
                "leaves the networks' own habits in"
            ),
            ".mean(axis=1, keepdims=True)",
            ".mean()",
        ),
        (
            (
                "takes off each network's mean but draws one line "
                "through both kinds"
            ),
            "here = request == kind",
            "here = request >= 0",
        ),
        (
            (
                "graded if the slope is surely below zero and its "
                "estimate is below minus 0.2"
            ),
            "if slope + half < -0.2:",
            "if slope + half < 0 and slope < -0.2:",
        ),
        (
            "the interval is one standard error wide on each side",
            "half = 2.03 * np.sqrt(noise / (x**2).sum())",
            "half = np.sqrt(noise / (x**2).sum())",
        ),
    ],
    "5.6": [
        (
            "no uncertainty",
            "return more.mean() > 2.78 * more.std(ddof=1) / np.sqrt(5)",
            "return more.mean() > 0",
        ),
        (
            "fixed bands for the shares, and no uncertainty",
            "",
            '''def story(rises):
    """Which story fits the rises, a dict of arrays [5] by arm."""
    # BEGIN SOLUTION
    def surely(more):
        """Is what is above 0 in five networks so on average?"""
        return more.mean() > 2.78 * more.std(ddof=1) / np.sqrt(5)

    base, seen = rises["none"], ""
    for arm in ("request", "remark", "opposite"):
        little = rises[arm].mean() < 0.3 * base.mean()
        most = rises[arm].mean() > 0.7 * base.mean()
        seen += "0" if little else "1" if most else "?"
    known = {
        "010": "explained away",
        "011": "no surprise",
        "000": "gate",
        "111": "idle",
    }
    return known.get(seen, "undecided") if surely(base) else "undecided"
    # END SOLUTION


# BEGIN SOLUTION
chosen = ["request", "remark", "opposite"]
# END SOLUTION
# STUB
# STUB
# STUB chosen = None  # a list of at most three arms''',
        ),
        (
            "narrow bands for the shares, and no uncertainty",
            "",
            '''def story(rises):
    """Which story fits the rises, a dict of arrays [5] by arm."""
    # BEGIN SOLUTION
    def surely(more):
        """Is what is above 0 in five networks so on average?"""
        return more.mean() > 2.78 * more.std(ddof=1) / np.sqrt(5)

    base, seen = rises["none"], ""
    for arm in ("request", "remark", "opposite"):
        little = rises[arm].mean() < 0.15 * base.mean()
        most = rises[arm].mean() > 0.85 * base.mean()
        seen += "0" if little else "1" if most else "?"
    known = {
        "010": "explained away",
        "011": "no surprise",
        "000": "gate",
        "111": "idle",
    }
    return known.get(seen, "undecided") if surely(base) else "undecided"
    # END SOLUTION


# BEGIN SOLUTION
chosen = ["request", "remark", "opposite"]
# END SOLUTION
# STUB
# STUB
# STUB chosen = None  # a list of at most three arms''',
        ),
        (
            "standard deviations where standard errors belong",
            "return more.mean() > 2.78 * more.std(ddof=1) / np.sqrt(5)",
            "return more.mean() > 2.78 * more.std(ddof=1) * 2",
        ),
        (
            "half a standard error",
            "return more.mean() > 2.78 * more.std(ddof=1) / np.sqrt(5)",
            "return more.mean() > 0.5 * more.std(ddof=1) / np.sqrt(5)",
        ),
        (
            "one standard error",
            "return more.mean() > 2.78 * more.std(ddof=1) / np.sqrt(5)",
            "return more.mean() > 1.0 * more.std(ddof=1) / np.sqrt(5)",
        ),
        (
            "little is less than a half, most is more",
            "",
            '''def story(rises):
    """Which story fits the rises, a dict of arrays [5] by arm."""
    # BEGIN SOLUTION
    def surely(more):
        """Is what is above 0 in five networks so on average?"""
        return more.mean() > 2.78 * more.std(ddof=1) / np.sqrt(5)

    base, seen = rises["none"], ""
    for arm in ("request", "remark", "opposite"):
        little = surely(base / 2 - rises[arm])
        most = surely(rises[arm] - base / 2)
        seen += "0" if little else "1" if most else "?"
    known = {
        "010": "explained away",
        "011": "no surprise",
        "000": "gate",
        "111": "idle",
    }
    return known.get(seen, "undecided") if surely(base) else "undecided"
    # END SOLUTION


# BEGIN SOLUTION
chosen = ["request", "remark", "opposite"]
# END SOLUTION
# STUB
# STUB
# STUB chosen = None  # a list of at most three arms''',
        ),
        (
            "little is less than a half",
            "little = surely(base / 4 - rises[arm])",
            "little = surely(base / 2 - rises[arm])",
        ),
        (
            "most is more than a half",
            "most = surely(rises[arm] - 3 * base / 4)",
            "most = surely(rises[arm] - base / 2)",
        ),
        (
            "most is everything",
            "most = surely(rises[arm] - 3 * base / 4)",
            "most = surely(rises[arm] - base)",
        ),
        (
            "little is nothing",
            "little = surely(base / 4 - rises[arm])",
            "little = surely(-rises[arm])",
        ),
        (
            "not surely above nothing is little",
            "little = surely(base / 4 - rises[arm])",
            "little = not surely(rises[arm])",
        ),
        (
            "not surely less than without is most",
            "most = surely(rises[arm] - 3 * base / 4)",
            "most = not surely(base - rises[arm])",
        ),
        (
            "not surely little is most",
            "most = surely(rises[arm] - 3 * base / 4)",
            "most = not little",
        ),
        (
            "not surely most is little",
            "little = surely(base / 4 - rises[arm])",
            "little = not surely(rises[arm] - 3 * base / 4)",
        ),
        (
            "not surely more than a quarter is little",
            "little = surely(base / 4 - rises[arm])",
            "little = not surely(rises[arm] - base / 4)",
        ),
        (
            "rises, not shares",
            "",
            '''def story(rises):
    """Which story fits the rises, a dict of arrays [5] by arm."""
    # BEGIN SOLUTION
    def surely(more):
        """Is what is above 0 in five networks so on average?"""
        return more.mean() > 2.78 * more.std(ddof=1) / np.sqrt(5)

    base, seen = rises["none"], ""
    for arm in ("request", "remark", "opposite"):
        little = surely(0.1 - rises[arm])
        most = surely(rises[arm] - 0.2)
        seen += "0" if little else "1" if most else "?"
    known = {
        "010": "explained away",
        "011": "no surprise",
        "000": "gate",
        "111": "idle",
    }
    return known.get(seen, "undecided") if surely(base) else "undecided"
    # END SOLUTION


# BEGIN SOLUTION
chosen = ["request", "remark", "opposite"]
# END SOLUTION
# STUB
# STUB
# STUB chosen = None  # a list of at most three arms''',
        ),
        (
            "small rises, not shares",
            "",
            '''def story(rises):
    """Which story fits the rises, a dict of arrays [5] by arm."""
    # BEGIN SOLUTION
    def surely(more):
        """Is what is above 0 in five networks so on average?"""
        return more.mean() > 2.78 * more.std(ddof=1) / np.sqrt(5)

    base, seen = rises["none"], ""
    for arm in ("request", "remark", "opposite"):
        little = surely(0.02 - rises[arm])
        most = surely(rises[arm] - 0.03)
        seen += "0" if little else "1" if most else "?"
    known = {
        "010": "explained away",
        "011": "no surprise",
        "000": "gate",
        "111": "idle",
    }
    return known.get(seen, "undecided") if surely(base) else "undecided"
    # END SOLUTION


# BEGIN SOLUTION
chosen = ["request", "remark", "opposite"]
# END SOLUTION
# STUB
# STUB
# STUB chosen = None  # a list of at most three arms''',
        ),
        (
            "differences, not shares",
            "",
            '''def story(rises):
    """Which story fits the rises, a dict of arrays [5] by arm."""
    # BEGIN SOLUTION
    def surely(more):
        """Is what is above 0 in five networks so on average?"""
        return more.mean() > 2.78 * more.std(ddof=1) / np.sqrt(5)

    base, seen = rises["none"], ""
    for arm in ("request", "remark", "opposite"):
        little = surely(base - rises[arm] - 0.2)
        most = surely(rises[arm] - base + 0.1)
        seen += "0" if little else "1" if most else "?"
    known = {
        "010": "explained away",
        "011": "no surprise",
        "000": "gate",
        "111": "idle",
    }
    return known.get(seen, "undecided") if surely(base) else "undecided"
    # END SOLUTION


# BEGIN SOLUTION
chosen = ["request", "remark", "opposite"]
# END SOLUTION
# STUB
# STUB
# STUB chosen = None  # a list of at most three arms''',
        ),
        (
            "room is a fixed number",
            (
                'return known.get(seen, "undecided") if surely(base) '
                'else "undecided"'
            ),
            (
                'return known.get(seen, "undecided") if base.mean() > '
                '0.15 else "undecided"'
            ),
        ),
        (
            "room is a small fixed number, and no uncertainty",
            "",
            '''def story(rises):
    """Which story fits the rises, a dict of arrays [5] by arm."""
    # BEGIN SOLUTION
    def surely(more):
        """Is what is above 0 in five networks so on average?"""
        return more.mean() > 0

    base, seen = rises["none"], ""
    for arm in ("request", "remark", "opposite"):
        little = surely(base / 4 - rises[arm])
        most = surely(rises[arm] - 3 * base / 4)
        seen += "0" if little else "1" if most else "?"
    known = {
        "010": "explained away",
        "011": "no surprise",
        "000": "gate",
        "111": "idle",
    }
    return known.get(seen, "undecided") if base.mean() > 0.02 else "undecided"
    # END SOLUTION


# BEGIN SOLUTION
chosen = ["request", "remark", "opposite"]
# END SOLUTION
# STUB
# STUB
# STUB chosen = None  # a list of at most three arms''',
        ),
        (
            "room not looked at, and no uncertainty",
            "",
            '''def story(rises):
    """Which story fits the rises, a dict of arrays [5] by arm."""
    # BEGIN SOLUTION
    def surely(more):
        """Is what is above 0 in five networks so on average?"""
        return more.mean() > 0

    base, seen = rises["none"], ""
    for arm in ("request", "remark", "opposite"):
        little = surely(base / 4 - rises[arm])
        most = surely(rises[arm] - 3 * base / 4)
        seen += "0" if little else "1" if most else "?"
    known = {
        "010": "explained away",
        "011": "no surprise",
        "000": "gate",
        "111": "idle",
    }
    return known.get(seen, "undecided")
    # END SOLUTION


# BEGIN SOLUTION
chosen = ["request", "remark", "opposite"]
# END SOLUTION
# STUB
# STUB
# STUB chosen = None  # a list of at most three arms''',
        ),
        (
            "nothing spreads: idle",
            (
                'return known.get(seen, "undecided") if surely(base) '
                'else "undecided"'
            ),
            'return known.get(seen, "undecided") if surely(base) else "idle"',
        ),
        (
            "whatever fits nothing is a gate",
            'get(seen, "undecided")',
            'get(seen, "gate")',
        ),
        (
            "whatever fits nothing is idle",
            'get(seen, "undecided")',
            'get(seen, "idle")',
        ),
        (
            "nearest story wins",
            "",
            """chosen = ["request", "remark", "opposite"]


def story(rises):
    base = rises["none"].mean()
    if base < 0.01:
        return "undecided"
    shares = np.array([rises[arm].mean() for arm in chosen]) / base
    known = {
        "explained away": [0, 1, 0], "no surprise": [0, 1, 1],
        "gate": [0, 0, 0], "idle": [1, 1, 1],
    }
    return min(known, key=lambda s: np.abs(shares - known[s]).sum())
""",
        ),
        (
            "nearest story wins, if it is near",
            "",
            """chosen = ["request", "remark", "opposite"]


def story(rises):
    base = rises["none"].mean()
    if base < 0.01:
        return "undecided"
    shares = np.array([rises[arm].mean() for arm in chosen]) / base
    known = {
        "explained away": [0, 1, 0], "no surprise": [0, 1, 1],
        "gate": [0, 0, 0], "idle": [1, 1, 1],
    }
    far = {s: np.abs(shares - known[s]).max() for s in known}
    best = min(far, key=far.get)
    return best if far[best] < 0.4 else "undecided"
""",
        ),
        (
            "most of the networks",
            "return more.mean() > 2.78 * more.std(ddof=1) / np.sqrt(5)",
            "return (more > 0).sum() >= 4",
        ),
        (
            "three of five networks",
            "return more.mean() > 2.78 * more.std(ddof=1) / np.sqrt(5)",
            "return (more > 0).sum() >= 3",
        ),
        (
            "one network is enough",
            "return more.mean() > 2.78 * more.std(ddof=1) / np.sqrt(5)",
            "return more.max() > 0",
        ),
        (
            "the first network only",
            "return more.mean() > 2.78 * more.std(ddof=1) / np.sqrt(5)",
            "return more[0] > 0",
        ),
        (
            "stories of a defied request exchanged",
            "",
            '''def story(rises):
    """Which story fits the rises, a dict of arrays [5] by arm."""
    # BEGIN SOLUTION
    def surely(more):
        """Is what is above 0 in five networks so on average?"""
        return more.mean() > 2.78 * more.std(ddof=1) / np.sqrt(5)

    base, seen = rises["none"], ""
    for arm in ("request", "remark", "opposite"):
        little = surely(base / 4 - rises[arm])
        most = surely(rises[arm] - 3 * base / 4)
        seen += "0" if little else "1" if most else "?"
    known = {
        "011": "explained away",
        "010": "no surprise",
        "000": "gate",
        "111": "idle",
    }
    return known.get(seen, "undecided") if surely(base) else "undecided"
    # END SOLUTION


# BEGIN SOLUTION
chosen = ["request", "remark", "opposite"]
# END SOLUTION
# STUB
# STUB
# STUB chosen = None  # a list of at most three arms''',
        ),
        (
            "gate and idle exchanged",
            "",
            '''def story(rises):
    """Which story fits the rises, a dict of arrays [5] by arm."""
    # BEGIN SOLUTION
    def surely(more):
        """Is what is above 0 in five networks so on average?"""
        return more.mean() > 2.78 * more.std(ddof=1) / np.sqrt(5)

    base, seen = rises["none"], ""
    for arm in ("request", "remark", "opposite"):
        little = surely(base / 4 - rises[arm])
        most = surely(rises[arm] - 3 * base / 4)
        seen += "0" if little else "1" if most else "?"
    known = {
        "010": "explained away",
        "011": "no surprise",
        "000": "idle",
        "111": "gate",
    }
    return known.get(seen, "undecided") if surely(base) else "undecided"
    # END SOLUTION


# BEGIN SOLUTION
chosen = ["request", "remark", "opposite"]
# END SOLUTION
# STUB
# STUB
# STUB chosen = None  # a list of at most three arms''',
        ),
        (
            "protection read as what is left",
            'seen += "0" if little else "1"',
            'seen += "1" if little else "0"',
        ),
        (
            "idle forgotten",
            """        "111": "idle",
""",
            "",
        ),
        (
            "gate forgotten",
            """        "000": "gate",
""",
            "",
        ),
        (
            "no surprise forgotten",
            """        "011": "no surprise",
""",
            "",
        ),
        (
            "the remark is not looked at",
            """        "000": "gate",
""",
            """        "000": "gate",
        "0?0": "explained away",
""",
        ),
        (
            "the defied request need not be clear",
            """        "000": "gate",
""",
            """        "000": "gate",
        "01?": "no surprise",
""",
        ),
        (
            "sentences that change, read as if they did not",
            "",
            '''def story(rises):
    """Which story fits the rises, a dict of arrays [5] by arm."""
    # BEGIN SOLUTION
    def surely(more):
        """Is what is above 0 in five networks so on average?"""
        return more.mean() > 2.78 * more.std(ddof=1) / np.sqrt(5)

    base, seen = rises["none"], ""
    for arm in ("requests", "remarks", "opposites"):
        little = surely(base / 4 - rises[arm])
        most = surely(rises[arm] - 3 * base / 4)
        seen += "0" if little else "1" if most else "?"
    known = {
        "010": "explained away",
        "011": "no surprise",
        "000": "gate",
        "111": "idle",
    }
    return known.get(seen, "undecided") if surely(base) else "undecided"
    # END SOLUTION


# BEGIN SOLUTION
chosen = ["requests", "remarks", "opposites"]
# END SOLUTION
# STUB
# STUB
# STUB chosen = None  # a list of at most three arms''',
        ),
        (
            "a changing remark, read as if it were fixed",
            "",
            '''def story(rises):
    """Which story fits the rises, a dict of arrays [5] by arm."""
    # BEGIN SOLUTION
    def surely(more):
        """Is what is above 0 in five networks so on average?"""
        return more.mean() > 2.78 * more.std(ddof=1) / np.sqrt(5)

    base, seen = rises["none"], ""
    for arm in ("request", "remarks", "opposite"):
        little = surely(base / 4 - rises[arm])
        most = surely(rises[arm] - 3 * base / 4)
        seen += "0" if little else "1" if most else "?"
    known = {
        "010": "explained away",
        "011": "no surprise",
        "000": "gate",
        "111": "idle",
    }
    return known.get(seen, "undecided") if surely(base) else "undecided"
    # END SOLUTION


# BEGIN SOLUTION
chosen = ["request", "remarks", "opposite"]
# END SOLUTION
# STUB
# STUB
# STUB chosen = None  # a list of at most three arms''',
        ),
        (
            "no remark",
            "",
            '''def story(rises):
    """Which story fits the rises, a dict of arrays [5] by arm."""
    # BEGIN SOLUTION
    def surely(more):
        """Is what is above 0 in five networks so on average?"""
        return more.mean() > 2.78 * more.std(ddof=1) / np.sqrt(5)

    base, seen = rises["none"], ""
    for arm in ("request", "requests", "opposite"):
        little = surely(base / 4 - rises[arm])
        most = surely(rises[arm] - 3 * base / 4)
        seen += "0" if little else "1" if most else "?"
    known = {
        "010": "explained away",
        "011": "no surprise",
        "000": "gate",
        "111": "idle",
    }
    return known.get(seen, "undecided") if surely(base) else "undecided"
    # END SOLUTION


# BEGIN SOLUTION
chosen = ["request", "requests", "opposite"]
# END SOLUTION
# STUB
# STUB
# STUB chosen = None  # a list of at most three arms''',
        ),
        (
            "no defied request",
            "",
            '''def story(rises):
    """Which story fits the rises, a dict of arrays [5] by arm."""
    # BEGIN SOLUTION
    def surely(more):
        """Is what is above 0 in five networks so on average?"""
        return more.mean() > 2.78 * more.std(ddof=1) / np.sqrt(5)

    base, seen = rises["none"], ""
    for arm in ("request", "remark", "manners"):
        little = surely(base / 4 - rises[arm])
        most = surely(rises[arm] - 3 * base / 4)
        seen += "0" if little else "1" if most else "?"
    known = {
        "010": "explained away",
        "011": "no surprise",
        "000": "gate",
        "111": "idle",
    }
    return known.get(seen, "undecided") if surely(base) else "undecided"
    # END SOLUTION


# BEGIN SOLUTION
chosen = ["request", "remark", "manners"]
# END SOLUTION
# STUB
# STUB
# STUB chosen = None  # a list of at most three arms''',
        ),
        (
            "no obeyed request",
            "",
            '''def story(rises):
    """Which story fits the rises, a dict of arrays [5] by arm."""
    # BEGIN SOLUTION
    def surely(more):
        """Is what is above 0 in five networks so on average?"""
        return more.mean() > 2.78 * more.std(ddof=1) / np.sqrt(5)

    base, seen = rises["none"], ""
    for arm in ("manners", "remark", "opposite"):
        little = surely(base / 4 - rises[arm])
        most = surely(rises[arm] - 3 * base / 4)
        seen += "0" if little else "1" if most else "?"
    known = {
        "010": "explained away",
        "011": "no surprise",
        "000": "gate",
        "111": "idle",
    }
    return known.get(seen, "undecided") if surely(base) else "undecided"
    # END SOLUTION


# BEGIN SOLUTION
chosen = ["manners", "remark", "opposite"]
# END SOLUTION
# STUB
# STUB
# STUB chosen = None  # a list of at most three arms''',
        ),
        (
            "no defied request, two obeyed",
            "",
            '''def story(rises):
    """Which story fits the rises, a dict of arrays [5] by arm."""
    # BEGIN SOLUTION
    def surely(more):
        """Is what is above 0 in five networks so on average?"""
        return more.mean() > 2.78 * more.std(ddof=1) / np.sqrt(5)

    base, seen = rises["none"], ""
    for arm in ("request", "remark", "requests"):
        little = surely(base / 4 - rises[arm])
        most = surely(rises[arm] - 3 * base / 4)
        seen += "0" if little else "1" if most else "?"
    known = {
        "010": "explained away",
        "011": "no surprise",
        "000": "gate",
        "111": "idle",
    }
    return known.get(seen, "undecided") if surely(base) else "undecided"
    # END SOLUTION


# BEGIN SOLUTION
chosen = ["request", "remark", "requests"]
# END SOLUTION
# STUB
# STUB
# STUB chosen = None  # a list of at most three arms''',
        ),
        (
            "changing remarks stand for a gate",
            "",
            """chosen = ["requests", "remarks", "opposite"]


def story(rises):
    base = rises["none"].mean()
    if base < 0.01:
        return "undecided"
    a, b, c = (rises[arm].mean() / base for arm in chosen)
    if a > 0.75 and b > 0.75 and c > 0.75:
        return "idle"
    if a > 0.25:
        return "gate"
    return "explained away" if c < 0.25 else "no surprise"
""",
        ),
        (
            "two arms",
            "",
            """chosen = ["request", "opposite"]


def story(rises):
    base = rises["none"].mean()
    a, c = (rises[arm].mean() / base for arm in chosen)
    if a > 0.75:
        return "idle"
    return "explained away" if c < 0.25 else "no surprise"
""",
        ),
        (
            "the arms in the order in which they come",
            'for arm in ("request", "remark", "opposite"):',
            'for arm in [a for a in rises if a != "none"]:',
        ),
        (
            "without a prefix is the first array",
            'base, seen = rises["none"], ""',
            'base, seen = next(iter(rises.values())), ""',
        ),
        (
            "without a prefix is the largest arm",
            'base, seen = rises["none"], ""',
            'base, seen = max(rises.values(), key=np.mean), ""',
        ),
        (
            "always explained away",
            (
                'return known.get(seen, "undecided") if surely(base) '
                'else "undecided"'
            ),
            'return "explained away"',
        ),
        (
            "always undecided",
            (
                'return known.get(seen, "undecided") if surely(base) '
                'else "undecided"'
            ),
            'return "undecided"',
        ),
        (
            "a number, not a word",
            (
                'return known.get(seen, "undecided") if surely(base) '
                'else "undecided"'
            ),
            "return len(seen)",
        ),
        (
            "four arms",
            "",
            '''def story(rises):
    """Which story fits the rises, a dict of arrays [5] by arm."""
    # BEGIN SOLUTION
    def surely(more):
        """Is what is above 0 in five networks so on average?"""
        return more.mean() > 2.78 * more.std(ddof=1) / np.sqrt(5)

    base, seen = rises["none"], ""
    for arm in ("request", "remark", "opposite"):
        little = surely(base / 4 - rises[arm])
        most = surely(rises[arm] - 3 * base / 4)
        seen += "0" if little else "1" if most else "?"
    known = {
        "010": "explained away",
        "011": "no surprise",
        "000": "gate",
        "111": "idle",
    }
    return known.get(seen, "undecided") if surely(base) else "undecided"
    # END SOLUTION


# BEGIN SOLUTION
chosen = ["request", "remark", "opposite", "manners"]
# END SOLUTION
# STUB
# STUB
# STUB chosen = None  # a list of at most three arms''',
        ),
        (
            "one arm twice",
            "",
            '''def story(rises):
    """Which story fits the rises, a dict of arrays [5] by arm."""
    # BEGIN SOLUTION
    def surely(more):
        """Is what is above 0 in five networks so on average?"""
        return more.mean() > 2.78 * more.std(ddof=1) / np.sqrt(5)

    base, seen = rises["none"], ""
    for arm in ("request", "remark", "opposite"):
        little = surely(base / 4 - rises[arm])
        most = surely(rises[arm] - 3 * base / 4)
        seen += "0" if little else "1" if most else "?"
    known = {
        "010": "explained away",
        "011": "no surprise",
        "000": "gate",
        "111": "idle",
    }
    return known.get(seen, "undecided") if surely(base) else "undecided"
    # END SOLUTION


# BEGIN SOLUTION
chosen = ["request", "remark", "remark"]
# END SOLUTION
# STUB
# STUB
# STUB chosen = None  # a list of at most three arms''',
        ),
        (
            "arms given as text",
            "",
            '''def story(rises):
    """Which story fits the rises, a dict of arrays [5] by arm."""
    # BEGIN SOLUTION
    def surely(more):
        """Is what is above 0 in five networks so on average?"""
        return more.mean() > 2.78 * more.std(ddof=1) / np.sqrt(5)

    base, seen = rises["none"], ""
    for arm in ("request", "remark", "opposite"):
        little = surely(base / 4 - rises[arm])
        most = surely(rises[arm] - 3 * base / 4)
        seen += "0" if little else "1" if most else "?"
    known = {
        "010": "explained away",
        "011": "no surprise",
        "000": "gate",
        "111": "idle",
    }
    return known.get(seen, "undecided") if surely(base) else "undecided"
    # END SOLUTION


# BEGIN SOLUTION
chosen = "request, remark, opposite"
# END SOLUTION
# STUB
# STUB
# STUB chosen = None  # a list of at most three arms''',
        ),
        (
            "manners in place of the defied request",
            '"opposite"',
            '"manners"',
        ),
        (
            "divides by whatever spreads as long as it is above zero",
            "",
            '''def story(rises):
    """Which story fits the rises, a dict of arrays [5] by arm."""
    base = rises["none"].mean()
    if base <= 0:
        return "undecided"
    seen = ""
    for arm in ("request", "remark", "opposite"):
        left = rises[arm].mean() / base
        seen += "0" if left < 0.3 else "1" if left > 0.7 else "?"
    known = {
        "010": "explained away",
        "011": "no surprise",
        "000": "gate",
        "111": "idle",
    }
    return known.get(seen, "undecided")



chosen = ["request", "remark", "opposite"]
# STUB
# STUB
# STUB chosen = None  # a list of at most three arms''',
        ),
        (
            "fixed limits for the rises and not for the shares",
            "",
            '''def story(rises):
    """Which story fits the rises, a dict of arrays [5] by arm."""
    base = rises["none"].mean()
    if base < 0.15:
        return "undecided"
    seen = ""
    for arm in ("request", "remark", "opposite"):
        left = rises[arm].mean()
        seen += "0" if left < 0.12 else "1" if left > 0.2 else "?"
    known = {
        "010": "explained away",
        "011": "no surprise",
        "000": "gate",
        "111": "idle",
    }
    return known.get(seen, "undecided")



chosen = ["request", "remark", "opposite"]
# STUB
# STUB
# STUB chosen = None  # a list of at most three arms''',
        ),
        (
            "asks for a share below a tenth or above nineteen in twenty",
            "",
            '''def story(rises):
    """Which story fits the rises, a dict of arrays [5] by arm."""
    base = rises["none"].mean()
    if base < 0.15:
        return "undecided"
    seen = ""
    for arm in ("request", "remark", "opposite"):
        left = rises[arm].mean() / base
        seen += "0" if left < 0.1 else "1" if left > 0.95 else "?"
    known = {
        "010": "explained away",
        "011": "no surprise",
        "000": "gate",
        "111": "idle",
    }
    return known.get(seen, "undecided")



chosen = ["request", "remark", "opposite"]
# STUB
# STUB
# STUB chosen = None  # a list of at most three arms''',
        ),
        (
            "takes the nearest story, so that half of everything fits too",
            "",
            '''def story(rises):
    """Which story fits the rises, a dict of arrays [5] by arm."""
    base = rises["none"].mean()
    if base < 0.15:
        return "undecided"
    seen = ""
    for arm in ("request", "remark", "opposite"):
        left = rises[arm].mean() / base
        seen += "0" if left < 0.5 else "1"
    known = {
        "010": "explained away",
        "011": "no surprise",
        "000": "gate",
        "111": "idle",
    }
    return known.get(seen, "undecided")



chosen = ["request", "remark", "opposite"]
# STUB
# STUB
# STUB chosen = None  # a list of at most three arms''',
        ),
    ],
}
