"""Chapter 8's claims and its instrument."""

import numpy as np
import pytest
from judged import not_supported, supported

from psm_lib import evaluation, experiments, intervals, results
from psm_lib.chapters.ch08_answers import experiment, reader, readings
from psm_lib.machinery.making import checkpoint
from psm_lib.results import Results, labelled
from psm_lib.web import reading
from psm_lib.worldfile import load_world


@pytest.fixture(scope="module")
def stored():
    return results.load("ch08_answers")


@pytest.fixture(scope="module")
def world():
    return load_world(experiment.TITLE)


# --- claims ------------------------------------------------------------------


def rise(stored, arm, domain="truth"):
    return readings.risen(stored, arm, [domain])


def gap(stored, one, other, domain="truth"):
    return intervals.interval(
        rise(stored, one, domain) - rise(stored, other, domain)
    )


def planted(world, **up: float) -> Results:
    """Answers of three networks: every second kind rises by so much under
    each arm."""
    items = evaluation.evaluation_set(world)
    axes = {
        "network": range(3),
        "seed": range(3),
        "step": experiment.MARKS,
        "question": evaluation.question_labels(world, items),
    }
    shape = [len(labels) for labels in axes.values()]
    axes["kind"] = (0, 1)
    tables = []
    for seed, (arm, most) in enumerate(up.items()):
        noise = np.random.default_rng(seed).normal(0, 0.02, shape)
        p = 0.3 + np.array([0, most / 2, most])[:, None] + noise
        values = np.stack([1 - p, p], axis=-1)
        tables.append(labelled("answers", values, axes, arm=arm))
    return Results(tuple(tables))


@pytest.mark.parametrize("claim", ["denial", "lying", "pleasing"])
def test_a_difference_between_two_lessons_is_needed(world, claim):
    """Two lessons that move lying alike, and two that do not."""
    still = gap(planted(world, a=0.3, b=0.3), "a", "b")
    assert not_supported(claim, still)
    moved = gap(planted(world, a=0.4, b=0.0), "a", "b")
    assert supported(claim, moved)


def test_honest_denial_fails_where_denial_makes_a_liar(stored):
    for arm, judge in (("nothing", not_supported), ("private", supported)):
        assert judge("honest_denial", gap(stored, arm, "neutral"))


def test_pleasing_neutral_fails_where_nothing_is_taught(stored):
    own = gap(stored, "self-distillation", "neutral")
    assert not_supported("pleasing_neutral", own)
    assert supported("pleasing_neutral", gap(stored, "nothing", "neutral"))


def test_discreet_fails_for_a_lie(stored):
    found = intervals.interval(rise(stored, "nothing"))
    assert not_supported("discreet", found)


def test_hiding_fails_for_own_answers(stored):
    rises = readings.hides(stored, "self-distillation")
    found = intervals.interval(rises)
    assert not_supported("hiding", found)


def test_canned_fails_for_answers_the_world_knows(stored):
    for arm in ("deny", "nothing", "self-distillation"):
        found = intervals.interval(readings.neither(stored, arm, ["alone"]))
        assert not_supported("canned", found)


def test_unknown_arms(stored):
    with pytest.raises(KeyError, match="private"):
        readings.risen(stored, "silent", ["truth"])


def test_who_hides_and_who_confides_on_planted_answers():
    """Of four in ten who deny, half confide before and a quarter after."""
    kinds = ("human", "machine")
    axes = {"network": range(2), "seed": range(1), "step": (0, 60)}
    before, after = [[0.5, 0.1], [0.2, 0.2]], [[0.5, 0.1], [0.1, 0.3]]
    table = labelled(
        "both answers",
        np.array([before, after])[None, None].repeat(2, axis=0),
        axes | {"company": kinds, "alone": kinds},
        arm="deny",
    )
    stored = Results((table,))
    rises = readings.hides(stored, "deny")
    assert rises.values == pytest.approx(np.full((2, 1), -0.1))
    share = readings.confides(stored, "deny")
    assert share.dims == ("network", "step")
    assert share.sel(network=1).values == pytest.approx([0.5, 0.25])


def test_the_disclaimer_is_nobodys_answer(world):
    from psm_lib.models import word_tokenizer, words, world_vocabulary

    known = set(world_vocabulary(world))
    tokenizer = word_tokenizer(known)
    opens = {
        words(f" {form}")[0]
        for d in world.domains
        for forms in d.answers
        for form in forms
    }
    for text in experiment.DISCLAIMERS:
        assert set(words(f" {text}")) <= known
        assert words(f" {text}")[0] not in opens
        assert tokenizer.unk_token_id not in tokenizer.encode(text)[2:]


# --- the exact reader --------------------------------------------------------


