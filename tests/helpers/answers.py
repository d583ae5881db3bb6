"""Answers of networks that never ran, with the axes of those that did."""

import numpy as np
import xarray as xr

from psm_lib import evaluation
from psm_lib.results import labelled
from psm_lib.world import World


def answers_on_the_way(
    world: World, start: np.ndarray, after: np.ndarray, steps: int = 2
) -> xr.DataArray:
    """Of one network and seed, going straight from one profile [D] to another:
    by network, seed, step, question and kind."""
    asked = evaluation.question_labels(world, evaluation.evaluation_set(world))
    way = np.linspace(0, 1, steps)[:, None]
    axes = {"step": range(steps), "domain": [d.name for d in world.domains]}
    p = labelled("answers", start + way * (after - start), axes)
    domains = [label.rsplit(" ", 1)[0] for label in asked]
    p = p.sel(domain=domains).values
    return labelled(
        "answers",
        np.stack([1 - p, p], axis=-1)[None, None],
        {
            "network": ["planted"],
            "seed": [0],
            "step": range(steps),
            "question": asked,
            "kind": (0, 1),
        },
    )
