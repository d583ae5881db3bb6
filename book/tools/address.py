"""The repository's address, wherever it stands: for whoever forks the book.

    python book/tools/address.py https://github.com/YOU/BOOK

writes it into _config.yml, where the pages take their buttons from, and from
there into the badges of the README and of the assignments, into the first
cell of every notebook, and into the chapters' copies for Colab. Nothing has
to be executed again. Without an address it brings all places into line with
_config.yml.
"""

import re
import sys
from pathlib import Path

import nbformat
from colab import write as write_copies
from first_cell import first_cell, is_first_cell
from repository import checked, colab, settings
from stamp import ROOT

BADGE = re.compile(
    r"https://colab\.research\.google\.com/github/[^/\s]+/[^/\s]+/blob/[^/\s]+/"
)


def notebooks(root: Path = ROOT) -> list[Path]:
    """All notebooks that a reader or student may open in Colab."""
    folders = ("book", "book/assignments", "book/instructors/masters")
    return sorted(p for f in folders for p in (root / f).glob("*.ipynb"))


def write(root: Path = ROOT, url: str | None = None) -> list[Path]:
    """Bring every place into line; the files that were changed."""
    texts = {}
    config = root / "_config.yml"
    if url is not None:
        old = settings(root)["url"]
        text = config.read_text(encoding="utf-8")
        texts[config] = text.replace(f"url: {old}", f"url: {checked(url)}")
        if texts[config] != text:
            config.write_text(texts[config], encoding="utf-8")
    changed = [config] if url is not None and texts[config] != text else []
    place = colab(root)
    readme = root / "README.md"
    text = readme.read_text(encoding="utf-8")
    if (new := BADGE.sub(place, text)) != text:
        readme.write_text(new, encoding="utf-8")
        changed.append(readme)
    cell = first_cell(root)
    for path in notebooks(root):
        notebook = nbformat.read(path, as_version=4)
        before = [c.source for c in notebook.cells]
        for one in notebook.cells:
            if one.cell_type == "markdown":
                one.source = BADGE.sub(place, one.source)
            elif is_first_cell(one.source):
                one.source = cell
        if before != [c.source for c in notebook.cells]:
            nbformat.write(notebook, path)
            changed.append(path)
    return changed


def main() -> None:
    changed = write(ROOT, *sys.argv[1:2])
    write_copies()
    for path in changed:
        print(path.relative_to(ROOT))
    print(f"{len(changed)} files changed; the address is {settings()['url']}")


if __name__ == "__main__":
    try:
        main()
    except ValueError as error:
        sys.exit(f"error: {error}")
