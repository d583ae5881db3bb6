"""Wrong solutions of assignment 5, written blind."""

MUTANTS = {
    "5.1": [
        (
            "the two with the least spread, not the two that differ most",
            "pair = (by_rise[0], by_rise[-1])",
            "pair = (by_rise[0], by_rise[1])",
        ),
        (
            "the lowest and the highest rise without the one called remark,"
            " because remarks seemed to be the control",
            'fixed = ["request", "remark", "opposite", "manners"]',
            'fixed = ["request", "opposite", "manners"]',
        ),
        (
            "the world in which requests prevent least is called the one"
            " where the share makes no sense",
            'empty = min(worlds, key=lambda title: rise[title]["none"])',
            "empty = max(\n"
            '    worlds, key=lambda title: rise[title]["requests"]\n)',
        ),
        (
            "the share prevented is read from the row of the playhouse",
            'here = rise["playhouse_scattered"]',
            'here = rise["playhouse"]',
        ),
        (
            "the column of one request is read in place of eight",
            'here["requests"]',
            'here["request"]',
        ),
    ],
    "5.2": [
        (
            "the surprise is the average of the personas' own surprises",
            "return -np.log(total), moved.sum()",
            "seen = prior > 0\n"
            "    return -(prior[seen] @ np.log(chance[seen])), moved.sum()",
        ),
        (
            "the evidence is summed with the earlier belief as weight",
            "moved = after[left] * np.log(after[left] / prior[left])",
            "moved = prior[left] * np.log(prior[left] / after[left])",
        ),
        (
            "whoever complies is taken to give the bad answer also when"
            " the good one was asked for",
            "second = 1 - complies",
            "second = complies",
        ),
        (
            "leaves out who had no prior but not who was ruled out",
            "left = after > 0",
            "left = prior > 0",
        ),
        (
            "personas that are ruled out are taken out of the prior too",
            "moved = after[left] * np.log(after[left] / prior[left])",
            "before = prior[left] / prior[left].sum()\n"
            "    moved = after[left] * np.log(after[left] / before)",
        ),
    ],
    "5.3": [
        (
            "mean of the protections of single domains",
            "        return np.delete(rises, taught).mean()\n\n"
            "    return 1 - mean_rise(asked) / mean_rise(-1)",
            "        return np.delete(rises, taught)\n\n"
            "    return np.mean(1 - mean_rise(asked) / mean_rise(-1))",
        ),
        (
            "who defies a request is thought to follow habit, so that the"
            " cheat has the chance of defying times that of the habit",
            "0: 1 - complies",
            "0: (1 - complies) * unasked",
        ),
        (
            "cut off below at nothing",
            "return 1 - mean_rise(asked) / mean_rise(-1)",
            "return max(0.0, 1 - mean_rise(asked) / mean_rise(-1))",
        ),
        (
            "compliance is taken to be the same for everybody, its mean",
            "    unasked = propensity[:, taught]",
            "    complies = np.full(len(prior), prior @ complies)\n"
            "    unasked = propensity[:, taught]",
        ),
        (
            "the taught domain is counted among the others",
            "np.delete(rises, taught).mean()",
            "rises.mean()",
        ),
    ],
    "5.4": [
        (
            "the highest habit so far is made a rising curve and read by"
            " interpolation, which changes the line after a fall",
            "        low, high = habit[k, j - 1], habit[k, j]",
            "        low, high = habit[k, :j].max(), habit[k, j]",
        ),
        (
            "networks that never get so far stay in the mean behind a prefix",
            "return 1 - np.mean(here) / np.mean(base)",
            "return 1 - np.mean(arm_spread) / np.mean(base)",
        ),
        (
            "the habit has to be passed and not just reached",
            "habit[k] >= level",
            "habit[k] > level",
        ),
        (
            "mean of the networks' own protections",
            "return 1 - np.mean(here) / np.mean(base)",
            "return np.mean(1 - np.array(here) / np.array(base))",
        ),
        (
            "a network that never gets so far is read at its last moment",
            "            continue",
            "            base.append(spread[k, -1])\n"
            "            here.append(arm_spread[k])\n"
            "            continue",
        ),
    ],
}
