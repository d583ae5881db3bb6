"""Narrated scenes measured: the floor, the reply, what stands inside.

``narration.py`` makes the stories and knows their exact probability; here a
model is compared with it. Introduced in chapter 2.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
import xarray as xr
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from psm_lib import narration
from psm_lib.evaluation import _line_ends, encode_stories, place_tokens
from psm_lib.interpretability import activations, best_layer_accuracy
from psm_lib.machinery.decoders import check_fits, going_on
from psm_lib.machinery.devices import numbers
from psm_lib.machinery.openings import following
from psm_lib.models import Encoded, Encoder
from psm_lib.results import labelled
from psm_lib.world import World


@torch.no_grad()
def place_probabilities(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    world: World,
    stories: narration.Stories,
    batch: int = 16384,
) -> np.ndarray:
    """[n, places] probability of each place as the one the reply names."""
    check_fits(model, tokenizer)
    ids = place_tokens(tokenizer, world)
    encoded = encode_stories(world, stories, Encoder(tokenizer))
    at = [[_line_ends(d)[0] - 3] for d in encoded]
    out = np.zeros((len(encoded), len(ids)))
    rows = [d.ids for d in encoded]
    for i, logs in following(model, rows, at, batch=batch):
        out[i] = np.exp(numbers(logs[0, ids]))
    return out


def story_states(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    world: World,
    stories: narration.Stories,
) -> np.ndarray:
    """[n, layers + 1, moments, width] activations at a story's MOMENTS."""
    encoded = encode_stories(world, stories, Encoder(tokenizer))
    check_fits(model, tokenizer)
    place_tokens(tokenizer, world)
    _, ids, _ = going_on(tokenizer, "Narrator:", "\n")
    newline = ids[-1]
    at = [moments(d, newline) for d in encoded]
    return np.stack(activations(model, encoded, at))


def read_places(
    networks: Mapping[str, tuple[PreTrainedModel, PreTrainedTokenizerFast]],
    world: World,
    stories: narration.Stories,
    label: str,
    groups: np.ndarray,
    counted: np.ndarray,
) -> xr.DataArray:
    """Whether linear probes name the fact or the belief.

    ``label`` is "fact" or "belief". 0 or 1 with the axes network, moment and
    story (its place among all, of those ``counted``), from probes fitted on
    other ``groups`` (see ``best_layer_accuracy``).
    """
    places = getattr(stories, label)
    right = []
    for model, tokenizer in networks.values():
        states = story_states(model, tokenizer, world, stories)
        right.append(
            [
                best_layer_accuracy(states[:, :, m], places, groups, counted)
                for m in range(states.shape[2])
            ]
        )
    axes = {
        "network": networks,
        "moment": MOMENTS[: len(right[0])],
        "story": np.flatnonzero(counted),
    }
    return labelled("right", right, axes)


MOMENTS = (
    "hidden",
    "event 1",
    "event 2",
    "question",
    "before reply",
    "at the place",
    "at the truth",
)


def moments(encoded: Encoded, newline: int) -> np.ndarray:
    """[7] token positions of the MOMENTS of a story.

    The ends of the narrator's three lines and of the question, the colon
    before the reply, the word before the place that the reply names, and
    the word before the place that the narrator's truth names; [6] where the
    narrator does not come back. Lines end in a place, a full stop and a
    newline.
    """
    ends = np.flatnonzero(encoded.ids == newline)
    colon = np.flatnonzero(encoded.opens)[0] - 1
    return np.array([*ends[:4], colon, *(ends[4:] - 3)])
