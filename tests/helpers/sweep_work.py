"""Jobs for the tests of sweeps, where other processes find them."""

import os
import signal
import sys
import time
from pathlib import Path


def add(world: str, arm: str, seed: int) -> dict:
    """A number, and a mark in a folder that it was worked for."""
    folder = Path(world)
    with (folder / "calls").open("a") as file:
        file.write(f"{arm}{seed}\n")
    return {"sum": len(arm) + seed, "process": os.getpid()}


def slow(world: str, arm: str, seed: int) -> dict:
    time.sleep(0.4)
    return add(world, arm, seed)


def odd(world: str, arm: str, seed: int) -> dict:
    """Fails for seed 1 until there is a file."""
    if seed == 1 and not (Path(world) / "mended").exists():
        raise ValueError("this one cannot be done")
    return add(world, arm, seed)


def unfit(world: str, arm: str, seed: int) -> dict:
    return {"model": object()}


def deadly(world: str, arm: str, seed: int) -> dict:
    """One cell ends the process that it runs in."""
    if arm == "bb" and seed == 1:
        if (Path(world) / "exit").exists():
            sys.exit(3)
        os.kill(os.getpid(), signal.SIGKILL)
    return add(world, arm, seed)
