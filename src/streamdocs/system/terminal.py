"""Named real shells on a pseudo-terminal, and what a person would see in them."""

from __future__ import annotations

import os
import pwd
import re
import select
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fcntl import ioctl
from pathlib import Path
from typing import Any, Literal

from streamdocs.errors import WaitTimeoutError
from streamdocs.system import procfs

TERMINAL_MIME = "application/vnd.streamdocs.terminal+json"
"""A terminal's name and what it showed: ``{"name": str, "segments": [{"kind", "text"}]}``."""

Kind = Literal["prompt", "typed", "output"]

KEYS = {"^C": b"\x03", "^D": b"\x04", "^Z": b"\x1a"}
"""Lines that stand for keys."""

LONGEST_LINE = 4095
"""Bytes that a Linux terminal takes in one line (N_TTY_BUF_SIZE - 1)."""

# Invisible sequences (an OSC of our own) that the shell prints before its prompt, after it and
# before a command runs; S is written by us, to see that all before it has been read.
_MARK = re.compile(rb"\x1b\]7700;([^\x07]*)\x07")
_BEFORE_PROMPT = b"\x1b]7700;P\x07"
_READY = b"\x1b]7700;B\x07"
_COMMAND = b"\x1b]7700;C\x07"
_PROMPT = r"\[\e]7700;P\a\]$ \[\e]7700;B\a\]"
_BEFORE_COMMAND = r"\e]7700;C\a"
_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")

_LIMIT = 10.0
"""Seconds for what the terminal itself must do at once: start, echo, hand over what was read."""

_TAKEN = 0.5
"""Seconds after which a typed line counts as taken though neither queue nor reader showed it."""


@dataclass(frozen=True)
class Segment:
    """A piece of what a terminal shows: the prompt, something typed, or a program's output."""

    kind: Kind
    text: str


