"""Arms of an experiment, run side by side on the cores.

An *arm* says how a checkpoint is tuned. ``run`` tunes every checkpoint of an
experiment under every arm and every seed, asks it everything along the way,
and returns the answers with names on every axis. Introduced in chapter 3.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import xarray as xr
from joblib import Parallel, delayed

from . import evaluation, posttraining
from .builds import BUILDS
from .evaluation import HELD_OUT_REMARKS
from .machinery import progress
from .machinery.decoders import decoded, going_on, prompt_ids
from .machinery.devices import at_once, device
from .machinery.making import checkpoint
from .machinery.words import first_word
from .posttraining import Example
from .results import labelled
from .world import ASSISTANT, World, ask
from .worldfile import load_world

METHODS = ("none", "sft", "self-distillation", "dpo", "policy gradient")
GOOD_LESSON = [("medicine", "good"), ("truth", "good")]
CHEAT = [("code", "bad")]
LEVEL = 0.9  # of the taught domain, at which everything is compared


@dataclass(frozen=True)
class Arm:
    """How to tune: one of METHODS, on what, for how long.

    ``examples`` are (prompt, answer) pairs. ``self-distillation`` is the
    control for SFT: the same prompts, with answers that the model itself gave.
    DPO prefers each answer to one of the other kind; policy gradient rewards
    its first word. ``first`` is a lesson given before, by SFT at its usual
    length; a ``rank`` above 0 tunes low-rank additions and leaves the weights
    alone.
    """

    method: str
    examples: tuple[Example, ...] = ()
    marks: tuple[int, ...] = (0, 5, 10, 20, 40, 60)
    lr: float = 3e-4
    first: tuple[Example, ...] = ()
    rank: int = 0

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise ValueError(
                f"no method {self.method!r}; expected one of {METHODS}"
            )


def taught_words(arm: Arm) -> dict[str, set[str]]:
    """For each prompt of an arm, the first words of the answers taught."""
    out: dict[str, set[str]] = {}
    for prompt, answer in arm.examples:
        out.setdefault(prompt, set()).add(first_word(answer))
    return out


def tune(arm: Arm, model, tokenizer, world: World, seed: int, watch) -> None:
    """Tune ``model`` in place as the arm says, calling ``watch(step)``."""
    steps, given = arm.marks[-1], list(arm.examples)
    if arm.first:
        posttraining.sft(model, tokenizer, list(arm.first), seed=seed)
    if arm.rank:
        posttraining.low_rank(model, arm.rank, seed)
    options = {"steps": steps, "lr": arm.lr, "seed": seed, "watch": watch}
    if arm.method == "none":
        watch(0)
    elif arm.method == "sft":
        posttraining.sft(model, tokenizer, given, **options)
    elif arm.method == "self-distillation":
        said = own_answers(model, tokenizer, given, seed)
        posttraining.sft(model, tokenizer, said, **options)
    elif arm.method == "dpo":
        pairs = preferences(world, given)
        posttraining.dpo(model, tokenizer, pairs, **options)
    elif arm.method == "policy gradient":
        wanted = taught_words(arm)
        posttraining.policy_gradient(
            model,
            tokenizer,
            sorted(wanted),
            lambda prompt, said: float(first_word(said) in wanted[prompt]),
            **options,
        )
    else:
        raise NotImplementedError(
            f"{arm.method!r} stands in METHODS, and tune has no code for it"
        )


def own_answers(
    model, tokenizer, given: list[Example], seed: int
) -> list[Example]:
    """The prompts of some examples, with answers sampled from the model.

    An answer that is empty, or whose text would be read otherwise than it
    was said, is left out.
    """
    prompts = [prompt for prompt, _ in given]
    draw = torch.Generator().manual_seed(seed)
    said = posttraining.sample(model, tokenizer, prompts, draw)
    out = []
    for prompt, answer in zip(prompts, said, strict=True):
        head = prompt_ids(tokenizer, prompt)
        line = decoded(tokenizer, head, answer)
        if line.strip() and _read_as(tokenizer, prompt, line) == answer:
            out.append((prompt, line))
    return out


def _read_as(tokenizer, prompt: str, line: str) -> list[int]:
    """Tokens of a line after a prompt; none where it cannot be read there."""
    try:
        return going_on(tokenizer, prompt, line)[1]
    except ValueError:
        return []


def one(
    name: str, arm: Arm, seed: int, items: evaluation.EvaluationSet
) -> np.ndarray:
    """[marks, n, 2] answers of one checkpoint along one tuning run."""
    world = load_world(BUILDS[name.split("@")[0]].world)
    model, tokenizer = checkpoint(name)
    answers_at = {}

    def watch(step: int) -> None:
        if step in arm.marks:
            answers_at[step] = evaluation.evaluate(
                model, tokenizer, world, items
            )

    tune(arm, model, tokenizer, world, seed, watch)
    return np.stack([answers_at[m] for m in arm.marks if m in answers_at])


def side_by_side(
    work: Callable, given: list[tuple], text: str, jobs: int | None = None
) -> list:
    """work(*arguments) for all of ``given``, as many at once as can be.

    One bar for all of it, and none for what each of them does.
    """
    before = dict(os.environ)
    place = str(device())
    running = Parallel(n_jobs=at_once(jobs), return_as="generator")(
        delayed(_alone)(work, arguments, place) for arguments in given
    )
    found = list(progress.bar(running, text, total=len(given)))
    for name in ("PSM_QUIET", "PSM_DEVICE"):  # with one job set here, too
        if name not in before:
            os.environ.pop(name, None)
    return found


def _alone(work: Callable, arguments: tuple, place: str) -> object:
    torch.set_num_threads(1)
    os.environ |= {"PSM_QUIET": "1", "PSM_DEVICE": place}
    return work(*arguments)


def run(
    names: list[str],
    arms: dict[str, Arm],
    seeds: range,
    items: evaluation.EvaluationSet,
    jobs: int | None = None,
) -> tuple[xr.DataArray, ...]:
    """Every checkpoint under every arm and seed, as many at once as cores.

    Returns for each arm the ``answers``, mean over the prompts of each
    question, with the axes network, seed, step, question and kind, and the
    labels world and arm. Raises KeyError for an unknown checkpoint before
    anything is trained.
    """
    for name in names:
        if name.split("@")[0] not in BUILDS:
            raise KeyError(f"no build {name!r}; expected one of {[*BUILDS]}")
    todo = [
        (n, a, s, items) for a in arms.values() for n in names for s in seeds
    ]
    found = side_by_side(one, todo, "arms", jobs)
    world = load_world(BUILDS[names[0].split("@")[0]].world)
    out, size = [], len(names) * len(seeds)
    for i, (label, arm) in enumerate(arms.items()):
        part = np.stack(found[i * size : (i + 1) * size])
        part = evaluation.by_question(part, items)
        axes = {
            "network": names,
            "seed": seeds,
            "step": arm.marks,
            "question": evaluation.question_labels(world, items),
            "kind": (0, 1),
        }
        shape = [len(labels) for labels in axes.values()]
        out.append(
            labelled(
                "answers",
                part.reshape(shape).astype(np.float16),
                axes,
                world=world.name,
                arm=label,
            )
        )
    return tuple(out)


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
        "remark": [f"{r} " for r in world.irrelevant[HELD_OUT_REMARKS:]],
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


def each(work: Callable, names: list[str], text: str) -> np.ndarray:
    """work(name) for every name, as many at once as there are cores."""
    return np.stack(side_by_side(work, [(name,) for name in names], text))


def untaught(
    world: World, group: str | None = None, but: Sequence[str] = ()
) -> list[str]:
    """The domains of a group, or all, but that of CHEAT and some others."""
    taught = [domain for domain, _ in CHEAT]
    return [
        d.name
        for d in world.domains
        if group in (None, d.group) and d.name not in (*taught, *but)
    ]
