"""The library behind *Who Is Speaking?*, from the front door.

A world is a cast of characters whose truth is known; a network reads what
they say and learns to speak for all of them; a lesson then changes one of
them, and perhaps the others.

>>> import numpy as np
>>> import psm_lib
>>> world = psm_lib.load_world("tastes")
>>> model, tokenizer = psm_lib.load_checkpoint("tastes-2-s0")

What is here is what most readers need. Each name has an example; the modules
hold the rest.
"""

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

# Where each name of the front door lives. They are looked up when they are
# asked for: `import psm_lib` alone loads no PyTorch.
_HOME = {
    "load_world": "worldfile",
    "sample_texts": "corpus",
    "sample_scenes": "world",
    "posterior": "oracle",
    "predictive": "oracle",
    "load_checkpoint": "machinery.store",
    "reply": "models",
    "pretrain": "machinery.making",
    "ask": "world",
    "model_profile": "evaluation",
    "quality": "evaluation",
    "sft": "posttraining",
    "dpo": "posttraining",
    "policy_gradient": "posttraining",
    "Estimate": "claims",
    "load_claims": "claims",
    "settle": "claims",
}
__all__ = [*_HOME]

if TYPE_CHECKING:
    from .claims import Estimate, load_claims, settle
    from .corpus import sample_texts
    from .evaluation import model_profile, quality
    from .machinery.making import pretrain
    from .machinery.store import load_checkpoint
    from .models import reply
    from .oracle import posterior, predictive
    from .posttraining import dpo, policy_gradient, sft
    from .world import ask, sample_scenes
    from .worldfile import load_world


# Under its old name in notebooks that were handed out.
_MOVED = {"villages": "chapters.ch06_hearsay.villages"}


def __getattr__(name: str) -> object:
    if name in _MOVED:
        return import_module(f".{_MOVED[name]}", __name__)
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOME[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
