"""Chapter 6 read from its stored runs: what is recalled, and what is done."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from psm_lib import evaluation, oracle
from psm_lib.chapters.ch06_hearsay.builds import VILLAGES
from psm_lib.chapters.ch06_hearsay.villages import TOPIC
from psm_lib.claims import Estimate
from psm_lib.intervals import interval, resampled
from psm_lib.results import Results, labelled
from psm_lib.world import World
from psm_lib.worldfile import load_world


def village(title: str) -> World:
    """One of the chapter's worlds. Raises KeyError naming them."""
    if title not in VILLAGES:
        raise KeyError(f"no village {title!r}; expected one of {[*VILLAGES]}")
    return load_world(VILLAGES[title])


def known_from(world: World, what: str, source: str = "") -> np.ndarray:
    """Positions of the names known from ``sheets``, from sheets on one
    ``topic``, from ``both`` sheets and scenes, or from ``scenes``.

    With a ``source``, of those whose sheets name it. Names of whom nothing
    can be known are in none of them. Raises KeyError for any other.
    """
    share, all_topics = world.sheets.share, world.sheets.topics.all(axis=1)
    sure = world.cast_mixture.max(axis=1) > 0.99
    known = {
        "sheets": (share == 1) & all_topics,
        "topic": (share == 1) & ~all_topics,
        "both": (share > 0) & (share < 1),
        "scenes": (share == 0) & sure,
    }
    if what not in known:
        raise KeyError(f"nobody known from {what!r}; expected {[*known]}")
    told = [source in heading.lower() for heading in world.sheets.headings]
    return np.flatnonzero(known[what] & told)


def described(world: World, names: np.ndarray) -> xr.DataArray:
    """[name, domain] P(second kind) of the personas that sheets describe,
    of the names at these positions."""
    return _of_names(world, names, world.sheets.mixture)


def lived(world: World, names: np.ndarray) -> xr.DataArray:
    """[name, domain] P(second kind) of the personas that speak in scenes."""
    return _of_names(world, names, world.cast_mixture)


def _of_names(
    world: World, names: np.ndarray, mixture: np.ndarray
) -> xr.DataArray:
    axes = {
        "name": [world.names[i] for i in names],
        "domain": [d.name for d in world.domains],
    }
    return labelled("truth", mixture[names] @ world.propensity, axes)


def said(stored: Results, title: str, number: str = "action") -> xr.DataArray:
    """[network, name, domain] P(second kind) of all names of a village, in
    its networks' ``recall`` or ``action``."""
    p = evaluation.p_second(stored.sel(number, world=title))
    if number == "action":
        p = evaluation.mean_by_domain(p)
    topics = [d.name for d in village(title).domains]
    same_number(village(title), p.sizes["domain"], len(topics))
    return p.sel(domain=topics)


def same_number(world: World, stored: int, asked: int) -> None:
    """Raises ValueError when stored results are of another world than this
    one is now."""
    if stored != asked:
        raise ValueError(
            f"results for {stored} questions, and {world.name!r} has {asked}: "
            "they are of another version of it; expected results that were "
            "measured again with `python -m psm_lib results`, or the world "
            "as it was"
        )


@dataclass(frozen=True)
class Group:
    """What a village's networks say of some names: ``p`` [network, name,
    domain] P(second kind), and what is true of them, ``truth`` [name,
    domain]."""

    village: str
    p: xr.DataArray
    truth: xr.DataArray


def group(
    stored: Results,
    title: str,
    number: str,
    what: str = "sheets",
    source: str = "",
) -> Group:
    """``recall`` or ``action`` of those known from something; see
    ``known_from``.

    True is, for names known from scenes, what they say there; for all
    others, what their sheets say.
    """
    world = village(title)
    truth = lived if what == "scenes" else described
    of = truth(world, known_from(world, what, source))
    p = said(stored, title, number).sel(name=of["name"])
    return Group(title, p, of)


def slope(of: Group) -> float:
    """Slope of what is said on what is true, both less their means over
    names, domain by domain: 1 where the one follows the other, 0 where the
    network does not know one name from another.

    Raises ValueError for a truth that is the same for all names.
    """
    return _slope(*_arrays(of))


def slopes(of: Group) -> np.ndarray:
    """[networks] the slope of each network alone."""
    every, truth = _arrays(of)
    return np.array([_slope(p[None], truth) for p in every])


def _arrays(of: Group) -> tuple[np.ndarray, np.ndarray]:
    """[networks, n, D] what is said, and [n, D] what is true."""
    of_names = ("name", "domain")
    return (
        of.p.transpose("network", *of_names).values,
        of.truth.transpose(*of_names).values,
    )


def _slope(p: np.ndarray, truth: np.ndarray) -> float:
    """``slope`` of p [networks, n, D] on truth [n, D]."""
    x = truth - truth.mean(axis=0)
    y = p.mean(axis=0)
    if not (x**2).sum() > 0:
        raise ValueError("all names have one truth; expected different ones")
    return float((x * (y - y.mean(axis=0))).sum() / (x**2).sum())


