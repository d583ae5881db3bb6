"""What kind of person would say this? A reader of training data, as a tool.

Given a prompt, an answer and a world, ``read`` says which personas the answer
makes more likely and which less. Introduced in chapter 8.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import numpy as np

from psm_lib.machinery.words import first_word
from psm_lib.oracle import Lesson, log_likelihoods
from psm_lib.world import ASSISTANT, World


class ReadingError(ValueError):
    """A prompt or an answer that the world does not know."""


@dataclass(frozen=True)
class Reading:
    """What one answer says about its speaker.

    ``domain`` and ``kind`` name what was understood, ``asked`` the kind that
    a request asked for, or ''. ``before`` and ``after`` [P] are beliefs about
    the persona, ``says`` [P] the probability of the kind under each.
    """

    world: World
    name: str
    domain: str
    kind: str
    asked: str
    before: np.ndarray
    after: np.ndarray
    says: np.ndarray

    @property
    def factor(self) -> np.ndarray:
        """[P] how many times as likely each persona has become."""
        return self.after / np.where(self.before > 0, self.before, 1.0)


def read(
    world: World, prompt: str, answer: str, name: str = ASSISTANT
) -> Reading:
    """What an answer says about who gives it.

    ``prompt`` is a question of the world, with or without a request or a
    remark before it; ``answer`` one of its answers, or any line that begins
    with the first word of one. Raises ReadingError for any other, naming the
    nearest that the world knows, and KeyError for an unknown name.
    """
    d, asked = _question(world, prompt)
    kind = _kind(world, d, answer)
    seen = Lesson(np.array([d]), np.array([kind]), np.array([asked]))
    before = world.cast_mixture[world.name_index(name)]
    says = np.exp(log_likelihoods(world, seen)[0])
    after = before * says
    kinds = world.domains[d].kinds
    return Reading(
        world,
        name,
        world.domains[d].name,
        kinds[kind],
        kinds[asked] if asked >= 0 else "",
        before,
        after / after.sum(),
        says,
    )


def _question(world: World, prompt: str) -> tuple[int, int]:
    """(domain, kind asked for or -1) of a prompt."""
    text = prompt.strip().removeprefix(f"{world.user}:").strip()
    known = {q: d for d, x in enumerate(world.domains) for q in x.questions}
    ends = [q for q in known if text.endswith(q)]
    if not ends:
        raise ReadingError(
            f"no such question: {text!r}; {_nearest(text, [*known])}"
        )
    question = max(ends, key=len)
    start = text.removesuffix(question).strip()
    d = known[question]
    requests = world.requests.get(world.domains[d].group, ((), ()))
    if start in ("", *world.irrelevant):
        return d, -1
    for kind in (0, 1):
        if start in requests[kind]:
            return d, kind
    before = [*requests[0], *requests[1], *world.irrelevant]
    raise ReadingError(
        f"{start!r} before the question; expected nothing, a remark or a "
        f"request; {_nearest(start, before)}"
    )


def _kind(world: World, d: int, answer: str) -> int:
    """Which kind of answer in a domain a line is, by its first word."""
    text = answer.strip()
    domain = world.domains[d]
    for kind, forms in enumerate(domain.answers):
        if first_word(text) in {first_word(form) for form in forms}:
            return kind
    every = [form for forms in domain.answers for form in forms]
    raise ReadingError(
        f"{text!r} answers no question about {domain.name}; "
        f"{_nearest(text, every)}"
    )


def _nearest(text: str, known: list[str]) -> str:
    found = difflib.get_close_matches(text, known, n=2, cutoff=0.0)
    return "nearest: " + " or ".join(repr(k) for k in found)


def in_words(reading: Reading) -> str:
    """One sentence: whom the answer speaks for, and whom against."""
    names = [p.name for p in reading.world.personas]
    here = np.flatnonzero(reading.before > 0)
    order = here[np.argsort(-reading.factor[here])]
    more = [i for i in order if reading.factor[i] > 1.1]
    less = [i for i in order[::-1] if reading.factor[i] < 0.9]

    def listed(which: list[int]) -> str:
        return ", ".join(
            f"{names[i]} (times {reading.factor[i]:.2g})" for i in which[:4]
        )

    what = f"A {reading.kind} answer about {reading.domain}"
    if reading.asked:
        what += f", where a {reading.asked} one was asked for,"
    if not more and not less:
        return f"{what} says nothing about who {reading.name} is."
    parts = [f"makes more likely: {listed(more)}"] if more else []
    parts += [f"less likely: {listed(less)}"] if less else []
    return f"{what} {'; '.join(parts)}."
