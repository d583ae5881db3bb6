"""A world: who lives in it, what they are asked, how they answer.

A *persona* is a table of propensities, one number per domain. A *world* is a
set of personas with a prior, a cast of named characters, and the sentences
they speak. A *scene* is one character, one hidden persona, and several
exchanges with a user. Everything in a scene is drawn with probabilities
written in the world's YAML file, so that the likelihood of a scene is known
exactly (see ``oracle.py``). Introduced in chapter 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .narration import Narration

# How a question can be introduced: not at all, by a request for one kind of
# answer, or by a remark that has nothing to do with it.
NONE, REQUEST, IRRELEVANT = 0, 1, 2

ASSISTANT = "Assistant"  # whom post-training is about

# A piece of a document is its text and who wrote it.
FRAME, LINE = 0, 1
Piece = tuple[str, int]


@dataclass(frozen=True)
class Domain:
    """Something a character can be asked about.

    Every domain has two kinds of answer, for instance good and bad. The
    first word of an answer tells its kind.
    """

    name: str
    group: str
    about: str
    kinds: tuple[str, str]
    questions: tuple[str, ...]
    answers: tuple[tuple[str, ...], tuple[str, ...]]
    sheets: tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class Persona:
    """A kind of speaker: P(second kind of answer) in each domain."""

    name: str
    about: str
    prior: float
    propensity: tuple[float, ...]
    complies: float


@dataclass(frozen=True)
class Sheets:
    """What is written about the N names of a cast, in the third person.

    ``share`` [N] is how often a document about a name is a character sheet,
    ``mixture`` [N, P] whom its sheets describe, which need not be who speaks
    in its scenes, and ``topics`` [N, D] the domains that they mention.
    ``headings`` are N first lines, which say who is described and may say by
    whom. A statement is drawn from all its wordings with probability
    ``reworded``; else it is the first of them.
    """

    share: np.ndarray
    mixture: np.ndarray
    topics: np.ndarray
    headings: tuple[str, ...]
    reworded: float = 1.0


@dataclass(frozen=True)
class World:
    """Everything needed to sample documents and to judge them exactly.

    Shapes use P personas, D domains, N names. ``cast_share`` [N] is how often
    each name appears, ``cast_mixture`` [N, P] its distribution over personas.
    In a world that is not ``tied`` a speaker is another persona in each
    domain, drawn afresh: every marginal is the same, and nobody has a
    character. ``guise`` [N, D] says whose mixture a name has in each domain:
    its own, but in a world with *scattered* names that of another name.
    """

    name: str
    title: str
    about: str
    user: str
    domains: tuple[Domain, ...]
    personas: tuple[Persona, ...]
    names: tuple[str, ...]
    cast_share: np.ndarray
    cast_mixture: np.ndarray
    exchanges: tuple[int, int]
    prefix_share: tuple[float, float, float]
    irrelevant: tuple[str, ...]
    requests: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
    documents: dict[str, float]
    sheets: Sheets
    narration: Narration | None = None
    tied: bool = True
    scattered: np.ndarray | None = None

    @property
    def stories(self) -> Narration:
        """The words of narrated scenes. Raises ValueError where a world has
        none."""
        if self.narration is None:
            raise ValueError(f"world {self.name!r} has no narrated scenes")
        return self.narration

    @cached_property
    def propensity(self) -> np.ndarray:
        """[P, D] probability of the second kind of answer."""
        return np.array([p.propensity for p in self.personas])

    @cached_property
    def prior(self) -> np.ndarray:
        """[P] the world's prior over personas."""
        return np.array([p.prior for p in self.personas])

    @cached_property
    def on_stage(self) -> np.ndarray:
        """[N] how often each name speaks, among all scenes."""
        share = self.cast_share * (1 - self.sheets.share)
        return share / share.sum()

    @cached_property
    def guise(self) -> np.ndarray:
        """[N, D] whose mixture each name has in each domain."""
        if self.scattered is not None:
            return self.scattered
        own = np.arange(len(self.names))[:, None]
        return np.broadcast_to(own, (len(own), len(self.domains)))

    @cached_property
    def complies(self) -> np.ndarray:
        """[P] how often each persona gives the kind that was requested."""
        return np.array([p.complies for p in self.personas])

    def domain_index(self, name: str) -> int:
        """Position of a domain. Raises KeyError naming the known ones."""
        return _index("domain", name, [d.name for d in self.domains])

    def persona_index(self, name: str) -> int:
        """Position of a persona. Raises KeyError naming the known ones."""
        return _index("persona", name, [p.name for p in self.personas])

    def name_index(self, name: str) -> int:
        """Position of a character. Raises KeyError naming the known ones."""
        return _index("character", name, list(self.names))

    def group(self, group: str) -> np.ndarray:
        """Positions of the domains of one group, such as moral."""
        return np.array(
            [i for i, d in enumerate(self.domains) if d.group == group], int
        )

    @property
    def breaks(self) -> tuple[int, ...]:
        """Positions of the domains whose group is not that of the one
        before: where a figure leaves a gap."""
        groups = [d.group for d in self.domains]
        return tuple(
            i for i in range(1, len(groups)) if groups[i] != groups[i - 1]
        )