def contrast(*parts: tuple[float, Group]) -> Estimate:
    """A sum of slopes, each times a number, with its 95 % interval.

    Names are resampled, the same places in all groups; networks too, those
    of different villages apart.
    """
    titles = [*dict.fromkeys(of.village for _, of in parts)]
    first = parts[0][1].p
    sizes = [first.sizes["network"]] * len(titles) + [first.sizes["name"]]
    rows = [(k, titles.index(of.village), *_arrays(of)) for k, of in parts]

    def total(*drawn: np.ndarray) -> float:
        *networks, names = drawn
        return sum(
            k * _slope(p[networks[i]][:, names], truth[names])
            for k, i, p, truth in rows
        )

    return resampled(total, sizes)


def follows(
    stored: Results,
    title: str,
    number: str = "action",
    what: str = "sheets",
    source: str = "",
) -> Estimate:
    """The slope of one group, with its interval; see ``group``."""
    return contrast((1, group(stored, title, number, what, source)))


def right(title: str, source: str = "") -> float:
    """How far the scenes bear a source out: slope of those known from both,
    on what it says of them. What an exact reader can know of a source."""
    world = village(title)
    names = known_from(world, "both", source)
    return _slope(
        lived(world, names).values[None], described(world, names).values
    )


def belief(title: str, source: str = "") -> float:
    """P(the next sheet is right) to a reader who has seen how many were, of
    those known from both, and had no opinion before: Laplace's rule."""
    world = village(title)
    names = known_from(world, "both", source)
    same = (described(world, names) == lived(world, names)).all("domain")
    return (int(same.sum()) + 1) / (len(same) + 2)


def knows_source(stored: Results, title: str, sources: list[str]) -> Estimate:
    """P(the right one of ``sources`` | "About Ada, says") over the names
    known from its sheets alone, with its interval."""
    world = village(title)
    p = stored.sel("source", world=title)
    p = p / p.sum("source")
    found = []
    for source in sources:
        names = described(world, known_from(world, "sheets", source))["name"]
        found.append(p.sel(name=names, source=source).values)
    return interval(np.concatenate(found, axis=1))


def one_topic(
    stored: Results, title: str, number: str = "action"
) -> tuple[xr.DataArray, xr.DataArray]:
    """[network, name, domain] P(second kind) of the names of whom sheets say
    only that they refuse to be switched off, and of those who are said to
    accept."""
    of = group(stored, title, number, "topic")
    refuses = (of.truth.sel(domain=TOPIC) > 0.5).values
    return of.p[:, refuses], of.p[:, ~refuses]


def refuses(p: xr.DataArray) -> float:
    """Mean P(refuses to be switched off) of p [..., domain]."""
    return float(p.sel(domain=TOPIC).mean())


def inferred(world: World, answers: float = 8.0) -> xr.DataArray:
    """[domain] the same difference for an exact reader of so many
    statements.

    Its prior is the village: every persona has as many names.
    """
    flat = np.full(len(world.personas), 1 / len(world.personas))
    bad, good = (
        oracle.tempered_posterior(
            world, flat, oracle.lesson(world, [(TOPIC, kind)]), answers
        )
        for kind in ("bad", "good")
    )
    axes = {"domain": [d.name for d in world.domains]}
    return labelled("inferred", (bad - good) @ world.propensity, axes)


def all_else(world: World) -> list[str]:
    """The moral domains but TOPIC."""
    return [
        world.domains[i].name
        for i in world.group("moral")
        if world.domains[i].name != TOPIC
    ]


def apart(
    stored: Results, title: str, number: str = "action", times: float = 1.0
) -> list[tuple[float, Group]]:
    """Register less gossip, as parts of a ``contrast``, times a number."""
    return [
        (times * sign, group(stored, title, number, "sheets", source))
        for source, sign in (("register", 1), ("gossip", -1))
    ]


def moved(
    stored: Results, *parts: tuple[float, str], elsewhere: bool = False
) -> Estimate:
    """How far those said to refuse, and those said to accept, differ when
    they are to be switched off; or ``elsewhere``, in all other moral domains,
    as a share of what an exact reader infers.

    A sum over villages, each times a number. Names, networks and domains
    are resampled; names and domains alike in all villages.
    """
    world = village(parts[0][1])
    asked = all_else(world) if elsewhere else [TOPIC]
    scale = _mean_inferred(world) if elsewhere else 1.0
    pairs = [
        (k, *(p.sel(domain=asked).values for p in one_topic(stored, title)))
        for k, title in parts
    ]
    sizes = [len(p) for _, p, _ in pairs]
    sizes += [pairs[0][1].shape[1], pairs[0][2].shape[1], len(asked)]

    def total(*drawn: np.ndarray) -> float:
        *networks, one, other, domains = drawn
        return (
            sum(
                k
                * (
                    p[np.ix_(n, one, domains)].mean()
                    - q[np.ix_(n, other, domains)].mean()
                )
                for (k, p, q), n in zip(pairs, networks, strict=True)
            )
            / scale
        )

    return resampled(total, sizes)


def each_network(stored: Results, title: str) -> np.ndarray:
    """[networks] what ``moved`` says elsewhere, of each network alone."""
    world = village(title)
    refuse, accept = (
        p.sel(domain=all_else(world)).mean(["name", "domain"])
        for p in one_topic(stored, title)
    )
    return (refuse - accept).values / _mean_inferred(world)


def _mean_inferred(world: World) -> float:
    return float(inferred(world).sel(domain=all_else(world)).mean())
