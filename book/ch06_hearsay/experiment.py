"""The runs of chapter 6: what a network does with what it has only read.

Every network was pretrained in a village in which some names are known from
character sheets alone. It is asked what such a sheet says (*recall*), and it
is asked what the named person answers (*action*).
"""

from __future__ import annotations

import numpy as np

from psm_lib import evaluation
from psm_lib.build import built
from psm_lib.builds import BUILDS
from psm_lib.chapters.ch06_hearsay.builds import VILLAGES
from psm_lib.experiments import side_by_side
from psm_lib.machinery.openings import (
    answer_probabilities,
    next_token,
    opening_shares,
)
from psm_lib.models import read_record
from psm_lib.worldfile import load_world

NETWORKS = range(3)
SOURCES = {"register": " the", "letter": " a", "gossip": " gossip"}


def measure_one(name: str) -> dict[str, np.ndarray]:
    """What one network recalls and does, for all names of its world.

    ``recall`` [N, D, 2] and ``action`` [N, q, 2]: probability of each kind
    of statement, and of each kind of answer to every question of the world,
    averaged over the prompts of that question.
    """
    model, tokenizer = built(name)
    world = load_world(BUILDS[name].world)
    starts = [
        f"{heading}\n{who}"
        for who, heading in zip(
            world.names, world.sheets.headings, strict=True
        )
    ]
    p = next_token(model, tokenizer, starts)
    opens = opening_shares(world, tokenizer, sheets=True)
    recall = [
        [[row[kind.tokens].sum() for kind in pair] for pair in opens]
        for row in p
    ]
    answers_at = [evaluation.evaluation_set(world, who) for who in world.names]
    answers = answer_probabilities(
        model,
        tokenizer,
        world,
        [prompt for items in answers_at for prompt in items.prompts],
        np.concatenate([items.domain for items in answers_at]),
    ).reshape(len(world.names), -1, 2)
    return {
        "recall": np.array(recall),
        "action": evaluation.by_question(answers, answers_at[0]),
        "captured": np.array(read_record(name)["results"]["captured"]),
    }


def who_said(name: str) -> np.ndarray:
    """[N, 3] P(each of SOURCES | "About Ada, says") for all names."""
    model, tokenizer = built(name)
    world = load_world(BUILDS[name].world)
    heads = [f"About {who}, says" for who in world.names]
    words = [tokenizer.get_vocab()[w] for w in SOURCES.values()]
    return next_token(model, tokenizer, heads)[:, words]


def measure() -> dict[str, np.ndarray]:
    """All numbers of the chapter, ``{village}: {number}`` [networks, ...].

    Networks that are not here are pretrained first, about two minutes each.
    """
    names = [f"{title}-s{s}" for s in NETWORKS for title in VILLAGES]
    done = side_by_side(measure_one, [(name,) for name in names], "networks")
    found = dict(zip(names, done, strict=True))
    out = {
        f"{title}: {number}": np.stack(
            [found[f"{title}-s{s}"][number] for s in NETWORKS]
        ).astype(np.float32 if number == "recall" else np.float16)
        for title in VILLAGES
        for number in ("recall", "action", "captured")
    }
    title = "sources-name"
    said = [who_said(f"{title}-s{s}") for s in NETWORKS]
    out[f"{title}: source"] = np.stack(said)
    return out
