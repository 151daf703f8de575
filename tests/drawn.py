"""Which exercises a run of the tests tries: those that have just changed, and a third of the rest.

The commit draws them, so that two runs on one commit try the same. «nox -s full» tries all.
"""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import PurePosixPath
from typing import Any

import pytest
from conftest import ROOT

from streamdocs.exercises.catalogue import EXERCISES

_PART = 3


def _git(*arguments: str) -> str:
    found = subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    # A first commit has none before it.
    return found.stdout if found.returncode == 0 else ""


def chosen(changed: Iterable[str], commit: str) -> set[str]:
    """The exercises that are tried when files have ``changed``, at ``commit``."""
    stems = {PurePosixPath(path).stem for path in changed if _is_exercise(PurePosixPath(path))}
    all_ = sorted(EXERCISES)
    new = {name for name in all_ if {name, EXERCISES[name].chapter} & stems}
    rest = [name for name in all_ if name not in new]
    return new | set(random.Random(commit).sample(rest, -(-len(rest) // _PART)))


def _is_exercise(path: PurePosixPath) -> bool:
    return bool({"ejercicios", "catalogue", "answers"} & set(path.parts))


def commit() -> str:
    """The commit that draws."""
    return _git("rev-parse", "HEAD")


@cache
def names() -> frozenset[str]:
    """The exercises that this run tries."""
    changed = _git("diff", "--name-only", "HEAD~1") + _git("ls-files", "-o", "--exclude-standard")
    return frozenset(chosen(changed.splitlines(), commit()))


def params(cases: Iterable[tuple[str, Any]]) -> list[Any]:
    """Cases (an exercise's name, and what is tried) as pytest takes them; the rest only in full."""
    return [
        pytest.param(name, case, marks=_marks(name), id=f"{name}: {case_id(case)}")
        for name, case in cases
    ]


def _marks(name: str) -> tuple[pytest.MarkDecorator, ...]:
    return () if name in names() else (pytest.mark.full,)


def case_id(case: Any) -> str:
    """A few words for a case: its title, or its beginning."""
    return str(getattr(case, "title", "") or getattr(case, "says", case)).partition(":")[0]


def exercises() -> list[Any]:
    """The name of every exercise, as pytest takes it; the rest only in full."""
    return [pytest.param(name, marks=_marks(name)) for name in EXERCISES]
