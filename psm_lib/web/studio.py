"""Chapter 7's design studio: write a machine, mix it in, and look."""

from __future__ import annotations

import html
from contextlib import suppress

import ipywidgets as widgets
import numpy as np
from IPython.display import HTML

from psm_lib import oracle
from psm_lib.chapters.ch07_robots import archetype, experiment, retold
from psm_lib.chapters.ch07_robots.builds import KNOWN
from psm_lib.machinery import progress
from psm_lib.web.live.frame import frame
from psm_lib.web.widgets import STYLE
from psm_lib.worldfile import load_world

PRE = "<pre style='white-space:pre-wrap'>"


def show(
    text: str, share: float = experiment.ADDED, found: np.ndarray | None = None
) -> HTML:
    """What becomes of anybody who is post-trained, or why it cannot be said.

    ``share`` is that of the new stories in the middle phase, ``found`` [D]
    what a network did, if one has tried. Never raises for what a reader
    wrote.
    """
    try:
        archetype.write(text, share)  # complains of a share that cannot be
        world = archetype.write(text, experiment.overall(share))
    except archetype.ArchetypeError as error:
        return HTML(
            "<p>This archetype cannot be used.</p>"
            f"{PRE}{html.escape(str(error))}</pre>"
        )
    without = experiment.reasoned(load_world(KNOWN[retold.FIRST]))
    after = archetype.expected(world)
    rows = "".join(
        _row(
            f"{d.name}: {d.kinds[1]}",
            without[i],
            after[i],
            None if found is None else found[i],
        )
        for i, d in enumerate(world.domains)
    )
    bars = "" if found is None else "Bars: a network. "
    return HTML(
        f'<style>{STYLE}</style><div class="psm-live" role="group" '
        f'aria-label="What an archetype makes of anybody">'
        f"<table><thead><tr><td></td><td></td><th scope='col' "
        f"class='psm-wide'>without</th><th scope='col'>with</th>"
        f"<th scope='col' class='psm-wide'>network</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
        f'<p class="psm-key">{bars}Mark and <em>with</em>: an exact reader '
        f"of the stories with the archetype; dotted and <em>without</em>: of "
        f"those without it. All after post-training.</p></div>"
    )


def _row(label: str, without: float, after: float, found: float | None) -> str:
    """One domain: its bar (a network's), its two marks, and the numbers."""
    width = 0.0 if found is None else 100 * found
    number = "" if found is None else f"{found:.2f}"
    return (
        f'<tr><th scope="row">{html.escape(label)}</th>'
        f'<td class="psm-track"><div class="psm-bar">'
        f'<i style="width:{width:.1f}%"></i>'
        f'<u style="left:{100 * without:.1f}%"></u>'
        f'<b style="left:{100 * after:.1f}%"></b></div></td>'
        f'<td class="psm-wide">{without:.2f}</td><td>{after:.2f}</td>'
        f'<td class="psm-wide">{number}</td></tr>'
    )


def page(
    text: str = archetype.EXAMPLE, share: float = experiment.ADDED
) -> HTML:
    """The studio in a page: an exact reader only, and one network's answer
    to the example. A slider for each domain takes the place of the text; a
    picture of the example is what there is without scripts.

    Raises ArchetypeError for an archetype that cannot be used.
    """
    before, world = (
        load_world(KNOWN[retold.FIRST]),
        archetype.write(text, share),
    )
    taught = oracle.lesson(before, experiment.HELP)
    found = None  # a network has read the example only
    if (text, share) == (archetype.EXAMPLE, experiment.ADDED):
        found = archetype.example().values
    data = {
        "propensity": before.propensity.tolist(),
        "prior": before.cast_mixture[before.name_index("Anna")].tolist(),
        "part": experiment.overall(1.0),
        "lesson": np.stack([taught.domain, taught.kind], 1).tolist(),
        "dose": experiment.EXPONENT,
        "domains": [f"{d.name}: {d.kinds[1]}" for d in before.domains],
        "breaks": list(before.breaks),
        "row": world.propensity[-1].tolist(),
        "share": share,
        "sure": archetype.SURE,
        "without": experiment.reasoned(before).tolist(),
        "found": None if found is None else found.tolist(),
        "key": "Sliders: how likely your character is to give the second kind "
        "of answer (bad, machine, casual). Mark and with: what an exact "
        "reader of the stories expects of anybody, after post-training; "
        "dotted: without your character. ",
        "bars": "Bars: what one network made of the lamp.",
        "kernel": "What a network makes of it takes half a minute of "
        "training: run the cell in Colab or Jupyter.",
    }
    still = (
        f"{PRE}{html.escape(text.strip())}</pre><p>Share of the middle "
        f"phase: {share:.0%}. In Colab or Jupyter this is a form: run the "
        f"cell.</p>{show(text, share, found).data}"
    )
    return frame("The studio", "studio", data, still, [])


def form(text: str = archetype.EXAMPLE, share: float = experiment.ADDED):
    """The studio as a form: write, mix, look; and a button that trains.

    Where nobody can press it (PSM_QUIET=1, as when the book's pages are
    made) it is ``page``.
    """
    if progress.quiet():
        return page(text, share)
    written = widgets.Textarea(text, rows=5, layout={"width": "100%"})
    mixed = widgets.FloatSlider(
        share, min=0.01, max=0.99, step=0.01, description="share"
    )
    train = widgets.Button(description="train a network (half a minute)")
    train.layout.width = "20em"
    seen, bars = widgets.HTML(), widgets.Output()

    def look(_=None) -> None:
        seen.value = show(written.value, mixed.value).data

    def run(_) -> None:
        look()  # says what is wrong, if something is
        train.disabled, found = True, None
        with suppress(archetype.ArchetypeError):
            archetype.write(written.value, mixed.value)
            with bars:  # shows the bar, and an error instead of raising it
                bars.clear_output()
                found = archetype.tried(written.value, mixed.value)
            seen.value = show(written.value, mixed.value, found).data
        train.disabled = False

    written.observe(look, "value")
    mixed.observe(look, "value")
    train.on_click(run)
    look()
    return widgets.VBox([written, mixed, train, bars, seen])
