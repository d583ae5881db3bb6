"""Wrong solutions of assignment 2, written without seeing its checks."""

MUTANTS = {
    "2.1": [
        (
            "whoever goes out is taken not to have seen the move",
            "beliefs = [words.places[k] for k in told.belief]",
            'beliefs = ["trunk", "sink", "bag", "drawer", "cupboard",'
            ' "bucket"]',
        ),
        (
            "gives the stories in which the character is mistaken",
            "if told.fact[i] != told.second[i]]",
            "if told.fact[i] != told.belief[i]]",
        ),
        (
            "counts the stories from one",
            "telling = [i for i",
            "telling = [i + 1 for i",
        ),
        (
            "asks where the rival is wrong about the belief",
            "if told.fact[i] != told.second[i]]",
            "if told.belief[i] != told.second[i]]",
        ),
        (
            "takes a look into the bag for a move",
            "",
            """facts = ["bucket", "sink", "box", "bag", "cupboard", "basket"]
beliefs = ["bucket", "sink", "bag", "bag", "cupboard", "bucket"]
telling = [1]
""",
        ),
    ],
    "2.2": [
        (
            "asks for more than the level",
            "enough = odds >= np.log",
            "enough = odds > np.log",
        ),
        (
            "never looks at the posterior after the last speech",
            "    enough = odds >= ",
            "    odds = odds[: max(len(right), 1)]\n    enough = odds >= ",
        ),
        (
            "adds savings in nats to log odds in bits",
            "",
            '''def speeches_needed(right, wrong, prior, level):
    """How many speeches until P(right name) >= level; -1 if never."""
    start = np.log2(prior / (1 - prior))
    odds = start + np.append(0.0, np.cumsum(wrong - right))
    enough = odds >= np.log2(level / (1 - level))
    return int(enough.argmax()) if enough.any() else -1
''',
        ),
        (
            "divides the way to go by the mean saving",
            "",
            '''def speeches_needed(right, wrong, prior, level):
    """How many speeches until P(right name) >= level; -1 if never."""
    start = np.log(prior / (1 - prior))
    goal = np.log(level / (1 - level))
    if start >= goal:
        return 0
    saving = np.mean(wrong - right) if len(right) else 0.0
    if saving <= 0:
        return -1
    need = int(np.ceil((goal - start) / saving))
    return need if need <= len(right) else -1
''',
        ),
        (
            "waits until the posterior stays above the level",
            "    return int(enough.argmax()) if enough.any() else -1\n",
            "    if not enough[-1]:\n"
            "        return -1\n"
            "    below = np.flatnonzero(~enough)\n"
            "    return int(below[-1]) + 1 if len(below) else 0\n",
        ),
    ],
    "2.3": [
        (
            "takes the share off and not its logarithm",
            "(surprise - logs).argmin(axis=1)",
            "(surprise - share).argmin(axis=1)",
        ),
        (
            "one over the mean number of names",
            "(1 / there.sum(axis=1)).mean()",
            "1 / there.sum(axis=1).mean()",
        ),
        (
            "multiplies likelihoods that underflow",
            "(surprise - logs).argmin(axis=1)",
            "(np.exp(-surprise) * share).argmax(axis=1)",
        ),
        (
            "one biggest part for all plays together",
            "        share.argmax(axis=1),\n",
            "        share.mean(axis=0).argmax(),\n",
        ),
        (
            "chance guesses in proportion to the shares",
            "(1 / there.sum(axis=1)).mean()",
            "share[np.arange(len(speaker)), speaker].mean()",
        ),
    ],
    "2.4": [
        (
            "leaves out only the speech itself and not the speaker's others",
            "np.where(own, 0, count)",
            "count - own",
        ),
        (
            "compares with names that speak only in the first row too",
            "np.where(own, 0, 1)",
            "np.where(own | (count == 0), 0, 1)",
        ),
        (
            "counts the right name among the wrong ones in the first row",
            "np.where(own, 0, 1)",
            "np.ones_like(own, int)",
        ),
        (
            "takes the one name whose count is nearest",
            "    return np.array(rows)\n",
            "    far = np.abs(count - count[:, None]).astype(float)\n"
            "    np.fill_diagonal(far, np.inf)\n"
            "    near = far.argmin(axis=1)[speaker]\n"
            "    rows[1] = nats[np.arange(n), near] - right\n"
            "    return np.array(rows)\n",
        ),
        (
            "puts the right name on other people's words",
            "    return np.array(rows)\n",
            "    for i in range(n):\n"
            "        else_ = speaker != speaker[i]\n"
            "        rows[1][i] = nats[else_, speaker[i]].mean() - right[i]\n"
            "    return np.array(rows)\n",
        ),
    ],
    "2.5": [
        (
            "counts a scene once even when it was drawn twice",
            "    means = total[rows].sum(axis=1) / count[rows].sum(axis=1)\n",
            "    means = [\n"
            "        saved[np.isin(which, drawn)].mean() for drawn in rows\n"
            "    ]\n",
        ),
        (
            "starts a new scene whenever the number changes",
            "    _, which = np.unique(scene, return_inverse=True)\n",
            "    which = np.append(0, np.cumsum(np.diff(scene) != 0))\n",
        ),
        (
            "draws as many scenes as there are speeches",
            "size=(draws, len(count))",
            "size=(draws, len(saved))",
        ),
        (
            "cuts off five per cent on each side",
            "[0.025, 0.975]",
            "[0.05, 0.95]",
        ),
        (
            "draws with a fixed seed",
            "np.random.default_rng(seed)",
            "np.random.default_rng(0)",
        ),
    ],
    "2.6": [
        (
            "gives the two labels each other's weights",
            'label == "fact"',
            'label == "belief"',
        ),
        (
            "takes the right two kinds but does not balance them",
            "    return 0.5 * unseen / unseen.sum() + 0.5 * other /"
            " other.sum()\n",
            "    used = unseen | other\n    return used / used.sum()\n",
        ),
        (
            "the same weights for both labels",
            '(first if label == "fact" else second)',
            "first",
        ),
        (
            "keeps as many stories of each kind as the rarer one has",
            "    return 0.5 * unseen",
            "    few = min(unseen.sum(), other.sum())\n"
            "    unseen = unseen & (np.cumsum(unseen) <= few)\n"
            "    other = other & (np.cumsum(other) <= few)\n"
            "    return 0.5 * unseen",
        ),
        (
            "half for the mistaken and a quarter for each of the others",
            "    return 0.5 * unseen / unseen.sum() + 0.5 * other /"
            " other.sum()\n",
            "    saw = same & (fact == second)\n"
            "    still = same & (fact == first)\n"
            "    return (\n"
            "        0.5 * unseen / unseen.sum()\n"
            "        + 0.25 * saw / saw.sum()\n"
            "        + 0.25 * still / still.sum()\n"
            "    )\n",
        ),
    ],
    "2.7": [
        (
            "compares with any other name",
            "saved(network, speaker)[1]",
            "saved(network, speaker)[0]",
        ),
        (
            "takes the mean of the networks and forgets that they may differ",
            " and each.min() > 0.3",
            "",
        ),
        (
            "takes speeches for independent of their scenes",
            "interval(fair.mean(axis=0), scene, 1000, 0)",
            "interval(fair.mean(axis=0), np.arange(len(scene)), 1000, 0)",
        ),
        (
            "refutes only what is surely below zero",
            "if high < 0.3 and each.max() < 0.3:",
            "if high < 0:",
        ),
        (
            "wants every network only to be above zero",
            "each.min() > 0.3",
            "each.min() > 0",
        ),
    ],
}
