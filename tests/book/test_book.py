"""The built book: warnings are errors, and it reads with the network off."""

import base64
import json
import re
import struct
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlsplit

import access
import colab
import diet
import icons
import nbformat
import numpy as np
import pytest
import sharing
import yaml
from browser import chromium, open_page, set_screen
from bs4 import BeautifulSoup
from chapter_output import stored_output
from conftest import ROOT
from PIL import Image
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from psm_lib.builds import BUILDS
from psm_lib.web.live import figures, scripts
from psm_lib.worldfile import load_world

PAGE_BYTES = 2_000_000  # with all that it loads
PHONE = (390, 844)
DESKTOP = (1280, 900)


def toc_pages() -> list[str]:
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text())
    pages = [toc["root"]]
    for chapter in (c for part in toc["parts"] for c in part["chapters"]):
        pages.append(chapter["file"])
        pages += [s["file"] for s in chapter.get("sections", ())]
    return pages


PAGES = toc_pages()


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """The folder of a build from scratch, away from the reader's own."""
    out = tmp_path_factory.mktemp("built")
    done = subprocess.run(
        [
            Path(sys.executable).with_name("jupyter-book"),
            *("build", "--all", "-n", "-W", "--keep-going"),
            *("--path-output", out, ROOT),
        ],
        capture_output=True,
        text=True,
    )
    lines = (done.stdout + done.stderr).splitlines()
    told = [x for x in lines if "WARNING" in x or "ERROR" in x]
    assert done.returncode == 0, "\n".join(told or lines[-20:])
    return out / "_build" / "html"


@pytest.fixture(scope="module")
def soups(book):
    return {
        page: BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
        for page in book.rglob("*.html")
        if "_static" not in page.parts
    }


@pytest.fixture(scope="module")
def session():
    with chromium() as browser:
        yield browser


def test_pages_are_those_of_the_contents(book, soups):
    made = {p.relative_to(book).with_suffix("").as_posix() for p in soups}
    extra = {"index", "genindex", "search", "prf-prf"}
    assert made - extra == set(PAGES)


def test_nothing_is_loaded_from_outside(book, soups):
    for page, soup in soups.items():
        for tag in soup.find_all(["script", "link", "img", "iframe", "video"]):
            if tag.name == "link" and tag.get("rel") == ["canonical"]:
                continue
            address = tag.get("src") or tag.get("href") or ""
            assert not re.match(r"(?:https?:)?//", address), (page, address)
    for style in book.rglob("*.css"):
        text = style.read_text(encoding="utf-8", errors="replace")
        found = re.findall(r"(?:url\(|@import)\s*['\"]?https?://", text)
        assert not found, style


def test_internal_links_resolve(book, soups):
    """Every link to a page, and every anchor on it."""
    anchors = {
        page: {t["id"] for t in soup.find_all(id=True)}
        | {t["name"] for t in soup.find_all("a", attrs={"name": True})}
        for page, soup in soups.items()
    }
    broken = []
    for page, soup in soups.items():
        for link in soup.find_all("a", href=True):
            address = urlsplit(link["href"])
            if address.scheme or address.netloc:
                continue
            target = page
            if address.path:
                target = (page.parent / unquote(address.path)).resolve()
            if not target.exists():
                broken.append((page.name, link["href"]))
            elif address.fragment and target in anchors:
                name = unquote(address.fragment)
                if name not in anchors[target]:
                    broken.append((page.name, link["href"]))
    assert not broken


def test_every_id_stands_once(soups):
    for page, soup in soups.items():
        found = [tag["id"] for tag in soup.find_all(id=True)]
        assert len(found) == len(set(found)), page


@pytest.mark.parametrize(
    "html, mended",
    [
        ('<p id="a">', '<p id="a">'),
        ('<p id="a"><b class="x" id="a">', '<p id="a"><b class="x" id="a-2">'),
        (
            '<p id="a"><p id="a"><p id="a-2"><a href="#a-2">',
            '<p id="a"><p id="a-3"><p id="a-2"><a href="#a-2">',
        ),
        (
            """<p id="a"><script>'<p id="a">'</script>""",
            """<p id="a"><script>'<p id="a">'</script>""",
        ),
        ('<p id="a"><p data-id="a">', '<p id="a"><p data-id="a">'),
    ],
)
def test_an_id_that_stands_twice_is_numbered(html, mended):
    assert access.unique_ids(html) == mended


def test_nothing_that_is_stored_needs_a_script(soups):
    """What can be pressed is made by the scripts that make it work."""
    dead = "button, form, input:not(.margin-toggle), select, textarea, output"
    for page, soup in soups.items():
        if page.stem != "search":
            found = (soup.find("article") or soup).select(dead)
            assert found == [], page


def test_without_scripts_nothing_looks_alive(book, session):
    """Nor do the buttons of the theme, on a chapter and an assignment."""
    switch = "Emulation.setScriptExecutionDisabled"
    set_screen(session, *DESKTOP)
    session.execute_cdp_cmd(switch, {"value": True})
    try:
        for name in ("book/ch04_cheat", "book/assignments/a1_characters"):
            session.get((book / f"{name}.html").as_uri())
            buttons = session.find_elements("css selector", "button, input")
            shown = [e for e in buttons if e.is_displayed()]
            assert {e.get_attribute("class") for e in shown} == {
                "btn dropdown-toggle"
            }
            item = session.find_element("css selector", ".dropdown-menu a")
            assert not item.is_displayed()
            shown[0].send_keys("")  # the focus, no more
            assert item.is_displayed()
            # The theme's colours are there, and one sees where the focus is.
            assert shown[0].value_of_css_property("outline-style") == "solid"
            link = session.find_element("css selector", "article a.reference")
            assert "140, 47, 57" in link.value_of_css_property("color")
        # A phone's list of pages, which no button can call up, ends the page.
        set_screen(session, *PHONE)
        session.get((book / "book/ch01_characters.html").as_uri())
        pages = session.find_elements("css selector", ".bd-sidebar a.internal")
        assert sum(e.is_displayed() for e in pages) > 10
        end = session.find_element("css selector", "article").rect
        assert pages[-1].rect["y"] > end["y"] + end["height"]
        assert 0 <= pages[-1].rect["x"] < PHONE[0]
    finally:
        session.execute_cdp_cmd(switch, {"value": False})
        session.get_log("performance")  # scripts that did not come count there


