"""Where the packages lie: the chapters' code is in book/, beside its pages.

All else about the package stands in pyproject.toml.
"""

from setuptools import find_packages, setup

LIBRARY, CHAPTERS = "psm_lib", "psm_lib.chapters"
OWN = [f"{CHAPTERS}.{name}" for name in find_packages("book", include=["ch*"])]

setup(
    packages=[
        *find_packages(include=[LIBRARY, f"{LIBRARY}.*"]),
        *(CHAPTERS, *OWN),
    ],
    package_dir={CHAPTERS: "book"},
    package_data={
        LIBRARY: ["worlds/*", "checkpoints/**/*"],
        f"{LIBRARY}.worldfile": ["*.yml"],
        f"{LIBRARY}.results": ["*.npz"],
        f"{LIBRARY}.web": ["*.npz"],
        f"{LIBRARY}.web.live": ["*.js"],
        **{name: ["*.yml", "*.json", "*.npz"] for name in OWN},
    },
)
