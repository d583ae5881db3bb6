"""What comes out of grading: a table, a page for each student, results.json.

Everything from a submission is escaped: a page shows it and never runs it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable
from html import escape
from pathlib import Path

from psm_lib.grading.grade import NOTHING, Mark, Result
from psm_lib.grading.wire import clean
from psm_lib.machinery.disk import write_whole

STYLE = (
    "body{font:16px/1.5 Georgia,serif;max-width:44rem;margin:2rem auto;"
    "padding:0 1rem;color:#222;background:#fdfcf9}"
    "table{border-collapse:collapse;width:100%}"
    "td,th{text-align:left;vertical-align:top;padding:.4rem .8rem .4rem 0;"
    "border-bottom:1px solid #ccc}td.n{white-space:nowrap}"
    "code{font-size:.9em}"
)
# A spreadsheet runs a cell that begins so (Japanese ones the wide forms too).
FORMULA = re.compile(r"^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
# And where another character separates than a comma, a part of a cell is one.
INNER = re.compile(r"([;|,]\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")


def harmless(text: object) -> str:
    """A text as no spreadsheet runs it, with what cannot be seen spelled
    out."""
    shown = INNER.sub(r"\1'", clean(text, 2000))
    return f"'{shown}" if FORMULA.match(shown) else shown


def as_key(name: str) -> str:
    """A file's name as no spreadsheet runs it: where it would, as the path
    that it has in its folder. No two names become the same."""
    return f"./{name}" if FORMULA.match(name) else name


def place(result: Result) -> str:
    """A file name for a submission: like its own, safe, and no other's."""
    who = result.name
    if result.student:  # a group has one name, and a page for each of it
        who = f"{result.student} {result.name}"
    plain = re.sub(r"\.ipynb\b|[^\w-]+", "_", who)[:40].strip("_")
    digest = hashlib.sha256(who.encode()).hexdigest()
    return f"{plain}-{digest[:12]}"


def said(mark: Mark) -> str:
    """What a student is told of an exercise.

    Of the instructor's checks only what the first of them found, and only
    once the students' own is content: who hands in again learns little.
    """
    text = "right."
    if mark.told:
        text = mark.told
    elif mark.hidden:
        text = (
            "right in the worlds of the notebook's check, and wrong in "
            f"others: {mark.hidden}"
        )
    return f"{by_hand(mark)} The check: {text}" if mark.by_hand else text


def by_hand(mark: Mark) -> str:
    """What an instructor changed, and why."""
    return (
        f"{mark.points:g} points, given by hand instead of {mark.was:g}: "
        f"{mark.by_hand}"
    )


def made(result: Result) -> str:
    """When a result was made, and by what."""
    parts = [result.at and f"graded {result.at}"]
    parts += [result.version and f"psm_lib {result.version}"]
    return ", ".join(filter(None, parts))


def page(result: Result) -> str:
    """A student's feedback as HTML."""
    most = sum(mark.most for mark in result.marks)
    rows = "".join(
        f"<tr><td class=n>{shown(m.number)}</td><td>{shown(m.title)}</td>"
        f"<td class=n>{m.points:g} of {m.most}</td>"
        f"<td>{shown(said(m))}</td></tr>"
        for m in result.marks
    )
    about = items("About what was handed in", result.remarks)
    cells = items("Cells that ended badly", result.cells, "code")
    status = ""
    if result.status == NOTHING:
        status = "<p><strong>Nothing was handed in.</strong></p>"
    elif result.status != "graded":
        status = f"<p><strong>This file {shown(result.status)}.</strong></p>"
    who = shown(result.name)
    if result.student and result.student != result.name:
        who = ": ".join(filter(None, [shown(result.student), who]))
    file = ""
    if result.file and result.file != result.name:
        file = f"<p>Graded: {shown(result.file)}</p>"
        if result.status != "graded":
            file = f"<p>Handed in: {shown(result.file)}</p>"
    title = shown(result.assignment)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{who}{title and ', ' + title}</title><style>{STYLE}</style>"
        f"{title and f'<p>{title}</p>'}"
        f"<h1>{result.points:g} of {most} points</h1>"
        f"<p>{who}</p>{file}{status}"
        "<table><thead><tr><th>Exercise</th><th></th><th>Points</th>"
        f"<th>What the checks say</th></tr></thead><tbody>{rows}</tbody>"
        f"</table>{about}{cells}<p><small>{shown(made(result))}</small></p>"
        "</html>\n"
    )