def test_repository_address_is_the_one_of_the_config(soups):
    config = yaml.safe_load((ROOT / "_config.yml").read_text())
    url = config["repository"]["url"]
    found = set()
    for soup in soups.values():
        for link in soup.find_all("a", href=re.compile("github")):
            found.add(link["href"])
    path = url.removeprefix("https://github.com/")
    book_links = [x for x in found if "who-is-speaking" in x or "colab" in x]
    assert book_links
    assert all(path in link for link in book_links)


def test_assignments_lead_to_the_page_of_their_chapter(soups):
    """In a page; in Colab the same link leads to the chapter there."""
    found = {
        page.stem: [a["href"] for a in soup.select('article a[href^="../ch"]')]
        for page, soup in soups.items()
        if page.parent.name == "assignments" and page.stem[1:2].isdigit()
    }
    assert len(found) == len([p for p in PAGES if "/assignments/a" in p])
    for name, links in found.items():
        number = int(name[1:].partition("_")[0])
        assert any(x.startswith(f"../ch{number:02}_") for x in links), name


@pytest.mark.parametrize("name", [p for p in PAGES if "/ch" in p])
def test_chapters_have_a_colab_button(book, soups, name):
    links = soups[book / f"{name}.html"].find_all(
        "a", href=re.compile("colab.research.google.com")
    )
    copy = name.replace("book/", "book/colab/")
    assert links and links[0]["href"].endswith(f"/blob/main/{copy}.ipynb")


@pytest.mark.parametrize("name", [p for p in PAGES if "/ch" in p])
def test_a_chapter_is_downloaded_as_colab_shows_it(book, soups, name):
    """Whoever has only the notebook needs prose, not the source of a page."""
    page = book / f"{name}.html"
    buttons = soups[page].select("a.btn-download-source-button")
    files = {(page.parent / b["href"]).resolve() for b in buttons}
    assert len(files) == 1
    copy = ROOT / name.replace("book/", "book/colab/")
    assert files.pop().read_bytes() == copy.with_suffix(".ipynb").read_bytes()


def test_images_have_alt_text_and_figures_captions(soups):
    for page, soup in soups.items():
        for image in soup.find_all("img"):
            assert image.get("alt", "").strip(), (page.name, image.get("src"))
        for output in soup.select("div.cell_output img"):
            figure = output.find_parent("figure")
            assert figure is not None, (page.name, output["src"])
        for figure in soup.find_all("figure"):
            number = figure.select_one("figcaption .caption-number")
            assert number, (page.name, figure.get("id"))


def test_computed_tables_are_tables(book, soups):
    for page, soup in soups.items():
        for text in soup.select("article p"):
            assert not text.get_text().lstrip().startswith("|"), page
    for name in (p for p in PAGES if "/ch" in p):
        cells = soups[book / f"{name}.html"].select("article th")
        assert "verdict" in [c.get_text(strip=True) for c in cells], name


def test_headings_do_not_jump(soups):
    for page, soup in soups.items():
        main = soup.find("article") or soup
        levels = [
            int(h.name[1]) for h in main.find_all(re.compile("^h[1-6]$"))
        ]
        for one, two in zip(levels, levels[1:], strict=False):
            assert two <= one + 1, (page.name, levels)


def live_data(soup) -> list[dict]:
    found = soup.select('.psm-live script[type="application/json"]')
    return [json.loads(s.string) for s in found]


def needed(model: str) -> list[str]:
    """The scripts of a network: its own, and that of what it adds to."""
    return [model, scripts.base(model)]


@pytest.mark.parametrize("name", PAGES)
def test_page_weighs_little(book, soups, name):
    page = book / f"{name}.html"
    images = {
        (page.parent / unquote(i["src"])).resolve()
        for i in soups[page].find_all("img")
        if not i["src"].startswith("data:")
    }
    live = {s["src"] for s in soups[page].select(".psm-live script[src]")} | {
        f"{data['folder']}/{model}.js"
        for data in live_data(soups[page])
        for network in data.get("networks", ())
        for model in needed(network["model"])
    }
    live = {(page.parent / script).resolve() for script in live}
    assert bool(live) == ("/ch" in name or "preface" in name)
    theme = {
        (page.parent / urlsplit(tag.get("src") or tag["href"]).path).resolve()
        for tag in soups[page].select(
            "script[src], link[rel=stylesheet], link[rel=preload]"
        )
    }
    files = {page, *images, *live, *theme}
    assert sum(file.stat().st_size for file in files) <= PAGE_BYTES


def test_no_page_loads_what_it_does_not_use(book, soups):
    """Formulas and icons stand in the page; no font, no script for them."""
    maths = 0
    for page, soup in soups.items():
        for formula in soup.select(".math"):
            maths += 1
            assert formula.find("math") and "\\" not in formula.get_text()
        left = soup.select('i[class*="fa-"], span[class*="fa-"]:not(:has(*))')
        assert left == [], page
    assert maths > 30
    for style in book.rglob("*.css"):
        assert "@font-face" not in style.read_text("utf-8"), style
    scripts = {script.name for script in book.rglob("*.js")}
    assert not scripts & {"fontawesome.js", "tex-svg.js"}


