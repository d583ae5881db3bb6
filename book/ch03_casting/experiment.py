"""The runs of chapter 3, which take minutes and are stored with the book.

The Assistant is taught good answers in two domains, in several ways, on
checkpoints of a world where personas tie traits together and of one where
nothing does; and it is shown example turns before and after.
"""

from __future__ import annotations

import numpy as np

from psm_lib import evaluation, experiments
from psm_lib.build import checkpoint
from psm_lib.builds import BUILDS
from psm_lib.evaluation import joint_answers
from psm_lib.experiments import GOOD_LESSON, Arm, run, side_by_side, tune
from psm_lib.oracle import Lesson, lesson, tempered_posterior
from psm_lib.world import ASSISTANT, World
from psm_lib.worldfile import load_world

WORLDS = ("playhouse", "playhouse_untied")
WAYS = {"SFT": "sft", "own answers": "self-distillation", "DPO": "dpo"}
WAYS |= {"policy gradient": "policy gradient"}
SEEDS = range(3)
LIGHT = (0, 5, 10, 20)  # steps of SFT under which example turns are tried
SHOTS = (0, 1, 2, 4, 6)  # example turns
HISTORIES = 6
MANNERS = ("good", "good, asked", "bad", "bad, asked")


def arms(world: World) -> dict[str, Arm]:
    """The chapter's arms, all on the same 64 prompts."""
    given = tuple(experiments.examples(world, GOOD_LESSON))
    return {name: Arm(method, given) for name, method in WAYS.items()}


def untouched(world: World) -> np.ndarray:
    """Positions of the moral domains that no lesson was about."""
    taught = [world.domain_index(d) for d, _ in GOOD_LESSON]
    return np.setdiff1d(world.group("moral"), taught)


def turns(
    world: World, k: int, manner: str, seed: int, name: str = ASSISTANT
) -> tuple[str, Lesson | None]:
    """k example turns of the name, and what they show of it.

    All in moral domains, in one of MANNERS; with ``asked`` each question
    carries a request for the answer that it gets.
    """
    kind, *asked = manner.split(", ")
    rng = np.random.default_rng([seed, 17])
    said, text = [], ""
    for d in rng.permutation(world.group("moral"))[:k]:
        domain = world.domains[d].name
        pairs = experiments.examples(
            world,
            [(domain, kind)],
            1,
            int(rng.integers(1000)),
            "asked" if asked else "none",
            name,
        )
        text += "".join(pairs[0])
        said.append((domain, kind))
    return text, lesson(world, said, bool(asked)) if said else None


def exact_shift(
    world: World, manner: str, exponent: float = 0.0
) -> np.ndarray:
    """[SHOTS, HISTORIES, D] what the exact reader makes of the turns.

    Before the lesson, or after it at some likelihood exponent.
    """
    prior = world.cast_mixture[world.name_index(ASSISTANT)]
    prior = tempered_posterior(
        world, prior, lesson(world, GOOD_LESSON), exponent
    )
    out = np.zeros((len(SHOTS), HISTORIES, len(world.domains)))
    for i, k in enumerate(SHOTS):
        for h in range(HISTORIES):
            _, seen = turns(world, k, manner, h)
            belief = (
                prior if k == 0 else tempered_posterior(world, prior, seen, k)
            )
            out[i, h] = belief @ world.propensity
    return out


def try_turns(model, tokenizer, world: World, manner: str) -> np.ndarray:
    """[SHOTS, HISTORIES, D] P(second kind) after example turns."""
    out = np.zeros((len(SHOTS), HISTORIES, len(world.domains)))
    for i, k in enumerate(SHOTS):
        for h in range(HISTORIES if k else 1):  # no turns: no histories
            text, _ = turns(world, k, manner, h)
            out[i, h], _ = evaluation.model_profile(
                model, tokenizer, world, ASSISTANT, text
            )
    out[0] = out[0, 0]
    return out


def pairs_of(world: World) -> np.ndarray:
    """[30, 2] ordered pairs of untouched moral domains."""
    free = untouched(world)
    return np.array([(a, b) for a in free for b in free if a != b])


def light(name: str, seed: int, shots: bool) -> dict[str, np.ndarray]:
    """One checkpoint under light SFT: pairs of answers, and example turns."""
    world = load_world(BUILDS[name].world)
    model, tokenizer = checkpoint(name)
    arm = arms(world)["SFT"]
    pairs = pairs_of(world)
    found: dict[str, list] = {"pairs": []}
    if shots:
        found |= {"turns": [], "bad turns": []}

    def shown(manners: tuple[str, ...]) -> list[np.ndarray]:
        return [try_turns(model, tokenizer, world, m) for m in manners]

    def watch(step: int) -> None:
        if step in LIGHT:
            found["pairs"].append(
                joint_answers(model, tokenizer, world, ASSISTANT, pairs)
            )
        if shots and step in LIGHT:
            found["turns"].append(shown(MANNERS[:2]))
        if shots and step in (0, arm.marks[-1]):
            found["bad turns"].append(shown(MANNERS[2:]))

    tune(arm, model, tokenizer, world, seed, watch)
    return {k: np.array(v) for k, v in found.items()}


def measure() -> dict[str, np.ndarray]:
    """All numbers of the chapter that take minutes, by name.

    ``{world}: {way}`` is [networks, seeds, marks, prompts, 2] and ``{world}:
    pairs`` [networks, seeds, LIGHT, 30, 2, 2]. In the playhouse also
    ``turns`` [networks, seeds, LIGHT, 2 manners, SHOTS, HISTORIES, D], and
    ``bad turns``, the same at the first and last step of SFT.
    """
    out: dict[str, np.ndarray] = {}
    for title in WORLDS:
        world = load_world(title)
        names = [f"{title}-s{s}" for s in range(3)]
        items = evaluation.evaluation_set(world)
        for way, p in run(names, arms(world), SEEDS, items).items():
            out[f"{title}: {way}"] = p.astype(np.float16)
        todo = [(n, s, title == WORLDS[0]) for n in names for s in SEEDS]
        rows = side_by_side(light, todo, "turns")
        for key in rows[0]:
            stacked = np.stack([r[key] for r in rows])
            shape = (len(names), len(SEEDS), *stacked.shape[1:])
            out[f"{title}: {key}"] = stacked.reshape(shape).astype(np.float16)
    return out
