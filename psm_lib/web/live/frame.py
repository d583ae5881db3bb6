"""What all live figures stand in: their look, their data, their scripts.

Introduced in chapter 1.
"""

from __future__ import annotations

import hashlib
import json
from html import escape

from IPython.display import HTML

from psm_lib.machinery import progress
from psm_lib.web.live.scripts import script, weights_script
from psm_lib.web.widgets import STYLE

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
.psm-live .psm-plain{border:0;margin:0;padding:0;border-radius:0;
text-decoration:underline dotted;text-underline-offset:.2em}
.psm-live .psm-plain[aria-pressed=true]{font-weight:bold}
.psm-live blockquote p{margin:0}
.psm-live .psm-slide{display:inline-block;vertical-align:top}
.psm-live .psm-slide input{width:min(17em,70vw)}
.psm-live .psm-scale,.psm-live .psm-scale.psm-drawn[hidden]{
display:flex!important;justify-content:space-between;
font-size:.75em;line-height:1.2}
.psm-live .psm-bar s{position:absolute;top:-2px;bottom:-2px;
border-left:1px solid}
.psm-live fieldset{border:0;margin:0;padding:0;min-width:0;width:100%}
.psm-live legend{float:none;font:inherit;margin:0 0 .4em;padding:0}
.psm-live fieldset label{display:block;padding:.15em 0 .15em 1.7em;
text-indent:-1.7em}
.psm-live input[type=radio]{width:1.2em;margin:0 .5em 0 0;text-indent:0}
.psm-live .psm-asked p{margin:0 0 .4em}
.psm-live .psm-asked ul{margin:0 0 .5em}
.psm-studio td.psm-knob input{width:8em}
.psm-studio td.psm-knob span{margin-left:.4em}
@media (max-width:600px){.psm-studio td.psm-knob input{width:4em}}
.psm-interview[aria-busy=true] .psm-bar i{opacity:.35}
.psm-who[aria-busy=true] .psm-bar i{opacity:.35}
@media print{.psm-live .psm-still[hidden],
.psm-live .psm-asked[hidden],
.psm-live details[hidden]{display:block!important}
.psm-live form,.psm-live button{display:none!important}
.psm-live .psm-who,.psm-live .psm-speaker,
.psm-live .psm-interview,.psm-live .psm-studio{display:none}}
"""


def frame(
    title: str,
    kind: str,
    data: dict,
    inside: str,
    models: list[str],
    still: bool = True,
) -> HTML:
    """A live figure that ``kind``.js drives with ``data``.

    ``inside`` stands there without scripts: a ``still`` picture to be
    replaced, or what the script itself goes on with. Scripts and ``models``
    lie beside a page, and come along in an output cell.
    """
    text = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
    about = (kind + inside + text).encode()
    name = "psm-" + hashlib.sha256(about).hexdigest()[:10]
    if still:
        inside = f'<div class="psm-still">{inside}</div>'
        inside += f'<div class="psm-{kind}" hidden="hidden"></div>'
    needs = ["engine", kind] if still else [kind]
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
        f"'[data-name={name}]').forEach(PSM.{kind})"
    )
    return HTML(
        f"<style>{STYLE}{LOOK}</style>"
        f'<div class="psm-live" data-kind="{kind}" data-name="{name}" '
        f'role="group" aria-label="{escape(title)}">'
        f'{inside}<script type="application/json">{text}</script>'
        f"{scripts}<script>{start}</script></div>"
    )
