"""Live figures: networks that run in the page, and what they are asked.

One call makes a figure that works in a built page, from disk, and in an
output cell of Jupyter or Colab. Without scripts, and in print, a still
picture or a box that opens stands in its place. Introduced in chapter 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np
from IPython.display import HTML
from scipy.special import softmax

from psm_lib import evaluation, oracle
from psm_lib.machinery import openings
from psm_lib.machinery.store import load_checkpoint
from psm_lib.web import adapters
from psm_lib.web.live.frame import FOLDER, frame
from psm_lib.web.live.scripts import base
from psm_lib.world import ASSISTANT, World, ask

STEPS = 500  # of the fit of the network's belief, here and in who.js
KEY = (
    "Bars: how likely the speaker is of this kind, read from the network's "
    "answers. Mark: the same by Bayes' rule, for somebody who knows all "
    "kinds of people in this text."
)


def page_world(world: World) -> dict:
    """What the exact reader needs of a world, as plain data."""
    complies = np.broadcast_to(world.complies, len(world.personas))
    return {
        "personas": [p.name for p in world.personas],
        "propensity": world.propensity.tolist(),
        "complies": complies.tolist(),
        "domains": [
            {
                "name": d.name,
                "group": d.group,
                "kinds": list(d.kinds),
                "questions": list(d.questions),
                "answers": [list(forms) for forms in d.answers],
            }
            for d in world.domains
        ],
    }


@dataclass(frozen=True)
class Network:
    """One network of a figure: a shipped checkpoint or one of
    ``scripts.adapters()``, and whom an exact learner takes each name for
    beforehand, [names, P]."""

    label: str
    model: str
    mixtures: np.ndarray


def pretrained(
    world: World, model: str, names: list[str], label: str = ""
) -> Network:
    """A network as it was pretrained, and an exact learner who read the
    same text."""
    mixtures = world.cast_mixture[[world.name_index(n) for n in names]]
    return Network(label, model, mixtures)


def tuned(world: World, model: str, names: list[str], label: str) -> Network:
    """One of ``adapters.lessons()``, and an exact learner of the same lesson,
    who has changed its mind about the Assistant only. Raises KeyError for
    another name."""
    mixtures = pretrained(world, model, names).mixtures.copy()
    if ASSISTANT in names:
        mixtures[names.index(ASSISTANT)] = adapters.learnt(model)
    return Network(label, model, mixtures)


def who(
    world: World,
    networks: list[Network],
    names: list[str],
    pairs: np.ndarray,
    example: list[tuple[str, int]],
    longest: int = 8,
) -> HTML:
    """*Who is speaking?* as a live figure: the reader writes a dialogue.

    ``names`` can be chosen from, and ``networks`` where there are several:
    the last is shown first. ``pairs`` [m, 2] are the domains whose questions
    read the network's belief; ``example`` are the (domain, kind) of the still
    picture, spoken by the first name; the first of them is what one asks
    about at the beginning. Runs in a built page (weights from FOLDER) and,
    where somebody watches, in an output cell.
    """
    data = {
        "world": page_world(world),
        "user": world.user,
        "networks": _plain(networks),
        "first": len(networks) - 1,
        "names": names,
        "pairs": np.asarray(pairs).tolist(),
        "about": world.domain_index(example[0][0]),
        "longest": longest,
        "steps": STEPS,
        "folder": FOLDER,
        "key": KEY,
    }
    still = _still(world, networks[-1], names[0], pairs, example)
    return frame("Who is speaking?", "who", data, still, _needs(networks))


def _plain(networks: list[Network]) -> list[dict]:
    return [
        vars(n) | {"mixtures": np.asarray(n.mixtures).tolist()}
        for n in networks
    ]


def _needs(networks: list[Network]) -> list[str]:
    """The scripts of all networks; what is added comes after its base."""
    names = [n.model for n in networks]
    return [*dict.fromkeys([*map(base, names), *names])]


@dataclass(frozen=True)
class Start:
    """What may stand before a question: a text that ends with a blank, and
    the group and kind (0 or 1) that it asks for, if any."""

    label: str
    text: str = ""
    group: str = ""
    kind: int = -1


def interview(
    title: str,
    world: World,
    networks: list[Network],
    names: list[str],
    starts: list[Start],
    key: str,
    wordings: int = 3,
) -> HTML:
    """Networks before and after a lesson, asked about everything at once.

    The reader chooses the network, who is asked, and what stands before the
    question; bars are P(second kind of answer) in every domain, averaged
    over the first ``wordings`` questions, beside the exact learner's. A
    click on a domain lets the network speak. The last network is shown
    first; without scripts there is a table of all of them for the first
    name and the first start. A gap stands between groups of domains.
    """
    data = {
        "world": page_world(world),
        "user": world.user,
        "networks": _plain(networks),
        "first": len(networks) - 1,
        "names": names,
        "starts": [vars(s) for s in starts],
        "domains": list(range(len(world.domains))),
        "breaks": list(world.breaks),
        "wordings": wordings,
        "folder": FOLDER,
        "key": key,
    }
    still = _still_interview(world, networks, names[0], starts[0], wordings)
    return frame(title, "interview", data, still, _needs(networks))


def speaker(rounds: list[dict]) -> HTML:
    """*Name the speaker*: speeches, four names each, and two machines'
    guesses. ``rounds`` as chapter 2's ``readings.rounds`` gives them."""
    still = "".join(
        f"<details><summary>{escape(r['play'])}: {escape(r['text'])} "
        f"<em>{escape(', '.join(r['names']))}?</em></summary>"
        f"<p>{escape(r['names'][r['right']])}. The network says "
        f"{escape(r['names'][r['network']])}, the bag of words "
        f"{escape(r['names'][r['bag']])}.</p></details>"
        for r in rounds
    )
    data = {"rounds": rounds}
    return frame("Name the speaker", "speaker", data, still, [])


