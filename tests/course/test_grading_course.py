"""Nothing that was handed in is lost, and nothing graded is overwritten."""

import ast
import copy
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import assignments
import nbformat
import pytest
from caging import QUICK, caged
from conftest import ROOT

from psm_lib import __version__
from psm_lib.checks import core
from psm_lib.checks.cards import cards
from psm_lib.grading import (
    autograder,
    cage,
    course,
    feedback,
    grade,
    gradescope,
    handed,
    keep,
    roster,
    similar,
    standins,
    walls,
    wire,
)
from psm_lib.machinery.commands import main

STUDENT = assignments.STUDENTS / "a1_characters.ipynb"
OTHER = assignments.STUDENTS / "a3_casting.ipynb"
NUMBERS = tuple(f"1.{k}" for k in range(1, 8))
TEXT = STUDENT.read_text("utf-8")
JUNK = b"\x00\x05\x16\x07junk"


def put(folder: Path, *names: str, data: str | bytes = TEXT) -> Path:
    """Files of some names, each a student's notebook or other data."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    return folder


def seen(folder: Path, numbers=NUMBERS) -> dict[str, str | None]:
    """By row: the file that is graded, or None."""
    rows, _ = handed.submissions(folder, numbers)
    made = [handed.chosen(row) for row in rows]
    return {m.name: m.chosen and m.chosen.name for m in made}


def why(folder: Path) -> dict[str, str]:
    rows, _ = handed.submissions(folder, NUMBERS)
    return {row.name: handed.chosen(row).why for row in rows}


# --- what is handed in ------------------------------------------------------


def test_every_file_has_a_row_or_is_named(tmp_path):
    """Files in are rows and named skips, whatever the names."""
    rows = [".alice.ipynb", ".b", "..ipynb", "._c.ipynb", "~$x.docx", "-"]
    rows += ["__MACOSX2", ".ipynb", "Thumbs.db.ipynb", " .ipynb"]
    put(tmp_path, *rows)
    put(tmp_path, ".DS_Store", data=b"\x00\x00\x00\x01Bud1")
    put(tmp_path, "._alice.ipynb", "__MACOSX/._d.ipynb", data=JUNK)
    put(tmp_path, ".hidden/a1.ipynb")
    (tmp_path / "empty").mkdir()
    put(tmp_path, "only/.ipynb_checkpoints/a1-checkpoint.ipynb")
    found, skipped = handed.submissions(tmp_path, NUMBERS)
    names = {row.name for row in found}
    assert names == {*rows, ".hidden", "empty", "only"}
    assert set(skipped) == {
        ".DS_Store",
        "._alice.ipynb",
        "__MACOSX/._d.ipynb",
        "only/.ipynb_checkpoints/a1-checkpoint.ipynb",
    }
    files = [f for f in tmp_path.rglob("*") if f.is_file()]
    pieces = [p for row in found for p in row.pieces if p.path.is_file()]
    assert len(files) == len(pieces) + len(skipped)
    status = why(tmp_path)
    assert status[".alice.ipynb"] == status["._c.ipynb"] == ""
    assert status["empty"] == "is an empty folder"
    assert status["only"].startswith("has nothing in it but")


def test_a_folder_that_cannot_be_read_is_not_empty(tmp_path, monkeypatch):
    """Its row says why, and is not kept as the student's fault."""
    put(tmp_path, "anna/a1.ipynb")
    real = os.scandir

    def scandir(place):
        if str(place).endswith("anna"):
            raise PermissionError(13, "Permission denied", str(place))
        return real(place)

    monkeypatch.setattr(handed.os, "scandir", scandir)
    assert why(tmp_path) == {"anna": f"{handed.AGAIN}Permission denied"}


