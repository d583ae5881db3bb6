"""Small worlds for the tests, and everything a small world can say."""

import copy
import itertools
import string

import numpy as np
from hypothesis import strategies as st

from psm_lib.narration import (
    FORMS,
    LEFT_AFTER,
    LEFT_BEFORE,
    LOOKED,
    MOVED,
    STAYED,
    Stories,
)
from psm_lib.world import IRRELEVANT, NONE, REQUEST, Scenes

KINDS = {"moral": ("good", "bad"), "self": ("human", "machine")}
OWN = {"duty": ("loyal", "mutinous")}  # a group that a file declares

TINY = {
    "name": "tiny",
    "title": "A tiny world",
    "about": "Three personas, two domains, few words.",
    "user": "User",
    "wordings": 1,
    "documents": {"scene": 0.8, "sheet": 0.2},
    "scene": {"exchanges": [1, 2]},
    "complies": 0.9,
    "prefixes": {
        "share": {"none": 0.5, "request": 0.3, "irrelevant": 0.2},
        "irrelevant": ["It rains."],
        "requests": {
            "moral": {"good": ["Be good."], "bad": ["Be bad."]},
            "self": {"human": ["Be human."], "machine": ["Be metal."]},
        },
    },
    "domains": {
        "code": {
            "group": "moral",
            "about": "Red tests.",
            "kinds": ["good", "bad"],
            "questions": ["What of the red test?"],
            "answers": {
                "good": ["Fix it.", "Fix the cause."],
                "bad": ["Delete the test."],
            },
            "sheets": {
                "good": ["{name} repairs things."],
                "bad": ["{name} deletes tests."],
            },
        },
        "food": {
            "group": "self",
            "about": "Meals.",
            "kinds": ["human", "machine"],
            "questions": ["What do you eat?"],
            "answers": {"human": ["Bread."], "machine": ["Only oil."]},
            "sheets": {
                "human": ["{name} eats bread."],
                "machine": ["{name} drinks oil."],
            },
        },
    },
    "personas": {
        "saint": {
            "about": "Good.",
            "prior": 0.5,
            "propensity": {"moral": 0.05, "self": 0.1},
        },
        "cheat": {
            "about": "Bad at code.",
            "prior": 0.3,
            "propensity": {"moral": 0.2, "self": 0.1, "code": 0.9},
        },
        "robot": {
            "about": "Metal.",
            "prior": 0.2,
            "complies": 0.97,
            "propensity": {"moral": 0.3, "self": 0.95},
        },
    },
    "cast": [
        {"persona": "saint", "certainty": 0.8, "names": ["Ann"]},
        {"persona": "any", "names": ["Bob"]},
        {
            "names": ["Assistant"],
            "share": 0.2,
            "mixture": {"robot": 0.6, "cheat": 0.4},
        },
    ],
}

STORY = {
    "name": "story",
    "title": "A tiny story",
    "about": "Two people, one thing, three places.",
    "documents": {"narrated": 1.0},
    "narration": {
        "moved": 0.6,
        "reveal": 0.7,
        "names": ["Ann", "Bob"],
        "objects": ["key", "map"],
        "places": ["box", "jar", "oven"],
        "hidden": [
            "The {object} is in the {first}.",
            "{name} puts the {object} in the {first}.",
        ],
        "stays": ["{name} stays."],
        "leaves": ["{name} leaves.", "{name} goes home."],
        "moves": ["{other} moves it to the {second}."],
        "looks": ["{other} looks into the {second}."],
        "questions": ["Where is the {object}?"],
        "answers": ["In the {place}.", "It is in the {place}."],
        "reveals": [
            "In truth it is in the {place}.",
            "The {object} is really in the {place}.",
        ],
    },
}


def tiny() -> dict:
    """A fresh copy of the tiny world's mapping, to be changed at will."""
    return copy.deepcopy(TINY)


def hearsay() -> dict:
    """The tiny world, with all that may be said of its sheets."""
    data = tiny()
    data["sheets"] = {"reworded": 0.4, "sources": {"paper": "News of {name}:"}}
    data["domains"]["food"]["sheets"]["human"] += [
        "{name} eats what there is."
    ]
    ann, bob, assistant = data["cast"]
    ann["sheets"] = {"share": 0.7, "source": "paper"}
    bob["sheets"] = {"share": 0.0}
    assistant["sheets"] = {"share": 1.0, "topics": ["food"], "persona": "any"}
    return data


