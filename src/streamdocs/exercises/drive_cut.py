"""A way to have a program's writes to SQLite fail in the middle of a micro-batch."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from streamdocs.exercises.attempt import Attempt
from streamdocs.exercises.drive import lay
from streamdocs.exercises.exercise import Data
from streamdocs.exercises.stores import sqlite_rows
from streamdocs.recording.tables import Table

CUTS = 2
"""Files, each a micro-batch of its own, in whose middle the program fails."""

_TRIGGER = "comprueba_corta_"


def cut(
    attempt: Attempt, texts: Data, first: Callable[[Attempt, Data], list[Table]], table: str
) -> list[Table]:
    """As ``first``, with all files but the last two; of each of those the first write fails half.

    The program cannot write into ``table`` when the first of the two comes, and into no other when
    the second does, and dies; then it can, and is started again. One table more than ``first``
    has: what ``table`` holds at last. A program whose write is one transaction does not notice.
    """
    tables = first(attempt, texts[:-CUTS])
    base = attempt.home / "salida"
    names = ("entrada", "salida", "checkpoint")
    folders = {name.upper(): str(attempt.home / name) for name in names}
    for number, others in ((len(texts) - 2, False), (len(texts) - 1, True)):
        lay(attempt, [texts[number]], number)
        with _full(base, _chosen(base, table, others)):
            attempt.start(**folders)
            attempt.ended()
        attempt.start(**folders)
        attempt.finish()
    return [*tables, sqlite_rows(base, table)]


def _chosen(base: Path, table: str, others: bool) -> Sequence[str]:
    """The table, or the ``others`` of its database; all, where a view is its name."""
    with closing(sqlite3.connect(base)) as database:
        known = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        tables = [name for (name,) in known]
    return [name for name in tables if (name != table) == others] or tables


@contextmanager
def _full(base: Path, tables: Sequence[str]) -> Iterator[None]:
    """While this is entered, who writes a row into one of the ``tables`` gets an error.

    Of another kind than a repeated key's, which a program may rightly expect.
    """
    triggers = [
        (f'"{_TRIGGER}{number}{what}"', what, '"{}"'.format(table.replace('"', '""')))
        for number, table in enumerate(tables)
        for what in ("INSERT", "UPDATE")
    ]
    with closing(sqlite3.connect(base)) as database, database:
        for name, what, table in triggers:
            database.execute(
                f"CREATE TRIGGER {name} BEFORE {what} ON {table} "
                "BEGIN INSERT INTO no_queda_sitio VALUES (1); END"
            )
    try:
        yield
    finally:
        with closing(sqlite3.connect(base)) as database, database:
            for name, _, _ in triggers:
                database.execute(f"DROP TRIGGER IF EXISTS {name}")
