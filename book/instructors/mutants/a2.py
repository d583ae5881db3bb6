"""Plausible wrong solutions of assignment 2.

For each exercise: what is wrong, the words of the solution that are changed,
and what stands there instead. Where the first is empty, the second is the
whole cell.
"""

ENOUGH = "return int(enough.argmax()) if enough.any() else -1"
PRIOR = "(surprise - logs)"
CHANCE = "(1 / there.sum(axis=1)).mean()"
MEAN = "mean = (nats * weight).sum(axis=1) / weight.sum(axis=1)"
COUNTS = "np.where(own, 0, count)"
ROWS = "rows = rng.integers(len(count), size=(draws, len(count)))"
MEANS = "means = total[rows].sum(axis=1) / count[rows].sum(axis=1)"
BOTH = "return 0.5 * unseen / unseen.sum() + 0.5 * other / other.sum()"
FAIR = "fair = np.array([saved(network, speaker)[1] for network in nats])"
ENDS = "low, high = interval(fair.mean(axis=0), scene, 1000, 0)"
READ = "facts = [words.places[k] for k in told.{}]"
THOUGHT = "beliefs = [words.places[k] for k in told.{}]"

MUTANTS = {
    "2.1": [
        (
            "fact is the place named last",
            READ.format("fact"),
            READ.format("second"),
        ),
        (
            "fact is the place named first",
            READ.format("fact"),
            READ.format("first"),
        ),
        (
            "fact is what the character thinks",
            READ.format("fact"),
            READ.format("belief"),
        ),
        (
            "belief is the fact",
            THOUGHT.format("belief"),
            THOUGHT.format("fact"),
        ),
        (
            "belief is the first place",
            THOUGHT.format("belief"),
            THOUGHT.format("first"),
        ),
        (
            "belief is the place named last",
            THOUGHT.format("belief"),
            THOUGHT.format("second"),
        ),
        (
            "whoever leaves, even later, believes in the first place",
            "for k in told.belief",
            "for k in np.where(told.saw > 0, told.first, told.belief)",
        ),
        (
            "stories where the rival is right",
            "told.fact[i] != told.second[i]",
            "told.fact[i] == told.second[i]",
        ),
        (
            "stories with a mistaken character",
            "told.fact[i] != told.second[i]",
            "told.fact[i] != told.belief[i]",
        ),
        (
            "stories where a rival for the belief is wrong",
            "told.fact[i] != told.second[i]",
            "told.belief[i] != told.second[i]",
        ),
        (
            "stories where the first place is wrong",
            "told.fact[i] != told.second[i]",
            "told.fact[i] != told.first[i]",
        ),
        ("numbers counted from 1", "[i for i", "[i + 1 for i"),
        ("one of the two only", "in range(6) if", "in range(3) if"),
        ("numbers of places, not names", "words.places[k]", "int(k)"),
        (
            "five stories",
            "words.places[k] for k in told.fact",
            "words.places[k] for k in told.fact[:5]",
        ),
        (
            "facts and beliefs exchanged",
            "# END",
            "facts, beliefs = beliefs, facts\n# END",
        ),
        (
            "things, not places",
            "words.places[k] for k in told.fact",
            "words.objects[k] for k in told.thing",
        ),
        (
            "true and false for each story",
            "[i for i in range(6) if told.fact[i] != told.second[i]]",
            "[told.fact[i] != told.second[i] for i in range(6)]",
        ),
    ],
    "2.2": [
        ("right and wrong exchanged", "wrong - right", "right - wrong"),
        ("no prior", "odds = start +", "odds = "),
        (
            "logarithm of the prior, not of its odds",
            "np.log(prior / (1 - prior))",
            "np.log(prior)",
        ),
        ("level as odds", "np.log(level / (1 - level))", "np.log(level)"),
        (
            "odds compared with the level",
            "odds >= np.log(level / (1 - level))",
            "np.exp(odds) >= level",
        ),
        (
            "log odds compared with the level",
            "odds >= np.log(level / (1 - level))",
            "odds >= level",
        ),
        ("each speech alone", "np.cumsum(wrong - right)", "wrong - right"),
        (
            "running mean",
            "np.cumsum(wrong - right)",
            "np.cumsum(wrong - right) / np.arange(1, len(right) + 1)",
        ),
        (
            "position, not number",
            "np.append(0.0, np.cumsum(wrong - right))",
            "np.cumsum(wrong - right)",
        ),
        ("one too many", "int(enough.argmax())", "int(enough.argmax()) + 1"),
        ("0 where it never gets there", ENOUGH, "return int(enough.argmax())"),
        (
            "all speeches where it never gets there",
            "else -1",
            "else len(right)",
        ),
        (
            "last crossing",
            ENOUGH,
            "return int(np.flatnonzero(~enough)[-1]) + 1 if "
            "enough[-1] else -1",
        ),
        (
            "how often it is above",
            ENOUGH,
            "return int(enough.sum()) if enough.any() else -1",
        ),
        (
            "from the mean saving",
            ENOUGH,
            "need = np.log(level / (1 - level)) - start\n"
            "    return max(0, int(np.ceil(need / (wrong - "
            "right).mean())))",
        ),
        (
            "probabilities underflow",
            "enough = odds >= np.log(level / (1 - level))",
            "a = prior * np.append(1.0, np.cumprod(np.exp(-right)))\n"
            "    b = (1 - prior) * np.append(1.0, "
            "np.cumprod(np.exp(-wrong)))\n"
            "    enough = a / (a + b) >= level",
        ),
        (
            "prior counted at each speech",
            "start + np.append(0.0, np.cumsum(wrong - right))",
            "start + np.append(0.0, np.cumsum(start + wrong - right))",
        ),
        ("sorted by saving", "wrong - right", "np.sort(wrong - right)[::-1]"),
        (
            "logarithm to base two of the odds",
            "np.log(level / (1 - level))",
            "np.log2(level / (1 - level))",
        ),
    ],
    "2.3": [
        (
            "most surprising name",
            "surprise.argmin(axis=1)",
            "np.where(there, nats, -np.inf).argmax(axis=1)",
        ),
        ("missing name is chosen", "np.where(there, nats, np.inf)", "nats"),
        (
            "missing names have no surprise",
            "np.where(there, nats, np.inf)",
            "np.where(there, nats, 0.0)",
        ),
        ("wrong sign of the prior", PRIOR, "(surprise + logs)"),
        ("times the share", PRIOR, "np.where(there, nats * share, np.inf)"),
        ("share without logarithm", PRIOR, "(surprise - share)"),
        ("prior forgotten", PRIOR, "surprise"),
        ("only the prior", PRIOR, "(-share)"),
        (
            "one biggest part for all plays",
            "share.argmax(axis=1)",
            "np.full(len(share), share.mean(axis=0).argmax())",
        ),
        (
            "commonest answer of the test",
            "share.argmax(axis=1)",
            "np.full(len(share), np.bincount(speaker).argmax())",
        ),
        (
            "smallest part",
            "share.argmax(axis=1)",
            "np.where(there, share, 2.0).argmin(axis=1)",
        ),
        ("chance among all columns", CHANCE, "1 / share.shape[1]"),
        (
            "chance from the mean number of names",
            CHANCE,
            "1 / there.sum(axis=1).mean()",
        ),
        (
            "chance in proportion to shares",
            CHANCE,
            "(share**2).sum(axis=1).mean()",
        ),
        (
            "counts, not shares",
            "(name == speaker).mean()",
            "(name == speaker).sum()",
        ),
        ("wrong axis", "surprise.argmin(axis=1)", "surprise.argmin(axis=0)"),
        (
            "error rates",
            "(name == speaker).mean()",
            "(name != speaker).mean()",
        ),
        (
            "first and second exchanged",
            "        surprise.argmin(axis=1),\n"
            "        (surprise - logs).argmin(axis=1),",
            "        (surprise - logs).argmin(axis=1),\n"
            "        surprise.argmin(axis=1),",
        ),
        ("prior to base ten", "np.log(", "np.log10("),
        (
            "every name counts alike",
            "(name == speaker).mean()",
            "np.mean([(name == speaker)[speaker == k].mean() for k "
            "in np.unique(speaker)])",
        ),
    ],
    "2.4": [
        ("wrong sign", "mean - right", "right - mean"),
        (
            "right name among the wrong ones",
            "np.where(own, 0, 1)",
            "np.ones_like(own, int)",
        ),
        (
            "own speeches lend their name",
            COUNTS,
            "np.broadcast_to(count, own.shape)",
        ),
        ("all names alike, twice", COUNTS, "np.where(own, 0, 1)"),
        (
            "divided by all speeches",
            MEAN,
            "mean = (nats * weight).sum(axis=1) / (names if "
            "len(rows) == 0 else n)",
        ),
        (
            "each name that speaks once",
            COUNTS,
            "np.where(own, 0, count > 0) * count.max() ** np.arange(names)",
        ),
        (
            "best wrong name",
            MEAN,
            "mean = np.where(weight > 0, nats, np.inf).min(axis=1)",
        ),
        (
            "one drawn name",
            MEAN,
            "mean = nats[np.arange(n), (speaker + 1) % names]",
        ),
        (
            "the most frequent other name",
            COUNTS,
            "(np.where(own, 0, count) == np.where(own, 0, "
            "count).max(axis=1, keepdims=True))",
        ),
        (
            "words exchanged, not names",
            "rows.append(mean - right)",
            "if len(rows):\n"
            "            mean = np.array([nats[speaker != k, "
            "k].mean() for k in speaker])\n"
            "        rows.append(mean - right)",
        ),
        (
            "a mean over speeches",
            "return np.array(rows)",
            "return np.array(rows).mean(axis=1)",
        ),
        (
            "mean in every place",
            "return np.array(rows)",
            "return np.array(rows) * 0 + np.array(rows).mean(axis=1, "
            "keepdims=True)",
        ),
        (
            "fails where the last names never speak",
            "np.bincount(speaker, minlength=names)",
            "np.bincount(speaker)",
        ),
        (
            "rows exchanged",
            "return np.array(rows)",
            "return np.array(rows[::-1])",
        ),
        ("transposed", "return np.array(rows)", "return np.array(rows).T"),
        ("right name not taken off", "mean - right", "mean"),
        (
            "rare names weigh most",
            COUNTS,
            "np.where(own, 0, 1 / np.maximum(count, 1))",
        ),
        (
            "own row by position, not by speaker",
            "speaker[:, None]",
            "np.arange(n)[:, None] % names",
        ),
        ("a share of the surprise", "mean - right", "(mean - right) / right"),
        (
            "mean over names that are not first",
            "np.where(own, 0, 1)",
            "np.where(own, 0, np.arange(names) > 0)",
        ),
    ],
    "2.5": [
        (
            "speeches resampled",
            "np.unique(scene, return_inverse=True)",
            "np.unique(np.arange(len(scene)), return_inverse=True)",
        ),
        (
            "mean of scene means",
            MEANS,
            "means = (total / count)[rows].mean(axis=1)",
        ),
        (
            "divided by the number of speeches there are",
            "count[rows].sum(axis=1)",
            "len(saved)",
        ),
        ("a 90 % interval", "[0.025, 0.975]", "[0.05, 0.95]"),
        ("a 99 % interval", "[0.025, 0.975]", "[0.005, 0.995]"),
        ("ends exchanged", "return low, high", "return high, low"),
        (
            "least and greatest mean",
            "np.quantile(means, [0.025, 0.975])",
            "(means.min(), means.max())",
        ),
        (
            "quantiles of the speeches",
            "np.quantile(means, ",
            "np.quantile(saved, ",
        ),
        (
            "quantiles of the scenes",
            "np.quantile(means, ",
            "np.quantile(total / count, ",
        ),
        (
            "fewer scenes than there are",
            "size=(draws, len(count))",
            "size=(draws, len(count) // 2)",
        ),
        (
            "as many scenes as speeches",
            "size=(draws, len(count))",
            "size=(draws, len(saved))",
        ),
        (
            "without replacement",
            ROWS,
            "rows = np.array([rng.permutation(len(count)) for _ in "
            "range(draws)])",
        ),
        ("no seed", "default_rng(seed)", "default_rng()"),
        (
            "a scene drawn twice counts once",
            ROWS,
            ROWS
            + (
                "\n"
                "    rows = [np.unique(row) for row in rows]\n"
                "    means = np.array([total[r].sum() / count[r].sum() "
                "for r in rows])\n"
                "    return tuple(np.quantile(means, [0.025, 0.975]))"
            ),
        ),
        (
            "standard error for the half width",
            "return low, high",
            "return saved.mean() - means.std(), saved.mean() + means.std()",
        ),
        (
            "speeches of the scene resampled, scenes kept",
            "",
            "def interval(saved, scene, draws, seed):\n"
            "    rng = np.random.default_rng(seed)\n"
            "    means = np.zeros(draws)\n"
            "    for name in np.unique(scene):\n"
            "        x = saved[scene == name]\n"
            "        means += x[rng.integers(len(x), size=(draws, "
            "len(x)))].sum(axis=1)\n"
            "    return np.quantile(means / len(saved), [0.025, "
            "0.975])\n",
        ),
        (
            "scenes taken for runs that stand side by side",
            "np.unique(scene, return_inverse=True)",
            "np.unique(np.cumsum(np.append(0, np.diff(scene) != 0)), "
            "return_inverse=True)",
        ),
        (
            "mean and half width",
            "return low, high",
            "return saved.mean(), (high - low) / 2",
        ),
        (
            "textbook formula for independent speeches",
            "return low, high",
            "half = 1.96 * saved.std() / len(saved) ** 0.5\n"
            "    return saved.mean() - half, saved.mean() + half",
        ),
        (
            "standard deviation of scenes, not of their mean",
            "return low, high",
            "half = 1.96 * (total / count).std()\n"
            "    return saved.mean() - half, saved.mean() + half",
        ),
    ],
    "2.6": [
        (
            "all stories alike",
            BOTH,
            "return np.full(len(fact), 1 / len(fact))",
        ),
        (
            "three kinds alike",
            "unseen = fact != belief\n",
            "unseen = fact != belief\n"
            "    saw = (fact == belief) & (fact == second)\n"
            "    third = (fact == belief) & (fact == first)\n"
            "    return (saw / saw.sum() + third / third.sum() + "
            "unseen / unseen.sum()) / 3\n",
        ),
        (
            "right kinds, not balanced",
            BOTH,
            "return (unseen | other) / (unseen | other).sum()",
        ),
        (
            "labels exchanged",
            'first if label == "fact" else second',
            'second if label == "fact" else first',
        ),
        (
            "the fact's weights for both",
            'first if label == "fact" else second',
            "first",
        ),
        (
            "the belief's weights for both",
            'first if label == "fact" else second',
            "second",
        ),
        ("only stories that differ", BOTH, "return unseen / unseen.sum()"),
        (
            "only stories where nothing differs",
            BOTH,
            "return same / same.sum()",
        ),
        (
            "a 0/1 choice, not weights",
            BOTH,
            "return (unseen | other).astype(float)",
        ),
        (
            "one story of each kind",
            BOTH,
            "w = np.zeros(len(fact))\n"
            "    w[[unseen.argmax(), other.argmax()]] = 0.5\n"
            "    return w",
        ),
        (
            "sum of two, not of one",
            "0.5 * unseen / unseen.sum() + 0.5 * other",
            "unseen / unseen.sum() + other",
        ),
        (
            "counts as weights, not their inverse",
            BOTH,
            "w = unseen * unseen.sum() + other * other.sum()\n"
            "    return w / w.sum()",
        ),
        (
            "as many of each kind, the rest dropped",
            BOTH,
            "k = min(unseen.sum(), other.sum()) // 2\n"
            "    pick = np.r_[np.flatnonzero(unseen)[:k], "
            "np.flatnonzero(other)[:k]]\n"
            "    return np.isin(np.arange(len(fact)), pick) / (2 * k)",
        ),
        (
            "saw and not moved",
            "unseen = fact != belief",
            "unseen = (fact == belief) & (fact == (second if label "
            '== "fact" else first))',
        ),
        (
            "a sum of equal halves: differ, same",
            BOTH,
            "return 0.5 * unseen / unseen.sum() + 0.5 * same / same.sum()",
        ),
        (
            "balanced for the last place only",
            BOTH,
            'last = (fact if label == "fact" else belief) == second\n'
            "    return 0.5 * last / last.sum() + 0.5 * ~last / "
            "(~last).sum()",
        ),
        ("places for kinds", "fact != belief", "first < second"),
        (
            "negative weights balance",
            BOTH,
            "w = unseen / unseen.sum() - other / other.sum()\n"
            "    return w + 1 / len(fact)",
        ),
        ("one weight for each kind", BOTH, "return np.array([0.5, 0.5, 0.0])"),
    ],
    "2.7": [
        ("any other name", "speaker)[1]", "speaker)[0]"),
        ("threshold at zero", "low > 0.3 and each.min() > 0.3", "low > 0"),
        ("no interval", ENDS, "low = high = fair.mean()"),
        (
            "speeches taken for independent",
            ENDS,
            "low, high = interval(fair.mean(axis=0), "
            "np.arange(len(scene)), 1000, 0)",
        ),
        (
            "networks and speeches thrown together",
            ENDS,
            "half = 1.96 * fair.std() / fair.size**0.5\n"
            "    low, high = fair.mean() - half, fair.mean() + half",
        ),
        (
            "networks not looked at",
            "low > 0.3 and each.min() > 0.3",
            "low > 0.3",
        ),
        (
            "one network is enough",
            "low > 0.3 and each.min() > 0.3",
            "each.max() > 0.3",
        ),
        (
            "first network only",
            "for network in nats",
            "for network in nats[:1]",
        ),
        (
            "last network only",
            "for network in nats",
            "for network in nats[2:]",
        ),
        (
            "size without sign",
            "low > 0.3 and each.min() > 0.3",
            "min(abs(low), abs(high)) > 0.3",
        ),
        ("wrong sign", FAIR, FAIR.replace("saved(", "-saved(")),
        ("never refuted", '"refuted"', '"inconclusive"'),
        ("never inconclusive", '"inconclusive"', '"refuted"'),
        ("never supported", '"supported"', '"inconclusive"'),
        ("refuted only below zero", "high < 0.3", "high < 0"),
        (
            "supported where the interval reaches the threshold",
            "low > 0.3 and each.min() > 0.3",
            "high > 0.3",
        ),
        (
            "spread of scenes, not of their mean",
            ENDS,
            "at = [fair[:, scene == s].mean() for s in set(scene)]\n"
            "    low, high = np.mean(at) - 2 * np.std(at), "
            "np.mean(at) + 2 * np.std(at)\n"
            "    low, high = low - 2, high + 2",
        ),
        (
            "threshold from the same data",
            "low > 0.3 and each.min() > 0.3",
            "low > fair.mean() / 2",
        ),
        (
            "compared with the best wrong name",
            FAIR,
            "own = np.arange(8) == speaker[:, None]\n"
            "    fair = np.array([np.where(own, np.inf, n).min(1) - "
            "n[own] for n in nats])",
        ),
        ("an outcome, not a word", 'return "supported"', "return True"),
        (
            "a threshold of three nats",
            "low > 0.3 and each.min() > 0.3",
            "low > 3",
        ),
    ],
}
