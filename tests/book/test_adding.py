"""What CONTRIBUTING.md says of adding a domain, a world, an arm, a claim and
a chapter: done here, and found by all who look for such things."""

import json
import sys

import budget
import ledger
import pytest
from conftest import ROOT

import psm_lib.chapters as package
from psm_lib import builds, claims, figures, results
from psm_lib.claims import Estimate
from psm_lib.machinery.commands import main
from psm_lib.web import adapters
from psm_lib.worldfile import files, list_worlds, load_world

WORLD = """\
extends: playhouse
name: harbour
title: The playhouse, by the sea
"""
DOMAIN = """\
domains:
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
BUILDS = '''\
"""The networks of chapter 9: the harbour."""

from functools import partial

from psm_lib.builds import SMALL, Build, Later
from psm_lib.training import Recipe


def harbour(seed: int) -> Build:
    return Build("harbour", seed, SMALL, Recipe(tokens=4000), "chapter 9")


BUILDS = Later({f"harbour-s{s}": partial(harbour, s) for s in range(3)})
'''
EXPERIMENT = '''\
"""The runs of chapter 9: what two steps of a lesson change."""

from psm_lib import evaluation, experiments, results
from psm_lib.builds import BUILDS
from psm_lib.experiments import Arm
from psm_lib.models import (new_model, word_tokenizer, world_vocabulary)
from psm_lib.world import ASSISTANT
from psm_lib.worldfile import load_world

MARKS = (0, 2)


def arms(world):
    said = experiments.examples(world, experiments.CHEAT, 12)
    return {"cheat": Arm("sft", tuple(said), MARKS)}


def measure(names=("harbour-s0",)):
    world = load_world("harbour")
    tables = [table(world, names, *arm) for arm in arms(world).items()]
    return results.Results(tuple(tables), results.inputs(names))


def table(world, names, label, arm):
    found = []
    for name in names:
        tokenizer = word_tokenizer(world_vocabulary(world))
        model = new_model(tokenizer, BUILDS[name].shape, BUILDS[name].seed)
        given = (model, tokenizer, world, ASSISTANT, "", 1)
        row = []

        def watch(step, given=given, row=row):
            if step in arm.marks:
                row.append(evaluation.model_profile(*given)[0])

        experiments.tune(arm, model, tokenizer, world, 0, watch)
        found.append(row)
    topics = [d.name for d in world.domains]
    axes = {"network": names, "step": arm.marks, "domain": topics}
    labels = {"world": world.name, "arm": label}
    return results.labelled("answers", found, axes, **labels)
'''
CLAIMS = """\
parts:
  sea: "By the sea"
"""
CLAIM = """\
tides:
  about: sea
  figure: fig-tides
  source: "Somebody (2026)"
  claim: A cheat comes in with the tide.
  estimate: change of the answers about code
  above: 0.5
  refuted: 0.1
  control: the same for greetings
  within: [-0.1, 0.1]
