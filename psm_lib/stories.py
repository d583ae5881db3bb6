"""Narrated scenes measured: the floor, the reply, what stands inside.

``narration.py`` makes the stories and knows their exact probability; here a
model is compared with it. Introduced in chapter 2.
"""

from __future__ import annotations

import numpy as np
import torch
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from . import narration
from .decoders import check_fits, going_on
from .devices import numbers
from .interpretability import activations, best_layer_accuracy
from .measurement import following, token_nats
from .models import Encoded, Encoder
from .world import World


def encode_stories(
    world: World, stories: narration.Stories, encoder: Encoder
) -> list[Encoded]:
    """Token ids of each narrated scene, with its spoken lines marked."""
    return [
        encoder(
            narration.story_pieces(world.narration, world.user, stories, i)
        )
        for i in range(len(stories))
    ]


def place_tokens(
    tokenizer: PreTrainedTokenizerFast, world: World
) -> list[int]:
    """The token of each place. Raises ValueError where one is several."""
    out = []
    for place in world.narration.places:
        _, ids, _ = going_on(tokenizer, "Narrator:", f" {place}.\n")
        if len(ids) != 3:
            raise ValueError(
                f"{f' {place}.'!r} and a newline are {len(ids)} tokens; "
                "stories need a tokenizer with one for the place, the full "
                "stop and the newline each"
            )
        out.append(ids[0])
    return out


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


def _line_ends(story: Encoded) -> np.ndarray:
    """Where the newlines of the spoken lines stand. A place is two before:
    "... the box" "."
    """
    return np.flatnonzero(story.line[:-1] & ~story.line[1:])


def story_quality(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    world: World,
    stories: narration.Stories,
) -> dict:
    """The gap to the floor on narrated scenes, and at the deciding words.

    Given the narration the place in a reply is certain, so ``gap_reply``
    and ``gap_truth`` are plain surprise (nats) at the place that the
    character and the narrator name; ``gap_false`` is the former where the
    character's belief is false. Raises ValueError for a tokenizer in which a
    place is more than one token, and as ``check_fits`` does.
    """
    check_fits(model, tokenizer)
    place_tokens(tokenizer, world)
    encoded = encode_stories(world, stories, Encoder(tokenizer, marked=True))
    nats = token_nats(model, encoded)
    exact = narration.story_nats(world.narration, stories)
    n_tokens = sum(len(x) for x in nats)
    reply, truth = np.zeros(len(stories)), np.zeros(len(stories))
    for i, d in enumerate(encoded):
        ends = _line_ends(d)
        reply[i] = nats[i][ends[0] - 3]
        truth[i] = nats[i][ends[-1] - 3]
    wrong = stories.belief != stories.fact
    total = sum(x.sum() for x in nats)
    told = stories.revealed
    return {
        "gap": float((total - exact.sum()) / n_tokens),
        "gap_reply": float(reply.mean()),
        "gap_false": float(reply[wrong].mean()),
        "gap_truth": float(truth[told].mean()) if told.any() else 0.0,
        "floor": float(exact.sum() / n_tokens),
        "tokens": n_tokens,
    }


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
    at = [narration.moments(d, newline) for d in encoded]
    return np.stack(activations(model, encoded, at))


def read_place(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    world: World,
    stories: narration.Stories,
    label: str,
    groups: np.ndarray,
    counted: np.ndarray,
) -> np.ndarray:
    """Whether linear probes name the fact or the belief: [moments, counted].

    ``label`` is "fact" or "belief". 0 or 1 for each counted story, from
    probes fitted on other ``groups`` (see ``best_layer_accuracy``).
    """
    states = story_states(model, tokenizer, world, stories)
    places = getattr(stories, label)
    return np.array(
        [
            best_layer_accuracy(states[:, :, m], places, groups, counted)
            for m in range(states.shape[2])
        ]
    )
