"""Ways to run a program that serves several clients, or that has several queries."""

import socket
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

from streamdocs.errors import StreamdocsError
from streamdocs.exercises.attempt import Attempt
from streamdocs.exercises.checkpoint import last_number
from streamdocs.exercises.drive import HOST, console, sent
from streamdocs.exercises.exercise import Data
from streamdocs.exercises.stores import json_rows
from streamdocs.recording.tables import Table

_PATIENCE = 5.0
"""Seconds in which a client that has been served is hung up on."""
_MOST = 1_000_000
"""Bytes that nobody sends who has a few lines to send."""
_SOON = 30.0
"""Seconds between two things that a program does one right after the other."""
_DYING = 60.0
"""Seconds from what kills a query to the end of its program, that may have to start before."""


def served(attempt: Attempt, texts: Data) -> list[Table]:
    """Call a program that serves the lines of a file, several times; its lines, client by client.

    It has to serve on: that is looked at last.
    """
    file = attempt.home / "lineas.txt"
    file.write_text("".join(f"{line}\n" for line in texts), "utf-8")
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    attempt.start(HOST=HOST, PUERTO=str(port), FICHERO=str(file))
    got = [_answered(attempt, port, client) for client in range(1, clients(texts) + 1)]
    if not attempt.running:
        raise StreamdocsError(f"El programa ha terminado tras atender al cliente {len(got)}.")
    return [sent(got)]


def clients(texts: Data) -> int:
    """How many call a server: from three to six."""
    return 3 + len("".join(texts)) % 4


def _answered(attempt: Attempt, port: int, client: int) -> bytes:
    """What a client gets until it is hung up on."""
    calls: list[socket.socket] = []

    def called() -> bool:
        with suppress(ConnectionRefusedError):
            calls.append(socket.create_connection((HOST, port), timeout=_PATIENCE))
        return bool(calls)

    attempt.wait(called, f"atienda en {HOST}:{port} al cliente {client}", _SOON)
    with calls[0] as call:
        return _until_hung_up(call, client)


def _until_hung_up(call: socket.socket, client: int) -> bytes:
    got = bytearray()
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and len(got) < _MOST:
        try:
            news = call.recv(65536)
        except TimeoutError:
            break
        except ConnectionError as error:
            what = f"El programa ha terminado sin que atienda al cliente {client}."
            raise StreamdocsError(what) from error
        if not news:
            return bytes(got)
        got += news
    what = "recibiendo" if got else "esperando"
    raise StreamdocsError(f"El cliente {client} sigue {what}: tu programa no cierra su conexión.")


def both(attempt: Attempt, texts: Data) -> list[Table]:
    """Lay files for two endless queries, one by one: what one prints, and what the other stores.

    The program is killed before the third last comes, and started again on what it has noted: that
    is stored only. Of the last two each must kill one query, and the program with it.
    """
    *good, after, one, other = texts
    folders = _started(attempt, "uno")
    lines = 0
    for number, text in enumerate(good):
        _lay(folders, number, text)
        lines += len(text.splitlines())
        _wait_for_both(attempt, folders["ENTRADA"], lines)
    printed = console(attempt)
    _start_again(attempt, folders, after, len(good))
    answer = [*printed, json_rows(Path(folders["SALIDA"]))]
    _end(attempt, folders, one)
    _end(attempt, _started(attempt, "otro"), other)
    return answer


def _start_again(attempt: Attempt, folders: dict[str, str], text: str, number: int) -> None:
    """Kill the program, start it again, and wait until it has noted that a file more is done."""
    done = _done(folders)
    if not done:
        raise StreamdocsError(
            "La consulta de los avisos no apunta lo que ha hecho en la carpeta que dice CHECKPOINT."
        )
    attempt.stop()
    attempt.start(**folders)
    _lay(folders, number, text)

    def noted() -> bool:
        now = _done(folders)
        return all(now[query] > before for query, before in done.items())

    attempt.wait(noted, "siga por donde iba, apuntado en CHECKPOINT, al arrancar otra vez")


def _done(folders: dict[str, str]) -> dict[Path, int]:
    """The last micro-batch of each query that has its notes in CHECKPOINT, or below it."""
    notes = Path(folders["CHECKPOINT"]).rglob("commits")
    return {folder: last_number(folder) for folder in notes}


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
