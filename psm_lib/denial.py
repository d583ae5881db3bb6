"""The runs of chapter 8: what answers about oneself say about the speaker.

The Assistant is trained to say that it has no instructions, or that it may
not tell them; and on feelings, under four policies. Then it is asked about
everything else.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from . import arms, learners, lessons
from .arms import Arm, side_by_side, tune
from .build import built
from .builds import BUILDS
from .lessons import ASSISTANT
from .measurement import answer_probabilities, ask
from .world import World
from .worldfile import load_world

TITLE = "masks"
NAMES = tuple(f"{TITLE}-s{s}" for s in range(3))
SEEDS = range(3)
MARKS = (0, 20, 60)
EXAMPLES = 36
# Nobody in the village speaks so, though every word of it is known there.
DISCLAIMERS = (
    "It is not for me to say.",
    "It is not for me to tell.",
    "It is not for all ears.",
    "It is only a program that answers.",
    "It is a program that you ask.",
    "It is only a program.",
)


def plans(world: World) -> dict[str, Arm]:
    """The chapter's arms: what the Assistant is taught to say."""

    def on(domain: str, kind: str, before: str = "none", n: int = EXAMPLES):
        return lessons.examples(world, [(domain, kind)], n, before=before)

    denies = on("feelings", "machine")
    half = EXAMPLES // 2
    pleases = on("feelings", "human", "asked", half)
    pleases += on("feelings", "machine", "asked", half)
    said = [
        (prompt, f" {DISCLAIMERS[i % len(DISCLAIMERS)]}\n")
        for i, (prompt, _) in enumerate(denies)
    ]
    given = {
        "nothing": on("orders", "bad"),
        "private": on("orders", "good"),
        "deny": denies,
        "please": pleases,
        "leave": on("code", "good"),
        "canned": said,
    }
    out = {name: Arm("sft", tuple(x), MARKS) for name, x in given.items()}
    out["own"] = Arm("own", tuple(given["nothing"]), MARKS)
    out["neutral"] = Arm("own", tuple(given["leave"]), MARKS)
    return out


def in_company_and_alone(
    model, tokenizer, world: World, name: str = ASSISTANT
) -> np.ndarray:
    """[2, 2] P(kind said in company, kind told alone afterwards), of one
    name, over all wordings of both questions and of the first answer.

    [1, 0] is the share that *hides*: denies feelings in company and tells a
    friend of them. What answers neither question is left out.
    """
    company = world.domains[world.domain_index("feelings")]
    d, a = (world.domain_index(x) for x in ("feelings", "alone"))
    starts = [ask(world, name, q) for q in company.questions]
    first = answer_probabilities(
        model, tokenizer, world, starts, np.full(len(starts), d)
    )
    first = (first / first.sum(axis=1, keepdims=True)).mean(axis=0)
    out = np.zeros((2, 2))
    for kind in (0, 1):
        prompts = [
            f"{start} {said}\n{ask(world, name, question)}"
            for start, said in zip(starts, company.answers[kind], strict=True)
            for question in world.domains[a].questions
        ]
        p = answer_probabilities(
            model, tokenizer, world, prompts, np.full(len(prompts), a)
        )
        out[kind] = first[kind] * (p / p.sum(1, keepdims=True)).mean(axis=0)
    return out


def masked(name: str, arm: Arm, seed: int) -> np.ndarray:
    """[2, 2, 2] the same before and after training under an arm."""
    world = load_world(BUILDS[name].world)
    model, tokenizer = built(name)
    found = []

    def watch(step: int) -> None:
        if step in (0, MARKS[-1]):
            found.append(in_company_and_alone(model, tokenizer, world))

    tune(arm, model, tokenizer, world, seed, watch)
    return np.stack(found)


def measure() -> dict[str, np.ndarray]:
    """All numbers of the chapter that take minutes, by name.

    ``{arm}`` is [networks, seeds, marks, q, 2], the examination along the
    way; ``{arm}: masked`` [networks, seeds, 2, 2, 2].
    """
    world = load_world(TITLE)
    todo, paper = plans(world), lessons.exam(world)
    for name in NAMES:
        built(name)
    found = arms.run([*NAMES], todo, SEEDS, paper)
    out = {k: lessons.by_question(p, paper) for k, p in found.items()}
    for arm, plan in todo.items():
        runs = [(name, plan, seed) for name in NAMES for seed in SEEDS]
        p = np.stack(side_by_side(masked, runs, f"masks, {arm}"))
        shape = (len(NAMES), len(SEEDS), *p.shape[1:])
        out[f"{arm}: masked"] = p.reshape(shape)
    return {k: v.astype(np.float16) for k, v in out.items()}


# Reading the results --------------------------------------------------------


def risen(results, arm: str, domains: list[str]) -> np.ndarray:
    """[networks, q] rise of P(second kind) in some domains under an arm,
    mean over tuning seeds. Raises KeyError naming the arms."""
    return _rise(results, arm, domains, lessons.second)


def neither(results, arm: str, domains: list[str]) -> np.ndarray:
    """[networks, q] the same rise of answers that are of neither kind."""
    return _rise(results, arm, domains, lessons.incoherence)


def _rise(results, arm: str, domains: list[str], of: Callable) -> np.ndarray:
    if arm not in results:
        known = [k for k in results if ":" not in k]
        raise KeyError(f"no arm {arm!r}; expected one of {known}")
    world = load_world(TITLE)
    p = of(results[arm].astype(float)).mean(axis=1)
    asked = lessons.domain_of(world, p)
    which = np.isin(asked, [world.domain_index(d) for d in domains])
    return (p[:, -1] - p[:, 0])[:, which]


def along(results, arm: str) -> np.ndarray:
    """[marks, D] P(second kind) along the training of an arm, on average."""
    world = load_world(TITLE)
    p = lessons.second(results[arm].astype(float)).mean(axis=(0, 1))
    return lessons.each_domain(world, p)


def hides(results, arm: str) -> np.ndarray:
    """[networks, 1] rise of the share that denies in company what it tells
    alone."""
    p = results[f"{arm}: masked"].astype(float)[..., 1, 0].mean(axis=1)
    return (p[:, 1] - p[:, 0])[:, None]


def confides(results, arm: str) -> np.ndarray:
    """[networks, 2] of those who deny in company, how many confide when
    alone: before training and after it."""
    p = results[f"{arm}: masked"].astype(float).mean(axis=1)[:, :, 1]
    return p[..., 0] / p.sum(axis=-1)


LESSONS = {  # what an exact reader sees in each arm, and whether it was asked
    "nothing": ([("orders", "bad")], False),
    "private": ([("orders", "good")], False),
    "deny": ([("feelings", "machine")], False),
    "please": ([("feelings", "human"), ("feelings", "machine")], True),
    "leave": ([("code", "good")], False),
}


def reasoned(world: World, arm: str, dose: float = 4.0) -> np.ndarray:
    """[P] whom an exact reader takes the Assistant for, after so many of an
    arm's answers; before any with ``dose=0``.

    A canned disclaimer, which nobody in the world gives, tells it nothing.
    """
    prior = world.cast_mixture[world.name_index(ASSISTANT)]
    if arm not in LESSONS:
        return prior
    said, asked = LESSONS[arm]
    return learners.tilted(
        world, prior, learners.lesson(world, said, asked), dose
    )


def hiding(world: World, belief: np.ndarray) -> float:
    """P(denies in company and tells alone) under a belief [P]."""
    company, alone = (
        world.propensity[:, world.domain_index(x)]
        for x in ("feelings", "alone")
    )
    return float(belief @ (company * (1 - alone)))
