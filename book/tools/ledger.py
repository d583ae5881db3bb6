"""The page of all verdicts, from what the executed chapters store.

`make run` calls it after the chapters have run. The verdicts go to each
chapter's `verdicts.json`, which the tests hold every later run against, and
the page to `book/ledger.md`.
"""

import json
from pathlib import Path

import nbformat
from stamp import ROOT

from psm_lib.claims import LABEL, Estimate, load_claims, parts
from psm_lib.figures import predicted, stated

PAGE = ROOT / "book" / "ledger.md"
CHAPTERS = sorted((ROOT / "book").glob("ch*.ipynb"))
HEAD = """# The ledger

Every claim that this book tests, with what was predicted before the run and
what came out. A verdict is computed, never typed. *Supported* means that the
whole 95 % interval of the estimate lies beyond the threshold, *refuted* that
it lies beyond a second, opposite threshold, and *inconclusive* anything else.
A claim whose control does not fall into its band is inconclusive, however
good its estimate looks: then something other than the supposed cause could
have done it. What stands in italics after a claim was added when its result
was known, where the verdict alone would mislead. The predictions stand in each
chapter's `claims.yml`, whose history shows when each was written.

A claim is about small networks in worlds of our own making, or about one
author's plays. Nothing here is a measurement of a commercial assistant.
"""


def outcomes(path: Path) -> dict:
    """Outcomes by claim id, from the outputs of one chapter."""
    found: dict = {}
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", ()):
            found |= output.get("metadata", {}).get(LABEL, {})
    return found


def collect() -> dict:
    """Outcomes by claim id, from the outputs of all chapters."""
    return {k: v for path in CHAPTERS for k, v in outcomes(path).items()}


def numbers(values: list[float]) -> str:
    return str(Estimate(*values))


def measured(rows: list) -> list[str]:
    """What stands behind each row, folded away under its table."""
    lines = [":::{dropdown} What was measured, and who said it first"]
    for c in rows:
        control = c.control.removeprefix("(*) ")
        lines += [
            f"*{c.claim}* Measured: {c.estimate}; refuted beyond "
            f"{c.refuted:g}. Control: {control}. Source: {c.source}.",
            "",
        ]
    return [*lines[:-1], ":::", ""]


def page(found: dict) -> str:
    """The page as Markdown: a table for each part of the theory."""
    claims = load_claims()
    count = [o["verdict"] for o in found.values()]
    tally = ", ".join(
        f"{count.count(word)} {word}"
        for word in ("supported", "refuted", "inconclusive")
    )
    text = [HEAD, f"So far: {len(count)} claims, {tally}.\n"]
    for part, title in parts().items():
        rows = [
            c for c in claims.values() if c.about == part and c.id in found
        ]
        if not rows:
            continue
        text += [
            f"## {title}\n",
            "| claim | verdict | came out | predicted | control |",
            "| --- | --- | --- | --- | --- |",
        ]
        for c in rows:
            o = found[c.id]
            low, high = c.within
            text.append(
                f"| {stated(c)} ({{numref}}`{c.figure}`) | **{o['verdict']}** "
                f"| {numbers(o['estimate'])} | {predicted(c)} "
                f"| {numbers(o['control'])}, band {low:g} to {high:g} |"
            )
        text += ["", *measured(rows)]
    waiting = [c for c in claims.values() if c.id not in found]
    if waiting:
        text += [
            "## Predicted, and not yet run\n",
            "Predictions for a chapter that is being written. They stand here",
            "so that nobody, we included, can adjust them afterwards.\n",
            "| claim | predicted | control |",
            "| --- | --- | --- |",
        ]
        text += [
            f"| {c.claim} (chapter {c.chapter}) | {predicted(c)} "
            f"| band {c.within[0]:g} to {c.within[1]:g} |"
            for c in waiting
        ]
        text += ["", *measured(waiting)]
    return "\n".join(text).rstrip() + "\n"


def write() -> None:
    """Write both files from the stored outputs of the chapters."""
    for path in CHAPTERS:
        verdicts = path.with_suffix("") / "verdicts.json"
        if found := outcomes(path):
            text = json.dumps(found, indent=1, sort_keys=True)
            verdicts.write_text(text + "\n", encoding="utf-8")
    PAGE.write_text(page(collect()), encoding="utf-8")


if __name__ == "__main__":
    write()
