"""The IPython extension of the kernel: terminals, settling, the console's output in its cell."""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from IPython.core.error import StdinNotImplementedError, UsageError
from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult, InteractiveShell
from IPython.display import display

from streamdocs.course import needs
from streamdocs.course.options import PageError
from streamdocs.course.page import Cell, Page
from streamdocs.errors import StreamdocsError
from streamdocs.recording.record import RECORD_MIME, to_json
from streamdocs.recording.recorder import Recorder
from streamdocs.recording.tables import TraceError
from streamdocs.running import settle, upstream
from streamdocs.running.channel import Line
from streamdocs.running.gateway import PageJvm
from streamdocs.system import guard, ports
from streamdocs.system.terminal import KEYS, TERMINAL_MIME, Terminal

# What PySpark appends to a message: the plan, and the state of the query that died.
_APPENDIX = re.compile(r";\n.*|\n*=== Streaming Query ===.*|\nJVM stacktrace:.*", re.DOTALL)
_STACKTRACE = re.compile(r"\n+Driver stacktrace:")

_NOBODY_TYPES = (
    "«input()» espera a que alguien teclee, y en una página no hay nadie: pon el valor en la "
    "celda, o ejecuta el programa en un «%%terminal» y tecléalo allí."
)
_NOTHING_TYPED = (
    "Un «%%terminal» sin líneas no tiene nada que teclear: escribe debajo la orden, o quita la "
    "celda."
)


