"""Where the programs of the exercises are: those to begin with, and their solutions."""

import shutil
from pathlib import Path

from streamdocs.errors import StreamdocsError
from streamdocs.exercises.exercise import Exercise

_INSTALLED = Path(__file__).parent / "programs"
"""Where the wheel lays them, for who has no clone.

:meta hide-value:
"""

_CLONED = Path(__file__).parents[3] / "examples" / "ejercicios"
"""In a clone.

:meta hide-value:
"""


class NoPlaceError(StreamdocsError):
    """There is already something where a program is to begin."""


def folder() -> Path:
    """The folder with the programs to begin with; ``soluciones`` in it has their solutions."""
    return _CLONED if _CLONED.is_dir() else _INSTALLED


def text(file: Path) -> str:
    """What a reader has written; Python, too, takes a byte order mark for nothing.

    Raises StreamdocsError where it is not UTF-8.
    """
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StreamdocsError(f"{file} no está en UTF-8: guárdalo así, y repite.") from error


def solution(exercise: Exercise) -> str:
    """The code of the official solution."""
    return (folder() / "soluciones" / f"{exercise.name}.py").read_text("utf-8")


def official(name: str) -> dict[str, str]:
    """The programs of the official solution of an exercise or of the project, by their files."""
    place = folder() / "soluciones"
    found = sorted((place / name).glob("*.py")) or [place / f"{name}.py"]
    return {file.name: file.read_text("utf-8") for file in found}


def begin(exercise: Exercise, place: Path) -> Path:
    """Lay the program to begin with into the folder ``place``; where it lies now.

    Raises NoPlaceError where it would overwrite something.
    """
    file = place / f"{exercise.name}.py"
    if file.exists():
        raise NoPlaceError(
            f"Ya hay un {file.name} en esta carpeta, y no lo toco: cámbiale el nombre o bórralo."
        )
    shutil.copyfile(folder() / file.name, file)
    return file


def begin_project(place: Path) -> Path:
    """Lay the programs of the project into a folder of ``place``; where it lies now.

    Raises NoPlaceError where it would overwrite something.
    """
    laid = place / "proyecto"
    if laid.exists():
        raise NoPlaceError(
            f"Ya hay algo que se llama {laid.name} en esta carpeta, y no lo toco: cámbiale el "
            "nombre o bórralo."
        )
    shutil.copytree(folder() / laid.name, laid, ignore=shutil.ignore_patterns("__pycache__"))
    return laid
