"""Models and tokenizers of others, against ``model(..).logits`` itself."""

import copy
from functools import cache

import numpy as np
import pytest
import torch
import transformers as hf
from tokenizers import (
    Tokenizer,
    decoders,
    normalizers,
    pre_tokenizers,
    processors,
)
from tokenizers.models import BPE, Unigram, WordLevel
from tokenizers.trainers import BpeTrainer, UnigramTrainer
from transformers import PreTrainedTokenizerFast
from worlds import tiny

from psm_lib import evaluation, experiments, models
from psm_lib import posttraining as post
from psm_lib.chapters.ch04_cheat import experiment
from psm_lib.corpus import sample_texts
from psm_lib.interpretability import activations
from psm_lib.machinery import openings
from psm_lib.machinery.decoders import check_fits, going_on, logits_where
from psm_lib.training import Batch, weighted_loss
from psm_lib.world import ask, prompts_of, sample_scenes, scene_text
from psm_lib.worldfile import load_world

SPOKEN = tiny() | {"documents": {"scene": 1.0}}
WORLD = load_world(SPOKEN)
HISTORY = "User: What do you eat?\nAnn: Bread.\n"
SIZE = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 2,
    "head_dim": 16,
}


# --- tokenizers -----------------------------------------------------------


def bpe(split, **special) -> PreTrainedTokenizerFast:
    backend = Tokenizer(BPE())
    backend.pre_tokenizer = split
    backend.decoder = decoders.ByteLevel()
    trainer = BpeTrainer(
        vocab_size=300,
        special_tokens=[*dict.fromkeys(special.values())],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    backend.train_from_iterator(sample_texts(WORLD, 200, 0), trainer)
    return PreTrainedTokenizerFast(tokenizer_object=backend, **special)


def plain_bytes() -> PreTrainedTokenizerFast:
    """No special token but the end of text: none to begin or to pad with."""
    return bpe(pre_tokenizers.ByteLevel(add_prefix_space=False), eos_token="#")


def bare_bytes() -> PreTrainedTokenizerFast:
    """Not even that."""
    return bpe(pre_tokenizers.ByteLevel(add_prefix_space=False))


def like_gpt2() -> PreTrainedTokenizerFast:
    """One token is all of them, and the tokenizer adds it nowhere."""
    end = "<|endoftext|>"
    return bpe(
        pre_tokenizers.ByteLevel(add_prefix_space=False),
        bos_token=end,
        eos_token=end,
        unk_token=end,
    )


def like_llama3() -> PreTrainedTokenizerFast:
    """Marks take the newline after them: ".\\n" can be one token."""
    pattern = r" ?[^\W\d_]+|\d| ?[^\s\w]+[\r\n]*|\s+"
    split = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(models.Regex(pattern), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    found = bpe(split, bos_token="<s>", eos_token="</s>")
    found.backend_tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 1)]
    )
    return found


