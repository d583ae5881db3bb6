"""Networks by the dozen: each made once, and as it would be alone."""

import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
import yaml
from safetensors.torch import load_file
from worlds import tiny

from psm_lib import builds
from psm_lib.machinery import dozens, making, runs, store
from psm_lib.machinery.commands import main
from psm_lib.machinery.disk import file_hash
from psm_lib.machinery.sweeps import read


@pytest.fixture
def world(tmp_path, monkeypatch):
    """A small world's file, in a folder one stands in, and a short recipe."""
    monkeypatch.chdir(tmp_path)
    short = replace(builds.STAGED, tokens=1500, chunk=8, stagings=4)
    monkeypatch.setattr(builds, "STAGED", short)
    real = making.evaluator
    few = lambda world, tokenizer, n=192: real(world, tokenizer, 48)  # noqa: E731
    monkeypatch.setattr(making, "evaluator", few)
    (tmp_path / "mine.yml").write_text(yaml.safe_dump(tiny()))
    return "mine.yml"


def weights(folder):
    return load_file(f"{folder}/model.safetensors")


def told(folder="my_checkpoints") -> list[dict]:
    return read(Path(folder) / "networks.jsonl")


def test_each_is_made_once(world, monkeypatch):
    both = dozens.networks([world], 2, at_once=1)
    assert [found["folder"] for found in both] == [
        "my_checkpoints/mine-n0",
        "my_checkpoints/mine-n1",
    ]
    first, second = (weights(found["folder"]) for found in both)
    assert any(not torch.equal(first[k], second[k]) for k in first)
    for found in both:
        file = Path(found["folder"]) / "model.safetensors"
        assert found["sha256"] == file_hash(file)
    lines = told()
    assert [line["result"]["networks"] for line in lines] == [
        [found] for found in both
    ]
    assert all(line["code"] and line["versions"]["torch"] for line in lines)
    # The same again, and one more: only that is made, and nothing is said
    # anew of the others.
    again, real = [], making._make
    monkeypatch.setattr(
        making, "_make", lambda *a: again.append(a[1].name) or real(*a)
    )
    three = dozens.networks([world, world], 3, at_once=1)
    assert again == ["mine-n2"] and three[:2] == both
    assert told()[:2] == lines and len(told()) == 3
    # What was thrown away comes back, as it was, and its line with it.
    shutil.rmtree("my_checkpoints/mine-n0")
    assert (
        dozens.networks([world], 3, at_once=1)[0]["sha256"]
        == (both[0]["sha256"])
    )
    assert again == ["mine-n2", "mine-n0"]
    assert [line["job"]["seed"] for line in told()] == [1, 2, 0]


def test_it_is_what_its_command_makes(world, capsys):
    (found,) = dozens.networks([world], 1, at_once=1, first=5)
    command = store.read_record(found["folder"])["command"]
    assert command == (
        "python -m psm_lib rebuild --networks 1 --first 5 mine.yml"
    )
    before = weights(found["folder"])
    shutil.rmtree("my_checkpoints")
    assert main([*command.split()[3:], "--jobs", "1"]) == 0
    assert "mine-n5: captured" in capsys.readouterr().out
    after = weights(found["folder"])
    assert all(torch.equal(before[k], after[k]) for k in before)


def test_those_of_the_book_go_by_name(world, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "UNSHIPPED", tmp_path / "there")
    with pytest.raises(store.CheckpointError, match="--first 0 tastes"):
        store.load_checkpoint("tastes-n0")
    (found,) = dozens.networks(["tastes"], 1, at_once=1)
    assert found["folder"] == str(tmp_path / "there/tastes-n0")
    model, _ = store.load_checkpoint("tastes-n0")
    assert builds.build_of("tastes-n0") == builds.network("tastes", 0)
    for unknown in ("tastes-n", "nowhere-n0", "tastes-nx"):
        with pytest.raises(KeyError, match="as in playhouse-n3"):
            builds.build_of(unknown)


def test_stacked_networks_are_those_made_one_by_one(world, monkeypatch):
    alone = dozens.networks([world], 3, at_once=1)
    before = [weights(found["folder"]) for found in alone]
    shutil.rmtree("my_checkpoints")
    # As if there were a GPU: two in one batch, then the one that is left.
    monkeypatch.setattr(dozens, "device", lambda: SimpleNamespace(type="cuda"))
    stacked = dozens.networks([world], 3, at_once=2)
    for one, two, old in zip(alone, stacked, before, strict=True):
        new = weights(two["folder"])
        for name, tensor in old.items():
            assert torch.allclose(
                new[name].float(), tensor.float(), atol=0.02
            ), name
        assert two["gap"] == pytest.approx(one["gap"], abs=0.01)
        assert two["folder"] == one["folder"]
    arms = [line["job"]["arm"] for line in told()]
    assert arms == ["0 1", "2"]


def test_a_world_that_is_edited_while_a_stack_learns(world, monkeypatch):
    real = dozens.pretrain_stacked

    def edited(*given):
        other = tiny() | {"complies": 0.6}
        Path(world).write_text(yaml.safe_dump(other))
        real(*given)

    monkeypatch.setattr(dozens, "pretrain_stacked", edited)
    dozens.stack(world, [0, 1])
    for name in ("mine-n0", "mine-n1"):
        kept = store.world_of(f"my_checkpoints/{name}")
        assert kept.complies[0] == 0.9
    with pytest.raises(store.CheckpointError, match="complies"):
        dozens.networks([world], 1, at_once=1)


def test_an_interrupted_run_is_in_the_way_before_a_stack_learns(
    world, monkeypatch
):
    monkeypatch.setattr(dozens, "pretrain_stacked", None)  # not called
    monkeypatch.setattr(runs, "begun", lambda run: "n1" in str(run))
    with pytest.raises(FileExistsError, match="PSM_DEVICE=cpu"):
        dozens.stack(world, [0, 1])


@pytest.mark.parametrize(
    "words, told",
    [
        (["--networks", "2"], "expected the worlds' names"),
        (["--networks", "2", "mine.yml", "--out", "x"], "no --out"),
        (["--networks", "2", "nowhere"], "nowhere"),
        (["--networks", "2", "mine.yml", "sub/mine.yml"], "have different"),
        (["--networks", "2", "mine.yml", "--first", "4294967295"], "at most"),
        (["--first", "2", "playhouse-n2"], "expected --networks N"),
        (["playhouse-s9"], "as in playhouse-n3"),
    ],
)
def test_what_cannot_be_asked_for(world, capsys, words, told):
    Path("sub").mkdir()
    shutil.copy(world, "sub/mine.yml")
    assert main(["rebuild", *words]) == 1
    assert told in capsys.readouterr().err


def test_none_is_too_few(world):
    with pytest.raises(ValueError, match="0 networks; expected 1 or more"):
        dozens.networks([world], 0)
