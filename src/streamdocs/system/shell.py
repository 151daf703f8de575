"""A real shell on a pseudo-terminal, and all that it has shown, as it came."""

import os
import pwd
import re
import select
import subprocess
import termios
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fcntl import ioctl
from pathlib import Path

from streamdocs.errors import BuildError, WaitTimeoutError

# Invisible sequences (an OSC of our own): the shell prints P before its prompt, B after it and C
# before a command runs; S and a number are written by us, to see that all before it has been read.
_MARK = re.compile(rb"\x1b\]7700;([PBC]|S\d+)\x07")
_MARK_BEGINS = b"\x1b]7700;"
_PROMPTS = {
    "PS1": r"\[\e]7700;P\a\]$ \[\e]7700;B\a\]",
    "PS0": r"\e]7700;C\a",
    "PS2": "> ",
}

_LIMIT = 10.0
"""Seconds for what the terminal itself must do at once: start, echo, hand over what was read."""
_LOST = 0.2
"""Seconds for a mark of ours to be read, before it is written again.

Linux takes Control+C in when it finds the time, after the key's writer has gone on, and throws away
then what has been written and not read yet (``isig`` in drivers/tty/n_tty.c).
"""


@dataclass(frozen=True)
class Mark:
    """Where in what is shown a prompt begins (P), or ends (B), or a command starts (C)."""

    name: str
    place: int


class Shell:
    """A bash of its own on a pseudo-terminal of 80 columns, without line editing or colours."""

    def __init__(self, name: str, cwd: Path, env: Mapping[str, str], user: str | None) -> None:
        """Start the shell of the terminal called ``name`` in ``cwd``, and wait for its prompt.

        ``user`` is whose it is when we are root; anybody else's is their own.
        """
        self.shown = bytearray()
        self.marks: list[Mark] = []
        self._name = name
        self._news = threading.Condition()
        self._half = b""
        self._barriers = self._passed = 0
        self._master, self._slave = os.openpty()
        termios.tcsetwinsize(self._slave, (24, 80))
        # Not forked in Python, as pexpect and pty do: py4j's destructors would run in the child
        # and shut down the connections to the JVM that it shares with us.
        # A build that was started in the background ignores Control+C, and its children with it.
        heeding = ("setsid", "--ctty", "env", "--default-signal")
        whose = as_user(user) if user and os.geteuid() == 0 else ()
        self._process = subprocess.Popen(
            [*heeding, *whose, "/bin/bash", "--noprofile", "--norc", "--noediting", "-i"],
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            cwd=cwd,
            env={**env, "TERM": "dumb", "PAGER": "cat", "HISTFILE": "", **_PROMPTS},
        )
        self.pid = self._process.pid
        self._halt = os.eventfd(0)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.until(lambda: self.prompt_waits, "abra su prompt")

    def _read(self) -> None:
        while self._halt not in select.select([self._master, self._halt], [], [])[0]:
            try:
                news = os.read(self._master, 65536)
            except OSError:  # nobody holds the other end any more
                return
            with self._news:
                self._half = self._take_in(self._half + news)
                self._news.notify_all()

    def _take_in(self, news: bytes) -> bytes:
        """Part what is shown from our marks; return a mark's first half, if ``news`` end in one."""
        *parts, last = _MARK.split(news)
        for text, mark in zip(parts[::2], parts[1::2], strict=True):
            self.shown += text
            if mark.startswith(b"S"):
                self._passed = int(mark[1:])
            else:
                self.marks.append(Mark(mark.decode(), len(self.shown)))
        tail = last[last.rfind(b"\x1b") :]
        half = tail if _MARK_BEGINS.startswith(tail[: len(_MARK_BEGINS)]) else b""
        self.shown += last.removesuffix(half)
        return half

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Return when ``condition``, which news may change, is true.

        Raises WaitTimeoutError, which says ``what`` the terminal was to do.
        """
        with self._news:
            if not self._news.wait_for(condition, _LIMIT):
                raise WaitTimeoutError(f"el Terminal {self._name} {what}", _LIMIT)

    def barrier(self) -> None:
        """Return when all that programs have written until now has been read."""
        self._barriers += 1
        mark = b"%bS%d\x07" % (_MARK_BEGINS, self._barriers)
        for _ in range(round(_LIMIT / _LOST)):
            os.write(self._slave, mark)
            with self._news:
                if self._news.wait_for(lambda: self._passed >= self._barriers, _LOST):
                    return
        raise WaitTimeoutError(f"el Terminal {self._name} entregue lo escrito", _LIMIT)

    def write(self, data: bytes) -> None:
        """Press the keys that send ``data``."""
        os.write(self._master, data)

    def unread(self) -> int:
        """Bytes typed that no program has read yet."""
        answer = ioctl(self._slave, termios.FIONREAD, b"\0" * 4)
        return int.from_bytes(answer, "little")

    def has_mode(self, flag: int) -> bool:
        """Whether a local mode of the terminal is on, such as termios.ECHO."""
        return bool(termios.tcgetattr(self._slave)[3] & flag)

    @property
    def prompt_waits(self) -> bool:
        """Whether nothing stands after the prompt."""
        return bool(self.marks) and self.marks[-1] == Mark("B", len(self.shown))

    @property
    def foreground(self) -> int:
        """The process group that reads the keyboard."""
        return os.tcgetpgrp(self._master)

    @property
    def alive(self) -> bool:
        """Whether the shell still runs."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the shell and what it runs in the foreground."""
        # The reader ends before its descriptor does: the next terminal may get the same number.
        os.eventfd_write(self._halt, 1)
        self._reader.join()
        for descriptor in (self._master, self._slave, self._halt):
            os.close(descriptor)
        self._process.kill()
        self._process.wait()


def as_user(user: str) -> Sequence[str]:
    """What root puts before a command to have it run as ``user``, in a user namespace.

    There root's files are that user's, wherever the course lies, and nothing more is allowed.
    Raises BuildError where the system has no user namespaces.
    """
    entry = pwd.getpwnam(user)
    prefix = ("unshare", "--user", f"--map-user={entry.pw_uid}", f"--map-group={entry.pw_gid}")
    if subprocess.run([*prefix, "true"], capture_output=True).returncode != 0:
        raise BuildError(
            f"El sistema no deja a root ser «{user}» (user namespaces): construye con un usuario "
            "que no sea root, o permítelos."
        )
    return prefix
