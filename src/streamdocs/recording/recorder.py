"""Record the micro-batches of the queries that a page names, while the page runs."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from streamdocs.recording import sources, stores, tables
from streamdocs.recording.record import Batch, Line, Record
from streamdocs.recording.sources import Keyboard, Place, Source
from streamdocs.recording.tables import Table, TraceError

_PROCESSING_TIME = re.compile(r"ProcessingTimeTrigger\((\d+)\)")
_NO_WATERMARK = "1970-01-01T00:00:00.000Z"

Progress = dict[str, Any]
"""What Spark tells of a micro-batch, as the JSON of StreamingQueryProgress."""


class Recording:
    """A query that a page records: what it has done that no cell has published yet."""

    def __init__(self, name: str, query: Any, keyboard: Keyboard) -> None:
        """Begin to record ``query``, which the cell that ends now has started."""
        self.name = name
        self._query = query
        self._execution = query._jsq.streamingQuery()
        self._place = Place(self._checkpoint, keyboard, keyboard.count)
        self._published = -1
        self.over = False
        kind = self._execution.sink().toString()
        if "ConsoleTable" not in kind:
            raise TraceError(
                f"La consulta «{name}» no escribe en la consola, y solo esas se pueden registrar: "
                "quita «:record:» o usa el sink tables."
            )

    def news(self) -> list[Progress]:
        """The micro-batches that have run since the last ``record``, in order."""
        # Before the look: what ends in between is looked at once more.
        self.over = not self._query.isActive
        progresses = (json.loads(progress.json) for progress in self._query.recentProgress)
        fresh = {
            progress["batchId"]: progress
            for progress in progresses
            if progress["batchId"] > self._published and "addBatch" in progress["durationMs"]
        }
        return [fresh[number] for number in sorted(fresh)]

    def record(self, news: Sequence[Progress], written: Sequence[Table]) -> Record:
        """The piece of the record that holds ``news``, which has ``written`` these tables.

        Raises TraceError when what they read or kept cannot be told for sure.
        """
        try:
            read = sources.find(news[0]["sources"], self._place)
        except TraceError as error:
            raise TraceError(f"La consulta «{self.name}» {error}") from None
        batches = tuple(
            self._batch(progress, read, output)
            for progress, output in zip(news, written, strict=True)
        )
        self._published = batches[-1].id
        mode = self._execution.outputMode().toString().lower()
        return Record(self.name, mode, self._trigger(), str(self._query.runId), batches)

    def _batch(self, progress: Progress, read: Sequence[Source], output: Table) -> Batch:
        where = f"El batch {progress['batchId']} de «{self.name}»"
        lines: list[Line] = []
        for source, told in zip(read, progress["sources"], strict=True):
            found, counted = source.read(told), told["numInputRows"]
            if len(found) != counted:
                raise TraceError(
                    f"{where} leyó de {source.name} {counted} filas según Spark, y encuentro "
                    f"{len(found)} líneas: así no se puede registrar."
                )
            lines += found
        watermark = progress.get("eventTime", {}).get("watermark")
        operators = progress["stateOperators"]
        state, several = stores.read(progress, self._checkpoint, [each.name for each in read])
        return Batch(
            progress["batchId"],
            progress["timestamp"],
            progress["durationMs"]["triggerExecution"],
            tuple(lines),
            progress["numInputRows"],
            state,
            None if watermark == _NO_WATERMARK else watermark,
            output,
            sum(operator["numRowsDroppedByWatermark"] for operator in operators),
            sources.waiting(progress["sources"]),
            several,
        )

    def _trigger(self) -> str:
        """The trigger as the page's author wrote it: «5 seconds», «availableNow» or nothing."""
        text = self._execution.trigger().toString()
        every = _PROCESSING_TIME.fullmatch(text)
        if every:
            return f"{int(every[1]) / 1000:g} seconds" if int(every[1]) else ""
        return {"AvailableNowTrigger": "availableNow", "OneTimeTrigger": "once"}.get(text, text)

    def _checkpoint(self) -> Path:
        # A path of Hadoop's as it is written, in which nothing is encoded: a «#» is a «#».
        folder = Path(self._execution.resolvedCheckpointRoot().removeprefix("file:"))
        if not folder.exists():
            raise TraceError(
                f"El checkpoint temporal de «{self.name}» ya no está: no pares la consulta en la "
                "celda en la que trabaja, o dale un «checkpointLocation»."
            )
        return folder


class Recorder:
    """All queries that a page records."""

    def __init__(self) -> None:
        self.keyboard = Keyboard()
        self._recordings: dict[str, Recording] = {}

    def start(self, name: str, query: Any) -> None:
        """Record ``query`` from now on; what it has done already is news."""
        if name in self._recordings:
            raise TraceError(f"Hay dos consultas con «:record: {name}»: cambia un nombre.")
        self._recordings[name] = Recording(name, query, self.keyboard)

    def collect(self, printed: str) -> Iterator[Record]:
        """The micro-batches of the cell that ends, during which the console ``printed``.

        Raises TraceError when it cannot be told which query printed a table.
        """
        living = [each for each in self._recordings.values() if not each.over]
        fresh = {each.name: (each, news) for each in living if (news := each.news())}
        if len(fresh) > 1:
            names = " y ".join(f"«{name}»" for name in fresh)
            raise TraceError(
                f"Las consultas {names} han trabajado en la misma celda, y no se sabe qué tabla "
                "es de cuál: para una antes de arrancar la otra."
            )
        for recording, news in fresh.values():
            done = [progress["batchId"] for progress in news]
            begun = tables.numbers(printed)
            if begun != done:
                raise TraceError(
                    f"La consulta «{recording.name}» ha hecho los batches {done}, y la consola ha "
                    f"impreso {begun}: para las otras consultas que escriben en la consola."
                )
            yield recording.record(news, [table for _, table in tables.batches(printed)])
