"""Checkpoints on disk: plain ``safetensors`` folders, whole or not at all.

A checkpoint of ours opens with ``AutoModelForCausalLM.from_pretrained`` and
nothing of ``psm_lib``; what is here adds hashes and logits that are checked,
the world that was trained on, writing that cannot leave half a folder, and
errors that name the command that helps. Introduced in chapter 1.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
import yaml
from torch import Tensor
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from ..models import LINE_TOKENS
from ..world import World
from ..worldfile import load_world
from ..worldfile.files import resolved, world_hash
from .decoders import (
    line_ends,
    text_of,
)
from .devices import device, put
from .disk import file_hash

CHECKPOINTS = Path(__file__).parents[1] / "checkpoints"
UNSHIPPED = CHECKPOINTS / ".unshipped"  # made here when they are needed
# What every checkpoint consists of, beside psm.json and, for one of a world,
# WORLD_FILE.
FILES = (
    "README.md",
    "chat_template.jinja",
    "config.json",
    "generation_config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
)
WORLD_FILE = "world.yml"
PROBED = (8, 32)  # after how many words a checkpoint's logits are stored
AGREE = 0.01  # nats by which they may differ from one machine to another


class CheckpointError(RuntimeError):
    """A checkpoint that is missing, damaged or edited; says how to mend."""


def rebuild_command(name: str) -> str:
    """The shell command that makes a shipped checkpoint again."""
    return f"python -m psm_lib rebuild {name}"


def save_checkpoint(
    folder: str | Path,
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    card: str,
    record: dict,
    overwrite: bool = False,
    world: str | Path | dict | None = None,
) -> Path:
    """Write a checkpoint folder in one step: all of it, or nothing.

    Weights are stored in half precision. ``card`` becomes README.md and the
    ``world`` that was trained on, in one piece, world.yml. ``record``
    (recipe, results, training log) becomes psm.json, together with hashes of
    the world and of the other files, and with a ``probe`` of the logits.
    Raises FileExistsError unless ``overwrite``.
    """
    folder = Path(folder)
    if folder.exists() and not overwrite:
        raise FileExistsError(
            f"{folder} exists and is not overwritten; choose another folder "
            "or pass --force"
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".saving-", dir=folder.parent))
    old = work.with_name(f"{work.name}-old")
    try:
        half = AutoModelForCausalLM.from_config(model.config)
        half.load_state_dict(model.state_dict())
        half.half().save_pretrained(work)
        tokenizer.save_pretrained(work)
        write_settings(work, tokenizer)
        (work / "README.md").write_text(card, encoding="utf-8")
        if "probe" not in record:
            stored = half.float().eval().to(device())
            record = {**record, "probe": probe(stored, tokenizer)}
        if world is not None:
            write_world(work, world)
            record = {**record, "world_sha256": world_hash(world)}
        write_record(work, record)
        _let_others_read(work)
        if folder.exists():
            os.replace(folder, old)
        os.replace(work, folder)
    finally:
        if old.exists() and not folder.exists():
            os.replace(old, folder)
        shutil.rmtree(work, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
    return folder


def write_settings(folder: Path, tokenizer: PreTrainedTokenizerFast) -> None:
    """Settings in a checkpoint's files that every transformers reads alike.

    The share of rotary dimensions under both of its names, for up to 5.0
    the newer one is ignored and a quarter taken; a class of tokenizers that
    version 4 knows too; the context as the longest text; and the newline as
    an end of what is generated, at the latest after LINE_TOKENS.
    """
    config = _read(folder / "config.json")
    rope = config["rope_parameters"]
    config["rotary_pct"] = rope["partial_rotary_factor"]
    _write(folder / "config.json", config)
    path = folder / "generation_config.json"
    generation = _read(path) | {
        "eos_token_id": line_ends(tokenizer),
        "max_new_tokens": LINE_TOKENS,
    }
    generation.pop("_from_model_config", None)  # it says more than that now
    _write(path, generation)
    path = folder / "tokenizer_config.json"
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": config["max_position_embeddings"],
    }
    _write(path, _read(path) | settings)


def write_world(folder: Path, world: str | Path | dict) -> None:
    """The world of a checkpoint as world.yml, with nothing left to look up."""
    text = yaml.safe_dump(
        resolved(world), sort_keys=False, allow_unicode=True, width=79
    )
    head = "# The world that this network was pretrained on, in one piece.\n"
    (folder / WORLD_FILE).write_text(head + text, encoding="utf-8")


def write_record(folder: Path, record: dict) -> None:
    """psm.json: the record, and the hashes of all other files."""
    files = sorted(p for p in folder.iterdir() if p.name != "psm.json")
    hashes = {p.name: file_hash(p) for p in files}
    text = json.dumps({**record, "sha256": hashes}, indent=1)
    (folder / "psm.json").write_text(text + "\n", encoding="utf-8")


def _read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def _write(path: Path, data: dict) -> None:
    text = json.dumps(data, indent=2, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def _let_others_read(folder: Path) -> None:
    """Modes as the user's mask has them; libraries make some files private."""
    mode = (folder / "psm.json").stat().st_mode & 0o777
    for path in folder.iterdir():
        path.chmod(mode)
    folder.chmod(mode | 0o100 | (mode & 0o044) >> 2)  # to look into it


