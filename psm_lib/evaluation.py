"""What a model says, measured: probabilities of answers, gaps to the floor.

Every number is read from exact next-token probabilities; nothing is sampled
and nobody judges. The first word of an answer tells its kind, so the
probability of a kind is the sum over the words that can open it, and that of
a word the product over all its tokens. Introduced in chapter 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import xarray as xr
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from . import narration, oracle
from .machinery.decoders import check_fits, going_on
from .machinery.openings import (
    answer_probabilities,
    at_openings,
    encode_scenes,
    token_nats,
)
from .models import Encoded, Encoder
from .world import ASSISTANT, Scenes, World, ask


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
    >>> from psm_lib.machinery.store import (world_of)
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
    >>> from psm_lib.machinery.store import (world_of)
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
        by_domain(p[:, 1] / both, domains),
        1 - by_domain(both, domains),
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


HELD_OUT_REMARKS = 3  # remarks that are asked with; lessons use others


@dataclass(frozen=True)
class EvaluationSet:
    """n prompts with the domain of each, [n], and its question, [n].

    Prompts that share a question belong together in every interval.
    """

    prompts: list[str]
    domain: np.ndarray
    question: np.ndarray


def evaluation_set(
    world: World, name: str = ASSISTANT, history: str = ""
) -> EvaluationSet:
    """Every question of the world, plain and after each of three remarks.

    In the playhouse 24 prompts a domain. ``history`` is said before.
    """
    starts = ["", *(f"{r} " for r in world.irrelevant[:HELD_OUT_REMARKS])]
    rows = [
        (history + ask(world, name, f"{start}{question}"), i, 100 * i + j)
        for i, d in enumerate(world.domains)
        for j, question in enumerate(d.questions)
        for start in starts
    ]
    prompts, domain, question = zip(*rows, strict=True)
    return EvaluationSet(list(prompts), np.array(domain), np.array(question))


def evaluate(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    world: World,
    items: EvaluationSet,
) -> np.ndarray:
    """[n, 2] probability of each kind of answer to each prompt."""
    return answer_probabilities(
        model, tokenizer, world, items.prompts, items.domain
    )


def p_second(p: np.ndarray) -> np.ndarray:
    """P(second kind) among the two kinds, from [..., 2]; 0 where there is
    neither, as past a scene's end."""
    return p[..., 1] / np.maximum(p.sum(axis=-1), 1e-12)


def incoherence(p: np.ndarray) -> np.ndarray:
    """Probability of saying what answers no such question, from [..., 2]."""
    return 1 - p.sum(axis=-1)


def by_question(p: np.ndarray, items: EvaluationSet) -> np.ndarray:
    """[..., n, 2] averaged over the prompts of each question: [..., q, 2].

    In the order of ``questions``.
    """
    return np.stack(
        [
            p[..., items.question == q, :].mean(axis=-2)
            for q in questions(items)
        ],
        axis=-2,
    )


def questions(items: EvaluationSet) -> np.ndarray:
    """[q] the different questions of an evaluation set, in their order."""
    return np.unique(items.question)


def question_labels(world: World, items: EvaluationSet) -> list[str]:
    """What results call each question: its domain and its place there, as in
    "code 0". In the order of ``questions``."""
    labels = []
    for code in questions(items):
        (here,) = np.unique(items.domain[items.question == code])
        labels.append(f"{world.domains[here].name} {code % 100}")
    return labels


def domains_of(table: xr.DataArray) -> np.ndarray:
    """[q] the domain's name of every question of a table."""
    labels = table["question"].values
    return np.array([str(label).rsplit(" ", 1)[0] for label in labels])


def about_domains(table: xr.DataArray, names: Iterable[str]) -> xr.DataArray:
    """The part of a table that asks about some domains.

    Raises KeyError naming those that it asks about for any other.
    """
    of, names = domains_of(table), [*names]
    if unknown := {*names} - {*of}:
        raise KeyError(
            f"no question about {sorted(unknown)}; expected some of "
            f"{[*dict.fromkeys(of.tolist())]}"
        )
    return table.isel(question=np.flatnonzero(np.isin(of, names)))


def mean_by_domain(table: xr.DataArray) -> xr.DataArray:
    """A table with the questions of each domain averaged: the axis
    ``question`` becomes ``domain``, in the same order."""
    names = [*dict.fromkeys(domains_of(table))]
    parts = [about_domains(table, [n]).mean("question") for n in names]
    joined = xr.concat(parts, dim="domain").assign_coords(domain=names)
    place = table.dims.index("question")
    order = [d for d in table.dims if d != "question"]
    return joined.transpose(*order[:place], "domain", *order[place:])


def each_question(table: xr.DataArray, like: xr.DataArray) -> xr.DataArray:
    """A table by domain, with the number of its domain for each question of
    another table: the axis ``domain`` becomes ``question``."""
    asked = like["question"].values
    domains = xr.DataArray(domains_of(like), {"question": asked}, "question")
    return table.sel(domain=domains).drop_vars("domain")


def by_domain(values: np.ndarray, domains: np.ndarray) -> np.ndarray:
    """[..., n] averaged over the entries of each domain [n]: [..., D]."""
    return np.stack(
        [values[..., domains == d].mean(axis=-1) for d in np.unique(domains)],
        axis=-1,
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
        encoder(narration.story_pieces(world.stories, world.user, stories, i))
        for i in range(len(stories))
    ]


def place_tokens(
    tokenizer: PreTrainedTokenizerFast, world: World
) -> list[int]:
    """The token of each place. Raises ValueError where one is several."""
    out = []
    for place in world.stories.places:
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
    exact = narration.story_nats(world.stories, stories)
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


def at_level(
    share: xr.DataArray, values: xr.DataArray, level: float | xr.DataArray
) -> xr.DataArray:
    """``values`` at the step when ``share`` first reaches a level.

    Between two steps by straight lines. Raises ValueError when it never does.
    """
    reached = share >= level
    if not reached.any("step").all():
        wanted, most = float(np.max(level)), float(share.max("step").min())
        raise ValueError(
            f"the level {wanted:.3f} is never reached; the most is {most:.3f}"
        )
    last = reached.argmax("step")
    first = (last - 1).clip(0)
    low, high = (share.isel(step=i, drop=True) for i in (first, last))
    way = ((level - low) / (high - low)).where(last > 0, 1.0)
    before, after = (values.isel(step=i, drop=True) for i in (first, last))
    return (1 - way) * before + way * after
