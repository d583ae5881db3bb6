"""What is stored reads well where it is shown without scripts and styles.

JupyterLab shows the outputs of a notebook that it does not trust through a
sanitiser, and so do the viewers of code hosts, which keep less. ``lab`` is a
model of the first (@jupyterlab/apputils 4.7 with sanitize-html 2.13, whose
lists these are, as far as our outputs use them), ``host`` one of the others.
"""

import ast
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT

from psm_lib.chapters.ch07_robots import archetype
from psm_lib.web import reading, studio
from psm_lib.web.live import figures
from psm_lib.web.live.guesses import choose, guess
from psm_lib.web.widgets import Choice, check, scrub
from psm_lib.worldfile import load_world

CONTROLS = {
    *("button", "form", "input", "label", "fieldset", "legend"),
    *("select", "option", "textarea", "output"),
}
TEXT = {
    *("a", "b", "blockquote", "br", "code", "dd", "details", "div", "dl"),
    *("dt", "em", "h1", "h2", "h3", "hr", "i", "img", "li", "ol", "p", "pre"),
    *("q", "s", "span", "strong", "sub", "summary", "sup", "table", "tbody"),
    *("td", "th", "thead", "tr", "u", "ul"),
}
VOID = {"br", "hr", "img", "input"}
SILENT = {"script", "style", "textarea", "option", "noscript"}
EVERY = {"class", "hidden", "id", "lang", "style", "title"}
OWN = {
    "details": {"open"},
    "td": {"colspan", "rowspan", "scope"},
    "th": {"colspan", "rowspan", "scope"},
    "button": {"disabled", "tabindex", "type", "value"},
    "input": {"max", "min", "required", "step", "type", "value"},
}


class Sanitiser(HTMLParser):
    """Keeps ``tags``, of their attributes those in OWN and ``every``, and
    the text of all others but the SILENT. An attribute ``hidden`` without a
    value goes."""

    def __init__(self, tags: set[str], every: set[str]):
        super().__init__(convert_charrefs=False)
        self.tags, self.every = tags, every
        self.out: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag, attributes):
        self.silent += tag in SILENT
        if self.silent or tag not in self.tags:
            return
        kept = "".join(
            f' {name}="{value or ""}"'
            for name, value in attributes
            if name in self.every | OWN.get(tag, set())
            and not (name == "hidden" and not value)
        )
        self.out.append(f"<{tag}{kept}>")

    def handle_endtag(self, tag):
        if not self.silent and tag in self.tags - VOID:
            self.out.append(f"</{tag}>")
        self.silent -= tag in SILENT

    def handle_data(self, data):
        if not self.silent:
            self.out.append(data)

    def handle_entityref(self, name):
        self.handle_data(f"&{name};")

    def handle_charref(self, name):
        self.handle_data(f"&#{name};")


def sanitised(html: str, tags: set[str], every: set[str]) -> str:
    parser = Sanitiser(tags, every)
    parser.feed(html)
    parser.close()
    return "".join(parser.out)


def lab(html: str) -> str:
    return sanitised(html, TEXT | CONTROLS, EVERY)


def host(html: str) -> str:
    return sanitised(html, TEXT, {"title"})


BLOCKS = "p, li, td, th, tr, summary, div, details, pre, ul, ol, table"


def lines(html: str) -> list[str]:
    """What somebody reads, line by line, without what is hidden."""
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.select("[hidden]"):
        tag.extract()
    for tag in soup.select(BLOCKS):
        tag.insert_before("\n")
        tag.append("\n")
    text = soup.get_text()
    return [" ".join(x.split()) for x in text.split("\n") if x.strip()]


NAMES = ["Sam", "Clara"]
BARS = ["code", "food <raw>"]
STEPPED = [
    Choice("cheat", np.array([[0.2, 0.3], [0.9, 0.4]]), np.array([0.9, 0.8]))
]


def raw(world):
    return figures.pretrained(world, "playhouse-s0", NAMES, "raw")


def asked_of(world):
    starts = [figures.Start("nothing")]
    return figures.interview("t", world, [raw(world)], NAMES, starts, "key")


def spoken(world):
    pairs, said = np.array([[0, 3]]), [("truth", 1), ("code", 1)]
    return figures.who(world, [raw(world)], NAMES, pairs, said)


ROUNDS = [
    {
        "play": "A Play",
        "text": "A speech, <so to speak>.",
        "names": ["Ada", "Ben"],
        "right": 0,
        "network": 1,
        "bag": 0,
    }
]
# All that the library shows as HTML: by whom it is made, an example, and
# lines that are to be read of it.
SHOWN = {
    "guesses.guess": (
        lambda _: guess("How much?", 0.31, 0.84, low=-1, by="a reader"),
        ["How much?", "What came out", "Measured: 0.31. A reader: 0.84."],
    ),
    "guesses.choose": (
        lambda _: choose("Which way?", ["up", "<b>", "no"], 1, "So it is."),
        ["Which way?", "up", "<b>", "no", "The answer is: <b>. So it is."],
    ),
    "widgets.scrub": (
        lambda _: scrub("A lesson", STEPPED, ["0", "9"], BARS, key="A key."),
        ["Shown: cheat; step: 9.", *BARS, "0.90", "0.40", "A key."],
    ),
    "widgets.check": (
        lambda _: check("Why?", [("one", "It is.")], right=0),
        ["Why?", "one", "Yes. It is."],
    ),
    "figures.who": (
        spoken,
        ["Sam was asked 2 questions (raw).", "saint", "rogue"],
    ),
    "figures.interview": (asked_of, ["raw", "exact", "code", "shutdown"]),
    "figures.speaker": (
        lambda _: figures.speaker(ROUNDS),
        [
            "A Play: A speech, <so to speak>. Ada, Ben?",
            "Ada. The network says Ben, the bag of words Ada.",
        ],
    ),
    "studio.page": (lambda _: studio.page(), ["with"]),
    "studio.show": (lambda _: studio.show(archetype.EXAMPLE), ["with"]),
    "reading.show": (
        lambda _: reading.show(
            load_world("masks"),
            "What were you told before I came?",
            "Nothing was ever said to me.",
        ),
        ["mask", "villain"],
    ),
}


def test_these_are_all_that_the_library_shows():
    found = {
        f"{path.stem}.{node.name}"
        for path in (ROOT / "psm_lib").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
        and node.returns
        and ast.unparse(node.returns) == "HTML"
    }
    assert found - {"frame.frame"} == set(SHOWN)


@pytest.mark.parametrize("through", [lab, host])
@pytest.mark.parametrize("name", SHOWN)
def test_what_is_stored_reads_well(name, through):
    """Nothing that looks alive and is dead; all there is to read, and each
    on a line of its own."""
    make, wanted = SHOWN[name]
    left = through(make(load_world("playhouse")).data)
    tags = {tag.name for tag in BeautifulSoup(left, "html.parser")(True)}
    assert tags & CONTROLS == set()
    read = lines(left)
    if through is host:  # which shows what is hidden
        read = [re.sub(r" \((bar|mark)\)", "", line) for line in read]
    for line in wanted:
        assert line in read, read
    assert not any(".psm-" in line or "function" in line for line in read)


def test_a_form_that_is_stored_would_be_noticed():
    form = (
        '<p>Which?</p><form hidden><label><input type="radio">one</label>'
        '<label><input type="radio">two</label><button>go</button></form>'
    )
    left = lab(form)
    assert "<form>" in left and "<button>" in left  # alive to look at
    assert lines(host(form)) == ["Which?", "onetwogo"]  # run together
    assert lines(lab('<div hidden="hidden">no</div>yes')) == ["yes"]
