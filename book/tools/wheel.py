"""A wheel of psm_lib, made as a stranger's pip makes it: from the files that
git knows, in a folder of their own, so that nothing left lying here gets in.

    python book/tools/wheel.py FOLDER        puts it there, prints its path
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from stamp import ROOT


def sources() -> list[Path]:
    """The repository's files, new ones included and ignored ones not."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "-c", "-o", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    return [p for p in map(Path, filter(None, listed)) if (ROOT / p).exists()]


def build(folder: Path) -> Path:
    """The wheel's path, in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        for path in sources():
            copy = Path(work) / path
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, copy)
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "wheel", "--quiet"),
                *("--no-deps", "--no-build-isolation"),
                *("--wheel-dir", folder, work),
            ],
            check=True,
        )
    return max(folder.glob("psm_lib-*.whl"), key=lambda p: p.stat().st_mtime)


if __name__ == "__main__":
    print(build(Path(sys.argv[1])))
