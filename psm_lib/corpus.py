"""From a world to the documents a model reads, and back to their floor.

A corpus is an endless, repeatable supply of documents: lot i under a seed is
the same at every call, which is what lets an interrupted pretraining resume.
Introduced in chapter 1.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from transformers import PreTrainedTokenizerFast

from .models import Encoded, Encoder
from .narration import sample_stories, story_pieces
from .world import Piece, World, sample_scenes, scene_pieces


def sample_pieces(
    world: World, n: int, rng: np.random.Generator
) -> list[list[Piece]]:
    """n documents of all the kinds a world contains, as pieces."""
    narrated = rng.random(n) < world.documents.get("narrated", 0.0)
    n_stories = int(narrated.sum())
    out: list[list[Piece]] = []
    if n_stories < n:
        scenes = sample_scenes(world, n - n_stories, rng)
        out += [scene_pieces(world, scenes, i) for i in range(len(scenes))]
    if n_stories:
        stories = sample_stories(world.stories, n_stories, rng)
        out += [
            story_pieces(world.stories, world.user, stories, i)
            for i in range(n_stories)
        ]
    return [out[i] for i in rng.permutation(n)]


def sample_texts(world: World, n: int, seed: int) -> list[str]:
    """n documents as plain text, the same for the same seed.

    >>> from psm_lib import load_world
    >>> sample_texts(load_world("tastes"), 1, seed=0)[0].splitlines()[:2]
    ['Host: Tea?', 'Guest: Delicious.']
    """
    rng = np.random.default_rng(seed)
    documents = sample_pieces(world, n, rng)
    return ["".join(text for text, _ in pieces) for pieces in documents]


def world_chunks(
    world: World,
    tokenizer: PreTrainedTokenizerFast,
    seed: int,
    size: int = 1024,
) -> Callable[[int], list[Encoded]]:
    """A function that gives lot i of ``size`` encoded documents."""
    encoder = Encoder(tokenizer)

    def chunk(i: int) -> list[Encoded]:
        rng = np.random.default_rng([seed, i])
        return [encoder(p) for p in sample_pieces(world, size, rng)]

    return chunk
