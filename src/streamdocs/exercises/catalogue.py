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
    sent,
    stored,
    together,
    twice,
    typed,
)

_WORDS = ("mar", "sol", "sal", "viento", "arena", "caña", "café")
_NOON = datetime(2026, 3, 2, 12)


def _messages(chance: random.Random) -> Data:
    lines = [f"{' '.join(chance.sample(_WORDS, 2))} {chance.randint(1, 99)}" for _ in range(3)]
    # A letter of two bytes, for whoever sends another encoding.
    lines.insert(chance.randint(0, 3), f"año {chance.randint(1, 99)}")
    return lines


def _one_connection(lines: Data) -> list[Table]:
    return [sent(["".join(f"{line}\n" for line in lines).encode()])]


def _sentences(chance: random.Random) -> Data:
    first, *others = chance.sample(_WORDS, 5)
    two = f"{first}  {others[0].upper()} y {first.capitalize()}"
    return [two, f" a {others[1]} {others[0]} {first.upper()}", f"{others[2]} Y {others[3]} "]


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
        # The zeros in front are there only for who reads a text, not a number.
        return f"{product};{units:03};{chance.randint(1, 9) / 2:05.2f}\n"

    products = chance.sample(_PRODUCTS, 6)
    units = [4, 5, 10, chance.randint(11, 40), chance.randint(1, 3), chance.randint(6, 9)]
    chance.shuffle(units)
    sales = [sale(*pair) for pair in zip(products, units, strict=True)]
    return ["".join(sales[:3]), "".join(sales[3:])]


def _many_units(texts: Data) -> list[Table]:
    fields = [line.split(";") for line in "".join(texts).splitlines()]
    rows = [
        (product, str(int(units)), str(float(price)), str(int(units) * float(price)))
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
        fields = [line.split(";") for line in "".join(some).splitlines()]
        rows = [{"sensor": s, "grados": float(g)} for s, g in fields if float(g) > 30]
        return stored(rows)

    return [hot(texts[:-1]), hot(texts)]


_PLAYERS = ("ana", "luis", "marta", "iker")


def _plays(chance: random.Random) -> Data:
    one, other, third = chance.sample(_PLAYERS, 3)
    plays = [f"{player} {chance.randint(2, 12)}" for player in (one, other, one)]
    # A line that was cut off.
    return [*plays[:2], third, plays[2]]


def _changed_totals(lines: Data) -> list[Table]:
    totals: Counter[str] = Counter()
    tables = []
    for player, _, points in (line.partition(" ") for line in lines):
        if points:
            totals[player] += int(points)
            tables.append(Table(("jugador", "puntos"), ((player, str(totals[player])),)))
    return tables


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


def _one_row_each(lines: Data) -> list[Table]:
    def whole(value: str) -> bool:
        return value.removeprefix("-").isdecimal()

    tables = []
    for room, _, values in (line.partition(": ") for line in lines):
        rows = tuple((room, str(int(value))) for value in values.split() if whole(value))
        tables.append(Table(("sala", "grados"), rows))
    return tables


def _bicycles(chance: random.Random) -> Data:
    def at(minute: int, second: int) -> str:
        when = _NOON + timedelta(minutes=minute, seconds=second)
        return f"{when:%Y-%m-%d %H:%M:%S},norte,{chance.randint(2, 9)}\n"

    def within(first: int, last: int) -> str:
        return at(chance.randint(first, last), chance.randint(0, 59))

    # Whoever waits less than 10 minutes closes the window from 12:00 too soon: its second row
    # comes two files after 12:24:59. Who waits more still has it open for its third, which
    # comes two files after 12:25:00.
    return [
        within(0, 14),
        at(24, 59),
        within(15, 23),
        within(0, 14) + at(25, 0),
        within(15, 24),
        within(0, 14) + within(50, 58),
        within(72, 80),
    ]


_LONG, _PATIENCE = timedelta(minutes=15), timedelta(minutes=10)


def closed_windows(
    texts: Data, long: timedelta = _LONG, patience: timedelta = _PATIENCE
) -> list[Table]:
    """What Spark promises: its watermark moves after a batch, and is looked at in the next."""
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
        Exercise("fuentes", "leer una carpeta de CSV", _sales, together, _many_units),
        Exercise("sinks", "guardar sin repetir", _temperatures, twice, _stored_twice),
        Exercise("modos", "el marcador de un juego", _plays, typed, _changed_totals),
        Exercise("transformaciones", "una fila por medida", _measures, typed, _one_row_each),
        Exercise("ventanas", "bicis cada cuarto de hora", _bicycles, laid, closed_windows),
        Exercise("triggers", "de dos en dos, y acabar", _orders, laid, _two_by_two),
    )
}
