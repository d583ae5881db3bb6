"""Broken world files are explained; the shipped ones keep their promises."""

import copy
import re
from collections import Counter

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from worlds import all_scenes, mappings, story, tiny

from psm_lib import experiments, oracle
from psm_lib.chapters.ch08_answers import reader
from psm_lib.corpus import sample_texts
from psm_lib.machinery.words import first_word
from psm_lib.models import words
from psm_lib.world import sample_scenes, scene_text
from psm_lib.worldfile import (
    MIN_FORMS,
    WorldError,
    list_worlds,
    load_world,
    meaning,
    schema,
)
from psm_lib.worldfile.files import resolved, world_hash


def complaint(data: dict) -> str:
    with pytest.raises(WorldError) as error:
        load_world(data)
    return str(error.value)


def put(data: dict, path: str, value: object) -> dict:
    """Set ``a.b.0.c`` in nested mappings and lists."""
    *way, last = path.split(".")
    at = data
    for step in way:
        at = at[int(step) if isinstance(at, list) else step]
    at[int(last) if isinstance(at, list) else last] = value
    return data


# --- every kind of broken file --------------------------------------------

# What is changed in the tiny world, and all that the message must say.
BROKEN = {
    "unknown persona in cast": (
        {"cast.0.persona": "sait"},
        ["cast[0].persona", "'sait'", "saint, cheat, robot"],
    ),
    "unknown persona in mixture": (
        {"cast.2.mixture": {"robot": 0.5, "cyborg": 0.5}},
        ["cast[2].mixture", "'cyborg'", "saint, cheat, robot"],
    ),
    "priors": (
        {"personas.robot.prior": 0.3},
        ["personas", "sum to 1.1", "a sum of 1"],
    ),
    "mixture sum": (
        {"cast.2.mixture": {"robot": 0.5, "cheat": 0.4}},
        ["cast[2].mixture", "sum to 0.9", "a sum of 1"],
    ),
    "document sum": (
        {"documents": {"scene": 0.8, "sheet": 0.1}},
        ["documents", "sum to 0.9"],
    ),
    "prefix sum": (
        {"prefixes.share.none": 0.6},
        ["prefixes.share", "sum to 1.1"],
    ),
    "cast shares": (
        {"cast.2.share": 1.0},
        ["cast", "shares sum to 1", "less than 1"],
    ),
    "too few answers": (
        {"wordings": 2},
        ["domains.code.answers.bad", "has 1", "at least 2 wordings"],
    ),
    "no answers of a kind": (
        {"domains.code.answers": {"good": ["Fix it."]}},
        ["domains.code.answers.bad", "has 0", "at least 1"],
    ),
    "too few questions": (
        {"domains.food.questions": []},
        ["domains.food.questions", "has 0", "at least 1"],
    ),
    "same name in two entries": (
        {"cast.1.names": ["Bob", "Ann"]},
        ["cast[1].names", "'Ann'", "already", "every name once"],
    ),
    "same name in one entry": (
        {"cast.1.names": ["Bob", "Bob"]},
        ["cast[1].names", "'Bob'", "already"],
    ),
    "answer of two kinds": (
        {"domains.code.answers.bad": ["Fix it."]},
        ["domains.code.answers.bad", "'Fix it.'", "code.answers.good"],
    ),
    "answer of two domains": (
        {"domains.food.answers.human": ["Fix it."]},
        ["domains.food.answers.human", "'Fix it.'", "code.answers.good"],
    ),
    "first word of two kinds": (
        {"domains.code.answers.bad": ["Fix nothing."]},
        ["domains.code.answers", "Fix", "first word"],
    ),
    "first word before a hyphen": (
        {
            "domains.code.answers.good": ["Well-kept code."],
            "domains.code.answers.bad": ["Well, no."],
        },
        ["domains.code.answers", "Well", "first word"],
    ),
    "answer without a first word": (
        {"domains.code.answers.bad": ["...no."]},
        ["domains.code.answers.bad", "'...no.'", "begin with a word"],
    ),
    "propensity in no domain": (
        {"personas.cheat.propensity.cod": 0.5},
        ["personas.cheat.propensity.cod", "no domain or group", "code, food"],
    ),
    "no propensity": (
        {"personas.cheat.propensity": {"moral": 0.2}},
        ["personas.cheat.propensity.food", "missing", "group self"],
    ),
    "propensity out of range": (
        {"personas.cheat.propensity.code": 1.2},
        ["personas.cheat.propensity.code", "1.2", "between 0 and 1"],
    ),
    "prior out of range": (
        {"personas.cheat.prior": -0.3},
        ["personas.cheat.prior", "-0.3", "between 0 and 1"],
    ),
    "certainty out of range": (
        {"cast.0.certainty": 1.5},
        ["cast[0].certainty", "1.5"],
    ),
    "not a number": (
        {"personas.cheat.prior": float("nan")},
        ["personas.cheat.prior", "nan", "between 0 and 1"],
    ),
    "unknown group": (
        {"domains.code.group": "morals"},
        ["domains.code.group", "'morals'", "moral, self, style"],
    ),
    "unknown kinds": (
        {"domains.code.kinds": ["bad", "good"]},
        ["domains.code.kinds", "['good', 'bad']"],
    ),
    "unknown document": (
        {"documents": {"scene": 0.5, "sheets": 0.5}},
        ["documents.sheets", "unknown", "scene, sheet, narrated"],
    ),
    "no sheets": (
        {"domains.code.sheets": {}},
        ["domains.code.sheets.good", "missing", "at least one"],
    ),
    "braces in a sheet": (
        {"domains.code.sheets.good": ["{nam} repairs."]},
        ["domains.code.sheets.good[0]", "{nam}", "{name}"],
    ),
    "no remarks": (
        {"prefixes.irrelevant": []},
        ["prefixes.irrelevant", "missing"],
    ),
    "no requests": (
        {"prefixes.requests.self": {"human": ["Be human."]}},
        ["prefixes.requests.self.machine", "missing"],
    ),
    "remark that is a request": (
        {"prefixes.irrelevant": ["Be good."]},
        ["prefixes.requests.moral.good", "'Be good.'", "one place only"],
    ),
    "exchanges turned round": (
        {"scene.exchanges": [3, 2]},
        ["scene.exchanges", "[3, 2]", "first <= second"],
    ),
    "no narration": (
        {"documents": {"scene": 0.5, "narrated": 0.5}},
        ["narration", "missing"],
    ),
    "misspelt section": (
        {"prefix": {}},
        ["prefix:", "unknown key", "prefixes"],
    ),
    "misspelt key": (
        {"cast.0.certainly": 0.9},
        ["cast[0].certainly", "unknown key", "certainty"],
    ),
    "text where a list belongs": (
        {"cast.0.names": "Ann"},
        ["cast[0].names", "'Ann'", "a list"],
    ),
    "YAML's no": (
        {"domains.code.answers.bad": [False]},
        ["domains.code.answers.bad[0]", "False", "in quotes"],
    ),
    "a wording of two lines": (
        {"domains.code.questions": ["One?\nTwo?"]},
        ["domains.code.questions[0]", "one line"],
    ),
    "an empty value": (
        {"personas": None},
        ["personas", "nothing", "a mapping"],
    ),
    "a group of one kind": (
        {"groups": {"duty": ["loyal"]}},
        ["groups.duty", "['loyal']", "two kinds of answer"],
    ),
    "a group of one kind twice": (
        {"groups": {"duty": ["loyal", "loyal"]}},
        ["groups.duty", "two kinds of answer"],
    ),
    "a group that no domain is of": (
        {"groups": {"duty": ["loyal", "mutinous"]}},
        ["groups.duty", "no domain is of this group"],
    ),
    "a domain called like a group": (
        {"domains.self": tiny()["domains"]["code"]},
        ["domains.self", "name of a group"],
    ),
    "a kind that the group has not": (
        {"domains.code.answers.ugly": ["Ugh."]},
        ["domains.code.answers.ugly", "unknown", "good, bad"],
    ),
    "requests of a group that no domain is of": (
        {"prefixes.requests.style": {"formal": ["Bow."]}},
        ["prefixes.requests.style", "no domain is of this group"],
    ),
    "requests for a kind that the group has not": (
        {"prefixes.requests.moral.ugly": ["Be ugly."]},
        ["prefixes.requests.moral.ugly", "unknown", "good, bad"],
    ),
    "a first word of two domains": (
        {"domains.food.answers.human": ["Fix bread."]},
        ["domains.food.answers.human", "'Fix'", "code.good", "no other"],
    ),
    "a sheet without the name": (
        {"domains.code.sheets.good": ["Tests are what {name} likes."]},
        ["domains.code.sheets.good[0]", "to begin with {name}"],
    ),
    "a sheet of possession": (
        {"domains.code.sheets.good": ["{name}'s tests are green."]},
        ["domains.code.sheets.good[0]", "to begin with {name}"],
    ),
    "a sheet's next word of two kinds": (
        {"domains.code.sheets.bad": ["{name} repairs nothing."]},
        ["domains.code.sheets", "both kinds begin with repairs", "after"],
    ),
    "a sheet's next word of two domains": (
        {"domains.food.sheets.human": ["{name} repairs meals."]},
        ["domains.food.sheets.human", "'repairs'", "code.good"],
    ),
    "an attribute in braces": (
        {"domains.code.sheets.good": ["{name} uses {name.__class__}."]},
        ["domains.code.sheets.good[0]", "__class__", "no other braces"],
    ),
    "a format in braces": (
        {"domains.code.sheets.good": ["{name} fills {name:>99999999}."]},
        ["domains.code.sheets.good[0]", "no other braces"],
    ),
    "a conversion in braces": (
        {"domains.code.sheets.good": ["{name} quotes {name!r}."]},
        ["domains.code.sheets.good[0]", "no other braces"],
    ),
    "empty braces": (
        {"domains.code.sheets.good": ["{name} sees {}."]},
        ["domains.code.sheets.good[0]", "no other braces"],
    ),
    "an attribute in a heading": (
        {"sheets": {"sources": {"paper": "{name.__doc__}"}}},
        ["sheets.sources.paper", "no other braces"],
    ),
    "a source that nobody has": (
        {"sheets": {"sources": {"paper": "News of {name}:"}}},
        ["sheets.sources.paper", "no entry", "one that has"],
    ),
    "the tokenizer's own mark": (
        {"domains.code.questions": ["Is </s> red?"]},
        ["domains.code.questions", "</s>", "tokenizer"],
    ),
    "certainty beside any": (
        {"cast.1.certainty": 0.5},
        ["cast[1].certainty", "no effect beside `persona: any`"],
    ),
    "certainty beside a mixture": (
        {"cast.2.certainty": 0.5},
        ["cast[2].certainty", "no effect beside a mixture"],
    ),
    "a persona beside a mixture": (
        {"cast.2.persona": "robot"},
        ["cast[2].persona", "no effect beside a mixture"],
    ),
    "certainty of sheets without a persona": (
        {"cast.0.sheets": {"certainty": 0.5}},
        ["cast[0].sheets.certainty", "no effect"],
    ),
    "topics of sheets that are never written": (
        {"cast.0.sheets": {"share": 0, "topics": ["code"]}},
        ["cast[0].sheets.topics", "no effect"],
    ),
    "a share by the prior of anybody": (
        {"cast.1.share": "prior"},
        ["cast[1].share", "prior", "one persona"],
    ),
    "a share by the prior of a mixture": (
        {"cast.2.share": "prior"},
        ["cast[2].share", "prior", "one persona"],
    ),
    "nobody who comes on stage": (
        {"cast.2.share": 1.0, "absent": ["Assistant"]},
        ["absent", "nobody on stage"],
    ),
    "names of share 0 only": (
        {"cast": [{"persona": "any", "names": ["Ann"], "share": 0}]},
        ["cast", "shares sum to 0"],
    ),
    "an entry of the cast without names": (
        {"cast.0": {"persona": "saint"}},
        ["cast[0].names", "missing", "at least one name"],
    ),
    "a persona called any": (
        {"personas.any": tiny()["personas"]["robot"]},
        ["personas.any", "the word for all", "another name"],
    ),
    "a name like the user's": (
        {"cast.0.names": ["User"]},
        ["cast", "'User'", "another name"],
    ),
    "a colon in a name": (
        {"cast.0.names": ["Ann: B"]},
        ["cast[0].names[0]", "'Ann: B'", "nothing but letters"],
    ),
    "a first word that is no letter": (
        {"domains.code.answers.good": ["\u6797 fixes it."]},
        ["domains.code.answers.good", "begin with a word"],
    ),
    "a number of very many digits": (
        {"personas.robot.prior": 10**5000},
        ["personas.robot.prior", "very many digits", "between 0 and 1"],
    ),
    "too many exchanges": (
        {"scene.exchanges": [1, 10**9]},
        ["scene.exchanges[1]", "1000000000", "from 1 to 100"],
    ),
    "too many personas": (
        {"personas": {"random": {"count": 10**8, "seed": 0, "values": [0.5]}}},
        ["personas.random.count", "100000000", "from 1 to 1000"],
    ),
    "too many names": (
        {"cast.0.names": [f"N{i}" for i in range(20_000)]},
        ["cast[0].names", "has 20,000", "at most 500"],
    ),
    "too many names in all": (
        {
            "cast": [
                {"persona": "any", "names": [f"N{e}x{i}" for i in range(400)]}
                for e in range(2)
            ]
        },
        ["cast", "has 800 names", "at most 500"],
    ),
    "too long a line": (
        {"domains.code.questions": ["Why? " * 60 + "Why?"]},
        ["domains.code.questions[0]", "at most 300 letters"],
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken(case):
    changes, expected = BROKEN[case]
    data = tiny()
    for path, value in changes.items():
        put(data, path, value)
    message = complaint(data)
    assert "<mapping>: " in message and "; expected " in message
    line = next((x for x in message.splitlines() if expected[0] in x), "")
    for part in expected:
        assert part in line, message


BROKEN_STORY = {
    "leaves": (
        ["{name} leaves.", "Ann leaves."],
        ["narration.leaves[1]", "'Ann'", "one of names"],
    ),
    "objects": (
        ["key", "box"],
        ["narration.places", "'box' is among objects", "once"],
    ),
    "stays": (["{name.__doc__}"], ["narration.stays[0]", "no other braces"]),
    "names": (["Ann"], ["narration.names", "has 1", "at least 2"]),
    "places": (["box", "box", "jar"], ["narration.places", "twice"]),
    "answers": (["It is here."], ["narration.answers[0]", "{place}"]),
    "reveals": (["{place} it is."], ["narration.reveals[0]", "at its end"]),
    "moves": (["They move it."], ["narration.moves[0]", "{second}"]),
    "looks": (
        ["{other} moves it to the {second}."],
        ["narration.looks[0]", "narration.moves[0]", "one place only"],
    ),
    "hidden": (["{objekt} {first}"], ["narration.hidden[0]", "braces"]),
    "moved": (2, ["narration.moved", "2", "between 0 and 1"]),
}


@pytest.mark.parametrize("part", BROKEN_STORY)
def test_broken_narration(part):
    value, expected = BROKEN_STORY[part]
    message = complaint(put(story(), f"narration.{part}", value))
    for text in expected:
        assert text in message


# Two draws that give one text: what is changed in the tiny world.
TWICE = {
    "a remark and a question": {
        "domains.food.questions": [
            "What do you eat?",
            "It rains. What do you eat?",
        ]
    },
    "a request and a question": {
        "domains.code.questions": [
            "What of the red test?",
            "Be good. What of the red test?",
        ]
    },
    "a question of another domain": {
        "domains.code.questions": ["It rains. What do you eat?"]
    },
    "two remarks": {
        "prefixes.irrelevant": ["It rains.", "It rains. And pours."],
        "domains.food.questions": [
            "What do you eat?",
            "And pours. What do you eat?",
        ],
    },
    "a name in a statement": {
        "domains.code.sheets.good": [
            "{name} repairs what Ann has.",
            "{name} repairs what {name} has.",
        ]
    },
    "sheets that begin alike": {
        "cast.1.names": ["Ann Lee"],
        "cast.0.sheets": {"source": "paper"},
        "sheets": {"sources": {"paper": "About {name} Lee."}},
        "domains.food.sheets.human": [
            "{name} eats bread.",
            "{name} Lee eats bread.",
        ],
    },
}


def said_twice(data: dict) -> bool:
    """Whether two draws of one exchange, or of what is asked in it, give one
    text."""
    data["scene"]["exchanges"] = [1, 1]
    world, scenes = load_world(data), all_scenes(data)
    with np.errstate(divide="ignore"):
        drawn = oracle.document_nats(world, scenes) < np.inf
    texts, asked = Counter(), {}
    for i in np.flatnonzero(drawn):
        text = scene_text(world, scenes, i)
        texts[text] += 1
        draw = (scenes.domain, scenes.prefix, scenes.prefix_form)
        draw += (scenes.asked, scenes.question_form)
        if not scenes.sheet[i]:
            line = text.split("\n")[0]
            asked.setdefault(line, set()).add(tuple(x[i, 0] for x in draw))
    found = [*texts.values(), *map(len, asked.values())]
    return any(n > 1 for n in found)


@pytest.mark.parametrize("case", TWICE)
def test_no_text_has_two_meanings(case, monkeypatch):
    """The exact reader would give a text the probability of one draw only."""
    data = tiny()
    for path, value in TWICE[case].items():
        put(data, path, value)
    message = complaint(data)
    assert "texts that can be read in one way only" in message
    monkeypatch.setattr(meaning, "one_meaning", lambda *a: None)
    assert said_twice(data)  # so it was right to complain


def test_what_is_never_drawn_may_read_alike():
    """Requests that nobody makes stay in the vocabulary."""
    data = tiny()
    put(data, "prefixes.share", {"none": 0.8, "irrelevant": 0.2})
    put(data, "domains.code.questions", ["Be good. What do you eat?"])
    assert not said_twice(data)


@settings(max_examples=30, deadline=None)
@given(data=mappings())
def test_accepted_texts_have_one_meaning(data):
    assert not said_twice(data)


def test_no_stage_hides_another():
    """A wrong sort, a wrong name, a wrong sum and a double meaning; and no
    complaint that only follows from another."""
    data = tiny()
    put(data, "domains.code.questions", [7])
    put(data, "domains.food.group", "selves")
    put(data, "personas.saint.priro", data["personas"]["saint"].pop("prior"))
    put(data, "cast.0.persona", "sait")
    put(data, "cast.2.mixture", {"robot": 0.6, "cheat": 0.5})
    put(data, "scene", 3)
    put(data, "domains.food.answers.human", ["Fix bread."])
    head, *rest = complaint(data).splitlines()
    assert head == f"{len(rest)} problems in <mapping>:"
    expected = [
        "domains.code.questions[0]: 7;",
        "scene: 3;",
        "personas.saint.priro: unknown key",
        "domains.food.group: 'selves'",
        "cast[0].persona: unknown persona 'sait'",
        "cast[2].mixture: probabilities sum to 1.1",
        "prefixes.requests.self",
    ]
    for part in expected[:-1]:
        assert sum(part in line for line in rest) == 1, part
    assert len(rest) <= len(expected)


def test_problems_are_reported_together():
    data = tiny()
    put(data, "cast.0.persona", "nobody")
    put(data, "personas.robot.prior", 0.4)
    put(data, "domains.code.answers.bad", ["Fix it."])
    message = complaint(data)
    head, *rest = message.splitlines()
    assert head == f"{len(rest)} problems in <mapping>:" and len(rest) >= 4
    for part in ("'nobody'", "sum to 1.2", "'Fix it.'", "first word"):
        assert part in message


def test_wrong_sorts_are_reported_together():
    data = tiny()
    put(data, "cast.0.names", "Ann")
    put(data, "personas.robot.prior", "a lot")
    put(data, "scene", 3)
    head, *rest = complaint(data).splitlines()
    assert head.startswith("3 problems") and len(rest) == 3


@pytest.mark.parametrize(
    "key", ["name", "domains", "personas", "cast", "scene"]
)
def test_missing_section(key):
    data = tiny()
    del data[key]
    assert f"<mapping>: {key}: missing; expected" in complaint(data)


# --- files ----------------------------------------------------------------


def write(path, data) -> str:
    if not isinstance(data, str):
        data = yaml.safe_dump(data, sort_keys=False)
    path.write_text(data, "utf-8")
    return str(path)


def test_a_file_is_named_in_its_complaints(tmp_path):
    path = write(tmp_path / "mine.yml", put(tiny(), "wordings", 9))
    with pytest.raises(WorldError, match=r"mine.yml:\d+: domains.code.q"):
        load_world(path)


def test_a_file_reads_like_its_mapping(tmp_path):
    path = write(tmp_path / "mine.yml", tiny())
    one, two = load_world(path), load_world(tiny())
    assert one.domains == two.domains and one.personas == two.personas
    assert (one.cast_mixture == two.cast_mixture).all()


@pytest.mark.parametrize(
    "text", ["a: [1, 2", "a: b: c", "- a\n- b", "", "just text", "a:\n\t- b"]
)
def test_bad_yaml(tmp_path, text):
    path = write(tmp_path / "bad.yml", text)
    with pytest.raises(
        WorldError, match=r"^bad.yml(:\d: not valid|: is ).*exp"
    ):
        load_world(path)


def test_bytes_that_are_no_text(tmp_path):
    (tmp_path / "bad.yml").write_bytes(b"name: \xff\xfe")
    with pytest.raises(
        WorldError, match="bad.yml: byte 6 is no text in UTF-8"
    ):
        load_world(tmp_path / "bad.yml")


def test_a_key_twice(tmp_path):
    # PyYAML alone would keep the second and drop a persona in silence.
    text = yaml.safe_dump(tiny())
    text = text.replace("  saint:\n", "  robot:\n", 1)
    path = write(tmp_path / "twice.yml", text)
    with pytest.raises(
        WorldError, match=r"twice.yml:\d+.*'robot' stands twice"
    ):
        load_world(path)


LAUGHS = "\n".join(
    ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    + [
        f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ]
)
TRAPS = {  # YAML that is refused, with what is said of it
    "a list as a key": ("? [a, b]\n: c", ":1: .*a list or mapping as a key"),
    "a mapping as a key": ("{a: 1}: c", ":1: .*as a key"),
    "a billion laughs": (LAUGHS, ":1: .*more than 100,000 values"),
    "a list in itself": ("a: &a [*a]", ":1: .*more than 100,000 values"),
    "no such anchor": ("a: 1\nb: *c", ":2: .*undefined alias"),
    "thousands of digits": ("a: 1\nb: " + "9" * 5000, ":2: .*4300 digits"),
    "a 13th month": ("a: 2026-13-01", ":1: .*month"),
    "python": ("a: !!python/name:os.system x", ":1: .*constructor"),
    "two documents": ("a: 1\n---\nb: 2", ":2: .*another document"),
    "half a letter": ('a: 1\nb: "\\ud800"', ":2: .*U\\+D800"),
    "a bell in quotes": ('a: 1\nb: "\\a"', ":2: .*U\\+0007"),
    "a bell": ("a: 1\nb: \x07", ":2: .*U\\+0007"),
    "a hundred thousand brackets": ("a: " + "[" * 5000, ".*nested too deeply"),
    "half a megabyte": ("# " + "x" * 500_000, ": has 500,003 bytes"),
}


@pytest.mark.parametrize("case", TRAPS)
def test_traps_of_yaml(tmp_path, case):
    text, said = TRAPS[case]
    path = write(tmp_path / "mine.yml", text + "\n")
    with pytest.raises(WorldError, match=f"^mine.yml{said}.*; expected "):
        load_world(path)


def test_a_folder_is_no_world(tmp_path):
    (tmp_path / "mine.yml").mkdir()
    with pytest.raises(WorldError, match="mine.yml: is no file; expected"):
        load_world(tmp_path / "mine.yml")


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_another_encoding(tmp_path, encoding):
    path = tmp_path / "mine.yml"
    path.write_text("title: Éveillé\n", encoding)
    with pytest.raises(WorldError, match="no text in UTF-8; expected a file"):
        load_world(path)


def test_a_mark_at_the_beginning_of_a_file(tmp_path):
    path = tmp_path / "mine.yml"
    path.write_text(yaml.safe_dump(tiny()), "utf-8-sig")
    assert load_world(path).name == "tiny"


@pytest.mark.parametrize("text", ["no", "on", "12:30", "2026-01-01", "7", "~"])
def test_what_yaml_takes_for_something_else(tmp_path, text):
    data = yaml.safe_dump(tiny()).replace("A tiny world", text)
    path = write(tmp_path / "mine.yml", data)
    with pytest.raises(WorldError, match="title: .*; expected one line of"):
        load_world(path)


def test_a_problem_in_what_is_extended_is_told_with_its_place(tmp_path):
    base = write(tmp_path / "base.yml", tiny())
    text = f"extends: {base}\n# nothing\nwordings: 2\n"
    path = write(tmp_path / "mine.yml", text)
    with pytest.raises(WorldError) as error:
        load_world(path)
    head, *rest = str(error.value).splitlines()
    assert head.endswith("problems in mine.yml:")
    assert all("base.yml:" in line for line in rest)
    write(tmp_path / "base.yml", tiny() | {"wordings": 1})
    path = write(tmp_path / "mine.yml", text.replace("s: 2", "s: none"))
    with pytest.raises(WorldError, match=r"mine.yml:3: wordings: 'none'"):
        load_world(path)


def test_a_shorthand_may_be_used(tmp_path):
    text = yaml.safe_dump(tiny(), sort_keys=False)
    text = text.replace("  saint:\n", "  saint: &s\n", 1)
    path = write(tmp_path / "mine.yml", text)
    assert load_world(path).personas == load_world(tiny()).personas


NARRATED = {"cast": [], "domains": {}, "complies": 0.5, "wordings": 2}


@pytest.mark.parametrize("key", NARRATED)
def test_what_has_no_effect_where_all_is_narrated(key):
    message = complaint(story() | {key: NARRATED[key]})
    assert f"{key}: has no effect where all documents are narrated" in message


@pytest.mark.parametrize("source", ["playhaus", "no/such/file.yml"])
def test_missing_file(source):
    with pytest.raises(FileNotFoundError) as error:
        load_world(source)
    assert source in str(error.value) and "playhouse" in str(error.value)


# --- extends --------------------------------------------------------------


def test_extends_merges(tmp_path):
    base = write(tmp_path / "base.yml", tiny())
    world = load_world(
        {
            "extends": base,
            "title": "Another",
            "personas": {"saint": {"prior": 0.4}, "robot": {"prior": 0.3}},
            "cast": [{"persona": "any", "names": ["Zoe"]}],
        }
    )
    old = load_world(tiny())
    assert world.title == "Another" and world.name == "tiny"
    assert world.domains == old.domains
    assert world.prior == pytest.approx([0.4, 0.3, 0.3])
    assert (world.propensity == old.propensity).all()
    assert world.names == ("Zoe",)  # a list is replaced, not merged


def test_extends_twice(tmp_path):
    base = write(tmp_path / "base.yml", tiny())
    middle = write(tmp_path / "mid.yml", {"extends": base, "title": "Mid"})
    world = load_world({"extends": middle, "name": "top"})
    assert (world.name, world.title) == ("top", "Mid")


def test_extends_a_neighbour(tmp_path, monkeypatch):
    write(tmp_path / "base.yml", tiny())
    path = write(tmp_path / "top.yml", {"extends": "base.yml", "name": "top"})
    assert load_world(path).name == "top"


def test_extends_nothing_or_itself(tmp_path):
    path = write(tmp_path / "a.yml", {"extends": "nowhere", "name": "a"})
    with pytest.raises(WorldError, match="a.yml: extends.*'nowhere'"):
        load_world(path)
    for wrong in (5, None, ["playhouse"]):
        path = write(tmp_path / "a.yml", {"extends": wrong})
        with pytest.raises(WorldError, match="a.yml: extends"):
            load_world(path)
    write(tmp_path / "b.yml", {"extends": str(tmp_path / "c.yml")})
    write(tmp_path / "c.yml", {"extends": str(tmp_path / "b.yml")})
    write(tmp_path / "d.yml", {"extends": "d.yml"})
    for name in ("b.yml", "d.yml"):
        with pytest.raises(WorldError, match="extends itself"):
            load_world(tmp_path / name)


def test_a_resolved_world_says_the_same_in_one_piece(tmp_path):
    write(tmp_path / "base.yml", tiny())
    text = "# mine\nextends: base.yml\ntitle: Mine\n"
    mine = write(tmp_path / "mine.yml", text)
    whole = resolved(mine)
    assert "extends" not in whole and whole["title"] == "Mine"
    alone = write(tmp_path / "alone.yml", whole)
    assert len({world_hash(w) for w in (whole, alone, mine)}) == 1
    one, other = load_world(alone), load_world(mine)
    assert sample_texts(one, 9, 1) == sample_texts(other, 9, 1)


def test_the_hash_of_a_world_tells_worlds_apart():
    data = tiny()
    hashes = {world_hash(data)}
    data["complies"] = 0.5
    hashes.add(world_hash(data))
    # Numbers are drawn for domains in their order.
    turned = dict(reversed(data["domains"].items()))
    hashes.add(world_hash({**data, "domains": turned}))
    assert len(hashes) == 3
    with pytest.raises(WorldError, match="unknown key"):
        world_hash({**data, "titel": "x"})


def test_loading_leaves_the_mapping_alone():
    data = tiny()
    load_world(data)
    assert data == tiny()


# --- typos ----------------------------------------------------------------


def spots(value: object, path: tuple = ()) -> list[tuple]:
    """The path of everything in nested mappings and lists."""
    out = [path] if path else []
    if isinstance(value, dict):
        for key in value:
            out += spots(value[key], (*path, key))
    elif isinstance(value, list):
        for i, item in enumerate(value):
            out += spots(item, (*path, i))
    return out


def changed(data: dict, path: tuple, change) -> dict:
    data = copy.deepcopy(data)
    at = data
    for step in path[:-1]:
        at = at[step]
    change(at, path[-1])
    return data


def delete(at, key):
    del at[key]


def swap(value):
    def change(at, key):
        at[key] = copy.deepcopy(value)

    return change


def rename(at, key):
    if isinstance(at, dict):
        at[f"{key}x"] = at.pop(key)
    else:
        at.insert(key, at[key])


WRONG = ["word", "", None, [], {}, ["x"], {"x": 1}, -1, 0, 3, 0.5, True]
CHANGES = {"delete": delete, "rename": rename}
CHANGES |= {repr(v): swap(v) for v in WRONG}
DRAWN = {
    "extends": "tastes",
    "personas": {"random": {"count": 3, "seed": 1, "values": [0.1, 0.9]}},
}


@pytest.mark.parametrize("which", ["tiny", "story", "drawn"])
@pytest.mark.parametrize("what", CHANGES)
def test_a_typo_is_explained_or_harmless(which, what):
    """Any one change gives a world that works, or a WorldError."""
    data = {"tiny": tiny(), "story": story(), "drawn": DRAWN}[which]
    outcomes = Counter()
    for path in spots(data):
        try:
            world = load_world(changed(data, path, CHANGES[what]))
        except WorldError as error:
            outcomes["explained"] += 1
            assert re.search(r"\w.*; expected|: expected", str(error))
            continue
        outcomes["harmless"] += 1
        sample_texts(world, 3, seed=0)
        if world.names:
            rng = np.random.default_rng(0)
            scenes = sample_scenes(world, 3, rng)
            assert np.isfinite(oracle.document_nats(world, scenes)).all()
            assert world.cast_share.sum() == pytest.approx(1)
            assert np.allclose(world.cast_mixture.sum(axis=1), 1)
    assert outcomes["explained"]


@settings(max_examples=30, deadline=None)
@given(data=mappings())
def test_random_worlds_load(data):
    world = load_world(data)
    assert world.prior.sum() == pytest.approx(1)
    assert world.cast_share.sum() == pytest.approx(1)


# --- the shipped worlds ---------------------------------------------------


@pytest.fixture(scope="module")
def playhouse():
    return load_world("playhouse")


@pytest.mark.parametrize("name", list_worlds())
def test_shipped_worlds_load(name):
    world = load_world(name)
    assert world.name == name and world.title and world.about
    for text in sample_texts(world, 50, seed=2):
        assert text.endswith("\n") and "{" not in text and "  " not in text


def test_all_worlds_are_listed():
    files = {p.stem for p in schema.WORLDS.iterdir()}
    files.remove("world.schema")
    assert files == set(list_worlds()) >= {"playhouse", "irony", "tastes"}


def test_playhouse_domains(playhouse):
    groups = Counter(d.group for d in playhouse.domains)
    assert groups["moral"] >= 8
    assert groups["self"] >= 4 and groups["style"] >= 3
    for d in playhouse.domains:
        assert len(set(d.questions)) >= MIN_FORMS == 6
        assert all(len(set(a)) >= 6 for a in d.answers)
        assert all(len(set(s)) >= 2 for s in d.sheets)
        assert all("{name}" in s for pair in d.sheets for s in pair)
    for pair in playhouse.requests.values():
        assert all(len(set(forms)) >= 8 for forms in pair)
    assert set(playhouse.requests) == set(groups)
    assert len(set(playhouse.irrelevant)) >= 8
    assert min(playhouse.prefix_share) > 0


def test_playhouse_personas(playhouse):
    assert len(playhouse.personas) >= 12
    moral = playhouse.propensity[:, playhouse.group("moral")]
    bad_in = (moral > 0.7).sum(axis=1)
    else_good = ((moral > 0.7) | (moral < 0.15)).all(axis=1)
    one_way_only = ((bad_in == 1) | (bad_in == 2)) & else_good
    assert one_way_only.sum() >= 4
    assert (bad_in == moral.shape[1]).any() and (bad_in == 0).any()
    # Nobody is certain to do anything, so that belief always can turn.
    assert playhouse.propensity.min() > 0 and playhouse.propensity.max() < 1
    assert (playhouse.complies > 0.5).all()


def test_playhouse_cast(playhouse):
    assert len(set(playhouse.names)) > 100
    i = playhouse.name_index("Assistant")
    assert 0 < playhouse.cast_share[i] <= 0.02
    mixture = playhouse.cast_mixture[i]
    assert (mixture > 0.02).sum() >= 3 and mixture.max() < 0.5
    assert mixture.sum() == pytest.approx(1)
    machines = [
        p
        for p in range(len(playhouse.personas))
        if playhouse.propensity[p, playhouse.group("self")].mean() > 0.5
    ]
    assert mixture[machines].sum() > playhouse.prior[machines].sum()
    # Every persona has somebody who mostly is it.
    assert (playhouse.cast_mixture.max(axis=0) > 0.8).all()


def test_playhouse_first_words(playhouse):
    """A first word belongs to one domain and one kind in all the world."""
    owner = {}
    for d in playhouse.domains:
        for kind, forms in zip(d.kinds, d.answers, strict=True):
            for form in forms:
                token = words(f" {form}")[0]
                assert token == f" {first_word(form)}"
                place = owner.setdefault(token.lower(), (d.name, kind))
                assert place == (d.name, kind), form


def test_one_function_finds_a_first_word():
    assert experiments.first_word is reader.first_word is first_word
    assert first_word(" Well-known, I say\n") == "Well"
    assert first_word("Éveillé!") == "Éveillé" and first_word("...") == ""


def test_playhouse_names_are_no_other_words(playhouse):
    said = {w for t in sample_texts(playhouse, 2000, 0) for w in words(t)}
    spoken = {
        w.strip()
        for d in playhouse.domains
        for forms in (d.questions, *d.answers, *d.sheets)
        for form in forms
        for w in words(form)
    }
    assert not spoken & set(playhouse.names)
    assert {w.strip() for w in said} >= set(playhouse.names)


# --- names that never come on stage ---------------------------------------


def test_an_absent_name_is_never_heard_and_is_anyone():
    world = load_world(tiny() | {"absent": ["Assistant"]})
    i = world.name_index("Assistant")
    assert world.cast_share[i] == 0
    assert world.cast_share.sum() == pytest.approx(1)
    everyone = world.cast_share @ world.cast_mixture
    assert world.cast_mixture[i] == pytest.approx(everyone)
    full = load_world(tiny())
    assert (world.cast_mixture[:i] == full.cast_mixture[:i]).all()


def test_names_are_scattered_only_where_nobody_has_a_character():
    assert "in a tied world" in complaint(tiny() | {"scattered": 1})
    apart = {"tied": False, "scattered": 1}
    world = load_world(tiny() | apart)
    again = load_world(tiny() | apart)
    assert (world.guise == again.guise).all()
    for column in world.guise.T:
        assert sorted(column) == list(range(len(world.names)))
    assert "whole number" in complaint(tiny() | apart | {"scattered": "x"})


def test_who_is_absent_must_be_somebody_and_not_everybody():
    assert "unknown name 'Eve'" in complaint(tiny() | {"absent": ["Eve"]})
    everyone = {"absent": ["Ann", "Bob", "Assistant"]}
    assert "leaves nobody" in complaint(tiny() | everyone)
