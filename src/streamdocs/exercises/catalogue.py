"""The course's exercises: what each is given, and what plain Python makes of it."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from streamdocs.exercises.check import (
    Data,
    Exercise,
    Table,
    heard,
    laid,
    twice,
    typed,
)

_WORDS = ("mar", "sol", "sal", "viento", "arena", "año", "café")
_NOON = datetime(2026, 3, 2, 12)


def _messages(chance: random.Random) -> Data:
    return [f"{' '.join(chance.sample(_WORDS, 2))} {chance.randint(1, 99)}" for _ in range(4)]


def _one_connection(lines: Data) -> list[Table]:
    return [Table(("conexión", "línea"), tuple(("1", line) for line in lines))]


def _sentences(chance: random.Random) -> Data:
    first, *others = chance.sample(_WORDS, 5)
    two = f"{first}  {others[0].upper()} {first.capitalize()}"
    return [two, f" {others[1]} {others[0]} {first.upper()}", f"{others[2]} {others[3]} "]


def _lower_case_counts(lines: Data) -> list[Table]:
    counts: Counter[str] = Counter()
    tables = []
    for line in lines:
        counts.update(line.lower().split())
        rows = tuple((word, str(count)) for word, count in counts.items())
        tables.append(Table(("palabra", "count"), rows))
    return tables


_PRODUCTS = ("pan", "vino", "aceite", "queso", "arroz", "miel")


def _sales(chance: random.Random) -> Data:
    def sale(product: str, units: int) -> str:
        return f"{product};{units};{chance.randint(1, 9) / 2}\n"

    # 2 sorts before 10 as a number only, and there is always one that sells too little.
    products = chance.sample(_PRODUCTS, 6)
    units = [2, 10, chance.randint(11, 40), chance.randint(1, 4), chance.randint(5, 9), 100]
    sales = [sale(*pair) for pair in zip(products, units, strict=True)]
    return ["".join(sales[:3]), "".join(sales[3:])]


def _many_units(texts: Data) -> list[Table]:
    fields = [line.split(";") for line in "".join(texts).splitlines()]
    rows = [
        (product, units, price, str(int(units) * float(price)))
        for product, units, price in fields
        if int(units) >= 5
    ]
    return [Table(("producto", "unidades", "precio", "importe"), tuple(rows))]


def _temperatures(chance: random.Random) -> Data:
    def text() -> str:
        grades = [chance.randint(20, 60) / 2, chance.randint(61, 80) / 2]
        return "".join(f"{chance.choice('ABC')}{chance.randint(1, 99)};{g}\n" for g in grades)

    return [text() for _ in range(3)]


def _stored_twice(texts: Data) -> list[Table]:
    def hot(some: Data) -> Table:
        fields = [tuple(line.split(";")) for line in "".join(some).splitlines()]
        return Table(("sensor", "grados"), tuple(row for row in fields if float(row[1]) > 30))

    return [hot(texts[:-1]), hot(texts)]


_PLAYERS = ("ana", "luis", "marta", "iker")


def _plays(chance: random.Random) -> Data:
    one, other = chance.sample(_PLAYERS, 2)
    return [f"{player} {chance.randint(1, 9)}" for player in (one, other, one)]


def _changed_totals(lines: Data) -> list[Table]:
    totals: Counter[str] = Counter()
    tables = []
    for line in lines:
        player, points = line.split()
        totals[player] += int(points)
        tables.append(Table(("jugador", "puntos"), ((player, str(totals[player])),)))
    return tables


def _measures(chance: random.Random) -> Data:
    def line(room: str) -> str:
        values = [str(chance.randint(10, 40)) for _ in range(3)]
        values[chance.randint(0, 2)] = chance.choice(("error", "-", "?"))
        return f"{room}: {' '.join(values)}"

    return [line(room) for room in chance.sample(("cocina", "salón", "baño", "patio"), 3)]


def _one_row_each(lines: Data) -> list[Table]:
    tables = []
    for line in lines:
        room, _, values = line.partition(": ")
        rows = tuple((room, value) for value in values.split() if value.isdigit())
        tables.append(Table(("sala", "grados"), rows))
    return tables


def _bicycles(chance: random.Random) -> Data:
    def text(minutes: list[int]) -> str:
        rows = ((_NOON + timedelta(minutes=m), chance.randint(1, 9)) for m in minutes)
        return "".join(f"{when:%Y-%m-%d %H:%M},norte,{count}\n" for when, count in rows)

    def minute(first: int) -> int:
        return chance.randint(first, first + 10)

    # The window from 12:00 is closed by 12:28 and asked for again in the last file.
    hours = [[minute(0), 4], [minute(18), 28], [minute(40), minute(20)], [minute(60), 3]]
    return [text(minutes) for minutes in hours]


def _closed_windows(texts: Data) -> list[Table]:
    """What Spark promises: its watermark moves after a batch, and is looked at in the next."""
    long, patience = timedelta(minutes=15), timedelta(minutes=10)
    open_: Counter[datetime] = Counter()
    latest = late = datetime.min
    tables = []
    for text in (*texts, ""):  # the last batch has no rows, and closes what is left to close
        closed = latest - patience if latest > datetime.min else latest
        for when, count in _counted(text):
            start = _NOON + (when - _NOON) // long * long
            latest = max(latest, when)
            if start + long > late:
                open_[start] += count
        late = closed
        done = {start: open_.pop(start) for start in sorted(open_) if start + long <= closed}
        rows = ((f"{s:%H:%M}", f"{s + long:%H:%M}", str(count)) for s, count in done.items())
        tables.append(Table(("desde", "hasta", "bicis"), tuple(rows)))
    return tables


def _counted(text: str) -> Iterator[tuple[datetime, int]]:
    for line in text.splitlines():
        when, _, count = line.split(",")
        yield datetime.fromisoformat(when), int(count)


def _orders(chance: random.Random) -> Data:
    return [f"{chance.choice(_PRODUCTS)} {number}\n" for number in range(chance.choice((5, 7)))]


def _two_by_two(texts: Data) -> list[Table]:
    rows = [(text.rstrip("\n"),) for text in texts]
    return [Table(("value",), tuple(rows[i : i + 2])) for i in range(0, len(rows), 2)]


EXERCISES = {
    exercise.name: exercise
    for exercise in (
        Exercise("productor", "enviar un fichero", _messages, heard, _one_connection),
        Exercise("hola", "contar palabras", _sentences, typed, _lower_case_counts),
        Exercise("fuentes", "leer una carpeta de CSV", _sales, laid, _many_units),
        Exercise("sinks", "guardar sin repetir", _temperatures, twice, _stored_twice),
        Exercise("modos", "el marcador de un juego", _plays, typed, _changed_totals),
        Exercise("transformaciones", "una fila por medida", _measures, typed, _one_row_each),
        Exercise("ventanas", "bicis cada cuarto de hora", _bicycles, laid, _closed_windows),
        Exercise("triggers", "de dos en dos, y acabar", _orders, laid, _two_by_two),
    )
}
