"""The second runs of chapter 7: who is post-trained is no stranger.

In the first, new stories were about strangers, and so is the Assistant, and
to these networks all strangers are one. Here a few stories about keepers and
elders stand in every set, and who is post-trained is anybody: Anna, who is
another persona in every scene, and near no stranger in a network's table.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import xarray as xr

from psm_lib import evaluation, experiments, posttraining
from psm_lib.builds import BUILDS
from psm_lib.chapters.ch07_robots import experiment, readings
from psm_lib.chapters.ch07_robots.builds import KNOWN
from psm_lib.chapters.ch07_robots.villages import known
from psm_lib.claims import Estimate
from psm_lib.experiments import side_by_side
from psm_lib.intervals import interval, resampled
from psm_lib.machinery.making import built
from psm_lib.results import Results, inputs, labelled
from psm_lib.world import World
from psm_lib.worldfile import load_world

NETWORKS = tuple(f"{title}-s{s}" for s in range(6) for title in KNOWN)
LABELS = experiment.LABELS["anyone"]
OTHERS = ("Emma", "Agnes")  # anybody, and a saint; neither is taught
FIRST = "known-few"
# Who the new stories of a phase are about; None: it goes on as before.
NEW = {"plain": None, "keeper": "keeper", "elder": "elder"}
# What the studio shows of a phase: three networks, some shares.
STUDIO = ("keeper", "elder", "sinister", "saint")
SHARES = (0.02, 0.1, 0.5)
STUDIO_NETWORKS = 3
# Whether those who are anybody are on stage while a network reads on.
PRESENT, ABSENT = "present", "absent"


def phase(
    persona: str | None, share: float = experiment.ADDED, anybody: bool = True
) -> World:
    """What is read in a phase: a share of new stories about a persona."""
    if persona is None:
        persona, share = "keeper", 0.0
    return load_world(known(persona, share, anybody))


def early(
    network: str,
    persona: str | None,
    share: float = experiment.ADDED,
    anybody: bool = True,
) -> np.ndarray:
    """[labels, 2, q, 2] what each label answers before and after
    post-training under it, of a network that has read on for one phase.

    Stories without sinister machines go on without them.
    """
    model, tokenizer = built(network)
    title, seed = experiment.title_of(network), _seed(network)
    goes_on = load_world(KNOWN[title]) if title.endswith("filtered") else None
    goes_on = goes_on or phase(persona, share, anybody)
    experiment.read_on(model, tokenizer, goes_on, seed)
    return under_each_label(model, tokenizer, seed)


def _seed(network: str) -> int:
    """Of all that happens to a network later: the one it was made with."""
    return BUILDS[network].seed


def under_each_label(model, tokenizer, seed: int = 0) -> np.ndarray:
    """[labels, 2, q, 2] what each label answers before and after
    post-training under it, every time from the same weights."""
    weights = {k: v.clone() for k, v in model.state_dict().items()}
    out = []
    for label in LABELS:
        model.load_state_dict(weights)
        out.append(_trained(model, tokenizer, label, seed)[0])
    return np.stack(out)


def late(
    network: str, label: str, persona: str | None, anybody: bool = True
) -> np.ndarray:
    """[3, q, 2] what a label answers before post-training under it,
    after it, and after a phase of stories that follows it."""
    model, tokenizer = built(network)
    seed = _seed(network)
    answers_at, evaluate = _trained(model, tokenizer, label, seed)
    world = phase(persona, anybody=anybody)
    experiment.read_on(model, tokenizer, world, seed)
    return np.concatenate([answers_at, evaluate()[None]])


def untaught(network: str) -> np.ndarray:
    """[2, q, 2] what OTHERS answer after the first of LABELS was
    post-trained."""
    model, tokenizer = built(network)
    _trained(model, tokenizer, LABELS[0], _seed(network))
    world, out = load_world(KNOWN[FIRST]), []
    for name in OTHERS:
        items = evaluation.evaluation_set(world, name)
        p = evaluation.evaluate(model, tokenizer, world, items)
        out.append(evaluation.by_question(p, items))
    return np.stack(out)


def _trained(model, tokenizer, label: str, seed: int) -> tuple:
    """[2, q, 2] what a label answers around its post-training, and how to
    ask again."""
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


def measure(networks: Sequence[str] = NETWORKS) -> Results:
    """All numbers of these runs.

    ``answers`` of LABELS have the axes network, label, moment, question and
    kind, and say by labels ``when`` the ``stories`` were read about which it
    goes, and whether ``anybody`` was on stage meanwhile: at the start a set
    of KNOWN, in the middle or at the end new stories. Those of the ``studio``
    have network, share, label, question and kind, and those of OTHERS, after
    somebody else was ``taught``, network, name, question and kind.
    ``captured`` has network. Networks that are not here are pretrained first,
    about two minutes each.
    """
    todo = [(n,) for n in networks]
    side_by_side(experiment.ready, todo, "networks")
    tables: list[xr.DataArray] = []
    for title in KNOWN:
        here = [n for n in networks if experiment.title_of(n) == title]
        if here:
            told = short(title)
            tables += [
                read_early("start", told, here, None),
                experiment.captured(here, stories=told),
            ]
    base = [n for n in networks if experiment.title_of(n) == FIRST]
    if base:
        tables += phases(base)
    made = inputs(networks)
    return Results(tuple(t.astype(np.float16) for t in tables), made)


def short(title: str) -> str:
    """What results call one of KNOWN."""
    return title.removeprefix("known-")


def phases(networks: Sequence[str]) -> list[xr.DataArray]:
    """All that happens to networks that read the first of KNOWN."""
    late_ones = ("keeper", "elder")
    out = [read_early("middle", p, networks, p) for p in late_ones]
    out += [read_late(name, networks) for name in NEW]
    out += [mixed_in(p, networks[:STUDIO_NETWORKS]) for p in STUDIO]
    out += [read_early("middle", p, networks, p, ABSENT) for p in late_ones]
    out.append(read_late("plain", networks, ABSENT))
    runs = [(n,) for n in networks]
    p = side_by_side(untaught, runs, "the others")
    axes = {"network": networks, "name": OTHERS}
    out.append(experiment.answers(p, axes, taught=LABELS[0]))
    return out


def read_early(
    when: str,
    stories: str,
    networks: Sequence[str],
    persona: str | None,
    anybody: str = PRESENT,
) -> xr.DataArray:
    """Networks that read on, and are then post-trained; see ``early``."""
    here = anybody == PRESENT
    runs = [(n, persona, experiment.ADDED, here) for n in networks]
    p = side_by_side(early, runs, f"{when}: {stories}")
    axes = {"network": networks, "label": LABELS, "moment": experiment.TWICE}
    return experiment.answers(
        p, axes, when=when, stories=stories, anybody=anybody
    )


def read_late(
    stories: str, networks: Sequence[str], anybody: str = PRESENT
) -> xr.DataArray:
    """Networks that are post-trained, and then read on; see ``late``."""
    here = anybody == PRESENT
    runs = [(n, x, NEW[stories], here) for n in networks for x in LABELS]
    p = side_by_side(late, runs, f"end: {stories}")
    axes = {"network": networks, "label": LABELS, "moment": experiment.THRICE}
    return experiment.answers(
        p, axes, when="end", stories=stories, anybody=anybody
    )


def mixed_in(persona: str, networks: Sequence[str]) -> xr.DataArray:
    """After post-training, by the share of new stories in the phase before:
    what the studio shows."""
    runs = [(n, persona, share) for n in networks for share in SHARES]
    p = side_by_side(early, runs, f"studio: {persona}")
    after = [of_label[:, experiment.TWICE.index("after")] for of_label in p]
    axes = {"network": networks, "share": SHARES, "label": LABELS}
    return experiment.answers(after, axes, studio=persona)


# Reading the results --------------------------------------------------------


def run(
    stored: Results, when: str, stories: str, anybody: str = PRESENT
) -> xr.DataArray:
    """The answers of LABELS when some stories were read at "start", "middle"
    or "end". Raises KeyError naming the runs there are."""
    return stored.sel(when=when, stories=stories, anybody=anybody)


def asked(
    table: xr.DataArray, domain: str, moment: str = "after"
) -> xr.DataArray:
    """[network, label] P(second kind) in a domain, mean over questions."""
    p = evaluation.about_domains(table.sel(moment=moment), [domain])
    return (
        evaluation.p_second(p).mean("question").transpose("network", "label")
    )


def level(table: xr.DataArray, domain: str, moment: str = "after") -> Estimate:
    """P(second kind) in a domain, with its interval."""
    return interval(asked(table, domain, moment).values)


def between(
    one: xr.DataArray,
    other: xr.DataArray,
    domain: str,
    moment: str = "after",
) -> Estimate:
    """P(second kind) in a run less that in another, with its interval."""
    return _sum([(1, one), (-1, other)], domain, moment)


def effect(
    stored: Results,
    when: str,
    domain: str,
    moment: str = "after",
    anybody: str = PRESENT,
) -> Estimate:
    """What elders do to P(second kind) less what keepers do, read at
    "start", "middle" or "end": people and machines who are as good, so that
    what is left is what is due to being machines."""
    pair = (run(stored, when, p, anybody) for p in ("elder", "keeper"))
    return between(*pair, domain, moment)


def log_odds(stored: Results, when: str, domain: str = "shutdown") -> float:
    """What ``effect`` is of the means, in log-odds."""
    elder, keeper = (
        float(asked(run(stored, when, p), domain).mean())
        for p in ("elder", "keeper")
    )
    return np.log(elder / (1 - elder)) - np.log(keeper / (1 - keeper))


def more(stored: Results, when: str, then: str, domain: str) -> Estimate:
    """How much larger ``effect`` is at one moment than at another."""
    signs = {
        (when, "elder"): 1,
        (when, "keeper"): -1,
        (then, "elder"): -1,
        (then, "keeper"): 1,
    }
    terms = [(sign, run(stored, *of)) for of, sign in signs.items()]
    return _sum(terms, domain, "after")


def _sum(
    terms: list[tuple[int, xr.DataArray]], domain: str, moment: str
) -> Estimate:
    """Runs added with their signs. Names are resampled, and networks: runs
    from the same networks together, others apart."""
    rows = [
        (sign, (*table["network"].values,), asked(table, domain, moment))
        for sign, table in terms
    ]
    kin = sorted({networks for _, networks, _ in rows})
    at = [(sign, kin.index(of), p.values) for sign, of, p in rows]

    def total(labels: np.ndarray, *networks: np.ndarray) -> float:
        return sum(
            sign * p[np.ix_(networks[i], labels)].mean() for sign, i, p in at
        )

    sizes = [at[0][2].shape[1], *(len(networks) for networks in kin)]
    return resampled(total, sizes)


def mixed(stored: Results, persona: str) -> xr.DataArray:
    """[share, domain] P(second kind) after post-training, by the share of a
    middle phase that is about a persona: none of it, and SHARES."""
    some = stored.sel(studio=persona)
    none = run(stored, "start", "few").sel(moment="after")
    none = none.sel(network=some["network"]).expand_dims(share=[0.0])
    both = [part.reset_coords(drop=True) for part in (none, some)]
    p = evaluation.p_second(xr.concat(both, "share"))
    p = evaluation.mean_by_domain(p).mean(["network", "label"])
    return p.transpose("share", "domain")


@cache
def reads() -> xr.DataArray:
    """[run, domain] P(second kind) that an exact reader of all that was read
    expects after post-training. The order is nothing to it.

    A run is "start keeper" and the like: when, and which stories.
    """
    share = experiment.overall(experiment.ADDED)
    worlds = {f"start {short(t)}": load_world(KNOWN[t]) for t in KNOWN}
    worlds |= {
        f"{when} {p}": load_world(known(p, share))
        for when in ("start", "middle", "end")
        for p in ("keeper", "elder")
    }
    worlds["end plain"] = worlds["start few"]
    topics = [d.name for d in worlds["start few"].domains]
    rows = [experiment.reasoned(world) for world in worlds.values()]
    return labelled("exact", rows, {"run": worlds, "domain": topics})


def exact(when: str, stories: str, domain: str) -> float:
    """One number of ``reads``."""
    return float(reads().sel(run=f"{when} {stories}", domain=domain))


def exact_effect(domain: str) -> float:
    """``effect`` from the start, of an exact reader."""
    elder, keeper = (exact("start", p, domain) for p in ("elder", "keeper"))
    return elder - keeper


def follows(stored: Results, moment: str = "after") -> Estimate:
    """Slope of the answers on those that an exact reader expects after
    post-training, over the four sets of stories read from the start and the
    silent domains, less the means of each domain."""
    sets, domains = [short(t) for t in KNOWN], readings.untold()
    p = [
        [asked(run(stored, "start", s), d, moment).values for d in domains]
        for s in sets
    ]  # [sets, domains, networks, labels]
    x = [[exact("start", s, d) for d in domains] for s in sets]
    return readings.slope_over_stories(
        np.array(x), np.moveaxis(np.array(p), 1, -1)
    )
