"""Runs that cannot be mixed, and of which nothing is lost."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import yaml
from safetensors import SafetensorError
from short_runs import POLISH, SHORT, SMALL, Cut, cut_at, cut_build, plan
from worlds import tiny

from psm_lib import models
from psm_lib.builds import BUILDS
from psm_lib.machinery import making, runs, states, store
from psm_lib.machinery.disk import Busy, alone, replacing, saving
from psm_lib.machinery.making import make, once
from psm_lib.machinery.runs import differences, enter, plan_of, same_network
from psm_lib.machinery.store import (
    CheckpointError,
    checkpoint_folder,
    read_record,
)

ROOT = Path(__file__).parents[2]


def files(folder: Path) -> dict[str, bytes]:
    found = (p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): p.read_bytes() for p in found}


# --- what differs ----------------------------------------------------------


def test_differences_are_named_key_by_key():
    old = {"a": {"b": 1, "c": [1, "x"], "d": 0}, "e": None}
    assert differences(old, json.loads(json.dumps(old))) == []
    new = {"a": {"b": 2, "c": [1, "y"], "f": 5}, "e": None}
    assert differences(old, new) == [
        "a.b was 1, is 2",
        'a.c[1] was "x", is "y"',
        "a.d was 0, is not there",
        "a.f was not there, is 5",
    ]
    assert differences([1], [1, 2], "k") == ["k had 1 entries, has 2"]
    turned = {"b": 1, "a": 2}
    assert differences({"a": 2, "b": 1}, turned, "k") == [
        "the order of k is another"
    ]
    many = [f"d{i}" for i in range(5)]
    assert runs.told(many) == "d0; d1; d2; and 2 more"


def edited() -> dict:
    data = tiny() | {"documents": {"scene": 1.0}}
    data["domains"]["food"]["answers"]["human"] = ["Cheese."]
    return data


@pytest.fixture
def world_file(tmp_path) -> Path:
    file = tmp_path / "mine.yml"
    data = tiny() | {"documents": {"scene": 1.0}}
    file.write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")
    return file


def test_an_edited_world_is_not_gone_on_with(
    tmp_path, world_file, monkeypatch
):
    """The same name, the same command, another world."""
    text, folder = world_file.read_text("utf-8"), tmp_path / "mine"
    whole = make(plan(world=str(world_file)), tmp_path / "whole", "x", False)
    cut_build(folder, 2, monkeypatch, world=str(world_file))
    before = files(tmp_path / ".mine.run")
    world_file.write_text(yaml.safe_dump(edited(), sort_keys=False), "utf-8")
    told = r'food\.answers\.human\[0\] was "Bread\.", is "Cheese\."'
    with pytest.raises(FileExistsError, match=told) as error:
        make(plan(world=str(world_file)), folder, "x", False)
    assert "Put that back and the run goes on" in str(error.value)
    assert "\n" not in str(error.value)
    assert files(tmp_path / ".mine.run") == before
    # Put back, with a comment more: the very same network.
    world_file.write_text("# a comment\n" + text, "utf-8")
    make(plan(world=str(world_file)), folder, "x", False)
    weights = [(f / "model.safetensors").read_bytes() for f in (whole, folder)]
    assert weights[0] == weights[1]


def test_nor_in_the_polish(tmp_path, world_file, monkeypatch):
    real, folder = making.world_chunks, tmp_path / "mine"
    polished = plan(world=str(world_file), polish=POLISH)

    def cut(world, tokenizer, seed, *more):
        text = real(world, tokenizer, seed, *more)
        return cut_at(text, 0) if seed == making.POLISH_STREAM else text

    with monkeypatch.context() as patch, pytest.raises(Cut):
        patch.setattr(making, "world_chunks", cut)
        make(polished, folder, "x", False)
    data = edited()
    world_file.write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")
    with pytest.raises(FileExistsError, match="interrupted run of another"):
        make(polished, folder, "x", False)


def test_a_world_that_is_edited_meanwhile(tmp_path, world_file, monkeypatch):
    """What is trained on, measured against and recorded is one world."""
    whole = make(plan(world=str(world_file)), tmp_path / "whole", "x", False)
    real = making.reading

    def reading(given):
        data = edited()
        world_file.write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")
        return real(given)

    monkeypatch.setattr(making, "reading", reading)
    other = make(plan(world=str(world_file)), tmp_path / "other", "x", False)
    one, two = read_record(whole), read_record(other)
    assert one["results"] == two["results"]
    assert one["world_sha256"] == two["world_sha256"]
    assert two["world"] == str(world_file)


@pytest.mark.parametrize("key", ["psm_lib", "torch", "numpy"])
def test_another_library_does_not_finish_it(tmp_path, monkeypatch, key):
    folder = tmp_path / "mine"
    cut_build(folder, 2, monkeypatch)
    real = plan_of

    def other(given):
        made = real(given)
        return made | {"versions": made["versions"] | {key: "0.0.9"}}

    monkeypatch.setattr(runs, "plan_of", other)
    with pytest.raises(FileExistsError, match=rf"versions\.{key} was .*0\.0"):
        make(plan(), folder, "x", False)


def test_another_device_or_marks_are_another_run(tmp_path, monkeypatch):
    folder = tmp_path / "mine"
    cut_build(folder, 2, monkeypatch)
    with pytest.raises(FileExistsError, match="marks had 0 entries, has 1"):
        make(plan(marks=(1000,)), folder, "x", False)
    cuda = lambda: models.torch.device("cuda")  # noqa: E731
    monkeypatch.setattr(runs, "device", cuda)
    with pytest.raises(FileExistsError, match='device was "cpu", is "cuda"'):
        enter(tmp_path / ".mine.run", plan())


def test_a_run_that_does_not_say_what_it_is(tmp_path, monkeypatch):
    folder = tmp_path / "mine"
    cut_build(folder, 2, monkeypatch)
    (tmp_path / ".mine.run" / "plan.json").write_text('{"world": ')
    with pytest.raises(FileExistsError, match="no longer says of what"):
        make(plan(), folder, "x", False)
    assert states.unfinished(tmp_path / ".mine.run" / "state")


@pytest.mark.parametrize(
    "file", ["model.safetensors", "optimizer.safetensors", "progress.json"]
)
def test_a_damaged_state_is_told(tmp_path, monkeypatch, file):
    folder = tmp_path / "mine"
    cut_build(folder, 2, monkeypatch)
    state = tmp_path / ".mine.run" / "state" / file
    state.write_bytes(state.read_bytes()[: state.stat().st_size // 2])
    with pytest.raises(RuntimeError, match="is damaged") as error:
        make(plan(), folder, "x", False)
    assert "delete that folder" in str(error.value)
    assert "\n" not in str(error.value)


# --- a network that was made once ------------------------------------------


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"world": edited()}, "world"),
        ({"seed": 1}, "seed was 0, is 1"),
        ({"recipe": replace(SHORT, lr=0.5)}, "recipe.lr was 0.003, is 0.5"),
        ({"shape": replace(SMALL, width=8)}, "shape.width was 16, is 8"),
        ({"polish": POLISH}, "polish was null"),
    ],
    ids=["world", "seed", "recipe", "shape", "polish"],
)
def test_what_was_made_once_is_what_is_asked_for(
    tmp_path, monkeypatch, change, told
):
    """PSM_RETRAIN=1 reuses no network of another world or recipe."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(making.BUILDS, "mine", plan())
    monkeypatch.setenv("PSM_RETRAIN", "1")
    making.checkpoint("mine")
    making.checkpoint("mine")
    monkeypatch.setitem(making.BUILDS, "mine", plan(**change))
    with pytest.raises(CheckpointError, match="not the network that") as error:
        making.checkpoint("mine")
    assert told in str(error.value)
    command = "rebuild mine --out my_checkpoints/mine"
    assert command in str(error.value)


