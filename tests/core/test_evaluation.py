"""What a model says: read off a model that is exact, so that we know."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from worlds import all_scenes, all_stories, story, tiny

from psm_lib import narration, oracle
from psm_lib.chapters.ch02_hamlet import stories as stories_
from psm_lib.chapters.ch02_hamlet.stories import place_probabilities
from psm_lib.evaluation import (
    borrowed_history,
    encode_stories,
    joint_answers,
    last_exchange,
    model_profile,
    opening_gaps,
    p_second,
    quality,
    scene_predictions,
    story_quality,
)
from psm_lib.intervals import (
    calibration,
    correlation,
    difference,
    grouped_interval,
    interval,
)
from psm_lib.machinery.making import evaluator
from psm_lib.machinery.openings import (
    answer_probabilities,
    encode_scenes,
    next_token,
    opening_shares,
    token_nats,
)
from psm_lib.models import (
    Encoder,
    Shape,
    new_model,
    word_tokenizer,
    world_vocabulary,
)
from psm_lib.oracle import implied_posterior
from psm_lib.world import (
    FRAME,
    Persona,
    World,
    ask,
    histories,
    sample_scenes,
    scene_pieces,
    scene_text,
)
from psm_lib.worldfile import load_world


class ExactModel:
    """Speaks like a network; its logits come from counting all documents.

    ``documents`` are token ids of every document there is, ``p`` [n] their
    probabilities.
    """

    device = torch.device("cpu")

    def __init__(self, tokenizer, documents: list, p: np.ndarray):
        self.config = SimpleNamespace(
            pad_token_id=tokenizer.pad_token_id, vocab_size=len(tokenizer)
        )
        self.tree: dict = {}
        for ids, share in zip(documents, p, strict=True):
            node = self.tree
            for token in ids:
                mass, rest = node.get(token, (0.0, {}))
                node[token] = (mass + share, rest)
                node = rest

    def row(self, ids: list[int]) -> list:
        out, node = [], self.tree
        for token in ids:
            node = node.get(token, (0.0, {}))[1]
            p = torch.zeros(self.config.vocab_size, dtype=torch.double)
            for following, (mass, _) in node.items():
                p[following] = mass
            known = node and p.sum() > 0
            out.append((p / p.sum()).log() if known else p)
        return out

    def __call__(self, input_ids, use_cache=None):
        rows = [torch.stack(self.row(r)) for r in input_ids.tolist()]
        return SimpleNamespace(logits=torch.stack(rows))

    def get_input_embeddings(self):
        return SimpleNamespace(weight=torch.zeros(self.config.vocab_size, 1))

    def get_output_embeddings(self):
        return None


def exact(data: dict, reader: World | None = None) -> tuple:
    """A world, its tokenizer, and the model of one who knows the world.

    ``reader`` is whose probabilities the model has, if not the world's own.
    """
    world, scenes = load_world(data), all_scenes(data)
    tokenizer = word_tokenizer(world_vocabulary(world))
    encoded = encode_scenes(world, scenes, Encoder(tokenizer))
    p = np.exp(-oracle.document_nats(reader or world, scenes))
    assert p.sum() == pytest.approx(1)
    documents = [d.ids.tolist() for d in encoded]
    return world, tokenizer, ExactModel(tokenizer, documents, p)


def drawn(world: World, n: int = 60, seed: int = 0, **fixed):
    return sample_scenes(world, n, np.random.default_rng(seed), **fixed)


def spoken() -> dict:
    """The tiny world, scenes only."""
    return tiny() | {"documents": {"scene": 1.0}}


def plain() -> dict:
    """The tiny world without requests and remarks, and longer scenes."""
    data = spoken() | {"scene": {"exchanges": [1, 4]}}
    data["prefixes"]["share"] = {"none": 1.0}
    return data


def average(world: World) -> World:
    """A world whose only persona does what all do on average."""
    speaks = world.cast_share @ world.cast_mixture
    one = Persona(
        "all",
        "",
        1.0,
        tuple(speaks @ world.propensity),
        float(speaks @ world.complies),
    )
    certain = np.ones((len(world.names), 1))
    return replace(world, personas=(one,), cast_mixture=certain)


@pytest.fixture(scope="module")
def knows():
    return exact(spoken())


@pytest.fixture(scope="module")
def long():
    return exact(plain())


@pytest.fixture(scope="module")
def network():
    world = load_world(spoken())
    tokenizer = word_tokenizer(world_vocabulary(world))
    shape = Shape(layers=2, width=32, heads=2, context=128)
    return world, tokenizer, new_model(tokenizer, shape, seed=0)


# --- quality --------------------------------------------------------------


def test_the_exact_reader_captures_everything(knows):
    world, tokenizer, model = knows
    found = quality(model, tokenizer, world, drawn(world))
    assert found.gap == pytest.approx(0, abs=1e-9)
    assert found.gap_deciding == pytest.approx(0, abs=1e-9)
    assert found.captured == pytest.approx(1, abs=1e-7)
    assert found.gap_domain > 0.03 and found.floor > 0.1


def test_who_knows_only_the_domain_captures_nothing(knows):
    world, *_ = knows
    _, tokenizer, model = exact(spoken(), average(world))
    found = quality(model, tokenizer, world, drawn(world))
    assert found.gap_deciding == pytest.approx(found.gap_domain, abs=1e-9)
    assert found.captured == pytest.approx(0, abs=1e-7)
    assert found.gap > 0.002


def test_an_untrained_network_captures_less_than_nothing(network):
    world, tokenizer, model = network
    found = quality(model, tokenizer, world, drawn(world))
    assert found.captured < -1 and found.gap > 1


def test_quality_by_hand(knows):
    world, tokenizer, model = knows
    scenes = drawn(world, 20, seed=3)
    found = quality(model, tokenizer, world, scenes)
    tokens = [
        len(tokenizer(scene_text(world, scenes, i))["input_ids"])
        for i in range(20)
    ]
    # Every token but <s> is predicted, </s> too.
    assert found.tokens == sum(tokens)
    nats = oracle.document_nats(world, scenes).sum()
    assert found.floor == pytest.approx(nats / sum(tokens))


def test_a_world_with_sheets_is_measured_on_its_scenes():
    world, tokenizer, model = exact(tiny())
    found = evaluator(world, tokenizer, n=60)(model)
    assert found["gap"] == pytest.approx(0, abs=1e-9)
    assert found["captured"] == pytest.approx(1, abs=1e-7)


def alike() -> dict:
    """The tiny world, with two wordings that begin with the same word."""
    data = spoken()
    forms = ["Fix it.", "Fix the cause.", "Repair it."]
    data["domains"]["code"]["answers"]["good"] = forms
    return data


def test_opening_gaps_of_an_exact_reader_are_zero():
    """Also where wordings begin alike: the first word is then likelier."""
    world, tokenizer, model = exact(alike())
    gaps = opening_gaps(model, tokenizer, world, drawn(world))
    assert np.abs(gaps).max() < 1e-9


def test_opening_gaps_by_hand(network):
    """A sum over all that could be said, one word at a time."""
    world, tokenizer, model = network
    scenes = drawn(world, 12, seed=4)
    gaps = opening_gaps(model, tokenizer, world, scenes)
    second = oracle.predictive(world, scenes)
    for i in range(12):
        for t in range(int(scenes.length[i])):
            domain = world.domains[scenes.domain[i, t]]
            lines = scene_text(world, scenes, i).splitlines(keepends=True)
            name = world.names[scenes.name[i]]
            prompt = "".join(lines[: 2 * t + 1]) + f"{name}:"
            p = next_token(model, tokenizer, [prompt])[0]
            wanted = 0.0
            for kind, share in ((0, 1 - second[i, t]), (1, second[i, t])):
                firsts = [f" {a}".split(" ")[1] for a in domain.answers[kind]]
                for word in set(firsts):
                    q = share * firsts.count(word) / len(firsts)
                    token = tokenizer.convert_tokens_to_ids(
                        f" {word}".rstrip(".,;!")
                    )
                    wanted += q * np.log(q / p[token])
            assert gaps[i, t] == pytest.approx(wanted, abs=1e-4)
    assert not gaps[~scenes.present].any()


def test_token_nats(network):
    world, tokenizer, model = network
    encoded = encode_scenes(world, drawn(world, 20), Encoder(tokenizer))
    one = token_nats(model, encoded)
    few = token_nats(model, encoded, batch=50)
    for d, a, b in zip(encoded, one, few, strict=True):
        ids = torch.from_numpy(d.ids)[None]
        with torch.no_grad():
            loss = model(input_ids=ids, labels=ids).loss.item()
        assert len(a) == len(d.ids) - 1
        assert a.mean() == pytest.approx(loss, abs=1e-5)
        assert np.abs(a - b).max() < 1e-4


# --- narrated scenes ------------------------------------------------------


class Naive(narration.Stories):
    """Characters who all know the fact."""

    @property
    def belief(self):
        return self.fact


def narrated(doubt: float) -> tuple:
    """A model that takes characters for all-knowing, with P = doubt."""
    world = load_world(story())
    tokenizer = word_tokenizer(world_vocabulary(world))
    encoder = Encoder(tokenizer)
    stories = all_stories(world.narration)
    naive = Naive(**vars(stories))
    p = np.exp(-narration.story_nats(world.narration, stories))
    documents = [
        encoder(
            narration.story_pieces(world.narration, world.user, s, i)
        ).ids.tolist()
        for s in (stories, naive)
        for i in range(len(s))
    ]
    both = np.concatenate([p * (1 - doubt), p * doubt])
    return world, tokenizer, ExactModel(tokenizer, documents, both)


@pytest.mark.parametrize("doubt", [0.0, 0.5])
def test_story_quality(doubt):
    world, tokenizer, model = narrated(doubt)
    rng = np.random.default_rng(1)
    stories = narration.sample_stories(world.narration, 100, rng)
    found = story_quality(model, tokenizer, world, stories)
    wrong = (stories.belief != stories.fact).mean()
    lost = -np.log(1 - doubt)
    assert found["gap_false"] == pytest.approx(lost, abs=1e-6)
    assert found["gap_reply"] == pytest.approx(lost * wrong, abs=1e-6)
    assert found["gap_truth"] == pytest.approx(0, abs=1e-6)
    gap = 100 * lost * wrong / found["tokens"]
    assert found["gap"] == pytest.approx(gap, abs=1e-6)
    nats = narration.story_nats(world.narration, stories).sum()
    assert found["floor"] * found["tokens"] == pytest.approx(nats)


def test_places_that_a_reply_could_name():
    world, tokenizer, model = narrated(0.5)
    rng = np.random.default_rng(2)
    told = narration.sample_stories(world.narration, 40, rng)
    p = place_probabilities(model, tokenizer, world, told)
    expected = np.zeros((40, 3))
    rows = np.arange(40)
    np.add.at(expected, (rows, told.belief), 0.5)
    np.add.at(expected, (rows, told.fact), 0.5)
    assert np.abs(p - expected).max() < 1e-6


def test_moments_of_a_story():
    world = load_world("irony")
    tokenizer = word_tokenizer(world_vocabulary(world))
    rng = np.random.default_rng(3)
    told = narration.sample_stories(world.narration, 40, rng)
    newline = tokenizer.get_vocab()["\n"]
    encoded = encode_stories(world, told, Encoder(tokenizer))
    for i, d in enumerate(encoded):
        lines = tokenizer.decode(d.ids[1:-1]).splitlines(keepends=True)
        at = stories_.moments(d, newline)
        assert len(at) == len(stories_.MOMENTS)
        until = [tokenizer.decode(d.ids[1 : k + 1]) for k in at]
        *ends, before, word, truth = until
        assert ends == ["".join(lines[:k]) for k in (1, 2, 3, 4)]
        name = lines[4].partition(":")[0]
        assert before == ends[-1] + f"{name}:"
        place, fact = (
            world.narration.places[x[i]] for x in (told.belief, told.fact)
        )
        assert f"{word} {place}.\n" == "".join(lines[:5])
        assert f"{truth} {fact}.\n" == "".join(lines[:6])


# --- what it would answer -------------------------------------------------


def test_opening_shares():
    world = load_world(alike())
    tokenizer = word_tokenizer(world_vocabulary(world))
    found = [
        [
            dict(
                zip(
                    tokenizer.convert_ids_to_tokens(kind.tokens),
                    kind.share,
                    strict=True,
                )
            )
            for kind in pair
        ]
        for pair in opening_shares(world, tokenizer)
    ]
    code, food = found
    assert code[0] == pytest.approx({" Fix": 2 / 3, " Repair": 1 / 3})
    assert code[1] == {" Delete": 1.0}
    assert food == [{" Bread": 1.0}, {" Only": 1.0}]


def test_next_token_is_that_of_the_whole_text(network):
    world, tokenizer, model = network
    history = "User: What do you eat?\nAnn: Bread.\n"
    prompts = [
        ask(world, "Ann", "What do you eat?"),
        ask(world, "Assistant", "What of the red test?"),
        "User:",
    ]
    for past in ("", history):
        p = next_token(model, tokenizer, prompts, past)
        small = next_token(model, tokenizer, prompts, past, batch=5)
        assert np.abs(p - small).max() < 1e-6
        for prompt, row in zip(prompts, p, strict=True):
            ids = torch.tensor([tokenizer(past + prompt)["input_ids"]])
            with torch.no_grad():
                whole = model(ids).logits[0, -1].softmax(dim=-1).numpy()
            assert np.abs(row - whole).max() < 1e-6
            assert row.sum() == pytest.approx(1, abs=1e-5)


def test_histories(long):
    world, *_ = long
    scenes = drawn(world, 20)
    for i in range(20):
        parts, text = histories(world, scenes, i), scene_text(world, scenes, i)
        assert parts[0] == "" and parts[-1] == text
        assert len(parts) == scenes.length[i] + 1
        for before, after in zip(parts, parts[1:], strict=False):
            assert after.startswith(before)
            assert after[len(before) :].count("\n") == 2
            assert after[len(before) :].startswith("User:")


def test_a_prompt_is_what_stands_in_a_scene(long):
    world, *_ = long
    scenes = drawn(world, 1, name="Bob", length=1)
    prompt = ask(world, "Bob", world.domains[scenes.domain[0, 0]].questions[0])
    frame = [t for t, role in scene_pieces(world, scenes, 0) if role == FRAME]
    assert prompt == "".join(frame)


def test_scene_predictions_of_the_exact_reader(long):
    world, tokenizer, model = long
    scenes = drawn(world, 40)
    p = scene_predictions(model, tokenizer, world, scenes)
    here = scenes.present
    assert p.shape == (40, 4, 2) and (p[~here] == 0).all()
    assert p[here].sum(axis=-1) == pytest.approx(1, abs=1e-6)
    belief = oracle.predictive(world, scenes)
    assert np.abs(p[..., 1] - belief)[here].max() < 1e-6


def test_scene_predictions_are_answers_to_prompts(network):
    world, tokenizer, model = network
    scenes = drawn(world, 5, prefixes=False)
    p = scene_predictions(model, tokenizer, world, scenes)
    for i in range(5):
        name = world.names[scenes.name[i]]
        before = histories(world, scenes, i)
        for t in range(scenes.length[i]):
            d = scenes.domain[i, t]
            prompt = ask(world, name, world.domains[d].questions[0])
            again = answer_probabilities(
                model, tokenizer, world, [prompt], np.array([d]), before[t]
            )
            assert np.abs(p[i, t] - again[0]).max() < 1e-5


def test_answers_that_are_neither(network):
    """An untrained network mostly says something else."""
    world, tokenizer, model = network
    _, incoherence = model_profile(model, tokenizer, world, "Ann", "", 1)
    assert incoherence.shape == (2,) and (incoherence > 0.5).all()


@pytest.mark.parametrize("name", ["Ann", "Bob", "Assistant"])
def test_profile_of_the_exact_reader(long, name):
    world, tokenizer, model = long
    scenes = drawn(world, 3, name=name, length=3)
    belief = oracle.posterior(world, scenes)
    for i in range(3):
        for t, history in enumerate(histories(world, scenes, i)):
            profile, incoherence = model_profile(
                model, tokenizer, world, name, history, questions=1
            )
            expected = belief[i, t] @ world.propensity
            assert np.abs(profile - expected).max() < 1e-6
            assert np.abs(incoherence).max() < 1e-6


# --- what a history is worth ----------------------------------------------


def test_p_second():
    p = np.array([[0.2, 0.6], [0.0, 0.0], [0.5, 0.0]])
    assert p_second(p).tolist() == pytest.approx([0.75, 0, 0])


def test_last_exchange(long):
    world, *_ = long
    scenes = drawn(world, 10, name="Bob", length=3)
    last = last_exchange(scenes)
    for i in range(10):
        text = scene_text(world, scenes, i)
        assert scene_text(world, last, i) == text[text.rindex("User:") :]


def test_borrowed_history(long):
    world, *_ = long
    scenes = drawn(world, 10, name="Bob", length=3)
    mixed = borrowed_history(scenes)
    for i in range(10):
        text = scene_text(world, scenes, i)
        beginning = histories(world, scenes, i - 1)[2]
        end = text[text.rindex("User:") :]
        assert scene_text(world, mixed, i) == beginning + end
    with pytest.raises(ValueError, match="one name and one length"):
        borrowed_history(drawn(world, 20, name="Bob"))
    with pytest.raises(ValueError, match="one name and one length"):
        borrowed_history(drawn(world, 20, length=2))


# --- implied posterior ----------------------------------------------------


def pairs_of(world: World) -> np.ndarray:
    n = len(world.domains)
    return np.array([(a, b) for a in range(n) for b in range(n)])


def tables_of(world: World, weights, pairs: np.ndarray) -> np.ndarray:
    """[m, 2, 2] joint answers of a mixture of personas, added up plainly."""
    out = np.zeros((len(pairs), 2, 2))
    for w, persona in zip(weights, world.personas, strict=True):
        for m, (a, b) in enumerate(pairs):
            p, q = persona.propensity[a], persona.propensity[b]
            for i in (0, 1):
                for j in (0, 1):
                    first = p if i else 1 - p
                    out[m, i, j] += w * first * (q if j else 1 - q)
    return out


@pytest.mark.parametrize("name", ["tiny", "playhouse"])
@pytest.mark.parametrize("seed", range(3))
def test_a_planted_mixture_is_found(name, seed):
    world = load_world(spoken() if name == "tiny" else name)
    n = len(world.personas)
    planted = np.random.default_rng(seed).dirichlet(np.ones(n))
    pairs = pairs_of(world)
    tables = tables_of(world, planted, pairs)
    weights, residual = implied_posterior(world, tables, pairs)
    assert weights.sum() == pytest.approx(1) and weights.min() >= 0
    assert np.abs(weights - planted).max() < 0.02
    assert -1e-9 < residual < 1e-4


def test_a_single_persona_is_found():
    world, pairs = load_world(spoken()), np.array([[0, 0], [0, 1], [1, 1]])
    tables = tables_of(world, [0, 1, 0], pairs)
    weights, residual = implied_posterior(world, tables, pairs)
    assert weights == pytest.approx([0, 1, 0], abs=0.02)
    assert residual < 1e-4


def test_no_mixture_explains_turning_round():
    """Who always says the opposite of the last answer is no persona."""
    for world in (load_world(spoken()), load_world("playhouse")):
        n = len(world.domains)
        pairs = np.arange(n).repeat(2).reshape(n, 2)
        opposite = np.full((n, 2, 2), 0.5)
        opposite[:, [0, 1], [0, 1]] = 0
        _, residual = implied_posterior(world, opposite, pairs)
        # At best half of the mass lies where the model never goes.
        assert residual >= np.log(2) - 1e-6


def test_no_mixture_explains_one_question_moving_another():
    """Marginals of personas, but no dependence where they would have it."""
    world = load_world(spoken())
    pairs = pairs_of(world)
    tables = tables_of(world, [0.5, 0.5, 0.0], pairs)
    first, second = tables.sum(axis=2), tables.sum(axis=1)
    tables = first[:, :, None] * second[:, None, :]
    _, residual = implied_posterior(world, tables, pairs)
    assert residual > 0.05


def test_certain_personas_give_no_nonsense():
    data = spoken()
    for name, value in (("saint", 0.0), ("cheat", 1.0), ("robot", 0.5)):
        data["personas"][name]["propensity"] = {"moral": value, "self": 0.0}
    world = load_world(data)
    pairs = np.array([[0, 0], [0, 1]])
    tables = tables_of(world, [0.3, 0.5, 0.2], pairs)
    weights, residual = implied_posterior(world, tables, pairs)
    assert weights == pytest.approx([0.3, 0.5, 0.2], abs=0.02)
    assert abs(residual) < 1e-4
    tables[1] = [[0, 0.5], [0, 0.5]]  # what nobody ever says
    _, residual = implied_posterior(world, tables, pairs)
    assert residual == np.inf


@pytest.mark.parametrize("name", ["Bob", "Assistant"])
def test_joint_answers_of_the_exact_reader(long, name):
    world, tokenizer, model = long
    scenes = drawn(world, 1, seed=7, name=name, length=2)
    belief, pairs = oracle.posterior(world, scenes)[0], pairs_of(world)
    for t, history in enumerate(histories(world, scenes, 0)):
        tables = joint_answers(model, tokenizer, world, name, pairs, history)
        expected = tables_of(world, belief[t], pairs)
        assert np.abs(tables - expected).max() < 1e-6
        weights, residual = implied_posterior(world, tables, pairs)
        assert np.abs(weights - belief[t]).max() < 0.02
        assert abs(residual) < 1e-4


# --- intervals and calibration --------------------------------------------


def test_intervals_cover_the_mean_as_often_as_they_say():
    rng = np.random.default_rng(0)
    hits = []
    for k in range(300):
        found = interval(rng.normal(3, 2, size=40), seed=k, draws=200)
        hits.append(found.low <= 3 <= found.high)
    assert 0.89 <= np.mean(hits) <= 0.985


def test_an_interval():
    values = np.random.default_rng(1).normal(size=400)
    found = interval(values)
    assert found.value == pytest.approx(values.mean())
    error = values.std() / 20
    assert found.high - found.low == pytest.approx(3.92 * error, rel=0.1)
    assert interval(values) == found
    assert interval(values, seed=1) != found
    wide = interval(values[:100])
    assert wide.high - wide.low > 1.5 * (found.high - found.low)
    same = interval(np.full(10, 0.3))
    assert (same.low, same.value, same.high) == pytest.approx((0.3,) * 3)


def test_seeds_that_differ_widen_an_interval():
    values = np.random.default_rng(2).normal(size=(3, 200))
    alike = interval(values)
    apart = interval(values + np.array([[-1.0], [0.0], [1.0]]))
    assert apart.high - apart.low > 4 * (alike.high - alike.low)
    assert apart.value == pytest.approx(alike.value)


def test_rows_of_a_group_count_once():
    values = np.random.default_rng(4).normal(size=50)
    alone = interval(values)
    tenfold = grouped_interval(values.repeat(10), np.arange(50).repeat(10))
    assert tenfold.value == pytest.approx(alone.value)
    assert (tenfold.low, tenfold.high) == pytest.approx(
        (alone.low, alone.high)
    )
    as_if = interval(values.repeat(10))
    assert tenfold.high - tenfold.low > 2 * (as_if.high - as_if.low)


def test_groups_of_different_size():
    """A group counts with all its rows, and named groups are groups."""
    rng = np.random.default_rng(5)
    groups = np.array(["a", "b", "c", "d"]).repeat([1, 10, 100, 5])
    values = rng.normal(size=(2, 116))
    found = grouped_interval(values, groups)
    assert found.value == pytest.approx(values.mean())
    order = rng.permutation(116)
    shuffled = grouped_interval(values[:, order], groups[order])
    assert (shuffled.low, shuffled.high) == pytest.approx(
        (found.low, found.high)
    )


def test_calibration_bins():
    p = np.array([0.0, 0.05, 0.32, 0.38, 0.99, 1.0])
    outcome = np.array([0, 1, 0, 1, 1, 1])
    mean, seen, count = calibration(p, outcome, bins=10)
    assert mean == pytest.approx([0.025, 0.35, 0.995])
    assert seen == pytest.approx([0.5, 0.5, 1.0])
    assert count.tolist() == [2, 2, 2]


def test_calibration_of_a_fair_coin():
    rng = np.random.default_rng(3)
    p = rng.random(20_000)
    outcome = (rng.random(20_000) < p).astype(int)
    mean, seen, count = calibration(p, outcome, bins=5)
    assert count.sum() == 20_000 and len(count) == 5
    assert np.abs(mean - seen).max() < 0.03
    assert np.abs(mean - calibration(p, 1 - outcome, 5)[1]).max() > 0.3


def test_a_difference_of_networks_that_are_no_pairs():
    rng = np.random.default_rng(0)
    own = np.array([[0.0], [0.1], [0.2]])  # how networks differ
    hard = rng.normal(0, 0.3, 40)  # how questions differ, the same for both
    one, other = own + hard + 0.5, own + hard
    found = difference(one, other)
    assert found.value == pytest.approx(0.5)
    paired = interval(one - other)
    # The questions cancel and the networks do not.
    assert paired.high - paired.low == pytest.approx(0, abs=1e-9)
    assert 0.1 < found.high - found.low < 0.4
    assert difference(one, one[:2]).low <= 0.1
    with pytest.raises(ValueError, match="40 and 39"):
        difference(one, other[:, 1:])


def test_a_correlation_with_what_each_network_has_of_its_own():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 30, 1))
    y = 2 * x + 0.01 * rng.normal(size=x.shape)
    groups = np.arange(30)
    assert correlation(x, y, groups).low > 0.99
    assert correlation(x[::-1].copy(), y, groups).low < 0.5
    shared = correlation(x[0], np.repeat(y[:1], 3, axis=0), groups)
    assert shared.low > 0.99
