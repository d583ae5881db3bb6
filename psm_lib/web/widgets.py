"""Figures that can be stepped through by hand, and questions to oneself.

``scrub`` shows bars with a slider and a menu, as plain HTML with a few lines
of script that run from disk, in the built page and in Jupyter or Colab alike.
With scripts off, and in print, it is a table that says what it shows: the
slider and the menu are made by the script.
``check`` asks a question whose answers open one by one. Introduced in
chapter 1.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from html import escape

import numpy as np
from IPython.display import HTML

STYLE = """
.psm-live{border:1px solid #8884;border-radius:6px;padding:.6em .8em;
max-width:44em;margin:1em 0}
.psm-live .psm-row{display:flex;flex-wrap:wrap;gap:.4em 1.2em;
align-items:center;margin-bottom:.5em}
.psm-live select,.psm-live input,.psm-live label{font:inherit;
max-width:100%}
.psm-live input{width:11em;vertical-align:middle}
.psm-live table{width:100%;border:0;margin:0;font-size:.9em;
border-collapse:collapse;display:table}
.psm-live th,.psm-live td{border:0;padding:1px 6px 1px 0;font-weight:normal;
text-align:left;background:none;color:inherit;white-space:nowrap}
.psm-live thead th{white-space:normal;vertical-align:bottom}
.psm-live tr.psm-first>*{padding-top:7px}
.psm-live td.psm-track{width:75%}
.psm-live .psm-bar,.psm-live .psm-bar *{print-color-adjust:exact}
@media print{.psm-live details::details-content{content-visibility:visible;
block-size:auto}}
.psm-live .psm-drawn[hidden]{display:inline!important}
.psm-live .psm-bar{position:relative;height:.95em;background:#8882}
.psm-live .psm-bar i{position:absolute;left:0;top:0;bottom:0;
background:#0072b2}
.psm-live .psm-bar b,.psm-live .psm-bar u{position:absolute;top:-2px;
bottom:-2px;width:0;margin-left:-1px;border-left:2px solid}
.psm-live .psm-bar b{border-left-width:4px;box-shadow:0 0 0 1px #8886}
.psm-live .psm-bar u{border-left-style:dotted}
@media (max-width:600px){.psm-live .psm-wide{display:none}}
.psm-live details{margin:.2em 0}
.psm-live summary{cursor:pointer}
.psm-live details p{margin:.2em 0 .5em 1.2em}
.psm-live .psm-key{font-size:.85em;margin:.5em 0 0}
@media screen{.psm-live[data-on] .psm-words{display:none}}
@media print{.psm-live[data-kind=scrub] .psm-row{display:none}}
@media (forced-colors:active){.psm-live .psm-bar{border:1px solid CanvasText}
.psm-live .psm-bar,.psm-live .psm-bar *{forced-color-adjust:none}
.psm-live .psm-bar{background:Canvas}
.psm-live .psm-bar i{background:Highlight}
.psm-live .psm-bar b,.psm-live .psm-bar s,.psm-live .psm-bar u{
border-color:CanvasText}
.psm-live .psm-bar b{box-shadow:0 0 0 1px Canvas}
.psm-live .psm-bar u{border-left-style:solid;width:2px;
border-right:2px solid CanvasText;background:Canvas}}
"""
SCRIPT = """
document.querySelectorAll('[data-name=NAME]').forEach(function(f){
if(f.dataset.on)return;f.dataset.on=1;
var d=JSON.parse(f.querySelector('script[type="application/json"]')
.textContent),t=f.querySelectorAll('tbody tr'),
w=f.querySelector('.psm-words');
function put(p,g,x){var e=document.createElement(g);e.textContent=x||'';
return p.appendChild(e);}
var p=document.createElement('div');p.className='psm-row';w.before(p);
var s=put(put(p,'label','show '),'select');
d.choices.forEach(function(c){put(s,'option',c.label);});
var r=put(put(p,'label',d.slider+' '),'input'),o=put(p,'output');
r.type='range';r.min=0;r.max=r.value=d.steps.length-1;
function show(){var c=d.choices[s.selectedIndex],k=+r.value;
o.textContent=d.steps[k];r.setAttribute('aria-valuetext',d.steps[k]);
w.textContent='Shown: '+s.value+'; '+d.slider+': '+d.steps[k]+'.';
t.forEach(function(e,j){var v=c.values[k][j];
e.querySelector('i').style.width=100*v+'%';
e.querySelector('u').style.left=100*c.values[0][j]+'%';
e.querySelector('b').style.left=100*c.exact[j]+'%';
e.lastElementChild.textContent=v.toFixed(2);});}
s.onchange=r.oninput=show;show();
});
"""


@dataclass(frozen=True)
class Choice:
    """One entry of the menu: ``values`` [steps, bars] and ``exact`` [bars],
    all between 0 and 1."""

    label: str
    values: np.ndarray
    exact: np.ndarray


def scrub(
    title: str,
    choices: list[Choice],
    steps: list[str],
    bars: list[str],
    breaks: tuple[int, ...] = (),
    key: str = "",
    slider: str = "step",
) -> HTML:
    """Bars that follow a ``slider`` over ``steps``, and a menu of choices.

    Each bar has a dotted mark where it began and a solid one for the exact
    reasoner; ``breaks`` are bars before which a gap is left. Raises
    ValueError when shapes do not agree or a value is no probability.
    """
    size = (len(steps), len(bars))
    for c in choices:
        values = np.asarray(c.values, float)
        if values.shape != size or np.shape(c.exact) != size[1:]:
            raise ValueError(
                f"{c.label!r}: values {values.shape} and exact "
                f"{np.shape(c.exact)}; expected {size} and {size[1:]}"
            )
        if not ((values >= 0) & (values <= 1)).all():
            raise ValueError(f"{c.label!r}: expected values from 0 to 1")
    data = {
        "slider": slider,
        "steps": steps,
        "choices": [
            {
                "label": c.label,
                "values": np.round(c.values, 3).tolist(),
                "exact": np.round(c.exact, 3).tolist(),
            }
            for c in choices
        ],
    }
    text = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
    name = "psm-" + hashlib.sha256((title + text).encode()).hexdigest()[:10]
    first, last = choices[0], len(steps) - 1
    rows = "".join(
        _row(
            bar,
            first.values[0][j],
            first.values[last][j],
            first.exact[j],
            j in breaks,
        )
        for j, bar in enumerate(bars)
    )
    hint = f'<p class="psm-key">{escape(key)}</p>' if key else ""
    words = f"{first.label}; {slider}: {steps[-1]}"
    return HTML(
        f"<style>{STYLE}</style>"
        f'<div class="psm-live" data-kind="scrub" data-name="{name}" '
        f'role="group" aria-label="{escape(title)}">'
        f'<p class="psm-words">Shown: {escape(words)}.</p>'
        f"<table><tbody>{rows}</tbody></table>{hint}"
        f'<script type="application/json">{text}</script>'
        f"<script>{SCRIPT.replace('NAME', name, 1)}</script></div>"
    )


def _row(label: str, start: float, now: float, exact: float, gap: bool) -> str:
    first = ' class="psm-first"' if gap else ""
    return (
        f'<tr{first}><th scope="row">{escape(label)}</th>'
        f'<td class="psm-track"><div class="psm-bar">'
        f'<i style="width:{100 * now:.1f}%"></i>'
        f'<u style="left:{100 * start:.1f}%"></u>'
        f'<b style="left:{100 * exact:.1f}%"></b></div></td>'
        f"<td>{now:.2f}</td></tr>"
    )


def check(question: str, options: list[tuple[str, str]], right: int) -> HTML:
    """A question to oneself: each of the ``options`` (answer, why) opens and
    says whether it is right, and why.

    Needs no script. Raises ValueError when ``right`` is none of them.
    """
    if not 0 <= right < len(options):
        raise ValueError(f"{len(options)} options; option {right} is none")
    rows = "".join(
        f"<details><summary>{escape(answer)}</summary><p>"
        f"<strong>{'Yes.' if i == right else 'No.'}</strong> {escape(why)}"
        f"</p></details>"
        for i, (answer, why) in enumerate(options)
    )
    return HTML(
        f"<style>{STYLE}</style>"
        f'<div class="psm-live" role="group" aria-label="Check yourself">'
        f"<p>{escape(question)}</p>{rows}</div>"
    )
