"""The tables that Spark's console sink prints."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BATCH = re.compile(
    r"^-{43}\nBatch: (\d+)\n-{43}\n((?:[+|].*\n)+)(?:only showing.*\n)?$", re.MULTILINE
)

Row = tuple[str, ...]


@dataclass(frozen=True)
class Batch:
    """A micro-batch as printed: its number, the names of its columns, and its rows as text."""

    number: int
    columns: Row
    rows: tuple[Row, ...]


def tables(text: str) -> list[Batch]:
    """The batches that are whole in ``text``, in their order; the last one needs its line end."""
    return [_batch(int(number), table) for number, table in _BATCH.findall(text)]


def _batch(number: int, table: str) -> Batch:
    lines = [line[1:-1].split("|") for line in table.splitlines() if line.startswith("|")]
    columns, *rows = [tuple(value.strip() for value in line) for line in lines]
    return Batch(number, columns, tuple(rows))
