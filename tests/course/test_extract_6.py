"""What assignment 6 reads is what chapter 6 has stored."""

import numpy as np
import pytest

from psm_lib import results
from psm_lib.checks import a6


@pytest.fixture(scope="module")
def extract():
    with np.load(a6.stored_numbers("hearsay")) as file:
        return dict(file)


def test_every_array_of_the_extract_is_a_table_of_the_chapter(extract):
    stored = results.load("ch06_hearsay")
    assert len(extract) == 12
    for key, old in extract.items():
        title, number = key.split(": ")
        table = stored.sel(number, world=title)
        assert np.array_equal(old.astype(float), table.values), key
