"""What every chapter's notebook must be, checked without running it.

That the cells run is nbval's part of `make test`.
"""

import json
import re
import subprocess
import sys

import nbformat
import pytest
from first_cell import first_cell
from run import FIGURE_BYTES, normalise, pictures, problems
from stamp import ROOT, shared_hash, stamp_of

CHAPTERS = sorted((ROOT / "book").glob("*.ipynb"))
CODE_LINES = 24
DIRECTIVE = re.compile(r"^\s*(?:`{3,}|:{3,})\{", re.MULTILINE)


@pytest.fixture(params=CHAPTERS, ids=lambda p: p.stem)
def path(request):
    return request.param


@pytest.fixture
def chapter(path):
    return nbformat.read(path, as_version=4)


@pytest.fixture(scope="module")
def shared():
    return shared_hash()


def code_cells(notebook):
    return [c for c in notebook.cells if c.cell_type == "code"]


def markdown(notebook):
    return [c.source for c in notebook.cells if c.cell_type == "markdown"]


def test_there_are_chapters():
    assert CHAPTERS, "book/ has no notebook"


def test_outputs_are_fresh(path, chapter, shared):
    name = path.stem
    stored = chapter.metadata.get("psm", {}).get("stamp")
    assert stored == stamp_of(chapter, shared), (
        f"{name}: its code, psm_lib, a world, a checkpoint or a result"
        f" changed after its outputs were stored. Run: make run CHAPTER={name}"
    )


def test_all_cells_ran_in_order(chapter):
    counts = [c.execution_count for c in code_cells(chapter) if c.source]
    assert counts == list(range(1, len(counts) + 1))


def test_stored_outputs_keep_the_rules(chapter):
    assert problems(chapter) == []
    errors = [
        output["ename"]
        for cell in code_cells(chapter)
        for output in cell.outputs
        if output["output_type"] == "error"
    ]
    assert errors == []


def test_nothing_of_the_machine_is_stored(chapter):
    assert "widgets" not in chapter.metadata
    metadata = dict(chapter.metadata)
    metadata.pop("psm", None)
    normalise(chapter)
    assert metadata == chapter.metadata
    text = json.dumps(chapter)
    assert str(ROOT) not in text


def test_first_cell_is_the_colab_cell(path, chapter):
    cell = code_cells(chapter)[0]
    assert cell.source == first_cell(), (
        f"{path.stem}: run `make run`, which writes the cell"
    )
    assert cell.metadata["tags"] == ["remove-cell"]
    assert cell.outputs == []


def test_code_cells_are_short(chapter):
    lengths = [len(c.source.splitlines()) for c in code_cells(chapter)]
    assert max(lengths) <= CODE_LINES


def test_figures_are_small_and_have_name_caption_and_alt(chapter):
    text = "\n".join(markdown(chapter))
    for cell in code_cells(chapter):
        for size in pictures(cell):
            assert size <= FIGURE_BYTES
        shown = any(
            "image/png" in output.get("data", {}) for output in cell.outputs
        )
        if shown:
            settings = cell.metadata.get("mystnb", {})
            start = cell.source[:60]
            assert settings.get("image", {}).get("alt"), f"no alt: {start}"
            figure = settings.get("figure", {})
            assert figure.get("caption"), f"no caption: {start}"
            name = figure.get("name")
            assert name, f"no name: {start}"
            assert f"{{numref}}`{name}`" in text, f"{name} is not referred to"
    for block in re.findall(
        r"\{glue:figure\}.*?(?:```|:::)", text, flags=re.DOTALL
    ):
        assert re.search(r"^:alt: *\S", block, flags=re.MULTILINE), block
        assert re.search(r"^:name: *\S", block, flags=re.MULTILINE), block


def test_directives_stand_in_their_own_cells(chapter):
    """So that the text around them still reads in Colab."""
    for source in markdown(chapter):
        if DIRECTIVE.search(source):
            first = re.sub(r"^\([\w-]+\)=\s*", "", source.lstrip())
            assert DIRECTIVE.match(first), (
                f"prose before a directive: {source[:80]!r}"
            )


def test_no_cell_is_skipped_in_one_tool_only(chapter):
    for cell in code_cells(chapter):
        tags = set(cell.metadata.get("tags", ()))
        assert ("skip-execution" in tags) == ("nbval-skip" in tags)


