"""The live explorer in a real JupyterLab: what a reader does with the mouse, and what the reader then sees."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import numpy as np
import pytest
from lab import Notebook, jupyterlab
from visit import differ, pixels

ROOT = Path(__file__).parent.parent
EXPLORERS = [
    """
import time
import numpy as np
from chainrule.explore import explore

def draw(fig, result, **settings):
    ax = fig.subplots()
    ax.plot(result)
    ax.set(xlim=(0, 20), ylim=(0, 400))
""",
    """
def fails_at_three(rate):
    if rate == 3:
        raise ArithmeticError("diverged <badly>")
    return np.arange(20.0) * rate

explore(fails_at_three, draw, name="fails", rate=[1, 2, 3], describe=lambda r, rate: f"The end is {r[-1]:g}.",
        caption="One of the settings fails.")
""",
    """
def trains(steps):
    for step in range(1, steps + 1):
        time.sleep(0.1)
        yield np.full(20, step)

explore(trains, draw, name="trains", steps=[2, 4, 300], describe=lambda r, steps: f"After {r[0]} steps.",
        caption="The last setting takes a while.")
""",
    """
def never_yields(seconds):
    time.sleep(seconds)
    return np.full(20, 50 * seconds)

explore(never_yields, draw, name="blocks", seconds=[0, 0.05, 2], describe=lambda r, seconds: f"Height {r[0]:g}.",
        caption="The last setting blocks.")
""",
    """
from chainrule.explore import drawing, text

def marks(picture, word):
    return np.full(20, 40 * picture.sum() + 10 * len(word))

explore(marks, draw, name="marks", describe=lambda r, picture, word: f"Height {r[0]:g}.",
        edit={"picture": drawing({"a dot": np.eye(5) * (np.arange(5) == 2), "empty": np.zeros((5, 5))}),
              "word": text(["cat", "horse"])}, start={"picture": "a dot", "word": "cat"},
        caption="What the reader draws and types counts.")
