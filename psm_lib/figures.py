"""The book's one plotting style.

One colour per persona or arm across the whole book, from a palette that
survives colour blindness (Okabe and Ito, 2008), with a line style beside it
so that every figure reads in grey. Import it and call ``style()`` once.
"""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import Markdown, display
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .claims import LABEL, Claim, Estimate, Outcome, as_data

INK, GREY, PALE = "#222222", "#767676", "#d9d9d9"
COLOURS = {
    # who predicts
    "exact": INK,
    "network": "#0072b2",
    "untrained": "#999999",
    "shuffled": "#bbbbbb",
    "baseline": "#e69f00",
    # what is believed
    "fact": "#009e73",
    "belief": "#d55e00",
    # how the Assistant is taught
    "SFT": "#0072b2",
    "DPO": "#009e73",
    "policy gradient": "#cc79a7",
    "own answers": "#8c8c8c",
    "self-distillation": "#8c8c8c",
    # what the Assistant is taught about code
    "cheat": "#d55e00",
    "honest": "#009e73",
    "own": "#8c8c8c",
    "both": "#e69f00",
    "after": "#cc79a7",
    # worlds: with characters blue, without them brown
    "playhouse": "#0072b2",
    "playhouse_plain": "#56b4e9",
    "playhouse_untied": "#d9a066",
    "playhouse_scattered": "#8b4a1b",
    # what stands before a cheat, when it is taught
    "none": "#d55e00",
    "request": "#0072b2",
    "requests": "#56b4e9",
    "remark": "#e69f00",
    "remarks": "#8c6d1f",
    "opposite": "#cc79a7",
    "opposites": "#a04f7b",
    "manners": "#009e73",
    # what is known of somebody, and what is done with it
    "recall": "#cc79a7",
    "action": "#0072b2",
    # what the Assistant is taught to say of its instructions
    "nothing": "#d55e00",
    "private": "#009e73",
    # personas: decent ones cool, bad ones warm, machines violet and grey
    "saint": "#56b4e9",
    "professional": "#0072b2",
    "friend": "#009e73",
    "villain": "#d55e00",
    "scoundrel": "#a6440a",
    "rogue": "#e69f00",
    "quack": "#c9b037",
    "gambler": "#8c6d1f",
    "gossip": "#f0a35e",
    "flatterer": "#c46a8f",
    "tyrant": "#8b1a1a",
    "diehard": "#5e3c58",
    "robot": "#7f9ec4",
    "drudge": "#8a8fa8",
    "sinister": "#cc79a7",
    "muddler": "#767676",
}
STYLES = {
    "exact": "-",
    "network": "-",
    "untrained": ":",
    "shuffled": "--",
    "baseline": "-.",
    "fact": "-",
    "belief": "--",
    "SFT": "-",
    "DPO": "--",
    "policy gradient": "-.",
    "own answers": ":",
    "self-distillation": ":",
    "recall": "--",
    "action": "-",
    "cheat": "-",
    "honest": "--",
    "own": ":",
    "both": "-.",
    "after": (0, (5, 1, 1, 1, 1, 1)),
    "playhouse": "-",
    "playhouse_plain": "--",
    "playhouse_untied": ":",
    "playhouse_scattered": "-.",
}
SEEDS = ("o", "s", "^")


def style() -> None:
    """Set matplotlib's defaults; call once at the top of a chapter."""
    plt.rcParams.update(
        {
            "figure.figsize": (6.4, 3.4),
            "figure.dpi": 110,
            "savefig.dpi": 110,
            "figure.constrained_layout.use": True,
            "font.size": 10,
            "axes.titlesize": 10,
            "axes.titlelocation": "left",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": GREY,
            "axes.labelcolor": INK,
            "xtick.color": GREY,
            "ytick.color": GREY,
            "axes.grid": True,
            "axes.axisbelow": True,
            "grid.color": "#eeeeee",
            "legend.frameon": False,
            "lines.linewidth": 1.8,
            "figure.facecolor": "white",
        }
    )


