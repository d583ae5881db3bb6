"""Sphinx extension: what no page uses is not sent with every page.

A theme carries rules for all that a site might hold, fonts for icons that
here are drawn in the page, and pictures with millions of colours where a plot
has a hundred; each live figure brings its styles along. After a build, styles
that stand on a page already go, rules whose classes and names occur in no page
and no script are left out of the style sheets, and plots get a palette.
"""

import re
from io import BytesIO
from pathlib import Path

import tinycss2
from PIL import Image

COLOURS = 128
# A class or an id in a selector, the parts of :not() aside.
NAMES = re.compile(r"[.#]((?:\\.|[\w-])+)")
NEGATED = re.compile(r":not\([^()]*(?:\([^()]*\)[^()]*)*\)")
# Search is asked on its own page; the others need no index.
SEARCH = re.compile(
    r'\s*<script src="[^"]*(?:searchtools|language_data|searchindex)\.js'
    r'[^"]*"></script>'
)


STYLE = re.compile(r"<style>.*?</style>", re.S)


def once(html: str) -> str:
    """A page without the styles that it has had before."""
    seen: set[str] = set()

    def first(match: re.Match) -> str:
        known = match[0] in seen
        seen.add(match[0])
        return "" if known else match[0]

    return STYLE.sub(first, html)


def words(out: Path) -> set[str]:
    """Whatever could be a class or an id in any page or script."""
    found = set()
    for kind in ("*.html", "*.js"):
        for file in out.rglob(kind):
            text = file.read_text(encoding="utf-8", errors="replace")
            found.update(re.findall(r"[\w-]+", text))
    return found


def used(selector: str, known: set[str]) -> bool:
    names = NAMES.findall(NEGATED.sub("", selector))
    return all(name.replace("\\", "") in known for name in names)


def kept(rules, known: set[str]) -> str:
    """The rules that some page could use, as text."""
    out = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = tinycss2.serialize(rule.prelude).split(",")
            # A comma within parentheses: keep the rule whole.
            whole = any(s.count("(") != s.count(")") for s in selectors)
            hit = (
                selectors
                if whole
                else [s for s in selectors if used(s, known)]
            )
            if hit:
                body = tinycss2.serialize(rule.content)
                out.append(f"{','.join(hit)}{{{body}}}")
        elif rule.type == "at-rule":
            name, body = rule.lower_at_keyword, rule.content
            head = f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}"
            if name == "font-face" and "Awesome" in tinycss2.serialize(body):
                continue
            if name in ("media", "supports") and body is not None:
                inner = tinycss2.parse_rule_list(
                    body, skip_comments=True, skip_whitespace=True
                )
                if text := kept(inner, known):
                    out.append(f"{head}{{{text}}}")
            elif body is None:
                out.append(f"{head};")
            else:
                out.append(f"{head}{{{tinycss2.serialize(body)}}}")
    return "".join(out)


def thin(style: Path, known: set[str]) -> None:
    text = style.read_text(encoding="utf-8")
    rules = tinycss2.parse_stylesheet(
        text, skip_comments=True, skip_whitespace=True
    )
    style.write_text(kept(rules, known), encoding="utf-8")


def painted(picture: bytes) -> bytes:
    """A picture with COLOURS colours, if that is smaller; its PNG file."""
    with Image.open(BytesIO(picture)) as image:
        flat = Image.new("RGB", image.size, "white")
        flat.paste(image, mask=image.convert("RGBA").getchannel("A"))
    small = BytesIO()
    flat.quantize(COLOURS, dither=Image.Dither.NONE).save(
        small, "PNG", optimize=True
    )
    return min(small.getvalue(), picture, key=len)


def slim(app, error):
    if error is not None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    for page in out.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        thinner = once(html)
        if page.name != "search.html":
            thinner = SEARCH.sub("", thinner)
        if thinner != html:
            page.write_text(thinner, encoding="utf-8")
    known = words(out)
    for style in out.rglob("*.css"):
        thin(style, known)
    for picture in (out / "_images").glob("*.png"):
        picture.write_bytes(painted(picture.read_bytes()))


def setup(app):
    # Last, when the pages are what they will be.
    app.connect("build-finished", slim, priority=900)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
