"""The chapters as Colab shows them best: book/colab/, made from book/.

Colab knows Markdown and nothing of a book: a reference to a figure, a
citation, an exercise would be the source of one. Here they become prose, and
captions stand under their figures. Code and outputs are those of the chapter.
Also a Sphinx extension: the pages' buttons open these copies, and download
them.

    python book/tools/colab.py        write them (`make run` does)
"""

import copy
import re
import shutil
from functools import cache
from pathlib import Path

import nbformat
from pybtex.database import parse_file
from repository import colab as place
from repository import settings
from sharing import site
from stamp import ROOT

FOLDER = ROOT / "book" / "colab"
BLOCK = re.compile(
    r"^(?P<fence>`{3,}|:{3,})\{(?P<name>\w+)\} ?(?P<title>[^\n]*)\n"
    r"(?P<options>(?::[^\n]*\n)*)\n?(?P<body>.*?)\n(?P=fence)$",
    re.DOTALL | re.MULTILINE,
)
ROLE = re.compile(r"\{([\w:]+)\}`([^`]+)`")
LINK = re.compile(
    r"\]\((ch\d\d_\w+|assignments/a\d+_\w+|notation|glossary|ledger|worlds)\)"
)
BUTTON = re.compile(
    r"(colab\.research\.google\.com/github/[^\"]*?/book/)(ch\d\d_\w+\.ipynb)"
)
COPY = re.compile(r'href="https://[^"]*/book/colab/(ch\d\d_\w+)\.ipynb"')


@cache
def sources() -> dict[str, tuple[str, str]]:
    """Authors and year of every reference, by its key."""
    found = {}
    entries = parse_file(str(ROOT / "book" / "references.bib")).entries
    for key, entry in entries.items():
        people = entry.persons.get("author") or entry.persons["editor"]
        names = [" ".join(p.last_names) or str(p) for p in people]
        names = [name.strip("{}") for name in names]
        if len(names) > 2:
            who = f"{names[0]} et al."
        else:
            who = " and ".join(names)
        when = entry.fields.get("year") or entry.fields.get("date", "n.d.")
        found[key] = who, when[:4]
    return found


def numbers(notebook, chapter: str) -> dict[str, str]:
    """What the labels of figures and exercises are called on the page."""
    found, figures, exercises = {}, 0, 0
    for cell in notebook.cells:
        figure = cell.metadata.get("mystnb", {}).get("figure", {})
        if "name" in figure:
            figures += 1
            found[figure["name"]] = f"Figure {chapter}.{figures}"
        for block in BLOCK.finditer(cell.source):
            if block["name"] == "exercise":
                exercises += 1
                label = option(block, "label")
                found[label] = f"Exercise {chapter}.{exercises}"
    return found


def equations() -> dict[str, str]:
    """Numbers of the equations on the page of notation."""
    text = (ROOT / "book" / "notation.md").read_text(encoding="utf-8")
    labels = re.findall(r"\((eq-\w+)\)", text)
    return {label: str(k) for k, label in enumerate(labels, 1)}


def option(block: re.Match, name: str) -> str:
    found = re.search(rf"^:{name}: *(.*)$", block["options"], re.MULTILINE)
    return found.group(1) if found else ""


def book(page: str) -> str:
    """The address of a page of the public site."""
    return f"{site(settings()['url'])}book/{page}.html"


def prose(text: str, labels: dict[str, str]) -> str:
    """Text without roles, and with links that lead somewhere in Colab.

    Raises KeyError for a label that is none, ValueError for a role that this
    does not know.
    """

    def role(match: re.Match) -> str:
        name, what = match.groups()
        if name == "numref":
            return labels[what]
        if name == "math":
            return f"${what}$"
        if name == "eq":
            return f"[equation {equations()[what]}]({book('notation')})"
        if name in ("cite", "cite:p"):
            each = [", ".join(sources()[k.strip()]) for k in what.split(",")]
            return f"({'; '.join(each)})"
        if name == "cite:t":
            each = ["{} ({})".format(*sources()[k]) for k in what.split(",")]
            return ", ".join(each)
        if name in ("term", "doc"):
            shown = re.match(r"(.*?)\s*<(.*)>$", what, re.DOTALL)
            if name == "doc" and shown is None:
                return f"[{what}]({book(what)})"
            return shown.group(1) if shown else what
        raise ValueError(f"no words for {{{name}}}`{what}`")

    def link(match: re.Match) -> str:
        page = match.group(1)
        if page.startswith("ch"):
            return f"]({place()}book/colab/{page}.ipynb)"
        if page.startswith("assignments/"):
            return f"]({place()}book/{page}.ipynb)"
        return f"]({book(page)})"

    return LINK.sub(link, ROLE.sub(role, text))


