"""Bayes' rule, as the checks of several assignments need it."""

from __future__ import annotations

import numpy as np


def chances(propensity, domains, kinds) -> np.ndarray:
    """[P, T] how likely each persona gives answers of ``kinds`` [T] in
    ``domains`` [T], from propensities [P, D]."""
    theta = propensity[:, domains]
    return np.where(np.asarray(kinds) == 1, theta, 1 - theta)


def normal(logs: np.ndarray) -> np.ndarray:
    """exp(logs), summing to 1 over the last axis."""
    weights = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def learned(prior, logs, dose: float = 1.0) -> np.ndarray:
    """[P] belief: prior [P] x likelihood to the power of the dose, from the
    likelihood's logarithm [P]. A prior of 0 stays 0."""
    with np.errstate(divide="ignore"):
        return normal(np.log(prior) + dose * logs)
