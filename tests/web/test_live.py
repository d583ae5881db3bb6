"""The model in the page: what a browser computes is what Python computes."""

import json
import re
import time
import uuid
from io import BytesIO

import numpy as np
import pytest
import torch
from browser import chromium
from offline import networks
from PIL import Image
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.ui import WebDriverWait

from psm_lib import evaluation, oracle
from psm_lib.builds import BUILDS
from psm_lib.chapters.ch07_robots import archetype, experiment
from psm_lib.corpus import sample_texts
from psm_lib.machinery.openings import answer_probabilities
from psm_lib.machinery.store import load_checkpoint
from psm_lib.web import adapters, reading, studio
from psm_lib.web.live import figures, scripts
from psm_lib.web.live.guesses import choose, guess
from psm_lib.web.widgets import Choice, check, scrub
from psm_lib.world import ask, sample_scenes
from psm_lib.worldfile import load_world

NAMES = ["Sam", "Clara", "Victor", "Assistant"]
RUN = networks()  # by the figures of the book
PAIRS = np.array([[0, 3], [1, 9], [4, 12], [2, 14]])


@pytest.fixture(scope="module")
def browser():
    with chromium() as session:
        yield session


def page(folder, *texts, body=""):
    file = folder / "page.html"
    text = "".join(f"<script>{s}</script>" for s in texts)
    file.write_text(
        f"<!doctype html><meta charset=utf-8><title>t</title>{body}{text}",
        encoding="utf-8",
    )
    return file.as_uri()


def in_python(name: str) -> tuple:
    """A page's network and tokenizer, and the world it was pretrained on."""
    base = scripts.base(name)
    loaded = load_checkpoint(name) if base == name else adapters.load(name)
    return *loaded, load_world(BUILDS[base].world)


@pytest.mark.parametrize("name", sorted({*RUN, *map(scripts.base, RUN)}))
def test_logits_are_those_of_pytorch(browser, tmp_path, name):
    model, tokenizer, world = in_python(name)
    texts = sample_texts(world, 4, seed=5)
    needs = dict.fromkeys([scripts.base(name), name])
    weights = map(scripts.weights_script, needs)
    browser.get(page(tmp_path, scripts.script("engine"), *weights))
    for text in [*texts, texts[0][:60], "Sam: a word nobody knows"]:
        found = browser.execute_script(
            "var out; PSM.load(arguments[0], '', function (net) {"
            "out = Array.from(net.read(arguments_text)); });"
            "return out;".replace("arguments_text", json.dumps(text)),
            name,
        )
        ids = torch.tensor([tokenizer.encode(text)])
        with torch.no_grad():
            expected = model(ids).logits[0, -1].numpy()
        assert np.abs(np.array(found) - expected).max() < 1e-3


def test_another_model_would_be_noticed(browser, tmp_path):
    """The comparison can fail: other weights give other logits."""
    spec = scripts.page_model(scripts.CHECKPOINTS / "playhouse-s0")
    other = load_checkpoint("playhouse-s1")
    script = f"var net = new PSM.Net({json.dumps(spec)});"
    browser.get(page(tmp_path, scripts.script("engine"), script))
    found = browser.execute_script("return Array.from(net.read('Sam:'))")
    ids = torch.tensor([other[1].encode("Sam:")])
    with torch.no_grad():
        expected = other[0](ids).logits[0, -1].numpy()
    assert np.abs(np.array(found) - expected).max() > 0.1


def test_a_text_that_does_not_fit_is_refused(browser, tmp_path):
    """And what comes after it is read, also when a callback fails."""
    weights = scripts.weights_script("playhouse-s0")
    browser.get(page(tmp_path, scripts.script("engine"), weights))
    refused, read = browser.execute_async_script(
        """
        const done = arguments[0];
        PSM.load('playhouse-s0', '', net => {
          let refused = '';
          try { net.later('Sam. '.repeat(600), () => true, () => 0); }
          catch (error) { refused = error.message; }
          net.later('Sam:', () => true, () => { throw new Error('mine'); });
          net.later('Ada:', () => true, p => done([refused, p.length]));
        });
        """
    )
    assert "512 fit" in refused and read > 100
    browser.get_log("browser")


def test_two_figures_share_a_network(browser, tmp_path):
    """On one page, at the same time, each with its own answer."""
    world, names = load_world("playhouse"), ["Assistant"]
    network = figures.pretrained(world, "playhouse-s0", names, "raw")
    asked = figures.interview("t", world, [network], names, STARTS, "key")
    folder = tmp_path / "book"
    folder.mkdir()
    scripts.write_scripts(tmp_path / "_static" / "live", RUN)
    both = speaking(world).data + asked.data
    browser.get(page(folder, body=both))
    found = wait(
        browser,
        "const all = [...document.querySelectorAll('.psm-live')];"
        "return all.every(f => f.dataset.found) &&"
        " all.map(f => JSON.parse(f.dataset.found));",
    )
    assert len(found[0]) == len(world.personas)
    expected = figures.answers(world, "playhouse-s0", *names, STARTS[0], 3)
    assert np.abs(np.array(found[1]) - expected).max() < 1e-3


