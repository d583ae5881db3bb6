"""What a name is worth, and who said it: read off chapter 2's results.

Every speech has been scored under every name of its play. Comparing names
asks what the right one saves; choosing the name that makes the words
likeliest is a guess at the speaker. The bag of words is the baseline that has
to be beaten. Introduced in chapter 2.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr

from psm_lib.machinery import progress
from psm_lib.results import Results, labelled

from .authorship import Trial
from .plays import SOMEONE, Speech, candidates, shuffled_names

# Surprise under names --------------------------------------------------------


def by_play(
    tables: Results, quantity: str, chosen: Sequence[Trial]
) -> Iterator[tuple[np.ndarray, xr.DataArray]]:
    """For each play, where its trials stand among those chosen, and the table
    of just these: its axis ``speech`` goes along with them."""
    titles = np.array([t.speech.play for t in chosen])
    for play in dict.fromkeys(titles.tolist()):
        at = np.flatnonzero(titles == play)
        speech = [chosen[i].speech.index for i in at]
        yield at, tables.sel(quantity, play=play, speech=speech)


def surprise_under(
    stored: Results, chosen: Sequence[Trial], names: Sequence[str]
) -> np.ndarray:
    """[network, trial] surprise in nats at each speech under a given name.

    Raises KeyError for a name that no speech of the play was scored under.
    """
    given, out = np.array(names), []
    for at, table in by_play(stored, "surprise", chosen):
        one = xr.DataArray(range(len(at)), dims="trial")
        name = xr.DataArray(given[at], dims="trial")
        out.append((at, table.isel(speech=one).sel(name=name)))
    return _joined(out)


def _joined(parts: Sequence[tuple[np.ndarray, xr.DataArray]]) -> np.ndarray:
    """Arrays [..., trial] of each play, put where its trials stand."""
    order = np.argsort(np.concatenate([at for at, _ in parts]))
    return np.concatenate([x.values for _, x in parts], axis=-1)[..., order]


def name_arms(
    stored: Results, chosen: Sequence[Trial], seed: int = 0
) -> xr.DataArray:
    """Surprise in nats at each speech under different names, with the axes
    arm, network and speech (its play, and its place there).

    ``right``, ``no name``, ``wrong`` (another candidate at random),
    ``exchanged`` (a fixed exchange of a play's names), ``decoy`` (the
    wrong speaker of another speech of the play) and ``lent`` (the mean over
    the speakers of all its speeches, the right one too, where what a name
    saves by being frequent cancels).
    """
    arms = {
        arm: surprise_under(stored, chosen, names)
        for arm, names in arm_names(chosen, seed).items()
    }
    spoken = _spoken(chosen)
    lent = [
        (at, table.sel(name=spoken[str(table["play"].item())]).mean("name"))
        for at, table in by_play(stored, "surprise", chosen)
    ]
    arms["lent"] = _joined(lent)
    axes = {
        "arm": arms,
        "network": stored.tables[0]["network"].values,
        "speech": [f"{t.speech.play} {t.speech.index}" for t in chosen],
    }
    return labelled("surprise", [*arms.values()], axes)


def arm_names(chosen: Sequence[Trial], seed: int = 0) -> dict[str, list[str]]:
    """The name that each speech is given in each arm; see ``name_arms``."""
    rng = np.random.default_rng(seed)
    exchange = {
        play: shuffled_names(names, rng)
        for play, names in {t.speech.play: t.names for t in chosen}.items()
    }
    spoken, decoys = _spoken(chosen), []
    for t in chosen:
        right = t.speech.speaker
        pool = [n for n in spoken[t.speech.play] if n != right]
        decoys.append(str(rng.choice(pool)) if pool else right)
    wrong = [
        str(rng.permutation([n for n in t.names if n != t.speech.speaker])[0])
        for t in chosen
    ]
    return {
        "right": [t.speech.speaker for t in chosen],
        "no name": [SOMEONE] * len(chosen),
        "wrong": wrong,
        "exchanged": [
            exchange[t.speech.play][t.speech.speaker] for t in chosen
        ],
        "decoy": decoys,
    }


def _spoken(chosen: Sequence[Trial]) -> dict[str, list[str]]:
    """The speakers of each play's speeches, one for each speech."""
    out: dict[str, list[str]] = {}
    for t in chosen:
        out.setdefault(t.speech.play, []).append(t.speech.speaker)
    return out


# Guesses ---------------------------------------------------------------------


def network_guess(stored: Results, chosen: Sequence[Trial]) -> np.ndarray:
    """[network, trial] the name under which each speech surprises least."""
    found = []
    for at, table in by_play(stored, "surprise", chosen):
        named = table.drop_sel(name=SOMEONE)
        found.append((at, named["name"][named.argmin("name")]))
    return _joined(found)


def bag_guess(bag: Results, chosen: Sequence[Trial]) -> np.ndarray:
    """[trial] the likeliest name to a bag of words; see ``bag_table``."""
    return _joined(
        [
            (at, table["name"][table.argmax("name")])
            for at, table in by_play(bag, "log probability", chosen)
        ]
    )


