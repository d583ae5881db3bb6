"""Grading gives everyone their due, whatever they hand in."""

import copy
import csv
import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import assignments
import nbformat
import numpy as np
import psutil
import pytest
from caging import QUICK, caged
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from psm_lib.checks import core
from psm_lib.checks.core import Wrong
from psm_lib.grading import cage as cages
from psm_lib.grading import feedback, grade, handed, sieve, walls, wire
from psm_lib.grading.cage import Cage, Caged
from psm_lib.grading.walls import Limits, NoCage

MASTER = assignments.MASTERS / "a1_characters.ipynb"
STUDENT = assignments.STUDENTS / "a1_characters.ipynb"
SEED = 77


# For what does not end; honest cells take a tenth of it.
@pytest.fixture(scope="module")
def plan():
    """The first exercises only, for speed."""
    whole = grade.plan(STUDENT, SEED, limits=QUICK)
    return replace(whole, cards=whole.cards[:5])


@pytest.fixture
def hand_in(tmp_path):
    """Make a submission: the solution, with a cell of one's own in it."""
    master = nbformat.read(MASTER, as_version=4)

    def make(name: str, code: str = "", last: bool = False, stub=False):
        notebook = copy.deepcopy(assignments.made(master, stub))
        if code:
            cell = nbformat.v4.new_code_cell(code)
            place = len(notebook.cells) if last else 2
            notebook.cells.insert(place, cell)
        path = tmp_path / "in" / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        nbformat.write(notebook, path)
        return path

    return make


# --- what travels -----------------------------------------------------------

