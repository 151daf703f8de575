"""Show a build to who watches it: a bar on a terminal, plain lines elsewhere."""

import time
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from streamdocs.course.page import Page
from streamdocs.running.build import Event


@dataclass
class _Reading:
    page: Page
    started: float = field(default_factory=time.monotonic)
    executed: bool = False


class Reporter:
    """Tells of each page when it is done, of long waits, and of all times at the end."""

    def __init__(self, console: Console | None = None) -> None:
        """Report on ``console``, by default the standard output."""
        self._console = console or Console(highlight=False, soft_wrap=True)
        self._reading: _Reading | None = None
        self.seconds: dict[str, float] = {}
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[waiting]}"),
            console=self._console,
            transient=True,
        )
        self._task = self._bar.add_task("", waiting="")

    def begin(self, page: Page, *, alone: bool = True) -> None:
        """A page is about to be read; a bar needs the terminal for it ``alone``."""
        self._bar.disable = not (alone and self._console.is_terminal)
        self._reading = _Reading(page)
        self._bar.update(
            self._task, description=page.name, completed=0, total=len(page.cells), waiting=""
        )

    def event(self, event: Event) -> None:
        """Something happened in the page that runs; called from other threads too."""
        if self._reading is not None and self._reading.page is event.page:
            self._reading.executed = True
        self._bar.start()
        self._bar.update(self._task, completed=event.cell, waiting=event.waiting)
        if event.waiting and not self._console.is_terminal:
            line = event.page.cells[event.cell].line
            self._console.print(f"{event.page.name}:{line}: {event.waiting}", markup=False)

    def end(self) -> None:
        """The page has been read."""
        if self._reading is None:
            return
        page, seconds = self._reading.page, time.monotonic() - self._reading.started
        how = f"{seconds:.1f} s" if self._reading.executed else "sin cambios"
        self._console.print(f"{page.name}: {len(page.cells)} celdas, {how}", markup=False)
        if self._reading.executed:
            self.seconds[page.name] = seconds
        self._reading = None

    def close(self) -> None:
        """The build is over: the time of each page that ran, the longest first."""
        self._bar.stop()
        if not self.seconds:
            return
        table = Table("página", "segundos", title="Tiempo de cada página")
        for name, seconds in sorted(self.seconds.items(), key=lambda item: -item[1]):
            table.add_row(name, f"{seconds:.1f}")
        self._console.print(table)
