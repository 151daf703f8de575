"""Record the micro-batches of the queries that a page names, while the page runs."""

import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from confluent_kafka import Message

from streamdocs.kafka import messages
from streamdocs.recording import tables
from streamdocs.recording.record import Batch, Line, Record
from streamdocs.recording.tables import Table, TraceError
from streamdocs.system import ports

_SOCKET = re.compile(r"TextSocket.*port: (\d+)\]")
_FILES = "FileStreamSource"
_KAFKA = "KafkaV2"
_PROCESSING_TIME = re.compile(r"ProcessingTimeTrigger\((\d+)\)")
_NO_WATERMARK = "1970-01-01T00:00:00.000Z"

Progress = dict[str, Any]
"""What Spark tells of a micro-batch, as the JSON of StreamingQueryProgress."""

Reader = Callable[[Progress], tuple[Line, ...]]
"""Finds the lines that a micro-batch read."""


class Keyboard:
    """What has been typed into the programs that listen, for the queries that read it."""

    def __init__(self) -> None:
        self._listens: dict[str, int] = {}
        self._sent: list[tuple[int, Line]] = []  # with the port of who listens

    def typed(self, terminal: str, line: str, to_shell: bool) -> None:
        """Note a line of the terminal called ``terminal``; keys are none."""
        if to_shell:
            listens = ports.LISTENS.search(line)
            self._listens[terminal] = int(listens[1]) if listens else 0
        elif self._listens.get(terminal):
            sent = Line(line, f"Terminal {terminal}", _instant(time.time()))
            self._sent.append((self._listens[terminal], sent))

    @property
    def count(self) -> int:
        """How many lines have been typed until now."""
        return len(self._sent)

    def lines(self, port: int, after: int) -> list[Line]:
        """The lines typed into what listens on ``port``, without the first ``after`` of all."""
        return [line for listens, line in self._sent[after:] if listens == port]


class Recording:
    """A query that a page records: what it has done that no cell has published yet."""

    def __init__(self, name: str, query: Any, keyboard: Keyboard) -> None:
        """Begin to record ``query``, which the cell that ends now has started."""
        self.name = name
        self._query = query
        self._execution = query._jsq.streamingQuery()
        self._keyboard = keyboard
        self._published = -1
        self._sent_before = keyboard.count
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
        read = self._reader(news[0])
        batches = tuple(
            self._batch(progress, read(progress), output)
            for progress, output in zip(news, written, strict=True)
        )
        self._published = batches[-1].id
        mode = self._execution.outputMode().toString().lower()
        return Record(self.name, mode, self._trigger(), str(self._query.runId), batches)

    def _batch(self, progress: Progress, lines: tuple[Line, ...], output: Table) -> Batch:
        counted = progress["numInputRows"]
        if len(lines) != counted:
            raise TraceError(
                f"El batch {progress['batchId']} de «{self.name}» leyó {counted} filas según "
                f"Spark, y encuentro {len(lines)} líneas: así no se puede registrar."
            )
        watermark = progress.get("eventTime", {}).get("watermark")
        operators = progress["stateOperators"]
        return Batch(
            progress["batchId"],
            progress["timestamp"],
            progress["durationMs"]["triggerExecution"],
            lines,
            counted,
            self._state(progress["batchId"], len(operators)),
            None if watermark == _NO_WATERMARK else watermark,
            output,
            sum(operator["numRowsDroppedByWatermark"] for operator in operators),
            _waiting(progress["sources"][0]),
        )

    def _trigger(self) -> str:
        """The trigger as the page's author wrote it: «5 seconds», «availableNow» or nothing."""
        text = self._execution.trigger().toString()
        every = _PROCESSING_TIME.fullmatch(text)
        if every:
            return f"{int(every[1]) / 1000:g} seconds" if int(every[1]) else ""
        return {"AvailableNowTrigger": "availableNow", "OneTimeTrigger": "once"}.get(text, text)

    # -- what was read

    def _reader(self, progress: Progress) -> Reader:
        sources = progress["sources"]
        description = sources[0]["description"]
        socket = _SOCKET.match(description)
        if len(sources) == 1 and socket:
            return self._typed_lines(int(socket[1]))
        if len(sources) == 1 and description.startswith(_FILES):
            return self._file_lines
        if len(sources) == 1 and description.startswith(_KAFKA):
            return self._messages
        raise TraceError(
            f"La consulta «{self.name}» lee de {', '.join(each['description'] for each in sources)}"
            ": solo se puede registrar la que lee de un socket, de una carpeta o de Kafka."
        )

    def _typed_lines(self, port: int) -> Reader:
        """Spark numbers a socket's lines from 0 on: an offset is a place in what was typed."""
        lines = self._keyboard.lines(port, self._sent_before)

        def read(progress: Progress) -> tuple[Line, ...]:
            first, last = _offsets(progress)
            return tuple(lines[first + 1 : last + 1])

        return read

    def _file_lines(self, progress: Progress) -> tuple[Line, ...]:
        """The lines of the files that the source's log gives to this micro-batch."""
        first, last = _offsets(progress)
        if first == last:
            return ()
        log = self._checkpoint() / "sources" / "0"
        name = next(name for name in (f"{last}.compact", str(last)) if (log / name).exists())
        entries = map(json.loads, _lines(log / name)[1:])
        files = [_path(entry["path"]) for entry in entries if first < entry["batchId"] <= last]
        return tuple(line for file in files for line in _laid(file))

    def _messages(self, progress: Progress) -> tuple[Line, ...]:
        """The messages of Kafka between a micro-batch's offsets, partition by partition."""
        source = progress["sources"][0]
        start = source["startOffset"] or self._first_offsets()
        return tuple(
            _message(each, f"{topic}-{partition}")
            for topic, partition, end in _places(source["endOffset"])
            # A partition that has come since has been read from its beginning.
            for each in messages.between(
                topic, partition, start.get(topic, {}).get(str(partition), 0), end
            )
        )

    def _first_offsets(self) -> dict[str, dict[str, int]]:
        """Where the source began: the first micro-batch does not say it."""
        noted: dict[str, dict[str, int]] = json.loads(
            _lines(self._checkpoint() / "sources" / "0" / "0")[-1]
        )
        return noted

    # -- what was kept

    def _state(self, batch: int, operators: int) -> Table | None:
        """The state after ``batch``; None for a query that keeps none."""
        if operators == 0:
            return None
        if operators > 1:
            raise TraceError(
                f"La consulta «{self.name}» tiene {operators} operadores con estado, y solo se "
                "puede registrar la que tiene uno."
            )
        from pyspark.sql import SparkSession

        session = SparkSession.getActiveSession()
        assert session
        state = session.read.format("statestore").option("batchId", batch)
        frame = state.load(str(self._checkpoint())).select("key.*", "value.*")
        return tables.table(frame._jdf.showString(2**31 - 1, 0, False))

    def _checkpoint(self) -> Path:
        folder = _path(self._execution.resolvedCheckpointRoot())
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


