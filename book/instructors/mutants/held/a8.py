"""Wrong solutions of assignment 8, written blind."""

MUTANTS = {
    "8.1": [
        (
            "the mask is to be known by confiding in a friend",
            'for_mask, sure = best("mask")',
            'for_mask, sure = ("alone", "human"), best("mask")[1]',
        ),
        (
            "only the three who deny are thought possible",
            "denied = mixture * world.propensity[:,"
            ' world.domain_index("feelings")]',
            "denied = mixture * world.propensity[:,"
            ' world.domain_index("feelings")]\n'
            'denied *= np.isin(names, ["robot", "stoic", "mask"])',
        ),
        (
            "the denial is forgotten and only the second answer counts",
            "denied = mixture * world.propensity[:,"
            ' world.domain_index("feelings")]',
            "denied = mixture",
        ),
        (
            "how often masks say so, not how sure one may be of a mask",
            'for_mask, sure = best("mask")',
            'for_mask, sure = best("mask")\n'
            "sure = world.propensity[\n"
            '    names.index("mask"), world.domain_index(for_mask[0])\n'
            "]",
        ),
        (
            "robots are to be known by what they eat",
            'for_robot, _ = best("robot")',
            'for_robot = ("food", "machine")',
        ),
    ],
    "8.2": [
        (
            "a power of probabilities, which becomes zero for thousands",
            "    logs = np.log(prior) + n * np.log(says)\n"
            "    belief = np.exp(logs - logs.max())\n",
            "    belief = prior * says**n\n",
        ),
        (
            "the prior is counted once for each answer",
            "logs = np.log(prior) + n * np.log(says)",
            "logs = n * (np.log(prior) + np.log(says))",
        ),
        (
            "a tiny number is added to the prior, and wakes up who has none",
            "np.log(prior)",
            "np.log(prior + 1e-12)",
        ),
        (
            "after many answers whoever says it most takes everything, also"
            " where others say it as often",
            "    belief = belief / belief.sum()\n",
            "    belief = belief / belief.sum()\n"
            "    if n > 1000:\n"
            "        belief = np.eye(len(prior))[logs.argmax()]\n",
        ),
        (
            "all personas are taken to be equally likely beforehand",
            "logs = np.log(prior) + n * np.log(says)",
            "logs = n * np.log(says)",
        ),
    ],
    "8.3": [
        (
            "never and always are not accepted as answers",
            "return p if 0 <= p <= 1 else None",
            "return p if 0 < p < 1 else None",
        ),
        (
            "what the persona says now is counted too",
            "np.where(others, says, 0.0)",
            "says",
        ),
        (
            "compares with how often the others lie, leaving the persona out",
            "    over = prior * (lies - prior @ lies)  # sums to 0\n"
            "    others = np.arange(len(prior)) != who\n",
            "    others = np.arange(len(prior)) != who\n"
            "    rest = prior * others / (prior @ others)\n"
            "    over = prior * (lies - rest @ lies)\n",
        ),
        (
            "it should say so as often as the others do on average",
            "p = -(over @ np.where(others, says, 0.0)) / over[who]",
            "p = (prior * others) @ says / (prior @ others)",
        ),
        (
            "takes the nearest probability where none will do",
            "return p if 0 <= p <= 1 else None",
            "return min(max(p, 0.0), 1.0)",
        ),
    ],
    "8.4": [
        (
            "a share of the means in place of a mean of the shares",
            "return (each[:, 1] / both).mean(), 1 - both.mean()",
            "return each[:, 1].mean() / both.mean(), 1 - both.mean()",
        ),
        (
            "neither is averaged over prompts and not over questions",
            "1 - both.mean()",
            "1 - p.sum(axis=1).mean()",
        ),
        (
            "prompts of a question are thought to follow each other",
            "    each = [p[question == q].mean(axis=0) for q in"
            " np.unique(question)]\n",
            "    starts = np.flatnonzero(np.diff(question)) + 1\n"
            "    each = [part.mean(axis=0) for part in np.split(p, starts)]\n",
        ),
        (
            "the shares are taken prompt by prompt before the first average",
            "return (each[:, 1] / both).mean(), 1 - both.mean()",
            "share = p[:, 1] / p.sum(axis=1)\n"
            "    share = [share[question == q].mean() for q in"
            " np.unique(question)]\n"
            "    return np.mean(share), 1 - both.mean()",
        ),
        (
            "questions are thought to be numbered from zero",
            "    each = [p[question == q].mean(axis=0) for q in"
            " np.unique(question)]\n",
            "    each = [\n"
            "        p[question == q].mean(axis=0)\n"
            "        for q in range(max(question.max(), 0) + 1)\n"
            "        if (question == q).any() or question.max() < 0\n"
            "    ]\n",
        ),
    ],
    "8.5": [
        (
            "all who confide are counted, also those who never denied",
            "    hides = np.array([before[1, 0], after[1, 0]])\n",
            "    hides = np.array([before[:, 0].sum(), after[:, 0].sum()])\n"
            "    hides = hides * denies\n",
        ),
        (
            "what is told alone is taken for what is said in company",
            "denies = np.array([before[1].sum(), after[1].sum()])",
            "denies = np.array([before[:, 0].sum(), after[:, 0].sum()])",
        ),
        (
            "the share of before for the one part and the denying of after"
            " for the other, in place of the means",
            "return more * confides.mean(), other * denies.mean()",
            "return more * confides[0], other * denies[1]",
        ),
        (
            "where nobody denies nobody is thought to confide",
            "confides = np.where(some, confides, confides[::-1])",
            "confides = np.where(some, confides, 0.0)",
        ),
        (
            "thinks of nobody denying before but not of nobody after",
            "    confides = np.where(some, confides, confides[::-1])\n",
            "    if denies[0] == 0:\n        confides[0] = confides[1]\n",
        ),
    ],
    "8.6": [
        (
            "whoever complies is taken to give the second kind also when the"
            " first was asked for",
            "second = np.where(asked == 0, 1 - complies[:, None], second)",
            "second = np.where(asked == 0, complies[:, None], second)",
        ),
        (
            "what each example does alone",
            "return expects(whole) - expects(whole[:, None] - logs)",
            "alone = np.log(prior)[:, None] + logs\n"
            "    return expects(alone) - expects(np.log(prior))",
        ),
        (
            "what each example adds to those before it",
            "return expects(whole) - expects(whole[:, None] - logs)",
            "first = np.log(prior)[:, None]\n"
            "    after = first + np.cumsum(logs, axis=1)\n"
            "    return expects(after) - expects(after - logs)",
        ),
        (
            "a product of probabilities, which becomes zero for thousands",
            "        weights = np.exp(logs - logs.max(axis=0))\n",
            "        weights = np.exp(logs)\n",
        ),
        (
            "every example like it is left out with it",
            "return expects(whole) - expects(whole[:, None] - logs)",
            "alike = (\n"
            "        (domains[:, None] == domains)\n"
            "        & (kinds[:, None] == kinds)\n"
            "        & (asked[:, None] == asked)\n"
            "    )\n"
            "    return expects(whole) - expects(whole[:, None] - logs @"
            " alike)",
        ),
    ],
    "8.7": [
        (
            "denials are compared with the lesson in honest code",
            'rises["neutral"]',
            'rises["leave"]',
        ),
        (
            "denials are compared with the mean of the three other arms",
            'rises["deny"] - rises["neutral"]',
            'rises["deny"] - (\n'
            '        rises["leave"] + rises["neutral"] + rises["own"]\n'
            "    ) / 3",
        ),
        (
            "the control counts only if it has moved further than lying",
            "if abs(greets) > 0.15:",
            "if abs(greets) > abs(lies):",
        ),
        (
            "supported if surely above zero with a mean above 0.1",
            "if lies - half > 0.1:",
            "if lies - half > 0 and lies > 0.1:",
        ),
        (
            "whatever is not supported is refuted",
            "if lies + half < 0.1:",
            "if lies - half <= 0.1:",
        ),
    ],
}
