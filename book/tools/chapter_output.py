"""Sphinx extension: show on a page what a chapter's cell has shown.

    ```{chapter-output} ch01_characters who
    ```

puts the first output of that chapter whose ``data-kind`` is *who* here, as
its notebook stores it. So a live figure stands in one place, and the page
needs no kernel.
"""

import json
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

BOOK = Path(__file__).parents[1]


def stored_output(chapter: str, kind: str) -> str:
    """The HTML of a chapter's first live figure of a kind.

    Raises LookupError when the chapter has none.
    """
    notebook = json.loads((BOOK / f"{chapter}.ipynb").read_text("utf-8"))
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            text = "".join(output.get("data", {}).get("text/html", ()))
            if f'data-kind="{kind}"' in text:
                return text
    raise LookupError(f"{chapter} shows no live figure of the kind {kind!r}")


class ChapterOutput(SphinxDirective):
    required_arguments = 2

    def run(self):
        chapter, kind = self.arguments
        self.env.note_dependency(str(BOOK / f"{chapter}.ipynb"))
        try:
            text = stored_output(chapter, kind)
        except (LookupError, OSError) as error:
            raise self.error(str(error)) from None
        return [nodes.raw("", text, format="html")]


def setup(app):
    app.add_directive("chapter-output", ChapterOutput)
    return {"version": "1", "parallel_read_safe": True}
