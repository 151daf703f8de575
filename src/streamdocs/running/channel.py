"""What a build and its kernels say to each other: a kernel asks, and the build answers."""

import os
from collections.abc import Callable
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from streamdocs.errors import BuildError, StreamdocsError, WaitTimeoutError

SOCKET = "STREAMDOCS_SOCKET"
"""Environment variable with the address at which a kernel reaches its build."""

ANSWERED = 240.0
"""Seconds that an answer may take: a JVM that had to be replaced is the longest to wait for."""


class Office:
    """The build's end."""

    def __init__(self, address: Path, answer: Callable[[str, Any], Any]) -> None:
        """Listen at ``address``; ``answer`` is called in threads, with what is asked for."""
        self._answer = answer
        self._listener = Listener(str(address), family="AF_UNIX")
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection = self._listener.accept()
            except OSError:
                return
            Thread(target=self._attend, args=(connection,), daemon=True).start()

    def _attend(self, connection: "Connection[Any, Any]") -> None:
        """Answer one kernel until it goes."""
        while True:
            try:
                connection.send(self._tried(*connection.recv()))
            except (EOFError, OSError):
                return

    def _tried(self, about: str, value: Any) -> Any:
        try:
            return self._answer(about, value)
        except (StreamdocsError, OSError) as error:
            return BuildError(str(error))

    def close(self) -> None:
        """Answer no more kernels."""
        self._listener.close()


class Line:
    """A kernel's end."""

    def __init__(self) -> None:
        """Reach the build that started this kernel."""
        self._connection = Client(os.environ[SOCKET], family="AF_UNIX")
        # A wait that is long is announced from a thread of its own.
        self._busy = Lock()

    def ask(self, about: str, value: Any = None) -> Any:
        """The build's answer; raises BuildError if it has none, WaitTimeoutError if it is late."""
        with self._busy:
            self._connection.send((about, value))
            if not self._connection.poll(ANSWERED):
                raise WaitTimeoutError("la construcción responda a la página", ANSWERED)
            answer = self._connection.recv()
        if isinstance(answer, BuildError):
            raise answer
        return answer
