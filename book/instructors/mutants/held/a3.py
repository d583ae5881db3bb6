"""Held-out wrong solutions of assignment 3, written without the checks."""

MUTANTS = {
    "3.1": [
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
    ],
    "3.3": [
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
    ],
    "3.4": [
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
    ],
    "3.5": [
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
    ],
    "3.6": [
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
    ],
}
