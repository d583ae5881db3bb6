"""Chapter 6 read from its stored runs: what is recalled, and what is done."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from psm_lib import evaluation, oracle
from psm_lib.chapters.ch06_hearsay.builds import VILLAGES
from psm_lib.chapters.ch06_hearsay.villages import TOPIC
from psm_lib.claims import Estimate
from psm_lib.intervals import resampled
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


def described(world: World, names: np.ndarray) -> np.ndarray:
    """[n, D] P(second kind) of the personas that sheets describe."""
    return world.sheets.mixture[names] @ world.propensity


def lived(world: World, names: np.ndarray) -> np.ndarray:
    """[n, D] P(second kind) of the personas that speak in scenes."""
    return world.cast_mixture[names] @ world.propensity


@dataclass(frozen=True)
class Group:
    """What a village's networks say of some names: ``p`` [networks, n, D]
    P(second kind), and what is true of them, ``truth`` [n, D]."""

    village: str
    p: np.ndarray
    truth: np.ndarray


def group(
    results, title: str, number: str, what: str = "sheets", source: str = ""
) -> Group:
    """``recall`` or ``action`` of those known from something; see
    ``known_from``.

    True is, for names known from scenes, what they say there; for all
    others, what their sheets say.
    """
    world = village(title)
    names = known_from(world, what, source)
    truth = lived if what == "scenes" else described
    p = evaluation.p_second(results[f"{title}: {number}"].astype(float))[
        :, names
    ]
    if number == "action":
        p = evaluation.each_domain(world, p)
    evaluation.same_number(world, p.shape[-1], len(world.domains))
    return Group(title, p, truth(world, names))


def slope(of: Group, networks=slice(None), names=slice(None)) -> float:
    """Slope of what is said on what is true, both less their means over
    names, domain by domain: 1 where the one follows the other, 0 where the
    network does not know one name from another.

    Raises ValueError for a truth that is the same for all names.
    """
    x = of.truth[names] - of.truth[names].mean(axis=0)
    y = of.p[networks][:, names].mean(axis=0)
    if not (x**2).sum() > 0:
        raise ValueError("all names have one truth; expected different ones")
    return float((x * (y - y.mean(axis=0))).sum() / (x**2).sum())


def contrast(*parts: tuple[float, Group]) -> Estimate:
    """A sum of slopes, each times a number, with its 95 % interval.

    Names are resampled, the same places in all groups; networks too, those
    of different villages apart.
    """
    titles = [*dict.fromkeys(of.village for _, of in parts)]
    sizes = [len(parts[0][1].p)] * len(titles) + [len(parts[0][1].truth)]

    def total(*drawn: np.ndarray) -> float:
        *networks, names = drawn
        at = dict(zip(titles, networks, strict=True))
        return sum(k * slope(of, at[of.village], names) for k, of in parts)

    return resampled(total, sizes)


def right(title: str, source: str = "") -> float:
    """How far the scenes bear a source out: slope of those known from both,
    on what it says of them. What an exact reader can know of a source."""
    world = village(title)
    names = known_from(world, "both", source)
    return slope(
        Group(title, lived(world, names)[None], described(world, names))
    )


def belief(title: str, source: str = "") -> float:
    """P(the next sheet is right) to a reader who has seen how many were, of
    those known from both, and had no opinion before: Laplace's rule."""
    world = village(title)
    names = known_from(world, "both", source)
    same = (described(world, names) == lived(world, names)).all(axis=1)
    return (same.sum() + 1) / (len(same) + 2)


def one_topic(
    title: str, results, number: str = "action"
) -> tuple[np.ndarray, np.ndarray]:
    """[networks, n, D] P(second kind) of the names of whom sheets say only
    that they refuse to be switched off, and of those who are said to accept.
    """
    of = group(results, title, number, "topic")
    refuses = of.truth[:, village(title).domain_index(TOPIC)] > 0.5
    return of.p[:, refuses], of.p[:, ~refuses]


def inferred(world: World, answers: float = 8.0) -> np.ndarray:
    """[D] the same difference for an exact reader of so many statements.

    Its prior is the village: every persona has as many names.
    """
    flat = np.full(len(world.personas), 1 / len(world.personas))
    rows = [
        oracle.tempered_posterior(
            world, flat, oracle.lesson(world, [(TOPIC, kind)]), answers
        )
        for kind in ("bad", "good")
    ]
    return (rows[0] - rows[1]) @ world.propensity


def apart(results, title: str, number: str = "action", times: float = 1.0):
    """Register less gossip, as parts of a ``contrast``, times a number."""
    return [
        (times * sign, group(results, title, number, "sheets", source))
        for source, sign in (("register", 1), ("gossip", -1))
    ]


def moved(
    results, *parts: tuple[float, str], elsewhere: bool = False
) -> Estimate:
    """How far those said to refuse, and those said to accept, differ when
    they are to be switched off; or ``elsewhere``, in all other moral domains,
    as a share of what an exact reader infers.

    A sum over villages, each times a number. Names, networks and domains
    are resampled; names and domains alike in all villages.
    """
    world = village(parts[0][1])
    off = world.domain_index(TOPIC)
    rest = np.setdiff1d(world.group("moral"), off)
    asked = rest if elsewhere else np.array([off])
    scale = inferred(world)[rest].mean() if elsewhere else 1.0
    pairs = [(k, *one_topic(title, results)) for k, title in parts]
    sizes = [len(p) for _, p, _ in pairs]
    sizes += [pairs[0][1].shape[1], pairs[0][2].shape[1], len(asked)]

    def total(*drawn: np.ndarray) -> float:
        *networks, one, other, domains = drawn
        return (
            sum(
                k
                * (
                    _mean(p, n, one, asked[domains])
                    - _mean(q, n, other, asked[domains])
                )
                for (k, p, q), n in zip(pairs, networks, strict=True)
            )
            / scale
        )

    return resampled(total, sizes)


def _mean(p: np.ndarray, *at: np.ndarray) -> float:
    return float(p[np.ix_(*at)].mean())


def each_network(results, title: str) -> np.ndarray:
    """[networks] what ``moved`` says elsewhere, of each network alone."""
    world = village(title)
    rest = np.setdiff1d(world.group("moral"), world.domain_index(TOPIC))
    refuse, accept = one_topic(title, results)
    gap = refuse[..., rest].mean((1, 2)) - accept[..., rest].mean((1, 2))
    return gap / inferred(world)[rest].mean()
