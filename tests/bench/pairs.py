"""What is compared is measured in one run, in turns, so that the machine's moods hit all alike."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import psutil

_BETWEEN_LOOKS = 0.5

_T = TypeVar("_T")


def alternate(sides: Mapping[str, Callable[[], _T]], rounds: int) -> dict[str, list[_T]]:
    """What each side returned in each of the ``rounds``; every other round goes backwards.

    Tells of each when it is done, for who waits.
    """
    found: dict[str, list[_T]] = {name: [] for name in sides}
    for number in range(rounds):
        order = list(sides)[:: 1 if number % 2 == 0 else -1]
        for name in order:
            started = time.monotonic()
            found[name].append(sides[name]())
            took = time.monotonic() - started
            print(f"{name}, {number + 1} de {rounds}: {took:.1f} s", flush=True)
    return found


def ratio(ours: list[float], theirs: list[float]) -> float:
    """The median of the rounds' own ratios: the two of a round had the same machine."""
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


@dataclass
class Peak:
    """The most memory that a process and its descendants had at once, in bytes.

    What they share counts once (the proportional set size of proc_pid_smaps_rollup(5)).
    """

    pid: int
    bytes: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look every half a second while this is entered."""
        watcher = threading.Thread(target=self._watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            self._over.set()
            watcher.join()

    def _watch(self) -> None:
        while not self._over.wait(_BETWEEN_LOOKS):
            try:
                first = psutil.Process(self.pid)
                family = [first, *first.children(recursive=True)]
            except psutil.Error:
                continue
            self.bytes = max(self.bytes, sum(map(_share, family)))


def _share(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0
