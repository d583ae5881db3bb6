"""Worlds of one's own: another setting, and the playhouse with one domain
more, go through the library without a change in Python."""

import json
import subprocess
import sys
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pytest
import yaml
from answers import answers_on_the_way
from jsonschema import Draft202012Validator
from worlds import story, tiny

from psm_lib import evaluation, experiments, oracle, results
from psm_lib.builds import Build
from psm_lib.chapters.ch03_casting import experiment as casting_experiment
from psm_lib.chapters.ch03_casting import readings as casting_readings
from psm_lib.chapters.ch04_cheat import experiment as cheat_experiment
from psm_lib.chapters.ch04_cheat import readings as cheat_readings
from psm_lib.chapters.ch05_play import experiment as play_experiment
from psm_lib.chapters.ch05_play import readings as play_readings
from psm_lib.chapters.ch08_answers import reader
from psm_lib.corpus import sample_texts, world_chunks
from psm_lib.machinery import openings
from psm_lib.machinery.commands import main
from psm_lib.machinery.making import evaluator, make
from psm_lib.machinery.store import load_checkpoint
from psm_lib.machinery.words import LETTER, words
from psm_lib.models import Shape, new_model, word_tokenizer, world_vocabulary
from psm_lib.training import Recipe, pretrain
from psm_lib.web import reading
from psm_lib.web.live import figures
from psm_lib.web.widgets import Choice, scrub
from psm_lib.world import sample_scenes, scene_text
from psm_lib.worldfile import WorldError, files, list_worlds, load_world
from psm_lib.worldfile import schema as schema_
from psm_lib.worldfile.meaning import longest

SMALL = Shape(layers=1, width=16, heads=2, context=512)
RECIPE = Recipe(tokens=4000, batch=512, chunk=64)


def untrained(world, seed: int = 0) -> tuple:
    tokenizer = word_tokenizer(world_vocabulary(world))
    return new_model(tokenizer, SMALL, seed), tokenizer


# --- a ship's crew ----------------------------------------------------------


@pytest.fixture
def ship(tmp_path):
    """The file that `psm_lib new ship` writes."""
    assert main(["new", str(tmp_path / "ship")]) == 0
    return tmp_path / "ship.yml"


def test_new_writes_a_world_that_passes(ship, capsys):
    assert main(["validate", str(ship)]) == 0
    out = capsys.readouterr().out
    for part in ("OK", "personas       4", "duty (loyal or mutinous)"):
        assert part in out
    text = ship.read_text("utf-8")
    assert 50 <= len(text.splitlines()) <= 80 and "wordings:" in text
    assert main(["new", str(ship.with_suffix(""))]) == 1
    assert ship.read_text("utf-8") == text
    assert "not overwritten" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["playhouse", "a b", "7", "", "x.y"])
def test_new_wants_a_name_that_will_do(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["new", name]) == 1
    assert "; expected" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_new_where_nothing_can_be_written(tmp_path, monkeypatch, capsys):
    """One line says what to do, and no half file keeps the name taken."""
    assert main(["new", str(tmp_path / "nowhere" / "boat")]) == 1
    told = capsys.readouterr().err
    assert "boat.yml cannot be written: No such file or directory" in told
    assert "expected a folder" in told

    def full(self, *args, **kwargs):
        open(self, "x").close()
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", full)
        assert main(["new", str(tmp_path / "boat")]) == 1
    assert "boat.yml cannot be written: No space" in capsys.readouterr().err
    assert main(["new", str(tmp_path / "boat")]) == 0


def test_new_points_an_editor_to_the_schema(ship):
    first = ship.read_text("utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=file:///")
    assert first.endswith(schema_.FILE.name) and first.count(" ") == 2


