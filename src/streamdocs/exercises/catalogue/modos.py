"""Exercises on output modes."""

import random
from collections.abc import Callable
from functools import partial

from streamdocs.exercises.drive import typed
from streamdocs.exercises.exercise import Data, Exercise, Mistake
from streamdocs.recording.tables import Table

_PLAYERS = ("ana", "luis", "marta", "iker")


def _plays(chance: random.Random) -> Data:
    one, other, third = chance.sample(_PLAYERS, 3)
    # The second play of the same player is the last, and not the best.
    points = chance.randint(7, 12), chance.randint(2, 12), chance.randint(3, 6)
    plays = [f"{player} {won}" for player, won in zip((one, other, one), points, strict=True)]
    # A line that was cut off.
    return [*plays[:2], third, plays[2]]


def _last(won: list[int]) -> int:
    return won[-1]


def _scores(
    lines: Data, total: Callable[[list[int]], int] = sum, whole: bool = False
) -> list[Table]:
    """The totals after each line: of who has played, or of all."""
    won: dict[str, list[int]] = {}
    tables = []
    for player, _, points in (line.partition(" ") for line in lines):
        if points:
            won.setdefault(player, []).append(int(points))
        if points or whole:
            shown = won if whole else (player,)
            rows = tuple((each, str(total(won[each]))) for each in shown)
            tables.append(Table(("jugador", "puntos"), rows))
    return tables


def _with(function: str) -> tuple[tuple[str, str], ...]:
    """The solution with another function than ``sum``."""
    return (("import sum as suma", f"import {function} as suma"),)


EXERCISES = (
    Exercise(
        "modos",
        "modos",
        "completa",
        "un marcador",
        _plays,
        typed,
        _scores,
        (
            Mistake(
                "escribe también a quien no ha jugado, como `complete`: pide solo lo que cambia",
                (('"update"', '"complete"'),),
                partial(_scores, whole=True),
            ),
            Mistake(
                "cuenta las jugadas: hay que sumar los puntos, con `sum`",
                _with("count"),
                partial(_scores, total=len),
            ),
            Mistake(
                "se queda con la mejor jugada: hay que sumarlas todas, con `sum`",
                _with("max"),
                partial(_scores, total=max),
            ),
            Mistake(
                "se queda con la última jugada: hay que sumarlas todas, con `sum`",
                _with("last"),
                partial(_scores, total=_last),
            ),
        ),
    ),
)
