"""Wait until what was typed or sent has been processed. Every wait has a deadline."""

import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from streamdocs.course.options import PageError
from streamdocs.errors import StreamdocsError, WaitTimeoutError
from streamdocs.recording import tables
from streamdocs.system import procfs, waiting
from streamdocs.system.terminal import Terminal

DEADLINE = 240.0
"""Seconds after which any wait of a page fails; a machine may have much else to do."""

LONG = 3.0
"""Seconds after which a wait is announced."""


def _say_nothing(what: str) -> None:
    """Nobody watches."""


on_long_wait: Callable[[str], None] = _say_nothing
"""What to do with the description of a wait that is long."""

_BETWEEN_LOOKS = 0.005
"""Seconds between the first looks of a wait."""

_STUCK = 0.3
"""Seconds of perfect rest after which data that nobody reads counts as left where it is."""

BATCHES = re.compile(r"batches *>= *(\d+)")
"""An ``:until:`` that waits for a number of micro-batches."""

_SHOWN = re.compile(r"shown (.+)")
_SOCKET_READER = "TextSocketSource"


class QueryDiedError(StreamdocsError):
    """A streaming query ended with an error in the background."""

    def __init__(self, query: str, reason: str) -> None:
        super().__init__(
            f"La consulta {query} ha muerto en segundo plano: {reason} "
            "Corrige la página o declara el error con «:raises:»."
        )


class Query(Protocol):
    """What is used here of PySpark's StreamingQuery."""

    id: str
    name: str | None
    isActive: bool  # noqa: N815
    lastProgress: Any  # noqa: N815

    def exception(self) -> Exception | None:
        """What ended the query, if an error did."""

    def processAllAvailable(self) -> None:  # noqa: N802
        """Return when all that its sources hold has been processed."""


Rest = tuple[dict[int, procfs.Look], tuple[int, ...]]
"""What two looks at the terminals agree on: the processes, and the bytes that nobody has read."""


class Calm:
    """Whether terminals are at rest; data that nobody reads is left after _STUCK seconds of it."""

    def __init__(self) -> None:
        self._same: Rest | None = None
        self._since = 0.0

    def reached(self, rest: Rest | None) -> bool:
        """Whether they are, as two looks that agree on ``rest`` tell; None if they do not."""
        if rest is None or not any(rest[1]):
            return rest is not None
        if self._same != rest:
            self._same, self._since = rest, time.monotonic()
        return time.monotonic() - self._since > _STUCK


def terminals(all_: Sequence[Terminal], typed: Terminal | None = None) -> None:
    """Wait until the programs in the terminals have done all that they can do.

    Two looks at the processes, and at those of a server that they call, must agree: all asleep,
    none has run in between, and between the looks the queues of the terminals and of the programs'
    sockets were empty. The programs of ``typed`` must not have threads or sleep for a time, either,
    in the foreground or behind it: they go on by themselves. Those that ``until`` has left in the
    background may.

    Raises WaitTimeoutError after DEADLINE seconds.
    """
    calm = Calm()
    names = " y ".join(terminal.name for terminal in all_)
    what = f"el Terminal {names} quede en reposo"
    _poll(lambda: calm.reached(_look(all_, typed)), what, _BETWEEN_LOOKS)


def _look(all_: Sequence[Terminal], typed: Terminal | None) -> Rest | None:
    """What two looks agree on; None if something ran between them, or will run by itself.

    Every reading is made between the two looks: what is read after them may be younger.
    """
    living = [terminal.shell for terminal in all_ if terminal.shell.alive]
    leaders, folder = [shell.pid for shell in living], all_[0].folder
    first = procfs.sessions(leaders, folder)
    if not all(seen.asleep for seen in first.values()):
        return None
    for shell in living:
        shell.barrier()
    queued = (procfs.unread_bytes(first), *(shell.unread() for shell in living))
    goes_on = typed is not None and _goes_on(typed, first)
    if goes_on or procfs.sessions(leaders, folder) != first:
        return None
    return first, queued


def _goes_on(terminal: Terminal, processes: dict[int, procfs.Look]) -> bool:
    """Whether a program of ``terminal`` will run again without being spoken to."""
    shell = terminal.shell
    if not shell.alive:
        return False
    front = shell.foreground
    if front == shell.pid and not terminal.at_prompt and not procfs.reads_input(front):
        return True
    if all(seen.group != front for seen in processes.values()):
        # The program is ending, and the shell will speak next.
        return True
    jobs = {pid: seen for pid, seen in processes.items() if seen.session == shell.pid != pid}
    return any(
        runs_by_itself(pid, seen)
        for pid, seen in jobs.items()
        if seen.group == front or seen.group not in terminal.spared
    )


