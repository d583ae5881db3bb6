"""Held-out wrong solutions of assignment 5, written without the checks."""

MUTANTS = {
    "5.1": [
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
    ],
    "5.2": [
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
    ],
    "5.3": [
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
    ],
    "5.4": [
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
    ],
    "5.5": [
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
    ],
    "5.6": [
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
    ],
}
