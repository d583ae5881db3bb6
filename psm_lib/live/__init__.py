"""The model in the page: a checkpoint and its world as scripts.

``engine.js`` runs a checkpoint in the browser, from disk. This module writes
what it runs: the weights in half precision, the words, and what the exact
reader needs to know of the world.
"""

from __future__ import annotations

import base64
import hashlib
import json
from html import escape
from pathlib import Path

import numpy as np
from IPython.display import HTML
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from .. import implied, oracle, progress
from ..measurement import ask
from ..models import load_checkpoint
from ..widgets import STYLE
from ..world import World

HERE = Path(__file__).parent
FOLDER = "../_static/live"  # of the built book, as a chapter sees it
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


def weights_script(name: str) -> str:
    """The script that hands a shipped checkpoint to the engine."""
    spec = {"name": name, **page_model(*load_checkpoint(name))}
    return f"PSM.model({json.dumps(spec, separators=(',', ':'))});\n"


def write_scripts(folder: Path, checkpoints: list[str]) -> None:
    """Put all scripts that live figures of a page need into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for script in HERE.glob("*.js"):
        (folder / script.name).write_bytes(script.read_bytes())
    for name in checkpoints:
        file = folder / f"{name}.js"
        file.write_text(weights_script(name), encoding="utf-8")


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


def who(
    world: World,
    checkpoint: str,
    names: list[str],
    pairs: np.ndarray,
    example: list[tuple[str, int]],
    longest: int = 8,
) -> HTML:
    """*Who is speaking?* as a live figure: the reader writes a dialogue.

    ``names`` can be chosen from; ``pairs`` [m, 2] are the domains whose
    questions read the network's belief; ``example`` are the (domain, kind)
    of the still picture, spoken by the first name. Runs in a built page
    (weights from FOLDER) and, where somebody watches, in an output cell.
    """
    mixture = [world.cast_mixture[world.name_index(n)] for n in names]
    data = {
        "world": page_world(world),
        "names": [
            [n, m.tolist()] for n, m in zip(names, mixture, strict=True)
        ],
        "pairs": np.asarray(pairs).tolist(),
        "longest": longest,
        "model": checkpoint,
        "source": f"{FOLDER}/{checkpoint}.js",
        "key": "Bars: the network. Orange, and the number: an exact reader.",
    }
    still = _still(world, checkpoint, names[0], pairs, example)
    return _figure("Who is speaking?", "who", data, still, [checkpoint])


def _figure(
    title: str, kind: str, data: dict, still: str, models: list[str]
) -> HTML:
    """A live figure, and the picture that stands there without scripts."""
    text = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
    name = "psm-" + hashlib.sha256((kind + text).encode()).hexdigest()[:10]
    if progress.quiet():  # a page: scripts lie beside it
        files = ("engine.js", f"{kind}.js")
        scripts = "".join(
            f'<script src="{FOLDER}/{f}"></script>' for f in files
        )
    else:
        parts = [engine(), (HERE / f"{kind}.js").read_text("utf-8")]
        parts += [weights_script(m) for m in models]
        scripts = "".join(f"<script>{p}</script>" for p in parts)
    start = f"window.PSM&&PSM.{kind}(document.getElementById('{name}'))"
    return HTML(
        f"<style>{STYLE}{LOOK}</style>"
        f'<div class="psm-live" id="{name}" role="group" '
        f'aria-label="{escape(title)}">'
        f'<div class="psm-still">{still}</div>'
        f'<div class="psm-{kind}" hidden></div>'
        f'<script type="application/json">{text}</script>'
        f"{scripts}<script>{start}</script></div>"
    )


def _still(
    world: World,
    checkpoint: str,
    name: str,
    pairs: np.ndarray,
    example: list[tuple[str, int]],
) -> str:
    """The figure after an example: what was said, and whose words they are."""
    model, tokenizer = load_checkpoint(checkpoint)
    said, history = "", ""
    logs = np.log(world.cast_mixture[world.name_index(name)] + 1e-300)
    for topic, kind in example:
        i = world.domain_index(topic)
        d = world.domains[i]
        question, answer = d.questions[0], d.answers[kind][0]
        said += f"<li>{escape(question)} <em>{escape(answer)}</em></li>"
        history += f"{ask(world, name, question)} {answer}\n"
        p = world.propensity[:, i]
        logs = logs + np.log(p if kind else 1 - p)
    exact = oracle._normal(logs)
    tables = implied.joint_answers(
        model, tokenizer, world, name, pairs, history
    )
    found = implied.implied_posterior(world, tables, pairs)[0]
    rows = "".join(
        f'<tr><th scope="row">{escape(p.name)}</th><td class="psm-track">'
        f'<div class="psm-bar"><i style="width:{100 * found[i]:.1f}%"></i>'
        f'<b style="left:{100 * exact[i]:.1f}%"></b></div></td>'
        f"<td>{exact[i]:.2f}</td></tr>"
        for i, p in enumerate(world.personas)
    )
    return (
        f"<p>{escape(name)} was asked {len(example)} questions.</p>"
        f"<ol>{said}</ol><table><tbody>{rows}</tbody></table>"
        '<p class="psm-key">Bars: the network. Orange, and the number: an '
        "exact reader. With scripts on you can write the dialogue.</p>"
    )


LOOK = """
.psm-live button{font:inherit;margin:0 .5em .4em 0;padding:.25em .7em;
border:1px solid #888a;border-radius:4px;background:none;color:inherit;
cursor:pointer;text-align:left}
.psm-live button:disabled{opacity:.4;cursor:default}
.psm-live .psm-talk{margin:.4em 0;min-height:1.6em}
.psm-live .psm-said{margin:.2em 0 .4em}
@media print{.psm-live .psm-still[hidden]{display:block!important}
.psm-live .psm-who{display:none}}
"""
