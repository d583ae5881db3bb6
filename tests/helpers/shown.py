"""Cells in which a chapter writes out what the library computes."""

import nbformat
from conftest import ROOT

LINE = "difference from the library: "


def shown(chapter: str) -> list:
    """The cells of a page that end in a comparison with the library."""
    page = nbformat.read(ROOT / "book" / f"{chapter}.ipynb", as_version=4)
    return [
        cell
        for cell in page.cells
        if cell.cell_type == "code" and LINE in cell.source
    ]


def stored_difference(cell) -> float:
    """What the cell's stored output says of its last line."""
    text = "".join(o.get("text", "") for o in cell.outputs)
    return float(text.split(LINE)[1])
