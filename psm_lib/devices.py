"""Where networks compute: on a GPU when there is one.

Only networks live there. Their first weights are drawn, batches are made and
words are sampled on the processor, with the same seeds everywhere, so that a
GPU changes the last digits of a result and nothing else. Used from chapter 1
on.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from transformers import PreTrainedModel


def device() -> torch.device:
    """Where new and loaded networks go: PSM_DEVICE, or a GPU, or the CPU.

    PSM_DEVICE is a name as PyTorch has it, such as ``cpu`` or ``cuda:1``.
    Raises RuntimeError when this machine has no such device.
    """
    wanted = os.environ.get("PSM_DEVICE")
    if not wanted:
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        found = torch.device(wanted)
        torch.zeros(1, device=found).cpu()
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise RuntimeError(
            f"PSM_DEVICE is {wanted!r}, which cannot be used here: "
            f"{str(error).splitlines()[0]}; expected cpu, or cuda on a "
            "machine with a GPU; or leave PSM_DEVICE out"
        ) from error
    return found


def put(rows: np.ndarray | Sequence, model: PreTrainedModel) -> Tensor:
    """Numbers as a tensor where the model is."""
    return torch.as_tensor(rows).to(model.device)


def numbers(tensor: Tensor) -> np.ndarray:
    """A tensor of any device as an array, without its gradient."""
    return tensor.detach().cpu().numpy()
