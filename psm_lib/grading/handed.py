"""What was handed in: a folder as a learning platform gives it.

Every file in it becomes part of a row of the table, with a reason where it
cannot be graded, or is named as skipped; nothing is passed over in silence.
Names, links, sizes and contents are other people's. Nothing is run here, and
nothing of a zip is written anywhere.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

import yaml

from psm_lib.checks import core
from psm_lib.grading.wire import clean

MB = 1_000_000
BYTES = 20 * MB  # of a submitted file
FILES = 2000  # of a folder, or of a zip, that are looked at
UNPACKED = 5 * BYTES  # of a zip, all together
NAMED = 8  # files that a remark names
ATTEMPTS = 5  # more notebooks in a folder than this are not one student's
ENDING = re.compile(r"\.ipynb\b", re.IGNORECASE)
# So begins the status of what no submission is to blame for: not stored, so
# that the next run grades it.
AGAIN = "could not be run: "

HEADING = re.compile(r"^#{1,6}[ \t]*Exercise[ \t]+(\d\.\d)\b", re.MULTILINE)
CALL = re.compile(r"\bcheck\(\s*['\"](\d\.\d)['\"]")
COPY = re.compile(r"(?:-(\d{1,2})| ?\((\d{1,3})\))$")

# What systems leave beside files. Apple's halves of files begin so.
JUNK = {".DS_Store", "Thumbs.db", "desktop.ini", ".localized", "Icon\r"}
APPLE = b"\x00\x05\x16\x07"

# How platforms name what they give out.
MOODLE = re.compile(
    r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_[a-z]+(?:_(?P<file>.*))?"
)
BLACKBOARD = re.compile(
    r".+_(?P<name>[^_]+)_attempt_(?P<when>\d{4}(?:-\d\d){5})"
    r"(?:_(?P<file>.+)|\.\w+)"
)
BRIGHTSPACE = re.compile(r"\d+-\d+ ?- ?(?P<name>.+?) ?- ?(?P<when>\w+ \d.*)")
CANVAS = re.compile(
    r"(?P<name>[^\W_][^_]*)_(?P<late>LATE_)?(?P<id>\d{3,})_(?P<when>\d{3,})_"
    r"(?P<file>.+)"
)
GRADESCOPE = re.compile(r"submission_\d+")
METADATA = "submission_metadata.yml"  # Gradescope's


class Unfit(Exception):
    """Not a submission that can be run; why, in words for a student."""


@dataclass(frozen=True)
class Piece:
    """A file that was handed in, or one in a zip.

    ``why`` says why it cannot be graded, ``remark`` what is odd about it;
    ``told`` is what the platform says of when it came: the later, the larger.
    """

    name: str
    path: Path
    inside: str = ""
    why: str = ""
    remark: str = ""
    notebook: bool = False
    told: float = 0.0
    changed: float = 0.0


@dataclass
class HandIn:
    """What makes one row: all that came from one student, or one group.

    ``people`` holds, for each of them, what they may be called, the surest
    first; ``sure`` when a platform says so.
    """

    name: str
    people: list[tuple[str, ...]]
    pieces: list[Piece] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    sure: bool = False
    chosen: Piece | None = None
    why: str = ""


# Names ----------------------------------------------------------------------


def printed(name: str, most: int = 300) -> str:
    """A name that can be printed: what cannot be is spelled out, with a hash
    so that no two are the same."""
    shown = clean(name, most)
    if shown != name:
        digest = hashlib.sha256(os.fsencode(name)).hexdigest()
        shown += f" ({digest[:12]})"
    return shown


def stem(name: str) -> str:
    """A file's name without the endings of a notebook."""
    found = ENDING.search(name)
    return name[: found.start()] if found else PurePosixPath(name).stem


def called(name: str) -> tuple[str, ...]:
    """What the student may be called who handed in a file of this name."""
    plain = stem(name)
    short = COPY.sub("", plain)
    names = [name, plain, short, *plain.split(" - ")]
    return tuple(dict.fromkeys(filter(None, names)))


