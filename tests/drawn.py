"""Which exercises a run of the tests tries: those that have just changed, and a third of the rest.

The commit draws them, so that two runs on one commit try the same. «nox -s full» tries all. Of the
mutants, which are many, a third of those of the drawn ones; of exercises whose every run starts a
JVM or more, a third of all cases.
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


def touched(changed: Iterable[str]) -> set[str]:
    """The exercises to which files that have ``changed`` belong."""
    stems = {PurePosixPath(path).stem for path in changed if _is_exercise(PurePosixPath(path))}
    return {name for name, each in EXERCISES.items() if {name, each.chapter} & stems}


def third(names: Iterable[str], commit: str) -> set[str]:
    """A third of ``names``, as ``commit`` draws it."""
    all_ = sorted(names)
    return set(random.Random(commit).sample(all_, -(-len(all_) // _PART)))


def _is_exercise(path: PurePosixPath) -> bool:
    return bool({"ejercicios", "catalogue", "answers"} & set(path.parts))


def commit() -> str:
    """The commit that draws."""
    return _git("rev-parse", "HEAD")


@cache
def new() -> frozenset[str]:
    """The exercises that the last commit changed, or whoever works on them now."""
    changed = _git("diff", "--name-only", "HEAD~1") + _git("ls-files", "-o", "--exclude-standard")
    return frozenset(touched(changed.splitlines()))


@cache
def names() -> frozenset[str]:
    """The exercises that this run tries."""
    return new() | third(EXERCISES.keys() - new(), commit())


def params(cases: Iterable[tuple[str, Any]], *, many: bool = False) -> list[Any]:
    """Cases (an exercise's name, and what is tried) as pytest takes them; the rest only in full.

    Of an exercise that is drawn, and has ``many`` or runs slowly, it is a third.
    """
    all_ = {_id(name, case): (name, case) for name, case in cases}
    whole = {id_ for id_, (name, _) in all_.items() if not many and not EXERCISES[name].own_jvm}
    less = {id_ for id_, (name, _) in all_.items() if name in names()} - whole
    few = third(less, commit())
    return [
        pytest.param(name, case, marks=_marks(_tried(name, id_ in whole | few)), id=id_)
        for id_, (name, case) in all_.items()
    ]


def _tried(name: str, drawn: bool) -> bool:
    return name in new() or (name in names() and drawn)


def _marks(tried: bool) -> tuple[pytest.MarkDecorator, ...]:
    return () if tried else (pytest.mark.full,)


def _id(name: str, case: Any) -> str:
    said = getattr(case, "title", "") or case.says.partition(":")[0]
    return f"{name}: {said}"


def exercises() -> list[Any]:
    """The name of every exercise, as pytest takes it; the rest only in full."""
    return [pytest.param(name, marks=_marks(name in names())) for name in EXERCISES]
