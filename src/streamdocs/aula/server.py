"""Jupyter Server with less: its kernels and terminals, its token, and nobody's configuration."""

import errno
import json
import secrets
import signal
import socket
import sys
import uuid
import warnings
from pathlib import Path
from typing import Any

# Half of the time of its start: a grammar for a string format that nothing here checks.
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]

from jupyter_server.auth.identity import PasswordIdentityProvider
from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import JupyterServerAuthWarning
from tornado.httputil import HTTPServerRequest
from tornado.netutil import bind_sockets
from tornado.routing import Matcher, Rule
from traitlets.config import Config

from streamdocs.aula.exercises import Exercises
from streamdocs.aula.files import BUNDLE, PAGES, Files, Nothing, Site
from streamdocs.aula.handlers import EXERCISES, LESSON, Live, Program, Terminals
from streamdocs.aula.lesson import KERNEL, Lesson
from streamdocs.aula.place import Place
from streamdocs.errors import StreamdocsError

_HOST = "127.0.0.1"
_HOST_6 = "::1"
_TRIES = 100
"""Ports that are tried: one that is free at one loopback may be another's at the other."""

_NAME = "aula-{}.localhost"
_STATIC = Path(__file__).parent / "static"
_PROGRAMS = "curso"
"""The folder of the reader's own in which what they write stays."""

_JUPYTERS = r"(?:api/(?:kernels|terminals)|terminals/websocket)(?:/|$)"
"""What of Jupyter's an aula has; its other paths would answer to who has not the token, too."""

# A shell that was started in the background ignores Control+C, and its children with it. Backspace
# erases a letter, and not a byte: where a program reads, «ñ» is two.
_SHELL = (
    "/bin/sh",
    "-c",
    "stty iutf8; exec /usr/bin/env --default-signal /bin/bash --noprofile --norc -i",
)


class NoPortError(StreamdocsError):
    """No port is free at both loopbacks."""


class Owner(PasswordIdentityProvider):
    """Who has the token; there is no password, and no page to write one in."""

    def get_handlers(self) -> list[tuple[str, object]]:
        """None: neither /login nor /logout."""
        return []


class _Options(Matcher):
    """Asking what a path lets one ask: Jupyter's handlers, and ours with them, tell anybody."""

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        return {} if request.method == "OPTIONS" else None


class Aula(ServerApp):
    """The server of one site; neither files nor contents, nbconvert, sessions or shutdown exist."""

    default_services = ("auth", "kernels")  # type: ignore[assignment]

    def __init__(self, site: Path, texts: Path, place: Place) -> None:
        """Serve the built ``site``, which was made of ``texts``; what runs, runs in ``place``."""
        # A name of its own: cookies know no ports, and those of 127.0.0.1 would go to any server.
        self.host = _NAME.format(uuid.uuid4().hex[:6])
        self._site = site
        self._texts = texts
        self._place = place
        super().__init__(config=_config(self.host, place.folder))
        # Its own terminals' socket looks at the token in another way than it wants to see.
        warnings.simplefilter("ignore", JupyterServerAuthWarning)

    @property
    def config_file_paths(self) -> list[str]:
        """Nowhere: what ~/.jupyter, /etc or the environment say may open the door.

        Extensions look where their server does, and may name none that the configuration does not.
        """
        return []

    def init_signal(self) -> None:
        """Whatever asks it to end ends it; Jupyter would ask whether one is sure."""
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, lambda *_: self.io_loop.add_callback_from_signal(self.io_loop.stop))

    def init_webapp(self) -> None:
        """Add the pages, what they load and what they ask for."""
        super().init_webapp()
        handlers = [
            (rf"{PAGES}(.*)", Site, {"path": str(self._site)}),
            (rf"{BUNDLE}(.*)", Files, {"path": str(_STATIC)}),
            (r"/aula/page", Live),
            (r"/aula/exercises/(?P<name>[\w-]+)", Program),
            (rf"/(?!{_JUPYTERS}).*", Nothing),
        ]
        self.web_app.add_handlers(".*$", handlers)  # type: ignore[no-untyped-call]
        self.web_app.default_router.rules.insert(0, Rule(_Options(), Nothing))

    def _find_http_port(self) -> None:
        """It is found when it is bound: two aulas that begin at once want not the same one."""

    def _bind_http_server(self) -> None:
        """Listen on a port that is free at both loopbacks, and say where.

        For a name of localhost's a browser tries ::1 first: who were there would get the token.
        """
        sockets = _bound()
        self.port = sockets[0].getsockname()[1]
        self.http_server.add_sockets(sockets)
        print(f"El aula está en {self.address}\nPara terminar, Control+C.", flush=True)

    def write_server_info_file(self) -> None:
        """The token stands in no file."""

    def write_browser_open_files(self) -> None:
        """The token stands in no file."""

    def begin(self) -> None:
        """Serve until told to end."""
        terminals = self.web_app.settings["terminal_manager"]
        lesson = Lesson(self._place, self._texts, self.kernel_manager, terminals)
        self.web_app.settings[LESSON] = lesson
        self.web_app.settings[EXERCISES] = Exercises(Path.home() / _PROGRAMS, self._place)
        self.start()

    @property
    def address(self) -> str:
        """The one address, with the token."""
        token = self.identity_provider.token
        return f"http://{self.host}:{self.port}{PAGES}index.html?token={token}"


