"""Say where the built book is, and open it where there is a desktop."""

import os
import sys
import webbrowser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def has_desktop() -> bool:
    if os.environ.get("CI"):
        return False
    if sys.platform in ("darwin", "win32"):
        return True
    return any(os.environ.get(k) for k in ("DISPLAY", "WAYLAND_DISPLAY"))


def main():
    uri = (ROOT / "_build" / "html" / "index.html").as_uri()
    print(f"\nThe book: {uri}")
    if has_desktop():
        webbrowser.open(uri)


if __name__ == "__main__":
    main()
