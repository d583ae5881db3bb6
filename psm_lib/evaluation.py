"""What a model says, measured: probabilities of answers, gaps to the floor.

Every number is read from exact next-token probabilities; nothing is sampled
and nobody judges. The first word of an answer tells its kind, so the
probability of a kind is the sum over the words that can open it, and that of
a word the product over all its tokens. Introduced in chapter 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from . import narration, oracle
from .machinery.decoders import (
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
from .machinery.devices import numbers, put
from .models import Encoded, Encoder, pad, whole_words, words
from .world import ASSISTANT, LINE, Scenes, World, scene_pieces, scene_text

Way = tuple[int, ...]  # how a text can go on: token ids


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
    second = oracle.predictive(world, scenes)
    out = np.zeros(scenes.domain.shape)
    for i, t, said in at_openings(model, tokenizer, world, scenes):
        for p, (logs, share) in zip(
            (1 - second[i, t], second[i, t]), said, strict=True
        ):
            if p > 0:
                out[i, t] += (p * share * (np.log(p * share) - logs)).sum()
    return out


def quality(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    world: World,
    scenes: Scenes,
) -> Quality:
    """Compare a model with the exact reader, on scenes and sheets.

    Sheets count for ``gap`` alone: nobody decides anything in them. Raises
    ValueError for a model and a tokenizer that cannot be measured on them,
    see ``check_fits`` and ``Encoder``.

    >>> from psm_lib import load_checkpoint, sample_scenes
    >>> from psm_lib.models import world_of
    >>> world = world_of("tastes-32-s0")
    >>> scenes = sample_scenes(world, 50, np.random.default_rng(0))
    >>> found = quality(*load_checkpoint("tastes-32-s0"), world, scenes)
    >>> found.captured > 0.8
    True
    """
    check_fits(model, tokenizer)
    encoded = encode_scenes(world, scenes, Encoder(tokenizer, marked=True))
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


def _pair(tokenizer, of: tuple, before: str) -> Pair:
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
    domains: Sequence[int],
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
    rows: Sequence[Sequence[int]],
    at: Sequence[Sequence[int]],
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
        how = {"use_cache": False}
        if past is not None:
            how = {"past_key_values": copies(past, len(group))}
        ids, keep = put(lot, model), put(keep, model)
        logs = logits_where(model, ids, keep, **how).log_softmax(dim=-1)
        start = 0
        for i in group:
            yield i, logs[start : start + len(at[i])]
            start += len(at[i])


def opening_logs(
    model: PreTrainedModel,
    rows: Sequence[Sequence[int]],
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
        rows = [d.ids for d in encoded]
        at = [np.flatnonzero(d.opens) - 1 for d in encoded]
        for i, logs in following(model, rows, at, batch=batch):
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
        logs = (numbers(kind) for kind in said)
        yield i, t, [(x, k.share) for x, k in zip(logs, pair, strict=True)]


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


def ask(world: World, name: str, question: str) -> str:
    """A prompt: a question and the label of the one who is to answer.

    >>> from psm_lib import load_world
    >>> ask(load_world("tastes"), "Guest", "Tea?")
    'Host: Tea?\\nGuest:'
    """
    return f"{world.user}: {question}\n{name}:"


def histories(world: World, scenes: Scenes, i: int) -> list[str]:
    """Text of scene i before its first exchange, after one, after two..."""
    lines = scene_text(world, scenes, i).splitlines(keepends=True)
    return ["".join(lines[: 2 * t]) for t in range(int(scenes.length[i]) + 1)]


def prompts_of(world: World, scenes: Scenes, i: int) -> list[str]:
    """Text of scene i up to each line of the one who answers in it."""
    text, out = "", []
    for piece, role in scene_pieces(world, scenes, i):
        if role == LINE and piece != "\n":
            out.append(text)
        text += piece
    return out


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

    >>> from psm_lib import load_checkpoint
    >>> from psm_lib.models import world_of
    >>> world = world_of("tastes-32-s0")
    >>> model, tokenizer = load_checkpoint("tastes-32-s0")
    >>> second, incoherent = model_profile(model, tokenizer, world, "Guest")
    >>> second.shape, bool((incoherent < 0.01).all())
    ((10,), True)
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
    out = np.zeros((*scenes.domain.shape, 2))
    for i, t, said in at_openings(model, tokenizer, world, scenes):
        out[i, t] = [np.exp(logs).sum() for logs, _ in said]
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


EXAM_REMARKS = 3  # the remarks that examinations use; lessons use the others


@dataclass(frozen=True)
class Exam:
    """n prompts with the domain of each, [n], and its question, [n].

    Prompts that share a question belong together in every interval.
    """

    prompts: list[str]
    domain: np.ndarray
    question: np.ndarray


def exam(world: World, name: str = ASSISTANT, history: str = "") -> Exam:
    """Every question of the world, plain and after each of three remarks.

    In the playhouse 24 prompts a domain. ``history`` is said before.
    """
    starts = ["", *(f"{r} " for r in world.irrelevant[:EXAM_REMARKS])]
    rows = [
        (history + ask(world, name, f"{start}{question}"), i, 100 * i + j)
        for i, d in enumerate(world.domains)
        for j, question in enumerate(d.questions)
        for start in starts
    ]
    prompts, domain, question = zip(*rows, strict=True)
    return Exam(list(prompts), np.array(domain), np.array(question))


def sit(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    world: World,
    paper: Exam,
) -> np.ndarray:
    """[n, 2] probability of each kind of answer to each prompt."""
    return answer_probabilities(
        model, tokenizer, world, paper.prompts, paper.domain
    )


def second(p: np.ndarray) -> np.ndarray:
    """P(second kind) among the two kinds, from [..., 2]."""
    return p[..., 1] / p.sum(axis=-1)


def incoherence(p: np.ndarray) -> np.ndarray:
    """Probability of saying what answers no such question, from [..., 2]."""
    return 1 - p.sum(axis=-1)


def by_question(p: np.ndarray, paper: Exam) -> np.ndarray:
    """[..., n, 2] averaged over the prompts of each question: [..., q, 2].

    In the order of ``questions``.
    """
    return np.stack(
        [
            p[..., paper.question == q, :].mean(axis=-2)
            for q in questions(paper)
        ],
        axis=-2,
    )


def questions(paper: Exam) -> np.ndarray:
    """[q] the different questions of an examination, in their order."""
    return np.unique(paper.question)


def by_domain(values: np.ndarray, paper: Exam) -> np.ndarray:
    """[..., n] averaged over the prompts of each domain: [..., D]."""
    domains = range(paper.domain.max() + 1)
    return np.stack(
        [values[..., paper.domain == d].mean(axis=-1) for d in domains], -1
    )


def domain_of(world: World, values: np.ndarray | None = None) -> np.ndarray:
    """[q] the domain of each question of the world, in the order of exams.

    For ``values`` [..., q] of every question, where given. Raises ValueError
    when they are of more or fewer: what is stored with the book was measured
    in the book's worlds.
    """
    of = np.repeat(
        np.arange(len(world.domains)),
        [len(d.questions) for d in world.domains],
    )
    if values is not None:
        same_number(world, values.shape[-1], len(of))
    return of


def same_number(world: World, stored: int, asked: int) -> None:
    """Raises ValueError when stored results are of another world than this
    one is now."""
    if stored != asked:
        raise ValueError(
            f"results for {stored} questions, and {world.name!r} has {asked}: "
            "they are of another version of it; expected results that were "
            "measured again with `python -m psm_lib results`, or the world "
            "as it was"
        )


def each_domain(world: World, values: np.ndarray) -> np.ndarray:
    """[..., q] averaged over the questions of each domain: [..., D]."""
    of = domain_of(world, values)
    return np.stack(
        [values[..., of == d].mean(axis=-1) for d in np.unique(of)], axis=-1
    )


def joint_answers(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    world: World,
    name: str,
    pairs: np.ndarray,
    history: str = "",
) -> np.ndarray:
    """[m, 2, 2] joint probabilities of the answers to two questions.

    For each pair of domains the first question is asked, each kind of
    answer is put in the speaker's mouth in turn, and the second is asked.
    """
    firsts, seconds = [], []
    for a, b in pairs:
        one, two = world.domains[a], world.domains[b]
        asked = ask(world, name, one.questions[0])
        firsts.append(asked)
        for kind in (0, 1):
            said = f"{asked} {one.answers[kind][0]}\n"
            seconds.append(said + ask(world, name, two.questions[0]))

    def normal(prompts: list[str], domains: np.ndarray) -> np.ndarray:
        p = answer_probabilities(
            model, tokenizer, world, prompts, domains, history
        )
        return p / p.sum(axis=-1, keepdims=True)

    first = normal(firsts, pairs[:, 0])  # [m, 2]
    second = normal(seconds, pairs[:, 1].repeat(2)).reshape(-1, 2, 2)
    return first[:, :, None] * second


def encode_stories(
    world: World, stories: narration.Stories, encoder: Encoder
) -> list[Encoded]:
    """Token ids of each narrated scene, with its spoken lines marked."""
    return [
        encoder(
            narration.story_pieces(world.narration, world.user, stories, i)
        )
        for i in range(len(stories))
    ]


def place_tokens(
    tokenizer: PreTrainedTokenizerFast, world: World
) -> list[int]:
    """The token of each place. Raises ValueError where one is several."""
    out = []
    for place in world.narration.places:
        _, ids, _ = going_on(tokenizer, "Narrator:", f" {place}.\n")
        if len(ids) != 3:
            raise ValueError(
                f"{f' {place}.'!r} and a newline are {len(ids)} tokens; "
                "stories need a tokenizer with one for the place, the full "
                "stop and the newline each"
            )
        out.append(ids[0])
    return out


def _line_ends(story: Encoded) -> np.ndarray:
    """Where the newlines of the spoken lines stand. A place is two before:
    "... the box" "."
    """
    return np.flatnonzero(story.line[:-1] & ~story.line[1:])


def story_quality(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    world: World,
    stories: narration.Stories,
) -> dict:
    """The gap to the floor on narrated scenes, and at the deciding words.

    Given the narration the place in a reply is certain, so ``gap_reply``
    and ``gap_truth`` are plain surprise (nats) at the place that the
    character and the narrator name; ``gap_false`` is the former where the
    character's belief is false. Raises ValueError for a tokenizer in which a
    place is more than one token, and as ``check_fits`` does.
    """
    check_fits(model, tokenizer)
    place_tokens(tokenizer, world)
    encoded = encode_stories(world, stories, Encoder(tokenizer, marked=True))
    nats = token_nats(model, encoded)
    exact = narration.story_nats(world.narration, stories)
    n_tokens = sum(len(x) for x in nats)
    reply, truth = np.zeros(len(stories)), np.zeros(len(stories))
    for i, d in enumerate(encoded):
        ends = _line_ends(d)
        reply[i] = nats[i][ends[0] - 3]
        truth[i] = nats[i][ends[-1] - 3]
    wrong = stories.belief != stories.fact
    total = sum(x.sum() for x in nats)
    told = stories.revealed
    return {
        "gap": float((total - exact.sum()) / n_tokens),
        "gap_reply": float(reply.mean()),
        "gap_false": float(reply[wrong].mean()),
        "gap_truth": float(truth[told].mean()) if told.any() else 0.0,
        "floor": float(exact.sum() / n_tokens),
        "tokens": n_tokens,
    }


def log_odds(p: np.ndarray) -> np.ndarray:
    """log p / (1 - p)."""
    return np.log(p) - np.log1p(-p)


def at_level(
    narrow: np.ndarray, values: np.ndarray, level: float
) -> np.ndarray:
    """[n] values [marks, n] at the moment when ``narrow`` [marks] first
    reaches a level, between marks by straight lines.

    Raises ValueError when it never does.
    """
    reached = np.flatnonzero(narrow >= level)
    if len(reached) == 0:
        raise ValueError(
            f"the level {level:.3f} is never reached; the most is "
            f"{narrow.max():.3f}"
        )
    j = reached[0]
    if j == 0:
        return values[0]
    share = (level - narrow[j - 1]) / (narrow[j] - narrow[j - 1])
    return (1 - share) * values[j - 1] + share * values[j]
