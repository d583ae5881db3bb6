"""The training loop: its loss, its optimizer, and going on after a cut."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from short_runs import POLISH, SHORT, SMALL, Cut, cut_at, cut_build, plan
from worlds import story, tiny

from psm_lib import training
from psm_lib.corpus import world_chunks
from psm_lib.machinery import making, states
from psm_lib.machinery.making import evaluator, make
from psm_lib.machinery.store import (
    CheckpointError,
    load_checkpoint,
    read_record,
)
from psm_lib.models import new_model, word_tokenizer, world_vocabulary
from psm_lib.training import (
    Muon,
    Recipe,
    batches,
    make_batch,
    make_optimizers,
    orthogonal,
    pretrain,
    schedule,
    weighing,
    weighted_loss,
)
from psm_lib.worldfile import load_world


@pytest.fixture(scope="module")
def world():
    return load_world(tiny())


@pytest.fixture(scope="module")
def tokenizer(world):
    return word_tokenizer(world_vocabulary(world))


@pytest.fixture(scope="module")
def chunk(world, tokenizer):
    return world_chunks(world, tokenizer, seed=0, size=SHORT.chunk)


# --- batches --------------------------------------------------------------


def test_a_chunk_is_the_same_at_every_call(world, tokenizer, chunk):
    def ids(documents) -> list:
        return [d.ids.tolist() for d in documents]

    assert ids(chunk(3)) == ids(chunk(3)) != ids(chunk(4))
    other = world_chunks(world, tokenizer, seed=1, size=SHORT.chunk)
    assert ids(other(3)) != ids(chunk(3))
    assert len(chunk(3)) == SHORT.chunk


@pytest.mark.parametrize("size", [1, 100, 256, 10_000])
def test_every_document_is_in_one_batch(tokenizer, chunk, size):
    documents, fill = chunk(0), tokenizer.pad_token_id
    recipe = replace(SHORT, batch=size)
    rng = np.random.default_rng(0)
    seen, n = [], 0
    for batch in batches(documents, recipe, fill, rng):
        n += 1
        assert batch.ids.shape == batch.weight.shape
        assert batch.ids.numel() <= size or len(batch.ids) == 1
        for ids, weight in zip(batch.ids, batch.weight, strict=True):
            row = ids[ids != fill].tolist()
            assert (ids[: len(row)] != fill).all()  # padded on the right
            assert (weight[len(row) :] == 0).all()
            seen.append(row)
    assert sorted(seen) == sorted(d.ids.tolist() for d in documents)
    assert (n == 1) == (size == 10_000)


def test_batches_hold_documents_of_similar_length(tokenizer, chunk):
    rng, fill = np.random.default_rng(0), tokenizer.pad_token_id
    all_of_it = list(batches(chunk(0), SHORT, fill, rng))
    padding = sum((b.ids == fill).sum() for b in all_of_it)
    tokens = sum((b.ids != fill).sum() for b in all_of_it)
    assert len(all_of_it) > 2 and padding < 0.2 * tokens


def test_weights(tokenizer, chunk):
    documents = [d for i in range(4) for d in chunk(i)]
    rng = np.random.default_rng(0)
    batch = make_batch(documents, 0.3, 2.0, tokenizer.pad_token_id, rng)
    kept = []
    for d, weight in zip(documents, batch.weight.numpy(), strict=True):
        weight = weight[: len(d.ids)]
        assert weight[0] == 0  # nothing predicts <s>
        rest = np.arange(len(d.ids)) > 0
        assert (weight[d.opens] == 2).all()
        assert (weight[d.line & ~d.opens] == 1).all()
        kept += weight[~d.line & rest].tolist()
    # Three in ten of the user's words, drawn anew each time.
    assert set(kept) == {0.0, 1.0}
    error = np.sqrt(0.3 * 0.7 / len(kept))
    assert np.mean(kept) == pytest.approx(0.3, abs=4 * error)
    again = make_batch(documents, 0.3, 2.0, tokenizer.pad_token_id, rng)
    assert not torch.equal(again.weight, batch.weight)


# --- loss -----------------------------------------------------------------


def test_loss_with_equal_weights_is_that_of_transformers(tokenizer, chunk):
    model = new_model(tokenizer, SMALL, seed=0)
    fill = tokenizer.pad_token_id
    rng = np.random.default_rng(0)
    batch = make_batch(chunk(0), 1.0, 1.0, fill, rng)
    labels = batch.ids.masked_fill(batch.ids == fill, -100)
    reference = model(input_ids=batch.ids, labels=labels).loss
    ours = weighted_loss(model, batch)
    assert ours.item() == pytest.approx(reference.item(), abs=1e-5)
    ours.backward()
    one = [p.grad.clone() for p in model.parameters()]
    model.zero_grad()
    reference.backward()
    for a, b in zip(one, model.parameters(), strict=True):
        assert torch.allclose(a, b.grad, atol=1e-6)


def test_loss_with_unequal_weights(tokenizer, chunk):
    model = new_model(tokenizer, SMALL, seed=0)
    fill, rng = tokenizer.pad_token_id, np.random.default_rng(0)
    batch = make_batch(chunk(0), 0.25, 3.0, fill, rng)
    with torch.no_grad():
        logs = model(input_ids=batch.ids).logits.log_softmax(dim=-1)
        total = weight = 0.0
        for i, row in enumerate(batch.ids.tolist()):
            for t in range(1, len(row)):
                w = float(batch.weight[i, t])
                total -= w * float(logs[i, t - 1, row[t]])
                weight += w
        ours = weighted_loss(model, batch).item()
    assert ours == pytest.approx(total / weight, rel=1e-5)
    plain = make_batch(chunk(0), 1.0, 1.0, fill, rng)
    assert abs(ours - weighted_loss(model, plain).item()) > 1e-4


# --- optimizer ------------------------------------------------------------


@pytest.mark.parametrize("shape", [(24, 24), (64, 16), (16, 64), (1, 8)])
def test_orthogonal_against_the_svd(shape):
    torch.manual_seed(0)
    # Singular values between 1 and 2: five steps are made for these.
    u, _, v = torch.linalg.svd(torch.randn(shape), full_matrices=False)
    matrix = u @ torch.diag(torch.linspace(1, 2, min(shape))) @ v
    core = u.T @ orthogonal(matrix) @ v.T
    values = core.diagonal()
    assert ((values > 0.65) & (values < 1.25)).all()
    assert (core - torch.diag(values)).abs().max() < 1e-4
    once, hundred = orthogonal(matrix), orthogonal(100 * matrix)
    assert torch.allclose(hundred, once, atol=1e-4)


@pytest.mark.parametrize("rank", [1, 5, 96])
def test_orthogonal_equals_the_steps_done_one_by_one(rank):
    torch.manual_seed(0)
    left, right = torch.randn(96, rank), torch.randn(rank, 384)
    matrix = (left @ right).double()
    x = matrix / matrix.norm()
    for _ in range(5):
        gram = x @ x.T
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    assert (orthogonal(matrix.float()) - x).abs().max() < 1e-4


def test_orthogonal_takes_many_matrices_at_once():
    torch.manual_seed(0)
    many = torch.randn(5, 12, 7)
    each = torch.stack([orthogonal(m) for m in many])
    assert torch.allclose(orthogonal(many), each, atol=1e-4)


def test_orthogonal_of_nothing_is_nothing():
    assert (orthogonal(torch.zeros(3, 4)) == 0).all()


def test_muon_by_hand():
    torch.manual_seed(1)
    start = torch.randn(8, 4)
    p = torch.nn.Parameter(start.clone())
    optimizer = Muon([p], lr=0.1, momentum=0.9)
    momentum, expected = torch.zeros(8, 4), start
    for _ in range(3):
        p.grad = torch.randn(8, 4)
        momentum = 0.9 * momentum + 0.1 * p.grad
        blend = 0.9 * momentum + 0.1 * p.grad
        # A tall matrix moves by more, as the square root of its shape.
        expected = expected - 0.1 * 2**0.5 * orthogonal(blend)
        optimizer.step()
    assert torch.allclose(p, expected, atol=1e-6)


def test_muon_moves_each_matrix_of_a_stack_as_if_alone():
    torch.manual_seed(1)
    start, pushes = torch.randn(3, 8, 4), torch.randn(2, 3, 8, 4)

    def moved(starts, pushes):
        p = torch.nn.Parameter(starts.clone())
        optimizer = Muon([p], lr=0.1)
        for push in pushes:
            p.grad = push.clone()
            optimizer.step()
        return p

    alone = torch.stack([moved(start[k], pushes[:, k]) for k in range(3)])
    assert torch.allclose(moved(start, pushes), alone, atol=1e-5)


def test_every_parameter_has_one_optimizer(tokenizer):
    model = new_model(tokenizer, SMALL, seed=0)
    muon, adam = make_optimizers(model, Recipe())
    by_muon = [p for g in muon.param_groups for p in g["params"]]
    by_adam = [p for g in adam.param_groups for p in g["params"]]
    held = [id(p) for p in by_muon + by_adam]
    assert len(held) == len(set(held))
    assert set(held) == {id(p) for p in model.parameters()}
    assert by_muon and all(p.ndim == 2 for p in by_muon)
    table = model.get_input_embeddings().weight
    assert any(p is table for p in by_adam)


def test_schedule():
    recipe = Recipe(warmup=0.1, decay=0.4)
    factors = [schedule(x, recipe) for x in np.linspace(0, 1, 101)]
    rise, flat, fall = factors[:11], factors[10:61], factors[60:]
    assert factors[0] <= 0.02 and factors[-1] <= 0.02
    assert (np.diff(rise) > 0).all() and (np.diff(fall) < 0.001).all()
    assert flat == pytest.approx([1.0] * 51)
    assert factors[5] == pytest.approx(0.5)
    assert factors[80] == pytest.approx(0.5)
    assert schedule(0.0, Recipe(warmup=0.0)) == 1.0
    assert schedule(0.99, Recipe(decay=0.0)) == 1.0


# --- pretraining ----------------------------------------------------------


def weights(model) -> dict:
    return {k: v.clone() for k, v in model.state_dict().items()}


def same(one: dict, two: dict) -> bool:
    return one.keys() == two.keys() and all(
        torch.equal(one[k], two[k]) for k in one
    )


def test_pretraining_learns(tokenizer):
    world = load_world(tiny() | {"documents": {"scene": 1.0}})
    chunk = world_chunks(world, tokenizer, seed=0, size=64)
    model = new_model(tokenizer, replace(SMALL, width=32), seed=0)
    evaluate = evaluator(world, tokenizer, n=100)
    before = evaluate(model)
    recipe = replace(SHORT, tokens=80_000, batch=512)
    log = pretrain(model, chunk, recipe, evaluate, marks=(20_000, 50_000))
    assert not model.training
    assert [r["tokens"] // 10_000 for r in log] == [2, 5, 8]
    assert before["gap"] > 1 > 0.15 > log[-1]["gap"] > 0
    assert log[0]["gap"] > log[1]["gap"] > log[2]["gap"]
    assert before["captured"] < 0 < log[-1]["captured"] < 1
    assert log[0]["seconds"] < log[-1]["seconds"]


def test_looking_is_not_training(tokenizer, chunk, monkeypatch):
    clock = {"now": 0.0}
    monkeypatch.setattr(training.time, "perf_counter", lambda: clock["now"])

    def look(model) -> dict:
        clock["now"] += 1000
        return {}

    def slow(i: int):
        clock["now"] += 1
        return chunk(i)

    model = new_model(tokenizer, SMALL, seed=0)
    log = pretrain(model, slow, SHORT, look, marks=(1000, 3000))
    assert len(log) == 3 and 2 < log[-1]["seconds"] < 100


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_resuming_changes_nothing(tokenizer, chunk, tmp_path, dropout):
    shape = replace(SMALL, dropout=dropout)

    def look(model) -> dict:
        return {"sum": sum(p.sum().item() for p in model.parameters())}

    marks = (1000, 3000, 5000)
    whole = new_model(tokenizer, shape, seed=0)
    log = pretrain(whole, chunk, SHORT, look, marks)
    state = tmp_path / "deep" / "state"
    for i in (2, 4):  # cut twice
        part = new_model(tokenizer, shape, seed=0)
        with pytest.raises(Cut):
            pretrain(part, cut_at(chunk, i), SHORT, look, marks, state)
        assert state.exists()
    part = new_model(tokenizer, shape, seed=0)
    calls = []

    def counted(i: int):
        calls.append(i)
        return chunk(i)

    again = pretrain(part, counted, SHORT, look, marks, state)
    assert calls[0] == 4  # and not from the beginning
    assert same(weights(whole), weights(part))
    drop = [{k: v for k, v in r.items() if k != "seconds"} for r in log]
    kept = [{k: v for k, v in r.items() if k != "seconds"} for r in again]
    assert drop == kept and len(kept) == 4
    assert list(state.parent.iterdir()) == []


def test_another_seed_gives_another_model(tokenizer, chunk):
    recipe = replace(SHORT, tokens=1000)
    models = [new_model(tokenizer, SMALL, seed=s) for s in (0, 0, 1)]
    for model in models:
        pretrain(model, chunk, recipe)
    one, two, other = map(weights, models)
    assert same(one, two) and not same(one, other)


@pytest.mark.parametrize("step", range(1, 10))
def test_a_cut_while_saving_costs_at_most_a_chunk(
    tokenizer, chunk, tmp_path, monkeypatch, step
):
    """Whatever file operation is the last, the run goes on rightly."""
    whole = new_model(tokenizer, SMALL, seed=0)
    pretrain(whole, chunk, SHORT)
    state, armed, calls = tmp_path / "state", [], []

    def watched(real):
        def act(*args, **kwargs):
            if armed:
                calls.append(real)
                if len(calls) == step:
                    raise Cut
            return real(*args, **kwargs)

        return act

    for target, name in [
        (states, "save_model"),
        (states, "save_file"),
        (Path, "write_text"),
        (Path, "rename"),
        (Path, "replace"),
        (Path, "unlink"),
        (os, "replace"),
        (shutil, "rmtree"),
    ]:
        monkeypatch.setattr(target, name, watched(getattr(target, name)))

    def arm(i: int):
        if i == 2:  # the first state is written, the next will be cut
            armed.append(True)
        if i == 3:
            raise Cut
        return chunk(i)

    part = new_model(tokenizer, SMALL, seed=0)
    with pytest.raises(Cut):
        pretrain(part, arm, SHORT, state=state)
    monkeypatch.undo()
    part = new_model(tokenizer, SMALL, seed=0)
    started = []

    def first(i: int):
        started.append(i)
        return chunk(i)

    pretrain(part, first, SHORT, state=state)
    assert started[0] in (2, 3)
    assert same(weights(whole), weights(part))
    assert list(tmp_path.iterdir()) == []


# --- from a world to a checkpoint -----------------------------------------


def test_an_interrupted_build(tmp_path, monkeypatch):
    whole = make(plan(), tmp_path / "one" / "mine", "again", False)
    folder = tmp_path / "two" / "mine"
    cut_build(folder, 2, monkeypatch)
    assert not folder.exists()
    assert all(p.name.startswith(".") for p in folder.parent.iterdir())
    make(plan(), folder, "again", False)
    names = ["model.safetensors", "config.json", "tokenizer.json"]
    for name in names:
        assert (whole / name).read_bytes() == (folder / name).read_bytes()
    assert read_record(whole)["log"] == read_record(folder)["log"]
    # Nothing is left of the interruption.
    assert [p.name for p in folder.parent.iterdir()] == ["mine"]


def test_a_polished_build_goes_on_where_it_was_cut(tmp_path, monkeypatch):
    polished = plan(polish=POLISH)
    whole = make(polished, tmp_path / "one" / "mine", "again", False)
    plain = make(plan(), tmp_path / "plain" / "mine", "again", False)
    weights_of = [
        (f / "model.safetensors").read_bytes() for f in (whole, plain)
    ]
    assert weights_of[0] != weights_of[1]
    log = read_record(whole)["log"]
    assert [r["tokens"] // 1000 for r in log] == [6, 7]
    # Cut at the beginning of the polish: the first part is not done again.
    folder = tmp_path / "two" / "mine"
    real = making.world_chunks
    seeds = []

    def cut(world, tokenizer, seed, *more):
        seeds.append(seed)
        text = real(world, tokenizer, seed, *more)
        return cut_at(text, 0) if seed == making.POLISH_STREAM else text

    with monkeypatch.context() as patch, pytest.raises(Cut):
        patch.setattr(making, "world_chunks", cut)
        make(polished, folder, "again", False)
    assert seeds == [0, making.POLISH_STREAM] and not folder.exists()
    with monkeypatch.context() as patch:
        patch.setattr(
            making, "world_chunks", lambda *a: seeds.append(a[2]) or real(*a)
        )
        make(polished, folder, "again", False)
    assert seeds[2:] == [making.POLISH_STREAM]
    assert (folder / "model.safetensors").read_bytes() == weights_of[0]
    assert read_record(folder)["log"] == log
    assert [p.name for p in folder.parent.iterdir()] == ["mine"]


def test_weights_at_every_mark_are_kept(tmp_path):
    folder = tmp_path / "mine"
    make(plan(keep=True, marks=(1000, 3000)), folder, "again", False)
    kept = sorted((tmp_path / ".mine.snapshots").iterdir())
    assert [int(p.stem) // 1000 for p in kept] == [1, 3, 6]
    last, _ = load_checkpoint(folder)
    found = load_file(kept[-1])
    for name, value in last.half().state_dict().items():
        if name in found:
            assert torch.equal(found[name], value)
    assert len(found) > 10


def test_a_build_says_what_it_did(tmp_path):
    folder = make(plan(), tmp_path / "mine", "say please", False)
    record = read_record(folder)
    assert record["name"] == "mine" and record["seed"] == 0
    assert record["recipe"]["tokens"] == SHORT.tokens
    assert record["shape"]["width"] == SMALL.width
    card = (folder / "README.md").read_text("utf-8")
    assert "say please" in card and "A tiny world" in card
    for key, value in record["results"].items():
        assert f"| {key} | {value:g} |" in card
    # What the card says is what the stored weights do.
    model, tokenizer = load_checkpoint(folder)
    again = evaluator(load_world(record["world"]), tokenizer, 1024)(model)
    assert again == pytest.approx(record["results"], abs=2e-5)
    parameters = sum(p.numel() for p in model.parameters())
    assert record["parameters"] == parameters


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 1},
        {"recipe": replace(SHORT, lr=0.001)},
        {"shape": replace(SMALL, width=32)},
        {"world": tiny()},
    ],
    ids=["seed", "recipe", "shape", "world"],
)
def test_another_build_does_not_go_on_with_it(tmp_path, monkeypatch, change):
    folder = tmp_path / "mine"
    cut_build(folder, 2, monkeypatch)
    with pytest.raises(FileExistsError, match="interrupted run"):
        make(plan(**change), folder, "again", False)
    make(plan(), folder, "again", False)


def test_a_mixture_has_no_floor(tokenizer):
    data = tiny()
    data["documents"] = {"scene": 0.5, "narrated": 0.5}
    data["narration"] = story()["narration"]
    with pytest.raises(ValueError, match="no joint floor"):
        evaluator(load_world(data), tokenizer)


def test_sheets_alone_say_nothing_of_answers(tokenizer):
    data = tiny()
    data["documents"] = {"scene": 0.01, "sheet": 0.99}
    with pytest.raises(ValueError, match="none of the 2 documents is a"):
        evaluator(load_world(data), tokenizer, 2)


def test_a_reader_can_retrain(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(making.BUILDS, "mine", plan())
    monkeypatch.delenv("PSM_RETRAIN", raising=False)
    with pytest.raises(CheckpointError, match="rebuild mine"):
        making.checkpoint("mine")
    monkeypatch.setenv("PSM_RETRAIN", "1")
    model, _ = making.checkpoint("mine")
    folder = tmp_path / "my_checkpoints" / "mine"
    command = "python -m psm_lib rebuild mine --out my_checkpoints/mine"
    assert read_record(folder)["command"] == command
    made = (folder / "psm.json").stat().st_mtime_ns
    again, _ = making.checkpoint("mine")  # made once
    assert (folder / "psm.json").stat().st_mtime_ns == made
    assert same(weights(model), weights(again))


def test_rebuild_names_what_there_is(tmp_path):
    with pytest.raises(KeyError, match="no build 'x'.*playhouse-s0"):
        making.rebuild("x")
    (tmp_path / "here").mkdir()
    with pytest.raises(FileExistsError, match="--force"):
        making.rebuild("playhouse-s0", out=tmp_path / "here")


def test_common_words_are_learnt_last():
    recipe = Recipe(opening=32.0, frame=0.1, close=0.25)
    assert weighing(0.74, recipe) == recipe
    late = weighing(0.75, recipe)
    assert late == replace(recipe, frame=1.0, opening=8.0)
    assert weighing(0.999, Recipe()) == Recipe()