def moment(text: str) -> float:
    """A time in a platform's words as a number; 0 when it is none."""
    forms = ("%Y-%m-%d-%H-%M-%S", "%b %d, %Y %I%M %p", "%B %d, %Y %I%M %p")
    forms += tuple(f.replace("%I%M", "%I:%M") for f in forms[1:])
    for form in (*forms, "%d %B, %Y %I%M %p", "%d %B, %Y %H%M"):
        try:
            return datetime.strptime(text, form).timestamp()
        except (ValueError, OverflowError, OSError):
            continue
    return 0.0


@dataclass(frozen=True)
class Sender:
    """Who handed in, as the name of a file or folder says."""

    label: str
    names: tuple[str, ...]
    told: float = 0.0
    file: str = ""
    late: bool = False


def sender(name: str, canvas: bool) -> Sender | None:
    """What a platform wrote into a name, or None where none did.

    ``canvas``: all names in the folder are of Canvas's form, which is too
    plain to be believed of one.
    """
    if found := MOODLE.fullmatch(name):
        label = f"{found['name']}_{found['id']}"
        names = (found["id"], found["name"], label)
        return Sender(label, names, file=found["file"] or "")
    if found := BLACKBOARD.fullmatch(name):
        who, file = found["name"], found["file"] or ""
        return Sender(who, (who,), moment(found["when"]), file)
    if found := BRIGHTSPACE.fullmatch(name):
        return Sender(found["name"], (found["name"],), moment(found["when"]))
    if canvas and (found := CANVAS.fullmatch(name)):
        label = f"{found['name']}_{found['id']}"
        names = (found["id"], found["name"], label)
        late = bool(found["late"])
        return Sender(label, names, float(found["when"]), found["file"], late)
    return None


class Plain(yaml.SafeLoader):
    """Reads Gradescope's YAML, whose times may be objects of Ruby's."""


def undressed(loader, _, node):
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node)
    return loader.construct_scalar(node)


Plain.add_multi_constructor("!ruby", undressed)


def gradescope_people(folder: Path) -> dict[str, tuple[list, float]]:
    """For each folder of Gradescope's export, its students and its time."""
    file, found = folder / METADATA, {}
    try:
        if file.is_symlink() or file.stat().st_size > BYTES:
            return {}
        data = yaml.load(file.read_text("utf-8"), Plain)
        for name, about in data.items():
            people = []
            for person in about.get(":submitters") or ():
                keys = (":sid", ":email", ":name")
                names = [str(person[k]) for k in keys if person.get(k)]
                if names:
                    people.append(tuple(names))
            when = about.get(":created_at")
            if isinstance(when, dict):
                when = next(iter(when.values()), None)
            if isinstance(when, str):
                when = datetime.fromisoformat(when.strip())
            told = when.timestamp() if isinstance(when, datetime) else 0.0
            found[str(name)] = (people, told)
    except (OSError, ValueError, TypeError, AttributeError, yaml.YAMLError):
        return found
    return found


# Files ----------------------------------------------------------------------


def opened(path: Path) -> io.BufferedReader:
    """A plain file. Raises Unfit, or OSError."""
    # A link or a pipe may stand there by now.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    file = os.fdopen(os.open(path, flags), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise Unfit("is not a plain file")
    return file


def utf8(data: bytes) -> bytes:
    """A notebook's bytes in UTF-8: editors on Windows begin a file with a
    mark of its encoding, and PowerShell writes UTF-16."""
    try:
        return data.decode(json.detect_encoding(data)).encode()
    except UnicodeError:
        return data


def read(piece: Piece) -> bytes:
    """What is in a piece. Raises Unfit, or OSError."""
    with opened(piece.path) as file:
        if piece.inside:
            try:
                with zipfile.ZipFile(file) as packed:
                    data = member(packed, packed.getinfo(piece.inside))
            except Unfit:
                raise
            except Exception as error:
                raise Unfit(f"is a damaged zip ({clean(error, 80)})") from None
        else:
            data = file.read(BYTES + 1)
    if len(data) > BYTES:
        raise Unfit(f"is larger than {BYTES // MB} MB")
    return utf8(data)


