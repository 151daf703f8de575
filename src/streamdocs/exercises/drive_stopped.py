"""Ways to run a program until something stops it: a query that dies, or who asks it to end."""

import socket
import time
from contextlib import suppress
from functools import partial
from itertools import takewhile
from pathlib import Path

from streamdocs.errors import StreamdocsError
from streamdocs.exercises.attempt import Attempt
from streamdocs.exercises.drive import HOST, lay, said
from streamdocs.exercises.drive_watched import ended
from streamdocs.exercises.exercise import Data
from streamdocs.recording.tables import Table

_ENDING = 60.0
"""Seconds from what must end a program to its end."""
_ANSWERS_AFTER = 3.0
"""Seconds that the store takes over an answer when it has seen the program asked to end.

No right program depends on them: they give one that cuts its micro-batch short the time to do it.
"""
_DEAD = "ha muerto: "


def dying(attempt: Attempt, texts: Data) -> list[Table]:
    """Kill one of a program's two queries, and then, in another run, the other.

    ``texts`` are «folder line»: a good line for each folder, and then a bad one for each. Of each
    run, whom the program says to have died, and its exit code.
    """
    good, bad = texts[:2], texts[2:]
    answer = []
    for run, fatal in enumerate(bad):
        folders = _folders(attempt, f"{run}")
        for text in good:
            _drop(Path(folders["ENTRADA"]), text, "bueno")
        attempt.start(**folders)
        for text in good:
            name, _, line = text.partition(" ")
            read = partial(_has_read, attempt, str(Path(folders["ENTRADA"], name)))
            attempt.wait(read, f"una consulta lea y procese la línea «{line}» de {name}")
        _drop(Path(folders["ENTRADA"]), fatal, "malo")
        what = f"el programa acabe cuando la línea «{fatal.partition(' ')[2]}» mata una consulta"
        attempt.wait(lambda: not attempt.running, what, _ENDING)
        lines = [line for line in attempt.printed.splitlines() if line.startswith(_DEAD)]
        answer += [said(lines), ended(attempt.ended())]
    return answer


def dead(name: str) -> str:
    """What the program says of the query of that ``name``, that has died."""
    return f"{_DEAD}{name}"


def _has_read(attempt: Attempt, folder: str) -> bool:
    return attempt.rows_read(folder) > 0


def _folders(attempt: Attempt, run: str) -> dict[str, str]:
    names = ("entrada", "salida", "checkpoint")
    return {each.upper(): str(attempt.home / run / each) for each in names}


def _drop(folder: Path, text: str, name: str) -> None:
    """Put a line into its folder, in a file that is there whole or not at all."""
    within, _, line = text.partition(" ")
    (folder / within).mkdir(parents=True, exist_ok=True)
    whole = folder.with_name(name)
    whole.write_text(f"{line}\n", "utf-8")
    whole.rename(folder / within / f"{name}.csv")


def asked_to_end(attempt: Attempt, texts: Data) -> list[Table]:
    """Be the store that a program sends the lines of each file to; ask the program to end, twice.

    First while it sends the first file, and others wait; started again, while it sends the last
    that there is. Started a third time, with one file more, it sends that one, and is killed. Of
    each run, what the store has received; of the first two, how the program has ended.
    """
    *first, last = texts
    lay(attempt, first, 0, suffix="txt")
    with socket.create_server((HOST, 0), backlog=64) as store:
        store.setblocking(False)
        env = {
            "ENTRADA": str(attempt.home / "entrada"),
            "CHECKPOINT": str(attempt.home / "checkpoint"),
            "HOST": HOST,
            "PUERTO": str(store.getsockname()[1]),
        }
        answer = []
        for run, until in enumerate((first[0], first[-1]), 1):
            attempt.start(**env)
            got = _received_until(attempt, store, until, ends=True)
            answer += [received(run, got), ended(_as_shells_say(attempt.ended()))]
        lay(attempt, [last], len(first), suffix="txt")
        attempt.start(**env)
        return [*answer, received(3, _received_until(attempt, store, last, ends=False))]


def received(run: int, pieces: list[str]) -> Table:
    """What the store has received in a run: ``pieces``, each with the lines of a connection."""
    lines = [line for piece in pieces for line in piece.splitlines()]
    return Table(("vez", "pedido"), tuple((str(run), line) for line in lines))


def _received_until(attempt: Attempt, store: socket.socket, text: str, *, ends: bool) -> list[str]:
    """All pieces up to the one that is ``text``; then, if the program ``ends``, those after it."""
    got: list[str] = []

    def sent() -> bool:
        with suppress(BlockingIOError):
            connection, _ = store.accept()
            with connection:
                got.append(_piece(connection))
                if got[-1] == text and ends and got.count(text) == 1:
                    attempt.ask_to_end()
                    time.sleep(_ANSWERS_AFTER)
                with suppress(OSError):  # it has been cut
                    connection.sendall(b"vale\n")
        return text in got

    line = text.splitlines()[0]
    attempt.wait(sent, f"se conecte a {HOST}:{store.getsockname()[1]} y envíe «{line}»")
    if ends:
        what = "el programa acabe después de recibir SIGTERM"
        attempt.wait(lambda: sent() and not attempt.running, what, _ENDING)
    return got


def _piece(connection: socket.socket) -> str:
    """The lines that come, up to an empty one."""
    connection.settimeout(_ENDING)
    try:
        with connection.makefile("rb") as file:
            # Nothing at all: it has hung up.
            lines = takewhile(lambda line: line not in (b"", b"\n"), iter(file.readline, None))
            return b"".join(lines).decode("utf-8", "replace")
    except TimeoutError as error:
        raise StreamdocsError(
            "Tu programa se conecta al almacén y no le dice, con una línea vacía, que no hay más."
        ) from error


def _as_shells_say(code: int) -> int:
    """The exit code that a shell shows: that of a signal is 128 and its number."""
    return code if code >= 0 else 128 - code
