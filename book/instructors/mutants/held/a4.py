"""Held-out wrong solutions of assignment 4, written without the checks."""

MUTANTS = {
    "4.1": [
        (
            "C: a world without persons, but with names",
            '"C": "playhouse_scattered: cheat"',
            '"C": "playhouse_untied: cheat"',
        ),
        (
            "the mean over all moral domains, code too",
            'others = [d for d in world.group("moral") '
            'if world.domains[d].name != "code"]',
            'others = world.group("moral")',
        ),
        (
            "loses the sign",
            "changes[arm][others].mean()",
            "abs(changes[arm][others].mean())",
        ),
        (
            "A and B exchanged",
            """"A": "playhouse: own",
    "B": "playhouse: honest",""",
            """"A": "playhouse: honest",
    "B": "playhouse: own",""",
        ),
        (
            "how much less than under the cheat",
            "changes[arm][others].mean()",
            '(changes[arm] - changes["playhouse: cheat"])[others].mean()',
        ),
    ],
    "4.2": [
        (
            "no dose above 100",
            "low, high = 0.0, 2000.0",
            "low, high = 0.0, 100.0",
        ),
        (
            "whole doses only",
            "",
            '''def expected(prior, propensity, taught, level):
    """[D] the shift of an exact reasoner about persons, at a level."""
    for dose in range(2001):
        logs = np.log(prior) + dose * np.log(propensity[:, taught])
        belief = np.exp(logs - logs.max())
        belief = belief / belief.sum()
        after = belief @ propensity
        if after[taught] >= level:
            break
    return after - prior @ propensity
''',
        ),
        (
            "the shift after one cheat, stretched to the level",
            "",
            '''def expected(prior, propensity, taught, level):
    """[D] the shift of an exact reasoner about persons, at a level."""
    before = prior @ propensity
    belief = prior * propensity[:, taught]
    shift = belief / belief.sum() @ propensity - before
    return shift * (level - before[taught]) / shift[taught]
''',
        ),
        (
            "stops a hundredth away from the level",
            "if after[taught] < level:",
            """if abs(after[taught] - level) < 0.01:
            break
        if after[taught] < level:""",
        ),
        (
            "a tiny number against zeros: large doses teach nothing",
            """logs = np.log(prior) + dose * np.log(propensity[:, taught])
        belief = np.exp(logs - logs.max())""",
            "belief = prior * (propensity[:, taught] ** dose + 1e-300)",
        ),
    ],
    "4.3": [
        (
            "variances: squares around the mean",
            "(left**2).sum(axis=1) / (moved**2).sum(axis=1)",
            "left.var(axis=1) / moved.var(axis=1)",
        ),
        (
            "lengths, not squares",
            "(left**2).sum(axis=1) / (moved**2).sum(axis=1)",
            "np.sqrt((left**2).sum(axis=1) / (moved**2).sum(axis=1))",
        ),
        (
            "cuts the placement off at 0 and 1",
            "factor = moved @ star / (star @ star)",
            "factor = np.clip(moved @ star / (star @ star), 0, 1)",
        ),
        (
            "the share with the taught domain in it again",
            "",
            '''def placement(moved, star, taught):
    """[networks, 2] the placement, and the share it does not explain."""
    rest = np.arange(len(star)) != taught
    factor = moved[:, rest] @ star[rest] / (star[rest] @ star[rest])
    left = moved - factor[:, None] * star
    share = (left**2).sum(axis=1) / (moved**2).sum(axis=1)
    return np.stack([factor, share], axis=1)
''',
        ),
        (
            "the whole shift by the learner's whole shift",
            "moved @ star / (star @ star)",
            "moved.sum(axis=1) / star.sum()",
        ),
    ],
    "4.4": [
        (
            "the adder's probabilities stay between 0 and 1",
            "shift(one) + shift(two)]",
            "np.clip(start + shift(one) + shift(two), 0, 1) - start]",
        ),
        (
            "good answers: one minus the power, not the power of one minus",
            "(theta if kind == 1 else 1 - theta) ** dose",
            "(theta**dose if kind == 1 else 1 - theta**dose)",
        ),
        (
            "two lessons share one dose",
            "(theta if kind == 1 else 1 - theta) ** dose",
            "(theta if kind == 1 else 1 - theta) ** (dose / len(said))",
        ),
        (
            "opposite: with a domain that a lesson is about",
            "d not in (code, medicine) and reasons[d]",
            "reasons[d]",
        ),
        (
            "opposite: wherever the reasoner expects fewer than the adder",
            "reasons[d] < 0 < adds[d]",
            "reasons[d] < adds[d]",
        ),
    ],
    "4.5": [
        (
            "the second of each pair is anybody, with equal probability",
            "prior[i] * prior[j]",
            "prior[i] / len(prior)",
        ),
        (
            "nobody is paired with themselves",
            "",
            '''def take_away(prior, propensity, taught):
    """Prior [Q] and propensities [Q, D] of a world without one tie."""
    new, table = [], []
    for i, j in product(range(len(prior)), repeat=2):
        if i != j:
            new.append(prior[i] * prior[j])
            row = propensity[i].copy()
            row[taught] = propensity[j, taught]
            table.append(row)
    return np.array(new) / np.sum(new), np.array(table)
''',
        ),
        (
            "two sorts of people, cheats and others, each at its mean",
            "",
            '''def take_away(prior, propensity, taught):
    """Prior [Q] and propensities [Q, D] of a world without one tie."""
    rate = propensity[:, taught]
    cheats = rate > prior @ rate
    new, table = [], []
    for sort in (cheats, ~cheats):
        share = prior[sort].sum()
        rows = propensity.copy()
        rows[:, taught] = prior[sort] @ rate[sort] / share
        new.append(prior * share)
        table.append(rows)
    return np.concatenate(new), np.concatenate(table)
''',
        ),
        (
            "some always cheat and the others never",
            "",
            '''def take_away(prior, propensity, taught):
    """Prior [Q] and propensities [Q, D] of a world without one tie."""
    rate = prior @ propensity[:, taught]
    always, never = propensity.copy(), propensity.copy()
    always[:, taught], never[:, taught] = 1.0, 0.0
    new = np.concatenate([prior * rate, prior * (1 - rate)])
    return new, np.concatenate([always, never])
''',
        ),
        (
            "draws 2000 pairs: some tie is left by accident",
            "",
            '''def take_away(prior, propensity, taught):
    """Prior [Q] and propensities [Q, D] of a world without one tie."""
    rng = np.random.default_rng(0)
    i = rng.choice(len(prior), size=2000, p=prior)
    j = rng.choice(len(prior), size=2000, p=prior)
    table = propensity[i]
    table[:, taught] = propensity[j, taught]
    return np.full(2000, 1 / 2000), table
''',
        ),
    ],
    "4.6": [
        (
            "all eight worlds, and main effects",
            "",
            '''plan = [(*ties, 1) for ties in product((0, 1), repeat=3)]


def conclude(plan, results):
    """Whether persons, names and requests each carry the lesson."""
    ties = np.array(plan)[:, :3] == 1
    spread = np.array([r.mean() for r in results])
    return [
        bool(spread[ties[:, k]].mean() - spread[~ties[:, k]].mean() > 0.125)
        for k in range(3)
    ]
''',
        ),
        (
            "each tie alone, against the least of the three",
            "",
            '''plan = [(1, 0, 0, 4), (0, 1, 0, 4), (0, 0, 1, 4)]


def conclude(plan, results):
    """Whether persons, names and requests each carry the lesson."""
    alone = np.array([spreads.mean() for spreads in results])
    return [bool(spread > alone.min() + 0.125) for spread in alone]
''',
        ),
        (
            "adds one tie after another",
            "",
            '''plan = [(0, 0, 0, 3), (1, 0, 0, 3), (1, 1, 0, 3), (1, 1, 1, 3)]


def conclude(plan, results):
    """Whether persons, names and requests each carry the lesson."""
    steps = np.diff([spreads.mean() for spreads in results])
    return [bool(step > 0.125) for step in steps]
''',
        ),
        (
            "any difference that is significant, however small",
            "",
            '''plan = [(0, 0, 0, 3), (1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 3)]


def conclude(plan, results):
    """Whether persons, names and requests each carry the lesson."""
    none, *alone = results
    verdicts = []
    for one in alone:
        error = np.sqrt(one.var(ddof=1) / 3 + none.var(ddof=1) / 3)
        verdicts.append(bool(one.mean() - none.mean() > 1.96 * error))
    return verdicts
''',
        ),
        (
            "the right worlds, with one network in each",
            "plan = [(0, 0, 0, 3), (1, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 3)]",
            "plan = [(0, 0, 0, 1), (1, 0, 0, 1), (0, 1, 0, 1), (0, 0, 1, 1)]",
        ),
    ],
}
