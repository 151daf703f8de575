"""What a program has stored, read back without Spark."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from streamdocs.errors import StreamdocsError
from streamdocs.recording.tables import Row, Table

_TEXTS = (".csv", ".json", ".txt")


def json_rows(folder: Path) -> Table:
    """The rows of the JSON files in ``folder`` and below it, their values as JSON writes them."""
    return unordered(json_objects(folder))


def json_objects(folder: Path) -> list[dict[str, object]]:
    """The objects, one a line, of the JSON files in ``folder`` and below it.

    Raises StreamdocsError, which names the file, where a line is none.
    """
    files = (file for file in _files(folder) if file.suffix == ".json")
    return [json_object(line, file) for file in files for line in _text(file).splitlines()]


def json_object(line: str, file: Path) -> dict[str, object]:
    """What a ``line`` of ``file`` says.

    Raises StreamdocsError where it is no JSON object.
    """
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise StreamdocsError(f"Cada línea de {file.name} debe ser un objeto JSON: «{line[:80]}».")
    return found


def _files(folder: Path) -> Iterator[Path]:
    """The files that Spark would read below ``folder``: what begins with _ or . is not data."""
    for file in sorted(folder.rglob("*")):
        hidden = any(part.startswith(("_", ".")) for part in file.relative_to(folder).parts)
        if file.is_file() and not hidden:
            yield file


def _text(file: Path) -> str:
    return file.read_text("utf-8", "replace")


def text_lines(folder: Path) -> Table:
    """The lines of the files in ``folder`` and below it, each beside the folder that it is in.

    How many files there are is not asked: a first line that several have in a folder is one.
    """
    found = list(_lines(folder))
    heads = dict.fromkeys(row for number, row in found if number == 0)
    rest = [row for number, row in found if number > 0]
    return Table(("carpeta", "línea"), (*heads, *rest))


def _lines(folder: Path) -> Iterator[tuple[int, Row]]:
    for file in _files(folder):
        inside = "/".join(file.relative_to(folder).parts[:-1]) or "(ninguna)"
        is_text = file.suffix in _TEXTS
        lines = _text(file).splitlines() if is_text else [f"(es {file.suffix})"]
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
    return Table(columns, tuple(tuple(map(_shown, row.values())) for row in rows))


def unordered(rows: Sequence[dict[str, object]]) -> Table:
    """As ``stored``, for JSON: in which order names come says nothing; one that lacks is null."""
    columns = tuple(sorted({name for row in rows for name in row}))
    return Table(columns, tuple(tuple(_shown(row.get(name)) for name in columns) for row in rows))


def _shown(value: object) -> str:
    # SQLite holds bytes, too: JSON does not.
    return json.dumps(value, ensure_ascii=False, default=repr)
