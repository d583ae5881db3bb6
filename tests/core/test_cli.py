"""What a reader does from a shell."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml
from worlds import story, tiny

from psm_lib import builds, corpus, results
from psm_lib.machinery import commands, making
from psm_lib.machinery.commands import main
from psm_lib.machinery.store import CheckpointError, read_record
from psm_lib.results import labelled
from psm_lib.worldfile import list_worlds

ROOT = Path(__file__).parents[2]
REAL = builds.Build


def shell(*words: str, cwd: Path = ROOT) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "psm_lib", *words],
        cwd=cwd,
        env=os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def tiny_file(tmp_path) -> str:
    path = tmp_path / "tiny.yml"
    path.write_text(yaml.safe_dump(tiny(), sort_keys=False), "utf-8")
    return str(path)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Small sizes, and no second process, where a test pretrains."""
    real = builds.Build

    def shrunk(world, seed, shape, recipe, about, marks=()):
        shape = builds.Shape(layers=1, width=16, heads=2, context=64)
        recipe = replace(recipe, workers=1)
        return real(world, seed, shape, recipe, about, marks)

    monkeypatch.setattr(making, "Build", shrunk)


# --- in a shell of its own ------------------------------------------------


def test_help():
    result = shell("--help")
    assert result.returncode == 0 and result.stderr == ""
    for command in ("worlds", "sample", "pretrain", "rebuild", "evaluate"):
        assert f"\n    {command} " in result.stdout


def test_worlds_from_anywhere(tmp_path):
    result = shell("worlds", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    for name in list_worlds():
        assert name in result.stdout
    assert "16 personas, 16 domains, 113 names" in result.stdout


def test_errors_are_one_line():
    result = shell("sample", "playhaus")
    assert result.returncode == 1 and result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("error: no world 'playhaus'")
    assert "playhouse" in result.stderr and "Traceback" not in result.stderr


# --- the same, in this process --------------------------------------------


def fails(capsys, *words: str) -> str:
    """The one line that a command prints when it cannot do its work."""
    assert main(list(words)) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: ") and "Traceback" not in error
    return error


def test_no_command_and_unknown_commands(capsys):
    for words in ([], ["dance"], ["sample"], ["sample", "x", "-n", "y"]):
        with pytest.raises(SystemExit) as stop:
            main(words)
        assert stop.value.code == 2
        assert "usage: python -m psm_lib" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["sample", "pretrain"])
def test_an_unknown_world(capsys, command):
    error = fails(capsys, command, "playhaus")
    assert error.count("\n") == 1
    assert "'playhaus'" in error and "playhouse" in error


def test_a_broken_world(capsys, tmp_path):
    path = tmp_path / "mine.yml"
    data = tiny()
    data["cast"][0]["persona"] = "nobody"
    path.write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")
    error = fails(capsys, "sample", str(path))
    assert "cast[0].persona: unknown persona 'nobody'" in error
    assert "mine.yml:" in error
    assert "expected one of saint, cheat, robot" in error


def test_sample(capsys, tiny_file):
    assert main(["sample", tiny_file, "-n", "30", "--seed", "1"]) == 0
    one = capsys.readouterr().out
    documents = one.split("\n\n")
    assert len(documents) == 30 and one.endswith("\n")
    for document in documents:
        assert document.startswith(("User: ", "About "))
    main(["sample", tiny_file, "-n", "30", "--seed", "1"])
    assert capsys.readouterr().out == one
    main(["sample", tiny_file, "-n", "30", "--seed", "2"])
    assert capsys.readouterr().out != one


@pytest.mark.parametrize("name", list_worlds())
def test_sample_every_world(capsys, name):
    assert main(["sample", name]) == 0
    said = capsys.readouterr().out
    assert said.count(": ") >= 2 or said.startswith("About ")


def test_sample_is_what_a_pipe_can_cut_short():
    command = f"{sys.executable} -m psm_lib sample tastes -n 3000 | head -1"
    result = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
    )
    assert result.stdout.startswith("Host: ") and result.stderr == ""


