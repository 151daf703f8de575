"""The IPython extension of the kernel: terminals, settling, the console's output in its cell."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Client
from pathlib import Path
from types import TracebackType
from typing import Any
from unittest.mock import patch

from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult, InteractiveShell
from IPython.display import display

from streamdocs.course import needs
from streamdocs.course.page import Cell, Page
from streamdocs.errors import BuildError, StreamdocsError
from streamdocs.recording.record import RECORD_MIME, to_json
from streamdocs.recording.recorder import Recorder
from streamdocs.recording.tables import TraceError
from streamdocs.running import jvm, settle
from streamdocs.system import guard, ports
from streamdocs.system.terminal import KEYS, TERMINAL_MIME, Terminal

# What PySpark appends to a message: the plan, and the state of the query that died.
_APPENDIX = re.compile(r";\n.*|\n*=== Streaming Query ===.*|\nJVM stacktrace:.*", re.DOTALL)
_STACKTRACE = re.compile(r"\n+Driver stacktrace:")


class PageKernel:
    """The state of a page while its kernel runs."""

    def __init__(self, shell: InteractiveShell) -> None:
        """Reach the build that started this kernel, and learn which page it runs."""
        self._shell = shell
        self._build = Client(os.environ[guard.SOCKET], family="AF_UNIX")
        self._page: Page = self._build.recv()
        self._cell = -1
        self._terminals: dict[str, Terminal] = {}
        self._typed: Terminal | None = None
        self.gateway: jvm.Gateway | None = None
        self._shown = 0
        self._reported: set[str] = set()
        self._recorder = Recorder()
        self._before: set[str] = set()
        settle.on_long_wait = lambda what: self._build.send(("waiting", what))

    # -- events of the shell

    def before(self, info: ExecutionInfo) -> None:
        """Find the cell that begins among those of the page, and tell the build."""
        following = range(self._cell + 1, len(self._page.cells))
        self._cell = next(i for i in following if self._page.cells[i].source == info.raw_cell)
        self._build.send(("cell", self._cell))
        self._typed = None
        self._before = set(self._known()) if self._current.options.record else set()

    def after(self, result: ExecutionResult) -> None:
        """Wait until the cell has had its effect, and show what it caused elsewhere."""
        with self._failing(result):
            self._settle()
        printed = self._show_console()
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
        if self.gateway is not None:
            settle.socket_readers(self.gateway.pid)
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
        return terminal if not self._until else None

    @property
    def _current(self) -> Cell:
        return self._page.cells[self._cell]

    def _queries(self) -> Sequence[Any]:
        """The queries that run, and those in the cells' variables whose end is still news."""
        found = self._known()
        news = {run: query for run, query in found.items() if run not in self._reported}
        self._reported |= {run for run, query in news.items() if not query.isActive}
        return list(news.values())

    def _known(self) -> dict[str, Any]:
        """The queries that run, and those in the cells' variables, by run id."""
        if "pyspark.sql.streaming" not in sys.modules or self.gateway is None:
            return {}
        from pyspark.sql import SparkSession
        from pyspark.sql.streaming.query import StreamingQuery

        session = SparkSession.getActiveSession()
        found = {str(query.runId): query for query in session.streams.active} if session else {}
        held = [value for value in self._shell.user_ns.values() if type(value) is StreamingQuery]
        if session:
            found |= {str(query.runId): query for query in held}
        return found

    def _show_console(self) -> str:
        """Print what the JVM has written to its stdout since the last cell, and return it."""
        if self.gateway is None:
            return ""
        with Path(self.gateway.stdout).open("rb") as stdout:
            stdout.seek(self._shown)
            text = stdout.read()
        self._shown += len(text)
        shown = _tilde(text.decode("utf-8", "replace"))
        if shown:
            print(shown, end="")
        return shown

    def show_error(
        self,
        kind: type[BaseException],
        error: BaseException,
        _traceback: TracebackType | None,
        tb_offset: int | None = None,
    ) -> list[str]:
        """Show class and message, as a reader needs them: no traceback of this machine."""
        if isinstance(error, SyntaxError):
            message = f"{error.msg} (line {error.lineno})"
        else:
            message = _STACKTRACE.sub("", _APPENDIX.sub("", str(error)))
        lines = [f"{kind.__name__}: {message}".rstrip(": ")]
        self._shell._showtraceback(kind, lines[0].partition(": ")[2], lines)
        return lines

    # -- %%terminal

    def terminal(self, line: str, cell: str = "") -> None:
        """``%%terminal NAME``: type the cell's lines into the terminal called NAME."""
        name = line.strip()
        if name not in self._terminals:
            user = self._current.options.user or None
            self._terminals[name] = Terminal(name, Path.home(), os.environ, user)
        typed = self._typed = self._terminals[name]
        others = list(self._terminals.values())
        for command in cell.splitlines():
            ports.check(command)
            if command not in KEYS:
                self._recorder.keyboard.typed(name, command, typed.at_prompt)
            typed.type(command)
            settle.terminals(others, self._unless_until(typed))
            if self.gateway is not None:
                settle.socket_readers(self.gateway.pid)
                settle.queries([query for query in self._queries() if query.isActive])
        _show(typed)

    # -- the gateway

    def launch_gateway(self, conf: Any = None, popen_kwargs: Any = None) -> Any:
        """Stand in for PySpark's launcher: attach to the build's JVM where that is the same.

        An option that is read only when a JVM starts gets the page a JVM of its own.
        """
        from pyspark.java_gateway import launch_gateway

        options = [key for key, _ in conf.getAll()] if conf else []
        shared = None if any(map(jvm.needs_own_jvm, options)) else self._shared()
        if shared is None:
            tmp = Path(os.environ["TMPDIR"])
            out, errors = tmp / f"jvm-{os.getpid()}.out", tmp / f"jvm-{os.getpid()}.err"
            with out.open("wb") as first, errors.open("wb") as second:
                gateway = launch_gateway(conf, {"stdout": first, "stderr": second})
            parameters = gateway.java_parameters
            self.attach(
                jvm.Gateway(parameters.port, parameters.auth_token, gateway.proc.pid, str(out))
            )
            return gateway
        self.attach(shared)
        address = {
            "PYSPARK_GATEWAY_PORT": str(shared.port),
            "PYSPARK_GATEWAY_SECRET": shared.secret,
        }
        with patch.dict(os.environ, address):
            return launch_gateway(conf)

    def _shared(self) -> jvm.Gateway | None:
        """The build's JVM; None where each page starts its own."""
        self._build.send(("gateway", os.environ["HOME"]))
        answer: jvm.Gateway | str | None = self._build.recv()
        if isinstance(answer, str):
            raise BuildError(answer)
        return answer

    def attach(self, gateway: jvm.Gateway) -> None:
        """Show what the JVM of ``gateway`` prints from now on, and wait for what it does."""
        self.gateway = gateway
        self._shown = Path(gateway.stdout).stat().st_size

    @property
    def uses_spark(self) -> bool:
        """Whether the page will ask for a gateway."""
        return needs.spark(self._page)


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
    """Make ``shell`` the kernel of a page; called by IPython for ``--ext streamdocs.ipython``."""
    kernel = PageKernel(shell)
    shell.register_magic_function(kernel.terminal, "line_cell", "terminal")  # type: ignore[arg-type]
    shell.set_custom_exc((Exception,), lambda _shell, *error, **kw: kernel.show_error(*error, **kw))
    shell.events.register("pre_run_cell", kernel.before)
    shell.events.register("post_run_cell", kernel.after)
    if kernel.uses_spark:
        import pyspark.core.context

        setattr(pyspark.core.context, "launch_gateway", kernel.launch_gateway)  # noqa: B010
    return kernel
