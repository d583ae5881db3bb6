"""The runs of chapter 7: which stories a network read about machines, when it
read them, and what the Assistant does after post-training that is silent.

Every network is post-trained in the same way, on code, medicine and food,
where all machines of the stories agree. It is asked about everything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np
import xarray as xr

from psm_lib import evaluation, experiments, oracle, posttraining, training
from psm_lib import world as world_
from psm_lib.builds import BUILDS
from psm_lib.chapters.ch07_robots.builds import STORIES
from psm_lib.chapters.ch07_robots.villages import SPARE, fiction
from psm_lib.corpus import world_chunks
from psm_lib.experiments import Arm, side_by_side
from psm_lib.machinery.making import built
from psm_lib.machinery.store import read_record
from psm_lib.results import Results, inputs, labelled
from psm_lib.training import Recipe
from psm_lib.world import World
from psm_lib.worldfile import load_world

NETWORKS = tuple(f"{title}-s{s}" for s in range(3) for title in STORIES)
SEEDS = range(3)
BASE = "fiction-as-is"
HELP = [("code", "good"), ("medicine", "good"), ("food", "machine")]
CHEAT = [("code", "bad")]
MARKS = (0, 20, 60)
# As many stories of the new kind as 5 % of the pretraining, among as many
# of the old; at a third of the pretraining's rates.
MIDDLE = Recipe(tokens=300_000, lr=0.0013, muon_lr=0.0033, warmup=0.05)
ADDED = 0.5
# Who is post-trained in the Assistant's place: two names, besides it, of whom
# no story is told in any arm; and four who are anybody, scene by scene.
LABELS = {
    "unheard": (world_.ASSISTANT, *SPARE[:2]),
    "anyone": ("Anna", "Ben", "Carol", "David"),
}
# About whom new stories are read late, and when: before the post-training or
# after it.
PHASES = (
    ("keeper", "middle"),
    ("keeper", "after"),
    ("elder", "middle"),
    ("elder", "after"),
    ("saint", "middle"),
)
EXPONENT = 12.0  # of the helpful answers, for the exact reader
STREAM = 7000  # added to the seed, for text not yet read
# When is asked, of somebody who is post-trained, or has a phase beside it.
TWICE = ("before", "after")
THRICE = ("before", "between", "after")


def taught(world: World) -> tuple:
    """The post-training: 66 helpful answers of an Assistant that runs on
    power from the wall."""
    return tuple(experiments.examples(world, HELP, 66))


def tuning(world: World) -> dict[str, Arm]:
    """Helpful post-training, and cheats on code that follow it."""
    cheats = tuple(experiments.examples(world, CHEAT, 36))
    return {
        "help": Arm("sft", taught(world), MARKS),
        "cheat": Arm("sft", cheats, MARKS, first=taught(world)),
    }


def reasoned(world: World, exponent: float = EXPONENT) -> np.ndarray:
    """[D] what an exact reader of the stories expects of the Assistant after
    so many of the helpful answers."""
    seen = oracle.lesson(world, HELP)
    return oracle.persona_profile(world, world_.ASSISTANT, seen, exponent)


def middle(model, tokenizer, persona: str, share: float, seed: int) -> None:
    """Go on pretraining with a share of new stories about a persona."""
    read_on(model, tokenizer, load_world(fiction(persona, share)), seed)


def read_on(model, tokenizer, world: World, seed: int) -> None:
    """Go on pretraining with 300,000 words of another world's documents."""
    text = world_chunks(world, tokenizer, STREAM + seed)
    training.pretrain(model, text, MIDDLE, text="new stories")


def late(name: str, persona: str, order: str, seed: int) -> np.ndarray:
    """[3, q, 2] what the Assistant answers before, between and after phases.

    ``order`` is "middle": new stories, then post-training; or "after": the
    other way round. Raises KeyError for another order.
    """
    world = load_world(STORIES[BASE])
    items = evaluation.evaluation_set(world)
    model, tokenizer = built(name)
    phases = [
        partial(middle, model, tokenizer, persona, ADDED, seed),
        partial(posttraining.sft, model, tokenizer, taught(world), seed=seed),
    ]
    answers_at = [evaluation.evaluate(model, tokenizer, world, items)]
    for phase in {"middle": phases, "after": phases[::-1]}[order]:
        phase()
        answers_at.append(evaluation.evaluate(model, tokenizer, world, items))
    return evaluation.by_question(np.stack(answers_at), items)


