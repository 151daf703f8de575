"""Exercises on sinks: what is stored, once."""

import random
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial, reduce
from operator import or_

from streamdocs.exercises.drive import twice
from streamdocs.exercises.drive_cut import CUTS, cut
from streamdocs.exercises.exercise import Answer, Data, Exercise, Mistake
from streamdocs.exercises.stores import sqlite_rows, stored, text_lines, unordered
from streamdocs.recording.tables import Table


def _temperatures(chance: random.Random) -> Data:
    def text() -> str:
        # 30 is not more than 30, and 30.5 is.
        grades = [chance.randint(20, 59) / 2, 30.0, 30.5, chance.randint(62, 80) / 2]
        return "".join(f"{chance.choice('ABC')}{chance.randint(1, 99)};{g}\n" for g in grades)

    # Two readings may be the same: in a file, and in the next one.
    again = f"{chance.choice('ABC')}{chance.randint(1, 99)};31.5\n"
    return [text() + 2 * again, text(), text() + again]


def _stored_twice(texts: Data, text: bool = False, again: bool = False) -> list[Table]:
    """What is stored after each run: with numbers or texts, the first ones once or twice."""

    def hot(some: Data) -> list[dict[str, object]]:
        fields = [line.split(";") for line in "".join(some).splitlines()]
        return [
            {"sensor": s, "grados": g if text else float(g)} for s, g in fields if float(g) > 30
        ]

    first, last = hot(texts[:-1]), hot(texts[-1:])
    return [unordered(first), unordered(first + first * again + last)]


_CITIES = ("Lugo", "Soria", "Toledo", "Zamora")
_FOOD = (
    *("aceite", "arroz", "azúcar", "jamón", "melón", "miel", "pan", "piña", "queso", "sal"),
    *("té", "vino"),
)


def _sales(chance: random.Random) -> Data:
    def line(food: str, city: str, cents: int) -> str:
        return f"{city};{food};{chance.randint(1, 60)}.{cents:02}\n"

    # No line is like another, and each file has an amount whose last 0 a number does not have.
    food = chance.sample(_FOOD, 9)
    texts = []
    for some in (food[:3], food[3:6], food[6:]):
        cities = chance.sample(_CITIES, 2)
        cents = (50, chance.randint(1, 99), chance.choice((0, 25)))
        rows = zip(some, (*cities, cities[0]), cents, strict=True)
        texts.append("".join(line(*row) for row in rows))
    return texts


def by_city(
    text: str = "{food};{euros}", head: str = "producto;euros", apart: bool = True
) -> Answer:
    """What files hold after each run: in each city's folder, or in none, a ``head`` and lines."""

    def lines(texts: Data) -> Table:
        rows: dict[tuple[str, str], None] = {}  # a head is said once a folder
        for city, food, euros in (line.split(";") for line in "".join(texts).splitlines()):
            folder = f"ciudad={city}" if apart else "(ninguna)"
            if head:
                rows[folder, head] = None
            rows[folder, text.format(city=city, food=food, euros=float(euros))] = None
        return Table(("carpeta", "línea"), tuple(rows))

    return lambda texts: [lines(texts[:-1]), lines(texts)]


_TITLES = ("Nada", "Niebla", "La plaza del Diamante", "Platero y yo", "Pepita Jiménez")


def _books(chance: random.Random) -> Data:
    def line(title: str, least: int, most: int) -> str:
        return f"{title};{chance.randint(least, most)}\n"

    # One is only in the first run, with two lines; others come in both, or are given back. The
    # same line comes again, in its file and in others.
    often, early, back, *others = chance.sample(_TITLES, 5)
    same = line(often, 2, 9)
    files = [
        [same, same, line(early, 10, 30), line(others[0], 2, 9)],
        [line(back, 20, 40), line(early, 2, 9), line(back, -9, -2)],
        [same, line(others[1], 2, 9), line(back, -9, -2)],
        *([same, line(chance.choice(others), 2, 9)] for _ in range(CUTS)),
    ]
    for some in files:
        chance.shuffle(some)
    return ["".join(some) for some in files]


def summed(
    texts: Data,
    counts: Callable[[int], int] = int,
    again: bool = False,
    replaces: bool = False,
    fails: Callable[[Data], Data] = list,
) -> list[Table]:
    """The units of each book after each run, if a line ``counts`` so, and when two have failed.

    ``again``: the first run's are summed once more in the second; ``replaces``: the last sum stays;
    ``fails``: what of the two files is summed that fail half-way.
    """
    runs = [
        texts[: -CUTS - 1],
        texts[-CUTS - 1 : -CUTS],
        *([each] for each in fails(texts[-CUTS:])),
    ]
    first, last, *rest = (_units(run, counts) for run in runs)
    if replaces:
        after = {**first, **last}
        return [_held(first), _held(after), _held(reduce(or_, rest, after))]
    summed = Counter(first)
    tables = []
    for each in ((*[first] * again, last), rest):
        for units in each:
            summed.update(units)
        tables.append(_held(summed))
    return [_held(first), *tables]