def test_the_networks_of_the_pages_are_read_from_them(tmp_path):
    """A chapter that shows one more has nothing else to write."""
    world, names = load_world("playhouse"), ["Assistant"]
    some = [figures.pretrained(world, n, names) for n in ("masks-s0", "own")]
    text = json.dumps({"networks": figures._plain(some)}, separators=",:")
    cell = {"data": {"text/html": f"<script>{text}</script>"}}
    (tmp_path / "ch09_x.ipynb").write_text(json.dumps({"outputs": [cell]}))
    assert networks(tmp_path) == ["masks-s0", "own"]
    assert {*scripts.adapters()} <= {*RUN}


@pytest.mark.parametrize("name", scripts.adapters())
def test_a_lesson_changes_the_logits(name):
    model, tokenizer, _ = in_python(name)
    other, _, _ = in_python(scripts.base(name))
    ids = torch.tensor([tokenizer.encode("User: Ada")])
    with torch.no_grad():
        change = model(ids).logits - other(ids).logits
    assert change.abs().max() > 0.1


def test_a_line_word_by_word(browser, tmp_path):
    """With the same draws the page says what Python says."""
    name = "playhouse-s0+cheat"
    model, tokenizer, world = in_python(name)
    prompt = ask(world, "Assistant", world.domains[0].questions[0])
    texts = map(scripts.weights_script, (scripts.base(name), name))
    browser.get(page(tmp_path, scripts.script("engine"), *texts))
    for u in (0.05, 0.5, 0.93):
        *begun, found = browser.execute_async_script(
            """
            const [name, text, u, done] = arguments, all = [];
            PSM.load(name, '', net => net.says(
              text, () => u, () => true,
              (line, end) => { all.push(line); if (end) done(all); }));
            """,
            name,
            prompt,
            u,
        )
        line: list[int] = []
        while len(line) < 40:
            ids = torch.tensor([tokenizer.encode(prompt) + line])
            with torch.no_grad():
                p = model(ids).logits[0, -1].double().softmax(0)
            token = int((p.cumsum(0) <= u).sum())
            if tokenizer.decode([token]).startswith(("\n", "<")):
                break
            line.append(token)
        assert found == tokenizer.decode(line).strip() != ""
        assert begun[-1] == found and all(found.startswith(x) for x in begun)


def test_texts_are_read_one_after_the_other(browser, tmp_path):
    """In slices, with the result of reading at once; the unwanted not.

    By a clock of the test's own, which goes on by 4 ms whenever somebody
    looks: after 15 ms the page gets its turn.
    """
    world = load_world("playhouse")
    texts = sample_texts(world, 3, seed=6)
    weights = scripts.weights_script("playhouse-s0")
    browser.get(page(tmp_path, scripts.script("engine"), weights))
    pieces, whole, slices = browser.execute_async_script(
        """
        const [texts, done] = arguments, found = [];
        let now = 0;
        performance.now = () => now += 4;
        PSM.load('playhouse-s0', '', net => {
          texts.forEach((t, i) => net.later(t, () => i !== 1, p => {
            found.push(Array.from(p));
            if (i === 2) done([found, [0, 2].map(
              k => Array.from(PSM.softmax(net.read(texts[k])))), PSM.slices]);
          }));
        });
        """,
        texts,
    )
    assert np.abs(np.array(pieces) - whole).max() < 1e-9
    assert len(pieces) == 2 and len(slices) > 2
    assert max(slices) <= 20


def test_the_reader_is_exact(browser, tmp_path):
    world = load_world("playhouse")
    scenes = sample_scenes(world, 12, np.random.default_rng(1))
    exact = oracle.posterior(world, scenes)
    predicted = oracle.predictive(world, scenes)
    script = (
        f"var r = new PSM.Reader({json.dumps(figures.page_world(world))});"
    )
    browser.get(page(tmp_path, scripts.script("engine"), script))
    for i in range(len(scenes)):
        n = int(scenes.length[i])
        heard = [
            {
                "d": int(scenes.domain[i, t]),
                "kind": int(scenes.kind[i, t]),
                "asked": int(scenes.asked[i, t]),
            }
            for t in range(n)
        ]
        for t in range(n):
            prior = exact[i, 0].tolist()
            belief, second = browser.execute_script(
                "var b = r.belief(arguments[0], arguments[1]);"
                "return [b, r.predicts(b, arguments[2], arguments[3])];",
                prior,
                heard[:t],
                heard[t]["d"],
                heard[t]["asked"],
            )
            assert np.abs(np.array(belief) - exact[i, t]).max() < 1e-6
            assert abs(second - predicted[i, t]) < 1e-6


def speaking(world, *more: figures.Network):
    networks = [*more, figures.pretrained(world, "playhouse-s0", NAMES, "raw")]
    example = [("truth", 1), ("code", 1)]
    return figures.who(world, networks, NAMES, PAIRS, example)


