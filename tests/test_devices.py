"""Networks on another device than the CPU. See pretend.py and places.py."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import ROOT

from psm_lib import devices

HERE = Path(__file__).parent
GPU = pytest.mark.skipif(
    not torch.cuda.is_available(), reason="this machine has no GPU"
)
# float32 in another order: after some steps of training the fifth digit.
CLOSE = {"rtol": 2e-3, "atol": 2e-4}


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
    return computed(request.param, tmp_path_factory.mktemp(request.param))


def test_the_same_elsewhere(on_cpu, elsewhere):
    assert on_cpu.keys() == elsewhere.keys() and len(on_cpu) > 60
    for name, here in on_cpu.items():
        there = elsewhere[name]
        if name == "place":
            assert here == "cpu" != there
        elif here.dtype.kind == "U":
            assert here.tolist() == there.tolist(), name
        else:
            np.testing.assert_allclose(there, here, **CLOSE, err_msg=name)


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
from psm_lib import measurement, posttraining
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


complaint(places, "SHAPE", places.SHAPE, lambda: (ask(), learn()))
complaint(measurement, "put", lambda rows, _: torch.as_tensor(rows), ask)
complaint(measurement, "numbers", lambda tensor: tensor.numpy(), ask)
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
    library = Path(devices.__file__).parent
    files = [*library.rglob("*.py"), *(ROOT / "book").rglob("*.ipynb")]
    assert len(files) > 60
    for file in files:
        lines = file.read_text(encoding="utf-8").splitlines()
        for line in filter(lambda text: ".numpy()" in text, lines):
            assert ".cpu().numpy()" in line, f"{file.name}: {line}"


def test_the_device(monkeypatch):
    monkeypatch.delenv("PSM_DEVICE", raising=False)
    for there, name in ((True, "cuda"), (False, "cpu")):
        monkeypatch.setattr(torch.cuda, "is_available", lambda at=there: at)
        assert devices.device().type == name
    monkeypatch.setenv("PSM_DEVICE", "cpu")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert devices.device().type == "cpu"


@pytest.mark.parametrize("wanted", ["gpu", "cuda:99", "meta"])
def test_a_device_that_is_not_there(monkeypatch, wanted):
    monkeypatch.setenv("PSM_DEVICE", wanted)
    with pytest.raises(RuntimeError, match=f"{wanted}.*expected cpu, or cuda"):
        devices.device()


def test_a_gradient_is_left_behind():
    tensor = torch.ones(2, requires_grad=True)
    assert devices.numbers(2 * tensor).tolist() == [2.0, 2.0]
