"""Networks that learn side by side become what each becomes alone."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from short_runs import SHORT, Cut, cut_at
from worlds import tiny

from psm_lib.corpus import world_chunks
from psm_lib.machinery import progress
from psm_lib.machinery.making import evaluator
from psm_lib.machinery.stacked import (
    Loss,
    Stack,
    course,
    lesson,
    pretrain_stacked,
    side_by_side,
)
from psm_lib.models import Shape, new_model, world_tokenizer
from psm_lib.training import batches, pretrain, weighted_loss
from psm_lib.worldfile import load_world

RECIPE = replace(
    SHORT,
    tokens=4000,
    opening=8.0,
    stagings=4,
    weight_decay=0.1,
    close=0.3,
    clip=2.0,
)
SHAPE = Shape(layers=2, width=16, heads=2, context=96)
# Three of the same words: one says more, one has no sheets.
WORLDS = [
    tiny(),
    tiny() | {"scene": {"exchanges": [3, 5]}},
    tiny() | {"documents": {"scene": 1.0}},
]


@pytest.fixture(scope="module")
def worlds():
    return [load_world(world) for world in WORLDS]


@pytest.fixture(scope="module")
def tokenizer(worlds):
    return world_tokenizer(worlds[0])


@pytest.fixture(scope="module")
def chunks(worlds, tokenizer):
    size, stagings = RECIPE.chunk, RECIPE.stagings
    return [
        world_chunks(world, tokenizer, seed, size, stagings)
        for seed, world in enumerate(worlds)
    ]


def made(tokenizer, precision=torch.double, shape=SHAPE, n=3) -> list:
    """Networks that differ in their first weights. In double precision
    nothing is left of the order of sums, which Muon would make larger."""
    return [new_model(tokenizer, shape, k).to(precision) for k in range(n)]


def apart(one, two) -> float:
    """How far two networks are apart, where it is farthest."""
    pairs = zip(one.parameters(), two.parameters(), strict=True)
    return max((p - q).abs().max().item() for p, q in pairs)


def first_lots(chunks, tokenizer, recipe=RECIPE) -> list:
    order, fill = np.random.default_rng(0), tokenizer.pad_token_id
    return [next(batches(c(0), recipe, fill, order)) for c in chunks]


def steps(chunk, tokenizer) -> int:
    bar = progress.bar(total=0)
    return len(list(course(chunk, RECIPE, tokenizer.pad_token_id, bar)))


@pytest.fixture(scope="module")
def alone(tokenizer, chunks):
    models = made(tokenizer)
    for model, chunk in zip(models, chunks, strict=True):
        pretrain(model, chunk, RECIPE)
    return models


@pytest.fixture(scope="module")
def together(tokenizer, chunks):
    models = made(tokenizer)
    pretrain_stacked(models, chunks, RECIPE)
    return models


def test_each_becomes_what_it_becomes_alone(
    tokenizer, chunks, alone, together
):
    # They do not even take the same number of steps.
    assert len({steps(chunk, tokenizer) for chunk in chunks}) > 1
    start = made(tokenizer)
    for k in range(3):
        assert apart(together[k], alone[k]) < 1e-9
        assert apart(together[k], start[k]) > 0.05
        assert not together[k].training
        assert all(p.grad is None for p in together[k].parameters())


def test_whoever_reads_another_s_text_becomes_another(
    tokenizer, chunks, alone
):
    models = made(tokenizer)
    pretrain_stacked(models, [chunks[i] for i in (1, 0, 2)], RECIPE)
    far = [apart(m, a) for m, a in zip(models, alone, strict=True)]
    assert far[0] > 0.01 and far[1] > 0.01 and far[2] < 1e-9


@pytest.mark.parametrize(
    "change",
    [{"lr": 0.0029}, {"muon_lr": 0.019}, {"weight_decay": 0.0}, {"decay": 0}],
    ids=str,
)
def test_each_rate_counts(tokenizer, chunks, alone, change):
    models = made(tokenizer)
    pretrain_stacked(models, chunks, replace(RECIPE, **change))
    assert all(apart(m, a) > 1e-4 for m, a in zip(models, alone, strict=True))


def test_one_alone_in_a_stack(tokenizer, chunks, alone):
    model = made(tokenizer, n=1)
    pretrain_stacked(model, chunks[:1], RECIPE)
    assert apart(model[0], alone[0]) < 1e-9


def test_in_single_precision(tokenizer, worlds, chunks):
    """The last digits are other ones, and what is learnt is the same."""
    for tokens in (600, 12_000):
        recipe = replace(RECIPE, tokens=tokens)
        one, two = (made(tokenizer, torch.float) for _ in range(2))
        for model, chunk in zip(one, chunks, strict=True):
            pretrain(model, chunk, recipe)
        pretrain_stacked(two, chunks, recipe)
        if tokens == 600:
            for mine, other in zip(two, one, strict=True):
                assert apart(mine, other) < 1e-3
    for world, mine, other in zip(worlds, two, one, strict=True):
        quality = evaluator(world, tokenizer, 100)
        a, b = quality(mine), quality(other)
        assert a["gap"] == pytest.approx(b["gap"], abs=0.03)
        assert a["captured"] == pytest.approx(b["captured"], abs=0.05)


# --- a step ---------------------------------------------------------------


def test_the_loss_of_each_is_its_own(tokenizer, chunks):
    models, lots = made(tokenizer), first_lots(chunks, tokenizer)
    assert len({lot.ids.shape for lot in lots}) == 3
    given = side_by_side([lesson(lot) for lot in lots])
    assert (given.weight == 0).any() and (given.share == 0).any()
    stack = Stack(models, RECIPE)
    losses = stack.losses(given)
    for model, lot, loss in zip(models, lots, losses, strict=True):
        wanted = weighted_loss(model, lot).item()
        assert loss.item() == pytest.approx(wanted, rel=1e-12)
        assert Loss(model)(lesson(lot)).item() == pytest.approx(wanted)
        plain = weighted_loss(model, replace(lot, instead=None)).item()
        assert abs(plain - wanted) > 1e-5


def test_where_no_scene_is_staged_again(tokenizer, worlds):
    once = [world_chunks(world, tokenizer, 0, 32) for world in worlds]
    models, lots = made(tokenizer), first_lots(once, tokenizer)
    assert all(lot.instead is None for lot in lots)
    stack = Stack(models, RECIPE)
    given = side_by_side([lesson(lot) for lot in lots])
    losses = stack.losses(given).tolist()
    pairs = zip(models, lots, strict=True)
    assert losses == pytest.approx([weighted_loss(*p).item() for p in pairs])


def test_at_rate_zero_one_stands_still(tokenizer, chunks):
    models = made(tokenizer, torch.float)
    start = made(tokenizer, torch.float)
    stack = Stack(models, RECIPE)
    lots = first_lots(chunks, tokenizer)
    given = side_by_side([lesson(lot) for lot in lots])
    stack.learn(given, torch.tensor([1.0, 0.0, 0.5]))
    assert apart(models[0], start[0]) == 0  # until they are given back
    stack.give_back()
    moved = [apart(m, s) for m, s in zip(models, start, strict=True)]
    assert moved[0] > 0 and moved[1] == 0 and moved[2] > 0


def test_gradients_are_clipped_one_by_one(tokenizer, chunks):
    """One of them is short enough as it is."""
    models, lots = made(tokenizer), first_lots(chunks, tokenizer)
    with torch.no_grad():
        for p in models[0].parameters():
            p.mul_(0.1)
    sizes = []
    for model, lot in zip(models, lots, strict=True):
        weighted_loss(model, lot).backward()
        grads = [p.grad for p in model.parameters()]
        sizes.append(float(torch.nn.utils.get_total_norm(grads)))
    assert sizes[0] < 0.9 * min(sizes[1:])
    clip = (sizes[0] + min(sizes[1:])) / 2
    stack = Stack(models, replace(RECIPE, clip=clip))
    given = side_by_side([lesson(lot) for lot in lots])
    stack.learn(given, torch.ones(3))
    name, head = next(iter(stack.weights.items()))
    mean = stack.optimizers[1].state[head]["exp_avg"]  # a tenth, at first
    for k, (model, size) in enumerate(zip(models, sizes, strict=True)):
        own = dict(Loss(model).named_parameters())[name].grad
        wanted = 0.1 * own * min(1.0, clip / (size + 1e-6))
        assert torch.allclose(mean[k], wanted, atol=1e-12)


def test_a_cut_leaves_the_networks_as_they_were(tokenizer, chunks):
    models = made(tokenizer)
    texts = [chunks[0], cut_at(chunks[1], 1), chunks[2]]
    with pytest.raises(Cut):
        pretrain_stacked(models, texts, RECIPE)
    for model, start in zip(models, made(tokenizer), strict=True):
        assert apart(model, start) == 0


# --- errors ---------------------------------------------------------------


def test_what_cannot_be_stacked(tokenizer, chunks):
    models = made(tokenizer)
    with pytest.raises(ValueError, match="0 networks and 0 texts"):
        pretrain_stacked([], [], RECIPE)
    with pytest.raises(ValueError, match="3 networks and 2 texts"):
        pretrain_stacked(models, chunks[:2], RECIPE)
    with pytest.raises(ValueError, match="2 workers; expected 1"):
        pretrain_stacked(models, chunks, replace(RECIPE, workers=2))
    wide = made(tokenizer, shape=replace(SHAPE, heads=4), n=1)
    with pytest.raises(ValueError, match="differ in num_attention_heads"):
        pretrain_stacked([*models[:2], *wide], chunks, RECIPE)
    models[1].resize_token_embeddings(len(tokenizer) + 1)
    with pytest.raises(ValueError, match="differ in vocab_size.*vocabulary"):
        pretrain_stacked(models, chunks, RECIPE)
    dice = made(tokenizer, shape=replace(SHAPE, dropout=0.1))
    with pytest.raises(ValueError, match="dropout, which"):
        pretrain_stacked(dice, chunks, RECIPE)
    bare = made(tokenizer)
    for model in bare:
        model.config.pad_token_id = None
    with pytest.raises(ValueError, match="pad_token_id, a token that no"):
        pretrain_stacked(bare, chunks, RECIPE)
