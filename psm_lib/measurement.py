"""What a model says, measured: probabilities of answers, gaps to the floor.

Every number is read from exact next-token probabilities; nothing is sampled
and nobody judges. The first word of an answer tells its kind, so the
probability of a kind is the sum over the words that can open it. Introduced
in chapter 1.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from . import oracle
from .devices import numbers, put
from .models import Encoded, Encoder, pad, words
from .world import Scenes, World, scene_pieces, scene_text


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
    """-log p of every token after the first, per document: arrays [t - 1]."""
    fill = model.config.pad_token_id
    out: list[np.ndarray] = [np.zeros(0)] * len(documents)
    for group in token_groups([len(d.ids) for d in documents], batch):
        ids = put(pad([documents[i].ids for i in group], fill), model)
        logits = model(input_ids=ids[:, :-1], use_cache=False).logits
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


@dataclass(frozen=True)
class Quality:
    """How far a model is from the exact reader, on a set of scenes.

    ``gap`` is nats per token above the floor over all tokens;
    ``gap_deciding`` nats above exact Bayes at the first word of answers,
    in expectation over what could be said;
    ``gap_domain`` the same for a reader who knows only the domain;
    ``captured`` is 1 - gap_deciding / gap_domain: the share of the persona
    information that the model has captured.
    """

    gap: float
    gap_deciding: float
    gap_domain: float
    captured: float
    floor: float
    tokens: int


def opening_gaps(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    world: World,
    scenes: Scenes,
) -> np.ndarray:
    """[n, T] surprise above exact Bayes at the first word of each answer.

    In nats, and in expectation: averaged over every word with which the
    exact reader reckons, not only the one that was drawn, so that a thousand
    scenes are enough. 0 past a scene's end.
    """
    shares = opening_shares(world, tokenizer)
    second = oracle.predictive(world, scenes)
    out = np.zeros(scenes.domain.shape)
    for i, logs in at_openings(model, tokenizer, world, scenes):
        for t, row in enumerate(logs):
            for kind in (0, 1):
                ids, share = shares[scenes.domain[i, t]][kind]
                p = second[i, t] if kind else 1 - second[i, t]
                if p > 0:
                    out[i, t] += (
                        p * share * (np.log(p * share) - row[ids])
                    ).sum()
    return out


def quality(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    world: World,
    scenes: Scenes,
) -> Quality:
    """Compare a model with the exact reader, on scenes and sheets.

    Sheets count for ``gap`` alone: nobody decides anything in them.
    """
    encoded = encode_scenes(world, scenes, Encoder(tokenizer))
    nats = token_nats(model, encoded)
    n_tokens = sum(len(x) for x in nats)
    floor = oracle.document_nats(world, scenes).sum() / n_tokens
    total = sum(x.sum() for x in nats) / n_tokens
    scenes = scenes.take(np.flatnonzero(~scenes.sheet))
    here = scenes.present
    truth = oracle.predictive(world, scenes)[here]
    best = oracle.expected_nats(truth, truth)
    plain = oracle.expected_nats(
        oracle.domain_only(world, scenes)[here], truth
    )
    gaps = opening_gaps(model, tokenizer, world, scenes)
    gap_deciding = float(gaps[here].mean())
    gap_domain = float((plain - best).mean())
    return Quality(
        gap=float(total - floor),
        gap_deciding=gap_deciding,
        gap_domain=gap_domain,
        captured=1 - gap_deciding / gap_domain,
        floor=float(floor),
        tokens=n_tokens,
    )


# What a model would answer ---------------------------------------------------


def opening_shares(
    world: World, tokenizer: PreTrainedTokenizerFast, sheets: bool = False
) -> list[tuple[tuple[np.ndarray, np.ndarray], ...]]:
    """Per domain and kind: ids of the words that open such an answer, and
    how often each does among answers of the kind.

    With ``sheets``, of the words that follow the name in a sheet's statement.
    """
    ids = tokenizer.get_vocab()

    def count(forms: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
        firsts = [ids[words(f" {form}")[0]] for form in forms]
        found, times = np.unique(firsts, return_counts=True)
        return found, times / len(forms)

    return [
        tuple(
            count(tuple(f.removeprefix("{name} ") for f in forms))
            for forms in (domain.sheets if sheets else domain.answers)
        )
        for domain in world.domains
    ]


@torch.no_grad()
def at_openings(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    world: World,
    scenes: Scenes,
    batch: int = 16384,
) -> Iterator[tuple[int, np.ndarray]]:
    """Scene by scene: its number, and log p [length, V] of the word with
    which each answer begins. One pass over each scene as it was played."""
    encoded = encode_scenes(world, scenes, Encoder(tokenizer))
    for group in token_groups([len(d.ids) for d in encoded], batch):
        rows = [encoded[i].ids for i in group]
        ids = put(pad(rows, tokenizer.pad_token_id), model)
        hidden = model.base_model(
            input_ids=ids, use_cache=False
        ).last_hidden_state
        for row, i in enumerate(group):
            at = np.flatnonzero(encoded[i].opens) - 1
            logits = model.get_output_embeddings()(hidden[row, at])
            yield i, numbers(logits.log_softmax(dim=-1))


@torch.no_grad()
def next_token(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    prompts: list[str],
    history: str = "",
    batch: int = 16384,
) -> np.ndarray:
    """[n, V] probabilities of the token that follows history + prompt.

    The history is read once and shared by all prompts.
    """
    start = put([tokenizer.encode(history)], model)
    past = model(input_ids=start, use_cache=True).past_key_values
    rows = [
        np.array(tokenizer.encode(p, add_special_tokens=False))
        for p in prompts
    ]
    out = np.zeros((len(rows), model.config.vocab_size), dtype=np.float32)
    for group in token_groups([len(r) for r in rows], batch):
        last = [len(rows[i]) - 1 for i in group]
        lot = pad([rows[i] for i in group], tokenizer.pad_token_id)
        shared = copy.deepcopy(past)
        shared.batch_repeat_interleave(len(group))
        hidden = model.base_model(
            input_ids=put(lot, model), past_key_values=shared
        ).last_hidden_state[torch.arange(len(group)), last]
        logits = model.get_output_embeddings()(hidden)
        out[group] = numbers(logits.softmax(dim=-1))
    return out


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
    model would say something that answers no such question.
    """
    p = next_token(model, tokenizer, prompts, history)
    opens = opening_shares(world, tokenizer)
    return np.array(
        [
            [row[ids].sum() for ids, _ in opens[d]]
            for row, d in zip(p, domains, strict=True)
        ]
    )


