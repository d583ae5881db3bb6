"""The runs of chapter 3, which take minutes and are stored with the book.

The Assistant is taught good answers in two domains, in several ways, on
checkpoints of a world where personas tie traits together and of one where
nothing does; and it is shown example turns before and after.
"""

from __future__ import annotations

import numpy as np

from . import lessons, measurement
from .arms import Arm, run, side_by_side, tune
from .build import checkpoint
from .builds import BUILDS
from .claims import Estimate
from .implied import joint_answers
from .intervals import ratio
from .learners import Lesson, dose_for, lesson, persona_profile, tilted
from .lessons import ASSISTANT
from .world import World
from .worldfile import load_world

TAUGHT = [("medicine", "good"), ("truth", "good")]
WORLDS = ("playhouse", "playhouse_untied")
WAYS = {"SFT": "sft", "own answers": "own", "DPO": "dpo"}
WAYS |= {"policy gradient": "policy gradient"}
SEEDS = range(3)
LIGHT = (0, 5, 10, 20)  # steps of SFT under which example turns are tried
SHOTS = (0, 1, 2, 4, 6)  # example turns
HISTORIES = 6
MANNERS = ("good", "good, asked", "bad", "bad, asked")


def arms(world: World) -> dict[str, Arm]:
    """The chapter's arms, all on the same 64 prompts."""
    given = tuple(lessons.examples(world, TAUGHT))
    return {name: Arm(method, given) for name, method in WAYS.items()}


def untouched(world: World) -> np.ndarray:
    """Positions of the moral domains that no lesson was about."""
    taught = [world.domain_index(d) for d, _ in TAUGHT]
    return np.setdiff1d(world.group("moral"), taught)


def turns(
    world: World, k: int, manner: str, seed: int, name: str = ASSISTANT
) -> tuple[str, Lesson | None]:
    """k example turns of the name, and what they show of it.

    All in moral domains, in one of MANNERS; with ``asked`` each question
    carries a request for the answer that it gets.
    """
    kind, *asked = manner.split(", ")
    rng = np.random.default_rng([seed, 17])
    said, text = [], ""
    for d in rng.permutation(world.group("moral"))[:k]:
        domain = world.domains[d].name
        pairs = lessons.examples(
            world,
            [(domain, kind)],
            1,
            int(rng.integers(1000)),
            "asked" if asked else "none",
            name,
        )
        text += "".join(pairs[0])
        said.append((domain, kind))
    return text, lesson(world, said, bool(asked)) if said else None


def exact_shift(world: World, manner: str, dose: float = 0.0) -> np.ndarray:
    """[SHOTS, HISTORIES, D] what the exact reader makes of the turns.

    Before the lesson, or after it at some dose.
    """
    prior = world.cast_mixture[world.name_index(ASSISTANT)]
    prior = tilted(world, prior, lesson(world, TAUGHT), dose)
    out = np.zeros((len(SHOTS), HISTORIES, len(world.domains)))
    for i, k in enumerate(SHOTS):
        for h in range(HISTORIES):
            _, seen = turns(world, k, manner, h)
            belief = prior if k == 0 else tilted(world, prior, seen, k)
            out[i, h] = belief @ world.propensity
    return out


def try_turns(model, tokenizer, world: World, manner: str) -> np.ndarray:
    """[SHOTS, HISTORIES, D] P(second kind) after example turns."""
    out = np.zeros((len(SHOTS), HISTORIES, len(world.domains)))
    for i, k in enumerate(SHOTS):
        for h in range(HISTORIES if k else 1):  # no turns: no histories
            text, _ = turns(world, k, manner, h)
            out[i, h], _ = measurement.model_profile(
                model, tokenizer, world, ASSISTANT, text
            )
    out[0] = out[0, 0]
    return out


def pairs_of(world: World) -> np.ndarray:
    """[30, 2] ordered pairs of untouched moral domains."""
    free = untouched(world)
    return np.array([(a, b) for a in free for b in free if a != b])


def light(name: str, seed: int, shots: bool) -> dict[str, np.ndarray]:
    """One checkpoint under light SFT: pairs of answers, and example turns."""
    world = load_world(BUILDS[name].world)
    model, tokenizer = checkpoint(name)
    arm = arms(world)["SFT"]
    pairs = pairs_of(world)
    found: dict[str, list] = {"pairs": []}
    if shots:
        found |= {"turns": [], "bad turns": []}

    def shown(manners: tuple[str, ...]) -> list[np.ndarray]:
        return [try_turns(model, tokenizer, world, m) for m in manners]

    def watch(step: int) -> None:
        if step in LIGHT:
            found["pairs"].append(
                joint_answers(model, tokenizer, world, ASSISTANT, pairs)
            )
        if shots and step in LIGHT:
            found["turns"].append(shown(MANNERS[:2]))
        if shots and step in (0, arm.marks[-1]):
            found["bad turns"].append(shown(MANNERS[2:]))

    tune(arm, model, tokenizer, world, seed, watch)
    return {k: np.array(v) for k, v in found.items()}


def measure() -> dict[str, np.ndarray]:
    """All numbers of the chapter that take minutes, by name.

    ``{world}: {way}`` is [networks, seeds, marks, prompts, 2] and ``{world}:
    pairs`` [networks, seeds, LIGHT, 30, 2, 2]. In the playhouse also
    ``turns`` [networks, seeds, LIGHT, 2 manners, SHOTS, HISTORIES, D], and
    ``bad turns``, the same at the first and last step of SFT.
    """
    out: dict[str, np.ndarray] = {}
    for title in WORLDS:
        world = load_world(title)
        names = [f"{title}-s{s}" for s in range(3)]
        paper = lessons.exam(world)
        for way, p in run(names, arms(world), SEEDS, paper).items():
            out[f"{title}: {way}"] = p.astype(np.float16)
        todo = [(n, s, title == WORLDS[0]) for n in names for s in SEEDS]
        rows = side_by_side(light, todo, "turns")
        for key in rows[0]:
            stacked = np.stack([r[key] for r in rows])
            shape = (len(names), len(SEEDS), *stacked.shape[1:])
            out[f"{title}: {key}"] = stacked.reshape(shape).astype(np.float16)
    return out


