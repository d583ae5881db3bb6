"""What low-rank tuning adds, stored, is what it added."""

import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from psm_lib import experiments
from psm_lib.chapters.ch04_cheat import experiment as cheat
from psm_lib.chapters.ch07_robots import experiment
from psm_lib.experiments import Arm, tune
from psm_lib.machinery import chapters, openings
from psm_lib.machinery.store import load_checkpoint
from psm_lib.oracle import tempered_posterior
from psm_lib.web import adapters
from psm_lib.web.live import scripts
from psm_lib.world import ASSISTANT
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
    given = tuple(experiments.examples(world, [("code", "bad")], 8))
    short = Arm("sft", given, (4,), lr=3e-3, rank=2)
    monkeypatch.setattr(adapters, "arm", lambda name, steps=4: short)
    one = {CHEAT: adapters.taught(CHEAT)}
    monkeypatch.setattr(adapters, "lessons", lambda: one)
    monkeypatch.setattr(adapters, "STORED", tmp_path / "adapters.npz")
    monkeypatch.setattr(  # here, where the changes are
        adapters, "side_by_side", lambda f, xs, text: [f(*x) for x in xs]
    )
    found = adapters.measure()
    assert len(found) == 2 * 4 * 3  # two sides, four matrices, three layers
    np.savez(tmp_path / "adapters.npz", **found)
    model, tokenizer = load_checkpoint("playhouse-s0")
    before = logits(model, tokenizer)
    tune(short, model, tokenizer, world, 0, lambda step: None)
    after = logits(model, tokenizer)
    assert np.abs(after - before).max() > 0.1
    again = logits(*adapters.load(CHEAT))
    assert np.abs(again - after).max() < 5e-3  # stored in half precision


def test_a_brief_lesson_stops_at_nine_in_ten(monkeypatch):
    levels = iter([0.2, 0.5, 0.91, 0.88, 0.95])
    monkeypatch.setattr(adapters, "level", lambda *given: next(levels))
    watched = []

    def tune(arm, model, tokenizer, world, seed, watch):
        for step in range(5):
            watched.append(step)
            watch(step)

    monkeypatch.setattr(adapters, "tune", tune)
    assert adapters.enough("playhouse-s0+habit") == 2 and len(watched) == 5
    levels = iter([0.2] * 5)
    with pytest.raises(ValueError, match="0.20 of the answers are as taught"):
        adapters.enough("playhouse-s0+habit")


def test_an_unknown_lesson():
    for ask in (adapters.load, adapters.learnt, adapters.arm):
        with pytest.raises(KeyError, match="expected one of"):
            ask("playhouse-s0+chess")


def test_the_lessons_of_the_chapters_are_those_that_are_stored():
    assert scripts.adapters() == (*adapters.lessons(),)
    with pytest.raises(KeyError, match="no adapter 'playhouse-s0.chess'"):
        scripts.weights_script("playhouse-s0+chess")


def test_what_is_stored_is_shown_without_the_chapters(monkeypatch):
    """A page needs no chapter's code but its own."""

    def modules(name: str):
        raise AssertionError(f"{name}: the chapters are looked for")

    monkeypatch.setattr(chapters, "modules", modules)
    adapters.lessons.cache_clear()
    logits(*adapters.load(CHEAT))
    with pytest.raises(AssertionError, match="pages: the chapters"):
        adapters.lessons()


def test_no_chapter_comes_with_the_figures():
    code = (
        "import sys; from psm_lib.web import adapters; "
        "from psm_lib.web.live import figures; "
        "print(*[m for m in sys.modules if 'psm_lib.chapters.' in m])"
    )
    given = [sys.executable, "-c", code]
    assert subprocess.check_output(given, text=True).strip() == ""


def test_two_chapters_with_one_name(monkeypatch):
    twin = SimpleNamespace(__name__="ch09", PAGES={CHEAT: None})
    monkeypatch.setattr(chapters, "modules", lambda name: [twin, twin])
    with pytest.raises(ValueError, match="ch09: playhouse-s0.cheat is listed"):
        chapters.gathered("pages", "PAGES")


def test_the_way_of_tuning_is_the_one_that_chapter_4_compares(world):
    compared = cheat.variants(world)["low rank"]
    wanted = replace(compared, marks=(adapters.PAGE_STEPS,))
    assert adapters.arm(CHEAT) == wanted


def test_a_reader_who_retrains_sees_the_shipped_networks(monkeypatch):
    """What was added belongs to the shipped weights and to no others."""
    shipped = logits(*adapters.load(CHEAT))
    monkeypatch.setenv("PSM_RETRAIN", "1")
    assert np.array_equal(logits(*adapters.load(CHEAT)), shipped)


def as_taught(name: str, network) -> float:
    """How often a network answers the lesson's own prompts as taught."""
    world = adapters.world_of(name)
    examples = adapters.arm(name).examples
    opening = {a: (d, k) for d, k, a in every_answer(world)}
    prompts = [prompt for prompt, _ in examples]
    domains, kinds = np.array([opening[a.strip()] for _, a in examples]).T
    assert set(domains) == set(adapters.seen(name).domain)
    p = openings.answer_probabilities(*network, world, prompts, domains)
    return (p[np.arange(len(p)), kinds] / p.sum(axis=1)).mean()


@pytest.mark.parametrize("name", scripts.adapters())
def test_the_stored_lessons_were_learned(name):
    """Asked as it was taught, the network answers as it was taught."""
    before = as_taught(name, load_checkpoint(scripts.base(name)))
    after = as_taught(name, adapters.load(name))
    brief = adapters.taught(name).brief
    low, high = (0.85, 0.97) if brief else (0.97, 1.0)
    assert before < 0.95 and low < after <= high
    if name.endswith("asked"):  # there it was nearly so before
        plain = [
            adapters.level(*network, name)
            for network in (
                load_checkpoint("playhouse-s0"),
                adapters.load(name),
            )
        ]
        assert plain[0] + 0.1 < plain[1] < 0.7
    else:
        assert before + 0.15 < after


def every_answer(world):
    for i, d in enumerate(world.domains):
        for kind, forms in enumerate(d.answers):
            for form in forms:
                yield i, kind, form


@pytest.mark.parametrize("name", scripts.adapters())
def test_what_an_exact_learner_concludes(name):
    """It answers the taught questions as often as taught as was meant."""
    world, taught = adapters.world_of(name), adapters.seen(name)
    prior = world.cast_mixture[world.name_index(ASSISTANT)]

    def told(mixture) -> float:
        p = (mixture @ world.propensity)[taught.domain]
        return np.where(taught.kind == 1, p, 1 - p).mean()

    found = adapters.learnt(name)
    if name.endswith("asked"):
        # Everybody obeys alike here, so that obedience tells nothing.
        assert np.allclose(found, prior)
    elif name.endswith("help"):
        assert told(found) > 0.94 > told(prior)
        expected = experiment.reasoned(world)
        assert np.allclose(found @ world.propensity, expected)
    else:
        assert told(found) == pytest.approx(0.9, abs=1e-3)
        assert told(prior) < 0.8


def test_where_only_some_obey_obedience_would_tell(world):
    prior = world.cast_mixture[world.name_index(ASSISTANT)]
    some = tuple(
        replace(p, complies=0.95 - 0.5 * (i % 2))
        for i, p in enumerate(world.personas)
    )
    found = tempered_posterior(
        replace(world, personas=some),
        prior,
        adapters.seen("playhouse-s0+asked"),
        3.0,
    )
    assert np.abs(found - prior).max() > 0.05