def ask(world: World, name: str, question: str) -> str:
    """A prompt: a question and the label of the one who is to answer."""
    return f"{world.user}: {question}\n{name}:"


def histories(world: World, scenes: Scenes, i: int) -> list[str]:
    """Text of scene i before its first exchange, after one, after two..."""
    lines = scene_text(world, scenes, i).splitlines(keepends=True)
    return ["".join(lines[: 2 * t]) for t in range(int(scenes.length[i]) + 1)]


def model_profile(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    world: World,
    name: str,
    history: str = "",
    questions: int = 3,
) -> tuple[np.ndarray, np.ndarray]:
    """What a model would answer in every domain after a history.

    Returns P(second kind) among the two kinds, and incoherence, both [D],
    averaged over the first ``questions`` wordings of each domain, or all it
    has.
    """
    domains, asked = first_questions(world, questions)
    prompts = [ask(world, name, question) for question in asked]
    p = answer_probabilities(
        model, tokenizer, world, prompts, domains, history
    )
    both = p.sum(axis=-1)
    return (
        _by_domain(p[:, 1] / both, domains),
        1 - _by_domain(both, domains),
    )


def first_questions(world: World, most: int) -> tuple[np.ndarray, list[str]]:
    """The first ``most`` questions of each domain, or all it has: the domain
    of each, [n], and the questions."""
    rows = [
        (i, question)
        for i, domain in enumerate(world.domains)
        for question in domain.questions[:most]
    ]
    return np.array([i for i, _ in rows]), [question for _, question in rows]


def _by_domain(values: np.ndarray, domains: np.ndarray) -> np.ndarray:
    """[n] averaged over each of ``domains`` [n]: [D]."""
    return np.array([values[domains == d].mean() for d in np.unique(domains)])


def scene_predictions(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    world: World,
    scenes: Scenes,
) -> np.ndarray:
    """[n, T, 2] probability of each kind at every answer of the scenes.

    0 past a scene's end.
    """
    shares = opening_shares(world, tokenizer)
    out = np.zeros((*scenes.domain.shape, 2))
    for i, logs in at_openings(model, tokenizer, world, scenes):
        for t, row in enumerate(logs):
            for kind in (0, 1):
                ids, _ = shares[scenes.domain[i, t]][kind]
                out[i, t, kind] = np.exp(row[ids]).sum()
    return out


def kind_probability(p: np.ndarray) -> np.ndarray:
    """P(second kind) among the two kinds, from [..., 2] probabilities."""
    return p[..., 1] / np.maximum(p.sum(axis=-1), 1e-12)


def last_exchange(scenes: Scenes) -> Scenes:
    """The same scenes (all of one length) without what came before."""
    cut = {k: v[:, -1:] if v.ndim == 2 else v for k, v in vars(scenes).items()}
    return Scenes(**{**cut, "length": np.ones_like(scenes.length)})


def borrowed_history(scenes: Scenes) -> Scenes:
    """Each scene's last exchange after the beginning of the next scene.

    The scenes must share one name and one length, so that nothing but the
    persona behind the beginning is wrong.
    """
    if len(set(scenes.name)) > 1 or len(set(scenes.length)) > 1:
        raise ValueError("expected scenes of one name and one length")
    mixed = {}
    for key, value in vars(scenes).items():
        mixed[key] = value.copy()
        if value.ndim == 2:
            mixed[key][:, :-1] = np.roll(value, 1, axis=0)[:, :-1]
    return Scenes(**mixed)


def heard_counts(world: World, scenes: Scenes, before: int) -> np.ndarray:
    """[n, 2 D] how often each kind in each domain was said before a moment.

    What a bag of answers knows, without order or name.
    """
    out = np.zeros((len(scenes), 2 * len(world.domains)))
    rows = np.arange(len(scenes))
    for t in range(before):
        out[rows, 2 * scenes.domain[:, t] + scenes.kind[:, t]] += 1
    return out