def _bound() -> list[socket.socket]:
    for _ in range(_TRIES):
        sockets = bind_sockets(0, _HOST)
        try:
            return sockets + bind_sockets(sockets[0].getsockname()[1], _HOST_6)
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                return sockets  # no IPv6: nobody else is there, either
            for each in sockets:
                each.close()
            if error.errno != errno.EADDRINUSE:
                raise
    raise NoPortError(
        f"Otro programa tiene en {_HOST_6} los {_TRIES} puertos que he probado: ciérralo, y repite."
    )


def _config(host: str, folder: Path) -> Config:
    return Config(
        {
            "ServerApp": {
                "ip": _HOST,
                "open_browser": False,
                "root_dir": str(folder / "runtime"),
                "allow_root": True,
                "allow_remote_access": False,
                "local_hostnames": [host],
                "allow_unauthenticated_access": False,
                "authenticate_prometheus": True,
                "default_url": f"{PAGES}index.html",
                "identity_provider_class": Owner,
                "jpserver_extensions": {"jupyter_server_terminals": True},
                "terminado_settings": {"shell_command": list(_SHELL)},
                "log_level": "ERROR",
            },
            # No page of another site makes the browser send it.
            "IdentityProvider": {
                "cookie_options": {"samesite": "Strict"},
                "token": secrets.token_hex(24),
            },
            "TerminalsExtensionApp": {"terminal_manager_class": Terminals, "log_level": "ERROR"},
            "MappingKernelManager": {"default_kernel_name": KERNEL},
            # A cell may print a lot: what came too fast for Jupyter would be missing.
            "ZMQChannelsWebsocketConnection": {"limit_rate": False},
            # Over sockets in our folder: no port, nobody else gets in.
            "KernelManager": {"transport": "ipc", "ip": str(folder / "sockets" / "k")},
        }
    )


def kernelspec(folder: Path) -> None:
    """Lay the kernel's description where Jupyter, which has ``folder`` for its data, looks."""
    spec: dict[str, Any] = {
        "argv": [
            *(sys.executable, "-m", "ipykernel_launcher", "--ext", "streamdocs.aula.kernel"),
            *("-f", "{connection_file}"),
        ],
        "display_name": KERNEL,
        "language": "python",
    }
    its = folder / "kernels" / KERNEL
    its.mkdir(parents=True)
    (its / "kernel.json").write_text(json.dumps(spec), "utf-8")
