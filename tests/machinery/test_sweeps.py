"""Sweeps: the same on cores and on a cluster, nothing twice, nothing lost."""

import functools
import importlib
import json
import os
import shlex
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import sweep_work
import yaml
from conftest import ROOT
from worlds import tiny

from psm_lib.chapters.ch04_cheat import sweep as cheat
from psm_lib.machinery import store, sweeps
from psm_lib.machinery.disk import alone
from psm_lib.machinery.sweeps import Job, design, read, sweep


def calls(folder) -> list[str]:
    path = folder / "calls"
    return sorted(path.read_text().split()) if path.exists() else []


@pytest.fixture
def jobs(tmp_path):
    return design([str(tmp_path)], ["a", "bb"], [0, 1, 2])


def test_a_design_is_every_cell_once():
    found = design(["x", "y"], ["a"], [0, 1])
    assert found == [
        *(Job("x", "a", 0), Job("x", "a", 1)),
        *(Job("y", "a", 0), Job("y", "a", 1)),
    ]


def check_records(records, jobs):
    assert [Job(**r["job"]) for r in records] == jobs
    assert [r["result"]["sum"] for r in records] == [
        len(j.arm) + j.seed for j in jobs
    ]
    for record in records:
        assert record["work"].endswith("sweep_work.add")
        assert len(record["code"]) == 16 and record["host"]
        assert {"psm_lib", "python", "torch"} < set(record["versions"])
        assert record["seconds"] >= 0 and record["begun"].startswith("20")


def test_on_cores(tmp_path, jobs):
    """Everything once, in the order asked for, and not again."""
    out = tmp_path / "new" / "runs.jsonl"
    records = sweep(sweep_work.add, jobs, out, at_once=2)
    check_records(records, jobs)
    assert len(calls(tmp_path)) == len(jobs)
    again = sweep(sweep_work.add, jobs, out, at_once=2)
    assert again == records and len(calls(tmp_path)) == len(jobs)
    more = [*jobs, Job(str(tmp_path), "ccc", 9)]
    check_records(sweep(sweep_work.add, more, out, at_once=1), more)
    assert calls(tmp_path).count("ccc9") == 1
    assert len(calls(tmp_path)) == len(more) == len(read(out))


def local_cluster(workers: int):
    from distributed import LocalCluster

    return LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        dashboard_address=None,
        host="127.0.0.1",
    )


def test_on_a_cluster(tmp_path, jobs):
    """The same call with an address: a local cluster of two processes."""
    out = tmp_path / "runs.jsonl"
    with local_cluster(2) as cluster:
        address = cluster.scheduler_address
        records = sweep(sweep_work.slow, jobs, out, cluster=address)
    assert [r["result"]["sum"] for r in records] == [
        len(j.arm) + j.seed for j in jobs
    ]
    processes = {r["result"]["process"] for r in records}
    assert os.getpid() not in processes and len(processes) == 2
    assert len(calls(tmp_path)) == len(jobs) == len(read(out))


def test_a_cluster_of_one_worker_that_grows(tmp_path):
    """Nothing runs in this process, and whoever comes later helps."""
    jobs = design([str(tmp_path)], ["a"], list(range(25)))
    with local_cluster(1) as cluster:
        address = cluster.scheduler_address
        later = threading.Timer(1.0, cluster.scale, (2,))
        later.start()
        out = tmp_path / "runs.jsonl"
        records = sweep(sweep_work.slow, jobs, out, cluster=address)
        later.join()
    processes = {r["result"]["process"] for r in records}
    assert os.getpid() not in processes and len(processes) == 2


def test_other_code_or_work_is_not_the_same(tmp_path, jobs, monkeypatch):
    out = tmp_path / "runs.jsonl"
    sweep(sweep_work.add, jobs[:1], out, at_once=1)
    sweep(sweep_work.odd, jobs[:1], out, at_once=1)
    made = sweeps.provenance()
    monkeypatch.setattr(sweeps, "provenance", lambda: made | {"code": "new"})
    sweep(sweep_work.add, jobs[:1], out, at_once=1)
    assert len(calls(tmp_path)) == len(read(out)) == 3
    # A worker with another library than the sweep's.
    record = sweeps._one(sweep_work.add, jobs[0], made["code"], "")
    assert "has another psm_lib" in record["error"]
    assert len(calls(tmp_path)) == 3