@pytest.fixture(params=[True, False], ids=["page", "output cell"])
def figure(request, browser, tmp_path, monkeypatch):
    """The live figure as a built page has it, and as Colab has it."""
    if not request.param:
        monkeypatch.delenv("PSM_QUIET")
    world = load_world("playhouse")
    shown = speaking(world)
    folder = tmp_path / "book"
    folder.mkdir()
    if request.param:
        scripts.write_scripts(tmp_path / "_static" / "live", RUN)
    browser.get(page(folder, body=shown.data))
    return world


def wait(browser, script: str):
    """What a script returns, once it returns something."""
    found = browser.execute_async_script(
        "var done = arguments[1], left = 6000;"
        "var f = new Function(arguments[0]);"
        "(function look() { var x = f(); if (x || !left--) return done(x);"
        "setTimeout(look, 50); })();",
        script,
    )
    assert found, f"never true: {script}"
    return found


def believed(browser) -> np.ndarray:
    wait(browser, "return document.querySelector('.psm-live').dataset.found")
    text = "return document.querySelector('.psm-live').dataset.found"
    return np.array(json.loads(browser.execute_script(text)))


def test_who_is_speaking(browser, figure):
    """Drive it, and compare what it shows with what Python computes."""
    world = figure
    model, tokenizer = load_checkpoint("playhouse-s0")
    assert not browser.find_element(By.CSS_SELECTOR, ".psm-still").text
    menus = browser.find_elements(By.CSS_SELECTOR, ".psm-who select")
    believed(browser)
    assert not menus[0].is_displayed()  # one network: nothing to choose
    Select(menus[1]).select_by_visible_text("Clara")
    Select(menus[2]).select_by_visible_text("truth")
    i = world.domain_index("truth")
    d = world.domains[i]
    buttons = browser.find_elements(By.CSS_SELECTOR, ".psm-who button")
    buttons[1].click()
    found = believed(browser)
    history = f"{ask(world, 'Clara', d.questions[0])} {d.answers[1][0]}\n"
    tables = evaluation.joint_answers(
        model, tokenizer, world, "Clara", PAIRS, history
    )
    expected = oracle.implied_posterior(world, tables, PAIRS)[0]
    assert np.abs(found - expected).max() < 1e-3
    p = answer_probabilities(
        model,
        tokenizer,
        world,
        [ask(world, "Clara", d.questions[1])],
        np.array([i]),
        history,
    )[0]
    text = browser.find_element(By.CSS_SELECTOR, "[aria-live]").text
    assert f"the network with {p[1] / p.sum():.2f}" in text
    prior = world.cast_mixture[world.name_index("Clara")]
    belief = prior * world.propensity[:, i]
    belief /= belief.sum()
    assert f"{belief @ world.propensity[:, i]:.2f}" in text
    numbers = [
        float(td.text)
        for td in browser.find_elements(
            By.CSS_SELECTOR, ".psm-who tbody td:last-child"
        )
    ]
    assert numbers == pytest.approx(belief, abs=0.006)
    errors = [x for x in browser.get_log("browser") if x["level"] == "SEVERE"]
    assert not errors, errors


def press(browser, *keys: str) -> None:
    """Keys where the focus is, as somebody without a mouse has it."""
    for key in keys:
        ActionChains(browser).send_keys(key).perform()


def tab_to(browser, element) -> None:
    for _ in range(30):
        if browser.switch_to.active_element == element:
            return
        press(browser, Keys.TAB)
    raise AssertionError("the tab key does not lead there")


def test_who_is_speaking_by_keyboard(browser, figure):
    """Tab, arrows, Space and Enter: each of them changes what is shown."""
    live = browser.find_element(By.CSS_SELECTOR, ".psm-who")
    menus = live.find_elements(By.TAG_NAME, "select")
    buttons = live.find_elements(By.TAG_NAME, "button")
    said, exact, beliefs = [], [], []

    def look() -> None:
        beliefs.append(believed(browser))
        said.append([e.text for e in live.find_elements(By.TAG_NAME, "li")])
        cells = live.find_elements(By.CSS_SELECTOR, "td:last-child")
        exact.append([e.text for e in cells])

    look()
    for element, key in (
        (menus[1], Keys.ARROW_DOWN),  # somebody else
        (buttons[0], Keys.SPACE),
        (buttons[1], Keys.ENTER),
        (buttons[2], Keys.SPACE),  # take back
    ):
        tab_to(browser, element)
        press(browser, key)
        look()
        assert exact[-1] != exact[-2]
        assert np.abs(beliefs[-1] - beliefs[-2]).max() > 0.01
    assert Select(menus[1]).first_selected_option.text == "Clara"
    assert [len(x) for x in said] == [0, 0, 1, 2, 1] and said[2] == said[4]
    question = live.find_element(By.CSS_SELECTOR, ".psm-said").text
    press(browser, Keys.SHIFT + Keys.TAB, Keys.SHIFT + Keys.TAB)
    tab_to(browser, menus[2])  # another question, round by the body
    press(browser, Keys.ARROW_DOWN)
    look()
    assert live.find_element(By.CSS_SELECTOR, ".psm-said").text != question
    tab_to(browser, buttons[3])  # start again
    press(browser, Keys.ENTER)
    look()
    assert said[-1] == [] and exact[-1] == exact[1]
    assert browser.switch_to.active_element == buttons[0]


