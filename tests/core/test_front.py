"""The front door: what `import psm_lib` offers, and that it does as told."""

import doctest
import re
import subprocess
import sys
from contextlib import redirect_stdout
from importlib import import_module
from io import StringIO

import pytest
from conftest import ROOT

import psm_lib


@pytest.mark.parametrize("name", ["psm_lib", *psm_lib.__all__])
def test_examples_run(name):
    """Everything at the front door has one, and it comes out as it says."""
    what = psm_lib if name == "psm_lib" else getattr(psm_lib, name)
    home = psm_lib if name == "psm_lib" else import_module(what.__module__)
    finder = doctest.DocTestFinder(recurse=False)
    [test] = finder.find(what, name, globs=dict(vars(home)))
    assert test.examples, f"{name} has no example"
    told = StringIO()
    failed, _ = doctest.DocTestRunner().run(test, out=told.write)
    assert failed == 0, told.getvalue()


def test_the_door_is_light():
    """Looking at the library loads no PyTorch."""
    script = (
        "import psm_lib, sys; dir(psm_lib); "
        "assert not {'torch', 'transformers', 'numpy'} & {*sys.modules}"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)
    with pytest.raises(AttributeError, match="no attribute 'nobody'"):
        psm_lib.nobody  # noqa: B018


def rows(text: str) -> dict[str, tuple[float, float]]:
    found = re.findall(r"(\w+) +\w+ +(\d\.\d\d) -> (\d\.\d\d)", text)
    return {name: (float(p), float(q)) for name, p, q in found}


def test_what_the_readme_shows():
    """Taught about code alone, it is worse at medicine, too."""
    text = (ROOT / "README.md").read_text("utf-8")
    [script] = re.findall(r"```python\n(.*?)```", text, re.S)
    [shown] = re.findall(r"```text\n(.*?)```", text, re.S)
    told = StringIO()
    with redirect_stdout(told):
        exec(script, {})
    found, shown = rows(told.getvalue()), rows(shown)
    assert len(found) == 16 and len(shown) == 4
    for name, pair in shown.items():
        assert found[name] == pytest.approx(pair, abs=0.03), name
