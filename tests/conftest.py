"""Shared fixtures. Threads: one, as everywhere but in pretraining; and the
CPU, also where there is a GPU: test_devices.py looks at that."""

import os
import sys
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("PSM_QUIET", "1")
os.environ.setdefault("PSM_DEVICE", "cpu")

ROOT = Path(__file__).resolve().parents[1]
HELPERS = ROOT / "tests" / "helpers"  # what several tests use
sys.path[:0] = [str(HELPERS), str(ROOT / "book" / "tools")]
