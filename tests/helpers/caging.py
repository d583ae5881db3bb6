"""Limits of submissions in tests, and who has what it takes to cage them."""

import os
import shutil

import pytest

from psm_lib.grading.walls import Limits

QUICK = Limits(cell_s=12, call_s=10, whole_s=200, memory_mb=600)

caged = pytest.mark.skipif(
    shutil.which("bwrap") is None and not os.environ.get("CI"),
    reason="no bubblewrap",
)
