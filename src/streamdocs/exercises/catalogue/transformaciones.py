"""Exercises on transformations: a row that becomes several, or none."""

import random
from collections.abc import Callable
from functools import partial

from streamdocs.exercises.drive import typed
from streamdocs.exercises.exercise import Data, Exercise, Mistake
from streamdocs.recording.tables import Table


def _measures(chance: random.Random) -> Data:
    rooms = chance.sample(("cocina", "salón", "baño", "patio"), 4)
    numbers = [
        (f"{chance.randint(1, 9)}", "error"),
        (f"0{chance.randint(1, 9)}", f"{chance.randint(1, 9)}x"),
        (f"-{chance.randint(1, 20)}", f"{chance.randint(10, 40)},5"),
        (f"{chance.randint(100, 120)}", chance.choice(("-", "?"))),
    ]
    lines = []
    for room, (number, rubbish) in zip(rooms, numbers, strict=True):
        values = [number, rubbish, str(chance.randint(10, 40))]
        chance.shuffle(values)
        lines.append(f"{room}: {' '.join(values)}")
    # A line that was cut off.
    return [*lines[:1], chance.choice(rooms), *lines[1:]]


def _is_number(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


def _number(text: str) -> str:
    return str(int(text))


def one_row_each(
    lines: Data,
    kept: Callable[[str], bool] = _is_number,
    shown: Callable[[str], str] = _number,
) -> list[Table]:
    """A row for each measure that is ``kept``, as it is ``shown``."""
    tables = []
    for room, _, values in (line.partition(": ") for line in lines):
        rows = tuple((room, shown(value)) for value in values.split() if kept(value))
        tables.append(Table(("sala", "grados"), rows))
    return tables


def _has_two_letters(text: str) -> bool:
    return len(text) == 2


EXERCISES = (
    Exercise(
        "transformaciones",
        "transformaciones",
        "completa",
        "una fila por medida",
        _measures,
        typed,
        one_row_each,
        (
            Mistake(
                "mira cuántas letras tiene el texto: lo que decide es si es un número",
                (
                    ('textos.texto.try_cast("int").alias', "textos.texto.alias"),
                    ("grados IS NOT NULL", "length(grados) = 2"),
                ),
                partial(one_row_each, kept=_has_two_letters, shown=str),
            ),
            Mistake(
                "deja los grados como texto, con sus ceros delante: conviértelos en números",
                (
                    (
                        'textos.texto.try_cast("int").alias("grados")\n)',
                        'textos.texto.alias("grados")\n)',
                    ),
                    ("grados IS NOT NULL", "try_cast(grados AS INT) IS NOT NULL"),
                ),
                partial(one_row_each, shown=str),
            ),
            Mistake(
                "pierde los números negativos, que también son medidas",
                (("grados IS NOT NULL", "grados >= 0"),),
                partial(one_row_each, kept=str.isdecimal),
            ),
        ),
    ),
)
