"""Files that are written whole or not at all, and by one process at a time.

``alone`` keeps a second run away from what the first is writing, ``saving``
says in one line what keeps a file from being written, and ``replacing`` puts
a new file in the place of the old one when it is complete.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout
from safetensors import SafetensorError

GOES_ON = "make room, and the same command goes on"


class Busy(RuntimeError):
    """Another process writes there; says which, and what to do."""


@contextmanager
def alone(
    target: Path, mend: str = "wait, or stop it", wait: bool = False
) -> Iterator[None]:
    """While the block runs no other process (or thread) may make ``target``.

    The system frees the lock when the process ends, however it ends. What
    holds it is a hidden file beside the target. With ``wait`` one says who
    has it and waits; else raises Busy, which says so too, and ``mend``.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    file = target.with_name(f".{target.name}.lock")
    holder = file.with_suffix(".holder")
    lock = FileLock(file)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if not file.exists():
            raise OSError(f"no file can be written in {file.parent}") from None
        told = f"{target} is being made by {_holder(holder)}"
        if not wait:
            raise Busy(f"{told}; {mend}") from None
        print(f"waiting: {told}", file=sys.stderr, flush=True)
        lock.acquire()
    try:
        with suppress(OSError):  # it only makes a message better
            holder.write_text(f"process {os.getpid()} on {platform.node()}")
        yield
    finally:
        # While it is held: whoever gets a file that is gone tries again.
        for left in (holder, file):
            with suppress(OSError):
                left.unlink(missing_ok=True)
        lock.release()


def _holder(file: Path) -> str:
    try:
        return file.read_text() or "another process"
    except OSError:
        return "another process"


@contextmanager
def saving(path: Path, then: str = GOES_ON) -> Iterator[None]:
    """Tell in one line what keeps ``path`` from being written.

    Raises OSError with the reason, the room there is, and what to do
    ``then``; other errors pass.
    """
    try:
        yield
    except Exception as error:
        reason = _reason(error)
        if reason is None:
            raise
        raise OSError(
            f"{path} cannot be written: {reason} ({room(path)} free there); "
            f"what was saved before is kept: {then}"
        ) from error


def _reason(error: Exception) -> str | None:
    """What the system said; None for an error that is not the system's."""
    if isinstance(error, OSError):
        return error.strerror if error.errno is not None else None
    if isinstance(error, SafetensorError) or type(error) is Exception:
        # Libraries in Rust tell it in words, older ones in others.
        for told in (r"([^:\"]+) \(os error \d+\)", r"\bmessage: \"(.+?)\""):
            if found := re.search(told, str(error)):
                return found.group(1).strip()
    return None


def room(path: Path) -> str:
    """How much can be written where a path is or would be."""
    place = path.absolute()
    while not place.exists():
        place = place.parent
    return f"{shutil.disk_usage(place).free / 1e6:,.0f} MB"


@contextmanager
def replacing(file: Path, then: str = GOES_ON) -> Iterator[Path]:
    """A path to write to, which takes the place of ``file`` at the end.

    When the block fails ``file`` is as it was, and the new one is removed.
    Raises as ``saving`` does.
    """
    new = file.with_name(f".{file.stem}.new{file.suffix}")
    try:
        with saving(file, then):
            yield new
            sync(new)
            new.replace(file)
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)


def write_whole(file: Path, text: str) -> None:
    """Write a text file, in a new folder if need be, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with replacing(file) as new:
        new.write_text(text, encoding="utf-8", newline="")


def file_hash(file: Path) -> str:
    """sha256 of a file, as hexadecimal text."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def sync(file: Path) -> None:
    """Put a file's bytes on the disk: a power cut must not take them."""
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())
