"""What this room knows of the insides of others: each can change without notice.

Every one has a test in ``tests/test_upstream_running.py`` that fails when it does. The recorder,
which belongs to another room, knows some of its own: ``query._jsq``, ``sink().toString()``,
``resolvedCheckpointRoot`` and ``_jdf.showString``; and that sources and operators have the numbers
of their places in a progress, which it compares with Spark's count of their rows.
"""

import fcntl
import os
import warnings
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:  # the JVM's owner needs none of it, and starts sooner
    from IPython.core.interactiveshell import InteractiveShell


_ENDED = 10_000
"""Milliseconds that a query may take to end once its thread is interrupted."""


def executing_with(execute: Callable[..., Any]) -> AbstractContextManager[object]:
    """While this is entered, jupyter-cache runs notebooks with ``execute``: it has no hook."""
    from jupyter_cache.executors import utils

    return patch.object(utils, "executenb", execute)


def keeping_once() -> AbstractContextManager[object]:
    """While this is entered, of two processes that run one page at once, one keeps its outputs.

    jupyter-cache removes what the other has kept, and fails where that is not there yet.
    """
    from jupyter_cache.cache.main import JupyterCacheBase

    keep = JupyterCacheBase.cache_notebook_bundle

    def keep_once(cache: Any, bundle: Any, **options: Any) -> Any:
        with (cache.path / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with suppress(KeyError):
                return cache.match_cache_notebook(bundle.nb)
            return keep(cache, bundle, **options)

    return patch.object(JupyterCacheBase, "cache_notebook_bundle", keep_once)


def over_sockets(manager: Any, address: Path) -> None:
    """Have the kernel of ``manager`` listen on sockets at ``address``, and on no port."""
    for name, value in {"transport": "ipc", "ip": str(address)}.items():
        manager.set_trait(name, value)


def launching_with(launch: Callable[..., Any]) -> None:
    """Have PySpark's contexts get their JVM from ``launch``: it has no hook either."""
    from pyspark.core import context

    patch.object(context, "launch_gateway", launch).start()


def number_functions(gateway: Any) -> Any:
    """Have ``gateway`` give numbers of its own to the functions that the JVM calls back.

    py4j numbers them from 0 in each process. When a shared JVM forgets one of the last page's, it
    tells the page that runs now, by the number, and that page would lose its own: «Object ID
    unknown».
    """
    gateway.gateway_property.pool.next_id = os.getpid() * 10**6
    return gateway


def turn(jvm: Any, home: str, settings: Mapping[str, str]) -> None:
    """Make ``jvm``, seen through py4j, as good as new, with ``home`` as its folder.

    ``settings`` are options of Spark that its next context takes.
    """
    context = getattr(getattr(jvm.org.apache.spark, "SparkContext$"), "MODULE$").getActive()
    if context.isDefined():
        context.get().stop()
    _end_queries(jvm)
    session = jvm.org.apache.spark.sql.classic.SparkSession
    session.clearActiveSession()
    session.clearDefaultSession()
    system = jvm.java.lang.System
    own = {"user.dir": home, "spark.sql.warehouse.dir": f"{home}/spark-warehouse"}
    for name, value in {**own, **settings}.items():
        system.setProperty(name, value)
    # Hadoop's file systems remember the working directory that they were made with.
    jvm.org.apache.hadoop.fs.FileSystem.closeAll()


def _end_queries(jvm: Any) -> None:
    """End the queries that a stopped context left: for ever, they look for files that nobody reads.

    A context does not know them, and a session that is stopped as well is found nowhere.
    """
    threads = [
        thread
        for thread in jvm.java.lang.Thread.getAllStackTraces().keySet()
        if thread.getName().startswith("stream execution thread")
    ]
    for thread in threads:
        thread.interrupt()
    for thread in threads:
        thread.join(_ENDED)


def show(shell: "InteractiveShell", kind: type[BaseException], lines: list[str]) -> None:
    """Send ``lines`` as the error of the cell that runs."""
    shell._showtraceback(kind, lines[0].partition(": ")[2], lines)


def name_cells(shell: "InteractiveShell") -> None:
    """Have Python call a cell's code by its number, and not by a file that is not there."""
    patch.object(shell.compile, "get_code_name", _code_name).start()


def _code_name(_raw: str, _code: str, number: int) -> str:
    return f"<celda {number}>"


def exit_quietly(shell: "InteractiveShell", show_error: Callable[..., Any]) -> None:
    """Have ``SystemExit`` shown like any other error, without advice on how to leave IPython."""
    patch.object(shell, "showtraceback", show_error).start()
    warnings.filterwarnings("ignore", "To exit: use", UserWarning)