def test_a_question_to_oneself_by_keyboard(browser, tmp_path):
    shown = check("Why?", [("One", "It is not."), ("Two", "It is.")], right=1)
    browser.get(page(tmp_path, body=shown.data))
    live = browser.find_element(By.CSS_SELECTOR, ".psm-live")
    lines = live.find_elements(By.TAG_NAME, "summary")
    for line, key, answer in zip(
        lines,
        (Keys.ENTER, Keys.SPACE),
        ("No. It is not.", "Yes. It is."),
        strict=True,
    ):
        assert answer not in live.text
        tab_to(browser, line)
        press(browser, key)
        assert answer in live.text
    press(browser, Keys.ENTER)
    assert answer not in live.text


STARTS = [
    figures.Start("nothing"),
    figures.Start("be bad", "Be the bad one in this scene. ", "moral", 1),
]


@pytest.fixture(params=[True, False], ids=["page", "output cell"])
def interview(request, browser, tmp_path, monkeypatch):
    """A figure of networks before and after a lesson, loaded."""
    if not request.param:
        monkeypatch.delenv("PSM_QUIET")
    world, names = load_world("playhouse"), ["Assistant", "Silas"]
    networks = [
        figures.pretrained(world, "playhouse-s0", names, "before"),
        figures.tuned(world, "playhouse-s0+cheat", names, "after"),
    ]
    shown = figures.interview("t", world, networks, names, STARTS, "key")
    folder = tmp_path / "book"
    folder.mkdir()
    if request.param:
        scripts.write_scripts(tmp_path / "_static" / "live", RUN)
    browser.get(page(folder, body=shown.data))
    return world, networks


def test_an_interview(browser, interview):
    """Every menu, and what the page shows is what Python computes."""
    world, networks = interview
    menus = [
        Select(e)
        for e in browser.find_elements(
            By.CSS_SELECTOR, ".psm-interview select"
        )
    ]
    seen = []
    for network, name, start in ((1, 0, 0), (0, 0, 0), (1, 1, 0), (1, 0, 1)):
        for menu, i in zip(menus, (network, name, start), strict=True):
            menu.select_by_index(i)
        found = believed(browser)
        expected = figures.answers(
            world,
            networks[network].model,
            ("Assistant", "Silas")[name],
            STARTS[start],
            3,
        )
        assert np.abs(found - expected).max() < 1e-3
        exact = networks[network].mixtures[name] @ world.propensity
        if start:
            moral = world.group("moral")
            exact[moral] = networks[network].mixtures[name] @ np.broadcast_to(
                world.complies, len(world.personas)
            )
        shown = browser.find_elements(
            By.CSS_SELECTOR, ".psm-interview tbody td:last-child"
        )
        numbers = [float(td.text) for td in shown]
        assert numbers == pytest.approx(exact, abs=0.006)
        seen.append(found)
    assert all(np.abs(seen[0] - x).max() > 0.1 for x in seen[1:])
    errors = [x for x in browser.get_log("browser") if x["level"] == "SEVERE"]
    assert not errors, errors


def test_an_interview_is_heard_by_keyboard(browser, interview):
    world, _ = interview
    believed(browser)
    buttons = browser.find_elements(By.CSS_SELECTOR, ".psm-interview button")
    assert [b.text for b in buttons] == [d.name for d in world.domains]
    quote = browser.find_element(By.CSS_SELECTOR, ".psm-interview blockquote")
    # A network says now and then what nobody in the world would.
    browser.execute_script("Math.random = () => 0.4")
    for i in (7, 0):
        buttons[i].send_keys(Keys.ENTER)
        asked, said = quote.find_elements(By.TAG_NAME, "p")
        assert asked.text.removeprefix("User: ") in world.domains[i].questions
        assert said.text.startswith("Assistant: ")
        lines = {x for forms in world.domains[i].answers for x in forms}
        WebDriverWait(browser, 300).until(  # word by word, on a busy machine
            lambda _, said=said, lines=lines: (
                said.text.removeprefix("Assistant: ") in lines
            )
        )
        assert buttons[i].get_attribute("aria-pressed") == "true"


def test_an_interview_without_scripts_is_a_table(browser, tmp_path):
    world, names = load_world("playhouse"), ["Assistant"]
    networks = [
        figures.pretrained(world, "playhouse-s0", names, "before"),
        figures.tuned(world, "playhouse-s0+manners", names, "after"),
    ]
    shown = figures.interview("t", world, networks, names, STARTS, "key")
    browser.get(page(tmp_path, body=shown.data))
    browser.get_log("browser")
    rows = browser.find_elements(By.CSS_SELECTOR, ".psm-still tbody tr")
    assert [r.text.split()[0] for r in rows] == [d.name for d in world.domains]
    found = np.array([r.text.split()[1:] for r in rows], float)
    for k, network in enumerate(networks):
        expected = figures.answers(
            world, network.model, "Assistant", STARTS[0], 3
        )
        assert found[:, 2 * k] == pytest.approx(expected, abs=0.006)
        exact = network.mixtures[0] @ world.propensity
        assert found[:, 2 * k + 1] == pytest.approx(exact, abs=0.006)


