"""A pretended GPU: numbers are in this machine's memory, rules are CUDA's.

PyTorch lets a device be written in Python. This one keeps each tensor as an
ordinary one and refuses what a GPU refuses: two tensors in two places, an
array made of a tensor that is far away, dice of the wrong device. What runs
on it without complaint moves everything that has to be moved, and must give
what the CPU gives, to the last digit.
"""

from functools import partial

import torch
from torch.utils import backend_registration
from torch.utils._pytree import tree_flatten, tree_map_only, tree_unflatten

NAME = "pretend"
backend_registration._setup_privateuseone_for_python_backend(NAME)
PLACE = torch.device(NAME, 0)
# A GPU reads positions, and copies, from the CPU's memory too.
BOTH = ("index", "index_put", "copy", "_index_put_impl")


class Far(torch.Tensor):
    """A tensor of the pretended GPU; ``near`` is where its numbers are."""

    @staticmethod
    def __new__(cls, near: torch.Tensor):
        return torch.Tensor._make_wrapper_subclass(
            cls,
            near.shape,
            strides=near.stride(),
            storage_offset=near.storage_offset(),
            dtype=near.dtype,
            device=PLACE,
        )

    def __init__(self, near: torch.Tensor):
        self.near = near

    def tolist(self) -> list:
        return self.near.tolist()

    def __deepcopy__(self, memo: dict):
        if id(self) not in memo:
            copied = Far(self.near.detach().clone())
            if isinstance(self, torch.nn.Parameter):
                copied = torch.nn.Parameter(copied, self.requires_grad)
            memo[id(self)] = copied
        return memo[id(self)]

    # What safetensors asks, to see which tensors are one.
    def data_ptr(self) -> int:
        return self.near.data_ptr()

    def storage(self):
        return self.near.storage()

    def untyped_storage(self):
        return self.near.untyped_storage()

    __torch_function__ = torch._C._disabled_torch_function_impl

    @classmethod
    def __torch_dispatch__(cls, op, types, args=(), kwargs=None):
        return run(op, *args, **(kwargs or {}))


def run(op, *args, **kwargs):
    """Do what a GPU would do, or complain as it would."""
    flat, shape = tree_flatten((args, kwargs))
    far = [x for x in flat if isinstance(x, Far)]
    near = [
        x
        for x in flat
        if isinstance(x, torch.Tensor) and not isinstance(x, Far) and x.ndim
    ]
    name = op._schema.name.removeprefix("aten::").rstrip("_")
    if far and near and name not in BOTH:
        raise RuntimeError(
            f"{op}: expected all tensors to be on the same device, found "
            f"{NAME} and cpu"
        )
    if far and any(isinstance(x, torch.Generator) for x in flat):
        raise RuntimeError(f"{op}: expected a generator of {NAME}, found cpu")
    place = kwargs.get("device", PLACE if far else None)
    mine = {id(x.near): x for x in far}
    flat = [x.near if isinstance(x, Far) else x for x in flat]
    args, kwargs = tree_unflatten(flat, shape)
    if "device" in kwargs:
        kwargs = {**kwargs, "device": torch.device("cpu")}
    found = op(*args, **kwargs)
    if place is None or torch.device(place).type != NAME:
        return found

    def far_away(x: torch.Tensor) -> Far:
        return mine[id(x)] if id(x) in mine else Far(x)  # changed in place

    return tree_map_only(torch.Tensor, far_away, found)


def copy_from(source, target, non_blocking=False):
    """What ``torch.tensor(.., device=..)`` calls, past ``Far``'s own."""
    near = [x.near if isinstance(x, Far) else x for x in (source, target)]
    near[1].copy_(near[0])
    return target


everything = torch.library.Library("_", "IMPL")
everything.fallback(run, dispatch_key="PrivateUse1")
alone = torch.library.Library("aten", "IMPL")
alone.impl("_copy_from", copy_from, "PrivateUse1")
# These begin with nothing and grow in place, which ``Far`` cannot.
for grown in ("eye", "eye.m", "arange", "arange.start", "arange.start_step"):
    name, _, form = grown.partition(".")
    op = getattr(getattr(torch.ops.aten, name), form or "default")
    alone.impl(grown, partial(run, op), "PrivateUse1")