def runs_by_itself(pid: int, seen: procfs.Look) -> bool:
    """Whether ``pid`` waits for a time; with threads (a JVM, and so Spark), no look tells."""
    return seen.state != "T" and (seen.threads > 1 or procfs.waits_for_time(pid))


def _spare(terminal: Terminal) -> None:
    """Wait no more for what now runs in the background of ``terminal``."""
    shell = terminal.shell
    groups = {seen.group for seen in procfs.sessions([shell.pid]).values()}
    terminal.spared |= groups - {shell.foreground}


def socket_readers(pid: int) -> None:
    """Wait until the socket sources of the JVM ``pid`` have taken in what has reached them."""

    def idle() -> bool:
        first = procfs.threads(pid, _SOCKET_READER)
        asleep = all(seen.asleep for seen in first.values())
        return asleep and procfs.threads(pid, _SOCKET_READER) == first

    _poll(idle, "Spark lea del socket", 0.002)


def queries(all_: Iterable[Query]) -> None:
    """Wait until each running query has processed what is available to it.

    Raises WaitTimeoutError, or QueryDiedError when one has ended with an error.
    """
    for query in all_:
        failure = None
        if query.isActive:
            what = f"la consulta {label(query)} procese sus datos"
            # Twice: a trigger that had asked the source before may be what ends the first call.
            failure = _in_time(query.processAllAvailable, what)
            if failure is None and query.isActive:
                failure = _in_time(query.processAllAvailable, what)
        reason = died(query)
        if reason:
            raise QueryDiedError(label(query), reason)
        if failure:
            raise failure


def died(query: Query) -> str:
    """Why ``query`` ended, as its exception's first line; "" if it runs or was stopped."""
    error = None if query.isActive else query.exception()
    return str(error).split("\n", 1)[0] if error else ""


def label(query: Query) -> str:
    """How a message names ``query``: its name, else the beginning of its id."""
    return f"«{query.name}»" if query.name else str(query.id)[:8]


def until(
    condition: str,
    all_: Iterable[Query],
    screens: Iterable[Terminal],
    typed: Terminal | None,
) -> None:
    """Wait for what ``:until:`` says.

    ``batches>=N``: a query has finished N micro-batches, or a program in the foreground of a
    terminal has printed on the console the one with the number N-1, whole.
    ``shown TEXT``: since its last command, ``typed`` has shown TEXT.

    What ``typed`` then runs in the background may go on for ever.
    """
    running, shells = list(all_), list(screens)
    batches, shown = BATCHES.fullmatch(condition), _SHOWN.fullmatch(condition)

    def reached() -> bool:
        for query in running:
            if died(query):
                raise QueryDiedError(label(query), died(query))
        if shown:
            return typed is not None and shown[1] in typed.since_command()
        texts = [shell.since_command() for shell in shells if not shell.at_prompt]
        counts = [_finished(query) for query in running if query.isActive]
        printed = (number + 1 for text in texts for number in tables.whole(text))
        return any(count >= wanted for count in (*counts, *printed))

    if shown:
        _poll(reached, f"se vea «{shown[1]}»", 0.1)
    elif batches:
        wanted = int(batches[1])
        _poll(reached, f"terminen {wanted} micro-batches", 0.1)
    else:
        raise PageError(f"No entiendo «:until: {condition}»: escribe «batches>=N» o «shown TEXTO».")
    if typed is not None:
        _spare(typed)


def _finished(query: Query) -> int:
    progress = query.lastProgress
    return progress["batchId"] + 1 if progress else 0


def _poll(condition: Callable[[], bool], what: str, pause: float) -> None:
    with _announced(what):
        waiting.until(condition, what, DEADLINE, pause)


def _in_time(call: Callable[[], object], what: str) -> Exception | None:
    """Run ``call``, which blocks in the JVM, in a thread until DEADLINE; return what it raised."""
    failures: list[Exception] = []

    def run() -> None:
        try:
            call()
        except Exception as error:
            failures.append(error)

    thread = threading.Thread(target=run, daemon=True)
    with _announced(what):
        thread.start()
        thread.join(DEADLINE)
    if thread.is_alive():
        raise WaitTimeoutError(what, DEADLINE)
    return failures[0] if failures else None


@contextmanager
def _announced(what: str) -> Iterator[None]:
    """Tell ``on_long_wait`` if the wait inside takes longer than LONG seconds."""
    timer = threading.Timer(LONG, lambda: on_long_wait(f"espero a que {what}"))
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
