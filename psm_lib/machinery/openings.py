"""The probability of an answer, read from any decoder.

Nothing is sampled and nobody judges. The first word of an answer tells its
kind, so the probability of a kind is the sum over the words that can open it,
and that of a word the product over all its tokens. Used by ``evaluation``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from ..models import Encoded, Encoder, pad, whole_words, words
from ..world import Scenes, World, prompts_of, scene_pieces
from .decoders import (
    check_fits,
    check_length,
    copies,
    encode,
    filler,
    going_on,
    logits_where,
    prompt_ids,
    remembered,
    room,
    widened,
)
from .devices import numbers, put

Way = tuple[int, ...]  # how a text can go on: token ids
Tokens = Sequence[int] | np.ndarray


def encode_scenes(
    world: World, scenes: Scenes, encoder: Encoder
) -> list[Encoded]:
    """Token ids of each scene, with the characters' lines marked."""
    return [
        encoder(scene_pieces(world, scenes, i)) for i in range(len(scenes))
    ]


@torch.no_grad()
def token_nats(
    model: PreTrainedModel, documents: list[Encoded], batch: int = 16384
) -> list[np.ndarray]:
    """-log p of every token after the first, per document: arrays [t - 1].

    Raises ValueError for documents longer than the model's context.
    """
    check_fits(model)
    check_length(model, max((len(d.ids) for d in documents), default=0))
    out: list[np.ndarray] = [np.zeros(0)] * len(documents)
    lengths = [len(d.ids) for d in documents]
    for group in token_groups(lengths, room(model, batch)):
        rows = [documents[i].ids for i in group]
        ids = put(pad(rows, filler(model)), model)
        logits = widened(model(input_ids=ids[:, :-1], use_cache=False).logits)
        nats = torch.nn.functional.cross_entropy(
            logits.transpose(1, 2), ids[:, 1:], reduction="none"
        )
        for row, i in zip(numbers(nats), group, strict=True):
            out[i] = row[: len(documents[i].ids) - 1]
    return out


def token_groups(lengths: list[int], batch: int) -> list[list[int]]:
    """Positions grouped so that a padded group holds <= batch tokens."""
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    groups: list[list[int]] = [[]]
    for i in order:
        if groups[-1] and (len(groups[-1]) + 1) * lengths[i] > batch:
            groups.append([])
        groups[-1].append(i)
    return groups


class Openings(NamedTuple):
    """How answers of one kind begin: with which w words, each as its token
    ids, and how often with each, [w]."""

    ways: list[Way]
    share: np.ndarray

    @property
    def tokens(self) -> list[int]:
        """[w] the words where each is one token; ValueError otherwise."""
        if any(len(way) > 1 for way in self.ways):
            raise ValueError("a word of several tokens; expected one each")
        return [way[0] for way in self.ways]


Pair = tuple[Openings, Openings]


def openings(
    tokenizer: PreTrainedTokenizerFast, forms: Sequence[str], before: str
) -> Openings:
    """How answers begin that stand after a text, with all tokens of the
    first word.

    Raises ValueError for words that the tokenizer does not know or does not
    part from the text.
    """
    firsts = []
    for form in forms:
        _, ids, spans = going_on(tokenizer, before, f" {form}")
        end = len(words(f" {form}")[0])
        firsts.append(tuple(ids[: sum(a < end for a, _ in spans)]))
    ways = sorted(set(firsts))
    return Openings(
        ways, np.array([firsts.count(w) for w in ways]) / len(firsts)
    )


def _pair(tokenizer, of: Sequence[Sequence[str]], before: str) -> Pair:
    first, second = (openings(tokenizer, forms, before) for forms in of)
    if both := set(first.ways) & set(second.ways):
        raise ValueError(
            "answers of both kinds begin with "
            f"{tokenizer.decode(list(min(both)))!r}; expected a tokenizer "
            "with which the first word tells the kind"
        )
    return first, second