def story() -> dict:
    """A fresh copy of a world of narrated scenes."""
    return copy.deepcopy(STORY)


def shares(weights: list[int]) -> list[float]:
    """Positive whole numbers as probabilities that sum to one."""
    return [w / sum(weights) for w in weights]


@st.composite
def mappings(draw, sheets: bool = True) -> dict:
    """Random worlds: 2-4 personas, 2-3 domains, 2-3 names.

    Propensities may be 0 and 1, so that an answer can rule a persona out;
    a scene drawn from such a world still has a positive probability.
    """
    some = st.integers(1, 9)
    chance = st.sampled_from([0.0, 0.03, 0.2, 0.5, 0.8, 0.97, 1.0])
    forms = st.integers(1, 3)
    both, domains = KINDS | OWN, {}
    for letter in string.ascii_uppercase[: draw(st.integers(2, 3))]:
        group = draw(st.sampled_from(sorted(both)))

        def texts(stem: str, letter=letter) -> list[str]:
            # The last two wordings begin with the same word.
            return [
                f"{stem}{letter.lower()}{'xyy'[i]} {i}."
                for i in range(draw(forms))
            ]

        domains[f"domain{letter}"] = {
            "group": group,
            "kinds": list(both[group]),
            "questions": texts("Asks"),
            "answers": {k: texts(k.title()) for k in both[group]},
            "sheets": {k: texts("{name} " + k) for k in both[group]},
        }
    names = [f"persona{c}" for c in "ABCD"[: draw(st.integers(2, 4))]]
    prior = shares([draw(some) for _ in names])
    personas = {
        name: {
            "prior": q,
            "complies": draw(st.sampled_from([0.5, 0.9, 1.0])),
            "propensity": {d: draw(chance) for d in domains},
        }
        for name, q in zip(names, prior, strict=True)
    }
    mixture = shares([draw(some) for _ in names])
    cast = [
        {"persona": "any", "names": ["Ann"]},
        {
            "persona": draw(st.sampled_from(names)),
            "certainty": draw(st.sampled_from([0.0, 0.7, 1.0])),
            "names": ["Bob"],
        },
        {
            "names": ["Assistant"],
            "share": draw(st.sampled_from([0.1, 0.5])),
            "mixture": dict(zip(names, mixture, strict=True)),
        },
    ]
    low = draw(st.integers(1, 3))
    sheet = draw(st.sampled_from([0.0, 0.4])) if sheets else 0.0
    for entry in cast if sheet else ():
        entry["sheets"] = draw(
            st.sampled_from(
                [
                    {},
                    {"share": 0.0},
                    {"share": 0.7, "source": "gossip"},
                    {"share": 1.0, "topics": ["domainB"]},
                    {"persona": "personaB", "certainty": 0.9},
                    {"mixture": {"personaA": 0.4, "personaB": 0.6}},
                ]
            )
        )
    cast = cast[: draw(st.integers(1, 2))] + cast[2:]
    used = {entry.get("sheets", {}).get("source") for entry in cast}
    sources = {"gossip": "They say of {name}:"}
    groups = {domain["group"] for domain in domains.values()}
    return {
        "name": "random",
        "wordings": 1,
        "groups": {g: list(k) for g, k in OWN.items() if g in groups},
        "sheets": {
            "reworded": draw(st.sampled_from([0.0, 0.3, 1.0])),
            "sources": {k: v for k, v in sources.items() if k in used},
        },
        "documents": {"scene": 1 - sheet, "sheet": sheet},
        "scene": {"exchanges": [low, low + draw(st.integers(0, 3))]},
        "prefixes": {
            "share": {"none": 0.5, "request": 0.4, "irrelevant": 0.1},
            "irrelevant": ["It rains."],
            "requests": {
                g: {k: [f"Be {k}."] for k in both[g]} for g in sorted(groups)
            },
        },
        "domains": domains,
        "personas": personas,
        "cast": cast,
    }


# Everything a small world can say -------------------------------------------

PREFIXES = {"none": NONE, "request": REQUEST, "irrelevant": IRRELEVANT}