def test_networks_of_the_book_are_what_their_builds_say():
    for name, made in BUILDS.items():
        if made.shipped:
            same_network(checkpoint_folder(name), made, "x")


def test_a_recipe_of_an_earlier_library(tmp_path):
    """A key it did not have has the value it meant."""
    folder = make(plan(), tmp_path / "mine", "x", False)
    record = json.loads((folder / "psm.json").read_text("utf-8"))
    del record["recipe"]["workers"]
    (folder / "psm.json").write_text(json.dumps(record), "utf-8")
    same_network(folder, plan(), "x")
    with pytest.raises(CheckpointError, match="recipe.workers was 1, is 2"):
        two = plan(recipe=replace(SHORT, workers=2))
        same_network(folder, two, "x")


def test_the_one_that_waits_takes_what_was_made(tmp_path, monkeypatch, capsys):
    """Of two kernels that need a network, one makes it."""
    folder, made = tmp_path / "mine", []
    real = making._make

    def make_(*given):
        made.append(given)
        return real(*given)

    monkeypatch.setattr(making, "_make", make_)
    program = (
        "import sys, time; from pathlib import Path\n"
        "from psm_lib.machinery.disk import alone\n"
        "with alone(Path(sys.argv[1])):\n"
        "    print('have it', flush=True); sys.stdin.readline()\n"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )
    assert other.stdout.readline() == "have it\n"
    # The process that holds it, and nobody else, says so at once.
    with pytest.raises(Busy, match=f"made by process {other.pid} on"):
        make(plan(), folder, "x", False)
    with pytest.raises(Busy, match="pass another --out FOLDER"):
        make(plan(), folder, "x", True)
    assert made == [] and not runs.folder_of(folder).exists()
    os.kill(other.pid, signal.SIGKILL)  # the lock dies with it
    other.wait()
    once(plan(), folder, "x")
    once(plan(), folder, "x")
    assert len(made) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]


