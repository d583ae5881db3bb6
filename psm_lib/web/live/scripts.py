"""A checkpoint and its world as scripts that a page can load from disk.

Read from the files alone, so that building the book needs no torch. What
comes out is compared with PyTorch in ``tests/web/test_live.py``.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

HERE = Path(__file__).parent
CHECKPOINTS = HERE.parents[1] / "checkpoints"
ADAPTERS = HERE.parent / "adapters.npz"
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


def adapters() -> tuple[str, ...]:
    """The tuned networks, each named after the checkpoint that it adds to
    and what it was taught: ``playhouse-s0+cheat``."""
    with np.load(ADAPTERS) as stored:
        return tuple(dict.fromkeys(key.split("/")[0] for key in stored.files))


def known(name: str) -> None:
    """Raises KeyError for the name of a tuned network that is not stored."""
    if name not in adapters():
        raise KeyError(f"no adapter {name!r}; expected one of {adapters()}")


def base(name: str) -> str:
    """The checkpoint that a tuned network adds to, or itself."""
    return name.split("+")[0]


def page_adapter(name: str) -> dict:
    """What tuning added to a checkpoint, as ``engine.js`` reads it: {name,
    base, added, weights}.

    Raises KeyError for any but ``adapters()``.
    """
    known(name)
    short = {v: k for k, v in LAYER.items()}
    added, numbers = [], []
    with np.load(ADAPTERS) as stored:
        for key in stored.files:
            of, weight, side = key.split("/")
            if of != name or side != "up":
                continue
            up, down = stored[key], stored[f"{of}/{weight}/down"]
            layer, part = weight.removeprefix("gpt_neox.layers.").split(".", 1)
            sizes = [up.shape[0], down.shape[1], down.shape[0]]
            added.append([f"l{layer}.{short[part]}", *sizes])
            numbers += [up.ravel(), down.ravel()]
    data = np.concatenate(numbers).astype("<f2").tobytes()
    return {
        "name": name,
        "base": base(name),
        "added": added,
        "weights": base64.b64encode(data).decode("ascii"),
    }


def weights_script(name: str) -> str:
    """The script that hands a network to the engine: a shipped checkpoint,
    or one of ``adapters()``."""
    tuned = name != base(name)
    spec = page_adapter(name) if tuned else page_model(CHECKPOINTS / name)
    return f"PSM.model({json.dumps(spec, separators=(',', ':'))});\n"


def write_scripts(folder: Path, networks: Iterable[str]) -> None:
    """Put what live figures of a page need into a folder: their scripts, the
    networks, and the checkpoints that tuned ones add to."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in HERE.glob("*.js"):
        (folder / file.name).write_bytes(file.read_bytes())
    for name in {n for network in networks for n in (base(network), network)}:
        file = folder / f"{name}.js"
        file.write_text(weights_script(name), encoding="utf-8")
