"""What a name is worth and who said it, on tables whose answers are known."""

import numpy as np
import pytest

from psm_lib.chapters.ch02_hamlet import authorship, plays, readings
from psm_lib.results import Results, labelled

NAMES = ("A", "B", "C", "D", "E")
SOMEONE = plays.SOMEONE


def trial(speaker, index, names=NAMES, play="Toy"):
    speech = plays.Speech(play, "I", "I", speaker, "words", index, 9)
    return authorship.Trial(speech, names)


@pytest.fixture(scope="module")
def chosen():
    """Forty speeches of four speakers; the fifth name never speaks."""
    return [trial(NAMES[k % 4], k) for k in range(40)]


def scored(chosen, nats, networks=("one",)):
    """Results in which ``nats(speaker, name)`` is the surprise."""
    tables = []
    for play in {t.speech.play: None for t in chosen}:
        here = [t for t in chosen if t.speech.play == play]
        names = (SOMEONE, *here[0].names)
        rows = [[nats(t.speech.speaker, n) for n in names] for t in here]
        axes = {
            "network": networks,
            "speech": [t.speech.index for t in here],
            "name": names,
        }
        values = [rows for _ in networks]
        tables.append(labelled("surprise", values, axes, play=play))
    return Results(tuple(tables))


def test_name_arms_take_the_names_they_say(chosen):
    # The surprise under a name is its place, so that an arm shows its names.
    names = (SOMEONE, *NAMES)
    stored = scored(chosen, lambda _, n: names.index(n), ("one", "two"))
    arms = readings.name_arms(stored, chosen)
    assert arms.dims == ("arm", "network", "speech")
    assert arms["network"].values.tolist() == ["one", "two"]
    assert arms["speech"].values.tolist()[:2] == ["Toy 0", "Toy 1"]
    right = np.array([names.index(t.speech.speaker) for t in chosen])
    assert (arms.sel(arm="right") == right).all()
    assert (arms.sel(arm="no name") == 0).all()
    for arm in ("wrong", "exchanged", "decoy"):
        taken = arms.sel(arm=arm)
        assert (taken != right).all() and (taken >= 1).all()
    # A decoy is somebody who speaks; the fifth name never does.
    assert arms.sel(arm="decoy").max() <= 4


def test_what_frequent_names_save_cancels_in_the_loan():
    """Nobody has a voice: a name saves by how often it is heard, and that is
    all. The speaker of another speech is heard less than the right one."""
    right = np.repeat(["A", "B", "C", "D"], [24, 8, 4, 4]).tolist()
    chosen = [trial(r, k, NAMES[:4]) for k, r in enumerate(right)]
    nats = {SOMEONE: 3.0, "A": -1.5, "B": -0.5, "C": 0.2, "D": 0.3}
    stored = scored(chosen, lambda _, name: nats[name])
    mean = readings.name_arms(stored, chosen).mean(["network", "speech"])
    right = float(mean.sel(arm="right"))
    assert float(mean.sel(arm="lent")) == pytest.approx(right)
    assert float(mean.sel(arm="decoy")) - right > 0.1


def test_speeches_are_found_by_play_and_place_in_any_order():
    chosen = [
        trial("A", 7, play="Toy"),
        trial("F", 7, ("F", "G"), "Other"),
        trial("B", 3, play="Toy"),
    ]
    stored = scored(chosen, lambda speaker, n: float(speaker != n))
    right = [t.speech.speaker for t in chosen]
    found = readings.surprise_under(stored, chosen, right)
    assert found.tolist() == [[0, 0, 0]]
    found = readings.surprise_under(stored, chosen, ["A", "G", "B"])
    assert found.tolist() == [[0, 1, 0]]
    found = readings.network_guess(stored, chosen[::-1])
    assert found.tolist() == [right[::-1]]
    with pytest.raises(KeyError, match="name"):
        readings.surprise_under(stored, chosen, ["A", "nobody", "B"])


def test_other_speakers_keep_each_play_its_own(chosen):
    dealt = readings.other_speakers(chosen)
    own = np.array([t.speech.speaker for t in chosen])
    assert sorted(dealt) == sorted(own) and (dealt != own).any()


def test_network_guess_takes_the_least_surprising_name(chosen):
    """And not SOMEONE, who is nobody."""
    nats = {SOMEONE: 0.0, "A": 9, "B": 9, "C": 2, "D": 9, "E": 9}
    stored = scored(chosen, lambda _, name: nats[name])
    assert (readings.network_guess(stored, chosen) == "C").all()


def test_labels_are_written_as_names():
    assert readings.written("KING RICHARD II") == "King Richard II"
    assert readings.written("FIRST CLOWN") == "First Clown"


def bag_of(stored):
    """A bag of words that guesses as a network does."""
    tables = [
        labelled(
            "log probability",
            -table.drop_sel(name=SOMEONE).sel(network="one").values,
            {
                "speech": table["speech"].values,
                "name": table["name"].values[1:],
            },
            play=table["play"].item(),
        )
        for table in stored.tables
    ]
    return Results(tuple(tables))


def test_rounds_of_the_game():
    """A network that always knows, and one that always says another."""
    chosen = authorship.trials(*plays.split(plays.read_plays()))
    said = {t.speech.text: t.speech.speaker for t in chosen}
    for knows in (True, False):
        stored = scored(
            chosen, lambda speaker, n, k=knows: float((speaker == n) != k)
        )
        bag = bag_of(stored)
        game = readings.rounds(chosen, stored, "one", bag, 4)
        assert len({r["play"] for r in game}) == 4
        for r in game:
            assert len(set(r["names"])) == 4
            right = readings.written(said[r["text"]])
            assert r["names"][r["right"]] == right
            assert (r["network"] == r["right"]) == knows
            assert r["bag"] == r["network"]
    with pytest.raises(ValueError, match="rounds"):
        readings.rounds(chosen, stored, "one", bag, 99)