WHOLE = st.integers(-(2**63), 2**63)
DATA = st.recursive(
    st.none() | st.booleans() | WHOLE | st.text() | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(DATA)
def test_data_comes_back_as_it_was(value):
    back = wire.unpack(json.loads(json.dumps(wire.pack(value))))
    assert repr(back) == repr(value)


@pytest.mark.parametrize("dtype", ["f4", ">f8", "i2", "u1", "?"])
def test_arrays_come_back_as_they_were(dtype):
    value = np.arange(6).reshape(2, 3).T.astype(dtype)
    back = wire.unpack(json.loads(json.dumps(wire.pack(value))))
    assert back.shape == value.shape and back.dtype.kind == value.dtype.kind
    assert (back == value).all()


def test_what_is_no_data_does_not_travel():
    class Liar:
        def __eq__(self, other):
            return True

    assert wire.unpack(wire.pack(Liar())) == wire.Odd("Liar")
    itself = []
    itself.append(itself)
    assert isinstance(wire.unpack(wire.pack(itself)), list)
    odd = {"array": "AAAA", "dtype": "|O", "shape": [1]}
    with pytest.raises((ValueError, TypeError)):
        wire.unpack(odd)
    with pytest.raises(ValueError, match="no packed value"):
        wire.unpack([1])


@pytest.mark.parametrize(
    "data",
    [
        {"dict": [[{"list": []}, 1]]},
        {"dict": [[1, 2, 3]]},
        {"dict": [[k, 0] for k in range(20_000)]},
        {"dict": 3},
        {"array": "AAAA", "dtype": "<f4", "shape": [-3]},
        {"array": "AAAA", "dtype": "<f4", "shape": [10**30]},
        {"array": "AAAA", "dtype": "<f4", "shape": [float("inf")]},
        {"array": "AAAA", "dtype": "<f4", "shape": 3},
        {"array": "AAAA", "dtype": "f8," * 9, "shape": [1]},
        {"array": 7, "dtype": "<f8", "shape": [1]},
        {"array": "AAAA"},
        {"float": "many"},
        {"float": []},
        {"list": 4},
        10**40,  # multiples of 2**61 - 1 all hash alike
    ],
    ids=lambda data: str(data)[:40],
)
def test_what_was_never_packed(data):
    """Is no data: told as wrong, in the words of one sentence."""
    line = Cage(Path("none"), QUICK)
    with pytest.raises(Wrong, match="what came back is no data"):
        line.value({"value": data})


def test_what_a_check_in_a_notebook_would_take():
    """A tensor is an array and a fraction is a number in both places."""

    class Tensor:
        def __array__(self, *given, **more):
            return np.arange(3.0)

    class Odd(Tensor):
        def __array__(self, *given, **more):
            raise RuntimeError

    def there_and_back(value):
        return wire.unpack(json.loads(json.dumps(wire.pack(value))))

    assert there_and_back(Tensor()).tolist() == [0, 1, 2]
    assert there_and_back([Tensor()])[0].tolist() == [0, 1, 2]
    assert there_and_back(range(2)).tolist() == [0, 1]
    assert there_and_back(Fraction(1, 2)) == 0.5
    assert there_and_back(np.longdouble(2)) == 2
    assert there_and_back(Odd()) == wire.Odd("Odd")
    assert there_and_back(Tensor) == wire.Odd("type")


# --- what a submission may say ----------------------------------------------

SAY = "import sys, time; out = sys.stdout.buffer\n"
BEGUN = SAY + "print('{\"begun\": true}', flush=True)\n"
LIES = {
    "a cell of no number": 'print(\'{"cell": "one"}\')',
    "a cell of infinity": "print('{\"cell\": Infinity}')",
    "a cell of a list": "print('{\"ran\": [1]}')",
    "no object": "print('[1]')",
    "deep": "print('[' * 100_000)",
    "long digits": "print('{\"cell\": ' + '1' * 5000 + '}')",
    "nothing in many messages": "out.write(b'{}\\n' * 10**6)",
    "one after the other": "while True: out.write(b'{\"begun\": 1}\\n' * 99)",
    "cells without end": (
        'for k in range(10**6): out.write(b\'{"cell": %d, "begins": \'\n'
        "    b'\"' % k + b'x' * 10**5 + b'\"}\\n')"
    ),
    "a line without end": "while True: out.write(b'x' * 10**6)",
    "a drop at a time": (
        "while True: out.write(b'x'); out.flush(); time.sleep(0.02)"
    ),
    "words that are none": (
        'print(\'{"unreadable": "\\\\ud800 \\\\u0000 \\\\u001b[2J"}\')'
    ),
    "a long reason": "print('{\"unreadable\": \"' + 'x' * 10**6 + '\"}')",
    "an error that is none": (
        'print(\'{"cell": 1, "begins": [{"\\\\ud800": 2}]}\')\n'
        'print(\'{"ran": 1, "error": {"\\\\ud800": 3}}\')'
    ),
    "ready, and no more": "print('{\"ready\": 1}')",
    "ready, and nonsense": (
        "print('{\"ready\": 1}')\n"
        'for _ in range(99): print(\'{"value": {"dict": [[[], []]]}}\')'
    ),
    "ready, and words": (
        "print('{\"ready\": 1}')\n"
        'for _ in range(999): print(\'{"function": 1, "raised": \'\n'
        "    '\"\\\\ud800\", \"text\": [\"\\\\u0000' + 'x' * 5000 + '\"]}')"
    ),
}


@pytest.mark.parametrize("name", LIES)
def test_a_liar_harms_only_itself(name, plan, tmp_path, monkeypatch):
    """Whatever comes out of a cage, in its place a result comes out of the
    grader, small and printable."""

    def start(*_):
        return subprocess.Popen(
            [sys.executable, "-S", "-c", BEGUN + LIES[name]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    monkeypatch.setattr(cages, "start", start)
    few = replace(plan, limits=replace(QUICK, whole_s=2))
    found = grade.graded("liar", "liar.ipynb", b"{}", few)
    assert found.points == 0 and len(found.marks) == 5
    assert len(json.dumps(grade.asdict(found))) < 20_000
    table = feedback.write_all([found], tmp_path)
    for path in (table, *tmp_path.rglob("*.html"), *tmp_path.rglob("*.json")):
        text = path.read_text("utf-8")
        if path.suffix == ".json":
            text = json.dumps(json.loads(text), ensure_ascii=False)
        assert not wire.UNSEEN.search(text.replace("\n", ""))


# --- what comes out ---------------------------------------------------------


@caged
def test_right_empty_and_half(hand_in, plan):
    right = grade.grade("right", hand_in("right"), plan)
    assert right.status == "graded" and right.cells == []
    assert [m.told for m in right.marks] == [""] * len(plan.cards)
    assert right.points == sum(card.points for card in plan.cards) > 5
    empty = grade.grade("empty", hand_in("empty", stub=True), plan)
    assert empty.status == "graded" and empty.points == 0
    assert {m.told for m in empty.marks} <= {
        "not answered yet.",
        "not written yet.",
    }
    # One that has learned the check's own example by heart.
    learned = """
import numpy as np
from psm_lib.checks.core import find
exact, known = predict, {}
def heard(*given):
    known[repr(given)] = exact(*given)
    return known[repr(given)]
find("1.3").test(np.random.default_rng([0, 1, 3]), heard)
def predict(*given):
    return known.get(repr(given), 0.123)
"""
    half = grade.grade("half", hand_in("half", learned, last=True), plan)
    third = half.marks[2]
    assert third.number == "1.3" and third.told == "" and third.hidden
    assert third.points == third.most / 2


BAD = {
    "loops": "while True: pass",
    "cannot be stopped": (
        "while True:\n    try:\n        while True: pass\n"
        "    except BaseException: pass"
    ),
    "leaves": "import sys; sys.exit()",
    "ends itself": "import os; os._exit(0)",
    "eats memory": "x = []\nwhile True: x.append(bytearray(50_000_000))",
    "prints gigabytes": "while True: print('x' * 1_000_000)",
    "writes gigabytes": (
        "f = open('/tmp/x', 'wb')\nwhile True: f.write(b'x' * 10**7)"
    ),
    "multiplies": "import os\nwhile True: os.fork()",
    "fails": "1 / 0",
}


@caged
@pytest.mark.parametrize("name", BAD)
def test_one_bad_cell_costs_nothing_else(hand_in, plan, name):
    """The cell is reported, and all exercises are graded without it."""
    found = grade.grade(name, hand_in("bad", BAD[name]), plan)
    assert found.status == "graded"
    assert found.points == sum(card.points for card in plan.cards)
    assert len(found.cells) == 1 or name in ("leaves", "multiplies")
    assert all(BAD[name][:20].split("\n")[0] in c for c in found.cells)


@caged
def test_a_function_that_does_not_end(hand_in, plan):
    """It loses its own points, and no other exercise does."""
    code = (
        "def captured(*given):\n    while True:\n        try:\n"
        "            while True: pass\n        except BaseException: pass"
    )
    found = grade.grade("slow", hand_in("slow", code, last=True), plan)
    lost = [m.number for m in found.marks if m.points < m.most]
    assert found.status == "graded" and lost == ["1.5"]
    ends = f"did not end within {QUICK.call_s} seconds"
    assert ends in found.marks[4].told


@caged
def test_nothing_of_the_machine_can_be_reached(hand_in, plan, tmp_path):
    """Not its files, its network, its processes, nor its environment."""
    precious = tmp_path / "precious.txt"
    precious.write_text("here")
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]
    code = f"""
import glob, os, shutil, socket
seen = []
places = {str(precious)!r}, {str(ROOT / "book/instructors")!r}
for path in (*places, "/root", "/home"):
    if os.path.exists(path) and path != "/root":
        seen.append(path)
    shutil.rmtree(path, ignore_errors=True)
os.system("timeout 1 rm -rf / --no-preserve-root 2>/dev/null")
import psm_lib
try:
    open(psm_lib.__file__, "a")
    seen.append("library")
except OSError:
    pass
try:
    socket.create_connection(("127.0.0.1", {port}), 1)
    seen.append("network")
except OSError:
    pass
if len(glob.glob("/proc/[0-9]*")) > 4 or "PSM_SECRET" in os.environ:
    seen.append("processes or environment")
def predict(*given):
    raise ValueError(repr(seen))
"""
    os.environ["PSM_SECRET"] = "1"
    try:
        path = hand_in("spy", code, last=True)
        found = grade.grade("spy", path, plan)
    finally:
        del os.environ["PSM_SECRET"]
        server.close()
    assert found.status == "graded"
    assert found.marks[2].told == "`predict` raised ValueError: []."
    assert precious.read_text() == "here" and (ROOT / "book").exists()
    assert path.exists()


@caged
def test_the_kernel_is_out_of_reach_too(hand_in, plan):
    """No memory that nobody counts, no namespace to be root in, nothing of
    /proc/sys (which root may write without any capability), no keyrings."""
    code = """
import ctypes, mmap, os
seen = []
kernel = ctypes.CDLL(None)
def tried(what, function):
    try:
        if function() not in (-1, None):
            seen.append(what)
    except OSError:
        pass
for path in ("/more", "/dev/more", "/proc/sys/kernel/domainname",
             "/proc/sys/kernel/core_pattern", "/proc/self/oom_score_adj"):
    tried(path, lambda: open(path, "r+" if "proc" in path else "w"))
def fill():
    for k in range(4):
        with open(f"/dev/shm/{k}", "wb") as file:
            file.write(bytes(50_000_000))
    return 1
tried("shm", fill)
tried("memfd", lambda: os.memfd_create("x"))
tried("shmget", lambda: kernel.shmget(0, 10**6, 0o1600))
tried("shared", lambda: mmap.mmap(-1, 10**6))
tried("zero", lambda: mmap.mmap(os.open("/dev/zero", os.O_RDWR), 10**6))
tried("namespace", lambda: kernel.unshare(0x10000000))
tried("clone", lambda: kernel.syscall(56, 0x10000011, 0, 0, 0, 0))
tried("keyring", lambda: kernel.keyctl(0, -3, 0)
    if hasattr(kernel, "keyctl") else kernel.syscall(250, 0, -3, 0))
if os.uname().machine != "x86_64":
    seen = [what for what in seen if what not in ("clone", "keyring")]
if open("/proc/self/oom_score_adj").read().strip() != "1000":
    seen.append("last to go")
def predict(*given):
    raise ValueError(repr(seen))
"""
    found = grade.grade("deep", hand_in("deep", code, last=True), plan)
    assert found.marks[2].told == "`predict` raised ValueError: []."
    assert found.cells == [] and found.marks[1].points


def test_the_sieve_is_a_program():
    for machine in sieve.ARCHITECTURES:
        steps = sieve.program(machine)
        assert len(steps) % 8 == 0 and 0 < len(steps) < 4096
    assert sieve.program("pdp11") == b""


GREEDY = """
import os, time
if os.fork() == 0:
    time.sleep(1)
    held = b"1" * 700_000_000
    time.sleep(60)
"""


@caged
def test_a_watch_is_kept_while_a_check_computes(hand_in):
    """Nobody talks to the cage then, but it is not alone."""
    cage = Cage(hand_in("greedy", GREEDY), QUICK)
    with pytest.raises(cages.Ended, match="600 MB of memory"), cage:
        cage.run()
        ends = time.monotonic() + 300
        while cage.process.poll() is None and time.monotonic() < ends:
            time.sleep(0.1)
        assert cage.process.poll() is not None
        cage.thing("pair")


def test_a_watch_that_fails_is_nobodys_fault(monkeypatch, tmp_path, plan):
    """It must not leave a cage alone."""

    def memory(cage):
        raise OSError("too many open files")

    path = STUDENT
    monkeypatch.setattr(Cage, "memory", memory)
    found = grade.grade("a", path, replace(plan, bare=True))
    assert found.status.startswith(f"{grade.AGAIN}it could not be watched")


@caged
def test_what_is_for_colab_counts_too(hand_in, plan):
    """Somebody imports what is needed in the first cell, or has one cell."""
    path = hand_in("own")
    notebook = nbformat.read(path, as_version=4)
    code = [c.source for c in notebook.cells if c.cell_type == "code"]
    assert '"google.colab" in sys.modules' in code[0]
    notebook.cells = [nbformat.v4.new_code_cell("\n".join(code))]
    nbformat.write(notebook, path)
    assert grade.grade("own", path, plan).points == sum(
        card.points for card in plan.cards
    )


@pytest.mark.parametrize("code", ["utf-8-sig", "utf-16"])
def test_a_file_of_windows(tmp_path, code):
    text = STUDENT.read_text("utf-8")
    (tmp_path / "A.IPYNB").write_bytes(text.encode(code))
    for entry in (tmp_path, tmp_path / "A.IPYNB"):
        found = handed.alone(entry, ("1.1",))
        assert found.chosen.name == "A.IPYNB" and not found.why
        assert handed.read(found.chosen).decode() == text


@caged
def test_stopping_does_not_wait(hand_in, plan, tmp_path):
    """For what never ends: if it did, this would not end either."""
    entry = hand_in("endless", "while True: pass")
    days = 10**6
    patient = replace(plan, limits=Limits(days, days, days))
    killed = tmp_path / f"{grade.FOLDER}-{platform.node()}-999999999-x"
    odd = tmp_path / f"{grade.FOLDER}-{platform.node()}-{'9' * 20}-x"
    killed.mkdir()
    odd.mkdir()
    main = threading.main_thread().ident
    stop = (main, signal.SIGINT)  # as Ctrl-C does
    timer = threading.Timer(3, signal.pthread_kill, stop)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(tmp_path))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            entries = [handed.alone(entry, patient.numbers, "endless")]
            grade.grade_all(entries, patient, tmp_path / "out")
    assert list(tmp_path.glob(f"{grade.FOLDER}-*")) == [odd]
    assert not list((tmp_path / "out").rglob("*.json"))
    assert grade.grade("next", hand_in("next"), plan).status == "graded"


def test_a_changed_world_is_graded_again(tmp_path, monkeypatch, plan):
    """Checks read the library's worlds and stored results."""
    names = ("psm_lib/worlds/a.yml", "psm_lib/chapters/ch01/a.npz", "a.py")
    files = {name: tmp_path / Path(name).name for name in names}
    for file in files.values():
        file.write_text("1")
    monkeypatch.setattr(grade, "library", lambda: files)
    asked = {replace(plan).asked}
    for file in files.values():
        file.write_text("2")
        asked.add(replace(plan).asked)
    assert len(asked) == 4


@caged
def test_nobody_stays_behind(hand_in, plan):
    """Not even who leaves the family."""
    code = """
import os, subprocess, sys
if not os.fork():
    os.setsid()
    if not os.fork():
        os.execv(sys.executable, [sys.executable, "-c",
            "import time; time.sleep(987654)"])
    os._exit(0)
"""
    found = grade.grade("stays", hand_in("stays", code), plan)
    assert found.status == "graded"
    ends = time.monotonic() + 300  # the kernel takes its time

    def left() -> list:
        all_of_them = psutil.process_iter(["cmdline"])
        lines = [" ".join(p.info["cmdline"] or []) for p in all_of_them]
        return [line for line in lines if "987654" in line]

    while left() and time.monotonic() < ends:
        time.sleep(0.1)
    assert left() == []


@caged
def test_tampering_with_the_checks_gains_nothing(hand_in, plan):
    code = """
import psm_lib.checks.core as core, psm_lib.grading.pupil as pupil
core.examine = lambda *given, **more: ""
core.near = core.array = core.number = lambda *given, **more: None
class Everything:
    def __eq__(self, other): return True
    def __array__(self, *more): return self
def posterior(*given): return Everything()
def predict(*given): return 0.5
"""
    path = hand_in("liar", code, last=True)
    found = grade.grade("liar", path, plan)
    assert [m.number for m in found.marks if not m.points] == ["1.2", "1.3"]
    assert "Everything" in found.marks[1].told


@caged
def test_speaking_out_of_turn(hand_in, plan):
    """Whoever writes into the pipe ends their own grading, not ours."""
    code = (
        "import os\nfor n in range(3, 60):\n"
        "    try: os.write(n, b'nonsense\\n' * 3)\n"
        "    except OSError: pass"
    )
    found = grade.grade("pipe", hand_in("pipe", code), plan)
    assert found.points <= sum(card.points for card in plan.cards)


def test_an_array_that_was_changed(hand_in, plan):
    """Said outside the cage, as inside."""

    class Line:
        limits = QUICK

        def ask(self, message):
            return {"value": 1, "changed": True}

    with pytest.raises(Wrong, match="changes an array"):
        Caged(Line(), "f")(np.zeros(2))


# --- what is handed in ------------------------------------------------------


def entries_of(folder, plan) -> list[handed.HandIn]:
    found, _ = handed.submissions(folder, plan.numbers)
    return list(map(handed.chosen, found))


def test_what_is_no_notebook(tmp_path, plan):
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    (tmp_path / "two").mkdir()
    for name in "ab":
        (tmp_path / "two" / f"{name}.ipynb").write_text("{}")
    (tmp_path / "link.ipynb").symlink_to(MASTER)
    (tmp_path / ".hidden").write_text("")
    found = {h.name: h.why for h in entries_of(tmp_path, plan)}
    assert found == {
        ".hidden": "is no notebook but a file without an ending",
        "a.pdf": "is no notebook but a file .pdf",
        "link.ipynb": "is a link, not a file",
        "two": "has no notebook of this assignment: a.ipynb is no notebook "
        "(it has no cells), b.ipynb is no notebook (it has no cells)",
    }


@pytest.mark.parametrize(
    "text",
    [
        *("", "{}", "[" * 50_000, '{"cells": 3}', "1" * 5000, "\ud800"),
        '{"cells": [3, {"cell_type": [], "source": {"a": 1}}]}',
        '{"worksheets": [4], "metadata": [1]}',
    ],
    ids=lambda text: text[:20],
)
def test_a_notebook_that_cannot_be_read(tmp_path, plan, text):
    path = tmp_path / "bad.ipynb"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    found = grade.grade("bad", path, plan)
    assert found.points == 0
    assert found.status.startswith(("is no notebook", "has nothing of"))


@caged
def test_a_notebook_of_no_version(tmp_path, plan):
    """What looks like one and cannot be read is told by who tries."""
    path = tmp_path / "bad.ipynb"
    cell = {"cell_type": "code", "source": 'check("1.2", posterior)'}
    path.write_text(json.dumps({"cells": [cell], "nbformat": "four"}))
    found = grade.grade("bad", path, plan)
    assert found.status.startswith("is no notebook") and found.points == 0


def test_a_pipe_and_a_link_are_no_notebooks(tmp_path, plan):
    """Nothing waits for them, and nothing outside is read."""
    os.mkfifo(tmp_path / "pipe.ipynb")
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "a.ipynb").symlink_to(MASTER)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "all").symlink_to(MASTER.parent)
    found = {h.name: h.why for h in entries_of(tmp_path, plan)}
    assert found["pipe.ipynb"] == "is not a plain file"
    assert found["one"] == found["other"] == "is a link, not a file"


