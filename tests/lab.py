"""A real JupyterLab on a folder, read in a browser as a reader would."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
SECONDS = 40  # to start; a busy machine takes its time
PLACES = ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")


@contextmanager
def jupyterlab(folder: Path, home: Path, theme: str = "JupyterLab Light") -> Iterator[str]:
    """The address of a JupyterLab that shows `folder`, keeps its own files in `home` and asks no other machine."""
    places = {name: str(home / name.lower()) for name in (*PLACES, "IPYTHONDIR")}
    settings = home / "jupyterlab_settings_dir" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    quiet = {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(quiet))
    (settings / "themes.jupyterlab-settings").write_text(json.dumps({"theme": theme}))
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", f"--ServerApp.root_dir={folder}"]
    options = ["--ServerApp.port=0", "--IdentityProvider.token=book", "--LabApp.extension_manager=readonly"]
    with (home / "log").open("w") as log:
        env = os.environ | places | {"PYTHONPATH": str(ROOT / "lib")}
        server = subprocess.Popen([*command, *options], env=env, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield _address(Path(places["JUPYTER_RUNTIME_DIR"]), home / "log")
    finally:
        server.terminate()
        server.wait(SECONDS)


def _address(runtime: Path, log: Path) -> str:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        for file in runtime.glob("jpserver-*.json"):
            try:
                return json.loads(file.read_text())["url"]
            except json.JSONDecodeError:  # still being written
                pass
        time.sleep(0.1)
    raise TimeoutError(f"JupyterLab does not start\n{log.read_text()[-3000:]}")


class Notebook:
    """A notebook in the browser, all its cells run through the menu."""

    def __init__(self, page, address: str, path: str):
        self.page = page
        page.set_default_timeout(SECONDS * 1000)
        page.goto(f"{address}lab/workspaces/{path.split('.')[0]}/tree/{path}?token=book")  # where no other is open
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        page.locator("li.lm-MenuBar-item", has_text="Run").click()
        page.locator("li[data-command='runmenu:run-all']").click()
        self.explorers = page.locator(".explorer-live")
        self.explorers.first.locator("img").wait_for()

    def explorer(self, number: int = 0):
        """The explorer with that number on the page, scrolled into view."""
        found = self.explorers.nth(number)
        found.scroll_into_view_if_needed()
        return found

    def drag(self, explorer, share: float, control: int = 0) -> None:
        """Take a slider's handle with the mouse and leave it at that share of its way."""
        handle, way = (explorer.locator(f".noUi-{part}").nth(control) for part in ("handle", "base"))
        handle.scroll_into_view_if_needed()
        start, line = handle.bounding_box(), way.bounding_box()
        mouse, y = self.page.mouse, start["y"] + start["height"] / 2
        mouse.move(start["x"] + start["width"] / 2, y)
        mouse.down()
        mouse.move(line["x"] + share * line["width"], y, steps=6)
        mouse.up()
