"""Named terminals: what is typed into them, and what a person would see there."""

import termios
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from streamdocs.system import procfs, screen
from streamdocs.system.segment import Kind, Segment
from streamdocs.system.shell import Shell

TERMINAL_MIME = "application/vnd.streamdocs.terminal+json"
"""A terminal's name and what it showed: ``{"name": str, "segments": [{"kind", "text"}]}``.

The segments stand in the order of reading, and their texts together are what is to be seen. A
kind is ``prompt`` (the shell's), ``typed`` (a line as it was echoed, with its line break),
``key`` (Control and a letter, as echoed: «^C», or nothing where no echo is) or ``output``.
"""

KEYS = {"^C": b"\x03", "^D": b"\x04", "^Z": b"\x1a"}
"""Lines that stand for keys."""

LONGEST_LINE = 4095
"""Bytes that a Linux terminal takes in one line (N_TTY_BUF_SIZE - 1)."""

_TAKEN = 0.5
"""Seconds after which a typed line counts as taken though neither queue nor reader showed it."""


_Span = tuple[int, int, Kind]
"""From where to where in what is shown something of a kind stands."""


@dataclass(frozen=True)
class _Typed:
    """A line or key, how it is echoed, and where what is shown ended when it was typed."""

    place: int
    echo: bytes
    kind: Kind


class Terminal:
    """A shell with a keyboard: it knows what was typed, and so whose each piece on it is."""

    def __init__(
        self, name: str, cwd: Path, env: Mapping[str, str], user: str | None = None
    ) -> None:
        """Open a terminal in ``cwd``; ``user`` is whose it is when we are root."""
        self.name = name
        self.folder = cwd
        self.shell = Shell(name, cwd, env, user)
        self.spared: set[int] = set()
        """Process groups in the background that go on by themselves, and that nobody waits for."""
        self._shown_until = 0
        self._typed: list[_Typed] = []
        self._marks_before_line = 0
        self._marks_before_command = 0

    def type(self, line: str) -> None:
        """Type ``line`` and Enter, or the key that it stands for; return once it is taken in.

        Taken in means echoed, and either in the terminal's input queue or read by a program.
        """
        data = KEYS.get(line) or line.encode() + b"\n"
        if len(data) > LONGEST_LINE:
            raise ValueError(f"Un terminal no admite líneas de más de {LONGEST_LINE} bytes.")
        if self.at_prompt:
            self._marks_before_command = len(self.shell.marks)
        self._marks_before_line = len(self.shell.marks)
        readers, queued = self._looks(), self.shell.unread()
        self._press(line, data)
        deadline = time.monotonic() + _TAKEN
        while self.shell.unread() <= queued and self._looks() == readers:
            if time.monotonic() > deadline:
                return
            time.sleep(0.0005)

    def _press(self, line: str, data: bytes) -> None:
        """Send ``data``; note what is to be seen of it, and wait for that if Linux shows it.

        Without echo, a line that Linux gathers is seen by nobody; a program that takes each key
        as it comes (readline) may show it itself.
        """
        shell, echoes = self.shell, self.shell.has_mode(termios.ECHO)
        place = len(shell.shown)
        if line in KEYS:
            self._typed.append(_Typed(place, line.encode(), "key"))
        elif echoes or not shell.has_mode(termios.ICANON):
            self._typed.append(_Typed(place, line.encode() + b"\r\n", "typed"))
        shell.write(data)
        if echoes and line not in KEYS:
            echo = self._typed[-1].echo
            shell.until(lambda: shell.shown.find(echo, place) >= 0, f"muestre «{line}»")

    def _looks(self) -> dict[int, procfs.Look]:
        return procfs.sessions([self.shell.pid])

    @property
    def at_prompt(self) -> bool:
        """Whether the shell waits for a command."""
        marks = self.shell.marks
        return len(marks) > self._marks_before_line and marks[-1].name == "B"

    def pending(self) -> str:
        """What has been shown since the last ``take``, as plain text, prompts included."""
        return screen.shown(self._text(self._shown_until, len(self.shell.shown)))

    def since_command(self) -> str:
        """What has been shown since the last command was started, as plain text.

        The echo of the command itself is left out: it is not what the program shows.
        """
        marks = self.shell.marks[self._marks_before_command :]
        began = [mark.place for mark in marks if mark.name == "C"]
        return screen.shown(self._text(began[0], len(self.shell.shown))) if began else ""

    def take(self) -> list[Segment]:
        """What has been shown since the last call, in pieces.

        A prompt that waits for its command stays for the next call.
        """
        shell, begin = self.shell, self._shown_until
        end = shell.marks[-2].place if shell.prompt_waits else len(shell.shown)
        pieces = []
        spans: list[_Span] = [*self._prompts(end), *self._echoes(end), (end, end, "output")]
        for start, stop, kind in sorted(spans):
            pieces.append(Segment("output", self._text(begin, start)))
            pieces.append(Segment(kind, self._text(start, stop)))
            begin = stop
        self._shown_until, self._typed = end, []
        return screen.render(pieces)

    def _prompts(self, end: int) -> Iterator[_Span]:
        for mark, following in pairwise(self.shell.marks):
            if following.name == "B" and self._shown_until <= mark.place < end:
                yield mark.place, following.place, "prompt"

    def _echoes(self, end: int) -> Iterator[_Span]:
        """Where each thing typed was echoed: after it was typed, and before the next one was."""
        for typed, following in pairwise([*self._typed, _Typed(end, b"", "output")]):
            start = self.shell.shown.find(typed.echo, typed.place, following.place)
            if start >= 0:
                yield start, start + len(typed.echo), typed.kind
            elif typed.kind == "key":
                yield typed.place, typed.place, "key"

    def _text(self, start: int, stop: int) -> str:
        return self.shell.shown[start:stop].decode("utf-8", "replace")

    def close(self) -> None:
        """End the shell and what it runs in the foreground."""
        self.shell.close()
