"""An aula of a test's own, and who asks it for things: its reader, and everybody else."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import select
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from streamdocs.errors import WaitTimeoutError
from streamdocs.system import waiting

PATIENCE = 60
"""Seconds that an aula may take to say where it is; here it takes two."""

ADDRESS = re.compile(r"(http://\S+)\n")


@dataclass(frozen=True)
class Answer:
    """What the server answered."""

    status: int
    headers: Message
    body: bytes

    @property
    def cookies(self) -> list[str]:
        return self.headers.get_all("Set-Cookie", [])

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Aula:
    """A running aula: its process, and what is needed to talk to it as its reader does."""

    process: subprocess.Popen[bytes]
    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """The name and the port that a browser asks for."""
        return urlsplit(self.address).netloc

    @property
    def port(self) -> int:
        return int(self.host.rpartition(":")[2])

    @property
    def token(self) -> str:
        return urlsplit(self.address).query.partition("=")[2]

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        host: str = "",
        at: str = "127.0.0.1",
        **headers: str,
    ) -> Answer:
        """Ask for ``path``, from this machine, with nothing but these ``headers``."""
        data = b"" if body is None else json.dumps(body).encode()
        named = {"Host": host or self.host, "Content-Length": str(len(data)), **headers}
        with closing(http.client.HTTPConnection(at, self.port, timeout=PATIENCE)) as line:
            line.putrequest(method, path, skip_host=True)
            for name, value in named.items():
                line.putheader(name, value)
            line.endheaders(data)
            answer = line.getresponse()
            return Answer(answer.status, answer.headers, answer.read())

    def enter(self) -> None:
        """Open the address, as the reader does, and keep the cookies."""
        self._keep(self.ask("GET", f"/curso/index.html?token={self.token}"))
        self._keep(self.ask("GET", "/curso/index.html", Cookie=self.cookie))

    def _keep(self, answer: Answer) -> None:
        for cookie in answer.cookies:
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    @property
    def mine(self) -> dict[str, str]:
        """What the reader's browser sends with what the page asks for."""
        return {"Cookie": self.cookie, "X-XSRFToken": self.cookies["_xsrf"]}


def start(site: Path, *, wrapper: tuple[str, ...] = (), **env: str) -> Aula:
    """Start an aula of the built ``site``; ``wrapper`` is Python code that runs before it."""
    main = "; ".join([*wrapper, "from streamdocs.cli import main", "main()"])
    process = subprocess.Popen(
        [sys.executable, "-c", main, "aula", str(site)],
        stdout=subprocess.PIPE,
        # Killed, pytest leaves no aula behind.
        env=dict(os.environ) | {"STREAMDOCS_PARENT": str(os.getpid())} | env,
        start_new_session=True,
    )
    assert process.stdout
    deadline = time.monotonic() + PATIENCE
    said = b""
    while not (found := ADDRESS.search(said.decode())):
        left = deadline - time.monotonic()
        # From the descriptor: a file would keep for itself the lines that come together.
        ready = left > 0 and select.select([process.stdout], [], [], left)[0]
        some = os.read(process.stdout.fileno(), 65536) if ready else b""
        if not some:
            process.kill()
            process.communicate()
            raise AssertionError(f"the aula has not said its address in {PATIENCE} s: {said!r}")
        said += some
    return Aula(process, found[1])


@asynccontextmanager
async def websocket(
    aula: Aula, path: str, **headers: str
) -> AsyncIterator[WebSocketClientConnection]:
    """An open websocket of the aula's; HTTPClientError where it is refused."""
    address = f"ws://127.0.0.1:{aula.port}{path}"
    asked = HTTPRequest(
        address,
        headers={"Host": aula.host, **headers},
        connect_timeout=PATIENCE,
        request_timeout=PATIENCE,
    )
    line = await websocket_connect(asked)
    try:
        yield line
    finally:
        closed = line.close_code is not None  # by the other end
        line.close()
        if not closed:
            async with asyncio.timeout(PATIENCE):
                while await line.read_message() is not None:
                    pass  # it is closed when the other end has answered


def execute(aula: Aula, kernel: str, code: str) -> str:
    """Run ``code`` as a cell, and return what it prints."""

    async def running() -> str:
        path = f"/api/kernels/{kernel}/channels?session_id=prueba"
        async with websocket(aula, path, Cookie=aula.cookie) as line, asyncio.timeout(PATIENCE):
            await line.write_message(json.dumps(_request(code)))
            shown = ""
            while True:
                message = json.loads(await line.read_message() or "{}")
                assert message, "the kernel has hung up"
                content = message["content"]
                if message["msg_type"] == "stream":
                    shown += content["text"]
                elif message["msg_type"] == "error":
                    raise AssertionError(content)
                elif message["parent_header"].get("msg_id") == "celda" and (
                    content.get("execution_state") == "idle"
                ):
                    return shown

    return asyncio.run(running())


def _request(code: str) -> dict[str, Any]:
    header = {"msg_id": "celda", "msg_type": "execute_request", "session": "prueba"}
    rest = {"username": "", "date": "2026-01-01T00:00:00Z", "version": "5.3"}
    content = {
        "code": code,
        "silent": False,
        "store_history": True,
        "user_expressions": {},
        "allow_stdin": False,
        "stop_on_error": True,
    }
    return {
        "header": header | rest,
        "parent_header": {},
        "metadata": {},
        "content": content,
        "channel": "shell",
        "buffers": [],
    }


def end(aula: Aula) -> None:
    """Leave no process and no pipe of it."""
    aula.process.terminate()
    try:
        aula.process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        aula.process.kill()
        aula.process.communicate()
        raise


@contextmanager
def open_(site: Path, **options: Any) -> Iterator[Aula]:
    """An aula that ends with what is done in it."""
    aula = start(site, **options)
    try:
        aula.enter()
        yield aula
    finally:
        end(aula)


def none_left(find: Callable[[], object]) -> None:
    """Return when ``find`` finds nothing; after PATIENCE seconds, fail with what it finds."""
    try:
        waiting.until(lambda: not find(), "no quede nada", PATIENCE)
    except WaitTimeoutError:
        left = find()
        assert not left, left