@pytest.mark.parametrize("name", [p for p in PAGES if "/ch" in p])
def test_colab_calls_figures_by_their_numbers(book, soups, name):
    """The copies for Colab and the pages agree, and pages lead to copies."""
    soup = soups[book / f"{name}.html"]
    path = next(ROOT.glob(f"{name}.ipynb"))
    notebook = nbformat.read(path, as_version=4)
    labels = colab.numbers(notebook, path.stem[3])
    shown = {
        link["href"][1:]: link.get_text()
        for link in soup.select('a.reference[href^="#"]')
        if link["href"][1:] in labels
    }
    figures = {k: v for k, v in labels.items() if k.startswith("fig-")}
    assert figures.items() <= shown.items()
    buttons = soup.select('a[href*="colab.research.google.com"]')
    assert buttons and all(
        b["href"].endswith(f"/book/colab/{path.name}") for b in buttons
    )


def test_no_solution_is_in_the_book(book):
    for file in [*book.rglob("*.html"), *book.rglob("*.js")]:
        text = file.read_text("utf-8", errors="replace")
        assert "BEGIN SOLUTION" not in text and "Instructor.<" not in text
    assert not list(book.rglob("*instructors*"))


def test_an_icon_the_theme_lacks():
    assert icons.shape("sun")[:2] == ("512", "512")
    with pytest.raises(LookupError, match="no icon unicorn"):
        icons.shape("unicorn")


@pytest.mark.parametrize(
    "rule, stays",
    [
        (".here{a:b}", ".here{a:b}"),
        (".gone{a:b}", ""),
        (".gone, .here p{a:b}", " .here p{a:b}"),
        (".here .gone{a:b}", ""),
        (".here:not(.gone){a:b}", ".here:not(.gone){a:b}"),
        (":is(.here,.gone) b{a:b}", ":is(.here,.gone) b{a:b}"),
        ("@media print{.gone{a:b}}", ""),
        ("@media print{.here{a:b}}", "@media print{.here{a:b}}"),
        (":root{--x:1}", ":root{--x:1}"),
    ],
)
def test_rules_that_no_page_could_use_are_left_out(tmp_path, rule, stays):
    style = tmp_path / "a.css"
    style.write_text(rule, encoding="utf-8")
    diet.thin(style, {"here"})
    assert style.read_text("utf-8") == stays


def test_a_style_stands_once_on_a_page():
    a, b = "<style>p{a:b}</style>", "<style>p{a:c}</style>"
    assert diet.once(f"{a}1{b}2{a}3") == f"{a}1{b}23"


def test_pictures_keep_their_colours(tmp_path):
    """A plot has fewer than a palette holds: nothing changes but the size."""
    picture = tmp_path / "a.png"
    noise = np.random.default_rng(0).integers(0, 64, (64, 64))
    colours = np.stack([noise * 4, 255 - noise, noise], -1).astype(np.uint8)
    Image.fromarray(colours).save(picture)
    before = picture.read_bytes()
    small = diet.painted(before)
    with Image.open(BytesIO(small)) as image:
        assert (np.asarray(image.convert("RGB")) == colours).all()
    assert len(small) < len(before)
    assert diet.painted(small) == small  # once is enough


@pytest.mark.parametrize("name", PAGES)
def test_page_opens_from_disk_with_the_network_off(book, session, name):
    set_screen(session, *DESKTOP)
    complaints, asked = open_page(session, book / f"{name}.html")
    assert complaints == []
    assert asked == []
    sizes = session.execute_script(
        "return [...document.images].map(i => [i.src, i.naturalWidth])"
    )
    assert all(width > 0 for _, width in sizes), sizes


# Signs of a font of icons that is not there, drawn by a style sheet.
BOXES = """
const found = [];
for (const e of document.querySelectorAll(':not(svg, svg *)'))
  for (const part of ['::before', '::after']) {
    const s = getComputedStyle(e, part);
    if (s.display === 'none') continue;
    if (/Awesome/.test(s.fontFamily) && /[\\ue000-\\uf8ff]/.test(s.content))
      found.push(e.tagName + '.' + e.className + part);
  }
return found;
"""


@pytest.mark.parametrize("name", PAGES)
def test_no_sign_is_an_empty_box(book, session, name):
    set_screen(session, *DESKTOP)
    open_page(session, book / f"{name}.html")
    # As when notes in the margin have pushed the contents aside.
    session.execute_script(
        "const c = document.querySelector('.bd-sidebar-secondary');"
        "if (c) c.classList.add('hide');"
    )
    assert session.execute_script(BOXES) == []


# What reaches past the screen, unless something around it scrolls or hides.
TOO_WIDE = """
const wide = [];
const scrolls = (e) => {
  for (let p = e; p && p !== document.body; p = p.parentElement) {
    const s = getComputedStyle(p);
    if (/auto|scroll|hidden|clip/.test(s.overflowX)) return true;
    if (s.position === 'fixed' || s.visibility === 'hidden') return true;
  }
  return false;
};
for (const e of document.body.querySelectorAll('*')) {
  const box = e.getBoundingClientRect();
  if (box.width && box.right > innerWidth + 1 && !scrolls(e))
    wide.push(e.tagName + '.' + e.className + ' ' + Math.round(box.right));
}
return [innerWidth, document.documentElement.scrollWidth, wide.slice(0, 8)];
"""


@pytest.mark.parametrize("width", [PHONE[0], 1100])
@pytest.mark.parametrize("name", PAGES)
def test_page_fits_the_screen(book, session, name, width):
    """A phone, and the width at which the theme has no margin any more."""
    set_screen(session, width, 844)
    open_page(session, book / f"{name}.html")
    inner, scroll, wide = session.execute_script(TOO_WIDE)
    assert inner == width and scroll <= width, wide
    assert width > 600 or wide == []


