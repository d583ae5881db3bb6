"""How long things take: the tables of the pages for courses.

    python book/tools/budget.py        write book/budget.md, book/coursework.md

Words are counted, running times are those of the last `make run`
(book/times.json), and minutes of assignments stand on their cards.
"""

import json
import re
from pathlib import Path

import nbformat
from assignments import STUDENTS
from stamp import ROOT

from psm_lib.checks.cards import Card, cards

PACE = 200  # words a minute, of somebody who stops at figures
TIMES = ROOT / "book" / "times.json"
BUDGET = ROOT / "book" / "budget.md"
LIST = ROOT / "book" / "assignments" / "list.md"


def chapters() -> list[Path]:
    return sorted((ROOT / "book").glob("ch*.ipynb"))


def assigned(chapter: Path) -> tuple[Path, list[Card]]:
    """A chapter's assignment and its cards: none before it is written."""
    number, name = chapter.stem.removeprefix("ch").split("_", 1)
    path = STUDENTS / f"a{int(number)}_{name}.ipynb"
    if not path.exists():
        return path, []
    return path, cards(nbformat.read(path, as_version=4))


def words(notebook) -> int:
    """Words of a chapter's text, up to its exercises."""
    text = "\n".join(
        c.source for c in notebook.cells if c.cell_type == "markdown"
    )
    text = text.partition("\n## Exercises")[0]
    return len(re.findall(r"\b[^\W\d_]+\b", text))


def title(notebook) -> str:
    return notebook.cells[0].source.splitlines()[0].removeprefix("# ")


def hours(minutes: float) -> str:
    return f"{minutes / 60:.1f}"


def budget() -> str:
    """The table of chapters."""
    times = json.loads(TIMES.read_text("utf-8"))
    lines = [
        "| Chapter | Words | Read, min | Run, s | Work, h |",
        "|---|---|---|---|---|",
    ]
    reading = work = 0
    for path in chapters():
        notebook = nbformat.read(path, as_version=4)
        _, asked = assigned(path)
        minutes = sum(card.minutes for card in asked)
        count = words(notebook)
        reading, work = reading + count / PACE, work + minutes
        lines.append(
            f"| {int(path.stem[2:4])}. {title(notebook)} | {count} | "
            f"{count / PACE:.0f} | {times[path.stem]} | {hours(minutes)} |"
        )
    total = f"| all | | {reading:.0f} | | {hours(work)} |"
    return "\n".join([*lines, total]) + "\n"


def listing() -> str:
    """The table of assignments."""
    lines = [
        "| Assignment | Exercises | Hours | Points |",
        "|---|---|---|---|",
    ]
    for path in chapters():
        place, asked = assigned(path)
        if not asked:
            continue
        name = title(nbformat.read(place, as_version=4)).partition(": ")[2]
        number = place.stem[1:].partition("_")[0]
        lines.append(
            f"| [{number}. {name[0].upper()}{name[1:]}]({place.stem}) "
            f"| {len(asked)} | {hours(sum(c.minutes for c in asked))} | "
            f"{sum(c.points for c in asked)} |"
        )
    return "\n".join(lines) + "\n"


def keep(seconds: dict[str, float]) -> None:
    """Store running times, unless they are about what is stored."""
    stored = json.loads(TIMES.read_text("utf-8")) if TIMES.exists() else {}
    for name, took in seconds.items():
        before = stored.get(name)
        if before is None or not 0.7 < took / before < 1.4:
            stored[name] = max(5, 5 * round(took / 5))
    text = json.dumps(stored, indent=1, sort_keys=True)
    TIMES.write_text(text + "\n", encoding="utf-8")


def main() -> None:
    BUDGET.write_text(budget(), encoding="utf-8")
    LIST.write_text(listing(), encoding="utf-8")


if __name__ == "__main__":
    main()
