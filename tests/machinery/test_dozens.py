"""Networks by the dozen: each made once, and as it would be alone."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import yaml
from safetensors.torch import load_file
from worlds import tiny

from psm_lib import builds
from psm_lib.machinery import dozens, making, store
from psm_lib.machinery.commands import main
from psm_lib.machinery.disk import file_hash
from psm_lib.machinery.sweeps import design


@pytest.fixture
def world(tmp_path, monkeypatch):
    """A small world's file, in a folder one stands in, and a short recipe."""
    monkeypatch.chdir(tmp_path)
    short = replace(builds.STAGED, tokens=1500, chunk=64, stagings=4)
    monkeypatch.setattr(builds, "STAGED", short)
    (tmp_path / "mine.yml").write_text(yaml.safe_dump(tiny()))
    return "mine.yml"


def weights(folder):
    return load_file(f"{folder}/model.safetensors")


def test_each_is_made_once(world, monkeypatch):
    made = dozens.networks([world], 2, at_once=1)
    assert [r["result"]["folder"] for r in made] == [
        "my_checkpoints/mine-n0",
        "my_checkpoints/mine-n1",
    ]
    first, second = (weights(r["result"]["folder"]) for r in made)
    assert any(not torch.equal(first[k], second[k]) for k in first)
    for record in made:
        file = Path(record["result"]["folder"]) / "model.safetensors"
        assert record["result"]["sha256"] == file_hash(file)
        assert record["code"] and record["versions"]["torch"]
    # The same again, and one more: only that is made.
    again, real = [], making._make
    monkeypatch.setattr(
        making, "_make", lambda *a: again.append(a[1].name) or real(*a)
    )
    three = dozens.networks([world], 3, at_once=1)
    assert again == ["mine-n2"] and three[:2] == made
    # What was thrown away comes back, as it was.
    shutil.rmtree("my_checkpoints/mine-n0")
    dozens.networks([world], 3, at_once=1)
    assert again == ["mine-n2", "mine-n0"]
    old = made[0]["result"]["sha256"]
    assert file_hash(Path("my_checkpoints/mine-n0/model.safetensors")) == old


def test_it_is_what_its_command_makes(world, capsys):
    (record,) = dozens.networks([world], 1, at_once=1, first=5)
    folder = record["result"]["folder"]
    told = store.read_record(folder)["command"]
    assert told == "python -m psm_lib rebuild --networks 1 --first 5 mine.yml"
    before = weights(folder)
    shutil.rmtree("my_checkpoints")
    assert main([*told.split()[3:], "--jobs", "1"]) == 0
    assert "mine-n5: captured" in capsys.readouterr().out
    after = weights(folder)
    assert all(torch.equal(before[k], after[k]) for k in before)


def test_those_of_the_book_go_by_name(world, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "UNSHIPPED", tmp_path / "there")
    (record,) = dozens.networks(["tastes"], 1, at_once=1)
    assert record["result"]["folder"] == str(tmp_path / "there/tastes-n0")
    model, _ = store.load_checkpoint("tastes-n0")
    assert builds.build_of("tastes-n0") == builds.network("tastes", 0)
    for unknown in ("tastes-n", "nowhere-n0", "tastes-nx"):
        with pytest.raises(KeyError, match="as in playhouse-n3"):
            builds.build_of(unknown)


def test_stacked_networks_are_those_made_one_by_one(world):
    alone = [
        weights(r["result"]["folder"])
        for r in dozens.networks([world], 3, at_once=1)
    ]
    records = [store.read_record(f"my_checkpoints/mine-n{k}") for k in (0, 1)]
    shutil.rmtree("my_checkpoints")
    dozens.stack(design([world], ["network"], [0, 1, 2]), 2)
    for k, one in enumerate(alone):
        stacked = weights(f"my_checkpoints/mine-n{k}")
        for name, tensor in one.items():
            assert torch.allclose(
                stacked[name].float(), tensor.float(), atol=0.02
            ), name
    for k, record in enumerate(records):
        found = store.read_record(f"my_checkpoints/mine-n{k}")
        assert found["recipe"] == record["recipe"]
        assert found["results"]["gap"] == pytest.approx(
            record["results"]["gap"], abs=0.01
        )
    # They count as made.
    made = dozens.networks([world], 3, at_once=1)
    assert json.dumps(made)


@pytest.mark.parametrize(
    "words, told",
    [
        (["--networks", "2"], "expected the worlds' names"),
        (["--networks", "2", "mine.yml", "--out", "x"], "no --out"),
        (["--networks", "2", "nowhere"], "nowhere"),
        (["playhouse-s9"], "as in playhouse-n3"),
    ],
)
def test_what_cannot_be_asked_for(world, capsys, words, told):
    assert main(["rebuild", *words]) == 1
    assert told in capsys.readouterr().err


def test_none_is_too_few(world):
    with pytest.raises(ValueError, match="0 networks; expected 1 or more"):
        dozens.networks([world], 0)