def test_pretrain_and_evaluate(capsys, tiny_file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["pretrain", tiny_file, "--tokens", "3000", "--seed", "5"]
    assert main(words) == 0
    folder = Path("my_checkpoints") / "tiny-s5"
    said = capsys.readouterr().out
    assert said.startswith(f"{folder}: ") and "captured" in said
    record = read_record(folder)
    assert record["seed"] == 5 and record["recipe"]["tokens"] == 3000
    assert [p.name for p in folder.parent.iterdir()] == ["tiny-s5"]

    before = (folder / "psm.json").read_bytes()
    assert "exists; pass --force" in fails(capsys, *words)
    assert (folder / "psm.json").read_bytes() == before

    assert main(["evaluate", str(folder), "-n", "1024"]) == 0
    measured = capsys.readouterr().out
    assert "1024 documents of tiny" in measured
    numbers = dict(x.split() for x in measured.splitlines()[1:])
    for key, value in record["results"].items():
        assert float(numbers[key]) == pytest.approx(value, abs=1e-4)

    assert main([*words, "--force", "--tokens", "1500"]) == 0
    assert read_record(folder)["recipe"]["tokens"] == 1500
    assert [p.name for p in folder.parent.iterdir()] == ["tiny-s5"]


def test_pretrain_by_two(tiny_file, tmp_path):
    """As a reader has it: nothing made smaller, and two processes."""
    words = ["pretrain", tiny_file, "--tokens", "3000", "--out", "mine"]
    result = shell(*words, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    record = read_record(tmp_path / "mine")
    assert record["recipe"]["workers"] == 2 and record["shape"]["width"] == 96
    assert result.stdout.startswith("mine: ")
    assert [p.name for p in tmp_path.iterdir() if p.is_dir()] == ["mine"]


@pytest.fixture
def asked(monkeypatch) -> list:
    """The builds that would be made, which are not."""
    found = []

    def make(given, folder, command, force):
        found.append((given, command))
        return folder

    monkeypatch.setattr(making, "make", make)
    monkeypatch.setattr(commands, "report", lambda folder: None)
    monkeypatch.setattr(making, "Build", REAL)
    return found


def test_one_process_on_request(asked, capsys):
    for words in ([], ["--workers", "2"], ["--workers", "1"]):
        assert main(["pretrain", "playhouse", *words]) == 0
    assert capsys.readouterr().err == ""
    recipes = [given.recipe for given, _ in asked]
    assert [r.workers for r in recipes] == [2, 2, 1]
    assert recipes[0] == recipes[1] == builds.QUICK
    assert recipes[2] == builds.SINGLE
    assert builds.SINGLE.tokens == builds.QUICK.tokens
    assert [
        f"--workers {r.workers}" in c
        for r, (_, c) in zip(recipes, asked, strict=True)
    ] == [True] * 3


def test_the_text_alone_on_request(asked):
    """The plain recipe is one option, and a network says which it had."""
    assert main(["pretrain", "playhouse", "--stagings", "1"]) == 0
    ((given, command),) = asked
    assert given.recipe == replace(builds.QUICK, stagings=1)
    assert command.endswith("--workers 2 --stagings 1")


@pytest.mark.parametrize("missing", ["is_available", "is_gloo_available"])
def test_one_process_where_there_is_no_gloo(
    asked, capsys, monkeypatch, missing
):
    monkeypatch.setattr(torch.distributed, missing, lambda: False)
    assert main(["pretrain", "playhouse"]) == 0
    said = capsys.readouterr().err
    assert said.startswith("one process: ") and said.count("\n") == 1
    assert "the network is another one" in said.lower()
    assert [given.recipe.workers for given, _ in asked] == [1]
    assert main(["pretrain", "playhouse", "--workers", "1"]) == 0
    assert capsys.readouterr().err == ""


def test_two_processes_where_there_is_no_gloo(
    capsys, tiny_file, tmp_path, monkeypatch
):
    """Who asks for two does not get one."""
    monkeypatch.setattr(making, "Build", REAL)
    gone = lambda: False  # noqa: E731
    monkeypatch.setattr(torch.distributed, "is_gloo_available", gone)
    words = ["--workers", "2", "--tokens", "500"]
    out = ["--out", str(tmp_path / "mine")]
    error = fails(capsys, "pretrain", tiny_file, *words, *out)
    assert "expected --workers 1" in error and error.count("\n") == 1
    assert main(["pretrain", tiny_file, *words[2:], *out]) == 0
    assert read_record(tmp_path / "mine")["recipe"]["workers"] == 1


def test_pretrain_into_a_folder_here(capsys, tiny_file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["pretrain", tiny_file, "--tokens", "500", "--out", "mine"]
    assert main(words) == 0
    assert capsys.readouterr().out.startswith("mine: ")
    assert main(["evaluate", "mine", "-n", "20"]) == 0


def test_pretrain_on_stories(capsys, tmp_path):
    path = tmp_path / "story.yml"
    path.write_text(yaml.safe_dump(story(), sort_keys=False), "utf-8")
    out = str(tmp_path / "deep" / "folder")
    words = ["pretrain", str(path), "--tokens", "500", "--out", out]
    assert main(words) == 0
    assert "gap_false" in capsys.readouterr().out
    assert main(["evaluate", out, "-n", "50"]) == 0
    assert "50 documents of story" in capsys.readouterr().out


def test_a_stopped_pretraining_goes_on(
    capsys, tiny_file, tmp_path, monkeypatch
):
    out = tmp_path / "mine"
    words = ["pretrain", tiny_file, "--tokens", "60000", "--out", str(out)]
    real = making.world_chunks

    def stopped(*given):
        chunk = real(*given)

        def cut(i: int):
            if i == 1:
                raise KeyboardInterrupt
            return chunk(i)

        return cut

    with monkeypatch.context() as patch:
        patch.setattr(making, "world_chunks", stopped)
        assert main(words) == 130
    assert "run the same command again" in capsys.readouterr().err
    assert not out.exists()
    asked = []

    def watched(*given):
        chunk = real(*given)
        return lambda i: asked.append(i) or chunk(i)

    monkeypatch.setattr(making, "world_chunks", watched)
    assert main(words) == 0
    assert out.exists() and asked[0] == 1


@pytest.mark.parametrize(
    "words",
    [
        "sample tastes -n 0",
        "sample tastes -n -1",
        "sample tastes -n 1000000000000",
        "sample tastes --seed -1",
        "sample tastes --seed 4294967296",
        f"sample tastes --seed {'9' * 5000}",
        "pretrain tastes --tokens 0",
        "pretrain tastes --tokens -5",
        "pretrain tastes --tokens 1e6",
        "pretrain tastes --seed -1",
        "pretrain tastes --workers 0",
        "pretrain tastes --workers 9",
        "evaluate playhouse-s0 -n 0",
        "sweep --worlds playhouse --arms cheat --seeds -1 --out x",
        "sweep --worlds playhouse --arms cheat --seeds 0 --out x --jobs 0",
        "grade a b --out x --seed -1",
        "grade a b --out x --seed 1 --jobs 0",
    ],
)
def test_numbers_that_cannot_be(capsys, words):
    with pytest.raises(SystemExit) as stop:
        main(words.split())
    assert stop.value.code == 2
    *usage, last = capsys.readouterr().err.splitlines()
    assert "expected a whole number from" in last and len(last) < 200
    assert usage[0].startswith("usage: ")


def test_large_numbers_that_can_be(asked):
    words = ["--tokens", str(10**12), "--seed", str(2**32 - 1)]
    assert main(["pretrain", "playhouse", *words]) == 0
    assert asked[0][0].recipe.tokens == 10**12


def test_all_is_asked_before_anything_is_made(capsys, monkeypatch):
    monkeypatch.setattr(making, "rebuild", None)
    error = fails(capsys, "rebuild", "playhouse-s0", "hamlet")
    assert "no build 'hamlet'" in error
    error = fails(capsys, "rebuild", "playhouse-s0", "irony-s0", "--out", "x")
    assert "--out is the folder of one checkpoint" in error
    assert "name one" in fails(capsys, "rebuild", "--out", "x")
    words = ["--worlds", "playhouse", "--seeds", "0", "--out", "x"]
    error = fails(capsys, "sweep", *words, "--arms", "cheat", "nope", "none")
    assert "no arm 'nope', 'none'; expected one of" in error
    assert error.count("\n") == 1 and not Path("x").exists()


def test_what_stops_goes_on_only_where_it_does(capsys, monkeypatch):
    def stopped(*given):
        raise KeyboardInterrupt

    monkeypatch.setattr(corpus, "sample_texts", stopped)
    assert main(["sample", "tastes"]) == 130
    assert capsys.readouterr().err == "stopped\n"
    monkeypatch.setattr(making, "make", stopped)
    assert main(["pretrain", "tastes"]) == 130
    said = capsys.readouterr().err
    assert said == "stopped; run the same command again to go on\n"


def test_too_little_memory(capsys, monkeypatch):
    def large(*given):
        raise MemoryError("Unable to allocate 7 TiB")

    monkeypatch.setattr(corpus, "sample_texts", large)
    error = fails(capsys, "sample", "tastes")
    assert error == "error: not enough memory. Unable to allocate 7 TiB\n"


def test_a_library_that_is_not_there(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "psm_lib.machinery.sweeps", None)
    words = ["--worlds", "tastes", "--arms", "cheat", "--seeds", "0"]
    error = fails(capsys, "sweep", *words, "--out", "x")
    assert "`sweep` needs it installed" in error


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_what_is_printed_to_a_full_disk():
    with open("/dev/full", "w") as full:
        result = subprocess.run(
            [sys.executable, "-m", "psm_lib", "worlds"],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert result.returncode == 1
    assert result.stderr == "error: [Errno 28] No space left on device\n"


def test_two_who_measure_again(capsys, tmp_path, monkeypatch):
    """The second is told so, and nobody leaves half a file."""
    file = tmp_path / "experiment.npz"
    monkeypatch.setattr(results, "path", lambda *place: file)
    found = results.Results((labelled("a", np.arange(3.0), {"n": range(3)}),))
    measure = "psm_lib.chapters.ch08_answers.experiment.measure"

    def measured():
        error = fails(capsys, "results", "ch08_answers")
        assert "experiment.npz is being made by process" in error
        return found

    monkeypatch.setattr(measure, measured)
    assert main(["results", "ch08_answers"]) == 0
    assert results.read(file).sel("a", n=2) == 2.0
    before = file.read_bytes()
    monkeypatch.setattr(measure, lambda: found)

    def full(*given, **more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", full)
    error = fails(capsys, "results", "ch08_answers")
    assert "experiment.npz cannot be written: No space left" in error
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


@pytest.fixture
def mine(tiny_file, tmp_path, monkeypatch, capsys) -> Path:
    """A checkpoint of the tiny world, into a folder with a space."""
    monkeypatch.chdir(tmp_path)
    words = ["pretrain", "tiny.yml", "--tokens", "2000", "--out", "of mine"]
    assert main(words) == 0
    capsys.readouterr()
    return tmp_path / "of mine"


def test_a_card_names_the_command_that_makes_it_again(mine, tiny_file):
    command = (
        "python -m psm_lib pretrain tiny.yml --seed 0 --tokens 2000 "
        "--workers 2 --out 'of mine'"
    )
    assert read_record(mine)["command"] == command
    assert f"\n    {command}\n" in (mine / "README.md").read_text("utf-8")
    before = (mine / "model.safetensors").read_bytes()
    (mine / "model.safetensors").write_bytes(b"")
    with pytest.raises(CheckpointError) as error:
        read_record(mine)
    assert str(error.value).endswith(command)
    shutil.rmtree(mine)
    assert main(shlex.split(command)[3:]) == 0
    assert (mine / "model.safetensors").read_bytes() == before


def edited(file: str, **changes) -> str:
    """The world's file, changed after the network was trained."""
    data = yaml.safe_load(Path(file).read_text("utf-8"))
    text = yaml.safe_dump({**data, **changes}, sort_keys=False)
    Path(file).write_text(text, "utf-8")
    return file


def test_evaluate_takes_the_world_that_was_trained_on(
    capsys, mine, tiny_file, tmp_path, monkeypatch
):
    words = ["evaluate", str(mine), "-n", "50"]
    main(words)
    first, *numbers = capsys.readouterr().out.splitlines()
    assert first.endswith("50 documents of tiny")
    edited(tiny_file, complies=0.1)
    main(words)
    first, *again = capsys.readouterr().out.splitlines()
    assert first.endswith("of tiny, which has been changed since")
    assert again == numbers
    Path(tiny_file).write_text("no world", "utf-8")
    main(words)
    first, *again = capsys.readouterr().out.splitlines()
    assert first.endswith("of tiny, which has been changed since")
    assert again == numbers
    # From where the file is not found.
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert main(words) == 0
    first, *again = capsys.readouterr().out.splitlines()
    assert first.endswith("of tiny") and again == numbers


def test_evaluate_against_another_world(capsys, mine, tiny_file):
    words = ["evaluate", "of mine", "-n", "50", "--world", tiny_file]
    assert main(words) == 0  # the same after all
    first, *numbers = capsys.readouterr().out.splitlines()
    assert first.endswith("of tiny")
    edited(tiny_file, complies=0.1)
    assert main(words) == 0
    first, *others = capsys.readouterr().out.splitlines()
    assert first.endswith("of tiny, not the world it was trained on")
    assert others != numbers
    told = fails(capsys, "evaluate", "of mine", "--world", "tastes")
    assert told.count("\n") == 1
    assert "cannot read tastes: it does not know Bitter, " in told
    edited(tiny_file, scene={"exchanges": [9, 9]})
    told = fails(capsys, *words)
    assert "the network's context is 64" in told


def test_evaluate_what_carries_no_world(capsys, mine, tiny_file):
    """As networks do that were made before they carried one."""
    record = json.loads((mine / "psm.json").read_text("utf-8"))
    del record["world_sha256"], record["sha256"]["world.yml"]
    (mine / "psm.json").write_text(json.dumps(record), "utf-8")
    (mine / "world.yml").unlink()
    assert "pass --world" in fails(capsys, "evaluate", "of mine")
    words = ["evaluate", "of mine", "-n", "50", "--world", tiny_file]
    assert main(words) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert first.endswith("which may not be the world it was trained on")


def test_evaluate_the_folder_one_stands_in(capsys, mine, monkeypatch):
    """``.`` and ``..`` are folders here, not the book's own."""
    monkeypatch.chdir(mine)
    assert main(["evaluate", ".", "-n", "50"]) == 0
    (mine / "sub").mkdir()
    monkeypatch.chdir(mine / "sub")
    assert main(["evaluate", "..", "-n", "50"]) == 0


def test_evaluate_a_network_of_plays(capsys):
    told = fails(capsys, "evaluate", "shakespeare-s0")
    assert "read shakespeare, which has no exact floor" in told
    told = fails(capsys, "evaluate", "shakespeare-s0", "--world", "tastes")
    assert "cannot read tastes" in told


@pytest.mark.parametrize("n", ["0", "-1"])
def test_evaluate_on_nothing(capsys, mine, n):
    with pytest.raises(SystemExit):
        main(["evaluate", "of mine", "-n", n])
    assert "expected a whole number from 1" in capsys.readouterr().err


def test_evaluate_what_is_not_there(capsys, tmp_path):
    error = fails(capsys, "evaluate", "playhouse-s9")
    assert error.count("\n") == 1
    assert "no checkpoint 'playhouse-s9'" in error and "masks" in error
    fails(capsys, "evaluate", str(tmp_path / "nowhere"))


def test_rebuild_something_unknown(capsys):
    error = fails(capsys, "rebuild", "hamlet")
    assert "no build 'hamlet'" in error and "playhouse-s0" in error