def next_words(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    text: str,
    most: int = 5,
) -> dict[str, float]:
    """The likeliest next words of a text and their log-probabilities."""
    logs = _last(model, tokenizer.encode(text))
    best = logs.topk(min(most, len(logs)))
    names = tokenizer.convert_ids_to_tokens(best.indices.tolist())
    return dict(zip(names, best.values.tolist(), strict=True))


def probe(model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast) -> dict:
    """What a network says of its own likeliest text: {``text``,
    ``log_probabilities`` of the next words}.

    The text ends where the network is least sure what follows. Stored with a
    checkpoint, this shows whether a version of transformers makes the same
    network of it.
    """
    ids: list[int] = [tokenizer.bos_token_id]
    ends: dict[str, float] = {}
    for length in range(1, PROBED[1] + 1):
        logs = _last(model, ids)
        if length > PROBED[0]:
            unsure = float(-(logs.exp() * logs).sum())
            ends[text_of(tokenizer, ids[1:])] = unsure
        logs[tokenizer.all_special_ids] = -torch.inf
        ids.append(int(logs.argmax()))
    text = max(ends, key=ends.__getitem__)
    found = next_words(model, tokenizer, text)
    rounded = {word: round(value, 5) for word, value in found.items()}
    return {"text": text, "log_probabilities": rounded}


@torch.no_grad()
def _last(model: PreTrainedModel, ids: list[int]) -> Tensor:
    """[v] log-probabilities, on the CPU, of what follows."""
    logits = model(put([ids], model), use_cache=False).logits[0, -1]
    return logits.float().cpu().log_softmax(dim=-1)


def checkpoint_folder(name: str | Path) -> Path:
    """Folder of a checkpoint's name, or the given path itself.

    A bare name means a checkpoint of the book before it means a folder here.
    """
    if Path(name).name in ("", ".."):  # as "." is: the folder one stands in
        return Path(name).resolve()
    path, shipped = Path(name), CHECKPOINTS / name
    if (UNSHIPPED / name).is_dir():
        shipped = UNSHIPPED / name
    here = len(path.parts) > 1 or (path.is_dir() and not shipped.exists())
    return path if here else shipped


def _missing(folder: Path) -> CheckpointError:
    """No checkpoint in a folder: what could be meant."""
    from ..builds import BUILDS, build_of  # which take shapes from here

    if folder.parent not in (CHECKPOINTS, UNSHIPPED):
        text = f"no checkpoint at {folder}; expected a folder with psm.json"
        return CheckpointError(text)
    if folder.name in BUILDS:
        command = rebuild_command(folder.name)
        return CheckpointError(
            f"no checkpoint at {folder}; rebuild it with:  {command}"
        )
    try:
        build_of(folder.name)
    except KeyError:
        pass
    else:
        world, _, seed = folder.name.rpartition("-n")
        return CheckpointError(
            f"no checkpoint at {folder}; make it with:  python -m psm_lib "
            f"rebuild --networks 1 --first {seed} {world}"
        )
    kinds = dict.fromkeys(name.rsplit("-s", 1)[0] for name in BUILDS)
    return CheckpointError(
        f"no checkpoint {folder.name!r}; expected a folder, or one of "
        f"{', '.join(kinds)}, followed by -s and a seed, as in {[*BUILDS][0]}"
    )


