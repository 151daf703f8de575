"""The reader's own queries are recorded while they run, as the build records those of a page.

There a cell is over when all is at rest; here a query goes on, and a thread follows it: what has
been printed of a micro-batch is waited for, and then it is recorded.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from pyspark import SparkContext

from streamdocs.aula.consoles import BEFALLS
from streamdocs.errors import WaitTimeoutError
from streamdocs.recording import tables
from streamdocs.recording.record import Record, join, to_json
from streamdocs.recording.recorder import Progress, Recording
from streamdocs.recording.sources import Keyboard
from streamdocs.recording.tables import TraceError
from streamdocs.system import waiting

PLAYED_MIME = "application/vnd.streamdocs.aula-trace+json"
"""What a recorded cell shows: ``{"run", "record", "lacks"}``, always of the whole run.

``run`` is what the page calls the run. There may be no ``record``, and then ``lacks`` says why.
"""

MOST = 50
"""Micro-batches that are recorded of a query: reading its state takes Spark's time."""

_ALIKE = 10.0
"""Seconds that what Spark tells and what it prints may be apart, on a busy machine."""

_BETWEEN_LOOKS = 0.1
"""Seconds between two looks at a query of which something is on its way."""

_CAUGHT_UP = 20.0
"""Seconds that a cell waits for what came before it to be recorded."""

Show = Callable[[dict[str, Any]], None]
"""Shows under the cell that started a query what is known of it."""


@dataclass(eq=False)
class _Followed:
    """A query that is recorded: what it has printed, and what is known of it."""

    query: Any
    recording: Recording
    run: str
    show: Show
    printed: str = ""
    pieces: list[Record] = field(default_factory=list)
    over: bool = False
    apart: float = 0.0
    """Since when Spark has told of other micro-batches than were printed."""

    @property
    def count(self) -> int:
        return sum(len(piece.batches) for piece in self.pieces)

    @property
    def last(self) -> int:
        """The last micro-batch that is recorded; -1 before the first."""
        return self.pieces[-1].batches[-1].id if self.pieces else -1

    def untold(self) -> list[Progress]:
        """What Spark tells that is not recorded; nothing where there is no Spark any more."""
        news: list[Progress] = []
        with suppress(*BEFALLS):
            news = self.recording.news()
        self.over = self.over or (self.recording.over and not news)
        return news

    def look(self) -> bool:
        """Record what has come; whether something is on its way."""
        _use_session_of(self.query)
        news = self.recording.news()[: MOST - self.count]
        whole = {number for number in tables.whole(self.printed) if number > self.last}
        ready = [told for told in news if told["batchId"] in whole]
        if ready and ready == news[: len(ready)]:
            numbers = {told["batchId"] for told in ready}
            found = [each for each in tables.batches(self.printed) if each[0] in numbers]
            self.pieces.append(self.recording.record(ready, [table for _, table in found]))
            self.apart = 0.0
            self._tell()
        elif news or whole:
            self.apart = self.apart or time.monotonic()
            if time.monotonic() - self.apart > _ALIKE:
                self._part(bool(news))
        self.over = self.over or (self.recording.over and not news) or self.count >= MOST
        return not self.over and bool(news or whole)

    def _part(self, told: bool) -> None:
        """It has been long enough: of what was printed and not told, the query has died."""
        if told:
            raise TraceError("La consola no ha impreso lo que Spark dice que ha hecho.")
        self.over = True

    def _tell(self) -> None:
        [record] = join(self.pieces).values()
        full = f"Están los {MOST} primeros micro-batches." if self.count >= MOST else ""
        self.show({"run": self.run, "record": to_json(record), "lacks": full})

    def refuse(self, why: str) -> None:
        """Nothing can be shown for sure: show nothing but why."""
        self.over = True
        self.show({"run": self.run, "record": None, "lacks": why})


def wanted(parent: dict[str, Any]) -> bool:
    """Whether the page wants the query recorded of the cell whose message is ``parent``."""
    return "record" in parent.get("metadata", {})


def _use_session_of(query: Any) -> None:
    """Have the recorder, which reads states with the active session, find one in this thread."""
    context: Any = SparkContext._active_spark_context
    sessions = getattr(context._jvm, "org.apache.spark.sql.classic.SparkSession")
    sessions.setActiveSession(query._jsq.sparkSession())


class Recordings:
    """The queries of a page's cells that the page, too, has recorded, and a thread that follows."""

    def __init__(self, send: Callable[[dict[str, Any], dict[str, Any]], None]) -> None:
        """``send`` shows an output, by its kind, under the cell whose message is given."""
        self._send = send
        self._followed: dict[str, _Followed] = {}
        """By the id of the message that ran the cell."""
        self._early: dict[str, str] = {}
        """What a query has printed of which nobody has said yet that it has started."""
        self._due: set[str] = set()
        self._news = threading.Condition()
        threading.Thread(target=self._follow, daemon=True).start()

    def started(self, query: Any, keyboard: Keyboard, parent: dict[str, Any]) -> None:
        """Follow ``query``, which a cell has started of which ``wanted`` is true."""
        asked = parent["metadata"]["record"]
        cell, run = parent["header"]["msg_id"], str(asked["run"])

        def show(known: dict[str, Any]) -> None:
            self._send({PLAYED_MIME: known}, parent)

        with self._news:
            before = self._followed.get(cell)
            if before is not None:
                before.refuse("La celda ha arrancado más de una consulta.")
                return
            try:
                recording = Recording(str(asked["name"]), query, keyboard)
            except TraceError as error:
                show({"run": run, "record": None, "lacks": str(error)})
            else:
                early = self._early.pop(cell, "")
                self._followed[cell] = _Followed(query, recording, run, show, early)
                self._due.add(cell)
                self._news.notify()

    def printed(self, text: str, parent: dict[str, Any]) -> None:
        """Hear what a query of the cell whose message is ``parent`` has printed."""
        cell = parent["header"]["msg_id"]
        with self._news:
            followed = self._followed.get(cell)
            if followed is None and wanted(parent):
                self._early[cell] = self._early.get(cell, "") + text
            elif followed and not followed.over:
                followed.printed += text
                self._due.add(cell)
                self._news.notify()

    def catch_up(self) -> None:
        """Return when what the queries have done is recorded, or when it takes too long.

        Who stops a query ends its checkpoint with it, and a cell that runs next may do so.
        """
        ends = {one: news[-1]["batchId"] for one in self._running() if (news := one.untold())}

        def done() -> bool:
            return all(one.over or one.last >= end for one, end in ends.items())

        with suppress(WaitTimeoutError):
            waiting.until(done, "se grabe lo que han hecho las consultas", _CAUGHT_UP)

    def _running(self) -> list[_Followed]:
        with self._news:
            return [one for one in self._followed.values() if not one.over]

    def _follow(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: bool(self._due))
                due = {cell: self._followed[cell] for cell in self._due}
                self._due.clear()
            more = {cell for cell, one in due.items() if _looked_at(one)}
            if more:
                time.sleep(_BETWEEN_LOOKS)
                with self._news:
                    self._due |= more


def _looked_at(followed: _Followed) -> bool:
    """Whether ``followed`` has to be looked at again; never, where it cannot be recorded."""
    try:
        return followed.look()
    except TraceError as error:
        followed.refuse(str(error))
    except Exception as error:  # whatever it is, the page is told, and the others are followed
        followed.refuse(f"No se ha podido grabar: {type(error).__name__}.")
    return False
