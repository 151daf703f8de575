"""Exercises on output modes."""

import random
from collections.abc import Callable
from functools import partial

from streamdocs.exercises.drive import typed
from streamdocs.exercises.drive_several import both
from streamdocs.exercises.exercise import Data, Exercise, Mistake
from streamdocs.exercises.stores import unordered
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


def _payments(chance: random.Random) -> Data:
    one, other, third = chance.sample(_PLAYERS, 3)
    low, high = chance.randint(8, 9), chance.randint(21, 79)
    # As a text, 9 is more than 30. The best is neither the first nor the last.
    return [
        f"{one} {low}",
        f"{other} {chance.randint(10, 60)}",
        f"{one} {high}",
        third,
        f"{one} {chance.randint(10, 19)}",
        f"{other} {chance.randint(61, 99)}",
    ]


def _as_texts(received: list[int]) -> int:
    return int(max(map(str, received)))


def highest(
    lines: Data,
    chosen: Callable[[list[int]], int] = max,
    whole: bool = False,
    name: str = "mayor",
) -> list[Table]:
    """After each payment, the highest of that person, or of all who have had one."""
    return [
        Table(("persona", name), table.rows) for table in _scores(lines, total=chosen, whole=whole)
    ]


def _stops(chance: random.Random) -> Data:
    one, other = chance.sample(("norte", "sur", "este", "puerto"), 2)
    # What is 10 minutes late is worth a warning, and 9 is not. The last file is of one stop.
    minutes = [9, 10, chance.randint(11, 40), chance.randint(0, 8), 11]
    stops = [one, other, other, one, one]
    chance.shuffle(minutes)
    lines = [
        f"{stop};{chance.randint(2, 40)};{late}\n"
        for stop, late in zip(stops, minutes, strict=True)
    ]
    # The same warning comes again, in a file and in the next: each is one.
    late = f"{one};{chance.randint(2, 40)};{chance.randint(12, 40)}\n"
    rubbish = [f"{one};muchos;4\n", f"{other};5;tarde\n"]
    chance.shuffle(rubbish)
    return ["".join([*lines[:3], late, late]), "".join(lines[3:]), late, *rubbish]


def _warning(stop: str, passengers: str, late: str) -> dict[str, object]:
    return {"parada": stop, "retraso": int(late)}


def _as_text(stop: str, passengers: str, late: str) -> dict[str, object]:
    return {"parada": stop, "retraso": late}


def _whole_line(stop: str, passengers: str, late: str) -> dict[str, object]:
    return {"parada": stop, "viajeros": int(passengers), "retraso": int(late)}


def two_queries(
    texts: Data,
    total: Callable[[list[int]], int] = sum,
    whole: bool = True,
    least: int = 10,
    kept: Callable[[str, str, str], dict[str, object]] = _warning,
) -> list[Table]:
    """The passengers of the stops after each file, and the warnings of ``least`` minutes.

    When the last good file comes, only these are looked at.
    """
    got_on: dict[str, list[int]] = {}
    warnings: list[dict[str, object]] = []
    tables = []
    for each in texts[:-2]:  # the last two kill a query each
        stops = [line.split(";") for line in each.splitlines()]
        for stop, passengers, late in stops:
            got_on.setdefault(stop, []).append(int(passengers))
            if int(late) >= least:
                warnings.append(kept(stop, passengers, late))
        shown = got_on if whole else {stop for stop, *_ in stops}
        rows = tuple((stop, str(total(got_on[stop]))) for stop in shown)
        tables.append(Table(("parada", "viajeros"), rows))
    return [*tables[:-1], unordered(warnings)]


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
    Exercise(
        "modos-bizum",
        "modos",
        "cambia",
        "el bizum más alto",
        _payments,
        typed,
        highest,
        (
            Mistake(
                "hace todavía lo de antes: ahora se pide el más alto, y solo de quien lo recibe",
                (
                    ("import max as maximo", "import sum as maximo"),
                    ('alias("mayor")', 'alias("total")'),
                    ('"update"', '"complete"'),
                ),
                partial(highest, chosen=sum, whole=True, name="total"),
            ),
            Mistake(
                "escribe también a quien no ha recibido nada, como `complete`: pide solo lo que "
                "toca cada bizum",
                (('"update"', '"complete"'),),
                partial(highest, whole=True),
            ),
            Mistake(
                "suma los bizum: se pide el más alto, con `max`",
                (("import max as", "import sum as"),),
                partial(highest, chosen=sum),
            ),
            Mistake(
                "escribe el último bizum: puede ser más bajo que otro de antes; usa `max`",
                (("import max as", "import last as"),),
                partial(highest, chosen=_last),
            ),
            Mistake(
                "compara textos, y el texto `9` va detrás de `30`: convierte los euros en números",
                (
                    (
                        'get(trozos, 1).try_cast("int").alias("euros")',
                        'get(trozos, 1).alias("euros")',
                    ),
                ),
                partial(highest, chosen=_as_texts),
            ),
        ),
    ),
    Exercise(
        "modos-dos-consultas",
        "modos",
        "escribe",
        "una fuente, dos consultas",
        _stops,
        both,
        two_queries,
        (
            Mistake(
                "escribe los viajeros solo de las paradas que llegan: pide la tabla entera",
                (('"complete"', '"update"'),),
                partial(two_queries, whole=False),
            ),
            Mistake(
                "cuenta autobuses: hay que sumar sus viajeros, con `sum`",
                (("import sum as", "import count as"),),
                partial(two_queries, total=len),
            ),
            Mistake(
                "no avisa de los 10 minutos justos: son 10 o más",
                (("retraso >= 10", "retraso > 10"),),
                partial(two_queries, least=11),
            ),
            Mistake(
                "guarda el retraso como texto: en el JSON es un número, sin comillas",
                (
                    ('trozos[2].cast("int").alias', "trozos[2].alias"),
                    ("retraso >= 10", "CAST(retraso AS INT) >= 10"),
                ),
                partial(two_queries, kept=_as_text),
            ),
            Mistake(
                "guarda también los viajeros: de un aviso solo se pide `parada` y `retraso`",
                (('.select("parada", "retraso")', ""),),
                partial(two_queries, kept=_whole_line),
            ),
            Mistake(
                "arranca la segunda consulta después de esperar a la primera, que no acaba: "
                "arranca las dos, y espera después",
                (("avisos = (", "viajeros.awaitTermination()\navisos = ("),),
                None,
                "una segunda consulta",
            ),
            Mistake(
                "sigue cuando muere una consulta: espera a cualquiera, con "
                "`spark.streams.awaitAnyTermination()`, y convierte con `cast`, que sí falla",
                (("spark.streams.awaitAnyTermination()", "viajeros.awaitTermination()"),),
                None,
                "mata una de sus consultas",
            ),
        ),
        own_jvm=True,
    ),
)
