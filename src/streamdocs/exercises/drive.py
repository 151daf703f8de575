"""Ways to run a reader's program on data, each of which collects the tables that it answers."""

import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from streamdocs.errors import StreamdocsError
from streamdocs.exercises import checkpoint
from streamdocs.exercises.attempt import Attempt
from streamdocs.exercises.exercise import Data
from streamdocs.exercises.stores import json_rows
from streamdocs.recording import tables
from streamdocs.recording.tables import Table

HOST = "127.0.0.1"


def typed(attempt: Attempt, lines: Data) -> list[Table]:
    """Be the ``nc`` that the program reads; each line is sent when the last has been processed."""
    with ExitStack() as stack:
        listener = stack.enter_context(_listener())
        port = listener.getsockname()[1]
        attempt.start(HOST=HOST, PUERTO=str(port))
        clients: list[socket.socket] = []

        def connected() -> bool:
            clients.extend(stack.enter_context(client) for client in _accepted(listener))
            return bool(clients)

        attempt.wait(connected, f"se conecte a {HOST}:{port}")
        for number, line in enumerate(lines, 1):
            clients[-1].sendall(f"{line}\n".encode())
            read = partial(_has_read, attempt, f"port: {port}", number)
            attempt.wait(read, f"una consulta lea y procese la línea «{line}»")
        return console(attempt)


def laid(attempt: Attempt, texts: Data, suffix: str = "csv") -> list[Table]:
    """Lay the files in the program's folder, start it, and let it end by itself."""
    lay(attempt, texts, 0, suffix=suffix)
    return _read(attempt, texts)


def apart(attempt: Attempt, texts: Data, folders: tuple[str, str]) -> list[Table]:
    """As ``laid``, in two ``folders``: each takes one file, and so on by turns."""
    for first, name in enumerate(folders):
        lay(attempt, texts[first::2], 0, name)
    return _read(attempt, texts)


def _read(attempt: Attempt, texts: Data) -> list[Table]:
    attempt.start(ENTRADA=str(attempt.home / "entrada"))
    attempt.finish()
    read_all(attempt, texts)
    return console(attempt)


def together(attempt: Attempt, texts: Data, suffix: str = "csv") -> list[Table]:
    """As ``laid``, with the rows of all micro-batches in one table: how many is not asked."""
    return in_one(laid(attempt, texts, suffix))


def in_one(written: Sequence[Table]) -> list[Table]:
    """The rows of all tables in one; none if there is none."""
    rows = tuple(row for table in written for row in table.rows)
    return [Table(table.columns, rows) for table in written[:1]]


def twice(attempt: Attempt, texts: Data, kept: Callable[[Path], Table] = json_rows) -> list[Table]:
    """As ``laid``, but run it again when the last file has come; collect what it has stored.

    Two tables: what it has ``kept`` after each run, where SALIDA says. The second run finds a
    checkpoint as a program leaves it that dies after writing its last micro-batch and before
    noting it down.
    """
    first, last = texts[:-1], texts[-1:]
    names = ("entrada", "salida", "checkpoint")
    folders = {name.upper(): str(attempt.home / name) for name in names}
    lay(attempt, first, 0)
    attempt.start(**folders)
    attempt.finish()
    read_all(attempt, first)
    answer = [kept(attempt.home / "salida")]
    forget_last(attempt.home / "checkpoint")
    lay(attempt, last, len(first))
    attempt.start(**folders)
    attempt.finish()
    return [*answer, kept(attempt.home / "salida")]


def nightly(attempt: Attempt, texts: Data) -> list[Table]:
    """As ``laid``, but run it again, just so, when the last file has come.

    The tables of both runs, and how many lines each has read, by Spark's log.
    """
    first, last = texts[:-1], texts[-1:]
    folders = {name.upper(): str(attempt.home / name) for name in ("entrada", "checkpoint")}
    lay(attempt, first, 0)
    attempt.start(**folders)
    attempt.finish()
    read_all(attempt, first)
    answer, read = console(attempt), attempt.rows_read(folders["ENTRADA"])
    lay(attempt, last, len(first))
    attempt.start(**folders)
    attempt.finish()
    again = attempt.rows_read(folders["ENTRADA"]) - read
    return [*answer, *console(attempt), lines_read(read, again)]


def lines_read(*runs: int) -> Table:
    """How many lines each run has read."""
    return Table(
        ("vez", "líneas leídas"), tuple((str(n), str(rows)) for n, rows in enumerate(runs, 1))
    )


