"""The package as the site publishes it: small, the same each time, and enough without a clone."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT

from streamdocs.exercises import files
from streamdocs.exercises.catalogue import EXERCISES

FOLDER = ROOT / "examples" / "ejercicios"
Typed = Callable[..., subprocess.CompletedProcess[str]]


def built(folder: Path, **env: str) -> Path:
    """The wheel, built as «nox -s docs» does."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, env=os.environ | env, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("wheel"))


@pytest.fixture
def typed(wheel: Path, tmp_path: Path) -> Typed:
    """Types an order of the installed wheel, in an empty folder, with an empty HOME."""
    installed, home, folder = (tmp_path / name for name in ("instalado", "casa", "mía"))
    zipfile.ZipFile(wheel).extractall(installed)  # a wheel without scripts: all that pip does
    home.mkdir()
    folder.mkdir()
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "JAVA_HOME")}
    env = kept | {"HOME": str(home), "PYTHONPATH": str(installed)}

    def type_(*order: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "streamdocs.cli", *order]
        return subprocess.run(
            command, cwd=folder, env=env, capture_output=True, text=True, timeout=500
        )

    return type_


def test_it_is_small_and_has_each_program(wheel: Path) -> None:
    assert wheel.stat().st_size < 1_000_000
    names = set(zipfile.ZipFile(wheel).namelist())
    for name in EXERCISES:
        for folder in ("", "soluciones/"):
            assert f"streamdocs/exercises/programs/{folder}{name}.py" in names
    assert not [name for name in names if "__pycache__" in name]
    assert "streamdocs/kafka/kafka.sha256" in names
    assert "streamdocs/aula/static/aula.js" in names
    assert not [name for name in names if "/aula/front/" in name]


def test_the_same_source_makes_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    again = built(tmp_path)
    assert (again.name, again.read_bytes()) == (wheel.name, wheel.read_bytes())
    other = built(tmp_path / "fecha", SOURCE_DATE_EPOCH="1700000000")
    assert other.read_bytes() == built(tmp_path / "f", SOURCE_DATE_EPOCH="1700000000").read_bytes()


def test_one_begins_checks_and_is_read_without_a_clone(typed: Typed, tmp_path: Path) -> None:
    begun = typed("empieza", "triggers")
    assert begun.returncode == 0, begun.stderr
    mine = tmp_path / "mía" / "triggers.py"
    assert mine.read_bytes() == (FOLDER / "triggers.py").read_bytes()
    unfinished = typed("comprueba", "triggers")
    assert (unfinished.returncode, "falta tu código" in unfinished.stdout) == (1, True)
    mine.write_text(files.solution(EXERCISES["triggers"]), "utf-8")
    said = typed("comprueba", "triggers", "--informe", "mio.html", "--autor", "Ana")
    assert said.returncode == 0, said.stdout + said.stderr
    assert "triggers: bien." in said.stdout
    class_ = typed("clase", ".", "--muestra", "0")
    assert (class_.returncode, class_.stderr) == (0, "")
    assert "1 informe de 1 alumno" in class_.stdout
    assert sorted(file.name for file in mine.parent.iterdir()) == ["mio.html", "triggers.py"]


def test_it_is_the_wheel_that_runs(typed: Typed, tmp_path: Path) -> None:
    """Not the clone, that the environment of the tests has, too."""
    program = tmp_path / "instalado" / "streamdocs" / "exercises" / "programs" / "triggers.py"
    program.write_text("# Del paquete.\n")
    assert typed("empieza", "triggers").returncode == 0
    assert (tmp_path / "mía" / "triggers.py").read_text() == "# Del paquete.\n"
