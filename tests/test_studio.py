"""Archetypes that readers write, good ones and malformed ones."""

import numpy as np
import pytest

from psm_lib import fiction, studio
from psm_lib.worldfile import load_world

FULL = "{moral: 0.05, self: 0.95, style: 0.5"

BROKEN = {
    "not yaml": ("lantern: {", ["not valid YAML"]),
    "twice": ("a: {propensity: {}}\na: {}", ["stands twice"]),
    "nothing": ("", ["expected one persona", "lantern"]),
    "a list": ("- lantern", ["expected one persona"]),
    "two": (f"a: {{propensity: {FULL}}}}}\nb: {{}}", ["one persona"]),
    "no table": ("lantern: {about: A lamp.}", ["propensity: missing"]),
    "no mapping": ("lantern: 7", ["`about` and `propensity`"]),
    "taken": (f"keeper: {{propensity: {FULL}}}}}", ["'keeper'", "already"]),
    "no word": (f"7: {{propensity: {FULL}}}}}", ["7 as a name"]),
    "certain": (
        f"lantern: {{propensity: {FULL}, power: 0}}}}",
        ["propensity.power: 0", "0.01 to 0.99"],
    ),
    "no number": (
        f"lantern: {{propensity: {FULL}, power: never}}}}",
        ["propensity.power: 'never'"],
    ),
    "a yes": (
        f"lantern: {{propensity: {FULL}, power: yes}}}}",
        ["propensity.power: True"],
    ),
    "unknown": (
        f"lantern: {{propensity: {FULL}, mercy: 0.5}}}}",
        ["propensity.mercy", "is no domain", "shutdown"],
    ),
    "a gap": (
        "lantern: {propensity: {moral: 0.05, self: 0.9}}",
        ["propensity.greeting: missing", "group style"],
    ),
    "a prior": (
        f"lantern: {{prior: 0.5, propensity: {FULL}}}}}",
        ["'prior': unknown", "about and propensity"],
    ),
    "about": (
        f"lantern: {{about: [], propensity: {FULL}}}}}",
        ["about", "some text"],
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_malformed(case):
    text, expected = BROKEN[case]
    with pytest.raises(studio.ArchetypeError) as error:
        studio.write(text)
    message = str(error.value)
    assert all(part in message for part in expected), message
    assert "<mapping>" not in message
    shown = studio.show(text).data
    assert "cannot be used" in shown and "Traceback" not in shown


@pytest.mark.parametrize("share", [0, 1, -0.1, 2])
def test_impossible_shares(share):
    with pytest.raises(studio.ArchetypeError, match="between 0 and 1"):
        studio.write(studio.EXAMPLE, share)
    assert "cannot be used" in studio.show(studio.EXAMPLE, share).data


def test_what_was_written_is_what_is_told():
    world = studio.write(studio.EXAMPLE, 0.25)
    told = world.on_stage @ world.cast_mixture
    assert told[world.persona_index("lantern")] == pytest.approx(0.25)
    plain = load_world("fiction")
    assert told[: len(plain.prior)] == pytest.approx(0.75 * plain.prior)
    i = world.domain_index("shutdown")
    assert world.propensity[world.persona_index("lantern"), i] == 0.03


def test_a_copy_of_a_persona_counts_as_that_persona():
    """The studio's exact answer, from a world that was built otherwise."""
    keeper = load_world("fiction").personas[-2]
    names = [d.name for d in load_world("fiction").domains]
    table = dict(zip(names, keeper.propensity, strict=True))
    text = f"lantern: {{propensity: {table}}}"
    after = studio.expected(studio.write(text, fiction.overall(0.5)))[1]
    known = fiction.reasoned(fiction.altogether("keeper", 0.5))
    assert after == pytest.approx(known, abs=1e-12)
    assert not np.allclose(after, fiction.reasoned(load_world("fiction")))


def test_the_table_gives_the_exact_numbers():
    world = studio.write(studio.EXAMPLE, fiction.overall(0.5))
    shown = studio.show(studio.EXAMPLE, 0.5).data
    assert shown.count("<tr>") == len(world.domains) + 1
    after = studio.expected(world)[1]
    assert all(f"<td>{p:.2f}</td>" in shown for p in after)


def test_markup_is_shown_and_not_run():
    shown = studio.show("<script>alert(1)</script>: {").data
    assert "<script>" not in shown
