"""A language model that reads names: how much a speech surprises it.

The model is trained on the plays with their speaker labels, so the name at
the beginning of a line is all it is told about who speaks. Here are its
tokens, its documents, and its surprise at the same words under different
names. What is read off that is in ``readings.py``. Introduced in chapter 2.
"""

from __future__ import annotations

from collections import defaultdict
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
    split,
    training_windows,
)
from psm_lib.machinery import progress
from psm_lib.machinery.decoders import going_on, prompt_ids
from psm_lib.machinery.openings import token_nats
from psm_lib.machinery.store import load_checkpoint
from psm_lib.models import SPECIAL, Encoded, chat_template, wrap_tokenizer
from psm_lib.results import Results, inputs, labelled

NETWORKS = ("shakespeare-s0", "shakespeare-s1", "shakespeare-s2")
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

    Arrays [1 + names]; the first is SOMEONE, then the candidates in order.
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


def measure(
    networks: Sequence[str] = NETWORKS,
    chosen: Sequence[Trial] | None = None,
) -> Results:
    """The numbers of chapter 2 that take minutes: how much every speech
    surprises under every name of its play.

    A table ``surprise`` for each play, in nats, with the axes network,
    speech (its place in the play) and name (SOMEONE, then the candidates).
    All held-out speeches, or those ``chosen``.
    """
    if chosen is None:
        chosen = trials(*split(read_plays()))
    scored = [
        surprise_table(*load_checkpoint(name), chosen, name)
        for name in networks
    ]
    rows = defaultdict(list)  # of each play
    for i, trial in enumerate(chosen):
        rows[trial.speech.play].append(i)
    tables = [
        labelled(
            "surprise",
            [[table[i] for i in here] for table in scored],
            {
                "network": networks,
                "speech": [chosen[i].speech.index for i in here],
                "name": (SOMEONE, *chosen[here[0]].names),
            },
            play=play,
        )
        for play, here in rows.items()
    ]
    return Results(tuple(tables), inputs(networks))
