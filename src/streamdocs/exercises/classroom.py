"""What a class has handed in: read, compared, and a sample of it run again."""

import ast
import random
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from streamdocs.exercises import evidence, files, project
from streamdocs.exercises.catalogue import EXERCISES
from streamdocs.exercises.check import Verdict
from streamdocs.exercises.evidence import Evidence, EvidenceError

Check = Callable[[str, Path, int], Verdict]
"""Runs the programs in a folder as an answer to what has that name, on the data of a seed."""

NAMES = (*EXERCISES, project.NAME)
"""What can be handed in, in the order of the course.

:meta hide-value:
"""

State = Literal["se reproduce", "no se reproduce", "no repetido", "otra versión", "no vale"]
"""What is known of a report; the last two are never run again."""


@dataclass(frozen=True)
class Delivered:
    """A report that was handed in.

    Attributes:
        file: its place in the folder.
        found: what it says; None if it cannot be believed.
        state: what is known of it.
        notes: what to look at, in words.
    """

    file: str
    found: Evidence | None
    state: State = "no repetido"
    notes: tuple[str, ...] = ()

    @property
    def doubtful(self) -> bool:
        """Whether it does not count: a run, its text or its version is against it."""
        return self.state not in ("se reproduce", "no repetido")

    @property
    def passed(self) -> bool:
        """Whether it counts, and the program was right."""
        return self.found is not None and self.found.passed and not self.doubtful

    @property
    def who(self) -> str:
        """Whose it is; a report without a name is of nobody else."""
        author = " ".join(printable(self.found.author).split()) if self.found else ""
        return author or f"({self.file})"


def printable(text: str) -> str:
    """What others wrote, without what would command a terminal."""
    return "".join(each if each.isprintable() else " " for each in text)


def read(folder: Path) -> list[Delivered]:
    """The reports in ``folder`` and below it, by their names, with what is odd about them."""
    found = [file for file in sorted(folder.rglob("*.html")) if file.is_file()]
    return _compared([_read(file, str(file.relative_to(folder))) for file in found])


def _read(file: Path, name: str) -> Delivered:
    try:
        found = evidence.read(file)
    except (EvidenceError, OSError) as error:
        return Delivered(name, None, "no vale", (str(error),))
    if found.exercise not in NAMES:
        return Delivered(name, None, "no vale", (f"no hay ningún ejercicio «{found.exercise}»",))
    made, here = found.versions.get("streamdocs", "otra"), version("streamdocs")
    if made != here:
        said = f"se hizo con streamdocs {made}, y este es el {here}: sus datos pueden ser otros"
        return Delivered(name, found, "otra versión", (said,))
    return Delivered(name, found)


def _compared(delivered: Sequence[Delivered]) -> list[Delivered]:
    """The same, and what one has in common with others."""
    tries, programs = defaultdict(list), defaultdict(set)
    for each in delivered:
        if each.found:
            tries[student(each), each.found.exercise].append(each)
            programs[each.found.exercise, _does(each.found.programs)].add(student(each))
    names = {student(each): each.who for each in reversed(delivered)}

    def odd(each: Delivered) -> Iterable[str]:
        if each.found is None:
            return
        exercise = each.found.exercise
        its = tries[student(each), exercise]
        if len(its) > 1:
            yield f"{each.who} entrega {len(its)} informes de {exercise}: vale el mejor"
        does = _does(each.found.programs)
        same = programs[exercise, does] - {student(each)}
        if same:
            yield f"el programa es el de {', '.join(sorted(names[one] for one in same))}"
        if does == _does(files.official(exercise)):
            yield "el programa es la solución publicada"

    return [replace(each, notes=(*each.notes, *odd(each))) for each in delivered]


def student(delivered: Delivered) -> str:
    """Whose it is, however they have written their name this time."""
    return delivered.who.casefold()


def _does(programs: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(_program(code) for _, code in sorted(programs.items()))


def _program(code: str) -> str:
    """What a program does, without its comments, its docstring, its blanks and its lines."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return code
    if ast.get_docstring(tree) is not None:
        del tree.body[0]
    return ast.dump(tree)


def repeat(
    delivered: Sequence[Delivered],
    most: int,
    seed: int,
    check: Check,
    say: Callable[[str], object] = print,
) -> list[Delivered]:
    """Run at most ``most`` of them again; all, with what came of it.

    Those are drawn with ``seed``, first of those that say «bien»: nobody forges a failure. What is
    right is so for other data, too: a learner may choose what to be checked with.
    """
    able = [each for each in delivered if not each.doubtful]
    chance = random.Random(seed)
    chance.shuffle(able)
    able.sort(key=lambda each: not each.passed)
    drawn = {each.file for each in able[:most]}
    again = []
    for each in delivered:
        if each.file in drawn:
            say(f"Repito {each.file}…")
        other = chance.randrange(10**6)
        again.append(_again(each, check, other) if each.file in drawn else each)
    return again


def _again(delivered: Delivered, check: Check, other: int) -> Delivered:
    """What comes of it with its own data and, if it is right, with those of the ``other`` seed."""
    found = delivered.found
    assert found is not None
    with tempfile.TemporaryDirectory() as folder:
        for name in files.official(found.exercise):
            Path(folder, name).write_text(found.programs.get(name, ""), "utf-8")
        verdict = check(found.exercise, Path(folder), found.seed)
        if found.passed and not verdict.problems:
            verdict = check(found.exercise, Path(folder), other)
    if found.passed == (not verdict.problems):
        return replace(delivered, state="se reproduce")
    came = verdict.problems[0] if verdict.problems else "sale bien"
    note = f"dice «{result(found)}», y al repetirlo: {came}"
    return replace(delivered, state="no se reproduce", notes=(note, *delivered.notes))


def result(found: Evidence) -> str:
    """What a report says, in words."""
    return "bien" if found.passed else "todavía no"