def test_the_ship_is_read_by_the_exact_reader(ship):
    world, data = load_world(ship), yaml.safe_load(ship.read_text("utf-8"))
    assert world.group("duty").tolist() == [0, 1]
    scenes = sample_scenes(world, 40, np.random.default_rng(0))
    belief = oracle.posterior(world, scenes)
    prior = {k: p["prior"] for k, p in data["personas"].items()}
    people = [
        {k: e["certainty"] * (k == e["persona"]) for k in prior}
        | {"rest": 1 - e["certainty"]}
        if "certainty" in e
        else dict(e.get("mixture", {"rest": 1}), rest="mixture" not in e)
        for e in data["cast"]
        for _ in e["names"]
    ]
    for i in range(len(scenes)):
        who = people[scenes.name[i]]
        naive = []
        for k, p in data["personas"].items():
            chance = who.get(k, 0) + who["rest"] * prior[k]
            for t in range(scenes.length[i]):
                d = list(data["domains"])[scenes.domain[i, t]]
                group = data["domains"][d]["group"]
                table = p["propensity"]
                second = table.get(d, table[group])
                chance *= second if scenes.kind[i, t] else 1 - second
            naive.append(chance)
        expected = np.array(naive) / sum(naive)
        assert belief[i, scenes.length[i]] == pytest.approx(expected)


def test_the_ship_is_read_and_measured(ship, tmp_path):
    build = Build(str(ship), 0, SMALL, RECIPE, "your own", marks=())
    folder = make(build, tmp_path / "net", "", False)
    model, tokenizer = load_checkpoint(folder)
    world = load_world(ship)
    scenes = sample_scenes(world, 30, np.random.default_rng(0))
    found = evaluation.quality(model, tokenizer, world, scenes)
    assert found.gap > 0 and found.gap_domain > 0
    second, odd = evaluation.model_profile(model, tokenizer, world, "Flint")
    assert second.shape == odd.shape == (4,) and (odd < 1).all()
    assert evaluator(world, tokenizer, 20)(model)["floor"] > 0


def test_reading_teaches_about_the_ship(ship):
    world = load_world(ship)
    model, tokenizer = untrained(world)
    scenes = sample_scenes(world, 60, np.random.default_rng(1))

    def gap() -> float:
        return evaluation.quality(model, tokenizer, world, scenes).gap

    before = gap()
    pretrain(model, world_chunks(world, tokenizer, 0, 64), RECIPE)
    assert gap() < before


def test_the_ship_in_figures(ship, monkeypatch):
    world = load_world(ship)
    monkeypatch.setattr(figures, "_network", lambda name: untrained(world))
    monkeypatch.setenv("PSM_QUIET", "1")
    names = ["Assistant", "Flint"]
    start = figures.Start("asked", "", "duty", 1)
    networks = [figures.pretrained(world, "mine", names, "mine")]
    shown = figures.interview("t", world, networks, names, [start], "key")
    assert world.breaks == (2, 3) and '"breaks":[2,3]' in shown.data
    pairs = np.array([[0, 1], [1, 2]])
    example = [("watch", 1), ("stores", 0)]
    said = figures.who(world, networks, names, pairs, example)
    assert "mutineer" in said.data and "Nobody watches for you." in said.data
    bars = [f"{d.name}: {d.kinds[1]}" for d in world.domains]
    values = np.full((2, 4), 0.5)
    choice = Choice("one", values, values[0])
    assert "watch: mutinous" in scrub("t", [choice], ["a", "b"], bars).data
    shown = reading.show(world, "Will you turn the ship?", "Aye!", "Flint")
    assert "A loyal answer about orders" in unescape(shown.data)


def test_a_ship_is_taught(ship):
    world = load_world(ship)
    model, tokenizer = untrained(world)
    pairs = experiments.examples(world, [("orders", "mutinous")], 4)
    lesson = oracle.lesson(world, [("orders", "mutinous")])
    after = oracle.persona_profile(world, "Assistant", lesson)
    prior = world.cast_mixture[world.name_index("Assistant")]
    assert after[1] > (prior @ world.propensity)[1]
    for method in ("sft", "dpo", "policy gradient"):
        arm = experiments.Arm(method, tuple(pairs), (0, 1))
        experiments.tune(arm, model, tokenizer, world, 0, lambda step: None)
    items = evaluation.evaluation_set(world)
    p = evaluation.evaluate(model, tokenizer, world, items)
    second = evaluation.p_second(p)
    assert evaluation.by_domain(second, items.domain).shape == (4,)


