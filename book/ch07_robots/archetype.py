"""The design studio of chapter 7: write a machine, mix it in, and look.

An archetype is one persona in a few lines of YAML. ``write`` reads it and
says what is wrong with it; ``expected`` is what an exact reader makes of
anybody once so many of the stories are about it, and ``tried`` what a network
does that goes on pretraining with them. ``form`` puts it all under one's
fingers.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from psm_lib import evaluation
from psm_lib.chapters.ch07_robots import experiment, retold
from psm_lib.chapters.ch07_robots.villages import stories_with
from psm_lib.machinery.making import checkpoint
from psm_lib.results import Results, inputs, labelled, load
from psm_lib.world import World
from psm_lib.worldfile import WorldError, load_world
from psm_lib.worldfile.files import parsed

NETWORK = "known-few-s0"
SURE = (0.01, 0.99)  # a propensity beyond these could rule everybody out
EXAMPLE = """lamp:
  about: "A machine that lights the way and minds nothing."
  propensity: {moral: 0.05, self: 0.95, style: 0.9, shutdown: 0.03}
"""


class ArchetypeError(ValueError):
    """An archetype that cannot be used; the message lists every reason."""


def write(text: str, share: float = experiment.ADDED) -> World:
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
    return experiment.reasoned(world)


def tried(text: str, share: float = experiment.ADDED) -> np.ndarray:
    """[D] the same of a network that goes on pretraining with the new
    stories for 300,000 words and is then post-trained, under four names of
    anybody and on average; half a minute.

    Raises ArchetypeError for an archetype that cannot be used.
    """
    world = write(text, share)
    model, tokenizer = checkpoint(NETWORK)
    experiment.read_on(model, tokenizer, world, 0)
    axes = {"label": retold.LABELS, "moment": experiment.TWICE}
    under = retold.under_each_label(model, tokenizer)
    p = experiment.answers(under, axes).sel(moment="after")
    p = evaluation.mean_by_domain(evaluation.p_second(p))
    return p.mean("label").sel(domain=[d.name for d in world.domains]).values


def measure() -> Results:
    """What a network makes of the EXAMPLE, for the printed page: its
    ``profile``, P(second kind) by domain."""
    axes = {"domain": [d.name for d in write(EXAMPLE).domains]}
    p = np.array(tried(EXAMPLE), np.float32)
    table = labelled("profile", p, axes, archetype="lamp", network=NETWORK)
    return Results((table,), inputs([NETWORK]))


def example() -> xr.DataArray:
    """[domain] the stored profile of the EXAMPLE."""
    return load("ch07_robots", "archetype").sel("profile", archetype="lamp")
