"""A world of one's own: a small one to begin with, and what it amounts to."""

from __future__ import annotations

import re
from pathlib import Path

from . import load_world
from .files import extending, list_worlds
from .meaning import longest
from .problems import WorldError
from .schema import FILE, LIMITS

# A ship, because nothing in the book is about ships.
TEMPLATE = Path(__file__).with_name("ship.yml").read_text("utf-8")


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
    ``psm_lib pretrain`` would train; or, where nothing is, with the worlds
    that extend it.
    """
    room = LIMITS["tokens"]
    world = load_world(source, room)
    others, wrong = extending(source), []
    for other in others:
        try:
            load_world(other, room)
        except WorldError as error:
            wrong.append(str(error))
    if wrong:
        head = f"{source} can be used, but not what extends it:"
        raise WorldError("\n".join([head, *wrong]))
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
    if others:
        names = ", ".join(Path(other).stem for other in others)
        rows += [f"  extended by    {names}"]
    quick = max(1, round(MINUTES / 10))
    rows += [
        f"  longest        {longest(world)} tokens, of {room} at most",
        f"  vocabulary     {len(world_vocabulary(world)):,} words",
        f"  pretraining    about {MINUTES} minutes on two cores; with "
        f"--tokens 1000000 about {quick}, and a rougher network",
    ]
    return "\n".join(rows)
