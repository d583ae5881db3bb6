"""Checks of assignment 2: who speaks, who believes, and what a probe reads."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from psm_lib.checks.core import (
    Wrong,
    array,
    call,
    distribution,
    exercise,
    near,
    number,
    often,
    one_of,
    told_apart,
)
from psm_lib.checks.judging import crossing, fits, misread, mixed, wide
from psm_lib.checks.planted import five_scenes, play
from psm_lib.narration import sample_stories
from psm_lib.worldfile import load_world

READ = [9, 2, 10, 23, 5, 17]  # the stories to read, of a hundred


@exercise("2.1", "facts", "beliefs", "telling")
def the_stories(rng: np.random.Generator, facts, beliefs, telling):
    words = load_world("irony").narration
    told = sample_stories(words, 100, np.random.default_rng(2)).take(READ)
    place = words.places
    both = ("facts", facts, told.fact), ("beliefs", beliefs, told.belief)
    for name, given, want in both:
        if not isinstance(given, list | tuple) or len(given) != len(want):
            raise Wrong(f"`{name}` should be a list of {len(want)} places.")
        for i, (one, k) in enumerate(zip(given, want, strict=True)):
            if one_of(one, list(place), f"each place in `{name}`") == place[k]:
                continue
            raise Wrong(misread(name, i, one, told, place))
    rival = np.flatnonzero(told.fact != told.second).tolist()
    try:
        found = sorted({float(i) for i in telling})
    except (TypeError, ValueError):
        raise Wrong("`telling` should be a list of numbers.") from None
    ends = "the place named last"
    known = {
        "where the rival is right": told.fact == told.second,
        "where the character is mistaken": told.fact != told.belief,
        f"where the belief is not {ends}": told.belief != told.second,
    }
    for what, which in known.items():
        if found == np.flatnonzero(which).tolist():
            raise Wrong(
                f"`telling` lists the stories {what}; asked for are those "
                f"where the fact is not {ends}."
            )
    if found == [i + 1 for i in rival]:
        raise Wrong("`telling`: the first story is number 0.")
    if found != rival:
        raise Wrong(
            f"`telling`: too many: {len(set(found) - set(rival))}; missing: "
            f"{len(set(rival) - set(found))}."
        )


@exercise("2.2", "speeches_needed")
def the_price(rng: np.random.Generator, speeches_needed: Callable):
    def try_it(gain, prior, level, what: str, nats=(60, 400)) -> tuple:
        n = len(gain)
        wrong = rng.uniform(*nats, n)
        found = call(speeches_needed, wrong - gain, wrong, prior, level)
        start, bar = np.log(prior / (1 - prior)), np.log(level / (1 - level))
        sums = np.append(0.0, np.cumsum(gain))
        odds = start + sums
        late = np.logical_and.accumulate((odds >= bar)[::-1])[::-1]
        mean = start + sums / np.maximum(np.arange(n + 1), 1)
        alone = start + np.append(0.0, gain)
        logs = sums + np.log(prior)
        want, above = crossing(odds, bar), np.nextafter(bar, np.inf)
        spoken = crossing(odds[1:], bar)
        mistakes = {
            "right and wrong are exchanged": crossing(start - sums, bar),
            "the prior is left out": crossing(sums, bar),
            "the prior is taken for prior odds": crossing(logs, bar),
            "log odds are compared with `level`": crossing(odds, level),
            "odds are compared with `level`": crossing(odds, np.log(level)),
            "each speech is judged alone": crossing(alone, bar),
            "speeches are averaged": crossing(mean, bar),
            "it is the last time the level is reached": crossing(late, 1),
            "it is how often the level is reached": (odds >= bar).sum(),
            "one is missing: at position 0 one speech was heard": want - 1,
            "the number is one too large": want + 1,
            "it is worked out from the mean of all speeches, which nobody "
            "knows at the time": np.ceil((bar - start) * n / (sums[-1] or 1)),
        }
        ends = {
            "more than `level` is asked for": crossing(odds, above),
            "what is lost again does not count": (want + 1) * late[-1] - 1,
            "the prior alone is never enough": spoken + (spoken >= 0),
            "the last speech is not heard": crossing(odds[:-1], bar),
        }
        return number(found, what), want, mistakes | ends, ends

    what = "the number of speeches"
    spread = np.repeat([[0.9], [2.0]], 4, axis=0)
    given = [
        (gain, *rng.uniform((0.05, 0.6), (0.25, 0.95)), what)
        for gain in rng.normal(0.35, spread, (8, rng.integers(30, 50)))
    ]
    # At first a product of all probabilities is still far from 0.
    cases = [try_it(*one, (9, 11)) for one in given]
    found, want, *_ = zip(*cases, strict=True)
    mistakes = {k: [c[2][k] for c in cases] for k in cases[0][2]}
    near(found, want, f"{what} of a few nats", mistakes, place="in example")
    for one in given:
        try:
            found, want, *_ = try_it(*one)
        except Wrong:
            found = None
        if found != want:
            raise Wrong(
                "right where a speech has a few nats, wrong where it has "
                "hundreds: the product of the probabilities is then smaller "
                "than any number a computer keeps. Add logarithms."
            )
    falling, rising = rng.normal((-1.0, 1.0), 0.1, (20, 2)).T
    for gain, prior, level, where in (
        (-falling, 0.97, 0.9, "the prior is above the level"),
        (falling, 0.5, 0.5, "the prior is just the level"),
        (falling, 0.1, 0.9, "the level is never reached"),
        (40 * rising, 0.1, 0.9, "the first speech is enough"),
        (np.append(falling, 30), 0.1, 0.9, "only the last one is enough"),
        (np.append(rising, 2 * falling), 0.1, 0.9, "it is lost again"),
        (rising[:1], 0.5, 0.6, "there is one speech, and it is enough"),
        (rising[:1], 0.5, 0.9, "there is one speech, and it is too little"),
        (rising[:0], 0.5, 0.9, "nobody has spoken"),
        (rising[:0], 0.9, 0.5, "nobody has spoken, or need speak"),
        (rising, 1e-4, 0.999, "it takes a lot"),
        (rising, 0.02, 0.1, "the level is low"),
    ):
        told = f"{what} where {where}"
        found, want, _, ends = try_it(gain, prior, level, told)
        near(found, want, told, ends)


@exercise("2.3", "guessers")
def the_guessers(rng: np.random.Generator, guessers: Callable):
    for names, n in (8, 400), (12, 400), (5, 1):
        of_play = rng.integers(2, names + 1, 10)
        of_play[:2] = 1, names
        shares = np.zeros((10, names))
        for row, k in zip(shares, of_play, strict=True):
            here = rng.permutation(names)[:k]
            row[here] = 0.9 * rng.dirichlet(np.full(k, 0.5)) + 0.1 / k
        share = shares[rng.integers(0, 10, n)]
        absent = share == 0
        cut = share.cumsum(axis=1)
        speaker = (rng.random((n, 1)) > cut / cut[:, -1:]).sum(axis=1)
        nats = rng.uniform(60, 300, (n, 1)) + rng.normal(0, 1, (n, names))
        nats[np.arange(n), speaker] -= 0.8
        nats[absent] = np.nan
        there = (~absent).sum(axis=1)
        surprise = np.where(absent, np.inf, nats)
        with np.errstate(divide="ignore"):
            logs = np.log(share)

        def rate(guess, speaker=speaker) -> float:
            return float((guess == speaker).mean())

        def least(values, absent=absent) -> float:
            return rate(np.where(absent, np.inf, values).argmin(axis=1))

        words, both = rate(surprise.argmin(axis=1)), least(surprise - logs)
        part, pooled = rate(share.argmax(axis=1)), shares.mean(axis=0).argmax()
        wants = words, both, part, float((1 / there).mean())
        found = call(guessers, nats, share, speaker)
        found = array(found, (4,), "what `guessers` returns")
        told = {
            "with all names equally likely beforehand": {
                "the name that surprises most is chosen": least(-surprise),
                "a missing name (NaN) is chosen": rate(nats.argmin(axis=1)),
                "it is a count, not a share": n * words,
                "it counts the wrong guesses": 1 - words,
                "the prior is used": both,
            },
            "with the shares as a prior": {
                "surprise is multiplied with the share": least(nats * share),
                "the share's logarithm is not taken": least(surprise - share),
                "frequent names are made less likely": least(nats + logs),
                "the prior is left out": words,
                "the words are left out": part,
            },
            "of the biggest part": {
                "one column is guessed for all plays": rate(pooled),
                "the smallest part is guessed": least(share),
            },
            "by chance": {
                "missing names count as candidates": 1 / names,
                "the number of names is averaged first": 1 / there.mean(),
                "names are drawn by their shares": (share**2).sum(1).mean(),
            },
        }
        for got, want, what in zip(found, wants, told, strict=True):
            near(got, want, f"the share right {what}", told[what])


@exercise("2.4", "saved")
def the_control(rng: np.random.Generator, saved: Callable):
    # How many names there are, how many speak, and how many speeches.
    for names, speak, n in (8, 8, 400), (8, 5, 400), (2, 2, 30), (6, 3, 4):
        (nats, *_), speaker, _ = play(rng, voice=0.5, often=1.0)
        nats, speaker = nats[:n, :names], speaker[:n] % speak
        speaker[:speak] = np.arange(speak)
        columns = np.append(rng.permutation(names - 1), names - 1)
        speaker = columns[rng.permutation(speaker)]  # the last may be silent
        found = call(saved, nats, speaker)
        found = array(found, (2, n), "what `saved` returns")
        own = np.eye(names, dtype=bool)[speaker]
        right, count = nats[own], own.sum(axis=0)
        other = np.where(own, 0, count)
        lent = (nats * other).sum(axis=1)
        even = (nats.sum(axis=1) - right) / (names - 1)
        alike = lent / other.sum(axis=1)
        best = np.where(own, np.inf, nats).min(axis=1)
        heard = ~own & (count > 0)
        crossed = np.array([nats[~own[:, k], k].mean() for k in range(names)])
        biggest = nats[np.arange(n), other.argmax(axis=1)]
        want = np.stack([even, alike]) - right
        told = {
            "against any other name": {
                "the right name counts among the wrong ones": nats.mean(1),
                "it is the wrong name that fits best": best,
                "names that never speak are left out": np.where(
                    heard, nats, 0
                ).sum(axis=1)
                / heard.sum(axis=1),
                "the rows are exchanged": alike,
            },
            "against a name as frequent": {
                "the speaker's own speeches lend their name too": nats
                @ count
                / n,
                "all other names count alike": even,
                "the mean is divided by the number of all speeches": lent / n,
                "the words are exchanged, not the names": crossed[speaker],
                "it is the most frequent other name only": biggest,
            },
        }
        for got, good, what in zip(found, want, told, strict=True):
            mistakes = {k: v - right for k, v in told[what].items()} | {
                "the sign is wrong": -good,
                "the right name's surprise is not taken off": good + right,
                "every speech has the mean of all": np.full(n, good.mean()),
            }
            near(got, good, f"saved {what}", mistakes, place="at speech")


@exercise("2.5", "interval")
def the_interval(rng: np.random.Generator, interval: Callable):
    def ends(*given) -> np.ndarray:
        found = array(call(interval, *given), (2,), "what `interval` returns")
        if found[0] > found[1]:
            raise Wrong("the lower end is above the upper end.")
        return found

    inside, ratio, naive = [], [], []
    for seed in range(60):
        scenes = 7 if seed else 40
        scene = rng.permutation(100)[:scenes]
        scene = rng.permutation(np.repeat(scene, rng.integers(2, 31, scenes)))
        n = len(scene)
        values = rng.standard_normal(100)[scene] + rng.standard_normal(n)
        low, high = ends(values, scene, 200, seed)
        known = wide(rng, values, scene)
        inside.append(low <= 0 <= high)
        ratio.append((high - low) / known)
        naive.append(2 * 1.96 * values.std() / np.sqrt(n) / known)
    if not np.allclose(ends(values, scene, 200, seed), [low, high]):
        raise Wrong("the same seed gives another interval the second time.")
    if np.allclose(ends(values, scene, 200, seed + 1), [low, high]):
        raise Wrong("another seed gives the very same interval.")
    if abs(np.mean(ratio) / np.mean(naive) - 1) < 0.08:
        raise Wrong(
            "it looks as if single speeches are resampled: the interval "
            f"holds the truth in {np.mean(inside):.0%} of planted worlds, "
            "since speeches of a scene hang together."
        )
    values = np.tile(rng.standard_normal(6), 7)
    low, high = ends(values, np.repeat(np.arange(7), 6), 200, 0)
    if high - low > 1e-9:
        raise Wrong(
            "where all scenes hold the same speeches, every draw has the "
            f"same mean, yet your interval is {high - low:.2g} wide: are "
            "speeches drawn from the scenes that were drawn?"
        )
    worlds = []
    for odd in range(5):  # each scene matters most in one world
        values, scene, known = five_scenes(rng, odd)
        worlds.append((ends(values, scene, 3000, odd), known))
    seem = [
        what
        for what in known
        if all(fits(found, means[what]) for found, means in worlds)
    ]
    if seem and seem[0]:
        raise Wrong(f"it looks as if {seem[0]}.")
    if not seem:
        found, means = next(
            (found, means[""])
            for found, means in worlds
            if not fits(found, means[""])
        )
        low, high = (means < found[0]).mean(), (means > found[1]).mean()
        raise Wrong(
            f"of all means that can be drawn {low:.1%} lie below the interval "
            f"and {high:.1%} above it; 2.5% should lie on either side."
        )
    # Other definitions of a quantile widen 200 draws by up to a tenth.
    off = abs(np.mean(ratio) - 1) > 0.15
    if off or abs(ratio[0] - 1) > 0.5:
        raise Wrong(
            f"{'' if off else 'with 40 scenes '}the interval of 200 draws is "
            f"{np.mean(ratio) if off else ratio[0]:.2f} times as wide as "
            "`np.quantile` makes it; at most "
            f"{'15' if off else '50'} % more or less will do."
        )
    if np.ptp(ends(values, scene, 1, 0)) > 1e-9:
        raise Wrong("with a single draw, both ends are the mean in it.")
    one = ends(np.arange(3.0), np.full(3, 9), 50, 0)
    near(one, np.ones(2), "where there is one scene, an end")


@exercise("2.6", "weigh")
def the_fair_score(rng: np.random.Generator, weigh: Callable):
    # How many stories of each kind: not seen, seen, not moved.
    for counts in (40, 60, 100), (90, 25, 40), (1, 1, 1), (2, 50, 1):
        for label in ("fact", "belief"):
            sort = rng.permutation(np.repeat(np.arange(3), counts))
            first = rng.integers(0, 12, len(sort))
            second = (first + rng.integers(1, 12, len(sort))) % 12
            fact = np.where(sort == 2, first, second)
            belief = np.where(sort == 1, second, first)
            found = call(weigh, label, fact, belief, first, second)
            what = f"the weights for the {label}"
            found = distribution(found, len(sort), f"the array of {what[4:]}")
            pair = sort == 0, sort == (1 if label == "fact" else 2)
            swapped = sum(0.5 * k / k.sum() for k in pair)
            if np.allclose(found, swapped, rtol=0, atol=1e-9):
                raise Wrong(f"{what}: fact and belief are exchanged.")
            goal = fact if label == "fact" else belief
            rivals = {
                "the place named last": second,
                "the place named first": first,
                "the belief": belief,
                "the fact": fact,
            }
            del rivals[f"the {label}"]
            for rival, answer in rivals.items():
                score = found[answer == goal].sum()
                if abs(score - 0.5) > 1e-6:
                    told, _ = told_apart(float(score), 0.5)
                    raise Wrong(
                        f"{what}: a probe that always answers with {rival} "
                        f"scores {told}, not 0.5."
                    )
            if any(np.ptp(found[sort == k]) > 1e-9 for k in range(3)):
                raise Wrong(
                    f"{what} waste stories: within a kind of story, every "
                    "story should count alike, and none be left out."
                )


# What is planted, how often a verdict must (or, with a minus, may) come.
WORLDS = (
    ({}, {"supported": -0.12, "refuted": 0.7}, "names save nothing"),
    ({"often": 1.5}, {"supported": -0.12}, "any frequent name saves"),
    ({"voice": -1.5}, {"supported": -0.12}, "the right name costs"),
    ({"voice": 2.0, "deaf": 2}, {"supported": -0.12}, "two of three are deaf"),
    ({"voice": 1.5}, {"supported": 0.8}, "the right name saves 1.5 nats"),
    ({"voice": 0.3, "luck": 2.5}, {"inconclusive": 0.6}, "scenes differ most"),
)
HINT = (
    "The right name saves 0.3 nats there, just at the threshold. Does your "
    "rule notice how far scenes differ?"
)
VERDICTS = ["supported", "refuted", "inconclusive"]


@exercise("2.7", "verdict")
def the_rule(rng: np.random.Generator, verdict: Callable):
    def says(planted: dict) -> str:
        nats, *rest = play(rng, **planted, long=14)
        nats = rng.permutation(nats)  # which network is first is chance
        return one_of(call(verdict, nats, *rest), VERDICTS, "a verdict")

    times = [25, 25, 25, 60, 25, 60]
    told = mixed(rng, says, [world[:1] for world in WORLDS], times)
    for said, (_, limits, where) in zip(told, WORLDS, strict=True):
        often(said, limits, where, HINT if "inconclusive" in limits else "")
