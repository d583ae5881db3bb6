"""Predict, then see: the reader commits to an answer before the result.

``guess`` asks for a number, ``choose`` for one of a few options. What is
stored is a question and a box with the answer; guess.js makes the form. So
where scripts do not run nothing looks as if it did. Introduced in chapter 1.
"""

from __future__ import annotations

from html import escape

from IPython.display import HTML

from psm_lib.web.live.frame import frame


def guess(
    question: str,
    measured: float,
    exact: float | None = None,
    low: float = 0.0,
    high: float = 1.0,
    digits: int = 2,
    by: str = "an exact reader",
) -> HTML:
    """The reader moves a slider, then sees what came out.

    Beside it, where there is one, what ``by`` expects, ``exact``. Bars begin
    at zero, or at ``low`` where that is above it. The guess is kept in the
    browser. Raises ValueError for numbers outside of ``low`` to ``high``, by
    more than rounding.
    """
    little = 1e-9 * (high - low)
    for name, x in {"measured": measured, by: exact}.items():
        if x is not None and not low - little <= x <= high + little:
            raise ValueError(f"{name} {x}; expected {low} to {high}")

    def place(x: float) -> float:
        return 100 * (x - low) / (high - low)

    origin = max(low, 0.0)
    ends = sorted((place(origin), place(measured)))
    bar = f"left:{ends[0]:.1f}%;width:{ends[1] - ends[0]:.1f}%"
    mark = "" if exact is None else f'<b style="left:{place(exact):.1f}%"></b>'
    zero = f'<s style="left:{place(0):.1f}%"></s>' if low < 0 < high else ""
    named = f"{by[0].upper()}{by[1:]}"
    told = f"Measured: {measured:.{digits}f}{_drawn(' (bar)')}."
    if exact is not None:
        told += f" {escape(named)}: {exact:.{digits}f}{_drawn(' (mark)')}."
    ends = [
        f"{x:g}" for x in ((low, 0, high) if low == -high else (low, high))
    ]
    scale = " ".join(f"<span>{x}</span>" for x in ends)
    data = {"low": low, "high": high, "digits": digits, "ends": ends}
    shown = (
        f"<p>{escape(question)}</p>"
        f"<details><summary>What came out</summary>"
        f'<div class="psm-bar"><i style="{bar}"></i>{zero}{mark}</div>'
        f'<div class="psm-scale psm-drawn" aria-hidden="true" '
        f'hidden="hidden">{scale}</div>'
        f'<p class="psm-key">{told}</p></details>'
    )
    return frame("A guess", "guess", data, shown, [], still=False)


def _drawn(text: str) -> str:
    """What says how something is drawn: it is shown where our styles are.

    ``hidden="hidden"`` outlasts the sanitiser of JupyterLab, which drops a
    ``hidden`` without a value, and all styles.
    """
    return f'<span class="psm-drawn" hidden="hidden">{text}</span>'


def choose(
    question: str, options: list[str], answer: int, because: str
) -> HTML:
    """The reader picks one of two to four ``options``, then sees which of
    them it was, ``options[answer]``, and what was measured, ``because``.

    Works and is kept like ``guess``. Raises ValueError for another number
    of options, for two alike, and for an ``answer`` that is none of them.
    """
    if not 2 <= len(options) <= 4 or len({*options}) < len(options):
        raise ValueError(
            f"options {options}; expected two to four, no two alike"
        )
    if not 0 <= answer < len(options):
        raise ValueError(f"{len(options)} options; option {answer} is none")
    asked = escape(question)
    data = {"options": options, "answer": int(answer)}
    still = "".join(f"<li>{escape(option)}</li>" for option in options)
    shown = (
        f'<div class="psm-asked"><p>{asked}</p><ul>{still}</ul></div>'
        f'<details><summary>What came out</summary><p class="psm-key">'
        f'<span class="psm-told">The answer is: {escape(options[answer])}.'
        f"</span> {escape(because)}</p></details>"
    )
    return frame("A guess", "guess", data, shown, [], still=False)
