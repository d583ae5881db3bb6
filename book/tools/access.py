"""Sphinx extension: what the theme leaves out for some readers.

After the build, every id stands once on its page; the triangle that opens a
part of the contents has a name; and tables are prepared for narrow screens.
A table of claims, whose sentences are long, becomes a list of cards there
(book.css), so each cell says of what it is, and keeps its role, which a table
drawn as something else would lose. A table of many columns is set smaller,
and a picture can be scrolled where it would be too small to be read. Without
scripts nobody turns the theme "auto" into one that has colours, so the page is
light until a script has asked.
"""

import re
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup

MANY = 9  # columns of a table that is set smaller
SCRIPTS = re.compile(r"(<script\b.*?</script>)", re.S)
ID = re.compile(r'(<[a-zA-Z][^<>]*?\sid=")([^"]+)(")')
TABLE = re.compile(
    r'<div class="pst-scrollable-table-container">(<table class="table">'
    r".*?</table>)",
    re.S,
)
CONTENTS = re.compile(
    r'(<li class="toctree-[^>]*has-children"><a [^>]*>)([^<]*)(</a>'
    r"<details[^>]*><summary)>"
)
PICTURE = re.compile(r"(<figure\b[^>]*>\s*)(<img\b[^>]*>)")
THEME = re.compile(r'(<html\b[^>]*\sdata-theme=")auto"')
ROLES = {
    "table": "table",
    "thead": "rowgroup",
    "tbody": "rowgroup",
    "tr": "row",
    "th": "columnheader",
    "td": "cell",
}


def unique_ids(html: str) -> str:
    """The second of an id gets a number, and so on; links lead to the first,
    as they do in browsers. What is in scripts stays."""
    seen: set[str] = set()
    parts = SCRIPTS.split(html)
    everywhere = {m[2] for part in parts[::2] for m in ID.finditer(part)}

    def renamed(match: re.Match) -> str:
        name, count = match[2], 1
        while name in seen or (count > 1 and name in everywhere):
            count += 1
            name = f"{match[2]}-{count}"
        seen.add(name)
        return f"{match[1]}{name}{match[3]}"

    parts[::2] = [ID.sub(renamed, part) for part in parts[::2]]
    return "".join(parts)


def named_contents(html: str) -> str:
    """What opens a part of the contents says which."""

    def named(match: re.Match) -> str:
        title = escape(f"Pages of {match[2].strip()}")
        return f'{match[0][:-1]} aria-label="{title}">'

    return CONTENTS.sub(named, html)


def prepared_table(match: re.Match) -> str:
    soup = BeautifulSoup(match[1], "html.parser")
    heads = [th.get_text(" ", strip=True) for th in soup.select("thead th")]
    kinds = ""
    if "verdict" in heads:
        kinds = " book-claims"
        for name, role in ROLES.items():
            for tag in soup.find_all(name):
                tag["role"] = role
        for row in soup.select("tbody tr"):
            for cell, head in zip(row.select("td"), heads, strict=False):
                cell["data-label"] = head
    elif len(heads) >= MANY:
        kinds = " book-dense"
    return (
        f'<div class="pst-scrollable-table-container{kinds}">'
        f"{soup.decode(formatter=None) if kinds else match[1]}"
    )


def mend(app, error):
    if error is not None or app.builder.format != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        if "_static" in page.parts:
            continue
        html = page.read_text(encoding="utf-8")
        new = TABLE.sub(prepared_table, named_contents(unique_ids(html)))
        new = PICTURE.sub(r'\1<div class="book-picture">\2</div>', new)
        new = THEME.sub(r'\1light"', new, count=1)
        if new != html:
            page.write_text(new, encoding="utf-8")


def setup(app):
    app.connect("build-finished", mend)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
