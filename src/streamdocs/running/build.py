"""What the pages of one build share: a workspace, a broker, a JVM, and a line to each kernel."""

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch

from streamdocs.course.page import Page
from streamdocs.errors import BuildError, StreamdocsError
from streamdocs.kafka import tools
from streamdocs.kafka.broker import Broker
from streamdocs.running import execution, jvm, upstream
from streamdocs.running.channel import Office
from streamdocs.running.workspace import Workspace

current: "Build | None" = None
"""The build of this process, for the kernels that it starts."""


@dataclass(frozen=True)
class Event:
    """Something to show of a page that runs: a cell that begins, or a wait that is long."""

    page: Page
    cell: int
    waiting: str = ""


class Build:
    """A context in which kernels of the kind «streamdocs» can run pages."""

    def __init__(
        self, examples: Path, report: Callable[[Event], None], *, warm: bool = True
    ) -> None:
        """Prepare a build.

        Args:
            examples: folder that each page finds as ``~/examples``.
            report: called, from other threads too, with what happens inside the pages.
            warm: whether pages share a JVM that starts soon; else each starts its own, with no
                options of ours, as a reader's notebook does.
        """
        self.page = Page("", ())
        self._cell = 0
        self._report = report
        self.workspace = Workspace(examples, self._waits, jvm.SPARK_QUICK if warm else None)
        self._opened = False
        self._refused: Exception | None = None
        self._broker: Broker | None = None
        self._warm = jvm.Warm(self._start_jvm) if warm else None
        self._jvms = 0
        self._leaving = ExitStack()

    def __enter__(self) -> Self:
        global current
        if current is not None:
            raise BuildError("Ya hay una construcción en marcha en este proceso.")
        current = self
        execute = partial(execution.execute, self.begins)
        self._leaving.enter_context(upstream.executing_with(execute))
        self._leaving.enter_context(upstream.keeping_once())
        return self

    def __exit__(self, *_: object) -> None:
        global current
        current = None
        self._leaving.close()

    def open(self) -> None:
        """Open the workspace; the first kernel needs it, not the build. Raises what that raises."""
        if self._refused is not None:
            raise self._refused
        if self._opened:
            return
        self._opened = True
        try:
            self._open()
        except (StreamdocsError, OSError) as error:
            # Each page would wait as long, and fail, again.
            self._refused = error
            raise

    def _open(self) -> None:
        # Left in the opposite order: once nothing runs, no thread waits for a JVM.
        if self._warm:
            self._leaving.callback(self._warm.close)
        self._leaving.callback(self.workspace.close)
        self.workspace.open()
        # jupyter_client, in this process, keeps connection files and reads configuration here.
        names = ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR")
        own = dict.fromkeys(names, str(self.workspace.folder / "jupyter"))
        self._leaving.enter_context(patch.dict(os.environ, own))
        self._leaving.callback(Office(self.workspace.folder / "socket", self._answer).close)

    def start_kafka(self, *, empty: bool = False) -> None:
        """Have the broker run, and its tools on the pages' PATH; ``empty``, with nothing in it.

        Raises KafkaError where there is none to be had.
        """
        if self._broker is None:
            home = self.workspace.place("kafka")
            tools.install(self.workspace.folder / "bin", home.path)
            self._broker = Broker(home.path, self.workspace.environment(home))
            self._leaving.callback(self._broker.stop, "KILL")
        begin = self._broker.renew if empty else self._broker.ensure
        begin()

    def kafka_suspended(self) -> AbstractContextManager[None]:
        """While this is entered, the broker, which runs, answers nobody."""
        assert self._broker is not None, "nobody has had the broker run"
        return self._broker.suspended()

    def warm_up(self) -> None:
        """Begin to start the pages' JVM, if none runs; a page that asks for it waits for it."""
        if self._warm is not None:
            self._warm.begin()

    def gateway(self, home: str, settings: Mapping[str, str]) -> jvm.Gateway | None:
        """The shared JVM, as good as new for whom ``home`` belongs to; None if each has its own.

        ``settings`` are options of Spark. Raises BuildError or WaitTimeoutError where there is no
        JVM to be had.
        """
        return self._warm.gateway(home, settings) if self._warm else None

    def _start_jvm(self) -> jvm.Jvm:
        self._jvms += 1
        return jvm.Jvm(self.workspace, self.workspace.place(f"jvm-{self._jvms}"))

    def begins(self, cell: int) -> None:
        """The code cell with that number, from 0, of the page is about to run."""
        self._cell = cell
        self._report(Event(self.page, cell))

    def _waits(self, what: str) -> None:
        self._report(Event(self.page, self._cell, what))

    def _answer(self, about: str, value: Any) -> Any:
        """What a kernel is told that asks."""
        match about:
            case "page":
                return self.page
            case "cell":
                return self._cell
            case "waiting":
                return self._waits(value)
            case "gateway":
                return self.gateway(value, {})
        raise BuildError(f"No hay respuesta a «{about}».")
