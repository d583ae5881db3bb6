"""How a check is written, run and told.

A check is a function of a random generator and of what the student wrote. It
returns when all is well and else raises ``Wrong`` with one sentence that says
what is wrong: what was found, what was expected, and, where a known mistake
gives exactly what was found, which one. It plants its own truth with the
generator, so that another seed is another test of the same thing.

A grader runs students' functions in another process, where nothing they do
can reach the check (``psm_lib.grading``). So a check gives them data and asks
for data: numbers, text, arrays, lists, dicts and the library's dataclasses
go in, and of these all but dataclasses come back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files

import numpy as np

NO_WORDS = "it is wrong (the check does not say why)."


class Wrong(Exception):
    """One sentence on what is wrong, to be read by a student."""


@dataclass(frozen=True)
class Check:
    """The check of one exercise.

    ``needs`` are the names, in the notebook, of what the student writes.
    """

    number: str
    needs: tuple[str, ...]
    test: Callable[..., None]


ALL: dict[str, Check] = {}


def stored_numbers(name: str) -> str:
    """The file of stored numbers that an assignment reads, by its name: a
    part of a chapter's results, as plain arrays."""
    return str(files("psm_lib") / "results" / f"{name}.npz")


def exercise(number: str, *needs: str) -> Callable:
    """Register test(rng, *given) as the check of an exercise."""

    def register(test: Callable[..., None]) -> Callable[..., None]:
        ALL[number] = Check(number, needs, test)
        return test

    return register


def find(number: str) -> Check:
    """The check of an exercise, such as "1.2".

    Raises LookupError when there is none.
    """
    chapter = number.partition(".")[0]
    if chapter.isdecimal() and 1 <= int(chapter) <= 8:
        import_module(f"psm_lib.checks.a{int(chapter)}")
    if number not in ALL:
        raise LookupError(
            f"there is no exercise {number!r}; expected one of "
            f"{', '.join(sorted(ALL)) or '1.1 to 8.7'}"
        )
    return ALL[number]


def examine(number: str, given: tuple, seed: int = 0) -> str:
    """What is wrong with what a student gave; empty when nothing is.

    Raises LookupError for an unknown exercise and TypeError when another
    number of things is given than the exercise needs.
    """
    found = find(number)
    if len(given) != len(found.needs):
        raise TypeError(
            f"exercise {number} checks {len(found.needs)} things, "
            f"{', '.join(found.needs)}; {len(given)} were given"
        )
    if missing := unanswered(found.needs, given):
        return missing
    digits = [int(d) for d in re.findall(r"\d+", number)]
    rng = np.random.default_rng([seed, *digits])
    try:
        found.test(rng, *given)
    except NotImplementedError:
        return "not written yet."
    except Wrong as wrong:
        return str(wrong) or NO_WORDS
    return ""


def unanswered(needs: tuple[str, ...], given: tuple) -> str:
    """What is not answered yet, in words; empty when everything is."""
    pairs = list(zip(needs, given, strict=True))
    missing = [name for name, thing in pairs if thing is None or thing is ...]
    # A function that does nothing but raise this is not written yet.
    code = [getattr(thing, "__code__", None) for thing in given]
    stub = ("NotImplementedError",)
    empty = sum(getattr(c, "co_names", ()) == stub for c in code)
    if not missing:
        return ""
    if len(missing) + empty == len(given):
        return "not answered yet."
    told = " and ".join(f"`{name}`" for name in missing)
    return f"{told} {'is' if len(missing) == 1 else 'are'} not answered yet."


def check(number: str, *given: object) -> None:
    """Say whether an exercise is right and, if not, what is wrong."""
    wrong = examine(number, given)
    print(f"Exercise {number}: {wrong or 'right.'}")


# What checks are made of ---------------------------------------------------


def call(function: Callable, *given: object) -> object:
    """What a student's function returns.

    Raises Wrong when it is no function, raises something, or changes what it
    was given.
    """
    name = getattr(function, "__name__", "this")
    if not callable(function):
        raise Wrong(f"expected a function, found {kind_of(function)}.")
    kept = deepcopy(given)
    try:
        value = function(*given)
    except (NotImplementedError, Wrong):
        raise
    except (Exception, SystemExit) as error:
        what = f"{type(error).__name__}: {error}".rstrip(": ")
        raise Wrong(f"`{name}` raised {what[:300]}.") from None
    for before, after in zip(kept, given, strict=True):
        if isinstance(before, np.ndarray) and not np.array_equal(
            before, after, equal_nan=before.dtype.kind == "f"
        ):
            raise Wrong(f"`{name}` changes an array that it is given.")
    return value


def kind_of(value: object) -> str:
    """A value's kind, in words for a message."""
    if value is None:
        return "None (is a `return` missing?)"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    return f"{type(value).__name__} {str(value)[:60]!r}"


def number(value: object, what: str) -> float:
    """A number as a float. Raises Wrong for anything else, and for NaN."""
    try:
        found = np.asarray(value, dtype=float)
    except (OverflowError, TypeError, ValueError):
        found = None
    if value is None or found is None or found.size != 1:
        raise Wrong(f"{what} should be a number; found {kind_of(value)}.")
    if not np.isfinite(found).all():
        raise Wrong(f"{what} is {float(found.ravel()[0])}.")
    return float(found.ravel()[0])


