"""The IPython extension of a live page's kernel."""

import fcntl
import os
import re
import sys
import termios
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any

import psutil
import pyspark.core.context
import pyspark.java_gateway
from IPython.core.interactiveshell import InteractiveShell
from pyspark.errors import StreamingQueryException
from pyspark.logger import PySparkLogger
from pyspark.sql.streaming.query import StreamingQueryManager
from pyspark.sql.streaming.readwriter import DataStreamWriter

from streamdocs.aula import typed
from streamdocs.aula.consoles import BEFALLS, Consoles, active
from streamdocs.aula.recordings import Recordings, wanted
from streamdocs.course.page import Cell
from streamdocs.running import jvm, settle, upstream
from streamdocs.running.kernel import PageKernel
from streamdocs.system import guard, procfs, waiting

_HEARD = ("onQueryStarted", "onQueryProgress", "onQueryIdle", "onQueryTerminated")
"""What Spark calls of a listener."""

_CONTEXTS = ("DataFrameQueryContextLogger", "SQLQueryContextLogger")
"""PySpark's loggers that write thousands of characters of JSON before each error of an analysis."""

_REASON = re.compile(r"terminated with exception: (.+?)(?: SQLSTATE: \w+)?$", re.MULTILINE)
"""Why a query died, on the first line of its exception."""

_launch_gateway: Any = pyspark.java_gateway.launch_gateway


class LiveKernel(PageKernel):
    """The state of a page that a reader runs: there is no build to ask, and no cell is expected."""

    def __init__(self, shell: InteractiveShell) -> None:
        """Begin to start the JVM, while the reader still reads."""
        self._shell = shell
        self._current = Cell(0, "")
        self._folder = Path(os.environ["TMPDIR"])
        self._kernel: Any = shell.kernel  # type: ignore[attr-defined]
        self._pid = 0
        self.recordings = Recordings(self._display)
        self.consoles = Consoles(self._folder, self._print)
        self._warm: Future[Any] | None = ThreadPoolExecutor(1).submit(self._start)

    def _print(self, text: str, parent: dict[str, Any]) -> None:
        self._send("stream", {"name": "stdout", "text": text}, parent)
        self.recordings.printed(text, parent)

    def _display(self, data: dict[str, Any], parent: dict[str, Any]) -> None:
        self._send("display_data", {"data": data, "metadata": {}, "transient": {}}, parent)

    def _send(self, kind: str, content: dict[str, Any], parent: dict[str, Any]) -> None:
        kernel, ident = self._kernel, kind.encode()
        kernel.session.send(kernel.iopub_socket, kind, content, parent=parent, ident=ident)

    def tell_end(self, reason: str, parent: dict[str, Any]) -> None:
        """Say why a query has died that the cell began whose message ``parent`` is."""
        self._send("query_ended", {"reason": reason}, parent)

    def parent(self) -> dict[str, Any]:
        """The message that asked for the cell that runs."""
        return dict(self._kernel.get_parent())

    def launch(self, conf: Any = None, popen_kwargs: Any = None) -> Any:
        """Stand in for PySpark's launcher: the JVM is warm, unless a new one is needed."""
        options = [key for key, _ in conf.getAll()] if conf else []
        own = any(map(jvm.needs_own_jvm, options))
        if own and self._warm:
            self._warm.add_done_callback(_end)  # 600 MB that nobody would use
            self._warm = None
        gateway = self._warm.result() if self._warm else self._start(conf)
        self._pid = gateway.proc.pid
        self.consoles.attach(gateway.jvm, self.parent())
        return gateway

    def _start(self, conf: Any = None) -> Any:
        """A JVM whose log goes to a file: what it warns of stands under no cell."""
        with (self._folder / f"jvm-{os.getpid()}.err").open("wb") as errors:
            return _launch_gateway(conf, {"stderr": errors})

    def settle(self, line: str) -> None:
        """``%aula_reposo``: return when Spark has answered to all that was typed.

        ``%aula_reposo batches N``: when a query has finished N micro-batches, as ``:until:`` asks.
        ``%aula_reposo shell PID``: when the command of that shell has ended, too, or waits.

        A page that runs itself waits so between its cells, as its author's build did.
        """
        shells = [process.pid for process in _shells()]
        what = "los programas de los terminales queden en reposo"
        kind, _, number = line.partition(" ")
        busy = [int(number)] if kind == "shell" else []
        waiting.until(lambda: _calm(shells) and not any(map(_goes_on, busy)), what, settle.DEADLINE)
        if self._pid:
            settle.socket_readers(self._pid)
            with suppress(settle.QueryDiedError):  # who asks for the query is told
                if kind == "batches" and (running := active()):
                    settle.until(f"batches>={number}", running, (), None)
                else:
                    settle.queries(active())
        self.recordings.catch_up()

    def typed(self) -> typed.Typed:
        """What a query reads of the terminals that starts now."""
        return typed.Typed(typed.notes(Path.home()), sum(map(_unread, _shells())))


def _end(warm: Future[Any]) -> None:
    """End a JVM that nobody has used; it reads its stdin, and ends with that."""
    if warm.exception() is None:
        warm.result().shutdown()
        warm.result().proc.stdin.close()


def _shells() -> list[psutil.Process]:
    """The shells of the page's terminals."""
    return [process for process in guard.tagged(os.environ[guard.TAG]) if _leads(process)]


