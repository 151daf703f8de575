"""What a class has handed in: read, a sample run again, and who has passed what."""

import csv
import io
import random
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from streamdocs.exercises import evidence
from streamdocs.exercises.catalogue import EXERCISES
from streamdocs.exercises.check import Verdict
from streamdocs.exercises.evidence import Evidence, EvidenceError
from streamdocs.exercises.exercise import Exercise

Check = Callable[[Exercise, Path, int], Verdict]
"""Runs a file as an answer to an exercise, on the data of a seed."""


@dataclass(frozen=True)
class Delivered:
    """A report that was handed in.

    Attributes:
        file: its name.
        found: what it says; None if it cannot be believed.
        state: «se reproduce», «no se reproduce», «no repetido», or why it cannot be believed.
    """

    file: str
    found: Evidence | None
    state: str


def read(folder: Path) -> list[Delivered]:
    """The reports in ``folder`` and below it, by their names."""
    return [_read(file) for file in sorted(folder.rglob("*.html"))]


def _read(file: Path) -> Delivered:
    try:
        found = evidence.read(file)
    except EvidenceError as error:
        return Delivered(file.name, None, str(error))
    if found.exercise not in EXERCISES:
        return Delivered(file.name, None, f"No hay ningún ejercicio «{found.exercise}».")
    return Delivered(file.name, found, "no repetido")


def repeat(delivered: Sequence[Delivered], most: int, seed: int, check: Check) -> list[Delivered]:
    """Run at most ``most`` of them again, drawn with ``seed``; all, with what came of it."""
    able = [each for each in delivered if each.found]
    drawn = random.Random(seed).sample(able, min(most, len(able)))
    return [_again(each, check) if each in drawn else each for each in delivered]


def _again(delivered: Delivered, check: Check) -> Delivered:
    found = delivered.found
    assert found is not None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"{found.exercise}.py")
        file.write_text(found.code, "utf-8")
        verdict = check(EXERCISES[found.exercise], file, found.seed)
    same = found.passed == (not verdict.problems)
    return Delivered(delivered.file, found, "se reproduce" if same else "no se reproduce")


_COLUMNS = ("quién", "ejercicio", "resultado", "semilla", "se repite", "fichero")


def _rows(delivered: Iterable[Delivered]) -> list[tuple[str, ...]]:
    return [
        (
            (each.found.author if each.found else "") or "(sin nombre)",
            each.found.exercise if each.found else "",
            ("bien" if each.found.passed else "todavía no") if each.found else "",
            str(each.found.seed) if each.found else "",
            each.state,
            each.file,
        )
        for each in delivered
    ]


def table(delivered: Iterable[Delivered]) -> Table:
    """A row a report, for a terminal."""
    shown = Table(*_COLUMNS)
    for row in _rows(delivered):
        shown.add_row(*row)
    return shown


def hardest(delivered: Sequence[Delivered]) -> Table:
    """How many have passed each exercise, those first that fewest have."""
    shown = Table("ejercicio", "bien", "de")
    tried: dict[str, list[bool]] = {}
    for each in delivered:
        if each.found:
            tried.setdefault(each.found.exercise, []).append(each.found.passed)
    for name, passed in sorted(tried.items(), key=lambda item: sum(item[1]) / len(item[1])):
        shown.add_row(name, str(sum(passed)), str(len(passed)))
    return shown


def as_csv(delivered: Iterable[Delivered]) -> str:
    """The same rows as a CSV file with a header."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(_rows(delivered))
    return text.getvalue()
