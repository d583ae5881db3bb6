"""Execute the chapters afresh and store what they write: `make run`.

Every notebook runs in its own fresh kernel, two side by side, under a time
limit. What is stored is then the same on every machine as far as it can be:
no timings, no widget or machine metadata, no paths, streams merged. A
notebook that breaks a rule is not written, and the rule is named.

    python book/tools/run.py                 all chapters
    python book/tools/run.py ch01 ch02       those whose name starts so
    python book/tools/run.py --check         execute, write nothing
"""

import argparse
import asyncio
import base64
import os
import re
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import budget
import colab
import ledger
import nbformat
from first_cell import first_cell, is_first_cell
from jupyter_client import AsyncKernelManager
from nbclient import NotebookClient
from stamp import ROOT, shared_hash, stamp_of

LIMIT = 600  # seconds for one notebook, start of the kernel included
FIGURE_BYTES = 100_000
OUTPUT_BYTES = 500_000  # all outputs of one notebook
QUIET = {
    "PSM_QUIET": "1",
    "PSM_DEVICE": "cpu",
    "OMP_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "HF_HUB_OFFLINE": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
# Nothing of the machine may reach a page. Hex numbers are object addresses.
FORBIDDEN = {
    "an absolute path": r"(?:/tmp|/home|/root|/Users|/var)/|[A-Z]:\\\\?Users",
    "an object address": r"\b0x[0-9a-fA-F]{8,}\b",
    "a speed or a progress bar": r"\d(?:it/s|s/it)\b",
}


async def execute(
    notebook,
    folder: Path,
    python: Path | str = sys.executable,
    environment: Mapping[str, str] = os.environ,
):
    """Run all cells of `notebook` in place, in a kernel of this Python or
    another."""
    manager = AsyncKernelManager(kernel_name="python3")
    # Not some other "python3" that the user has registered.
    manager.kernel_spec.argv[0] = str(python)
    manager.kernel_spec.argv.append("--log-level=ERROR")
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=LIMIT,
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
    )
    env = {**environment, **QUIET}
    await asyncio.wait_for(client.async_execute(env=env), LIMIT)


def merge_streams(outputs: list) -> list:
    """Neighbouring pieces of the same stream become one output."""
    merged = []
    for output in outputs:
        last = merged[-1] if merged else {}
        if output["output_type"] == "stream" == last.get("output_type") and (
            output["name"] == last["name"]
        ):
            last["text"] += output["text"]
        else:
            merged.append(output)
    return merged


def normalise(notebook):
    """Drop what differs between machines and runs."""
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {
                "display_name": "Python 3",
                "language": "python",
                "name": "python3",
            },
            "language_info": {
                "file_extension": ".py",
                "mimetype": "text/x-python",
                "name": "python",
                "pygments_lexer": "ipython3",
            },
        }
    )
    for cell in notebook.cells:
        for key in ("execution", "ExecuteTime", "collapsed", "scrolled"):
            cell.metadata.pop(key, None)
        if cell.cell_type == "code":
            cell.outputs = merge_streams(cell.outputs)


def output_texts(cell):
    """All text of a cell's outputs, pictures left out."""
    for output in cell.outputs:
        if output["output_type"] == "stream":
            yield output["text"]
        for mime, content in output.get("data", {}).items():
            if not mime.startswith("image/"):
                yield content if isinstance(content, str) else str(content)


def pictures(cell):
    """The sizes in bytes of a cell's PNG pictures."""
    for output in cell.outputs:
        for mime, content in output.get("data", {}).items():
            if mime.endswith("image/png"):
                yield len(base64.b64decode(content))


def problems(notebook) -> list[str]:
    """What keeps an executed notebook from being stored, as sentences."""
    found = []
    total = 0
    for number, cell in enumerate(
        (c for c in notebook.cells if c.cell_type == "code"), start=1
    ):
        where = f"code cell {number}"
        for output in cell.outputs:
            if output.get("name") == "stderr":
                text = output["text"].strip()[:200]
                found.append(f"{where} writes to stderr: {text}")
        for text in output_texts(cell):
            total += len(text)
            patterns = FORBIDDEN | {"this folder": re.escape(str(ROOT))}
            for what, pattern in patterns.items():
                match = re.search(pattern, text)
                if match:
                    near = text[max(0, match.start() - 20) :][:80]
                    found.append(f"{where} shows {what}: {near!r}")
        for size in pictures(cell):
            total += size
            if size > FIGURE_BYTES:
                found.append(
                    f"{where} has a figure of {size // 1000} kB,"
                    f" at most {FIGURE_BYTES // 1000} are allowed"
                )
    if total > OUTPUT_BYTES:
        found.append(
            f"its outputs are {total // 1000} kB,"
            f" at most {OUTPUT_BYTES // 1000} are allowed"
        )
    return found


def run(path: Path, shared: str, write: bool) -> tuple[float, list[str]]:
    """Execute one notebook; seconds, and what is wrong with it."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code" and is_first_cell(cell.source):
            cell.source = first_cell()
            # of use in Colab, of none on the page
            cell.metadata["tags"] = ["remove-cell"]
    start = time.perf_counter()
    try:
        asyncio.run(execute(notebook, path.parent))
    except TimeoutError:
        return LIMIT, [f"did not finish within {LIMIT} s"]
    except Exception as error:  # the cell's own traceback is the message
        return time.perf_counter() - start, [str(error)]
    seconds = time.perf_counter() - start
    normalise(notebook)
    wrong = problems(notebook)
    if write and not wrong:
        notebook.metadata["psm"] = {"stamp": stamp_of(notebook, shared)}
        partial = path.with_suffix(".partial")
        nbformat.write(notebook, partial)
        os.replace(partial, path)  # never half a notebook
    return seconds, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("chapters", nargs="*", help="beginnings of names")
    parser.add_argument("--check", action="store_true", help="write nothing")
    arguments = parser.parse_args()
    chapters = sorted((ROOT / "book").glob("*.ipynb"))
    if arguments.chapters:
        chosen = tuple(arguments.chapters)
        chapters = [p for p in chapters if p.name.startswith(chosen)]
    if not chapters:
        sys.exit(f"no notebook in book/ begins with {arguments.chapters}")

    shared = shared_hash()
    failed = False
    times = {}
    with ProcessPoolExecutor(2) as pool:
        jobs = {
            pool.submit(run, path, shared, not arguments.check): path
            for path in chapters
        }
        print(f"running {len(jobs)} notebooks, two at a time ...", flush=True)
        for job in as_completed(jobs):
            seconds, wrong = job.result()
            state = "FAILED" if wrong else "ok"
            times |= {} if wrong else {jobs[job].stem: seconds}
            print(f"{seconds:6.1f} s  {state:6}  {jobs[job].name}", flush=True)
            for sentence in wrong:
                print(f"          {sentence}", flush=True)
            failed = failed or bool(wrong)
    if not arguments.check:
        ledger.write()
        budget.keep(times)
        colab.write()
    if failed:
        sys.exit("a notebook that FAILED was left as it was")


if __name__ == "__main__":
    main()
