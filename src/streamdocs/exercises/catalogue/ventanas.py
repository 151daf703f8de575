"""Exercises on event time: windows and watermarks."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from statistics import fmean

from streamdocs.exercises.catalogue.watermark import watermarks
from streamdocs.exercises.drive import laid
from streamdocs.exercises.exercise import Answer, Data, Exercise, Mistake
from streamdocs.recording.tables import Row, Table

_NOON = datetime(2026, 3, 2, 12)


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


def closed(long: float = 15, patience: float = 10) -> Answer:
    """The windows of ``long`` minutes, with a ``patience`` in minutes, as each is closed."""
    return partial(_closed, long=timedelta(minutes=long), patience=timedelta(minutes=patience))


def _closed(texts: Data, long: timedelta, patience: timedelta) -> list[Table]:
    batches = _windows([[*_counted(text)] for text in texts], long, patience)
    return [
        Table(
            ("desde", "hasta", "bicis"),
            tuple((*_ends(start, long), f"{sum(counts):.0f}") for start, counts in done.items()),
        )
        for done, _ in batches
    ]


_Windows = dict[datetime, list[float]]


def _windows(
    batches: Sequence[Sequence[tuple[datetime, float]]], long: timedelta, patience: timedelta
) -> Iterator[tuple[_Windows, _Windows]]:
    """Of each micro-batch, the windows that it closes and those that it changes."""
    open_: defaultdict[datetime, list[float]] = defaultdict(list)
    times = [[when for when, _ in rows] for rows in batches]
    for rows, (late, closed) in zip((*batches, ()), watermarks((times, patience)), strict=True):
        changed = set()
        for when, value in rows:
            start = _NOON + (when - _NOON) // long * long
            if start + long > late:
                open_[start].append(value)
                changed.add(start)
        now = {start: [*open_[start]] for start in changed}
        yield {start: open_.pop(start) for start in sorted(open_) if start + long <= closed}, now


def _ends(start: datetime, long: timedelta) -> tuple[str, str]:
    return f"{start:%H:%M}", f"{start + long:%H:%M}"


def _counted(text: str) -> Iterator[tuple[datetime, float]]:
    for line in text.splitlines():
        when, _, count = line.split(",")
        yield datetime.fromisoformat(when), float(count)


def _buses(chance: random.Random) -> Data:
    def at(minute: int) -> str:
        when = _NOON + timedelta(minutes=minute, seconds=chance.choice((0, 59, 30)))
        return f"{when:%Y-%m-%d %H:%M:%S},{chance.choice('ABC')},{chance.randint(2, 19)}\n"

    # Three that share a window, in one window and in two; then any.
    first = [at(0), at(1), at(2)]
    chance.shuffle(first)
    return [*first, *(at(chance.randint(0, 7)) for _ in range(3)), at(9)]


def slid(
    texts: Data,
    long: int = 3,
    slide: int = 2,
    complete: bool = False,
    total: Callable[[list[float]], float] = sum,
) -> list[Table]:
    """The windows that each file changes, or all; every ``slide`` minutes one of ``long``."""
    lasts, step = timedelta(minutes=long), timedelta(minutes=slide)
    seen: defaultdict[datetime, list[float]] = defaultdict(list)
    tables = []
    for when, value in (row for text in texts for row in _counted(text)):
        start = _NOON + (when - _NOON) // step * step
        touched = []
        while start + lasts > when:
            touched.append(start)
            seen[start].append(value)
            start -= step
        rows = [
            (*_ends(s, lasts), f"{total(seen[s]):.0f}") for s in (seen if complete else touched)
        ]
        tables.append(Table(("desde", "hasta", "viajeros"), tuple(rows)))
    return tables


def _payments(chance: random.Random) -> Data:
    halves = chance.sample(range(12, 20), 4) + chance.sample(range(20, 120, 2), 6)
    # The mean of the first window has three decimals: rounded, it is another.
    halves[4] += (halves[0] + halves[1] + 1) % 2
    amounts = [half / 2 for half in halves]

    def at(second: int, euros: float) -> str:
        when = _NOON + timedelta(seconds=second)
        return f"{when:%Y-%m-%d %H:%M:%S},{chance.choice(_PEOPLE)},{euros:.2f}\n"

    # As with the bicycles: a row of the first window comes two files after 12:03:29, and is in
    # time; another, two files after 12:03:30, and is not. In each of the first two windows 4 rows
    # count: their mean has no endless decimals. The largest is not the last in alphabetical order.
    first, second = [*amounts[:2], *amounts[4:6]], [*amounts[2:4], *amounts[6:8]]
    chance.shuffle(first)
    chance.shuffle(second)
    return [
        at(0, first[0]) + at(chance.randint(1, 178), first[1]) + at(179, first[2]),
        at(209, second[0]),
        at(chance.randint(180, 208), second[1]),
        at(chance.randint(0, 179), first[3]) + at(210, second[2]),
        at(chance.randint(180, 209), second[3]),
        at(chance.randint(0, 179), amounts[8] + 100) + at(chance.randint(391, 480), amounts[9]),
        at(chance.randint(571, 700), 5),
    ]


_PEOPLE = ("Ana", "Luis", "Marta", "Iván", "Rosa")


def _about(
    euros: list[float], first: Callable[[list[float]], float] = fmean, swapped: bool = False
) -> Row:
    ends = (min(euros), max(euros)) if swapped else (max(euros), min(euros))
    return (*map(str, (first(euros), *ends)), str(len(euros)))


def paid(
    texts: Data,
    long: float = 3,
    patience: float = 30,
    about: Callable[[list[float]], Row] = _about,
    update: bool = False,
) -> list[Table]:
    """What was paid in each window of ``long`` minutes, with a ``patience`` in seconds."""
    lasts = timedelta(minutes=long)
    batches = [[*_counted(text)] for text in texts]
    tables = []
    for done, changed in _windows(batches, lasts, timedelta(seconds=patience)):
        rows = [
            (*_ends(start, lasts), *about(euros))
            for start, euros in (changed if update else done).items()
        ]
        columns = ("desde", "hasta", "media", "maximo", "minimo", "pagos")
        tables.append(Table(columns, tuple(rows)))
    return tables


EXERCISES = (
    Exercise(
        "ventanas",
        "ventanas",
        "completa",
        "bicis cada cuarto de hora",
        _bicycles,
        laid,
        closed(),
        (
            Mistake(
                "no espera a nadie: mira el segundo argumento de `withWatermark`",
                (('"10 minutes"', '"0 minutes"'),),
                closed(patience=0),
            ),
            Mistake(
                "espera un cuarto de hora, lo que dura la ventana: son diez minutos",
                (('"10 minutes"', '"15 minutes"'),),
                closed(patience=15),
            ),
            Mistake(
                "hace ventanas de diez minutos: diez es la espera, y la ventana dura quince",
                (('"15 minutes"', '"10 minutes"'),),
                closed(long=10),
            ),
        ),
    ),
    Exercise(
        "ventanas-deslizantes",
        "ventanas",
        "cambia",
        "ventanas que se solapan",
        _buses,
        laid,
        slid,
        (
            Mistake(
                "hace todavía lo de antes: las ventanas no se solapan, y salen todas cada vez",
                (('"3 minutes", "2 minutes"', '"3 minutes"'), ('"update"', '"complete"')),
                partial(slid, slide=3, complete=True),
            ),
            Mistake(
                "escribe todas las ventanas cada vez: mira el modo de salida, que elige las que "
                "cambian",
                (('"update"', '"complete"'),),
                partial(slid, complete=True),
            ),
            Mistake(
                "hace ventanas que no se solapan: `window` admite un tercer argumento, cada cuánto "
                "empieza una",
                (('"3 minutes", "2 minutes"', '"3 minutes"'),),
                partial(slid, slide=3),
            ),
            Mistake(
                "cuenta filas, y hay que sumar viajeros: mira la función de `agg`",
                (
                    ('suma("viajeros")', 'expr("count(*)")'),
                    ("date_format, ", "date_format, expr, "),
                ),
                partial(slid, total=len),
            ),
            Mistake(
                "empieza una ventana cada tres minutos y la hace de dos: primero va lo que dura",
                (('"3 minutes", "2 minutes"', '"2 minutes", "3 minutes"'),),
                None,
                "PARAMETER_CONSTRAINT_VIOLATION",
            ),
        ),
    ),
    Exercise(
        "ventanas-bizum",
        "ventanas",
        "escribe",
        "cuánto se paga cada tres minutos",
        _payments,
        laid,
        paid,
        (
            Mistake(
                "escribe una ventana cada vez que cambia: cada una va una sola vez, cuando ya no "
                "puede cambiar",
                (('"append"', '"update"'),),
                partial(paid, update=True),
            ),
            Mistake(
                "espera media hora, y por eso no cierra ninguna ventana: son 30 segundos",
                (('"30 seconds"', '"30 minutes"'),),
                partial(paid, patience=1800),
            ),
            Mistake(
                "suma los pagos donde se pide la media: mira la función de esa columna",
                (('avg("euros")', 'expr("sum(euros)")'), ("count, date", "count, expr, date")),
                partial(paid, about=partial(_about, first=sum)),
            ),
            Mistake(
                "llama `maximo` al menor pago y `minimo` al mayor: cámbialos de sitio",
                (
                    ('alias("maximo")', 'alias("m")'),
                    ('alias("minimo")', 'alias("maximo")'),
                    ('alias("m")', 'alias("minimo")'),
                ),
                partial(paid, about=partial(_about, swapped=True)),
            ),
            Mistake(
                "no dice cuánto espera: sin `withWatermark`, ninguna ventana se puede dar por "
                "cerrada",
                (('.withWatermark("hora", "30 seconds")', ""),),
                None,
                "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION",
            ),
        ),
    ),
)
