"""A checkpoint and its world as scripts that a page can load from disk.

Read from the files alone, so that building the book needs no torch. What
comes out is compared with PyTorch in ``tests/test_live.py``.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

HERE = Path(__file__).parent
CHECKPOINTS = HERE.parent / "checkpoints"
PAGE_MODELS = ("playhouse-s0", "masks-s0")  # that some page of the book runs
BOTH = ("weight", "bias")
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


def script(name: str) -> str:
    """The text of a script of this folder: the engine, or a figure."""
    return (HERE / f"{name}.js").read_text("utf-8")


def page_model(folder: Path) -> dict:
    """A checkpoint as ``engine.js`` reads it: {name, config, vocab, tensors,
    weights}, the weights as base64 of half-precision numbers.

    Raises ValueError for a model that is not one of ours.
    """
    c = json.loads((folder / "config.json").read_text("utf-8"))
    if c["model_type"] != "gpt_neox" or not c["use_parallel_residual"]:
        raise ValueError(
            f"{folder.name}: a {c['model_type']} model; expected gpt_neox "
            "with parallel residual"
        )
    names = {"embed": "gpt_neox.embed_in.weight"}
    for i in range(c["num_hidden_layers"]):
        names |= {
            f"l{i}.{k}": f"gpt_neox.layers.{i}.{v}" for k, v in LAYER.items()
        }
    names |= {f"n.{k[0]}": f"gpt_neox.final_layer_norm.{k}" for k in BOTH}
    weights = load_file(folder / "model.safetensors")
    flat = {k: weights[v].astype("<f2").ravel() for k, v in names.items()}
    data = np.concatenate([*flat.values()]).tobytes()
    words = json.loads((folder / "tokenizer.json").read_text("utf-8"))
    vocab = words["model"]["vocab"]
    return {
        "name": folder.name,
        "config": {
            "layers": c["num_hidden_layers"],
            "width": c["hidden_size"],
            "heads": c["num_attention_heads"],
            "context": c["max_position_embeddings"],
            "eps": c["layer_norm_eps"],
            "rotary": c["rope_parameters"]["partial_rotary_factor"],
            "theta": c["rope_parameters"]["rope_theta"],
        },
        "vocab": sorted(vocab, key=vocab.__getitem__),
        "tensors": [[k, x.size] for k, x in flat.items()],
        "weights": base64.b64encode(data).decode("ascii"),
    }


def weights_script(name: str) -> str:
    """The script that hands a shipped checkpoint to the engine."""
    spec = page_model(CHECKPOINTS / name)
    return f"PSM.model({json.dumps(spec, separators=(',', ':'))});\n"


def write_scripts(
    folder: Path, checkpoints: tuple[str, ...] = PAGE_MODELS
) -> None:
    """Put the scripts that live figures of a page need into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in HERE.glob("*.js"):
        (folder / file.name).write_bytes(file.read_bytes())
    for name in checkpoints:
        file = folder / f"{name}.js"
        file.write_text(weights_script(name), encoding="utf-8")
