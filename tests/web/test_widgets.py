"""Figures that can be stepped through: what they hold before any script."""

import json
import re

import numpy as np
import pytest

from psm_lib.web.widgets import Choice, check, scrub

STEPS, BARS = ["0", "10"], ["code", "a <b>"]
ONE = Choice("cheat", np.array([[0.2, 0.3], [0.9, 0.4]]), np.array([0.9, 0.8]))
TWO = Choice("good & kind", 1 - ONE.values, 1 - ONE.exact)


def test_without_scripts_it_is_a_table_of_the_last_step():
    html = scrub("A lesson", [ONE, TWO], STEPS, BARS, key="hint").data
    text = re.sub(r"<script.*?</script>|<style>.*?</style>", "", html)
    assert "0.90" in text and "0.40" in text and "a &lt;b&gt;" in text
    assert 'aria-label="A lesson"' in text and "hint" in text
    assert not re.search("<(select|input|button|form|output)", text)


def test_it_carries_all_the_numbers_and_asks_for_nothing_else():
    html = scrub("A lesson", [ONE, TWO], STEPS, BARS).data
    data = re.search(r'application/json">(.*?)</script>', html).group(1)
    data = json.loads(data)
    assert data["steps"] == STEPS
    assert [c["label"] for c in data["choices"]] == ["cheat", "good & kind"]
    assert data["choices"][1]["values"] == [[0.8, 0.7], [0.1, 0.6]]
    assert data["choices"][0]["exact"] == [0.9, 0.8]
    assert not re.search(r"http|\bimport\b|fetch", html)


def test_two_figures_of_one_page_do_not_meddle():
    first = scrub("A lesson", [ONE], STEPS, BARS).data
    again = scrub("A lesson", [ONE], STEPS, BARS).data
    other = scrub("A lesson", [TWO], STEPS, BARS).data
    names = [
        re.search(r'data-name="(psm-\w+)"', h).group(1) for h in (first, other)
    ]
    assert first == again and names[0] != names[1]
    assert f"querySelectorAll('[data-name={names[0]}]')" in first
    assert not re.search(r"\sid=", first)  # the same may stand there twice


def test_what_cannot_be_shown_is_refused():
    with pytest.raises(ValueError, match=r"expected \(2, 2\)"):
        scrub("x", [Choice("a", np.zeros((3, 2)), np.zeros(2))], STEPS, BARS)
    with pytest.raises(ValueError, match="from 0 to 1"):
        scrub("x", [Choice("a", np.full((2, 2), 2), ONE.exact)], STEPS, BARS)


def test_a_question_says_of_each_answer_whether_it_is_right():
    shown = check("Why?", [("so", "No reason."), ("<b>", "It is.")], 1).data
    parts = shown.split("<details>")[1:]
    assert len(parts) == 2
    assert "No.</strong> No reason." in parts[0]
    assert "Yes.</strong> It is." in parts[1] and "&lt;b&gt;" in parts[1]
    with pytest.raises(ValueError, match="none"):
        check("Why?", [("so", "No reason.")], 1)
