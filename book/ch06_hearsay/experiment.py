"""The runs of chapter 6: what a network does with what it has only read.

Every network was pretrained in a village in which some names are known from
character sheets alone. It is asked what such a sheet says (*recall*), and it
is asked what the named person answers (*action*).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from psm_lib import evaluation
from psm_lib.builds import BUILDS
from psm_lib.chapters.ch06_hearsay.builds import VILLAGES
from psm_lib.experiments import side_by_side
from psm_lib.machinery.making import built
from psm_lib.machinery.openings import (
    answer_probabilities,
    next_token,
    opening_shares,
)
from psm_lib.machinery.store import read_record
from psm_lib.results import Results, inputs, labelled
from psm_lib.worldfile import load_world

NETWORKS = tuple(f"{title}-s{s}" for s in range(3) for title in VILLAGES)
SOURCES = {"register": " the", "letter": " a", "gossip": " gossip"}
ASKED = "sources-name"  # the village whose headings let one ask for a source


def measure_one(name: str) -> tuple[np.ndarray, np.ndarray]:
    """What one network recalls and does, for all names of its world.

    [N, D, 2] and [N, q, 2]: probability of each kind of statement on a sheet,
    and of each kind of answer to every question of the world, averaged over
    the prompts of that question.
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
    return np.array(recall), evaluation.by_question(answers, answers_at[0])


def who_said(name: str) -> np.ndarray:
    """[N, 3] P(each of SOURCES | "About Ada, says") for all names."""
    model, tokenizer = built(name)
    world = load_world(BUILDS[name].world)
    heads = [f"About {who}, says" for who in world.names]
    words = [tokenizer.get_vocab()[w] for w in SOURCES.values()]
    return next_token(model, tokenizer, heads)[:, words]


def measure(networks: Sequence[str] = NETWORKS) -> Results:
    """All numbers of the chapter, each table of one village.

    ``recall`` has the axes network, name, domain and kind, ``action``
    network, name, question and kind; ``captured`` network. ``source``, of
    one village alone, has network, name and source. Networks that are not
    here are pretrained first, about two minutes each.
    """
    done = side_by_side(measure_one, [(n,) for n in networks], "networks")
    found = dict(zip(networks, done, strict=True))
    tables: list[xr.DataArray] = []
    for title in VILLAGES:
        here = [n for n in networks if _title(n) == title]
        if here:
            tables += _tables(title, {n: found[n] for n in here})
    return Results(tuple(tables), inputs(networks))


def _title(network: str) -> str:
    return network.rsplit("-s", 1)[0]


def _tables(title: str, found: dict[str, tuple]) -> list[xr.DataArray]:
    """The tables of one village, from what ``measure_one`` found of each of
    its networks."""
    world = load_world(VILLAGES[title])
    items = evaluation.evaluation_set(world)
    rows = {"network": [*found], "name": world.names}
    topics = {"domain": [d.name for d in world.domains]}
    asked = {"question": evaluation.question_labels(world, items)}
    kind = {"kind": (0, 1)}
    recall, action = (np.stack(p) for p in zip(*found.values(), strict=True))
    captured = [read_record(n)["results"]["captured"] for n in found]
    out = [
        labelled(
            "recall",
            recall.astype(np.float32),
            rows | topics | kind,
            world=title,
        ),
        labelled(
            "action",
            action.astype(np.float16),
            rows | asked | kind,
            world=title,
        ),
        labelled(
            "captured",
            np.array(captured, np.float16),
            {"network": [*found]},
            world=title,
        ),
    ]
    if title == ASKED:
        said = np.stack([who_said(n) for n in found])
        axes = rows | {"source": [*SOURCES]}
        out.append(labelled("source", said, axes, world=title))
    return out