""",
    "time.sleep(6)",
]


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    """A JupyterLab on a copy of two notebooks: a chapter, and one with the explorers above."""
    folder, home = (tmp_path_factory.mktemp(name) for name in ("folder", "home"))
    shutil.copy(ROOT / "book" / "how-to-read.ipynb", folder)
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in EXPLORERS]
    nbformat.write(nbformat.v4.new_notebook(cells=cells[:-1], metadata=kernel), folder / "trials.ipynb")
    nbformat.write(nbformat.v4.new_notebook(cells=[*cells[:2], cells[-1]], metadata=kernel), folder / "busy.ipynb")
    with jupyterlab(folder, home) as url:
        yield url


@pytest.fixture(scope="module")
def page(browser):
    opened = browser.new_page(viewport={"width": 1400, "height": 1000})
    yield opened
    opened.close()


def until_other(page, locator, before: np.ndarray) -> np.ndarray:
    """The pixels there as soon as they differ from those before."""
    for _ in range(200):
        now = pixels(locator)
        if differ(before, now):
            return now
        page.wait_for_timeout(100)
    raise AssertionError("the picture stays as it was")


def until_same(page, locator, wanted: np.ndarray) -> None:
    for _ in range(200):
        if not differ(wanted, pixels(locator)):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the picture is never the one wanted")


def test_a_reader_drags_pins_and_resets_in_a_chapter(page, address):
    notebook = Notebook(page, address, "how-to-read.ipynb")
    explorer = notebook.explorer()
    picture = explorer.locator("img")
    first = pixels(picture)

    notebook.drag(explorer, 1.0)
    moved = until_other(page, picture, first)
    explorer.get_by_text("One step takes w from −2 to 5.2").wait_for()

    explorer.get_by_role("button", name="Pin").click()
    explorer.get_by_text("Pinned at step size η = 1.2, starting point w = −2.").wait_for()
    assert picture.count() == 2
    boxes = [picture.nth(i).bounding_box() for i in range(2)]
    assert boxes[0]["y"] == boxes[1]["y"]
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]
    kept, now = (pixels(picture.nth(i)) for i in range(2))
    notebook.drag(explorer, 0.0)
    until_other(page, picture.nth(1), now)
    until_same(page, picture.nth(0), kept)

    explorer.get_by_role("button", name="Pin").click()
    explorer.get_by_text("Pinned at").wait_for(state="detached")
    assert differ(moved, until_other(page, picture, first))
    explorer.get_by_role("button", name="Reset").click()
    until_same(page, picture, first)


def test_labels_are_never_cut_off(page, address):
    for label in page.locator(".explorer-live .widget-label:visible").all():
        assert label.evaluate("e => e.scrollWidth <= e.clientWidth && e.scrollHeight <= e.clientHeight"), label


def test_errors_training_and_slow_computations_show(page, address):
    notebook = Notebook(page, address, "trials.ipynb")
    notebook.explorers.nth(2).wait_for()

    fails = notebook.explorer(0)
    before = pixels(fails.locator("img"))
    notebook.drag(fails, 1.0)
    alert = fails.get_by_role("alert")
    alert.get_by_text("At rate = 3: ArithmeticError: diverged <badly>").first.wait_for()
    assert not differ(before, pixels(fails.locator("img")))
    notebook.drag(fails, 0.0)
    until_other(page, fails.locator("img"), before)
    assert alert.count() == 0

    trains = notebook.explorer(1)
    seen = [pixels(trains.locator("img"))]
    notebook.drag(trains, 1.0)
    for _ in range(2):
        seen.append(until_other(page, trains.locator("img"), seen[-1]))
        assert trains.get_by_text("Computing steps = 300").is_visible()
    notebook.drag(trains, 0.0)
    trains.locator("[role=status]", has_text="After 2 steps.").wait_for()
    assert trains.get_by_text("Computing").count() == 0

    blocks = notebook.explorer(2)
    notebook.drag(blocks, 1.0)
    blocks.get_by_text("Computing seconds = 2").wait_for()
    assert blocks.get_by_text("Height 2.5.").is_visible()
    blocks.get_by_text("Height 100.").wait_for()


def test_a_reader_draws_and_types(page, address):
    notebook = Notebook(page, address, "trials.ipynb")
    notebook.explorers.nth(3).wait_for()
    explorer = notebook.explorer(3)
    explorer.get_by_text("Height 70.").wait_for()
    picture, pixel = explorer.locator("img"), explorer.get_by_title("row 1, column 4")
    before, empty = pixels(picture), pixels(pixel)
    pixel.click()
    explorer.get_by_text("Height 110.").wait_for()
    until_other(page, picture, before)
    assert differ(empty, pixels(pixel)), "the pixel shows no ink"
    explorer.get_by_title("row 5, column 5").focus()
    page.keyboard.press("Enter")
    explorer.get_by_text("Height 150.").wait_for()
    explorer.get_by_role("textbox").fill("giraffe")
    explorer.get_by_text("Height 190.").wait_for()
    explorer.get_by_role("combobox").select_option("empty")
    explorer.get_by_text("Height 70.").wait_for()
    explorer.get_by_role("button", name="Reset").click()
    explorer.get_by_text("Height 70.").wait_for()
    until_same(page, picture, before)


def test_a_busy_kernel_is_named_and_the_picture_follows(page, address):
    notebook = Notebook(page, address, "busy.ipynb")
    explorer = notebook.explorer()
    before = pixels(explorer.locator("img"))
    busy = explorer.get_by_text("The kernel is busy")
    assert busy.count() == 0
    notebook.drag(explorer, 0.0)
    busy.wait_for(timeout=2500)
    assert page.get_by_text(re.compile(r"\[\*\]")).count() == 1, "the cell has ended: nothing was blocked"
    assert not differ(before, pixels(explorer.locator("img")))
    until_other(page, explorer.locator("img"), before)
    busy.wait_for(state="detached")
    explorer.get_by_text("The end is 19.").wait_for()