def _offsets(progress: Progress) -> tuple[int, int]:
    """The offsets of the only source before and after a micro-batch."""
    source = progress["sources"][0]
    return _offset(source["startOffset"]), _offset(source["endOffset"])


def _offset(value: Any) -> int:
    """An offset of a socket or of a folder as a number; -1 before the first one."""
    if value is None:
        return -1
    return int(value["logOffset"] if isinstance(value, dict) else value)


def _places(offsets: dict[str, dict[str, int]]) -> Iterator[tuple[str, int, int]]:
    """Topic, partition and offset of what Kafka's source says of a place, in order."""
    for topic in sorted(offsets):
        for partition in sorted(offsets[topic], key=int):
            yield topic, int(partition), offsets[topic][partition]


def _waiting(source: dict[str, Any]) -> int | None:
    """How many messages of Kafka were there and have been left; None for other sources."""
    latest = source.get("latestOffset")
    if not source["description"].startswith(_KAFKA) or latest is None:
        return None
    total = sum(offset for _, _, offset in _places(latest))
    return total - sum(offset for _, _, offset in _places(source["endOffset"]))


def _message(message: Message, origin: str) -> Line:
    _, at = message.timestamp()
    text = (message.value() or b"").decode("utf-8", "replace")
    return Line(text, origin, _instant(at / 1000))


def _path(uri: str) -> Path:
    return Path(unquote(urlparse(uri).path))


def _lines(file: Path) -> list[str]:
    """The lines of ``file``, as Spark parts them: a form feed, for one, ends none."""
    with file.open(encoding="utf-8") as opened:
        return [line.removesuffix("\n") for line in opened]


def _laid(file: Path) -> Iterator[Line]:
    # Moving a file into the folder changes its ctime, and not its mtime.
    at = _instant(file.stat().st_ctime)
    for text in _lines(file):
        yield Line(text, file.name, at)


def _instant(seconds: float) -> str:
    """A moment as Spark writes it."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