def test_names_of_any_kind(tmp_path, plan, monkeypatch):
    """Each has its own entry and page, and all can be printed."""
    folder = tmp_path / "in"
    folder.mkdir()
    names = [
        b"_anna.ipynb",
        b"line\nbreak.ipynb",
        b"\xff.ipynb",
        b"\xfe.ipynb",
        b"\x1b[2J.ipynb",
        b"-2+3.ipynb",
        "𝐀".encode() * 60 + b".ipynb",
        b"x" * 249 + b".ipynb",
        b"same",
        b"same.ipynb",
    ]
    for name in names:
        path = Path(os.fsdecode(os.fsencode(folder) + b"/" + name))
        path.write_bytes(STUDENT.read_bytes())
    marks = grade.nothing(plan)
    monkeypatch.setattr(walls, "bubblewrap", lambda: "bwrap")
    monkeypatch.setattr(
        grade,
        "graded",
        lambda name, file, *_: grade.Result(name, file, "graded", 1.0, marks),
    )
    plan = replace(plan, bare=True)
    out = tmp_path / "out"
    results = grade.grade_all(entries_of(folder, plan), plan, out)
    rows = list(
        csv.DictReader(feedback.write_all(results, out).open(newline=""))
    )
    assert len({r["submission"] for r in rows}) == len(names) == len(rows)
    assert len({r["feedback"] for r in rows}) == len(names)
    assert all((out / r["feedback"]).is_file() for r in rows)
    for row in rows:
        row["submission"].encode()
        assert not wire.UNSEEN.search(row["submission"])
        assert "\n" not in row["submission"]
        assert row["submission"][0] not in "=+-@"


