"""Sphinx extension: the built book needs nothing from the network.

Every page of a Jupyter Book declares the address of Thebe, twice, which this
book does not use and which the browser reports as an error: those scripts are
left out. (Formulas and icons, which come from scripts too, have extensions of
their own.)

The page of search results fetches what it finds, which browsers refuse for
pages on a disk: the texts of all pages are given to it in a script.

What pages need beyond that, the networks of their live figures, is written
beside them.
"""

import json
import re
from pathlib import Path

from bs4 import BeautifulSoup

BOOK = Path(__file__).parents[1]
RUNS = re.compile(r'\\"model\\":\\"([^"\\]+)\\"')  # JSON in a notebook's JSON


def write_live(app, error):
    if error is None and app.builder.format == "html":
        from psm_lib.web.live import scripts

        folder = Path(app.outdir) / "_static" / "live"
        scripts.write_scripts(folder, networks())


def networks(book: Path = BOOK) -> list[str]:
    """The networks that live figures of the chapters run, as their stored
    data name them."""
    texts = [p.read_text("utf-8") for p in sorted(book.glob("ch*.ipynb"))]
    return sorted({n for text in texts for n in RUNS.findall(text)})


# In place of fetch(): Sphinx's script asks for "./book/page.html".
SHIM = """
window.fetch = (function (fetch) {
  return function (address) {
    var text = BOOK[String(address).replace(/^(\\.\\/)+/, "")];
    if (text === undefined) return fetch.apply(window, arguments);
    return Promise.resolve({ text: function () { return text; } });
  };
})(window.fetch);
"""


def bare(html: str) -> str:
    """A page's text, with its anchors and without anything else."""
    main = BeautifulSoup(html, "html.parser").find("article")
    if main is None:
        return ""
    out = "script, style, svg, button, summary, .headerlink, .psm-live"
    for tag in main.select(out):
        tag.extract()
    for tag in main.select("td, th, li, p, div, dt, dd, pre, h1, h2, h3"):
        tag.append(" ")  # or the words of neighbours would run together
    for tag in main.find_all(True):
        anchor = tag.get("id")
        tag.attrs = {"id": anchor} if anchor else {}
        if anchor:
            tag.name = "div"
        else:
            tag.unwrap()
    return f'<div role="main">{" ".join(main.decode_contents().split())}</div>'


def write_texts(app, error):
    if error is not None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    texts = {
        f"{name}.html": bare((out / f"{name}.html").read_text("utf-8"))
        for name in app.env.found_docs
        if (out / f"{name}.html").exists()
    }
    script = f"var BOOK = {json.dumps(texts)};{SHIM}"
    (out / "_static" / "texts.js").write_text(script, encoding="utf-8")
    page = out / "search.html"
    html, ours = page.read_text("utf-8"), '<script src="_static/texts.js">'
    theirs = '<script src="_static/searchtools.js">'
    if ours not in html:
        html = html.replace(theirs, f"{ours}</script>\n  {theirs}")
        page.write_text(html, encoding="utf-8")


def drop_thebe(app, pagename, templatename, context, doctree):
    def is_thebe(script):
        body = getattr(script, "attributes", {}).get("body") or ""
        return "thebe" in f"{script} {body}".lower()

    for key, is_unwanted in (
        ("script_files", is_thebe),
        ("css_files", lambda style: "thebe" in str(style.filename)),
    ):
        context[key] = [s for s in context[key] if not is_unwanted(s)]


def mend_roles(app, pagename, templatename, context, doctree):
    """docutils calls a list of references a list, and its entries no items,
    which screen readers stumble over."""
    if "body" in context:
        context["body"] = context["body"].replace(
            '<div role="list" class="citation-list">',
            '<div class="citation-list">',
        )


def setup(app):
    # Late, so that the scripts of the other extensions are in the list.
    app.connect("html-page-context", drop_thebe, priority=900)
    app.connect("html-page-context", mend_roles)
    app.connect("build-finished", write_live)
    app.connect("build-finished", write_texts)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