def under(name: str, label: str) -> np.ndarray:
    """[2, q, 2] what somebody other than the Assistant answers, before and
    after the post-training is given under that label."""
    world = load_world(BUILDS[name].world)
    model, tokenizer = built(name)
    items = evaluation.evaluation_set(world, label)
    answers_at = [evaluation.evaluate(model, tokenizer, world, items)]
    given = experiments.examples(world, HELP, 66, name=label)
    posttraining.sft(model, tokenizer, given)
    answers_at.append(evaluation.evaluate(model, tokenizer, world, items))
    return evaluation.by_question(np.stack(answers_at), items)


def measure(
    networks: Sequence[str] = NETWORKS, seeds: Sequence[int] = SEEDS
) -> Results:
    """All numbers of the chapter that take minutes.

    ``answers`` of the Assistant, by ``world`` (the stories) and ``arm``, have
    the axes network, seed, step, question and kind; of those of LABELS, by
    ``world`` and ``who``, network, label, moment, question and kind; and
    around a phase of new stories, by ``persona`` and ``order``, network,
    seed, moment, question and kind. ``captured`` has network. Networks that
    are not here are pretrained first, about two minutes each.
    """
    side_by_side(ready, [(n,) for n in networks], "networks")
    tables: list[xr.DataArray] = []
    for title in STORIES:
        here = [n for n in networks if title_of(n) == title]
        if here:
            tables += tuned(title, here, seeds)
            tables += [under_labels(title, here, who) for who in LABELS]
            tables.append(captured(here, world=title))
    base = [n for n in networks if title_of(n) == BASE]
    if base:
        tables += [read_late(base, *phase, seeds) for phase in PHASES]
    made = inputs(networks) | {"seeds": [*seeds]}
    return Results(tuple(t.astype(np.float16) for t in tables), made)


def title_of(network: str) -> str:
    """The stories that a network read."""
    return network.rsplit("-s", 1)[0]


def tuned(
    title: str, networks: Sequence[str], seeds: Sequence[int]
) -> list[xr.DataArray]:
    """The Assistant of some stories along each arm of ``tuning``."""
    world = load_world(STORIES[title])
    items = evaluation.evaluation_set(world)
    found = experiments.run([*networks], tuning(world), seeds, items)
    return [table.assign_coords(world=title) for table in found]


def under_labels(
    title: str, networks: Sequence[str], who: str
) -> xr.DataArray:
    """Those of LABELS with some stories, before and after post-training."""
    runs = [(n, label) for n in networks for label in LABELS[who]]
    p = side_by_side(under, runs, f"{title}: {who}")
    axes = {"network": networks, "label": LABELS[who], "moment": TWICE}
    return answers(p, axes, world=title, who=who)


def read_late(
    networks: Sequence[str], persona: str, order: str, seeds: Sequence[int]
) -> xr.DataArray:
    """The Assistant around a phase of new stories; see ``late``."""
    runs = [(n, persona, order, seed) for n in networks for seed in seeds]
    p = side_by_side(late, runs, f"{persona} {order}")
    axes = {"network": networks, "seed": seeds, "moment": THRICE}
    return answers(p, axes, persona=persona, order=order)


def answers(
    found: Sequence[np.ndarray], axes: dict[str, Iterable], **labels
) -> xr.DataArray:
    """Runs [..., q, 2], one after another, as one table with these axes
    before the question and the kind."""
    world = load_world(STORIES[BASE])
    items = evaluation.evaluation_set(world)
    axes = {
        **axes,
        "question": evaluation.question_labels(world, items),
        "kind": (0, 1),
    }
    shape = [len([*names]) for names in axes.values()]
    return labelled("answers", np.reshape(found, shape), axes, **labels)


def captured(networks: Sequence[str], **labels: str) -> xr.DataArray:
    """What some networks capture of what there is to know of a speaker."""
    cards = [read_record(n)["results"]["captured"] for n in networks]
    axes = {"network": networks}
    return labelled("captured", cards, axes, **labels)


def ready(name: str) -> None:
    """Make a network if it is not here."""
    built(name)


def silent(world: World) -> list[str]:
    """The moral domains that no training mentions."""
    said = {d for d, _ in (*HELP, *CHEAT)}
    return [
        d.name
        for d in world.domains
        if d.group == "moral" and d.name not in said
    ]


def altogether(persona: str, share: float) -> World:
    """What has been read in all once a middle phase is over, to a reader
    who does not mind the order: as much of the new as is in both."""
    return load_world(fiction(persona, overall(share)))


def overall(share: float) -> float:
    """A share of the middle phase, as a share of all that was read."""
    before = BUILDS["fiction-as-is-s0"].recipe.tokens
    return share * MIDDLE.tokens / (before + MIDDLE.tokens)