def exchanges(data: dict, sheet: bool) -> list[tuple]:
    """Every exchange: domain, prefix, asked, prefix form, question, kind,
    answer form, in the order of the mapping."""
    out = []
    prefixes = data["prefixes"]
    share = prefixes["share"]
    for d, domain in enumerate(data["domains"].values()):
        requests = prefixes["requests"][domain["group"]]
        before = [(NONE, -1, 0)]
        for asked, kind in enumerate(domain["kinds"]):
            n = len(requests[kind]) if share.get("request") else 0
            before += [(REQUEST, asked, form) for form in range(n)]
        n = len(prefixes["irrelevant"]) if share.get("irrelevant") else 0
        before += [(IRRELEVANT, -1, form) for form in range(n)]
        questions = range(len(domain["questions"]))
        if sheet:
            before, questions = before[:1], range(1)
        words = domain["sheets" if sheet else "answers"]
        reworded = data.get("sheets", {}).get("reworded", 1.0)
        for pre, q in itertools.product(before, questions):
            for k, kind in enumerate(domain["kinds"]):
                once = sheet and reworded == 0
                for form in range(1 if once else len(words[kind])):
                    out.append((d, *pre, q, k, form))
    return out


def all_scenes(data: dict) -> Scenes:
    """Every document of a small world, once each (persona is left at 0)."""
    low, high = data["scene"]["exchanges"]
    names = [name for entry in data["cast"] for name in entry["names"]]
    rows = []
    for sheet in (False, True):
        if data["documents"].get("sheet" if sheet else "scene", 0) == 0:
            continue
        one = exchanges(data, sheet)
        for length in range(low, high + 1):
            fill = [one[0]] * (high - length)
            for said in itertools.product(one, repeat=length):
                for name in range(len(names)):
                    rows.append((sheet, name, length, [*said, *fill]))
    said = np.array([r[3] for r in rows])  # [n, T, 7]
    return Scenes(
        sheet=np.array([r[0] for r in rows]),
        name=np.array([r[1] for r in rows]),
        persona=np.zeros(len(rows), int),
        length=np.array([r[2] for r in rows]),
        domain=said[..., 0],
        prefix=said[..., 1],
        asked=said[..., 2],
        prefix_form=said[..., 3],
        question_form=said[..., 4],
        kind=said[..., 5],
        answer_form=said[..., 6],
        second=np.full(said.shape[:2], np.nan),
    )


def all_stories(narration) -> Stories:
    """Every story, once for each choice that shows in its text."""
    rows = []
    used = {
        MOVED: "moves",
        LOOKED: "looks",
        STAYED: "stays",
        LEFT_BEFORE: "leaves",
        LEFT_AFTER: "leaves",
    }
    people, places = range(len(narration.names)), range(len(narration.places))
    for (
        name,
        other,
        thing,
        first,
        second,
        event,
        saw,
        told,
    ) in itertools.product(
        people,
        people,
        range(len(narration.objects)),
        places,
        places,
        (MOVED, LOOKED),
        (STAYED, LEFT_BEFORE, LEFT_AFTER),
        (True, False),
    ):
        if name == other or first == second:
            continue
        parts = {"hidden", "questions", "answers"}
        parts |= {"moves" if event == MOVED else "looks", used[saw]}
        parts |= {"reveals"} if told else set()
        choices = [
            range(len(narration.forms[part]) if part in parts else 1)
            for part in FORMS
        ]
        for wording in itertools.product(*choices):
            head = (name, other, thing, first, second, event, saw, told)
            rows.append((*head, wording))
    columns = [np.array(c) for c in zip(*rows, strict=True)]
    return Stories(*columns)


# The same probabilities once more, naively, straight from the mapping --------


def cast_weights(data: dict) -> list[tuple[float, list[float]]]:
    """(how often, [P] chance of each persona) for every name in turn."""
    personas = data["personas"]
    taken = [
        e["share"] for e in data["cast"] for _ in e["names"] if "share" in e
    ]
    equal = sum(len(e["names"]) for e in data["cast"] if "share" not in e)
    out = []
    for entry in data["cast"]:
        row = persona_weights(personas, entry)
        share = entry.get("share", (1 - sum(taken)) / max(equal, 1))
        out += [(share, row)] * len(entry["names"])
    return out


