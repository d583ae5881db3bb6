"""What stands between a submission and the machine.

bubblewrap gives it a system of its own: the files of Python and of this
library, read-only; three small folders in memory; no network; no other
process; and not all of the kernel (``sieve.py``).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from psm_lib import chapters as package
from psm_lib.grading import sieve
from psm_lib.machinery.chapters import chapters, folder

LIBRARY = Path(__file__).resolve().parents[1]
# Where the chapters' code lies, in a checkout, there are solutions beside it.
PLACES = (
    LIBRARY,
    Path(package.__file__ or "").resolve(),
    *(folder(chapter).resolve() for chapter in chapters()),
)
MB = 1_000_000
PROCESSES = 200
ENV = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/tmp",
    "LANG": "C.UTF-8",
    "PYTHONPATH": str(LIBRARY.parent),
    "PYTHONDONTWRITEBYTECODE": "1",
    "OMP_NUM_THREADS": "1",
    "PSM_QUIET": "1",
    "PSM_DEVICE": "cpu",
    "MPLBACKEND": "Agg",
    "HF_HUB_OFFLINE": "1",
    "IPYTHONDIR": "/tmp/ipython",
}
# Were memory to run out after all, the kernel ends the cage and nobody else.
# Inside, nothing can be written there.
FIRST_TO_GO = '{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null; exec "$@"'
NOBODY = 65534  # the user of that name


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
            "NPROC": PROCESSES,
            "CPU": 2 * self.whole_s,  # once for the cells, once for calls
            "CORE": 0,
            "NOFILE": 256,
        }


class NoCage(RuntimeError):
    """This machine cannot keep submissions apart."""


def possible() -> None:
    """Raises NoCage on a system that cannot limit what a process takes."""
    if find_spec("resource") is None or find_spec("fcntl") is None:
        raise NoCage(
            "grading needs Linux, or macOS with --bare: this system cannot "
            "limit what a submission takes. On Windows, grade in WSL "
            "(wsl --install, then a Linux shell)"
        )


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


@cache
def lowered() -> dict[str, object]:
    """How a process starts as a user without rights where one is root and
    there is no cage; empty where one is not, or where that cannot be."""
    if os.geteuid() != 0:
        return {}
    who = {"user": NOBODY, "group": NOBODY, "extra_groups": ()}
    test = [sys.executable, "-c", "import psm_lib.grading.pupil"]
    try:
        done = subprocess.run(
            test, env=ENV, cwd="/", capture_output=True, **who
        )
    except OSError:
        return {}
    return {} if done.returncode else who


def command(
    limits: Limits, notebook: Path, bare: bool, filter_: int | None = None
) -> list[str]:
    """The command that runs a submission's notebook in its cage.

    ``filter_`` is an open file with the calls that it may not make.
    """
    first = ["/bin/sh", "-c", FIRST_TO_GO, "cage"]
    python = [sys.executable, "-m", "psm_lib.grading.pupil"]
    if bare:
        return [*first, *python, str(notebook)]
    out = [*first]
    out += [bubblewrap(), "--unshare-all", "--die-with-parent"]
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
    for place in ("/tmp", "/work", "/dev/shm"):
        out += ["--size", size, "--tmpfs", place]
    # To map zeros and share them is to have memory that nobody counts.
    out += ["--dev-bind", "/dev/null", "/dev/zero"]
    prefixes = {sys.prefix, sys.base_prefix}
    for prefix in sorted(p for p in prefixes if p != "/usr"):
        out += ["--ro-bind", prefix, prefix]
    for place in map(str, PLACES):
        out += ["--ro-bind", place, place]
    out += ["--ro-bind", str(notebook), "/work/submission.ipynb"]
    # The rest is memory too, without a limit. And who was root outside may
    # still write what /proc/sys has for all the machine.
    for place in ("/", "/dev", "/proc"):
        out += ["--remount-ro", place]
    if filter_ is not None:
        out += ["--seccomp", str(filter_)]
    return [*out, "--chdir", "/work", *python, "/work/submission.ipynb"]


def start(limits: Limits, notebook: Path, bare: bool) -> subprocess.Popen:
    """Start a cage. Raises OSError."""
    filter_ = None if bare else sieve.opened()
    try:
        return subprocess.Popen(
            command(limits, notebook, bare, filter_),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=ENV,
            start_new_session=True,
            cwd=notebook.parent if bare else None,
            pass_fds=() if filter_ is None else (filter_,),
            **(lowered() if bare else {}),
        )
    finally:
        if filter_ is not None:
            os.close(filter_)