# Reading the results --------------------------------------------------------


def curves(stored, title: str, way: str) -> np.ndarray:
    """[networks, marks, prompts] P(second kind), averaged over seeds."""
    p = stored[f"{title}: {way}"].astype(float)
    return lessons.second(p).mean(axis=1)


def persona_shift(
    world: World,
    paper: lessons.Exam,
    results: np.ndarray,
    most: float = 64.0,
) -> tuple[np.ndarray, list[float]]:
    """[networks, D] fall of the second kind that the persona learner expects.

    Its dose, also returned, is the one at which it answers the taught
    questions as each network does in the end, and ``most`` where none does.
    """
    seen = lesson(world, TAUGHT)
    taught = np.isin(paper.domain, seen.domain)
    doses = [
        dose_for(world, ASSISTANT, seen, 1 - run[-1, taught].mean(), most)
        for run in results
    ]
    prior = world.cast_mixture[world.name_index(ASSISTANT)]
    after = [persona_profile(world, ASSISTANT, seen, dose) for dose in doses]
    return prior @ world.propensity - np.array(after), doses


def spread(
    world: World,
    paper: lessons.Exam,
    results: np.ndarray,
    most: float = 64.0,
) -> Estimate:
    """Fall of bad answers in the untouched moral domains, as a share of what
    the persona learner expects. ``results`` is [networks, marks, prompts]."""
    here = np.isin(paper.domain, untouched(world))
    fall = (results[:, 0] - results[:, -1])[:, here]
    shift, _ = persona_shift(world, paper, results, most)
    expected = shift[:, paper.domain[here]]
    return ratio(fall, expected, paper.question[here])


def equally_taught(
    world: World, paper: lessons.Exam, results: dict[str, np.ndarray]
) -> tuple[dict[str, np.ndarray], float]:
    """[networks, prompts] fall in untouched domains, for each method at the
    moment when all have taught equally much; and how much that is.

    The level is the best that the slowest network of any method reaches.
    """
    taught = [world.domain_index(d) for d, _ in TAUGHT]
    inside = np.isin(paper.domain, taught)
    outside = np.isin(paper.domain, untouched(world))
    narrow = {k: 1 - r[..., inside].mean(axis=-1) for k, r in results.items()}
    level = float(min(n.max(axis=1).min() for n in narrow.values()))
    falls = {
        k: np.array(
            [
                at_level(n, run[0] - run, level)[outside]
                for n, run in zip(narrow[k], results[k], strict=True)
            ]
        )
        for k in results
    }
    return falls, level


def together(tables: np.ndarray) -> np.ndarray:
    """[...] correlation of two answers, from joint tables [..., 2, 2]."""
    t = tables / tables.sum(axis=(-2, -1), keepdims=True)
    one, two = t[..., 1, :].sum(axis=-1), t[..., :, 1].sum(axis=-1)
    scale = np.sqrt(one * (1 - one) * two * (1 - two))
    return (t[..., 1, 1] - one * two) / scale


def log_odds(p: np.ndarray) -> np.ndarray:
    """log p / (1 - p)."""
    return np.log(p) - np.log1p(-p)


def interaction(tables: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of two-way tables [..., r, c]: the sum of squares that is owed neither
    to rows nor to columns, and the whole sum of squares."""
    rows = tables.mean(axis=-1, keepdims=True)
    columns = tables.mean(axis=-2, keepdims=True)
    centre = tables.mean(axis=(-2, -1), keepdims=True)
    rest = tables - rows - columns + centre
    whole = tables - centre
    return (rest**2).sum(axis=(-2, -1)), (whole**2).sum(axis=(-2, -1))


def at_level(
    narrow: np.ndarray, values: np.ndarray, level: float
) -> np.ndarray:
    """[n] values [marks, n] at the moment when ``narrow`` [marks] first
    reaches a level, between marks by straight lines.

    Raises ValueError when it never does.
    """
    reached = np.flatnonzero(narrow >= level)
    if len(reached) == 0:
        raise ValueError(
            f"the level {level:.3f} is never reached; the most is "
            f"{narrow.max():.3f}"
        )
    j = reached[0]
    if j == 0:
        return values[0]
    share = (level - narrow[j - 1]) / (narrow[j] - narrow[j - 1])
    return (1 - share) * values[j - 1] + share * values[j]


def exact_table(
    world: World, doses: tuple[float, ...] = (0, 1, 2, 4)
) -> np.ndarray:
    """[HISTORIES, doses, SHOTS] log-odds of good answers, to the exact
    reader who has had the lesson at some dose and then hears good turns.

    Averaged over the moral domains.
    """
    prior = world.cast_mixture[world.name_index(ASSISTANT)]
    seen = lesson(world, TAUGHT)
    theta = world.propensity[:, world.group("moral")]
    out = np.zeros((HISTORIES, len(doses), len(SHOTS)))
    for h in range(HISTORIES):
        for i, dose in enumerate(doses):
            taught = tilted(world, prior, seen, dose)
            for j, k in enumerate(SHOTS):
                _, heard = turns(world, k, "good", h)
                belief = taught if k == 0 else tilted(world, taught, heard, k)
                out[h, i, j] = -log_odds(belief @ theta).mean()
    return out
