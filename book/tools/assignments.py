"""Students' and instructors' notebooks, made from one master each.

    python book/tools/assignments.py            write the students' versions
    python book/tools/assignments.py --instructors FOLDER     and those with
        solutions and notes, to read or to hand to assistants

A master, in book/instructors/masters/, is a notebook whose exercises are
four cells: a card, the solution, its check, and a note for instructors. In
the solution, what stands between ``# BEGIN SOLUTION`` and ``# END SOLUTION``
is what a student writes. In a function a student finds "not written yet" in
its place, elsewhere the lines that the master gives as ``# STUB ``.
"""

import argparse
import copy
import re
from pathlib import Path

import nbformat
from first_cell import first_cell, is_first_cell
from repository import colab
from stamp import ROOT

from psm_lib.checks.cards import cards

MASTERS = ROOT / "book" / "instructors" / "masters"
STUDENTS = ROOT / "book" / "assignments"
BLOCK = re.compile(
    r"^( *)# BEGIN SOLUTION\n(.*?)^ *# END SOLUTION\n?",
    re.DOTALL | re.MULTILINE,
)
STUB = re.compile(r"^ *# STUB ?(.*)\n?", re.MULTILINE)


def stub(source: str) -> str:
    """A solution's cell as a student gets it.

    Raises ValueError when nothing is marked as the solution.
    """
    if not BLOCK.search(source):
        raise ValueError(f"no '# BEGIN SOLUTION' in {source[:80]!r}")
    left = [match.group(1) for match in STUB.finditer(source)]
    source = STUB.sub("", source)

    def empty(match: re.Match) -> str:
        return (
            f"{match.group(1)}raise NotImplementedError\n" if match[1] else ""
        )

    source = BLOCK.sub(empty, source)
    return "\n".join([*filter(None, [source.strip("\n")]), *left])


# Of the chapter. Colab cannot follow it; the pages turn it back (colab.py).
CHAPTER = re.compile(r"\]\(\.\./(ch\d\d_\w+)\)")


def is_for_instructors(cell) -> bool:
    return "instructor" in cell.metadata.get("tags", ())


def made(master, students: bool, name: str = ""):
    """The version for students, or the one for instructors.

    ``name`` is the file's, for the button that opens it in Colab.
    """
    notebook = copy.deepcopy(master)
    if students:
        book = f"{colab()}book"
        place = f"{book}/assignments/{name}"
        first = notebook.cells[0]
        first.source = CHAPTER.sub(rf"]({book}/colab/\1.ipynb)", first.source)
        first.source += f"\n\n[Open this in Colab]({place})"
    works = {card.work for card in cards(notebook)}
    for k, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            if is_first_cell(cell.source):
                cell.source = first_cell()
                cell.metadata["tags"] = ["remove-cell"]
        if k in works and students:
            cell.source = stub(cell.source)
        elif k in works:
            cell.source = STUB.sub("", cell.source)
    if students:
        notebook.cells = [
            c for c in notebook.cells if not is_for_instructors(c)
        ]
    return notebook


def write(notebook, path: Path) -> None:
    nbformat.validate(notebook)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        nbformat.writes(notebook, version=4) + "\n", encoding="utf-8"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--instructors", type=Path, metavar="FOLDER")
    args = parser.parse_args()
    for path in sorted(MASTERS.glob("a*.ipynb")):
        master = nbformat.read(path, as_version=4)
        write(made(master, True, path.name), STUDENTS / path.name)
        if args.instructors:
            write(made(master, False), args.instructors / path.name)
        print(path.stem)


if __name__ == "__main__":
    main()