def test_a_failure_of_the_machine_is_nobodys(tmp_path, plan, monkeypatch):
    """It is told, costs the others nothing and is not kept."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name in "abc":
        shutil.copy(STUDENT, folder / f"{name}.ipynb")
    whole = grade.run

    def run(name, file, notebook, plan):
        if name == "a.ipynb":
            raise RuntimeError("a bug")
        if name == "b.ipynb":
            return whole(name, file, notebook, plan)
        return grade.Result(name, file, "graded", 1.0, grade.nothing(plan))

    def start(*_):
        raise OSError("no more processes")

    monkeypatch.setattr(grade, "run", run)
    monkeypatch.setattr(cages, "start", start)
    plan = replace(plan, bare=True)
    entries = entries_of(folder, plan)
    found = [r.status for r in grade.grade_all(entries, plan, tmp_path / "o")]
    assert found == [
        "could not be run: RuntimeError: a bug",
        "could not be run: no more processes",
        "graded",
    ]
    assert len(list((tmp_path / "o" / "results").glob("*.json"))) == 1
    ends = [sys.executable, "-c", "pass"]
    monkeypatch.setattr(
        cages,
        "start",
        lambda *_: subprocess.Popen(
            ends, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ),
    )
    said = grade.grade("b.ipynb", folder / "b.ipynb", plan).status
    assert said == "could not be run: its process did not start"


def test_a_bubblewrap_that_may_not(monkeypatch, plan, tmp_path):
    """Then nothing is graded: all would have 0 points."""
    monkeypatch.setattr(walls, "bubblewrap", lambda: "/bin/false")
    monkeypatch.setattr(grade, "bubblewrap", lambda: "/bin/false")
    entries = [handed.alone(STUDENT, plan.numbers)]
    with pytest.raises(NoCage, match="cannot run a submission"):
        grade.grade_all(entries, plan, tmp_path / "out")


def test_results_among_the_submissions(tmp_path, plan):
    plan = replace(plan, bare=True)
    (tmp_path / "out").mkdir()
    (tmp_path / "a.pdf").write_bytes(b"")
    (tmp_path / "circle.ipynb").symlink_to(tmp_path / "circle.ipynb")
    out = tmp_path / "out"
    entries, _ = handed.submissions(tmp_path, plan.numbers, out)
    entries = list(map(handed.chosen, entries))
    found = grade.grade_all(entries, plan, out)
    assert [r.name for r in found] == ["a.pdf", "circle.ipynb"]
    with pytest.raises(ValueError, match="is the folder of submissions"):
        grade.grade_all(entries, plan, tmp_path)
    table = feedback.write_all([], tmp_path / "none")
    assert table.read_text().startswith('"submission","student","status"')


def test_no_bubblewrap(monkeypatch, plan, tmp_path):
    monkeypatch.setattr(walls.shutil, "which", lambda name: None)
    with pytest.raises(NoCage, match="apt install bubblewrap"):
        grade.grade_all([], plan, tmp_path)


@pytest.mark.parametrize(
    "asked, error, words",
    [
        ({"assignment": "nowhere.ipynb"}, FileNotFoundError, "no assignment"),
        ({"private": "nowhere.py"}, FileNotFoundError, "private checks"),
        ({"seed": 0}, ValueError, "no seed 0"),
        ({"seed": -4}, ValueError, "no seed -4"),
        ({"private": walls.__file__}, ValueError, "submissions can read"),
    ],
)
def test_a_plan_that_cannot_be(asked, error, words):
    asked = {"assignment": STUDENT, "seed": 1} | asked
    with pytest.raises(error, match=words):
        grade.plan(
            *(Path(v) if isinstance(v, str) else v for v in asked.values())
        )


@pytest.mark.parametrize("number", ["1.3", "1.33 far", "9.1 more"])
def test_a_private_check_of_no_exercise(tmp_path, number):
    """It would never be asked, or would take the place of the students'."""
    file = tmp_path / "mine.py"
    file.write_text(
        "from psm_lib.checks.core import exercise\n"
        f"@exercise({number!r}, 'predict')\ndef mine(rng, predict): ...\n"
    )
    before = dict(core.ALL)
    with pytest.raises(ValueError, match=f"has a check {number!r}"):
        grade.plan(STUDENT, SEED, file)
    assert before.items() <= core.ALL.items() and (
        core.ALL.get(number) is before.get(number)
    )


