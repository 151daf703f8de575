"""Who listens on a port, and which command is about to."""

import os
import re
from collections.abc import Iterable

import psutil

from streamdocs.errors import StreamdocsError
from streamdocs.system import guard

NC = re.compile(r"\bn(?:c|cat|c\.traditional)\b")
"""The program nc, by whichever of its names."""

LISTENS = re.compile(NC.pattern + r"(?=.*\s-\w*l).*?\s(\d{1,5})\b(?!\.)")
"""A command that listens, and the port."""

SETS = re.compile(r"^port = (\d{1,5})$")
"""A line of a server's settings, and the port."""


class PortInUseError(StreamdocsError):
    """A listener was about to be started on a port that somebody else listens on."""

    def __init__(self, port: int, holders: Iterable[str]) -> None:
        who = " y ".join(holders) or "un proceso de otro usuario"
        super().__init__(f"El puerto {port} ya está en uso por {who}: ciérralo y repite la orden.")


def check(command: str) -> None:
    """Raise PortInUseError if ``command`` would listen, or have it, where a stranger listens."""
    listens = LISTENS.search(command) or SETS.search(command)
    if listens is not None:
        free(int(listens[1]), os.environ.get(guard.TAG))


def free(port: int, tag: str | None = None) -> None:
    """Raise PortInUseError if a process listens on ``port`` that does not carry ``tag``."""
    strangers = [
        connection.pid
        for connection in psutil.net_connections("inet")
        if connection.laddr
        and connection.laddr.port == port
        and connection.status == psutil.CONN_LISTEN
        and not (tag and _tag(connection.pid) == tag)
    ]
    if strangers:
        raise PortInUseError(port, {_name(pid) for pid in strangers if pid})


def _tag(pid: int | None) -> str | None:
    try:
        return psutil.Process(pid).environ().get(guard.TAG) if pid else None
    except psutil.Error:
        return None


def _name(pid: int) -> str:
    try:
        return f"{psutil.Process(pid).name()} (PID {pid})"
    except psutil.NoSuchProcess:  # it has just ended
        return f"PID {pid}"
