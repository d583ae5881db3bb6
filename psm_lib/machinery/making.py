"""Making checkpoints; those of the book are listed in the core's ``builds``.

``rebuild("playhouse-s0")`` pretrains from the world file and the seed,
measures what came out, writes a model card that says so, and saves the folder
in one step. An interrupted run resumes.
Introduced in chapter 1.
"""

from __future__ import annotations

import json
import os
import platform
import shlex
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from safetensors.torch import load_model
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from .. import evaluation, models, narration, training
from ..builds import (
    BUILDS,
    MARKS,
    QUICK,
    ROOM,
    SINGLE,
    Build,
    build_of,
    source_of,
)
from ..corpus import sample_pieces, world_chunks
from ..training import Chunk
from ..world import World, sample_scenes
from ..worldfile import load_world
from ..worldfile.files import resolved, world_hash
from . import runs, states, store
from .card import model_card
from .decoders import some
from .disk import alone, saving, write_whole
from .store import checkpoint_folder, rebuild_command
from .team import Team, lead, possible

POLISH_STREAM = 5000  # added to the seed, for text not yet read


def evaluator(
    world: World, tokenizer: PreTrainedTokenizerFast, n: int = 192
) -> Callable[[PreTrainedModel], dict]:
    """A function model -> numbers, on a fixed set of unseen documents.

    Raises ValueError for a world that mixes narrated scenes with others, and
    when there is nothing to measure on.
    """
    if n < 1:
        raise ValueError(f"{n} documents; expected 1 or more")
    rng = np.random.default_rng(20260223)
    if 0 < world.documents.get("narrated", 0) < 1:
        raise ValueError(
            "there is no joint floor for narrated scenes mixed with others; "
            "expected a world of one sort"
        )
    if world.documents.get("narrated", 0) == 1:
        told = narration.sample_stories(world.stories, n, rng)
        return lambda model: evaluation.story_quality(
            model, tokenizer, world, told
        )
    scenes = sample_scenes(world, n, rng)
    scenes = scenes.take(np.flatnonzero(~scenes.sheet))
    if len(scenes) == 0:
        raise ValueError(
            f"none of the {n} documents is a scene; expected more documents"
        )
    return lambda model: asdict(
        evaluation.quality(model, tokenizer, world, scenes)
    )


def asked_world(
    name: str | Path,
    tokenizer: PreTrainedTokenizerFast,
    other: str | Path | dict | None = None,
) -> tuple[World, str]:
    """The world to measure a checkpoint against, and what to know of it.

    That is the one which the checkpoint carries, whatever became of the file
    since; or ``other``, which must be asked for. Raises ValueError when there
    is none, or the network cannot read the other.
    """
    record = store.read_record(name)
    carried = record.get("world_sha256")
    if other is None and source_of(record["world"]):
        raise ValueError(
            f"{name} read {record['world']}, which has no exact floor; "
            "expected a checkpoint of a world. Its card has its loss"
        )
    if other is None and carried is None:
        raise ValueError(
            f"{name} does not carry the world it was trained on, as networks "
            "made earlier do not; pass --world with that world"
        )
    if other is None:
        told = "" if _still(record) else "which has been changed since"
        return store.world_of(name), told
    world = load_world(other)
    if carried == world_hash(other):
        return world, ""
    _readable(name, tokenizer, world, record["shape"]["context"])
    return world, (
        "not the world it was trained on"
        if carried
        else "which may not be the world it was trained on"
    )


def _still(record: dict) -> bool:
    """Whether the world that a checkpoint was made from is still what it
    carries, or is gone."""
    try:
        return world_hash(record["world"]) == record["world_sha256"]
    except OSError:
        return True
    except ValueError:  # no world any more
        return False


def _readable(
    name: str | Path,
    tokenizer: PreTrainedTokenizerFast,
    world: World,
    context: int,
) -> None:
    """Raises ValueError for a world that a network cannot read."""
    known = tokenizer.get_vocab()
    new = [w for w in models.world_vocabulary(world) if w not in known]
    if new:
        words = some(word.strip() or repr(word) for word in new)
        raise ValueError(
            f"{name} cannot read {world.name}: it does not know {words}; "
            "expected a world made of the words of its own"
        )
    encode, rng = models.Encoder(tokenizer), np.random.default_rng(0)
    documents = sample_pieces(world, 256, rng)
    longest = max(len(encode(pieces).ids) for pieces in documents)
    if longest > context:
        raise ValueError(
            f"{name} cannot read {world.name}: it has documents of {longest} "
            f"tokens, and the network's context is {context}"
        )