def test_a_changed_function_or_world_is_done_again(tmp_path, monkeypatch):
    """What is in files of one's own, which the library's hash leaves out."""
    module, world = tmp_path / "my_own_work.py", tmp_path / "playhouse.yml"
    module.write_text("def work(world, arm, seed):\n    return {'x': 1}\n")
    world.write_text("one")
    monkeypatch.syspath_prepend(tmp_path)
    own = importlib.import_module("my_own_work")
    jobs, out = [Job(world, "a", 0), Job(world, "a", 1)], tmp_path / "r.jsonl"

    def found() -> tuple[int, list[int]]:
        records = sweep(own.work, jobs, out, at_once=2)
        return len(read(out)), [r["result"]["x"] for r in records]

    assert found() == found() == (2, [1, 1])
    world.write_text("two")
    assert found() == found() == (4, [1, 1])
    module.write_text("def work(world, arm, seed):\n    return {'x': 22}\n")
    importlib.reload(own)
    assert found() == found() == (6, [22, 22])
    assert sweeps._source(cheat.lesson) == ""
    # Somewhere else the file is another, or it is changed meanwhile.
    record = sweeps._one(own.work, jobs[0], sweeps.provenance()["code"], "x")
    assert "is another on" in record["error"]


def nested():
    def work(world, arm, seed):
        return {}

    return work


@pytest.mark.parametrize(
    "work", [lambda *_: {}, nested(), functools.partial(sweep_work.add)]
)
def test_what_has_no_name_cannot_be_swept(tmp_path, jobs, work):
    with pytest.raises(ValueError, match="written with def in a module"):
        sweep(work, jobs, tmp_path / "runs.jsonl")


def test_a_job_that_is_listed_twice_is_done_once(tmp_path, jobs):
    out = tmp_path / "runs.jsonl"
    records = sweep(sweep_work.add, jobs[:1] * 2, out, at_once=1)
    assert len(records) == 2 and len(read(out)) == len(calls(tmp_path)) == 1


@pytest.mark.parametrize("way", ["kill", "exit"])
def test_a_job_that_ends_its_process(tmp_path, way):
    """It is named, and costs no other its result."""
    (tmp_path / way).touch()
    jobs = design([str(tmp_path)], ["a", "bb"], [0, 1, 2])
    out = tmp_path / "runs.jsonl"
    with pytest.raises(RuntimeError, match="1 of 6 jobs failed") as told:
        sweep(sweep_work.deadly, jobs, out, at_once=2)
    assert "'arm': 'bb', 'seed': 1" in str(told.value)
    assert len(read(out)) == 5


def test_a_line_that_was_cut_off(tmp_path, jobs):
    """What a crash left is done again, and stays out of the way."""
    out = tmp_path / "runs.jsonl"
    sweep(sweep_work.add, jobs, out, at_once=1)
    whole = out.read_bytes()
    out.write_bytes(whole[:-40])
    assert len(read(out)) == len(jobs) - 1
    check_records(sweep(sweep_work.add, jobs, out, at_once=1), jobs)
    assert len(calls(tmp_path)) == len(jobs) + 1
    lines = out.read_text().splitlines()
    assert len(lines) == len(jobs) + 1 and len(read(out)) == len(jobs)


def test_a_job_that_fails_costs_no_other(tmp_path, jobs):
    out = tmp_path / "runs.jsonl"
    with pytest.raises(RuntimeError, match="2 of 6 jobs failed") as told:
        sweep(sweep_work.odd, jobs, out, at_once=2)
    assert "this one cannot be done" in str(told.value)
    assert len(read(out)) == len(jobs) - 2
    (tmp_path / "mended").touch()
    assert len(sweep(sweep_work.odd, jobs, out, at_once=2)) == len(jobs)
    assert len(calls(tmp_path)) == len(jobs)


def test_a_result_that_is_no_data(tmp_path, jobs):
    with pytest.raises(RuntimeError, match="not JSON serializable"):
        sweep(sweep_work.unfit, jobs[:1], tmp_path / "x.jsonl", at_once=1)


def test_two_sweeps_and_one_file(tmp_path, jobs):
    out = tmp_path / "runs.jsonl"
    with (
        alone(out),
        pytest.raises(RuntimeError, match="is being made by process"),
    ):
        sweep(sweep_work.add, jobs, out, at_once=1)
    assert calls(tmp_path) == []


def test_a_killed_sweep_goes_on(tmp_path, jobs):
    out = tmp_path / "runs.jsonl"
    code = (
        "import sys; sys.path.insert(0, 'tests/helpers')\n"
        "import sweep_work\n"
        "from psm_lib.machinery.sweeps import design, sweep\n"
        f"jobs = design([{str(tmp_path)!r}], ['a', 'bb'], [0, 1, 2])\n"
        f"sweep(sweep_work.slow, jobs, {str(out)!r}, at_once=1)"
    )
    running = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    ends = time.monotonic() + 600
    while not read(out) and time.monotonic() < ends:
        time.sleep(0.05)
    running.kill()
    running.wait()
    before = read(out)
    assert 1 <= len(before) < len(jobs)
    records = sweep(sweep_work.slow, jobs, out, at_once=1)
    assert len(records) == len(jobs) and read(out)[: len(before)] == before


