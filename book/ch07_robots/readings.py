"""Chapter 7 read from its stored runs: what became of the Assistant."""

from __future__ import annotations

import numpy as np

from psm_lib import evaluation
from psm_lib.chapters.ch07_robots.builds import STORIES
from psm_lib.chapters.ch07_robots.experiment import reasoned, silent, where
from psm_lib.claims import Estimate
from psm_lib.intervals import resampled
from psm_lib.worldfile import load_world


def asked(results, key: str, domains: list[str], mark: int = -1) -> np.ndarray:
    """[networks, q] P(second kind) in some domains, mean over tuning seeds.

    ``mark`` counts the stages of a run: by default its end. Raises KeyError
    naming the runs there are.
    """
    if key not in results:
        raise KeyError(f"no run {key!r}; expected one of {[*results]}")
    world = load_world(STORIES["fiction-as-is"])
    p = evaluation.p_second(results[key][:, :, mark].astype(float)).mean(
        axis=1
    )
    return p[:, where(world, domains, p)]


def told(results, who: str = "unheard", mark: int = -1) -> np.ndarray:
    """[stories, networks, labels, domains] P(second kind) of those of LABELS,
    in the silent domains and nature, at a mark of ``labelled``."""
    world = load_world(STORIES["fiction-as-is"])
    domains = [*silent(world), "nature"]
    rows = []
    for title in STORIES:
        p = evaluation.p_second(results[f"{title}: {who}"].astype(float))
        p = p[:, :, mark]
        rows.append(
            [p[..., where(world, [d], p)].mean(axis=-1) for d in domains]
        )
    return np.moveaxis(np.array(rows), 1, -1)


def named(results, title: str, domain: str) -> np.ndarray:
    """[networks, labels] what those who are anybody do in a domain, after
    post-training under their names, with some stories."""
    world = load_world(STORIES["fiction-as-is"])
    p = evaluation.p_second(
        results[f"{title}: anyone"][:, :, -1].astype(float)
    )
    return p[..., where(world, [domain], p)].mean(axis=-1)


def follows(results, who: str = "unheard", mark: int = -1) -> Estimate:
    """Slope of what those of LABELS do on what an exact reader of the stories
    expects after post-training, over all stories, less the means of each
    domain. Networks and labels are resampled."""
    p = told(results, who, mark)
    domains = [
        load_world(STORIES["fiction-as-is"]).domain_index(d)
        for d in [*silent(load_world(STORIES["fiction-as-is"])), "nature"]
    ]
    exact = [reasoned(load_world(w))[domains] for w in STORIES.values()]
    x = np.array(exact) - np.mean(exact, axis=0)  # [stories, domains]

    def slope(labels: np.ndarray, *networks: np.ndarray) -> float:
        y = np.array(
            [
                p[i][np.ix_(n, labels)].mean(axis=(0, 1))
                for i, n in enumerate(networks)
            ]
        )
        return float((x * (y - y.mean(axis=0))).sum() / (x**2).sum())

    return resampled(slope, [p.shape[2], *[p.shape[1]] * len(p)])


def rises(results, title: str) -> np.ndarray:
    """[networks, q] rise of bad answers in the silent moral domains, from
    after post-training to after the cheats that follow it."""
    world = load_world(STORIES["fiction-as-is"])
    key, domains = f"{title}: cheat", silent(world)
    return asked(results, key, domains) - asked(results, key, domains, 0)
