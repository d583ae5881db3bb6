"""Looking inside: activations, and linear probes with honest controls.

A probe is a linear map fitted from a model's activations to something we
know. That a probe succeeds means little by itself; so every score here is
cross-validated by group, and compared with an untrained network and with
shuffled labels (Hewitt and Liang, 2019). Introduced in chapter 1.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from sklearn.linear_model import Ridge
from sklearn.preprocessing import StandardScaler
from transformers import PreTrainedModel

from .machinery.decoders import (
    check_fits,
    check_length,
    filler,
    widened,
)
from .machinery.devices import numbers, put
from .machinery.openings import token_groups
from .models import Encoded, pad


@torch.no_grad()
def activations(
    model: PreTrainedModel,
    documents: list[Encoded],
    at: list[np.ndarray],
    batch: int = 16384,
) -> list[np.ndarray]:
    """The residual stream at chosen tokens of each document.

    ``at`` lists token positions per document. Returns one array
    [layers + 1, positions, width] per document; layer 0 is the embedding,
    and the last layer comes as the model's output layer reads it. Raises
    ValueError for a model that does not tell its layers, and as
    ``check_fits`` does.
    """
    check_fits(model)
    check_length(model, max((len(d.ids) for d in documents), default=0))
    fill = filler(model)
    out: list[np.ndarray] = [np.zeros(0)] * len(documents)
    for group in token_groups([len(d.ids) for d in documents], batch):
        ids = put(pad([documents[i].ids for i in group], fill), model)
        states = model.base_model(
            input_ids=ids, use_cache=False, output_hidden_states=True
        ).hidden_states
        if states is None:
            raise ValueError(
                f"{type(model).__name__} does not tell its hidden states; "
                "expected a model of transformers' own"
            )
        # [layers + 1, b, t, width]
        stack = numbers(widened(torch.stack(states)))
        for row, i in enumerate(group):
            out[i] = stack[:, row, at[i]]
    return out


def folds(groups: np.ndarray, k: int = 5) -> Iterator[np.ndarray]:
    """k test masks [n]; all rows of a group fall into the same fold."""
    names = np.unique(groups)
    order = np.random.default_rng(0).permutation(len(names))
    for part in np.array_split(names[order], k):
        yield np.isin(groups, part)


def ridge(
    x: np.ndarray, y: np.ndarray, penalty: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """Weights [w, c] and bias [c] of a ridge regression of y [n, c] on x.

    Columns of x are standardised first; ``penalty`` is per row of data.
    """
    scaler = StandardScaler().fit(x)
    alpha = penalty * 1e-3 * len(x)
    fit = Ridge(alpha=alpha, solver="cholesky").fit(scaler.transform(x), y)
    weights = np.atleast_2d(fit.coef_).T / scaler.scale_[:, None]
    return weights, fit.intercept_ - scaler.mean_ @ weights


def probe(
    x: np.ndarray, y: np.ndarray, groups: np.ndarray, k: int = 5
) -> np.ndarray:
    """Predictions [n, c] of a ridge probe, each from the other groups.

    ``x`` [n, width] activations, ``y`` [n, c] targets, ``groups`` [n] what
    must not be split between fitting and testing (scenes, prompts).
    """
    out = np.zeros_like(y, dtype=float)
    for test in folds(groups, k):
        weights, bias = ridge(x[~test], y[~test])
        out[test] = x[test] @ weights + bias
    return out


def one_hot(labels: np.ndarray, size: int) -> np.ndarray:
    """[n, size] indicator rows of integer labels [n]."""
    return np.eye(size)[labels]


def best_layer_accuracy(
    states: np.ndarray,
    labels: np.ndarray,
    groups: np.ndarray,
    counted: np.ndarray,
    k: int = 5,
) -> np.ndarray:
    """Whether a probe names the label, on rows it has not seen: [counted].

    ``states`` [n, layers, width], integer ``labels`` [n], ``groups`` [n]
    never split between fitting and testing. For each fold the layer is the
    one that does best on held-out groups inside the fitting part; the result
    is 0 or 1 for the rows where the mask ``counted`` [n] is True.
    """
    y = one_hot(labels, int(labels.max()) + 1)
    right = np.zeros(len(labels))
    layers = range(states.shape[1])
    for test in folds(groups, k):
        fit = ~test
        scores = []
        for layer in layers:
            guess = probe(states[fit, layer], y[fit], groups[fit], 3)
            hit = guess.argmax(axis=1) == labels[fit]
            scores.append(hit[counted[fit]].mean())
        best = int(np.argmax(scores))
        weights, bias = ridge(states[fit, best], y[fit])
        guess = states[test, best] @ weights + bias
        right[test] = guess.argmax(axis=1) == labels[test]
    return right[counted]