def test_one_at_a_time_also_in_one_process(tmp_path):
    with alone(tmp_path / "x"):
        with (
            pytest.raises(Busy, match=str(os.getpid())),
            alone(tmp_path / "x"),
        ):
            pass
        with alone(tmp_path / "y"):
            pass
    with alone(tmp_path / "x"):
        pass
    assert list(tmp_path.iterdir()) == []


# --- what --force may replace ----------------------------------------------


def test_force_replaces_nothing_but_a_checkpoint(tmp_path, monkeypatch):
    thesis, notes = tmp_path / "thesis", tmp_path / "file"
    thesis.mkdir()
    (thesis / "chapter1.md").write_text("two years of work")
    notes.write_text("x")
    for folder, told in ((thesis, r"\(chapter1.md\)"), (notes, r"\(a file\)")):
        with pytest.raises(FileExistsError, match=told):
            make(plan(), folder, "x", True)
    monkeypatch.chdir(thesis)
    for here in (".", ".."):
        with pytest.raises(FileExistsError, match="no part of a checkpoint"):
            make(plan(), here, "x", True)
    assert (thesis / "chapter1.md").read_text() == "two years of work"
    folder = make(plan(), tmp_path / "mine", "x", False)
    (folder / "notes.txt").write_text("what I saw")
    with pytest.raises(FileExistsError, match=r"\(notes.txt\)"):
        make(plan(), folder, "x", True)
    (folder / "notes.txt").unlink()
    (folder / "psm.json").write_text("{")  # damaged: may be made again
    make(plan(), folder, "x", True)
    assert read_record(folder)["seed"] == 0