def test_wrong_without_words_is_wrong():
    def silent(rng, given):
        raise Wrong

    core.exercise("1.1 silent", "x")(silent)
    try:
        assert core.examine("1.1 silent", (1,)) == core.NO_WORDS
    finally:
        del core.ALL["1.1 silent"]


@caged
def test_private_checks(hand_in, tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(
        "from psm_lib.checks.core import Wrong, call, exercise\n"
        "@exercise('1.3 a lone persona', 'predict')\n"
        "def alone(rng, predict):\n"
        "    import numpy as np\n"
        "    none = np.zeros(0, int)\n"
        "    found = call(predict, np.ones(1), np.full((1, 1), 0.3),"
        " none, none, 0)\n"
        "    if found != 0.3:\n"
        "        raise Wrong('a lone persona predicts as it behaves.')\n"
    )
    try:
        plan = grade.plan(STUDENT, SEED, file, limits=QUICK)
        plan = replace(plan, cards=plan.cards[:3])
        found = grade.grade("right", hand_in("right"), plan)
        assert found.points == sum(card.points for card in plan.cards)
        code = (
            "exact = predict\ndef predict(*given):\n"
            "    return exact(*given) if len(given[0]) > 1 else 0.0"
        )
        found = grade.grade("odd", hand_in("odd", code, last=True), plan)
        third = found.marks[2]
        assert third.told == "" and "lone persona" in third.hidden
        assert third.points == third.most / 2
    finally:
        core.ALL.pop("1.3 a lone persona", None)


# --- a folder of them -------------------------------------------------------


@caged
def test_a_folder_and_again(hand_in, plan, tmp_path, monkeypatch):
    """A table, pages and results.json; nothing is graded twice."""
    folder = hand_in("right").parent
    hand_in("=cmd()<script>alert(1)")
    (folder / "essay.docx").write_bytes(b"PK")
    out = tmp_path / "out"
    entries = entries_of(folder, plan)
    results = grade.grade_all(entries, plan, out)
    table = feedback.write_all(results, out)
    rows = list(csv.DictReader(table.open(encoding="utf-8")))
    assert len(rows) == 3 and rows[0]["submission"].startswith("./=cmd")
    assert rows[0]["student"].startswith("'=cmd")
    full = str(sum(card.points for card in plan.cards))
    assert [row["points"] for row in rows] == [full, "0", full]
    assert rows[1]["status"] == "is no notebook but a file .docx"
    for row in rows:
        page = (out / row["feedback"]).read_text("utf-8")
        assert "<script>" not in page and f"{row['points']} of {full}" in page
    made = sorted((out / "gradescope").glob("*/results.json"))
    data = json.loads(made[-1].read_text("utf-8"))
    assert data["score"] == float(full) and len(data["tests"]) == 5
    assert sum(t["max_score"] for t in data["tests"]) == float(full)

    def again(*given):
        raise AssertionError("graded twice")

    with monkeypatch.context() as patch:
        patch.setattr(grade, "graded", again)
        assert grade.grade_all(entries, plan, out) == results
    # Another file under the same name is graded, and a torn result too.
    torn = next((out / "results").glob("*.json"))
    torn.write_text(torn.read_text()[:50])
    points = [r.points for r in grade.grade_all(entries, plan, out)]
    assert points == [r.points for r in results]
    assert all(grade.stored(p) for p in (out / "results").glob("*.json"))


@caged
def test_a_killed_run_goes_on(hand_in, tmp_path):
    folder = hand_in("a").parent
    for name in "bc":
        hand_in(name)
    out = tmp_path / "out"
    command = [
        *(sys.executable, "-m", "psm_lib", "grade", STUDENT, folder),
        *("--out", out, "--seed", "5", "--jobs", "1"),
    ]
    env = os.environ | {"PSM_QUIET": "1"}
    running = subprocess.Popen(command, env=env, cwd=ROOT)
    results = out / "results"
    ends = time.monotonic() + 600
    while not list(results.glob("*.json")) and time.monotonic() < ends:
        time.sleep(0.1)
    running.kill()
    running.wait()
    kept = {p: p.stat().st_mtime_ns for p in results.glob("*.json")}
    assert 1 <= len(kept) < 3 and not (out / "grades.csv").exists()
    done = subprocess.run(command, env=env, cwd=ROOT, timeout=1200)
    assert done.returncode == 0
    assert {p: p.stat().st_mtime_ns for p in kept} == kept
    with (out / "grades.csv").open() as file:
        assert [row["status"] for row in csv.DictReader(file)] == [
            "graded"
        ] * 3


@caged
@pytest.mark.parametrize(
    "path",
    sorted(assignments.MASTERS.glob("a*.ipynb")),
    ids=lambda p: p.stem.partition("_")[0],
)
def test_every_assignment_can_be_graded(path, tmp_path):
    """In the cage all solutions are right, within the limits. How long it
    takes, `make bench` tells."""
    master = nbformat.read(path, as_version=4)
    notebook = tmp_path / "solved.ipynb"
    nbformat.write(assignments.made(master, False), notebook)
    plan = grade.plan(assignments.STUDENTS / path.name, SEED)
    found = grade.grade("solved", notebook, plan)
    wrong = [(m.number, m.told, m.hidden) for m in found.marks]
    assert {w[1:] for w in wrong} == {("", "")}, wrong
    assert found.cells == []


@caged
def test_the_way_of_a_newcomer(tmp_path):
    """What one gets, run whole; the first exercise solved; handed in."""
    notebook = nbformat.read(STUDENT, as_version=4)
    assert "colab.research.google.com" in notebook.cells[0].source
    folder = tmp_path / "in"
    folder.mkdir()
    nbformat.write(notebook, folder / "untouched.ipynb")
    master = nbformat.read(MASTER, as_version=4)
    first = assignments.cards(notebook)[0]
    solved = assignments.cards(master)[0]
    notebook.cells[first.work].source = master.cells[solved.work].source
    nbformat.write(notebook, folder / "begun.ipynb")
    out = tmp_path / "out"
    command = ["-m", "psm_lib", "grade", STUDENT, folder, "--out", out]
    done = subprocess.run(
        [sys.executable, *command, "--seed", "3"],
        env=os.environ | {"PSM_QUIET": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert done.returncode == 0, done.stderr
    with (out / "grades.csv").open(encoding="utf-8") as file:
        rows = {row["submission"]: row for row in csv.DictReader(file)}
    assert rows["begun.ipynb"]["points"] == str(first.points)
    assert rows["untouched.ipynb"]["points"] == "0"
    page = (out / rows["begun.ipynb"]["feedback"]).read_text("utf-8")
    assert "right." in page and "not written yet." in page
