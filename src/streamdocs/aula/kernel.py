"""The IPython extension of a live page's kernel."""

import os
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyspark.core.context
import pyspark.java_gateway
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import no_var_expand
from pyspark.logger import PySparkLogger

from streamdocs.aula import queries, shells, typed
from streamdocs.aula.consoles import Consoles, active
from streamdocs.aula.recordings import Recordings
from streamdocs.course.page import Cell
from streamdocs.running import jvm, settle, upstream
from streamdocs.running.kernel import PageKernel
from streamdocs.system import guard, waiting

_CONTEXTS = ("DataFrameQueryContextLogger", "SQLQueryContextLogger")
"""PySpark's loggers that write thousands of characters of JSON before each error of an analysis."""

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

    # What is asked is no Python: IPython would evaluate what stands in it between braces.
    @no_var_expand
    def settle(self, line: str) -> None:
        """``%aula_reposo``: return when Spark has answered to all that was typed.

        ``%aula_reposo batches N``: when a query has finished N micro-batches, as ``:until:`` asks.
        ``%aula_reposo shell PID``: when the command of that shell has ended, too, or waits.

        A page that runs itself waits so between its cells, as its author's build did.
        """
        pids = shells.of_page()
        what = "los programas de los terminales queden en reposo"
        kind, _, number = line.partition(" ")
        busy = [int(number)] if kind == "shell" else []
        calm = settle.Calm()
        waiting.until(lambda: calm.reached(shells.look(pids, busy)), what, settle.DEADLINE)
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
        return typed.Typed(typed.notes(Path.home()), sum(map(shells.unread, shells.of_page())))


def _end(warm: Future[Any]) -> None:
    """End a JVM that nobody has used; it reads its stdin, and ends with that."""
    if warm.exception() is None:
        warm.result().shutdown()
        warm.result().proc.stdin.close()


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
    queries.print_where_they_are_named(kernel)
    queries.follow(kernel)
    for name in _CONTEXTS:
        PySparkLogger.getLogger(name).disabled = True
    return kernel
