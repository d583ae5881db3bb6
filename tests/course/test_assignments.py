"""For every exercise: the solution passes, the stub fails, wrong answers are
caught, and nothing that a student gets holds a solution."""

import itertools
import json
import subprocess
import sys
from pathlib import Path

import assignments
import budget
import mutations
import nbformat
import numpy as np
import pytest
import student
from conftest import ROOT
from first_cell import is_first_cell

from psm_lib.checks import check, core, examine
from psm_lib.checks.cards import cards
from psm_lib.checks.core import Wrong

MASTERS = sorted(assignments.MASTERS.glob("a*.ipynb"))
CHAPTERS = sorted((ROOT / "book").glob("ch*.ipynb"))
CAUGHT = 0.95
MUTANTS = 10


@pytest.fixture(params=MASTERS, ids=lambda p: p.stem)
def path(request):
    return request.param


@pytest.fixture
def master(path):
    return nbformat.read(path, as_version=4)


def test_every_assignment_is_a_chapters():
    """And every chapter has one, but the last, which may wait for it."""
    found = [budget.assigned(p)[0].name for p in CHAPTERS]
    assert [p.name for p in MASTERS] in (found, found[:-1])


def test_cards(path, master):
    """4 to 8 exercises, from reading a figure to designing an experiment."""
    found = cards(master)
    assert 4 <= len(found) <= 8
    chapter = path.stem[1]
    numbers = [f"{chapter}.{i + 1}" for i in range(len(found))]
    assert [card.number for card in found] == numbers
    assert found[0].difficulty == 1 and found[-1].difficulty >= 4
    assert sum(card.points for card in found) <= 20
    for card in found:
        work, check, note = master.cells[card.work : card.work + 3]
        assert work.cell_type == "code"
        needs = ", ".join(core.find(card.number).needs)
        assert check.source == f'check("{card.number}", {needs})'
        assert assignments.is_for_instructors(note)
        assert note.source.startswith("**Instructor.**")


def test_what_students_get_is_up_to_date(path, master):
    stored = nbformat.read(assignments.STUDENTS / path.name, as_version=4)
    made = assignments.made(master, True, path.name)
    assert stored == made, "run: python book/tools/assignments.py"


def solution_lines(master) -> set[str]:
    """Lines of solutions long enough to be told from anything else, but for
    those that a stub gives too, such as a function's first."""
    found = set()
    for card in cards(master):
        source = master.cells[card.work].source
        given = {x.strip() for x in assignments.stub(source).splitlines()}
        for block in assignments.BLOCK.finditer(source):
            lines = {x.strip() for x in block.group(2).splitlines()}
            found |= {x for x in lines - given if len(x) > 24}
    return found


def test_students_get_no_solution(path, master):
    lines = solution_lines(master)
    assert len(lines) > 10
    text = (assignments.STUDENTS / path.name).read_text("utf-8")
    cells = [c["source"] for c in json.loads(text)["cells"]]
    given = "\n".join("".join(source) for source in cells)
    assert [line for line in lines if line in given] == []
    for word in ("SOLUTION", "Instructor", "STUB"):
        assert word not in given
    for note in filter(assignments.is_for_instructors, master.cells):
        assert note.source[20:80] not in given


