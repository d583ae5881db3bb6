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
    ],
}