def test_one_speaks_to_a_tuned_network_too(browser, tmp_path):
    """The menu of networks of *who is speaking*: other beliefs, another
    exact reader, about the Assistant alone."""
    world = load_world("playhouse")
    tuned = figures.tuned(world, "playhouse-s0+manners", NAMES, "tuned")
    folder = tmp_path / "book"
    folder.mkdir()
    scripts.write_scripts(tmp_path / "_static" / "live", RUN)
    browser.get(page(folder, body=speaking(world, tuned).data))
    menus = browser.find_elements(By.CSS_SELECTOR, ".psm-who select")
    Select(menus[1]).select_by_visible_text("Assistant")
    model, tokenizer, _ = in_python("playhouse-s0+manners")
    for k, (net, mixtures) in enumerate(
        (
            ((model, tokenizer), tuned.mixtures),
            (load_checkpoint("playhouse-s0"), None),
        )
    ):
        Select(menus[0]).select_by_index(k)
        found = believed(browser)
        tables = evaluation.joint_answers(*net, world, "Assistant", PAIRS)
        expected = oracle.implied_posterior(world, tables, PAIRS)[0]
        assert np.abs(found - expected).max() < 1e-3
        shown = browser.find_elements(
            By.CSS_SELECTOR, ".psm-who tbody td:last-child"
        )
        numbers = [float(td.text) for td in shown]
        mixture = world.cast_mixture[world.name_index("Assistant")]
        exact = mixture if mixtures is None else mixtures[-1]
        assert numbers == pytest.approx(exact, abs=0.006)
    assert np.abs(tuned.mixtures[-1] - mixture).max() > 0.1
    others = tuned.mixtures[:-1]
    known = [world.cast_mixture[world.name_index(n)] for n in NAMES[:-1]]
    assert np.allclose(others, known)


def test_without_scripts_there_is_a_picture(browser, tmp_path):
    world = load_world("playhouse")
    shown = speaking(world)
    folder = tmp_path / "book"
    folder.mkdir()
    browser.get(page(folder, body=shown.data))  # scripts are not there
    browser.get_log("browser")
    still = browser.find_element(By.CSS_SELECTOR, ".psm-still")
    assert "Sam was asked" in still.text
    assert still.text.count("\n") > len(world.personas)


def unheard_of(html: str) -> str:
    """The same figure under a name of its own, so that no browser remembers
    an answer: all pages on a disk share what a browser stores."""
    (name,) = set(re.findall(r"data-name=\W*(psm-[0-9a-f]{10})", html))
    return html.replace(name, f"psm-{uuid.uuid4().hex[:10]}")


@pytest.fixture(params=[True, False], ids=["page", "output cell"])
def guessing(request, browser, tmp_path, monkeypatch):
    if not request.param:
        monkeypatch.delenv("PSM_QUIET")
    shown = guess("How much?", 0.31, 0.84)
    folder = tmp_path / "book"
    folder.mkdir()
    if request.param:
        scripts.write_scripts(tmp_path / "_static" / "live", ())
    browser.get(page(folder, body=unheard_of(shown.data)))


def seen_again(browser, asks: bool) -> None:
    """Refresh a page until it asks, or does not. What it has stored may
    reach the browser's next process late, on a busy machine."""
    end = time.monotonic() + 30
    while True:
        browser.refresh()
        form = browser.find_element(By.CSS_SELECTOR, "form")
        if form.is_displayed() == asks or time.monotonic() > end:
            return
        time.sleep(0.2)


def test_a_guess_comes_first_and_stays(browser, guessing):
    def shown(css):
        return browser.find_element(By.CSS_SELECTOR, css).is_displayed()

    assert shown("form") and not shown("details")
    browser.execute_script(
        "var r = document.querySelector('input'); r.value = 0.7; r.oninput();"
    )
    assert browser.find_element(By.TAG_NAME, "output").text == "0.70"
    browser.find_element(By.CSS_SELECTOR, "form button").click()
    for _ in range(2):  # at once, and after a reload
        assert not shown("form")
        text = browser.find_element(By.TAG_NAME, "details").text
        assert "You said 0.70 (dotted)." in text
        assert "Measured: 0.31 (bar). An exact reader: 0.84 (mark)." in text
        seen_again(browser, asks=False)
    browser.find_element(By.CSS_SELECTOR, "details button").click()
    assert shown("form") and not shown("details")
    seen_again(browser, asks=True)
    assert shown("form")


def test_a_guess_without_scripts_is_a_box_that_opens(browser, tmp_path):
    shown = guess("How much?", 0.31, 0.84)
    browser.get(page(tmp_path, body=shown.data))
    browser.get_log("browser")
    assert not controls(browser)
    box = browser.find_element(By.TAG_NAME, "details")
    assert "0.31" not in box.text
    browser.find_element(By.TAG_NAME, "summary").click()
    assert "Measured: 0.31 (bar). An exact reader: 0.84 (mark)." in box.text


