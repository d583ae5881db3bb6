"""Numbers that took minutes: each axis has a name, each file its history.

A result is an ``xarray.DataArray``. Its axes carry labels (network, seed,
step, question, kind ...), and what all of its numbers share, such as the
world and the arm, stands in labels of its own. So a figure asks for

    stored.sel(world="playhouse", arm="cheat", step=0)

and never for ``[0]``. ``made`` says what the numbers were made by: the
command, the chapter's code, the worlds, the checkpoints, the versions.
``python -m psm_lib results`` measures again. Introduced in chapter 3.

The files beside this one are what assignments 4 to 6 read: parts of chapters'
results, as plain arrays.
"""

from __future__ import annotations

import ast
import hashlib
import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import xarray as xr

from ..builds import BUILDS, source_of
from ..machinery.chapters import chapters, folder, package
from ..machinery.disk import replacing
from ..machinery.store import checkpoint_folder, read_record
from ..worldfile.files import world_hash

MADE_BY = ("psm_lib", "torch", "transformers", "numpy")


def labelled(
    quantity: str,
    values: np.ndarray | Sequence,
    axes: Mapping[str, Iterable],
    **labels: str | int | float,
) -> xr.DataArray:
    """An array whose axes have names and labels.

    ``axes`` gives the labels of each axis, in the order of the array's; the
    other ``labels`` hold for all of it. Raises ValueError where they are not
    as many as the array is long.

    >>> p = labelled(
    ...     "answers", [[0.1, 0.9]], {"step": [0], "kind": [0, 1]}, arm="cheat"
    ... )
    >>> float(p.sel(step=0, kind=1))
    0.9
    """
    coordinates: dict[str, Any] = {k: [*v] for k, v in axes.items()}
    return xr.DataArray(
        np.asarray(values),
        dims=[*axes],
        coords=coordinates | labels,
        name=quantity,
    )


@dataclass(frozen=True)
class Results:
    """What an experiment measured: tables with labels, and what made them."""

    tables: tuple[xr.DataArray, ...]
    made: dict = field(default_factory=dict)

    def sel(self, quantity: str = "answers", **labels: object) -> xr.DataArray:
        """The one table of a quantity that has these labels, and of it the
        part that has them.

        Raises KeyError naming what there is when none fits, or several do.
        """
        of = [t for t in self.tables if t.name == quantity]
        if not of:
            names = sorted({str(t.name) for t in self.tables})
            raise KeyError(f"no {quantity!r}; expected one of {names}")
        fit = [t for t in of if _fits(t, labels)]
        if len(fit) != 1:
            what = "none has" if not fit else f"{len(fit)} have"
            known = [_labels(t) for t in (fit or of)]
            raise KeyError(
                f"of {len(of)} tables of {quantity}, {what} {labels}; there "
                f"are {known}"
            )
        (table,) = fit
        inside = {k: v for k, v in labels.items() if k in table.dims}
        return table.sel(inside)

    def stack(self, quantity: str = "answers", **labels: object):
        """All tables of a quantity that have these labels, as a list."""
        return [
            t for t in self.tables if t.name == quantity and _fits(t, labels)
        ]


def _labels(table: xr.DataArray) -> dict:
    """The labels that hold for all of a table."""
    return {k: v.item() for k, v in table.coords.items() if v.ndim == 0}


def _fits(table: xr.DataArray, labels: Mapping[str, object]) -> bool:
    own = _labels(table)
    return all(
        own[k] == v if k in own else k in table.dims for k, v in labels.items()
    )


# Files ----------------------------------------------------------------------


def save(results: Results, file: Path) -> None:
    """Write results, all of them or nothing; see ``load``."""
    heads = []
    arrays = {}
    for i, table in enumerate(results.tables):
        arrays[str(i)] = table.values
        heads.append(
            {
                "quantity": table.name,
                "axes": {d: table[d].values.tolist() for d in table.dims},
                "labels": _labels(table),
            }
        )
    text = json.dumps({"tables": heads, "made": results.made})
    arrays["head"] = np.frombuffer(text.encode(), np.uint8)
    with replacing(file, "make room and measure again") as new:
        np.savez_compressed(new, **arrays)  # type: ignore[arg-type]


def load(chapter: str, module: str = "experiment") -> Results:
    """The stored results of a chapter. Numbers are given as float64.

    Raises FileNotFoundError naming the command that measures them.

    >>> load("ch04_cheat").sel(world="playhouse", arm="cheat").dims
    ('network', 'seed', 'step', 'question', 'kind')
    """
    file = path(chapter, module)
    if not file.exists():
        raise FileNotFoundError(
            f"no results at {file}; measure them with:  "
            f"{command(_name(chapter, module))}"
        )
    return read(file)


def read(file: Path) -> Results:
    """The results in a file."""
    with np.load(file) as stored:
        head = json.loads(stored["head"].tobytes())
        tables = tuple(
            labelled(
                row["quantity"],
                stored[str(i)].astype(float),
                row["axes"],
                **row["labels"],
            )
            for i, row in enumerate(head["tables"])
        )
    return Results(tables, head["made"])


def path(chapter: str, module: str = "experiment") -> Path:
    """The results file of a chapter's module, which lies beside it."""
    return folder(chapter) / f"{module}.npz"


# What made them -------------------------------------------------------------


