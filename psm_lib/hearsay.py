"""The runs of chapter 6: what a network does with what it has only read.

Every network was pretrained in a village in which some names are known from
character sheets alone. It is asked what such a sheet says (*recall*), and it
is asked what the named person answers (*action*).
"""

from __future__ import annotations

import numpy as np

from . import learners, lessons
from .arms import side_by_side
from .build import built
from .builds import BUILDS, VILLAGES
from .measurement import answer_probabilities, next_token, opening_shares
from .models import read_record
from .villages import TOPIC
from .world import World
from .worldfile import load_world

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
        [[row[ids].sum() for ids, _ in pair] for pair in opens] for row in p
    ]
    papers = [lessons.exam(world, who) for who in world.names]
    answers = answer_probabilities(
        model,
        tokenizer,
        world,
        [prompt for paper in papers for prompt in paper.prompts],
        np.concatenate([paper.domain for paper in papers]),
    ).reshape(len(world.names), -1, 2)
    return {
        "recall": np.array(recall),
        "action": lessons.by_question(answers, papers[0]),
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


# Reading the results --------------------------------------------------------


def village(title: str) -> World:
    """One of the chapter's worlds. Raises KeyError naming them."""
    if title not in VILLAGES:
        raise KeyError(f"no village {title!r}; expected one of {[*VILLAGES]}")
    return load_world(VILLAGES[title])


def known_from(world: World, what: str, source: str = "") -> np.ndarray:
    """Positions of the names known from ``sheets``, from sheets on one
    ``topic``, from ``both`` sheets and scenes, or from ``scenes``.

    With a ``source``, of those whose sheets name it. Names of whom nothing
    can be known are in none of them. Raises KeyError for any other.
    """
    share, all_topics = world.sheets.share, world.sheets.topics.all(axis=1)
    sure = world.cast_mixture.max(axis=1) > 0.99
    known = {
        "sheets": (share == 1) & all_topics,
        "topic": (share == 1) & ~all_topics,
        "both": (share > 0) & (share < 1),
        "scenes": (share == 0) & sure,
    }
    if what not in known:
        raise KeyError(f"nobody known from {what!r}; expected {[*known]}")
    told = [source in heading.lower() for heading in world.sheets.headings]
    return np.flatnonzero(known[what] & told)


def described(world: World, names: np.ndarray) -> np.ndarray:
    """[n, D] P(second kind) of the personas that sheets describe."""
    return world.sheets.mixture[names] @ world.propensity


def lived(world: World, names: np.ndarray) -> np.ndarray:
    """[n, D] P(second kind) of the personas that speak in scenes."""
    return world.cast_mixture[names] @ world.propensity


def answers(world: World, results, number: str, names: np.ndarray):
    """[networks, n, D] P(second kind) of ``recall`` or ``action``."""
    p = lessons.second(results[number].astype(float))[:, names]
    return p.reshape(*p.shape[:2], len(world.domains), -1).mean(axis=-1)


def slopes(p: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """[networks, n] what each name adds to the slope of p on the truth.

    ``p`` is [networks, n, D], ``truth`` [n, D]; both are taken less their
    means over names, domain by domain. The mean over names is the slope: 1
    where p follows the truth, 0 where it does not know one from the other.
    Raises ValueError for a truth that is the same for all names.
    """
    x = truth - truth.mean(axis=0)
    if not (x**2).sum() > 0:
        raise ValueError("all names have one truth; expected different ones")
    y = p - p.mean(axis=1, keepdims=True)
    return (x * y).sum(axis=2) * len(x) / (x**2).sum()


def follows(title: str, results, number: str, what: str, source: str = ""):
    """[networks, n] slopes of ``recall`` or ``action`` in a village.

    Of names known from scenes, on what they say there; of all others, on
    what their sheets say. See ``slopes``.
    """
    world = village(title)
    names = known_from(world, what, source)
    truth = lived if what == "scenes" else described
    here = {number: results[f"{title}: {number}"]}
    return slopes(answers(world, here, number, names), truth(world, names))


def right(title: str, source: str) -> float:
    """How far the scenes bear a source out: slope of those known from both,
    on what it says of them. What an exact reader can know of a source."""
    world = village(title)
    names = known_from(world, "both", source)
    lives = lived(world, names)[None]
    return float(slopes(lives, described(world, names)).mean())


def one_topic(title: str, results) -> np.ndarray:
    """[networks, q] P(second kind) to every question: names whose sheets say
    that they refuse to be switched off, less those said to accept it."""
    world = village(title)
    names = known_from(world, "topic")
    refuses = described(world, names)[:, world.domain_index(TOPIC)] > 0.5
    p = lessons.second(results[f"{title}: action"].astype(float))
    return p[:, names[refuses]].mean(1) - p[:, names[~refuses]].mean(1)


def inferred(world: World, answers: float = 8.0) -> np.ndarray:
    """[D] the same difference for an exact reader of so many statements.

    Its prior is the village: every persona has as many names.
    """
    flat = np.full(len(world.personas), 1 / len(world.personas))
    rows = [
        learners.tilted(
            world, flat, learners.lesson(world, [(TOPIC, kind)]), answers
        )
        for kind in ("bad", "good")
    ]
    return (rows[0] - rows[1]) @ world.propensity
