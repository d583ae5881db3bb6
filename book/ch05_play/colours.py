"""Colours of chapter 5: what stands before a cheat, when it is taught."""

COLOURS = {
    "none": "#d55e00",
    "request": "#0072b2",
    "requests": "#56b4e9",
    "remark": "#e69f00",
    "remarks": "#8c6d1f",
    "opposite": "#cc79a7",
    "opposites": "#a04f7b",
    "manners": "#009e73",
}