# What is cut: wider than its place, without a scroll bar that the keyboard
# reaches and that has a name; and in print, whatever would have to scroll.
CUT = """
const cut = [], print = matchMedia('print').matches;
const named = (e) => e.tabIndex === 0 && e.getAttribute('aria-label') &&
  ['region', 'group'].includes(e.getAttribute('role'));
for (const e of document.querySelectorAll('article *')) {
  const s = getComputedStyle(e), box = e.getBoundingClientRect();
  if (!box.width || s.display === 'inline' || s.clipPath !== 'none') continue;
  const what = e.tagName + '.' + e.className + ' ' +
    e.textContent.trim().slice(0, 40);
  const closed = e.closest('.toggle-hidden');
  if (s.overflowX === 'visible') {
    if (print && box.right > innerWidth + 1) cut.push('off paper: ' + what);
  } else if (e.scrollWidth > e.clientWidth + 1 && !closed) {
    if (print || s.overflowX === 'hidden' || !named(e)) cut.push(what);
  }
}
return cut.slice(0, 8);
"""
PAPER = (717, 1000)  # A4 within the usual margins


@pytest.mark.parametrize("width", [PHONE[0], DESKTOP[0], 0])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut(book, session, name, width):
    """On a phone, on a desktop, and on paper, which has no scroll bars."""
    set_screen(session, *((width, 900) if width else PAPER))
    media = "Emulation.setEmulatedMedia"
    session.execute_cdp_cmd(media, {"media": "" if width else "print"})
    open_page(session, book / f"{name}.html")
    cut = session.execute_script(CUT)
    session.execute_cdp_cmd(media, {"media": ""})
    assert cut == []


@pytest.mark.parametrize(
    "name, columns", [("ch08_answers", 11), ("ledger", 5)]
)
def test_all_columns_of_a_table_are_seen(book, session, name, columns):
    """On a desktop without scrolling, at whatever size of window."""
    for width in (DESKTOP[0], 1600, 1920):
        set_screen(session, width, 900)
        open_page(session, book / "book" / f"{name}.html")
        seen, inside = session.execute_script(
            "const t = document.querySelector('article table.table');"
            "const b = t.parentElement.getBoundingClientRect();"
            "const c = [...t.rows[0].cells].map(e => e.getBoundingClientRect"
            "());"
            "return [c.length, c.every(e => e.width && e.right <= b.right + 1"
            ")];"
        )
        assert seen == columns and inside, width


def test_claims_are_cards_on_a_phone(book, session):
    """Every cell on the screen, under its name, and still a cell."""
    set_screen(session, *PHONE)
    open_page(session, book / "book" / "ledger.html")
    rows = session.execute_script(
        "return [...document.querySelectorAll('.book-claims tbody tr')].map("
        "r => [...r.cells].map(c => [c.getAttribute('role'),"
        "getComputedStyle(c, '::before').content.replaceAll('\"', ''),"
        "c.getBoundingClientRect().right <= innerWidth,"
        "c.getBoundingClientRect().width > 120]));"
    )
    names = ["none", "verdict", "came out", "predicted", "control"]
    assert len(rows) > 50
    assert all(row == [["cell", n, True, True] for n in names] for row in rows)


# Each place where Tab stops, in order: what it is called if that can be told
# without a browser's help, and how its focus looks.
STOPS = """
const all = [...document.querySelectorAll('*')].filter(
  e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({
    visibilityProperty: true, contentVisibilityAuto: true}) &&
    (e.matches('a[href], button, summary, input, select, textarea') ||
     e.hasAttribute('tabindex')) && !e.closest('dialog:not([open])') &&
  !(e.matches('[type=radio]') && !e.checked && e !== document.querySelector(
    `[name="${e.name}"]`)));
return all.map((e) => {
  e.focus();
  const shown = (x) => {
    const s = getComputedStyle(x), b = x.getBoundingClientRect();
    return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 &&
      !/, 0\\)$/.test(s.outlineColor) && b.width > 4 && b.height > 4;
  };
  const told = e.matches('a, button, summary') && (e.getAttribute('aria-label')
    || e.innerText || '').trim();
  const what = e.tagName + '.' + e.className + ' ' + (told || '').slice(0, 30);
  return [e, what, Boolean(told),
    document.activeElement === e && e.matches(':focus-visible') && shown(e)];
});
"""


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_every_stop_of_the_tab_key_has_a_name_and_is_seen(
    book, session, name, screen
):
    set_screen(session, *screen)
    open_page(session, book / f"{name}.html")
    ActionChains(session).send_keys(Keys.TAB).perform()  # by keyboard
    stops = session.execute_script(STOPS)
    assert len(stops) > 8
    unseen = [what for _, what, _, seen in stops if not seen]
    assert unseen == []
    unnamed = [
        what
        for element, what, told, _ in stops
        if not told and not element.accessible_name.strip()
    ]
    assert unnamed == []


def test_the_tab_key_stops_where_it_is_looked_for(book, session):
    """The list of stops above is the one that a keyboard finds."""
    set_screen(session, *DESKTOP)
    open_page(session, book / "book" / "ledger.html")
    ActionChains(session).send_keys(Keys.TAB).perform()
    expected = [what for _, what, *_ in session.execute_script(STOPS)]
    open_page(session, book / "book" / "ledger.html")
    found = []
    for _ in expected[:40]:
        ActionChains(session).send_keys(Keys.TAB).perform()
        found.append(
            session.execute_script(
                "const e = document.activeElement;"
                "return e.tagName + '.' + e.className;"
            )
        )
    assert [e.split(" ", 1)[0] for e in expected[:40]] == [
        e.split(" ", 1)[0] for e in found
    ]