class PageKernel:
    """The state of a page while its kernel runs."""

    def __init__(self, shell: InteractiveShell) -> None:
        """Reach the build that started this kernel, and learn which page it runs."""
        self._shell = shell
        self._line = Line()
        self.page: Page = self._line.ask("page")
        self.jvm = PageJvm(self._line)
        self._running: ExecutionInfo | None = None
        self._current = Cell(0, "")
        self._terminals: dict[str, Terminal] = {}
        self._typed: Terminal | None = None
        self._reported: set[str] = set()
        self._recorder = Recorder()
        self._before: set[str] = set()
        settle.on_long_wait = partial(self._line.ask, "waiting")

    # -- events of the shell

    def before(self, info: ExecutionInfo) -> None:
        """Learn which cell of the page begins; what a cell itself has the shell run is none."""
        if self._running is not None:
            return
        self._running = info
        self._current = self.page.cells[self._line.ask("cell")]
        self._typed = None
        self._before = set(self._known()) if self._current.options.record else set()

    def after(self, result: ExecutionResult) -> None:
        """Wait until the cell has had its effect, and show what it caused elsewhere."""
        if result.info is not self._running:
            return
        self._running = None
        with self._failing(result):
            self._settle()
        printed = _tilde(self.jvm.printed())
        if printed:
            print(printed, end="")
        for terminal in self._terminals.values():
            if terminal.pending() not in ("", "$ "):
                _show(terminal)
        with self._failing(result):
            self._record(printed)

    @contextmanager
    def _failing(self, result: ExecutionResult) -> Iterator[None]:
        """Let an error of ours inside become the cell's, unless it has one."""
        try:
            yield
        except StreamdocsError as error:
            if result.success:
                result.error_in_exec = error
                self.show_error(type(error), error, None)

    def _record(self, printed: str) -> None:
        """Publish what the recorded queries did in this cell, and begin with a new one."""
        name = self._current.options.record
        if name:
            started = [query for run, query in self._known().items() if run not in self._before]
            if len(started) != 1:
                raise TraceError(
                    f"«:record: {name}» va en una celda que arranca una consulta, "
                    f"y esta ha arrancado {len(started)}."
                )
            self._recorder.start(name, started[0])
        for record in self._recorder.collect(printed):
            display({RECORD_MIME: to_json(record)}, raw=True)

    def _settle(self) -> None:
        if self._terminals:
            settle.terminals(list(self._terminals.values()), self._unless_until(self._typed))
        if self.jvm.gateway is not None:
            settle.socket_readers(self.jvm.gateway.pid)
        known = self._queries()
        if self._until:
            settle.until(self._until, known, self._terminals.values(), self._typed)
        else:
            settle.queries(known)

    @property
    def _until(self) -> str:
        return self._current.options.until

    def _unless_until(self, terminal: Terminal | None) -> Terminal | None:
        """A program that ``:until:`` waits for may go on by itself."""
        return None if self._until else terminal

    def _queries(self) -> Sequence[Any]:
        """The queries that run, and those in the cells' variables whose end is still news."""
        found = self._known()
        news = {run: query for run, query in found.items() if run not in self._reported}
        self._reported |= {run for run, query in news.items() if not query.isActive}
        return list(news.values())

    def _known(self) -> dict[str, Any]:
        """The queries that run, and those in the cells' variables, by run id."""
        if "pyspark.sql.streaming" not in sys.modules or self.jvm.gateway is None:
            return {}
        from pyspark.sql import SparkSession
        from pyspark.sql.streaming.query import StreamingQuery

        session = SparkSession.getActiveSession()
        found = {str(query.runId): query for query in session.streams.active} if session else {}
        held = [value for value in self._shell.user_ns.values() if type(value) is StreamingQuery]
        if session:
            found |= {str(query.runId): query for query in held}
        return found

    def show_error(self, *error: Any, **_: Any) -> list[str]:
        """Show class and message, as a reader needs them: no traceback of this machine.

        ``error`` is what ``sys.exc_info`` gives; without it, it is the one that is being handled.
        """
        kind, value, _traceback = error or sys.exc_info()
        # What IPython says then is for those who make kernels.
        if kind is StdinNotImplementedError:
            kind, value = PageError, PageError(_NOBODY_TYPES)
        elif kind is UsageError and self._current.source.startswith("%%terminal"):
            kind, value = PageError, PageError(_NOTHING_TYPED)
        if isinstance(value, SyntaxError):
            message = f"{value.msg} (line {value.lineno})"
        else:
            message = _STACKTRACE.sub("", _APPENDIX.sub("", str(value)))
        lines = [f"{kind.__name__}: {message}".rstrip(": ")]
        upstream.show(self._shell, kind, lines)
        return lines

    # -- %%terminal

    def terminal(self, line: str, cell: str) -> None:
        """``%%terminal NAME``: type the cell's lines into the terminal called NAME."""
        name = line.strip()
        if name not in self._terminals:
            user = self._current.options.user or None
            self._terminals[name] = Terminal(name, Path.home(), os.environ, user)
        typed = self._typed = self._terminals[name]
        others = list(self._terminals.values())
        for command in cell.split("\n")[:-1]:
            ports.check(command)
            if command not in KEYS:
                self._recorder.keyboard.typed(name, command, typed.at_prompt)
            typed.type(command)
            settle.terminals(others, self._unless_until(typed))
            if self.jvm.gateway is not None:
                settle.socket_readers(self.jvm.gateway.pid)
                settle.queries([query for query in self._queries() if query.isActive])
        _show(typed)


def _show(terminal: Terminal) -> None:
    segments = terminal.take()
    pieces = [{"kind": segment.kind, "text": _tilde(segment.text)} for segment in segments]
    shown = {"name": terminal.name, "segments": pieces}
    text = "".join(piece["text"] for piece in pieces)
    display({TERMINAL_MIME: shown, "text/plain": text}, raw=True)


def _tilde(text: str) -> str:
    """The page's folder is its HOME: a reader sees ``~``."""
    return text.replace(str(Path.home()), "~")


def load_ipython_extension(shell: InteractiveShell) -> PageKernel:
    """Make ``shell`` the kernel of a page; called by IPython for the extension's name."""
    guard.adopt_orphans()
    kernel = PageKernel(shell)
    shell.register_magic_function(kernel.terminal, "cell", "terminal")  # type: ignore[arg-type]
    shell.set_custom_exc((Exception,), lambda _shell, *error, **_: kernel.show_error(*error))
    upstream.name_cells(shell)
    upstream.exit_quietly(shell, kernel.show_error)
    shell.events.register("pre_run_cell", kernel.before)
    shell.events.register("post_run_cell", kernel.after)
    if needs.spark(kernel.page):
        upstream.launching_with(kernel.jvm.launch)
    return kernel
