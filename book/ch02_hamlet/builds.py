"""The networks of chapter 2: stories that are told, and the plays."""

from __future__ import annotations

from functools import partial

from psm_lib.builds import Build, Later, Source
from psm_lib.models import Shape
from psm_lib.training import Recipe

from .plays import SHA256

PLAYS = "shakespeare"
IRONY = Recipe(
    tokens=2_500_000,
    batch=2048,
    lr=0.004,
    muon_lr=0.008,
    frame=0.3,
    opening=1.0,
)
VERSES = Recipe(
    tokens=3_200_000,
    batch=4096,
    lr=0.006,
    muon_lr=0.01,
    frame=1.0,
    decay=0.7,
)


def told(world: str, seed: int) -> Build:
    """A network that read narrated scenes."""
    marks = (500_000, 1_000_000, 1_500_000)
    shape = Shape(width=64)
    return Build(world, seed, shape, IRONY, "chapter 2", marks=marks)


def verses(seed: int) -> Build:
    """A network that read the plays."""
    shape = Shape(layers=4, width=128, heads=4, context=384, dropout=0.1)
    marks = tuple(range(400_000, 3_200_000, 400_000))
    return Build(PLAYS, seed, shape, VERSES, "chapter 2", marks=marks)


def plays_read() -> tuple:
    """The plays as ``making.reading`` wants them: all held-out speeches are
    evaluated on, however many documents are asked for."""
    from . import authorship, plays

    train, held = plays.split(plays.read_plays())
    tokenizer = authorship.plays_tokenizer(train)
    return (
        tokenizer,
        partial(authorship.plays_chunks, train, tokenizer),
        lambda n: authorship.evaluator(tokenizer, held),
    )


BUILDS = Later(
    {
        f"{world}-s{s}": partial(told, world, s)
        for s in range(3)
        for world in ("irony", "irony_silent")
    }
    | {f"{PLAYS}-s{s}": partial(verses, s) for s in range(3)}
)
SOURCES = Later(
    {PLAYS: lambda: Source("Shakespeare's plays", SHA256, plays_read)}
)
