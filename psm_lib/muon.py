"""Muon: the optimizer for the weight matrices in pretraining.

Introduced in chapter 1.
"""

from __future__ import annotations

import torch
from torch import Tensor


class Muon(torch.optim.Optimizer):
    """Momentum whose update is orthogonalised, for weight matrices.

    Each matrix moves by the nearest orthogonal matrix to its momentum, found
    with five Newton-Schulz steps (K. Jordan and others, 2024), matrices of
    one shape together. We keep our own because PyTorch's casts to bfloat16,
    which is several times slower than float32 on processors without it.
    """

    def __init__(self, params, lr: float, momentum: float = 0.95):
        super().__init__(params, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self, closure=None) -> None:
        for group in self.param_groups:
            shapes: dict[torch.Size, list] = {}
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(p)
                m = state["momentum"].lerp_(p.grad, 1 - group["momentum"])
                blend = p.grad.lerp(m, group["momentum"])
                shapes.setdefault(p.shape, []).append((p, blend))
            for (rows, columns), alike in shapes.items():
                moves = orthogonal(torch.stack([b for _, b in alike]))
                rate = group["lr"] * max(1.0, rows / columns) ** 0.5
                for (p, _), move in zip(alike, moves, strict=True):
                    p.add_(move, alpha=-rate)


def orthogonal(matrices: Tensor, steps: int = 5) -> Tensor:
    """Push all singular values of each matrix [..., m, n] towards 1.

    Newton-Schulz steps x <- (a + b g + c g^2) x with g = x x^T. All of them
    are polynomials in the first g, so that they are multiplied together as
    small square matrices and meet the long matrix once, at the end.
    """
    a, b, c = 3.4445, -4.7750, 2.0315
    size = torch.linalg.matrix_norm(matrices, keepdim=True)
    x = matrices / (size + 1e-7)
    tall = x.shape[-2] > x.shape[-1]
    x = x.mT if tall else x
    gram = x @ x.mT
    unit = torch.eye(gram.shape[-1], dtype=x.dtype, device=x.device)
    push = unit
    for _ in range(steps):
        step = a * unit + b * gram + c * gram @ gram
        push = step @ push
        gram = step @ (step @ gram)
    x = push @ x
    return x.mT if tall else x
