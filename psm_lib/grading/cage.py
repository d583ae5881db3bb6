"""A process that can do nothing but compute, and a line to talk to it.

bubblewrap gives it a system of its own: the files of Python and of this
library, read-only; a small folder in memory; no network; no other process.
Limits of the kernel hold for each process in it, and a watch outside ends
all of them when together they take too much memory or time.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import pickle
import selectors
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from ..checks.core import Wrong
from .wire import Odd, unpack

LIBRARY = Path(__file__).resolve().parents[1]
LINE = 32_000_000  # bytes of one message
WATCH = 0.1  # seconds between two looks
MB = 1_000_000


@dataclass(frozen=True)
class Limits:
    """What a submission may take. Seconds, and megabytes."""

    cell_s: int = 30
    call_s: int = 10
    whole_s: int = 120
    memory_mb: int = 3000
    disk_mb: int = 100

    def of_a_process(self) -> dict[str, int]:
        """As the kernel counts: addresses are more than what is in use."""
        return {
            "AS": 4 * self.memory_mb * MB,
            "FSIZE": self.disk_mb * MB,
            "NPROC": 200,
            "CPU": self.whole_s,
            "CORE": 0,
            "NOFILE": 256,
        }


class Ended(BaseException):
    """The cage is no more; why, in words for a student.

    No Exception, which a check would take for what a student's code raised.
    """


class NoCage(RuntimeError):
    """This machine cannot keep submissions apart."""


def bubblewrap() -> str:
    """The program. Raises NoCage where there is none."""
    found = shutil.which("bwrap")
    if found is None:
        raise NoCage(
            "submissions are other people's programs and run in bubblewrap, "
            "which this machine lacks. On Linux: apt install bubblewrap. "
            "Elsewhere, grade in a Linux container; in one made for a single "
            "submission (Gradescope's), pass --bare"
        )
    return found


def command(limits: Limits, notebook: Path, bare: bool) -> list[str]:
    """The command that runs a submission's notebook in its cage."""
    python = [sys.executable, "-m", "psm_lib.grading.pupil"]
    if bare:
        return [*python, str(notebook)]
    out = [bubblewrap(), "--unshare-all", "--die-with-parent"]
    out += ["--new-session", "--cap-drop", "ALL"]
    out += ["--uid", "65534", "--gid", "65534", "--hostname", "cage"]
    for path in ("/usr", "/etc/alternatives", "/etc/ld.so.cache"):
        if os.path.exists(path):
            out += ["--ro-bind", path, path]
    for name in ("/bin", "/lib", "/lib64"):
        if os.path.islink(name):
            out += ["--symlink", os.readlink(name), name]
        elif os.path.exists(name):
            out += ["--ro-bind", name, name]
    out += ["--proc", "/proc", "--dev", "/dev"]
    size = str(limits.disk_mb * MB)
    for folder in ("/tmp", "/work"):
        out += ["--size", size, "--tmpfs", folder]
    prefixes = {sys.prefix, sys.base_prefix}
    for prefix in sorted(p for p in prefixes if p != "/usr"):
        out += ["--ro-bind", prefix, prefix]
    out += ["--ro-bind", str(LIBRARY), str(LIBRARY)]
    out += ["--ro-bind", str(notebook), "/work/submission.ipynb"]
    return [*out, "--chdir", "/work", *python, "/work/submission.ipynb"]


