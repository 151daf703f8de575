"""What a program has stored, read back without Spark."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from streamdocs.errors import StreamdocsError
from streamdocs.recording.tables import Row, Table

_TEXTS = (".csv", ".json", ".txt")


def json_rows(folder: Path) -> Table:
    """The rows of the JSON files in ``folder``, their values as JSON writes them."""
    lines = (line for file in folder.glob("*.json") for line in file.read_text().splitlines())
    return stored([json.loads(line) for line in lines])


def text_lines(folder: Path) -> Table:
    """The lines of the files in ``folder`` and below it, each beside the folder that it is in.

    How many files there are is not asked: a first line that several have in a folder is one.
    """
    found = list(_lines(folder))
    heads = dict.fromkeys(row for number, row in found if number == 0)
    rest = [row for number, row in found if number > 0]
    return Table(("carpeta", "línea"), (*heads, *rest))


def _lines(folder: Path) -> Iterator[tuple[int, Row]]:
    for file in sorted(folder.rglob("part-*")):
        inside = "/".join(file.relative_to(folder).parts[:-1]) or "(ninguna)"
        is_text = file.suffix in _TEXTS
        lines = file.read_text("utf-8").splitlines() if is_text else [f"(es {file.suffix})"]
        yield from ((number, (inside, line)) for number, line in enumerate(lines))


def sqlite_rows(file: Path, table: str) -> Table:
    """The rows of a ``table`` of SQLite, their values as JSON writes them."""
    if not file.is_file():
        raise StreamdocsError("Tu programa no ha creado la base de datos que dice SALIDA.")
    with closing(sqlite3.connect(file)) as database:
        database.row_factory = sqlite3.Row
        try:
            rows = database.execute(f'SELECT * FROM "{table}"').fetchall()
        except sqlite3.Error as error:
            raise StreamdocsError(f"No puedo leer la tabla {table} de tu base: {error}.") from error
    return stored([dict(row) for row in rows])


def stored(rows: Sequence[dict[str, object]]) -> Table:
    """A table of stored rows, in which a text differs from a number."""
    columns = tuple(rows[0]) if rows else ()
    shown = partial(json.dumps, ensure_ascii=False)
    return Table(columns, tuple(tuple(map(shown, row.values())) for row in rows))
