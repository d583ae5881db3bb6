"""Sphinx extension: a reference says what it refers to when pointed at.

After the build, every link to a term of the glossary, to a work of the
bibliography or to a figure gets the first words of what it points to as its
title. Browsers show that by themselves; ``book/_static/hover.js`` shows it in
the book's own type, and to those who use the keyboard.
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


def said(text: str) -> str:
    """One line of at most LONGEST characters, cut between words."""
    text = re.sub(r"\s+", " ", text).strip()
    if len(text) <= LONGEST:
        return text
    return text[:LONGEST].rsplit(" ", 1)[0] + " …"


def explained(html: str) -> dict[str, str]:
    """What a page says at each of its anchors: terms, works, figures."""
    soup = BeautifulSoup(html, "html.parser")
    for formula in soup.select(".math"):
        formula.string = re.sub(r"\\[()\[\]]", "", formula.get_text())
    found = {}
    for term in soup.select("dl.glossary dt[id]"):
        meaning = term.find_next_sibling("dd")
        if meaning:
            found[term["id"]] = said(meaning.get_text())
    for work in soup.select("div.citation[id]"):
        label = work.select_one("span.label")
        if label:
            label.extract()
        found[work["id"]] = said(work.get_text())
    for exercise in soup.select("div.exercise[id], div.solution[id]"):
        title = exercise.select_one("p.admonition-title")
        if title:
            found[exercise["id"]] = said(title.get_text())
    for figure in soup.select("figure[id], div.cell[id] figure"):
        caption = figure.select_one("figcaption .caption-text strong")
        if caption and figure.get("id"):
            found[figure["id"]] = said(caption.get_text())
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
