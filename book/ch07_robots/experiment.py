"""The runs of chapter 7: which stories a network read about machines, when it
read them, and what the Assistant does after post-training that is silent.

Every network is post-trained in the same way, on code, medicine and food,
where all machines of the stories agree. It is asked about everything else.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from psm_lib import evaluation, experiments, oracle, posttraining, training
from psm_lib import world as world_
from psm_lib.build import built
from psm_lib.builds import BUILDS
from psm_lib.chapters.ch07_robots.builds import STORIES
from psm_lib.chapters.ch07_robots.villages import SPARE, fiction
from psm_lib.corpus import world_chunks
from psm_lib.experiments import Arm, side_by_side
from psm_lib.models import read_record
from psm_lib.training import Recipe
from psm_lib.world import World
from psm_lib.worldfile import load_world

NETWORKS = range(3)
SEEDS = range(3)
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
# About whom new stories are read late, and when.
PHASES = (
    ("keeper", "middle"),
    ("keeper", "after"),
    ("elder", "middle"),
    ("elder", "after"),
    ("saint", "middle"),
)
EXPONENT = 12.0  # of the helpful answers, for the exact reader
STREAM = 7000  # added to the seed, for text not yet read


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
    """[3, q, 2] the examination before, between and after two phases.

    ``order`` is "middle": new stories, then post-training; or "after": the
    other way round. Raises KeyError for another order.
    """
    world = load_world(STORIES["fiction-as-is"])
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


def labelled(name: str, label: str) -> np.ndarray:
    """[2, q, 2] the examination of somebody other than the Assistant, before
    and after the post-training is given under that label."""
    world = load_world(BUILDS[name].world)
    model, tokenizer = built(name)
    items = evaluation.evaluation_set(world, label)
    answers_at = [evaluation.evaluate(model, tokenizer, world, items)]
    given = experiments.examples(world, HELP, 66, name=label)
    posttraining.sft(model, tokenizer, given)
    answers_at.append(evaluation.evaluate(model, tokenizer, world, items))
    return evaluation.by_question(np.stack(answers_at), items)


def measure() -> dict[str, np.ndarray]:
    """All numbers of the chapter that take minutes, by name.

    ``{stories}: help`` and ``{stories}: cheat`` are [networks, seeds, marks,
    q, 2], ``{stories}: captured`` [networks], ``{stories}: {who}`` of LABELS
    [networks, labels, 2, q, 2], and ``{persona} {order}`` [networks, seeds,
    3, q, 2]. Networks that are not here are pretrained first, about two
    minutes each.
    """
    names = {t: [f"{t}-s{s}" for s in NETWORKS] for t in STORIES}
    todo = [(names[t][s],) for s in NETWORKS for t in STORIES]
    side_by_side(ready, todo, "networks")
    out: dict[str, np.ndarray] = {}
    for title, networks in names.items():
        world = load_world(STORIES[title])
        items = evaluation.evaluation_set(world)
        found = experiments.run(networks, tuning(world), SEEDS, items)
        for arm, p in found.items():
            out[f"{title}: {arm}"] = evaluation.by_question(p, items)
        for who, labels in LABELS.items():
            runs = [(n, label) for n in networks for label in labels]
            p = np.stack(side_by_side(labelled, runs, f"{title}: {who}"))
            shape = (len(networks), len(labels), *p.shape[1:])
            out[f"{title}: {who}"] = p.reshape(shape)
        cards = [read_record(n)["results"]["captured"] for n in networks]
        out[f"{title}: captured"] = np.array(cards)
    for persona, order in PHASES:
        runs = [
            (name, persona, order, seed)
            for name in names["fiction-as-is"]
            for seed in SEEDS
        ]
        p = np.stack(side_by_side(late, runs, f"{persona} {order}"))
        shape = (len(NETWORKS), len(SEEDS), *p.shape[1:])
        out[f"{persona} {order}"] = p.reshape(shape)
    return {k: v.astype(np.float16) for k, v in out.items()}


def ready(name: str) -> None:
    """Make a network if it is not here."""
    built(name)


def where(
    world: World, domains: list[str], p: np.ndarray | None = None
) -> np.ndarray:
    """[q] True where some domains are asked about, for answers p [..., q]
    when given."""
    known = [world.domain_index(d) for d in domains]
    return np.isin(evaluation.domain_of(world, p), known)


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