@dataclass
class Cage:
    """A running submission. A context manager: it ends with the block.

    ``cells`` says of each cell that began how it ended. Raises Ended from
    any method once the process is gone or has taken too much.
    """

    notebook: Path
    limits: Limits
    skip: tuple[int, ...] = ()
    bare: bool = False
    cells: dict[int, dict] = field(default_factory=dict)

    def __enter__(self) -> Cage:
        env = {
            "PATH": "/usr/bin:/bin",
            "HOME": "/tmp",
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(LIBRARY.parent),
            "PYTHONDONTWRITEBYTECODE": "1",
            "OMP_NUM_THREADS": "1",
            "PSM_QUIET": "1",
            "MPLBACKEND": "Agg",
            "HF_HUB_OFFLINE": "1",
            "IPYTHONDIR": "/tmp/ipython",
        }
        self.looked = time.monotonic()
        self.ends = self.looked + self.limits.whole_s
        self.process = subprocess.Popen(
            command(self.limits, self.notebook, self.bare),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=env,
            start_new_session=True,
        )
        self.heard = b""
        self.pipe = self.process.stdout.fileno()
        for pipe in (self.pipe, self.process.stdin.fileno()):
            os.set_blocking(pipe, False)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.pipe, selectors.EVENT_READ)
        settings = {
            "skip": list(self.skip),
            "cell_s": self.limits.cell_s,
            "call_s": self.limits.call_s,
            "limits": self.limits.of_a_process(),
        }
        self.say(settings)
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
        self.selector.close()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()

    def end(self) -> None:
        """End every process of the cage."""
        with contextlib.suppress(psutil.Error, OSError):
            family = psutil.Process(self.process.pid).children(recursive=True)
            for process in family:
                with contextlib.suppress(psutil.Error):
                    process.kill()
        self.process.kill()
        self.process.wait()

    def memory(self) -> int:
        """Bytes in use by all its processes."""
        total = 0
        with contextlib.suppress(psutil.Error):
            first = psutil.Process(self.process.pid)
            for process in [first, *first.children(recursive=True)]:
                with contextlib.suppress(psutil.Error):
                    total += process.memory_info().rss
        return total

    def watch(self) -> None:
        """End it when it has taken too much. Raises Ended then."""
        now = time.monotonic()
        if now - self.looked < WATCH:
            return
        self.looked = now
        if now > self.ends:
            self.end()
            raise Ended(f"took more than {self.limits.whole_s} seconds")
        if self.memory() > self.limits.memory_mb * MB:
            self.end()
            most = self.limits.memory_mb
            raise Ended(f"took more than {most} MB of memory")

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
            except OSError:
                raise Ended("ended the process it runs in") from None

    def listen(self) -> dict:
        """The next message. Raises Ended when none will come."""
        while b"\n" not in self.heard:
            self.watch()
            if not self.selector.select(WATCH):
                continue
            piece = os.read(self.pipe, 1 << 20)
            self.heard += piece
            if not piece:
                raise Ended("ended the process it runs in")
            if len(self.heard) > LINE:
                self.end()
                raise Ended("returned far too much")
        line, self.heard = self.heard.split(b"\n", 1)
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            message = None
        if not isinstance(message, dict):
            self.end()
            raise Ended("spoke out of turn")
        return message

    def run(self) -> None:
        """Wait until all cells have run."""
        while True:
            message = self.listen()
            if message.get("ready"):
                return
            if "unreadable" in message:
                raise Ended(f"is no notebook ({message['unreadable']})")
            if "cell" in message:
                self.cells[int(message["cell"])] = {
                    "begins": str(message.get("begins", "")),
                    "error": "did not end",
                    "printed": "",
                }
            elif int(message.get("ran", -1)) in self.cells:
                self.cells[int(message["ran"])].update(
                    error=message.get("error"),
                    printed=str(message.get("printed", "")),
                )

    def thing(self, name: str) -> object:
        """What the notebook left under a name.

        A value, or a function to be called, which runs in the cage. Raises
        Wrong when there is nothing of that name.
        """
        self.say({"name": name})
        message = self.listen()
        if message.get("missing"):
            raise Wrong(f"there is no `{name}` in the notebook.")
        if message.get("function"):
            return Caged(self, name)
        return self.value(message)

    def value(self, message: dict) -> object:
        try:
            found = unpack(message.get("value"))
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise Wrong(f"what came back is no data: {error}.") from None
        if isinstance(found, Odd):
            raise Wrong(f"expected data, found {found}.")
        return found


class Caged:
    """A student's function, called where it is."""

    def __init__(self, cage: Cage, name: str):
        self.cage, self.__name__ = cage, name

    def __call__(self, *given: object) -> object:
        packed = base64.b64encode(pickle.dumps(given)).decode("ascii")
        self.cage.say({"name": self.__name__, "given": packed})
        message = self.cage.listen()
        if kind := message.get("raised"):
            if kind == "NotImplementedError":
                raise NotImplementedError
            text = f"{kind}: {message.get('text', '')}".rstrip(": ")
            raise Wrong(f"`{self.__name__}` raised {text[:300]}.")
        if message.get("changed"):
            raise Wrong(
                f"`{self.__name__}` changes an array that it is given."
            )
        return self.cage.value(message)