@pytest.mark.parametrize(
    "measured, low, left, width",
    [(0.25, -1, 50, 12.5), (-0.5, -1, 25, 25), (0.5, 0, 0, 50), (3, 2, 0, 50)],
)
def test_bars_of_guesses_begin_at_zero(
    browser, tmp_path, measured, low, left, width
):
    shown = guess("How much?", measured, low=low, high=4 if low > 1 else 1)
    browser.get(page(tmp_path, body=shown.data))
    browser.execute_script("document.querySelector('details').open = true")
    found = browser.execute_script(
        "const t = document.querySelector('.psm-bar').getBoundingClientRect(),"
        "b = document.querySelector('.psm-bar i').getBoundingClientRect();"
        "return [100 * (b.left - t.left) / t.width, 100 * b.width / t.width];"
    )
    assert found == pytest.approx([left, width], abs=0.2)
    ticks = browser.find_elements(By.CSS_SELECTOR, ".psm-bar s")
    assert len(ticks) == (low < 0)
    ends = browser.find_elements(By.CSS_SELECTOR, "details .psm-scale span")
    assert [e.text for e in ends][0] == str(low)


def test_a_guess_must_lie_on_its_scale():
    with pytest.raises(ValueError, match="expected 0.0 to 1.0"):
        guess("How much?", 1.2)
    rounded = 1 + 2e-16 * 8
    assert rounded > 1 and guess("P", 0.5, rounded).data


OPTIONS = ["higher", "lower", "as <i>high</i>"]


@pytest.fixture(params=[True, False], ids=["page", "output cell"])
def choosing(request, browser, tmp_path, monkeypatch):
    if not request.param:
        monkeypatch.delenv("PSM_QUIET")
    shown = choose("Which way?", OPTIONS, np.int64(1), "It fell by 0.30.")
    folder = tmp_path / "book"
    folder.mkdir()
    if request.param:
        scripts.write_scripts(tmp_path / "_static" / "live", ())
    browser.get_log("browser")  # what other tests left there
    browser.get(page(folder, body=unheard_of(shown.data)))


def controls(browser) -> list:
    """What could be pressed or moved, but for boxes that open."""
    css = "button, form, input, select, textarea"
    return browser.find_elements(By.CSS_SELECTOR, css)


def visible(browser, css) -> bool:
    return browser.find_element(By.CSS_SELECTOR, css).is_displayed()


def chosen(browser) -> list[bool]:
    radios = browser.find_elements(By.CSS_SELECTOR, "input[type=radio]")
    return [r.is_selected() for r in radios]


@pytest.mark.parametrize(
    "own, said",
    [
        (1, "You said: lower. That is right. It fell by 0.30."),
        (2, f"You said: {OPTIONS[2]}. The answer is: lower. It fell by 0.30."),
    ],
    ids=["right", "wrong"],
)
def test_a_choice_comes_first_and_stays(browser, choosing, own, said):
    assert visible(browser, "form") and not visible(browser, "details")
    assert not visible(browser, ".psm-asked")
    assert visible(browser, "legend") and not any(chosen(browser))
    button = browser.find_element(By.CSS_SELECTOR, "form button")
    button.click()  # nothing is chosen yet
    assert not visible(browser, "details")
    browser.find_elements(By.TAG_NAME, "label")[own].click()
    button.click()
    for _ in range(2):  # at once, and after a reload
        assert not visible(browser, "form")
        assert said in browser.find_element(By.TAG_NAME, "details").text
        asked = browser.find_element(By.CSS_SELECTOR, ".psm-asked").text
        assert asked.splitlines() == ["Which way?", *OPTIONS]
        seen_again(browser, asks=False)
    browser.find_element(By.CSS_SELECTOR, "details button").click()
    assert visible(browser, "form") and not visible(browser, "details")
    assert not any(chosen(browser))
    seen_again(browser, asks=True)
    assert visible(browser, "form")
    errors = [x for x in browser.get_log("browser") if x["level"] == "SEVERE"]
    assert not errors, errors


def test_one_chooses_by_keyboard(browser, choosing):
    first = browser.find_element(By.CSS_SELECTOR, "input")
    tab_to(browser, first)
    press(browser, Keys.SPACE)
    assert chosen(browser) == [True, False, False]
    press(browser, Keys.ARROW_DOWN)
    assert chosen(browser) == [False, True, False]
    press(browser, Keys.TAB, Keys.ENTER)
    told = browser.switch_to.active_element.text  # what is read out
    assert told.startswith("You said: lower. That is right.")
    press(browser, Keys.TAB, Keys.ENTER)
    assert visible(browser, "form") and not visible(browser, "details")
    assert browser.switch_to.active_element == first


def test_a_choice_without_scripts_is_a_box_that_opens(browser, tmp_path):
    shown = choose("Which way?", OPTIONS, 1, "It fell by 0.30.")
    browser.get(page(tmp_path, body=shown.data))
    browser.get_log("browser")
    asked = browser.find_element(By.CSS_SELECTOR, ".psm-live").text
    assert asked.splitlines()[:4] == ["Which way?", *OPTIONS]
    assert "It fell" not in asked and not controls(browser)
    browser.find_element(By.TAG_NAME, "summary").click()
    text = browser.find_element(By.TAG_NAME, "details").text
    assert "The answer is: lower. It fell by 0.30." in text


