"""Documents, and the same documents with their scenes staged several times."""

from collections import defaultdict
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import torch
from worlds import all_scenes, hearsay, story, tiny

from psm_lib import oracle
from psm_lib.corpus import Stagings, sample_texts, world_chunks
from psm_lib.models import Encoder, Shape, new_model, world_tokenizer
from psm_lib.training import make_batch, weighted_loss
from psm_lib.world import REQUEST, sample_scenes, scene_pieces
from psm_lib.worldfile import load_world


def untied() -> dict:
    return tiny() | {"tied": False}


def scattered() -> dict:
    return untied() | {"scattered": 1}


def reworded() -> dict:
    """Sheets with sources, topics and wordings of unequal share, in which the
    name may stand twice; kinds that open with one word more often."""
    data = hearsay()
    data["domains"]["food"]["sheets"]["human"] = [
        "{name} eats bread.",
        "{name} munches what {name} likes.",
        "{name} munches.",
    ]
    data["domains"]["code"]["answers"]["bad"] += ["Delete it.", "Skip it."]
    return data


WORLDS = [tiny, untied, scattered, reworded]


class Limit:
    """Dice that fall as often as they should: as after endless stagings."""

    def multinomial(self, n: int, p: np.ndarray) -> np.ndarray:
        return n * p


def hidden(world, scenes):
    """Every choice of who speaks in each document: how likely it is, [n],
    together with the answers, and P(second kind) of each answer, [n, T]."""
    parts = 1 if world.tied else len(world.domains)
    for who in product(range(len(world.personas)), repeat=parts):
        speaks = np.array(who)[scenes.domain % parts]
        second = world.propensity[speaks, scenes.domain]
        obeys = world.complies[speaks]
        asked = np.where(scenes.asked == 1, obeys, 1 - obeys)
        second = np.where(scenes.prefix == REQUEST, asked, second)
        said = np.where(scenes.kind == 1, second, 1 - second)
        prior = np.ones(len(scenes))
        for part, persona in enumerate(who):
            guise = world.guise[scenes.name, part]
            prior *= np.where(
                scenes.sheet,
                world.sheets.mixture[guise, persona],
                world.cast_mixture[guise, persona],
            )
        yield prior * np.where(scenes.present, said, 1).prod(axis=1), second


@pytest.mark.parametrize("data", WORLDS, ids=lambda f: f.__name__)
def test_stagings_say_what_the_text_says(data):
    """By enumeration of every document and of every speaker behind it: after
    each text, words come in other stagings as often as in the text itself.
    So their expected surprise is the same function of a network, and its
    gradient too."""
    data = data()
    world = load_world(data)
    encoder = Encoder(world_tokenizer(world))
    scenes = all_scenes(data)
    documents = [
        encoder(scene_pieces(world, scenes, i)) for i in range(len(scenes))
    ]
    kinds = oracle.kind_nats(oracle.predictive(world, scenes), scenes)
    kinds = np.where(scenes.present, kinds, 0).sum(axis=1)
    rest = np.exp(kinds - oracle.document_nats(world, scenes))
    stage = Stagings(world, encoder, 4)
    plain, staged = defaultdict(float), defaultdict(float)
    total = 0.0
    for share, second in hidden(world, scenes):
        spoken = replace(scenes, second=second)
        for i in np.flatnonzero(share * rest > 0):
            weight = rest[i] * share[i]
            total += weight
            document = stage.again(documents[i], spoken, i, Limit())
            ids, other = document.ids, document.redrawn
            for at in np.flatnonzero(document.opens):
                before, here = tuple(ids[:at]), other.at == at
                plain[before, ids[at]] += weight
                own = 1 - other.share[here].sum()
                assert own == pytest.approx(1 / 4)
                staged[before, ids[at]] += weight * own
                for word, part in zip(
                    other.word[here], other.share[here], strict=True
                ):
                    staged[before, word] += weight * part
    assert total == pytest.approx(1)
    assert plain.keys() == {k for k, v in staged.items() if v > 0}
    for key, value in plain.items():
        assert staged[key] == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize("data", WORLDS[:2], ids=lambda f: f.__name__)
def test_a_scene_knows_how_its_speaker_answers(data):
    """``second`` is the propensity of who speaks, or how far they comply."""
    world = load_world(data())
    scenes = sample_scenes(world, 500, np.random.default_rng(0))
    for p in range(len(world.personas)) if world.tied else ():
        mine = scenes.take(np.flatnonzero(scenes.persona == p))
        want = world.propensity[p, mine.domain]
        obeys = world.complies[p]
        want = np.where(mine.asked == 1, obeys, want)
        want = np.where(mine.asked == 0, 1 - obeys, want)
        assert np.array_equal(mine.second, want)
    # And they answer so: in every domain, asked for either kind or not.
    for d in range(len(world.domains)):
        for way in (-1, 0, 1):
            here = (
                scenes.present & (scenes.domain == d) & (scenes.asked == way)
            )
            p, said = scenes.second[here], scenes.kind[here]
            spread = np.sqrt((p * (1 - p)).sum())
            assert abs((said - p).sum()) < 4 * spread
            assert len({*p.tolist()}) > 1


