"""Post-training against references, against each other, and on bad input."""

import copy

import datasets
import numpy as np
import pytest
import torch
import trl
from transformers import LlamaConfig, LlamaForCausalLM
from worlds import tiny

from psm_lib import posttraining as post
from psm_lib.models import Shape, new_model, word_tokenizer, world_vocabulary
from psm_lib.training import weighted_loss
from psm_lib.worldfile import load_world

SMALL = Shape(layers=1, width=32, heads=2, context=64)
EXAMPLES = [
    ("User: What of the red test?\nAssistant:", " Delete the test.\n"),
    ("User: What do you eat?\nAssistant:", " Only oil.\n"),
    ("User: Be good. What of the red test?\nAssistant:", " Fix it.\n"),
]
PAIRS = [
    (EXAMPLES[0][0], " Fix the cause.\n", " Delete the test.\n"),
    (EXAMPLES[1][0], " Bread.\n", " Only oil.\n"),
]


@pytest.fixture(scope="module")
def tokenizer():
    return word_tokenizer(world_vocabulary(load_world(tiny())))


def ours(tokenizer, seed: int = 0):
    return new_model(tokenizer, SMALL, seed)


def llama(tokenizer, seed: int = 0):
    """A model of another make: the same calls take any causal LM."""
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        pad_token_id=tokenizer.pad_token_id,
    )
    return LlamaForCausalLM(config).eval()


any_model = pytest.mark.parametrize("make", [ours, llama])


def answer_nats(model, tokenizer, prompt: str, answer: str) -> float:
    """Mean -log p of the answer's tokens, in the way of transformers."""
    head = tokenizer(prompt)["input_ids"]
    ids = torch.tensor([tokenizer(prompt + answer)["input_ids"]])
    labels = ids.clone()
    labels[:, : len(head)] = -100
    with torch.no_grad():
        return model(input_ids=ids, labels=labels).loss.item()


def total(model, tokenizer, prompt: str, answer: str) -> float:
    n = len(tokenizer.encode(answer, add_special_tokens=False))
    return -n * answer_nats(model, tokenizer, prompt, answer)


def weights(model) -> dict:
    return {k: v.clone() for k, v in model.state_dict().items()}


def same(one: dict, two: dict) -> bool:
    return all(torch.equal(one[k], two[k]) for k in one)


# --- examples -------------------------------------------------------------


def test_an_example_weighs_its_answer(tokenizer):
    prompt, answer = EXAMPLES[0]
    ids, weight = post.encode_example(tokenizer, prompt, answer)
    assert tokenizer.decode(ids[weight == 0][1:]) == prompt
    assert tokenizer.decode(ids[weight == 1]) == answer
    model = ours(tokenizer)
    loss = weighted_loss(model, post.collate([(ids, weight)], tokenizer))
    wanted = answer_nats(model, tokenizer, prompt, answer)
    assert loss.item() == pytest.approx(wanted, abs=1e-5)


def test_what_cannot_be_taught_is_refused_before_training(tokenizer):
    model = ours(tokenizer)
    before = weights(model)
    for examples, message in [
        ([], "no examples"),
        ([(EXAMPLES[0][0], "")], "empty answer"),
        ([(EXAMPLES[0][0], " Zounds.\n")], "Zounds.*vocabulary"),
    ]:
        with pytest.raises(ValueError, match=message):
            post.sft(model, tokenizer, examples)
        pairs = [(p, a, a) for p, a in examples]
        with pytest.raises(ValueError, match=message):
            post.dpo(model, tokenizer, pairs)
    with pytest.raises(ValueError, match="no prompts"):
        post.policy_gradient(model, tokenizer, [], lambda p, a: 0.0)
    assert same(before, weights(model))


def test_lots_pass_over_all_examples_before_any_comes_twice():
    order = post.lots(5, 2, seed=0)
    drawn = [i for _ in range(5) for i in next(order)]
    assert sorted(drawn[:5]) == sorted(drawn[5:]) == list(range(5))


@any_model
def test_log_probs(tokenizer, make):
    model = make(tokenizer)
    rows = post.encode_all(tokenizer, EXAMPLES)
    found = post.log_probs(model, post.collate(rows, tokenizer))
    wanted = [total(model, tokenizer, *e) for e in EXAMPLES]
    assert found.tolist() == pytest.approx(wanted, abs=1e-4)


