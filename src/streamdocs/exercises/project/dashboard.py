"""The reader's program ``tablero.py``: its page and its alerts."""

import json
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from streamdocs.exercises.attempt import Attempt
from streamdocs.exercises.project.expected import Row


def problems(attempt: Attempt, base: Path, windows: Sequence[Row]) -> list[str]:
    """Run it twice, the second time with more windows and what a program leaves that was killed.

    ``base`` has the rows ``windows``.
    """
    totals = sorted(row[2] for row in windows if isinstance(row[2], int))
    limit = totals[len(totals) // 2]
    page, alerts = attempt.home / "tablero.html", attempt.home / "alertas.jsonl"
    first, older = attempt.home / "primera.db", attempt.home / "anterior"
    shutil.copyfile(base, first)
    with closing(sqlite3.connect(first)) as database, database:
        database.execute("DELETE FROM ventanas WHERE inicio = ?", (windows[-1][0],))
    env = {"TABLERO": str(page), "ALERTAS": str(alerts), "LIMITE": str(limit)}
    attempt.start(BASE=str(first), **env)
    attempt.finish()
    found = [*_page(page, windows[:-1]), *_alerts(alerts, windows[:-1], limit)]
    if found:
        return found
    older.hardlink_to(page)
    before = older.read_bytes()
    # It dies while it writes a line.
    with alerts.open("ab") as file:
        file.write(b'{"inicio": "20')
    for _ in range(2):
        attempt.start(BASE=str(base), **env)
        attempt.finish()
    found = [*_page(page, windows), *_alerts(alerts, windows, limit)]
    if older.read_bytes() != before:
        found.append(
            "Escribes tablero.html encima del que había: quien lo abra en ese momento lo ve a "
            "medias. Escríbelo con otro nombre, y cámbiaselo después."
        )
    return found


def _page(file: Path, windows: Sequence[Row]) -> Iterator[str]:
    if not file.is_file():
        yield "Tu programa no ha escrito la página que dice TABLERO."
        return
    rows = _cells(file.read_text("utf-8", "replace"))
    for row in windows:
        want = [str(value) for value in row[:3]]
        if want not in rows:
            yield f"En tablero.html falta la fila {' | '.join(want)}."
            return
    if (many := len([row for row in rows if row])) != len(windows):
        yield f"En tablero.html hay {many} filas con datos, y en «ventanas», {len(windows)}."


def _cells(text: str) -> list[list[str]]:
    parser = _Rows()
    parser.feed(text)
    parser.close()
    return [[cell.strip() for cell in row] for row in parser.rows]


class _Rows(HTMLParser):
    """The cells of data of each row of a table."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, _: Any) -> None:
        """Begin a row or a cell."""
        self._inside = tag == "td"
        if tag == "tr":
            self.rows.append([])
        elif tag == "td" and self.rows:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        """End a cell."""
        self._inside = False

    def handle_data(self, data: str) -> None:
        """Take what a cell says."""
        if self._inside and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def _alerts(file: Path, windows: Sequence[Row], limit: int) -> Iterator[str]:
    want = {str(row[0]): row[2] for row in windows if isinstance(row[2], int) and row[2] > limit}
    if not file.is_file():
        yield "Tu programa no ha escrito las alertas en el fichero que dice ALERTAS."
        return
    have: list[tuple[Any, Any]] = []
    for line in file.read_text("utf-8", "replace").splitlines():
        try:
            alert = json.loads(line)
            have.append((alert["inicio"], alert["total"]))
        except (ValueError, TypeError, KeyError):
            yield f"En alertas.jsonl hay una línea que no es una alerta entera: {line}"
            return
    starts = [start for start, _ in have]
    for start, total in want.items():
        if start not in starts:
            yield (
                f"No ha saltado la alerta de la ventana de las {start}: su total es {total} y el "
                f"límite, {limit}."
            )
        elif (times := starts.count(start)) > 1:
            yield f"La alerta de la ventana de las {start} está {times} veces: debe estar una."
        elif (start, total) not in have:
            yield f"La alerta de la ventana de las {start} no dice su total, {total}."
    for start, total in have:
        if start not in want:
            yield (
                f"Ha saltado la alerta de la ventana de las {start}, y no debía: su total es "
                f"{total} y el límite, {limit}."
            )