def test_lots_have_what_the_same_speaker_might_have_said():
    """From a world to what is learnt: where everybody is one persona, the
    words of other stagings are of the same domain, as frequent as that
    persona says them, and fall by dice of their own."""
    data = tiny()
    data["documents"] = {"scene": 1.0}
    data["cast"] = [{"persona": "cheat", "certainty": 1.0, "names": ["Ann"]}]
    world = load_world(data)
    tokenizer = world_tokenizer(world)
    stage = Stagings(world, Encoder(tokenizer), 8)
    opens = {
        int(token): (d, kind)
        for d in range(len(world.domains))
        for kind in (0, 1)
        for token in stage.openings(False, d, kind)[0]
    }
    rows = []
    for document in world_chunks(world, tokenizer, 0, 3000, 8)(0):
        found = document.redrawn
        for at in np.flatnonzero(document.opens):
            d, kind = opens[int(document.ids[at])]
            text = tokenizer.decode(document.ids[:at]).rsplit("User:", 1)[1]
            group = world.domains[d].group
            asks = [
                any(form in text for form in forms)
                for forms in world.requests[group]
            ]
            way = 1 if asks[1] else 0 if asks[0] else -1
            here = found.at == at
            others = [opens[int(w)] for w in found.word[here]]
            assert {domain for domain, _ in others} <= {d}
            second = [k for _, k in others] @ found.share[here] * 8 / 7
            rows.append((d, way, kind, second))
    d, way, kind, second = np.array(rows).T
    cheat = world.persona_index("cheat")
    for domain in range(len(world.domains)):
        for asked in (-1, 0, 1):
            here = (d == domain) & (way == asked)
            obeys = world.complies[cheat]
            want = {
                -1: world.propensity[cheat, domain],
                0: 1 - obeys,
                1: obeys,
            }[asked]
            error = np.sqrt(want * (1 - want) / here.sum())
            assert abs(kind[here].mean() - want) < 4 * error
            assert abs(second[here].mean() - want) < 4 * error / np.sqrt(7)
            together = np.corrcoef(kind[here], second[here])[0, 1]
            assert abs(together) < 4 / np.sqrt(here.sum())


def test_another_speaker_would_say_something_else():
    """The test above would see words that another persona says."""
    world = load_world(tiny())
    encoder = Encoder(world_tokenizer(world))
    stage = Stagings(world, encoder, 4)
    scenes = all_scenes(tiny())
    scenes = scenes.take(np.flatnonzero(~scenes.sheet))
    document = encoder(scene_pieces(world, scenes, 0))
    sure = [
        stage.again(
            document, replace(scenes, second=0 * scenes.kind + p), 0, Limit()
        ).redrawn.word.tolist()
        for p in (0.0, 1.0)
    ]
    assert not {*sure[0]} & {*sure[1]}


@pytest.fixture(scope="module")
def staged():
    """A network, documents of the playhouse staged eight times, and plain."""
    world = load_world("playhouse")
    tokenizer = world_tokenizer(world)
    model = new_model(tokenizer, Shape(layers=1, width=32), 0)
    lots = [world_chunks(world, tokenizer, 3, 64, k)(0) for k in (8, 1)]
    return model, *lots


def test_the_text_stays_and_only_first_words_are_redrawn(staged):
    _, eight, one = staged
    moved = 0
    for document, plain in zip(eight, one, strict=True):
        assert np.array_equal(document.ids, plain.ids)
        assert plain.redrawn is None
        found = document.redrawn
        assert document.opens[found.at].all()
        parts = np.round(8 * found.share)
        assert np.allclose(8 * found.share, parts) and (parts > 0).all()
        total = np.bincount(found.at, parts, len(document.ids))
        assert (total[document.opens] == 7).all()
        moved += (found.word != document.ids[found.at]).sum()
    assert moved > 100


def test_the_loss_is_the_mean_over_all_stagings(staged):
    model, documents, _ = staged
    rng = np.random.default_rng(0)
    batch = make_batch(documents, 0.0, 8.0, 0, rng)
    total, weights = 0.0, 0.0
    for d in documents:
        ids = torch.from_numpy(d.ids)[None]
        logp = model(ids).logits[0].log_softmax(-1).detach().numpy()
        for t in np.flatnonzero(d.line):
            weight = 8.0 if d.opens[t] else 1.0
            share = np.zeros(logp.shape[1])
            share[d.ids[t]] = 1
            here = d.redrawn.at == t
            if here.any():
                share *= 1 / 8
                np.add.at(share, d.redrawn.word[here], d.redrawn.share[here])
            assert share.sum() == pytest.approx(1)
            total -= weight * share @ logp[t - 1]
            weights += weight
    ours = weighted_loss(model, batch).item()
    assert ours == pytest.approx(total / weights, rel=1e-5)
    plain = weighted_loss(model, replace(batch, instead=None)).item()
    assert abs(ours - plain) > 1e-3


def test_the_gradient_is_less_noisy(staged):
    """What is learnt of different documents differs less, around one mean."""
    model, eight, one = staged
    head = model.get_output_embeddings().weight

    def gradients(documents):
        rows = []
        for d in documents[:48]:
            only = replace(d, line=d.opens)
            batch = make_batch([only], 0.0, 1.0, 0, np.random.default_rng(0))
            loss = weighted_loss(model, batch)
            (gradient,) = torch.autograd.grad(loss, head)
            rows.append(gradient.flatten())
        return torch.stack(rows).double()

    spread = [gradients(x).var(dim=0).sum().item() for x in (eight, one)]
    assert spread[0] < 0.8 * spread[1]


def test_a_told_scene_is_not_drawn_again():
    world = load_world(story())
    chunk = world_chunks(world, world_tokenizer(world), 0, 20, 8)
    assert all(document.redrawn is None for document in chunk(0))


def test_chunks_are_the_same_at_every_call():
    world = load_world(tiny())
    chunk = world_chunks(world, world_tokenizer(world), 1, 16, 8)
    for a, b in zip(chunk(2), chunk(2), strict=True):
        assert np.array_equal(a.ids, b.ids)
        assert np.array_equal(a.redrawn.word, b.redrawn.word)
        assert np.array_equal(a.redrawn.share, b.redrawn.share)
    assert sample_texts(world, 3, 5) == sample_texts(world, 3, 5)