CONTRAST = """
const light = (c) => {
  const [r, g, b] = c.match(/[\\d.]+/g).map(Number).map((v) => {
    v /= 255;
    return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = (e) => {
  for (let p = e; p; p = p.parentElement) {
    const c = getComputedStyle(p).backgroundColor;
    if (!/, 0\\)|transparent/.test(c)) return c;
  }
  return 'rgb(255, 255, 255)';
};
const poor = [];
for (const e of document.querySelectorAll(
    'article p, article li, article a, article td, figcaption, h1, h2')) {
  if (!e.textContent.trim()) continue;
  const a = light(getComputedStyle(e).color), b = light(ground(e));
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < 4.5)
    poor.push(ratio.toFixed(1) + ' ' + e.textContent.slice(0, 40));
}
return poor.slice(0, 8);
"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_text_stands_out_from_its_ground(book, session, name, dark):
    set_screen(session, *DESKTOP, dark=dark)
    open_page(session, book / f"{name}.html")
    theme = session.execute_script(
        "return document.documentElement.dataset.theme"
    )
    assert theme == ("dark" if dark else "light")
    assert session.execute_script(CONTRAST) == []


def serious(session) -> list:
    """What axe-core finds on the page as it stands that shuts somebody out."""
    script = resources.files("axe_core_python") / "axe.min.js"
    session.execute_script(script.read_text("utf-8"))
    return session.execute_async_script(
        """
        const done = arguments[0];
        // Colours as they will be, not on their way.
        document.getAnimations().forEach(a => a.finish());
        axe.run(document, {resultTypes: ['violations']}).then(r => done(
          r.violations
            .filter(v => ['serious', 'critical'].includes(v.impact))
            .map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200))])));
        """
    )


SCREENS = pytest.mark.parametrize(
    "screen, dark", [(DESKTOP, False), (PHONE, True)], ids=["desktop", "dark"]
)


@SCREENS
@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_left_out(book, session, name, screen, dark):
    """axe-core finds nothing serious: names, roles, contrast, order."""
    set_screen(session, *screen, dark)
    open_page(session, book / f"{name}.html")
    assert serious(session) == []


# Everything live on a page, driven as far as it goes: guesses made, questions
# opened, sliders moved, networks asked. Returns how many figures there were.
DRIVE_ALL = """
const done = arguments[0];
const all = (s) => [...document.querySelectorAll(`.psm-live${s}`)];
const until = (f) => new Promise((then) => (function look() {
  f() ? then() : setTimeout(look, 50); })());
