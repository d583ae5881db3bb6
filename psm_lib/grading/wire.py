"""What travels between the grader and a submission: data, never objects.

Text, numbers, arrays, lists and dicts become JSON and come back as what they
were. Anything else becomes an ``Odd`` that only knows the name of its kind.
Reading JSON runs no code, which is why it is not pickle that comes out of a
cage.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

import numpy as np

DEPTH = 20  # lists within lists
KINDS = "biuf"  # of arrays: booleans, integers, floats
DTYPE = re.compile(r"[<>|=]?[biuf]\d{1,2}")
BITS = 64  # of a whole number
KEYS = 10_000  # of a dict
# No text: they break tables and terminals, are in no UTF-8, turn the order of
# what stands beside them, or are not to be seen at all.
UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e007f]"
)


def spelled(char: str) -> str:
    """A character as one writes it in Python."""
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def clean(text: object, most: int) -> str:
    """The beginning of a text in one line, with what cannot be printed
    spelled out."""
    line = str(text)[:most].replace("\n", " ").replace("\t", " ")
    return UNSEEN.sub(lambda m: spelled(m[0]), line)


@dataclass(frozen=True)
class Odd:
    """Something that is not data, such as a model or a class."""

    kind: str

    def __str__(self) -> str:
        return f"an object of type {self.kind}"


def pack(value: object, depth: int = DEPTH) -> object:
    """A value as JSON data."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return {"float": repr(value)}  # NaN and infinity too
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, np.ndarray) and value.dtype.kind in KINDS:
        data = np.ascontiguousarray(value)
        data = data.astype(data.dtype.newbyteorder("<"), copy=False)
        return {
            "array": base64.b64encode(data.tobytes()).decode("ascii"),
            "dtype": data.dtype.str,
            "shape": list(data.shape),
        }
    if depth and isinstance(value, np.ndarray):
        return {"list": [pack(v, depth - 1) for v in value.tolist()]}
    if depth and isinstance(value, list | tuple):
        name = "list" if isinstance(value, list) else "tuple"
        return {name: [pack(v, depth - 1) for v in value]}
    if depth and isinstance(value, dict):
        pairs = [[pack(k, 1), pack(v, depth - 1)] for k, v in value.items()]
        return {"dict": pairs}
    if depth and (plain := as_numpy(value)) is not None:
        return pack(plain, depth - 1)
    return {"odd": type(value).__name__[:60]}


def as_numpy(value: object) -> object | None:
    """What checks, which read with numpy, would see in it: a tensor is an
    array, a fraction a float. None where they would see nothing."""
    if isinstance(value, type):
        return None
    try:
        if isinstance(value, range):
            return np.asarray(value)
        if hasattr(value, "__array__"):
            found = np.asarray(value)
            return found if found.dtype.kind in KINDS else None
        return float(value) if hasattr(value, "__float__") else None
    except Exception:
        return None


def unpack(data: object, depth: int = DEPTH + 2) -> object:
    """The value that was packed. Raises ValueError for anything else."""
    if isinstance(data, int) and data.bit_length() > BITS:
        # Also: of such can be made many that hash alike, and a set of them
        # takes hours.
        raise ValueError(f"a whole number of {data.bit_length()} bits")
    if data is None or isinstance(data, bool | int | str):
        return data
    if depth < 1 or not isinstance(data, dict):
        raise ValueError(f"no packed value: {str(data)[:60]!r}")
    if "float" in data:
        return float(str(data["float"])[:40])
    if "array" in data:
        if not DTYPE.fullmatch(name := str(data["dtype"])[:60]):
            raise ValueError(f"an array of {name} is no data")
        dtype = np.dtype(name)
        raw = base64.b64decode(data["array"], validate=True)
        shape = [int(n) for n in data["shape"]]
        return np.frombuffer(raw, dtype).reshape(shape).copy()
    if "list" in data or "tuple" in data:
        make, items = next(iter(data.items()))
        made = [unpack(item, depth - 1) for item in items]
        return made if make == "list" else tuple(made)
    if "dict" in data:
        if len(data["dict"]) > KEYS:
            raise ValueError(f"a dict of {len(data['dict'])} entries")
        return {
            unpack(key, 2): unpack(value, depth - 1)
            for key, value in data["dict"]
        }
    return Odd(str(data.get("odd", "?"))[:60])
