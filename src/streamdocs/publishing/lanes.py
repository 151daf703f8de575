"""Read pages in several processes at once, each with a network, a JVM and kernels of its own.

Sphinx forks its readers; this makes them lanes: as many as processes, each alone on its loopback,
where a page's ports are its own, and each taking the next page until none is left.
"""

import multiprocessing
import multiprocessing.util
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress

from streamdocs.course.page import Page
from streamdocs.publishing import upstream
from streamdocs.system import guard, netns

_LONG = re.compile(
    r"\b(python|pytest|comprueba|spark-submit|spark-class|kafka-[a-z-]+\.sh|probar\w*)\b|packages"
)
"""What stands in a cell that takes long: a program, or what tries one query after another."""
_COST = 8
"""Such a cell or a wait takes about as long as so many others: measured on the course."""
_TEXT = 20
"""Cells that a page without any is taken for: one of reference has the whole package read."""


def one_by_one() -> AbstractContextManager[object]:
    """While this is entered, Sphinx's readers take page after page, not chunks of ten."""

    def share(names: Sequence[str], lanes: int) -> list[_Share]:
        turn = _Turn(names)
        if not netns.possible():
            print("El sistema no permite redes aparte: leo las páginas de una en una.")
            lanes = 1
        return [_Share(turn, number) for number in range(1, min(lanes, len(names)) + 1)]

    return upstream.share_pages(share)


class _Turn:
    """Whose turn each of some pages was, and which is next: the same to all lanes."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self.first = os.getpid()
        fork = multiprocessing.get_context("fork")
        self.next = fork.Value("i", 0)
        self.lanes = fork.Array("i", len(names))


class _Share:
    """The pages of one lane: in the lane, those that it takes; later, in Sphinx, those it took."""

    def __init__(self, turn: _Turn, number: int) -> None:
        self._turn = turn
        self._number = number

    def __iter__(self) -> Iterator[str]:
        turn = self._turn
        if os.getpid() == turn.first:
            yield from (n for i, n in enumerate(turn.names) if turn.lanes[i] == self._number)
            return
        while (page := self._take()) is not None:
            yield turn.names[page]

    def _take(self) -> int | None:
        with self._turn.next.get_lock():
            page = self._turn.next.value
            self._turn.next.value += 1
        if page >= len(self._turn.names):
            return None
        self._turn.lanes[page] = self._number
        return int(page)


def weight(page: Page) -> int:
    """About how long a page runs, in cells."""
    slow = [cell for cell in page.cells if cell.options.until or _LONG.search(cell.source)]
    return (len(page.cells) or _TEXT) + _COST * len(slow)


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

        Where the system allows no networks apart, this is the only lane.
        """
        if not self.forked or self._entered:
            return
        self._entered = True
        with suppress(OSError):  # the only lane needs none
            netns.enter()
        guard.end_with(self._first)
        multiprocessing.util.Finalize(None, leave, exitpriority=1)


def heaviest_first(pages: Iterable[Page]) -> list[str]:
    """The names of ``pages``, so that no lane is left with a long one when the others are done."""
    return [page.name for page in sorted(pages, key=lambda page: (-weight(page), page.name))]
