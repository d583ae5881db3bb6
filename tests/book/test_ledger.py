"""The page of verdicts: nothing in it that no chapter computed."""

import json

import ledger
import pytest

from psm_lib import claims
from psm_lib.claims import Estimate
from psm_lib.figures import stated

CLAIMS = claims.load_claims()
STORED = ledger.collect()


def estimate(values: list[float]) -> Estimate:
    return Estimate(*values)


def test_every_claim_of_a_chapter_that_stands_has_an_outcome():
    written = {int(p.name[2:4]) for p in ledger.CHAPTERS}
    ready = {c.id for c in CLAIMS.values() if c.chapter in written}
    assert set(STORED) == ready


@pytest.mark.parametrize("name", STORED)
def test_stored_verdicts_follow_from_stored_numbers(name):
    o = STORED[name]
    word = claims.verdict(
        CLAIMS[name], estimate(o["estimate"]), estimate(o["control"])
    )
    assert word == o["verdict"]


def test_page_and_file_are_those_of_the_chapters():
    again = "run `make run`, which writes both"
    assert claims.published() == STORED, again
    assert ledger.PAGE.read_text("utf-8") == ledger.page(STORED), again


def test_the_page_has_a_row_for_each_claim():
    text = ledger.page(STORED)
    for name, claim in CLAIMS.items():
        row, *more = (
            x
            for x in text.splitlines()
            if x.startswith(f"| {stated(claim)} (")
        )
        assert not more
        if name in STORED:
            assert f"{{numref}}`{claim.figure}`" in row
            assert f"| **{STORED[name]['verdict']}** |" in row
        else:
            assert f"(chapter {claim.chapter})" in row and "**" not in row


def test_what_was_remarked_afterwards_is_shown_beside_its_claim():
    text = ledger.page(STORED)
    remarked = [c for c in CLAIMS.values() if c.afterwards]
    assert remarked
    for claim in remarked:
        assert f"{claim.claim} *Afterwards: {claim.afterwards}* (" in text


def test_another_verdict_than_the_committed_one_is_noticed(
    tmp_path, monkeypatch
):
    claim = CLAIMS["history"]
    null = Estimate(0.0, 0.0, 0.0)
    good, bad = Estimate(0.9, 0.85, 0.95), Estimate(0.3, 0.2, 0.35)
    file = tmp_path / "verdicts.json"
    outcome = claims.settle(claim, good, null)
    assert str(outcome) == outcome.verdict == "supported"
    file.write_text(json.dumps({"history": claims.as_data(outcome)}))
    monkeypatch.setattr(claims, "files", lambda name: [file])
    monkeypatch.setenv("PSM_VERDICTS", "check")
    assert claims.settle(claim, good, null) == outcome
    with pytest.raises(AssertionError, match="comes out refuted.*make run"):
        claims.settle(claim, bad, null)
    monkeypatch.delenv("PSM_VERDICTS")
    assert claims.settle(claim, bad, null).verdict == "refuted"


def test_claims_belong_to_a_part_of_the_theory(tmp_path):
    file = tmp_path / "ch01_x" / "claims.yml"
    file.parent.mkdir()
    file.write_text(
        "parts: {statement: S}\nx: {about: magic, above: 1, within: [0, 1]}\n"
    )
    with pytest.raises(
        ValueError, match="'magic'; expected one of.*statement"
    ):
        claims.load_claims([file])