def checkpoint(
    name: str,
) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """A shipped checkpoint, or with PSM_RETRAIN=1 one pretrained here.

    The latter goes to the folder ``my_checkpoints``, made once and reused;
    see ``once`` for what is raised when it has become another meanwhile.
    ``playhouse-s0@493979`` is the same network after so many tokens; see
    ``snapshots``.
    """
    if "@" in name:
        return snapshot(*name.split("@"))
    if os.environ.get("PSM_RETRAIN") != "1":
        return store.load_checkpoint(name)
    folder = Path("my_checkpoints") / name
    command = f"{rebuild_command(name)} --out {folder}"
    return store.load_checkpoint(once(build_of(name), folder, command))


def built(name: str) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """A checkpoint of a build, made first when it is not here.

    Raises KeyError for an unknown name, and as ``once`` does.
    """
    folder = once(build_of(name), _home(name), rebuild_command(name))
    return store.load_checkpoint(folder)


def snapshots(name: str) -> list[int]:
    """The moments of a pretraining, in tokens, whose weights were kept.

    They are not shipped: 20 a network. Raises FileNotFoundError naming the
    command that makes them.
    """
    files = sorted(_kept(checkpoint_folder(name)).glob("*.safetensors"))
    if not files:
        raise FileNotFoundError(
            f"no weights along the pretraining of {name} are kept here; "
            f"{rebuild_command(name)} makes them"
        )
    return sorted(int(file.stem) for file in files)


def snapshot(
    name: str, tokens: str
) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """A network as it was after so many tokens; see ``snapshots``."""
    if name not in BUILDS or int(tokens) not in snapshots(name):
        raise KeyError(
            f"no weights of {name!r} after {tokens} tokens; expected a "
            f"checkpoint of {[*BUILDS]} and one of its `snapshots`"
        )
    build = BUILDS[name]
    world = load_world(build.world)
    tokenizer = models.world_tokenizer(world)
    model = models.new_model(tokenizer, build.shape, build.seed)
    file = _kept(checkpoint_folder(name)) / f"{tokens}.safetensors"
    load_model(model, str(file), strict=False)
    return model, tokenizer


def pretrain(
    world: str | Path,
    folder: str | Path | None = None,
    seed: int = 0,
    tokens: int | None = None,
    workers: int | None = None,
    force: bool = False,
    stagings: int | None = None,
) -> Path:
    """Pretrain a network of one's own on a world, from scratch.

    Returns its folder, ``my_checkpoints/WORLD-sSEED`` unless another is
    given, which ``load_checkpoint`` opens. By default it reads five million
    tokens in two processes (``workers``), or in one where PyTorch has no
    gloo; another number makes another network. So does another number of
    ``stagings`` of each scene: with 1 the network learns from the text alone.
    An interrupted run goes on when asked for again. Raises as ``make`` does.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     made = pretrain("tastes", f"{place}/a", tokens=999, workers=1)
    ...     model, tokenizer = store.load_checkpoint(made)
    """
    if workers is None and not possible():
        workers = 1
        print(
            "one process: this PyTorch has no gloo for two. (The network is "
            "another one than two would make.)",
            file=sys.stderr,
        )
    workers = workers or QUICK.workers
    recipe = SINGLE if workers == 1 else replace(QUICK, workers=workers)
    recipe = replace(
        recipe,
        tokens=tokens or recipe.tokens,
        stagings=stagings or recipe.stagings,
    )
    words = ["python", "-m", "psm_lib", "pretrain", str(world)]
    words += ["--seed", str(seed), "--tokens", str(recipe.tokens)]
    words += ["--workers", str(workers)]
    words += ["--stagings", str(stagings)] if stagings else []
    words += ["--out", str(folder)] if folder else []
    if folder is None:
        folder = Path("my_checkpoints") / f"{Path(world).stem}-s{seed}"
    marks = MARKS[1::3]  # to look takes seconds, in which nobody learns
    build = Build(str(world), seed, ROOM, recipe, "your own", marks)
    return make(build, folder, shlex.join(words), force)


