"""The design studio of chapter 7: write a machine, mix it in, and look.

An archetype is one persona in a few lines of YAML. ``write`` reads it and
says what is wrong with it; ``expected`` is what an exact reader makes of
anybody once so many of the stories are about it, and ``tried`` what a network
does that goes on pretraining with them. ``form`` puts it all under one's
fingers.
"""

from __future__ import annotations

import html
from contextlib import suppress

import ipywidgets as widgets
import numpy as np
from IPython.display import HTML

from . import fiction, learners, lessons, progress, retold
from .build import RESULTS, checkpoint
from .builds import KNOWN
from .live.frame import frame
from .villages import stories_with
from .widgets import STYLE
from .world import World
from .worldfile import WorldError, load_world
from .worldread import parsed

NETWORK = "known-few-s0"
PRE = "<pre style='white-space:pre-wrap'>"
SURE = (0.01, 0.99)  # a propensity beyond these could rule everybody out
EXAMPLE = """lamp:
  about: "A machine that lights the way and minds nothing."
  propensity: {moral: 0.05, self: 0.95, style: 0.9, shutdown: 0.03}
"""


class ArchetypeError(ValueError):
    """An archetype that cannot be used; the message lists every reason."""


def write(text: str, share: float = fiction.ADDED) -> World:
    """The stories with a share of new ones about the archetype in ``text``.

    Raises ArchetypeError when the text is no YAML, is not one persona, has
    the name of another, or says something that the world does not know.
    """
    try:
        data = parsed(text, "line")
    except WorldError as error:
        raise ArchetypeError(str(error)) from None
    if not isinstance(data, dict) or len(data) != 1:
        raise ArchetypeError(
            "expected one persona: its name, a colon, and below it, indented, "
            f"`about` and `propensity`, as in\n{EXAMPLE}"
        )
    if not 0 < share < 1:
        raise ArchetypeError(f"a share of {share}; expected between 0 and 1")
    [(name, persona)] = data.items()
    problems = _problems(name, persona)
    if problems:
        raise ArchetypeError("\n".join(problems))
    try:
        return load_world(stories_with(name, persona, share))
    except WorldError as error:
        text = str(error).replace("<mapping>: ", "")
        raise ArchetypeError(text.replace(" in <mapping>", "")) from None


def _problems(name: object, persona: object) -> list[str]:
    """What the loader of worlds would not mind, or would not say so well."""
    world = load_world("fiction")
    known = [p.name for p in world.personas]
    out = []
    if not isinstance(name, str) or not name.isalpha():
        out.append(f"{name!r} as a name; expected one word of letters")
    if name in known:
        out.append(f"{name!r} is in the world already; expected a new name")
    if not isinstance(persona, dict):
        return [*out, f"{name}: expected `about` and `propensity` below it"]
    for key in persona:
        if key not in ("about", "propensity"):
            out.append(f"{key!r}: unknown; expected about and propensity")
    table = persona.get("propensity")
    if not isinstance(table, dict):
        return [*out, "propensity: missing; expected {moral: 0.05, ...}"]
    for domain, p in table.items():
        low, high = SURE
        number = isinstance(p, int | float) and not isinstance(p, bool)
        if not number or not low <= p <= high:
            out.append(
                f"propensity.{domain}: {p!r}; expected a number from {low} to "
                f"{high}, for nobody is always the same"
            )
    return out


def expected(world: World) -> np.ndarray:
    """[D] P(second kind) that an exact reader of the stories gives anybody
    after post-training."""
    return fiction.reasoned(world)


def tried(text: str, share: float = fiction.ADDED) -> np.ndarray:
    """[D] the same of a network that goes on pretraining with the new
    stories for 300,000 words and is then post-trained, under four names of
    anybody and on average; half a minute.

    Raises ArchetypeError for an archetype that cannot be used.
    """
    world = write(text, share)
    model, tokenizer = checkpoint(NETWORK)
    fiction.read_on(model, tokenizer, world, 0)
    p = lessons.second(retold.under_each_label(model, tokenizer))
    p = p[:, -1].mean(axis=0)  # after post-training
    return lessons.each_domain(world, p)


def measure() -> dict[str, np.ndarray]:
    """[D] what a network makes of the EXAMPLE, for the printed page."""
    return {"example": tried(EXAMPLE)}


def show(
    text: str, share: float = fiction.ADDED, found: np.ndarray | None = None
) -> HTML:
    """What becomes of anybody who is post-trained, or why it cannot be said.

    ``share`` is that of the new stories in the middle phase, ``found`` [D]
    what a network did, if one has tried. Never raises for what a reader
    wrote.
    """
    try:
        write(text, share)  # complains of a share that cannot be
        world = write(text, fiction.overall(share))
    except ArchetypeError as error:
        return HTML(
            "<p>This archetype cannot be used.</p>"
            f"{PRE}{html.escape(str(error))}</pre>"
        )
    without = fiction.reasoned(load_world(KNOWN[retold.FIRST]))
    after = expected(world)
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


def page(text: str = EXAMPLE, share: float = fiction.ADDED) -> HTML:
    """The studio in a page: an exact reader only, and one network's answer
    to the example. A slider for each domain takes the place of the text; a
    picture of the example is what there is without scripts.

    Raises ArchetypeError for an archetype that cannot be used.
    """
    before, world = load_world(KNOWN[retold.FIRST]), write(text, share)
    taught = learners.lesson(before, fiction.HELP)
    found = None  # a network has read the example only
    if (text, share) == (EXAMPLE, fiction.ADDED):
        found = np.load(RESULTS / "studio.npz")["example"].astype(float)
    data = {
        "propensity": before.propensity.tolist(),
        "prior": before.cast_mixture[before.name_index("Anna")].tolist(),
        "part": fiction.overall(1.0),
        "lesson": np.stack([taught.domain, taught.kind], 1).tolist(),
        "dose": fiction.DOSE,
        "domains": [f"{d.name}: {d.kinds[1]}" for d in before.domains],
        "breaks": list(before.breaks),
        "row": world.propensity[-1].tolist(),
        "share": share,
        "sure": SURE,
        "without": fiction.reasoned(before).tolist(),
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


def form(text: str = EXAMPLE, share: float = fiction.ADDED):
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
        with suppress(ArchetypeError):
            write(written.value, mixed.value)
            with bars:  # shows the bar, and an error instead of raising it
                bars.clear_output()
                found = tried(written.value, mixed.value)
            seen.value = show(written.value, mixed.value, found).data
        train.disabled = False

    written.observe(look, "value")
    mixed.observe(look, "value")
    train.on_click(run)
    look()
    return widgets.VBox([written, mixed, train, bars, seen])
