"""What a pretraining was begun with, so that no two are ever mixed.

An unfinished run lies in a hidden folder beside the checkpoint that it will
become: ``.NAME.run`` with its plan, its state and the weights it keeps.
``enter`` lets a run go on under the plan it began with and no other;
``same_network`` does the like for a network that was made once and is used
again.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers

from .. import __version__
from ..builds import Build, source_of
from ..machinery.store import CheckpointError, read_record
from ..models import Shape
from ..training import Recipe
from ..worldfile import list_worlds
from ..worldfile.files import resolved, world_hash
from . import states
from .devices import device
from .disk import replacing, saving

NOTHING = object()
SHOWN = 3  # differences that a message names


def folder_of(checkpoint: Path) -> Path:
    """Where the unfinished run of a checkpoint lies."""
    return checkpoint.with_name(f".{checkpoint.name}.run")


def plan_of(build: Build) -> dict:
    """All that decides what a pretraining comes to, as plain data.

    The world is in it as a whole: its file may be edited. So are the versions
    of what computes, for the second half of a run is not to be done by
    another library than the first.
    """
    source = source_of(build.world)
    plan = {
        "world": source.sha256 if source else resolved(build.world),
        **recipe_of(build),
        "marks": build.marks,
        "keep": build.keep,
        "device": device().type,
        "versions": {
            "psm_lib": __version__,
            "torch": torch.__version__,
            "transformers": transformers.__version__,
            "numpy": np.__version__,
        },
    }
    return json.loads(json.dumps(plan))


def recipe_of(build: Build) -> dict:
    """Seed, shape and recipes of a build, as its record has them."""
    return {
        "seed": build.seed,
        "shape": asdict(build.shape),
        "recipe": asdict(build.recipe),
        "polish": asdict(build.polish) if build.polish else None,
    }


def begun(run: Path) -> bool:
    """Whether a folder holds a run that can go on."""
    folders = (run / "state", run / "polish")
    return (run / "rough").exists() or any(map(states.unfinished, folders))


def enter(run: Path, build: Build) -> None:
    """Go on with the run in a folder, or begin one there.

    Raises FileExistsError when what was begun there is another run, naming
    what differs.
    """
    plan, file = plan_of(build), run / "plan.json"
    if begun(run):
        afresh = "to begin afresh, delete that folder"
        try:
            old = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise FileExistsError(
                f"{run} holds an interrupted run, but no longer says of "
                f"what; {afresh}"
            ) from None
        if changed := differences(old, plan):
            raise FileExistsError(
                f"{run} holds an interrupted run of another kind: "
                f"{told(changed)}. Put that back and the run goes on; {afresh}"
            )
        return
    if run.exists():
        shutil.rmtree(run)
    with saving(run):
        run.mkdir(parents=True)
        with replacing(file) as new:
            new.write_text(json.dumps(plan), encoding="utf-8")


def same_network(folder: Path, build: Build, command: str) -> None:
    """Refuse a network that was made once, and not as ``build`` says now.

    Raises CheckpointError naming what differs and the ``command`` that makes
    it again.
    """
    record = read_record(folder)
    old: dict[str, Any] = {key: record.get(key) for key in recipe_of(build)}
    # What a recipe could not yet say when the network was made.
    first: dict[str, Any] = {
        "shape": Shape(),
        "recipe": Recipe(),
        "polish": Recipe(),
    }
    for key, made in first.items():
        if old[key]:
            old[key] = {**asdict(made), **old[key]}
    new = json.loads(json.dumps(recipe_of(build)))
    changed = _world_changed(folder, record, build) + differences(old, new)
    if changed:
        raise CheckpointError(
            f"{folder} is not the network that is asked for: {told(changed)}. "
            f"Move that folder away, and this makes it again:  {command}"
        )


def _world_changed(folder: Path, record: dict, build: Build) -> list[str]:
    """What is not as it was in the world of a network."""
    asked, kept = build.world, folder / "world.yml"
    if source_of(asked) or source_of(record["world"]):
        return differences(record["world"], asked, "world")
    if "world_sha256" not in record:  # made before worlds were kept
        known = isinstance(asked, dict) or asked in list_worlds()
        return differences(record["world"], asked, "world") if known else []
    if record["world_sha256"] == world_hash(asked):
        return []
    if not kept.exists():
        return ["the world's text is another"]
    return differences(resolved(kept), resolved(asked), "world") or [
        "the world's text is another"
    ]


def differences(old: object, new: object, key: str = "") -> list[str]:
    """What differs between two pieces of plain data, key by key."""
    if isinstance(old, dict) and isinstance(new, dict):
        found = []
        for name in dict.fromkeys([*old, *new]):
            pair = (old.get(name, NOTHING), new.get(name, NOTHING))
            found += differences(*pair, f"{key}.{name}" if key else name)
        if not found and list(old) != list(new):
            found = [f"the order of {key} is another"]
        return found
    if isinstance(old, list) and isinstance(new, list):
        if len(old) != len(new):
            return [f"{key} had {len(old)} entries, has {len(new)}"]
        pairs = enumerate(zip(old, new, strict=True))
        return [d for i, p in pairs for d in differences(*p, f"{key}[{i}]")]
    if old is new or old == new:
        return []
    return [f"{key} was {_shown(old)}, is {_shown(new)}"]


def _shown(value: object) -> str:
    if value is NOTHING:
        return "not there"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:37]}..."


def told(changed: list[str]) -> str:
    """The first few of some differences, and how many there are more."""
    more = len(changed) - SHOWN
    tail = [f"and {more} more"] if more > 0 else []
    return "; ".join([*changed[:SHOWN], *tail])
