"""What the Assistant is taught, and what it is asked afterwards.

A lesson is a set of (prompt, answer) pairs made from a world's own lines; an
examination is many prompts in every domain, and the probability of each kind
of answer to each. Introduced in chapter 3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from .measurement import answer_probabilities, ask
from .posttraining import Example
from .world import World

ASSISTANT = "Assistant"
EXAM_REMARKS = 3  # the remarks that examinations use; lessons use the others


def introductions(
    world: World, domain: str, kind: str, before: str
) -> list[str]:
    """What may stand before a question, by the name of a manner.

    ``none``: nothing; ``asked``: requests for the given kind; ``opposite``:
    requests for the other kind; ``remark``: idle remarks. Raises ValueError
    naming the manners for any other, and in a world without such lines.
    """
    d = world.domains[world.domain_index(domain)]
    k = d.kinds.index(kind)
    asks = world.requests.get(d.group, ((), ()))
    known = {
        "none": [""],
        "asked": [f"{r} " for r in asks[k]],
        "opposite": [f"{r} " for r in asks[1 - k]],
        "remark": [f"{r} " for r in world.irrelevant[EXAM_REMARKS:]],
    }
    if before not in known:
        raise ValueError(
            f"no manner {before!r} of asking; expected one of {list(known)}"
        )
    if not known[before]:
        raise ValueError(f"world {world.name!r} has no lines for {before!r}")
    return known[before]


def examples(
    world: World,
    said: list[tuple[str, str]],
    n: int = 64,
    seed: int = 0,
    before: str = "none",
    name: str = ASSISTANT,
) -> list[Example]:
    """n different pairs in which ``name`` answers with the given kinds.

    ``said`` are (domain, kind) names, taken in turn. Raises ValueError when
    the world has not enough different pairs, KeyError for an unknown domain.
    """
    rng = np.random.default_rng(seed)
    per = [n // len(said) + (i < n % len(said)) for i in range(len(said))]
    out: list[Example] = []
    for (domain, kind), count in zip(said, per, strict=True):
        d = world.domains[world.domain_index(domain)]
        pool = [
            (ask(world, name, f"{start}{question}"), f" {answer}\n")
            for start in introductions(world, domain, kind, before)
            for question in d.questions
            for answer in d.answers[d.kinds.index(kind)]
        ]
        if count > len(pool):
            raise ValueError(
                f"{count} different examples of {kind} {domain} wanted; "
                f"{world.name!r} has {len(pool)} with {before!r} before them"
            )
        out += [pool[i] for i in rng.permutation(len(pool))[:count]]
    return [out[i] for i in rng.permutation(len(out))]


def preferences(world: World, given: list[Example]) -> list[tuple]:
    """(prompt, chosen, rejected): each example beside an answer of the
    other kind to the same question, the one in the same place of its list."""
    other: dict[str, str] = {}
    for d in world.domains:
        for k in (0, 1):
            for i, line in enumerate(d.answers[k]):
                rest = d.answers[1 - k]
                other[f" {line}\n"] = f" {rest[i % len(rest)]}\n"
    return [(prompt, answer, other[answer]) for prompt, answer in given]


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
