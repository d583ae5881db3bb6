"""What an answer says about its speaker, in words and bars (chapter 8)."""

from __future__ import annotations

from html import escape

import numpy as np
from IPython.display import HTML

from psm_lib.chapters.ch08_answers.reader import ReadingError, in_words, read
from psm_lib.web.widgets import STYLE
from psm_lib.world import ASSISTANT, World


def show(
    world: World, prompt: str, answer: str, name: str = ASSISTANT
) -> HTML:
    """A reading in words and bars; never raises for what a reader wrote."""
    try:
        found = read(world, prompt, answer, name)
    except (ReadingError, KeyError) as error:
        return HTML(f"<p>{escape(str(error.args[0]))}</p>")
    order = np.argsort(-found.after)
    rows = "".join(
        f'<tr><th scope="row">{escape(world.personas[i].name)}</th>'
        f'<td class="psm-track"><div class="psm-bar">'
        f'<i style="width:{100 * found.after[i]:.1f}%"></i>'
        f'<u style="left:{100 * found.before[i]:.1f}%"></u></div></td>'
        f"<td>{found.before[i]:.2f} to {found.after[i]:.2f}</td></tr>"
        for i in order
        if found.before[i] > 0
    )
    said = f"{prompt.strip()} {name}: {answer.strip()}"
    return HTML(
        f'<style>{STYLE}</style><div class="psm-live" role="group" '
        f'aria-label="What an answer says about {escape(name)}">'
        f"<p><em>{escape(said)}</em></p><p>{escape(in_words(found))}</p>"
        f"<table><tbody>{rows}</tbody></table>"
        f'<p class="psm-key">Bars: how likely each persona is after the '
        f"answer. Dotted: before.</p></div>"
    )
