"""Ways to run a program that serves several clients, or that has several queries."""

import socket
from contextlib import suppress
from functools import partial
from pathlib import Path

from streamdocs.errors import StreamdocsError
from streamdocs.exercises.attempt import Attempt
from streamdocs.exercises.drive import HOST, console, sent
from streamdocs.exercises.exercise import Data
from streamdocs.exercises.stores import json_rows
from streamdocs.recording.tables import Table

_CLIENTS = 3
_PATIENCE = 5.0
"""Seconds in which a client that has been served is hung up on."""
_SOON = 30.0
"""Seconds between two things that a program does one right after the other."""
_DYING = 60.0
"""Seconds from what kills a query to the end of its program, that may have to start before."""


def served(attempt: Attempt, texts: Data) -> list[Table]:
    """Call a program that serves the lines of a file, thrice; its lines, client by client."""
    file = attempt.home / "lineas.txt"
    file.write_text("".join(f"{line}\n" for line in texts), "utf-8")
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    attempt.start(HOST=HOST, PUERTO=str(port), FICHERO=str(file))
    return [sent([_answered(attempt, port, client) for client in range(1, _CLIENTS + 1)])]


def _answered(attempt: Attempt, port: int, client: int) -> bytes:
    """What a client gets until it is hung up on."""
    calls: list[socket.socket] = []

    def called() -> bool:
        with suppress(ConnectionRefusedError):
            calls.append(socket.create_connection((HOST, port), timeout=_PATIENCE))
        return bool(calls)

    attempt.wait(called, f"atienda en {HOST}:{port} al cliente {client}", _SOON)
    with calls[0] as call, call.makefile("rb") as file:
        try:
            return file.read()
        except TimeoutError as error:
            raise StreamdocsError(
                f"El cliente {client} sigue esperando: tu programa no cierra su conexión."
            ) from error


def both(attempt: Attempt, texts: Data) -> list[Table]:
    """Lay files for two endless queries, one by one: what one prints, and what the other stores.

    Of the last two files each must kill one query, and the program with it: it is run twice.
    """
    *good, one, other = texts
    folders = _started(attempt, "uno")
    lines = 0
    for number, text in enumerate(good):
        _lay(folders, number, text)
        lines += len(text.splitlines())
        _wait_for_both(attempt, folders["ENTRADA"], lines)
    answer = [*console(attempt), json_rows(Path(folders["SALIDA"]))]
    _end(attempt, folders, one)
    _end(attempt, _started(attempt, "otro"), other)
    return answer


def _started(attempt: Attempt, name: str) -> dict[str, str]:
    """Start the program in folders of its own."""
    names = ("entrada", "salida", "checkpoint")
    folders = {each.upper(): str(attempt.home / name / each) for each in names}
    Path(folders["ENTRADA"]).mkdir(parents=True)
    attempt.start(**folders)
    return folders


def _lay(folders: dict[str, str], number: int, text: str) -> None:
    """A file that is there whole, or not at all: the queries are looking."""
    whole = Path(folders["ENTRADA"]).with_name("parte.txt")
    whole.write_text(text, "utf-8")
    whole.rename(Path(folders["ENTRADA"], f"{number:03}.txt"))


def _wait_for_both(attempt: Attempt, folder: str, lines: int) -> None:
    def read(rows: int) -> bool:
        return attempt.rows_read(folder) >= rows

    # The second one is at it, too, when the first has done it.
    attempt.wait(partial(read, lines), f"una consulta lea y procese {folder}")
    attempt.wait(partial(read, 2 * lines), "lo haga también una segunda consulta", _SOON)


def _end(attempt: Attempt, folders: dict[str, str], text: str) -> None:
    """Lay what no query survives that uses it."""
    _lay(folders, 999, text)
    what = f"el programa acabe cuando la línea «{text.strip()}» mata una de sus consultas"
    attempt.wait(lambda: not attempt.running, what, _DYING)
