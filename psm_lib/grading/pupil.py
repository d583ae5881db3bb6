"""Runs a submission's cells, then answers the grader's calls.

This is the side that nobody trusts: it runs in a cage, started by
``cage.py`` as ``python -m psm_lib.grading.pupil NOTEBOOK``. Messages are
lines of JSON on what were its standard streams; whatever the notebook prints
goes nowhere.
"""

from __future__ import annotations

import base64
import builtins
import contextlib
import getpass
import io
import json
import os
import pickle
import resource
import signal
import sys

import numpy as np

from psm_lib.grading.wire import pack


class Nowhere(io.TextIOBase):
    """Takes what is printed and forgets it."""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        return len(str(text))


def nobody(prompt: object = "", *_: object) -> str:
    """What input() and its like do here: as where no keyboard is."""
    raise EOFError(
        "asks for input, and nobody is there to type it while a notebook is "
        "graded: write the value into the cell"
    )


class TooLong(BaseException):
    """A cell or a call did not end."""


def stop(*_: object) -> None:
    raise TooLong


@contextlib.contextmanager
def limit(seconds: int):
    signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def tell(stream, message: dict) -> None:
    stream.write(json.dumps(message) + "\n")
    stream.flush()


def execute(path: str, settings: dict, say) -> dict:
    """Run the cells of a notebook; the names that it leaves."""
    import nbformat
    from IPython.core.interactiveshell import InteractiveShell

    try:
        notebook = nbformat.read(path, as_version=4)
        cells = [c for c in notebook.cells if c.cell_type == "code"]
        sources = [str(c.source) for c in cells]
    except (Exception, RecursionError) as error:
        say({"unreadable": f"{type(error).__name__}: {error}"[:300]})
        return {}
    shell = InteractiveShell.instance()
    shell.history_manager.enabled = False
    shell.colors = "NoColor"
    for k, source in enumerate(sources):
        if k in settings["skip"]:
            continue
        say({"cell": k, "begins": source.strip()[:80]})
        paper = Nowhere()
        error = None
        try:
            with (
                contextlib.redirect_stdout(paper),
                contextlib.redirect_stderr(paper),
                limit(settings["cell_s"]),
            ):
                done = shell.run_cell(source)
            error = done.error_before_exec or done.error_in_exec
        except TooLong as late:
            error = late
        if isinstance(error, TooLong):
            error = f"did not end within {settings['cell_s']} seconds"
        elif error is not None:
            error = f"{type(error).__name__}: {error}"[:500]
        say({"ran": k, "error": error})
    return shell.user_ns


def answer(space: dict, asked: dict, call_s: int) -> dict:
    """What a question of the grader's comes to."""
    name = asked["name"]
    if name not in space:
        return {"missing": True}
    thing = space[name]
    if "given" not in asked:
        if callable(thing) and not isinstance(thing, np.ndarray):
            return {"function": True}
        return {"value": pack(thing)}
    given = pickle.loads(base64.b64decode(asked["given"]))
    arrays = [g.copy() if isinstance(g, np.ndarray) else None for g in given]
    paper = Nowhere()
    try:
        with (
            contextlib.redirect_stdout(paper),
            contextlib.redirect_stderr(paper),
            limit(call_s),
        ):
            value = pack(thing(*given))
    except TooLong:
        return {"raised": "TooLong", "text": f"no end within {call_s} s"}
    except BaseException as error:
        text = str(error)[:300]
        return {"raised": type(error).__name__, "text": text}
    changed = any(
        before is not None
        and not np.array_equal(
            before, after, equal_nan=before.dtype.kind == "f"
        )
        for before, after in zip(arrays, given, strict=True)
    )
    return {"value": value, "changed": changed}


def limited(what: int | None, most: int) -> None:
    """Set a limit of the kernel's, or the lower one that stands already."""
    if what is None:
        return
    hard = resource.getrlimit(what)[1]
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    try:
        resource.setrlimit(what, (most, most))
    except ValueError:
        if sys.platform == "linux":
            raise  # macOS has limits that it does not let one set


def stand_in(space: dict, names: list[str]) -> list[str]:
    """Put right versions of what is missing into a notebook's names, for the
    exercises that use it; which they are."""
    missing = [name for name in names if name not in space]
    if missing:
        from psm_lib.grading import standins

        for name in missing:
            space[name] = standins.ALL[name]
    return missing


def main() -> None:
    settings = json.loads(sys.stdin.readline())
    for what in ("AS", "FSIZE", "NPROC", "CPU", "CORE", "NOFILE"):
        if (most := settings["limits"].get(what)) is not None:
            limited(getattr(resource, f"RLIMIT_{what}", None), most)
    # The grader's pipes get numbers of their own; the usual ones lead nowhere.
    questions = os.fdopen(os.dup(0), "r", encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for usual in (0, 1, 2):
        os.dup2(nowhere, usual)
    builtins.input = getpass.getpass = nobody

    def say(message: dict) -> None:
        tell(answers, message)

    say({"begun": True})
    space = execute(sys.argv[1], settings, say)
    lent = stand_in(space, settings["stand_ins"])
    say({"ready": True, "lent": lent})
    for line in questions:
        asked = json.loads(line)
        if asked["name"] in lent:
            say({"missing": True})
        else:
            say(answer(space, asked, settings["call_s"]))


if __name__ == "__main__":
    main()
