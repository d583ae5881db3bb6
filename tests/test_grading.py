"""Grading gives everyone their due, whatever they hand in."""

import copy
import csv
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import assignments
import nbformat
import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from psm_lib.checks import core
from psm_lib.checks.core import Wrong
from psm_lib.grading import cage as cages
from psm_lib.grading import feedback, grade, wire
from psm_lib.grading.cage import Caged, Limits, NoCage

MASTER = assignments.MASTERS / "a1_characters.ipynb"
STUDENT = assignments.STUDENTS / "a1_characters.ipynb"
SEED = 77
QUICK = Limits(cell_s=4, call_s=3, whole_s=40, memory_mb=600)

caged = pytest.mark.skipif(
    shutil.which("bwrap") is None and not os.environ.get("CI"),
    reason="no bubblewrap",
)


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

DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(),
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
    assert "took more than" in found.marks[4].told


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
for path in ({str(precious)!r}, {str(ROOT / "book")!r}, "/root", "/home"):
    if os.path.exists(path) and path != "/root":
        seen.append(path)
    shutil.rmtree(path, ignore_errors=True)
os.system("rm -rf / --no-preserve-root 2>/dev/null")
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

        def say(self, message):
            self.asked = message

        def listen(self):
            return {"value": 1, "changed": True}

    with pytest.raises(Wrong, match="changes an array"):
        Caged(Line(), "f")(np.zeros(2))


# --- what is handed in ------------------------------------------------------


def test_what_is_no_notebook(tmp_path, plan):
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    (tmp_path / "two").mkdir()
    for name in "ab":
        (tmp_path / "two" / f"{name}.ipynb").write_text("{}")
    (tmp_path / "link.ipynb").symlink_to(MASTER)
    (tmp_path / ".hidden").write_text("")
    found = {
        name: grade.grade(name, entry, plan).status
        for name, entry in grade.submissions(tmp_path)
    }
    assert found == {
        "a.pdf": "is no notebook but a file .pdf",
        "link.ipynb": "is a link, not a file",
        "two": "has 2 notebooks; expected one",
    }


@caged
@pytest.mark.parametrize("text", ["", "{}", "[" * 50_000, '{"cells": 3}'])
def test_a_notebook_that_cannot_be_read(tmp_path, plan, text):
    path = tmp_path / "bad.ipynb"
    path.write_text(text)
    found = grade.grade("bad", path, plan)
    assert found.status.startswith("is no notebook") and found.points == 0


def test_no_bubblewrap(monkeypatch, plan, tmp_path):
    monkeypatch.setattr(cages.shutil, "which", lambda name: None)
    with pytest.raises(NoCage, match="apt install bubblewrap"):
        grade.grade_all([], plan, tmp_path)


@pytest.mark.parametrize(
    "asked, error, words",
    [
        ({"assignment": "nowhere.ipynb"}, FileNotFoundError, "no assignment"),
        ({"private": "nowhere.py"}, FileNotFoundError, "private checks"),
    ],
)
def test_a_plan_that_cannot_be(asked, error, words):
    asked = {"assignment": STUDENT, "seed": 1} | asked
    with pytest.raises(error, match=words):
        grade.plan(
            *(Path(v) if isinstance(v, str) else v for v in asked.values())
        )


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
    entries = grade.submissions(folder)
    results = grade.grade_all(entries, plan, out)
    table = feedback.write_all(results, out)
    rows = list(csv.DictReader(table.open(encoding="utf-8")))
    assert len(rows) == 3 and rows[0]["submission"].startswith("'=cmd")
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
        patch.setattr(grade, "grade", again)
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
    ends = time.monotonic() + 60
    while not list(results.glob("*.json")) and time.monotonic() < ends:
        time.sleep(0.1)
    running.kill()
    running.wait()
    kept = {p: p.stat().st_mtime_ns for p in results.glob("*.json")}
    assert 1 <= len(kept) < 3 and not (out / "grades.csv").exists()
    done = subprocess.run(command, env=env, cwd=ROOT, timeout=120)
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
    """In the cage all solutions are right, within the limits, and fast
    enough for 200 on two cores within 20 minutes."""
    master = nbformat.read(path, as_version=4)
    notebook = tmp_path / "solved.ipynb"
    nbformat.write(assignments.made(master, False), notebook)
    plan = grade.plan(assignments.STUDENTS / path.name, SEED)
    found = grade.grade("solved", notebook, plan)
    wrong = [(m.number, m.told, m.hidden) for m in found.marks]
    assert {w[1:] for w in wrong} == {("", "")}, wrong
    assert found.cells == [] and found.seconds < 12


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
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    with (out / "grades.csv").open(encoding="utf-8") as file:
        rows = {row["submission"]: row for row in csv.DictReader(file)}
    assert rows["begun.ipynb"]["points"] == str(first.points)
    assert rows["untouched.ipynb"]["points"] == "0"
    page = (out / rows["begun.ipynb"]["feedback"]).read_text("utf-8")
    assert "right." in page and "not written yet." in page
