"""How long things take that need more than the library: for `make bench`.

    python book/tools/speeds.py

prints a line each, "label | value": grading of every assignment, solved, in
its cage (solutions and bubblewrap), and pages of the built book, from opening
to usable and to the first bars (a build and Chromium). What is missing here
is left out and says so. Nothing of this is a test: times depend on what else
runs on a machine.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import assignments
import nbformat
from stamp import ROOT

sys.path.insert(0, str(ROOT / "tests"))
PAGES = ("preface", "ch01_characters", "ch04_cheat")
# From the start of loading, in ms: usable, and a network's bars drawn.
TIMES = """
const done = arguments[0], f = document.querySelector(
  '[data-kind=who], [data-kind=interview]');
f.scrollIntoView();
(function look() {
  if (!f.dataset.found) return setTimeout(look, 5);
  const n = performance.getEntriesByType('navigation')[0];
  done([n.domContentLoadedEventEnd, performance.now()]);
})();
"""


def grading() -> Iterator[tuple[str, str]]:
    from psm_lib.grading import grade

    masters = sorted(assignments.MASTERS.glob("a*.ipynb"))
    if not masters or not shutil.which("bwrap"):
        yield "grading", "left out: needs the solutions and bubblewrap"
        return
    for path in masters:
        with tempfile.TemporaryDirectory() as folder:
            solved = Path(folder) / "solved.ipynb"
            master = nbformat.read(path, as_version=4)
            nbformat.write(assignments.made(master, False), solved)
            plan = grade.plan(assignments.STUDENTS / path.name, 1)
            found = grade.grade("solved", solved, plan)
        most = sum(card.points for card in plan.cards)
        yield (
            f"grading {path.stem}, {found.points:g} of {most:g} points",
            f"{found.seconds:.1f} s",
        )


def pages() -> Iterator[tuple[str, str]]:
    built = ROOT / "_build" / "html" / "book"
    try:
        from browser import BROWSERS, chromium
    except ImportError:  # no selenium
        BROWSERS = ()
    found = any(map(shutil.which, BROWSERS)) and shutil.which("chromedriver")
    if not found or not built.exists():
        yield "pages", "left out: needs `make book` and Chromium"
        return
    with chromium() as session:
        for name in PAGES:
            session.get((built / f"{name}.html").as_uri())
            usable, drawn = session.execute_async_script(TIMES)
            yield (
                f"page {name}: usable, first bars",
                f"{usable / 1000:.2f} s, {drawn / 1000:.2f} s",
            )


if __name__ == "__main__":
    for rows in (grading(), pages()):
        for label, value in rows:
            print(f"{label} | {value}", flush=True)
