"""What chapter 1 reads from inside its networks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from psm_lib.interpretability import activations, probe
from psm_lib.machinery.openings import encode_scenes
from psm_lib.models import Encoder
from psm_lib.results import labelled
from psm_lib.world import Scenes, World


def probe_errors(
    networks: Sequence[tuple[PreTrainedModel, PreTrainedTokenizerFast]],
    world: World,
    scenes: Scenes,
    answer: int,
    target: np.ndarray,
    groups: np.ndarray,
) -> xr.DataArray:
    """Squared error of a linear probe for ``target`` [scene, ...] at the
    colon before an answer of each scene, counted from 0.

    With the axes network, layer and scene. Every scene is predicted by a
    probe that was fitted on other ``groups`` [scene].
    """
    found = []
    for model, tokenizer in networks:
        encoded = encode_scenes(world, scenes, Encoder(tokenizer))
        at = [np.flatnonzero(d.opens)[[answer]] - 1 for d in encoded]
        states = np.stack(activations(model, encoded, at))[:, :, 0]
        found.append(
            [
                ((target - probe(x, target, groups)) ** 2).sum(axis=1)
                for x in states.swapaxes(0, 1)
            ]
        )
    axes = {
        "network": range(len(found)),
        "layer": range(len(found[0])),
        "scene": range(len(scenes)),
    }
    return labelled("squared error", found, axes)
