"""Who listens on a port, and which command is about to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

import psutil

from streamdocs.errors import StreamdocsError
from streamdocs.system import guard

LISTENS = re.compile(r"\bn(?:c|cat|c\.traditional)\b(?=.*\s-\w*l).*?\s(\d{1,5})\b(?!\.)")
"""A command that listens, and the port."""


class PortInUseError(StreamdocsError):
    """A listener was about to be started on a port that somebody else listens on."""

    def __init__(self, port: int, holders: Iterable[str]) -> None:
        who = " y ".join(holders) or "un proceso de otro usuario"
        super().__init__(
            f"El puerto {port} ya está en uso por {who}: ciérralo y vuelve a construir."
        )


def check(command: str) -> None:
    """Raise PortInUseError if ``command`` would listen where a stranger listens."""
    listens = LISTENS.search(command)
    if listens is None:
        return
    port = int(listens[1])
    strangers = [
        _name(connection.pid)
        for connection in psutil.net_connections("inet")
        if connection.laddr
        and connection.laddr.port == port
        and connection.status == psutil.CONN_LISTEN
        and not _ours(connection.pid)
    ]
    if strangers:
        raise PortInUseError(port, (name for name in strangers if name))


def _ours(pid: int | None) -> bool:
    try:
        return (
            pid is not None
            and psutil.Process(pid).environ().get(guard.TAG) == os.environ[guard.TAG]
        )
    except psutil.Error:
        return False


def _name(pid: int | None) -> str:
    return f"{psutil.Process(pid).name()} (PID {pid})" if pid else ""