def told(attempt: Attempt, texts: Data) -> list[Table]:
    """As ``laid``, for what a program says itself: its lines that begin with «micro-batch».

    Two tables: those lines, in order, and what each micro-batch had, by Spark's log.
    """
    laid(attempt, texts)
    lines = [line for line in attempt.printed.splitlines() if line.startswith("micro-batch ")]
    return [said(lines), by_batch(attempt.rows_by_batch(str(attempt.home / "entrada")))]


def said(lines: Sequence[str]) -> Table:
    """Lines that a program says, in order."""
    rows = ((str(number), line) for number, line in enumerate(lines, 1))
    return Table(("n.º", "línea"), tuple(rows))


def by_batch(rows: dict[int, int]) -> Table:
    """How many lines each micro-batch has read."""
    return Table(
        ("micro-batch", "líneas leídas"), tuple((str(n), str(rows[n])) for n in sorted(rows))
    )


def heard(attempt: Attempt, texts: Data) -> list[Table]:
    """Listen to a program that sends the lines of a file; its lines, connection by connection."""
    file = attempt.home / "lineas.txt"
    file.write_text("".join(f"{line}\n" for line in texts), "utf-8")
    with _listener() as listener:
        attempt.start(HOST=HOST, PUERTO=str(listener.getsockname()[1]), FICHERO=str(file))
        # What a program sends before it is heard waits in the system: a few lines always fit.
        attempt.finish()
        heard = [_received(connection) for connection in _accepted(listener)]
    if not any(heard):
        raise StreamdocsError("Tu programa no ha enviado nada al puerto que dice PUERTO.")
    return [sent(heard)]


def sent(connections: Sequence[bytes]) -> Table:
    """The lines of each connection, byte by byte: a byte that is not UTF-8 by its number.

    Each with its place, because rows of a table are compared in any order.
    """
    rows = [
        (str(number), str(place), line.decode("utf-8", "backslashreplace").replace("\r", "\\r"))
        for number, received in enumerate(connections, 1)
        for place, line in enumerate(_ended(received).split(b"\n"), 1)
    ]
    return Table(("conexión", "orden", "línea"), tuple(rows))


def _ended(received: bytes) -> bytes:
    """What was received, without its last newline; without one, the last line says so."""
    return received[:-1] if received.endswith(b"\n") else received + b" (sin salto)"


def _listener() -> socket.socket:
    listener = socket.create_server((HOST, 0), backlog=64)
    listener.setblocking(False)
    return listener


def _has_read(attempt: Attempt, source: str, rows: int) -> bool:
    return attempt.rows_read(source) >= rows


def _accepted(listener: socket.socket) -> Iterator[socket.socket]:
    try:
        while True:
            yield listener.accept()[0]
    except BlockingIOError:
        return


def _received(connection: socket.socket) -> bytes:
    connection.setblocking(True)
    with connection, connection.makefile("rb") as file:
        return file.read()


def lay(attempt: Attempt, texts: Data, first: int, within: str = "", suffix: str = "csv") -> None:
    """Lay files, from number ``first``, into the program's folder or one ``within`` it."""
    folder = attempt.home / "entrada" / within
    folder.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(texts, first):
        file = folder / f"{number:03}.{suffix}"
        file.write_text(text, "utf-8")
        # Spark takes the oldest first.
        os.utime(file, (1_750_000_000 + number, 1_750_000_000 + number))


def read_all(attempt: Attempt, texts: Data) -> None:
    """Complain unless streaming queries have read every file, once."""
    wanted = sum(len(text.splitlines()) for text in texts)
    read = attempt.rows_read(str(attempt.home / "entrada"))
    where = "la carpeta que dice ENTRADA"
    if read == 0:
        raise StreamdocsError(f"Ninguna consulta ha leído las {wanted} líneas de {where}.")
    if read < wanted:
        raise StreamdocsError(f"Tus consultas han leído {read} de las {wanted} líneas de {where}.")
    if read > wanted:
        raise StreamdocsError(f"Tus consultas han leído {read} líneas, y en {where} hay {wanted}.")


def forget_last(folder: Path) -> None:
    """Undo the note that the last micro-batch was done, in the checkpoint that ``folder`` is."""
    if checkpoint.last_number(folder / "commits") < 0:
        raise StreamdocsError(
            "Tu consulta no apunta lo que ha hecho en la carpeta que dice CHECKPOINT."
        )
    checkpoint.forget(folder)


def console(attempt: Attempt) -> list[Table]:
    """The tables that the program has printed."""
    return [table for _, table in tables.batches(attempt.printed)]
