"""What a program has stored in its database."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from streamdocs.errors import StreamdocsError
from streamdocs.exercises.project.expected import COLUMNS, Row

Store = dict[str, list[Row]]
"""The rows of each table."""


def read(base: Path, tables: Sequence[str]) -> Store:
    """The rows of those tables.

    Raises StreamdocsError if the database has no such table, or one with other columns.
    """
    if not base.is_file():
        raise StreamdocsError("Tu programa no ha creado la base de datos que dice BASE.")
    with closing(sqlite3.connect(f"file:{base}?mode=ro", uri=True)) as database:
        return {table: _rows(database, table) for table in tables}


def _rows(database: sqlite3.Connection, table: str) -> list[Row]:
    columns = COLUMNS[table]
    have = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    if not have:
        raise StreamdocsError(f"La base no tiene la tabla «{table}»: créala antes de empezar.")
    if sorted(have) != sorted(columns):
        raise StreamdocsError(
            f"La tabla «{table}» tiene las columnas {', '.join(have)}, y deben ser "
            f"{', '.join(columns)}."
        )
    names = ", ".join(f'"{name}"' for name in columns)
    return database.execute(f"SELECT {names} FROM {table}").fetchall()


def write(base: Path, store: Store) -> None:
    """Make a database with those rows."""
    with closing(sqlite3.connect(base)) as database, database:
        for table, rows in store.items():
            names = ", ".join(f'"{name}"' for name in COLUMNS[table])
            database.execute(f"CREATE TABLE {table} ({names})")
            marks = ", ".join("?" for _ in COLUMNS[table])
            database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
