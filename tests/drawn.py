"""Which exercises, examples and pages a run tries: what has just changed, and a fifth of the rest.

The commit draws them, so that two runs on one commit try the same. Of an exercise that is only
drawn it is the solution, the skeleton and the usual mistakes; other answers and mutants, which are
many, and runs that each start a JVM or more, are left to «nox -s full», which tries all.

The cells of an example run in a page at each build: what is drawn is its transcript. Of a page, it
is whether axe finds it accessible.
"""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import PurePosixPath
from typing import Any

import pytest
from sites import ROOT

from streamdocs.exercises.catalogue import EXERCISES

_PART = 5


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


def fifth(names: Iterable[str], commit: str) -> set[str]:
    """A fifth of ``names``, as ``commit`` draws it."""
    all_ = sorted(names)
    return set(random.Random(commit).sample(all_, -(-len(all_) // _PART)))


def _is_exercise(path: PurePosixPath) -> bool:
    return bool({"ejercicios", "catalogue", "answers"} & set(path.parts))


def commit() -> str:
    """The commit that draws."""
    return _git("rev-parse", "HEAD")


@cache
def changed() -> tuple[str, ...]:
    """The files that the last commit changed, or whoever works on them now."""
    found = _git("diff", "--name-only", "HEAD~1") + _git("ls-files", "-o", "--exclude-standard")
    return tuple(found.splitlines())


@cache
def new() -> frozenset[str]:
    """The exercises to which those files belong."""
    return frozenset(touched(changed()))


@cache
def names() -> frozenset[str]:
    """The exercises that this run tries."""
    return frozenset(drawn(EXERCISES, new(), commit()))


def params(cases: Iterable[tuple[str, Any]], *, many: bool = False) -> list[Any]:
    """Cases (an exercise's name, and what is tried) as pytest takes them; the rest only in full.

    Of an exercise that is drawn and has ``many``, or runs slowly, none.
    """
    return [
        pytest.param(name, case, marks=_marks(_tried(name, many)), id=_id(name, case))
        for name, case in cases
    ]


def _tried(name: str, many: bool) -> bool:
    quick = not many and not EXERCISES[name].own_jvm
    return name in new() or (name in names() and quick)


def _marks(tried: bool) -> tuple[pytest.MarkDecorator, ...]:
    return () if tried else (pytest.mark.full,)


def _id(name: str, case: Any) -> str:
    said = getattr(case, "title", "") or case.says.partition(":")[0]
    return f"{name}: {said}"


def drawn(all_: Iterable[str], changed: Iterable[str], commit: str) -> set[str]:
    """Those of ``all_`` that ``commit`` tries: what it ``changed``, and a fifth of the rest."""
    known = set(all_)
    fresh = known & set(changed)
    return fresh | fifth(known - fresh, commit)


def files(all_: Iterable[str]) -> set[str]:
    """Those of ``all_``, files as paths from the project's root, that this run tries."""
    return drawn(all_, changed(), commit())


def pages(names: Iterable[str]) -> list[Any]:
    """The name of every page, as pytest takes it; the rest only in full."""
    all_ = {name: f"docs/{name}.md" for name in names}
    tried = files(all_.values())
    return [pytest.param(name, marks=_marks(file in tried)) for name, file in all_.items()]


def exercises() -> list[Any]:
    """The name of every exercise, as pytest takes it; the rest only in full."""
    return [pytest.param(name, marks=_marks(name in names())) for name in EXERCISES]