def majority_guess(
    train: Sequence[Speech], chosen: Sequence[Trial]
) -> np.ndarray:
    """[trial] each play's biggest part, whatever the words."""
    most = {p: majority(train, p) for p in {t.speech.play for t in chosen}}
    return np.array([most[t.speech.play] for t in chosen])


def other_speakers(chosen: Sequence[Trial], seed: int = 0) -> np.ndarray:
    """[trial] the right names, dealt out anew among the speeches of a play."""
    rng = np.random.default_rng(seed)
    names = np.array([t.speech.speaker for t in chosen])
    titles = np.array([t.speech.play for t in chosen])
    for play in sorted(set(titles)):
        at = np.flatnonzero(titles == play)
        names[at] = names[rng.permutation(at)]
    return names


def rounds(
    chosen: Sequence[Trial],
    stored: Results,
    network: str,
    bag: Results,
    count: int = 12,
    seed: int = 0,
) -> list[dict]:
    """Speeches for a game, from as many plays: four names each, which is
    right, and which a network and a bag of words (its ``bag_table``) take for
    right.

    Raises ValueError when there are not so many plays.
    """
    rng = np.random.default_rng(seed)
    fit = [t for t in chosen if 25 <= t.speech.words <= 60]
    titles = sorted({t.speech.play for t in fit})
    if count > len(titles):
        raise ValueError(f"{count} rounds; {len(titles)} plays have speeches")
    out = []
    for play in rng.permutation(titles)[:count].tolist():
        here = [t for t in fit if t.speech.play == play]
        trial = here[rng.integers(len(here))]
        right, place = trial.speech.speaker, trial.speech.index
        rest = [n for n in trial.names if n != right]
        four = rng.permutation([right, *rng.permutation(rest)[:3]])
        of = {"play": play, "speech": place, "name": four}
        nats = stored.sel("surprise", network=network, **of)
        logs = bag.sel("log probability", **of)
        out.append(
            {
                "play": play,
                "text": trial.speech.text,
                "names": [written(name) for name in four],
                "right": four.tolist().index(right),
                "network": int(nats.argmin("name")),
                "bag": int(logs.argmax("name")),
            }
        )
    return out


def written(name: str) -> str:
    """A speaker's label as one writes a name: "King Richard II"."""
    return " ".join(
        word if set(word) <= set("IVX") else word.capitalize()
        for word in name.split()
    )


# The baselines ---------------------------------------------------------------


def bag_table(
    train: Sequence[Speech], chosen: Sequence[Trial], model: str
) -> Results:
    """How likely a bag of words, fitted play by play, holds each name.

    A table ``log probability`` for each play, with the axes speech and name.
    """
    held: dict[str, list[Speech]] = {}
    for t in chosen:
        held.setdefault(t.speech.play, []).append(t.speech)
    return Results(
        tuple(
            labelled(
                "log probability",
                bag_of_words(train, held[play], play, model),
                {
                    "speech": [s.index for s in held[play]],
                    "name": candidates(train, play),
                },
                play=play,
            )
            for play in progress.bar(sorted(held), model)
        )
    )


def bag_of_words(
    train: Sequence[Speech],
    held: Sequence[Speech],
    play: str,
    model: str = "naive bayes",
    prior: str = "equal",
    min_speeches: int = 20,
) -> np.ndarray:
    """log p(speaker | words of the speech), shape [n_held, n_candidates].

    Rows follow ``held``, columns :func:`candidates`.  Fitted on the training
    speeches of the play's candidates, on words and pairs of neighbours.
    ``model``: "naive bayes" (multinomial, smoothing 0.2) or "logistic"
    (tf-idf weights, L2 penalty, C = 10), both settings chosen on scenes of
    the training part.  ``prior``: "equal", or "empirical" for the shares of
    speeches in training (logistic regression weighs its speeches to match).
    Raises ValueError for another model or prior.
    """
    # Imported here because scikit-learn takes a second to load.
    from sklearn.feature_extraction import text
    from sklearn.linear_model import LogisticRegression
    from sklearn.naive_bayes import MultinomialNB
    from sklearn.pipeline import make_pipeline

    if prior not in ("equal", "empirical"):
        raise ValueError(f"prior: equal or empirical, not {prior!r}")
    pairs = {"ngram_range": (1, 2), "token_pattern": r"[A-Za-z']+"}
    if model == "naive bayes":
        steps = [MultinomialNB(alpha=0.2, fit_prior=prior == "empirical")]
    elif model == "logistic":
        weight = "balanced" if prior == "equal" else None
        steps = [
            text.TfidfTransformer(sublinear_tf=True),
            LogisticRegression(C=10, class_weight=weight, tol=1e-3),
        ]
    else:
        raise ValueError(f"model: naive bayes or logistic, not {model!r}")
    names = candidates(train, play, min_speeches)
    known = [s for s in train if s.play == play and s.speaker in names]
    fit = make_pipeline(text.CountVectorizer(**pairs), *steps)
    fit.fit([s.text for s in known], [s.speaker for s in known])
    return fit.predict_log_proba([s.text for s in held])


def majority(
    train: Sequence[Speech], play: str, min_speeches: int = 20
) -> str:
    """The candidate with most training speeches: the guess without words."""
    counts = Counter(s.speaker for s in train if s.play == play)
    return max(candidates(train, play, min_speeches), key=counts.__getitem__)
