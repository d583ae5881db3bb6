"""Where the book's repository is, as _config.yml says."""

from pathlib import Path
from urllib.parse import urlsplit

import yaml
from stamp import ROOT


def checked(url: str) -> str:
    """An address without what may follow it.

    Raises ValueError for what is no repository that Colab can open.
    """
    address = urlsplit(url.strip().removesuffix(".git"))
    parts = address.path.strip("/").split("/")
    known = address.scheme == "https" and address.netloc == "github.com"
    if not known or len(parts) != 2 or not all(parts):
        raise ValueError(
            f"{url!r} is no repository that Colab can open; expected "
            "https://github.com/OWNER/NAME"
        )
    return f"https://github.com/{parts[0]}/{parts[1]}"


def settings(root: Path = ROOT) -> dict:
    """The repository's entry in _config.yml."""
    text = (root / "_config.yml").read_text(encoding="utf-8")
    return yaml.safe_load(text)["repository"]


def colab(root: Path = ROOT) -> str:
    """Where Colab finds the repository's files, with a slash at the end."""
    repository = settings(root)
    name = urlsplit(checked(repository["url"])).path
    return (
        "https://colab.research.google.com/github"
        f"{name}/blob/{repository['branch']}/"
    )
