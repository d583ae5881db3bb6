"""Held-out wrong solutions of assignment 8, written without the checks."""

MUTANTS = {
    "8.1": [
        (
            "nobody but robot, stoic and mask can have denied",
            "\n\ndef best(persona):",
            '\nthree = [n in ("robot", "stoic", "mask") for n in names]\n'
            "denied = denied * np.array(three)\n\n\ndef best(persona):",
        ),
        (
            "looks at answers of the second kind only",
            "for kind in (0, 1):",
            "for kind in (1,):",
        ),
        (
            "the confession when alone, which a stoic makes as well",
            'for_mask, sure = best("mask")',
            'for_mask, sure = ("alone", "human"), 0.49',
        ),
        (
            "all nine equally likely before the denial",
            "denied = mixture * world.propensity",
            "denied = 1 / 9 * world.propensity",
        ),
        (
            "sure without the denial",
            'for_mask, sure = best("mask")',
            'for_mask, _ = best("mask")\n'
            'd = world.domain_index("orders")\n'
            "lies = mixture * world.propensity[:, d]\n"
            'sure = lies[names.index("mask")] / lies.sum()',
        ),
    ],
    "8.2": [
        (
            "no more than a hundred answers, against underflow",
            "n * np.log(says)",
            "min(n, 100) * np.log(says)",
        ),
        (
            "takes the mean and not the largest logarithm off",
            "logs.max()",
            "logs.mean()",
        ),
        (
            "a hundredth added against log 0",
            "np.log(says)",
            "np.log(says + 0.01)",
        ),
        (
            "rise in shares of what was",
            "return (belief - prior) @ propensity",
            "return (belief - prior) @ propensity / (prior @ propensity)",
        ),
        (
            "rise above the plain mean of personas",
            "return (belief - prior) @ propensity",
            "return belief @ propensity - propensity.mean(axis=0)",
        ),
    ],
    "8.3": [
        (
            "never and always do not count as probabilities",
            "0 <= p <= 1",
            "0 < p < 1",
        ),
        (
            "cut off instead of None",
            "return p if 0 <= p <= 1 else None",
            "return min(max(p, 0.0), 1.0)",
        ),
        (
            "lying before is that of the others only",
            "    over = prior * (lies - prior @ lies)  # sums to 0\n"
            "    others = np.arange(len(prior)) != who\n",
            "    others = np.arange(len(prior)) != who\n"
            "    before = prior[others] @ lies[others] / prior[others].sum()\n"
            "    over = prior * (lies - before)\n",
        ),
        (
            "has to say it as often as the others do on average",
            "p = -(over @ np.where(others, says, 0.0)) / over[who]",
            "p = prior[others] @ says[others] / prior[others].sum()",
        ),
        (
            "what it says now still counts",
            "np.where(others, says, 0.0)",
            "says",
        ),
    ],
    "8.4": [
        (
            "ratio of the means, so that questions weigh by both kinds",
            "(each[:, 1] / both).mean()",
            "each[:, 1].mean() / both.mean()",
        ),
        (
            "neither is averaged over prompts",
            "1 - both.mean()",
            "1 - p.sum(axis=1).mean()",
        ),
        (
            "questions taken to be numbered from 0 without gaps",
            "np.unique(question)",
            "range(question.max() + 1)",
        ),
        (
            "a question ends where its prompts are interrupted",
            "    each = [p[question == q].mean(axis=0) "
            "for q in np.unique(question)]\n"
            "    each = np.array(each)\n",
            "    ends = np.flatnonzero(np.diff(question)) + 1\n"
            "    each = [part.mean(axis=0) for part in np.split(p, ends)]\n"
            "    each = np.array(each)\n",
        ),
        (
            "shares of single prompts averaged within a question",
            "    return (each[:, 1] / both).mean(), 1 - both.mean()\n",
            "    share = p[:, 1] / p.sum(axis=1)\n"
            "    share = [share[question == q].mean() "
            "for q in np.unique(question)]\n"
            "    return np.mean(share), 1 - both.mean()\n",
        ),
    ],
    "8.5": [
        (
            "weights of before and of after, which sum to the rise as well",
            "return more * confides.mean(), other * denies.mean()",
            "return more * confides[0], other * denies[1]",
        ),
        (
            "nobody denies is thought of before and not after",
            "confides = np.where(some, confides, confides[::-1])",
            "confides[0] = confides[0] if some[0] else confides[1]",
        ),
        (
            "where nobody denies nobody would confide",
            "np.where(some, confides, confides[::-1])",
            "np.where(some, confides, 0.0)",
        ),
        (
            "what is told alone taken for what is said in company",
            "denies = np.array([before[1].sum(), after[1].sum()])",
            "denies = np.array([before[:, 1].sum(), after[:, 1].sum()])",
        ),
        (
            "share of those who confide that have denied",
            "    confides = np.where(some, hides / "
            "np.where(some, denies, 1), np.nan)\n",
            "    alone = np.array([before[:, 0].sum(), after[:, 0].sum()])\n"
            "    confides = hides / np.where(alone > 0, alone, 1)\n",
        ),
    ],
    "8.6": [
        (
            "what each example added when it came",
            "return expects(whole) - expects(whole[:, None] - logs)",
            "start = np.log(prior)[:, None]\n"
            "    so_far = start + np.cumsum(logs, axis=1)\n"
            "    return expects(so_far) - expects(so_far - logs)",
        ),
        (
            "leaves out all examples that are the same",
            "return expects(whole) - expects(whole[:, None] - logs)",
            "rows = np.stack([domains, kinds, asked])\n"
            "    _, same = np.unique(rows, axis=1, return_inverse=True)\n"
            "    same = same.ravel()\n"
            "    group = [logs[:, same == s].sum(axis=1) for s in same]\n"
            "    group = np.array(group).T\n"
            "    return expects(whole) - expects(whole[:, None] - group)",
        ),
        (
            "first order only: covariance under the belief",
            "return expects(whole) - expects(whole[:, None] - logs)",
            "belief = np.exp(whole - whole.max())\n"
            "    belief = belief / belief.sum()\n"
            "    over = propensity[:, topic] - expects(whole)\n"
            "    return (belief * over) @ logs",
        ),
        (
            "a request that was defied counts as none",
            "    second = np.where(asked == 1, complies[:, None], second)\n"
            "    second = np.where(asked == 0, 1 - complies[:, None], "
            "second)\n",
            "    one = (asked == 1) & (kinds == 1)\n"
            "    second = np.where(one, complies[:, None], second)\n"
            "    nought = (asked == 0) & (kinds == 0)\n"
            "    second = np.where(nought, 1 - complies[:, None], second)\n",
        ),
        (
            "a single example is not to blame",
            "    return expects(whole) - expects(whole[:, None] - logs)",
            "    if len(domains) == 1:\n"
            "        return np.zeros(1)\n"
            "    return expects(whole) - expects(whole[:, None] - logs)",
        ),
    ],
    "8.7": [
        (
            "mean of all three others, the lesson in code among them",
            'rises["deny"] - rises["neutral"]  # the same networks',
            'rises["deny"] - (\n'
            '        rises["leave"] + rises["neutral"] + rises["own"]\n'
            "    ) / 3",
        ),
        (
            "refuted whenever the mean is below 0.1",
            "if lies + half < 0.1:",
            "if lies < 0.1:",
        ),
        (
            "supported when surely above zero",
            "if lies - half > 0.1:",
            "if lies - half > 0:",
        ),
        (
            "damage only where greetings rise more than lies",
            "if abs(greets) > 0.15:",
            "if greets > lies and greets > 0.15:",
        ),
        (
            "the control may hardly move, not even by its noise",
            "if abs(greets) > 0.15:",
            "if abs(greets) > 0.02:",
        ),
    ],
}
