"""The repository as students may have it: without the instructors' folder.

    python book/tools/student.py FOLDER

copies what git tracks, except for solutions, what is made from them, and the
tests that need them. Publish that folder; keep this repository private.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from stamp import ROOT

APART = (
    "book/instructors/",
    "book/tools/mutations.py",
    "tests/course/test_assignments.py",
    "tests/course/test_grading",
)


def export(target: Path, root: Path = ROOT) -> list[str]:
    """Copy into an empty or new folder; the names that were copied.

    Raises FileExistsError when there is something in it.
    """
    if target.exists() and any(target.iterdir()):
        raise FileExistsError(
            f"{target} is not empty; name a folder that is, or a new one"
        )
    tracked = subprocess.run(
        ["git", "ls-files"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    names = [n for n in tracked if not n.startswith(APART)]
    for name in names:
        copy = target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / name, copy)
    return names


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("error: name a folder, as in make student OUT=../course")
    try:
        print(f"{len(export(Path(sys.argv[1])))} files in {sys.argv[1]}")
    except FileExistsError as error:
        sys.exit(f"error: {error}")
