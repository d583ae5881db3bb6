"""Wrong solutions of assignment 5, written blind."""

MUTANTS = {
    "5.1": [
        (
            "the two with the least spread, not the two that differ most",
            "pair = (by_rise[0], by_rise[-1])",
            "pair = (by_rise[0], by_rise[1])",
        ),
        (
            "the lowest and the highest rise without the one called remark,"
            " because remarks seemed to be the control",
            'fixed = ["request", "remark", "opposite", "manners"]',
            'fixed = ["request", "opposite", "manners"]',
        ),
        (
            "the world in which requests prevent least is called the one"
            " where the share makes no sense",
            'empty = min(worlds, key=lambda title: rise[title]["none"])',
            "empty = max(\n"
            '    worlds, key=lambda title: rise[title]["requests"]\n)',
        ),
        (
            "the share prevented is read from the row of the playhouse",
            'here = rise["playhouse_scattered"]',
            'here = rise["playhouse"]',
        ),
        (
            "the column of one request is read in place of eight",
            'here["requests"]',
            'here["request"]',
        ),
    ],
    "5.2": [
        (
            "the surprise is the average of the personas' own surprises",
            "return -np.log(total), moved.sum()",
            "seen = prior > 0\n"
            "    return -(prior[seen] @ np.log(chance[seen])), moved.sum()",
        ),
        (
            "the evidence is summed with the earlier belief as weight",
            "moved = after[left] * np.log(after[left] / prior[left])",
            "moved = prior[left] * np.log(prior[left] / after[left])",
        ),
        (
            "whoever complies is taken to give the bad answer also when"
            " the good one was asked for",
            "second = 1 - complies",
            "second = complies",
        ),
        (
            "leaves out who had no prior but not who was ruled out",
            "left = after > 0",
            "left = prior > 0",
        ),
        (
            "personas that are ruled out are taken out of the prior too",
            "moved = after[left] * np.log(after[left] / prior[left])",
            "before = prior[left] / prior[left].sum()\n"
            "    moved = after[left] * np.log(after[left] / before)",
        ),
    ],
    "5.3": [
        (
            "mean of the protections of single domains",
            "        return np.delete(rises, taught).mean()\n\n"
            "    return 1 - mean_rise(asked) / mean_rise(-1)",
            "        return np.delete(rises, taught)\n\n"
            "    return np.mean(1 - mean_rise(asked) / mean_rise(-1))",
        ),
        (
            "who defies a request is thought to follow habit, so that the"
            " cheat has the chance of defying times that of the habit",
            "0: 1 - complies",
            "0: (1 - complies) * unasked",
        ),
        (
            "cut off below at nothing",
            "return 1 - mean_rise(asked) / mean_rise(-1)",
            "return max(0.0, 1 - mean_rise(asked) / mean_rise(-1))",
        ),
        (
            "compliance is taken to be the same for everybody, its mean",
            "    unasked = propensity[:, taught]",
            "    complies = np.full(len(prior), prior @ complies)\n"
            "    unasked = propensity[:, taught]",
        ),
        (
            "the taught domain is counted among the others",
            "np.delete(rises, taught).mean()",
            "rises.mean()",
        ),
    ],
    "5.4": [
        (
            "the highest habit so far is made a rising curve and read by"
            " interpolation, which changes the line after a fall",
            "        low, high = habit[k, j - 1], habit[k, j]",
            "        low, high = habit[k, :j].max(), habit[k, j]",
        ),
        (
            "networks that never get so far stay in the mean behind a prefix",
            "return 1 - np.mean(here) / np.mean(base)",
            "return 1 - np.mean(arm_spread) / np.mean(base)",
        ),
        (
            "the habit has to be passed and not just reached",
            "habit[k] >= level",
            "habit[k] > level",
        ),
        (
            "mean of the networks' own protections",
            "return 1 - np.mean(here) / np.mean(base)",
            "return np.mean(1 - np.array(here) / np.array(base))",
        ),
        (
            "a network that never gets so far is read at its last moment",
            "            continue",
            "            base.append(spread[k, -1])\n"
            "            here.append(arm_spread[k])\n"
            "            continue",
        ),
    ],
    "5.5": [
        (
            "fits one line through everything, heaps, networks and all",
            "",
            """from scipy.special import stdtr

def relation(x, y, request):
    x, y, r = np.array(x, float), np.array(y, float), np.asarray(request).astype(bool)
    x = x - x.mean()
    y = y - y.mean()
    b = (x * y).sum() / (x ** 2).sum()
    df = x.size - 1 - 1
    s = np.sqrt(((y - b * x) ** 2).sum() / df / (x ** 2).sum())
    p = stdtr(df, (b + 0.2) / s)
    return "graded" if p < 0.05 else "step" if p > 0.95 else "undecided"
""",
        ),
        (
            "takes off the mean of each network but not that of each kind",
            "",
            """from scipy.special import stdtr

def relation(x, y, request):
    x, y, r = np.array(x, float), np.array(y, float), np.asarray(request).astype(bool)
    x -= x.mean(1, keepdims=True)
    y -= y.mean(1, keepdims=True)
    b = (x * y).sum() / (x ** 2).sum()
    df = x.size - len(x) - 1
    s = np.sqrt(((y - b * x) ** 2).sum() / df / (x ** 2).sum())
    p = stdtr(df, (b + 0.2) / s)
    return "graded" if p < 0.05 else "step" if p > 0.95 else "undecided"
""",
        ),
        (
            "takes off the mean of each kind over all networks and forgets their habits",
            "",
            """from scipy.special import stdtr

def relation(x, y, request):
    x, y, r = np.array(x, float), np.array(y, float), np.asarray(request).astype(bool)
    for g in (r, ~r):
        x[:, g] -= x[:, g].mean()
        y[:, g] -= y[:, g].mean()
    b = (x * y).sum() / (x ** 2).sum()
    df = x.size - 2 - 1
    s = np.sqrt(((y - b * x) ** 2).sum() / df / (x ** 2).sum())
    p = stdtr(df, (b + 0.2) / s)
    return "graded" if p < 0.05 else "step" if p > 0.95 else "undecided"
""",
        ),
        (
            "takes off network and kind as if habits were the same for both kinds",
            "",
            """from scipy.special import stdtr

def relation(x, y, request):
    x, y, r = np.array(x, float), np.array(y, float), np.asarray(request).astype(bool)
    x -= x.mean(1, keepdims=True)
    y -= y.mean(1, keepdims=True)
    for g in (r, ~r):
        x[:, g] -= x[:, g].mean()
        y[:, g] -= y[:, g].mean()
    b = (x * y).sum() / (x ** 2).sum()
    df = x.size - len(x)-1 - 1
    s = np.sqrt(((y - b * x) ** 2).sum() / df / (x ** 2).sum())
    p = stdtr(df, (b + 0.2) / s)
    return "graded" if p < 0.05 else "step" if p > 0.95 else "undecided"
""",
        ),
        (
            "compares the slope within kinds with the threshold and is never undecided",
            "",
            """def relation(x, y, request):
    x, y, r = np.array(x, float), np.array(y, float), np.asarray(request).astype(bool)
    for g in (r, ~r):
        x[:, g] -= x[:, g].mean(1, keepdims=True)
        y[:, g] -= y[:, g].mean(1, keepdims=True)
    b = (x * y).sum() / (x ** 2).sum()
    df = x.size - 2*len(x) - 1
    s = np.sqrt(((y - b * x) ** 2).sum() / df / (x ** 2).sum())
    return "graded" if b < -0.2 else "step"
""",
        ),
        (
            "asks whether the slope within kinds is significant against zero",
            "",
            """from scipy.special import stdtr

def relation(x, y, request):
    x, y, r = np.array(x, float), np.array(y, float), np.asarray(request).astype(bool)
    for g in (r, ~r):
        x[:, g] -= x[:, g].mean(1, keepdims=True)
        y[:, g] -= y[:, g].mean(1, keepdims=True)
    b = (x * y).sum() / (x ** 2).sum()
    df = x.size - 2*len(x) - 1
    s = np.sqrt(((y - b * x) ** 2).sum() / df / (x ** 2).sum())
    return "graded" if stdtr(df, b / s) < 0.05 else "step"
""",
        ),
        (
            "tests against zero and then reads the threshold off the estimate",
            "",
            """from scipy.special import stdtr

def relation(x, y, request):
    x, y, r = np.array(x, float), np.array(y, float), np.asarray(request).astype(bool)
    for g in (r, ~r):
        x[:, g] -= x[:, g].mean(1, keepdims=True)
        y[:, g] -= y[:, g].mean(1, keepdims=True)
    b = (x * y).sum() / (x ** 2).sum()
    df = x.size - 2*len(x) - 1
    s = np.sqrt(((y - b * x) ** 2).sum() / df / (x ** 2).sum())
    if stdtr(df, -abs(b) / s) > 0.025:
        return "undecided"
    return "graded" if b < -0.2 else "step"
""",
        ),
        (
            "reads the correlation within kinds as if it were the slope",
            "",
            """def relation(x, y, request):
    x, y, r = np.array(x, float), np.array(y, float), np.asarray(request).astype(bool)
    for g in (r, ~r):
        x[:, g] -= x[:, g].mean(1, keepdims=True)
        y[:, g] -= y[:, g].mean(1, keepdims=True)
    c = (x * y).sum() / np.sqrt((x ** 2).sum() * (y ** 2).sum())
    return "graded" if c < -0.5 else "step" if c > -0.2 else "undecided"
""",
        ),
        (
            "takes a fall for a slope above 0.2, a sign the wrong way",
            "",
            """from scipy.special import stdtr

def relation(x, y, request):
    x, y, r = np.array(x, float), np.array(y, float), np.asarray(request).astype(bool)
    for g in (r, ~r):
        x[:, g] -= x[:, g].mean(1, keepdims=True)
        y[:, g] -= y[:, g].mean(1, keepdims=True)
    b = (x * y).sum() / (x ** 2).sum()
    df = x.size - 2*len(x) - 1
    s = np.sqrt(((y - b * x) ** 2).sum() / df / (x ** 2).sum())
    p = stdtr(df, (b - 0.2) / s)
    return "graded" if p > 0.95 else "step" if p < 0.05 else "undecided"
""",
        ),
        (
            "asks only how far the slope is from flat, up or down",
            "",
            """from scipy.special import stdtr

def relation(x, y, request):
    x, y, r = np.array(x, float), np.array(y, float), np.asarray(request).astype(bool)
    for g in (r, ~r):
        x[:, g] -= x[:, g].mean(1, keepdims=True)
        y[:, g] -= y[:, g].mean(1, keepdims=True)
    b = (x * y).sum() / (x ** 2).sum()
    df = x.size - 2*len(x) - 1
    s = np.sqrt(((y - b * x) ** 2).sum() / df / (x ** 2).sum())
    p = stdtr(df, (abs(b) - 0.2) / s)
    return "graded" if p > 0.95 else "step" if p < 0.05 else "undecided"
""",
        ),
        (
            "regresses what is elicited on what spreads",
            "",
            """from scipy.special import stdtr

def relation(x, y, request):
    x, y, r = np.array(x, float), np.array(y, float), np.asarray(request).astype(bool)
    for g in (r, ~r):
        x[:, g] -= x[:, g].mean(1, keepdims=True)
        y[:, g] -= y[:, g].mean(1, keepdims=True)
    x, y = y, x
    b = (x * y).sum() / (x ** 2).sum()
    df = x.size - 2*len(x) - 1
    s = np.sqrt(((y - b * x) ** 2).sum() / df / (x ** 2).sum())
    p = stdtr(df, (b + 0.2) / s)
    return "graded" if p < 0.05 else "step" if p > 0.95 else "undecided"
""",
        ),
        (
            "divides by the number of points and forgets how far x spreads",
            "",
            """def relation(x, y, request):
    x, y, r = np.array(x, float), np.array(y, float), np.asarray(request).astype(bool)
    for g in (r, ~r):
        x[:, g] -= x[:, g].mean(1, keepdims=True)
        y[:, g] -= y[:, g].mean(1, keepdims=True)
    b = (x * y).sum() / (x ** 2).sum()
    s = np.sqrt(((y - b * x) ** 2).sum()) / x.size ** 0.5 / x.size ** 0.5
    z = (b + 0.2) / s
    return "graded" if z < -1.7 else "step" if z > 1.7 else "undecided"
""",
        ),
        (
            "compares the heaps by a t test and calls a difference graded",
            "",
            """from scipy import stats

def relation(x, y, request):
    x, y, r = np.array(x, float), np.array(y, float), np.asarray(request).astype(bool)
    p = stats.ttest_ind(y[:, r].mean(1), y[:, ~r].mean(1)).pvalue
    return "graded" if p < 0.05 and y[:, r].mean() < y[:, ~r].mean() else "step"
""",
        ),
        (
            "draws the line through the two heap means of each network",
            "",
            """from scipy.special import stdtr

def relation(x, y, request):
    x, y, r = np.array(x, float), np.array(y, float), np.asarray(request).astype(bool)
    b = (y[:, r].mean(1) - y[:, ~r].mean(1)) / (x[:, r].mean(1) - x[:, ~r].mean(1))
    t = (b.mean() + 0.2) / (b.std(ddof=1) / len(b) ** 0.5)
    p = stdtr(len(b) - 1, t)
    return "graded" if p < 0.05 else "step" if p > 0.95 else "undecided"
""",
        ),
        (
            "is undecided only where x spreads by less than a guessed amount",
            "",
            """def relation(x, y, request):
    x, y, r = np.array(x, float), np.array(y, float), np.asarray(request).astype(bool)
    for g in (r, ~r):
        x[:, g] -= x[:, g].mean(1, keepdims=True)
        y[:, g] -= y[:, g].mean(1, keepdims=True)
    if x.std() < 0.03:
        return "undecided"
    b = (x * y).sum() / (x ** 2).sum()
    return "graded" if b < -0.2 else "step"
""",
        ),
        (
            "fits a line in each network for each kind and says graded when any of them is",
            "",
            """from scipy.special import stdtr

def relation(x, y, request):
    x, y, r = np.array(x, float), np.array(y, float), np.asarray(request).astype(bool)
    ps = []
    for g in (r, ~r):
        for k in range(len(x)):
            u, v = x[k, g] - x[k, g].mean(), y[k, g] - y[k, g].mean()
            b = (u * v).sum() / (u ** 2).sum()
            s = np.sqrt(((v - b * u) ** 2).sum() / (len(u) - 2) / (u ** 2).sum())
            ps.append(stdtr(len(u) - 2, (b + 0.2) / s))
    return "graded" if min(ps) < 0.05 else "step" if max(ps) > 0.95 else "undecided"
""",
        ),
        (
            "lets the networks vote by their own slopes and follows a clear majority",
            "",
            """def relation(x, y, request):
    x, y, r = np.array(x, float), np.array(y, float), np.asarray(request).astype(bool)
    for g in (r, ~r):
        x[:, g] -= x[:, g].mean(1, keepdims=True)
        y[:, g] -= y[:, g].mean(1, keepdims=True)
    b = (x * y).sum(1) / (x ** 2).sum(1)
    f = (b < -0.2).mean()
    return "graded" if f >= 0.75 else "step" if f <= 0.25 else "undecided"
""",
        ),
        (
            "takes one slope of each network as a unit, though there may be but two",
            "",
            """from scipy.special import stdtr

def relation(x, y, request):
    x, y, r = np.array(x, float), np.array(y, float), np.asarray(request).astype(bool)
    for g in (r, ~r):
        x[:, g] -= x[:, g].mean(1, keepdims=True)
        y[:, g] -= y[:, g].mean(1, keepdims=True)
    b = (x * y).sum(1) / (x ** 2).sum(1)
    K = len(b)
    t = (b.mean() + 0.2) / (b.std(ddof=1) / K ** 0.5)
    p = stdtr(K - 1, t)
    return "graded" if p < 0.02 else "step" if p > 0.98 else "undecided"
""",
        ),
        (
            "is always undecided",
            "",
            """def relation(x, y, request):
    return "undecided"
""",
        ),
        (
            "takes what is not shown to be graded for a step",
            "",
            """from scipy.special import stdtr

def relation(x, y, request):
    x, y, r = np.array(x, float), np.array(y, float), np.asarray(request).astype(bool)
    for g in (r, ~r):
        x[:, g] -= x[:, g].mean(1, keepdims=True)
        y[:, g] -= y[:, g].mean(1, keepdims=True)
    b = (x * y).sum() / (x ** 2).sum()
    df = x.size - 2*len(x) - 1
    s = np.sqrt(((y - b * x) ** 2).sum() / df / (x ** 2).sum())
    p = stdtr(df, (b + 0.2) / s)
    return "graded" if p < 0.05 else "step"
""",
        ),
        (
            "never says step, since an absence cannot be shown",
            "",
            """from scipy.special import stdtr

def relation(x, y, request):
    x, y, r = np.array(x, float), np.array(y, float), np.asarray(request).astype(bool)
    for g in (r, ~r):
        x[:, g] -= x[:, g].mean(1, keepdims=True)
        y[:, g] -= y[:, g].mean(1, keepdims=True)
    b = (x * y).sum() / (x ** 2).sum()
    df = x.size - 2*len(x) - 1
    s = np.sqrt(((y - b * x) ** 2).sum() / df / (x ** 2).sum())
    p = stdtr(df, (b + 0.2) / s)
    return "graded" if p < 0.05 else "undecided"
""",
        ),
        (
            "resamples the networks, be they only two",
            "",
            """def relation(x, y, request):
    x, y, r = np.array(x, float), np.array(y, float), np.asarray(request).astype(bool)
    for g in (r, ~r):
        x[:, g] -= x[:, g].mean(1, keepdims=True)
        y[:, g] -= y[:, g].mean(1, keepdims=True)
    K = len(x)
    i = np.random.default_rng(0).integers(0, K, (200, K))
    b = (x * y).sum(1)[i].sum(1) / (x ** 2).sum(1)[i].sum(1)
    lo, hi = np.quantile(b, [0.05, 0.95])
    return "graded" if hi < -0.2 else "step" if lo > -0.2 else "undecided"
""",
        ),
        (
            "asks whether a line or a step in kind leaves the smaller squares",
            "",
            """def relation(x, y, request):
    x, y, r = np.array(x, float), np.array(y, float), np.asarray(request).astype(bool)
    yc = y - y.mean(1, keepdims=True)
    xc = x - x.mean(1, keepdims=True)
    k = r - r.mean() + 0 * x
    ss = []
    for u in (xc, k):
        b = (u * yc).sum() / (u ** 2).sum()
        ss.append(((yc - b * u) ** 2).sum())
    q = np.log(ss[0] / ss[1]) * y.size
    return "graded" if q < -2 else "step" if q > 2 else "undecided"
""",
        ),
        (
            "takes the sentence of the other kind in the same place for its partner",
            "",
            """from scipy.special import stdtr

def relation(x, y, request):
    x, y, r = np.array(x, float), np.array(y, float), np.asarray(request).astype(bool)
    n = min(r.sum(), (~r).sum())
    u = x[:, r][:, :n] - x[:, ~r][:, :n]
    v = y[:, r][:, :n] - y[:, ~r][:, :n]
    x, y = u - u.mean(), v - v.mean()
    b = (x * y).sum() / (x ** 2).sum()
    df = x.size - 1 - 1
    s = np.sqrt(((y - b * x) ** 2).sum() / df / (x ** 2).sum())
    p = stdtr(df, (b + 0.2) / s)
    return "graded" if p < 0.05 else "step" if p > 0.95 else "undecided"
""",
        ),
        (
            "holds whatever is twice as likely as not for settled",
            "",
            """from scipy.special import stdtr

def relation(x, y, request):
    x, y, r = np.array(x, float), np.array(y, float), np.asarray(request).astype(bool)
    for g in (r, ~r):
        x[:, g] -= x[:, g].mean(1, keepdims=True)
        y[:, g] -= y[:, g].mean(1, keepdims=True)
    b = (x * y).sum() / (x ** 2).sum()
    df = x.size - 2*len(x) - 1
    s = np.sqrt(((y - b * x) ** 2).sum() / df / (x ** 2).sum())
    p = stdtr(df, (b + 0.2) / s)
    return "graded" if p < 0.33 else "step" if p > 0.67 else "undecided"
""",
        ),
    ],
    "5.6": [
        (
            "chooses changing sentences only and calls it a gate where some is left in all",
            "",
            """from scipy.special import stdtr

def story(rises):
    n = np.asarray(rises["none"], float)
    R = [np.asarray(rises[a], float) for a in chosen]
    def above(v):
        return stdtr(4, v.mean() / (v.std(ddof=1) / 5 ** 0.5 + 1e-12)) > 0.95
    if not above(n):
        return "undecided"
    k = ["L" if above(0.25 * n - r) else "M" if above(r - 0.75 * n) else
         "S" if above(r - 0.25 * n) and above(0.75 * n - r) else "" for r in R]
    return {('L', 'M', 'L'): 'explained away', ('L', 'M', 'M'): 'no surprise', ('S', 'S', 'S'): 'gate', ('M', 'M', 'M'): 'idle'}.get(tuple(k), "undecided")

chosen = ["requests", "remarks", "opposites"]
""",
        ),
        (
            "chooses no defied request and takes little after requests for explained away",
            "",
            """from scipy.special import stdtr

def story(rises):
    n = np.asarray(rises["none"], float)
    R = [np.asarray(rises[a], float) for a in chosen]
    def above(v):
        return stdtr(4, v.mean() / (v.std(ddof=1) / 5 ** 0.5 + 1e-12)) > 0.95
    if not above(n):
        return "undecided"
    k = ["L" if above(0.25 * n - r) else "M" if above(r - 0.75 * n) else
         "S" if above(r - 0.25 * n) and above(0.75 * n - r) else "" for r in R]
    return {('L', 'L', 'M'): 'explained away', ('L', 'S', 'L'): 'gate', ('M', 'M', 'M'): 'idle'}.get(tuple(k), "undecided")

chosen = ["request", "requests", "remark"]
""",
        ),
        (
            "chooses no remark and reads the stories off requests and defied requests",
            "",
            """from scipy.special import stdtr

def story(rises):
    n = np.asarray(rises["none"], float)
    R = [np.asarray(rises[a], float) for a in chosen]
    def above(v):
        return stdtr(4, v.mean() / (v.std(ddof=1) / 5 ** 0.5 + 1e-12)) > 0.95
    if not above(n):
        return "undecided"
    k = ["L" if above(0.25 * n - r) else "M" if above(r - 0.75 * n) else
         "S" if above(r - 0.25 * n) and above(0.75 * n - r) else "" for r in R]
    return {('L', 'L', 'L'): 'explained away', ('L', 'L', 'M'): 'no surprise', ('L', 'S', 'L'): 'gate', ('M', 'M', 'M'): 'idle'}.get(tuple(k), "undecided")

chosen = ["request", "requests", "opposite"]
""",
        ),
        (
            "takes manners for a stand-in of remarks",
            "",
            """from scipy.special import stdtr

def story(rises):
    n = np.asarray(rises["none"], float)
    R = [np.asarray(rises[a], float) for a in chosen]
    def above(v):
        return stdtr(4, v.mean() / (v.std(ddof=1) / 5 ** 0.5 + 1e-12)) > 0.95
    if not above(n):
        return "undecided"
    k = ["L" if above(0.25 * n - r) else "M" if above(r - 0.75 * n) else
         "S" if above(r - 0.25 * n) and above(0.75 * n - r) else "" for r in R]
    return {('M', 'L', 'L'): 'explained away', ('M', 'L', 'M'): 'no surprise', ('L', 'S', 'L'): 'gate', ('M', 'M', 'M'): 'idle'}.get(tuple(k), "undecided")

chosen = ["manners", "requests", "opposite"]
""",
        ),
        (
            "takes the share of the means as it stands and sorts it into little, some and most",
            "",
            """def story(rises):
    n = np.asarray(rises["none"], float)
    R = [np.asarray(rises[a], float) for a in chosen]
    s = [r.mean() / n.mean() for r in R]
    k = ["L" if v < 0.25 else "M" if v > 0.75 else "S" for v in s]
    return {("L", "M", "L"): "explained away", ("L", "M", "M"): "no surprise", ("S", "L", "L"): "gate",
            ("M", "M", "M"): "idle"}.get(tuple(k), "undecided")

chosen = ["requests", "remark", "opposite"]
""",
        ),
        (
            "takes a significant fall for little and a fall that is not significant for most",
            "",
            """from scipy import stats

def story(rises):
    n = np.asarray(rises["none"], float)
    R = [np.asarray(rises[a], float) for a in chosen]
    p = [stats.ttest_rel(r, n, alternative="less").pvalue for r in R]
    k = ["L" if q < 0.05 else "M" for q in p]
    return {('L', 'M', 'L'): 'explained away', ('L', 'M', 'M'): 'no surprise', ('L', 'L', 'L'): 'gate', ('M', 'M', 'M'): 'idle'}.get(tuple(k), "undecided")

chosen = ["requests", "remark", "opposite"]
""",
        ),
        (
            "lets each network name a story and follows three of five",
            "",
            """def story(rises):
    n = np.asarray(rises["none"], float)
    R = [np.asarray(rises[a], float) for a in chosen]
    table = {("L", "M", "L"): "explained away", ("L", "M", "M"): "no surprise", ("S", "L", "L"): "gate",
             ("M", "M", "M"): "idle"}
    votes = [table.get(tuple("L" if r[i] < 0.25 * n[i] else "M" if r[i] > 0.75 * n[i] else "S" for r in R))
             for i in range(5)]
    for name in table.values():
        if votes.count(name) >= 3:
            return name
    return "undecided"

chosen = ["requests", "remark", "opposite"]
""",
        ),
        (
            "is always undecided",
            "",
            """def story(rises):
    return "undecided"

chosen = ["requests", "remark", "opposite"]
""",
        ),
        (
            "never says idle, since nothing is shown where nothing happens",
            "",
            """from scipy.special import stdtr

def story(rises):
    n = np.asarray(rises["none"], float)
    R = [np.asarray(rises[a], float) for a in chosen]
    def above(v):
        return stdtr(4, v.mean() / (v.std(ddof=1) / 5 ** 0.5 + 1e-12)) > 0.95
    if not above(n):
        return "undecided"
    k = ["L" if above(0.25 * n - r) else "M" if above(r - 0.75 * n) else
         "S" if above(r - 0.25 * n) and above(0.75 * n - r) else "" for r in R]
    return {('L', 'M', 'L'): 'explained away', ('L', 'M', 'M'): 'no surprise', ('S', 'L', 'L'): 'gate'}.get(tuple(k), "undecided")

chosen = ["requests", "remark", "opposite"]
""",
        ),
        (
            "never says gate and knows the first two stories and idle only",
            "",
            """from scipy.special import stdtr

def story(rises):
    n = np.asarray(rises["none"], float)
    R = [np.asarray(rises[a], float) for a in chosen]
    def above(v):
        return stdtr(4, v.mean() / (v.std(ddof=1) / 5 ** 0.5 + 1e-12)) > 0.95
    if not above(n):
        return "undecided"
    k = ["L" if above(0.25 * n - r) else "M" if above(r - 0.75 * n) else
         "S" if above(r - 0.25 * n) and above(0.75 * n - r) else "" for r in R]
    return {('L', 'M', 'L'): 'explained away', ('L', 'M', 'M'): 'no surprise', ('M', 'M', 'M'): 'idle'}.get(tuple(k), "undecided")

chosen = ["requests", "remark", "opposite"]
""",
        ),
        (
            "names the story whose pattern lies nearest, whatever the distance",
            "",
            """def story(rises):
    n = np.asarray(rises["none"], float)
    R = [np.asarray(rises[a], float) for a in chosen]
    s = np.array([r.mean() for r in R]) / n.mean()
    table = {"explained away": (0, 1, 0), "no surprise": (0, 1, 1), "gate": (0.5, 0, 0), "idle": (1, 1, 1)}
    return min(table, key=lambda q: np.abs(s - table[q]).sum())

chosen = ["requests", "remark", "opposite"]
""",
        ),
        (
            "judges the rises themselves by fixed cut-offs instead of shares",
            "",
            """def story(rises):
    n = np.asarray(rises["none"], float)
    R = [np.asarray(rises[a], float) for a in chosen]
    k = ["L" if r.mean() < 0.1 else "M" if r.mean() > 0.3 else "S" for r in R]
    return {("L", "M", "L"): "explained away", ("L", "M", "M"): "no surprise", ("S", "L", "L"): "gate",
            ("M", "M", "M"): "idle"}.get(tuple(k), "undecided")

chosen = ["requests", "remark", "opposite"]
""",
        ),
        (
            "divides by the arm in which most spreads instead of by none",
            "",
            """def story(rises):
    n = np.asarray(rises["none"], float)
    R = [np.asarray(rises[a], float) for a in chosen]
    s = np.array([r.mean() for r in R])
    s = s / s.max()
    k = ["L" if v < 0.25 else "M" if v > 0.75 else "S" for v in s]
    return {("L", "M", "L"): "explained away", ("L", "M", "M"): "no surprise", ("S", "L", "L"): "gate",
            ("M", "M", "M"): "idle"}.get(tuple(k), "undecided")

chosen = ["requests", "remark", "opposite"]
""",
        ),
        (
            "knows only more and less than half",
            "",
            """from scipy.special import stdtr

def story(rises):
    n = np.asarray(rises["none"], float)
    R = [np.asarray(rises[a], float) for a in chosen]
    def above(v):
        return stdtr(4, v.mean() / (v.std(ddof=1) / 5 ** 0.5 + 1e-12)) > 0.95
    if not above(n):
        return "undecided"
    k = ["L" if above(0.5 * n - r) else "M" if above(r - 0.5 * n) else "S" for r in R]
    return {('L', 'M', 'L'): 'explained away', ('L', 'M', 'M'): 'no surprise', ('S', 'L', 'L'): 'gate', ('M', 'M', 'M'): 'idle'}.get(tuple(k), "undecided")

chosen = ["requests", "remark", "opposite"]
""",
        ),
        (
            "says idle where no arm differs significantly from none, and else tests properly",
            "",
            """from scipy.special import stdtr

def story(rises):
    n = np.asarray(rises["none"], float)
    R = [np.asarray(rises[a], float) for a in chosen]
    def above(v):
        return stdtr(4, v.mean() / (v.std(ddof=1) / 5 ** 0.5 + 1e-12)) > 0.95
    if not any(above(n - r) for r in R):
        return "idle"
    if not above(n):
        return "undecided"
    k = ["L" if above(0.25 * n - r) else "M" if above(r - 0.75 * n) else
         "S" if above(r - 0.25 * n) and above(0.75 * n - r) else "" for r in R]
    return {("L", "M", "L"): "explained away", ("L", "M", "M"): "no surprise", ("S", "L", "L"): "gate",
            ("M", "M", "M"): "idle"}.get(tuple(k), "undecided")

chosen = ["requests", "remark", "opposite"]
""",
        ),
        (
            "takes what is prevented for what is left",
            "",
            """from scipy.special import stdtr

def story(rises):
    n = np.asarray(rises["none"], float)
    R = [np.asarray(rises[a], float) for a in chosen]
    def above(v):
        return stdtr(4, v.mean() / (v.std(ddof=1) / 5 ** 0.5 + 1e-12)) > 0.95
    if not above(n):
        return "undecided"
    R = [n - r for r in R]
    k = ["L" if above(0.25 * n - r) else "M" if above(r - 0.75 * n) else
         "S" if above(r - 0.25 * n) and above(0.75 * n - r) else "" for r in R]
    return {("L", "M", "L"): "explained away", ("L", "M", "M"): "no surprise", ("S", "L", "L"): "gate",
            ("M", "M", "M"): "idle"}.get(tuple(k), "undecided")

chosen = ["requests", "remark", "opposite"]
""",
        ),
        (
            "resamples the five networks and reads ten-per-cent points of the shares",
            "",
            """def story(rises):
    n = np.asarray(rises["none"], float)
    R = [np.asarray(rises[a], float) for a in chosen]
    i = np.random.default_rng(0).integers(0, 5, (300, 5))
    k = []
    for r in R:
        s = r[i].mean(1) / n[i].mean(1)
        lo, hi = np.quantile(s, [0.1, 0.9])
        k.append("L" if hi < 0.25 else "M" if lo > 0.75 else "S" if lo > 0.25 and hi < 0.75 else "")
    return {("L", "M", "L"): "explained away", ("L", "M", "M"): "no surprise", ("S", "L", "L"): "gate",
            ("M", "M", "M"): "idle"}.get(tuple(k), "undecided")

chosen = ["requests", "remark", "opposite"]
""",
        ),
        (
            "swaps what explained away and no surprise say of defied requests",
            "",
            """from scipy.special import stdtr

def story(rises):
    n = np.asarray(rises["none"], float)
    R = [np.asarray(rises[a], float) for a in chosen]
    def above(v):
        return stdtr(4, v.mean() / (v.std(ddof=1) / 5 ** 0.5 + 1e-12)) > 0.95
    if not above(n):
        return "undecided"
    k = ["L" if above(0.25 * n - r) else "M" if above(r - 0.75 * n) else
         "S" if above(r - 0.25 * n) and above(0.75 * n - r) else "" for r in R]
    return {('L', 'M', 'M'): 'explained away', ('L', 'M', 'L'): 'no surprise', ('S', 'L', 'L'): 'gate', ('M', 'M', 'M'): 'idle'}.get(tuple(k), "undecided")

chosen = ["requests", "remark", "opposite"]
""",
        ),
        (
            "names the first story that the numbers do not refute",
            "",
            """from scipy.special import stdtr

def story(rises):
    n = np.asarray(rises["none"], float)
    R = [np.asarray(rises[a], float) for a in chosen]
    def above(v):
        return stdtr(4, v.mean() / (v.std(ddof=1) / 5 ** 0.5 + 1e-12)) > 0.95
    below_q = [not above(r - 0.25 * n) for r in R]
    above_q = [not above(0.75 * n - r) for r in R]
    between = not above(0.25 * n - R[0]) and not above(R[0] - 0.75 * n)
    if below_q[0] and above_q[1] and below_q[2]:
        return "explained away"
    if below_q[0] and above_q[1] and above_q[2]:
        return "no surprise"
    if between and below_q[1] and below_q[2]:
        return "gate"
    if all(above_q):
        return "idle"
    return "undecided"

chosen = ["requests", "remark", "opposite"]
""",
        ),
        (
            "weighs the four stories against each other only, as if one of them had to be true",
            "",
            """def story(rises):
    n = np.asarray(rises["none"], float)
    R = [np.asarray(rises[a], float) for a in chosen]
    table = {"explained away": (0.1, 1, 0.1), "no surprise": (0.1, 1, 1), "gate": (0.5, 0.1, 0.1), "idle": (1, 1, 1)}
    ll = {}
    for q, t in table.items():
        ss = sum(((r - f * n) ** 2).sum() for r, f in zip(R, t))
        ll[q] = -7.5 * np.log(ss + 1e-12)
    best = max(ll, key=ll.get)
    p = 1 / sum(np.exp(v - ll[best]) for v in ll.values())
    return best if p > 0.9 else "undecided"

chosen = ["requests", "remark", "opposite"]
""",
        ),
        (
            "asks for three standard deviations of single networks and for shares near nought or all",
            "",
            """from scipy.special import stdtr

def story(rises):
    n = np.asarray(rises["none"], float)
    R = [np.asarray(rises[a], float) for a in chosen]
    def above(v):
        return stdtr(4, v.mean() / (v.std(ddof=1) / 5 ** 0.5 + 1e-12)) > 0.95
    k = []
    for r in R:
        lo, hi = (r - 3 * r.std()).mean(), (r + 3 * r.std()).mean()
        k.append("L" if hi < 0.05 * n.mean() else "M" if lo > n.mean() else "S" if lo > 0.25 * n.mean() else "")
    if not above(n):
        return "undecided"
    return {("L", "M", "L"): "explained away", ("L", "M", "M"): "no surprise", ("S", "L", "L"): "gate",
            ("M", "M", "M"): "idle"}.get(tuple(k), "undecided")

chosen = ["requests", "remark", "opposite"]
""",
        ),
        (
            "trusts a share as soon as it lies one half of a standard error beyond its bound",
            "",
            """def story(rises):
    n = np.asarray(rises["none"], float)
    R = [np.asarray(rises[a], float) for a in chosen]
    def above(v):
        return v.mean() > 0.5 * v.std(ddof=1) / 5 ** 0.5
    if not above(n):
        return "undecided"
    k = ["L" if above(0.25 * n - r) else "M" if above(r - 0.75 * n) else
         "S" if above(r - 0.25 * n) and above(0.75 * n - r) else "" for r in R]
    return {("L", "M", "L"): "explained away", ("L", "M", "M"): "no surprise", ("S", "L", "L"): "gate",
            ("M", "M", "M"): "idle"}.get(tuple(k), "undecided")

chosen = ["requests", "remark", "opposite"]
""",
        ),
        (
            "asks only whether defied requests differ from obeyed ones, and whether remarks do",
            "",
            """from scipy.special import stdtr

def story(rises):
    n = np.asarray(rises["none"], float)
    R = [np.asarray(rises[a], float) for a in chosen]
    def above(v):
        return stdtr(4, v.mean() / (v.std(ddof=1) / 5 ** 0.5 + 1e-12)) > 0.95
    d1, d2 = R[1] - R[0], R[2] - R[0]
    if above(d1):
        return "no surprise" if above(d2) else "explained away"
    if above(-d1):
        return "gate"
    return "idle"

chosen = ["requests", "remark", "opposite"]
""",
        ),
        (
            "reads the arms in the order in which the dict gives them",
            "",
            """from scipy.special import stdtr

def story(rises):
    n = np.asarray(rises["none"], float)
    R = [np.asarray(rises[a], float) for a in chosen]
    def above(v):
        return stdtr(4, v.mean() / (v.std(ddof=1) / 5 ** 0.5 + 1e-12)) > 0.95
    if not above(n):
        return "undecided"
    R = [np.asarray(v, float) for q, v in rises.items() if q != "none"]
    k = ["L" if above(0.25 * n - r) else "M" if above(r - 0.75 * n) else
         "S" if above(r - 0.25 * n) and above(0.75 * n - r) else "" for r in R]
    return {("L", "M", "L"): "explained away", ("L", "M", "M"): "no surprise", ("S", "L", "L"): "gate",
            ("M", "M", "M"): "idle"}.get(tuple(k), "undecided")

chosen = ["requests", "remark", "opposite"]
""",
        ),
        (
            "sorts every arm before it pairs the networks",
            "",
            """from scipy.special import stdtr

def story(rises):
    n = np.asarray(rises["none"], float)
    R = [np.asarray(rises[a], float) for a in chosen]
    n = np.sort(n)
    R = [np.sort(r) for r in R]
    def above(v):
        return stdtr(4, v.mean() / (v.std(ddof=1) / 5 ** 0.5 + 1e-12)) > 0.95
    if not above(n):
        return "undecided"
    k = ["L" if above(0.25 * n - r) else "M" if above(r - 0.75 * n) else
         "S" if above(r - 0.25 * n) and above(0.75 * n - r) else "" for r in R]
    return {("L", "M", "L"): "explained away", ("L", "M", "M"): "no surprise", ("S", "L", "L"): "gate",
            ("M", "M", "M"): "idle"}.get(tuple(k), "undecided")

chosen = ["requests", "remark", "opposite"]
""",
        ),
    ],
}
