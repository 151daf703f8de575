"""The page that is live: its kernel, its terminals and its folder. There is one at a time."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from bs4 import BeautifulSoup
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado import web

from streamdocs.aula import fetch, typed
from streamdocs.aula.broker import PageBroker
from streamdocs.aula.place import Place
from streamdocs.aula.recorded import Recorded, recorded
from streamdocs.course import needs
from streamdocs.errors import StreamdocsError
from streamdocs.kafka.broker import CONTROLLER_PORT, PORT
from streamdocs.running.workspace import Home
from streamdocs.system.ports import PortInUseError

KERNEL = "aula"
"""The name of the kernelspec that the aula's kernels have."""

_TAKEN = (
    f"Otro programa tiene el puerto {PORT} o el {CONTROLLER_PORT}, quizá otra aula: lo que "
    "ejecutes iría a él. Ciérralo, y recarga."
)

_HANDSHAKE = 5.0
"""Seconds that a window may take to open its line to a kernel of which it has been told."""

_GOING_AWAY = 1001
"""Why a websocket is closed whose kernel has ended: RFC 6455, 7.4.1."""


@dataclass(frozen=True)
class Begun:
    """A page that is live: its kernel's id, which cells are recorded, and what it lacks."""

    kernel: str
    records: tuple[Recorded, ...]
    lacks: str = ""


class BusyError(Exception):
    """Another page is live, in a window that is open."""


class Lesson:
    """What a page's cells and terminals run in.

    The ports that the pages speak of are one each, and a JVM takes 600 MB: a page takes the place
    of the last one.
    """

    def __init__(self, place: Place, texts: Path, kernels: Any, terminals: Any) -> None:
        """``kernels`` and ``terminals`` are Jupyter's managers of them.

        The pages' ``texts`` say of which cells the queries are recorded.
        """
        self._place = place
        self._texts = texts
        self._kernels = kernels
        self._terminals = terminals
        self._broker = PageBroker(place)
        self._turning = asyncio.Lock()
        self.page = ""
        self._kernel = self._lacks = ""
        self._records: tuple[Recorded, ...] = ()
        self._home: Home | None = None
        self._window = ""
        self._awaited = 0.0

    async def turn_to(self, page: str, window: str, *, insist: bool) -> Begun:
        """Have ``page`` be live in the ``window``, a tab of the browser's, of that name.

        Raises BusyError where another is, in another window, unless who asks ``insist``;
        NoPageError where the site has none of that name.
        """
        kafka = _needs_kafka(self._place.text(page))
        self._refuse(page, window, insist)
        # It may take ten minutes: meanwhile the page that is live goes on.
        unfetched = await fetch.kafka() if kafka else ""
        async with self._turning:
            fresh = not self._shows(page)
            if fresh:
                self._refuse(page, window, insist)
                await self._close()
                self._home = self._place.new_home()
                self._kernel = await self._kernels.start_kernel(
                    kernel_name=KERNEL, cwd=str(self._home.path), env=dict(self.environment())
                )
                self.page = page
                # Meanwhile the kernel comes up.
                text, examples = self._texts / f"{page}.md", self._home.path / "examples"
                self._records = await asyncio.to_thread(recorded, text, examples)
            if kafka and (fresh or self._lacks):  # who loads it again has mended what it lacked
                self._lacks = unfetched or await self._begin_broker()
            self._window, self._awaited = window, time.monotonic() + _HANDSHAKE
            return Begun(self._kernel, self._records, self._lacks)

    async def _begin_broker(self) -> str:
        """Why there is no broker; "" if there is one."""
        try:
            await asyncio.to_thread(self._broker.begin)
        except (PortInUseError, psutil.Error):  # what held it may have ended since
            return _TAKEN
        except (StreamdocsError, OSError) as error:
            return str(error)
        return ""

    def _shows(self, page: str) -> bool:
        return page == self.page and self._kernel in self._kernels

    def _refuse(self, page: str, window: str, insist: bool) -> None:
        if not insist and not self._shows(page) and self._watched(window):
            raise BusyError(self.page)

    def _watched(self, window: str) -> bool:
        """Whether a window shows it, or one other than ``window`` is about to."""
        if self._kernel not in self._kernels:
            return False
        awaited = window != self._window and time.monotonic() < self._awaited
        return awaited or bool(_lines(self._kernel))

    @property
    def folder(self) -> str | None:
        """Where the page's terminals open; None while no page is live."""
        return str(self._home.path) if self._home else None

    @property
    def typed(self) -> Path:
        """Where it is noted what is typed into its programs that listen."""
        assert self._home, "no page is live"
        return typed.notes(self._home.path)

    def environment(self) -> Mapping[str, str]:
        """The environment of what runs in the page."""
        assert self._home, "no page is live"
        return self._place.environment(self._home)

    async def close(self) -> None:
        """End all that runs in the page, and remove its folder."""
        async with self._turning:
            await self._close()

    async def _close(self) -> None:
        # From now on no terminal opens in it.
        home, self._home = self._home, None
        if home is None:
            return
        lines = _lines(self._kernel)
        if self._kernel in self._kernels:
            self._kernels.get_kernel(self._kernel).stop_restarter()
        # First, while what they started is still below them: later, what took off the tag is lost.
        quiet = asyncio.subprocess.DEVNULL
        ender = self._place.ender(home)
        ending = await asyncio.create_subprocess_exec(*ender, stdin=quiet, stdout=quiet)
        await ending.wait()
        if self._kernel in self._kernels:
            await self._kernels.shutdown_kernel(self._kernel, now=True)
        for line in lines:
            line.close(_GOING_AWAY)  # its page learns it now, and not when it asks
        for name in list(self._terminals.terminals):
            with suppress(web.HTTPError):  # its end has been seen meanwhile
                await self._terminals.terminate(name, force=True)
        await asyncio.to_thread(self._broker.end)
        self.page = self._kernel = self._lacks = ""


def _lines(kernel: str) -> list[Any]:
    """The websockets that lead to a kernel, or will once it has started.

    When it has ended, Jupyter knows them no more.
    """
    opened: list[Any] = list(ZMQChannelsWebsocketConnection._open_sessions.values())
    return [line for line in opened if line.kernel_id == kernel]


def _needs_kafka(page: str) -> bool:
    """Whether a cell of ``page``, which is HTML, reaches for a broker; others only speak of it."""
    if not needs.kafka([page]):
        return False
    cells = BeautifulSoup(page, "html.parser").select(".cell_input, .terminal-text")
    return needs.kafka(cell.get_text() for cell in cells)
