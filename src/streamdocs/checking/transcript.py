"""Replay the transcript of a session in real terminals, in the way of doctest.

A transcript is a list of blocks ``Terminal 1:``, in the order of time, each with its lines
indented by four spaces: commands after ``$ ``, keys such as ``^C``, lines typed into a program,
and answers, in which ``...`` stands for what varies.
"""

from __future__ import annotations

import difflib
import doctest
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from streamdocs.errors import StreamdocsError
from streamdocs.running import settle
from streamdocs.system.terminal import KEYS, Terminal

_BLOCK = re.compile(r"^Terminal (\S+):\n((?:(?: {4}.*)?\n)+)", re.MULTILINE)
_TAKES_LINES = re.compile(r"\b(nc|ncat|nc\.traditional|cat)\b")
_PAUSE = 0.05


class TranscriptError(StreamdocsError):
    """A session did not go as its transcript says."""


@dataclass(frozen=True)
class Block:
    """What happens in one terminal until another one is looked at."""

    terminal: str
    lines: tuple[str, ...]


def parse(text: str) -> list[Block]:
    """The blocks of a docstring that holds a transcript; none if it holds none."""
    return [
        Block(name, tuple(line.removeprefix("    ") for line in body.rstrip().splitlines()))
        for name, body in _BLOCK.findall(text + "\n")
    ]


def replay(blocks: list[Block], start: Callable[[str], Terminal]) -> None:
    """Do what ``blocks`` say in terminals that ``start`` opens by name.

    Raises TranscriptError, with a diff, at the first answer that is not as written.
    """
    screens: dict[str, _Screen] = {}
    for block in blocks:
        if block.terminal not in screens:
            screens[block.terminal] = _Screen(start(block.terminal))
        screen = screens[block.terminal]
        for piece in _pieces(block.lines):
            _do(screen, piece, [other.terminal for other in screens.values()])
    for screen in screens.values():
        screen.terminal.close()


def _pieces(lines: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Commands and keys, each alone, and the runs of other lines between them."""
    run: list[str] = []
    for line in lines:
        if not line.startswith("$ ") and line not in KEYS:
            run.append(line)
            continue
        if run:
            yield tuple(run)
            run = []
        yield (line,)
    if run:
        yield tuple(run)


def _do(screen: _Screen, piece: tuple[str, ...], all_: list[Terminal]) -> None:
    first = piece[0]
    if first.startswith("$ "):
        screen.begin(first[2:])
    elif first in KEYS:
        screen.terminal.type(first)
    else:
        if screen.takes_lines:
            settle.terminals(all_)
        if not screen.takes_lines or screen.has_news:
            screen.match("".join(f"{line}\n" for line in piece if line))
            return
        for line in piece:
            screen.terminal.type(line)
            settle.terminals(all_, screen.terminal)
    if screen.takes_lines:
        settle.terminals(all_, screen.terminal)


class _Screen:
    """A terminal, the command in it, what it has answered and what it should have.

    All since the command began: an answer that ends in ``...`` does not say where it ends, and
    what follows must not be taken for a part of it.
    """

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.command = ""
        self._answers = ""
        self._wanted = ""

    @property
    def takes_lines(self) -> bool:
        """Whether a program runs that does something with the lines typed."""
        return not self.terminal.at_prompt and bool(_TAKES_LINES.search(self.command))

    def begin(self, command: str) -> None:
        """Type a command, once the shell can take one."""
        self._poll(lambda: self.terminal.at_prompt, "$ ")
        self._read()
        self.command, self._answers, self._wanted = command, "", ""
        self.terminal.type(command)

    @property
    def has_news(self) -> bool:
        """Whether there are answers beyond those that were asked for."""
        return self._read() != self._wanted

    def match(self, want: str) -> None:
        """Wait until the answers go on as ``want`` says."""
        self._wanted += want
        checker = doctest.OutputChecker()
        self._poll(
            lambda: checker.check_output(self._wanted, self._read(), doctest.ELLIPSIS), self._wanted
        )

    def _read(self) -> str:
        """The answers so far; the echo of keys is none."""
        pieces = (piece.text for piece in self.terminal.take() if piece.kind == "output")
        self._answers += "".join(pieces)
        return "".join(
            f"{line}\n" for line in self._answers.splitlines() if line and line not in KEYS
        )

    def _poll(self, condition: Callable[[], bool], want: str) -> None:
        deadline = time.monotonic() + settle.DEADLINE
        while not condition():
            if time.monotonic() > deadline:
                before, after = want.splitlines(), self._read().splitlines()
                lines = difflib.unified_diff(before, after, "escrito", "visto", lineterm="")
                diff = "\n".join(lines)
                raise TranscriptError(
                    f"Terminal {self.terminal.name}: tras {settle.DEADLINE:g} s no se ve lo "
                    f"escrito:\n{diff}"
                )
            time.sleep(_PAUSE)
