"""Broken world files are explained; the shipped ones keep their promises."""

import copy
import re
from collections import Counter

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from worlds import mappings, story, tiny

from psm_lib import oracle, worldshape
from psm_lib.corpus import sample_texts
from psm_lib.models import words
from psm_lib.world import sample_scenes
from psm_lib.worldfile import (
    MIN_FORMS,
    WorldError,
    first_word,
    list_worlds,
    load_world,
)


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
        ["domains.code.sheets.good", "{nam}", "{name}"],
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
    with pytest.raises(WorldError, match="mine.yml: domains.code.questions"):
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
    with pytest.raises(WorldError, match=r"^bad.yml: (not valid|expected)"):
        load_world(path)


def test_bytes_that_are_no_text(tmp_path):
    (tmp_path / "bad.yml").write_bytes(b"name: \xff\xfe")
    with pytest.raises(WorldError, match="bad.yml: not valid YAML"):
        load_world(tmp_path / "bad.yml")


def test_a_key_twice(tmp_path):
    # PyYAML alone would keep the second and drop a persona in silence.
    text = yaml.safe_dump(tiny())
    text = text.replace("  saint:\n", "  robot:\n", 1)
    path = write(tmp_path / "twice.yml", text)
    with pytest.raises(WorldError, match=r"'robot' stands twice(.|\n)*line"):
        load_world(path)


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
    whole = worldshape.resolved(mine)
    assert "extends" not in whole and whole["title"] == "Mine"
    alone = write(tmp_path / "alone.yml", whole)
    assert len({worldshape.world_hash(w) for w in (whole, alone, mine)}) == 1
    one, other = load_world(alone), load_world(mine)
    assert sample_texts(one, 9, 1) == sample_texts(other, 9, 1)


def test_the_hash_of_a_world_tells_worlds_apart():
    data = tiny()
    hashes = {worldshape.world_hash(data)}
    data["complies"] = 0.5
    hashes.add(worldshape.world_hash(data))
    # Numbers are drawn for domains in their order.
    turned = dict(reversed(data["domains"].items()))
    hashes.add(worldshape.world_hash({**data, "domains": turned}))
    assert len(hashes) == 3
    with pytest.raises(WorldError, match="unknown key"):
        worldshape.world_hash({**data, "titel": "x"})


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
    files = {p.stem for p in worldshape.WORLDS.iterdir()}
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