def _units(texts: Data, counts: Callable[[int], int]) -> Counter[str]:
    units: Counter[str] = Counter()
    for title, number in (line.split(";") for line in "".join(texts).splitlines()):
        units[title] += counts(int(number))
    return units


def _held(units: Mapping[str, int]) -> Table:
    return stored([{"titulo": title, "unidades": number} for title, number in units.items()])


def _one(_: int) -> int:
    return 1


def _no_less_than_0(number: int) -> int:
    return max(number, 0)


_SUM = "        base.executemany(\n"
_BY_CITY = 'ventas.writeStream.partitionBy("ciudad")\n    '
_IN_CSV = '.format("csv")\n    .option("header", True)\n    .option("sep", ";")'

EXERCISES = (
    Exercise(
        "sinks",
        "sinks",
        "completa",
        "guardar sin repetir",
        _temperatures,
        twice,
        _stored_twice,
        (
            Mistake(
                "guarda los grados como texto: en el JSON son un número, sin comillas",
                (("grados DOUBLE", "grados STRING"), ("grados > 30", "grados > 30.0")),
                partial(_stored_twice, text=True),
            ),
            Mistake(
                "lee los grados como texto: en el esquema son un número, DOUBLE",
                (("grados DOUBLE", "grados STRING"),),
                None,
                "CAST_INVALID_INPUT",
            ),
            Mistake(
                "repite lo que ya había escrito: `foreachBatch` no sabe qué batch escribió antes "
                "de morir, y el sink de ficheros sí",
                (
                    (
                        'calor.writeStream.format("json")\n    .option("path", SALIDA)\n',
                        "calor.writeStream.foreachBatch(\n"
                        '        lambda f, n: f.write.mode("append").json(SALIDA)\n    )\n',
                    ),
                ),
                partial(_stored_twice, again=True),
            ),
        ),
    ),
    Exercise(
        "sinks-carpetas",
        "sinks",
        "cambia",
        "una carpeta por ciudad",
        _sales,
        partial(twice, kept=text_lines),
        by_city(),
        (
            Mistake(
                "hace todavía lo de antes: JSON, y todo en la misma carpeta",
                ((_BY_CITY, "ventas.writeStream"), (_IN_CSV, '.format("json")')),
                by_city(
                    '{{"ciudad":"{city}","producto":"{food}","euros":{euros}}}', "", apart=False
                ),
            ),
            Mistake(
                "lo deja todo en la misma carpeta: mira `partitionBy`",
                ((_BY_CITY, "ventas.writeStream"),),
                by_city("{city};{food};{euros}", "ciudad;producto;euros", apart=False),
            ),
            Mistake(
                "no escribe la cabecera: en CSV hay que pedirla, con la opción `header`",
                (('    .option("header", True)\n', ""),),
                by_city(head=""),
            ),
            Mistake(
                "separa con comas: el separador de lo que escribes se dice aparte del que lees",
                (('True)\n    .option("sep", ";")\n', "True)\n"),),
                by_city("{food},{euros}", "producto,euros"),
            ),
        ),
    ),
    Exercise(
        "sinks-sqlite",
        "sinks",
        "escribe",
        "sumar en una base de datos, sin repetir",
        _books,
        partial(
            cut,
            first=partial(twice, kept=partial(sqlite_rows, table="libros")),
            table="libros",
        ),
        summed,
        (
            Mistake(
                "suma otra vez un micro-batch que ya había sumado: apunta su número en la base, "
                "en la misma transacción, y míralo antes de sumar",
                (("rowcount == 0", "rowcount == 2"),),
                partial(summed, again=True),
            ),
            Mistake(
                "cuenta líneas: hay que sumar las unidades de cada una",
                (('.sum("unidades")', ".count()"),),
                partial(summed, counts=_one),
            ),
            Mistake(
                "se queda con lo último que llega de cada título: hay que sumarlo a lo que había",
                (("unidades = unidades + excluded", "unidades = excluded"),),
                partial(summed, replaces=True),
            ),
            Mistake(
                "no resta las devoluciones: también cuentan las unidades negativas",
                (
                    (
                        'tabla.groupBy("titulo")',
                        'tabla.selectExpr("titulo", "greatest(unidades, 0) AS unidades")'
                        '.groupBy("titulo")',
                    ),
                ),
                partial(summed, counts=_no_less_than_0),
            ),
            Mistake(
                "guarda el número en una transacción y las unidades en otra, después: si muere "
                "entre las dos, esas unidades se pierden",
                ((_SUM, f"        base.commit()\n{_SUM}"),),
                partial(summed, fails=lambda cut: cut[-1:]),
            ),
        ),
    ),
)
