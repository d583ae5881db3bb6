"""Narrated scenes measured: the floor, the reply, what stands inside.

``narration.py`` makes the stories and knows their exact probability; here a
model is compared with it. Introduced in chapter 2.
"""

from __future__ import annotations

import numpy as np
import torch
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from . import narration
from .devices import numbers, put
from .interpretability import activations, best_layer_accuracy
from .measurement import token_groups, token_nats
from .models import Encoded, Encoder, pad
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


@torch.no_grad()
def place_probabilities(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    world: World,
    stories: narration.Stories,
    batch: int = 16384,
) -> np.ndarray:
    """[n, places] probability of each place as the one the reply names."""
    vocabulary = tokenizer.get_vocab()
    ids = [vocabulary[f" {place}"] for place in world.narration.places]
    encoded = encode_stories(world, stories, Encoder(tokenizer))
    out = np.zeros((len(encoded), len(ids)))
    for group in token_groups([len(d.ids) for d in encoded], batch):
        tokens = pad([encoded[i].ids for i in group], tokenizer.pad_token_id)
        logits = model(input_ids=put(tokens, model)).logits
        for row, i in enumerate(group):
            line = encoded[i].line
            end = np.flatnonzero(line[:-1] & ~line[1:])[0]
            out[i] = numbers(logits[row, end - 3].softmax(dim=-1)[ids])
    return out


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
    character's belief is false.
    """
    encoded = encode_stories(world, stories, Encoder(tokenizer))
    nats = token_nats(model, encoded)
    exact = narration.story_nats(world.narration, stories)
    n_tokens = sum(len(x) for x in nats)
    reply, truth = np.zeros(len(stories)), np.zeros(len(stories))
    for i, d in enumerate(encoded):
        # A place is the second last token of a line: "... the box" "."
        ends = np.flatnonzero(d.line[:-1] & ~d.line[1:])
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
    newline = tokenizer.get_vocab()["\n"]
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
