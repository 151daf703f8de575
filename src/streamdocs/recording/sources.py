"""Find the lines that micro-batches read, source by source."""

import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from confluent_kafka import Message

from streamdocs.kafka import messages
from streamdocs.recording.record import Line
from streamdocs.recording.tables import TraceError
from streamdocs.system import ports

_SOCKET = re.compile(r"TextSocket.*port: (\d+)\]")
_FILES = re.compile(r"FileStreamSource\[(.*)\]")
_KAFKA = re.compile(r"KafkaV2\[\w+\[(.*)\]\]")

Told = dict[str, Any]
"""What the progress of a micro-batch tells of a source."""


@dataclass(frozen=True)
class Source:
    """A source of a query, as the page calls it.

    ``read`` finds the lines that a micro-batch took from it.
    """

    name: str
    read: Callable[[Told], tuple[Line, ...]]


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

    def terminal(self, port: int) -> str:
        """Where the program stands that listens on ``port``."""
        listening = (name for name, listens in self._listens.items() if listens == port)
        return f"Terminal {next(listening, '?')}"


@dataclass(frozen=True)
class Place:
    """What there is to find the lines of a query in.

    ``checkpoint`` gives its folder, and ``keyboard`` has had ``before`` lines when it started.
    """

    checkpoint: Callable[[], Path]
    keyboard: Keyboard
    before: int


def find(told: Sequence[Told], place: Place) -> tuple[Source, ...]:
    """The sources of a query, in the order in which its progress ``told`` of them.

    Raises TraceError where one is of a kind that nobody can look into.
    """
    several = len(told) > 1
    return tuple(_source(number, each, several, place) for number, each in enumerate(told))


def _source(number: int, told: Told, several: bool, place: Place) -> Source:
    def notes() -> Path:
        """What the query notes on this source: its folders go by the order of the progress."""
        return place.checkpoint() / "sources" / str(number)

    description = told["description"]
    if socket := _SOCKET.match(description):
        port = int(socket[1])
        lines = place.keyboard.lines(port, place.before)
        return Source(place.keyboard.terminal(port), partial(_typed_lines, lines))
    if folder := _FILES.match(description):
        name = Path(folder[1]).name
        # Two folders may have files of one name.
        return Source(name, partial(_file_lines, notes, f"{name}/" if several else ""))
    if topics := _KAFKA.match(description):
        return Source(topics[1], partial(_messages, notes))
    raise TraceError(
        f"lee de {description}: solo se puede registrar la que lee de un socket, de una carpeta "
        "o de Kafka."
    )


def _typed_lines(lines: list[Line], told: Told) -> tuple[Line, ...]:
    """Spark numbers a socket's lines from 0 on: an offset is a place in what was typed."""
    first, last = _offsets(told)
    return tuple(lines[first + 1 : last + 1])


def _file_lines(notes: Callable[[], Path], folder: str, told: Told) -> tuple[Line, ...]:
    """The lines of the files that the source's log gives to this micro-batch."""
    first, last = _offsets(told)
    if first == last:
        return ()
    log = notes()
    name = next(name for name in (f"{last}.compact", str(last)) if (log / name).exists())
    entries = map(json.loads, _lines(log / name)[1:])
    files = [path(entry["path"]) for entry in entries if first < entry["batchId"] <= last]
    return tuple(line for file in files for line in laid(file, folder))


def _messages(notes: Callable[[], Path], told: Told) -> tuple[Line, ...]:
    """The messages of Kafka between a micro-batch's offsets, partition by partition."""
    start = told["startOffset"] or _first_offsets(notes())
    return tuple(
        _message(each, f"{topic}-{partition}")
        for topic, partition, end in _places(told["endOffset"])
        # A partition that has come since has been read from its beginning.
        for each in messages.between(
            topic, partition, start.get(topic, {}).get(str(partition), 0), end
        )
    )


def _first_offsets(notes: Path) -> dict[str, dict[str, int]]:
    """Where the source began: the first micro-batch does not say it."""
    noted: dict[str, dict[str, int]] = json.loads(_lines(notes / "0")[-1])
    return noted


def waiting(told: Sequence[Told]) -> int | None:
    """How many messages of Kafka were there and have been left; None where no source is Kafka."""
    left = [count for each in told if (count := _left(each)) is not None]
    return sum(left) if left else None


def _left(told: Told) -> int | None:
    latest = told.get("latestOffset")
    if not _KAFKA.match(told["description"]) or latest is None:
        return None
    total = sum(offset for _, _, offset in _places(latest))
    return total - sum(offset for _, _, offset in _places(told["endOffset"]))


def _offsets(told: Told) -> tuple[int, int]:
    """The offsets of a source before and after a micro-batch."""
    return _offset(told["startOffset"]), _offset(told["endOffset"])


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


def _message(message: Message, origin: str) -> Line:
    _, at = message.timestamp()
    text = (message.value() or b"").decode("utf-8", "replace")
    return Line(text, origin, _instant(at / 1000))


def path(uri: str) -> Path:
    """The file or folder that Spark gives as a URI."""
    return Path(unquote(urlparse(uri).path))


def _lines(file: Path) -> list[str]:
    """The lines of ``file``, as Spark parts them: a form feed, for one, ends none."""
    with file.open(encoding="utf-8") as opened:
        return [line.removesuffix("\n") for line in opened]


def laid(file: Path, folder: str = "") -> Iterator[Line]:
    """The lines of ``file``, which the page calls by its name, after that of its ``folder``."""
    # Moving a file into the folder changes its ctime, and not its mtime.
    at = _instant(file.stat().st_ctime)
    for text in _lines(file):
        yield Line(text, f"{folder}{file.name}", at)


def _instant(seconds: float) -> str:
    """A moment as Spark writes it."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
