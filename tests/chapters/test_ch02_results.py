"""Chapter 2's stored results: what their axes say, and how they were made."""

import re

import numpy as np
import pytest
import torch
from conftest import ROOT
from shown import shown, stored_difference

from psm_lib import results
from psm_lib.chapters.ch02_hamlet import authorship, plays
from psm_lib.machinery.making import checkpoint

NAME = "ch02_hamlet/authorship"


@pytest.fixture(scope="module")
def stored():
    return results.load("ch02_hamlet", "authorship")


@pytest.fixture(scope="module")
def chosen():
    return authorship.trials(*plays.split(plays.read_plays()))


def test_they_were_made_by_this_command_from_these_networks(stored):
    assert stored.made["command"] == results.command(NAME)
    assert {*stored.made["networks"]} == {*authorship.NETWORKS}


def test_every_speech_under_every_name_of_its_play(stored, chosen):
    assert len(stored.tables) == plays.PLAYS
    found = []
    for table in stored.stack("surprise"):
        play = table["play"].item()
        assert table.dims == ("network", "speech", "name")
        assert tuple(table["network"].values) == authorship.NETWORKS
        names = (plays.SOMEONE, *table["name"].values[1:])
        assert tuple(table["name"].values) == names
        found += [(play, i, names[1:]) for i in table["speech"].values]
    wanted = [(t.speech.play, t.speech.index, t.names) for t in chosen]
    assert found == wanted


def test_surprise_is_that_of_words(stored, chosen):
    """Between three nats a word and twenty-five, under any name."""
    words = {(t.speech.play, t.speech.index): t.speech.words for t in chosen}
    for table in stored.stack("surprise"):
        play = table["play"].item()
        n = [words[play, i] for i in table["speech"].values]
        each = table.values / np.array(n)[:, None]
        assert each.min() > 3 and each.max() < 25


def test_a_part_can_be_measured_alone(stored, chosen):
    """Two speeches of two plays, by one network."""
    some = [chosen[0], chosen[-1]]
    again = authorship.measure(["shakespeare-s0"], some)
    assert len(again.tables) == 2
    apart = results.compare(again, stored)
    assert len(apart) == 2 and max(apart.values()) < 0.02


def test_the_sum_on_the_page_is_the_librarys(chosen):
    """For other speeches than the one it shows, under all their names."""
    [cell] = shown("ch02_hamlet")
    assert stored_difference(cell) == 0.0
    model, tokenizer = checkpoint("shakespeare-s0")
    page = {"model": model, "tokenizer": tokenizer, "torch": torch}
    page |= {"np": np, "authorship": authorship, "chosen": chosen}
    exec(cell.source, page)
    for t in chosen[100::600]:
        wanted = authorship.surprise_table(model, tokenizer, [t])[0]
        found = [
            page["surprise"](t.speech.play, name, t.speech.text)
            for name in (plays.SOMEONE, *t.names)
        ]
        assert np.abs(found - wanted).max() < 0.001


def test_what_one_speech_saves():
    """The sentence before the cell is about what the cell prints."""
    [cell] = shown("ch02_hamlet")
    printed = "".join(o.get("text", "") for o in cell.outputs)
    nats = dict(re.findall(r"^([A-Z ]+?) +([\d.]+) nats$", printed, re.M))
    his, kings, nobodys = (
        float(nats[name]) for name in ("HAMLET", "KING CLAUDIUS", "SOMEONE")
    )
    assert nobodys - his < 0.05
    text = (ROOT / "book" / "ch02_hamlet.ipynb").read_text("utf-8")
    assert f"The right name saves {kings - his:.1f} nats" in text
    assert "nothing against no name at all" in text
