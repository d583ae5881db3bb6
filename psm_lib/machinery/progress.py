"""One progress bar for everything that takes more than two seconds."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable

from tqdm import tqdm


class Bar(tqdm):
    """tqdm without its system-wide semaphore, which a process that is killed
    leaves behind, with a warning: no two processes show a bar here."""


Bar.set_lock(threading.RLock())


def quiet() -> bool:
    """True when the environment variable PSM_QUIET is set to 1."""
    return os.environ.get("PSM_QUIET") == "1"


def bar(
    items: Iterable | None = None, text: str = "", total: int | None = None
) -> tqdm:
    """A tqdm bar over ``items``; prints nothing when PSM_QUIET=1."""
    return Bar(
        items,
        desc=text,
        total=total,
        disable=quiet(),
        ncols=78,
        leave=False,
        mininterval=0.5,
    )