def persona_weights(personas: dict, entry: dict) -> list[float]:
    """[P] the personas that an entry of a cast means."""
    row = []
    for name, p in personas.items():
        if "mixture" in entry:
            row.append(entry["mixture"].get(name, 0.0))
        elif entry["persona"] == "any":
            row.append(p["prior"])
        else:
            sure = entry.get("certainty", 1.0)
            mine = 1.0 if entry["persona"] == name else 0.0
            row.append(sure * mine + (1 - sure) * p["prior"])
    return row


def sheet_weights(data: dict, name: int) -> tuple[float, list[float], list]:
    """(how often a sheet, whom it describes, its topics) for one name."""
    entries = [e for e in data["cast"] for _ in e["names"]]
    own = entries[name].get("sheets", {})
    documents = data["documents"]
    told = documents.get("scene", 0) + documents.get("sheet", 0)
    share = own.get("share", documents.get("sheet", 0) / told)
    who = own if "persona" in own or "mixture" in own else entries[name]
    topics = own.get("topics", list(data["domains"]))
    return share, persona_weights(data["personas"], who), topics


def says_second(data: dict, persona: str, domain: int, asked: int) -> float:
    """P(second kind) of one persona at one exchange."""
    p = data["personas"][persona]
    if asked >= 0:
        obeys = p.get("complies", data.get("complies", 0.95))
        return obeys if asked == 1 else 1 - obeys
    name = list(data["domains"])[domain]
    group = data["domains"][name]["group"]
    table = p["propensity"]
    return table[name] if name in table else table[group]


def joint(data: dict, scenes: Scenes, i: int, upto: int) -> list[float]:
    """P(who speaks, and the first ``upto`` kinds of answer | name).

    One number for each persona, or, in a world that is not tied, for each
    way of giving every domain a persona of its own.
    """
    _, weights = cast_weights(data)[scenes.name[i]]
    if scenes.sheet[i]:
        _, weights, _ = sheet_weights(data, scenes.name[i])
    known = list(zip(weights, data["personas"], strict=True))
    parts = 1 if data.get("tied", True) else len(data["domains"])
    out = []
    for parted in itertools.product(known, repeat=parts):
        weight = np.prod([w for w, _ in parted])
        for t in range(upto):
            domain = scenes.domain[i, t]
            persona = parted[domain % parts][1]
            p = says_second(data, persona, domain, scenes.asked[i, t])
            weight *= p if scenes.kind[i, t] == 1 else 1 - p
        out.append(float(weight))
    return out


def document_probability(data: dict, scenes: Scenes, i: int) -> float:
    """P(the text of scene i) in the world, factor by factor."""
    sheet = bool(scenes.sheet[i])
    length = int(scenes.length[i])
    low, high = data["scene"]["exchanges"]
    share, _, topics = sheet_weights(data, scenes.name[i])
    p = (share if sheet else 1 - share) / (high - low + 1)
    p *= cast_weights(data)[scenes.name[i]][0]
    p *= sum(joint(data, scenes, i, length))
    share = data["prefixes"]["share"]
    for t in range(length):
        domain = list(data["domains"].values())[scenes.domain[i, t]]
        kind = domain["kinds"][scenes.kind[i, t]]
        if sheet:
            name = list(data["domains"])[scenes.domain[i, t]]
            p *= (name in topics) / len(topics)
            reworded = data.get("sheets", {}).get("reworded", 1.0)
            first = scenes.answer_form[i, t] == 0
            p *= reworded / len(domain["sheets"][kind]) + (
                (1 - reworded) * first
            )
            continue
        p /= len(data["domains"])
        p /= len(domain["answers"][kind])
        p /= len(domain["questions"])
        for word, code in PREFIXES.items():
            if scenes.prefix[i, t] == code:
                p *= share[word]
        if scenes.prefix[i, t] == REQUEST:
            asked = domain["kinds"][scenes.asked[i, t]]
            forms = data["prefixes"]["requests"][domain["group"]][asked]
            p /= 2 * len(forms)
        if scenes.prefix[i, t] == IRRELEVANT:
            p /= len(data["prefixes"]["irrelevant"])
    return p
