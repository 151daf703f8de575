"""The queries that a live page's cells start: what they print and how they end belongs to the cell.

PySpark's own methods are wrapped, and go on as they are for who calls them.
"""

import re
import sys
import threading
from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

from pyspark.errors import StreamingQueryException
from pyspark.sql.streaming.query import StreamingQueryManager
from pyspark.sql.streaming.readwriter import DataStreamWriter

from streamdocs.aula.consoles import BEFALLS
from streamdocs.aula.recordings import Recordings, wanted
from streamdocs.aula.typed import Typed

Parent = dict[str, Any]
"""The message that asked for a cell."""

_HEARD = ("onQueryStarted", "onQueryProgress", "onQueryIdle", "onQueryTerminated")
"""What Spark calls of a listener."""

_REASON = re.compile(r"terminated with exception: (.+?)(?: SQLSTATE: \w+)?$", re.MULTILINE)
"""Why a query died, on the first line of its exception."""


class Kernel(Protocol):
    """What is asked of the kernel, and what it is told."""

    recordings: Recordings

    def parent(self) -> Parent:
        """The message that asked for the cell that runs."""

    def typed(self) -> Typed:
        """What a query reads of the terminals that starts now."""

    def tell_end(self, reason: str, parent: Parent) -> None:
        """Say why a query has died that the cell began whose message ``parent`` is."""


def print_where_they_are_named(kernel: Kernel) -> None:
    """Have functions for each batch, and listeners, print under the cells that name them."""
    writer: Any = DataStreamWriter
    manager: Any = StreamingQueryManager
    for_each, add = writer.foreachBatch, manager.addListener

    # The parameters have the names that Spark's have: a cell may write them.
    def each_batch(self: Any, func: Callable[..., Any]) -> Any:
        return for_each(self, _under_its_cell(kernel, func))

    def listen(self: Any, listener: Any) -> None:
        for name in _HEARD:
            heard = getattr(listener, name)
            # One that is added again prints under the cell that adds it.
            setattr(listener, name, _under_its_cell(kernel, getattr(heard, "heard", heard)))
        add(self, listener)

    writer.foreachBatch, manager.addListener = each_batch, listen


def _under_its_cell(kernel: Kernel, function: Callable[..., Any]) -> Callable[..., Any]:
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

    call.heard = function  # type: ignore[attr-defined]
    return call


def follow(kernel: Kernel) -> None:
    """Record the queries that a cell starts whose page has recorded them; tell of all that die.

    Their cells have ended well by then, and nobody may ask.
    """
    writer: Any = DataStreamWriter

    def followed(begin: Callable[..., Any], *, recorded: bool) -> Callable[..., Any]:
        @wraps(begin)
        def begun(*arguments: Any, **options: Any) -> Any:
            parent = kernel.parent()
            # Once it has started, it may read.
            before = kernel.typed() if recorded and wanted(parent) else None
            query = begin(*arguments, **options)
            if before is not None:
                kernel.recordings.started(query, before, parent)
            threading.Thread(target=_wait, args=(kernel, query, parent), daemon=True).start()
            return query

        return begun

    writer.start = followed(writer.start, recorded=True)
    # What goes to a table prints nothing that could be played.
    writer.toTable = followed(writer.toTable, recorded=False)


def _wait(kernel: Kernel, query: Any, parent: Parent) -> None:
    try:
        query.awaitTermination()
    except StreamingQueryException as error:
        found = _REASON.search(str(error))
        kernel.tell_end(found[1] if found else str(error).partition("\n")[0], parent)
    except BEFALLS:  # the JVM is gone, and the query with it
        pass
