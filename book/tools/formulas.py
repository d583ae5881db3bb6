"""Sphinx extension: formulas are MathML, made when the book is built.

Browsers draw MathML themselves. So a page with formulas needs no script of
two megabytes, shows them at once, with scripts off, and to screen readers.
"""

import re

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.util.math import get_node_equation_number

# What TeX would have done, where the converter does not: capital Greek stands
# upright, a function keeps its distance, a star sits in the middle of its
# height, and a prime that hangs high already is not raised again.
BETTER = (
    (r"<mi>(&#x003[9A][0-9A-F];)</mi>", r'<mi mathvariant="normal">\1</mi>'),
    (
        "<mi>(log|ln)</mi>",
        r'<mo form="prefix" lspace="0.167em" rspace="0.167em">\1</mo>',
    ),
    ("&#x0002A;", "&#x02217;"),
    (
        "<msup>(<mi>[^<]*</mi>)<mi>(&#x02032;)</mi></msup>",
        r'<mrow>\1<mo lspace="0" rspace="0">\2</mo></mrow>',
    ),
)


def mathml(tex: str, display: str) -> str:
    """A formula as MathML. display: inline or block."""
    made = convert(tex, display=display)
    for found, better in BETTER:
        made = re.sub(found, better, made)
    return made


def visit_math(self, node):
    self.body.append(self.starttag(node, "span", "", CLASS="math"))
    self.body.append(mathml(node.astext(), "inline") + "</span>")
    raise nodes.SkipNode


def visit_displaymath(self, node):
    self.body.append(self.starttag(node, "div", CLASS="math"))
    if node["number"]:
        number = get_node_equation_number(self, node)
        self.body.append(f'<span class="eqno">({number})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append(mathml(node.astext(), "block") + "</div>\n")
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer(
        "mathml", (visit_math, None), (visit_displaymath, None)
    )
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