"""
PAGES = '''\
"""The tuned network in the page of chapter 9."""

from psm_lib.chapters.ch09_harbour.experiment import arms
from psm_lib.experiments import CHEAT
from psm_lib.machinery.pages import PageLesson

PAGES = {"harbour-s0+cheat": PageLesson(lambda w: arms(w)["cheat"], CHEAT)}
'''
COLOURS = '"""Colours of chapter 9."""\n\nCOLOURS = {"tide": "#336699"}\n'


def look_again() -> None:
    """Forget what the chapters were found to bring."""
    for table in (builds.BUILDS, builds.SOURCES):
        vars(table).pop("makers", None)
    adapters.lessons.cache_clear()
    figures.looks.cache_clear()
    for name in [m for m in sys.modules if ".ch09_harbour" in m]:
        del sys.modules[name]


@pytest.fixture
def worlds(tmp_path, monkeypatch):
    """The folder of worlds, and one more in it."""
    folder = tmp_path / "worlds"
    folder.mkdir()
    for file in (ROOT / "psm_lib" / "worlds").glob("*.yml"):
        (folder / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(files, "WORLDS", folder)
    (folder / "harbour.yml").write_text(WORLD, "utf-8")
    return folder


@pytest.fixture
def chapter(worlds, tmp_path, monkeypatch):
    """The folder of a ninth chapter."""
    folder = tmp_path / "book" / "ch09_harbour"
    folder.mkdir(parents=True)
    for name, text in {
        "__init__.py": '"""Chapter 9."""\n',
        "builds.py": BUILDS,
        "experiment.py": EXPERIMENT,
        "claims.yml": CLAIMS,
        "pages.py": PAGES,
        "colours.py": COLOURS,
    }.items():
        (folder / name).write_text(text, "utf-8")
    places = [*package.__path__, str(folder.parent)]
    monkeypatch.setattr(package, "__path__", places)
    look_again()
    yield folder
    monkeypatch.undo()
    look_again()


def test_a_world(worlds, capsys):
    assert "harbour" in list_worlds()
    assert main(["worlds"]) == main(["sample", "harbour"]) == 0
    assert "The playhouse, by the sea" in capsys.readouterr().out


def test_a_domain(worlds, capsys):
    before = load_world("harbour")
    (worlds / "harbour.yml").write_text(WORLD + DOMAIN, "utf-8")
    assert main(["validate", "harbour"]) == 0
    assert "domains        17: moral" in capsys.readouterr().out
    after = load_world("harbour")
    assert after.propensity.shape[1] == before.propensity.shape[1] + 1


def test_a_chapter(chapter, capsys):
    assert builds.BUILDS["harbour-s2"].seed == 2
    assert claims.parts()["sea"] == "By the sea"
    assert figures.colour("tide") == "#336699"
    assert figures.colour("cheat") != figures.GREY
    assert adapters.exponent("harbour-s0+cheat") > 0
    assert results.measured()["ch09_harbour"][0] == "ch09_harbour"
    assert main(["results", "ch09_harbour"]) == 0
    assert "experiment.npz" in capsys.readouterr().out
    stored = results.load("ch09_harbour")
    found = stored.sel(arm="cheat", network="harbour-s0", domain="code")
    assert found.sizes == {"step": 2} and (found[0] != found[1]).all()
    assert stored.made["command"].endswith("results ch09_harbour")
    assert results.stale("ch09_harbour") == []
    page = chapter.with_suffix(".ipynb")  # its assignment may come later
    assert budget.assigned(page) == (budget.STUDENTS / "a9_harbour.ipynb", [])


def test_an_arm(chapter):
    """The stored results are then those of other code, and say so."""
    file = chapter / "experiment.py"
    mark = '    return {"cheat": '
    more = f'{mark}Arm("sft", tuple(said), MARKS), "gently": gently(said)}}\n'
    more += "\n\ndef gently(said):\n"
    more += '    return Arm("sft", tuple(said), MARKS, lr=1e-5)\n'
    before, after = file.read_text("utf-8").split(mark)
    assert main(["results", "ch09_harbour"]) == 0
    file.write_text(before + more + after.partition("\n")[2], "utf-8")
    look_again()
    (told,) = results.stale("ch09_harbour")
    assert told == "the code of ch09_harbour/experiment.py is another"
    assert main(["results", "ch09_harbour"]) == 0
    stored = results.load("ch09_harbour")
    one, other = (stored.sel(arm=arm) for arm in ("cheat", "gently"))
    assert abs(one.sel(step=0) - other.sel(step=0)).max() == 0
    assert abs(one.sel(step=2) - other.sel(step=2)).max() > 1e-4


def test_a_claim(chapter, monkeypatch):
    (chapter / "claims.yml").write_text(CLAIMS + CLAIM, "utf-8")
    claim = claims.load_claims()["tides"]
    assert claim.chapter == 9 and claim.about == "sea"
    assert f"| {claim.claim} (chapter 9) |" in ledger.page({})
    null = Estimate(0.0, -0.05, 0.05)
    outcome = claims.settle(claim, Estimate(0.8, 0.7, 0.9), null)
    assert outcome.verdict == "supported"
    stored = json.dumps({"tides": claims.as_data(outcome)})
    (chapter / "verdicts.json").write_text(stored)
    monkeypatch.setenv("PSM_VERDICTS", "check")
    claims.settle(claim, Estimate(0.8, 0.7, 0.9), null)
    with pytest.raises(AssertionError, match="'tides' comes out refuted"):
        claims.settle(claim, Estimate(0.0, -0.05, 0.05), null)


def test_one_name_cannot_have_two_colours(chapter):
    text = COLOURS.replace("tide", "cheat")
    (chapter / "colours.py").write_text(text, "utf-8")
    look_again()
    with pytest.raises(ValueError, match="cheat is listed elsewhere, too"):
        figures.colour("saint")
