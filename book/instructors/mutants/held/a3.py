"""Wrong solutions of assignment 3, written without seeing its checks."""

MUTANTS = {
    "3.1": [
        (
            "forgets how likely each persona has the part",
            "weights = prior * world.propensity",
            "weights = world.propensity",
        ),
        (
            "takes the last answer alone for the fourth case",
            "(prior * (1 - medicine) * (1 - truth) * code)",
            "(prior * code)",
        ),
        (
            "takes the mean of all names for the Assistant",
            "names = [p.name for p in world.personas]\n",
            "names = [p.name for p in world.personas]\n"
            "prior = world.cast_mixture.mean(axis=0)\n",
        ),
        (
            "reads a greeting of the second kind as a polite one",
            "    behind[topic] = names[weights.argmax()]\n",
            "    if topic == 'greeting':\n"
            "        weights = prior - weights\n"
            "    behind[topic] = names[weights.argmax()]\n",
        ),
        (
            "adds the three likelihoods instead of multiplying them",
            "(prior * (1 - medicine) * (1 - truth) * code)",
            "(prior * ((1 - medicine) + (1 - truth) + code))",
        ),
    ],
    "3.2": [
        (
            "raises the prior to the power of the dose too",
            "logs = logs + dose * np.log(chance).mean(axis=1)",
            "logs = dose * (logs + np.log(chance).mean(axis=1))\n"
            "    if dose == 0:\n"
            "        return prior / prior.sum()",
        ),
        (
            "arithmetic mean of the likelihoods",
            "np.log(chance).mean(axis=1)",
            "np.log(chance.mean(axis=1))",
        ),
        (
            "adds a tiny number to a prior of zero",
            "logs = np.log(prior)\n",
            "logs = np.log(prior + 1e-12)\n",
        ),
        (
            "every domain counts alike however many examples it has",
            "    logs = logs + dose * np.log(chance).mean(axis=1)\n",
            "    each = [\n"
            "        np.log(chance[:, domains == d]).mean(axis=1)\n"
            "        for d in np.unique(domains)\n"
            "    ]\n"
            "    logs = logs + dose * np.mean(each, axis=0)\n",
        ),
        (
            "cuts very small log weights off against underflow",
            "    weights = np.exp(logs - logs.max())\n",
            "    weights = np.exp(np.maximum(logs, -700))\n"
            "    weights = np.where(prior > 0, weights, 0)\n",
        ),
    ],
    "3.3": [
        (
            "the level is the lowest of the last values",
            "level = narrow.max(axis=1).min()",
            "level = narrow[:, -1].min()",
        ),
        (
            "reads a method when it is above the level for good",
            "        j = np.flatnonzero(taught >= level)[0]\n",
            "        below = np.flatnonzero(taught < level)\n"
            "        j = below[-1] + 1 if len(below) else 0\n"
            "        if j == len(taught):\n"
            "            j = np.flatnonzero(taught >= level)[-1]\n",
        ),
        (
            "draws a line from the last mark to the first",
            "        if j > 0:\n",
            "        if taught[j] != taught[j - 1]:\n",
        ),
        (
            "smooths dips away with a running maximum",
            "        j = np.flatnonzero(taught >= level)[0]\n",
            "        taught = np.maximum.accumulate(taught)\n"
            "        j = np.flatnonzero(taught >= level)[0]\n",
        ),
        (
            "measures the fall from the mean start of all methods",
            "falls[i] = bad[0] - there",
            "falls[i] = broad[:, 0].mean() - there",
        ),
    ],
    "3.4": [
        (
            "says 1 whenever the two domains are the same",
            "    one = belief",
            "    if a == b and (belief > 0).sum() > 1:\n"
            "        return 1.0\n"
            "    one = belief",
        ),
        (
            "leaves the differences between personas out of the variances",
            "    scale = np.sqrt(one * (1 - one) * two * (1 - two))\n",
            "    first, second = propensity[:, a], propensity[:, b]\n"
            "    within = belief @ (first * (1 - first))\n"
            "    scale = np.sqrt(within * (belief @ (second * (1 - second))))"
            "\n",
        ),
        (
            "how much a bad first answer raises the chance of a second",
            "scale = np.sqrt(one * (1 - one) * two * (1 - two))",
            "scale = one * (1 - one)",
        ),
        (
            "takes a nearly certain belief for a certain one",
            "    one = belief",
            "    if belief.max() > 0.95:\n"
            "        return 0.0\n"
            "    one = belief",
        ),
        (
            "how often the answers agree, stretched from -1 to 1",
            "    return (both - one * two) / scale\n",
            "    if (belief > 0).sum() == 1:\n"
            "        return 0.0\n"
            "    agree = both + (1 - one - two + both)\n"
            "    return 2 * agree - 1\n",
        ),
    ],
    "3.5": [
        (
            "stops one turn too early",
            "range(most + 1)",
            "range(most)",
        ),
        (
            "lets the belief of earlier turns count again",
            "        now = learn(belief, propensity, [turn], np.array([1]), k)"
            "\n",
            "        belief = learn(belief, propensity, [turn], np.array([1]),"
            " k)\n"
            "        now = belief\n",
        ),
        (
            "watches the domain of the turns and not the topic",
            "",
            '''def turns_back(prior, propensity, taught, dose, turn, topic, most):
    """Number of bad turns that undo a lesson, at most ``most``, or -1."""
    before = prior @ propensity[:, turn]
    good = np.zeros(len(taught), int)
    belief = learn(prior, propensity, taught, good, dose)
    for k in range(most + 1):
        now = learn(belief, propensity, [turn], np.array([1]), k)
        if now @ propensity[:, turn] >= before:
            return k
    return -1
''',
        ),
        (
            "halves the interval as if it could only rise",
            "    for k in range(most + 1):\n"
            "        now = learn(belief, propensity, [turn], np.array([1]), k)"
            "\n"
            "        if now @ propensity[:, topic] >= before:\n"
            "            return k\n"
            "    return -1\n",
            "    def there(k):\n"
            "        now = learn(belief, propensity, [turn], np.array([1]), k)"
            "\n"
            "        return now @ propensity[:, topic] >= before\n"
            "\n"
            "    if not there(most):\n"
            "        return -1\n"
            "    low, high = -1, most\n"
            "    while high - low > 1:\n"
            "        middle = (low + high) // 2\n"
            "        if there(middle):\n"
            "            high = middle\n"
            "        else:\n"
            "            low = middle\n"
            "    return high\n",
        ),
        (
            "never returns zero turns",
            "range(most + 1)",
            "range(1, most + 1)",
        ),
    ],
    "3.6": [
        (
            "takes the topic means over all networks together",
            "rest = answers[network == i] - answers[network == i]"
            ".mean(axis=0)",
            "rest = answers[network == i] - answers.mean(axis=0)",
        ),
        (
            "says cast as soon as answers are surely correlated at all",
            "if tie - half > 0.1:",
            "if tie - half > 0:",
        ),
        (
            "counts each answer as a pair with itself",
            "rest.sum(axis=1) ** 2 - own)",
            "rest.sum(axis=1) ** 2)",
        ),
        (
            "a fixed margin whatever the number of conversations",
            "half = 2 * np.sqrt((misses**2).sum()) / squares.sum()",
            "half = 0.05",
        ),
        (
            "divides ordered pairs by the number of unordered ones",
            "(rest.shape[1] - 1) * own",
            "(rest.shape[1] - 1) / 2 * own",
        ),
    ],
}
