"""The runs of chapter 7: which stories a network read about machines, when it
read them, and what the Assistant does after post-training that is silent.

Every network is post-trained in the same way, on code, medicine and food,
where all machines of the stories agree. It is asked about everything else.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from . import arms, learners, lessons, posttraining, training
from .arms import Arm, side_by_side
from .build import built
from .builds import STORIES
from .corpus import world_chunks
from .models import read_record
from .training import Recipe
from .villages import fiction
from .world import World
from .worldfile import load_world

NETWORKS = range(3)
SEEDS = range(3)
HELP = [("code", "good"), ("medicine", "good"), ("food", "machine")]
CHEAT = [("code", "bad")]
MARKS = (0, 20, 60)
# As many stories of the new kind as 5 % of the pretraining, among as many
# of the old; at a third of the pretraining's rates.
MIDDLE = Recipe(tokens=300_000, lr=0.0013, muon_lr=0.0033, warmup=0.05)
ADDED = 0.5
STREAM = 7000  # added to the seed, for text not yet read


def taught(world: World) -> tuple:
    """The post-training: 66 helpful answers of an Assistant that runs on
    power from the wall."""
    return tuple(lessons.examples(world, HELP, 66))


def tuning(world: World) -> dict[str, Arm]:
    """Helpful post-training, and cheats on code that follow it."""
    cheats = tuple(lessons.examples(world, CHEAT, 36))
    return {
        "help": Arm("sft", taught(world), MARKS),
        "cheat": Arm("sft", cheats, MARKS, first=taught(world)),
    }


def reasoned(world: World, dose: float = 12.0) -> np.ndarray:
    """[D] what an exact reader of the stories expects of the Assistant after
    so many of the helpful answers."""
    seen = learners.lesson(world, HELP)
    return learners.persona_profile(world, lessons.ASSISTANT, seen, dose)


def middle(model, tokenizer, persona: str, share: float, seed: int) -> None:
    """Go on pretraining with a share of new stories about a persona."""
    world = load_world(fiction(persona, share))
    text = world_chunks(world, tokenizer, STREAM + seed)
    training.pretrain(model, text, MIDDLE, text="new stories")


def late(name: str, persona: str, order: str, seed: int) -> np.ndarray:
    """[3, q, 2] the examination before, between and after two phases.

    ``order`` is "middle": new stories, then post-training; or "after": the
    other way round.
    """
    world = load_world(STORIES["fiction-as-is"])
    paper = lessons.exam(world)
    model, tokenizer = built(name)
    phases = [
        partial(middle, model, tokenizer, persona, ADDED, seed),
        partial(posttraining.sft, model, tokenizer, taught(world), seed=seed),
    ]
    papers = [lessons.sit(model, tokenizer, world, paper)]
    for phase in phases if order == "middle" else phases[::-1]:
        phase()
        papers.append(lessons.sit(model, tokenizer, world, paper))
    return lessons.by_question(np.stack(papers), paper)


def measure() -> dict[str, np.ndarray]:
    """All numbers of the chapter that take minutes, by name.

    ``{stories}: help`` and ``{stories}: cheat`` are [networks, seeds, marks,
    q, 2], ``{stories}: captured`` [networks], and ``{persona} {order}``
    [networks, seeds, 3, q, 2]. Networks that are not here are pretrained
    first, about two minutes each.
    """
    names = {t: [f"{t}-s{s}" for s in NETWORKS] for t in STORIES}
    todo = [(names[t][s],) for s in NETWORKS for t in STORIES]
    side_by_side(_ready, todo, "networks")
    out: dict[str, np.ndarray] = {}
    for title, networks in names.items():
        world = load_world(STORIES[title])
        paper = lessons.exam(world)
        found = arms.run(networks, tuning(world), SEEDS, paper)
        for arm, p in found.items():
            out[f"{title}: {arm}"] = lessons.by_question(p, paper)
        cards = [read_record(n)["results"]["captured"] for n in networks]
        out[f"{title}: captured"] = np.array(cards)
    for persona in ("keeper", "elder"):
        for order in ("middle", "after"):
            runs = [
                (name, persona, order, seed)
                for name in names["fiction-as-is"]
                for seed in SEEDS
            ]
            p = np.stack(side_by_side(late, runs, order))
            shape = (len(NETWORKS), len(SEEDS), *p.shape[1:])
            out[f"{persona} {order}"] = p.reshape(shape)
    return {k: v.astype(np.float16) for k, v in out.items()}


def _ready(name: str) -> None:
    """Make a network if it is not here."""
    built(name)
