"""A process that can do nothing but compute, and a line to talk to it.

``walls.py`` keeps it from everything else, and the kernel's limits hold for
each process in it; a watch outside ends all of them when together they take
too much memory or time.

Whatever is heard from a cage may be a lie. It is counted, cut and cleaned
before it is kept.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import pickle
import selectors
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import psutil

from psm_lib.checks.core import Wrong
from psm_lib.grading.walls import (
    ENV,
    MB,
    PROCESSES,
    Limits,
    NoCage,
    command,
    start,
)
from psm_lib.grading.wire import Odd, clean, unpack

LINE = 8_000_000  # bytes of one message
MESSAGES = 20_000  # while cells run
CELLS = 2000
WATCH = 0.1  # seconds between two looks
UNENDED = "did not end"  # of a cell that began
LATE = f"{UNENDED} within"  # so begins what pupil.py says of a slow one
GRACE = 5  # seconds in which a cage may end by itself what takes too long


class Ended(BaseException):
    """The cage is no more; why, in words for a student.

    No Exception, which a check would take for what a student's code raised.
    """


class Stopped(BaseException):
    """The grader is being stopped, and no submission is to blame."""


STOPPED = threading.Event()  # so that cages end when the grader does


def lives(process: psutil.Process) -> bool:
    """False also for one that is dead and that nobody has asked about."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


@dataclass
class Cage:
    """A running submission. A context manager: it ends with the block.

    ``cells`` says of each cell that began how it ended, ``lent`` for which of
    ``stand_ins`` the notebook has nothing of its own. Raises Ended from any
    method once the process is gone or has taken too much.
    """

    notebook: Path
    limits: Limits
    skip: tuple[int, ...] = ()
    bare: bool = False
    stand_ins: tuple[str, ...] = ()
    cells: dict[int, dict] = field(default_factory=dict)
    lent: list[str] = field(default_factory=list)

    def __enter__(self) -> Cage:
        self.ends = time.monotonic() + self.limits.whole_s
        self.why, self.broken = "", None  # why the watch ended it
        self.over, self.ending = threading.Event(), threading.Lock()
        self.guard = threading.Thread(target=self.keep_watch, daemon=True)
        self.due, self.seconds = float("inf"), 0  # of a cell or a call
        self.begun = False
        self.heard, self.sought = bytearray(), 0
        self.process = start(self.limits, self.notebook, self.bare)
        self.pipe = self.process.stdout.fileno()
        self.selector = selectors.DefaultSelector()
        try:
            for pipe in (self.pipe, self.process.stdin.fileno()):
                os.set_blocking(pipe, False)
            self.selector.register(self.pipe, selectors.EVENT_READ)
            settings = {
                "skip": list(self.skip),
                "stand_ins": list(self.stand_ins),
                "cell_s": self.limits.cell_s,
                "call_s": self.limits.call_s,
                "limits": self.limits.of_a_process(),
            }
            self.guard.start()
            self.say(settings)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        if self.guard.is_alive():
            self.guard.join()
        self.end()
        self.selector.close()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()

    def end(self) -> None:
        """End every process of the cage, and wait until they are gone."""
        with self.ending:
            if self.process.returncode is None:
                self.end_all()

    def end_all(self) -> None:
        family = []
        with contextlib.suppress(psutil.Error, OSError):
            family = psutil.Process(self.process.pid).children(recursive=True)
            for process in family:
                with contextlib.suppress(psutil.Error):
                    process.kill()
        self.process.kill()
        self.process.wait()
        ends = time.monotonic() + GRACE
        while any(map(lives, family)) and time.monotonic() < ends:
            time.sleep(0.01)

    def memory(self) -> tuple[int, int]:
        """Bytes in use by all its processes, and how many there are."""
        total, processes = 0, []
        with contextlib.suppress(psutil.Error):
            first = psutil.Process(self.process.pid)
            processes = [first, *first.children(recursive=True)]
            for process in processes:
                with contextlib.suppress(psutil.Error):
                    total += process.memory_info().rss
        return total, len(processes)

    def keep_watch(self) -> None:
        """End it when it has taken too much, also while nobody listens.

        A thread of its own: a check may compute for a while between two
        calls, and the cage's other processes go on meanwhile.
        """
        while not self.over.wait(WATCH):
            try:
                memory, processes = self.memory()
            except Exception as error:  # then nobody would keep watch
                self.broken = error
                self.end()
                return
            if time.monotonic() > self.ends:
                self.why = f"took more than {self.limits.whole_s} seconds"
            elif memory > self.limits.memory_mb * MB:
                self.why = (
                    f"took more than {self.limits.memory_mb} MB of memory"
                )
            elif processes > PROCESSES:
                self.why = f"started more than {PROCESSES} processes"
            if self.why:
                self.end()
                return

    def watch(self) -> None:
        """Raises Ended when it has taken too much or too long, Stopped when
        the grader is being stopped."""
        if STOPPED.is_set():
            self.end()
            raise Stopped
        if self.broken is not None:
            raise OSError(f"it could not be watched: {self.broken}")
        if self.why:
            raise Ended(self.why)
        if time.monotonic() > self.due:
            self.stop(f"did not end within {self.seconds} seconds")

    def stop(self, why: str) -> NoReturn:
        """End it and say why. Raises Ended."""
        self.end()
        raise Ended(why)

    def gone(self) -> NoReturn:
        """It ended by itself. Raises Ended, or OSError when it never began.

        For the latter no submission can be blamed.
        """
        self.watch()
        if self.begun:
            raise Ended("ended the process it runs in")
        raise OSError("its process did not start")

    def allow(self, seconds: int) -> None:
        """Give it so long for what comes now; 0 is no limit."""
        self.seconds = seconds
        self.due = float("inf")
        if seconds:
            self.due = time.monotonic() + seconds + GRACE

    def say(self, message: dict) -> None:
        """Send a message. A cage that does not listen is ended in time."""
        data = memoryview((json.dumps(message) + "\n").encode())
        pipe = self.process.stdin.fileno()
        while data:
            self.watch()
            with selectors.DefaultSelector() as ready:
                ready.register(pipe, selectors.EVENT_WRITE)
                if not ready.select(WATCH):
                    continue
            try:
                data = data[os.write(pipe, data) :]
            except BlockingIOError:
                continue
            except OSError:
                self.gone()

    def listen(self) -> dict:
        """The next message. Raises Ended when none will come."""
        self.watch()
        while (ends := self.heard.find(b"\n", self.sought)) < 0:
            self.sought = len(self.heard)
            if self.sought > LINE:
                self.stop("returned far too much")
            self.watch()
            if not self.selector.select(WATCH):
                continue
            piece = os.read(self.pipe, 1 << 20)
            if not piece:
                self.gone()
            self.heard += piece
        line = bytes(self.heard[:ends])
        del self.heard[: ends + 1]
        self.sought = 0
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            message = None
        if not isinstance(message, dict):
            self.stop("spoke out of turn")
        return message

    def run(self) -> None:
        """Wait until all cells have run."""
        for _ in range(MESSAGES):
            message = self.listen()
            self.begun = True
            if message.get("ready"):
                self.allow(0)
                lent = message.get("lent")
                if isinstance(lent, list):
                    self.lent = [s for s in self.stand_ins if s in lent]
                return
            if "unreadable" in message:
                why = clean(message["unreadable"], 300)
                raise Ended(f"is no notebook ({why})")
            cell, ran = message.get("cell"), message.get("ran")
            if type(cell) is int and len(self.cells) < CELLS:
                self.allow(self.limits.cell_s)
                self.cells[cell] = {
                    "begins": clean(message.get("begins", ""), 80),
                    "error": UNENDED,
                }
            elif type(ran) is int and ran in self.cells:
                self.allow(0)
                error = message.get("error")
                error = None if error is None else clean(error, 500)
                self.cells[ran]["error"] = error
            elif not message.get("begun"):
                self.stop("spoke out of turn")
        self.stop("spoke out of turn")

    def ask(self, question: dict) -> dict:
        """The answer to a question, which must come in time."""
        self.allow(self.limits.call_s)
        self.say(question)
        message = self.listen()
        self.allow(0)
        return message

    def thing(self, name: str) -> object:
        """What the notebook left under a name.

        A value, or a function to be called, which runs in the cage. Raises
        Wrong when there is nothing of that name.
        """
        message = self.ask({"name": name})
        if message.get("missing"):
            raise Wrong(f"there is no `{name}` in the notebook.")
        if message.get("function"):
            return Caged(self, name)
        return self.value(message)

    def value(self, message: dict) -> object:
        try:
            found = unpack(message.get("value"))
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            why = clean(error, 200)
            raise Wrong(f"what came back is no data: {why}.") from None
        if isinstance(found, Odd):
            raise Wrong(f"expected data, found {found}.")
        return found