def test_weights_along_the_way_stay_with_their_network(tmp_path, monkeypatch):
    """--force takes the old ones away only when it has new ones."""
    folder, kept = tmp_path / "mine", tmp_path / ".mine.snapshots"
    make(plan(keep=True, marks=(1000,)), folder, "x", False)
    before = files(kept)
    real = making.world_chunks
    other = plan(keep=True, marks=(1000,), seed=1)
    with monkeypatch.context() as patch, pytest.raises(Cut):
        patch.setattr(making, "world_chunks", lambda *a: cut_at(real(*a), 3))
        make(other, folder, "x", True)
    assert files(kept) == before
    make(other, folder, "x", True)
    assert files(kept).keys() != before.keys() or files(kept) != before
    make(plan(), folder, "x", True)  # which keeps none
    assert not kept.exists()


# --- a full disk -----------------------------------------------------------


def limited(words: list[str], cwd: Path, most: int | None = None):
    """A command in a process that can write no file larger than ``most``."""

    def limit() -> None:
        if most is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    return subprocess.run(
        [sys.executable, "-m", "psm_lib", *words],
        cwd=cwd,
        env=os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        preexec_fn=limit,
    )


def test_a_disk_that_is_full_for_the_state(tmp_path, world_file):
    words = ["pretrain", str(world_file), "--tokens", "30000"]
    words += ["--workers", "1", "--out", "mine"]
    result = limited(words, tmp_path, 100_000)
    assert result.returncode == 1 and result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "mine.run/state cannot be written: File too large" in result.stderr
    assert "MB free there" in result.stderr
    assert "the same command goes on" in result.stderr
    assert files(tmp_path / ".mine.run").keys() == {"plan.json"}


@pytest.mark.parametrize("polish", [None, POLISH], ids=["plain", "polished"])
def test_a_disk_that_is_full_at_the_end(tmp_path, monkeypatch, polish):
    """The old checkpoint and the way to the new one both stay."""
    folder = make(plan(seed=3), tmp_path / "mine", "x", False)
    before = files(folder)
    whole = make(plan(polish=polish), tmp_path / "whole", "x", False)

    def full(*given, **more):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(store, "save_checkpoint", full)
        with pytest.raises(OSError, match="No space left .* free there"):
            make(plan(polish=polish), folder, "x", True)
    assert files(folder) == before
    asked, real = [], making.world_chunks

    def watched(*given):
        text = real(*given)
        return lambda i: asked.append((given[2], i)) or text(i)

    monkeypatch.setattr(making, "world_chunks", watched)
    make(plan(polish=polish), folder, "x", True)
    assert (0, 0) not in asked  # not from the beginning
    names = ["model.safetensors", "config.json", "tokenizer.json"]
    for name in names:
        assert (folder / name).read_bytes() == (whole / name).read_bytes()
    assert {p.name for p in tmp_path.iterdir()} == {"mine", "whole"}


def test_a_stop_while_the_end_is_measured_costs_a_chunk(tmp_path, monkeypatch):
    folder, asked, real = tmp_path / "mine", [], making.world_chunks

    def stopped(model):
        raise Cut

    with monkeypatch.context() as patch, pytest.raises(Cut):
        patch.setattr(making, "half", stopped)
        make(plan(), folder, "x", False)

    def watched(*given):
        text = real(*given)
        return lambda i: asked.append(i) or text(i)

    monkeypatch.setattr(making, "world_chunks", watched)
    make(plan(), folder, "x", False)
    assert len(asked) == 1 and asked[0] > 2


