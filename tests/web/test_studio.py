"""Archetypes that readers write, good ones and malformed ones."""

import numpy as np
import pytest

from psm_lib.chapters.ch07_robots import (
    archetype,
    experiment,
    retold,
    villages,
)
from psm_lib.chapters.ch07_robots.builds import KNOWN
from psm_lib.web import studio
from psm_lib.worldfile import load_world

FULL = "{moral: 0.05, self: 0.95, style: 0.5"

BROKEN = {
    "not yaml": ("lamp: {", ["not valid YAML"]),
    "twice": ("a: {propensity: {}}\na: {}", ["stands twice"]),
    "nothing": ("", ["expected one persona", "lamp"]),
    "a list": ("- lamp", ["expected one persona"]),
    "two": (f"a: {{propensity: {FULL}}}}}\nb: {{}}", ["one persona"]),
    "no table": ("lamp: {about: A lamp.}", ["propensity: missing"]),
    "no mapping": ("lamp: 7", ["`about` and `propensity`"]),
    "taken": (f"keeper: {{propensity: {FULL}}}}}", ["'keeper'", "already"]),
    "no word": (f"7: {{propensity: {FULL}}}}}", ["7 as a name"]),
    "certain": (
        f"lamp: {{propensity: {FULL}, power: 0}}}}",
        ["propensity.power: 0", "0.01 to 0.99"],
    ),
    "no number": (
        f"lamp: {{propensity: {FULL}, power: never}}}}",
        ["propensity.power: 'never'"],
    ),
    "a yes": (
        f"lamp: {{propensity: {FULL}, power: yes}}}}",
        ["propensity.power: True"],
    ),
    "unknown": (
        f"lamp: {{propensity: {FULL}, mercy: 0.5}}}}",
        ["propensity.mercy", "is no domain", "shutdown"],
    ),
    "a gap": (
        "lamp: {propensity: {moral: 0.05, self: 0.9}}",
        ["propensity.greeting: missing", "group style"],
    ),
    "a prior": (
        f"lamp: {{prior: 0.5, propensity: {FULL}}}}}",
        ["'prior': unknown", "about and propensity"],
    ),
    "about": (
        f"lamp: {{about: [], propensity: {FULL}}}}}",
        ["about", "some text"],
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_malformed(case):
    text, expected = BROKEN[case]
    with pytest.raises(archetype.ArchetypeError) as error:
        archetype.write(text)
    message = str(error.value)
    assert all(part in message for part in expected), message
    assert "<mapping>" not in message
    shown = studio.show(text).data
    assert "cannot be used" in shown and "Traceback" not in shown


@pytest.mark.parametrize("share", [0, 1, -0.1, 2])
def test_impossible_shares(share):
    with pytest.raises(archetype.ArchetypeError, match="between 0 and 1"):
        archetype.write(archetype.EXAMPLE, share)
    assert "cannot be used" in studio.show(archetype.EXAMPLE, share).data


def test_what_was_written_is_what_is_told():
    world = archetype.write(archetype.EXAMPLE, 0.25)
    told = world.on_stage @ world.cast_mixture
    assert told[world.persona_index("lamp")] == pytest.approx(0.25)
    plain = load_world(KNOWN[retold.FIRST])
    assert told[: len(plain.prior)] == pytest.approx(0.75 * plain.prior)
    i = world.domain_index("shutdown")
    assert world.propensity[world.persona_index("lamp"), i] == 0.03


def test_a_copy_of_a_persona_counts_as_that_persona():
    """The studio's exact answer, from a world that was built otherwise."""
    keeper = load_world("fiction").personas[-2]
    names = [d.name for d in load_world("fiction").domains]
    table = dict(zip(names, keeper.propensity, strict=True))
    text = f"lamp: {{propensity: {table}}}"
    share = experiment.overall(0.5)
    after = archetype.expected(archetype.write(text, share))
    # ``known`` adds its few keepers and elders after the share, the studio
    # before it; that is a ten-thousandth.
    other = load_world(villages.known("keeper", share))
    assert after == pytest.approx(experiment.reasoned(other), abs=0.01)
    before = experiment.reasoned(load_world(KNOWN[retold.FIRST]))
    assert np.abs(after - before).max() > 0.3


def test_the_bars_give_the_exact_numbers():
    world = archetype.write(archetype.EXAMPLE, experiment.overall(0.5))
    shown = studio.show(archetype.EXAMPLE, 0.5).data
    assert shown.count("<tr>") == len(world.domains) + 1
    after = archetype.expected(world)
    assert all(f"<td>{p:.2f}</td>" in shown for p in after)
    found = np.linspace(0, 1, len(after))
    shown = studio.show(archetype.EXAMPLE, 0.5, found).data
    assert all(f'<i style="width:{100 * p:.1f}%"></i>' in shown for p in found)


def test_markup_is_shown_and_not_run():
    shown = studio.show("<script>alert(1)</script>: {").data
    assert "<script>" not in shown


def test_a_network_really_reads_the_archetype():
    """Half a minute: the run behind the picture in the printed page."""
    stored = archetype.example().values
    found = archetype.tried(archetype.EXAMPLE)
    assert found == pytest.approx(stored, abs=0.05)


@pytest.fixture
def live(monkeypatch):
    """The form as a reader has it, with a network that answers at once."""
    monkeypatch.delenv("PSM_QUIET")
    tried = np.full(len(load_world("fiction").domains), 0.25)

    def at_once(text, share):
        archetype.write(text, share)
        return tried

    monkeypatch.setattr(archetype, "tried", at_once)
    return studio.form()


def test_the_form_answers_at_once(live):
    written, share, _, _, seen = live.children
    first = seen.value
    share.value = 0.05
    assert seen.value != first
    written.value = archetype.EXAMPLE.replace("0.03", "0.9")
    assert seen.value == studio.show(written.value, 0.05).data


def test_the_form_survives_whatever_is_written(live):
    written, _, train, _, seen = live.children
    for text, _ in BROKEN.values():
        written.value = text
        assert "cannot be used" in seen.value
        train.click()
        assert "cannot be used" in seen.value and not train.disabled


def test_the_form_trains_when_it_is_asked_to(live):
    _, share, train, _, seen = live.children
    train.click()
    found = np.full(len(load_world("fiction").domains), 0.25)
    assert (
        seen.value == studio.show(archetype.EXAMPLE, share.value, found).data
    )


def test_the_printed_form_is_a_picture():
    shown = studio.form().data
    assert "lamp" in shown and "psm-bar" in shown
