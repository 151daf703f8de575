"""What a query prints goes under the cell that started it.

Spark's console sink prints with Scala's ``Console.out``, which each thread of the JVM inherits from
the one that made it. A cell's ``start()`` runs in the JVM's thread that stands for Python's main
one: each cell gives that thread a stream of its own, a FIFO, and the queries it starts keep it.
"""

import codecs
import os
import selectors
import threading
from collections import deque
from collections.abc import Callable, Set
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from py4j.protocol import Py4JError  # type: ignore[import-untyped]
from pyspark.errors import PySparkException

Send = Callable[[str, dict[str, Any]], None]
"""Shows a text under the cell whose message this is."""

_LAST_WORDS = 1.0
"""Seconds in which what a query printed last is on its way through its FIFO."""

BEFALLS = (Py4JError, PySparkException, OSError)
"""What befalls a JVM: the cell that uses it says it."""


@dataclass(frozen=True)
class _Cell:
    """A cell's FIFO: the end that is read, the JVM's, and the queries that ran before the cell."""

    reader: int
    stream: Any
    before: Set[str]


class Consoles:
    """A FIFO for each cell that has queries running, and a thread that reads them all."""

    def __init__(self, folder: Path, send: Send) -> None:
        """FIFOs are made in ``folder``, and have no name once both ends are open."""
        self._folder = folder
        self._send = send
        self._jvm: Any = None
        self._number = 0
        self._running: _Cell | None = None
        self._open: dict[_Cell, Set[str]] = {}
        self._selector = selectors.DefaultSelector()
        self._over: deque[int] = deque()
        threading.Thread(target=self._read, daemon=True).start()

    def attach(self, jvm: Any, parent: dict[str, Any]) -> None:
        """Have the queries of ``jvm`` print here; the cell that made it has begun already."""
        for cell in (*self._open, *([self._running] if self._running else [])):
            self._close(cell.reader)  # the JVM that wrote there is gone
        self._jvm = jvm
        self._running = None
        self._open.clear()
        self.before(parent)

    def before(self, parent: dict[str, Any]) -> None:
        """Give the cell that begins, whose message ``parent`` is, a stream of its own."""
        with suppress(*BEFALLS):
            self._begin(parent)

    def _begin(self, parent: dict[str, Any]) -> None:
        if self._jvm is None:
            return
        self._number += 1
        fifo = self._folder / f"cell-{os.getpid()}-{self._number}"
        os.mkfifo(fifo, 0o600)
        # Read and write: no end of file while no query writes, and opening does not wait.
        reader = os.open(fifo, os.O_RDWR | os.O_NONBLOCK)
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._selector.register(reader, selectors.EVENT_READ, (decoder, parent))
        try:
            io = self._jvm.java.io
            stream = io.PrintStream(io.FileOutputStream(str(fifo)), True, "UTF-8")
            getattr(getattr(self._jvm.scala, "Console$"), "MODULE$").setOutDirect(stream)
            self._running = _Cell(reader, stream, self._queries())
        except BaseException:
            self._close(reader)
            raise
        finally:
            fifo.unlink()

    def after(self) -> None:
        """Close the streams that no query will use any more."""
        with suppress(*BEFALLS):
            self._end()

    def _end(self) -> None:
        if self._running is None:
            return
        active = self._queries()
        self._open[self._running] = active - self._running.before
        self._running = None
        for cell, queries in list(self._open.items()):
            if not queries & active:
                cell.stream.close()
                del self._open[cell]
                timer = threading.Timer(_LAST_WORDS, self._close, [cell.reader])
                timer.daemon = True
                timer.start()

    def _close(self, reader: int) -> None:
        """Have it closed by who reads it: its number would at once be another's."""
        self._over.append(reader)

    def _queries(self) -> Set[str]:
        return frozenset(str(query.runId) for query in active())

    def _read(self) -> None:
        while True:
            while self._over:
                reader = self._over.popleft()
                self._selector.unregister(reader)
                os.close(reader)
            for key, _ in self._selector.select(0.2):
                decoder, parent = key.data
                text = decoder.decode(os.read(key.fd, 65536))
                if text:
                    self._send(text, parent)


def active() -> list[Any]:
    """The streaming queries that run, of the session that the cells use."""
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession()
    return session.streams.active if session else []
