"""Exercises on the first program: words that come through a socket."""

import random
from collections import Counter
from functools import partial

from streamdocs.exercises.drive import typed
from streamdocs.exercises.exercise import Data, Exercise, Mistake
from streamdocs.recording.tables import Table

_WORDS = ("mar", "sol", "sal", "viento", "arena", "caña", "café")


def _sentences(chance: random.Random) -> Data:
    first, *others = chance.sample(_WORDS, 5)
    two = f"{first}  {others[0].upper()} y {first.capitalize()}"
    return [two, f" a {others[1]} {others[0]} {first.upper()}", f"{others[2]} Y {others[3]} "]


def _counts(lines: Data, lower: bool = True, shortest: int = 1, whole: bool = True) -> list[Table]:
    """The counts of words of at least ``shortest`` letters: all of them, or the changed ones."""
    counts: Counter[str] = Counter()
    tables = []
    for line in lines:
        words = (line.lower() if lower else line).split(" ")
        found = [word for word in words if len(word) >= shortest]
        counts.update(found)
        rows = tuple((word, str(count)) for word, count in counts.items() if whole or word in found)
        tables.append(Table(("palabra", "count"), rows))
    return tables


EXERCISES = (
    Exercise(
        "hola",
        "hola",
        "completa",
        "contar palabras",
        _sentences,
        typed,
        _counts,
        (
            Mistake(
                "distingue mayúsculas: `Mar` y `mar` son la misma palabra",
                (('lower("value")', '"value"'),),
                partial(_counts, lower=False),
            ),
            Mistake(
                "cuenta la palabra vacía, la que hay entre dos espacios seguidos",
                ((").where(\"palabra != ''\")", ")"),),
                partial(_counts, shortest=0),
            ),
            Mistake(
                "quita también las palabras de una letra: solo sobra la vacía",
                (("palabra != ''", "length(palabra) > 1"),),
                partial(_counts, shortest=2),
            ),
            Mistake(
                "escribe solo las palabras que cambian, como `update`: pide la tabla entera",
                (('"complete"', '"update"'),),
                partial(_counts, whole=False),
            ),
        ),
    ),
)