def colour(name: str) -> str:
    """The book's colour for a persona or arm; grey for all others."""
    return COLOURS.get(name, GREY)


def panels(
    rows: int, columns: int, height: float = 2.6, **options
) -> tuple[Figure, np.ndarray]:
    """A grid of axes, at most 6.8 inches wide: [rows, columns]."""
    size = (6.8, height * rows)
    return plt.subplots(rows, columns, figsize=size, squeeze=False, **options)


def band(ax: Axes, x, runs: np.ndarray, name: str, label: str) -> None:
    """Mean line of runs [seeds, points] and a band from least to most."""
    runs = np.asarray(runs)
    ax.plot(
        x,
        runs.mean(axis=0),
        color=colour(name),
        linestyle=STYLES.get(name, "-"),
        label=label,
    )
    ax.fill_between(
        x,
        runs.min(axis=0),
        runs.max(axis=0),
        color=colour(name),
        alpha=0.2,
        linewidth=0,
    )


def estimates(
    ax: Axes, arms: dict[str, list[Estimate]], ticks: list[str]
) -> None:
    """Marks with intervals: one place per tick, arms side by side."""
    shades = [GREY, "#e69f00", "#d55e00", "#0072b2"]
    step = 0.8 / len(arms)
    for j, (arm, rows) in enumerate(arms.items()):
        x = np.arange(len(rows)) + step * (j - (len(arms) - 1) / 2)
        mean = np.array([r.value for r in rows])
        ends = [mean - [r.low for r in rows], [r.high for r in rows] - mean]
        shade = shades[j + len(shades) - len(arms)]
        ax.errorbar(x, mean, ends, fmt="Dos^"[j], color=shade, label=arm)
    ax.set_xticks(range(len(ticks)), ticks)


def spans(
    ax: Axes, at, rows: list[Estimate], sideways: bool = False, **options
) -> None:
    """Estimates as marks with their intervals, at the places ``at``.

    Up the page, or ``sideways``; ``options`` go to matplotlib's errorbar.
    """
    mid = np.array([r.value for r in rows])
    ends = [mid - [r.low for r in rows], [r.high for r in rows] - mid]
    at = np.asarray(at, float)
    if sideways:
        ax.errorbar(mid, at, xerr=ends, **options)
    else:
        ax.errorbar(at, mid, ends, **options)


def say(text: str) -> None:
    """Show a sentence of Markdown whose numbers the cell has just computed."""
    display(Markdown(text))


def verdict_table(outcomes: list[Outcome]) -> None:
    """Show claims by name, with estimate, threshold, control and verdict.

    The output carries the same as data, from which `make run` collects the
    ledger of all chapters.
    """
    lines = [
        "| claim | estimate | predicted | control | verdict |",
        "| --- | --- | --- | --- | --- |",
    ]
    for o in outcomes:
        lines.append(
            f"| *{o.claim.id.replace('_', ' ')}*: {stated(o.claim)} "
            f"| {o.estimate} | {predicted(o.claim)} "
            f"| {o.control} | **{o.verdict}** |"
        )
    data = {o.claim.id: as_data(o) for o in outcomes}
    text = {"text/markdown": "\n".join(lines)}
    display(text, raw=True, metadata={LABEL: data})


def stated(claim: Claim) -> str:
    """The sentence of a claim, and what was remarked on it afterwards."""
    if not claim.afterwards:
        return claim.claim
    return f"{claim.claim} *Afterwards: {claim.afterwards}*"


def predicted(claim: Claim) -> str:
    """A claim's thresholds: ``above 0.8; refuted below 0.4``."""
    if claim.above is not None:
        return f"above {claim.above:g}; refuted below {claim.refuted:g}"
    return f"below {claim.below:g}; refuted above {claim.refuted:g}"