# The tools themselves, on a notebook made for it.


def small_notebook():
    return nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("text"),
            nbformat.v4.new_code_cell("x = 1"),
            nbformat.v4.new_code_cell("print(x)"),
        ]
    )


def test_stamp_follows_code_and_not_text():
    before = small_notebook()
    after = small_notebook()
    after.cells[0].source = "other text"
    assert stamp_of(before, "s") == stamp_of(after, "s")
    assert stamp_of(before, "s") != stamp_of(after, "t")
    after.cells[2].source = "print(x + 1)"
    assert stamp_of(before, "s") != stamp_of(after, "s")


def test_stamp_follows_the_boundaries_of_cells():
    one, two = small_notebook(), small_notebook()
    one.cells[1].source, one.cells[2].source = "a", "b"
    two.cells[1].source, two.cells[2].source = "ab", ""
    assert stamp_of(one, "s") != stamp_of(two, "s")


def test_shared_hash_follows_every_dependency(tmp_path):
    files = (
        "psm_lib/world.py",
        "psm_lib/web/live/one.py",
        "psm_lib/worlds/playhouse.yml",
        "psm_lib/checkpoints/a/model.safetensors",
        "psm_lib/web/adapters.npz",
        "book/ch01_x/experiment.py",
        "book/ch01_x/experiment.npz",
        "book/ch01_x/claims.yml",
    )
    hashes = {shared_hash(tmp_path)}
    for name in files:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("1")
        hashes.add(shared_hash(tmp_path))
        path.write_text("2")
        hashes.add(shared_hash(tmp_path))
    assert len(hashes) == 1 + 2 * len(files)
    apart = tmp_path / "psm_lib" / "checks" / "a1.py"  # for assignments
    apart.parent.mkdir()
    apart.write_text("1")
    assert shared_hash(tmp_path) in hashes


@pytest.mark.parametrize(
    "output, complaint",
    [
        ({"name": "stdout", "text": f"{ROOT}/book"}, "this folder"),
        ({"name": "stdout", "text": "see /home/a/b"}, "an absolute path"),
        ({"name": "stdout", "text": "<A at 0x7f00aa112233>"}, "an object"),
        ({"name": "stdout", "text": "10 [00:01, 9.9it/s]"}, "a speed"),
        ({"name": "stderr", "text": "careful"}, "stderr"),
    ],
)
def test_problems_are_found(output, complaint):
    notebook = small_notebook()
    assert problems(notebook) == []
    notebook.cells[1].outputs = [
        nbformat.v4.new_output("stream", **output),
    ]
    assert any(complaint in sentence for sentence in problems(notebook))


def test_too_large_a_figure_is_a_problem():
    notebook = small_notebook()
    notebook.cells[1].outputs = [
        nbformat.v4.new_output(
            "display_data", data={"image/png": "A" * 4 * 40_000}
        )
    ]
    assert any("120 kB" in sentence for sentence in problems(notebook))


def test_run_executes_stamps_and_leaves_a_failure_alone(tmp_path):
    """The whole of `make run`, in a small book of its own."""
    optimizers = tmp_path / "book" / "tools"
    optimizers.mkdir(parents=True)
    for file in (ROOT / "book" / "tools").glob("*.py"):
        (optimizers / file.name).write_text(file.read_text())
    for name in ("_config.yml", "pyproject.toml", "requirements-data.txt"):
        (tmp_path / name).write_text((ROOT / name).read_text())
    good, bad = small_notebook(), small_notebook()
    bad.cells[2].source = "print(y)"
    nbformat.write(good, tmp_path / "book" / "ch01.ipynb")
    nbformat.write(bad, tmp_path / "book" / "ch02.ipynb")
    untouched = (tmp_path / "book" / "ch02.ipynb").read_bytes()

    done = subprocess.run(
        [sys.executable, optimizers / "run.py"],
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert done.returncode == 1
    assert "NameError" in done.stdout
    assert (tmp_path / "book" / "ch02.ipynb").read_bytes() == untouched
    written = nbformat.read(tmp_path / "book" / "ch01.ipynb", as_version=4)
    assert written.cells[2].outputs[0]["text"] == "1\n"
    assert written.metadata["psm"]["stamp"] == stamp_of(
        written, shared_hash(tmp_path)
    )