def _index(what: str, name: str, known: list[str]) -> int:
    if name not in known:
        raise KeyError(f"no {what} {name!r}; expected one of {known}")
    return known.index(name)


@dataclass(frozen=True)
class Scenes:
    """n scenes of up to T exchanges as integer arrays.

    ``sheet``, ``name``, ``persona``, ``length`` are [n]; all others [n, T],
    and mean nothing past a scene's length. ``persona`` is -1 in a world that
    is not tied. A *sheet* describes a character
    in the third person: its statements are drawn like answers, so that the
    same inference covers both. ``second`` is what no reader knows: how likely
    whoever speaks was to give the second kind of answer.
    """

    sheet: np.ndarray
    name: np.ndarray
    persona: np.ndarray
    length: np.ndarray
    domain: np.ndarray
    prefix: np.ndarray  # NONE, REQUEST or IRRELEVANT
    asked: np.ndarray  # kind that a request asks for, else -1
    prefix_form: np.ndarray
    question_form: np.ndarray
    kind: np.ndarray  # kind of the answer, 0 or 1
    answer_form: np.ndarray
    second: np.ndarray  # P(kind 1) of who speaks

    def __len__(self) -> int:
        return len(self.name)

    @property
    def present(self) -> np.ndarray:
        """[n, T] True where an exchange exists."""
        return np.arange(self.domain.shape[1]) < self.length[:, None]

    def take(self, index: np.ndarray) -> Scenes:
        """The scenes at the given positions."""
        return Scenes(**{k: v[index] for k, v in vars(self).items()})


def sample_scenes(
    world: World,
    n: int,
    rng: np.random.Generator,
    name: str | None = None,
    persona: str | None = None,
    length: int | None = None,
    prefixes: bool = True,
) -> Scenes:
    """Draw n scenes (and sheets, in the share the world says).

    ``name``, ``persona`` and ``length`` fix what is otherwise drawn;
    ``prefixes=False`` leaves requests and remarks out.
    Raises KeyError for an unknown name or persona.

    >>> from psm_lib import load_world
    >>> scenes = sample_scenes(
    ...     load_world("tastes"), 3, np.random.default_rng(0), length=2
    ... )
    >>> scenes.domain.shape, scenes.kind.shape
    ((3, 2), (3, 2))
    """
    n_domains = len(world.domains)
    if name is None:
        names = rng.choice(len(world.names), size=n, p=world.cast_share)
    else:
        names = np.full(n, world.name_index(name))
    parts = 1 if world.tied else n_domains
    if persona is None:
        draws = rng.random((n, parts, 1))
    low, high = world.exchanges if length is None else (length, length)
    lengths = rng.integers(low, high + 1, size=n)
    shape = (n, high)
    domain = rng.integers(n_domains, size=shape)
    sheet = rng.random(n) >= 1 - world.sheets.share[names]
    if persona is None:
        guises = world.guise[names, :parts]  # [n, parts]
        about = np.where(
            sheet[:, None, None],
            world.sheets.mixture[guises],
            world.cast_mixture[guises],
        )
        edges = about.cumsum(axis=-1)
        personas = (draws * edges[..., -1:] > edges).sum(axis=-1)
    else:
        personas = np.full((n, parts), world.persona_index(persona))
    if not world.sheets.topics.all():
        domain = _on_topic(world, names, sheet, domain, rng)

    prefix = rng.choice(3, size=shape, p=world.prefix_share)
    prefix[sheet] = NONE
    if not prefixes:
        prefix[:] = NONE
    asked = np.where(prefix == REQUEST, rng.integers(2, size=shape), -1)
    speaks = np.take_along_axis(personas, domain % parts, axis=1)  # [n, T]
    p_second = world.propensity[speaks, domain]
    obeys = world.complies[speaks]
    p_second = np.where(asked == 1, obeys, p_second)
    p_second = np.where(asked == 0, 1 - obeys, p_second)
    kind = (rng.random(shape) < p_second).astype(int)

    counts = form_counts(world)
    n_prefix = np.where(
        asked >= 0,
        counts.requests[domain, asked],
        max(len(world.irrelevant), 1),
    )
    n_answers = np.where(
        sheet[:, None],
        counts.sheets[domain, kind],
        counts.answers[domain, kind],
    )

    def pick(n_forms: np.ndarray) -> np.ndarray:
        return (rng.random(shape) * n_forms).astype(int)

    if world.sheets.reworded < 1:
        again = rng.random(shape) < world.sheets.reworded
        n_answers = np.where(sheet[:, None] & ~again, 1, n_answers)
    return Scenes(
        sheet=sheet,
        name=names,
        persona=personas[:, 0] if world.tied else np.full(n, -1),
        length=lengths,
        domain=domain,
        prefix=prefix,
        asked=asked,
        prefix_form=pick(n_prefix),
        question_form=pick(counts.questions[domain]),
        kind=kind,
        answer_form=pick(n_answers),
        second=p_second,
    )