def rebuild(
    name: str,
    out: str | Path | None = None,
    force: bool = False,
) -> Path:
    """Make the checkpoint of a build again; returns its folder.

    Raises KeyError for an unknown name, and as ``make`` does.
    """
    build, command = build_of(name), rebuild_command(name)
    if out is None:
        return make(build, _home(name), command, force)
    command += f" --out {shlex.quote(str(out))}"
    return make(build, Path(out), command, force)


def _home(name: str) -> Path:
    """The folder of a build's checkpoint."""
    shipped = build_of(name).shipped
    return (store.CHECKPOINTS if shipped else store.UNSHIPPED) / name


Text = Callable[[int, int], Chunk]
# Gives a new network its weights; returns the log of evaluations.
Train = Callable[
    [Build, Path, PreTrainedModel, Text, training.Evaluate], list[dict]
]


def reading(
    build: Build,
) -> tuple[
    str, PreTrainedTokenizerFast, Text, Callable[[int], training.Evaluate]
]:
    """What a build is trained on: title, tokenizer, text, evaluations.

    ``text(seed, stagings)`` gives chunks; ``evaluate_on(n)`` an evaluation on
    n documents, which raises ValueError as ``evaluator`` does.
    """
    if source := source_of(build.world):
        recipes = (build.recipe, build.polish or build.recipe)
        if (most := max(recipe.stagings for recipe in recipes)) > 1:
            raise ValueError(
                f"{most} stagings of {source.title}, which is written "
                "already; expected 1"
            )
        tokenizer, written, evaluate_on = source.reader()
        return (
            source.title,
            tokenizer,
            lambda seed, stagings: written(seed),
            evaluate_on,
        )
    world = load_world(build.world, build.shape.context)
    size = build.recipe.chunk
    tokenizer = models.world_tokenizer(world)
    return (
        world.title,
        tokenizer,
        lambda seed, stagings: world_chunks(
            world, tokenizer, seed, size, stagings
        ),
        lambda n: evaluator(world, tokenizer, n),
    )


def make(build: Build, folder: str | Path, command: str, force: bool) -> Path:
    """Pretrain as the build says and save the result in ``folder``.

    An interrupted run goes on where it was. Raises FileExistsError when the
    folder exists and ``force`` is not given, when it holds what is no
    checkpoint, or when the interrupted run is another; disk.Busy when another
    process is at it.
    """
    folder = Path(folder)
    if folder.name in ("", ".."):  # of `.` and the like
        folder = folder.resolve()
    _replaceable(folder, force)
    with alone(folder, "wait, or stop it, or pass another --out FOLDER"):
        _replaceable(folder, force)  # it may have come meanwhile
        return _make(build, folder, command, force, _train)


def once(
    build: Build, folder: Path, command: str, train: Train | None = None
) -> Path:
    """The folder of a network that is made where it is missing, and reused.

    Where another process makes it this one waits. Raises CheckpointError
    when it was made otherwise than ``build`` says now: with another world,
    seed, shape or recipe. ``command`` makes it again. ``train`` is what else
    than a pretraining by itself gives the network its weights.
    """
    if not folder.exists():
        with alone(folder, wait=True):
            if not folder.exists():
                _make(build, folder, command, False, train or _train)
    runs.same_network(folder, build, command)
    return folder


def _replaceable(folder: Path, force: bool) -> None:
    """Raises FileExistsError for a place that a checkpoint must not take."""
    if not folder.exists():
        return
    if not force:
        raise FileExistsError(
            f"{folder} exists; pass --force to replace it, or --out FOLDER"
        )
    found = {p.name for p in folder.iterdir()} if folder.is_dir() else {""}
    found.discard(".DS_Store")  # which macOS leaves wherever one looks
    if "psm.json" in found:
        try:
            text = (folder / "psm.json").read_text(encoding="utf-8")
            found -= {"psm.json", *json.loads(text)["sha256"]}
        except (ValueError, KeyError, TypeError):
            found = set()  # a checkpoint that is damaged
    if found:
        foreign = ", ".join(sorted(found - {""})[:3]) or "a file"
        raise FileExistsError(
            f"{folder} holds what is no part of a checkpoint ({foreign}) and "
            "is not replaced; move that away, or pass another --out FOLDER"
        )