def opening_shares(
    world: World,
    tokenizer: PreTrainedTokenizerFast,
    sheets: bool = False,
    before: str = ":",
) -> list[Pair]:
    """Per domain and kind: the words that open such an answer, and how often
    each does among answers of the kind.

    With ``sheets``, the words that follow the name in a sheet's statement.
    ``before`` is the text after which they stand; only tokens that are parts
    of words depend on it. Raises ValueError as ``openings`` does, and where
    both kinds begin alike.
    """
    return [
        _pair(
            tokenizer,
            [
                [f.removeprefix("{name} ") for f in forms]
                for forms in (domain.sheets if sheets else domain.answers)
            ],
            before,
        )
        for domain in world.domains
    ]


def openings_after(
    world: World,
    tokenizer: PreTrainedTokenizerFast,
    texts: list[str],
    domains: Sequence[int] | np.ndarray,
) -> list[Pair]:
    """How answers in a domain begin after each of some texts."""
    if whole_words(tokenizer):  # then after any
        shares = opening_shares(world, tokenizer)
        return [shares[d] for d in domains]
    return [
        _pair(tokenizer, world.domains[d].answers, text)
        for text, d in zip(texts, domains, strict=True)
    ]


def following(
    model: PreTrainedModel,
    rows: Sequence[Tokens],
    at: Sequence[Tokens],
    shared: Sequence[int] = (),
    batch: int = 16384,
) -> Iterator[tuple[int, Tensor]]:
    """Row by row: its number, and log p [places, V] of the token that follows
    at each of its places ``at``, which rise.

    ``shared`` are tokens that stand before every row; they are read once.
    """
    check_length(model, len(shared) + max(map(len, rows), default=0))
    past = remembered(model, shared)
    if past is None:
        rows = [[*shared, *row] for row in rows]
        at = [[len(shared) + k for k in places] for places in at]
    for group in token_groups([len(row) for row in rows], batch):
        lot = pad([np.array(rows[i]) for i in group], filler(model))
        keep = np.zeros(lot.shape, bool)
        for row, i in enumerate(group):
            keep[row, at[i]] = True
        how: dict[str, Any] = {"use_cache": False}
        if past is not None:
            how = {"past_key_values": copies(past, len(group))}
        ids, here = put(lot, model), put(keep, model)
        logs = logits_where(model, ids, here, **how).log_softmax(dim=-1)
        start = 0
        for i in group:
            yield i, logs[start : start + len(at[i])]
            start += len(at[i])


def opening_logs(
    model: PreTrainedModel,
    rows: Sequence[Tokens],
    pairs: Sequence[Pair],
    shared: Sequence[int] = (),
    batch: int = 16384,
) -> list[tuple[Tensor, Tensor]]:
    """log p of every opening of either kind after each row of tokens: [w].

    A word has the probability of all its tokens, one after the other. Where
    a longer word of the pair begins with the same tokens, what is the longer
    word's is not counted for the shorter.
    """
    ways = [[way for kind in pair for way in kind.ways] for pair in pairs]
    stems = [
        (i, stem)
        for i, some in enumerate(ways)
        for stem in dict.fromkeys(way[:-1] for way in some)
    ]
    texts = [[*rows[i], *stem] for i, stem in stems]
    at = [range(len(rows[i]) - 1, len(rows[i]) + len(s)) for i, s in stems]
    found: list[dict[int, Tensor]] = [{} for _ in ways]
    for k, logs in following(model, texts, at, shared, batch):
        i, stem = stems[k]
        begun = sum(logs[j, token] for j, token in enumerate(stem))
        here = [j for j, way in enumerate(ways[i]) if way[:-1] == stem]
        ends = logs[-1, [ways[i][j][-1] for j in here]] + begun
        found[i] |= zip(here, ends, strict=True)
    out = []
    for pair, some, by_place in zip(pairs, ways, found, strict=True):
        logs = torch.stack([by_place[j] for j in range(len(some))])
        if max(map(len, some)) > 1:
            logs = _alone(some, logs)
        out.append(logs.split([len(kind.ways) for kind in pair]))
    return out


def _alone(ways: list[Way], logs: Tensor) -> Tensor:
    """[w] log p of each way but for the longer ones that begin with it."""
    out = list(logs)
    for i in sorted(range(len(ways)), key=lambda i: -len(ways[i])):
        n = len(ways[i])
        longer = [
            out[j]
            for j, way in enumerate(ways)
            if len(way) > n and way[:n] == ways[i]
        ]
        if longer:
            share = (torch.stack(longer) - logs[i]).exp().sum()
            out[i] = logs[i] + torch.log1p(-share.clamp(max=1 - 1e-6))
    return torch.stack(out)