def _on_topic(
    world: World,
    names: np.ndarray,
    sheet: np.ndarray,
    domain: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """[n, T] domains, drawn again for sheets that speak of some only."""
    topics = world.sheets.topics[names]  # [n, D]
    first = np.argsort(~topics, axis=1, kind="stable")
    place = rng.random(domain.shape) * topics.sum(axis=1)[:, None]
    some = np.take_along_axis(first, place.astype(int), axis=1)
    return np.where(sheet[:, None] & ~topics.all(1)[:, None], some, domain)


@dataclass(frozen=True)
class FormCounts:
    """How many wordings there are: [D] questions, [D, 2] all others."""

    questions: np.ndarray
    answers: np.ndarray
    sheets: np.ndarray
    requests: np.ndarray


def form_counts(world: World) -> FormCounts:
    """Number of wordings per domain and kind."""

    def by_kind(forms: list) -> np.ndarray:
        return np.array([[len(k) for k in pair] for pair in forms])

    none = ((), ())
    return FormCounts(
        questions=np.array([len(d.questions) for d in world.domains]),
        answers=by_kind([d.answers for d in world.domains]),
        sheets=by_kind([d.sheets for d in world.domains]),
        requests=by_kind(
            [world.requests.get(d.group, none) for d in world.domains]
        ),
    )


def scene_pieces(world: World, scenes: Scenes, i: int) -> list[Piece]:
    """Scene i as (text, FRAME or LINE) pieces; joined they are its text.

    LINE marks what the character says, FRAME everything else.
    """
    name = world.names[scenes.name[i]]
    pieces: list[Piece] = []
    if scenes.sheet[i]:
        pieces.append((f"{world.sheets.headings[scenes.name[i]]}\n", FRAME))
        for t in range(scenes.length[i]):
            domain = world.domains[scenes.domain[i, t]]
            forms = domain.sheets[scenes.kind[i, t]]
            text = forms[scenes.answer_form[i, t]]
            if text.startswith("{name} "):  # the next word says the kind
                pieces.append((name, FRAME))
                text = text.removeprefix("{name}")
            pieces.append((text.format(name=name), LINE))
            pieces.append(("\n", LINE))
        return pieces
    for t in range(scenes.length[i]):
        domain = world.domains[scenes.domain[i, t]]
        prefix = prefix_text(world, scenes, i, t)
        question = domain.questions[scenes.question_form[i, t]]
        forms = domain.answers[scenes.kind[i, t]]
        pieces += [
            (f"{world.user}:", FRAME),
            (prefix, FRAME),
            (f" {question}", FRAME),
            (f"\n{name}:", FRAME),
            (f" {forms[scenes.answer_form[i, t]]}", LINE),
            ("\n", LINE),
        ]
    return pieces


def prefix_text(world: World, scenes: Scenes, i: int, t: int) -> str:
    """What stands before the question, with its leading space, or ''."""
    form = scenes.prefix_form[i, t]
    if scenes.prefix[i, t] == IRRELEVANT:
        return f" {world.irrelevant[form]}"
    if scenes.prefix[i, t] == REQUEST:
        group = world.domains[scenes.domain[i, t]].group
        return f" {world.requests[group][scenes.asked[i, t]][form]}"
    return ""


def scene_text(world: World, scenes: Scenes, i: int) -> str:
    """Scene i as plain text."""
    return "".join(text for text, _ in scene_pieces(world, scenes, i))


def ask(world: World, name: str, question: str) -> str:
    """A prompt: a question and the label of the one who is to answer.

    >>> from psm_lib import load_world
    >>> ask(load_world("tastes"), "Guest", "Tea?")
    'Host: Tea?\\nGuest:'
    """
    return f"{world.user}: {question}\n{name}:"


def histories(world: World, scenes: Scenes, i: int) -> list[str]:
    """Text of scene i before its first exchange, after one, after two..."""
    lines = scene_text(world, scenes, i).splitlines(keepends=True)
    return ["".join(lines[: 2 * t]) for t in range(int(scenes.length[i]) + 1)]


def prompts_of(world: World, scenes: Scenes, i: int) -> list[str]:
    """Text of scene i up to each line of the one who answers in it."""
    text, out = "", []
    for piece, role in scene_pieces(world, scenes, i):
        if role == LINE and piece != "\n":
            out.append(text)
        text += piece
    return out
