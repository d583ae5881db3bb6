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
    ],
}
