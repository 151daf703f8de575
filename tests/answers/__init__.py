"""Answers to the exercises: right ones that look otherwise, and wrong ones that look right.

A module a chapter. ``ANSWERS`` say what a solution becomes, and with it the verdict; ``OPEN`` says
which mutants (``mutants.py``) of a solution are right, by their titles.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from conftest import ROOT

SOLUTIONS = ROOT / "examples" / "ejercicios" / "soluciones"


@dataclass(frozen=True)
class Answer:
    """An answer to an exercise, written as changes of its solution.

    Attributes:
        exercise: its name.
        title: what is different, in a few words: «con SQL».
        changes: what, in the solution, becomes what.
        why: what the check says of it; "" if it is right.
    """

    exercise: str
    title: str
    changes: tuple[tuple[str, str], ...]
    why: str = ""

    def program(self) -> str:
        """Its text. A change of what is not there is an error."""
        return changed(self.exercise, self.changes)


def changed(name: str, changes: tuple[tuple[str, str], ...]) -> str:
    """The solution of an exercise, with something else in it."""
    text = (SOLUTIONS / f"{name}.py").read_text("utf-8")
    for old, new in changes:
        assert old in text, f"{name}: no «{old}»"
        text = text.replace(old, new)
    return text


def _chapters() -> list[ModuleType]:
    names = sorted(file.stem for file in Path(__file__).parent.glob("[a-z]*.py"))
    return [importlib.import_module(f"answers.{name}") for name in names]


def all_answers() -> list[Answer]:
    """Those of every chapter, in alphabetical order of the chapters."""
    return [each for chapter in _chapters() for each in chapter.ANSWERS]


def left_open() -> dict[str, tuple[str, ...]]:
    """By exercise, the titles of the mutants that are right: their statement leaves that open."""
    return {name: titles for chapter in _chapters() for name, titles in chapter.OPEN.items()}
