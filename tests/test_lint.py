"""The linters of «nox -s lint» see what they are there for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

BIN = Path(sys.executable).parent
ROOMS = "A room imports only the rooms below it in this list BROKEN"
SPHINX = "Only publishing knows Sphinx; one other module has a page read by MyST BROKEN"
PYTEST = "Only the plugin knows pytest, and what runs a reader's tests BROKEN"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the package and of what the linters are told."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def lint(project: Path, program: str, *arguments: str) -> tuple[int, str]:
    """The exit code of a linter, and what it says."""
    ran = subprocess.run(
        [BIN / program, *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=60,
        env=dict(os.environ) | {"PYTHONPATH": str(project / "src")},
    )
    return ran.returncode, ran.stdout + ran.stderr


def write(project: Path, module: str, line: str) -> None:
    """Add ``line`` at the end of a module, which may be new."""
    file = project / "src" / "streamdocs" / module
    file.parent.mkdir(exist_ok=True)
    with file.open("a", encoding="utf-8") as opened:
        opened.write(f"\n{line}\n")


def test_the_rooms_are_in_order(project: Path) -> None:
    code, said = lint(project, "lint-imports", "--no-cache")
    assert code == 0, said


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("errors.py", "import streamdocs.course.options", ROOMS),
        ("course/options.py", "from streamdocs.system import java", ROOMS),
        ("running/cache.py", "from streamdocs.checking import expected", ROOMS),
        ("exercises/check.py", "import streamdocs.publishing.player", ROOMS),
        ("publishing/player.py", "import streamdocs.aula.place", ROOMS),
        ("otra/__init__.py", "", ROOMS),
        ("running/cache.py", "import sphinx", SPHINX),
        ("checking/expected.py", "from docutils import nodes", SPHINX),
        ("course/examples.py", "import myst_nb.core.read", SPHINX),
        ("checking/expected.py", "import pytest", PYTEST),
        ("publishing/player.py", "from _pytest import python", PYTEST),
    ],
)
def test_a_wrong_arrow_is_red(project: Path, module: str, line: str, broken: str) -> None:
    write(project, module, line)
    code, said = lint(project, "lint-imports", "--no-cache")
    assert code != 0
    assert broken in said


@pytest.mark.parametrize(
    ("module", "line", "finding"),
    [
        ("system/java.py", "import no_existe", "DEP001 'no_existe'"),
        ("system/java.py", "import requests", "DEP003 'requests'"),
        ("system/java.py", "import playwright", "DEP004 'playwright'"),
    ],
)
def test_an_undeclared_package_is_red(project: Path, module: str, line: str, finding: str) -> None:
    write(project, module, line)
    code, said = lint(project, "deptry", "--no-ansi", "src")
    assert code != 0
    assert finding in said


def test_a_package_that_nobody_imports_is_red(project: Path) -> None:
    declared = project / "pyproject.toml"
    text = declared.read_text("utf-8")
    declared.write_text(text.replace('    "rich",\n', '    "rich",\n    "requests",\n'), "utf-8")
    code, said = lint(project, "deptry", "--no-ansi", "src")
    assert code != 0
    assert "DEP002 'requests'" in said
