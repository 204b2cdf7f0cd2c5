"""A site is built beside the published one and replaces it only when all went well.

Sphinx writes page by page into the folder that readers open, also where a warning then makes the build fail. So it is
sent to a folder of its own; what differs there is copied to `_build/html` at the very end.
"""

import filecmp
import os
import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

UNFINISHED = "html.unfinished"


def build_aside(app: Sphinx, _config: Config) -> None:
    """Send the builder, which is made after the settings are read, to the folder for unfinished sites."""
    app.published = Path(app.outdir)
    app.outdir = type(app.outdir)(app.published.with_name(UNFINISHED))
    app.outdir.mkdir(parents=True, exist_ok=True)


def publish(app: Sphinx, error: Exception | None) -> None:
    """Copy the site to where readers find it, unless an error or, with -W, a warning makes the build fail."""
    if error or app.builder.format != "html":
        return
    if app.keep_going and app._warncount:  # as Sphinx itself decides, after this event
        pickled = Path(app.doctreedir, "environment.pickle")
        pickled.unlink(missing_ok=True)  # else the next build reads nothing, and warns of nothing
        print(f"The site in {app.published} is the last good one; the one with the warnings is in {app.outdir}.")
        return
    mirror(Path(app.outdir), app.published)
    app.builder.epilog = ""  # it would name the folder for unfinished sites


def mirror(source: Path, target: Path) -> None:
    """Make the target the source's equal; a file that already is stays untouched, and none is ever half written."""
    for path in source.rglob("*"):
        copy = target / path.relative_to(source)
        if path.is_dir() or (copy.exists() and filecmp.cmp(path, copy, shallow=False)):
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copyfile(path, unfinished)
        unfinished.replace(copy)
    for path in target.rglob("*"):
        if path.is_file() and not (source / path.relative_to(target)).exists():
            path.unlink()


def setup(app: Sphinx) -> dict[str, Any]:
    """Build beside the published site."""
    app.connect("config-inited", build_aside)
    app.connect("build-finished", publish, priority=1000)  # after all that still change pages
    return {"parallel_read_safe": True, "parallel_write_safe": True}
