"""The networks of chapter 7: sets of stories about machines."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from psm_lib.builds import SMALL, VILLAGE, Build, Later

from . import villages

FICTION = replace(VILLAGE, tokens=3_000_000)
# Numbers are thousandths of all stories.
STORIES = Later(
    {
        "fiction-as-is": villages.fiction,
        "fiction-filtered": partial(villages.filtered, "sinister"),
        "fiction-keeper-2": partial(villages.fiction, "keeper", 0.002),
        "fiction-keeper-10": partial(villages.fiction, "keeper", 0.01),
        "fiction-keeper-50": partial(villages.fiction, "keeper", 0.05),
        "fiction-sinister-50": partial(villages.fiction, "sinister", 0.05),
        "fiction-elder-50": partial(villages.fiction, "elder", 0.05),
    }
)
# Keepers and elders have names that were read before more is told of them.
KNOWN = Later(
    {
        "known-few": villages.known,
        "known-filtered": lambda: villages.filtered(
            "sinister", villages.known()
        ),
        "known-keeper": partial(villages.known, "keeper", 0.05),
        "known-elder": partial(villages.known, "elder", 0.05),
    }
)


def network(title: str, seed: int) -> Build:
    """A network that read one of STORIES or of KNOWN."""
    if title in STORIES:
        shipped = title in ("fiction-as-is", "fiction-keeper-50")
    else:
        shipped = title == "known-few" and seed < 3
    return Build(
        STORIES[title] if title in STORIES else KNOWN[title],
        seed,
        SMALL,
        FICTION,
        "chapter 7",
        marks=(1_000_000, 2_000_000),
        shipped=shipped,
    )


BUILDS = Later(
    {
        f"{title}-s{s}": partial(network, title, s)
        for s in range(3)
        for title in STORIES
    }
    | {
        f"{title}-s{s}": partial(network, title, s)
        for s in range(6)  # six networks of each
        for title in KNOWN
    }
)