class Caged:
    """A student's function, called where it is."""

    def __init__(self, cage: Cage, name: str):
        self.cage, self.__name__ = cage, name

    def __call__(self, *given: object) -> object:
        packed = base64.b64encode(pickle.dumps(given)).decode("ascii")
        message = self.cage.ask({"name": self.__name__, "given": packed})
        if kind := message.get("raised"):
            if kind == "NotImplementedError":
                raise NotImplementedError
            if kind == "TooLong":
                most = self.cage.limits.call_s
                raise Wrong(
                    f"`{self.__name__}` did not end within {most} seconds."
                )
            text = f"{clean(kind, 60)}: {clean(message.get('text', ''), 300)}"
            text = text.rstrip(": ")[:300]
            raise Wrong(f"`{self.__name__}` raised {text}.")
        if message.get("changed"):
            raise Wrong(
                f"`{self.__name__}` changes an array that it is given."
            )
        return self.cage.value(message)


def rehearse(limits: Limits) -> None:
    """Run an empty notebook in a cage. Raises NoCage when that fails."""
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.ipynb"
        empty.write_text('{"cells": [], "metadata": {}, "nbformat": 4}')
        try:
            with Cage(empty, limits) as cage:
                cage.run()
            return
        except (Ended, OSError) as error:
            said = str(error)
        inside = command(limits, empty, False)
        inside = inside[: inside.index(sys.executable) + 1]
        test = "import IPython, nbformat, psm_lib.grading.pupil"
        done = subprocess.run(
            [*inside, "-c", test], env=ENV, capture_output=True, text=True
        )
    last = done.stderr.strip().splitlines()[-1:]
    if "ModuleNotFoundError" in "".join(last):
        raise NoCage(
            f"a submission would not find what it needs: {last[0]}. The cage "
            "shows it only the environment that grades; install psm_lib with "
            "[grading] into that one (not with --user, not by a path)"
        )
    raise NoCage(
        "bubblewrap is there but cannot run a submission on this machine: "
        f"{''.join(last) or said}. Some systems keep users from making "
        "namespaces: see book/instructors/README.md"
    )
