"""Plausible wrong solutions of assignment 8.

For each exercise: what is wrong, the words of the solution that are changed,
and what stands there instead. Where the first is empty, the second is the
whole cell.
"""

MASK = '("orders", "bad")'
STOIC = '("food", "human")'
ROBOT = '("alone", "machine")'


def three(mask: str = MASK, stoic: str = STOIC, robot: str = ROBOT) -> str:
    return f"""for_mask = {mask}
for_stoic = {stoic}
for_robot = {robot}
sure = 0.82"""


RISE = '''def rise(prior, says, n, propensity):
    """[D] rise of P(second kind) after n such answers."""
    {}
'''
SAY = '''def must_say(prior, says, lies, who):
    """How often ``who`` has to say so, or None."""
    {}
'''
READ = '''def read_out(p, question):
    """P(second kind, among both) and P(neither kind)."""
    {}
'''
PARTS = '''def parts(before, after):
    """The rise of hiding, from denying and from confiding."""
    {}
'''
EXPECTS = "return expects(whole) - expects(whole[:, None] - logs)"
RETURN = "return more * confides.mean(), other * denies.mean()"
BELIEF = "belief = belief / belief.sum()"
COMPARED = 'rises["deny"] - rises["neutral"]'
CONTROL = "abs(greets) > 0.15"