def _make(
    build: Build, folder: Path, command: str, force: bool, train: Train
) -> Path:
    """What ``make`` does once it has the folder for itself; ``command`` is
    the one that does the same again."""
    given, run = build, runs.folder_of(folder)
    source = source_of(build.world)
    if source is None:
        load_world(build.world)  # what is wrong is told with the file's name
        # As it is now: the file may be edited while the network learns.
        build = replace(build, world=resolved(build.world))
    title, tokenizer, text, evaluate_on = reading(build)
    runs.enter(run, build)
    model = models.new_model(tokenizer, build.shape, build.seed)
    log = train(build, folder, model, text, evaluate_on(192))
    final = evaluate_on(1024)(half(model))
    record = {
        "name": folder.name,
        "world": given.world,
        "seed": build.seed,
        "shape": asdict(build.shape),
        "recipe": asdict(build.recipe),
        "polish": asdict(build.polish) if build.polish else None,
        "parameters": models.size(model),
        "device": model.device.type,
        "python": python_version(),
        "command": command,
        "probe": store.probe(model, tokenizer),
        "results": {k: round(v, 5) for k, v in final.items()},
        "seconds": round(log[-1]["seconds"]),
        "log": [
            {k: round(v, 5) for k, v in row.items() if k != "seconds"}
            for row in log
        ],
    }
    world = None if source else build.world
    card = model_card(record, build.about, title)
    with saving(folder):
        saved = store.save_checkpoint(
            folder, model, tokenizer, card, record, force, world
        )
    # Now, and not before: until here the run can go on from its last chunk.
    shutil.rmtree(_kept(folder), ignore_errors=True)
    if build.keep:
        (run / "snapshots").rename(_kept(folder))
    shutil.rmtree(run, ignore_errors=True)
    return saved


def python_version() -> str:
    """The Python that runs this, as a card names it."""
    return f"{platform.python_implementation()} {platform.python_version()}"


def _train(
    build: Build,
    folder: Path,
    model: PreTrainedModel,
    text: Text,
    evaluate: training.Evaluate,
) -> list[dict]:
    """Pretrain, and polish if the build says so; an interrupted run goes on.

    All that is needed for it is in the run's folder; see ``runs``.
    """
    run = runs.folder_of(folder)
    state, rough, kept = run / "state", run / "rough", run / "snapshots"
    if not rough.exists():
        with lead(build.recipe.workers, assist, build, state) as team:
            log = training.pretrain(
                model,
                text(build.seed, build.recipe.stagings),
                build.recipe,
                evaluate,
                marks(build),
                state,
                folder.name,
                kept if build.keep else None,
                team,
                tidy=False,
            )
        if build.polish is None:
            return log
        keep_rough(rough, model, log)
        states.forget(state)
    if build.polish is None:
        raise RuntimeError(f"{rough} waits for a polish that is not asked for")
    log = json.loads((rough / "log.json").read_text(encoding="utf-8"))
    load_model(model, str(rough / "model.safetensors"), strict=False)
    more = training.pretrain(
        model,
        text(build.seed + POLISH_STREAM, build.polish.stagings),
        build.polish,
        evaluate,
        (),
        run / "polish",
        f"{folder.name}, polish",
        tidy=False,
    )
    for row in more:
        row["tokens"] += log[-1]["tokens"]
        row["seconds"] += log[-1]["seconds"]
    return log + more


def marks(build: Build) -> tuple[int, ...]:
    """The build's marks that come before its end."""
    return tuple(m for m in build.marks if m < build.recipe.tokens)


def assist(team: Team, build: Build, state: Path | None) -> None:
    """What a second process does while ``_train`` pretrains in the first."""
    os.environ["PSM_QUIET"] = "1"
    _, tokenizer, text, _ = reading(build)
    training.pretrain(
        models.new_model(tokenizer, build.shape, build.seed),
        text(build.seed, build.recipe.stagings),
        build.recipe,
        marks=marks(build),
        state=state,
        team=team,
    )


def keep_rough(rough: Path, model: PreTrainedModel, log: list[dict]) -> None:
    """Keep what the polish begins with, all of it or nothing."""
    part = rough.with_name(f"{rough.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    with saving(rough):
        part.mkdir(parents=True)
        states.keep_weights(model, part / "model.safetensors")
        write_whole(part / "log.json", json.dumps(log))
        part.replace(rough)


def _kept(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.snapshots")


def half(model: PreTrainedModel) -> PreTrainedModel:
    """The model with weights rounded as they will be stored."""
    return model.half().float()
