"""Release the version that pyproject.toml names: `make release`.

Gives the version its date in CHANGELOG.md and CITATION.cff, which lets the
first cell of every notebook pin its tag, commits that and makes the tag.
Nothing has to be executed again. What is left to do is printed: to push.
Refuses where files are changed, the tag exists, or the changelog does not
wait for this version.

    python book/tools/release.py
"""

import re
import subprocess
import sys
from datetime import date

import address
import colab
from first_cell import ROOT, unreleased, version


def git(*words: str) -> str:
    """What a git command in the repository prints."""
    return subprocess.run(
        ["git", *words], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()


def release(today: str) -> str:
    """Make the release; returns its tag. Raises ValueError with the reason
    why nothing was done."""
    tag, changelog = f"v{version()}", ROOT / "CHANGELOG.md"
    text = changelog.read_text(encoding="utf-8")
    if git("status", "--porcelain"):
        raise ValueError("files are changed; commit them first")
    if git("tag", "--list", tag):
        raise ValueError(f"{tag} exists; raise the version in pyproject.toml")
    if unreleased() not in text.splitlines():
        raise ValueError(f"CHANGELOG.md has no heading {unreleased()!r}")
    dated = unreleased().replace("unreleased", today)
    changelog.write_text(text.replace(unreleased(), dated), encoding="utf-8")
    citation = ROOT / "CITATION.cff"
    text = citation.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^version: .*", f"version: {version()}", text)
    text = re.sub(r"(?m)^date-released: .*", f"date-released: {today}", text)
    citation.write_text(text, encoding="utf-8")
    address.write()
    colab.write()
    git("commit", "--all", "--message", f"Release {version()}")
    git("tag", "--annotate", tag, "--message", f"Release {version()}")
    return tag


if __name__ == "__main__":
    try:
        tag = release(date.today().isoformat())
    except ValueError as error:
        sys.exit(f"error: {error}")
    print(f"{tag} is made. Publish it with:  git push origin HEAD {tag}")