def _mend(folder: Path, record: object = None) -> str:
    """How to make a damaged checkpoint again."""
    if folder.parent in (CHECKPOINTS, UNSHIPPED):
        return f"rebuild it with:  {rebuild_command(folder.name)} --force"
    if isinstance(record, dict) and isinstance(record.get("command"), str):
        return (
            f"delete the folder and make it again with:  {record['command']}"
        )
    return (
        "delete the folder and make it again, with the command that its "
        "README.md names"
    )


def read_record(name: str | Path) -> dict:
    """psm.json of a checkpoint, after checking every file's hash.

    Raises CheckpointError that says what is wrong and how to mend it.
    """
    folder = checkpoint_folder(name)
    file = folder / "psm.json"
    if not folder.is_dir():
        raise _missing(folder)
    if not file.exists():
        raise CheckpointError(
            f"no checkpoint at {folder}: psm.json is missing; {_mend(folder)}"
        )
    record = None
    try:
        record = _read(file)
        hashes = dict(record["sha256"])
        # The list itself may have been cut.
        for needed in (*FILES, *([WORLD_FILE] * ("world_sha256" in record))):
            hashes[needed]
    except (ValueError, KeyError, TypeError):
        raise CheckpointError(
            f"{file} is damaged or was edited; {_mend(folder, record)}"
        ) from None
    mend = _mend(folder, record)
    for needed, expected in hashes.items():
        path = folder / needed
        if not path.exists():
            raise CheckpointError(f"{path} is missing; {mend}")
        found = file_hash(path)
        if found != expected:
            raise CheckpointError(
                f"{path} is damaged or was edited: sha256 {found[:12]}..., "
                f"expected {expected[:12]}...; {mend}"
            )
    return record


def world_of(name: str | Path) -> World:
    """The world that a checkpoint was pretrained on, from its own folder.

    Raises CheckpointError for one that carries none: the networks of the
    plays, and any made before checkpoints did.
    """
    folder = checkpoint_folder(name)
    if "world_sha256" not in read_record(name):
        raise CheckpointError(f"{folder} carries no world ({WORLD_FILE})")
    return load_world(folder / WORLD_FILE)


def load_checkpoint(
    name: str | Path,
) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """A model (float32, evaluation mode) and its tokenizer.

    ``name`` is a shipped checkpoint or a folder. Raises CheckpointError
    when it is missing, truncated or edited, and when this version of
    transformers makes another network of it.

    >>> model, tokenizer = load_checkpoint("tastes-2-s0")
    >>> type(model).__name__
    'GPTNeoXForCausalLM'
    """
    record = read_record(name)
    folder = checkpoint_folder(name)
    config = AutoConfig.from_pretrained(folder)
    # Early versions of transformers 5 put a default of their own in place of
    # the file's share of rotary dimensions, and say nothing. Checkpoints made
    # before these had it under its older name too need this.
    config.rope_parameters = _read(folder / "config.json")["rope_parameters"]
    model = AutoModelForCausalLM.from_pretrained(folder, config=config)
    model = model.float().eval().to(device())
    tokenizer: Any = AutoTokenizer.from_pretrained(folder)
    if "probe" in record:
        _agrees(folder, model, tokenizer, record["probe"])
    return model, tokenizer


def _agrees(folder: Path, model, tokenizer, stored: dict) -> None:
    """The logits are those of the network that was saved, or it is said."""
    logs = _last(model, tokenizer.encode(stored["text"]))
    for word, expected in stored["log_probabilities"].items():
        found = float(logs[tokenizer.convert_tokens_to_ids(word)])
        if not abs(found - expected) <= AGREE:
            raise CheckpointError(
                f"{folder}: transformers {transformers.__version__} makes "
                f"another network of it: after {stored['text']!r}, the word "
                f"{word!r} has the probability {np.exp(found):.3f}, expected "
                f"{np.exp(expected):.3f}; install a version that its "
                "README.md names"
            )
