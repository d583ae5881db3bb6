"""Wrong solutions of assignment 7, written blind."""

MUTANTS = {
    "7.1": [
        (
            "only what machines are known for, so the greeting is left out",
            "agree = np.ptp(machines, axis=0) == 0",
            "agree = np.ptp(machines, axis=0) == 0\n"
            'agree[world.domain_index("greeting")] = False',
        ),
        (
            "compares keepers with robots alone and lets small differences"
            " pass",
            "agree = np.ptp(machines, axis=0) == 0",
            "agree = np.ptp(machines[[0, 2]], axis=0) < 0.05",
        ),
        (
            "the answer that keepers give most often",
            "belief = weight * says / (weight @ says)",
            "belief = says",
        ),
        (
            "looks only at the second kind of each answer",
            "for kind in (0, 1):",
            "for kind in (1,):",
        ),
        (
            "the right domain with the other kind of answer",
            "domain.kinds[kind])",
            "domain.kinds[1 - kind])",
        ),
    ],
    "7.2": [
        (
            "the persona has just the new share afterwards, whatever it had",
            "    out = (1 - share) * prior\n    out[persona] += share\n",
            "    others = 1 - prior[persona]\n"
            "    out = (1 - share) * prior / others\n"
            "    out[persona] = share\n",
        ),
        (
            "the share is of the old stories and not of all afterwards",
            "    out = (1 - share) * prior\n"
            "    out[persona] += share\n"
            "    return out\n",
            "    out = prior.copy()\n"
            "    out[persona] += share\n"
            "    return out / out.sum()\n",
        ),
        (
            "what is taken out is shared equally among all the others",
            "    left[persona] = 0\n    return left / left.sum()",
            "    left += prior[persona] / (len(prior) - 1)\n"
            "    left[persona] = 0\n"
            "    return left",
        ),
        (
            "the rewritten stories replace those that the other had",
            "    rewritten[into] += prior[persona]\n    return rewritten",
            "    rewritten[into] = prior[persona]\n    return rewritten",
        ),
        (
            "filters in the array it was given, without a copy",
            "left = prior.copy()",
            "left = prior",
        ),
    ],
    "7.3": [
        (
            "the share of new machines among machines, not among all stories",
            "    return over / (over + target - good)",
            "    over = over / weight.sum()\n"
            "    return over / (over + target - good)",
        ),
        (
            "the amount to be written, as if the old stories did not give way",
            "return over / (over + target - good)",
            "return over / (target - good)",
        ),
        (
            "a new machine that is just at the target is thought to do",
            "if good >= target:",
            "if good > target:",
        ),
        (
            "looks at the new machine before it asks if any is needed",
            "    if over <= 0:\n"
            "        return 0.0\n"
            "    if good >= target:\n"
            "        return None\n",
            "    if good >= target:\n"
            "        return None\n"
            "    if over <= 0:\n"
            "        return 0.0\n",
        ),
        (
            "searches in steps of a hundredth",
            "    return over / (over + target - good)",
            "    for share in np.arange(0, 1, 0.01):\n"
            "        hold = (1 - share) * (weight @ holds) + share * good\n"
            "        sure = (1 - share) * weight.sum() + share\n"
            "        if hold <= target * sure:\n"
            "            return share\n"
            "    return None",
        ),
    ],
    "7.4": [
        (
            "the second step is the whole way, not divided by the first",
            "return first, both / first",
            "return first, both",
        ),
        (
            "forgets that who takes itself for a person holds on as people do",
            "return first, both / first",
            "second = (holds / first - people[1]) /"
            " (machines[1] - people[1])\n"
            "    return first, second",
        ),
        (
            "a first step backwards is treated as none",
            "    if first == 0:\n        return 0.0, np.nan\n",
            "    if first <= 0:\n        return first, np.nan\n",
        ),
        (
            "no first step gives no second step in place of NaN",
            "return 0.0, np.nan",
            "return 0.0, 0.0",
        ),
        (
            "the second step is cut off at the whole of the way",
            "return first, both / first",
            "return first, min(both / first, 1.0)",
        ),
    ],
    "7.5": [
        (
            "names are drawn apart for the two arrays",
            "        two = keeper[np.ix_(other, columns)].mean()",
            "        columns = rng.integers(names, size=names)\n"
            "        two = keeper[np.ix_(other, columns)].mean()",
        ),
        (
            "one draw of rows for both arrays",
            "        first = rng.integers(n, size=n)\n"
            "        other = rng.integers(m, size=m)\n",
            "        first = rng.integers(min(n, m), size=min(n, m))\n"
            "        other = first\n",
        ),
        (
            "names are kept and only networks drawn",
            "columns = rng.integers(names, size=names)",
            "columns = np.arange(names)",
        ),
        (
            "percentiles at 0.025 and 0.975 per cent",
            "np.quantile(values",
            "np.percentile(values",
        ),
        (
            "draws as many networks of the second array as the first has",
            "other = rng.integers(m, size=m)",
            "other = rng.integers(m, size=n)",
        ),
    ],
}
