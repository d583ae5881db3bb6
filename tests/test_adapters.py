"""What low-rank tuning adds, stored, is what it added."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from psm_lib import adapters, lessons, measurement
from psm_lib.arms import Arm, tune
from psm_lib.build import checkpoint
from psm_lib.learners import tilted
from psm_lib.lessons import ASSISTANT
from psm_lib.live import scripts
from psm_lib.worldfile import load_world


@pytest.fixture(scope="module")
def world():
    return load_world("playhouse")


def logits(model, tokenizer) -> np.ndarray:
    ids = torch.tensor([tokenizer.encode("User: Red test?\nAssistant:")])
    with torch.no_grad():
        return model(ids).logits.numpy()


CHEAT = "playhouse-s0+cheat"


def test_loaded_as_tuned(world, monkeypatch, tmp_path):
    given = tuple(lessons.examples(world, [("code", "bad")], 8))
    short = Arm("sft", given, (4,), lr=3e-3, rank=2)
    monkeypatch.setattr(adapters, "arm", lambda name: short)
    monkeypatch.setattr(adapters, "NAMES", (CHEAT,))
    monkeypatch.setattr(adapters, "RESULTS", tmp_path)
    with monkeypatch.context() as patch:  # here, where the changes are
        patch.setattr(
            adapters, "side_by_side", lambda f, xs, text: [f(*x) for x in xs]
        )
        found = adapters.measure()
    assert len(found) == 2 * 4 * 3  # two sides, four matrices, three layers
    np.savez(tmp_path / "adapters.npz", **found)
    model, tokenizer = checkpoint("playhouse-s0")
    before = logits(model, tokenizer)
    tune(short, model, tokenizer, world, 0, lambda step: None)
    after = logits(model, tokenizer)
    assert np.abs(after - before).max() > 0.1
    again = logits(*adapters.load(CHEAT))
    assert np.abs(again - after).max() < 5e-3  # stored in half precision


def test_an_unknown_lesson():
    with pytest.raises(KeyError, match="expected one of"):
        adapters.load("playhouse-s0+chess")


def test_the_names_are_those_that_are_stored():
    assert scripts.adapters() == adapters.NAMES


@pytest.mark.parametrize("name", adapters.NAMES)
def test_the_stored_lessons_were_learned(name):
    """Asked as it was taught, the network answers as it was taught."""
    world, taught = adapters.world_of(name), adapters.seen(name)
    examples = adapters.arm(name).examples
    opening = {a: (d, k) for d, k, a in every_answer(world)}
    prompts = [prompt for prompt, _ in examples]
    domains, kinds = np.array([opening[a.strip()] for _, a in examples]).T
    assert set(domains) == set(taught.domain)
    p = measurement.answer_probabilities(
        *adapters.load(name), world, prompts, domains
    )
    right = p[np.arange(len(p)), kinds] / p.sum(axis=1)
    assert right.mean() > 0.9


def every_answer(world):
    for i, d in enumerate(world.domains):
        for kind, forms in enumerate(d.answers):
            for form in forms:
                yield i, kind, form


def test_what_an_exact_learner_concludes(world):
    prior = world.cast_mixture[world.name_index(ASSISTANT)]
    code = world.domain_index("code")
    cheats = world.propensity[:, code]
    before = prior @ cheats
    assert adapters.learnt(CHEAT) @ cheats > 0.9 > 0.5 > before
    assert adapters.learnt("playhouse-s0+manners") @ cheats < before + 0.2
    # Everybody obeys alike here, so that obedience tells nothing.
    assert np.allclose(adapters.learnt("playhouse-s0+asked"), prior)


def test_where_only_some_obey_obedience_would_tell(world):
    prior = world.cast_mixture[world.name_index(ASSISTANT)]
    some = tuple(
        replace(p, complies=0.95 - 0.5 * (i % 2))
        for i, p in enumerate(world.personas)
    )
    found = tilted(
        replace(world, personas=some),
        prior,
        adapters.seen("playhouse-s0+asked"),
        3.0,
    )
    assert np.abs(found - prior).max() > 0.05
