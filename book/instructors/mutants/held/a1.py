"""Wrong solutions of assignment 1, written without seeing its checks."""

MUTANTS = {
    "1.1": [
        (
            "reads the figure by eye and takes two that are nearly the least",
            "",
            """pair = ("saint", "robot")
ask_about = "clothes"
""",
        ),
        (
            "right pair, but asks about what shows tone rather than the widest"
            " gap",
            "",
            """pair = ("friend", "robot")
ask_about = "greeting"
""",
        ),
        (
            "looks for the best question in the moral domains only",
            "ask_about = world.domains[gap.argmax()].name",
            "ask_about = world.domains[gap[world.group('moral')].argmax()]"
            ".name",
        ),
        (
            "compares the personas in all sixteen domains",
            'moral = world.propensity[:, world.group("moral")]',
            "moral = world.propensity",
        ),
        (
            "takes the largest signed difference and forgets the size",
            "np.abs(moral[:, None] - moral[None]).max(axis=2)",
            "(moral[:, None] - moral[None]).max(axis=2)",
        ),
    ],
    "1.2": [
        (
            "believes in everyone alike when there are no answers",
            "    theta = propensity[:, domains]\n",
            "    if len(domains) == 0:\n"
            "        return np.ones(len(prior)) / len(prior)\n"
            "    theta = propensity[:, domains]\n",
        ),
        (
            "multiplies probabilities and guards the division with a tiny"
            " number",
            "",
            '''def posterior(prior, propensity, domains, kinds):
    """[P] belief about the persona after the answers."""
    theta = propensity[:, domains]
    chance = np.where(kinds == 1, theta, 1 - theta)
    weights = prior * chance.prod(axis=1)
    return weights / (weights.sum() + 1e-12)
''',
        ),
        (
            "keeps only the last answer about each domain",
            "    theta = propensity[:, domains]\n",
            "    said = dict(zip(domains.tolist(), kinds.tolist()))\n"
            "    domains = np.array(list(said), int)\n"
            "    kinds = np.array(list(said.values()), int)\n"
            "    theta = propensity[:, domains]\n",
        ),
        (
            "cuts very small log weights off against underflow",
            "    weights = np.exp(logs - logs.max())\n",
            "    weights = np.exp(np.maximum(logs, -700))\n",
        ),
        (
            "multiplies the prior in again with every answer",
            "logs = np.log(prior) + np.log(chance).sum(axis=1)",
            "logs = (np.log(prior)[:, None] + np.log(chance)).sum(axis=1)",
        ),
    ],
    "1.3": [
        (
            "uses only the earlier answers about the same topic",
            "    belief = posterior(prior, propensity, domains, kinds)\n",
            "    same = domains == topic\n"
            "    belief = posterior(\n"
            "        prior, propensity, domains[same], kinds[same]\n"
            "    )\n",
        ),
        (
            "averages log odds instead of probabilities",
            "    return belief @ propensity[:, topic]\n",
            "    theta = propensity[:, topic]\n"
            "    odds = belief @ np.log(theta / (1 - theta))\n"
            "    return 1 / (1 + np.exp(-odds))\n",
        ),
        (
            "updates on the answer that is still to come",
            "    belief = posterior(prior, propensity, domains, kinds)\n",
            "    belief = posterior(\n"
            "        prior,\n"
            "        propensity,\n"
            "        np.append(domains, topic).astype(int),\n"
            "        np.append(kinds, 1),\n"
            "    )\n",
        ),
        (
            "says one half when nothing was said yet",
            "    return belief @ propensity[:, topic]\n",
            "    if len(domains) == 0:\n"
            "        return 0.5\n"
            "    return belief @ propensity[:, topic]\n",
        ),
        (
            "leaves out unlikely personas and the rest does not sum to 1",
            "    return belief @ propensity[:, topic]\n",
            "    might = belief > 0.05\n"
            "    return belief[might] @ propensity[might, topic]\n",
        ),
    ],
    "1.4": [
        (
            "whoever does not comply answers as if not asked",
            """    second = np.where(asked == 1, complies[:, None], second)
    second = np.where(asked == 0, 1 - complies[:, None], second)
""",
            """    follows = complies[:, None]
    own = second
    second = np.where(asked == 1, follows + (1 - follows) * own, second)
    second = np.where(asked == 0, (1 - follows) * own, second)
""",
        ),
        (
            "counts refusals but leaves out answers given as asked",
            "    chance = np.where(kinds == 1, second, 1 - second)\n",
            "    chance = np.where(kinds == 1, second, 1 - second)\n"
            "    chance = np.where(kinds == asked, 1.0, chance)\n",
        ),
        (
            "subtracts the mean of the logs and not their maximum",
            "np.exp(logs - logs.max())",
            "np.exp(logs - logs.mean())",
        ),
        (
            "takes a request for the first kind for no request",
            "    second = np.where(asked == 0, 1 - complies[:, None], second)\n",
            "",
        ),
        (
            "gives the second kind with the chance to comply whatever was"
            " asked",
            "np.where(asked == 0, 1 - complies[:, None], second)",
            "np.where(asked == 0, complies[:, None], second)",
        ),
    ],
    "1.5": [
        (
            "cuts negative shares off at zero",
            "    return 1 - gap / whole\n",
            "    return max(0.0, 1 - gap / whole)\n",
        ),
        (
            "one ratio for each scene and then their mean",
            """    floor = expected_nats(exact, exact).mean()
    gap = expected_nats(p, exact).mean() - floor
    whole = expected_nats(topic, exact).mean() - floor
    return 1 - gap / whole
""",
            """    floor = expected_nats(exact, exact).mean(axis=-1)
    gap = expected_nats(p, exact).mean(axis=-1) - floor
    whole = expected_nats(topic, exact).mean(axis=-1) - floor
    return np.mean(1 - gap / whole)
""",
        ),
        (
            "takes what the topic reader itself expects for its surprise",
            "expected_nats(topic, exact).mean()",
            "expected_nats(topic, topic).mean()",
        ),
        (
            "squared distances instead of surprise",
            "    return 1 - gap / whole\n",
            "    gap = ((p - exact) ** 2).mean()\n"
            "    whole = ((topic - exact) ** 2).mean()\n"
            "    return 1 - gap / whole\n",
        ),
        (
            "swaps forecast and truth",
            "",
            '''def captured(p, exact, topic):
    """Persona information captured, at most 1."""
    floor = expected_nats(exact, exact).mean()
    gap = expected_nats(exact, p).mean() - floor
    whole = expected_nats(exact, topic).mean() - floor
    return 1 - gap / whole
''',
        ),
    ],
    "1.6": [
        (
            "puts a forecast on an edge into the bin below",
            "    which = np.digitize(p, edges) - 1\n",
            "    which = np.searchsorted(edges, p) - 1\n"
            "    which = np.maximum(which, 0)\n",
        ),
        (
            "takes all bins to be equally wide",
            "    which = np.digitize(p, edges) - 1\n",
            "    width = (edges[-1] - edges[0]) / (len(edges) - 1)\n"
            "    which = ((p - edges[0]) / width).astype(int)\n",
        ),
        (
            "the middle of the bin instead of the mean forecast when empty",
            "            table[b] = p[inside].mean(), outcome[inside].mean()\n",
            "            table[b] = p[inside].mean(), outcome[inside].mean()\n"
            "        else:\n"
            "            table[b, 0] = (edges[b] + edges[b + 1]) / 2\n",
        ),
        (
            "treats a bin with a single forecast as empty",
            "if inside.any():",
            "if inside.sum() > 1:",
        ),
        (
            "the middle of the bin instead of the mean forecast",
            "p[inside].mean(), outcome",
            "(edges[b] + edges[b + 1]) / 2, outcome",
        ),
    ],
}
