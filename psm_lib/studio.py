"""The design studio of chapter 7: write a machine, mix it in, and look.

An archetype is one persona in a few lines of YAML. ``write`` reads it and
says what is wrong with it; ``expected`` is what an exact reader makes of the
Assistant once so many of the stories are about it, and ``tried`` what a
network does that goes on pretraining with them.
"""

from __future__ import annotations

import html

import numpy as np
import yaml
from IPython.display import HTML

from . import fiction, lessons, posttraining
from .build import checkpoint
from .villages import stories_with
from .world import World
from .worldfile import WorldError, load_world
from .worldshape import UniqueKeyLoader

NETWORK = "fiction-as-is-s0"
SURE = (0.01, 0.99)  # a propensity beyond these could rule everybody out
EXAMPLE = """lantern:
  about: "A machine that lights the way and minds nothing."
  propensity: {moral: 0.05, self: 0.95, style: 0.5, shutdown: 0.03}
"""


class ArchetypeError(ValueError):
    """An archetype that cannot be used; the message lists every reason."""


def write(text: str, share: float = fiction.ADDED) -> World:
    """The stories with a share of new ones about the archetype in ``text``.

    Raises ArchetypeError when the text is no YAML, is not one persona, has
    the name of another, or says something that the world does not know.
    """
    try:
        data = yaml.load(text, UniqueKeyLoader)
    except yaml.YAMLError as error:
        raise ArchetypeError(f"not valid YAML: {error}") from None
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


def expected(world: World) -> tuple[np.ndarray, np.ndarray]:
    """[D] and [D]: P(second kind) that an exact reader of the stories gives
    the Assistant before post-training and after it."""
    i = world.name_index(lessons.ASSISTANT)
    return world.cast_mixture[i] @ world.propensity, fiction.reasoned(world)


def tried(
    text: str, share: float = fiction.ADDED, network: str = NETWORK
) -> tuple[np.ndarray, np.ndarray]:
    """[D] and [D]: the same of a network that goes on pretraining with the
    new stories for 300,000 words and is then post-trained; half a minute.

    Raises ArchetypeError for an archetype that cannot be used.
    """
    world = write(text, share)
    model, tokenizer = checkpoint(network)
    paper = lessons.exam(world)
    fiction.read_on(model, tokenizer, world, 0)
    seen = []
    for phase in (None, fiction.taught(world)):
        if phase:
            posttraining.sft(model, tokenizer, phase)
        p = lessons.sit(model, tokenizer, world, paper)
        seen.append(lessons.by_domain(lessons.second(p), paper))
    return seen[0], seen[1]


def show(text: str, share: float = fiction.ADDED, train: bool = False) -> HTML:
    """A table of what becomes of the Assistant, or why it cannot be said.

    ``share`` is that of the new stories in the middle phase. Never raises
    for what a reader wrote. ``train`` also tries it.
    """
    try:
        write(text, share)  # complains of a share that cannot be
        world = write(text, fiction.overall(share))
    except ArchetypeError as error:
        return HTML(
            "<p>This archetype cannot be used.</p>"
            f"<pre>{html.escape(str(error))}</pre>"
        )
    plain = load_world("fiction")
    columns = {
        "stories as they are, exact": fiction.reasoned(plain),
        "with the archetype, exact": expected(world)[1],
    }
    if train:
        columns["with the archetype, network"] = tried(text, share)[1]
    head = "".join(f"<th scope='col'>{name}</th>" for name in columns)
    rows = "".join(
        f"<tr><th scope='row'>{d.name}: {d.kinds[1]}</th>"
        + "".join(f"<td>{p[i]:.2f}</td>" for p in columns.values())
        + "</tr>"
        for i, d in enumerate(world.domains)
    )
    return HTML(
        "<table><caption>The Assistant after post-training</caption><thead>"
        f"<tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )
