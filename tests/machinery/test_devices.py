"""Networks on another device than the CPU. See pretend.py and places.py."""

import os
import re
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import ROOT

from psm_lib import experiments
from psm_lib.machinery import devices

HERE = Path(__file__).parents[1] / "helpers"
GPU = pytest.mark.skipif(
    not torch.cuda.is_available(), reason="this machine has no GPU"
)
# float32 in another order; a real GPU's rounding is its own, too.
CLOSE = {
    "pretend": {"rtol": 5e-5, "atol": 5e-5},
    "cuda": {"rtol": 2e-3, "atol": 2e-4},
}


def computed(place: str, folder: Path) -> dict[str, np.ndarray]:
    """What places.py finds in a place."""
    out = folder / f"{place}.npz"
    run = subprocess.run(
        [sys.executable, str(HERE / "places.py"), place, str(out)],
        env={**os.environ, "PSM_QUIET": "1"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return dict(np.load(out))


@pytest.fixture(scope="module")
def on_cpu(tmp_path_factory) -> dict[str, np.ndarray]:
    return computed("cpu", tmp_path_factory.mktemp("cpu"))


@pytest.fixture(
    scope="module", params=["pretend", pytest.param("cuda", marks=GPU)]
)
def elsewhere(request, tmp_path_factory) -> dict[str, np.ndarray]:
    place = request.param
    return place, computed(place, tmp_path_factory.mktemp(place))


def test_the_same_elsewhere(on_cpu, elsewhere):
    place, elsewhere = elsewhere
    assert on_cpu.keys() == elsewhere.keys() and len(on_cpu) > 60
    for name, here in on_cpu.items():
        there = elsewhere[name]
        if name == "place":
            assert here == "cpu" != there
        elif here.dtype.kind == "U":
            assert here.tolist() == there.tolist(), name
        else:
            close = {**CLOSE[place], "err_msg": name}
            if here.dtype == np.float16:  # the last bit may round otherwise
                close["rtol"] = max(close["rtol"], 2**-10)
            np.testing.assert_allclose(there, here, **close)


def test_results_are_not_all_alike(on_cpu):
    """Or else the comparison would hold whatever a device computes."""
    numbers = [v for v in on_cpu.values() if v.dtype.kind == "f"]
    flat = [float(v.std()) for v in numbers if v.size > 4]
    assert np.mean(np.array(flat) > 1e-3) > 0.7
    tuned = on_cpu["tuning: sft, rank 0"]
    assert np.abs(tuned[-1] - tuned[0]).max() > 0.05
    assert len(set(on_cpu["speech: said"].tolist())) == 4


FORGETFUL = """
import sys
import torch
sys.path.insert(0, {here!r})
import pretend, places
from psm_lib import models, posttraining
from psm_lib.machinery import openings
from psm_lib.training import Batch

torch.__future__.set_swap_module_params_on_conversion(True)
model, tokenizer = places.small()
model = model.to(pretend.PLACE)
dice = torch.Generator().manual_seed(0)


def complaint(holder, name, instead, work):
    kept = getattr(holder, name)
    setattr(holder, name, instead)
    try:
        work()
        print("none")
    except (RuntimeError, TypeError) as error:
        print(str(error).splitlines()[0])
    setattr(holder, name, kept)


def ask():
    return places.answers(model, tokenizer)


def learn():
    posttraining.sft(model, tokenizer, places.lesson(), 1)


def draw():
    p = model.get_output_embeddings().weight.softmax(dim=-1)
    torch.multinomial(p, 1, generator=dice)


def drawn_there(heat, ids, logits):
    word = torch.multinomial((logits / heat).softmax(dim=-1), 1)
    return torch.full_like(logits, -torch.inf).scatter(1, word, 0.0)


def speak(to):
    return [models.reply(to, tokenizer, "", seed, 12) for seed in range(3)]


far, near = torch.ones(3, device=pretend.PLACE), torch.arange(3)
one = torch.tensor(1.0)
far[near] = far[near] * one + torch.where(far > one, far, one)
for work in (
    lambda: torch.stack([far[0], one]),
    lambda: near[far.long()],
    lambda: far.index_put((near,), torch.ones(3)),
    lambda: far.gather(0, near),
    lambda: far + near,
):
    complaint(places, "SHAPE", places.SHAPE, work)
here = places.small()[0]
print(speak(model) == speak(here))
models._drawn = drawn_there
print(speak(model) == speak(here))
complaint(places, "SHAPE", places.SHAPE, lambda: (ask(), learn()))
complaint(openings, "put", lambda rows, _: torch.as_tensor(rows), ask)
complaint(openings, "numbers", lambda tensor: tensor.numpy(), ask)
complaint(Batch, "beside", lambda batch, _: batch, learn)
complaint(places, "SHAPE", places.SHAPE, draw)
"""


def test_what_is_forgotten_is_refused():
    """The pretended GPU complains where a real one would."""
    code = FORGETFUL.format(here=str(HERE))
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    expected = [
        *5 * ["to be on the same device"],
        "True",
        "False",
        "none",
        "to be on the same device",
        r"\.numpy\(\) is not supported",
        "to be on the same device",
        "expected a generator of pretend, found cpu",
    ]
    for told, pattern in zip(run.stdout.splitlines(), expected, strict=True):
        assert re.search(pattern, told), told


def test_arrays_are_made_in_one_place():
    """A ``.numpy()`` elsewhere fails with a GPU, and only there."""
    library = Path(devices.__file__).parents[1]
    files = [*library.rglob("*.py"), *(ROOT / "book").rglob("*.ipynb")]
    files += (ROOT / "book").glob("ch*/*.py")
    assert len(files) > 60
    for file in files:
        lines = file.read_text(encoding="utf-8").splitlines()
        for line in filter(lambda text: ".numpy()" in text, lines):
            assert ".cpu().numpy()" in line, f"{file.name}: {line}"


@pytest.fixture
def machine(monkeypatch):
    """A machine with or without a GPU, which works or not."""

    def with_gpu(there: bool, fault: str = "") -> None:
        monkeypatch.setattr(torch.cuda, "is_available", lambda: there)
        monkeypatch.setattr(devices, "_tried", lambda name: fault)
        devices.usable.cache_clear()

    monkeypatch.delenv("PSM_DEVICE", raising=False)
    yield with_gpu
    devices.usable.cache_clear()


def test_the_device(monkeypatch, machine):
    for there, name, most in ((True, "cuda", 4), (False, "cpu", 64)):
        machine(there)
        monkeypatch.setattr(os, "cpu_count", lambda: 64)
        assert devices.device().type == name
        assert devices.at_once() == most
        assert devices.at_once(7) == 7
    machine(True)
    monkeypatch.setenv("PSM_DEVICE", " cpu ")
    assert devices.device().type == "cpu"


def test_a_gpu_that_does_not_work(machine):
    machine(True, "no kernel image is available")
    with pytest.warns(RuntimeWarning, match="no kernel image.*stay on the"):
        assert devices.device().type == "cpu"
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # said once is enough
        assert devices.device().type == "cpu"


def test_processes_compute_where_this_one_does(monkeypatch):
    """Also where this one was told by its environment after they began."""
    monkeypatch.setenv("PSM_DEVICE", "cpu")
    found = experiments.side_by_side(os.getenv, [("PSM_DEVICE",)] * 2, "", 2)
    assert found == ["cpu", "cpu"]
    monkeypatch.delenv("PSM_DEVICE")
    found = experiments.side_by_side(os.getenv, [("PSM_DEVICE",)], "", 1)
    assert found == [str(devices.device())] and "PSM_DEVICE" not in os.environ


@pytest.mark.parametrize("wanted", ["gpu", "cuda:99", "meta", "cuda:-1"])
def test_a_device_that_is_not_there(monkeypatch, wanted):
    monkeypatch.setenv("PSM_DEVICE", wanted)
    with pytest.raises(RuntimeError, match=f"{wanted}.*expected cpu, or cuda"):
        devices.device()


def test_a_gradient_is_left_behind():
    tensor = torch.ones(2, requires_grad=True)
    assert devices.numbers(2 * tensor).tolist() == [2.0, 2.0]
