"""The wheel: what the library needs is inside, the website's tools are not, and it imports far from the repository."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIREMENTS = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, so that the build leaves nothing in the repository."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    shutil.copytree(ROOT / "lib", source / "lib", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    out = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", str(out), str(source)], check=True)
    (built,) = out.glob("*.whl")
    return built


def test_wheel_holds_the_library_and_nothing_else(wheel: Path) -> None:
    library = ROOT / "lib" / "chainrule"
    files = (p for p in library.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == {f"chainrule/{p.relative_to(library).as_posix()}" for p in files}
    assert "chainrule/py.typed" in held


def test_wheel_imports_outside_the_repository(wheel: Path, tmp_path: Path) -> None:
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
        str(tmp_path / "lib"),
        str(wheel),
    ]
    subprocess.run(pip, check=True)
    script = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'lib')!r})\n"
        "import importlib, pkgutil, chainrule\n"
        "names = [m.name for m in pkgutil.walk_packages(chainrule.__path__, 'chainrule.')]\n"
        "for name in names: importlib.import_module(name)\n"
        "print(chainrule.__file__, chainrule.__version__, len(names))\n"
    )
    run = [sys.executable, "-I", "-c", script]
    said = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.split()
    assert Path(said[0]).is_relative_to(tmp_path)
    assert said[1] == PROJECT["version"]
    assert int(said[2]) > 10


def test_requirements_and_project_agree() -> None:
    assert "-e ." in REQUIREMENTS
    assert set(PROJECT["dependencies"]) <= set(REQUIREMENTS)


def test_constraints_name_one_version_of_every_requirement() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {normal(line.split("==")[0]) for line in lines if "==" in line}
    test = PROJECT["optional-dependencies"]["test"]
    needed = [line for line in [*REQUIREMENTS, *test] if line and not line.startswith(("#", "-"))]
    assert {normal(re.split(r"[<>=! ]", need)[0]) for need in needed} <= pinned


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
