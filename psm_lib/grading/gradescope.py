"""What runs in Gradescope's container, for one submission at a time.

    python -m psm_lib.grading.gradescope /autograder

reads ``source/`` (what ``autograder.py`` packed) and ``submission/``, and
writes ``results/results.json``. The container is the cage. Within it a
submission runs as a user without rights, where the system allows it, so that
it reads neither the seed nor the private checks and writes no results.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path

import psutil

from psm_lib.grading import walls
from psm_lib.grading.feedback import gradescope
from psm_lib.grading.grade import AGAIN, one, plan
from psm_lib.grading.handed import alone
from psm_lib.machinery.disk import write_whole

SETTINGS, ASSIGNMENT, PRIVATE = "psm.json", "assignment.ipynb", "private.py"
CGROUP = Path("/sys/fs/cgroup/memory.max")
SHARE = 0.7  # of a container's memory that a submission may take


def memory_mb() -> int:
    """How much a submission may take here, in MB."""
    most = psutil.virtual_memory().total
    with contextlib.suppress(OSError, ValueError):  # "max", or no such file
        most = min(most, int(CGROUP.read_text()))
    return min(walls.Limits().memory_mb, int(SHARE * most / walls.MB))


def grade_here(root: Path) -> Path:
    """Grade what is in ``root``; the file of results.

    Raises OSError when the machine failed, so that Gradescope says so and
    gives no 0 for it.
    """
    source, results = root / "source", root / "results"
    results.mkdir(exist_ok=True)
    for folder in (source, results):
        folder.chmod(0o700)
    settings = json.loads((source / SETTINGS).read_text("utf-8"))
    private = source / PRIVATE
    asked = plan(
        source / ASSIGNMENT,
        settings["seed"],
        private if private.exists() else None,
        bare=True,
        limits=walls.Limits(memory_mb=memory_mb()),
    )
    handed = alone(root / "submission", asked.numbers, "submission")
    result = one(handed, asked)
    if result.status.startswith(AGAIN):
        raise OSError(f"the submission {result.status}")
    file = results / "results.json"
    write_whole(file, json.dumps(gradescope(result), indent=1) + "\n")
    return file


def main(argv: list[str]) -> int:
    """Grade, and say in the log what an instructor may want to know."""
    root = Path(argv[1] if len(argv) > 1 else "/autograder")
    if os.geteuid() == 0 and not walls.lowered():
        print("note: submissions run as root here, and can read the seed")
    try:
        print(grade_here(root))
    except (OSError, ValueError, LookupError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
