"""What decides the outputs of a notebook, besides its code cells: the library, the versions, its own exercises.

A chapter's exercises are the module of its name in `chainrule.exercises`; no other chapter depends on them.
"""

import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path


def library_key(root: Path) -> str:
    """A name for what decides the outputs of every notebook."""
    own = {module_of(notebook) for notebook in root.glob("book/**/*.ipynb")}
    exercises = root / "lib" / "chainrule" / "exercises"
    files = [
        path
        for path in files_below(root / "lib" / "chainrule")
        if exercises not in path.parents or path.relative_to(exercises).parts[0].removesuffix(".py") not in own
    ]
    return digest(root, [*files, root / "constraints.txt"])


def exercises_key(root: Path, notebook: Path) -> str:
    """A name for the notebook's own exercises."""
    exercises = root / "lib" / "chainrule" / "exercises"
    module = exercises / module_of(notebook)
    return digest(root, [*files_below(module), *exercises.glob(f"{module.name}.py")])


def module_of(notebook: Path) -> str:
    """The name that a notebook's exercises have as a module."""
    return notebook.stem.replace("-", "_")


def files_below(folder: Path) -> list[Path]:
    """All files in a folder and below, in a fixed order, without what Python compiled."""
    return sorted(p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts)


def digest(root: Path, files: Iterable[Path]) -> str:
    """A short name for the interpreter and the contents of the files."""
    sha = hashlib.sha256(sys.version.encode())
    for path in files:
        sha.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return sha.hexdigest()[:16]
