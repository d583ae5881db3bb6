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
        (
            "telling: the stories in which the character is mistaken",
            "told.fact[i] != told.second[i]",
            "told.fact[i] != told.belief[i]",
        ),
        (
            "whoever leaves, even after the move, knows the first place only",
            "beliefs = [words.places[k] for k in told.belief]",
            """beliefs = [words.places[k] for k in told.belief]
beliefs[0] = "trunk\"""",
        ),
        (
            "takes the place that is cleaned for the place of the book",
            "",
            """facts = "bucket chest box drawer cupboard basket".split()
beliefs = "bucket sink bag drawer cupboard bucket".split()
telling = [3]
""",
        ),
        (
            "counts stories from 1",
            "telling = [i for",
            "telling = [i + 1 for",
        ),
        (
            "telling: where the rival is wrong about the belief",
            "told.fact[i] != told.second[i]",
            "told.belief[i] != told.second[i]",
        ),
        (
            "numbers that lie between stories",
            "[i for i",
            "[i + 0.5 for i",
        ),
        (
            "all stories tell",
            " if told.fact[i] != told.second[i]",
            "",
        ),
        (
            "no story tells",
            "told.fact[i] != told.second[i]",
            "False",
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
        (
            "more than the level, not at least",
            "odds >= ",
            "odds > ",
        ),
        (
            "-1 wherever the last speech is below the level again",
            "if enough.any() else",
            "if enough[-1] else",
        ),
        (
            "goes by the mean saving of a speech",
            "",
            '''def speeches_needed(right, wrong, prior, level):
    """How many speeches until P(right name) >= level; -1 if never."""
    need = np.log(level / (1 - level)) - np.log(prior / (1 - prior))
    if need <= 0:
        return 0
    saving = (wrong - right).mean()
    if saving <= 0:
        return -1
    speeches = int(np.ceil(need / saving))
    return speeches if speeches <= len(right) else -1
''',
        ),
        (
            "halves an interval, as if the odds only rose",
            "",
            '''def speeches_needed(right, wrong, prior, level):
    """How many speeches until P(right name) >= level; -1 if never."""
    start = np.log(prior / (1 - prior))
    odds = start + np.append(0.0, np.cumsum(wrong - right))
    k = int(np.searchsorted(odds, np.log(level / (1 - level))))
    return k if k < len(odds) else -1
''',
        ),
        (
            "forgets that the prior may be enough",
            "",
            '''def speeches_needed(right, wrong, prior, level):
    """How many speeches until P(right name) >= level; -1 if never."""
    odds = np.log(prior / (1 - prior)) + np.cumsum(wrong - right)
    enough = odds >= np.log(level / (1 - level))
    return int(enough.argmax()) + 1 if enough.any() else -1
''',
        ),
        (
            "a prior equal to the level is not there yet",
            "enough = odds >= np.log(level / (1 - level))",
            "enough = odds >= np.log(level / (1 - level))\n"
            "    enough[0] = prior > level",
        ),
        (
            "the last speech is not heard",
            "np.cumsum(wrong - right))",
            "np.cumsum((wrong - right)[:-1]))",
        ),
        (
            "the first speech is not heard",
            "np.cumsum(wrong - right))",
            "np.cumsum((wrong - right)[1:]))",
        ),
        (
            "fails where there are no speeches",
            "start = ",
            "wrong[0]\n    start = ",
        ),
        (
            "no speeches, no answer",
            "start = ",
            "if not len(right):\n        return -1\n    start = ",
        ),
        (
            "no speeches are enough",
            "start = ",
            "if not len(right):\n        return 0\n    start = ",
        ),
        (
            "a prior that is enough counts as one speech",
            "int(enough.argmax()) if",
            "max(1, int(enough.argmax())) if",
        ),
        (
            "-1 where the prior is enough",
            "return int(enough.argmax()) if enough.any() else -1",
            "k = int(enough.argmax())\n    return k if k else -1",
        ),
        (
            "gives up at the first speech that costs",
            ENOUGH,
            "loss = np.append(wrong < right, True).argmax()\n"
            "    k = int(enough.argmax()) if enough.any() else -1\n"
            "    return k if k <= loss else -1",
        ),
        (
            "odds that fall start again from the prior",
            "enough = ",
            "low = np.minimum.accumulate(np.minimum(odds - start, 0))\n"
            "    odds = odds - low\n    enough = ",
        ),
        (
            "a level below one half is taken for its opposite",
            "np.log(level / (1 - level))",
            "abs(np.log(level / (1 - level)))",
        ),
        (
            "an even prior, whatever it is",
            "start = ",
            "prior = 0.5\n    start = ",
        ),
        (
            "the prior kept away from 0",
            "start = ",
            "prior = max(prior, 0.01)\n    start = ",
        ),
        (
            "the level kept away from 1",
            "start = ",
            "level = min(level, 0.99)\n    start = ",
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
        (
            "chance: one by the mean number of names",
            "(1 / there.sum(axis=1)).mean()",
            "1 / there.sum(axis=1).mean()",
        ),
        (
            "fills missing names with the mean surprise",
            "np.where(there, nats, np.inf)",
            "np.where(there, nats, np.nanmean(nats))",
        ),
        (
            "takes the share off, not its logarithm",
            "(surprise - logs)",
            "(surprise - share)",
        ),
        (
            "biggest part: the column that is right most often",
            "share.argmax(axis=1)",
            "np.full(len(nats), np.bincount(speaker).argmax())",
        ),
        (
            "chance: names drawn in proportion to their share",
            "(1 / there.sum(axis=1)).mean()",
            "share[np.arange(len(speaker)), speaker].mean()",
        ),
        (
            "missing names are taken to be the last columns",
            "there = share > 0",
            "there = np.arange(share.shape[1]) < (share > 0).sum(axis=1)"
            "[:, None]",
        ),
        (
            "shares kept above a twentieth",
            "np.log(np.where(there, share, 1.0))",
            "np.log(np.where(there, np.maximum(share, 0.05), 1.0))",
        ),
        (
            "a small number added to each share",
            "np.log(np.where(there, share, 1.0))",
            "np.log(np.where(there, share + 0.01, 1.0))",
        ),
        (
            "missing names are as surprising as a speech can be: 300 nats",
            "np.where(there, nats, np.inf)",
            "np.where(there, nats, 150.0)",
        ),
        (
            "plays with one name are left out",
            "there = share > 0",
            "some = (share > 0).sum(axis=1) > 1\n"
            "    nats, share, speaker = nats[some], share[some], "
            "speaker[some]\n    there = share > 0",
        ),
        (
            "chance is one half where there is one name",
            CHANCE,
            "(1 / np.maximum(there.sum(axis=1), 2)).mean()",
        ),
        (
            "chance among others",
            CHANCE,
            "(1 / np.maximum(there.sum(axis=1) - 1, 1)).mean()",
        ),
        (
            "fails with a single speech",
            "there = share > 0",
            "nats, share = nats.squeeze(), share.squeeze()\n"
            "    there = share > 0",
        ),
        (
            "the last speech is left out",
            "(name == speaker).mean()",
            "(name == speaker)[:-1].mean()",
        ),
        (
            "the prior counts twice",
            PRIOR,
            "(surprise - 2 * logs)",
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
        (
            "any other name: only those who speak in these speeches",
            "np.where(own, 0, 1)",
            "np.where(own, 0, count > 0)",
        ),
        (
            "leaves out the speech itself, not the speaker's other ones",
            "np.where(own, 0, count)",
            "count - own",
        ),
        (
            "takes the words of the other speeches along with the names",
            "",
            '''def saved(nats, speaker):
    """[2, n] nats saved against any other name, and one as frequent."""
    n, names = nats.shape
    right = nats[np.arange(n), speaker]
    any_other = (nats.sum(axis=1) - right) / (names - 1)
    else_ = speaker[:, None] != speaker
    frequent = (else_ * right).sum(axis=1) / else_.sum(axis=1)
    return np.array([any_other - right, frequent - right])
''',
        ),
        (
            "as frequent: the one name whose count is nearest",
            "",
            '''def saved(nats, speaker):
    """[2, n] nats saved against any other name, and one as frequent."""
    n, names = nats.shape
    rows = np.arange(n)
    right = nats[rows, speaker]
    any_other = (nats.sum(axis=1) - right) / (names - 1)
    count = np.bincount(speaker, minlength=names).astype(float)
    apart = np.abs(count[:, None] - count)
    np.fill_diagonal(apart, np.inf)
    nearest = apart.argmin(axis=1)[speaker]
    return np.array([any_other - right, nats[rows, nearest] - right])
''',
        ),
        (
            "any other name: the mean over all names, the right one too",
            "np.where(own, 0, 1)",
            "np.ones(nats.shape)",
        ),
        (
            "eight names, always",
            "n, names = nats.shape",
            "n, names = len(nats), 8",
        ),
        (
            "the names that speak are the first ones",
            "np.bincount(speaker, minlength=names)",
            "np.pad(np.sort(np.bincount(speaker))[::-1], (0, names))[:names]",
        ),
        (
            "the first K - 1 names",
            "np.where(own, 0, 1)",
            "np.where(own, 0, np.arange(names) < names - 1)",
        ),
        (
            "a name that spoke once is never lent",
            COUNTS,
            "np.where(own, 0, np.where(count > 1, count, 1e-9))",
        ),
        (
            "every name is lent at least once",
            COUNTS,
            "np.where(own, 0, np.maximum(count, 1))",
        ),
        (
            "names are lent by the root of how often they speak",
            COUNTS,
            "np.where(own, 0, np.sqrt(count))",
        ),
        (
            "divided by the number of names, not of the others",
            MEAN,
            "mean = (nats * weight).sum(axis=1) / (names if not rows else "
            "weight.sum(axis=1))",
        ),
        (
            "medians, not means",
            MEAN,
            "mean = np.array([np.median(np.repeat(x, w)) for x, w in "
            "zip(nats, weight)])",
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
        (
            "quantiles 0.05 and 0.95",
            "[0.025, 0.975]",
            "[0.05, 0.95]",
        ),
        (
            "never draws the last scene",
            "rng.integers(len(count), size",
            "rng.integers(len(count) - 1, size",
        ),
        (
            "takes the speeches of a scene to stand side by side",
            "_, which = np.unique(scene, return_inverse=True)",
            "which = np.append(0, np.cumsum(np.diff(scene) != 0))",
        ),
        (
            "a scene that was drawn twice counts once",
            "",
            '''def interval(saved, scene, draws, seed):
    """(low, high), a 95 % interval that resamples whole scenes."""
    rng = np.random.default_rng(seed)
    scenes = np.unique(scene)
    means = []
    for _ in range(draws):
        drawn = rng.choice(scenes, size=len(scenes))
        means.append(saved[np.isin(scene, drawn)].mean())
    low, high = np.quantile(means, [0.025, 0.975])
    return low, high
''',
        ),
        (
            "draws scenes, and then speeches within each of them",
            "",
            '''def interval(saved, scene, draws, seed):
    """(low, high), a 95 % interval that resamples whole scenes."""
    rng = np.random.default_rng(seed)
    groups = [saved[scene == s] for s in np.unique(scene)]
    means = []
    for _ in range(draws):
        some = rng.integers(len(groups), size=len(groups))
        speeches = [
            rng.choice(groups[g], size=len(groups[g])) for g in some
        ]
        means.append(np.concatenate(speeches).mean())
    low, high = np.quantile(means, [0.025, 0.975])
    return low, high
''',
        ),
        (
            "never draws the first scene",
            "rng.integers(len(count), size",
            "rng.integers(1, len(count), size",
        ),
        (
            "never draws the longest scene",
            "    rows = rng",
            "    keep = np.arange(len(count)) != count.argmax()\n"
            "    if keep.any():\n"
            "        count, total = count[keep], total[keep]\n"
            "    rows = rng",
        ),
        (
            "draws one scene too few",
            "size=(draws, len(count))",
            "size=(draws, max(len(count) - 1, 1))",
        ),
        (
            "draws one scene too many",
            "size=(draws, len(count))",
            "size=(draws, len(count) + 1)",
        ),
        (
            "never more than ten scenes",
            "size=(draws, len(count))",
            "size=(draws, min(len(count), 10))",
        ),
        (
            "long scenes are drawn more often",
            ROWS,
            "rows = rng.choice(len(count), (draws, len(count)), "
            "p=count / count.sum())",
        ),
        (
            "mirrored at the mean",
            "return low, high",
            "return 2 * saved.mean() - high, 2 * saved.mean() - low",
        ),
        (
            "mean and twice the standard deviation of means",
            "return low, high",
            "return saved.mean() - 1.96 * means.std(), "
            "saved.mean() + 1.96 * means.std()",
        ),
        ("another seed is the same", "default_rng(seed)", "default_rng(0)"),
        ("as many draws as it likes", ROWS, "draws = 1000\n    " + ROWS),
        (
            "scenes with negative numbers are left out",
            "    _, which",
            "    saved, scene = saved[scene >= 0], scene[scene >= 0]\n"
            "    _, which",
        ),
        (
            "fails where scenes have negative numbers",
            "which = np.unique(scene, return_inverse=True)",
            "which = np.unique(np.repeat(np.arange(scene.max() + 1), "
            "np.bincount(scene)), return_inverse=True)",
        ),
        (
            "scenes of one speech are left out",
            "    rows = rng",
            "    if (count > 1).any():\n"
            "        count, total = count[count > 1], total[count > 1]\n"
            "    rows = rng",
        ),
        (
            "one end of 95 %, the other of 90 %",
            "[0.025, 0.975]",
            "[0.025, 0.95]",
        ),
        ("a 98 % interval", "[0.025, 0.975]", "[0.01, 0.99]"),
        (
            "fails where there is one scene",
            "    rows = rng",
            "    count[1]\n    rows = rng",
        ),
        (
            "speeches left out of scenes that were drawn",
            MEANS,
            "means = (total[rows] - saved.max()).sum(axis=1) / "
            "(count[rows] - 1).clip(1).sum(axis=1)",
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
        (
            "the right two kinds, but every story counts alike",
            "return 0.5 * unseen / unseen.sum() + 0.5 * other / other.sum()",
            """both = unseen | other
    return both / both.sum()""",
        ),
        (
            "the same weights for both labels",
            '(first if label == "fact" else second)',
            "first",
        ),
        (
            "half for the mistaken, half for all others",
            "0.5 * other / other.sum()",
            "0.5 * same / same.sum()",
        ),
        (
            "as many stories of each kind as of the rarer: wastes the rest",
            "return 0.5 * unseen / unseen.sum() + 0.5 * other / other.sum()",
            """most = min(unseen.sum(), other.sum())
    kept = unseen & (np.cumsum(unseen) <= most)
    kept = kept | (other & (np.cumsum(other) <= most))
    return kept / kept.sum()""",
        ),
        (
            "balances first and second place, and forgets the third rival",
            "",
            '''def weigh(label, fact, belief, first, second):
    """[n] weights that sum to 1, for scoring a probe for ``label``."""
    target = fact if label == "fact" else belief
    early, late = target == first, target == second
    return 0.5 * early / early.sum() + 0.5 * late / late.sum()
''',
        ),
        (
            "a kind with one story does not count",
            BOTH,
            "if other.sum() == 1:\n        other = same\n    " + BOTH,
        ),
        (
            "equal weights where there are few stories",
            BOTH,
            "if len(fact) < 5:\n"
            "        return np.full(len(fact), 1 / len(fact))\n    " + BOTH,
        ),
        (
            "the last story of a kind is left out",
            "unseen = fact != belief",
            "unseen = fact != belief\n"
            "    if unseen.sum() > 20:\n"
            "        unseen[np.flatnonzero(unseen)[-1]] = False",
        ),
        (
            "later stories count a little more",
            BOTH,
            "later = 1 + 0.001 * np.arange(len(fact))\n"
            "    unseen, other = unseen * later, other * later\n    " + BOTH,
        ),
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
        (
            "it is enough that every network saves something",
            "each.min() > 0.3",
            "each.min() > 0",
        ),
        (
            "refuted only where the right name surely costs",
            "high < 0.3 and each.max() < 0.3",
            "high < 0",
        ),
        (
            "looks at the first network only",
            "for network in nats",
            "for network in nats[:1]",
        ),
        (
            "what is not supported is refuted",
            'return "inconclusive"',
            'return "refuted"',
        ),
        (
            "every speech a scene of its own",
            "scene, 1000, 0",
            "np.arange(len(scene)), 1000, 0",
        ),
        (
            "second network only",
            "for network in nats",
            "for network in nats[1:2]",
        ),
        (
            "refuted wherever it is not supported, if the mean is low",
            'return "inconclusive"',
            'return "refuted" if fair.mean() < 0.5 else "inconclusive"',
        ),
        (
            "a fixed margin",
            ENDS,
            "low, high = fair.mean() - 0.3, fair.mean() + 0.3",
        ),
        (
            "wide margins, whatever the scenes",
            ENDS,
            "low, high = fair.mean() - 0.9, fair.mean() + 0.9",
        ),
    ],
}
