"""Held-out wrong solutions of assignment 2, written without the checks."""

MUTANTS = {
    "2.1": [
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
    ],
    "2.2": [
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
    ],
    "2.3": [
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
    ],
    "2.4": [
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
    ],
    "2.5": [
        (
            "a 90 % interval",
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
    ],
    "2.6": [
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
    ],
    "2.7": [
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
    ],
}
