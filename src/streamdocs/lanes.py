"""Read pages in several processes at once, each with a network, a JVM and kernels of its own.

Sphinx forks its readers; this makes them lanes: as many as processes, with about as much to do in
each, alone on their loopback, where a page's ports are theirs.
"""

from __future__ import annotations

import multiprocessing.util
import os
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, suppress
from unittest.mock import patch

from sphinx import builders

from streamdocs import guard, netns
from streamdocs.page import Page

_PROGRAM = re.compile(r"\b(python|spark-submit|spark-class|kafka-[a-z-]+\.sh)\b|packages")
_COST = 8
"""A program or a wait takes about as long as so many other cells: measured on the course."""


def dealt() -> AbstractContextManager[object]:
    """While this is entered, Sphinx deals its pages out like cards, not in chunks of ten."""

    def deal(names: Sequence[str], lanes: int) -> list[Sequence[str]]:
        return [names[lane::lanes] for lane in range(lanes) if names[lane::lanes]]

    return patch.object(builders, "make_chunks", deal)


def weight(page: Page) -> int:
    """About how long a page runs, in cells."""
    slow = [cell for cell in page.cells if "until" in cell.options or _PROGRAM.search(cell.source)]
    return len(page.cells) + _COST * len(slow)


class Lane:
    """The process that this one is, seen from the one that forked it."""

    def __init__(self) -> None:
        """Remember the process that forks."""
        self._first = os.getpid()
        self._entered = False

    @property
    def forked(self) -> bool:
        """Whether this process is a lane, and not the one in which Sphinx began."""
        return os.getpid() != self._first

    def enter(self, leave: Callable[[], None]) -> None:
        """Have a network of its own from here on; ``leave`` is called when the lane ends.

        Where the system allows no networks apart, lanes take turns.
        """
        if not self.forked or self._entered:
            return
        self._entered = True
        with suppress(OSError):
            netns.enter()
        guard.end_with(self._first)
        multiprocessing.util.Finalize(None, leave, exitpriority=1)


def heaviest_first(pages: Iterable[Page]) -> list[str]:
    """The names of ``pages``, so that dealing them out gives each lane about as much to do."""
    return [page.name for page in sorted(pages, key=lambda page: (-weight(page), page.name))]