const move = (e, value) => {
  e.value = value;
  ['input', 'change'].forEach((k) => e.dispatchEvent(new Event(k)));
};
(async () => {
  for (const f of all('[data-kind=guess]')) {
    const radio = f.querySelector('input[type=radio]');
    if (radio) radio.checked = true;
    f.querySelector('form').requestSubmit();
    await until(() => f.querySelector('details').open);
  }
  all(' details').forEach((e) => { e.open = true; });
  for (const f of all('[data-kind=scrub]')) move(f.querySelector('input'), 1);
  for (const f of all('[data-kind=studio]'))
    f.querySelectorAll('input').forEach((e) => move(e, 0.4));
  for (const f of all('[data-kind=who], [data-kind=interview]')) {
    f.scrollIntoView();
    await until(() => f.dataset.found);
    const menus = [...f.querySelectorAll('select')];
    menus.forEach((m) => { m.selectedIndex = m.options.length - 1; });
    menus[0].onchange();
    f.querySelector('button').click();
    await until(() => f.dataset.found && !f.querySelector('[aria-busy]'));
  }
  done(all('').length);
})();
"""


@SCREENS
@pytest.mark.parametrize("name", ["ch01_characters", "ch07_robots"])
def test_nobody_is_left_out_later(book, session, name, screen, dark):
    """Nor when somebody has used all that can be used."""
    set_screen(session, *screen, dark)
    open_page(session, book / "book" / f"{name}.html")
    session.execute_script("localStorage.clear()")
    assert session.execute_async_script(DRIVE_ALL) > 5
    assert serious(session) == []
    session.execute_script("localStorage.clear()")


# Every state of every figure that can be stepped through, against its data.
DRIVE = """
const wrong = [];
let states = 0;
for (const f of document.querySelectorAll('[data-kind=scrub]')) {
  const d = JSON.parse(
    f.querySelector('script[type="application/json"]').textContent);
  const menu = f.querySelector('select'), slide = f.querySelector('input');
  if (!slide.offsetWidth) wrong.push('controls are not shown');
  d.choices.forEach((choice, a) => d.steps.forEach((step, k) => {
    menu.selectedIndex = a;
    menu.dispatchEvent(new Event('change'));
    slide.value = k;
    slide.dispatchEvent(new Event('input'));
    states += 1;
    if (f.querySelector('output').textContent !== step) wrong.push(step);
    f.querySelectorAll('tbody tr').forEach((row, j) => {
      const want = choice.values[k][j];
      const track = row.querySelector('.psm-bar').getBoundingClientRect();
      const bar = row.querySelector('i').getBoundingClientRect();
      if (Math.abs(bar.width / track.width - want) > 0.01)
        wrong.push([a, k, j, bar.width / track.width, want].join(' '));
      if (Math.abs(row.lastElementChild.textContent - want) > 0.0051)
        wrong.push([a, k, j, row.lastElementChild.textContent].join(' '));
    });
  }));
}
return [states, wrong.slice(0, 8)];
"""


@pytest.mark.parametrize(
    "name", [p for p in PAGES if re.search("/ch0[3-8]", p)]
)
@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_figures_to_step_through_show_their_numbers(
    book, session, name, screen
):
    set_screen(session, *screen)
    open_page(session, book / f"{name}.html")
    states, wrong = session.execute_script(DRIVE)
    assert states > 5
    assert wrong == []
    slide, shown = (
        session.find_element("css selector", f"[data-kind=scrub] {part}")
        for part in ("input", "output")
    )
    slide.send_keys(Keys.HOME)
    first = shown.text
    slide.send_keys(Keys.ARROW_RIGHT)
    assert first and shown.text != first


@pytest.mark.parametrize("name", [p for p in PAGES if "/ch" in p])
def test_a_guess_comes_before_what_came_out(book, session, name):
    set_screen(session, *PHONE)
    open_page(session, book / f"{name}.html")
    figure = session.find_element("css selector", "[data-kind=guess]")
    answer = figure.find_element("css selector", "details")
    assert not answer.is_displayed()
    for option in figure.find_elements("css selector", "[type=radio]")[:1]:
        option.send_keys(Keys.SPACE)
    figure.find_element("css selector", "form button").send_keys(Keys.ENTER)
    assert answer.is_displayed() and "You said" in answer.text
    figure.find_element("css selector", "details button").click()
    assert not answer.is_displayed()


def test_a_page_can_only_show_what_a_chapter_shows():
    assert 'data-kind="who"' in stored_output("ch01_characters", "who")
    with pytest.raises(LookupError, match="ch02_hamlet"):
        stored_output("ch02_hamlet", "who")


def live_pages(kind: str) -> list[str]:
    """The pages whose sources have a live figure of a kind."""
    sources = {p: next(ROOT.glob(f"{p}.*")).read_text("utf-8") for p in PAGES}
    mark = rf'data-kind=\\"{kind}\\"|chapter-output\}} \w+ {kind}\b'
    return [p for p, text in sources.items() if re.search(mark, text)]


LIVE = {
    "who": ["preface", "ch01", "ch03", "ch08"],
    "speaker": ["ch02"],
    "interview": ["ch04", "ch05", "ch06", "ch07"],
    "scrub": ["ch03", "ch04", "ch05", "ch06", "ch07", "ch08"],
    "guess": [p[5:9] for p in PAGES if "/ch" in p],
    "studio": ["ch07"],
}


@pytest.mark.parametrize("kind", LIVE)
def test_every_chapter_has_its_live_figures(kind):
    """These at least; a new chapter need not be listed."""
    pages = [p.removeprefix("book/").split("_")[0] for p in live_pages(kind)]
    assert {*LIVE[kind]} <= {*pages} and live_pages("nonsense") == []


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", [p for p in PAGES if "/ch" in p])
def test_pictures_are_large_enough(book, session, name, screen):
    """As they were drawn, and on a phone wide enough to be read: there one
    scrolls."""
    set_screen(session, *screen)
    open_page(session, book / f"{name}.html")
    found = session.execute_script(
        "return [...document.querySelectorAll('article figure img')].map("
        "i => [i.naturalWidth, i.naturalHeight, i.clientWidth,"
        "i.clientHeight, i.parentElement.clientWidth])"
    )
    assert found
    for wide, high, width, height, place in found:
        assert wide / high == pytest.approx(width / height, rel=0.02)
        assert width >= 480
        assert width <= place or screen == PHONE


@pytest.mark.parametrize("name", LIVE["guess"])
def test_one_guesses_before_what_is_asked(name):
    """As often, at least, as the text asks what one expects."""
    text = next((ROOT / "book").glob(f"{name}_*.ipynb")).read_text("utf-8")
    boxes = len(re.findall(r'data-kind=\\"guess\\"', text))
    assert boxes >= max(2, text.count("**What do you expect"))


def sections(name: str) -> list[list[tuple[str, str]]]:
    """The parts of a chapter, from heading to heading: (type, source)."""
    path = next((ROOT / "book").glob(f"{name}_*.ipynb"))
    parts: list[list[tuple[str, str]]] = [[]]
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            parts[-1].append(("code", cell.source))
            continue
        first, *others = re.split(r"^(?=## )", cell.source, flags=re.M)
        parts[-1].append(("markdown", first))
        parts += [[("markdown", text)] for text in others]
    return parts


def first_place(cells, kind: str, pattern: str, start: int = 0) -> int:
    """Of the first cell that has it, from ``start``; or their number."""
    found = (
        i
        for i, (of, text) in enumerate(cells)
        if i >= start and of == kind and re.search(pattern, text, re.M)
    )
    return next(found, len(cells))


GUESS = r"^(guess|choose)\("
SHOWS = r"^(plt\.show|say|scrub|interview|who)\("
UNASKED = (  # smaller results, and one that was guessed a section before
    "Where is the belief?",
    "Three ways to say the same",
    "Still a cast",
    "What does it wear?",
    "Pulling somebody else back",
    "When the cheat defies the request",
)
VERDICT = r"Verdict|\{\w+_outcome\}"


@pytest.mark.parametrize("name", LIVE["guess"])
def test_a_guess_stands_before_its_result(name):
    """After a question comes a guess before anything is shown, and where a
    verdict is told there was a guess before it in the same section."""
    parts = sections(name)
    whole = [cell for cells in parts for cell in cells]
    for i, (kind, text) in enumerate(whole):
        if kind == "markdown" and "**What do you expect" in text:
            guess = first_place(whole, "code", GUESS, i)
            assert guess < first_place(whole, "code", SHOWS, i), text[-200:]
    for cells in parts:
        guess = first_place(cells, "code", GUESS)
        told = first_place(cells, "code", VERDICT)
        title = cells[0][1].splitlines()[0].removeprefix("## ")
        unasked = guess == len(cells) and title in UNASKED
        assert told == len(cells) or guess < told or unasked, title


@pytest.mark.parametrize("name", live_pages("interview"))
def test_one_can_ask_the_networks_of_a_page(book, session, name):
    """All of them answer; what, tests/web/test_live.py knows."""
    complaints, asked = open_page(session, book / f"{name}.html")
    found = session.execute_async_script(
        """
        const done = arguments[0], all = [];
        const f = document.querySelector('[data-kind=interview]');
        const menu = f.querySelector('select');
        f.scrollIntoView();
        let k = 0;
        (function look() {
          if (!f.dataset.found) return setTimeout(look, 50);
          all.push(JSON.parse(f.dataset.found));
          if (k === menu.options.length) return done(all);
          menu.selectedIndex = k++;
          menu.dispatchEvent(new Event('change'));
          look();
        })();
        """
    )
    assert len(found) > 2 and not complaints and not asked
    assert all(0 < p < 1 for row in found for p in row)
    assert found[0] == pytest.approx(found[-1])  # the last one comes first
    assert found[0] != pytest.approx(found[1], abs=0.05)


@pytest.mark.parametrize("name", ["ch06_hearsay", "ch07_robots"])
def test_an_interview_of_a_page_is_that_of_python(book, soups, session, name):
    """Every network of the page, tuned ones too, for two names: bars and
    numbers."""
    page = book / "book" / f"{name}.html"
    data = next(d for d in live_data(soups[page]) if "wordings" in d)
    start = figures.Start(**data["starts"][0])
    set_screen(session, *DESKTOP)
    open_page(session, page)
    seen = []
    for k, network in enumerate(data["networks"]):
        world = load_world(BUILDS[scripts.base(network["model"])].world)
        for i in (0, 1):
            widths, numbers = session.execute_async_script(
                """
                const [k, i, done] = arguments;
                const f = document.querySelector('[data-kind=interview]');
                const menus = f.querySelectorAll('select');
                f.scrollIntoView();
                menus[0].selectedIndex = k;
                menus[1].selectedIndex = i;
                menus[1].onchange();
                (function look() {
                  if (!f.dataset.found) return setTimeout(look, 50);
                  const rows = [...f.querySelectorAll(
                    '.psm-interview tbody tr')];
                  done([
                    rows.map(r => parseFloat(
                      r.querySelector('i').style.width) / 100),
                    rows.map(r => +r.cells[2].textContent)]);
                })();
                """,
                k,
                i,
            )
            expected = figures.answers(
                world,
                network["model"],
                data["names"][i],
                start,
                data["wordings"],
            )
            assert np.abs(np.array(widths) - expected).max() < 1e-3
            assert np.abs(np.array(numbers) - expected).max() < 0.0061
            seen.append(expected)
    far = [np.abs(a - b).max() for a in seen for b in seen if a is not b]
    assert min(far) > 0.02  # the comparison could fail


@pytest.mark.parametrize("name", live_pages("who"))
def test_a_network_runs_in_the_page(book, session, name):
    """It says something of every persona; test_live.py knows what."""
    complaints, asked = open_page(session, book / f"{name}.html")
    found = session.execute_async_script(
        """
        const done = arguments[0];
        const f = document.querySelector('[data-kind=who]');
        f.scrollIntoView();
        (function look() {
          if (!f.dataset.found) return setTimeout(look, 50);
          done(JSON.parse(f.dataset.found));
        })();
        """
    )
    assert sum(found) == pytest.approx(1) and max(found) < 0.9
    assert not complaints and not asked


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", [p for p in PAGES if "/ch" in p])
def test_one_switch_unfolds_all_code(book, session, name, screen):
    """What it does else, tests/web/test_fold.py knows."""
    set_screen(session, *screen)
    open_page(session, book / f"{name}.html")
    count = (
        "return [...document.querySelectorAll('article .cell_input')]"
        ".filter(e => !e.checkVisibility()).length"
    )
    folded = session.execute_script(count)
    button = session.find_element("css selector", "h1 + .book-fold")
    button.send_keys(Keys.SPACE)
    assert folded > 5 and session.execute_script(count) == 0
    assert button.get_attribute("aria-pressed") == "true"
    assert serious(session) == []
    button.send_keys(Keys.SPACE)
    assert session.execute_script(count) == folded


def test_references_say_what_they_refer_to(book, session):
    """To the mouse, to the keyboard, and without the script."""
    page = book / "book" / "ch04_cheat.html"
    soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
    term = soup.select_one('a.reference[href$="#term-placement"]')
    glossary = (book / "book" / "glossary.html").read_text("utf-8")
    meaning = BeautifulSoup(glossary, "html.parser").select_one(
        "#term-placement + dd"
    )
    start = term["title"].removesuffix(" …")
    assert len(start) > 40
    assert re.sub(r"\s+", " ", meaning.get_text()).strip().startswith(start)
    figure = soup.select_one('a.reference[href="#fig-cheat"]')
    assert figure["title"] == "One bad habit."

    set_screen(session, *DESKTOP)
    open_page(session, page)
    link = session.find_element(
        "css selector", 'article a.reference[href$="#term-placement"]'
    )
    session.execute_script("arguments[0].scrollIntoView(false)", link)

    def tips():  # in one look, for a tip may go while it is asked about
        return [
            (text, seen)
            for text, seen in session.execute_script(
                "return [...document.querySelectorAll('.book-tip')].map("
                "e => [e.innerText.trim(), e.checkVisibility()])"
            )
        ]

    def point(at) -> None:
        ActionChains(session, duration=0).move_to_element(at).perform()

    def becomes(*expected) -> None:
        """However slow the machine."""
        wait = WebDriverWait(session, 300, 0.05)
        wait.until(lambda _: tips() == [*expected])

    shown = (term["title"], True)
    point(link)
    becomes(shown)
    tip = session.find_element("css selector", ".book-tip")
    point(tip)  # one may point at it
    ActionChains(session).pause(0.4).perform()
    assert tips() == [shown]
    point(session.find_element("css selector", ".bd-toc"))
    becomes()
    assert link.get_attribute("title") == term["title"]
    point(link)
    becomes(shown)
    ActionChains(session).send_keys(Keys.ESCAPE).perform()
    becomes()

    # By keyboard, from a place where the link is not on the screen.
    session.execute_script(
        """
        const before = document.createElement('button');
        arguments[0].before(before);
        before.focus();
        window.scrollTo(0, document.body.scrollHeight);
        """,
        link,
    )
    session.switch_to.active_element.send_keys(Keys.TAB)
    becomes(shown)
    assert session.switch_to.active_element == link
    session.execute_script("arguments[0].blur()", link)
    becomes()


def test_search_works_offline(book, session):
    """Pages are found, and the words around what was found are shown."""

    def found(words: str) -> list[str]:
        page = f"{(book / 'search.html').as_uri()}?q={words}"
        open_page(session, page)
        shown = session.execute_async_script(
            """
            const done = arguments[0];
            let left = 6000;
            (function look() {
              const told = document.querySelector('#search-results');
              const rows = [...document.querySelectorAll('ul.search li')];
              const whole = rows.every(e => e.querySelector('.context'));
              if (!left-- ||
                  /finished|not match/.test(told.textContent) && whole)
                return done(rows.map(e => e.textContent));
              setTimeout(look, 50);
            })();
            """
        )
        complaints = [
            entry["message"]
            for entry in session.get_log("browser")
            if entry["level"] == "SEVERE"
        ]
        assert complaints == []
        return shown

    rows = found("inoculation")
    assert len(rows) > 2 and max(map(len, rows)) > 200
    assert all("inoculat" in row.lower() for row in rows), rows
    assert found("zyzzyva") == []


@pytest.fixture(scope="module")
def address(book):
    """Where the book is served on this machine."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *given):
            pass

    handler = partial(Quiet, directory=book)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def served():
    with chromium(server=True) as browser:
        yield browser


