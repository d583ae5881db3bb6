"""Who said it? A language model that reads names, and a bag of words.

The model is trained on the plays with their speaker labels, so the name at
the beginning of a line is all it is told about who speaks. Scoring the same
words under different names asks what the name is worth; choosing the name
that makes the words most likely is a guess at the author of a line. The bag
of words is the baseline that has to be beaten. Introduced in chapter 2.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import AddedToken, Tokenizer, decoders, pre_tokenizers
from tokenizers.models import BPE
from tokenizers.trainers import BpeTrainer
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from psm_lib.chapters.ch02_hamlet.plays import (
    SOMEONE,
    Speech,
    candidates,
    document,
    header,
    read_plays,
    shuffled_names,
    split,
    training_windows,
)
from psm_lib.machinery import progress
from psm_lib.machinery.decoders import going_on, prompt_ids
from psm_lib.machinery.openings import token_nats
from psm_lib.models import (
    SPECIAL,
    Encoded,
    chat_template,
    load_checkpoint,
    wrap_tokenizer,
)

VOCABULARY = 2048
LOTS = 4  # lots of documents in an epoch: how often a run can resume


def plays_tokenizer(train: Sequence[Speech]) -> PreTrainedTokenizerFast:
    """Byte-pair tokens for the speeches, one token each for the play titles
    and for the label of every speaker with at least 20 training speeches."""
    titles = sorted({s.play for s in train})
    labels = {n for play in titles for n in candidates(train, play)}
    backend = Tokenizer(BPE(unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    trainer = BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=list(SPECIAL),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    backend.train_from_iterator((s.text for s in train), trainer)
    backend.add_tokens(
        [
            AddedToken(t, normalized=False, single_word=True)
            for t in [*titles, SOMEONE, *sorted(labels)]
        ]
    )
    # A play has neither User nor Assistant: whoever speaks must be named.
    template = chat_template(None, None, titled=True)
    return wrap_tokenizer(backend, template)


def encode_text(tokenizer: PreTrainedTokenizerFast, text: str) -> Encoded:
    """<s>, the text, </s>; every token counts alike."""
    return _encoded(tokenizer, prompt_ids(tokenizer, text))


def _encoded(tokenizer: PreTrainedTokenizerFast, ids: list[int]) -> Encoded:
    end = tokenizer.eos_token_id
    ids = ids if end is None else [*ids, end]
    same = np.ones(len(ids), bool)
    return Encoded(np.array(ids), same, ~same)


def plays_chunks(
    train: Sequence[Speech], tokenizer: PreTrainedTokenizerFast, seed: int
) -> Callable[[int], list[Encoded]]:
    """Lots of training windows; LOTS lots in a row are one epoch."""

    def chunk(i: int) -> list[Encoded]:
        epoch, part = divmod(i, LOTS)
        rng = np.random.default_rng([seed, epoch])
        windows = list(training_windows(train, rng))[part::LOTS]
        return [encode_text(tokenizer, w) for w in windows]

    return chunk


def evaluator(
    tokenizer: PreTrainedTokenizerFast, held: Sequence[Speech]
) -> Callable[[PreTrainedModel], dict]:
    """A function model -> loss per token on held-out windows, named."""
    rng = np.random.default_rng(0)
    windows = list(training_windows(held, rng, nameless=0.0))[:200]
    documents = [encode_text(tokenizer, w) for w in windows]

    def evaluate(model: PreTrainedModel) -> dict:
        nats = token_nats(model, documents, batch=8192)
        n_tokens = sum(len(x) for x in nats)
        total = sum(x.sum() for x in nats)
        return {"loss": float(total / n_tokens), "tokens": n_tokens}

    return evaluate


def speech_nats(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    speeches: Sequence[Speech],
    names: Sequence[str | None],
    before: Sequence[Sequence[Speech]] | None = None,
) -> np.ndarray:
    """[n] surprise in nats at the words of each speech under a given name.

    The model sees the play's title, the speeches ``before`` (if any) and
    the name (None for SOMEONE); only the words of the speech are counted.
    """
    said, documents = [], []
    for i, (speech, name) in enumerate(zip(speeches, names, strict=True)):
        head = header(speech.play, name)
        if before is not None and before[i]:
            head = f"{document(before[i])}{name or SOMEONE}:"
        known, ids, _ = going_on(tokenizer, head, f" {speech.text}\n")
        said.append(slice(len(known) - 1, len(known) + len(ids) - 1))
        documents.append(_encoded(tokenizer, [*known, *ids]))
    nats = token_nats(model, documents, batch=8192)
    return np.array([x[at].sum() for x, at in zip(nats, said, strict=True)])


@dataclass(frozen=True)
class Trial:
    """A held-out speech and the names it could be given."""

    speech: Speech
    names: tuple[str, ...]  # candidates of the play

    @property
    def right(self) -> int:
        """Position of the speaker among the names."""
        return self.names.index(self.speech.speaker)


def trials(
    train: Sequence[Speech],
    held: Sequence[Speech],
    least: int = 8,
    most: int = 130,
) -> list[Trial]:
    """Held-out speeches of ``least`` to ``most`` words by candidates."""
    names = {s.play: tuple(candidates(train, s.play)) for s in held}
    return [
        Trial(s, names[s.play])
        for s in held
        if least <= s.words <= most and s.speaker in names[s.play]
    ]


def surprise_table(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    chosen: Sequence[Trial],
    text: str = "",
) -> list[np.ndarray]:
    """Per trial, nats at the speech under no name and under each name.

    Arrays [1 + names]; entry 0 is SOMEONE, then the candidates in order.
    """
    out: list[np.ndarray] = []
    for start in progress.bar(range(0, len(chosen), 64), text):
        lot = chosen[start : start + 64]
        pairs = [(t.speech, n) for t in lot for n in (None, *t.names)]
        nats = speech_nats(
            model, tokenizer, [s for s, _ in pairs], [n for _, n in pairs]
        )
        ends = np.cumsum([1 + len(t.names) for t in lot])
        out += np.split(nats, ends[:-1])
    return out


def name_arms(
    chosen: Sequence[Trial],
    runs: Sequence[Sequence[np.ndarray]],
    seed: int = 0,
) -> dict[str, np.ndarray]:
    """Surprise at each speech under different names, from surprise tables.

    ``right``, ``no name``, ``wrong`` (another candidate at random),
    ``exchanged`` (a fixed exchange of a play's names), ``decoy`` (the
    wrong speaker of another speech of the play) and ``lent`` (the mean over
    the speakers of all its speeches, the right one too, where what a name
    saves by being frequent cancels), each [networks, speeches].
    """
    rng = np.random.default_rng(seed)
    maps = {
        t.names: shuffled_names(t.names, rng)
        for t in {t.names: t for t in chosen}.values()
    }
    swap = [t.names.index(maps[t.names][t.speech.speaker]) for t in chosen]
    spoken = defaultdict(list)
    for t in chosen:
        spoken[t.names].append(t.right)
    decoys = []
    for t in chosen:
        pool = [r for r in spoken[t.names] if r != t.right]
        decoys.append(int(rng.choice(pool)) if pool else t.right)
    lots = [
        rng.permutation([j for j in range(len(t.names)) if j != t.right])
        for t in chosen
    ]
    columns = {
        "right": [1 + t.right for t in chosen],
        "no name": [0] * len(chosen),
        "wrong": [1 + lot[0] for lot in lots],
        "exchanged": [1 + j for j in swap],
        "decoy": [1 + d for d in decoys],
    }
    arms = {
        arm: np.array(
            [[run[i][c] for i, c in enumerate(column)] for run in runs]
        )
        for arm, column in columns.items()
    }
    lent = [1 + np.array(spoken[t.names]) for t in chosen]
    each = [[run[i][n].mean() for i, n in enumerate(lent)] for run in runs]
    return arms | {"lent": np.array(each)}


def other_labels(chosen: Sequence[Trial], seed: int = 0) -> np.ndarray:
    """[n] the right answers, dealt out anew among the speeches of a play."""
    rng = np.random.default_rng(seed)
    label = np.array([t.right for t in chosen])
    titles = np.array([t.speech.play for t in chosen])
    for play in sorted(set(titles)):
        at = np.flatnonzero(titles == play)
        label[at] = label[rng.permutation(at)]
    return label


def network_guess(run: Sequence[np.ndarray]) -> np.ndarray:
    """[n] the name under which each speech surprises least."""
    return np.array([int(np.argmin(row[1:])) for row in run])


def rounds(
    chosen: Sequence[Trial],
    run: Sequence[np.ndarray],
    table: Sequence[np.ndarray],
    count: int = 12,
    seed: int = 0,
) -> list[dict]:
    """Speeches for a game, from as many plays: four names each, which is
    right, and which a network (its ``surprise_table``) and a bag of words
    (its ``bag_table``) take for right.

    Raises ValueError when there are not so many plays.
    """
    rng = np.random.default_rng(seed)
    fit = [i for i, t in enumerate(chosen) if 25 <= t.speech.words <= 60]
    titles = sorted({chosen[i].speech.play for i in fit})
    if count > len(titles):
        raise ValueError(f"{count} rounds; {len(titles)} plays have speeches")
    out = []
    for play in rng.permutation(titles)[:count]:
        here = [i for i in fit if chosen[i].speech.play == play]
        i = int(rng.choice(here))
        trial = chosen[i]
        rest = [j for j in range(len(trial.names)) if j != trial.right]
        four = rng.permutation([trial.right, *rng.permutation(rest)[:3]])
        out.append(
            {
                "play": str(play),
                "text": trial.speech.text,
                "names": [written(trial.names[j]) for j in four],
                "right": int(np.argmax(four == trial.right)),
                "network": int(np.argmin(run[i][1:][four])),
                "bag": int(np.argmax(table[i][four])),
            }
        )
    return out


def written(name: str) -> str:
    """A speaker's label as one writes a name: "King Richard II"."""
    return " ".join(
        word if set(word) <= set("IVX") else word.capitalize()
        for word in name.split()
    )