def member(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """A file of a zip, up to one byte too many. Raises Unfit."""
    if info.flag_bits & 1:
        raise Unfit("is in a zip with a password; hand in the notebook itself")
    with packed.open(info) as file:
        return file.read(BYTES + 1)


def source(cell: object) -> str:
    """A cell's text, in any version of the format."""
    if not isinstance(cell, dict):
        return ""
    text = cell.get("source", cell.get("input", ""))
    return "".join(map(str, text)) if isinstance(text, list) else str(text)


@dataclass(frozen=True)
class Notebook:
    """What stands in a notebook: not run, and not believed."""

    text: list[str]
    code: list[str]
    language: str


def notebook(data: bytes) -> Notebook:
    """Raises Unfit when it is none."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Unfit(f"is no notebook ({clean(error, 100)})") from None
    if not isinstance(found, dict):
        raise Unfit("is no notebook (it has no cells)")
    cells, sheets = found.get("cells"), found.get("worksheets")
    if cells is None and isinstance(sheets, list):  # nbformat 3
        of = [s.get("cells") for s in sheets if isinstance(s, dict)]
        cells = [c for many in of if isinstance(many, list) for c in many]
    if not isinstance(cells, list):
        raise Unfit("is no notebook (it has no cells)")
    text, code = [], []
    for cell in cells:
        kind = cell.get("cell_type") if isinstance(cell, dict) else None
        (code if kind == "code" else text).append(source(cell))
    return Notebook(text, code, language(found.get("metadata")))


def language(about: object) -> str:
    """The programming language that a notebook's metadata name, or ""."""
    for part, key in (("kernelspec", "language"), ("language_info", "name")):
        named = about.get(part) if isinstance(about, dict) else None
        named = named.get(key) if isinstance(named, dict) else None
        if named and isinstance(named, str):
            return clean(named, 40)
    return ""


def listed(items: Iterable[str], most: int = NAMED) -> str:
    """Some things in words; of many only the first."""
    items = list(items)
    more = f" and {len(items) - most} more" if len(items) > most else ""
    return ", ".join(items[:most]) + more


def fits(found: Notebook, numbers: tuple[str, ...]) -> str:
    """What is odd about a notebook that has some of these exercises.

    Raises Unfit when it has none.
    """
    text, code = "\n".join(found.text), "\n".join(found.code)
    names = "|".join(n for number in numbers for n in core.find(number).needs)
    remark = ""
    other = found.language.lower()
    if other and "python" not in other:
        if not re.search(rf"^[ \t]*def +(?:{names})\b", code, re.MULTILINE):
            raise Unfit(
                f"is a notebook in {found.language}; expected one in Python"
            )
        remark = f"says that it is in {found.language}"
    mine = {number.partition(".")[0] for number in numbers}
    seen = HEADING.findall(text) + CALL.findall(code)
    chapters = {number.partition(".")[0] for number in seen}
    asked = " and ".join(sorted(mine))
    if chapters and not chapters & mine:
        raise Unfit(
            f"is assignment {' and '.join(sorted(chapters))}, not {asked}"
        )
    if not chapters and not re.search(rf"\b(?:{names})\b", code):
        raise Unfit(f"has nothing of assignment {asked} in it")
    return remark


def judged(piece: Piece, numbers: tuple[str, ...], name: str) -> Piece:
    """A piece with what a look into it says; ``name`` is the file's."""
    ending = PurePosixPath(name).suffix
    try:
        try:
            found = notebook(read(piece))
        except Unfit as unfit:
            if ENDING.search(name) or "no notebook" not in str(unfit):
                raise
            raise Unfit(f"is no notebook but a file {ending}") from None
        piece = replace(piece, notebook=True)
        remark = fits(found, numbers)
        if ending.lower() != ".ipynb":
            more = f"is named {ending or 'without an ending'}, not .ipynb"
            remark = f"{remark}; {more}" if remark else more
        return replace(piece, remark=remark)
    except Unfit as unfit:
        return replace(piece, why=clean(unfit, 200))
    except OSError as error:
        said = clean(error.strerror or error, 150)
        return replace(piece, why=f"{AGAIN}{said}")


def is_junk(name: str, head: bytes) -> bool:
    """Whether a system left a file there, and no student: by name and by
    what is in it, for a student may name a notebook as they like."""
    if head.lstrip()[:1] == b"{" or head.startswith(b"PK"):
        return False
    return name in JUNK or (
        name.startswith("._") and (not head or head.startswith(APPLE))
    )


def examine(
    path: Path, name: str, numbers: tuple[str, ...]
) -> tuple[list[Piece], list[str]]:
    """The pieces that a file is, and whether it is to be skipped."""
    piece = Piece(clean(name, 300), path)
    try:
        about = path.lstat()
        piece = replace(piece, changed=about.st_mtime)
        if stat.S_ISLNK(about.st_mode):
            return [replace(piece, why="is a link, not a file")], []
        if not stat.S_ISREG(about.st_mode):
            return [replace(piece, why="is not a plain file")], []
        with opened(path) as file:
            head = file.read(64)
    except Unfit as unfit:
        return [replace(piece, why=str(unfit))], []
    except OSError as error:
        said = clean(error.strerror or error, 150)
        return [replace(piece, why=f"{AGAIN}{said}")], []
    if is_junk(path.name, head):
        return [], [piece.name]
    ending = path.suffix.lower()
    if head.startswith(b"PK") and ending in (".zip", ".ipynb"):
        return unpacked(piece, numbers), []
    text = head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    if not ENDING.search(path.name) and text[:1] != b"{":
        why = f"is no notebook but a file {ending or 'without an ending'}"
        if ending in (".7z", ".bz2", ".gz", ".rar", ".tar", ".xz", ".zip"):
            why = (
                f"is an archive ({ending}) that is not opened; hand in the "
                "notebook itself"
            )
        return [replace(piece, why=clean(why, 100))], []
    return [judged(piece, numbers, path.name)], []


def unpacked(piece: Piece, numbers: tuple[str, ...]) -> list[Piece]:
    """The notebooks in a zip, read one by one and never written: a name that
    leads out of it leads nowhere."""
    pieces, sizes = [], 0
    try:
        with opened(piece.path) as file, zipfile.ZipFile(file) as packed:
            infos = [i for i in packed.infolist() if not i.is_dir()]
            for info in infos[:FILES]:
                parts = PurePosixPath(info.filename).parts
                name = parts[-1] if parts else ""
                hidden = {"__MACOSX", ".ipynb_checkpoints"} & set(parts)
                if hidden or not ENDING.search(name):
                    continue
                sizes += min(info.file_size, BYTES)
                if sizes > UNPACKED:
                    raise Unfit(
                        f"is a zip of more than {UNPACKED // MB} MB of "
                        "notebooks"
                    )
                one = replace(
                    piece,
                    name=f"{piece.name}: {clean(info.filename, 200)}",
                    inside=info.filename,
                    changed=zip_time(info),
                )
                pieces.append(judged(one, numbers, name))
    except Unfit as unfit:
        return [replace(piece, why=clean(unfit, 200))]
    except Exception as error:  # zipfile raises many kinds for a damaged one
        why = f"is a damaged zip ({clean(error, 80)})"
        return [replace(piece, why=f"{why}; hand in the notebook itself")]
    if pieces:
        return pieces
    why = "is a zip without a notebook (.ipynb) in it"
    if len(infos) > FILES:
        why += f" among its first {FILES} files"
    return [replace(piece, why=f"{why}; hand in the notebook itself")]


def zip_time(info: zipfile.ZipInfo) -> float:
    try:
        return datetime(*info.date_time).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0


def gathered(
    entry: Path, base: Path, numbers: tuple[str, ...]
) -> tuple[list[Piece], list[str]]:
    """The pieces of a file or of all files in a folder, and what is skipped.

    At least one piece, unless everything in it is skipped.
    """
    if entry.is_symlink() or not entry.is_dir():
        return examine(entry, entry.name, numbers)
    pieces, skipped, files, zips = [], [], 0, 0

    def failed(error: OSError) -> None:
        where = Path(os.fsdecode(error.filename or entry))
        name = clean(inner(where, base), 300)
        said = f"{AGAIN}{clean(error.strerror or error, 150)}"
        pieces.append(Piece(name, where, why=said))

    for place, folders, names in os.walk(entry, onerror=failed):
        folders.sort()
        links = [f for f in folders if (Path(place) / f).is_symlink()]
        for name in sorted([*names, *links]):
            path = Path(place) / name
            files += 1
            if files > FILES:
                continue
            if path.parent.name == ".ipynb_checkpoints":
                skipped.append(clean(inner(path, base), 300))
                continue
            name = inner(path, base)
            if path.suffix.lower() == ".zip" and zips >= ATTEMPTS:
                why = f"is one of more than {ATTEMPTS} zips and not opened"
                pieces.append(Piece(clean(name, 300), path, why=why))
                continue
            zips += path.suffix.lower() == ".zip"
            more, left = examine(path, name, numbers)
            pieces += more
            skipped += left
    if files > FILES:
        many = f"has {files} files, of which the first {FILES} were looked at"
        pieces.append(Piece(clean(entry.name, 300), entry, why=many))
    if not files and not pieces:
        empty = Piece(clean(entry.name, 300), entry, why="is an empty folder")
        pieces.append(empty)
    return pieces, skipped


def inner(path: Path, base: Path) -> str:
    return path.relative_to(base).as_posix()


# Who handed in what ---------------------------------------------------------


def alone(entry: Path, numbers: tuple[str, ...], name: str = "") -> HandIn:
    """One file or folder as one student's, with the choice made."""
    base = entry if entry.is_dir() else entry.parent
    pieces, skipped = gathered(entry, base, numbers)
    made = HandIn(name or printed(entry.name), [called(entry.name)], pieces)
    return chosen(made) if pieces else chosen(only_skipped(made, skipped))


def only_skipped(made: HandIn, skipped: list[str]) -> HandIn:
    why = f"has nothing in it but {listed(skipped)}"
    made.pieces = [Piece(made.name, Path(made.name), why=why)]
    return made


def submissions(
    folder: Path, numbers: tuple[str, ...], apart: Path | None = None
) -> tuple[list[HandIn], list[str]]:
    """What makes the rows of the table, by name, and the names of files that
    are nobody's: what systems and platforms add.

    A submission is a file in the folder, or a folder in it with all that is
    in there; a platform's names say which of them are one student's.
    ``apart`` is left out: where results go. Raises FileNotFoundError.
    """
    if not folder.is_dir():
        hint = ". Unpack it first" if folder.suffix == ".zip" else ""
        raise FileNotFoundError(f"no folder of submissions at {folder}{hint}")
    place = os.path.realpath(apart) if apart else None
    entries = sorted(
        e for e in folder.iterdir() if os.path.realpath(e) != place
    )
    real = [e for e in entries if not e.name.startswith(".")]
    real = [e for e in real if e.name not in JUNK | {"__MACOSX"}]
    if len(real) == 1 and is_export(real[0]):
        return submissions(real[0], numbers)
    canvas = bool(real) and all(CANVAS.fullmatch(e.name) for e in real)
    groups = gradescope_people(folder)
    export = any(GRADESCOPE.fullmatch(e.name) for e in real)
    rows: dict[str, HandIn] = {}
    skipped: list[str] = []
    for entry in entries:
        if export and entry.name == METADATA:
            skipped.append(METADATA)
            continue
        pieces, left = gathered(entry, folder, numbers)
        skipped += left
        name = printed(entry.name)
        if not pieces and (left and entry.name in ("__MACOSX", *JUNK)):
            continue
        if not pieces and not entry.is_dir():
            continue
        made = HandIn(name, [called(entry.name)], pieces)
        if not pieces:
            only_skipped(made, left)
        if entry.name in groups and groups[entry.name][0]:
            people, told = groups[entry.name]
            made.people, made.sure = people, True
            made.pieces = [replace(p, told=told) for p in pieces]
            names = " and ".join(person[-1] for person in people)
            made.remarks.append(f"handed in by {clean(names, 200)}")
            add(rows, made)
            continue
        found = sender(entry.name, canvas)
        if found is not None:
            made.people, made.sure = [found.names], True
            made.pieces = [replace(p, told=found.told) for p in made.pieces]
            made.name = printed(found.label)
            if found.late:
                made.remarks.append("late, as Canvas says")
            add(rows, made, unite=True)
            continue
        fit = [p for p in made.pieces if p.notebook and not p.why]
        if len(fit) > ATTEMPTS:
            # Too many for one: a section's folder, perhaps. Each gets a row.
            for piece in fit:
                file = piece.path.name
                names = called(file) + called(entry.name)
                add(rows, HandIn(piece.name, [names], [piece]))
            made.pieces = [p for p in made.pieces if p not in fit]
            if not made.pieces:
                continue
        add(rows, made)
    return sorted(rows.values(), key=lambda h: h.name), skipped


def is_export(folder: Path) -> bool:
    """Whether a folder is itself what a platform gave, in one folder more
    than expected."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    names = [e.name for e in folder.iterdir() if not e.name.startswith(".")]
    canvas = bool(names) and all(CANVAS.fullmatch(n) for n in names)
    return bool(names) and (
        METADATA in names or all(sender(n, canvas) for n in names)
    )


def add(rows: dict[str, HandIn], made: HandIn, unite: bool = False) -> None:
    """Put a hand-in among the others: with those of the same student where a
    platform says who it is, else under a name of its own."""
    if made.name in rows:
        if unite and rows[made.name].sure:
            rows[made.name].pieces += made.pieces
            rows[made.name].remarks += made.remarks
            return
        digest = hashlib.sha256(os.fsencode(made.pieces[0].path)).hexdigest()
        made.name += f" ({digest[:12]})"
    rows[made.name] = made


def latest(pieces: list[Piece]) -> Piece:
    """The latest attempt: by what the platform says of when it came; then the
    highest of numbered copies (``a1-2``, ``a1 (2)``); then the one changed
    last; then the last in the alphabet."""
    last = max(p.told for p in pieces)
    best: dict[str, tuple[int, Piece]] = {}
    for piece in pieces:
        if piece.told < last:
            continue
        name = stem(piece.inside or inner_name(piece))
        found = COPY.search(name)
        number = int(found[1] or found[2]) if found else 0
        base = f"{piece.path.parent}/{COPY.sub('', name)}"
        if base not in best or best[base][0] < number:
            best[base] = number, piece
    return max(
        (p for _, p in best.values()), key=lambda p: (p.changed, p.name)
    )


def inner_name(piece: Piece) -> str:
    """A file's name without what Canvas or Moodle put before it."""
    for form in (MOODLE, CANVAS, BLACKBOARD):
        if (found := form.fullmatch(piece.path.name)) and found["file"]:
            return found["file"]
    return piece.path.name


def chosen(made: HandIn) -> HandIn:
    """The hand-in with the piece to grade, or with why there is none, and
    with all others named in its remarks."""
    fit = [p for p in made.pieces if p.notebook and not p.why]
    made.chosen = latest(fit) if fit else None
    rest = [p for p in made.pieces if p is not made.chosen]
    earlier = [p.name for p in rest if p in fit]
    other = [p for p in rest if p.why]
    if made.chosen is None:
        again = [p for p in other if p.why.startswith(AGAIN)]
        if len(other) == 1 or again:
            made.why = (again or other)[0].why
        else:
            notebooks = [p for p in other if p.notebook] or other
            said = [f"{last_part(p)} {p.why}" for p in notebooks]
            what = "no notebook of this assignment"
            made.why = f"has {what}: {listed(said, 3)}"
        return made
    if made.chosen.remark:
        made.remarks.append(f"the file {made.chosen.remark}")
    if earlier:
        made.remarks.append(
            f"not graded, for it is not the latest: {listed(earlier)}"
        )
    if other:
        said = [f"{p.name} ({p.why.removeprefix(AGAIN)})" for p in other]
        made.remarks.append(f"not graded: {listed(said)}")
    return made


def last_part(piece: Piece) -> str:
    return clean(piece.inside or piece.path.name, 100)


def same(text: str) -> str:
    """A name as it is compared: accents of one form, and no capitals."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
