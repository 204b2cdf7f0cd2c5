"""What the tests share: a live environment for notebooks, the built site, and a browser to read it with."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from ledger import listen

from website.pdf import find_chromium

ROOT = Path(__file__).parent.parent
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]


def pytest_configure() -> None:
    os.environ.pop("CHAINRULE_STATIC", None)  # notebooks are compared as a live kernel runs them
    listen()
    os.environ["TQDM_DISABLE"] = "1"  # and their outputs hold no progress bars


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the website, built anew where anything changed; a warning fails."""
    jupyter_book = str(Path(sys.executable).with_name("jupyter-book"))
    command = [jupyter_book, "build", "-W", "--keep-going", str(ROOT)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if built.returncode:
        pytest.fail(f"the site does not build without warnings\n{built.stdout[-2000:]}\n{built.stderr[-4000:]}")
    return ROOT / "_build" / "html"


@pytest.fixture(scope="module")
def browser() -> Iterator:
    """Headless Chromium. In CI its absence fails; at home the tests that need it are skipped.

    It ends with its module, because Playwright's event loop would stand in the way of tests that run their own.
    """
    path = find_chromium()
    if path is None:
        missing = "no Chromium on the path: install it (Debian: apt install chromium) or set CHROMIUM=/path/to/it"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield running
        running.close()