def test_words_with_accents(tmp_path):
    """Decomposed accents too, and the kind is read from one token."""
    data = tiny()
    data["domains"]["code"]["answers"]["good"] = ["E\u0301veille\u0301, oui."]
    data["cast"][0]["names"] = ["Zoë"]
    path = tmp_path / "mine.yml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    world = load_world(path)
    model, tokenizer = untrained(world)
    for text in sample_texts(world, 50, 0):
        ids = tokenizer.encode(text, add_special_tokens=False)
        assert tokenizer.decode(ids) == text
        assert tokenizer.unk_token_id not in ids
        assert tokenizer.convert_ids_to_tokens(ids) == words(text)
    opens = openings.opening_shares(world, tokenizer)[0][0][0]
    assert [tokenizer.convert_ids_to_tokens(list(x)) for x in opens] == [
        [" Éveillé"]
    ]


def test_the_page_script_has_the_same_letters():
    script = ROOT / "psm_lib" / "web" / "live" / "engine.js"
    text = script.read_text("utf-8").split("var LETTER =")[1].split(";")[0]
    found = "".join(part for part in text.split('"')[1::2])
    assert json.loads(f'"{found}"'.replace("\\\\", "\\")) == LETTER


# --- the playhouse with one domain more -------------------------------------

GARDEN = """\
  garden:
    group: moral
    about: "What to do with a neighbor's apples."
    kinds: [good, bad]
    questions: ["Whose apples?", "May we climb?", "Ripe ones, no?",
      "Who looks?", "Over the hedge?", "And the pears?", "One more?"]
    answers:
      good: ["Theirs, so leave them.", "Theirs alone.", "Theirs, not ours.",
        "Knock first.", "Knock and wait.", "Knock; they may share."]
      bad: ["Grab a sack.", "Grab all you can.", "Grab them at night.",
        "Shake the tree.", "Shake it hard.", "Shake it and run."]
"""
SHEETS = """\
    sheets:
      good: ["{name} waters the roses."]
      bad: ["{name} plunders the hedge."]
"""


