"""What a reader types into the programs that listen: nobody else knows what a socket's lines say.

The server notes it, as the build's keyboard does, in a file from which the page's kernel reads it.
"""

import re
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from streamdocs.recording.record import Line
from streamdocs.recording.sources import Keyboard
from streamdocs.system import ports

COMMAND = r"$(HISTTIMEFORMAT= history 1)"
"""What a shell's PS0 says after its mark: which command begins, however it was typed."""

_MARK = re.compile(r"\x1b\]7700;(?:(N)|C;([^\x07]*))\x07")
_OPEN = re.compile(r"\x1b(?:\](?:7(?:7(?:0(?:0(?:;[^\x07]*)?)?)?)?)?)?\Z")
"""A mark whose end has not been read yet, wherever it was cut."""

_ERASE, _KILL, _WORD = "\x7f", "\x15", "\x17"
_INTERRUPTS = "\x03\x1a\x1c"
"""The keys after which the shell may speak: what is typed before it does may be nobody's."""


class Note(Struct, frozen=True):
    """A line that was typed into what listens on ``port``; without ``text``, it begins to."""

    terminal: str
    port: int
    text: str | None = None
    at: str = ""


def notes(home: Path) -> Path:
    """The file of what is typed in the page whose folder is ``home``: beside it."""
    return home.parent / "typed.jsonl"


class Typist:
    """What is typed in one terminal: lines, as the terminal gives them to a program that reads.

    It hears what is pressed and what is shown, each in a thread of its own.
    """

    size = (None, None)
    """None: a terminal asks all who look at it how big they are."""

    def __init__(self, terminal: str, file: Path) -> None:
        """Note it in ``file``."""
        self._terminal = terminal
        self._file = file
        self._lock = threading.Lock()
        self._begun = ""
        """The line that has no end yet."""
        self._heard = ""
        """A mark that has no end yet."""
        self._port = 0
        self._at_prompt: bool | None = True
        """None: who reads is known with the next mark."""
        self._waiting: list[Note] = []

    def pressed(self, keys: str) -> None:
        """Hear ``keys`` before they are in the terminal."""
        with self._lock:
            for key in keys:
                self._press(key)

    def _press(self, key: str) -> None:
        if key in "\r\n":
            self._enter(self._begun)
        elif key in _INTERRUPTS:
            self._at_prompt = None
        elif key == _ERASE:
            self._begun = self._begun[:-1]
            return
        elif key == _WORD:
            self._begun = re.sub(r"\S*\s*\Z", "", self._begun)
            return
        elif key != _KILL:
            self._begun += key
            return
        self._begun = ""

    def _enter(self, text: str) -> None:
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        note = Note(self._terminal, self._port, text, at)
        if self._at_prompt is False:
            self._keep([note])
        else:
            self._at_prompt = None
            self._waiting.append(note)

    def on_pty_read(self, text: str) -> None:
        """Hear what the terminal shows; the shell says in it whether it waits."""
        with self._lock:
            heard = self._heard + text
            for waits, command in _MARK.findall(heard):
                self._turn(None if waits else command)
            rest = _OPEN.search(heard)
            self._heard = rest[0] if rest else ""

    def _turn(self, command: str | None) -> None:
        """The shell waits, or a ``command`` begins: what was typed ahead is its."""
        # The first of it was the command itself.
        ahead = self._waiting[1:] if self._at_prompt is None else []
        self._waiting.clear()
        self._at_prompt = command is None
        listens = ports.LISTENS.search(command) if command else None
        self._port = int(listens[1]) if listens else 0
        if command is not None:
            lines = [msgspec.structs.replace(note, port=self._port) for note in ahead]
            self._keep([Note(self._terminal, self._port), *lines])

    def _keep(self, kept: Sequence[Note]) -> None:
        # What a reader types into other programs is theirs alone.
        lines = [msgspec.json.encode(note) + b"\n" for note in kept if note.port]
        if lines:
            with self._file.open("ab") as file:
                file.writelines(lines)

    def on_pty_died(self) -> None:
        """Nothing more will come."""


class Typed(Keyboard):
    """What has been typed into the programs that listen, read from the notes of the server."""

    def __init__(self, file: Path, unread: int) -> None:
        """What a query reads that starts now, when ``unread`` bytes wait in the terminals."""
        super().__init__()
        self._file = file
        self._before = len(self._lines()) - _last(self._lines(), unread)

    def _notes(self) -> list[Note]:
        text = self._file.read_bytes() if self._file.exists() else b""
        return [msgspec.json.decode(line, type=Note) for line in text.split(b"\n")[:-1]]

    def _lines(self) -> list[Note]:
        return [note for note in self._notes() if note.text is not None]

    @property
    def count(self) -> int:
        """How many lines others have read before this query."""
        return self._before

    def lines(self, port: int, after: int) -> list[Line]:
        """The lines typed into what listens on ``port``, without the first ``after`` of all."""
        return [
            Line(note.text or "", f"Terminal {note.terminal}", note.at)
            for note in self._lines()[after:]
            if note.port == port
        ]

    def terminal(self, port: int) -> str:
        """Where the program stands that listens on ``port``."""
        names = [note.terminal for note in self._notes() if note.port == port]
        return f"Terminal {names[-1] if names else '?'}"


def _last(lines: Sequence[Note], size: int) -> int:
    """How many of the last of ``lines`` are the ``size`` bytes that nobody has read; 0 if none."""
    for count, note in enumerate(reversed(lines), 1):
        if size <= 0:
            break
        size -= len((note.text or "").encode()) + 1
        if size == 0:
            return count
    return 0