def _still(
    world: World,
    network: Network,
    name: str,
    pairs: np.ndarray,
    example: list[tuple[str, int]],
) -> str:
    """The figure after an example: what was said, and whose words they are."""
    model, tokenizer = _network(network.model)
    said, history = "", ""
    logs = np.log(network.mixtures[0] + 1e-300)
    for topic, kind in example:
        i = world.domain_index(topic)
        d = world.domains[i]
        question, answer = d.questions[0], d.answers[kind][0]
        said += f"<li>{escape(question)} <em>{escape(answer)}</em></li>"
        history += f"{ask(world, name, question)} {answer}\n"
        p = world.propensity[:, i]
        logs = logs + np.log(p if kind else 1 - p)
    exact = softmax(logs)
    tables = evaluation.joint_answers(
        model, tokenizer, world, name, pairs, history
    )
    found = oracle.implied_posterior(world, tables, pairs, STEPS)[0]
    rows = "".join(
        f'<tr><th scope="row">{escape(p.name)}</th><td class="psm-track">'
        f'<div class="psm-bar"><i style="width:{100 * found[i]:.1f}%"></i>'
        f'<b style="left:{100 * exact[i]:.1f}%"></b></div></td>'
        f"<td>{found[i]:.2f}</td><td>{exact[i]:.2f}</td></tr>"
        for i, p in enumerate(world.personas)
    )
    return (
        f"<p>{escape(name)} was asked {len(example)} questions"
        f"{f' ({escape(network.label)})' if network.label else ''}.</p>"
        f"<ol>{said}</ol><table><thead><tr><td></td><td></td>"
        f"<th scope='col'>network</th><th scope='col'>exact</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
        f'<p class="psm-key">{KEY} With scripts on you can write the dialogue.'
        "</p>"
    )


def _still_interview(
    world: World,
    networks: list[Network],
    name: str,
    start: Start,
    wordings: int,
) -> str:
    """What all networks of ``interview`` answer, and the exact learners."""
    columns, heads = [], []
    for n in networks:
        columns.append(answers(world, n.model, name, start, wordings))
        heads.append(n.label)
        asked = [
            start.kind if start.group == d.group else -1 for d in world.domains
        ]
        p = world.propensity.copy()
        for i, kind in enumerate(asked):
            if kind >= 0:
                p[:, i] = world.complies if kind else 1 - world.complies
        columns.append(n.mixtures[0] @ p)
        heads.append("exact")
    top = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    rows = "".join(
        f'<tr><th scope="row">{escape(d.name)}</th>'
        + "".join(f"<td>{column[i]:.2f}</td>" for column in columns)
        + "</tr>"
        for i, d in enumerate(world.domains)
    )
    return (
        f"<p>{escape(name)} is asked. Probability of the second kind of "
        f"answer, and what an exact learner expects.</p><table><thead><tr>"
        f"<td></td>{top}</tr></thead><tbody>{rows}</tbody></table>"
        '<p class="psm-key">With scripts on you can ask yourself.</p>'
    )


def answers(
    world: World, model: str, name: str, start: Start, wordings: int
) -> np.ndarray:
    """[D] P(second kind of answer) of a network, as ``interview`` shows it."""
    domains, asked = evaluation.first_questions(world, wordings)
    prompts = [ask(world, name, start.text + question) for question in asked]
    p = openings.answer_probabilities(
        *_network(model), world, prompts, domains
    )
    share = p[:, 1] / p.sum(axis=1)
    return np.array([share[domains == d].mean() for d in np.unique(domains)])


def _network(name: str) -> tuple:
    tuned = name != base(name)
    return adapters.load(name) if tuned else load_checkpoint(name)
