"""One switch for all folded code of a page, on a small page of its own."""

import pytest
from browser import chromium, open_page, set_screen
from conftest import ROOT
from selenium.webdriver.common.keys import Keys

STATIC = ROOT / "book" / "_static"
CELL = (
    '<div class="cell"><details class="admonition hide above-input"><summary>'
    "Show code cell source</summary><pre>x = 1</pre></details></div>"
)
PAGE = """<!doctype html><html lang=en data-theme=light><meta charset=utf-8>
<title>t</title><link rel=stylesheet href="{style}"><article class=bd-article>
<h1>Title</h1><p>Text.<details><summary>Other</summary>more</details>{cells}
</article><script src="{script}"></script>"""


@pytest.fixture(scope="module")
def browser():
    with chromium() as session:
        yield session


@pytest.fixture
def shown(browser, tmp_path):
    """Opens a page with so many folded cells."""

    def opened(cells: int, width: int = 1280, dark: bool = False):
        set_screen(browser, width, 844, dark)
        file = tmp_path / "page.html"
        text = PAGE.format(
            style=(STATIC / "book.css").as_uri(),
            script=(STATIC / "fold.js").as_uri(),
            cells=CELL * cells,
        )
        theme = "dark" if dark else "light"
        file.write_text(text.replace("theme=light", f"theme={theme}"), "utf-8")
        assert open_page(browser, file) == ([], [])
        return browser.find_elements("css selector", ".book-fold")

    return opened


def open_cells(browser) -> list[bool]:
    return browser.execute_script(
        "return [...document.querySelectorAll('details.hide')].map(e=>e.open)"
    )


def pressed(browser) -> str:
    """Once the browser has told the script of what was opened."""
    return browser.execute_async_script(
        "const done = arguments[0]; setTimeout(() => done(document"
        ".querySelector('.book-fold').getAttribute('aria-pressed')), 50)"
    )


@pytest.mark.parametrize("width", [390, 1280])
def test_all_code_is_shown_and_hidden(browser, shown, width):
    (button,) = shown(3, width)
    assert button.tag_name == "button" and button.text == "Show all code"
    assert open_cells(browser) == [False] * 3 and pressed(browser) == "false"
    button.click()
    assert open_cells(browser) == [True] * 3 and pressed(browser) == "true"
    button.click()
    assert open_cells(browser) == [False] * 3 and pressed(browser) == "false"
    other = browser.find_element("css selector", "details:not(.hide)")
    assert other.get_attribute("open") is None  # no code
    box = button.rect
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    assert box["height"] >= 24  # to be hit


def test_by_keyboard(browser, shown):
    (button,) = shown(2)
    assert button.get_attribute("tabindex") is None
    for key, state in ((Keys.ENTER, "true"), (Keys.SPACE, "false")):
        button.send_keys(key)
        assert pressed(browser) == state
        assert open_cells(browser) == [state == "true"] * 2
        focus = "return document.activeElement.className"
        assert browser.execute_script(focus) == "book-fold"


def test_it_says_how_things_stand(browser, shown):
    """Cells that a reader has opened, or closed again, count, too."""
    shown(2)
    first, second = browser.find_elements("css selector", "summary")[1:]
    first.click()
    assert pressed(browser) == "false"
    second.click()
    assert pressed(browser) == "true"
    first.click()
    assert pressed(browser) == "false"


def test_nothing_to_unfold_no_switch(shown):
    assert shown(0) == []


def test_nothing_is_remembered(browser, shown):
    (button,) = shown(2)
    button.click()
    kept = "return localStorage.length + sessionStorage.length"
    assert browser.execute_script(kept) == 0
    browser.refresh()
    assert open_cells(browser) == [False] * 2


def test_on_paper_there_is_no_switch(browser, shown):
    (button,) = shown(2)
    media = "Emulation.setEmulatedMedia"
    browser.execute_cdp_cmd(media, {"media": "print"})
    assert not button.is_displayed()
    browser.execute_cdp_cmd(media, {"media": ""})
    assert button.is_displayed()


LOOK = """
const b = document.querySelector('.book-fold'), s = getComputedStyle(b);
return [s.color, s.borderTopWidth, getComputedStyle(b, '::before').content];
"""


@pytest.mark.parametrize("dark", [False, True])
def test_a_mark_says_that_it_is_on_whatever_the_colours(browser, shown, dark):
    (button,) = shown(2, dark=dark)
    off = browser.execute_script(LOOK)
    button.click()
    on = browser.execute_script(LOOK)
    assert off[1] == "1px" and off[2] == "none" and "\u2713" in on[2]
    forced = [{"name": "forced-colors", "value": "active"}]
    media = "Emulation.setEmulatedMedia"
    browser.execute_cdp_cmd(media, {"features": forced})
    seen = browser.execute_script(LOOK)
    browser.execute_cdp_cmd(media, {"features": []})
    assert "\u2713" in seen[2] and seen[1] == "1px"
