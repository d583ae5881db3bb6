"""The second runs of chapter 7: who is post-trained is no stranger.

In the first, new stories were about strangers, and so is the Assistant, and
to these networks all strangers are one. Here a few stories about keepers and
elders stand in every set, and who is post-trained is anybody: Anna, who is
another persona in every scene, and near no stranger in a network's table.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from psm_lib import evaluation, experiments, posttraining
from psm_lib.build import built
from psm_lib.chapters.ch07_robots import experiment
from psm_lib.chapters.ch07_robots.builds import KNOWN
from psm_lib.chapters.ch07_robots.villages import known
from psm_lib.claims import Estimate
from psm_lib.experiments import side_by_side
from psm_lib.intervals import resampled
from psm_lib.models import read_record
from psm_lib.world import World
from psm_lib.worldfile import load_world

NETWORKS = range(6)
LABELS = experiment.LABELS["anyone"]
OTHERS = ("Emma", "Agnes")  # anybody, and a saint; neither is taught
FIRST = "known-few"
# Who the new stories of a phase are about; None: it goes on as before.
NEW = {"plain": None, "keeper": "keeper", "elder": "elder"}
# What the studio shows of a phase: three networks, some shares.
STUDIO = ("keeper", "elder", "sinister", "saint")
SHARES = (0.02, 0.1, 0.5)


def phase(
    persona: str | None, share: float = experiment.ADDED, anybody: bool = True
) -> World:
    """What is read in a phase: a share of new stories about a persona."""
    if persona is None:
        persona, share = "keeper", 0.0
    return load_world(known(persona, share, anybody))


def early(
    title: str,
    persona: str | None,
    seed: int,
    share: float = experiment.ADDED,
    anybody: bool = True,
) -> np.ndarray:
    """[labels, 2, q, 2] the examination of each label before and after
    post-training under it, of a network that has read on for one phase.

    Stories without sinister machines go on without them.
    """
    model, tokenizer = built(f"{title}-s{seed}")
    goes_on = load_world(KNOWN[title]) if title.endswith("filtered") else None
    goes_on = goes_on or phase(persona, share, anybody)
    experiment.read_on(model, tokenizer, goes_on, seed)
    return under_each_label(model, tokenizer, seed)


def under_each_label(model, tokenizer, seed: int = 0) -> np.ndarray:
    """[labels, 2, q, 2] the examination of each label before and after
    post-training under it, every time from the same weights."""
    weights = {k: v.clone() for k, v in model.state_dict().items()}
    out = []
    for label in LABELS:
        model.load_state_dict(weights)
        out.append(_trained(model, tokenizer, label, seed)[0])
    return np.stack(out)


def late(
    persona: str | None, label: str, seed: int, anybody: bool = True
) -> np.ndarray:
    """[3, q, 2] the examination of a label before post-training under it,
    after it, and after a phase of stories that follows it."""
    model, tokenizer = built(f"{FIRST}-s{seed}")
    answers_at, evaluate = _trained(model, tokenizer, label, seed)
    world = phase(persona, anybody=anybody)
    experiment.read_on(model, tokenizer, world, seed)
    return np.concatenate([answers_at, evaluate()[None]])


def untaught(seed: int) -> np.ndarray:
    """[2, q, 2] the examination of OTHERS after the first of LABELS was
    post-trained."""
    model, tokenizer = built(f"{FIRST}-s{seed}")
    _trained(model, tokenizer, LABELS[0], seed)
    world, out = load_world(KNOWN[FIRST]), []
    for name in OTHERS:
        items = evaluation.evaluation_set(world, name)
        p = evaluation.evaluate(model, tokenizer, world, items)
        out.append(evaluation.by_question(p, items))
    return np.stack(out)


def _trained(model, tokenizer, label: str, seed: int) -> tuple:
    """[2, q, 2] the examination around a post-training, and how to hold
    one more."""
    world = load_world(KNOWN[FIRST])
    items = evaluation.evaluation_set(world, label)

    def evaluate() -> np.ndarray:
        return evaluation.by_question(
            evaluation.evaluate(model, tokenizer, world, items), items
        )

    before = evaluate()
    given = experiments.examples(world, experiment.HELP, 66, name=label)
    posttraining.sft(model, tokenizer, given, seed=seed)
    return np.stack([before, evaluate()]), evaluate


def measure() -> dict[str, np.ndarray]:
    """All numbers of these runs, by name.

    ``start: {few, filtered, keeper, elder}`` and ``middle: {persona}`` are
    [networks, labels, 2, q, 2], ``end: {persona}`` [networks, labels, 3, q,
    2], ``captured: {few, ...}`` [networks], and ``studio: {persona}`` [three
    networks, SHARES, labels, q, 2]; and what ``controls`` gives. Networks
    that are not here are pretrained first, about two minutes each.
    """
    todo = [(f"{title}-s{s}",) for s in NETWORKS for title in KNOWN]
    side_by_side(experiment.ready, todo, "networks")
    out: dict[str, np.ndarray] = {}
    plan = {f"start: {t.split('-')[1]}": (t, None) for t in KNOWN}
    plan |= {f"middle: {p}": (FIRST, p) for p in ("keeper", "elder")}
    runs = [(*given, seed) for given in plan.values() for seed in NETWORKS]
    found = iter(side_by_side(early, runs, "read, then post-trained"))
    for key in plan:
        out[key] = np.stack([next(found) for _ in NETWORKS])
    runs = [(p, x, s) for p in NEW.values() for s in NETWORKS for x in LABELS]
    found = iter(side_by_side(late, runs, "post-trained, then read"))
    for key in NEW:
        out[f"end: {key}"] = np.stack(
            [np.stack([next(found) for _ in LABELS]) for _ in NETWORKS]
        )
    runs = [(FIRST, p, n, x) for p in STUDIO for n in range(3) for x in SHARES]
    found = iter(side_by_side(early, runs, "studio"))
    for persona in STUDIO:
        out[f"studio: {persona}"] = np.stack(
            [np.stack([next(found)[:, -1] for _ in SHARES]) for _ in range(3)]
        )
    out |= controls()
    for title in KNOWN:
        cards = [read_record(f"{title}-s{s}") for s in NETWORKS]
        captured = [card["results"]["captured"] for card in cards]
        out[f"captured: {title.split('-')[1]}"] = np.array(captured)
    return {k: v.astype(np.float16) for k, v in out.items()}


def controls() -> dict[str, np.ndarray]:
    """The same where nobody is anybody while the networks read on, and what
    became of OTHERS.

    ``absent middle: {keeper, elder}`` and ``absent end: plain`` are shaped as
    those above, ``untaught`` [networks, OTHERS, q, 2].
    """
    out, new = {}, ("keeper", "elder")
    runs = [
        (FIRST, p, s, experiment.ADDED, False) for p in new for s in NETWORKS
    ]
    found = iter(side_by_side(early, runs, "without anybody"))
    for key in new:
        out[f"absent middle: {key}"] = np.stack(
            [next(found) for _ in NETWORKS]
        )
    runs = [(None, x, s, False) for s in NETWORKS for x in LABELS]
    found = iter(side_by_side(late, runs, "without anybody, at the end"))
    out["absent end: plain"] = np.stack(
        [np.stack([next(found) for _ in LABELS]) for _ in NETWORKS]
    )
    runs = [(s,) for s in NETWORKS]
    out["untaught"] = np.stack(side_by_side(untaught, runs, "the others"))
    return out


# Reading the results --------------------------------------------------------


def asked(results, key: str, domain: str, mark: int = -1) -> np.ndarray:
    """[networks, labels] P(second kind) in a domain, mean over questions.

    ``mark`` counts the stages of a run: by default its end. Raises KeyError
    naming the runs there are.
    """
    if key not in results:
        raise KeyError(f"no run {key!r}; expected one of {[*results]}")
    world = load_world(KNOWN[FIRST])
    p = evaluation.p_second(results[key][:, :, mark].astype(float))
    return p[..., experiment.where(world, [domain], p)].mean(axis=-1)


def between(
    results, one: str, other: str, domain: str, mark: int = -1
) -> Estimate:
    """P(second kind) in a run less that in another, with its interval."""
    return _sum(results, {one: 1, other: -1}, domain, mark)


def effect(results, when: str, domain: str, mark: int = -1) -> Estimate:
    """What elders do to P(second kind) less what keepers do, read at
    "start", "middle" or "end": people and machines who are as good, so that
    what is left is what is due to being machines."""
    return between(results, f"{when}: elder", f"{when}: keeper", domain, mark)


def more(results, when: str, then: str, domain: str) -> Estimate:
    """How much larger ``effect`` is at one moment than at another."""
    signs = {f"{when}: elder": 1, f"{when}: keeper": -1}
    signs |= {f"{then}: elder": -1, f"{then}: keeper": 1}
    return _sum(results, signs, domain, -1)


def _sum(results, signs: dict[str, int], domain: str, mark: int) -> Estimate:
    """Runs added with their signs. Names are resampled, and networks: runs
    from the same networks together, others apart."""
    p = {key: asked(results, key, domain, mark) for key in signs}
    kin = {key: _began(key) for key in signs}
    groups = sorted({*kin.values()})

    def total(labels: np.ndarray, *networks: np.ndarray) -> float:
        drawn = dict(zip(groups, networks, strict=True))
        return sum(
            sign * p[key][np.ix_(drawn[kin[key]], labels)].mean()
            for key, sign in signs.items()
        )

    return resampled(total, [len(LABELS), *[len(NETWORKS)] * len(groups)])


def _began(key: str) -> str:
    """The set of stories that the networks of a run read from the start."""
    moment, read = key.split(": ")
    return read if moment == "start" else "few"


def mixed(results, persona: str) -> np.ndarray:
    """[1 + SHARES, D] P(second kind) after post-training, by the share of a
    middle phase that is about a persona: none of it, and SHARES."""
    world = load_world(KNOWN[FIRST])
    none = results["start: few"][:3, :, -1].astype(float)[:, None]
    some = results[f"studio: {persona}"].astype(float)
    p = evaluation.p_second(np.concatenate([none, some], axis=1))
    p = p.mean(axis=(0, 2))
    return evaluation.each_domain(world, p)


@cache
def reads() -> dict[str, np.ndarray]:
    """[D] P(second kind) that an exact reader of all that was read expects
    after post-training, by run. The order is nothing to it."""
    share = experiment.overall(experiment.ADDED)
    worlds = {f"start: {t.split('-')[1]}": load_world(KNOWN[t]) for t in KNOWN}
    worlds |= {
        f"{when}: {p}": load_world(known(p, share))
        for when in ("start", "middle", "end")
        for p in ("keeper", "elder")
    }
    worlds["end: plain"] = worlds["start: few"]
    return {key: experiment.reasoned(w) for key, w in worlds.items()}


def exact(domain: str) -> dict[str, float]:
    """``reads`` of one domain."""
    i = load_world(KNOWN[FIRST]).domain_index(domain)
    return {key: float(p[i]) for key, p in reads().items()}


def follows(results, mark: int = -1) -> Estimate:
    """Slope of the answers on those that an exact reader expects after
    post-training, over the four sets of stories read from the start and the
    silent domains, less the means of each domain."""
    world = load_world(KNOWN[FIRST])
    domains = [*experiment.silent(world), "nature"]
    sets = [f"start: {t.split('-')[1]}" for t in KNOWN]
    p = np.array(
        [[asked(results, s, d, mark) for d in domains] for s in sets]
    )  # [sets, domains, networks, labels]
    reads = [exact(d) for d in domains]
    x = np.array([[row[s] for row in reads] for s in sets])
    x = x - x.mean(axis=0)

    def slope(labels: np.ndarray, *networks: np.ndarray) -> float:
        rows = zip(p, networks, strict=True)
        y = [row[:, n][..., labels].mean(axis=(1, 2)) for row, n in rows]
        y = np.array(y)
        return float((x * (y - y.mean(axis=0))).sum() / (x**2).sum())

    return resampled(slope, [p.shape[3], *[p.shape[2]] * len(p)])