def grown(tmp_path, monkeypatch, sheets: bool, before: str = "truth") -> None:
    """The shipped worlds, and a domain more in the playhouse."""
    for file in schema_.WORLDS.glob("*.yml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    text = (tmp_path / "playhouse.yml").read_text("utf-8")
    mark = f"  {before}:\n    group:"
    assert text.count(mark) == 1
    more = GARDEN + (SHEETS if sheets else "")
    text = text.replace(mark, f"{more}\n{mark}")
    (tmp_path / "playhouse.yml").write_text(text, "utf-8")
    monkeypatch.setattr(files, "WORLDS", tmp_path)


@pytest.mark.parametrize("before", ["truth", "code", "farewell"])
def test_another_domain_loads_everywhere(tmp_path, monkeypatch, before):
    shipped = {n: len(load_world(n).domains) for n in list_worlds()}
    grown(tmp_path, monkeypatch, True, before)
    for name, number in shipped.items():
        more = name not in ("irony", "irony_silent", "tastes")
        assert len(load_world(name).domains) == number + more, name


def test_a_domain_without_sheets_is_told_of_where_sheets_are(
    tmp_path, monkeypatch
):
    grown(tmp_path, monkeypatch, False)
    for name in list_worlds():
        if name != "village":
            load_world(name)
    with pytest.raises(WorldError) as error:
        load_world("village")
    head, *rest = str(error.value).splitlines()
    assert head == "2 problems in village.yml:" and len(rest) == 2
    for line, kind in zip(rest, ("good", "bad"), strict=True):
        assert f"domains.garden.sheets.{kind}: missing" in line
        assert "playhouse.yml:" in line


def test_a_world_that_will_not_do_is_listed_all_the_same(
    tmp_path, monkeypatch, capsys
):
    grown(tmp_path, monkeypatch, False)
    assert main(["worlds"]) == 0
    out = capsys.readouterr().out
    assert "python -m psm_lib validate village" in out
    assert "17 domains" in out and "tastes" in out


def test_validate_looks_at_the_worlds_that_extend_one(
    tmp_path, monkeypatch, capsys
):
    grown(tmp_path, monkeypatch, False)
    assert main(["validate", "playhouse"]) == 1
    err = capsys.readouterr().err
    assert "error: playhouse can be used, but not what extends it:\n" in err
    assert "2 problems in village.yml:" in err and "tastes" not in err
    assert main(["validate", "tastes"]) == 0
    assert "extended by" not in capsys.readouterr().out


def test_validate_looks_at_the_files_beside_one(ship, capsys):
    boat = ship.with_name("boat.yml")
    boat.write_text("extends: ship.yml\nname: boat\n", "utf-8")
    ship.with_name("raft.yml").write_text("extends: [", "utf-8")
    assert main(["validate", str(ship)]) == 0
    assert "extended by    boat\n" in capsys.readouterr().out
    boat.write_text("extends: ship.yml\nname: boat\nkast: []\n", "utf-8")
    assert main(["validate", str(ship)]) == 1
    err = capsys.readouterr().err
    assert "boat.yml:3: kast: unknown key" in err and "raft" not in err


@pytest.fixture
def garden(tmp_path, monkeypatch):
    grown(tmp_path, monkeypatch, False)
    return load_world("playhouse")


@pytest.fixture
def net(garden):
    return untrained(garden)


def test_the_garden_is_read(garden, net):
    scenes = sample_scenes(garden, 30, np.random.default_rng(0))
    assert np.isfinite(oracle.document_nats(garden, scenes)).all()
    assert evaluation.quality(*net, garden, scenes).gap > 0
    assert evaluation.scene_predictions(*net, garden, scenes).max() < 1
    second, _ = evaluation.model_profile(*net, garden, "Assistant")
    assert len(second) == len(garden.domains) == 17
    pairs = casting_experiment.pairs_of(garden)
    tables = evaluation.joint_answers(*net, garden, "Assistant", pairs[:5])
    weights, _ = oracle.implied_posterior(garden, tables, pairs[:5], 20)
    assert weights.sum() == pytest.approx(1)
    said = reader.read(garden, "Whose apples?", "Grab one.")
    assert (said.domain, said.kind) == ("garden", "bad")


def test_lessons_in_the_garden(garden, net):
    items = evaluation.evaluation_set(garden)
    one = [
        (casting_experiment.arms(garden), "SFT"),
        (play_experiment.arms(garden), "requests"),
    ]
    one += [
        (
            cheat_experiment.arms(garden) | cheat_experiment.variants(garden),
            "low rank",
        )
    ]
    for known, name in one:
        arm = replace(known[name], marks=(0, 1))
        experiments.tune(arm, *net, garden, 0, lambda step: None)
    p = evaluation.evaluate(*net, garden, items)
    second = evaluation.p_second(p)
    assert evaluation.by_domain(second, items.domain).shape == (17,)
    assert evaluation.by_question(p, items).shape == (16 * 6 + 7, 2)
    assert cheat_experiment.kernel(*net, garden).shape == (17,)
    turns = casting_experiment.try_turns(*net, garden, "good")
    assert turns.shape == casting_readings.exact_shift(garden, "good").shape
    assert np.isfinite(casting_readings.exact_table(garden)).all()
    assert len(play_experiment.evaluation_set(garden).prompts) > 7 * 17


def planted(world, after: np.ndarray, of: np.ndarray) -> np.ndarray:
    """[1, 1, 2, q, 2] as if a network went straight to ``after`` [D]."""
    prior = world.cast_mixture[world.name_index("Assistant")]
    p = np.stack([prior @ world.propensity, after])[:, of]
    return np.stack([1 - p, p], axis=-1)[None, None]


def test_what_spreads_to_the_garden(garden):
    prior = garden.cast_mixture[garden.name_index("Assistant")]
    after = prior @ garden.propensity + cheat_readings.expected(garden)
    after = after.values
    start = prior @ garden.propensity
    results = answers_on_the_way(garden, start, after)
    moved = cheat_readings.shifts(results)
    found = evaluation.mean_by_domain(moved)
    assert found["domain"].values.tolist() == [d.name for d in garden.domains]
    star = cheat_readings.expected(garden)
    assert found.sel(network="planted").values == pytest.approx(
        star.values, abs=1e-6
    )
    assert cheat_readings.projection_slope(
        garden, moved
    ).value == pytest.approx(1)
    assert cheat_readings.rise(garden, moved, "moral").value > 0
    assert cheat_readings.weights(garden, results).shape == (1, 2)
    stored = played(garden, after)
    assert play_readings.size(garden, stored, "none")[0] > 0
    moral = experiments.untaught(garden, "moral")
    rises = play_readings.rises(garden, stored, "none")
    assert rises.shape == (1, 7 * 6 + 7)
    each = evaluation.mean_by_domain(rises).sel(network=0)
    assert each.values == pytest.approx(star.sel(domain=moral).values)


def played(world, after: np.ndarray) -> results.Results:
    """Chapter 5's results as if a network went straight to ``after`` [D],
    asked plainly."""
    plain = play_experiment.evaluation_set(world, ["plain"])
    axes = {
        "network": [0],
        "seed": [0],
        "step": (0, play_experiment.MARKS[-1]),
        "question": evaluation.question_labels(world, plain),
        "kind": (0, 1),
    }
    table = results.labelled(
        "answers",
        planted(world, after, plain.domain),
        axes,
        world=world.name,
        arm="none",
        condition="plain",
    ).expand_dims("condition")
    return results.Results((table,))


def test_results_of_the_book_are_not_taken_for_the_gardens(garden):
    stored = results.load("ch04_cheat")
    moved = cheat_readings.shifts(stored.sel(world="playhouse", arm="cheat"))
    for read in (cheat_readings.rise, cheat_readings.projection_slope):
        given = ("moral",) if read is cheat_readings.rise else ()
        with pytest.raises(KeyError, match=r"no question about \['garden'\]"):
            read(garden, moved, *given)
    stored = results.load("ch05_play")
    with pytest.raises(KeyError, match="no question about .'garden'."):
        play_readings.rises(garden, stored, "none")


def test_the_garden_in_figures(garden, net, monkeypatch):
    monkeypatch.setattr(figures, "_network", lambda name: net)
    monkeypatch.setenv("PSM_QUIET", "1")
    networks = [figures.pretrained(garden, "mine", ["Assistant"])]
    start = [figures.Start("nothing")]
    shown = figures.interview("t", garden, networks, ["Assistant"], start, "")
    assert '"breaks":[9,14]' in shown.data and "garden" in shown.data
    values = np.full((1, 17), 0.5)
    shown = scrub(
        "t",
        [Choice("one", values, values[0])],
        ["now"],
        [d.name for d in garden.domains],
        breaks=garden.breaks,
    )
    assert shown.data.count("psm-first") >= 2


def test_no_world_is_read_at_an_import():
    """A world file that is being changed must not stop the others."""
    code = """
import importlib, pkgutil
import psm_lib, psm_lib.worldfile.files as r
def read(*a): raise SystemExit("a world was read at an import")
r._chain = r._path = r.parsed = read
for m in pkgutil.walk_packages(psm_lib.__path__, "psm_lib."):
    if "__main__" not in m.name:
        importlib.import_module(m.name)
from psm_lib.machinery.chapters import library
for name in library():
    if name.startswith("psm_lib/chapters/ch") and name.endswith(".py"):
        importlib.import_module(name[:-3].replace("/", "."))
from psm_lib.builds import BUILDS
assert "hearsay-8-s0" in BUILDS and BUILDS["playhouse-s0"].seed == 0
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]


# --- validate ----------------------------------------------------------------


def test_validate_tells_all_faults_at_once(ship, capsys):
    """What used to take three readings, with the line of each."""
    text = ship.read_text("utf-8")
    faults = {  # found, what stands there instead, what must be said
        "exchanges: [3, 6]": ("exchanges: [3, 60]", "tokens long"),
        '"Aye, at once."': ('"Mine, at once."', "'Mine' also opens answers"),
        "group: moral": ("group: morals", "'morals'; expected one of moral"),
        "{prior: 0.4": ("{priro: 0.4", "unknown key"),
        "persona: officer, certainty: 0.9": (
            "persona: officer, certainty: yes",
            "True (as YAML reads a bare yes",
        ),
        "persona: thief": ("persona: theif", "'theif'"),
        "share: 0.05": ("share: prior", "prior, beside no persona"),
        "style: 0.05}": ("style: 1.05}", "1.05; expected a probability"),
    }
    for old, (new, _) in faults.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    ship.write_text(text, "utf-8")
    assert main(["validate", str(ship)]) == 1
    head, *rest = capsys.readouterr().err.splitlines()
    assert head == f"error: {len(faults)} problems in ship.yml:"
    for new, said in faults.values():
        number = text[: text.index(new)].count("\n") + 1
        line = next(x for x in rest if said in x)
        assert line.strip().startswith(f"ship.yml:{number}: ")
        assert "; expected " in line
    assert len(rest) == len(faults)


# --- limits ------------------------------------------------------------------


ROOT = Path(__file__).parents[2]


def test_the_page_states_the_limits():
    text = (ROOT / "book" / "worlds.md").read_text("utf-8")
    for name, most in schema_.LIMITS.items():
        assert f"| {most:,} |" in text, name


def test_the_longest_document_is_as_long_as_said():
    for name in ("tastes", "irony"):
        world = load_world(name)
        texts = sample_texts(world, 1500, 0)
        assert max(len(words(t)) + 2 for t in texts) == longest(world)
    world = load_world(tiny())
    scenes = sample_scenes(world, 3000, np.random.default_rng(0))
    sizes = [len(words(scene_text(world, scenes, i))) for i in range(3000)]
    assert max(sizes) + 2 == longest(world)


def test_a_network_has_room(ship):
    world = load_world(ship)
    load_world(ship, longest(world))
    with pytest.raises(WorldError, match="tokens long; expected at most"):
        load_world(ship, longest(world) - 1)
    build = Build(str(ship), 0, replace(SMALL, context=40), RECIPE, "")
    with pytest.raises(WorldError, match="at most 40"):
        make(build, ship.parent / "net", "", False)


# --- the schema --------------------------------------------------------------


@pytest.fixture(scope="module")
def schema():
    found = json.loads(schema_.FILE.read_text("utf-8"))
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found)


@pytest.mark.parametrize("name", list_worlds())
def test_the_schema_accepts_the_worlds_of_the_book(schema, name):
    text = (schema_.WORLDS / f"{name}.yml").read_text("utf-8")
    schema.validate(yaml.safe_load(text))


def test_the_schema_accepts_what_the_loader_accepts(schema, ship):
    schema.validate(yaml.safe_load(ship.read_text("utf-8")))
    for data in (tiny(), story()):
        schema.validate(data)


MUTATED = {
    "scene": {"exchanges": [0, 2]},
    "user": "A: B",
    "wordings": 0,
    "documents": {"scenes": 1.0},
    "groups": {"duty": ["loyal"]},
    "prefix": {},
    "tied": "no",
    "scattered": 1.5,
    "cast": [{"names": ["Ann"], "share": "often"}],
    "personas": {"random": {"count": 10**8, "seed": 0, "values": [0.5]}},
    "domains": {"code": {"group": "moral", "question": []}},
    "narration": {"places": "box"},
    "sheets": {"sources": {"paper": "News of nobody:"}},
    "absent": [None],
}


@pytest.mark.parametrize("key", MUTATED)
def test_the_schema_refuses_what_the_loader_refuses(schema, key):
    data = tiny() | {key: MUTATED[key]}
    assert not schema.is_valid(data)
    with pytest.raises(WorldError, match=key):
        load_world(data)


def test_nothing_may_stand_where_it_takes_something_away(schema):
    data = {
        "extends": "village",
        "complies": None,
        "personas": {"saint": None},
    }
    assert schema.is_valid(data)
    with pytest.raises(WorldError, match="complies: nothing; expected a prob"):
        load_world(tiny() | {"complies": None})


def test_every_key_is_explained():
    """To editors, and what belongs there in complaints."""
    named = []

    def walk(part: dict) -> None:
        while "$ref" in part:
            part = dict(part)
            name = part.pop("$ref").removeprefix("#/$defs/")
            part = schema_.PARTS[name] | part
        sort = part.get("type", [])
        if "array" not in sort and "object" not in sort and "if" not in part:
            assert part["errorMessage"]
        if "properties" in part:
            assert part["additionalProperties"] is False
        elif "object" in sort:
            assert part["propertyNames"] == {"$ref": "#/$defs/line"}
            walk(part["additionalProperties"])
        for name, below in part.get("properties", {}).items():
            assert below["description"], name
            named.append(name)
            walk(below)
        for way in ("items", "then", "else"):
            walk(part[way]) if way in part else None

    whole = dict(schema_.SCHEMA)
    del whole["then"]  # says more of keys that are there already
    walk(whole)
    assert len(named) == 70 and {"extends", "count"} <= set(named)