def test_solutions_stay_with_instructors():
    """Nothing outside their folder holds one, and neither the build nor the
    library's package takes that folder in."""
    tracked = subprocess.run(
        ["git", "ls-files", "--", "book", "psm_lib", "*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    ).stdout.split()
    for name in tracked:
        if not name.startswith("book/instructors/") and name.endswith(
            (".md", ".ipynb", ".yml")
        ):
            text = (ROOT / name).read_text("utf-8")
            assert "BEGIN SOLUTION" not in text, name
    assert "  - book/instructors\n" in (ROOT / "_config.yml").read_text(
        "utf-8"
    )
    packages = (ROOT / "setup.py").read_text("utf-8")
    assert 'find_packages("book", include=["ch*"])' in packages
    assert 'find_packages(include=[LIBRARY, f"{LIBRARY}.*"])' in packages


@pytest.fixture(scope="module")
def results():
    """What is said of solutions, stubs and mutants of every assignment."""
    return {p.stem: mutations.assignment(p) for p in MASTERS}


def test_solutions_pass_and_stubs_fail(results, path, master):
    right, empty, *_ = results[path.stem]
    assert len(right) == len(empty) == len(cards(master))
    assert [(r.number, r.told) for r in right if r.told] == []
    assert {r.told for r in empty} <= {
        "not written yet.",
        "not answered yet.",
    }


def test_wrong_solutions_are_caught(results, path, master):
    wrong = results[path.stem][2]
    for card in cards(master):
        of = [r.what for r in wrong if r.number == card.number]
        assert len(set(of)) == len(of) >= MUTANTS, card.number


# Rules that decide in worlds of several kinds.
DECIDE = ("1.7", "2.7", "3.6", "4.6", "5.5", "5.6", "6.6", "7.6", "8.7")


@pytest.mark.parametrize("number", DECIDE)
def test_to_count_the_calls_is_no_answer(number):
    """What is right in the order of one seed is wrong in another's."""
    stem = next(p for p in MASTERS if p.stem.startswith(f"a{number[0]}"))
    given = solved(stem, number)
    right, said = given[-1], []

    def remembered(*world):
        said.append(right(*world))
        return said[-1]

    def replayed(*world):
        return said[next(calls) % len(said)]

    assert core.examine(number, (*given[:-1], remembered), 1) == ""
    calls = itertools.count()
    assert core.examine(number, (*given[:-1], replayed), 1) == ""
    calls = itertools.count()
    assert core.examine(number, (*given[:-1], replayed), 2) != ""


def solved(path: Path, number: str) -> tuple:
    """What the solution of an exercise gives to its check."""
    notebook = nbformat.read(path, as_version=4)
    last = next(c for c in cards(notebook) if c.number == number)
    space: dict = {"__name__": "__main__"}
    for cell in notebook.cells[: last.work + 1]:
        if cell.cell_type == "code" and not is_first_cell(cell.source):
            mutations.run(cell.source, space)
    return tuple(space[name] for name in core.find(number).needs)


def test_the_report_says_what_was_caught(results):
    wrong = {stem: found[2] for stem, found in results.items()}
    held = {stem: found[3] for stem, found in results.items()}
    every = [r for found in wrong.values() for r in found]
    for rules in (False, True):
        of = [r for r in every if (r.number in mutations.RULES) == rules]
        assert np.mean([bool(r.told) for r in of]) >= CAUGHT
    assert all(len(found) >= 4 * 5 for found in held.values())
    stored = mutations.REPORT.read_text("utf-8")
    assert stored == mutations.report(wrong, held), "run: make assignments"


def test_messages_say_what_is_wrong(results):
    """A sentence, and not the same for everything."""
    told = [r.told for found in results.values() for r in found[2] if r.told]
    assert all(len(text) > 16 for text in told)
    assert len(set(told)) > len(told) / 4
    assert np.mean(["rror:" in text for text in told]) < 0.25


# --- the checker itself -----------------------------------------------------


def test_solutions_pass_under_other_seeds(path, master):
    """Grading uses a seed of the instructor's: any must do."""
    space: dict = {"__name__": "__main__"}
    for cell in master.cells:
        colab = "google.colab" in cell.source
        if cell.cell_type == "code" and not colab:
            mutations.run(cell.source, space)
    for card in cards(master):
        given = tuple(space[n] for n in core.find(card.number).needs)
        for seed in (1, 20261, 2**31):
            assert examine(card.number, given, seed) == "", card.number


def test_check_prints_one_line(capsys):
    check("1.3", None)
    assert capsys.readouterr().out == "Exercise 1.3: not answered yet.\n"

    def predict(*given):
        raise KeyError("x")

    check("1.3", predict)
    out = capsys.readouterr().out
    assert out == "Exercise 1.3: `predict` raised KeyError: 'x'.\n"


def test_an_exercise_that_is_none():
    with pytest.raises(LookupError, match="no exercise '9.9'"):
        check("9.9", 1)
    with pytest.raises(TypeError, match="checks 1 things, predict; 2"):
        check("1.3", 1, 2)


@pytest.mark.parametrize(
    "use, words",
    [
        (lambda: core.number("x", "it"), "should be a number; found str"),
        (lambda: core.number(float("nan"), "it"), "it is nan"),
        (lambda: core.number(None, "it"), "is a `return` missing"),
        (lambda: core.array([1, 2], (3,), "it"), r"\(2,\); expected \(3,\)"),
        (lambda: core.array([[1], []], (2,), "it"), "array of numbers"),
        (lambda: core.array([np.inf], (1,), "it"), "not finite"),
        (lambda: core.distribution([0.5, 0.6], 2, "it"), "sums to 1.1"),
        (lambda: core.distribution([1.5, -0.5], 2, "it"), "negative"),
        (lambda: core.one_of("c", ["a", "b"], "it"), "one of 'a', 'b'"),
        (lambda: core.near(1.0, 2.0, "it"), "it is 1; .* should be 2"),
        (
            lambda: core.near(0.12921, 0.12924, "it"),
            "it is 0.12921; .* should be 0.12924",
        ),
        (
            lambda: core.near(1.0, 2.0, "it", {"you halved": 1.0}),
            "looks as if you halved",
        ),
        (
            lambda: core.near(np.zeros(2), np.array([0, 1.0]), "it"),
            "it at position 1 is 0",
        ),
        (lambda: core.call(3), "expected a function"),
        (lambda: core.call(sys.exit), "raised SystemExit"),
        (lambda: core.call(np.ndarray.sort, np.array([2, 1])), "changes"),
    ],
)
def test_what_messages_say(use, words):
    with pytest.raises(Wrong, match=words):
        use()


@pytest.mark.parametrize(
    "source, left",
    [
        (
            "def f(x):\n    # BEGIN SOLUTION\n    y = x\n    return y\n"
            "    # END SOLUTION",
            "def f(x):\n    raise NotImplementedError",
        ),
        (
            "# BEGIN SOLUTION\na = 3\n# END SOLUTION\n# STUB a = None  # ?",
            "a = None  # ?",
        ),
    ],
)
def test_stubs(source, left):
    assert assignments.stub(source) == left


def test_a_solution_without_marks():
    with pytest.raises(ValueError, match="BEGIN SOLUTION"):
        assignments.stub("a = 3")


def test_a_heading_that_is_no_card():
    cell = nbformat.v4.new_markdown_cell("## Exercise 1.2: Title\n\nText")
    with pytest.raises(ValueError, match="is no card"):
        cards(nbformat.v4.new_notebook(cells=[cell]))


def test_a_mutant_of_another_solution():
    with pytest.raises(ValueError, match="no 'z' in the solution"):
        mutations.mutated("a = 3", ("odd", "z", "y"))


def test_the_student_repository_holds_no_solution(tmp_path):
    """Nothing of the instructors' folder, and no line of a solution."""
    names = student.export(tmp_path / "course")
    assert "book/assignments/a1_characters.ipynb" in names
    assert not any("instructors" in name for name in names)
    lines = set()
    for path in MASTERS:
        lines |= solution_lines(nbformat.read(path, as_version=4))
    assert len(lines) > 80
    for path in (tmp_path / "course" / "book").rglob("*.ipynb"):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        text = "\n".join("".join(cell["source"]) for cell in cells)
        assert "BEGIN SOLUTION" not in text
        if path.parent.name == "assignments":
            assert [line for line in lines if line in text] == []
    with pytest.raises(FileExistsError, match="is not empty"):
        student.export(tmp_path / "course")


def test_the_tables_for_courses_are_up_to_date():
    hint = "run: python book/tools/budget.py"
    assert budget.BUDGET.read_text("utf-8") == budget.budget(), hint
    assert budget.LIST.read_text("utf-8") == budget.listing(), hint


def test_words_and_times(tmp_path, monkeypatch):
    """Words up to the exercises; a time is kept while it is about right."""
    cells = [
        nbformat.v4.new_markdown_cell("# One two\n\nthree 4"),
        nbformat.v4.new_markdown_cell("five\n\n## Exercises\n\nsix"),
    ]
    assert budget.words(nbformat.v4.new_notebook(cells=cells)) == 4
    monkeypatch.setattr(budget, "TIMES", tmp_path / "times.json")
    for took, stored in ((61.2, 60), (75.0, 60), (99.0, 100), (1.0, 5)):
        budget.keep({"ch": took})
        assert json.loads(budget.TIMES.read_text()) == {"ch": stored}
