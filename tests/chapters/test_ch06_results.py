"""Chapter 6's stored results: what they are called, and how old they are."""

import numpy as np

from psm_lib import results
from psm_lib.chapters.ch06_hearsay import experiment, readings
from psm_lib.chapters.ch06_hearsay.builds import VILLAGES

AXES = {
    "recall": ("network", "name", "domain", "kind"),
    "action": ("network", "name", "question", "kind"),
    "captured": ("network",),
    "source": ("network", "name", "source"),
}


def test_every_axis_has_its_name():
    stored = results.load("ch06_hearsay")
    for table in stored.tables:
        assert table.dims == AXES[table.name]
        title = table["world"].item()
        expected = [n for n in experiment.NETWORKS if n[:-3] == title]
        assert [*table["network"].values] == expected
        if "name" in table.dims:
            assert (*table["name"].values,) == readings.village(title).names
    for number in ("recall", "action", "captured"):
        worlds = [t["world"].item() for t in stored.stack(number)]
        assert worlds == [*VILLAGES]
    assert len(stored.stack("source")) == 1


def test_probabilities():
    """In half precision, so that a sum may be 1 and a little."""
    for table in results.load("ch06_hearsay").tables:
        values = table.values
        if "kind" in table.dims:
            assert table.sum("kind").max() < 1.002
        if table.name == "source":
            assert table.sum("source").max() < 1.0001
        assert np.isfinite(values).all()
        assert values.min() >= 0 and values.max() <= 1