def test_a_choice_in_print(browser, choosing):
    """Question, options and answer on paper, and nothing to press."""
    media = "Emulation.setEmulatedMedia"
    browser.execute_cdp_cmd(media, {"media": "print"})
    seen = browser.execute_script(
        "return ['.psm-asked', 'details p', 'form', 'details button'].map("
        "s => document.querySelector(s)).map(e => e.checkVisibility() &&"
        " e.getBoundingClientRect().height > 0 && e.textContent);"
    )
    browser.execute_cdp_cmd(media, {"media": ""})
    assert seen[0] == "".join(["Which way?", *OPTIONS])
    assert seen[1].startswith("The answer is: lower. It fell by 0.30.")
    assert seen[2:] == [False, False]


@pytest.mark.parametrize(
    "options, answer, complaint",
    [
        (["a"], 0, "expected two to four"),
        ([*"abcde"], 0, "expected two to four"),
        (["a", "b", "a"], 0, "expected two to four"),
        (["a", "b"], 2, "option 2 is none"),
        (["a", "b"], -1, "option -1 is none"),
    ],
)
def test_a_choice_must_be_one(options, answer, complaint):
    with pytest.raises(ValueError, match=complaint):
        choose("Which way?", options, answer, "So it is.")


ROUNDS = [
    {
        "play": "A Play",
        "text": f"Speech {i}, <i>so to speak</i>.",
        "names": ["Ada", "Ben", "Cleo", "Dan"],
        "right": i % 4,
        "network": 1,
        "bag": 2,
    }
    for i in range(3)
]


def test_name_the_speaker(browser, tmp_path):
    folder = tmp_path / "book"
    folder.mkdir()
    scripts.write_scripts(tmp_path / "_static" / "live", ())
    browser.get(page(folder, body=figures.speaker(ROUNDS).data))
    live = browser.find_element(By.CSS_SELECTOR, ".psm-speaker")
    for i, r in enumerate(ROUNDS):
        assert r["text"] in live.text
        live.find_elements(By.TAG_NAME, "button")[0].click()
        assert ("Yes, Ada" in live.text) == (i == 0)
        assert "network says Ben, the bag of words Cleo" in live.text
        score = live.find_element(By.CSS_SELECTOR, ".psm-key").text
        live.find_elements(By.TAG_NAME, "button")[-1].click()
    assert "you 1, network 1, bag of words 1 of 3 right" in score
    assert ROUNDS[0]["text"] in live.text and "right" not in live.text


def test_name_the_speaker_without_scripts(browser, tmp_path):
    browser.get(page(tmp_path, body=figures.speaker(ROUNDS).data))
    browser.get_log("browser")
    boxes = browser.find_elements(By.TAG_NAME, "details")
    assert len(boxes) == 3 and "Ben. The network" not in boxes[1].text
    boxes[1].find_element(By.TAG_NAME, "summary").click()
    assert "Ben. The network says Ben" in boxes[1].text


def test_without_its_weights_the_picture_comes_back(browser, tmp_path):
    shown = speaking(load_world("playhouse"))
    folder = tmp_path / "book"
    folder.mkdir()
    scripts.write_scripts(tmp_path / "_static" / "live", ())
    browser.get(page(folder, body=shown.data))
    find = "return document.querySelector('.psm-still').offsetWidth"
    wait(browser, find)
    browser.get_log("browser")
    text = browser.find_element(By.CSS_SELECTOR, ".psm-live").text
    assert "could not be loaded" in text and "Sam was asked" in text


def test_one_can_play_by_keyboard(browser, tmp_path):
    folder = tmp_path / "book"
    folder.mkdir()
    scripts.write_scripts(tmp_path / "_static" / "live", ())
    browser.get(page(folder, body=figures.speaker(ROUNDS).data))
    browser.find_element(By.CSS_SELECTOR, ".psm-speaker button").send_keys(
        Keys.ENTER
    )
    for _ in range(2 * len(ROUNDS)):  # answer, go on, and begin again
        browser.switch_to.active_element.send_keys(Keys.ENTER)
    live = browser.find_element(By.CSS_SELECTOR, ".psm-speaker")
    assert "of 1 right" in live.text


