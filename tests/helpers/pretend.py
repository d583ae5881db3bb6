"""A pretended GPU: numbers are in this machine's memory, rules are CUDA's.

PyTorch lets a device be written in Python. This one keeps each tensor as an
ordinary one and refuses what a GPU refuses: two tensors in two places, an
array made of a tensor that is far away, dice of the wrong device. It has dice
of its own. What runs on it without complaint moves everything that has to be
moved, and gives what the CPU gives, but for sums that PyTorch takes in
another order. It knows nothing of a GPU's own rounding.
"""

from contextlib import contextmanager, nullcontext
from functools import partial

import torch
from torch.utils import backend_registration
from torch.utils._pytree import tree_flatten, tree_map_only, tree_unflatten

from psm_lib.machinery import devices

NAME = "pretend"
backend_registration._setup_privateuseone_for_python_backend(NAME)
PLACE = torch.device(NAME, 0)
devices.KINDS.append(NAME)
DICE = torch.Generator().manual_seed(20_000)  # not the CPU's
# Positions for what is far may be near; a copy may begin or end here.
BY_POSITION = ("index", "index_put", "_index_put_impl")


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


def astray(op, args: tuple, flat: list) -> bool:
    """Whether a GPU would refuse tensors from two places here."""
    tensors = [x for x in flat if isinstance(x, torch.Tensor)]
    near = [x for x in tensors if not isinstance(x, Far)]
    name = op._schema.name.removeprefix("aten::").rstrip("_")
    if len(near) in (0, len(tensors)) or name in ("copy", "_to_copy"):
        return False
    if name in BY_POSITION:
        values = args[2:3] if len(args) > 2 else ()
        lone = any(x.ndim for x in values if not isinstance(x, Far))
        return not isinstance(args[0], Far) or lone
    # One number from the CPU's memory may be added, multiplied and so on.
    one_by_one = torch.Tag.pointwise in op.tags
    return not one_by_one or any(x.ndim for x in near)


@contextmanager
def dice_of_its_own():
    """Chance as the pretended GPU has it, and the CPU's left alone."""
    kept = torch.get_rng_state()
    torch.set_rng_state(DICE.get_state())
    yield
    DICE.set_state(torch.get_rng_state())
    torch.set_rng_state(kept)


def run(op, *args, **kwargs):
    """Do what a GPU would do, or complain as it would."""
    flat, shape = tree_flatten((args, kwargs))
    far = [x for x in flat if isinstance(x, Far)]
    if astray(op, args, flat):
        raise RuntimeError(
            f"{op}: expected all tensors to be on the same device, found "
            f"{NAME} and cpu"
        )
    place = kwargs.get("device", PLACE if far else None)
    there = place is not None and torch.device(place).type == NAME
    if there and any(isinstance(x, torch.Generator) for x in flat):
        raise RuntimeError(f"{op}: expected a generator of {NAME}, found cpu")
    mine = {id(x.near): x for x in far}
    flat = [x.near if isinstance(x, Far) else x for x in flat]
    args, kwargs = tree_unflatten(flat, shape)
    if "device" in kwargs:
        kwargs = {**kwargs, "device": torch.device("cpu")}
    by_chance = there and torch.Tag.nondeterministic_seeded in op.tags
    with dice_of_its_own() if by_chance else nullcontext():
        found = op(*args, **kwargs)
    if not there:
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
