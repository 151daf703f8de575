"""The tables that a program answered, compared with those that it should, row by row."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from streamdocs.recording.tables import Row, Table

_KINDS = {
    ("n.º", "línea"): "Lo que imprime",
    ("micro-batch", "líneas leídas"): "Lo que lee en cada micro-batch",
    ("vez", "líneas leídas"): "Lo que lee cada vez",
    ("conexión", "orden", "línea"): "Lo que envía",
    ("carpeta", "línea"): "Lo que guarda",
    ("key", "value"): "Lo que deja en el topic",
    ("vez", "pedido"): "Lo que recibe el almacén",
    ("carpeta", "objeto"): "Lo que guarda",
    ("limpiar", "prueba"): "Lo que dice tu prueba",
    ("código de salida",): "Cómo acaba",
}
"""What is no table of the console, by the columns with which it is compared."""


def differences(expected: Sequence[Table], got: Sequence[Table]) -> Iterator[str]:
    """What ``got`` has that it should not, or lacks, row by row; tables without rows are none."""
    wanted = [table for table in expected if table.rows]
    found = [table for table in got if table.rows]
    for name, want, have in zip(names(wanted), wanted, found, strict=False):
        yield from _differences(name, want, have)
    if len(found) != len(wanted):
        yield f"Tu programa ha escrito {_tables(len(found))}, y deben ser {len(wanted)}."


def names(tables: Sequence[Table]) -> list[str]:
    """What each is called to a reader: a table of the console by its number, and others by kind."""
    kinds = [_KINDS.get(table.columns, "") for table in tables]
    return [_name(kinds, place) for place in range(len(kinds))]


def _name(kinds: Sequence[str], place: int) -> str:
    kind = kinds[place]
    if not kind:
        return f"Tabla {place + 1}"
    again = f", la {kinds[: place + 1].count(kind)}.ª vez" if kinds.count(kind) > 1 else ""
    return f"{kind}{again}"


def _differences(name: str, want: Table, have: Table) -> Iterator[str]:
    if have.columns != want.columns:
        yield f"{name}: las columnas son {_shown(have.columns)} y deben ser {_shown(want.columns)}"
        return
    for row in sorted(_lacking(want.rows, have.rows), key=_shown):
        yield f"{name}: falta {_shown(row)}"
    for row in sorted(_lacking(have.rows, want.rows), key=_shown):
        yield f"{name}: sobra {_shown(row)}"


def _lacking(rows: Sequence[Row], others: Sequence[Row]) -> Iterator[Row]:
    """Those of ``rows`` that ``others`` does not have, or not as often."""
    left = Counter(tuple(map(_number, row)) for row in others)
    for row in rows:
        key = tuple(map(_number, row))
        if not left[key]:
            yield row
        left[key] -= left[key] > 0


def _number(value: str | None) -> Decimal | str | None:
    """A number with decimals, as such: 2.50 is 2.5. All else, and 02.5, is a text."""
    whole, _, decimals = (value or "").removeprefix("-").partition(".")
    written = whole.isdecimal() and decimals.isdecimal() and str(int(whole)) == whole
    return Decimal(value) if value and written else value


def _shown(row: Row) -> str:
    return f"|{'|'.join('NULL' if value is None else value for value in row)}|"


def _tables(count: int) -> str:
    return "1 tabla con filas" if count == 1 else f"{count} tablas con filas"
