"""Sphinx extension: what others see of the book before they open it.

A title, a sentence and a picture for the places where people paste links
(Open Graph), a description for search engines, and a site map. All of them
need the address of the public site, which follows from that of the
repository in _config.yml: a page of the same owner, as GitHub Pages names it.
"""

import re
from html import escape, unescape
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import escape as xml

from hover import said

CARD = "_static/card.png"
LONGEST = 200  # characters of a description
HOSTS = {"github.com": "github.io", "gitlab.com": "gitlab.io"}
MISSING = {"search", "genindex", "index"}


def site(repository: str) -> str:
    """The address of the public site, with a slash at the end.

    Raises ValueError for an address that is not OWNER/NAME on a host whose
    pages we know.
    """
    address = urlsplit(repository)
    parts, pages = (
        address.path.strip("/").split("/"),
        HOSTS.get(address.netloc),
    )
    if address.scheme != "https" or pages is None or len(parts) != 2:
        raise ValueError(
            f"repository {repository!r} in _config.yml; expected "
            f"https://HOST/OWNER/NAME with one of {[*HOSTS]}"
        )
    return f"https://{parts[0]}.{pages}/{parts[1]}/"


def first_words(body: str) -> str:
    """The first paragraph of a page's text, without marks, cut at a word."""
    for paragraph in re.findall(r"<p>(.*?)</p>", body, re.S):
        text = said(re.sub(r"<[^>]+>", "", paragraph), LONGEST)
        if len(text) > 40:
            return text
    return ""


def tags(app, page: str, title: str, told: str) -> str:
    """The meta tags of one page, given as HTML text."""
    home = site(app.config.html_theme_options["repository_url"])
    fields = [
        ("property", "og:type", "article"),
        ("property", "og:site_name", app.config.html_title or "The book"),
        ("property", "og:title", title),
        ("property", "og:description", told),
        ("property", "og:url", f"{home}{page}"),
        ("property", "og:image", f"{home}{CARD}"),
        ("property", "og:image:alt", "Who Is Speaking? Essays with code."),
        ("name", "twitter:card", "summary_large_image"),
        ("name", "description", told),
    ]
    return "".join(
        f'\n<meta {kind}="{name}" content="{escape(unescape(text))}">'
        for kind, name, text in fields
        if text
    )


def add_meta(app, pagename, templatename, context, doctree):
    if doctree is None:
        return
    title = re.sub(r"<[^>]+>", "", context.get("title", ""))
    title = re.sub(r"^[\d.]+\s*", "", title)  # the number of a chapter
    told = first_words(context.get("body", ""))
    found = tags(app, f"{pagename}.html", title, told)
    context["metatags"] = context.get("metatags", "") + found


def mark_front(app, error):
    """The address people paste is index.html, which only sends one on."""
    page = Path(app.outdir) / "index.html"
    if error is not None or not page.exists():
        return
    html = page.read_text("utf-8")
    if "og:title" not in html:
        told = "Essays with code on the persona selection model."
        title = app.config.html_title or "The book"
        page.write_text(tags(app, "", title, told) + html, encoding="utf-8")


def write_map(app, error):
    if error is not None or app.builder.format != "html":
        return
    home = site(app.config.html_theme_options["repository_url"])
    rows = "".join(
        f"<url><loc>{xml(home + name)}.html</loc></url>\n"
        for name in sorted(app.env.found_docs)
        if name not in MISSING
    )
    (Path(app.outdir) / "sitemap.xml").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{rows}</urlset>\n",
        encoding="utf-8",
    )


def draw_card(app, error):
    """1200 by 630 pixels: the title, and a belief that changes its mind."""
    if error is not None or app.builder.format != "html":
        return
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    ground, ink, red, grey = "#fdfcf9", "#24211d", "#8c2f39", "#d9d4c9"
    figure = plt.figure(figsize=(12, 6.3), dpi=100, facecolor=ground)
    figure.text(
        0.07, 0.72, "Who Is Speaking?", fontsize=58, color=ink, family="serif"
    )
    figure.text(
        0.07,
        0.6,
        "Essays with code on the persona selection model",
        fontsize=22,
        color=red,
        family="serif",
    )
    # Bayes' rule: a careful person or a cheat, after cheat, cheat, cheat.
    belief, likely = [0.9, 0.1], (0.05, 0.95)
    for i in range(4):
        left = 0.07 + 0.22 * i
        ax = figure.add_axes((left, 0.14, 0.18, 0.3))
        ax.barh([1, 0], belief, color=[grey, red], height=0.7)
        ax.set(xlim=(0, 1), ylim=(-0.6, 1.6))
        ax.axis("off")
        label = ("before", "after one cheat", "two", "three")[i]
        figure.text(left, 0.08, label, fontsize=17, color=ink, family="serif")
        for y, who in ((1, "honest?"), (0, "a cheat?")) if i == 0 else ():
            place = {"va": "center", "fontsize": 15, "family": "serif"}
            inside = 0.04 if y else belief[1] + 0.04
            ax.text(inside, y, who, color=ink, **place)
        weights = [b * p for b, p in zip(belief, likely, strict=True)]
        belief = [w / sum(weights) for w in weights]
    file = Path(app.outdir) / CARD
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, facecolor=ground)
    plt.close(figure)


def setup(app):
    app.connect("html-page-context", add_meta)
    app.connect("build-finished", write_map)
    # Late, so that the page is there that another extension writes.
    app.connect("build-finished", mark_front, priority=900)
    app.connect("build-finished", draw_card)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