def _prompts(
    tokenizer: PreTrainedTokenizerFast, prompts: list[str], history: str
) -> tuple[list[int], list[list[int]]]:
    """Tokens that the prompts have in common, and the others of each."""
    rows = [prompt_ids(tokenizer, history + p) for p in prompts]
    begin, ids, _ = encode(tokenizer, history)
    shared = [*begin, *ids]
    n = len(shared)
    if any(row[:n] != shared or len(row) == n for row in rows):
        return [], rows  # the tokenizer joins the history to a prompt
    return shared, [row[n:] for row in rows]


@torch.no_grad()
def at_openings(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    world: World,
    scenes: Scenes,
    batch: int = 16384,
) -> Iterator[tuple[int, int, list[tuple[np.ndarray, np.ndarray]]]]:
    """Answer by answer: scene, exchange, and for each kind log p [w] of the
    words with which it begins, and their shares [w].

    With a tokenizer of whole words one pass over each scene tells them all;
    with any other each scene is read up to each answer.
    """
    check_fits(model, tokenizer)
    count = range(len(scenes))
    moments = [(i, t) for i in count for t in range(int(scenes.length[i]))]
    if whole_words(tokenizer):
        table = opening_shares(world, tokenizer)
        encoded = encode_scenes(world, scenes, Encoder(tokenizer))
        at = [np.flatnonzero(d.opens) - 1 for d in encoded]
        read = following(model, [d.ids for d in encoded], at, batch=batch)
        for i, logs in read:
            for t, row in enumerate(numbers(logs)):
                pair = table[scenes.domain[i, t]]
                yield i, t, [(row[kind.tokens], kind.share) for kind in pair]
        return
    before = [text for i in count for text in prompts_of(world, scenes, i)]
    domains = [scenes.domain[i, t] for i, t in moments]
    pairs = openings_after(world, tokenizer, before, domains)
    rows = [prompt_ids(tokenizer, text) for text in before]
    found = opening_logs(model, rows, pairs, batch=batch)
    for (i, t), pair, said in zip(moments, pairs, found, strict=True):
        both = zip(said, pair, strict=True)
        yield i, t, [(numbers(x), kind.share) for x, kind in both]


@torch.no_grad()
def next_token(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    prompts: list[str],
    history: str = "",
    batch: int = 16384,
) -> np.ndarray:
    """[n, V] probabilities of the token that follows history + prompt.

    The history is read once and shared by all prompts, where the model's
    memory and the tokenizer allow it. Raises ValueError for unknown words,
    for texts longer than the model's context, and as ``check_fits`` does.
    """
    check_fits(model, tokenizer)
    shared, rows = _prompts(tokenizer, prompts, history)
    out: list[np.ndarray] = [np.zeros(0)] * len(rows)
    last = [[len(row) - 1] for row in rows]
    for i, logs in following(model, rows, last, shared, batch):
        out[i] = numbers(logs[0].exp())
    return np.stack(out)


@torch.no_grad()
def answer_probabilities(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    world: World,
    prompts: list[str],
    domains: np.ndarray,
    history: str = "",
) -> np.ndarray:
    """[n, 2] probability of each kind of answer to each prompt.

    A prompt ends with the speaker's label, ``Ada:``; ``domains`` [n] says
    which domain it asks about. What is missing to 1 is incoherence: the
    model would say something that answers no such question. A first word of
    several tokens is scored over all of them (see ``opening_logs``). Raises
    what ``next_token`` does, and ValueError for a tokenizer that cannot tell
    the kinds apart.
    """
    check_fits(model, tokenizer)
    shared, rows = _prompts(tokenizer, prompts, history)
    texts = [history + prompt for prompt in prompts]
    pairs = openings_after(world, tokenizer, texts, domains)
    found = opening_logs(model, rows, pairs, shared)
    return np.array(
        [[np.exp(numbers(kind)).sum() for kind in pair] for pair in found]
    )
