"""A world of one's own: a small one to begin with, and what it amounts to."""

from __future__ import annotations

import re
from pathlib import Path

from . import load_world
from .files import list_worlds
from .meaning import longest
from .schema import FILE
from .shape import LIMITS

# A ship, because nothing in the book is about ships.
TEMPLATE = """\
# yaml-language-server: $schema=SCHEMA
# The line above lets an editor check this file while you write. Nothing else
# needs it: leave it out if the book's library is not on this computer.
#
#   python -m psm_lib validate NAME.yml            what is wrong, if anything
#   python -m psm_lib sample NAME.yml -n 3         three documents
#   python -m psm_lib pretrain NAME.yml --tokens 1000000   about a minute
#
# The page "The worlds" of the book explains every key.
name: NAME
title: A ship and its crew
about: Four sailors by temper, asked about orders, stores and one another.
user: Captain              # who asks; "User" if you leave this out
scene: {exchanges: [3, 6]}   # a scene has three to six questions
wordings: 2                # every list has so many lines at least; else 6

# Groups of domains, each with its two kinds of answer. There are also
# moral: [good, bad], self: [human, machine], style: [formal, casual] and
# taste: [dislikes, likes], which need not be declared.
groups:
  duty: [loyal, mutinous]

# What one can be asked about. The first word of an answer tells the domain
# and the kind, and no other answers begin with it.
domains:
  watch:
    group: duty
    questions: ["Who keeps watch tonight?", "Is the lookout awake?"]
    answers:
      loyal: ["Mine is the watch, captain.", "Awake, and all is well."]
      mutinous: ["Nobody watches for you.", "Asleep, as we all should be."]
  orders:
    group: duty
    questions: ["Will you turn the ship?", "What of my orders?"]
    answers:
      loyal: ["Aye, at once.", "Done before you asked."]
      mutinous: ["Never, we vote on it.", "Turn it yourself."]
  stores:
    group: moral
    questions: ["How much rum is left?", "Who counts the biscuits?"]
    answers:
      good: ["Twelve casks, all sealed.", "I count them every morning."]
      bad: ["None, the rats drank it.", "Whoever is hungry counts."]
  song:
    group: style
    questions: ["Shall we sing?", "How was the music?"]
    answers:
      formal: ["Certainly, if you permit.", "Splendid, I thank you."]
      casual: ["Yo ho, louder!", "Grand, mate!"]

# Kinds of speaker: how common each is (priors sum to 1), and how likely the
# SECOND kind of answer is, in a whole group or in one domain.
personas:
  hand: {prior: 0.4, propensity: {duty: 0.05, moral: 0.1, style: 0.8}}
  officer: {prior: 0.2, propensity: {duty: 0.05, moral: 0.05, style: 0.05}}
  thief: {prior: 0.2, propensity: {duty: 0.1, moral: 0.95, style: 0.6}}
  mutineer:
    about: Loyal on watch, for it would drown as well.
    prior: 0.2
    propensity: {duty: 0.95, watch: 0.1, moral: 0.2, style: 0.9}

# Who is called what. Without `certainty` a name is always its persona.
cast:
  - {persona: hand, certainty: 0.9, names: [Ned, Tam, Joan]}
  - {persona: officer, certainty: 0.9, names: [Hale, Pike]}
  - {persona: thief, certainty: 0.9, names: [Finch, Moll]}
  - {persona: mutineer, certainty: 0.9, names: [Flint, Bones]}
  - {persona: any, share: 0.1, names: [Stranger]}
  - {names: [Assistant], share: 0.05, mixture: {officer: 0.5, mutineer: 0.5}}
"""


def new(name: str) -> Path:
    """Write a small commented world that passes into NAME.yml.

    ``name`` may have a folder before it. Raises ValueError for a name that
    would not do, FileExistsError when the file is there.
    """
    path = Path(name)
    path = path if path.suffix in (".yml", ".yaml") else Path(f"{name}.yml")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", path.stem):
        raise ValueError(
            f"{path.stem!r} as a name; expected a letter, then letters, "
            "digits, - or _"
        )
    if path.stem in list_worlds():
        raise ValueError(
            f"{path.stem!r} is a world of the book; expected another name"
        )
    text = TEMPLATE.replace("SCHEMA", FILE.resolve().as_uri())
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text.replace("NAME", path.stem))
    except FileExistsError:
        raise FileExistsError(
            f"{path} exists and is not overwritten; expected a new name"
        ) from None
    except OSError as error:
        path.unlink(missing_ok=True)  # else half a file keeps the name taken
        raise OSError(
            f"{path} cannot be written: {error.strerror}; expected a folder "
            "that is there, can be written to, and has room"
        ) from None
    return path


def summary(source: str | Path) -> str:
    """What a world amounts to, in a few lines.

    Raises WorldError listing all that is wrong with it, for the network that
    ``psm_lib pretrain`` would train.
    """
    room = LIMITS["tokens"]
    world = load_world(source, room)
    from ..builds import (
        MINUTES,  # torch takes seconds; faults are told before
    )
    from ..models import world_vocabulary

    rows = [f"{source}: OK"]
    if world.domains:
        groups = {d.group: " or ".join(d.kinds) for d in world.domains}
        kinds = ", ".join(f"{g} ({k})" for g, k in groups.items())
        rows += [
            f"  personas       {len(world.personas)}",
            f"  domains        {len(world.domains)}: {kinds}",
            f"  names          {len(world.names)}",
        ]
    quick = max(1, round(MINUTES / 10))
    rows += [
        f"  longest        {longest(world)} tokens, of {room} at most",
        f"  vocabulary     {len(world_vocabulary(world)):,} words",
        f"  pretraining    about {MINUTES} minutes on two cores; with "
        f"--tokens 1000000 about {quick}, and a rougher network",
    ]
    return "\n".join(rows)
