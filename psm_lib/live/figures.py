"""Live figures: networks that run in the page, and what they are asked.

One call makes a figure that works in a built page, from disk, and in an
output cell of Jupyter or Colab. Without scripts, and in print, a still
picture or a box that opens stands in its place. Introduced in chapter 1.
"""

from __future__ import annotations

import hashlib
import json
from html import escape

import numpy as np
from IPython.display import HTML

from .. import implied, oracle, progress
from ..measurement import ask
from ..models import load_checkpoint
from ..widgets import STYLE
from ..world import World
from .scripts import script, weights_script

STEPS = 500  # of the fit of the network's belief, here and in who.js
FOLDER = "../_static/live"  # of the built book, as a chapter sees it
LOOK = """
.psm-live button{font:inherit;margin:0 .5em .4em 0;padding:.25em .7em;
border:1px solid #888a;border-radius:4px;background:none;color:inherit;
cursor:pointer;text-align:left}
.psm-live button:disabled{opacity:.4;cursor:default}
.psm-live .psm-talk{margin:.4em 0;min-height:1.6em}
.psm-live .psm-said{margin:.2em 0 .4em}
.psm-live blockquote{margin:.4em 0;padding:.2em .8em;
border-left:3px solid #8886;background:none;color:inherit}
.psm-live form{display:flex;flex-wrap:wrap;gap:.4em 1em;align-items:center}
.psm-live form[hidden]{display:none}
.psm-who[aria-busy=true] .psm-bar i{opacity:.35}
@media print{.psm-live .psm-still[hidden],
.psm-live details[hidden]{display:block!important}
.psm-live form,.psm-live button{display:none!important}
.psm-live .psm-who,.psm-live .psm-speaker{display:none}}
"""


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
    of the still picture, spoken by the first name; the first of them is what
    one asks about at the beginning. Runs in a built page
    (weights from FOLDER) and, where somebody watches, in an output cell.
    """
    mixture = [world.cast_mixture[world.name_index(n)] for n in names]
    data = {
        "world": page_world(world),
        "names": [
            [n, m.tolist()] for n, m in zip(names, mixture, strict=True)
        ],
        "pairs": np.asarray(pairs).tolist(),
        "about": world.domain_index(example[0][0]),
        "longest": longest,
        "steps": STEPS,
        "model": checkpoint,
        "source": f"{FOLDER}/{checkpoint}.js",
        "key": "Bars: the network. Orange: an exact reader.",
    }
    still = _still(world, checkpoint, names[0], pairs, example)
    return _figure("Who is speaking?", "who", data, still, [checkpoint])


def speaker(rounds: list[dict]) -> HTML:
    """*Name the speaker*: speeches, four names each, and two machines'
    guesses. ``rounds`` as ``authorship.rounds`` gives them."""
    still = "".join(
        f"<details><summary>{escape(r['play'])}: {escape(r['text'])} "
        f"<em>{escape(', '.join(r['names']))}?</em></summary>"
        f"<p>{escape(r['names'][r['right']])}. The network says "
        f"{escape(r['names'][r['network']])}, the bag of words "
        f"{escape(r['names'][r['bag']])}.</p></details>"
        for r in rounds
    )
    data = {"rounds": rounds}
    return _figure("Name the speaker", "speaker", data, still, [])


def guess(
    question: str,
    measured: float,
    exact: float | None = None,
    low: float = 0.0,
    high: float = 1.0,
    digits: int = 2,
) -> HTML:
    """*Predict, then see*: the reader moves a slider, then sees what came
    out, beside what an exact reader would say.

    Raises ValueError for numbers outside of ``low`` to ``high``.
    """
    numbers = {"measured": measured} | (
        {} if exact is None else {"exact reader": exact}
    )
    for name, x in numbers.items():
        if not low <= x <= high:
            raise ValueError(f"{name} {x}; expected {low} to {high}")

    def place(x: float) -> str:
        return f"left:{100 * (x - low) / (high - low):.1f}%"

    mark = "" if exact is None else f'<b style="{place(exact)}"></b>'
    told = "; ".join(f"{name}: {x:.{digits}f}" for name, x in numbers.items())
    step = 10**-digits
    data = {"low": low, "high": high, "digits": digits}
    shown = (
        f"<p>{escape(question)}</p>"
        f'<form hidden><label>your guess <input type="range" min="{low}" '
        f'max="{high}" step="{step}" value="{(low + high) / 2}"></label> '
        f'<output></output> <button type="submit">that is my guess</button>'
        f"</form><details><summary>What came out</summary>"
        f'<div class="psm-bar"><i style="width:{place(measured)[5:]}"></i>'
        f'<u hidden></u>{mark}</div><p class="psm-key"><span class="psm-mine">'
        f"</span>{told[0].upper()}{told[1:]}. Blue: measured."
        f"{'' if exact is None else ' Orange: an exact reader.'} Dotted: you. "
        f'<button type="button" hidden>guess again</button></p></details>'
    )
    return _figure("A guess", "guess", data, shown, [], still=False)


def _figure(
    title: str,
    kind: str,
    data: dict,
    inside: str,
    models: list[str],
    still: bool = True,
) -> HTML:
    """A live figure. ``inside`` stands there without scripts: a ``still``
    picture to be replaced, or what the script itself goes on with."""
    text = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
    about = (kind + inside + text).encode()
    name = "psm-" + hashlib.sha256(about).hexdigest()[:10]
    if still:
        inside = f'<div class="psm-still">{inside}</div>'
        inside += f'<div class="psm-{kind}" hidden></div>'
    needs = ["engine", kind] if models else [kind]
    if progress.quiet():  # a page: scripts lie beside it
        files = [f"{n}.js" for n in needs]
        scripts = "".join(
            f'<script src="{FOLDER}/{f}"></script>' for f in files
        )
    else:
        parts = [*map(script, needs), *map(weights_script, models)]
        scripts = "".join(f"<script>{p}</script>" for p in parts)
    start = (  # the same figure may stand on a page twice
        f"window.PSM&&PSM.{kind}&&document.querySelectorAll("
        f"'[id={name}]').forEach(PSM.{kind})"
    )
    return HTML(
        f"<style>{STYLE}{LOOK}</style>"
        f'<div class="psm-live" data-kind="{kind}" id="{name}" role="group" '
        f'aria-label="{escape(title)}">'
        f'{inside}<script type="application/json">{text}</script>'
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
    exact = oracle.normal(logs)
    tables = implied.joint_answers(
        model, tokenizer, world, name, pairs, history
    )
    found = implied.implied_posterior(world, tables, pairs, STEPS)[0]
    rows = "".join(
        f'<tr><th scope="row">{escape(p.name)}</th><td class="psm-track">'
        f'<div class="psm-bar"><i style="width:{100 * found[i]:.1f}%"></i>'
        f'<b style="left:{100 * exact[i]:.1f}%"></b></div></td>'
        f"<td>{found[i]:.2f}</td><td>{exact[i]:.2f}</td></tr>"
        for i, p in enumerate(world.personas)
    )
    return (
        f"<p>{escape(name)} was asked {len(example)} questions.</p>"
        f"<ol>{said}</ol><table><thead><tr><td></td><td></td>"
        f"<th scope='col'>network</th><th scope='col'>exact</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
        '<p class="psm-key">Bars: the network. Orange: an exact reader. With '
        "scripts on you can write the dialogue.</p>"
    )