def _unread(shell: psutil.Process) -> int:
    """Bytes of whole lines that wait in the terminal of a ``shell`` for a program to read them."""
    with suppress(psutil.Error, OSError):
        keyboard = os.open(str(shell.terminal()), os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            size = fcntl.ioctl(keyboard, termios.FIONREAD, bytes(4))
        finally:
            os.close(keyboard)
        return int.from_bytes(size, sys.byteorder)
    return 0


def _leads(process: psutil.Process) -> bool:
    """Whether it is the shell of a terminal."""
    with suppress(psutil.Error, ProcessLookupError):
        return process.terminal() is not None and os.getsid(process.pid) == process.pid
    return False


def _calm(shells: list[int]) -> bool:
    """Whether all that runs in the terminals slept in two looks, and had nothing to read."""
    first = procfs.sessions(shells)
    if any(not seen.asleep for seen in first.values()) or procfs.unread_bytes(first):
        return False
    return procfs.sessions(shells) == first


def _goes_on(shell: int) -> bool:
    """Whether a program with threads (a JVM) answers the shell: no look tells that it is calm."""
    with suppress(OSError):  # the shell has ended
        front = int(Path(f"/proc/{shell}/stat").read_text().rsplit(")", 1)[1].split()[5])
        running = procfs.sessions([shell]).values()
        return any(seen.group == front and seen.threads > 1 for seen in running)
    return False


def _under_its_cell(kernel: LiveKernel, function: Callable[..., Any]) -> Callable[..., Any]:
    """Have what ``function`` prints stand under the cell that runs now, which names it.

    Spark calls it in a thread of py4j's, and ipykernel would put that under the last cell that ran.
    """
    parent = kernel.parent()
    stdout: Any = sys.stdout

    def call(*arguments: Any) -> Any:
        token = stdout.set_thread_parent(parent)
        try:
            return function(*arguments)
        finally:
            stdout.reset_thread_parent(token)

    return call


def _print_where_they_are_named(kernel: LiveKernel) -> None:
    """Have functions for each batch, and listeners, print under the cells that name them."""
    writer: Any = DataStreamWriter
    manager: Any = StreamingQueryManager
    for_each, add = writer.foreachBatch, manager.addListener

    # The parameters have the names that Spark's have: a cell may write them.
    def each_batch(self: Any, func: Callable[..., Any]) -> Any:
        return for_each(self, _under_its_cell(kernel, func))

    def listen(self: Any, listener: Any) -> None:
        for name in _HEARD:
            setattr(listener, name, _under_its_cell(kernel, getattr(listener, name)))
        add(self, listener)

    writer.foreachBatch, manager.addListener = each_batch, listen


def _follow_what_starts(kernel: LiveKernel) -> None:
    """Have the queries that a cell starts recorded, if the page has recorded that cell's."""
    writer: Any = DataStreamWriter
    start = writer.start

    @wraps(start)
    def begin(self: Any, *arguments: Any, **options: Any) -> Any:
        parent = kernel.parent()
        if not wanted(parent):
            return start(self, *arguments, **options)
        before = kernel.typed()  # once it has started, it may read
        query = start(self, *arguments, **options)
        kernel.recordings.started(query, before, parent)
        return query

    writer.start = begin


def _tell_of_their_end(kernel: LiveKernel) -> None:
    """Have the queries that die say it: their cells have ended well, and nobody may ask."""
    writer: Any = DataStreamWriter

    def telling(begin: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(begin)
        def begun(*arguments: Any, **named: Any) -> Any:
            query = begin(*arguments, **named)
            ends = (kernel, query, kernel.parent())
            threading.Thread(target=_wait, args=ends, daemon=True).start()
            return query

        return begun

    writer.start, writer.toTable = telling(writer.start), telling(writer.toTable)


def _wait(kernel: LiveKernel, query: Any, parent: dict[str, Any]) -> None:
    try:
        query.awaitTermination()
    except StreamingQueryException as error:
        found = _REASON.search(str(error))
        kernel.tell_end(found[1] if found else str(error).partition("\n")[0], parent)
    except BEFALLS:  # the JVM is gone, and the query with it
        pass


def load_ipython_extension(shell: InteractiveShell) -> LiveKernel:
    """Make ``shell`` the kernel of a live page; called by IPython for the extension's name."""
    guard.adopt_orphans()
    kernel = LiveKernel(shell)
    shell.register_magic_function(kernel.settle, "line", "aula_reposo")  # type: ignore[arg-type]
    shell.set_custom_exc((Exception,), lambda _shell, *error, **_: kernel.show_error(*error))
    upstream.name_cells(shell)
    upstream.exit_quietly(shell, kernel.show_error)
    upstream.launching_with(kernel.launch)
    shell.events.register("pre_run_cell", lambda _info: kernel.recordings.catch_up())
    shell.events.register("pre_run_cell", lambda _info: kernel.consoles.before(kernel.parent()))
    shell.events.register("post_run_cell", lambda _result: kernel.consoles.after())
    _print_where_they_are_named(kernel)
    _follow_what_starts(kernel)
    _tell_of_their_end(kernel)
    for name in _CONTEXTS:
        PySparkLogger.getLogger(name).disabled = True
    return kernel