@pytest.mark.parametrize("name", PAGES)
def test_page_opens_from_a_server(address, served, name):
    set_screen(served, *DESKTOP)
    complaints, asked = open_page(served, f"{address}/{name}.html")
    assert complaints == [] and asked == []
    for kind in ("who", "interview"):
        for figure in served.find_elements(
            "css selector", f"[data-kind={kind}]"
        ):
            served.execute_script("arguments[0].scrollIntoView()", figure)
            assert served.execute_async_script(
                """
                const [f, done] = arguments;
                (function look() {
                  if (!f.dataset.found) return setTimeout(look, 50);
                  done(true);
                })();
                """,
                figure,
            )
    log = served.get_log("browser")
    assert not [e for e in log if e["level"] in ("SEVERE", "WARNING")]


PRINTED = """
const shown = (e) => e.getBoundingClientRect().height > 0;
const all = (s) => [...document.querySelectorAll(s)];
return {
  aside: all('.bd-sidebar-primary, .bd-sidebar-secondary, .bd-header')
    .filter(shown).length,
  controls: all('.psm-live button, .psm-live select, .psm-live input')
    .filter(shown).length,
  // What a figure to be stepped through shows, in words.
  words: all('[data-kind=scrub]').every(f => {
    const w = f.querySelector('.psm-words');
    return shown(w) && shown(f.querySelector('table')) &&
      w.textContent.includes(f.querySelector('select').value) &&
      w.textContent.includes(f.querySelector('output').textContent);
  }),
  stills: all('.psm-still').every(shown),
  ink: getComputedStyle(document.querySelector('article p')).color,
  filters: [...new Set(all('article figure img').map(
    e => getComputedStyle(e).filter))],
};
"""


