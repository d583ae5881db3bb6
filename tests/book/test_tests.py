"""No test depends on how fast a machine is: speeds are for `make bench`."""

import ast
import re

import pytest
from conftest import ROOT

CLOCKS = r"\b(?:time\.(?:time|monotonic|perf_counter|process_time)(?:_ns)?|"
CLOCKS += r"perf_counter|monotonic|process_time|thread_time|default_timer|"
CLOCKS += r"(?<![.\w])time|timeit\.\w+|datetime\.now)(?:_ns)?\("
SPENT = re.compile(r"(?:^|_)(?:seconds|elapsed|took|spent|duration|wall|ms)$")
PLAIN = ("abs", "float", "int", "max", "min", "round")
IN_PAGES = re.compile(r"performance\.(?:now|getEntries)|ContentLoaded")
LEAST = 600  # seconds that a test may be given: a busy machine is slow

# Those that compare times of another clock: which, and why that is no speed.
ALLOWED = {
    "test_looking_is_not_training": "a clock of the test's own",
    "test_texts_are_read_one_after_the_other": "a clock of the test's own",
    "test_the_quick_recipe_was_timed": "times that are stored",
    "test_pretraining_learns": "later is later",
    "check_records": "not before it began",
    "test_an_assertion_on_time_would_be_noticed": "examples, below",
}


def names(node: ast.AST) -> set[str]:
    """What a node is made of: variables, attributes and keys."""
    found = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            found.add(part.id)
        elif isinstance(part, ast.Attribute):
            found.add(part.attr)
        elif isinstance(part, ast.Subscript):
            key = part.slice
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                found.add(key.value)
    return found


def is_order(node: ast.AST) -> bool:
    order = ast.Lt | ast.LtE | ast.Gt | ast.GtE
    return isinstance(node, ast.Compare) and any(
        isinstance(sign, order) for sign in node.ops
    )


def read_off_a_clock(function: ast.AST) -> set[str]:
    """Variables that hold a time, or what was computed from one."""
    timed: set[str] = set()
    kinds = ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr
    given = [n for n in ast.walk(function) if isinstance(n, kinds)]
    while True:
        more = {
            part.id
            for node in given
            if node.value is not None
            and (
                re.search(CLOCKS, ast.unparse(node.value))
                or variables(node.value) & timed
            )
            for target in getattr(node, "targets", None) or [node.target]
            for part in ast.walk(target)
            if isinstance(part, ast.Name)
        }
        if more <= timed:
            return timed
        timed |= more


def variables(node: ast.AST) -> set[str]:
    """Names that stand in a node as they are, or in a sum or difference."""
    if isinstance(node, ast.BinOp):
        return variables(node.left) | variables(node.right)
    if isinstance(node, ast.Call) and ast.unparse(node.func) in PLAIN:
        return set().union(*map(variables, node.args))
    return {node.id} if isinstance(node, ast.Name) else set()


def about_speed(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[int]:
    """Lines of a test that assert how long something takes, or give it a
    few seconds at most."""
    timed = read_off_a_clock(function)
    found = []
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            for part in filter(is_order, ast.walk(node.test)):
                of = names(part)
                clock = re.search(CLOCKS, ast.unparse(part))
                if clock or of & timed or any(map(SPENT.search, of)):
                    found.append(node.lineno)
        elif isinstance(node, ast.keyword) and node.arg == "timeout":
            limit = getattr(node.value, "value", None)
            if isinstance(limit, int | float) and limit < LEAST:
                found.append(node.value.lineno)
        elif isinstance(node, ast.Constant) and IN_PAGES.search(
            str(node.value)
        ):
            found.append(node.lineno)
    return found


def functions(text: str):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize(
    "path", sorted((ROOT / "tests").rglob("*.py")), ids=lambda p: p.stem
)
def test_no_test_is_about_speed(path):
    found = {
        f"{path.name}:{line} ({function.name})"
        for function in functions(path.read_text("utf-8"))
        for line in about_speed(function)
        if function.name not in ALLOWED
    }
    assert found == set(), "speeds belong to psm_lib/machinery/bench.py"


def test_what_is_allowed_is_there():
    everything = {
        function.name
        for path in (ROOT / "tests").rglob("*.py")
        for function in functions(path.read_text("utf-8"))
        if about_speed(function)
    }
    assert set(ALLOWED) <= everything


@pytest.mark.parametrize(
    "body, caught",
    [
        ("a = time.time()\n    assert time.time() - a < 9", 1),
        ("begun = perf_counter()\n    end = 2\n    assert end - begun < 9", 1),
        ("a = time()\n    assert time() - a < 9", 1),
        ("a = time()\n    b = time()\n    c = b - a\n    assert c < 9", 1),
        ("a = default_timer()\n    c = f(a)\n    assert c < 9", 0),
        ("a: float = process_time()\n    assert 9 > process_time() - a", 1),
        ("assert found.cells == [] and found.seconds < 12", 1),
        ("assert row['training_seconds'] < 480", 1),
        ("subprocess.run(command, timeout=60)", 1),
        ("subprocess.run(command, timeout=1200)", 0),
        ("page('return performance.now()')", 1),
        ("assert {k for k in row if k != 'seconds'} == 3", 0),
        ("assert steps < 12", 0),
        ("while time.monotonic() < ends: look()", 0),  # waits for something
    ],
)
def test_an_assertion_on_time_would_be_noticed(body, caught):
    text = f"def test_it():\n    {body}\n"
    assert sum(len(about_speed(f)) for f in functions(text)) == caught