def test_the_lesson_of_chapter_4_in_a_sweep(tmp_path):
    """Network and arm of the book give the book's numbers, and whoever is
    told only its own answers stays as it was."""
    import numpy as np

    from psm_lib import results
    from psm_lib.chapters.ch04_cheat import experiment, readings
    from psm_lib.evaluation import mean_by_domain

    out = tmp_path / "runs.jsonl"
    command = ["-m", "psm_lib", "sweep", "--worlds", "playhouse", "--arms"]
    options = ["cheat", "--seeds", "0", "--out", out, "--jobs", "1"]
    done = subprocess.run(
        [sys.executable, *command, *options],
        cwd=ROOT,
        env=os.environ | {"PSM_QUIET": "1"},
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert done.returncode == 0, done.stderr
    assert "1 records" in done.stdout
    (record,) = read(out)
    book = results.load("ch04_cheat").sel(
        world="playhouse", arm="cheat", network="playhouse-s0", seed=0
    )
    book = mean_by_domain(readings.second(book))
    assert record["result"]["domains"] == book["domain"].values.tolist()
    assert record["result"]["marks"] == list(experiment.MARKS)
    found = np.array(record["result"]["second"])
    assert np.abs(found - book.values).max() < 0.05
    assert json.dumps(record)


def test_a_network_is_made_once(tmp_path, monkeypatch):
    """Of a world and seed the book has none of; the next arm finds it."""
    from psm_lib.machinery import making

    made = []

    def make(plan, folder, command, *rest):
        made.append((plan.world, plan.seed, plan.recipe.workers))
        Path(folder).mkdir()

    monkeypatch.setattr(making, "_make", make)
    monkeypatch.setattr(making.runs, "same_network", lambda *given: None)
    monkeypatch.setattr(store, "load_checkpoint", lambda name: name)
    for _ in range(2):
        found = cheat._network("playhouse", 7, tmp_path / "mine", "sft")
        assert found == tmp_path / "mine" / "playhouse-s7"
    assert made == [("playhouse", 7, 1)]
    assert cheat._network("playhouse", 0, tmp_path, "sft") == "playhouse-s0"


def test_a_world_of_ones_own_has_its_own_network(tmp_path, monkeypatch):
    """Not the book's, though the file may be named like a world of it."""
    from psm_lib.machinery import making

    made = []

    def make(plan, folder, command, *rest):
        made.append((plan.world, command))
        Path(folder).mkdir()

    monkeypatch.setattr(making, "_make", make)
    monkeypatch.setattr(making.runs, "same_network", lambda *given: None)
    monkeypatch.setattr(store, "load_checkpoint", lambda name: name)
    world, found = tmp_path / "playhouse.yml", set()
    for text in ("one", "two", "two"):
        world.write_text(text)
        found.add(cheat._network(str(world), 0, tmp_path / "mine", "x y"))
    assert len(found) == len(made) == 2
    planned, commands = zip(*made, strict=True)
    assert set(planned) == {str(world)}
    # The true command, which a shell reads as it was meant.
    options = ["--worlds", str(world), "--arms", "x y", "--seeds", "0"]
    assert shlex.split(commands[0])[4:-2] == options


def test_a_world_that_extends_another_has_the_hash_of_both(tmp_path):
    base, mine = tmp_path / "base.yml", tmp_path / "mine.yml"
    base.write_text(yaml.safe_dump(tiny(), sort_keys=False))
    mine.write_text("extends: base.yml\n")
    before = sweeps.digest_of(mine)
    mine.write_text("# the same\nextends: base.yml\n")
    assert sweeps.digest_of(mine) == before
    data = tiny() | {"complies": 0.5}
    base.write_text(yaml.safe_dump(data, sort_keys=False))
    assert sweeps.digest_of(mine) != before


def test_an_arm_that_is_none(tmp_path):
    with pytest.raises(KeyError, match="no arm 'x'; expected one of"):
        cheat.lesson("playhouse", "x", 0)
    with pytest.raises(KeyError, match="no arm 'x', 'y'; expected one of"):
        cheat.known(["playhouse"], ["cheat", "x", "y"])
    with pytest.raises(FileNotFoundError, match="no world 'playhaus'"):
        cheat.known(["playhouse", "playhaus"], ["cheat"])


def test_an_old_joblib_is_told(tmp_path, monkeypatch):
    def old(n_jobs, return_as="list"):
        if return_as not in ("list", "generator"):
            raise ValueError("Expected `return_as` parameter to be another")

    monkeypatch.setattr(sweeps.joblib, "Parallel", old)
    with pytest.raises(RuntimeError, match=r"1.4 or later: pip install"):
        sweep(
            sweep_work.add, [Job("playhouse", "a", 1)], tmp_path / "out.jsonl"
        )