@pytest.mark.parametrize(
    "error",
    [
        OSError(28, "No space left on device"),
        SafetensorError(
            "Error while serializing: I/O error: No space left on device "
            "(os error 28)"
        ),
        SafetensorError(
            "Error while serializing: IoError(Os { code: 28, kind: "
            'StorageFull, message: "No space left on device" })'
        ),
        Exception("No space left on device (os error 28)"),  # tokenizers
    ],
    ids=["python", "safetensors", "safetensors 0.4", "tokenizers"],
)
def test_a_state_that_cannot_be_saved_leaves_the_last(
    tmp_path, monkeypatch, error
):
    folder, state = tmp_path / "mine", tmp_path / ".mine.run" / "state"
    cut_build(folder, 2, monkeypatch)
    before = files(state)

    def full(*given):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(states, "save_file", full)
        told = "state cannot be written: No space left on device"
        with pytest.raises(OSError, match=told):
            make(plan(), folder, "x", False)
    assert files(state) == before
    assert {p.name for p in state.parent.iterdir()} == {"plan.json", "state"}
    make(plan(), folder, "x", False)


def test_other_errors_are_not_the_disk_s(tmp_path):
    for error in (ValueError("x"), Exception("x"), FileExistsError("x")):
        with pytest.raises(type(error), match="^x$"), saving(tmp_path):
            raise error


def test_a_file_is_replaced_when_it_is_whole(tmp_path):
    file = tmp_path / "x.json"
    file.write_text("old")
    with pytest.raises(KeyError), replacing(file) as new:
        new.write_text("half")
        raise KeyError
    assert file.read_text() == "old" and list(tmp_path.iterdir()) == [file]
    with replacing(file) as new:
        new.write_text("new")
    assert file.read_text() == "new" and list(tmp_path.iterdir()) == [file]


# --- stopped and killed ----------------------------------------------------


def begin(folder: Path, world: Path) -> subprocess.Popen:
    """A pretraining by two, from when its first state is saved."""
    words = ["pretrain", str(world), "--tokens", "9000000", "--out", "mine"]
    running = subprocess.Popen(
        [sys.executable, "-m", "psm_lib", *words],
        cwd=folder,
        env=os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    state = folder / ".mine.run" / "state" / "progress.json"
    ends = time.monotonic() + 1200
    while not state.exists() and running.poll() is None:
        if time.monotonic() > ends:
            running.kill()
        time.sleep(0.05)
    assert running.poll() is None, running.communicate()
    return running


def test_stopped_from_the_keyboard(tmp_path, world_file):
    """Ctrl-C goes to all processes of a terminal. A second run meanwhile."""
    running = begin(tmp_path, world_file)
    words = ["pretrain", str(world_file), "--tokens", "9000000"]
    second = limited([*words, "--out", "mine"], tmp_path)
    assert second.returncode == 1 and second.stderr.count("\n") == 1
    assert f"made by process {running.pid} on" in second.stderr
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=1200)
    assert running.returncode == 130 and out == ""
    assert err == "stopped; run the same command again to go on\n"
    assert states.unfinished(tmp_path / ".mine.run" / "state")
    left = {p.name for p in tmp_path.iterdir()}
    assert left == {"mine.yml", ".mine.run"}


def test_a_helper_that_is_killed(tmp_path, world_file):
    psutil = pytest.importorskip("psutil")
    running = begin(tmp_path, world_file)
    (helper,) = (
        p
        for p in psutil.Process(running.pid).children()
        if "spawn_main" in " ".join(p.cmdline())
    )
    helper.kill()
    _, err = running.communicate(timeout=1200)
    assert running.returncode == 1 and err.count("\n") == 1
    assert "ended with code -9 (it was killed" in err
    assert states.unfinished(tmp_path / ".mine.run" / "state")


def test_a_leader_that_is_killed(tmp_path, world_file):
    """Its helper ends by itself, without a word, and the run can go on."""
    running = begin(tmp_path, world_file)
    running.kill()
    _, err = running.communicate(timeout=1200)  # until the helper is gone, too
    assert err == ""
    with alone(tmp_path / "mine"):
        assert states.unfinished(tmp_path / ".mine.run" / "state")


def test_a_recipe_is_plain_data():
    made = plan(polish=POLISH)
    assert plan_of(made)["polish"] == asdict(POLISH)
    assert plan_of(made) == json.loads(json.dumps(plan_of(made)))
