"""Where networks compute: on a GPU when there is one.

Only networks live there. Their first weights are drawn, batches are made and
words are sampled on the processor, with the same seeds everywhere. What is
measured of a network, and what a short lesson makes of it, then differs in
the last digits only. A whole pretraining is longer: rounding adds up, and the
network that a GPU ends with is another one, as if from another seed. (So is
what is learnt with dropout, which takes the dice of where it runs; only the
readers of Shakespeare have it.) Used from chapter 1 on.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Sequence
from functools import cache

import numpy as np
import torch
from torch import Tensor
from transformers import PreTrainedModel

KINDS = ["cpu", "cuda"]
AT_ONCE = 4  # networks on one GPU: each process takes some of its memory


def device() -> torch.device:
    """Where new and loaded networks go: PSM_DEVICE, or a GPU, or the CPU.

    PSM_DEVICE is ``cpu``, ``cuda`` or, where there are several, ``cuda:1``.
    Raises RuntimeError when this machine has no such device.
    """
    wanted = os.environ.get("PSM_DEVICE", "").strip()
    if not wanted:
        return torch.device("cuda" if usable() else "cpu")
    kind, _, which = wanted.partition(":")
    known = kind in KINDS and re.fullmatch(r"\d*", which)
    fault = _tried(wanted) if known else "the library knows no such device"
    if fault:
        raise RuntimeError(
            f"PSM_DEVICE is {wanted!r}, which cannot be used here: {fault}; "
            "expected cpu, or cuda on a machine with a GPU; or leave "
            "PSM_DEVICE out"
        )
    return torch.device(wanted)


@cache
def usable() -> bool:
    """Whether there is a GPU on which PyTorch can compute; tried once.

    One that PyTorch sees may be too old for it, or full.
    """
    if not torch.cuda.is_available():
        return False
    if fault := _tried("cuda"):
        warnings.warn(
            f"the GPU of this machine cannot be used ({fault}); networks stay "
            "on the CPU. PSM_DEVICE=cpu says so beforehand",
            RuntimeWarning,
            stacklevel=3,
        )
    return not fault


def _tried(name: str) -> str:
    """Why nothing can be computed there; empty when it can."""
    try:
        two = torch.ones(2, 2).to(name)
        (two @ two).cpu()
    except (RuntimeError, AssertionError, ImportError, ValueError) as error:
        return str(error).strip().partition("\n")[0][:200] or repr(error)
    return ""


def at_once(wanted: int | None = None) -> int:
    """How many processes may train side by side: as many as there are cores,
    or no more than a GPU has memory for."""
    cores = os.cpu_count() or 1
    limit = cores if device().type == "cpu" else min(cores, AT_ONCE)
    return wanted or limit


def put(rows: np.ndarray | Sequence, model: PreTrainedModel) -> Tensor:
    """Numbers as a tensor where the model is."""
    return torch.as_tensor(rows).to(model.device)


def numbers(tensor: Tensor) -> np.ndarray:
    """A tensor of any device as an array, without its gradient.

    bfloat16, which numpy does not have, becomes single precision.
    """
    tensor = tensor.detach()
    if tensor.dtype == torch.bfloat16:
        tensor = tensor.float()
    return tensor.cpu().numpy()