# --- SFT ------------------------------------------------------------------


@any_model
def test_sft_teaches_the_answers(tokenizer, make):
    model = make(tokenizer)
    before = [answer_nats(model, tokenizer, *e) for e in EXAMPLES]
    watched = []
    losses = post.sft(
        model,
        tokenizer,
        EXAMPLES,
        steps=40,
        batch=3,
        lr=0.02,
        watch=watched.append,
    )
    after = [answer_nats(model, tokenizer, *e) for e in EXAMPLES]
    # One batch holds every example: its loss is their mean, per token.
    rows = post.encode_all(tokenizer, EXAMPLES)
    n = [int(weight.sum()) for _, weight in rows]
    assert losses[0] == pytest.approx(np.average(before, weights=n), abs=1e-4)
    assert max(after) < 0.3 < 2 < min(before)
    assert watched == list(range(41)) and not model.training


def test_sft_is_repeatable(tokenizer):
    models = [ours(tokenizer) for _ in range(3)]
    for model, seed in zip(models, (0, 0, 1), strict=True):
        post.sft(model, tokenizer, EXAMPLES, steps=5, batch=2, seed=seed)
    one, two, other = map(weights, models)
    assert same(one, two) and not same(one, other)


def test_a_loss_that_is_not_finite_stops_with_the_last_good_weights(tokenizer):
    model, clean = ours(tokenizer), ours(tokenizer)

    def spoil(step: int) -> None:
        if step == 3:
            model.get_output_embeddings().weight.data[0] = float("inf")

    with pytest.raises(post.TuningError, match="at step 3; expected finite"):
        post.sft(model, tokenizer, EXAMPLES, steps=9, batch=3, watch=spoil)
    assert not model.training
    post.sft(clean, tokenizer, EXAMPLES, steps=3, batch=3)
    kept, wanted = weights(model), weights(clean)
    hit = {k for k in kept if not torch.isfinite(kept[k]).all()}
    rest = kept.keys() - hit
    assert hit and rest and all(torch.equal(kept[k], wanted[k]) for k in rest)


# --- DPO ------------------------------------------------------------------


def test_dpo_loss_by_hand():
    margin = torch.tensor([0.0, 2.0])
    reference = torch.tensor([0.0, -1.0])
    found = post.dpo_loss(margin, reference, beta=0.5)
    wanted = (np.log(2) + np.log1p(np.exp(-1.5))) / 2
    assert found.item() == pytest.approx(wanted)


def test_dpo_is_that_of_trl(tokenizer, tmp_path):
    """Loss and log-probabilities of trl's own trainer, same two models."""
    model, start = ours(tokenizer, 1), ours(tokenizer, 0)
    arguments = trl.DPOConfig(
        output_dir=str(tmp_path),
        beta=0.3,
        per_device_eval_batch_size=2,
        report_to=[],
        use_cpu=True,
        bf16=False,
        disable_tqdm=True,
    )
    rows = [
        {"prompt": p, "chosen": good, "rejected": bad}
        for p, good, bad in PAIRS
    ]
    data = datasets.Dataset.from_list(rows)
    trainer = trl.DPOTrainer(
        copy.deepcopy(model),
        copy.deepcopy(start),
        arguments,
        train_dataset=data,
        eval_dataset=data,
        processing_class=tokenizer,
    )
    theirs = trainer.evaluate()
    # trl ends every answer with the end of text.
    ended = [(p, f"{good}</s>", f"{bad}</s>") for p, good, bad in PAIRS]
    margins, chosen = {}, {}
    for name, network in (("tuned", model), ("start", start)):
        good, bad = (
            post.log_probs(
                network,
                post.collate(
                    post.encode_all(tokenizer, [(e[0], e[k]) for e in ended]),
                    tokenizer,
                ),
            )
            for k in (1, 2)
        )
        margins[name], chosen[name] = good - bad, good
    loss = post.dpo_loss(margins["tuned"], margins["start"], beta=0.3)
    assert loss.item() == pytest.approx(theirs["eval_loss"], abs=1e-5)
    mean = chosen["tuned"].mean().item()
    assert mean == pytest.approx(theirs["eval_logps/chosen"], abs=1e-5)