GRADESCOPE = """---
submission_11:
  :submitters:
  - :name: Anna Alt
    :sid: '123'
    :email: anna@uni.edu
  :created_at: 2026-02-01 10:00:00.000000000 Z
submission_12:
  :submitters:
  - :name: Ben
    :email: ben@uni.edu
  - :name: Cem
    :email: cem@uni.edu
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2026-02-01 11:00:00 Z
"""
LAYOUTS = {
    "nbgrader": (
        ["alice/a1/a1.ipynb", "bob/a1/a1.ipynb", "bob/a1/data.csv"],
        {"alice": "alice/a1/a1.ipynb", "bob": "bob/a1/a1.ipynb"},
    ),
    "moodle": (
        [
            "Anna Alt_123_assignsubmission_file_/x.ipynb",
            "Anna Alt_123_assignsubmission_onlinetext_/onlinetext.html",
            "Ben_124_assignsubmission_file_/x.ipynb",
        ],
        {
            "Anna Alt_123": "Anna Alt_123_assignsubmission_file_/x.ipynb",
            "Ben_124": "Ben_124_assignsubmission_file_/x.ipynb",
        },
    ),
    "moodle, no folders": (
        ["Anna Alt_123_assignsubmission_file_x.ipynb"],
        {"Anna Alt_123": "Anna Alt_123_assignsubmission_file_x.ipynb"},
    ),
    "canvas": (
        [
            "smithjohn_1234_9001_last.ipynb",
            "smithjohn_1234_9002_a1.ipynb",
            "smithjohn_1235_9000_a1.ipynb",
            "zoe_LATE_777_9003_a1.ipynb",
        ],
        {
            "smithjohn_1234": "smithjohn_1234_9002_a1.ipynb",
            "smithjohn_1235": "smithjohn_1235_9000_a1.ipynb",
            "zoe_777": "zoe_LATE_777_9003_a1.ipynb",
        },
    ),
    # Of which one cannot know whose they are: two rows.
    "teams": (
        ["group_1_2_a1.ipynb", "group_1_3_a1.ipynb"],
        {
            "group_1_2_a1.ipynb": "group_1_2_a1.ipynb",
            "group_1_3_a1.ipynb": "group_1_3_a1.ipynb",
        },
    ),
    "blackboard": (
        [
            "Assignment 1_abc12_attempt_2026-02-01-10-00-00.txt",
            "Assignment 1_abc12_attempt_2026-02-01-10-00-00_z.ipynb",
            "Assignment 1_abc12_attempt_2026-02-03-10-00-00_a.ipynb",
            "Assignment 1_xyz_attempt_2026-02-02-10-00-00_a1.ipynb",
        ],
        {
            "abc12": "Assignment 1_abc12_attempt_2026-02-03-10-00-00_a.ipynb",
            "xyz": "Assignment 1_xyz_attempt_2026-02-02-10-00-00_a1.ipynb",
        },
    ),
    "brightspace": (
        [
            "123-45 - Anna Alt - Feb 1, 2026 1100 PM/a1.ipynb",
            "123-45 - Anna Alt - Feb 2, 2026 900 AM/a1.ipynb",
            "124-45 - Ben - Feb 1, 2026 110 PM/a1.ipynb",
        ],
        {
            "Anna Alt": "123-45 - Anna Alt - Feb 2, 2026 900 AM/a1.ipynb",
            "Ben": "124-45 - Ben - Feb 1, 2026 110 PM/a1.ipynb",
        },
    ),
    "gradescope": (
        ["submission_11/a1.ipynb", "submission_12/a1.ipynb"],
        {
            "submission_11": "submission_11/a1.ipynb",
            "submission_12": "submission_12/a1.ipynb",
        },
    ),
    "classroom": (
        ["Anna Alt - a1.ipynb", "Ben - a1.ipynb", "Copy of a1.ipynb"],
        {
            "Anna Alt - a1.ipynb": "Anna Alt - a1.ipynb",
            "Ben - a1.ipynb": "Ben - a1.ipynb",
            "Copy of a1.ipynb": "Copy of a1.ipynb",
        },
    ),
    # Too many in one folder for one student: none is to be lost.
    "sections": (
        [f"monday/{name}.ipynb" for name in "abcdef"],
        {f"monday/{n}.ipynb": f"monday/{n}.ipynb" for n in "abcdef"},
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_what_platforms_give(tmp_path, name):
    files, rows = LAYOUTS[name]
    notebooks = [f for f in files if f.endswith(".ipynb")]
    put(tmp_path, *notebooks)
    for k, file in enumerate(notebooks):  # a download says nothing of when
        os.utime(tmp_path / file, (10**9 - k, 10**9 - k))
    put(tmp_path, *set(files) - set(notebooks), data=b"<p>")
    if name == "gradescope":
        put(tmp_path, "submission_metadata.yml", data=GRADESCOPE)
    assert seen(tmp_path) == rows


def test_an_export_in_one_more_folder(tmp_path):
    put(tmp_path / "export", *LAYOUTS["canvas"][0])
    assert seen(tmp_path) == LAYOUTS["canvas"][1]


def test_who_handed_in_with_gradescope(tmp_path):
    put(tmp_path, *LAYOUTS["gradescope"][0])
    put(tmp_path, "submission_metadata.yml", data=GRADESCOPE)
    rows, skipped = handed.submissions(tmp_path, NUMBERS)
    assert rows[0].people == [("123", "anna@uni.edu", "Anna Alt")]
    assert [p[-1] for p in rows[1].people] == ["Ben", "Cem"]
    assert rows[1].remarks == ["handed in by Ben and Cem"]
    assert skipped == ["submission_metadata.yml"]
    # A student's file of that name is nobody's list of students.
    put(tmp_path / "flat", "a.ipynb")
    put(tmp_path / "flat", "submission_metadata.yml", data="a.ipynb: [" * 99)
    assert set(seen(tmp_path / "flat")) == {
        "a.ipynb",
        "submission_metadata.yml",
    }


@pytest.mark.parametrize(
    "names, last",
    [
        (["a1.ipynb", "a1_copy.ipynb"], "a1_copy.ipynb"),
        (["a1_copy.ipynb", "a1.ipynb"], "a1.ipynb"),  # changed last
        (["a1-2.ipynb", "a1-10.ipynb", "a1.ipynb"], "a1-10.ipynb"),
        (["a1 (1).ipynb", "a1.ipynb"], "a1 (1).ipynb"),
        (["b.ipynb", "old/b-1.ipynb", "c.ipynb"], "c.ipynb"),
    ],
)
def test_the_latest_attempt(tmp_path, names, last):
    """By number, then by when it was changed; the others are named."""
    for k, name in enumerate(names):
        put(tmp_path, f"alice/{name}")
        os.utime(tmp_path / "alice" / name, (10**9 + k, 10**9 + k))
    rows, _ = handed.submissions(tmp_path, NUMBERS)
    made = handed.chosen(rows[0])
    assert made.chosen.name == f"alice/{last}"
    rest = [name for name in names if name != last]
    assert all(f"alice/{name}" in made.remarks[0] for name in rest)
    assert made.remarks[0].startswith("not graded, for it is not the latest")


def other_language(text: str) -> str:
    notebook = json.loads(text)
    about = {"name": "ir", "language": "R", "display_name": "R"}
    notebook["metadata"] = {"kernelspec": about}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["source"] = ["pair <- c('saint', 'rogue')"]
    return json.dumps(notebook)


def test_what_is_another_notebook(tmp_path):
    """It is named as what it is, and does not hide the right one."""
    other = OTHER.read_text("utf-8")
    put(tmp_path, "a.ipynb", "both/a3.ipynb", data=other)
    put(tmp_path, "r.ipynb", data=other_language(TEXT))
    blank = json.dumps({"cells": [], "metadata": {}, "nbformat": 4})
    put(tmp_path, "blank.ipynb", data=blank)
    put(tmp_path, "both/a1.ipynb")
    os.utime(tmp_path / "both" / "a3.ipynb")  # the later one
    assert why(tmp_path) == {
        "a.ipynb": "is assignment 3, not 1",
        "blank.ipynb": "has nothing of assignment 1 in it",
        "both": "",
        "r.ipynb": "is a notebook in R; expected one in Python",
    }
    assert seen(tmp_path)["both"] == "both/a1.ipynb"
    # Python under R's name, and one without headings or checks, are graded.
    notebook = json.loads(TEXT)
    notebook["metadata"]["kernelspec"] = {"language": "R"}
    put(tmp_path, "py.ipynb", data=json.dumps(notebook))
    code = [c for c in notebook["cells"] if "def " in "".join(c["source"])]
    bare = {"cells": code, "metadata": {}, "nbformat": 4}
    put(tmp_path, "bare.ipynb", data=json.dumps(bare))
    assert why(tmp_path)["py.ipynb"] == why(tmp_path)["bare.ipynb"] == ""
    rows, _ = handed.submissions(tmp_path, NUMBERS)
    remarks = {r.name: handed.chosen(r).remarks for r in rows}
    assert remarks["py.ipynb"] == ["the file says that it is in R"]


@pytest.mark.parametrize(
    "source", ["\n" * 10**6, "# " * 10**5, "check( " * 10**5, "#\n" * 10**5]
)
def test_a_look_takes_no_time(tmp_path, source):
    """Whatever is in it: this test would not end."""
    about = {"kernelspec": {"language": "R"}}
    cells = [{"cell_type": kind, "source": source} for kind in ("code", "x")]
    notebook = {"cells": cells, "metadata": about}
    put(tmp_path, "a.ipynb", data=json.dumps(notebook))
    assert why(tmp_path)["a.ipynb"].startswith("is a notebook in R")


@pytest.mark.parametrize(
    "name", ["a.ipynb.json", "a.ipynb.txt", "a", "a.json", "a.IPYNB"]
)
def test_a_notebook_under_another_name(tmp_path, name):
    put(tmp_path, name)
    rows, _ = handed.submissions(tmp_path, NUMBERS)
    made = handed.chosen(rows[0])
    assert made.chosen and not made.why
    assert bool(made.remarks) == (name != "a.IPYNB")


def zipped(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return out.getvalue()


def test_zips(tmp_path):
    """The notebook in one is graded, and nothing of it is ever written."""
    fine = zipped({"x/a1.ipynb": TEXT, "__MACOSX/x/._a1.ipynb": JUNK})
    put(tmp_path, "fine.zip", "named.ipynb", data=fine)
    out = zipped({"../../out.ipynb": TEXT, "/etc/out.ipynb": TEXT})
    put(tmp_path, "out.zip", data=out)
    locked = bytearray(fine)  # a bit says that there is a password
    for k in re.finditer(rb"PK\x01\x02", fine):
        locked[k.start() + 8] |= 1
    put(tmp_path, "locked.zip", data=bytes(locked))
    put(tmp_path, "none.zip", data=zipped({"a.txt": "x"}))
    put(tmp_path, "torn.zip", data=fine[:-40])
    put(tmp_path, "work.rar", data=b"Rar!")
    bomb = b" " * (handed.BYTES + 1)
    put(tmp_path, "bomb.zip", data=zipped({"a.ipynb": bomb}))
    many = {f"{k}.ipynb": b" " * handed.BYTES for k in range(6)}
    put(tmp_path, "bombs.zip", data=zipped(many))
    before = {p for p in tmp_path.parent.rglob("*")}
    found = why(tmp_path)
    assert found["fine.zip"] == found["named.ipynb"] == found["out.zip"] == ""
    assert "with a password; hand in the notebook" in found["locked.zip"]
    assert found["none.zip"].startswith("is a zip without a notebook")
    assert found["torn.zip"].startswith("is a damaged zip")
    assert found["work.rar"] == (
        "is an archive (.rar) that is not opened; hand in the notebook itself"
    )
    assert found["bomb.zip"] == "is larger than 20 MB"
    assert found["bombs.zip"] == "is a zip of more than 100 MB of notebooks"
    assert {p for p in tmp_path.parent.rglob("*")} == before
    made = handed.alone(tmp_path / "fine.zip", NUMBERS)
    assert made.chosen.name == "fine.zip: x/a1.ipynb"
    assert handed.read(made.chosen) == TEXT.encode()
    assert not Path("/etc/out.ipynb").exists()


# --- how it is run ----------------------------------------------------------


@pytest.fixture(scope="module")
def plan():
    return grade.plan(STUDENT, 77, limits=QUICK)


def solved(name: str = "a1_characters"):
    master = assignments.MASTERS / f"{name}.ipynb"
    return assignments.made(nbformat.read(master, as_version=4), False)


def added(notebook, code: str, place: int = 3) -> None:
    notebook.cells.insert(place, nbformat.v4.new_code_cell(code))


def graded(notebook, plan, folder: Path, name="x.ipynb") -> grade.Result:
    nbformat.write(notebook, folder / name)
    return grade.grade(name, folder / name, plan)


def lost(result: grade.Result) -> list[str]:
    return [m.number for m in result.marks if m.points < m.most]


@caged
def test_any_number_of_cells_that_end_the_process(plan, tmp_path):
    notebook = solved()
    for k in range(5):
        added(notebook, f"import os  # {k}\nos._exit({k})")
    found = graded(notebook, plan, tmp_path)
    assert found.status == "graded" and lost(found) == []
    assert sum("os._exit" in c or "left out" in c for c in found.cells) == 5
    output = feedback.gradescope(found)["output"]
    assert output.count("left out") == 5 and "badly" in output


@caged
def test_any_number_of_calls_that_end_the_process(plan, tmp_path):
    """They lose their own exercises; the last one is honest."""
    notebook = solved()
    names = ["posterior", "predict", "posterior_asked", "captured"]
    names += ["reliability"]
    code = "import os\n" + "\n".join(
        f"def {name}(*given):\n    os._exit(1)" for name in names
    )
    added(notebook, code, len(notebook.cells))
    found = graded(notebook, plan, tmp_path)
    assert lost(found) == ["1.2", "1.3", "1.4", "1.5", "1.6"]
    assert "ended the process it runs in when it was called" in (
        found.marks[1].told
    )


@caged
def test_a_call_that_ends_the_process_in_hidden_worlds_only(plan, tmp_path):
    """It costs the half that is for these."""
    notebook = solved()
    code = """
import numpy as np, os
from psm_lib.checks.core import find
exact, known = predict, set()
def heard(*given):
    known.add(repr(given))
    return exact(*given)
find("1.3").test(np.random.default_rng([0, 1, 3]), heard)
def predict(*given):
    return exact(*given) if repr(given) in known else os._exit(1)
"""
    added(notebook, code, len(notebook.cells))
    found = graded(notebook, plan, tmp_path)
    assert lost(found) == ["1.3"] and found.marks[2].points == 1
    assert "ended the process" in found.marks[2].hidden


def test_what_ends_for_ever_is_ended(plan, tmp_path, monkeypatch):
    """New processes are started while there is time, and then no more."""
    clock = iter(range(0, 10**6, 7))
    monkeypatch.setattr(grade.time, "monotonic", lambda: next(clock))
    started = []

    class Ends:
        lent = []

        def __init__(self, notebook, limits, skip, *_):
            started.append(limits.whole_s)
            self.cells = {len(skip): {"begins": "x", "error": cage.UNENDED}}
            self.ends = 10**9

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def run(self):
            raise cage.Ended("ended the process it runs in")

    monkeypatch.setattr(grade, "Cage", Ends)
    found = grade.run("x", "x", tmp_path, plan)
    assert 4 < len(started) < QUICK.whole_s == max(started)
    assert min(started) < QUICK.whole_s
    most = 4 * QUICK.whole_s
    said = f"not run: what came before took all of its {most:g} seconds."
    assert {m.told for m in found.marks} == {said}


def functions_used() -> list[tuple[str, str, str]]:
    """Assignment, exercise, and what it asks for that a later one uses."""
    found = []
    for path in sorted(assignments.MASTERS.glob("a*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        asked: dict[str, str] = {}
        for card in cards(notebook):
            tree = ast.parse(notebook.cells[card.work].source)
            names = {
                n.id
                for n in ast.walk(tree)
                if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
            }
            inside = {
                a.arg
                for n in ast.walk(tree)
                if isinstance(n, ast.arguments)
                for a in n.args
            }
            for name in sorted((names - inside) & set(asked)):
                found.append((path.stem, asked[name], name))
            needs = core.find(card.number).needs
            asked |= dict.fromkeys(needs, card.number)
    return sorted(set(found))


USED = functions_used()


def test_what_later_exercises_use_can_be_lent():
    assert {name for _, _, name in USED} == set(standins.ALL)


@caged
@pytest.mark.parametrize("stem, number, name", USED)
def test_a_cell_that_cannot_run_costs_one_exercise(
    tmp_path, stem, number, name
):
    """Not those that call what it should have made."""
    path = assignments.STUDENTS / f"{stem}.ipynb"
    plan = grade.plan(path, 77, limits=replace(QUICK, call_s=10))
    notebook = solved(stem)
    work = {card.number: card.work for card in cards(notebook)}
    later = [
        card.number
        for card in plan.cards
        if card.number != number
        and name in notebook.cells[work[card.number]].source
    ]
    assert later
    kept = tuple(c for c in plan.cards if c.number in (number, *later))
    notebook.cells[work[number]].source = f"def {name}(:\n    pass"
    found = graded(notebook, replace(plan, cards=kept), tmp_path)
    assert lost(found) == [number]
    assert any("SyntaxError" in cell for cell in found.cells)
    assert any(f"`{name}` is missing" in cell for cell in found.cells)
    assert found.marks[0].told == f"there is no `{name}` in the notebook."


@caged
def test_who_asks_for_input(plan, tmp_path):
    notebook = solved()
    added(notebook, "n = int(input('how many? '))")
    code = "def predict(*given):\n    return input()"
    added(notebook, code, len(notebook.cells))
    found = graded(notebook, replace(plan, cards=plan.cards[:3]), tmp_path)
    assert lost(found) == ["1.3"]
    assert "asks for input" in found.cells[0]
    assert "asks for input" in found.marks[2].told


def test_how_many_at_a_time(plan, tmp_path):
    for jobs in (0, -3):
        with pytest.raises(ValueError, match=f"no {jobs} jobs; expected"):
            grade.grade_all([], replace(plan, bare=True), tmp_path, jobs)


# --- what comes out ---------------------------------------------------------


@pytest.fixture
def unrun(monkeypatch):
    """Nothing is run: all that looks like a notebook is right."""

    def right(name, file, data, plan):
        marks = [
            grade.Mark(c.number, c.title, c.points, c.points, "", "")
            for c in plan.cards
        ]
        return grade.stamped(name, file, "graded", 1.0, marks, plan)

    monkeypatch.setattr(grade, "graded", right)


def asked(tmp_path: Path, **given) -> course.Course:
    usual = {"seed": 5, "bare": True, "out": tmp_path / "out"}
    return course.Course(STUDENT, tmp_path / "in", **(usual | given))


def rows_of(out: Path) -> list[dict[str, str]]:
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(f.relative_to(folder)): f.read_bytes()
        for f in folder.rglob("*")
        if f.is_file()
    }


def test_a_second_run(unrun, tmp_path):
    """The same again changes nothing; another keeps what was before."""
    put(tmp_path / "in", "a.ipynb", "b.ipynb", "c.pdf")
    course.grade_course(asked(tmp_path))
    out = tmp_path / "out"
    before = tree(out)
    lines = course.grade_course(asked(tmp_path))
    assert tree(out) == before and "run before" not in "".join(lines)
    (tmp_path / "in" / "b.ipynb").unlink()
    lines = course.grade_course(asked(tmp_path))
    (place,) = (out / "earlier").iterdir()
    assert str(place) in lines[-1]
    assert [r["submission"] for r in rows_of(out)] == ["a.ipynb", "c.pdf"]
    assert len(rows_of(place)) == 3
    made = {n: d for n, d in before.items() if not n.startswith("results")}
    del made["grading.json"]
    assert tree(place) == made
    # Three runs within one second.
    put(tmp_path / "in", "d.ipynb")
    os.utime(out / "grades.csv", (10**9, 10**9))
    course.grade_course(asked(tmp_path))
    put(tmp_path / "in", "e.ipynb")
    os.utime(out / "grades.csv", (10**9, 10**9))
    course.grade_course(asked(tmp_path))
    assert len(list((out / "earlier").glob("*/grades.csv"))) == 3


@pytest.mark.parametrize(
    "given, words",
    [
        ({"assignment": OTHER}, "holds the grades of 'Assignment 1"),
        ({"seed": 6}, "another seed"),
    ],
)
def test_another_grading_into_the_same_folder(unrun, tmp_path, given, words):
    put(tmp_path / "in", "a.ipynb")
    course.grade_course(asked(tmp_path))
    before = tree(tmp_path / "out")
    with pytest.raises(ValueError, match=words):
        course.grade_course(replace(asked(tmp_path), **given))
    assert tree(tmp_path / "out") == before


def test_a_folder_that_is_something_else(unrun, tmp_path):
    put(tmp_path / "in", "a.ipynb")
    put(tmp_path / "out", "thesis.tex", data=b"precious")
    with pytest.raises(ValueError, match=r"not empty \(thesis.tex\)"):
        course.grade_course(asked(tmp_path))
    assert set(tree(tmp_path / "out")) == {"thesis.tex"}
    with pytest.raises(ValueError, match="is a file; expected a folder"):
        course.grade_course(
            asked(tmp_path, out=tmp_path / "out" / "thesis.tex")
        )
    with pytest.raises(ValueError, match="is the folder of submissions"):
        course.grade_course(asked(tmp_path, out=tmp_path / "in"))
    put(tmp_path / "odd", "grading.json", data=b"{}")
    with pytest.raises(ValueError, match="cannot be read"):
        course.grade_course(asked(tmp_path, out=tmp_path / "odd"))


def test_two_runs_at_once(unrun, plan, tmp_path):
    put(tmp_path / "in", "a.ipynb")
    first = grade.plan(STUDENT, 5, bare=True)
    with (
        keep.held(tmp_path / "out", first),
        pytest.raises(RuntimeError, match="out is being made by process"),
    ):
        course.grade_course(asked(tmp_path))
    course.grade_course(asked(tmp_path))  # it is free again


def test_a_run_that_was_killed_while_it_wrote(unrun, tmp_path):
    """What it has left is neither lost nor in the way."""
    put(tmp_path / "in", "a.ipynb")
    out = tmp_path / "out"
    course.grade_course(asked(tmp_path))
    (out / "grades.csv").unlink()
    put(out, ".new-torn/feedback/x.html", data=b"x")
    course.grade_course(asked(tmp_path))
    assert len(rows_of(out)) == 1 and not list(out.glob(".new-*"))
    assert list((out / "earlier").glob("torn-*/feedback/*.html"))


NAMES = [
    "=1+1.ipynb",
    "-2+3.ipynb",
    "+x.ipynb",
    "@x.ipynb",
    "x;=1+1;.ipynb",
    'x";=1+1;".ipynb',
    " =1.ipynb",
    "\uff1d1.ipynb",
    "'=1+1.ipynb",
    "plain.ipynb",
]


def test_no_cell_of_a_table_is_run(unrun, tmp_path):
    """Neither where commas separate nor where semicolons do; and the first
    column says which file it was, exactly."""
    put(tmp_path / "in", *NAMES)
    put(tmp_path / "in", "a|=cmd.=2", "b.;=1+1", data=b"x")
    course.grade_course(asked(tmp_path))
    files = {os.fsdecode(f) for f in os.listdir(tmp_path / "in")}
    text = (tmp_path / "out" / "grades.csv").read_text("utf-8")
    for row in csv.reader(io.StringIO(text)):
        assert not any(re.match(r"\s*[=+\-@\uff1d]", cell) for cell in row)
        # A first cell in quotes is one cell, whatever separates; after it a
        # spreadsheet splits at each semicolon.
        for cell in row[1:]:
            parts = re.split(r"[;|]", cell)
            assert not any(re.match(r"\s*[=+\-@]", p) for p in parts)
    lines = text.splitlines()
    assert all(line.startswith('"') and line.endswith('"') for line in lines)
    keys = {row["submission"] for row in rows_of(tmp_path / "out")}
    assert {key.removeprefix("./") for key in keys} == files
    assert all((tmp_path / "in" / key).is_file() for key in keys)


def test_what_a_page_and_a_table_tell(unrun, tmp_path):
    """The assignment, when, by what; and what turns text around is seen."""
    name = "anna\u202egpj.ipynb"
    put(tmp_path / "in", name)
    course.grade_course(asked(tmp_path))
    out = tmp_path / "out"
    (row,) = rows_of(out)
    page = (out / row["feedback"]).read_text("utf-8")
    assert "Assignment 1: the perfect reader" in page
    assert f"psm_lib {__version__}" in page
    assert f"graded {row['graded']}" in page
    assert datetime.fromisoformat(row["graded"]).tzinfo
    for text in (page, row["submission"], row["file"]):
        assert "anna\\u202egpj.ipynb" in text
        assert not wire.UNSEEN.search(text.replace("\n", ""))
    with (out / "maxima.csv").open(newline="") as file:
        maxima = list(csv.DictReader(file))
    assert maxima[0]["exercise"] == "1.1" and maxima[-1]["points"] == row["of"]
    mark = grade.Mark("1.1", "x\u200b", 0, 1, "a\u2066\u202e<b>\u0645", "")
    result = grade.Result("x", "x", "graded", 1, [mark], ["c\u202e"])
    page = feedback.page(result)
    assert "a\\u2066\\u202e&lt;b&gt;\u0645" in page and "c\\u202e" in page
    assert not wire.UNSEEN.search(page.replace("\n", ""))


# --- a roster, and what is given by hand ------------------------------------


def run_with(tmp_path, table: str | bytes, **given) -> tuple[dict, str]:
    """Rows by student, and what is printed."""
    put(tmp_path, "roster.csv", data=table)
    given = {"roster": tmp_path / "roster.csv"} | given
    lines = course.grade_course(asked(tmp_path, **given))
    rows = {
        r["student"]: r for r in rows_of(given.get("out", tmp_path / "out"))
    }
    return rows, "\n".join(lines)


def test_a_roster(unrun, tmp_path):
    put(tmp_path / "in", "alice.ipynb", "bob/a1.ipynb", "stranger.ipynb")
    rows, said = run_with(
        tmp_path, "login,name\nalice,Alice\nBOB,Bob\nCarol,Carol\n"
    )
    assert set(rows) == {"alice", "BOB", "Carol", "stranger.ipynb"}
    assert rows["Carol"]["status"] == "handed in nothing"
    assert rows["Carol"]["points"] == "0" and rows["Carol"]["of"] == "16"
    assert rows["alice"]["submission"] == "alice.ipynb"
    assert rows["stranger.ipynb"]["remarks"] == "not on the roster"
    assert "handed in nothing: Carol" in said
    assert "stranger.ipynb: not on the roster" in said
    assert (tmp_path / "out" / rows["Carol"]["feedback"]).is_file()


def test_a_roster_puts_attempts_together(unrun, tmp_path):
    """Also where the platform does not say that they are one student's."""
    names = ["anna.ipynb", "anna-1.ipynb", "ben_a1.ipynb", "dan-eve.ipynb"]
    put(tmp_path / "in", *names)
    rows, said = run_with(tmp_path, "id\nanna\nben\ndan\neve\n")
    assert set(rows) == {"anna", "ben", "dan", "eve", "dan-eve.ipynb"}
    assert rows["anna"]["file"] == "anna-1.ipynb"
    assert "anna.ipynb" in rows["anna"]["remarks"]
    assert "by a part of its name" in rows["ben"]["remarks"]
    assert "not clear" in rows["dan-eve.ipynb"]["remarks"]
    assert "handed in nothing: dan, eve" in said


def test_a_part_of_a_name_takes_nothing_away(unrun, tmp_path):
    """John Smith's file is not a later attempt of John's."""
    put(tmp_path / "in", "john.ipynb", "john_smith.ipynb")
    rows, _ = run_with(tmp_path, "id\njohn\nsmithjohn\n")
    assert rows["john"]["file"] == "john.ipynb"
    assert rows["john_smith.ipynb"]["file"] == "john_smith.ipynb"


def test_rosters_of_platforms(unrun, tmp_path):
    """Canvas's, by number and with its line of points; and a group's."""
    put(tmp_path / "in", *LAYOUTS["canvas"][0])
    table = (
        'Student,ID,Section\r\n"  Points Possible",,\r\n"Smith, John",1234,a'
        '\r\n"Smith, Johnny",1235,a\r\n"Zoë",777,b\r\n'
    ).encode("cp1252")
    rows, said = run_with(tmp_path, table, key="ID")
    assert set(rows) == {"1234", "1235", "777"}
    assert rows["777"]["remarks"] == "late, as Canvas says"
    assert "line 2 of roster.csv has no ID" in said
    _, said = run_with(tmp_path, table, out=tmp_path / "other")
    assert "with --key 'ID' it would be 3" in said
    shutil.rmtree(tmp_path / "in")
    put(tmp_path / "in", *LAYOUTS["gradescope"][0])
    put(tmp_path / "in", "submission_metadata.yml", data=GRADESCOPE)
    table = "mail;x\nanna@uni.edu;1\nben@uni.edu;1\ncem@uni.edu;\ndi@uni.edu;"
    rows, _ = run_with(tmp_path, table, out=tmp_path / "third")
    assert [rows[f"{n}@uni.edu"]["points"] for n in ("anna", "ben")] == [
        "16",
        "16",
    ]
    assert rows["cem@uni.edu"]["submission"] == "submission_12"
    pages = {row["feedback"] for row in rows.values()}
    assert len(pages) == len(rows) == 4


@pytest.mark.parametrize(
    "table, words",
    [
        ("", "no first row"),
        ("id,id\n1,2\n", "each of them once"),
        ("id\n", "has nobody"),
        ("id,x\na,1\nA ,2\n", "'A' is in line 2 and in line 3"),
        ("id\na\n", "no column 'mail'; it has id"),
    ],
)
def test_a_roster_that_cannot_be(unrun, tmp_path, table, words):
    put(tmp_path / "in", "a.ipynb")
    with pytest.raises(ValueError, match=words):
        run_with(tmp_path, table, key="mail" if "mail" in words else None)
    assert not (tmp_path / "out").exists()


def test_points_by_hand(unrun, tmp_path):
    put(tmp_path / "in", "anna.ipynb", "ben.ipynb")
    file = tmp_path / "overrides.csv"
    file.write_text(
        "student,exercise,points,reason\nanna,1.2,0.5,copied <b>it</b>\n"
        'carl,1.1,1,"by mail; in time"\n'
    )
    rows, said = run_with(tmp_path, "id\nanna\nben\ncarl\n", overrides=file)
    assert rows["anna"]["1.2"] == "0.5" and rows["anna"]["points"] == "14.5"
    assert rows["ben"]["points"] == "16" and rows["carl"]["points"] == "1"
    assert "instead of 2: copied" in rows["anna"]["remarks"]
    assert "anna: by hand 1.2" in said
    out = tmp_path / "out"
    page = (out / rows["anna"]["feedback"]).read_text("utf-8")
    assert "0.5 points, given by hand instead of 2: copied &lt;b&gt;" in page
    made = [
        json.loads(f.read_text("utf-8"))
        for f in out.glob("gradescope/anna*/results.json")
    ]
    assert (
        made[0]["score"] == 14.5 and "by hand" in made[0]["tests"][1]["output"]
    )
    # What is stored is what the checks said: without the file it is back.
    rows, _ = run_with(tmp_path, "id\nanna\nben\ncarl\n")
    assert rows["anna"]["points"] == "16"


@pytest.mark.parametrize(
    "line, words",
    [
        ("anna,9.1,1,x", "no exercise '9.1'; expected one of 1.1"),
        ("anna,1.2,3,x", "'3' points for exercise 1.2; expected 0 to 2"),
        ("anna,1.2,nan,x", "'nan' points"),
        ("anna,1.2,,x", "'' points"),
        ("anna,1.2,1,", "has no reason"),
        (",1.2,1,x", "has no student"),
        ("nobody,1.2,1,x", "0 rows are of 'nobody'"),
        ("anna,1.2,1,x\nAnna,1.2,2,x", "in line 2 already"),
    ],
)
def test_points_by_hand_that_cannot_be(unrun, tmp_path, line, words):
    put(tmp_path / "in", "anna.ipynb")
    file = tmp_path / "overrides.csv"
    file.write_text(f"student,exercise,points,reason\n{line}\n")
    with pytest.raises(ValueError, match=re.escape(words)):
        course.grade_course(asked(tmp_path, overrides=file))
    assert not (tmp_path / "out" / "grades.csv").exists()


# --- what is alike ----------------------------------------------------------

OWN = """
def reliability(p, outcome, edges):
    # {note}
    {which} = np.digitize(p, edges) - 1
    table = np.full((len(edges) - 1, 2), np.nan)
    for b in range(len(table)):
        {inside} = {which} == b
        if {inside}.any():
            table[b] = p[{inside}].mean(), outcome[{inside}].mean()
    return table
"""
APART = """
def reliability(p, outcome, edges):
    rows = []
    for low, high in zip(edges[:-1], edges[1:]):
        members = [i for i, x in enumerate(p) if low <= x < high]
        if not members:
            rows.append((float("nan"), float("nan")))
            continue
        rows.append((np.mean([p[i] for i in members]),
                     np.mean([outcome[i] for i in members])))
    return np.array(rows)
"""


def test_pairs_that_are_alike():
    """Other names, spaces and comments hide nothing; one's own way, and what
    everybody was given, is not named."""
    given = ["long_starter = [" + "load(1), " * 40 + "]"]
    codes = {
        "anna": [*given, OWN.format(which="which", inside="inside", note=1)],
        "ben": [*given, OWN.format(which="w", inside="here", note="mine!")],
        "cem": [*given, APART],
    }
    near = OWN.format(which="k", inside="m", note=2)
    codes["dora"] = [near.replace("return table", "return table + 0")]
    found = similar.pairs(codes, similar.starter(given))
    assert {(p.one, p.other) for p in found} == {
        ("anna", "ben"),
        ("anna", "dora"),
        ("ben", "dora"),
    }
    assert (found[0].cells, found[0].identical) == (1, found[0].cells)
    same = {(p.one, p.other): p.identical for p in found}
    assert same["anna", "ben"] == 1 and same["anna", "dora"] == 0
    everybody = {f"s{k}": codes["anna"] for k in range(similar.COMMON + 1)}
    assert similar.pairs(everybody, set()) == []
    assert (
        similar.pairs({"a": ["'" * 30_000], "b": ["((" * 9999]}, set()) == []
    )


def test_pairs_change_no_grade(unrun, tmp_path):
    notebook = nbformat.writes(solved())
    put(tmp_path / "in", "a.ipynb", "b.ipynb", data=notebook)
    put(tmp_path / "in", "c.ipynb")
    lines = course.grade_course(asked(tmp_path))
    with (tmp_path / "out" / "similar.csv").open(newline="") as file:
        pairs = list(csv.DictReader(file))
    assert [(p["one"], p["other"]) for p in pairs] == [("a.ipynb", "b.ipynb")]
    assert int(pairs[0]["cells alike"]) >= 3
    assert any("1 pair has cells alike" in line for line in lines)
    assert {r["points"] for r in rows_of(tmp_path / "out")} == {"16"}


# --- from a shell, and on Gradescope ----------------------------------------

BLOCKED = """
import sys
for name in {names!r}:
    sys.modules[name] = None
from psm_lib.machinery.commands import main
sys.exit(main({words!r}))
"""


@pytest.mark.parametrize(
    "names, words",
    [
        (["resource", "fcntl"], "On Windows, grade in WSL"),
        (["psutil"], 'psutil, which is not installed: pip install "psm_lib['),
        (["nbformat"], "nbformat, which is not installed"),
    ],
)
def test_where_grading_cannot_be(tmp_path, names, words):
    """One line, and no traceback; --bare or not."""
    command = ["grade", str(STUDENT), str(tmp_path), "--out"]
    command += [str(tmp_path / "out"), "--seed", "3", "--bare"]
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED.format(names=names, words=command)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1 and words in done.stderr


def test_the_command_line(unrun, tmp_path, capsys):
    put(tmp_path / "in", "a.ipynb")
    put(tmp_path, "r.csv", data="id\na\nb\n")
    words = ["grade", STUDENT, tmp_path / "in", "--out", tmp_path / "out"]
    words += ["--seed", "4", "--bare", "--roster", tmp_path / "r.csv"]
    assert main(list(map(str, words))) == 0
    said = capsys.readouterr().out
    assert said.startswith(str(tmp_path / "out" / "grades.csv"))
    assert "2 rows: 1 graded, 0 that could not be, 1 who handed in" in said
    with pytest.raises(SystemExit):
        main([*map(str, words), "--jobs", "0"])
    assert "--jobs: '0'; expected a whole number" in capsys.readouterr().err
    zip_ = put(tmp_path, "all.zip", data=b"PK") / "all.zip"
    words[2] = zip_
    assert main(list(map(str, words))) == 1
    assert "Unpack it first" in capsys.readouterr().err


@pytest.fixture(scope="module")
def machine(tmp_path_factory) -> Path:
    """A folder as Gradescope has it, with the library installed from the
    wheel in the zip, away from the repository."""
    root = tmp_path_factory.mktemp("autograder")
    made = root / "autograder.zip"
    private = root / "mine.py"
    private.write_text("# no checks\n")
    autograder.write(STUDENT, 987654321, private, made)
    with zipfile.ZipFile(made) as packed:
        packed.extractall(root / "source")
        modes = {i.filename: i.external_attr >> 16 for i in packed.infolist()}
    assert modes["setup.sh"] & modes["run_autograder"] & 0o111 == 0o111
    (wheel,) = (root / "source").glob("psm_lib-*.whl")
    install = [sys.executable, "-m", "pip", "install", "--no-deps", "-q"]
    install += ["--no-index", "--target", str(root / "lib"), str(wheel)]
    subprocess.run(install, check=True, cwd=root)
    for name in ("setup.sh", "run_autograder"):
        check = ["bash", "-n", str(root / "source" / name)]
        subprocess.run(check, check=True)
    shutil.copy(root / "source" / "run_autograder", root)
    return root


def autograded(root: Path, files: dict[str, str]) -> tuple[int, str, dict]:
    """Exit status, log and results of one run."""
    for folder in ("submission", "results"):
        shutil.rmtree(root / folder, ignore_errors=True)
        (root / folder).mkdir()
    put(root / "submission")
    for name, text in files.items():
        put(root / "submission", name, data=text)
    env = os.environ | {
        "PSM_AUTOGRADER": str(root),
        "PSM_PYTHON": sys.executable,
        "PYTHONPATH": str(root / "lib"),
    }
    run = ["bash", str(root / "run_autograder")]
    done = subprocess.run(run, env=env, capture_output=True, text=True)
    file = root / "results" / "results.json"
    data = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return done.returncode, done.stdout + done.stderr, data


def test_autograder_right_wrong_and_crashing(machine):
    right = solved()
    code, log, data = autograded(machine, {"a.ipynb": nbformat.writes(right)})
    assert code == 0, log
    assert data["score"] == sum(t["max_score"] for t in data["tests"]) == 16
    assert "Assignment 1: the perfect reader" in data["output"]
    wrong = copy.deepcopy(right)
    work = {card.number: card.work for card in cards(wrong)}
    cell = wrong.cells[work["1.3"]]
    cell.source = cell.source.replace("return belief", "return 0.9 * belief")
    added(wrong, "import os\nos._exit(3)")
    _, log, data = autograded(
        machine, {"my work.ipynb": nbformat.writes(wrong)}
    )
    failed = [t for t in data["tests"] if t["score"] < t["max_score"]]
    assert [t["name"][:3] for t in failed] == ["1.3"], log
    assert failed[0]["score"] == 0 and "0.9" not in failed[0]["name"]
    assert "os._exit(3)" in data["output"] or "left out" in data["output"]
    assert {t["output_format"] for t in data["tests"]} == {"text"}


def test_autograder_and_what_is_no_notebook(machine):
    code, _, data = autograded(machine, {"essay.pdf": "%PDF"})
    assert code == 0 and data["score"] == 0
    assert "is no notebook but a file .pdf" in data["output"]
    code, _, data = autograded(machine, {})
    assert code == 0 and "is an empty folder" in data["output"]
    code, _, data = autograded(machine, {"a3.ipynb": OTHER.read_text()})
    assert "is assignment 3, not 1" in data["output"]


def test_autograder_when_the_machine_fails(machine):
    """No results: Gradescope says so, and nobody gets a 0 for it."""
    settings = machine / "source" / "psm.json"
    kept = settings.read_bytes()
    settings.write_text('{"seed": 0}')
    try:
        code, log, data = autograded(machine, {"a.ipynb": TEXT})
    finally:
        settings.write_bytes(kept)
    assert code == 1 and data == {} and "error: no seed 0" in log


FAKE = """#!/bin/bash
case "$1 $2" in
    -c*) ;;
    "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
    *) echo "$@" >>"$LOG"; [[ "$*" != *whl/cpu ]] ;;
esac
"""


def test_autograder_installs_the_wheel_in_it(machine, tmp_path):
    """Also where the place that has PyTorch for processors is not there."""
    python = put(tmp_path, "bin/python3", data=FAKE) / "bin" / "python3"
    python.chmod(0o755)
    root = tmp_path / "root with space"
    shutil.copytree(machine / "source", root / "source")
    log = tmp_path / "log"
    env = {"PATH": f"{python.parent}:/usr/bin:/bin", "LOG": str(log)}
    setup = ["bash", str(root / "source" / "setup.sh")]
    env["PSM_AUTOGRADER"] = str(root)
    subprocess.run(setup, check=True, env=env)
    torch, library = log.read_text().splitlines()
    assert "install --no-cache-dir torch --index-url" in torch
    wheel = library.partition("--no-cache-dir ")[2]
    assert wheel.endswith(".whl[grading]")
    assert Path(wheel.removesuffix("[grading]")).is_file()


def test_without_a_cage_roots_submissions_have_no_rights(
    monkeypatch, tmp_path
):
    """Where the system allows it; where not, they run all the same."""
    monkeypatch.setattr(walls.os, "geteuid", lambda: 0)
    who = {"user": 65534, "group": 65534, "extra_groups": ()}
    asked = []

    def run(command, returncode=0, **options):
        asked.append({k: options[k] for k in who})
        return subprocess.CompletedProcess(command, returncode)

    monkeypatch.setattr(walls.subprocess, "run", run)
    monkeypatch.setattr(walls.subprocess, "Popen", run)
    walls.lowered.cache_clear()
    try:
        walls.start(QUICK, tmp_path / "a.ipynb", bare=True)
        assert asked == [who, who]
        walls.lowered.cache_clear()
        monkeypatch.setattr(
            walls.subprocess, "run", lambda c, **_: run(c, 1, **who)
        )
        assert walls.lowered() == {}
    finally:
        walls.lowered.cache_clear()


def test_autograder_writes_over_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(autograder, "wheel", lambda: b"wheel")
    out = tmp_path / "deep" / "autograder.zip"
    autograder.write(STUDENT, 3, None, out)
    first = out.read_bytes()
    assert out.stat().st_mode & 0o077 == 0  # the seed is in it
    with pytest.raises(FileExistsError, match="pass --force"):
        autograder.write(STUDENT, 4, None, out)
    with pytest.raises(ValueError, match="no seed 0"):
        autograder.write(STUDENT, 0, None, out, force=True)
    assert out.read_bytes() == first
    autograder.write(STUDENT, 3, None, out, force=True)
    assert out.read_bytes() == first  # the same goes into the same file
    assert [p.name for p in out.parent.iterdir()] == ["autograder.zip"]


def test_autograder_takes_what_the_container_has(monkeypatch, tmp_path):
    small = tmp_path / "memory.max"
    small.write_text("1000000000\n")
    monkeypatch.setattr(gradescope, "CGROUP", small)
    assert gradescope.memory_mb() == 700
    small.write_text("max\n")
    assert 0 < gradescope.memory_mb() <= walls.Limits().memory_mb


def test_a_limit_that_stands_already(monkeypatch):
    """A container may have lower ones, and macOS refuses some."""
    from psm_lib.grading import pupil

    said = []
    monkeypatch.setattr(pupil.resource, "getrlimit", lambda _: (5, 10))
    monkeypatch.setattr(
        pupil.resource, "setrlimit", lambda what, most: said.append(most)
    )
    pupil.limited(1, 99)
    pupil.limited(1, 3)
    pupil.limited(None, 3)
    assert said == [(10, 10), (3, 3)]


def test_names_as_a_roster_writes_them():
    index = roster.Index(("Smith, John", "cafe\u0301", "a.b"))
    assert index.find(("smithjohn",)) == ["Smith, John"]
    assert index.find(("CAF\u00c9",)) == ["cafe\u0301"]
    assert index.find(("ab",)) == ["a.b"] and index.find(("x",)) == []
