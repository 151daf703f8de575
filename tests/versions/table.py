"""The table of what ran where: how it is written."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import astuple, fields
from pathlib import Path

from streamdocs.publishing import releases
from streamdocs.publishing.releases import Row

TABLE = Path(__file__).parents[2] / "docs" / releases.TABLE


def write(rows: Iterable[Row], file: Path = TABLE) -> None:
    """Write the table anew, in order, so that a difference shows what changed."""
    file.parent.mkdir(exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(field.name for field in fields(Row))
        writer.writerows(astuple(row) for row in sorted(rows))
