"""Which module may import what, and what all of them share."""

import ast
import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import numpy as np
import pytest
from helpers import rng

from chainrule.data import moons
from chainrule.losses import bce
from chainrule.models.mlp import mlp
from chainrule.optimizers import Adam
from chainrule.train import fit

LIB = Path(__file__).parent.parent / "lib"
FILES = sorted((LIB / "chainrule").rglob("*.py"))
HOMES = {  # the only places that may import it, also inside a function
    "sympy": ("symbolic",),
    "matplotlib": ("plots", "explore", "symbolic", "source"),
    "ipywidgets": ("explore",),
    "IPython": ("explore", "symbolic", "source", "exercises", "tables"),
    "sklearn": ("data",),
    "torch": (),
}
CORE = (
    *(
        "arrays",
        "blas",
        "layer",
        "tree",
        "flatten",
        "combine",
        "dense",
        "activations",
        "losses",
        "initializers",
        "check",
    ),
    *("optimizers", "schedules", "train", "metrics", "data", "store", "sweep", "interpret", "memory"),
    *("normalization", "dropout", "convolution", "recurrent", "embedding", "attention", "transformer", "graph", "rl"),
    *(f"models.{m.name}" for m in iter_modules([str(LIB / "chainrule" / "models")])),
)


def name(path: Path) -> str:
    return ".".join(path.relative_to(LIB).with_suffix("").parts)


def imported(path: Path) -> set[str]:
    """The packages that a file imports anywhere."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return {m.split(".")[0] for m in plain | {n.module or "" for n in nodes if isinstance(n, ast.ImportFrom)}}


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_stay_in_their_homes(path):
    part = name(path).split(".")[1]
    for package in imported(path) & HOMES.keys():
        assert part in HOMES[package], f"{package} in {name(path)}"
    assert "pyplot" not in path.read_text() or part == "explore"


def test_the_core_loads_numpy_only():
    heavy = (*HOMES, "scipy", "tqdm", "pandas")
    code = f"import sys, {', '.join(f'chainrule.{m}' for m in CORE)}; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_package_alone_loads_nothing_and_names_two_things():
    code = "import sys, chainrule; print('numpy' in sys.modules, sorted(chainrule.__all__), chainrule.__version__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False ['__version__', 'threads'] 0.1.0"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_files_are_small_and_say_what_they_are_about(path):
    source = path.read_text()
    assert len(source.splitlines()) <= 170
    assert ast.get_docstring(ast.parse(source)), "a module opens with its idea"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_public_names_are_documented(path):
    module = import_module(name(path).removesuffix(".__init__"))
    missing = []
    for key, thing in vars(module).items():
        if key.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
            continue
        if inspect.isclass(thing):
            methods = {k: v for k, v in vars(thing).items() if inspect.isroutine(v) or isinstance(v, property)}
            missing += [
                f"{key}.{k}" for k in methods if not k.startswith("_") and not inspect.getdoc(getattr(thing, k))
            ]
        if (inspect.isclass(thing) or inspect.isfunction(thing)) and not inspect.getdoc(thing):
            missing.append(key)
    assert not missing


def test_nothing_touches_numpys_global_generator():
    np.random.seed(3)  # noqa: NPY002
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    x, t = moons(20, rng())
    model = mlp([2, 4, 1], rng())
    list(fit(model, bce, (x, t[:, None].astype("f")), Adam(model), epochs=2, rng=rng(), batch_size=7))
    assert np.array_equal(np.random.get_state()[1], state)  # noqa: NPY002


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_file_names_the_global_generator(path):
    nodes = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Attribute)]
    used = {n.attr for n in nodes if isinstance(n.value, ast.Attribute) and n.value.attr == "random"}
    assert used <= {"Generator", "default_rng"}
