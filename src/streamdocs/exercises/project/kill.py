"""The moment at which a program is killed: its database has just got something new."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

_BETWEEN_LOOKS = 0.3
"""Seconds between two looks at what takes long to look at."""


def strike(
    base: Path,
    query: str,
    *,
    send: Callable[[], None],
    over: Callable[[], bool],
    kill: Callable[[], None],
) -> None:
    """Call ``send``, and ``kill`` as soon as ``query`` has stored something: rows, or its batch.

    It is killed, too, when ``over()``: the program has nothing more to do, and will not write.
    """
    with closing(_reading(base)) as database:
        before = _seen(database, query)
        database.rollback()
        send()
        looked = time.monotonic()
        # Without a pause: what happens next, happens within milliseconds.
        while _seen(database, query) in (before, None):
            database.rollback()
            if time.monotonic() > looked + _BETWEEN_LOOKS:
                if over():
                    break
                looked = time.monotonic()
        # Who has just read keeps the others from writing: what it has not stored, it will not.
        kill()


def _reading(base: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{base}?mode=ro", uri=True, timeout=0)


def _seen(database: sqlite3.Connection, query: str) -> tuple[int, ...] | None:
    """How many rows there are; None while it cannot be told.

    A batch of ``pagos`` always has some; one of ``ventanas`` that has none is no news.
    """
    with suppress(sqlite3.Error):
        database.execute("BEGIN")
        (rows,) = database.execute(f"SELECT count(*) FROM {query}").fetchone()
        return (rows, written(database, query)) if query == "pagos" else (rows,)
    return None


def written(database: sqlite3.Connection, query: str) -> int:
    """The last batch of a query that its database has; -1 if it has none."""
    with suppress(sqlite3.Error):
        asked = database.execute("SELECT max(batch) FROM hechos WHERE consulta = ?", (query,))
        (last,) = asked.fetchone()
        return -1 if last is None else last
    return -1


def forget(base: Path, checkpoint: Path, query: str, before: int) -> None:
    """Leave a checkpoint as a program leaves it that dies after writing, before noting it down.

    Nothing is done if it was left so. ``before`` is the last batch noted down before.
    """
    commits, offsets = checkpoint / query / "commits", checkpoint / query / "offsets"
    with closing(_reading(base)) as database:
        last = max(written(database, query), last_number(commits))
    if before < last == last_number(commits):
        _remove(commits, last)
        # Of what was planned later, nothing has been written.
        for number in range(last + 1, last_number(offsets) + 1):
            _remove(offsets, number)


def last_number(folder: Path) -> int:
    """The last batch that a folder of a checkpoint has; -1 if none."""
    return max((int(file.name) for file in folder.glob("*") if file.name.isdecimal()), default=-1)


def _remove(folder: Path, number: int) -> None:
    for file in (folder / str(number), folder / f".{number}.crc"):
        file.unlink(missing_ok=True)
