"""Exercises on what a program does that dies, and starts again."""

import random
from collections import Counter
from collections.abc import Callable
from functools import partial

from streamdocs.exercises.drive_cut import CUTS, cut
from streamdocs.exercises.drive_killed import killed
from streamdocs.exercises.exercise import Data, Exercise, Mistake
from streamdocs.exercises.stores import json_rows, sqlite_rows, stored, unordered
from streamdocs.recording.tables import Table

_FILES = 8
_NOT_NOTED = Mistake(
    "no apunta lo que ha hecho en la carpeta que dice CHECKPOINT, un micro-batch por fichero: mira "
    "`checkpointLocation` y `maxFilesPerTrigger`",
    (('    .option("checkpointLocation", CHECKPOINT)\n', ""),),
    None,
    "sin que apunte",
)
_NUMBER = '    bd.execute("INSERT INTO hechos VALUES (?)", (numero,))\n'


def _lines(
    chance: random.Random, names: tuple[str, ...], numbers: range, files: int = _FILES
) -> Data:
    """Files of one line or two; a line comes twice in a file, and in the second last once more.

    No other has a number that another has.
    """
    drawn = iter(chance.sample(numbers, 2 * files))

    def line() -> str:
        return f"{chance.choice(names)};{next(drawn)}\n"

    texts = ["".join(line() for _ in range(chance.randint(1, 2))) for _ in range(files)]
    again = line()
    texts[chance.randint(0, 3)] = 2 * again
    texts[-2] += again
    return texts


def _orders(chance: random.Random) -> Data:
    return _lines(chance, ("tiritas", "jarabe", "gasas", "colirio"), range(1, 99))


def _points(chance: random.Random) -> Data:
    return _lines(chance, ("ana", "luis", "nuria", "pau"), range(2, 90), _FILES + CUTS)


def _read(texts: Data) -> list[tuple[str, int]]:
    fields = (line.split(";") for text in texts for line in text.splitlines())
    return [(name, int(number)) for name, number in fields]


Repeated = Callable[[Data], Data]
"""What of the files is stored, in order, when the last micro-batch is repeated."""


def once(texts: Data) -> Data:
    """Each file once: the right way."""
    return texts


def last_twice(texts: Data) -> Data:
    """The repeated one twice."""
    return [*texts, texts[-1]]


def only_last(texts: Data) -> Data:
    """What came before is gone."""
    return texts[-1:]


def _all(texts: Data) -> Table:
    return unordered([{"medicamento": name, "cajas": boxes} for name, boxes in _read(texts)])


def orders(
    texts: Data, first: Repeated = once, again: Repeated = once, end: Repeated = once
) -> list[Table]:
    """The orders that are stored at the ``first`` end, and when the last batch comes ``again``.

    And at the ``end``, when it comes once more, and half of it was there.
    """
    return [_all(first(texts)), _all(again(texts)), _all(end(texts))]


def _totals(texts: Data) -> Table:
    totals: Counter[str] = Counter()
    for name, points in _read(texts):
        totals[name] += points
    return stored([{"socio": name, "puntos": sum_} for name, sum_ in totals.items()])


def points(
    texts: Data, first: Repeated = once, again: Repeated = once, end: Repeated = once
) -> list[Table]:
    """As ``orders``, for the points of each member; at the ``end``, with those that failed once."""
    before, rest = texts[:-CUTS], texts[-CUTS:]
    return [
        _totals(first(before)),
        _totals(again(before)),
        _totals(end([*again(before), *rest])),
    ]


def but_second_last(texts: Data) -> Data:
    """What failed where the points are is not there: its number is."""
    return [*texts[:-2], *texts[-1:]]


def _latest(texts: Data) -> list[Table]:
    """The last points of each member, in place of their sum."""

    def rows(some: Data) -> Table:
        latest = dict(_read(some)).items()
        return stored([{"socio": name, "puntos": each} for name, each in latest])

    before = rows(texts[:-CUTS])
    return [before, before, rows(texts)]


EXERCISES = (
    Exercise(
        "caidas",
        "caidas",
        "completa",
        "una carpeta por micro-batch",
        _orders,
        partial(killed, kept=json_rows, half=True),
        orders,
        (
            _NOT_NOTED,
            Mistake(
                "añade cada vez, también lo que ya estaba: un micro-batch repetido tiene que "
                "**sustituir** lo suyo, con `overwrite`",
                (('mode("overwrite")', 'mode("append")'),),
                partial(orders, again=last_twice),
            ),
            Mistake(
                "borra lo de los micro-batches anteriores: cada uno va en su carpeta, la de su "
                "número",
                (("/numero={numero}", ""),),
                partial(orders, first=only_last, again=only_last, end=only_last),
            ),
        ),
        own_jvm=True,
    ),
    Exercise(
        "caidas-puntos",
        "caidas",
        "cambia",
        "puntos que no se suman dos veces",
        _points,
        partial(
            cut,
            first=partial(killed, kept=partial(sqlite_rows, table="saldo")),
            table="saldo",
        ),
        points,
        (
            Mistake(
                "hace todavía lo de antes: suma otra vez un micro-batch que se repite; guarda qué "
                "números ha hecho, y mira si está",
                (
                    ("    if bd.execute(YA, (numero,)).fetchone():\n        return\n", ""),
                    ("INSERT INTO hechos", "INSERT OR IGNORE INTO hechos"),
                ),
                partial(points, again=last_twice),
            ),
            Mistake(
                "guarda los últimos puntos de cada socio, y hay que sumarlos",
                (("puntos = puntos + excluded.puntos", "puntos = excluded.puntos"),),
                _latest,
            ),
            Mistake(
                "vacía la tabla en cada micro-batch: lo de los anteriores se queda",
                (
                    (
                        "    bd.executemany",
                        '    bd.execute("DELETE FROM saldo")\n    bd.executemany',
                    ),
                ),
                partial(points, first=only_last, again=only_last, end=only_last),
            ),
            Mistake(
                "guarda los puntos y el número en dos transacciones: si muere entre una y otra, al "
                "repetir suma otra vez",
                ((_NUMBER, f"    bd.commit()\n{_NUMBER}"),),
                partial(points, end=last_twice),
            ),
            Mistake(
                "guarda el número en una transacción y los puntos en otra, después: si muere entre "
                "las dos, esos puntos se pierden",
                (
                    (_NUMBER, ""),
                    ("    bd.executemany", f"{_NUMBER}    bd.commit()\n    bd.executemany"),
                ),
                partial(points, end=but_second_last),
            ),
            _NOT_NOTED,
        ),
        own_jvm=True,
    ),
)
