"""Replay the transcript of a session in real terminals, in the way of doctest.

A transcript is a list of blocks ``Terminal 1:``, in the order of time, each with its lines
indented by four spaces: ``$ `` and a command, ``> `` and what is typed into the program that runs,
or a key such as ``^C``. All other lines are answers that must be read, in which ``...`` stands for
what varies.
"""

import difflib
import doctest
import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby

from streamdocs.errors import StreamdocsError, WaitTimeoutError
from streamdocs.running import settle
from streamdocs.system import procfs, waiting
from streamdocs.system.terminal import KEYS, Terminal

_BLOCK = re.compile(r"^Terminal (\S+):\n((?:(?: {4}.*)?\n)+)", re.MULTILINE)
PROMPT, _TYPED = "$ ", "> "
"""What stands before a command, and before what is typed into the program that runs.

Where a command does not end, it is the next prompt that is missed.
"""


class TranscriptError(StreamdocsError):
    """A session did not go as its transcript says; ``over``, if it had said all it had to say."""

    def __init__(self, said: str, *, over: bool = False) -> None:
        super().__init__(said)
        self.over = over


@dataclass(frozen=True)
class Block:
    """What happens in one terminal until another one is looked at."""

    terminal: str
    lines: tuple[str, ...]


def parse(text: str) -> list[Block]:
    """The blocks of a docstring that holds a transcript; none if it holds none.

    Raises TranscriptError when something else follows the first of them: it would not be replayed.
    """
    first = _BLOCK.search(text + "\n")
    stray = _BLOCK.sub("", text[first.start() :] + "\n").split() if first else []
    if stray:
        raise TranscriptError(
            f"«{' '.join(stray)}» no es de ningún terminal: escribe cuatro espacios delante de la "
            "línea y, si en ella hay «\\», una «r» delante del docstring."
        )
    return [
        Block(name, tuple(line.removeprefix("    ") for line in body.rstrip().split("\n")))
        for name, body in _BLOCK.findall(text + "\n")
    ]


def replay(blocks: list[Block], start: Callable[[str], Terminal]) -> None:
    """Do what ``blocks`` say in terminals that ``start`` opens by name.

    Raises TranscriptError at the first thing that does not go as written.
    """
    sessions: dict[str, _Session] = {}
    with ExitStack() as leaving:
        for block in blocks:
            if block.terminal not in sessions:
                opened = start(block.terminal)
                leaving.callback(opened.close)
                sessions[block.terminal] = _Session(opened)
            session = sessions[block.terminal]
            all_ = [each.terminal for each in sessions.values()]
            for is_answer, lines in groupby(block.lines, _is_answer):
                if is_answer:
                    session.match("".join(f"{line}\n" for line in lines if line))
                    continue
                for line in lines:
                    session.do(line, all_)
        for session in sessions.values():
            session.match("")  # nothing else may have been said


def _is_answer(line: str) -> bool:
    return line not in KEYS and not line.startswith((PROMPT, _TYPED))


class _Session:
    """A terminal, what the command in it has answered, and what it should have.

    All since the command began: an answer that ends in ``...`` does not say where it ends, and
    what follows must not be taken for a part of it.
    """

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self._answers = ""
        self._wanted = ""

    def do(self, line: str, all_: list[Terminal]) -> None:
        """Type what ``line`` says; what it does is done when the terminals ``all_`` have settled.

        A program to which one has spoken answers. A command may go on by itself: its answers tell.
        """
        if line.startswith(PROMPT):
            self._begin()
            self.terminal.type(line.removeprefix(PROMPT))
        elif line in KEYS:
            self.terminal.type(line)
        elif self.terminal.at_prompt:
            raise TranscriptError(
                f"Terminal {self.terminal.name}: no hay ningún programa al que escribirle «{line}»."
            )
        else:
            self.terminal.type(line.removeprefix(_TYPED))
        settle.terminals(all_, self.terminal if line.startswith(_TYPED) else None)

    def _begin(self) -> None:
        """Wait until the shell can take a command: the last one has then said all it had to say."""
        self._poll(lambda: self.terminal.at_prompt, PROMPT)
        self.match("")
        self._answers = self._wanted = ""

    def match(self, want: str) -> None:
        """Wait until the answers go on as ``want`` says, or nothing else can be said."""
        self._wanted += want
        self._poll(self._told, self._wanted)

    def _told(self) -> bool:
        """Whether the answers are those that are wanted; TranscriptError if they never will be."""
        if self._right():
            return True
        if not self._over():
            return False
        # What was said between the two looks is the last of it.
        if self._right():
            return True
        raise self._other("ha acabado y", self._wanted, over=True)

    def _right(self) -> bool:
        checker = doctest.OutputChecker()
        return checker.check_output(self._wanted, self._read(), doctest.ELLIPSIS)

    def _over(self) -> bool:
        """Whether the shell waits for a command, and nothing runs behind it that could speak."""
        shell = self.terminal.shell.pid
        return self.terminal.at_prompt and procfs.sessions([shell]).keys() <= {shell}

    def _read(self) -> str:
        """The answers so far, without empty lines."""
        self._answers += "".join(
            piece.text for piece in self.terminal.take() if piece.kind == "output"
        )
        return "".join(f"{line}\n" for line in self._answers.split("\n") if line)

    def _poll(self, condition: Callable[[], bool], want: str) -> None:
        try:
            waiting.until(condition, "se vea lo escrito", settle.DEADLINE)
        except WaitTimeoutError:
            raise self._other(f"tras {settle.DEADLINE:g} s", want) from None

    def _other(self, when: str, want: str, *, over: bool = False) -> TranscriptError:
        """What is to be said of a session that has not answered as ``want`` says."""
        before, after = want.split("\n"), self._read().split("\n")
        diff = "\n".join(difflib.unified_diff(before, after, "escrito", "visto", lineterm=""))
        said = f"Terminal {self.terminal.name}: {when} no se ve lo escrito:\n{diff}"
        return TranscriptError(said, over=over)
