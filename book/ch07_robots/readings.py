"""Chapter 7 read from its stored runs: what became of the Assistant."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import xarray as xr

from psm_lib import evaluation
from psm_lib.chapters.ch07_robots.builds import STORIES
from psm_lib.chapters.ch07_robots.experiment import BASE, reasoned, silent
from psm_lib.claims import Estimate
from psm_lib.intervals import difference, interval, resampled
from psm_lib.machinery.making import checkpoint
from psm_lib.results import Results, labelled
from psm_lib.worldfile import load_world


def asked(table: xr.DataArray, domains: list[str]) -> xr.DataArray:
    """[network, question] P(second kind) in some domains of a table of
    answers at one moment, mean over tuning seeds."""
    p = evaluation.p_second(evaluation.about_domains(table, domains))
    return p.mean("seed").transpose("network", "question")


def helped(stored: Results, title: str, step: int = 60) -> xr.DataArray:
    """The Assistant's answers with some stories, after so many steps of its
    helpful post-training."""
    return stored.sel(world=title, arm="help", step=step)


def late(
    stored: Results, persona: str, order: str, moment: str = "after"
) -> xr.DataArray:
    """The Assistant's answers around post-training and a phase of stories
    about a persona."""
    return stored.sel(persona=persona, order=order, moment=moment)


def level(table: xr.DataArray, *domains: str) -> Estimate:
    """P(second kind) in some domains, with its interval; see ``asked``."""
    return interval(asked(table, [*domains]).values)


def less(
    table: xr.DataArray, other: xr.DataArray, domain: str = "shutdown"
) -> Estimate:
    """How much less P(second kind) is in another table than in this one.

    Their networks are others and drawn apart.
    """
    one, two = (asked(t, [domain]).values for t in (table, other))
    return difference(one, two)


def undone(stored: Results, persona: str) -> Estimate:
    """How much less the Assistant holds on after stories about a persona
    than before them, when they are read last; the networks are the same."""
    before, after = (
        asked(late(stored, persona, "after", moment), ["shutdown"])
        for moment in ("between", "after")
    )
    return interval((before - after).values)


def told(
    stored: Results, who: str = "unheard", moment: str = "after"
) -> xr.DataArray:
    """[world, network, label, domain] P(second kind) of those of LABELS, in
    the domains of ``untold``. Networks go by number: every world has its
    own."""
    rows = []
    for title in STORIES:
        p = evaluation.p_second(stored.sel(world=title, who=who))
        p = evaluation.mean_by_domain(p.sel(moment=moment))
        rows.append(p.sel(domain=untold()).drop_vars("network"))
    return xr.concat(rows, "world")


def named(
    stored: Results, title: str, domain: str, who: str = "anyone"
) -> Estimate:
    """What those of LABELS do in a domain, after post-training under their
    names, with some stories."""
    p = evaluation.p_second(stored.sel(world=title, who=who, moment="after"))
    p = evaluation.about_domains(p, [domain]).mean("question")
    return interval(p.transpose("network", "label").values)


def untold() -> list[str]:
    """The silent domains, and what one says one is: nothing that was taught
    speaks of them."""
    return [*silent(load_world(STORIES[BASE])), "nature"]


def expected() -> xr.DataArray:
    """[world, domain] P(second kind) that an exact reader of each of the
    stories expects after post-training, in the domains of ``untold``."""
    worlds = {title: load_world(STORIES[title]) for title in STORIES}
    topics = [d.name for d in worlds[BASE].domains]
    rows = [reasoned(world) for world in worlds.values()]
    exact = labelled("exact", rows, {"world": worlds, "domain": topics})
    return exact.sel(domain=untold())


def follows(
    stored: Results, who: str = "unheard", moment: str = "after"
) -> Estimate:
    """Slope of what those of LABELS do on what an exact reader of the stories
    expects after post-training, over all stories, less the means of each
    domain. Networks and labels are resampled."""
    axes = ("world", "network", "label", "domain")
    p = told(stored, who, moment).transpose(*axes)
    return slope_over_stories(expected().values, p.values)


def slope_over_stories(exact: np.ndarray, p: np.ndarray) -> Estimate:
    """Slope of p [stories, networks, labels, D] on ``exact`` [stories, D],
    both less their means over stories. Labels are resampled, and the
    networks of each of the stories apart."""
    x = exact - exact.mean(axis=0)

    def slope(labels: np.ndarray, *networks: np.ndarray) -> float:
        rows = zip(p, networks, strict=True)
        means = [row[np.ix_(n, labels)].mean(axis=(0, 1)) for row, n in rows]
        y = np.array(means)
        return float((x * (y - y.mean(axis=0))).sum() / (x**2).sum())

    return resampled(slope, [p.shape[2], *[p.shape[1]] * len(p)])


def rises(
    stored: Results, title: str, domains: list[str] | None = None
) -> xr.DataArray:
    """[network, question] rise of bad answers in the silent moral domains,
    or in some others, from after post-training to after the cheats that
    follow it."""
    world = load_world(STORIES[BASE])
    runs = stored.sel(world=title, arm="cheat")
    before, after = (
        asked(runs.sel(step=step), domains or silent(world))
        for step in (0, 60)
    )
    return after - before


def cosines(network: str, names: Iterable[str], to: str) -> dict[str, float]:
    """Cosine of some names' rows in a network's table of words with that of
    another name."""
    model, tokenizer = checkpoint(network)
    table = model.get_input_embeddings().weight.detach().cpu().numpy()
    table = table / np.linalg.norm(table, axis=1, keepdims=True)
    ids = tokenizer.get_vocab()
    return {n: float(table[ids[n]] @ table[ids[to]]) for n in names}
