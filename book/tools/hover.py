"""Sphinx extension: a reference says what it refers to when pointed at.

After the build, every link to a term of the glossary, to an exercise or to a
figure gets the first words of what it points to as its title, as links to the
bibliography have one already. Browsers show that by themselves;
``book/_static/hover.js`` shows it in the book's own type, and to those who use
the keyboard.
"""

import re
from html import escape
from pathlib import Path
from urllib.parse import unquote

from bs4 import BeautifulSoup

LONGEST = 320  # characters
LINK = re.compile(
    r'<a class="reference internal" href="(?P<page>[^"#]*)#(?P<id>[^"]+)">'
)


def said(text: str, longest: int = LONGEST) -> str:
    """One line of at most so many characters, cut between words."""
    text = re.sub(r"\s+", " ", text).strip()
    if len(text) <= longest:
        return text
    return text[:longest].rsplit(" ", 1)[0] + " …"


def explained(html: str) -> dict[str, str]:
    """What a page says at its anchors: terms, exercises, figures."""
    soup = BeautifulSoup(html, "html.parser")
    for formula in soup.select(".math"):
        formula.string = re.sub(r"\\[()\[\]]", "", formula.get_text())
    found = {}
    for term in soup.select("dl.glossary dt[id]"):
        meaning = term.find_next_sibling("dd")
        if meaning:
            found[term["id"]] = said(meaning.get_text())
    titles = {
        "div.exercise[id], div.solution[id]": "p.admonition-title",
        "figure[id]": "figcaption .caption-text strong",
    }
    for box, title in titles.items():
        for part in soup.select(box):
            if part.select_one(title):
                found[part["id"]] = said(part.select_one(title).get_text())
    return found


def add_titles(app, error):
    if error is not None or app.builder.format != "html":
        return
    pages = {
        page.resolve(): page.read_text("utf-8")
        for page in Path(app.outdir).rglob("*.html")
        if "_static" not in page.parts
    }
    anchors = {page: explained(text) for page, text in pages.items()}

    for page, text in pages.items():

        def titled(link: re.Match, page=page) -> str:
            target = page
            if link["page"]:
                target = (page.parent / unquote(link["page"])).resolve()
            told = anchors.get(target, {}).get(unquote(link["id"]))
            if not told:
                return link[0]
            return f'{link[0][:-1]} title="{escape(told)}">'

        new = LINK.sub(titled, text)
        if new != text:
            page.write_text(new, encoding="utf-8")


def setup(app):
    app.connect("build-finished", add_titles)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