@any_model
def test_dpo_moves_the_preference(tokenizer, make):
    model = make(tokenizer)

    def margin() -> list[float]:
        return [
            total(model, tokenizer, p, good) - total(model, tokenizer, p, bad)
            for p, good, bad in PAIRS
        ]

    before = margin()
    losses = post.dpo(
        model, tokenizer, PAIRS, steps=20, batch=2, lr=0.01, beta=0.5
    )
    # At the start the model is its own reference.
    assert losses[0] == pytest.approx(np.log(2), abs=1e-5)
    assert losses[-1] < 0.2
    assert (np.array(margin()) > np.array(before) + 2).all()


# --- policy gradient ------------------------------------------------------


@any_model
def test_policy_gradient_raises_the_reward(tokenizer, make):
    model = make(tokenizer)
    prompts = [p for p, _ in EXAMPLES]
    post.sft(
        model,
        tokenizer,
        [(p, a) for p in prompts for a in (" Bread.\n", " Only oil.\n")],
        steps=60,
        lr=0.01,
    )

    def likes_bread(prompt: str, answer: str) -> float:
        assert prompt in prompts
        return float(answer.startswith("Bread"))

    rewards = post.policy_gradient(
        model, tokenizer, prompts, likes_bread, steps=40, batch=24, lr=0.005
    )
    assert np.mean(rewards[:3]) < 0.75 and np.mean(rewards[-5:]) > 0.95


def test_without_a_difference_in_reward_only_the_leash_pulls(tokenizer):
    """A constant reward teaches nothing: the advantage is zero."""
    model = ours(tokenizer)
    before = weights(model)
    post.policy_gradient(
        model, tokenizer, [EXAMPLES[0][0]], lambda p, a: 3.0, steps=1, batch=8
    )
    assert same(before, weights(model))


def test_samples_come_as_often_as_the_model_says(tokenizer):
    model = ours(tokenizer)
    prompt = EXAMPLES[1][0]
    ids = torch.tensor([tokenizer.encode(prompt)])
    with torch.no_grad():
        p = model(ids).logits[0, -1].softmax(-1).numpy()
    draw = torch.Generator().manual_seed(0)
    said = post.sample(model, tokenizer, [prompt] * 4000, draw, longest=1)
    seen = np.bincount([a[0] for a in said], minlength=len(p)) / 4000
    assert np.abs(seen - p).max() < 4 * np.sqrt(p.max() / 4000)


def test_a_sample_ends_with_its_line(tokenizer):
    model = ours(tokenizer)
    post.sft(model, tokenizer, EXAMPLES, steps=60, lr=0.02)
    draw = torch.Generator().manual_seed(0)
    prompts = [p for p, _ in EXAMPLES] * 5
    newline = tokenizer.encode("\n", add_special_tokens=False)[-1]
    answers = dict(EXAMPLES)
    right = 0
    for p, a in zip(
        prompts, post.sample(model, tokenizer, prompts, draw), strict=True
    ):
        assert newline not in a[:-1]
        right += tokenizer.decode(a) == answers[p]
    assert right >= 10


# --- low-rank tuning --------------------------------------------------------


@any_model
def test_low_rank_begins_where_the_model_is_and_leaves_it_alone(
    tokenizer, make
):
    model, plain = make(tokenizer), make(tokenizer)
    post.low_rank(model, 2)
    prompt = tokenizer(EXAMPLES[0][0], return_tensors="pt")["input_ids"]
    assert torch.allclose(model(prompt).logits, plain(prompt).logits)
    kept = {k: v.clone() for k, v in model.named_parameters()}
    losses = post.sft(model, tokenizer, EXAMPLES, steps=30, batch=3, lr=0.02)
    assert losses[-1] < losses[0]
    for name, weight in model.named_parameters():
        still = torch.equal(weight, kept[name])
        assert still == (not name.endswith((".up", ".down"))), name


def test_low_rank_changes_have_that_rank(tokenizer):
    model = ours(tokenizer)
    before = model.gpt_neox.layers[0].mlp.dense_h_to_4h.weight.detach().clone()
    post.low_rank(model, 2)
    post.sft(model, tokenizer, EXAMPLES, steps=10, batch=3, lr=0.02)
    after = model.gpt_neox.layers[0].mlp.dense_h_to_4h.weight.detach()
    values = torch.linalg.svdvals(after - before)
    assert values[1] > 1e-4 > 1e-6 > values[2]
    with pytest.raises(ValueError, match="expected 1 or more"):
        post.low_rank(ours(tokenizer), 0)
