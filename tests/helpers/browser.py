"""Headless Chromium with the network closed, for the tests of pages."""

import json
import os
import shutil
from contextlib import contextmanager

import pytest
from selenium import webdriver

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def find_browser() -> tuple[str, str]:
    """Paths of a Chromium and its driver.

    Without one the test is skipped, but on CI it fails: `.ci/run` installs
    both, and a check that silently does not run is no check.
    """
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which("chromedriver")
    if browser and driver:
        return browser, driver
    missing = "no Chromium" if not browser else "no chromedriver"
    reason = f"{missing} found (Debian: apt install chromium chromium-driver)"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def chromium(server: bool = False):
    """A browser that can reach nothing but files, and with ``server`` also
    what is served on this machine."""
    binary, driver = find_browser()
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for argument in (
        "--headless=new",
        "--no-sandbox",  # root has no sandbox, as in most containers
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        "--proxy-server=127.0.0.1:9",
        f"--proxy-bypass-list={'127.0.0.1' if server else '<-loopback>'}",
    ):
        options.add_argument(argument)
    options.set_capability(
        "goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"}
    )
    service = webdriver.ChromeService(executable_path=driver)
    session = webdriver.Chrome(options=options, service=service)
    # Generous: a busy machine is slow, and what never comes is still noticed.
    session.set_page_load_timeout(600)
    session.set_script_timeout(600)
    try:
        yield session
    finally:
        session.quit()


def set_screen(session, width: int, height: int, dark: bool = False):
    """A phone below 600 px, a desktop above."""
    session.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {
            "width": width,
            "height": height,
            "deviceScaleFactor": 1,
            "mobile": width < 600,
        },
    )
    session.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {
            "features": [
                {
                    "name": "prefers-color-scheme",
                    "value": "dark" if dark else "light",
                }
            ]
        },
    )


def open_page(session, page):
    """Open a file, or an address, and wait until it has settled.

    Returns what the browser complained of and what it asked the network for,
    beyond the place that the page itself came from.
    """
    address = page if isinstance(page, str) else page.as_uri()
    own = "/".join(address.split("/")[:3]) + "/"
    session.get(address)
    # Until what its scripts have put off is done, however slow the machine.
    session.execute_async_script(
        """
        const done = arguments[arguments.length - 1];
        setTimeout(() => requestAnimationFrame(() => setTimeout(done, 0)), 50);
        """
    )
    complaints = [
        entry["message"]
        for entry in session.get_log("browser")
        if entry["level"] in ("SEVERE", "WARNING")
    ]
    asked = []
    for entry in session.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            url = message["params"]["request"]["url"]
            if not url.startswith((own, "data:", "blob:")):
                asked.append(url)
        elif message["method"] == "Network.loadingFailed":
            complaints.append(f"not loaded: {message['params']}")
    return complaints, asked