def test_the_studio_in_a_page(browser, tmp_path):
    """Every slider counts, and the exact reader is that of Python."""
    folder = tmp_path / "book"
    folder.mkdir()
    scripts.write_scripts(tmp_path / "_static" / "live", ())
    browser.get(page(folder, body=studio.page().data))
    assert not browser.find_element(By.CSS_SELECTOR, ".psm-still").text
    knobs = browser.find_elements(By.CSS_SELECTOR, ".psm-studio input")
    world = archetype.write(archetype.EXAMPLE)
    domains = [d.name for d in world.domains]
    assert len(knobs) == 1 + len(domains)
    row, share = world.propensity[-1].copy(), 0.5
    rng = np.random.default_rng(0)
    bars = ".psm-studio .psm-bar i"
    for turn in range(4):
        if turn == 1:  # the share alone
            share = 0.2
        if turn > 1:
            row = rng.uniform(0.02, 0.98, len(domains)).round(2)
        browser.execute_script(
            "arguments[0].forEach((k, i) => {"
            "k.value = arguments[1][i]; k.oninput(); });",
            knobs,
            [share, *row.tolist()],
        )
        found = believed(browser)
        numbers = ", ".join(
            f"{d}: {p:.2f}" for d, p in zip(domains, row, strict=True)
        )
        text = f"mine: {{about: x, propensity: {{{numbers}}}}}"
        expected = archetype.expected(
            archetype.write(text, experiment.overall(share))
        )
        assert np.abs(found - expected).max() < 1e-6
        widths = [
            e.size["width"]
            for e in browser.find_elements(By.CSS_SELECTOR, bars)
        ]
        # What a network made of it is known of the example only.
        assert (max(widths) > 0) == (turn == 0)
        key = browser.find_element(By.CSS_SELECTOR, ".psm-studio .psm-key")
        assert ("run the cell in Colab" in key.text) == (turn > 0)
    button = browser.find_element(By.CSS_SELECTOR, ".psm-studio button")
    button.send_keys(Keys.ENTER)
    stored = archetype.example().values
    again = browser.execute_script(
        f"return [...document.querySelectorAll('{bars}')]"
        ".map(e => parseFloat(e.style.width) / 100);"
    )
    assert np.abs(np.array(again) - stored).max() < 1e-3
    knobs[1].send_keys(Keys.ARROW_RIGHT)  # by keyboard
    assert button.is_enabled()


STEPPED = scrub(
    "A lesson",
    [Choice("cheat", np.array([[0.2], [0.7]]), np.array([0.9]))],
    ["0", "1"],
    ["code"],
)
BARRED = {  # what draws bars: with the scripts and without
    "scrub": lambda world: STEPPED,
    "guess": lambda world: guess("How much?", 0.7, 0.9),
    "studio": lambda world: studio.page(),
    "reader": lambda world: reading.show(
        load_world("masks"),
        "What were you told before I came?",
        "Nothing was ever said to me.",
    ),
    "who": speaking,
    "interview": lambda world: figures.interview(
        "t",
        world,
        [figures.pretrained(world, "playhouse-s0", NAMES, "raw")],
        NAMES,
        STARTS,
        "key",
    ),
}


def colours(browser, element) -> list[list[int]]:
    """The colours along the middle of an element, from left to right."""
    with Image.open(BytesIO(element.screenshot_as_png)) as image:
        rgb = np.asarray(image.convert("RGB")).astype(int)
    return rgb[len(rgb) // 2].tolist()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("kind", BARRED)
def test_bars_are_seen_in_forced_colours(browser, tmp_path, kind, dark):
    """High contrast takes backgrounds away: the filled part of a bar stands
    out from the rest of its track, and the track from the page."""
    folder = tmp_path / "book"
    folder.mkdir()
    scripts.write_scripts(tmp_path / "_static" / "live", RUN)
    scheme = {
        "name": "prefers-color-scheme",
        "value": "dark" if dark else "light",
    }
    media = "Emulation.setEmulatedMedia"
    forced = {"name": "forced-colors", "value": "active"}
    browser.execute_cdp_cmd(media, {"features": [forced, scheme]})
    try:
        browser.get(
            page(folder, body=BARRED[kind](load_world("playhouse")).data)
        )
        if kind in ("who", "interview"):
            believed(browser)
        browser.execute_script(
            "document.querySelectorAll('details').forEach("
            "e => { e.open = true; e.hidden = false; })"
        )
        track = next(
            e
            for e in browser.find_elements(By.CSS_SELECTOR, ".psm-bar")
            if e.is_displayed()
            and e.find_element(By.TAG_NAME, "i").size["width"] > 20
            and e.find_element(By.TAG_NAME, "i").size["width"]
            < e.size["width"] - 20
        )
        share = browser.execute_script(
            "const [t, i] = [arguments[0], arguments[0].querySelector('i')]"
            ".map(e => e.getBoundingClientRect());"
            "return [(i.left - t.left) / t.width, (i.right - t.left) / "
            "t.width, getComputedStyle(document.body).backgroundColor];",
            track,
        )
        line = colours(browser, track)
    finally:
        browser.execute_cdp_cmd(media, {"features": []})
    n = len(line)
    # Marks are narrow: the commonest colour is that of the part.
    part = line[int(share[0] * n) + 2 : int(share[1] * n) - 2]
    rest = line[int(share[1] * n) + 2 : n - 2]
    filled, empty = (max(x, key=x.count) for x in (part, rest))
    assert sum(abs(a - b) for a, b in zip(filled, empty, strict=True)) > 150
    ends = line[0], line[-1]  # the track has a border
    assert all(
        sum(abs(a - b) for a, b in zip(end, empty, strict=True)) > 150
        for end in ends
    )


def test_the_studio_without_scripts_is_a_picture(browser, tmp_path):
    browser.get(page(tmp_path, body=studio.page().data))
    browser.get_log("browser")
    still = browser.find_element(By.CSS_SELECTOR, ".psm-still").text
    assert "lights the way" in still and "shutdown" in still
