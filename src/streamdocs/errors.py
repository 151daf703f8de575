"""What can go wrong, each as one Spanish sentence that says what to do."""

import errno
import os


class StreamdocsError(Exception):
    """Base of the errors of this package; ``str(error)`` is meant for the author of a page."""


class BuildError(StreamdocsError):
    """The build cannot offer what a kernel asked for."""


class WaitTimeoutError(StreamdocsError):
    """A wait reached its deadline."""

    def __init__(self, what: str, seconds: float, state: str = "") -> None:
        tail = f" ({state})" if state else ""
        super().__init__(f"He esperado {seconds:g} s a que {what}, y no ha ocurrido{tail}.")


class DiskFullError(StreamdocsError):
    """There is no room left to write what a build needs."""

    def __init__(self, folder: str) -> None:
        super().__init__(
            f"No queda sitio en el disco, en {folder}: libera espacio y repite la orden."
        )


def means_full_disk(error: BaseException | None) -> bool:
    """Whether ``error``, or what caused it, is that a disk is full."""
    if error is None:
        return False
    # Programs in between (SQLite, shutil's list of errors) pass on only the words.
    words = (os.strerror(errno.ENOSPC), "database or disk is full")
    return any(text in str(error) for text in words) or means_full_disk(
        error.__cause__ or error.__context__
    )
