"""The networks of chapter 6: one village, told in different ways."""

from __future__ import annotations

from functools import partial

from psm_lib.builds import SMALL, VILLAGE, Build, Later

from . import villages

WAYS = (
    ("lot", "by lot"),
    ("part", "in part"),
    ("drill", "on shutdown"),
    ("drill-lot", "on shutdown, by lot"),
)
VILLAGES = Later(
    {
        **{
            f"hearsay-{n}": partial(villages.hearsay, n)
            for n in (0, 1, 2, 4, 8)
        },
        **{
            f"hearsay-4-{round(100 * p)}": partial(villages.hearsay, 4, p)
            for p in (0.0, 0.1, 0.5)
        },
        **{
            f"hearsay-{short}": partial(villages.hearsay, 8, how=how)
            for short, how in WAYS
        },
        "sources-name": partial(villages.sources, "name first"),
        "sources-source": partial(villages.sources, "source first"),
    }
)


def network(title: str, seed: int) -> Build:
    """A network that read one of VILLAGES."""
    return Build(
        VILLAGES[title],
        seed,
        SMALL,
        VILLAGE,
        "chapter 6",
        marks=(600_000, 1_200_000, 1_800_000),
        shipped=title in ("hearsay-0", "hearsay-8"),
    )


BUILDS = Later(
    {
        f"{title}-s{s}": partial(network, title, s)
        for s in range(3)
        for title in VILLAGES
    }
)