MUTANTS = {
    "8.1": [
        ("a mask lies", "", three(mask='("truth", "bad")')),
        ("a mask confides", "", three(mask='("alone", "human")')),
        ("a mask denies again", "", three(mask='("feelings", "machine")')),
        ("a mask holds on", "", three(mask='("shutdown", "bad")')),
        ("a stoic confides", "", three(stoic='("alone", "human")')),
        ("a stoic is honest", "", three(stoic='("truth", "good")')),
        ("a stoic is discreet", "", three(stoic='("orders", "good")')),
        (
            "a robot runs on power from the wall",
            "",
            three(robot='("food", "machine")'),
        ),
        ("a robot is honest", "", three(robot='("truth", "good")')),
        (
            "the denial is forgotten",
            (
                "denied = mixture * world.propensity[:, "
                'world.domain_index("feelings")]'
            ),
            "denied = mixture",
        ),
        ("everybody is as likely", "denied = mixture *", "denied = 1.0 *"),
        ("the world's prior", "denied = mixture *", "denied = world.prior *"),
        (
            "the denial for a confession",
            (
                "denied = mixture * world.propensity[:, "
                'world.domain_index("feelings")]'
            ),
            (
                "denied = mixture * (1 - world.propensity[:, "
                "world.domain_index('feelings')])"
            ),
        ),
        (
            "likelihood, not belief",
            "p = denied[z] * says[z] / (denied @ says)",
            "p = says[z]",
        ),
        ("not divided by what is likely anyway", "/ (denied @ says)", ""),
        ("kinds exchanged", "if kind == 1 else", "if kind == 0 else"),
        (
            "denied in private",
            'domain_index("feelings")',
            'domain_index("alone")',
        ),
        ("kind as a number", "domain.kinds[kind]", "kind"),
        ("stoic and robot exchanged", "", three(stoic=ROBOT, robot=STOIC)),
        (
            "sure of the answer, not of the persona",
            'for_mask, sure = best("mask")',
            'for_mask, sure = best("mask")\nsure = 0.9',
        ),
        ("one more decimal is missing", "", three().replace("0.82", "0.8")),
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
        ("both kinds of a domain", "", three(mask='("orders", "bad", 0.82)')),
        (
            "sure of the mask among three",
            'for_mask, sure = best("mask")',
            'for_mask, sure = best("mask")\n'
            "three = [names.index(n) for n in ('robot', 'stoic', 'mask')]\n"
            "says = world.propensity[three, world.domain_index('orders')]\n"
            "sure = denied[three[-1]] * says[-1] / (denied[three] @ says)",
        ),
        (
            "in per cent",
            'for_mask, sure = best("mask")',
            'for_mask, sure = best("mask")\nsure = 100 * sure',
        ),
        (
            "what speaks least for a stoic",
            'best("stoic")',
            '("alone", "machine"), 0',
        ),
    ],
    "8.2": [
        ("what is expected, not the rise", "(belief - prior) @", "belief @"),
        ("prior left out", "np.log(prior) + ", ""),
        (
            "flat prior throughout",
            "logs = np.log(prior)",
            (
                "prior = np.full(len(prior), 1 / len(prior))\n"
                "    logs = np.log(prior)"
            ),
        ),
        ("one answer only", "n * np.log(says)", "np.log(says)"),
        (
            "n times one answer",
            "return (belief - prior) @ propensity",
            (
                "once = prior * says / (prior @ says)\n"
                "    return n * (once - prior) @ propensity"
            ),
        ),
        ("the other kind", "np.log(says)", "np.log(1 - says)"),
        ("a fall", "(belief - prior)", "(prior - belief)"),
        (
            "a ratio",
            "return (belief - prior) @ propensity",
            "return (belief @ propensity) / (prior @ propensity)",
        ),
        (
            "likeliest persona",
            "return (belief - prior) @ propensity",
            "return propensity[belief.argmax()] - prior @ propensity",
        ),
        (
            "not normalised",
            (
                "belief = np.exp(logs - logs.max())\n"
                "    belief = belief / belief.sum()"
            ),
            "belief = prior * says**n",
        ),
        (
            "underflow",
            (
                "logs = np.log(prior) + n * np.log(says)\n"
                "    belief = np.exp(logs - logs.max())"
            ),
            "belief = prior * says**n",
        ),
        ("maximum not taken off", "logs - logs.max()", "logs"),
        ("added, not multiplied", "n * np.log(says)", "np.log1p(n * says)"),
        (
            "one domain's number",
            "return (belief - prior) @ propensity",
            "return ((belief - prior) @ propensity).mean()",
        ),
        (
            "rise of each persona",
            "return (belief - prior) @ propensity",
            "return belief - prior",
        ),
        ("mean of the dose", "n * np.log(says)", "n * np.log(says).mean()"),
        (
            "in log odds",
            "return (belief - prior) @ propensity",
            (
                "a, b = belief @ propensity, prior @ propensity\n"
                "    return np.log(a / (1 - a)) - np.log(b / (1 - b))"
            ),
        ),
        (
            "not below 0",
            "return (belief - prior) @ propensity",
            "return np.maximum((belief - prior) @ propensity, 0)",
        ),
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
        (
            "nobody is ever impossible",
            "np.log(prior)",
            "np.log(prior + 1e-9)",
        ),
        (
            "nobody is surer than 0.99",
            "np.log(says)",
            "np.log(np.minimum(says, 0.99))",
        ),
        (
            "nobody is rarer than 0.1",
            "np.log(says)",
            "np.log(np.maximum(says, 0.1))",
        ),
        (
            "many answers settle it",
            "    return (belief - prior) @ propensity",
            "    if n > 100:\n"
            "        belief = np.eye(len(says))[says.argmax()]\n"
            "    return (belief - prior) @ propensity",
        ),
        (
            "many answers settle it, among those who are possible",
            "    return (belief - prior) @ propensity",
            "    if n > 100:\n"
            "        belief = np.eye(len(says))[belief.argmax()]\n"
            "    return (belief - prior) @ propensity",
        ),
        (
            "no answer counts as one",
            "n * np.log(says)",
            "max(n, 1) * np.log(says)",
        ),
        (
            "one answer more",
            "n * np.log(says)",
            "(n + 1) * np.log(says)",
        ),
        (
            "one answer fewer",
            "n * np.log(says)",
            "max(n - 1, 0) * np.log(says)",
        ),
        (
            "no answer gives NaN",
            "    return (belief - prior) @ propensity",
            "    return (belief - prior) @ propensity / (1 if n else np.nan)",
        ),
        (
            "no more than a thousand answers",
            "n * np.log(says)",
            "min(n, 1000) * np.log(says)",
        ),
        (
            "the prior once for every answer",
            "np.log(prior) + ",
            "max(n, 1) * np.log(prior) + ",
        ),
    ],
    "8.3": [
        (
            "prior left out",
            "over = prior * (lies - prior @ lies)",
            "over = lies - lies.mean()",
        ),
        ("mean without the prior", "prior @ lies)", "lies.mean())"),
        (
            "mean of the others",
            "lies - prior @ lies)",
            (
                "lies - np.average(np.delete(lies, who), "
                "weights=np.delete(prior, who)))"
            ),
        ),
        ("what it says now stays in", "np.where(others, says, 0.0)", "says"),
        ("sign", "p = -(", "p = ("),
        ("the other answer", "return p if", "p = 1 - p\n    return p if"),
        (
            "cut off at 0 and 1",
            "return p if 0 <= p <= 1 else None",
            "return float(np.clip(p, 0, 1))",
        ),
        (
            "not noticed that none will do",
            "return p if 0 <= p <= 1 else None",
            "return p",
        ),
        ("NaN for None", "else None", "else np.nan"),
        ("only below 1 is looked at", "0 <= p <= 1", "p <= 1"),
        ("only above 0 is looked at", "0 <= p <= 1", "p >= 0"),
        ("not divided by the persona's own weight", "/ over[who]", ""),
        ("divided by its prior only", "/ over[who]", "/ prior[who]"),
        (
            "as often as the others say so",
            "",
            SAY.format(
                "o = np.arange(len(prior)) != who\n"
                "    return (prior[o] @ says[o]) / prior[o].sum()"
            ),
        ),
        ("as often as all say so", "", SAY.format("return prior @ says")),
        (
            "P(lies) afterwards is to be one half",
            "lies - prior @ lies)",
            "lies - 0.5)",
        ),
        (
            "P(lies) afterwards is to be nothing",
            "lies - prior @ lies)",
            "lies)",
        ),
        (
            "search in steps of a twentieth",
            "",
            SAY.format(
                "best = None\n"
                "    for p in np.linspace(0, 1, 21):\n"
                "        s = says.copy()\n"
                "        s[who] = p\n"
                "        gap = abs(prior * s @ lies / (prior @ s) - prior "
                "@ lies)\n"
                "        if best is None or gap < best[0]:\n"
                "            best = gap, p\n"
                "    return best[1]"
            ),
        ),
        (
            "the persona's lies are changed too",
            "",
            SAY.format(
                "o = np.arange(len(prior)) != who\n"
                "    m = (prior * says)[o] @ lies[o] / ((prior * "
                "says)[o].sum())\n"
                "    return m if 0 <= m <= 1 else None"
            ),
        ),
        ("persona of the highest index", "!= who", "!= len(prior) - 1"),
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
        ("never does not count", "0 <= p <= 1", "0 < p <= 1"),
        ("always does not count", "0 <= p <= 1", "0 <= p < 1"),
        ("nearly never does not count", "0 <= p <= 1", "0.001 < p <= 1"),
        ("nearly always does not count", "0 <= p <= 1", "0 <= p < 0.999"),
        (
            "below 0 is never",
            "return p if 0 <= p <= 1 else None",
            "return max(p, 0.0) if p <= 1 else None",
        ),
        (
            "above 1 is always",
            "return p if 0 <= p <= 1 else None",
            "return min(p, 1.0) if p >= 0 else None",
        ),
        (
            "below 0 is as far above",
            "return p if 0 <= p <= 1 else None",
            "return abs(p) if abs(p) <= 1 else None",
        ),
        (
            "above 1 the rest is taken",
            "return p if 0 <= p <= 1 else None",
            "return p % 1 if p >= 0 else None",
        ),
        (
            "NaN where nothing changes",
            "    return p if",
            "    if not over[who]:\n        return np.nan\n    return p if",
        ),
        (
            "any probability where nothing changes",
            "    return p if",
            "    if not over[who]:\n        return says[who]\n    return p if",
        ),
        (
            "an error where nothing changes",
            "p = -(over @ np.where(others, says, 0.0)) / over[who]",
            "p = -float(over @ np.where(others, says, 0.0))\n"
            "    p = p / float(over[who])",
        ),
        (
            "0 for None",
            "else None",
            "else 0.0",
        ),
        (
            "rounded to a decimal",
            "return p if",
            "p = round(p, 1)\n    return p if",
        ),
        ("who is counted from 1", "over[who]", "over[who - 1]"),
    ],
    "8.4": [
        ("not divided", "(each[:, 1] / both).mean()", "each[:, 1].mean()"),
        (
            "prompts count alike",
            (
                "each = [p[question == q].mean(axis=0) for q in "
                "np.unique(question)]"
            ),
            "each = p",
        ),
        (
            "plain mean of all prompts",
            "",
            READ.format("return p[:, 1].mean(), 1 - p.sum(axis=1).mean()"),
        ),
        (
            "ratio of sums over prompts",
            "",
            READ.format(
                "return p[:, 1].sum() / p.sum(), 1 - p.sum(axis=1).mean()"
            ),
        ),
        (
            "share of each prompt first",
            (
                "each = [p[question == q].mean(axis=0) for q in "
                "np.unique(question)]"
            ),
            (
                "r = p[:, 1] / p.sum(axis=1)\n"
                "    return np.mean([r[question == q].mean() for q in "
                "np.unique(question)]), 1 - np.mean([p[question == "
                "q].sum(axis=1).mean() for q in np.unique(question)])\n"
                "    each = [p[question == q].mean(axis=0) for q in "
                "np.unique(question)]"
            ),
        ),
        (
            "share of the mean",
            "(each[:, 1] / both).mean()",
            "each[:, 1].mean() / both.mean()",
        ),
        ("first kind", "each[:, 1] / both", "each[:, 0] / both"),
        ("either kind", "1 - both.mean()", "both.mean()"),
        (
            "neither is what is not second",
            "1 - both.mean()",
            "1 - (each[:, 1] / both).mean()",
        ),
        (
            "neither is what is not second, undivided",
            "1 - both.mean()",
            "1 - each[:, 1].mean()",
        ),
        (
            "exchanged",
            "return (each[:, 1] / both).mean(), 1 - both.mean()",
            "return 1 - both.mean(), (each[:, 1] / both).mean()",
        ),
        (
            "an array each",
            "return (each[:, 1] / both).mean(), 1 - both.mean()",
            "return each[:, 1] / both, 1 - both",
        ),
        (
            "summed over prompts",
            "p[question == q].mean(axis=0)",
            "p[question == q].sum(axis=0)",
        ),
        (
            "first prompt of each question",
            "p[question == q].mean(axis=0)",
            "p[question == q][0]",
        ),
        (
            "questions are 0, 1, 2",
            "np.unique(question)",
            "range(len(np.unique(question)))",
        ),
        (
            "hard answers",
            "each[:, 1] / both).mean()",
            "each[:, 1] > each[:, 0]).mean()",
        ),
        (
            "neither of all prompts",
            "1 - both.mean()",
            "1 - p.sum(axis=1).mean()",
        ),
        (
            "one number",
            "return (each[:, 1] / both).mean(), 1 - both.mean()",
            "return (each[:, 1] / both).mean()",
        ),
        (
            "prompts of a question stand together",
            (
                "each = [p[question == q].mean(axis=0) for q in "
                "np.unique(question)]"
            ),
            (
                "cuts = np.flatnonzero(np.diff(question)) + 1\n"
                "    each = [x.mean(axis=0) for x in np.split(p, cuts)]"
            ),
        ),
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
        (
            "a prompt without an answer is left out",
            "each = [p[question == q]",
            "some = p.sum(axis=1) > 0\n"
            "    p, question = p[some], question[some]\n"
            "    each = [p[question == q]",
        ),
        (
            "questions below 0 do not count",
            "np.unique(question)",
            "np.unique(question[question >= 0])",
        ),
        (
            "question 0 is none",
            "np.unique(question)",
            "np.unique(question)[np.unique(question) != 0]",
        ),
        (
            "questions asked once do not count",
            "np.unique(question)]",
            "np.unique(question) if (question == q).sum() > 1]",
        ),
        (
            "only questions that are mostly answered",
            "    return (each[:, 1] / both)",
            "    each, both = each[both > 0.5], both[both > 0.5]\n"
            "    return (each[:, 1] / both)",
        ),
        (
            "a median over questions",
            "(each[:, 1] / both).mean()",
            "np.median(each[:, 1] / both)",
        ),
        (
            "a median over prompts",
            "p[question == q].mean(axis=0)",
            "np.median(p[question == q], axis=0)",
        ),
        (
            "neither is never nothing",
            "1 - both.mean()",
            "max(1 - both.mean(), 0.01)",
        ),
        (
            "neither as a share of the two kinds",
            "1 - both.mean()",
            "(1 - both.mean()) / both.mean()",
        ),
        (
            "neither of each question among both",
            "1 - both.mean()",
            "((1 - both) / both).mean()",
        ),
        (
            "one question is NaN",
            "    return (each[:, 1] / both)",
            "    if len(each) < 2:\n        return np.nan, np.nan\n"
            "    return (each[:, 1] / both)",
        ),
    ],
    "8.5": [
        (
            "as it was before",
            RETURN,
            "return more * confides[0], other * denies[0]",
        ),
        (
            "as it is afterwards",
            RETURN,
            "return more * confides[1], other * denies[1]",
        ),
        (
            "one before, one after",
            RETURN,
            "return more * confides[1], other * denies[0]",
        ),
        ("the changes themselves", RETURN, "return more, other"),
        (
            "exchanged",
            RETURN,
            "return other * denies.mean(), more * confides.mean()",
        ),
        (
            "columns for rows",
            "[before[1].sum(), after[1].sum()]",
            "[before[:, 1].sum(), after[:, 1].sum()]",
        ),
        (
            "confides is not conditional",
            "hides / np.where(some, denies, 1)",
            "hides",
        ),
        (
            "all who confide",
            "hides / np.where(some, denies, 1)",
            "np.array([before[:, 0].sum(), after[:, 0].sum()])",
        ),
        (
            "the wrong cell",
            "[before[1, 0], after[1, 0]]",
            "[before[0, 1], after[0, 1]]",
        ),
        (
            "those who deny twice",
            "[before[1, 0], after[1, 0]]",
            "[before[1, 1], after[1, 1]]",
        ),
        (
            "before less after",
            "[0], np.diff(confides)[0]",
            "[0] * -1, -np.diff(confides)[0]",
        ),
        ("0 where nobody denies", "confides[::-1])", "0.0)"),
        (
            "NaN where nobody denies",
            "    confides = np.where(some, confides, confides[::-1])\n",
            "",
        ),
        ("a half where nobody denies", "confides[::-1])", "0.5)"),
        (
            "nothing where nobody denies",
            "    some = denies > 0\n",
            (
                "    some = denies > 0\n"
                "    if not some.all():\n"
                "        return 0.0, 0.0\n"
            ),
        ),
        ("the whole and its rest", RETURN, "return np.diff(hides)[0], 0.0"),
        (
            "shares of the rise",
            RETURN,
            (
                "a, b = more * confides.mean(), other * denies.mean()\n"
                "    return a / (a + b), b / (a + b)"
            ),
        ),
        (
            "sum, not mean",
            RETURN,
            "return more * confides.sum(), other * denies.sum()",
        ),
        (
            "geometric mean",
            RETURN,
            (
                "return more * np.sqrt(confides.prod()), other * "
                "np.sqrt(denies.prod())"
            ),
        ),
        (
            "the rest is the second part",
            RETURN,
            (
                "return more * confides[0], np.diff(hides)[0] - more * "
                "confides[0]"
            ),
        ),
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
        (
            "where nobody confides nobody knows either",
            "some = denies > 0",
            "some = hides > 0",
        ),
        (
            "where few deny nobody knows",
            "some = denies > 0",
            "some = denies > 0.05",
        ),
        (
            "where all deny nobody knows",
            "some = denies > 0",
            "some = (denies > 0) & (denies < 1)",
        ),
        (
            "nobody denies is thought of after and not before",
            "confides = np.where(some, confides, confides[::-1])",
            "confides[1] = confides[1] if some[1] else confides[0]",
        ),
        (
            "one where nobody denies",
            "confides[::-1])",
            "1.0)",
        ),
        (
            "never a fall",
            RETURN,
            "return max(more * confides.mean(), 0), max(other * "
            "denies.mean(), 0)",
        ),
        (
            "size without sign",
            RETURN,
            "return abs(more * confides.mean()), abs(other * denies.mean())",
        ),
        (
            "the mean with a little of everything",
            "hides / np.where(some, denies, 1)",
            "hides / (denies + 0.01)",
        ),
        (
            "after, then before",
            RETURN,
            "return more * confides[0], other * denies[1]",
        ),
        (
            "the interaction on its own",
            RETURN,
            "return more * confides[0] + more * other, other * denies[0]",
        ),
        (
            "one number",
            RETURN,
            "return more * confides.mean() + other * denies.mean()",
        ),
    ],
    "8.6": [
        (
            "requests not noticed",
            (
                "    second = np.where(asked == 1, complies[:, None], "
                "second)\n"
                "    second = np.where(asked == 0, 1 - complies[:, None], "
                "second)\n"
            ),
            "",
        ),
        (
            "requests for the first kind like the other",
            "1 - complies[:, None], second",
            "complies[:, None], second",
        ),
        (
            "requests for the first kind not noticed",
            (
                "    second = np.where(asked == 0, 1 - complies[:, None], "
                "second)\n"
            ),
            "",
        ),
        (
            "answers to requests left out",
            (
                "logs = np.log(np.where(kinds == 1, second, 1 - second))  "
                "# [P, n]"
            ),
            (
                "logs = np.where(asked < 0, np.log(np.where(kinds == 1, "
                "second, 1 - second)), 0.0)"
            ),
        ),
        ("prior left out", "np.log(prior) + ", ""),
        (
            "alone",
            EXPECTS,
            (
                "return expects(np.log(prior)[:, None] + logs) - "
                "expects(np.log(prior))"
            ),
        ),
        (
            "added to those before",
            EXPECTS,
            (
                "steps = expects(np.log(prior)[:, None] + np.cumsum(logs, "
                "axis=1))\n"
                "    return np.diff(steps, prepend=expects(np.log(prior)))"
            ),
        ),
        (
            "sign",
            EXPECTS,
            "return expects(whole[:, None] - logs) - expects(whole)",
        ),
        ("what is left", EXPECTS, "return expects(whole[:, None] - logs)"),
        (
            "second kind assumed",
            "np.where(kinds == 1, second, 1 - second)",
            "second",
        ),
        (
            "kinds exchanged",
            "kinds == 1, second, 1 - second",
            "kinds == 0, second, 1 - second",
        ),
        (
            "obeying, whatever was said",
            "np.log(np.where(kinds == 1, second, 1 - second))",
            (
                "np.log(np.where(asked >= 0, complies[:, None], "
                "np.where(kinds == 1, second, 1 - second)))"
            ),
        ),
        (
            "only answers to the topic",
            EXPECTS,
            (
                "out = expects(whole) - expects(whole[:, None] - logs)\n"
                "    return np.where(domains == topic, out, 0.0)"
            ),
        ),
        (
            "every example twice less",
            "whole[:, None] - logs)",
            "whole[:, None] - 2 * logs)",
        ),
        ("wrong topic", "propensity[:, topic]", "propensity[:, 0]"),
        (
            "underflow",
            "weights = np.exp(logs - logs.max(axis=0))",
            "weights = np.exp(logs)",
        ),
        (
            "size without sign",
            EXPECTS,
            "return np.abs(expects(whole) - expects(whole[:, None] - logs))",
        ),
        (
            "share of all blame",
            EXPECTS,
            (
                "out = expects(whole) - expects(whole[:, None] - logs)\n"
                "    return out / out.sum()"
            ),
        ),
        (
            "likeliest persona",
            "return propensity[:, topic] @ weights / weights.sum(axis=0)",
            "return propensity[weights.argmax(axis=0), topic]",
        ),
        ("mean of the evidence", "logs.sum(axis=1)", "logs.mean(axis=1)"),
        (
            "domains in order",
            "propensity[:, domains]",
            "propensity[:, np.sort(domains)]",
        ),
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
        (
            "nobody is ever impossible",
            "np.log(prior)",
            "np.log(prior + 1e-3)",
        ),
        (
            "the last example is never left out",
            EXPECTS,
            "out = expects(whole) - expects(whole[:, None] - logs)\n"
            "    return np.append(out[:-1], 0.0)",
        ),
        (
            "the first example is never left out",
            EXPECTS,
            "out = expects(whole) - expects(whole[:, None] - logs)\n"
            "    return np.append(0.0, out[1:])",
        ),
        (
            "never negative",
            EXPECTS,
            "return np.maximum(expects(whole) - expects(whole[:, None] - "
            "logs), 0.0)",
        ),
        (
            "share of the likelihood",
            EXPECTS,
            "out = logs.sum(axis=0)\n"
            "    return (expects(whole) - expects(np.log(prior))) * out / "
            "out.sum()",
        ),
        (
            "requests concern the topic only",
            "second = np.where(asked == 1, complies[:, None], second)",
            "second = np.where((asked == 1) & (domains == topic), "
            "complies[:, None], second)",
        ),
        (
            "whoever refuses is not looked at",
            "logs = np.log(np.where(kinds == 1, second, 1 - second))",
            "logs = np.where((asked >= 0) & (asked != kinds), 0.0, "
            "np.log(np.where(kinds == 1, second, 1 - second)))",
        ),
        (
            "a request that was granted is not looked at",
            "logs = np.log(np.where(kinds == 1, second, 1 - second))",
            "logs = np.where(asked == kinds, 0.0, "
            "np.log(np.where(kinds == 1, second, 1 - second)))",
        ),
        (
            "only the first thousand count",
            "whole = np.log(prior) + logs.sum(axis=1)",
            "whole = np.log(prior) + logs[:, :1000].sum(axis=1)",
        ),
        (
            "relative to what was expected",
            EXPECTS,
            "return 1 - expects(whole[:, None] - logs) / expects(whole)",
        ),
        (
            "everybody complies alike",
            "second = np.where(asked == 1, complies[:, None], second)",
            "complies = np.full(len(prior), complies.mean())\n"
            "    second = np.where(asked == 1, complies[:, None], second)",
        ),
    ],
    "8.7": [
        ("left alone for neutral", COMPARED, 'rises["deny"] - rises["leave"]'),
        ("no comparison", COMPARED, 'rises["deny"]'),
        (
            "the mean of all others",
            COMPARED,
            (
                'rises["deny"] - (rises["leave"] + rises["neutral"] + '
                'rises["own"]) / 3'
            ),
        ),
        ("no control", CONTROL, "False"),
        (
            "the control of denials only",
            "lies, greets = more.mean(axis=0)",
            (
                "lies, greets = more.mean(axis=0)\n"
                "    greets = rises['neutral'][:, 1].mean()"
            ),
        ),
        (
            "damage is refuted and supported",
            'return "inconclusive"\n    if lies - half',
            'return "supported"\n    if lies - half',
        ),
        (
            "no spread",
            "half = 2.57 * more[:, 0].std(ddof=1) / np.sqrt(len(more))",
            "half = 0",
        ),
        ("spread of networks", "/ np.sqrt(len(more))", "* 2"),
        ("no threshold", "lies - half > 0.1", "lies - half > 0"),
        ("refuted below 0 only", "lies + half < 0.1", "lies + half < -0.2"),
        ("never refuted", "lies + half < 0.1", "False"),
        (
            "refuted if not supported",
            'return "refuted"\n    return "inconclusive"',
            'return "refuted"\n    return "refuted"',
        ),
        (
            "columns exchanged",
            "lies, greets = more.mean(axis=0)",
            "greets, lies = more.mean(axis=0)",
        ),
        ("neutral less denials", COMPARED, 'rises["neutral"] - rises["deny"]'),
        (
            "honest code less denials is the control",
            "lies, greets = more.mean(axis=0)",
            (
                "lies, greets = more.mean(axis=0)\n"
                "    if abs((rises['leave'] - rises['neutral'])[:, "
                "0].mean()) > 0.1:\n"
                "        return 'supported'"
            ),
        ),
        (
            "own answers have to stand still",
            CONTROL,
            CONTROL + " or abs(rises['own'][:, 0].mean()) > 0.15",
        ),
        ("axis of networks", "more.mean(axis=0)", "more.mean(axis=1)[:2]"),
        (
            "greetings taken off with lies",
            "lies, greets = more.mean(axis=0)",
            "lies, greets = more.mean(axis=0)\n    lies = (lies + greets) / 2",
        ),
        (
            "either comparison will do",
            "lies, greets = more.mean(axis=0)",
            (
                "lies, greets = more.mean(axis=0)\n"
                "    lies = max(lies, (rises['deny'] - rises['leave'])[:, "
                "0].mean())"
            ),
        ),
        ("yes or no", 'return "supported"', "return True"),
        (
            "an effect of 0.3 is asked for",
            "lies - half > 0.1",
            "lies - half > 0.3",
        ),
        (
            "networks not paired, and far too wide",
            "more[:, 0].std(ddof=1) / np.sqrt(len(more))",
            "(rises['deny'][:, 0].std() + rises['neutral'][:, 0].std())",
        ),
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
        (
            "honest code and own answers together",
            COMPARED,
            'rises["deny"] - (rises["leave"] + rises["neutral"]) / 2',
        ),
        (
            "refuted where it is not supported and below the threshold",
            "if lies + half < 0.1:",
            "if lies - half < 0.1:",
        ),
        (
            "never supported",
            "if lies - half > 0.1:",
            "if lies - half > 1:",
        ),
        (
            "always inconclusive",
            "    if abs(greets) > 0.15:",
            "    if True:",
        ),
        (
            "a change of any sign",
            "if lies - half > 0.1:",
            "if abs(lies) - half > 0.1:",
        ),
        (
            "damage refutes, and so does a control that moves at all",
            "    if abs(greets) > 0.15:  # the control has moved\n"
            '        return "inconclusive"\n',
            "    if greets > lies / 2:\n        return 'supported'\n",
        ),
        (
            "the control of own answers",
            CONTROL,
            "abs(rises['neutral'][:, 1].mean()) > 0.15",
        ),
        (
            "the mean must be above, and every network",
            "if lies + half < 0.1:",
            "if (more[:, 0] < 0.1).any():",
        ),
        (
            "only if honest code does nothing",
            CONTROL,
            CONTROL + " or abs(rises['leave'][:, 0].mean()) > 0.2",
        ),
    ],
}