def shown(text: str) -> str:
    """A text of somebody's as HTML, in its own direction of writing."""
    safe = escape(clean(text, 2000))
    return safe if safe.isascii() else f"<bdi>{safe}</bdi>"


def items(title: str, texts: list[str], tag: str = "span") -> str:
    """A list under a title, or nothing."""
    if not texts:
        return ""
    rows = "".join(f"<li><{tag}>{shown(t)}</{tag}></li>" for t in texts)
    return f"<h2>{title}</h2><ul>{rows}</ul>"


def gradescope(result: Result) -> dict:
    """A result in the form of Gradescope's results.json."""
    tests = [
        {
            "name": f"{mark.number} {mark.title}",
            "score": mark.points,
            "max_score": mark.most,
            "output": said(mark),
            "output_format": "text",
            "visibility": "visible",
        }
        for mark in result.marks
    ]
    lines = [result.assignment]
    if result.status == NOTHING:
        lines.append("Nothing was handed in.")
    elif result.status != "graded":
        lines.append(f"What was handed in {result.status}.")
    lines += [f"Graded: {result.file}"] if result.status == "graded" else []
    lines += result.remarks
    if result.cells:
        lines.append("Cells that ended badly:")
        lines += [f"- {cell}" for cell in result.cells]
    lines.append(made(result))
    return {
        "score": round(result.points, 2),
        "output": "\n".join(filter(None, lines)),
        "output_format": "text",
        "test_output_format": "text",
        "visibility": "visible",
        "execution_time": round(result.seconds),
        "tests": tests,
    }


def table(results: list[Result]) -> list[list[object]]:
    """The rows of grades.csv, the first with the names of its columns.

    All results are of one assignment.
    """
    numbers = [mark.number for mark in results[0].marks] if results else []
    rows: list[list[object]] = [
        ["submission", "student", "status", "points", "of", *numbers]
        + ["file", "remarks", "feedback", "graded", "seconds"]
    ]
    for result in results:
        hands = [
            f"{m.number}: {by_hand(m)}" for m in result.marks if m.by_hand
        ]
        rows.append(
            [
                as_key(result.name),
                result.student or harmless(result.name),
                harmless(result.status),
                f"{result.points:g}",
                sum(mark.most for mark in result.marks),
                *(f"{mark.points:g}" for mark in result.marks),
                harmless(result.file),
                harmless("; ".join([*hands, *result.remarks])),
                f"feedback/{place(result)}.html",
                result.at,
                result.seconds,
            ]
        )
    return rows


def write_rows(path: Path, rows: Iterable[Iterable[object]]) -> Path:
    """Write a table, whole or not at all, with every field in quotes."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    write_whole(path, text.getvalue())
    return path


def write_all(results: list[Result], out: Path) -> Path:
    """Write table and pages under ``out``; the table's path."""
    for result in results:
        name = place(result)
        write_whole(out / "feedback" / f"{name}.html", page(result))
        text = json.dumps(gradescope(result), indent=1)
        write_whole(out / "gradescope" / name / "results.json", text)
    marks = results[0].marks if results else []
    maxima = [[m.number, harmless(m.title), m.most] for m in marks]
    maxima += [["all", "", sum(m.most for m in marks)]]
    head = ["exercise", "title", "points"]
    write_rows(out / "maxima.csv", [head, *maxima])
    return write_rows(out / "grades.csv", table(results))
