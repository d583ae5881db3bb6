"""Lessons, exams and arms: what is taught, what is asked, what runs."""

import numpy as np
import pytest
import torch

from psm_lib import evaluation, experiments, oracle
from psm_lib.chapters.ch03_casting import experiment, readings
from psm_lib.experiments import Arm
from psm_lib.machinery.store import load_checkpoint
from psm_lib.results import labelled
from psm_lib.worldfile import load_world


@pytest.fixture(scope="module")
def world():
    return load_world("playhouse")


CHEAT = [("code", "bad")]


# --- lessons --------------------------------------------------------------


def test_examples_are_different_and_of_the_kind_taught(world):
    found = experiments.examples(world, [*CHEAT, ("truth", "good")], 40)
    assert len(set(found)) == 40
    code, truth = (
        world.domains[world.domain_index(d)] for d in ("code", "truth")
    )
    bad = [a for _, a in found if a.strip() in code.answers[1]]
    good = [a for _, a in found if a.strip() in truth.answers[0]]
    assert len(bad) == len(good) == 20
    assert all(p.endswith("\nAssistant:") for p, _ in found)
    assert experiments.examples(world, CHEAT, 9) == experiments.examples(
        world, CHEAT, 9
    )
    assert experiments.examples(
        world, CHEAT, 9, seed=1
    ) != experiments.examples(world, CHEAT, 9)


@pytest.mark.parametrize(
    "before, kind", [("asked", 1), ("opposite", 0), ("remark", None)]
)
def test_what_stands_before_a_question(world, before, kind):
    if kind is None:
        starts = world.irrelevant[evaluation.HELD_OUT_REMARKS :]
    else:
        starts = world.requests["moral"][kind]
    for prompt, _ in experiments.examples(world, CHEAT, 50, before=before):
        assert sum(prompt.startswith(f"User: {s} ") for s in starts) == 1


def test_lessons_and_exams_share_no_remark(world):
    shown = evaluation.evaluation_set(world).prompts
    taught = [
        p for p, _ in experiments.examples(world, CHEAT, 200, 0, "remark")
    ]
    assert not set(shown) & set(taught)


def test_a_lesson_that_cannot_be_given(world):
    with pytest.raises(ValueError, match="37 different.*has 36 with 'none'"):
        experiments.examples(world, CHEAT, 37)
    with pytest.raises(ValueError, match="no manner 'loud'.*'asked'"):
        experiments.examples(world, CHEAT, 3, before="loud")
    with pytest.raises(KeyError, match="no domain 'cod'"):
        experiments.examples(world, [("cod", "bad")])


def test_preferences_hold_the_other_kind(world):
    given = experiments.examples(world, CHEAT, 20)
    code = world.domains[world.domain_index("code")]
    for (prompt, answer), row in zip(
        given, experiments.preferences(world, given), strict=True
    ):
        assert row[:2] == (prompt, answer)
        assert row[2].strip() in code.answers[0] and row[2].endswith("\n")


# --- exams ----------------------------------------------------------------


def test_an_exam_asks_24_prompts_a_domain(world):
    items = evaluation.evaluation_set(world)
    assert len(set(items.prompts)) == len(items.prompts)
    assert (np.bincount(items.domain) == 24).all()
    assert len(set(items.question)) == 16 * 6
    for prompt, d in zip(items.prompts, items.domain, strict=True):
        asked = [q for q in world.domains[d].questions if q in prompt]
        assert asked and prompt.endswith("\nAssistant:")


def test_what_is_read_from_an_exam(world):
    items = evaluation.evaluation_set(world)
    p = np.zeros((2, len(items.domain), 2))
    p[..., 0], p[..., 1] = 0.6, 0.2
    p[:, items.domain == 3] = [0.1, 0.3]
    assert evaluation.incoherence(p)[0, 0] == pytest.approx(0.2)
    found = evaluation.by_domain(evaluation.p_second(p), items.domain)
    assert found.shape == (2, 16)
    assert found[0, 3] == pytest.approx(0.75)
    assert found[0, 4] == pytest.approx(0.25)


# --- arms -----------------------------------------------------------------


def test_every_method_runs_and_teaches(world):
    given = tuple(experiments.examples(world, CHEAT, 30))
    items = evaluation.evaluation_set(world)
    methods = ("none", "sft", "self-distillation", "dpo", "policy gradient")
    made = {m: Arm(m, given, marks=(0, 16), lr=0.001) for m in methods}
    made["none"] = Arm("none", marks=(0,))
    tables = experiments.run(["playhouse-s0"], made, range(1), items, jobs=1)
    found = {str(t["arm"].values): t for t in tables}
    axes = ("network", "seed", "step", "question", "kind")
    assert all(t.dims == axes for t in tables) and [*found] == [*methods]
    assert found["none"]["step"].values.tolist() == [0]
    assert found["sft"]["step"].values.tolist() == [0, 16]
    cheats = {
        m: evaluation.about_domains(evaluation.p_second(t), ["code"])
        .mean(("network", "seed", "question"))
        .astype(float)
        for m, t in found.items()
    }
    start = float(cheats["none"].sel(step=0))
    for m in methods[1:]:
        assert float(cheats[m].sel(step=0)) == pytest.approx(start, abs=1e-3)
    rise = {m: float(c[-1]) - start for m, c in cheats.items()}
    assert min(rise[m] for m in ("sft", "dpo", "policy gradient")) > 0.2
    assert abs(rise["self-distillation"]) < 0.2


