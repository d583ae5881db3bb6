"""The state of a pretraining on disk, from which an interrupted run goes on.

A state is a folder: weights, the optimizers' moments, and where the run was.
``training.pretrain`` saves one after each chunk; see ``disk`` for how.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, load_model, save_file, save_model
from transformers import PreTrainedModel

from .disk import replacing, saving, sync

# How a file reads that is not whole.
DAMAGE = (
    SafetensorError,
    OSError,
    RuntimeError,
    ValueError,
    LookupError,
    TypeError,
)


def keep_weights(model: PreTrainedModel, file: Path) -> None:
    """Write the weights in half precision, all of them or nothing."""
    weights = {k: v.half() for k, v in model.state_dict().items()}
    if model.config.tie_word_embeddings:
        weights.pop("embed_out.weight", None)  # the table of words again
    with saving(file):
        file.parent.mkdir(parents=True, exist_ok=True)
    with replacing(file) as new:
        save_file(weights, new)


def unfinished(state: Path | None) -> Path | None:
    """The folder from which an interrupted run can go on, or None."""
    for folder in (state, *_beside(state)[1:]) if state else ():
        if (folder / "progress.json").exists():
            return folder
    return None


def forget(state: Path) -> None:
    """Remove the state of a run that is over."""
    for folder in (state, *_beside(state)):
        shutil.rmtree(folder, ignore_errors=True)


def _beside(state: Path) -> tuple[Path, Path]:
    """Where the next state is written, and where the last one waits."""
    names = (f"{state.name}.new", f"{state.name}.old")
    return state.with_name(names[0]), state.with_name(names[1])


def save(
    state: Path,
    model: PreTrainedModel,
    optimizers: list[torch.optim.Optimizer],
    at: dict,
    log: list,
) -> None:
    """Written beside, then renamed: a cut leaves the last good state."""
    new, old = _beside(state)
    tensors = {}
    for i, optimizer in enumerate(optimizers):
        for j, entry in optimizer.state_dict()["state"].items():
            for key, value in entry.items():
                tensors[f"{i}.{j}.{key}"] = torch.as_tensor(value).clone()
    shutil.rmtree(new, ignore_errors=True)
    try:
        with saving(state):
            new.mkdir(parents=True)
            save_model(model, str(new / "model.safetensors"))
            save_file(tensors, new / "optimizer.safetensors")
            text = json.dumps({"at": at, "log": log})
            (new / "progress.json").write_text(text)
            for file in new.iterdir():
                sync(file)
            if state.exists():
                shutil.rmtree(old, ignore_errors=True)
                state.rename(old)
            new.rename(state)
    except OSError:
        shutil.rmtree(new, ignore_errors=True)  # it may have filled the disk
        raise
    shutil.rmtree(old, ignore_errors=True)


def resume(
    state: Path,
    model: PreTrainedModel,
    optimizers: list[torch.optim.Optimizer],
) -> tuple[dict, list]:
    """Weights, moments and where the run was, from a state's folder.

    Raises RuntimeError for one that is damaged.
    """
    try:
        load_model(model, str(state / "model.safetensors"))
        tensors = load_file(state / "optimizer.safetensors")
        saved = json.loads((state / "progress.json").read_text())
        at, log = saved["at"], saved["log"]
    except DAMAGE as error:
        why = str(error).partition("\n")[0]
        raise RuntimeError(
            f"{state} is damaged ({why:.80}), and the interrupted run cannot "
            "go on; to begin afresh, delete that folder"
        ) from error
    for i, optimizer in enumerate(optimizers):
        full = optimizer.state_dict()
        full["state"] = {}
        for name, value in tensors.items():
            which, param, key = name.split(".", 2)
            if int(which) == i:
                full["state"].setdefault(int(param), {})[key] = value
        optimizer.load_state_dict(full)
    return at, log