class Terminal:
    """A bash of its own on a pseudo-terminal of 80 columns, without line editing or colours."""

    def __init__(
        self, name: str, cwd: Path, env: Mapping[str, str], user: str | None = None
    ) -> None:
        """Start the shell in ``cwd`` with ``env``, and wait for its prompt.

        ``user`` is whose it is when we are root; anybody else's is their own.
        """
        self.name = name
        self._news = threading.Condition()
        self._raw = b""
        self._taken = 0
        self._typed: list[str] = []
        self._barriers = 0
        self._master, self._slave = os.openpty()
        termios.tcsetwinsize(self._slave, (24, 80))
        # Not forked in Python, as pexpect and pty do: py4j's destructors would run in the child
        # and shut down the connections to the JVM that it shares with us.
        # A build that was started in the background ignores Control+C, and its children with it.
        heeding = ("setsid", "--ctty", "env", "--default-signal")
        self._shell = subprocess.Popen(
            [*heeding, "/bin/bash", "--noprofile", "--norc", "--noediting", "-i"],
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            cwd=cwd,
            env={
                **env,
                "TERM": "dumb",
                "PAGER": "cat",
                "HISTFILE": "",
                "PS1": _PROMPT,
                "PS0": _BEFORE_COMMAND,
                "PS2": "> ",
            },
            **(_as(user) if user and os.geteuid() == 0 else {}),
        )
        self.pid = self._shell.pid
        self._halt = os.eventfd(0)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._until(lambda: _READY in self._raw, "abra su prompt")

    def _read(self) -> None:
        while self._halt not in select.select([self._master, self._halt], [], [])[0]:
            try:
                news = os.read(self._master, 65536)
            except OSError:  # nobody holds the other end any more
                return
            with self._news:
                self._raw += news
                self._news.notify_all()

    def _until(self, condition: Callable[[], bool], what: str) -> None:
        with self._news:
            if not self._news.wait_for(condition, _LIMIT):
                raise WaitTimeoutError(f"el Terminal {self.name} {what}", _LIMIT)

    def type(self, line: str) -> None:
        """Type ``line`` and Enter, or the key that it stands for; return once it is taken in.

        Taken in means echoed, and either in the terminal's input queue or read by a program.
        """
        data = KEYS.get(line) or line.encode() + b"\n"
        if len(data) > LONGEST_LINE:
            raise ValueError(f"Un terminal no admite líneas de más de {LONGEST_LINE} bytes.")
        with self._news:
            start = len(self._raw)
        readers, queued = self._looks(), self.unread()
        if line not in KEYS:
            self._typed.append(line)
        os.write(self._master, data)
        if line not in KEYS and self._echoes():
            echo = line.encode() + b"\r\n"
            self._until(lambda: echo in self._raw[start:], f"muestre «{line}»")
        deadline = time.monotonic() + _TAKEN
        while self.unread() <= queued and self._looks() == readers:
            if time.monotonic() > deadline:
                return
            time.sleep(0.0005)

    def _looks(self) -> dict[int, procfs.Look]:
        return procfs.sessions([self.pid])

    def _echoes(self) -> bool:
        return bool(termios.tcgetattr(self._slave)[3] & termios.ECHO)

    def unread(self) -> int:
        """Bytes typed that no program has read yet."""
        answer = ioctl(self._slave, termios.FIONREAD, b"\0" * 4)
        return int.from_bytes(answer, "little")

    def barrier(self) -> None:
        """Return when all that programs have written until now has been read."""
        self._barriers += 1
        mark = b"\x1b]7700;S%d\x07" % self._barriers
        os.write(self._slave, mark)
        self._until(lambda: mark in self._raw, "entregue lo escrito")

    @property
    def at_prompt(self) -> bool:
        """Whether the shell waits for a command."""
        with self._news:
            rest = self._raw[self._raw.rfind(_READY) :]
        return not _MARK.sub(b"", rest)

    @property
    def foreground(self) -> int:
        """The process group that reads the keyboard."""
        return os.tcgetpgrp(self._master)

    @property
    def alive(self) -> bool:
        """Whether the shell still runs."""
        return self._shell.poll() is None

    def pending(self) -> str:
        """What has been shown since the last ``take``, as plain text, prompts included."""
        with self._news:
            return _plain(_MARK.sub(b"", self._raw[self._taken :]))

    def since_command(self) -> str:
        """What the program that runs has shown since it was started, as plain text.

        The echo of the command itself is left out: it is not what the program shows.
        """
        with self._news:
            _, began, shown = self._raw[self._raw.rfind(_READY) :].partition(_COMMAND)
        return _plain(_MARK.sub(b"", shown)) if began else ""

    def take(self) -> tuple[Segment, ...]:
        """What has been shown since the last call, in pieces.

        A prompt that waits for its command stays for the next call.
        """
        waiting = self.at_prompt
        with self._news:
            end = self._raw.rfind(_BEFORE_PROMPT) if waiting else len(self._raw)
            raw, self._taken = self._raw[self._taken : end], end
        typed, self._typed = self._typed, []
        return tuple(_segments(raw, typed))

    def close(self) -> None:
        """End the shell and what it runs in the foreground."""
        # The reader ends before its descriptor does: the next terminal may get the same number.
        os.eventfd_write(self._halt, 1)
        self._reader.join()
        for descriptor in (self._master, self._slave, self._halt):
            os.close(descriptor)
        self._shell.kill()
        self._shell.wait()


def _as(user: str) -> dict[str, Any]:
    """Popen's arguments for a process of ``user``."""
    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _plain(raw: bytes) -> str:
    text = raw.decode("utf-8", "replace").replace("\r\n", "\n")
    return _COLOUR.sub("", text)


def _segments(raw: bytes, typed: list[str]) -> list[Segment]:
    found: list[Segment] = []

    def put(kind: Kind, text: str) -> None:
        if text and found and found[-1].kind == kind:
            text = found.pop().text + text
        if text:
            found.append(Segment(kind, text))

    in_prompt = False
    for index, piece in enumerate(_MARK.split(raw)):
        if index % 2:
            in_prompt = piece == b"P" if piece[:1] != b"S" else in_prompt
            continue
        text = _plain(piece)
        if in_prompt:
            put("prompt", text)
            continue
        while typed and f"{typed[0]}\n" in text:
            before, text = text.split(f"{typed[0]}\n", 1)
            put("output", before)
            put("typed", f"{typed.pop(0)}\n")
        put("output", text)
    return found
