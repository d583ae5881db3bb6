"""What comes out of grading: a table, a page for each student, results.json.

Everything from a submission is escaped: a page shows it and never runs it.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
from html import escape
from pathlib import Path

from .grade import Mark, Result

STYLE = (
    "body{font:16px/1.5 Georgia,serif;max-width:44rem;margin:2rem auto;"
    "padding:0 1rem;color:#222;background:#fdfcf9}"
    "table{border-collapse:collapse;width:100%}"
    "td,th{text-align:left;vertical-align:top;padding:.4rem .8rem .4rem 0;"
    "border-bottom:1px solid #ccc}td.n{white-space:nowrap}"
    "code{font-size:.9em}"
)
# A spreadsheet runs a cell that begins so; a name of a file must not.
FORMULA = re.compile(r"^[=+\-@\t\r]")


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, path)


def place(result: Result) -> str:
    """A file name for a submission: like its own, safe, and no other's."""
    plain = re.sub(r"[^\w-]+", "_", Path(result.name).stem)[:40]
    digest = hashlib.sha256(result.name.encode()).hexdigest()
    return f"{plain}-{digest[:12]}"


def said(mark: Mark) -> str:
    """What a student is told of an exercise.

    Of the instructor's checks only what the first of them found, and only
    once the students' own is content: who hands in again learns little.
    """
    if mark.told:
        return mark.told
    if mark.hidden:
        return (
            "right in the worlds of the notebook's check, and wrong in "
            f"others: {mark.hidden}"
        )
    return "right."


def page(result: Result) -> str:
    """A student's feedback as HTML."""
    most = sum(mark.most for mark in result.marks)
    rows = "".join(
        f"<tr><td class=n>{escape(m.number)}</td><td>{escape(m.title)}</td>"
        f"<td class=n>{m.points:g} of {m.most}</td>"
        f"<td>{escape(said(m))}</td></tr>"
        for m in result.marks
    )
    cells = "".join(f"<li><code>{escape(c)}</code></li>" for c in result.cells)
    trouble = f"<h2>Cells that ended badly</h2><ul>{cells}</ul>"
    status = ""
    if result.status != "graded":
        status = f"<p><strong>This file {escape(result.status)}.</strong></p>"
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(result.name)}</title><style>{STYLE}</style>"
        f"<h1>{result.points:g} of {most} points</h1>"
        f"<p>{escape(result.name)}</p>{status}"
        "<table><thead><tr><th>Exercise</th><th></th><th>Points</th>"
        f"<th>What the checks say</th></tr></thead><tbody>{rows}</tbody>"
        f"</table>{trouble if cells else ''}</html>\n"
    )


def gradescope(result: Result) -> dict:
    """A result in the form of Gradescope's results.json."""
    tests = [
        {
            "name": f"{mark.number} {mark.title}",
            "score": mark.points,
            "max_score": mark.most,
            "output": said(mark),
            "visibility": "visible",
        }
        for mark in result.marks
    ]
    return {
        "score": round(result.points, 2),
        "output": "" if result.status == "graded" else result.status,
        "execution_time": round(result.seconds),
        "tests": tests,
    }


def write_all(results: list[Result], out: Path) -> Path:
    """Write table and pages under ``out``; the table's path."""
    for result in results:
        name = place(result)
        write_whole(out / "feedback" / f"{name}.html", page(result))
        text = json.dumps(gradescope(result), indent=1)
        write_whole(out / "gradescope" / name / "results.json", text)
    out.mkdir(parents=True, exist_ok=True)
    table = out / "grades.csv"
    partial = out / f".grades.{os.getpid()}"
    numbers = [mark.number for mark in results[0].marks] if results else []
    with partial.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        head = ["submission", "status", "points", "of", *numbers]
        rows.writerow([*head, "feedback", "seconds"])
        for result in results:
            rows.writerow(
                [
                    FORMULA.sub(r"'\g<0>", result.name),
                    result.status,
                    f"{result.points:g}",
                    sum(mark.most for mark in result.marks),
                    *(f"{mark.points:g}" for mark in result.marks),
                    f"feedback/{place(result)}.html",
                    result.seconds,
                ]
            )
    os.replace(partial, table)
    return table
