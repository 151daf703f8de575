"""Exercises on event time: windows and watermarks."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from streamdocs.exercises.drive import laid
from streamdocs.exercises.exercise import Answer, Data, Exercise, Mistake
from streamdocs.recording.tables import Table

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
    """The windows of ``long`` minutes, with a ``patience`` in minutes, as each is closed.

    What Spark promises: its watermark moves after a batch, and is looked at in the next.
    """
    return partial(_closed, long=timedelta(minutes=long), patience=timedelta(minutes=patience))


def _closed(texts: Data, long: timedelta, patience: timedelta) -> list[Table]:
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
)
