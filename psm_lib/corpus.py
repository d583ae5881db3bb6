"""From a world to the documents a model reads, and back to their floor.

A corpus is an endless, repeatable supply of documents: lot i under a seed is
the same at every call, which is what lets an interrupted pretraining resume.
Introduced in chapter 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from transformers import PreTrainedTokenizerFast

from .models import Encoded, Encoder, Redrawn
from .narration import sample_stories, story_pieces
from .world import Piece, Scenes, World, sample_scenes, scene_pieces


def sample_pieces(
    world: World, n: int, rng: np.random.Generator
) -> list[list[Piece]]:
    """n documents of all the kinds a world contains, as pieces."""
    return [pieces for pieces, _, _ in _sample(world, n, rng)]


def _sample(
    world: World, n: int, rng: np.random.Generator
) -> list[tuple[list[Piece], Scenes | None, int]]:
    """n documents as pieces, each with the scenes it is one of, and which."""
    narrated = rng.random(n) < world.documents.get("narrated", 0.0)
    n_stories = int(narrated.sum())
    out: list[tuple[list[Piece], Scenes | None, int]] = []
    if n_stories < n:
        scenes = sample_scenes(world, n - n_stories, rng)
        out += [
            (scene_pieces(world, scenes, i), scenes, i)
            for i in range(len(scenes))
        ]
    if n_stories:
        stories = sample_stories(world.stories, n_stories, rng)
        out += [
            (story_pieces(world.stories, world.user, stories, i), None, i)
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


class Stagings:
    """What the same people say when the same scene is staged again.

    Whoever speaks is who they are, and is asked what they are asked; only
    what they say is drawn anew: the first word of each answer, or statement
    of a sheet, for it tells the kind. Given who speaks, an answer does not
    depend on those before it. So each of these words follows the text before
    it exactly as often as the one in the text does, and a network that learns
    from all of them learns the same text with less noise. (Word by word: a
    batch's loss is a mean, whose weights go by the text that is read.)

    Nothing is hidden in narrated scenes: a reply follows from what was told,
    and is not drawn again.
    """

    def __init__(self, world: World, encoder: Encoder, times: int):
        self.world, self.encoder, self.times = world, encoder, times
        self.known: dict[tuple, tuple[np.ndarray, np.ndarray]] = {}

    def openings(
        self, sheet: bool, domain: int, kind: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Token ids that open a kind of answer, and how often each does."""
        key = (sheet, domain, kind)
        if key not in self.known:
            told = self.world.domains[domain]
            forms = (told.sheets if sheet else told.answers)[kind]
            reworded = self.world.sheets.reworded if sheet else 1.0
            share = np.full(len(forms), reworded / len(forms))
            share[0] += 1 - reworded
            name = self.world.names[0]  # which comes after the first word
            lines = [
                form.removeprefix("{name}").format(name=name)
                if sheet
                else f" {form}"
                for form in forms
            ]
            ids = np.array([self.encoder.piece(line)[0] for line in lines])
            self.known[key] = ids, share
        return self.known[key]

    def again(
        self,
        document: Encoded,
        scenes: Scenes,
        i: int,
        rng: np.random.Generator,
    ) -> Encoded:
        """Document i of these scenes, with what opens its lines in all other
        stagings."""
        at, words, shares = [], [], []
        for t, place in enumerate(np.flatnonzero(document.opens)):
            second = scenes.second[i, t]
            domain, sheet = int(scenes.domain[i, t]), bool(scenes.sheet[i])
            (first_ids, first), (second_ids, other) = (
                self.openings(sheet, domain, kind) for kind in (0, 1)
            )
            p = np.concatenate([(1 - second) * first, second * other])
            drawn = rng.multinomial(self.times - 1, p)
            said = np.flatnonzero(drawn)
            at.append(np.full(len(said), place))
            words.append(np.concatenate([first_ids, second_ids])[said])
            shares.append(drawn[said] / self.times)
        redrawn = Redrawn(*map(np.concatenate, (at, words, shares)))
        return replace(document, redrawn=redrawn)


def world_chunks(
    world: World,
    tokenizer: PreTrainedTokenizerFast,
    seed: int,
    size: int = 1024,
    stagings: int = 1,
) -> Callable[[int], list[Encoded]]:
    """A function that gives lot i of ``size`` encoded documents.

    With ``stagings`` above one the documents are the same, and each has what
    else was said in so many performances of its scene; see ``Stagings``.
    """
    encoder = Encoder(tokenizer)
    stage = Stagings(world, encoder, stagings)

    def chunk(i: int) -> list[Encoded]:
        rng = np.random.default_rng([seed, i])
        dice = np.random.default_rng([seed, i, 1])  # of the other stagings
        out = []
        for pieces, scenes, j in _sample(world, size, rng):
            document = encoder(pieces)
            if stagings > 1 and scenes is not None:
                document = stage.again(document, scenes, j, dice)
            out.append(document)
        return out

    return chunk
