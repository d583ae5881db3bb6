"""Checks of assignment 2: who speaks, who believes, and what a probe reads."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..narration import sample_stories
from ..worldfile import load_world
from .core import (
    Wrong,
    array,
    call,
    distribution,
    exercise,
    near,
    number,
    one_of,
)

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
            raise Wrong(why(name, i, one, told, place))
    rival = np.flatnonzero(told.fact != told.second).tolist()
    try:
        found = sorted({int(i) for i in telling})
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


def why(name: str, i: int, one: str, told, place) -> str:
    """What is wrong with a place that was read in story i."""
    if one not in (place[told.first[i]], place[told.second[i]]):
        return f"`{name}`: story {i} has no {one} in it."
    if name == "facts" and told.event[i]:
        return f"story {i}: looking into a place does not move the thing."
    if name == "facts":
        return f"story {i}: the thing was moved; where is it now?"
    if told.fact[i] == told.belief[i]:
        return f"story {i}: what did the character see, and when?"
    return f"story {i}: the character had left before the thing was moved."


def crossing(odds: np.ndarray, bar: float) -> int:
    """The first place at which odds reach a bar, or -1."""
    return int((odds >= bar).argmax()) if (odds >= bar).any() else -1


@exercise("2.2", "speeches_needed")
def the_price(rng: np.random.Generator, speeches_needed: Callable):
    def try_it(gain, prior, level, what: str) -> tuple[float, int, dict]:
        wrong = rng.uniform(60, 400, 40)
        found = call(speeches_needed, wrong - gain, wrong, prior, level)
        start, bar = np.log(prior / (1 - prior)), np.log(level / (1 - level))
        sums = np.append(0.0, np.cumsum(gain))
        odds = start + sums
        late = np.logical_and.accumulate((odds >= bar)[::-1])[::-1]
        mean = start + sums / np.maximum(np.arange(41), 1)
        alone = start + np.append(0.0, gain)
        logs = sums + np.log(prior)
        want, often = crossing(odds, bar), (odds >= bar).sum()
        mistakes = {
            "right and wrong are exchanged": crossing(start - sums, bar),
            "the prior is left out": crossing(sums, bar),
            "the prior is taken for prior odds": crossing(logs, bar),
            "log odds are compared with `level`": crossing(odds, level),
            "odds are compared with `level`": crossing(odds, np.log(level)),
            "each speech is judged alone": crossing(alone, bar),
            "speeches are averaged": crossing(mean, bar),
            "it is the last time the level is reached": crossing(late, 1),
            "it counts how often the level is reached": often,
            "one is missing: at position 0 one speech was heard": want - 1,
            "the number is one too large": want + 1,
            "it is worked out from the mean of all speeches, which nobody "
            "knows at the time": np.ceil((bar - start) / gain.mean()),
        }
        return number(found, what), want, mistakes

    what = "the number of speeches"
    cases = [
        try_it(gain, *rng.uniform((0.05, 0.85), (0.4, 0.95)), what)
        for gain in rng.normal(0.35, 0.9, (8, 40))
    ]
    found, want, _ = zip(*cases, strict=True)
    mistakes = {k: [c[2][k] for c in cases] for k in cases[0][2]}
    near(found, want, f"{what} in eight examples", mistakes)
    for gain, prior, end in (
        (
            rng.normal(0.35, 0.9, 40),
            0.97,
            "where the prior is above the level",
        ),
        (rng.normal(-1.0, 0.9, 40), 0.1, "where the level is never reached"),
        (rng.normal(35.0, 0.9, 40), 0.1, "where the first speech is enough"),
    ):
        near(*try_it(gain, prior, 0.9, what)[:2], f"{what} {end}")


@exercise("2.3", "guessers")
def the_guessers(rng: np.random.Generator, guessers: Callable):
    for names in (8, 12):
        n = 400
        of_play = rng.integers(4, names + 1, 10)
        of_play[:2] = 4, names
        shares = np.zeros((10, names))
        for row, k in zip(shares, of_play, strict=True):
            row[:k] = rng.dirichlet(np.full(k, 1.0))
            row[:k] = rng.permutation(0.8 * row[:k] + 0.2 / k)
        play = rng.integers(0, 10, n)
        share = shares[play]
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


def against(nats: np.ndarray, speaker: np.ndarray) -> np.ndarray:
    """[2, n] nats saved against any other name, and a name as frequent."""
    names = nats.shape[1]
    own = np.eye(names, dtype=bool)[speaker]
    even = np.where(own, 0.0, nats).sum(axis=1) / (names - 1)
    count = np.where(own, 0, own.sum(axis=0))
    often = (nats * count).sum(axis=1) / count.sum(axis=1)
    return np.stack([even, often]) - nats[own]


def play(
    rng: np.random.Generator,
    voice: float = 0.0,
    often: float = 0.0,
    luck: float = 0.2,
    deaf: int = 0,
):
    """Planted surprise [3, n, 8] with the speakers and scenes [n].

    The right name saves ``voice`` nats, and more or less with a scene's
    ``luck``; a frequent name saves ``often`` nats for each unit of its
    log share, whoever speaks. ``deaf`` networks hear no voice.
    """
    share = 1 / np.arange(1.0, 9)
    share = rng.permutation(share / share.sum())
    scene = np.repeat(np.arange(14), rng.integers(30, 41, 14))
    n = len(scene)
    speaker = rng.choice(8, n, p=share)
    nats = rng.uniform(60, 300, (n, 1)) + rng.normal(0, 0.8, (n, 8))
    nats = nats - often * np.log(share)
    nats = nats + rng.normal(0, 0.2, (3, n, 8))
    shift = luck * rng.standard_normal(14)
    heard = rng.permutation(3) >= deaf
    saved = heard[:, None] * voice + shift[scene]
    nats[:, np.arange(n), speaker] -= saved
    return nats, speaker, 7 * scene + 3


@exercise("2.4", "saved")
def the_control(rng: np.random.Generator, saved: Callable):
    for speak in (8, 8, 6):  # two names that never speak
        (nats, *_), speaker, _ = play(rng, voice=0.5, often=1.0)
        speaker[:8] = np.arange(8)
        speaker %= speak
        n = len(speaker)
        found = call(saved, nats, speaker)
        found = array(found, (2, n), "what `saved` returns")
        want = against(nats, speaker)
        own = np.eye(8, dtype=bool)[speaker]
        right, count = nats[own], own.sum(axis=0)
        count_other = np.where(own, 0, count)
        best = np.where(own, np.inf, nats).min(axis=1)
        crossed = np.array([nats[~own[:, k], k].mean() for k in range(8)])
        biggest = nats[np.arange(n), count_other.argmax(axis=1)]
        whole, often = (nats * count_other).sum(axis=1) / n, nats @ count / n
        told = {
            "against any other name": {
                "the right name counts among the wrong ones": nats.mean(1),
                "it is the wrong name that fits best": best,
                "the rows are exchanged": want[1] + right,
            },
            "against a name as frequent": {
                "the speaker's own speeches are among the others": often,
                "all other names count alike": want[0] + right,
                "the mean is divided by the number of all speeches": whole,
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
            near(got, good, f"what is saved {what}", mistakes)


@exercise("2.5", "interval")
def the_interval(rng: np.random.Generator, interval: Callable):
    inside, width, ideal, naive, middle = [], 0.0, 0.0, 0.0, []
    for _ in range(60):
        size = rng.integers(2, 31, 40)
        effect = 2.0 + 0.06 * (size - 16) + rng.standard_normal(40)
        truth = 2.0 + 0.06 * ((29**2 - 1) / 12) / 16  # over speeches
        scene = np.repeat(rng.permutation(100)[:40], size)
        values = np.repeat(effect, size) + rng.standard_normal(len(scene))
        mixed = rng.permutation(len(scene))
        values, scene = values[mixed], scene[mixed]
        seed = int(rng.integers(1000))
        found = call(interval, values, scene, 200, seed)
        low, high = array(found, (2,), "what `interval` returns")
        if low > high:
            raise Wrong("the lower end is above the upper end.")
        inside.append(low <= truth <= high)
        middle.append((low + high) / 2 - values.mean())
        rest = np.bincount(scene, values - values.mean())
        width += high - low
        ideal += 2 * 1.96 * np.sqrt((rest**2).sum()) / len(values)
        naive += 2 * 1.96 * values.std() / np.sqrt(len(values))
    again = array(call(interval, values, scene, 200, seed), (2,), "the second")
    if not np.allclose(again, [low, high]):
        raise Wrong("the same seed gives another interval the second time.")
    rate, wide = np.mean(inside), width / ideal
    if abs(width / naive - 1) < 0.08:
        raise Wrong(
            "it looks as if single speeches are resampled: the interval "
            f"holds the truth in {rate:.0%} of planted worlds, since "
            "speeches of a scene hang together."
        )
    if np.abs(np.mean(middle)) > 0.1 * ideal / 60:
        raise Wrong(
            "the interval lies beside the mean over all speeches; does a "
            "short scene count as much as a long one?"
        )
    if not 0.9 < wide < 1.15 or rate < 0.75:
        raise Wrong(
            f"the interval is {wide:.2f} times as wide as a 95 % interval "
            f"over scenes, and holds the truth in {rate:.0%} of worlds. Is "
            "each mean one over all speeches of as many scenes as there are?"
        )


@exercise("2.6", "weigh")
def the_fair_score(rng: np.random.Generator, weigh: Callable):
    for _ in range(4):
        n = int(rng.integers(150, 250))
        first = rng.integers(0, 12, n)
        second = (first + rng.integers(1, 12, n)) % 12
        sort = rng.choice(3, n, p=rng.permutation([0.2, 0.3, 0.5]))
        fact = np.where(sort == 2, first, second)  # 2: not moved
        belief = np.where(sort == 1, second, first)  # 1: moved and seen
        for label in ("fact", "belief"):
            found = call(weigh, label, fact, belief, first, second)
            what = f"the weights for the {label}"
            found = distribution(found, n, what)
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
                    raise Wrong(
                        f"{what}: a probe that always answers with {rival} "
                        f"scores {score:.2f}, not one half."
                    )
            used = sort != (1 if label == "fact" else 2)
            count = np.bincount(sort[used])
            best = 4 / (1 / count[count > 0]).sum()
            if 1 / (found**2).sum() < 0.99 * best:
                raise Wrong(
                    f"{what} waste stories: within a kind of story, every "
                    "story should count alike, and none be left out."
                )


TRIES, VERDICTS = 25, ["supported", "refuted", "inconclusive"]


@exercise("2.7", "verdict")
def the_rule(rng: np.random.Generator, verdict: Callable):
    def share(answer: str, **planted) -> float:
        said = [
            one_of(call(verdict, *play(rng, **planted)), VERDICTS, "a verdict")
            for _ in range(TRIES)
        ]
        return float(np.mean([v == answer for v in said]))

    for planted, what in (
        ({}, "names save nothing"),
        ({"often": 1.5}, "frequent names save, whoever speaks"),
        ({"voice": -1.5}, "the right name costs"),
        ({"voice": 2.0, "deaf": 2}, "one network of three hears a voice"),
    ):
        rate = share("supported", **planted)
        if rate > 3 / TRIES:
            raise Wrong(
                f"in worlds where {what}, your rule says 'supported' "
                f"{rate:.0%} of the time; at most {3 / TRIES:.0%} is allowed."
            )
    rate = share("supported", voice=1.5)
    if rate < 0.8:
        raise Wrong(
            "in worlds where the right name saves 1.5 nats, your rule says "
            f"'supported' {rate:.0%} of the time; 80% is asked for."
        )
    rate = share("refuted")
    if rate < 0.7:
        raise Wrong(
            "in worlds where names save nothing, your rule says 'refuted' "
            f"{rate:.0%} of the time; 70% is asked for."
        )
    rate = share("inconclusive", voice=0.3, luck=2.5)
    if rate < 0.6:
        raise Wrong(
            "in worlds where the right name saves 0.3 nats, just at the "
            "threshold, and scenes differ widely, your rule says "
            f"'inconclusive' {rate:.0%} of the time; 60% is asked for. Do "
            "the speeches of a scene stand in it for independent ones?"
        )
