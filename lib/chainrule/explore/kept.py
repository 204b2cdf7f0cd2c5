"""Frames of the website kept between builds: what nothing has changed is neither computed nor drawn again.

A picture is decided by the cells run so far, the library's files that they use, and the versions of all packages. An
entry is named by the cells and the versions, and lists the library's files that were in use when it was made, each with
its digest: it serves as long as all of them are as they were. So a later cell may change, or a file that none of this
uses. It rests on two rules that hold for notebooks anyway: running them again gives the same, and no cell relies on
what `compute` leaves behind.
"""

import hashlib
import json
import os
import sys
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING

from chainrule.explore import static

if TYPE_CHECKING:
    from chainrule.explore.explorer import Explorer

FRAMES = "CHAINRULE_FRAMES"  # names the folder, in the environment of kernels that build the website
LIBRARY = Path(__file__).parents[1]
VERSIONS_KEPT = 3  # of each explorer, so that going back to an earlier text costs nothing


def bundle(explorer: "Explorer") -> dict[str, str]:
    """The explorer for the website: as it was kept if nothing has changed, and made anew otherwise."""
    folder, cells = os.environ.get(FRAMES), cells_so_far()
    if not folder or cells is None:
        return static.bundle(explorer)
    path = Path(folder) / explorer.name / f"{key(explorer, cells)}.json"
    if path.exists():
        entry = json.loads(path.read_text(encoding="utf-8"))
        if all(digest(LIBRARY / name) == was for name, was in entry["files"].items()):
            path.touch()
            return entry["bundle"]
    made = static.bundle(explorer)
    keep(path, made)
    return made


def cells_so_far() -> list[str] | None:
    """The source of every cell run in this kernel, this one included; None outside a kernel."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return None if shell is None else list(shell.history_manager.input_hist_parsed)


def key(explorer: "Explorer", cells: list[str]) -> str:
    """A name for the cells, the packages with their versions, and the place in the page."""
    packages = sorted({f"{d.name} {d.version}" for d in distributions()})
    decides = [sys.version, sys.platform, *packages, explorer.name, *cells]
    return hashlib.sha256("\0".join(decides).encode()).hexdigest()[:24]


def keep(path: Path, made: dict[str, str]) -> None:
    """Write an entry, and remove the oldest of this explorer."""
    files = {name: digest(LIBRARY / name) for name in used_files()}
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")  # a build interrupted here leaves no half entry
    unfinished.write_text(json.dumps({"files": files, "bundle": made}), encoding="utf-8")
    unfinished.replace(path)
    entries = sorted(path.parent.glob("*.json"), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in entries[VERSIONS_KEPT:]:
        old.unlink(missing_ok=True)


def used_files() -> list[str]:
    """The library's modules that are loaded, and all its files that are no modules, such as texts to learn from."""
    loaded = {getattr(m, "__file__", None) for n, m in sys.modules.items() if n.split(".")[0] == LIBRARY.name}
    modules = {Path(f) for f in loaded if f}
    data = {p for p in LIBRARY.rglob("*") if p.is_file() and p.suffix not in (".py", ".pyc")}
    return sorted(p.relative_to(LIBRARY).as_posix() for p in modules | data)


def digest(path: Path) -> str:
    """The content of a file, as a digest; of a missing one, nothing."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