def array(
    value: object, shape: tuple[int, ...], what: str, finite: bool = True
) -> np.ndarray:
    """An array of floats of a shape. Raises Wrong for anything else."""
    try:
        found = np.asarray(value, dtype=float)
    except (OverflowError, TypeError, ValueError):
        found = None
    if value is None or found is None:
        asked = "an array of numbers"
        if shape == ():
            asked = "a number" if finite else "one number, or np.nan"
        raise Wrong(f"{what} should be {asked}; found {kind_of(value)}.")
    if found.shape != shape:
        raise Wrong(f"{what} has shape {found.shape}; expected {shape}.")
    if finite and not np.isfinite(found).all():
        raise Wrong(f"{what} has entries that are not finite numbers.")
    return found


def distribution(value: object, n: int, what: str) -> np.ndarray:
    """n probabilities that sum to 1. Raises Wrong for anything else."""
    found = array(value, (n,), what)
    if found.min() < -1e-9:
        raise Wrong(f"{what} has a negative entry, {found.min():.3g}.")
    if abs(found.sum() - 1) > 1e-6:
        total, _ = told_apart(float(found.sum()), 1.0)
        raise Wrong(f"{what} sums to {total}, not to 1.")
    return found


def one_of(value: object, options: list[str], what: str) -> str:
    """One of some words. Raises Wrong for anything else."""
    if not isinstance(value, str) or value not in options:
        listed = ", ".join(map(repr, options))
        raise Wrong(f"{what} should be one of {listed}; found {value!r:.60}.")
    return value


def near(
    got: np.ndarray | float,
    want: np.ndarray | float,
    what: str,
    mistakes: dict[str, object] | None = None,
    tolerance: float = 1e-6,
    place: str = "at position",
    tell: bool = True,
) -> None:
    """Raise Wrong unless two numbers, or arrays of one shape, agree.

    ``mistakes`` maps what a student may have done ("the prior is left out")
    to the value that it leads to; where that is the value found, and no other
    mistake leads to it, the message names it. ``place`` is what the entries
    of a row are called. Where the data are always the same, ``tell=False``
    keeps the answer out of the message.
    """
    got, want = np.asarray(got, dtype=float), np.asarray(want, dtype=float)

    def same(value: object) -> bool:
        value = np.asarray(value, dtype=float)
        return value.shape == got.shape and bool(
            np.allclose(got, value, rtol=0, atol=tolerance, equal_nan=True)
        )

    if same(want):
        return
    seem = [
        mistake
        for mistake, value in (mistakes or {}).items()
        if same(value) and not np.allclose(value, want, atol=tolerance)
    ]
    if len(seem) == 1:
        raise Wrong(f"{what}: it looks as if {seem[0]}.")
    if not tell:
        raise Wrong(f"{what} is too {'high' if got > want else 'low'}.")
    both = np.isnan(got) & np.isnan(want)  # which is as it should be
    off = np.where(both, 0.0, np.nan_to_num(np.abs(got - want), nan=np.inf))
    worst = np.unravel_index(np.argmax(off), off.shape) if off.ndim else ()
    at = [int(k) for k in worst]
    where = f" at {tuple(at)}" if at else ""
    if len(at) == 1:
        where = f" {place} {at[0]}"
    elif len(at) == 2:
        where = f" in row {at[0]}, column {at[1]}"
    found, asked = told_apart(float(got[worst]), float(want[worst]))
    raise Wrong(
        f"{what}{where} is {found}; in this example it should be {asked}."
    )


def told_apart(one: float, other: float) -> tuple[str, str]:
    """Two numbers as text, with as many digits as show that they differ."""
    pairs = [(f"{one:.{n}g}", f"{other:.{n}g}") for n in (4, 6, 9, 17)]
    return next((pair for pair in pairs if pair[0] != pair[1]), pairs[-1])


def shares(one: float, other: float) -> tuple[str, str]:
    """Two shares in per cent, with as many digits as show that they differ."""
    pairs = [(f"{one:.{n}%}", f"{other:.{n}%}") for n in (0, 1, 2, 3)]
    return next((pair for pair in pairs if pair[0] != pair[1]), pairs[-1])


def worst(faults: list[tuple[float, str]]) -> None:
    """Raise Wrong with the worst of some faults, unless none is one.

    Each is how far off something is, above 0 where it is, and what to say.
    """
    off, told = max(faults, key=lambda fault: fault[0])
    if off > 0:
        raise Wrong(told)


def often(
    told: list[str],
    limits: dict[str, float],
    where: str,
    hint: str = "",
    luck: float = 0.0,
    careful: str = "",
) -> None:
    """Raise Wrong unless verdicts are given as often as they have to be.

    ``limits`` maps a verdict to the least share of all that were ``told``
    where something is so or, with a minus before it, to the largest. What
    is off by up to ``luck`` standard errors is let pass. The hint is
    ``careful`` where a verdict comes too seldom and "undecided" instead.
    """
    for word, limit in limits.items():
        rate, bar = told.count(word) / len(told), abs(limit)
        slack = luck * np.sqrt(bar * (1 - bar) / len(told))
        if (bar - rate if limit > 0 else rate - bar) > slack:
            bound = "at least" if limit > 0 else "at most"
            found, asked = shares(rate, bar)
            seldom = limit > 0 and word != "undecided"
            if seldom and 2 * told.count("undecided") > len(told) * (1 - rate):
                hint = careful or hint
            raise Wrong(
                f"where {where}, you say {word!r} {found} of the time; "
                f"{bound} {asked} is asked for. {hint}".strip()
            )
