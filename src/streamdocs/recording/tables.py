"""The tables that Spark prints, read back."""

import re
from itertools import pairwise

from msgspec import Struct

from streamdocs.errors import StreamdocsError

_BATCH = re.compile(
    r"^-{43}\nBatch: (\d+)\n-{43}\n((?:[+|].*\n)+)(only showing .*\n)?(\n?)", re.MULTILINE
)
_NUMBER = re.compile(r"^Batch: (\d+)$", re.MULTILINE)

Row = tuple[str | None, ...]
"""The values of a row as the console shows them, without the blanks around; NULL is None."""


class TraceError(StreamdocsError):
    """A query cannot be recorded, or a record is not what it should be."""


class Table(Struct, frozen=True, forbid_unknown_fields=True):
    """Rows with the names of their columns."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def numbers(text: str) -> list[int]:
    """The micro-batches that the console sink has begun to print in ``text``.

    Two queries may print into each other: then there are more numbers than readable tables.
    """
    return [int(number) for number in _NUMBER.findall(text)]


def whole(text: str) -> list[int]:
    """The micro-batches that the console sink has printed in ``text`` to their end."""
    return [int(number) for number, *_, end in _BATCH.findall(text) if end]


def batches(text: str) -> list[tuple[int, Table]]:
    """What the console sink has printed in ``text``: number and rows of each micro-batch.

    Raises TraceError when it did not print all rows.
    """
    found = []
    for number, printed, cut, _ in _BATCH.findall(text):
        if cut:
            raise TraceError(
                f"La consola no enseña todas las filas del batch {number}, y no se puede "
                "registrar: dale más con la opción «numRows»."
            )
        found.append((int(number), table(printed)))
    return found


def table(printed: str) -> Table:
    """The table that ``show`` printed.

    Raises TraceError when a value makes its columns unclear.
    """
    rule, header, *rest = printed.split("\n")
    rows = [line for line in rest if line.startswith("|")]
    columns = tuple(value or "" for value in _values(header, rule))
    return Table(columns, tuple(_values(row, rule) for row in rows))


def _values(line: str, rule: str) -> Row:
    """The values between the places where ``rule`` has its crosses."""
    crosses = [place for place, sign in enumerate(rule) if sign == "+"]
    if len(line) != len(rule) or any(line[place] != "|" for place in crosses):
        # A wide character takes two places: then the bars must be the only ones.
        crosses = [place for place, sign in enumerate(line) if sign == "|"]
        if len(crosses) != rule.count("+"):
            raise TraceError(f"No sé leer las columnas de la fila que imprimió Spark: {line}")
    pairs = pairwise(crosses)
    values = [line[left + 1 : right].strip() for left, right in pairs]
    return tuple(None if value == "NULL" else value for value in values)