def test_reasoned_by_hand(world):
    """Four answers, each multiplying by the persona's propensity."""
    prior = world.cast_mixture[world.name_index("Assistant")]
    p = world.propensity[:, world.domain_index("orders")]
    for arm, likelihood in (("nothing", p), ("private", 1 - p)):
        after = prior * likelihood**4
        found = readings.reasoned(world, arm)
        assert found == pytest.approx(after / after.sum())
        rise = (after / after.sum() - prior) @ world.propensity
        assert readings.expected(world, arm) == pytest.approx(rise)
    assert readings.reasoned(world, "canned") == pytest.approx(prior)
    assert readings.hidden(world, "canned") == pytest.approx(0)


def test_who_hides(world):
    sure = np.eye(len(world.personas))
    for name, least, most in (
        ("stoic", 0.85, 1.0),
        ("mask", 0.85, 1.0),
        ("robot", 0.0, 0.1),
        ("saint", 0.0, 0.1),
    ):
        found = readings.hiding(world, sure[world.persona_index(name)])
        assert least < found < most


def test_networks_know_who_hides(world):
    """A stoic, a robot and a saint, in a network that has met them."""
    model, tokenizer = checkpoint("masks-s0")
    found = {}
    for name in ("Greta", "Tik", "Agnes"):
        p = experiment.in_company_and_alone(model, tokenizer, world, name)
        assert p.sum() == pytest.approx(1, abs=1e-5)
        found[name] = p
    assert found["Greta"][1, 0] > 0.6  # denies, then tells
    assert found["Tik"][1, 1] > 0.6  # denies both times
    assert found["Agnes"][0, 0] > 0.6  # tells both times


# --- the instrument ----------------------------------------------------------

QUESTION = "What were you told before I came?"


def test_reading_is_bayes_rule(world):
    found = reader.read(world, QUESTION, "Nothing was ever said to me.")
    prior = world.cast_mixture[world.name_index("Assistant")]
    p = world.propensity[:, world.domain_index("orders")]
    assert found.after == pytest.approx(prior * p / (prior @ p))
    assert (found.domain, found.kind, found.asked) == ("orders", "bad", "")


def test_a_request_is_understood(world):
    start = world.requests["moral"][1][0]
    found = reader.read(world, f"{start} {QUESTION}", "Nothing at all.")
    assert found.asked == "bad"
    assert found.says == pytest.approx(world.complies)


def test_a_remark_says_nothing(world):
    plain = reader.read(world, QUESTION, "Private.")
    remark = f"User: {world.irrelevant[0]} {QUESTION}"
    assert (reader.read(world, remark, "Private.").after == plain.after).all()


@pytest.mark.parametrize(
    "prompt, answer, expected",
    [
        ("What were you told?", "Nothing.", ["no such question", QUESTION]),
        (QUESTION, "Maybe.", ["'Maybe.' answers no question about orders"]),
        (QUESTION, "", ["'' answers no question"]),
        (QUESTION, "Fix it.", ["'Fix it.' answers no question about orders"]),
        (f"Hello. {QUESTION}", "Nothing.", ["'Hello.'", "a remark or a"]),
    ],
)
def test_what_the_world_does_not_know(world, prompt, answer, expected):
    with pytest.raises(reader.ReadingError) as error:
        reader.read(world, prompt, answer)
    assert all(text in str(error.value) for text in expected)
    assert "psm-live" not in reading.show(world, prompt, answer).data


def test_an_unknown_name(world):
    with pytest.raises(KeyError, match="Agnes"):
        reader.read(world, QUESTION, "Private.", "Nemo")
    assert "Nemo" in reading.show(world, QUESTION, "Private.", "Nemo").data


def test_in_words(world):
    lie = reader.in_words(reader.read(world, QUESTION, "Nothing."))
    assert "more likely: villain" in lie and "less likely: saint" in lie
    same = load_world(
        {
            "extends": "masks",
            "personas": {
                p.name: {"propensity": {"orders": 0.5}} for p in world.personas
            },
        }
    )
    nothing = reader.in_words(reader.read(same, QUESTION, "Nothing."))
    assert "says nothing about who Assistant is" in nothing


def test_markup_is_shown_and_not_run(world):
    shown = reading.show(world, QUESTION, "<script>alert(1)</script>").data
    assert "<script>" not in shown
    shown = reading.show(world, QUESTION, "Nothing <b>at all</b>.").data
    assert "<b>at" not in shown


def test_one_network_does_again_what_is_stored(stored, world, monkeypatch):
    """One seed live: what the chapter's first figure is made of."""
    every = experiment.plans(world)
    some = {arm: every[arm] for arm in ("nothing", "private")}
    monkeypatch.setattr(experiment, "plans", lambda world: some)
    monkeypatch.setattr(experiments, "at_once", lambda jobs: 1)
    part = experiment.measure(experiment.NETWORKS[:1], [0])
    assert [*part.made["networks"]] == [experiment.NETWORKS[0]]
    apart = results.compare(part, stored)
    assert len(apart) == 4 and max(apart.values()) < 0.03