@pytest.mark.parametrize("name", [p for p in PAGES if "/ch" in p])
def test_a_chapter_prints(book, session, name):
    """Pictures for what moves, no menus, black on white though the screen
    is dark, and a file of some pages."""
    set_screen(session, *DESKTOP, dark=True)
    open_page(session, book / f"{name}.html")
    session.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    seen = session.execute_script(PRINTED)
    assert seen["aside"] == seen["controls"] == 0 and seen["stills"], seen
    assert seen["words"], seen
    assert seen["ink"] == "rgb(0, 0, 0)" and seen["filters"] == ["none"], seen
    made = session.execute_cdp_cmd("Page.printToPDF", {"paperWidth": 8.27})
    session.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    data = base64.b64decode(made["data"])
    pages = len(re.findall(rb"/Type\s*/Page\b", data))
    assert data.startswith(b"%PDF") and 8 < pages < 60


def test_what_others_see_of_the_book(book, soups):
    """Titles, descriptions and a picture to share, and a map of the site."""
    card = (book / "_static" / "card.png").read_bytes()
    size = struct.unpack(">II", card[16:24])  # of a PNG
    assert card.startswith(b"\x89PNG") and size == (1200, 630)
    told = set()
    for name in PAGES:
        soup = soups[book / f"{name}.html"]
        meta = {
            m.get("property") or m.get("name"): m["content"]
            for m in soup.find_all("meta", content=True)
        }
        title = soup.h1.get_text().rstrip("#")
        assert meta["og:title"] == re.sub(r"^[\d.]+", "", title).strip()
        assert meta["og:image"].endswith("/_static/card.png")
        assert meta["og:url"].endswith(f"/{name}.html")
        assert 40 < len(meta["description"]) <= 202
        told.add(meta["description"])
    assert len(told) == len(PAGES)
    places = re.findall(
        r"<loc>(.*?)</loc>", (book / "sitemap.xml").read_text("utf-8")
    )
    home = meta["og:image"].removesuffix("_static/card.png")
    assert {p.removeprefix(home) for p in places} == {
        f"{name}.html" for name in PAGES
    }

    front = (book / "index.html").read_text("utf-8")
    assert "book/preface.html" in front and "card.png" in front
    assert front.count('property="og:title"') == 1


@pytest.mark.parametrize(
    "address",
    [
        "here",
        "",
        "https://x.org/a/b",
        "git@github.com:a/b",
        "https://github.com/a/b/c",
    ],
)
def test_an_address_that_is_no_repository(address):
    with pytest.raises(ValueError, match="OWNER/NAME"):
        sharing.site(address)
