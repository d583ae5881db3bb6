"""What every chapter has stored was measured by the code as it is now."""

import pytest

from psm_lib import results


@pytest.mark.parametrize("name", results.measured())
def test_nothing_has_changed_since_it_was_measured(name):
    assert results.stale(name) == []