def plain(text: str, labels: dict[str, str]) -> str:
    """A Markdown cell without directives. Raises as ``prose`` does."""

    def block(match: re.Match) -> str:
        name, title, body = match["name"], match["title"], match["body"]
        if name == "exercise":
            return f"**{labels[option(match, 'label')]}: {title}**\n\n{body}"
        if name == "solution":
            what = labels[title].lower()
            return (
                f"<details><summary>Solution to {what}</summary>\n\n{body}"
                "\n\n</details>"
            )
        if name == "admonition":
            return f"> **{title}**\n>\n> " + body.replace("\n", "\n> ")
        raise ValueError(f"no words for the directive {{{name}}}")

    return prose(BLOCK.sub(block, text), labels)


def notes(cells: list) -> None:
    """Footnotes as numbers and, where they are told, paragraphs."""
    text = "\n".join(c.source for c in cells if c.cell_type == "markdown")
    order = list(dict.fromkeys(re.findall(r"\[\^([\w-]+)\](?!:)", text)))
    for cell in cells:
        if cell.cell_type != "markdown":
            continue
        for k, label in enumerate(order, 1):
            told = f"[^{label}]:"
            cell.source = cell.source.replace(told, f"<sup>{k}</sup>")
            cell.source = cell.source.replace(f"[^{label}]", f"<sup>{k}</sup>")


def converted(notebook, labels: dict[str, str]):
    """A chapter's notebook for Colab, given what all labels are called."""
    out = copy.deepcopy(notebook)
    out.metadata.pop("psm", None)
    cells = []
    for cell in out.cells:
        if cell.cell_type == "markdown":
            cell.source = plain(cell.source, labels)
        cells.append(cell)
        figure = cell.metadata.get("mystnb", {}).get("figure", {})
        if "name" in figure:
            caption = prose(figure["caption"], labels)
            text = f"**{labels[figure['name']]}.** {caption}"
            added = nbformat.v4.new_markdown_cell(text)
            added["id"] = f"{cell['id'][:50]}-caption"
            cells.append(added)
    notes(cells)
    out.cells = cells
    return out


def copies() -> dict[Path, object]:
    """Every chapter's copy, by where it stands."""
    chapters = {
        path: nbformat.read(path, as_version=4)
        for path in sorted((ROOT / "book").glob("ch*.ipynb"))
    }
    labels: dict[str, str] = {}
    for path, notebook in chapters.items():
        labels |= numbers(notebook, path.stem[3])
    return {
        FOLDER / path.name: converted(notebook, labels)
        for path, notebook in chapters.items()
    }


def write() -> None:
    FOLDER.mkdir(exist_ok=True)
    for path, notebook in copies().items():
        nbformat.write(notebook, path)


def point_buttons(app, error):
    """Chapters' buttons lead to the copies and download them, and
    assignments' links to copies lead, from a page, to the chapter's page."""
    if error is None and app.builder.format == "html":
        pages = Path(app.outdir) / "book"
        for path in FOLDER.glob("ch*.ipynb"):
            shutil.copy(path, Path(app.outdir) / "_sources/book" / path.name)
        for page in pages.glob("ch*.html"):
            html = page.read_text(encoding="utf-8")
            page.write_text(BUTTON.sub(r"\1colab/\2", html), encoding="utf-8")
        for page in pages.glob("assignments/a*.html"):
            html = page.read_text(encoding="utf-8")
            page.write_text(COPY.sub(r'href="../\1.html"', html), "utf-8")


def setup(app):
    app.connect("build-finished", point_buttons)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


if __name__ == "__main__":
    write()
