"""What a page asks of the aula besides Jupyter's own kernels and terminals."""

import json
import os
import select
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import APIHandler
from jupyter_server_terminals.handlers import TermSocket
from jupyter_server_terminals.terminalmanager import TerminalManager
from tornado import web
from tornado.ioloop import IOLoop
from tornado.websocket import WebSocketClosedError

from streamdocs.aula.exercises import Exercises
from streamdocs.aula.lesson import BusyError, Lesson
from streamdocs.aula.place import NoPageError
from streamdocs.aula.typed import COMMAND, Typist

_WRITERS = 32
"""Terminals whose programs may all leave unread what is typed, with none in another's way."""

_LOOK = 200
"""Milliseconds after which who waits for room in a terminal looks whether it is still there."""

_closing = threading.Lock()
"""Held while a terminal is written to, or closed: its number may at once be another file's."""

_KEPT = 20_000
"""Pieces of what a terminal has shown, a key's echo each, that a page has back that is reloaded."""

LESSON = "streamdocs_lesson"
"""The setting of the web application that holds its Lesson."""

EXERCISES = "streamdocs_exercises"
"""The setting that holds its Exercises."""


class Live(APIHandler):
    """The page that is live."""

    @web.authenticated
    async def post(self) -> None:
        """Have a page be live: what has begun, or 409 and the name of the page in its way."""
        asked = self.get_json_body() or {}
        lesson: Lesson = self.settings[LESSON]
        try:
            page, window = str(asked.get("page")), str(asked.get("window", ""))
            begun = await lesson.turn_to(page, window, insist=bool(asked.get("insist")))
            answer = asdict(begun)
        except NoPageError:
            raise web.HTTPError(404, "no such page") from None
        except BusyError as busy:
            self.set_status(409)
            answer = {"page": str(busy)}
        self.finish(json.dumps(answer))

    @web.authenticated
    async def delete(self) -> None:
        """End what runs in the page."""
        await self.settings[LESSON].close()
        self.set_status(204)


class Program(APIHandler):
    """The reader's program of an exercise."""

    @web.authenticated
    async def get(self, name: str) -> None:
        """What has been written, and where it is kept."""
        exercises = self._exercises(name)
        answer = {"text": exercises.text(name), "file": str(exercises.file(name))}
        self.finish(json.dumps(answer))

    @web.authenticated
    async def put(self, name: str) -> None:
        """Keep what has been written."""
        self._exercises(name).keep(name, self._written())
        self.set_status(204)

    @web.authenticated
    async def post(self, name: str) -> None:
        """Keep what has been written, and check it."""
        exercises = self._exercises(name)
        exercises.keep(name, self._written())
        self.finish(json.dumps(asdict(await exercises.check(name))))

    def _exercises(self, name: str) -> Exercises:
        exercises: Exercises = self.settings[EXERCISES]
        try:
            exercises.file(name)
        except KeyError:
            raise web.HTTPError(404, "no such exercise") from None
        return exercises

    def _written(self) -> str:
        text = (self.get_json_body() or {}).get("text")
        if not isinstance(text, str):
            raise web.HTTPError(400, "what text?")
        return text


def listen(terminal: Any, typist: Typist, written: Callable[[], object]) -> None:
    """Have ``typist`` hear what is typed into a terminal of Terminado's, and what it shows.

    ``written`` is called when what was typed is in the terminal, in the thread that wrote it.
    """
    terminal.clients.append(typist)
    pty = terminal.ptyproc
    os.set_blocking(pty.fd, False)

    def pressed(keys: str) -> None:
        typist.pressed(keys)
        _write(pty, keys.encode())
        written()

    pty.write = pressed


def _write(pty: Any, rest: bytes) -> None:
    """Write all of ``rest`` to a terminal, or what is taken until it is gone.

    ptyprocess would wait for who reads nothing, and whoever closes the terminal for ptyprocess.
    """
    while rest:
        try:
            with _closing:
                if pty.closed:
                    return
                room = select.poll()
                room.register(pty.fd, select.POLLOUT)
                rest = rest[os.write(pty.fd, rest) :]
        except BlockingIOError:
            room.poll(_LOOK)
        except OSError:  # nobody is left at its other end
            return


def _acknowledge(terminal: Any) -> None:
    """Tell the windows in which a terminal is seen that what was typed is in it."""
    for window in terminal.clients:
        if isinstance(window, TermSocket):
            with suppress(WebSocketClosedError):
                window.send_json_message(["written"])


class Terminals(TerminalManager):
    """Shells in the folder and the environment of the page that is live."""

    def __init__(self, **kwargs: object) -> None:
        """As Terminado, but for its one thread, in which who reads nothing stops the others."""
        super().__init__(**kwargs)
        self.blocking_io_executor = ThreadPoolExecutor(_WRITERS)

    def on_eof(self, terminal: Any) -> None:
        """Whoever was its shell may have closed it, and live: ptyprocess would wait for its end."""
        terminal.ptyproc.flag_eof = False
        with _closing:
            super().on_eof(terminal)

    def make_term_env(self, *_: object, **__: object) -> dict[str, str]:
        """Nothing of the server's; marks that tell the page whether the shell waits."""
        return {
            **self._lesson().environment(),
            "TERM": "xterm-256color",
            "HISTFILE": "",
            # An OSC of our own, which no terminal shows: N when the shell has nothing more to do, P
            # and its pid where its prompt ends, which is drawn again with each change of size, M
            # when it wants more of a command, C when it runs, and what.
            "PROMPT_COMMAND": r"printf '\e]7700;N\a'",
            "PS1": r"$ \[\e]7700;P$$\a\]",
            "PS0": rf"\e]7700;C;{COMMAND}\a",
            "PS2": r"> \[\e]7700;M\a\]",
        }

    def new_named_terminal(self, **kwargs: object) -> tuple[str, Any]:
        """The terminal of that name, which a page that is loaded again has already."""
        name = str(kwargs.get("name", ""))
        if name in self.terminals:
            return name, self.terminals[name]
        lesson = self._lesson()
        if not Path(str(lesson.folder)).is_dir():
            raise web.HTTPError(409, "its folder is gone")
        name, terminal = super().new_named_terminal(name=name, cwd=lesson.folder)
        terminal.read_buffer = deque(terminal.read_buffer, _KEPT)
        written = partial(IOLoop.current().add_callback, _acknowledge, terminal)
        listen(terminal, Typist(name, lesson.typed), written)
        return name, terminal

    def _lesson(self) -> Lesson:
        server: Any = self.parent
        lesson: Lesson = server.web_app.settings[LESSON]
        if lesson.folder is None:
            raise web.HTTPError(409, "no page is live")
        return lesson
