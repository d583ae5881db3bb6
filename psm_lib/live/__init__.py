"""The model in the page: a checkpoint and its world as scripts.

``engine.js`` runs a checkpoint in the browser, from disk. This module writes
what it runs: the weights in half precision, the words, and what the exact
reader needs to know of the world.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from ..models import load_checkpoint
from ..world import World

HERE = Path(__file__).parent
LAYER = {
    "n1.w": "input_layernorm.weight",
    "n1.b": "input_layernorm.bias",
    "n2.w": "post_attention_layernorm.weight",
    "n2.b": "post_attention_layernorm.bias",
    "qkv.w": "attention.query_key_value.weight",
    "qkv.b": "attention.query_key_value.bias",
    "out.w": "attention.dense.weight",
    "out.b": "attention.dense.bias",
    "up.w": "mlp.dense_h_to_4h.weight",
    "up.b": "mlp.dense_h_to_4h.bias",
    "down.w": "mlp.dense_4h_to_h.weight",
    "down.b": "mlp.dense_4h_to_h.bias",
}


def engine() -> str:
    """The script that runs checkpoints."""
    return (HERE / "engine.js").read_text("utf-8")


def page_model(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast
) -> dict:
    """A checkpoint as ``engine.js`` reads it: {config, vocab, tensors,
    weights}, the weights as base64 of half-precision numbers.

    Raises ValueError for a model that is not one of ours.
    """
    c = model.config
    if c.model_type != "gpt_neox" or not c.use_parallel_residual:
        raise ValueError(
            f"a {c.model_type} model; expected gpt_neox with parallel residual"
        )
    weights = model.state_dict()
    names = {"embed": "gpt_neox.embed_in.weight"}
    for i in range(c.num_hidden_layers):
        names |= {
            f"l{i}.{k}": f"gpt_neox.layers.{i}.{v}" for k, v in LAYER.items()
        }
    names |= {f"n.{k[0]}": f"gpt_neox.final_layer_norm.{k}" for k in BOTH}
    flat = {k: weights[v].numpy().astype("<f2") for k, v in names.items()}
    rope = getattr(c, "rope_parameters", None) or {}
    data = np.concatenate([x.ravel() for x in flat.values()]).tobytes()
    vocab = tokenizer.get_vocab()
    return {
        "config": {
            "layers": c.num_hidden_layers,
            "width": c.hidden_size,
            "heads": c.num_attention_heads,
            "context": c.max_position_embeddings,
            "eps": c.layer_norm_eps,
            "rotary": rope.get("partial_rotary_factor", 0.5),
            "theta": rope.get("rope_theta", 10000.0),
        },
        "vocab": sorted(vocab, key=vocab.__getitem__),
        "tensors": [[k, x.size] for k, x in flat.items()],
        "weights": base64.b64encode(data).decode("ascii"),
    }


BOTH = ("weight", "bias")


def weights_script(name: str) -> str:
    """The script that hands a shipped checkpoint to the engine."""
    spec = {"name": name, **page_model(*load_checkpoint(name))}
    return f"PSM.model({json.dumps(spec, separators=(',', ':'))});\n"


def page_world(world: World) -> dict:
    """What the exact reader needs of a world, as plain data."""
    complies = np.broadcast_to(world.complies, len(world.personas))
    return {
        "personas": [p.name for p in world.personas],
        "propensity": world.propensity.tolist(),
        "complies": complies.tolist(),
        "domains": [
            {
                "name": d.name,
                "kinds": list(d.kinds),
                "questions": list(d.questions),
                "answers": [list(forms) for forms in d.answers],
            }
            for d in world.domains
        ],
    }
