"""Wait for something to be true; every wait has an end, and says what it was for."""

import time
from collections.abc import Callable

from streamdocs.errors import WaitTimeoutError

_SHARE = 20
"""The looks of a long wait come a twentieth of its time apart.

A look costs a millisecond or two, and takes them from what is waited for.
"""


def until(reached: Callable[[], bool], what: str, seconds: float, pause: float = 0.05) -> None:
    """Return when ``reached()``, which is asked every ``pause`` seconds at first.

    Raises WaitTimeoutError, which says «que {what}», after that many ``seconds``.
    """
    started = time.monotonic()
    while not reached():
        waited = time.monotonic() - started
        if waited > seconds:
            raise WaitTimeoutError(what, seconds)
        time.sleep(max(pause, waited / _SHARE))
