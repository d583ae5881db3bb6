"""Sphinx extension: the icons of a page stand in the page.

The theme draws them with a script of a megabyte and a half that carries
thousands. This takes the shapes of those that are used out of that script,
puts them where the script would, and leaves the script out.
"""

import re
from functools import cache
from importlib import resources
from pathlib import Path

SCRIPT = "theme/pydata_sphinx_theme/static/scripts/fontawesome.js"
ICON = re.compile(r'<(i|span) class="([^"]*\bfa-[^"]*)"([^>]*)></\1>')
LOADED = re.compile(r"<script[^>]*fontawesome\.js[^>]*></script>\s*")
SIZES = {"fa-lg", "fa-solid", "fa-brands"}


@cache
def shapes() -> str:
    """The theme's script, where the shape of every icon stands."""
    package = resources.files("pydata_sphinx_theme")
    return (package / SCRIPT).read_text(encoding="utf-8")


@cache
def shape(name: str) -> tuple[str, str, str]:
    """Width, height and outline of an icon, such as "sun".

    Raises LookupError when the theme has no icon of that name.
    """
    entry = r'[{,]"?%s"?:\[(\d+),(\d+),\[[^\]]*\],"\w+","([^"]+)"'
    found = re.findall(entry % re.escape(name), shapes())
    if not found:
        raise LookupError(f"the theme's {SCRIPT} has no icon {name}")
    return found[-1]  # an icon's filled form comes after its outlined one


def inline(match: re.Match) -> str:
    _, classes, rest = match.groups()
    names = {c for c in classes.split() if c.startswith("fa-")} - SIZES
    width, height, outline = shape(names.pop().removeprefix("fa-"))
    return (
        f'<svg class="svg-inline--fa {" ".join(classes.split())}"{rest} '
        f'aria-hidden="true" viewBox="0 0 {width} {height}">'
        f'<path fill="currentColor" d="{outline}"></path></svg>'
    )


def draw_icons(app, error):
    if error is not None or app.builder.format != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        drawn = ICON.sub(inline, LOADED.sub("", html))
        if drawn != html:
            page.write_text(drawn, encoding="utf-8")
    for left in (Path(app.outdir) / "_static/scripts").glob("fontawesome.js*"):
        left.unlink()


def setup(app):
    app.connect("build-finished", draw_icons)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