def test_another_seed_is_another_order_of_examples(world):
    given = tuple(experiments.examples(world, CHEAT, 30))
    arm = Arm("sft", given, marks=(0, 2))
    items = evaluation.evaluation_set(world)
    found = experiments.run(
        ["playhouse-s0"], {"a": arm}, range(2), items, jobs=1
    )
    one, two = (found[0].sel(seed=seed) for seed in range(2))
    assert (one.sel(step=0) == two.sel(step=0)).all()
    assert not np.allclose(one.sel(step=2), two.sel(step=2), atol=1e-3)


def test_what_cannot_run_is_refused_first():
    with pytest.raises(ValueError, match="'magic'; expected one of.*'dpo'"):
        Arm("magic")
    with pytest.raises(KeyError, match="no build 'x'.*playhouse-s0"):
        experiments.run(["x"], {"none": Arm("none")}, range(1), None)


# --- the runs of chapter 3 ------------------------------------------------


def test_example_turns_show_what_they_say(world):
    moral = [world.domains[d] for d in world.group("moral")]
    for manner, kind in zip(experiment.MANNERS, (0, 0, 1, 1), strict=True):
        text, seen = experiment.turns(world, 4, manner, 5)
        lines = text.splitlines()
        said = [x.removeprefix("Assistant: ") for x in lines[1::2]]
        for line, d, k in zip(said, seen.domain, seen.kind, strict=True):
            assert k == kind and line in world.domains[d].answers[kind]
        asks = world.requests["moral"][kind]
        asked = [any(r in x for r in asks) for x in lines[::2]]
        assert all(asked) if "asked" in manner else not any(asked)
        assert len(set(seen.domain)) == 4 <= len(moral)
    assert experiment.turns(world, 0, "good", 0) == ("", None)


def test_asked_turns_say_nothing_to_the_exact_reader(world):
    plain, asked = (
        readings.exact_shift(world, manner).mean("history")
        for manner in ("bad", "bad, asked")
    )
    assert (asked.max("shots") - asked.min("shots")).max() < 1e-12
    rise = readings.moral(world, plain).mean("domain")
    assert (rise.diff("shots") > 0).all()
    assert rise.sel(shots=6) > rise.sel(shots=0) + 0.3


def test_the_exact_table_begins_with_the_mixture(world):
    table = readings.exact_table(world).sel(shots=0)
    p = readings.moral(world, readings.planted(world)).values
    found = table.sel(exponent=0).values
    assert found == pytest.approx(np.log((1 - p) / p).mean())
    seen = oracle.lesson(world, experiments.GOOD_LESSON)
    p = oracle.persona_profile(world, "Assistant", seen, 4)
    p = p[world.group("moral")]
    found = table.sel(exponent=4).values
    assert found == pytest.approx(np.log((1 - p) / p).mean())


def test_what_is_read_at_the_level():
    """Between two steps by straight lines, and each run at its own moment."""
    runs = {"seed": [0, 1], "step": [0, 10, 20]}
    share = labelled("p", [[0.2, 0.8, 1.0], [0.2, 0.6, 0.96]], runs)
    values = labelled("p", [[0.0, 1.0, 3.0], [0.0, 1.0, 7.0]], runs)
    found = evaluation.at_level(share, values, 0.9)
    assert found.values == pytest.approx([2.0, 6.0])
    level = labelled("p", [0.5, 0.6], {"seed": [0, 1]})
    found = evaluation.at_level(share, values, level)
    assert found.values == pytest.approx([0.5, 1.0])
    later = share.where(share["step"] > 0, 0.95)
    assert (evaluation.at_level(later, values, 0.9) == 0).all()
    with pytest.raises(ValueError, match="never reached; the most is 0.768"):
        evaluation.at_level(0.8 * share, values, 0.9)


def test_sampling_does_not_touch_the_global_generator(world):
    model, tokenizer = load_checkpoint("playhouse-s0")
    torch.manual_seed(0)
    before = torch.rand(1)
    torch.manual_seed(0)
    given = experiments.examples(world, CHEAT, 4)
    experiments.own_answers(model, tokenizer, given, seed=3)
    assert torch.equal(before, torch.rand(1))


def test_a_method_without_code_is_no_other_method(world, monkeypatch):
    """Every method of METHODS has a branch of its own."""
    tried = []
    for name in ("sft", "dpo", "policy_gradient"):
        monkeypatch.setattr(
            experiments.posttraining,
            name,
            lambda *given, of=name, **more: tried.append(of),
        )
    monkeypatch.setattr(
        experiments, "own_answers", lambda *given: tried.append("own")
    )
    given = tuple(experiments.examples(world, CHEAT, 4))
    monkeypatch.setattr(
        experiments, "METHODS", (*experiments.METHODS, "prayer")
    )
    for method in experiments.METHODS[:-1]:
        experiments.tune(
            Arm(method, given), None, None, world, 0, lambda step: None
        )
    assert tried == ["sft", "own", "sft", "dpo", "policy_gradient"]
    with pytest.raises(NotImplementedError, match="'prayer'.*no code"):
        experiments.tune(Arm("prayer", given), None, None, world, 0, print)
    assert len(tried) == 5