def measured() -> dict[str, tuple[str, str]]:
    """Chapter and module of everything that is measured for the book.

    By the name that ``python -m psm_lib results`` knows: the chapter's, and
    after a stroke the module's where it is not ``experiment``.
    """
    return {
        _name(chapter, file.stem): (chapter, file.stem)
        for chapter in chapters()
        for file in sorted(folder(chapter).glob("*.py"))
        if _measures(file)
    }


def _measures(file: Path) -> bool:
    """Whether a module has a function ``measure``."""
    return any(
        isinstance(node, ast.FunctionDef) and node.name == "measure"
        for node in ast.parse(file.read_text("utf-8")).body
    )


def _name(chapter: str, module: str) -> str:
    return chapter if module == "experiment" else f"{chapter}/{module}"


def command(name: str) -> str:
    """The shell command that measures something again."""
    return f"python -m psm_lib results {name}"


def write(name: str) -> Path:
    """Measure something again and store it; its file.

    Raises KeyError naming what there is for an unknown name.
    """
    chapter, module = _known(name)
    file = path(chapter, module)
    made = import_module(f"{package.__name__}.{chapter}.{module}").measure()
    save(Results(made.tables, made.made | provenance(name)), file)
    return file


def vouch(name: str, why: str) -> Path:
    """Say that the code was changed since, and its numbers were not; its file.

    For a change that cannot matter (a name, a moved line), or after measuring
    a part again and holding it against the rest with ``compare``. The reason
    is kept with the numbers. Raises ValueError where worlds or weights have
    changed: then only measuring helps.
    """
    chapter, module = _known(name)
    old = load(chapter, module)
    code = provenance(name)["code"]
    if others := [x for x in stale(name) if not x.startswith("the code")]:
        raise ValueError(f"{others[0]}; measure it again:  {command(name)}")
    said = {"was": old.made.get("code"), "is": code, "why": why}
    made = old.made | {
        "code": code,
        "vouched": [*old.made.get("vouched", []), said],
    }
    file = path(chapter, module)
    with np.load(file) as stored:
        kinds = [stored[str(i)].dtype for i in range(len(old.tables))]
    pairs = zip(old.tables, kinds, strict=True)
    save(Results(tuple(t.astype(k) for t, k in pairs), made), file)
    return file


def _known(name: str) -> tuple[str, str]:
    if name not in measured():
        raise KeyError(
            f"nothing is measured as {name!r}; expected one of {[*measured()]}"
        )
    return measured()[name]


def provenance(name: str) -> dict:
    """The command, code and versions by which something is measured now."""
    chapter, module = _known(name)
    source = import_module(f"{package.__name__}.{chapter}.{module}")
    return {
        "command": command(name),
        "code": code_hash(source),
        "versions": versions(),
    }


def inputs(networks: Iterable[str]) -> dict:
    """Hashes of what an experiment begins with: of every network's weights,
    and of the world that it read. None for weights that are not here."""
    found = {}
    for name in dict.fromkeys(networks):
        build = BUILDS[name]
        source = source_of(build.world)
        world = source.sha256 if source else world_hash(build.world)
        found[name] = {"weights": weights_hash(name), "world": world}
    return {"networks": found}


def weights_hash(name: str) -> str | None:
    """sha256 of a checkpoint's weights, as its record has it; None where it
    is not here."""
    if not checkpoint_folder(name).exists():
        return None
    return read_record(name)["sha256"]["model.safetensors"]


def versions() -> dict[str, str]:
    """Python and the packages that compute, with their versions."""
    found = {"python": platform.python_version()}
    for name in MADE_BY:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    return found


def code_hash(module: ModuleType) -> str:
    """A hash of what a module does: not of its comments and docstrings, nor
    of where it imports from, nor of how its lines are broken."""
    tree = ast.parse(Path(module.__file__ or "").read_text("utf-8"))
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            kept = [x for x in body if not _says_nothing(x)]
            node.body = kept or [ast.Pass()]  # type: ignore[attr-defined]
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()[:16]


def _says_nothing(node: ast.AST) -> bool:
    """Whether a statement is a text, or says where something comes from."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Import | ast.ImportFrom)


def stale(name: str) -> list[str]:
    """What has changed since something was measured, as sentences.

    Weights that are not here, or were not, are not looked at.
    """
    chapter, module = _known(name)
    made, found = load(chapter, module).made, []
    now = provenance(name)
    if made.get("code") != now["code"]:
        found.append(f"the code of {chapter}/{module}.py is another")
    old = made.get("networks", {})
    new = inputs(name for name in old if name in BUILDS)["networks"]
    for network, was in old.items():
        if network not in new:
            found.append(f"there is no network {network} any more")
            continue
        if was["world"] != new[network]["world"]:
            found.append(f"the world of {network} is another")
        weights = (was["weights"], new[network]["weights"])
        if None not in weights and len({*weights}) > 1:
            found.append(f"the weights of {network} are others")
    return found


def compare(one: Results, other: Results) -> dict[str, float]:
    """The largest difference of what two results have in common, by table.

    Tables are matched by quantity and labels, and their numbers by the labels
    of their axes: a part of an experiment can be held against the whole.
    """
    out = {}
    for table in one.tables:
        for twin in other.stack(str(table.name), **_labels(table)):
            here, there = xr.align(table, twin, join="inner")
            apart = np.abs(here - there.transpose(*here.dims))
            label = f"{table.name} {_labels(table)}"
            out[label] = float(apart.max()) if apart.size else np.nan
    return out