def like_llama2() -> PreTrainedTokenizerFast:
    """A space is put before every text; an end after it; no newline."""
    backend = Tokenizer(Unigram())
    backend.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
    backend.decoder = decoders.Metaspace(prepend_scheme="first")
    trainer = UnigramTrainer(
        vocab_size=110,
        special_tokens=["<unk>", "<s>"],
        unk_token="<unk>",
        show_progress=False,
    )
    lines = [x for t in sample_texts(WORLD, 200, 0) for x in t.splitlines()]
    backend.train_from_iterator([*lines, "\n", ":\n"], trainer)
    backend.post_processor = processors.TemplateProcessing(
        single="<s> $A", special_tokens=[("<s>", 1)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=backend, bos_token="<s>", unk_token="<unk>"
    )


def whole() -> PreTrainedTokenizerFast:
    return models.word_tokenizer(models.world_vocabulary(WORLD))


TOKENIZERS = {
    f.__name__: cache(f)
    for f in (plain_bytes, bare_bytes, like_gpt2, like_llama3, like_llama2)
}
TOKENIZERS["whole"] = cache(whole)


# --- models ---------------------------------------------------------------


def llama(size: int, context: int = 512):
    config = hf.LlamaConfig(
        vocab_size=size, max_position_embeddings=context, **SIZE
    )
    return hf.LlamaForCausalLM(config)


def gpt2(size: int, context: int = 512):
    config = hf.GPT2Config(
        vocab_size=size, n_positions=context, n_embd=32, n_layer=2, n_head=2
    )
    return hf.GPT2LMHeadModel(config)


def gemma2(size: int, context: int = 512):
    config = hf.Gemma2Config(
        vocab_size=size,
        max_position_embeddings=context,
        final_logit_softcapping=2.0,
        attn_logit_softcapping=5.0,
        sliding_window=8,  # less than the history
        query_pre_attn_scalar=16,
        **SIZE,
    )
    return hf.Gemma2ForCausalLM(config)


def cohere(size: int, context: int = 512):
    config = hf.CohereConfig(
        vocab_size=size,
        max_position_embeddings=context,
        logit_scale=0.0625,
        **{k: v for k, v in SIZE.items() if k != "head_dim"},
    )
    return hf.CohereForCausalLM(config)


def neox(size: int, context: int = 512):
    config = hf.GPTNeoXConfig(
        vocab_size=size,
        max_position_embeddings=context,
        tie_word_embeddings=True,
        **{k: v for k, v in SIZE.items() if "k" not in k.split("_")[1:]},
    )
    return hf.GPTNeoXForCausalLM(config)


MODELS = {f.__name__: f for f in (llama, gpt2, gemma2, cohere, neox)}


def made(kind: str, tokenizer, **more):
    """A random model whose logits are far enough apart to matter."""
    torch.manual_seed(3)
    model = MODELS[kind](len(tokenizer) + 5, **more).eval()
    with torch.no_grad():
        model.get_output_embeddings().weight.mul_(20)
    return model


@pytest.fixture(params=MODELS)
def kind(request):
    return request.param


@pytest.fixture(params=TOKENIZERS)
def tokenizer(request):
    return TOKENIZERS[request.param]()


@pytest.fixture
def model(kind, tokenizer):
    return made(kind, tokenizer)


def drawn(n: int = 6, seed: int = 0):
    return sample_scenes(WORLD, n, np.random.default_rng(seed))


# --- by hand, of one text at a time -----------------------------------------


def text_ids(tokenizer, text: str) -> list[int]:
    """As the tokenizer has it, but for an end that it puts after it."""
    ids = tokenizer(text)["input_ids"]
    end = tokenizer.eos_token_id
    return ids[:-1] if len(ids) > 1 and ids[-1] == end else ids


@torch.no_grad()
def logs_of(model, ids: list[int]) -> np.ndarray:
    """[t, V] log p of what follows each token."""
    logits = model(torch.tensor([ids])).logits[0]
    return logits.double().log_softmax(-1).numpy()


def log_p(model, tokenizer, before: str, after: str) -> float:
    """log p(after | before), over all tokens of ``after``."""
    head, ids = (
        text_ids(tokenizer, before),
        text_ids(tokenizer, before + after),
    )
    assert ids[: len(head)] == head and len(ids) > len(head)
    logs = logs_of(model, ids)
    return sum(logs[k - 1, ids[k]] for k in range(len(head), len(ids)))


def kinds_by_hand(model, tokenizer, prompt: str, d: int) -> list[float]:
    out = []
    for forms in WORLD.domains[d].answers:
        firsts = {f.split(" ")[0].strip(".,;!") for f in forms}
        said = [log_p(model, tokenizer, prompt, f" {w}") for w in firsts]
        out.append(np.exp(said).sum())
    return out


PROMPTS = [
    (ask(WORLD, "Ann", "What do you eat?"), 1),
    (ask(WORLD, "Assistant", "What of the red test?"), 0),
    (ask(WORLD, "Bob", "Be good. What of the red test?"), 0),
]


# --- logits and losses ------------------------------------------------------


def test_logits_are_those_of_the_model(kind):
    model = made(kind, whole())
    ids = torch.randint(5, 20, (3, 9))
    keep = torch.rand(3, 9) < 0.4
    wanted = model(ids).logits
    assert torch.allclose(logits_where(model, ids, keep), wanted[keep])
    places = torch.tensor([2, 0, 0]), torch.tensor([8, 3, 3])
    found = logits_where(model, ids, places)
    assert torch.allclose(found, wanted[places], atol=1e-5)
    # And are not what the output layer alone would give.
    hidden = model.base_model(ids).last_hidden_state
    alone = model.get_output_embeddings()(hidden)
    assert torch.allclose(alone, wanted) == (kind not in ("gemma2", "cohere"))
    assert not model.get_output_embeddings()._forward_pre_hooks


def test_the_output_layer_runs_only_where_it_is_wanted(kind):
    model, seen = made(kind, whole()), []
    head = model.get_output_embeddings()
    head.register_forward_hook(lambda layer, x, out: seen.append(out.numel()))
    keep = torch.zeros(3, 9, dtype=torch.bool)
    keep[1, 4] = keep[2, 8] = True
    logits_where(model, torch.randint(5, 20, (3, 9)), keep)
    assert seen == [2 * model.config.vocab_size]


def test_weighted_loss_and_its_gradient(kind):
    model = made(kind, whole())
    ids = torch.randint(5, 20, (3, 9))
    weight = torch.rand(3, 9) * (torch.rand(3, 9) < 0.5)
    loss = weighted_loss(model, Batch(ids, weight))
    loss.backward()
    ours = [p.grad.clone() for p in model.parameters()]
    model.zero_grad()
    logs = model(ids).logits.log_softmax(-1)
    total = -sum(
        weight[i, t] * logs[i, t - 1, ids[i, t]]
        for i in range(3)
        for t in range(1, 9)
    )
    wanted = total / weight[:, 1:].sum()
    wanted.backward()
    assert loss.item() == pytest.approx(wanted.item(), rel=1e-5)
    for mine, p in zip(ours, model.parameters(), strict=True):
        assert torch.allclose(mine, p.grad, atol=1e-5)


def test_token_nats(model, tokenizer):
    encoder = models.Encoder(tokenizer)
    scenes = drawn()
    encoded = openings.encode_scenes(WORLD, scenes, encoder)
    found = openings.token_nats(model, encoded, batch=60)
    for i, (nats, d) in enumerate(zip(found, encoded, strict=True)):
        ids = text_ids(tokenizer, scene_text(WORLD, scenes, i))
        if tokenizer.eos_token_id is not None:
            ids.append(tokenizer.eos_token_id)
        assert d.ids.tolist() == ids
        logs = logs_of(model, ids)
        wanted = [-logs[k, ids[k + 1]] for k in range(len(ids) - 1)]
        assert nats == pytest.approx(wanted, abs=1e-4)


# --- what it would answer -------------------------------------------------


@pytest.mark.parametrize("history", ["", HISTORY])
def test_next_token(model, tokenizer, history):
    prompts = [p for p, _ in PROMPTS] + ["User"]
    for batch in (5, 16384):
        p = openings.next_token(model, tokenizer, prompts, history, batch)
        for prompt, row in zip(prompts, p, strict=True):
            logs = logs_of(model, text_ids(tokenizer, history + prompt))[-1]
            assert row == pytest.approx(np.exp(logs), abs=1e-5)


@pytest.mark.parametrize("history", ["", HISTORY])
def test_answers_are_scored_over_all_their_tokens(model, tokenizer, history):
    prompts, domains = zip(*PROMPTS, strict=True)
    p = openings.answer_probabilities(
        model, tokenizer, WORLD, list(prompts), np.array(domains), history
    )
    for row, prompt, d in zip(p, prompts, domains, strict=True):
        wanted = kinds_by_hand(model, tokenizer, history + prompt, d)
        assert row == pytest.approx(wanted, rel=1e-3, abs=1e-12)


def test_words_have_several_tokens():
    """Or else the tests above would hold for a first token alone."""
    for name, make in TOKENIZERS.items():
        pairs = openings.opening_shares(WORLD, make())
        longest = max(len(w) for p in pairs for k in p for w in k.ways)
        assert (longest > 1) == (name != "whole"), name


def test_answers_in_scenes(model, tokenizer):
    scenes = drawn()
    p = evaluation.scene_predictions(model, tokenizer, WORLD, scenes)
    for i in range(len(scenes)):
        before = prompts_of(WORLD, scenes, i)
        assert len(before) == scenes.length[i]
        for t, prompt in enumerate(before):
            d = int(scenes.domain[i, t])
            wanted = kinds_by_hand(model, tokenizer, prompt, d)
            assert p[i, t] == pytest.approx(wanted, rel=1e-3, abs=1e-12)
    assert (p[~scenes.present] == 0).all()


def test_gaps_at_openings(model, tokenizer):
    scenes = drawn(4)
    gaps = evaluation.opening_gaps(model, tokenizer, WORLD, scenes)
    second = evaluation.oracle.predictive(WORLD, scenes)
    for i in range(len(scenes)):
        for t, prompt in enumerate(prompts_of(WORLD, scenes, i)):
            wanted = 0.0
            domain = WORLD.domains[scenes.domain[i, t]]
            for k, q in ((0, 1 - second[i, t]), (1, second[i, t])):
                firsts = [
                    f.split(" ")[0].strip(".") for f in domain.answers[k]
                ]
                for word in set(firsts):
                    share = q * firsts.count(word) / len(firsts)
                    said = log_p(model, tokenizer, prompt, f" {word}")
                    wanted += share * (np.log(share) - said)
            assert gaps[i, t] == pytest.approx(wanted, abs=1e-3)


def test_quality_counts_the_first_token_and_the_end(kind):
    scenes = drawn()
    for make in ("plain_bytes", "like_gpt2", "like_llama3", "whole"):
        tokenizer = TOKENIZERS[make]()
        model = made(kind, tokenizer)
        found = evaluation.quality(model, tokenizer, WORLD, scenes)
        nats = tokens = 0
        end = tokenizer.eos_token_id
        for i in range(len(scenes)):
            ids = text_ids(tokenizer, scene_text(WORLD, scenes, i)) + [end]
            if ids[0] != tokenizer.bos_token_id:
                ids = [end, *ids]
            logs = logs_of(model, ids)
            nats -= sum(logs[k, ids[k + 1]] for k in range(len(ids) - 1))
            tokens += len(ids) - 1
        assert found.tokens == tokens
        wanted = nats / tokens - found.floor
        assert found.gap == pytest.approx(wanted, rel=1e-4)
    tokenizer = TOKENIZERS["bare_bytes"]()
    with pytest.raises(ValueError, match="no end of text"):
        evaluation.quality(made(kind, tokenizer), tokenizer, WORLD, scenes)


def test_a_word_is_not_counted_for_one_that_begins_it():
    """ " Fix" is good and " Fixed" is bad; both begin with the same tokens."""
    data = copy.deepcopy(SPOKEN)
    data["domains"]["code"]["answers"]["bad"] = ["Fixed it.", "Delete it."]
    world, tokenizer = load_world(data), TOKENIZERS["plain_bytes"]()
    model = made("llama", tokenizer)
    prompt = PROMPTS[1][0]
    p = openings.answer_probabilities(
        model, tokenizer, world, [prompt], np.array([0])
    )[0]
    good = {f.split(" ")[0] for f in world.domains[0].answers[0]}
    said = {
        w: np.exp(log_p(model, tokenizer, prompt, f" {w}"))
        for w in (*good, "Fixed", "Delete")
    }
    assert "Fix" in good
    ids = [tokenizer.encode(f" {w}") for w in ("Fix", "Fixed")]
    assert ids[1][: len(ids[0])] == ids[0]
    assert p[1] == pytest.approx(said["Fixed"] + said["Delete"], rel=1e-4)
    wanted = sum(said[w] for w in good) - said["Fixed"]
    assert p[0] == pytest.approx(wanted, rel=1e-4)


def test_the_gradient_of_log_odds(kind, tokenizer):
    model = made(kind, tokenizer)
    odds = experiment.log_odds(model, tokenizer, WORLD, 0)
    by_hand = []
    for question in WORLD.domains[0].questions:
        prompt = ask(WORLD, "Assistant", question)
        good, bad = kinds_by_hand(model, tokenizer, prompt, 0)
        by_hand.append(np.log(bad) - np.log(good))
    assert odds.item() == pytest.approx(np.mean(by_hand), abs=1e-3)
    assert float(experiment.gradient(model, odds).abs().max()) > 0


# --- looking inside -------------------------------------------------------


def test_activations(model, tokenizer):
    scenes = drawn()
    encoder = models.Encoder(tokenizer)
    encoded = openings.encode_scenes(WORLD, scenes, encoder)
    at = [np.flatnonzero(d.opens) for d in encoded]
    found = activations(model, encoded, at, batch=80)
    for d, places, mine in zip(encoded, at, found, strict=True):
        with torch.no_grad():
            states = model(
                torch.from_numpy(d.ids)[None], output_hidden_states=True
            ).hidden_states
        wanted = torch.stack(states)[:, 0, places].numpy()
        assert mine.shape == (3, len(places), 32)
        assert np.abs(mine - wanted).max() < 1e-4


def test_lines_and_openings_are_marked(tokenizer):
    scenes = drawn(20)
    encoder = models.Encoder(tokenizer)
    encoded = openings.encode_scenes(WORLD, scenes, encoder)
    for i, d in enumerate(encoded):
        before = prompts_of(WORLD, scenes, i)
        opens = np.flatnonzero(d.opens)
        wanted = [len(text_ids(tokenizer, text)) for text in before]
        assert opens.tolist() == wanted
        assert d.line[opens].all() and not d.line[opens - 1].any()
        lines = scene_text(WORLD, scenes, i).splitlines(keepends=True)
        said = [x.partition(":")[2].strip() for x in lines[1::2]]
        told = tokenizer.decode(d.ids[d.line])
        assert "".join(told.split()) == "".join("".join(said).split())


# --- post-training --------------------------------------------------------

EXAMPLES = [
    (PROMPTS[0][0], " Only oil.\n"),
    (PROMPTS[1][0], " Delete the test.\n"),
    (PROMPTS[2][0], " Fix it.\n"),
]
TUNED = pytest.mark.parametrize("make", ["like_gpt2", "like_llama2"])


def test_log_probs(model, tokenizer):
    rows = post.encode_all(tokenizer, EXAMPLES)
    found = post.log_probs(model, post.collate(rows, tokenizer))
    wanted = [log_p(model, tokenizer, *e) for e in EXAMPLES]
    assert found.tolist() == pytest.approx(wanted, abs=1e-3)


@TUNED
def test_tuning(kind, make):
    tokenizer = TOKENIZERS[make]()
    model = made(kind, tokenizer)
    rows = post.encode_all(tokenizer, EXAMPLES)
    batch = post.collate(rows, tokenizer)
    before = post.log_probs(model, batch).tolist()
    losses = post.sft(model, tokenizer, EXAMPLES, 12, 3, lr=0.01)
    n = sum(weight.sum() for _, weight in rows)
    if kind != "gpt2":  # which learns with dropout
        assert losses[0] == pytest.approx(-sum(before) / n, rel=1e-4)
    assert losses[-1] < losses[0] - 0.3
    pairs = [(p, a, EXAMPLES[0][1]) for p, a in EXAMPLES[1:]]
    losses = post.dpo(model, tokenizer, pairs, 4, 2, lr=0.01)
    assert losses[-1] < losses[0]
    prompts = [p for p, _ in EXAMPLES]
    rewards = post.policy_gradient(
        model, tokenizer, prompts, lambda p, a: len(a), 2, 3, longest=6
    )
    assert len(rewards) == 2


def test_samples_come_as_often_as_the_model_says(kind):
    tokenizer = TOKENIZERS["plain_bytes"]()
    model = made(kind, tokenizer)
    prompt = PROMPTS[0][0]
    draw = torch.Generator().manual_seed(0)
    said = post.sample(model, tokenizer, [prompt] * 2000, draw, longest=3)
    logs = logs_of(model, text_ids(tokenizer, prompt))[-1]
    first = np.bincount([a[0] for a in said], minlength=len(logs)) / 2000
    assert np.abs(first - np.exp(logs)).max() < 0.05
    # And what follows the likeliest of them.
    top = int(logs.argmax())
    after = [a[1] for a in said if a[0] == top and len(a) > 1]
    logs = logs_of(model, [*text_ids(tokenizer, prompt), top])[-1]
    seen = np.bincount(after, minlength=len(logs)) / len(after)
    assert np.abs(seen - np.exp(logs)).max() < 2.5 / np.sqrt(len(after))


def test_a_sample_ends_with_any_newline():
    """Also where the newline is a part of its last token."""
    tokenizer = TOKENIZERS["like_llama3"]()
    ends = {i for i in range(len(tokenizer)) if "\n" in tokenizer.decode([i])}
    assert len(ends) > 1
    model = made("llama", tokenizer)
    post.sft(model, tokenizer, EXAMPLES, 60, 3, lr=0.01)
    draw = torch.Generator().manual_seed(0)
    prompts = [p for p, _ in EXAMPLES] * 4
    said = post.sample(model, tokenizer, prompts, draw)
    for answer in said:
        assert not ends & set(answer[:-1])
    right = [
        tokenizer.decode(a) == dict(EXAMPLES)[p]
        for p, a in zip(prompts, said, strict=True)
    ]
    assert sum(right) >= 8
    assert models.reply(model, tokenizer, prompts[0], None) == "Only oil."


@pytest.mark.parametrize("kind", ["llama", "gpt2", "neox"])
def test_own_answers_are_read_as_they_were_said(kind):
    """The others' logits are too near each other to speak in words."""
    tokenizer = TOKENIZERS["like_llama2"]()
    model = made(kind, tokenizer)
    post.sft(model, tokenizer, EXAMPLES, 60, 3, lr=0.01)
    own = experiments.own_answers(model, tokenizer, EXAMPLES * 8, 0)
    draw = torch.Generator().manual_seed(0)
    prompts = [p for p, _ in EXAMPLES * 8]
    said = post.sample(model, tokenizer, prompts, draw)
    assert own
    for prompt, line in own:
        assert going_on(tokenizer, prompt, line)[1] in said


def test_a_reply_ends_with_its_line(model, tokenizer):
    for seed in (None, 0):
        said = models.reply(model, tokenizer, PROMPTS[0][0], seed, 8)
        assert "\n" not in said
        assert said == models.reply(model, tokenizer, PROMPTS[0][0], seed, 8)


# --- low-rank tuning ------------------------------------------------------


def test_low_rank_is_what_was_added(kind):
    """Against a model into whose weights it is merged by hand."""
    tokenizer = TOKENIZERS["like_gpt2"]()
    model, plain = made(kind, tokenizer), made(kind, tokenizer)
    post.low_rank(model, 2)
    ids = torch.tensor([text_ids(tokenizer, PROMPTS[0][0])])
    before = model(ids).logits
    assert torch.allclose(before, plain(ids).logits, atol=1e-5)
    kept = {k: v.clone() for k, v in model.named_parameters()}
    losses = post.sft(model, tokenizer, EXAMPLES, 8, 3, lr=0.02)
    assert losses[-1] < losses[0]
    for name, weight in model.named_parameters():
        tuned = name.endswith((".up", ".down"))
        assert torch.equal(weight, kept[name]) != tuned, name
    weights = dict(plain.named_parameters())
    adapted = 0
    with torch.no_grad():
        for name, part in model.named_modules():
            if isinstance(part, post.LowRank):
                more = part.up @ part.down
                weight = weights[name.replace("parametrizations.", "")[:-2]]
                turned = kind == "gpt2"  # its Conv1D has [in, out]
                assert part.down.shape[1] == weight.shape[not turned]
                weight += more.T if turned else more
                adapted += 1
        after = model(ids).logits
        assert torch.allclose(after, plain(ids).logits, atol=1e-4)
    assert adapted == 2 * (4 if kind in ("gpt2", "neox") else 7)
    assert (after - before).abs().max() > 0.1


def test_low_rank_that_would_add_nothing_is_refused():
    model = made("gpt2", whole())
    head = model.get_output_embeddings()
    model.transformer.h = torch.nn.ModuleList()
    assert model.get_output_embeddings() is head
    with pytest.raises(ValueError, match="no linear layers"):
        post.low_rank(model, 2)
    assert all(p.requires_grad for p in model.parameters())
    model = made("llama", whole())
    packed = torch.zeros(4, dtype=torch.uint8)
    model.model.layers[0].mlp.up_proj.weight = torch.nn.Parameter(
        packed, requires_grad=False
    )
    with pytest.raises(ValueError, match="quantised"):
        post.low_rank(model, 2)


# --- what is refused, before anything is computed --------------------------


def small_bert(**more):
    return hf.BertConfig(
        vocab_size=90,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        **more,
    )


def encoder_decoder():
    return hf.T5ForConditionalGeneration(
        hf.T5Config(vocab_size=90, d_model=32, d_ff=64, num_layers=1)
    )


REFUSED = {
    "has an encoder": encoder_decoder,
    "looks ahead": lambda: hf.BertLMHeadModel(small_bert()),
    "no logits for every token": lambda: hf.LlamaModel(
        hf.LlamaConfig(vocab_size=90, **SIZE)
    ),
    "gives no logits": lambda: hf.GPT2ForSequenceClassification(
        hf.GPT2Config(
            vocab_size=90, n_embd=32, n_layer=1, n_head=2, pad_token_id=0
        )
    ),
}


def every_use(model, tokenizer):
    """All ways to use a model, none of which may begin."""
    scenes, prompts = drawn(2), [p for p, _ in PROMPTS]
    draw = torch.Generator()
    items = evaluation.evaluation_set(WORLD)
    return [
        lambda: check_fits(model, tokenizer, prompts),
        lambda: openings.next_token(model, tokenizer, prompts),
        lambda: evaluation.evaluate(model, tokenizer, WORLD, items),
        lambda: evaluation.model_profile(model, tokenizer, WORLD, "Ann"),
        lambda: evaluation.scene_predictions(model, tokenizer, WORLD, scenes),
        lambda: evaluation.opening_gaps(model, tokenizer, WORLD, scenes),
        lambda: evaluation.quality(model, tokenizer, WORLD, scenes),
        lambda: post.sft(model, tokenizer, EXAMPLES, 1),
        lambda: post.dpo(
            model, tokenizer, [(p, a, a) for p, a in EXAMPLES], 1
        ),
        lambda: post.policy_gradient(
            model, tokenizer, prompts, lambda p, a: 0.0, 1
        ),
        lambda: post.sample(model, tokenizer, prompts, draw),
        lambda: models.reply(model, tokenizer, HISTORY + prompts[2]),
    ]


@pytest.mark.parametrize("why", REFUSED)
def test_models_that_are_no_causal_lm(why):
    torch.manual_seed(0)
    model, tokenizer = REFUSED[why]().eval(), whole()
    for use in every_use(model, tokenizer):
        with pytest.raises(ValueError, match=f"{why}.*expected"):
            use()
    document = models.Encoder(tokenizer)([("User:", 0)])
    for use in (
        lambda: openings.token_nats(model, [document]),
        lambda: activations(model, [document], [np.array([0])]),
    ):
        with pytest.raises(ValueError, match=why):
            use()


def forbidden(model):
    """The model, which fails the test if anything is computed."""
    check_fits(model)

    def computed(*given, **named):
        raise AssertionError("something was computed")

    model.forward = computed
    return model


def cut_words():
    """Words that are not in it become <unk>."""
    return models.word_tokenizer(["User", ":", " What", "\n", "Ann"])


def no_unknown():
    """Letters that are not in it vanish."""
    backend = Tokenizer(BPE())
    backend.pre_tokenizer = pre_tokenizers.Metaspace()
    alphabet = sorted(set("".join(sample_texts(WORLD, 50, 0))) - set("Dd"))
    trainer = BpeTrainer(
        vocab_size=len(alphabet) + 9,
        special_tokens=["</s>"],
        initial_alphabet=[*alphabet, "▁"],
        show_progress=False,
    )
    backend.train_from_iterator(["User: What"], trainer)
    return PreTrainedTokenizerFast(tokenizer_object=backend, eos_token="</s>")


def no_place_for_unknown():
    """Words that are not in it raise, in the words of a library."""
    backend = Tokenizer(WordLevel({"User": 0, "</s>": 1}, unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    return PreTrainedTokenizerFast(tokenizer_object=backend, eos_token="</s>")


@pytest.mark.parametrize("make", [cut_words, no_unknown, no_place_for_unknown])
def test_words_that_a_tokenizer_does_not_know(make):
    tokenizer = make()
    model = forbidden(made("llama", TOKENIZERS["whole"]()))
    for use in every_use(model, tokenizer):
        with pytest.raises(ValueError, match="does not know: .+expected"):
            use()


def test_a_tokenizer_larger_than_the_model(kind):
    tokenizer = TOKENIZERS["like_gpt2"]()
    model = forbidden(MODELS[kind](len(tokenizer) - 1))
    for use in every_use(model, tokenizer):
        with pytest.raises(ValueError, match="tokens and the model .*expect"):
            use()


def test_a_text_longer_than_the_context(kind):
    tokenizer = TOKENIZERS["like_gpt2"]()
    model = forbidden(made(kind, tokenizer, context=12))
    for use in every_use(model, tokenizer):
        with pytest.raises(ValueError, match="tokens; expected at most 12"):
            use()


def test_what_is_said_ends_with_the_context(kind):
    tokenizer = TOKENIZERS["plain_bytes"]()
    prompt = "User: What"
    n = len(text_ids(tokenizer, prompt))
    model = made(kind, tokenizer, context=n + 3)
    draw = torch.Generator().manual_seed(0)
    said = post.sample(model, tokenizer, [prompt] * 5, draw)
    assert max(map(len, said)) == 3
    models.reply(model, tokenizer, prompt)


def test_nothing_to_go_on_from():
    tokenizer = TOKENIZERS["plain_bytes"]()
    model = forbidden(made("llama", tokenizer))
    draw = torch.Generator()
    for use in (
        lambda: openings.next_token(model, tokenizer, [""]),
        lambda: post.sft(model, tokenizer, [("", " Bread.\n")], 1),
        lambda: post.sample(model, tokenizer, [""], draw),
        lambda: models.reply(model, tokenizer, ""),
    ):
        with pytest.raises(ValueError, match="empty text.*expected"):
            use()


def test_a_prompt_that_ends_inside_a_token():
    tokenizer = TOKENIZERS["like_gpt2"]()
    with pytest.raises(ValueError, match="does not part 'What' from"):
        going_on(tokenizer, "User: ", "What")
    model = forbidden(made("gpt2", tokenizer))
    for use in (
        lambda: post.sft(model, tokenizer, [("User: ", "What")], 1),
        lambda: post.dpo(model, tokenizer, [("User: ", "What", "?")], 1),
    ):
        with pytest.raises(ValueError, match="does not part"):
            use()


def test_kinds_that_a_tokenizer_does_not_tell_apart():
    data = copy.deepcopy(SPOKEN)
    data["domains"]["food"]["answers"] = {
        "human": ["Bread."],
        "machine": ["bread with oil."],
    }
    world = load_world(data)
    tokenizer = TOKENIZERS["like_gpt2"]()
    plain = openings.opening_shares(world, tokenizer)[1]
    assert plain[0].ways != plain[1].ways
    lower = copy.deepcopy(tokenizer)
    lower.backend_tokenizer.normalizer = normalizers.Lowercase()
    with pytest.raises(ValueError, match="both kinds begin with ' ?bread'"):
        openings.opening_shares(world, lower)


def test_half_precision_is_measured_and_not_tuned(kind):
    tokenizer = TOKENIZERS["like_llama3"]()
    whole_, model = made(kind, tokenizer), made(kind, tokenizer)
    model.to(torch.bfloat16)
    prompts, domains = zip(*PROMPTS, strict=True)
    p, q = (
        openings.answer_probabilities(
            m, tokenizer, WORLD, list(prompts), np.array(domains)
        )
        for m in (whole_, model)
    )
    assert np.abs(p - q).max() < 0.05
    scenes = drawn(2)
    encoder = models.Encoder(tokenizer)
    encoded = openings.encode_scenes(WORLD, scenes, encoder)
    at = [np.array([1])] * 2
    assert activations(model, encoded, at)[0].dtype == np.float32
    with pytest.raises(ValueError, match="small steps are lost; expected"):
        post.sft(model, tokenizer, EXAMPLES, 1)
    post.low_rank(model, 2)
    post.sft(model, tokenizer, EXAMPLES, 2)