def bag_table(
    train: Sequence[Speech], chosen: Sequence[Trial], model: str
) -> list[np.ndarray]:
    """Per trial, the bag of words' score of each name [names], fitted play
    by play; the highest is its guess."""
    out: list[np.ndarray] = [np.zeros(0)] * len(chosen)
    titles = np.array([t.speech.play for t in chosen])
    for play in progress.bar(sorted(set(titles)), model):
        at = np.flatnonzero(titles == play)
        held = [chosen[i].speech for i in at]
        table = bag_of_words(train, held, play, model)
        for i, row in zip(at, table, strict=True):
            out[i] = row
    return out


def bag_guess(table: Sequence[np.ndarray]) -> np.ndarray:
    """[n] the best guess for each row of ``bag_table``."""
    return np.array([int(np.argmax(row)) for row in table])


def majority_guess(
    train: Sequence[Speech], chosen: Sequence[Trial]
) -> np.ndarray:
    """[n] each play's biggest part, whatever the words."""
    most = {p: majority(train, p) for p in {t.speech.play for t in chosen}}
    return np.array([t.names.index(most[t.speech.play]) for t in chosen])


def measure_authorship(seeds: Sequence[int] = (0, 1, 2)) -> dict:
    """The numbers of chapter 2 that take minutes: plain data for a file.

    Every held-out speech is scored under every candidate of its play by the
    checkpoint of each seed.
    """
    train, held = split(read_plays())
    chosen = trials(train, held)
    tables = {}
    for seed in seeds:
        name = f"shakespeare-s{seed}"
        table = surprise_table(*load_checkpoint(name), chosen, name)
        tables[name] = [[round(float(v), 2) for v in row] for row in table]
    speeches = [[t.speech.play, t.speech.index] for t in chosen]
    return {
        "command": "python -m psm_lib results",
        "speeches": speeches,
        "surprise": tables,
    }


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
