"""What can go wrong, each as one Spanish sentence that says what to do."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable


class StreamdocsError(Exception):
    """Base of the errors of this package; ``str(error)`` is meant for the author of a page."""


class MissingProgramError(StreamdocsError):
    """A program of the system is missing or too old."""


class PortInUseError(StreamdocsError):
    """A listener was about to be started on a port that somebody else listens on."""

    def __init__(self, port: int, holders: Iterable[str]) -> None:
        who = " y ".join(holders) or "un proceso de otro usuario"
        super().__init__(
            f"El puerto {port} ya está en uso por {who}: ciérralo y vuelve a construir."
        )


class WaitTimeoutError(StreamdocsError):
    """A wait reached its deadline."""

    def __init__(self, what: str, seconds: float, state: str = "") -> None:
        tail = f" ({state})" if state else ""
        super().__init__(f"He esperado {seconds:g} s a que {what}, y no ha ocurrido{tail}.")


class QueryDiedError(StreamdocsError):
    """A streaming query ended with an error in the background."""

    def __init__(self, query: str, reason: str) -> None:
        super().__init__(
            f"La consulta {query} ha muerto en segundo plano: {reason} "
            "Corrige la página o declara el error con «:raises:»."
        )


class KernelDiedError(StreamdocsError):
    """The kernel of a page died inside a cell."""

    def __init__(self) -> None:
        super().__init__(
            "El kernel de la página ha muerto en esta celda: mira si lo mata su código, o si a la "
            "máquina le falta memoria."
        )


class DiskFullError(StreamdocsError):
    """There is no room left to write what a build needs."""

    def __init__(self, folder: str) -> None:
        super().__init__(
            f"No queda sitio en el disco, en {folder}: libera espacio y repite la orden."
        )


class PageError(StreamdocsError):
    """A page asks for something that does not exist, such as an unknown cell of an example."""


class BuildError(StreamdocsError):
    """The build cannot offer what a kernel asked for."""


def means_full_disk(error: BaseException | None) -> bool:
    """Whether ``error``, or what caused it, is that a disk is full."""
    if error is None:
        return False
    # Programs in between (SQLite, shutil's list of errors) pass on only the words.
    words = (os.strerror(errno.ENOSPC), "database or disk is full")
    return any(text in str(error) for text in words) or means_full_disk(
        error.__cause__ or error.__context__
    )
