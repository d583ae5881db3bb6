"""Predict, then see: the reader commits to an answer before the result.

``guess`` asks for a number, ``choose`` for one of a few options. Introduced
in chapter 1.
"""

from __future__ import annotations

from html import escape

from IPython.display import HTML

from .frame import frame


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
    told = f"Measured: {measured:.{digits}f} (blue)."
    if exact is not None:
        told += f" {escape(named)}: {exact:.{digits}f} (mark)."
    scale = (
        f'<span class="psm-scale" aria-hidden="true"><span>{low:g}</span>'
        f"{'<span>0</span>' if low == -high else ''}<span>{high:g}</span>"
        f"</span>"
    )
    data = {"low": low, "high": high, "digits": digits}
    step, middle = 10**-digits, (low + high) / 2
    shown = (
        f"<p>{escape(question)}</p>"
        f'<form hidden><label>your guess <span class="psm-slide">'
        f'<input type="range" min="{low}" max="{high}" step="{step}" '
        f'value="{middle}">{scale}</span></label> '
        f'<output></output> <button type="submit">that is my guess</button>'
        f"</form><details><summary>What came out</summary>"
        f'<div class="psm-bar"><i style="{bar}"></i>{zero}'
        f'<u hidden></u>{mark}</div>{scale}<p class="psm-key">'
        f'<span class="psm-mine"></span>{told} '
        f'<button type="button" hidden>guess again</button></p></details>'
    )
    return frame("A guess", "guess", data, shown, [], still=False)


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
    rows = "".join(
        f'<label><input type="radio" name="choice" value="{i}" required>'
        f"{escape(option)}</label>"
        for i, option in enumerate(options)
    )
    still = "".join(f"<li>{escape(option)}</li>" for option in options)
    shown = (
        f'<div class="psm-asked"><p>{asked}</p><ul>{still}</ul></div>'
        f"<form hidden><fieldset><legend>{asked}</legend>{rows}</fieldset>"
        f'<button type="submit">that is my guess</button></form>'
        f'<details><summary>What came out</summary><p class="psm-key">'
        f'<span class="psm-mine"></span><span class="psm-told">The answer '
        f"is: {escape(options[answer])}.</span> {escape(because)} "
        f'<button type="button" hidden>guess again</button></p></details>'
    )
    return frame("A guess", "guess", data, shown, [], still=False)
